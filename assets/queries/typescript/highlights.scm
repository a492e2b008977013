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

; What is imported as a type is one, whatever its name is like.
(import_specifier "type" name: (identifier) @type)
(import_specifier "type" alias: (identifier) @type)
(import_statement "type" (import_clause (identifier) @type))
(import_statement "type"
  (import_clause (named_imports (import_specifier name: (identifier) @type))))
(import_statement "type"
  (import_clause (named_imports (import_specifier alias: (identifier) @type))))
(nested_identifier (identifier) @module)
(nested_identifier (property_identifier) @module)

; A tag of a template that has types, see the injections.
(binary_expression
  left: (binary_expression
    left: [
      (identifier) @function
      (await_expression (identifier) @function)
      (member_expression property: (property_identifier) @function.method)
    ]
    "<" @punctuation.bracket
    right: (identifier) @type)
  ">" @punctuation.bracket
  right: (template_string))
(binary_expression
  left: [
    (identifier) @function
    (await_expression (identifier) @function)
    (member_expression property: (property_identifier) @function.method)
  ]
  "<" @punctuation.bracket
  right: (binary_expression
    left: (identifier) @type
    "<" @punctuation.bracket
    right: (binary_expression
      left: (identifier) @type
      ">>" @punctuation.bracket
      right: (template_string))))
(non_null_expression (instantiation_expression . (identifier) @function))
(non_null_expression
  (instantiation_expression . (await_expression (identifier) @function)))
(non_null_expression
  (instantiation_expression . (member_expression property: (property_identifier) @function.method)))

; The same with types that are one of several.
(binary_expression
  left: (binary_expression
    left: [
      (identifier) @function
      (await_expression (identifier) @function)
      (member_expression property: (property_identifier) @function.method)
    ]
    "<" @punctuation.bracket)
  ["|" "&"]
  right: (binary_expression
    left: (identifier)? @type
    ">" @punctuation.bracket
    right: (template_string)))
(binary_expression
  left: (binary_expression
    left: (binary_expression
      left: [
        (identifier) @function
        (await_expression (identifier) @function)
        (member_expression property: (property_identifier) @function.method)
      ]
      "<" @punctuation.bracket)
    ["|" "&"])
  ["|" "&"]
  right: (binary_expression
    left: (identifier)? @type
    ">" @punctuation.bracket
    right: (template_string)))
(binary_expression
  left: (binary_expression
    left: (binary_expression
      left: (binary_expression
        left: [
          (identifier) @function
          (await_expression (identifier) @function)
          (member_expression property: (property_identifier) @function.method)
        ]
        "<" @punctuation.bracket)
      ["|" "&"])
    ["|" "&"])
  ["|" "&"]
  right: (binary_expression
    left: (identifier)? @type
    ">" @punctuation.bracket
    right: (template_string)))
(binary_expression
  left: (binary_expression "<" right: (identifier) @type)
  ["|" "&"]
  right: (binary_expression ">" right: (template_string)))
