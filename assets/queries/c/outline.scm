(function_definition
  declarator: (function_declarator declarator: (_) @name)) @function
(function_definition
  declarator: (pointer_declarator
    declarator: (function_declarator declarator: (_) @name))) @function
(translation_unit
  (declaration declarator: (function_declarator declarator: (_) @name)) @function)
(struct_specifier name: (_) @name body: (_)) @struct
(union_specifier name: (_) @name body: (_)) @struct
(enum_specifier name: (_) @name body: (_)) @enum
(enumerator name: (identifier) @name) @enum_member
(field_declaration declarator: (field_identifier) @name) @field
(field_declaration
  declarator: (pointer_declarator declarator: (field_identifier) @name)) @field
(field_declaration declarator: (array_declarator declarator: (field_identifier) @name)) @field
(type_definition declarator: (type_identifier) @name) @type
(preproc_def name: (identifier) @name) @constant
(preproc_function_def name: (identifier) @name) @macro
(translation_unit
  (declaration declarator: (init_declarator declarator: (identifier) @name)) @variable)
; A comment in the body makes an error of what stands before it.
(preproc_def (ERROR . (identifier) @name (preproc_params))) @macro
