(simple_identifier) @variable

; Names that say what they are by their case.
((simple_identifier) @constant
  (#match? @constant "^_*[A-Z][A-Z0-9_]+$"))
((simple_identifier) @type
  (#match? @type "^[A-Z][A-Za-z0-9]*[a-z]"))

; Types.
(type_identifier) @type
((type_identifier) @type.builtin
  (#any-of? @type.builtin
    "Any" "Array" "Boolean" "Byte" "Char" "Double" "Float" "Int" "Long" "Nothing" "Short" "String"
    "UByte" "UInt" "ULong" "UShort" "Unit"))
(type_parameter (type_identifier) @type.parameter)
(nullable_type (quest) @operator)

; Modules.
(package_header) @punctuation.delimiter
(import_header) @punctuation.delimiter
(package_header (identifier (simple_identifier) @module))
(import_header (identifier (simple_identifier) @module))
((import_header (identifier (simple_identifier) @type .))
  (#match? @type "^[A-Z]"))
(wildcard_import) @operator

; Bindings.
(class_parameter (simple_identifier) @variable.parameter)
(class_parameter (binding_pattern_kind) (simple_identifier) @property)
(parameter (simple_identifier) @variable.parameter)
(parameter_with_optional_type (simple_identifier) @variable.parameter)
(lambda_parameters (variable_declaration (simple_identifier) @variable.parameter))
(value_argument (simple_identifier) @variable.parameter "=")
(class_body (property_declaration (variable_declaration (simple_identifier) @property)))
((class_body (property_declaration (variable_declaration (simple_identifier) @constant)))
  (#match? @constant "^_*[A-Z][A-Z0-9_]+$"))
(property_declaration
  (modifiers (property_modifier "const"))
  (variable_declaration (simple_identifier) @constant))
(navigation_suffix (simple_identifier) @property)
((navigation_suffix (simple_identifier) @constant)
  (#match? @constant "^_*[A-Z][A-Z0-9_]+$"))
((navigation_suffix (simple_identifier) @type)
  (#match? @type "^[A-Z][A-Za-z0-9]*[a-z]"))
(enum_entry (simple_identifier) @constant)
((simple_identifier) @variable.builtin
  (#any-of? @variable.builtin "it" "field"))
[
  (this_expression)
  (super_expression)
] @variable.builtin

; Functions.
(function_declaration (simple_identifier) @function)
(class_body (function_declaration (simple_identifier) @function.method))
(enum_class_body (function_declaration (simple_identifier) @function.method))
(call_expression . (simple_identifier) @function)
((call_expression . (simple_identifier) @constructor)
  (#match? @constructor "^[A-Z]"))
(call_expression
  . (navigation_expression (navigation_suffix (simple_identifier) @function.method) .))
((call_expression
  . (navigation_expression (navigation_suffix (simple_identifier) @constructor) .))
  (#match? @constructor "^[A-Z]"))
(infix_expression (_) . (simple_identifier) @function.method)
(callable_reference "::" (simple_identifier) @function.method)
((callable_reference (type_identifier) @variable)
  (#match? @variable "^[a-z]"))
(constructor_invocation (user_type (type_identifier) @constructor))
(secondary_constructor "constructor" @constructor)

; Annotations.
(annotation "@" @attribute)
(annotation (user_type (type_identifier) @attribute))
(annotation (constructor_invocation (user_type (type_identifier) @attribute)))
(file_annotation ["@" "file"] @attribute)
(file_annotation (user_type (type_identifier) @attribute))
(file_annotation (constructor_invocation (user_type (type_identifier) @attribute)))
(use_site_target) @attribute

; Literals.
[
  (string_literal)
  (character_literal)
] @string
(string_content) @string
(string_literal) @_escaped
(interpolated_expression) @embedded
(interpolated_identifier) @variable
[
  (interpolation_identifier_start)
  (interpolation_expression_start)
  (interpolation_expression_end)
] @punctuation.special
(character_escape_seq) @string.escape
[
  (integer_literal)
  (long_literal)
  (unsigned_literal)
  (hex_literal)
  (bin_literal)
  (real_literal)
] @number
(boolean_literal) @boolean
(null_literal) @constant.builtin

; Comments.
[
  (line_comment)
  (multiline_comment)
  (shebang_line)
] @comment
((multiline_comment) @comment.documentation
  (#match? @comment.documentation "^/\\*\\*[^*]"))

; Keywords.
[
  "break"
  "break@"
  "catch"
  "continue"
  "continue@"
  "do"
  "else"
  "finally"
  "for"
  "if"
  "return"
  "return@"
  "throw"
  "try"
  "when"
  "while"
] @keyword.control
[
  "import"
  "package"
] @keyword.import
[
  "by"
  "class"
  "companion"
  "constructor"
  "dynamic"
  "enum"
  "fun"
  "get"
  "init"
  "interface"
  "object"
  "set"
  "typealias"
  "val"
  "var"
  "where"
] @keyword.storage
[
  (binding_pattern_kind)
  (class_modifier)
  (function_modifier)
  (inheritance_modifier)
  (member_modifier)
  (parameter_modifier)
  (platform_modifier)
  (property_modifier)
  (reification_modifier)
  (variance_modifier)
  (visibility_modifier)
] @keyword.storage
(type_modifiers "suspend" @keyword.storage)
[
  "as"
  "as?"
  "in"
  "is"
] @keyword.operator
(import_alias "as" @keyword.import)
(for_statement "in" @keyword.control)
(variance_modifier ["in" "out"] @keyword.storage)
(label) @label
(constructor_delegation_call ["this" "super"] @variable.builtin)

; Punctuation.
[
  "("
  ")"
  "["
  "]"
  "{"
  "}"
] @punctuation.bracket
(type_arguments ["<" ">"] @punctuation.bracket)
(type_parameters ["<" ">"] @punctuation.bracket)
[
  ","
  "."
  ":"
  "::"
  ";"
  "?."
] @punctuation.delimiter
[
  "!"
  "!!"
  "!="
  "!=="
  "%"
  "%="
  "&&"
  "*"
  "*="
  "+"
  "++"
  "+="
  "-"
  "--"
  "-="
  "->"
  ".."
  "..<"
  "/"
  "/="
  "<="
  "="
  "=="
  "==="
  ">="
  "?:"
  "||"
] @operator
(comparison_expression ["<" ">"] @operator)
