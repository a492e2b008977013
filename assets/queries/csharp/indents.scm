(variable_declarator) @indent
(assignment_expression) @indent
(binary_expression) @indent
(conditional_expression) @indent
(member_access_expression) @indent
(expression_statement) @indent
