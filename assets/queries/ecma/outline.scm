(class_declaration name: (_) @name) @class
(function_declaration name: (identifier) @name) @function
(generator_function_declaration name: (identifier) @name) @function
(method_definition name: (_) @name) @method
(program
  [(lexical_declaration (variable_declarator name: (identifier) @name) @variable)
   (variable_declaration (variable_declarator name: (identifier) @name) @variable)])
(export_statement
  declaration: (lexical_declaration (variable_declarator name: (identifier) @name) @variable))
(variable_declarator
  name: (identifier) @name
  value: [(arrow_function) (function_expression)]) @function
(pair
  key: (_) @name
  value: [(arrow_function) (function_expression)]) @method
