(let_declaration) @indent
(assignment_expression) @indent
(compound_assignment_expr) @indent
(binary_expression) @indent
(let_chain) @indent
(field_expression) @indent
(match_arm) @indent
(where_clause) @indent
(expression_statement [(call_expression) (try_expression) (await_expression)]) @indent
