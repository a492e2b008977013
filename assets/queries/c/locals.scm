[
  (function_definition)
  (compound_statement)
  (for_statement)
] @scope
(parameter_declaration declarator: (_) @definition)
(compound_statement (declaration declarator: [
  (identifier)
  (pointer_declarator)
  (array_declarator)
] @definition))
(compound_statement (declaration declarator: (init_declarator declarator: (_) @definition)))
(for_statement initializer: (declaration declarator: (_ declarator: (_) @definition)))
(identifier) @reference
(array_declarator size: (_) @value)
(function_definition declarator: (function_declarator declarator: (identifier) @other))
(function_definition declarator: (pointer_declarator (function_declarator declarator: (identifier) @other)))
