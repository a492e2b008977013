(variable_declarator) @indent
(assignment_expression) @indent
(augmented_assignment_expression) @indent
(binary_expression) @indent
(ternary_expression) @indent
(member_expression) @indent
(pair) @indent
(if_statement consequence: (expression_statement)) @indent
(while_statement body: (expression_statement)) @indent
(for_statement body: (expression_statement)) @indent
(expression_statement) @indent
