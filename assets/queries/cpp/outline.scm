(namespace_definition name: (_) @name) @module
(class_specifier name: (_) @name body: (_)) @class
(field_declaration declarator: (function_declarator declarator: (_) @name)) @method
(function_definition
  declarator: (reference_declarator (function_declarator declarator: (_) @name))) @function
(alias_declaration name: (type_identifier) @name) @type
(concept_definition name: (identifier) @name) @type
(field_declaration_list (declaration declarator: (function_declarator declarator: (_) @name)) @method)
(friend_declaration
  (declaration declarator: (function_declarator declarator: (_) @name)) @function)
(friend_declaration
  (declaration
    declarator: (reference_declarator (function_declarator declarator: (_) @name))) @function)
(field_declaration
  declarator: (reference_declarator (function_declarator declarator: (_) @name))) @method
(declaration declarator: (operator_cast "operator" @name type: (_) @name)) @method
(function_definition declarator: (operator_cast "operator" @name type: (_) @name)) @method
