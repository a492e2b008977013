(property_declaration) @indent
(assignment) @indent
(navigation_expression) @indent
(conjunction_expression) @indent
(additive_expression) @indent
