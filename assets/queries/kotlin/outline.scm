(class_declaration (type_identifier) @name) @class
(class_declaration "interface" (type_identifier) @name) @interface
(class_declaration "enum" (type_identifier) @name) @enum
(enum_entry (simple_identifier) @name) @enum_member
(object_declaration (type_identifier) @name) @class
(companion_object "companion" @name "object" @name) @class
(type_alias (type_identifier) @name) @type
(function_declaration (simple_identifier) @name) @function
(secondary_constructor "constructor" @name) @method
(anonymous_initializer "init" @name) @method
(source_file (property_declaration (variable_declaration (simple_identifier) @name)) @variable)
(class_body (property_declaration (variable_declaration (simple_identifier) @name)) @property)
(enum_class_body (property_declaration (variable_declaration (simple_identifier) @name)) @property)
(class_parameter (binding_pattern_kind) (simple_identifier) @name) @property
