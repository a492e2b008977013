(namespace_declaration name: (_) @name) @module
((file_scoped_namespace_declaration name: (_) @name) @module
  (#set! outline.goes_on))
(class_declaration name: (identifier) @name) @class
(record_declaration name: (identifier) @name) @class
(struct_declaration name: (identifier) @name) @struct
(interface_declaration name: (identifier) @name) @interface
(enum_declaration name: (identifier) @name) @enum
(enum_member_declaration name: (identifier) @name) @enum_member
(delegate_declaration name: (identifier) @name) @type
(method_declaration name: (identifier) @name) @method
(local_function_statement name: (identifier) @name) @function
(constructor_declaration name: (identifier) @name) @method
(destructor_declaration "~" @name name: (identifier) @name) @method
(operator_declaration "operator" @name operator: _ @name) @method
(conversion_operator_declaration "operator" @name type: (_) @name) @method
(indexer_declaration "this" @name parameters: (_) @name) @property
(property_declaration name: (identifier) @name) @property
(event_declaration name: (identifier) @name) @property
(event_field_declaration (variable_declaration (variable_declarator name: (identifier) @name))) @property
(field_declaration (variable_declaration (variable_declarator name: (identifier) @name))) @field
(field_declaration
  (modifier "const")
  (variable_declaration (variable_declarator name: (identifier) @name))) @constant
