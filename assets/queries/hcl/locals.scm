(for_object_expr) @scope
(for_tuple_expr) @scope
(for_intro (identifier) @definition)
(variable_expr (identifier) @reference)
(for_intro (identifier) @reference)
