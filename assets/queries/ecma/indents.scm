(variable_declarator) @indent
(augmented_assignment_expression) @indent
(ternary_expression) @indent
(member_expression) @indent
(pair) @indent
