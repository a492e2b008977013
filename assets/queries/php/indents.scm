(assignment_expression) @indent
(augmented_assignment_expression) @indent
(binary_expression) @indent
(conditional_expression) @indent
(member_call_expression) @indent
(member_access_expression) @indent
(expression_statement) @indent
