; Of the languages in which a statement may stand for a block in braces: C's and those after its
; fashion whose grammars name these nodes alike.
(assignment_expression) @indent
(binary_expression) @indent
(if_statement consequence: (expression_statement)) @indent
(while_statement body: (expression_statement)) @indent
(for_statement body: (expression_statement)) @indent
(expression_statement) @indent
