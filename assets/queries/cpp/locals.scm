[
  (lambda_expression)
  (for_range_loop)
  (catch_clause)
  (if_statement)
  (while_statement)
] @scope
(optional_parameter_declaration declarator: (_) @definition)
(variadic_parameter_declaration declarator: (_) @definition)
(for_range_loop declarator: (_) @definition)
(condition_clause value: (declaration declarator: (_) @definition))
(compound_statement (declaration declarator: (reference_declarator) @definition))
(field_initializer (field_identifier) @other)
(optional_parameter_declaration default_value: (_) @value)
(qualified_identifier) @other
