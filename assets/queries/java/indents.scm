(variable_declarator) @indent
(ternary_expression) @indent
(method_invocation object: (_)) @indent
