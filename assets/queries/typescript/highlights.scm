(type_identifier) @type
(predefined_type) @type.builtin
(this_type) @type.builtin
(type_parameter name: (type_identifier) @type.parameter)
(nested_type_identifier module: (identifier) @module)
(internal_module name: (identifier) @module)
(enum_declaration name: (identifier) @type)
(enum_body (property_identifier) @constant)
(enum_body (enum_assignment name: (property_identifier) @constant))
(class_declaration name: (type_identifier) @type)
(extends_clause value: (identifier) @type)

(required_parameter pattern: (identifier) @variable.parameter)
(optional_parameter pattern: (identifier) @variable.parameter)
(required_parameter (rest_pattern (identifier) @variable.parameter))
(required_parameter
  (object_pattern (shorthand_property_identifier_pattern) @variable.parameter))
(required_parameter
  (object_pattern
    (object_assignment_pattern left: (shorthand_property_identifier_pattern) @variable.parameter)))
(required_parameter
  (object_pattern (pair_pattern value: (identifier) @variable.parameter)))
(required_parameter (object_pattern (rest_pattern (identifier) @variable.parameter)))
(required_parameter (array_pattern (identifier) @variable.parameter))
(required_parameter pattern: (this) @variable.builtin)
(type_predicate name: (identifier) @variable.parameter)
(index_signature name: (identifier) @variable.parameter)

(function_signature name: (identifier) @function)
(method_signature name: (property_identifier) @function.method)
(abstract_method_signature name: (property_identifier) @function.method)
(property_signature
  name: (property_identifier) @function.method
  type: (type_annotation (function_type)))
(public_field_definition
  name: (property_identifier) @function.method
  value: [(function_expression) (arrow_function)])

[
  "abstract"
  "accessor"
  "declare"
  "enum"
  "implements"
  "infer"
  "interface"
  "module"
  "namespace"
  "private"
  "protected"
  "public"
  "readonly"
  "type"
] @keyword.storage
(override_modifier) @keyword.storage
(import_statement "type" @keyword.import)
(export_statement "type" @keyword.import)
(import_specifier "type" @keyword.import)
[
  "as"
  "asserts"
  "is"
  "keyof"
  "satisfies"
] @keyword.operator
(import_specifier "as" @keyword.import)
(export_specifier "as" @keyword.import)
(namespace_import "as" @keyword.import)
(as_expression "const" @keyword.storage)

(type_arguments ["<" ">"] @punctuation.bracket)
(type_parameters ["<" ">"] @punctuation.bracket)
(template_literal_type) @string
(template_type ["${" "}"] @punctuation.special)
(property_signature "?" @operator)
(optional_parameter "?" @operator)
(public_field_definition ["?" "!"] @operator)
(conditional_type ["?" ":"] @keyword.operator)
(ambient_declaration "global" @keyword.storage)
