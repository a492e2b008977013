[
  (function_item)
  (closure_expression)
  (block)
  (match_arm)
  (for_expression)
  (if_expression)
  (while_expression)
  (macro_rule)
] @scope
(parameter pattern: (_) @definition)
(closure_parameters (_) @definition)
(let_declaration pattern: (_) @definition)
(let_condition pattern: (_) @definition)
(for_expression pattern: (_) @definition)
(match_pattern . (_) @definition)
(parameters (self_parameter (self) @definition))
(identifier) @reference
(shorthand_field_identifier) @reference
(self) @reference
; A name in capitals is a constant or a variant, also in a pattern.
((identifier) @other
  (#match? @other "^[A-Z]"))
(scoped_identifier) @other
(function_item name: (identifier) @other)
(struct_pattern type: (_) @other)
(tuple_struct_pattern type: (_) @other)
(field_pattern name: (field_identifier) @other)
(macro_invocation macro: (_) @other)
