[
  (function_definition)
  (method_declaration)
  (anonymous_function)
  (arrow_function)
] @scope
(simple_parameter name: (variable_name) @definition)
(variadic_parameter name: (variable_name) @definition)
(property_promotion_parameter name: (variable_name) @definition)
(assignment_expression left: (variable_name) @definition)
(foreach_statement (variable_name) @definition)
(foreach_statement (pair (variable_name) @definition))
(catch_clause name: (variable_name) @definition)
(static_variable_declaration name: (variable_name) @definition)
(list_literal (variable_name) @definition)
(anonymous_function_use_clause (variable_name) @definition)
(variable_name) @reference
(property_element name: (variable_name) @other)
(scoped_property_access_expression name: (_) @other)
