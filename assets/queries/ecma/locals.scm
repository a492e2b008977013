[
  (function_declaration)
  (generator_function_declaration)
  (function_expression)
  (generator_function)
  (arrow_function)
  (method_definition)
  (statement_block)
  (for_statement)
  (for_in_statement)
  (catch_clause)
] @scope
(formal_parameters (_) @definition)
(arrow_function parameter: (identifier) @definition)
(variable_declarator name: (_) @definition)
(for_in_statement left: (_) @definition)
(catch_clause parameter: (_) @definition)
(identifier) @reference
(shorthand_property_identifier) @reference
(shorthand_property_identifier_pattern) @reference
(function_declaration name: (identifier) @other)
(assignment_pattern right: (_) @value)
(object_assignment_pattern right: (_) @value)
