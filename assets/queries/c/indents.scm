(init_declarator) @indent
(conditional_expression) @indent
(field_expression) @indent
