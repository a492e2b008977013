(short_var_declaration) @indent
(assignment_statement) @indent
(binary_expression) @indent
(selector_expression) @indent
