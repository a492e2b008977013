[
  (method_declaration)
  (constructor_declaration)
  (local_function_statement)
  (lambda_expression)
  (anonymous_method_expression)
  (block)
  (for_statement)
  (foreach_statement)
  (using_statement)
  (catch_clause)
  (switch_section)
  (query_expression)
] @scope
(parameter name: (identifier) @definition)
(implicit_parameter) @definition
(local_declaration_statement (variable_declaration (variable_declarator name: (identifier) @definition)))
(for_statement initializer: (variable_declaration (variable_declarator name: (identifier) @definition)))
(using_statement (variable_declaration (variable_declarator name: (identifier) @definition)))
(foreach_statement left: (identifier) @definition)
(catch_declaration name: (identifier) @definition)
(declaration_pattern name: (identifier) @definition)
(declaration_expression name: (identifier) @definition)
(from_clause name: (identifier) @definition)
(identifier) @reference
(implicit_parameter) @reference
(member_access_expression name: (_) @other)
(argument name: (identifier) @other)
(method_declaration name: (identifier) @other)
