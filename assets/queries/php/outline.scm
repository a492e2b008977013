(namespace_definition name: (_) @name body: (_)) @module
((namespace_definition name: (_) @name !body) @module
  (#set! outline.goes_on))
(class_declaration name: (name) @name) @class
(interface_declaration name: (name) @name) @interface
(trait_declaration name: (name) @name) @class
(enum_declaration name: (name) @name) @enum
(enum_case name: (name) @name) @enum_member
(function_definition name: (name) @name) @function
(method_declaration name: (name) @name) @method
(property_declaration (property_element name: (variable_name) @name)) @field
(const_declaration (const_element (name) @name)) @constant
(property_promotion_parameter name: (variable_name) @name) @field
