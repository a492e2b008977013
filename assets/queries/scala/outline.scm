(package_clause name: (_) @name body: (_)) @module
(package_object name: (identifier) @name) @module
(class_definition name: (identifier) @name) @class
(object_definition name: (identifier) @name) @class
(trait_definition name: (identifier) @name) @interface
(enum_definition name: (identifier) @name) @enum
(simple_enum_case name: (identifier) @name) @enum_member
(full_enum_case name: (identifier) @name) @enum_member
(extension_definition "extension" @name parameters: (_) @name) @implementation
(given_definition name: (identifier) @name) @implementation
(given_definition !name "given" @name return_type: (_) @name) @implementation
(function_definition name: (_) @name) @function
(function_declaration name: (_) @name) @function
(type_definition name: (type_identifier) @name) @type
(compilation_unit (val_definition pattern: (identifier) @name) @variable)
(compilation_unit (var_definition pattern: (identifier) @name) @variable)
(template_body (val_definition pattern: (identifier) @name) @field)
(template_body (var_definition pattern: (identifier) @name) @field)
(template_body (val_declaration name: (identifier) @name) @field)
(template_body (var_declaration name: (identifier) @name) @field)
