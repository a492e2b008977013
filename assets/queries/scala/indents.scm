(val_definition) @indent
(assignment_expression) @indent
(infix_expression) @indent
(field_expression) @indent
