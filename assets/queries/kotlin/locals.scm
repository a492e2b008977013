[
  (function_declaration)
  (anonymous_function)
  (lambda_literal)
  (control_structure_body)
  (for_statement)
  (when_expression)
  (catch_block)
  (secondary_constructor)
] @scope
(parameter (simple_identifier) @definition)
(lambda_parameters (variable_declaration (simple_identifier) @definition))
(statements (property_declaration (variable_declaration (simple_identifier) @definition)))
(statements (property_declaration (multi_variable_declaration (variable_declaration (simple_identifier) @definition))))
(for_statement (variable_declaration (simple_identifier) @definition))
(for_statement (multi_variable_declaration (variable_declaration (simple_identifier) @definition)))
(catch_block (simple_identifier) @definition)
(simple_identifier) @reference
(interpolated_identifier) @reference
(navigation_suffix (simple_identifier) @other)
(function_declaration (simple_identifier) @other)
