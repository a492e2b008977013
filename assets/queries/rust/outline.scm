(mod_item name: (identifier) @name) @module
(struct_item name: (type_identifier) @name) @struct
(union_item name: (type_identifier) @name) @struct
(enum_item name: (type_identifier) @name) @enum
(enum_variant name: (identifier) @name) @enum_member
(field_declaration name: (field_identifier) @name) @field
(trait_item name: (type_identifier) @name) @interface
(impl_item "impl" @name type: (_) @name) @implementation
(function_item name: (_) @name) @function
(function_signature_item name: (_) @name) @function
(const_item name: (identifier) @name) @constant
(static_item name: (identifier) @name) @constant
(type_item name: (type_identifier) @name) @type
(associated_type name: (type_identifier) @name) @type
(macro_definition name: (identifier) @name) @macro
