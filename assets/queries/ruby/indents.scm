(assignment) @indent
(operator_assignment) @indent
(binary) @indent
(call receiver: (_)) @indent
