(identifier) @variable
(operator_identifier) @operator

; Names that say what they are by their case.
((identifier) @type
  (#match? @type "^[A-Z]"))
((identifier) @constant
  (#match? @constant "^_*[A-Z][A-Z0-9_]+$"))

; Types.
(type_identifier) @type
((type_identifier) @type.builtin
  (#any-of? @type.builtin
    "Any" "AnyRef" "AnyVal" "Boolean" "Byte" "Char" "Double" "Float" "Int" "Long" "Nothing" "Null"
    "Short" "String" "Unit"))
(type_parameters name: (identifier) @type.parameter)
(covariant_type_parameter name: (identifier) @type.parameter)
(contravariant_type_parameter name: (identifier) @type.parameter)
(class_definition name: (identifier) @type)
(trait_definition name: (identifier) @type)
(object_definition name: (identifier) @type)
(package_object name: (identifier) @type)
(enum_definition name: (identifier) @type)
(simple_enum_case name: (identifier) @constant)
(full_enum_case name: (identifier) @constructor)

; Modules.
(package_identifier (identifier) @module)
(import_declaration (identifier) @module)
(export_declaration (identifier) @module)
(stable_identifier (identifier) @module)
((import_declaration (identifier) @type)
  (#match? @type "^[A-Z]"))
((export_declaration (identifier) @type)
  (#match? @type "^[A-Z]"))
((stable_identifier (identifier) @type)
  (#match? @type "^[A-Z]"))
(namespace_wildcard) @operator
(namespace_selectors (identifier) @variable)
((namespace_selectors (identifier) @type)
  (#match? @type "^[A-Z]"))

; Bindings.
(class_parameter name: (identifier) @variable.parameter)
(class_parameter ["val" "var"] name: (identifier) @property)
(parameter name: (identifier) @variable.parameter)
(binding name: (identifier) @variable.parameter)
(lambda_expression parameters: (identifier) @variable.parameter)
(arguments (assignment_expression left: (identifier) @variable.parameter))
(template_body (val_definition pattern: (identifier) @property))
(template_body (var_definition pattern: (identifier) @property))
(template_body (val_declaration name: (identifier) @property))
(template_body (var_declaration name: (identifier) @property))
((val_definition pattern: (identifier) @constant)
  (#match? @constant "^[A-Z]"))
(field_expression field: (identifier) @property)
((field_expression field: (identifier) @type)
  (#match? @type "^[A-Z]"))
((identifier) @variable.builtin
  (#any-of? @variable.builtin "this" "super"))
(given_definition name: (identifier) @variable)

; Functions.
(function_definition name: (identifier) @function)
(function_declaration name: (identifier) @function)
(function_definition name: (operator_identifier) @function)
(template_body (function_definition name: (identifier) @function.method))
(template_body (function_declaration name: (identifier) @function.method))
(with_template_body (function_definition name: (identifier) @function.method))
(extension_definition body: (function_definition name: (identifier) @function.method))
(call_expression function: (identifier) @function)
((call_expression function: (identifier) @constructor)
  (#match? @constructor "^[A-Z]"))
(call_expression function: (field_expression field: (identifier) @function.method))
(call_expression
  function: (generic_function function: (field_expression field: (identifier) @function.method)))
(generic_function function: (identifier) @function)
(generic_function function: (field_expression field: (identifier) @function.method))
(infix_expression operator: (identifier) @function.method)
(instance_expression (type_identifier) @constructor)
(instance_expression (generic_type type: (type_identifier) @constructor))
(case_class_pattern type: (type_identifier) @constructor)
(interpolated_string_expression interpolator: (identifier) @function.macro)

; Annotations.
(annotation name: (type_identifier) @attribute)
(annotation name: (generic_type type: (type_identifier) @attribute))

; Literals.
[
  (string)
  (character_literal)
  (interpolated_string_expression)
] @string
(interpolation) @embedded
(interpolation "$" @punctuation.special)
(interpolation (identifier) @variable)
(interpolation (block ["{" "}"] @punctuation.special))
(escape_sequence) @string.escape
[
  (integer_literal)
  (floating_point_literal)
] @number
(boolean_literal) @boolean
(null_literal) @constant.builtin
(unit) @constant.builtin
(wildcard) @variable.builtin

; Comments.
[
  (comment)
  (block_comment)
] @comment
((block_comment) @comment.documentation
  (#match? @comment.documentation "^/\\*\\*[^*]"))
(using_directive) @comment.documentation

; Keywords.
[
  "case"
  "catch"
  "do"
  "else"
  "finally"
  "for"
  "if"
  "match"
  "return"
  "then"
  "throw"
  "try"
  "while"
  "yield"
] @keyword.control
[
  "export"
  "import"
  "package"
] @keyword.import
(as_renamed_identifier "as" @keyword.import)
[
  "abstract"
  "class"
  "def"
  "derives"
  "enum"
  "extends"
  "extension"
  "final"
  "forSome"
  "given"
  "implicit"
  "lazy"
  "macro"
  "object"
  "override"
  "private"
  "protected"
  "sealed"
  "trait"
  "type"
  "using"
  "val"
  "var"
  "with"
] @keyword.storage
(class_definition "case" @keyword.storage)
(object_definition "case" @keyword.storage)
(enum_case_definitions "case" @keyword.storage)
[
  (inline_modifier)
  (open_modifier)
  (opaque_modifier)
  (transparent_modifier)
  (infix_modifier)
  (into_modifier)
  (tracked_modifier)
  (erased_modifier)
] @keyword.storage
"new" @keyword.operator
(end_marker) @keyword.storage

; Punctuation.
[
  "("
  ")"
  "["
  "]"
  "{"
  "}"
] @punctuation.bracket
[
  ","
  "."
  ":"
  ";"
] @punctuation.delimiter
[
  "!"
  "#"
  "*"
  "+"
  "-"
  "->"
  "<-"
  "<:"
  "<%"
  "="
  "=>"
  "=>>"
  ">:"
  "?=>"
  "@"
  "|"
  "~"
] @operator
(annotation "@" @attribute)
