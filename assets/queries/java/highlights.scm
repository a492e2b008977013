(identifier) @variable

; Names that say what they are by their case.
((identifier) @type
  (#match? @type "^[A-Z][A-Za-z0-9]*[a-z]"))
((identifier) @constant
  (#match? @constant "^_*[A-Z][A-Z0-9_]+$"))

; Types.
(type_identifier) @type
[
  (boolean_type)
  (floating_point_type)
  (integral_type)
  (void_type)
] @type.builtin
((type_identifier) @type.builtin
  (#eq? @type.builtin "var"))
(type_parameter (type_identifier) @type.parameter)
(class_declaration name: (identifier) @type)
(enum_declaration name: (identifier) @type)
(interface_declaration name: (identifier) @type)
(record_declaration name: (identifier) @type)
(annotation_type_declaration name: (identifier) @type)
(package_declaration (scoped_identifier) @module)
(package_declaration (identifier) @module)
(scoped_identifier scope: (identifier) @module)
(scoped_identifier scope: (scoped_identifier name: (identifier) @module))
(package_declaration (scoped_identifier name: (identifier) @module))

; Bindings.
(formal_parameter name: (identifier) @variable.parameter)
(spread_parameter (variable_declarator name: (identifier) @variable.parameter))
(catch_formal_parameter name: (identifier) @variable.parameter)
(inferred_parameters (identifier) @variable.parameter)
(lambda_expression parameters: (identifier) @variable.parameter)
(field_declaration declarator: (variable_declarator name: (identifier) @property))
(field_access field: (identifier) @property)
((field_access field: (identifier) @constant)
  (#match? @constant "^_*[A-Z][A-Z0-9_]+$"))
((field_declaration declarator: (variable_declarator name: (identifier) @constant))
  (#match? @constant "^_*[A-Z][A-Z0-9_]+$"))
(enum_constant name: (identifier) @constant)
(element_value_pair key: (identifier) @property)
(labeled_statement (identifier) @label)

; Methods.
(method_declaration name: (identifier) @function.method)
(method_invocation name: (identifier) @function.method)
(method_reference "::" . (identifier) @function.method)
(annotation_type_element_declaration name: (identifier) @function.method)
(constructor_declaration name: (identifier) @constructor)
(compact_constructor_declaration name: (identifier) @constructor)
(object_creation_expression type: (type_identifier) @constructor)
(object_creation_expression type: (generic_type . (type_identifier) @constructor))

; Annotations.
(annotation "@" @attribute name: (identifier) @attribute)
(marker_annotation "@" @attribute name: (identifier) @attribute)

; Literals.
[
  (string_literal)
  (character_literal)
] @string
(string_interpolation) @embedded
(string_interpolation ["\\{" "}"] @punctuation.special)
(escape_sequence) @string.escape
[
  (binary_integer_literal)
  (decimal_floating_point_literal)
  (decimal_integer_literal)
  (hex_floating_point_literal)
  (hex_integer_literal)
  (octal_integer_literal)
] @number
[
  (true)
  (false)
] @boolean
(null_literal) @constant.builtin
[
  (this)
  (super)
] @variable.builtin
(wildcard (super) @keyword.storage)
(wildcard "?" @operator)
(character_literal) @_escaped

; Comments.
[
  (line_comment)
  (block_comment)
] @comment
((block_comment) @comment.documentation
  (#match? @comment.documentation "^/\\*\\*[^*]"))

; Keywords.
[
  "assert"
  "break"
  "case"
  "catch"
  "continue"
  "default"
  "do"
  "else"
  "finally"
  "for"
  "if"
  "return"
  "switch"
  "throw"
  "try"
  "when"
  "while"
  "yield"
] @keyword.control
[
  "exports"
  "import"
  "module"
  "open"
  "opens"
  "package"
  "provides"
  "requires"
  "to"
  "transitive"
  "uses"
  "with"
] @keyword.import
[
  "@interface"
  "abstract"
  "class"
  "enum"
  "extends"
  "final"
  "implements"
  "interface"
  "native"
  "non-sealed"
  "permits"
  "private"
  "protected"
  "public"
  "record"
  "sealed"
  "static"
  "strictfp"
  "synchronized"
  "throws"
  "transient"
  "volatile"
] @keyword.storage
(modifiers "default" @keyword.storage)
[
  "instanceof"
  "new"
] @keyword.operator

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
] @punctuation.delimiter
[
  "!"
  "!="
  "%"
  "%="
  "&"
  "&&"
  "&="
  "*"
  "*="
  "+"
  "++"
  "+="
  "-"
  "--"
  "-="
  "->"
  "..."
  "/"
  "/="
  "<<"
  "<<="
  "<="
  "="
  "=="
  ">="
  ">>"
  ">>="
  ">>>"
  ">>>="
  "^"
  "^="
  "|"
  "|="
  "||"
  "~"
] @operator
(binary_expression operator: ["<" ">"] @operator)
(ternary_expression ["?" ":"] @operator)
((switch_label (identifier) @keyword.control)
  (#eq? @keyword.control "default"))
(import_declaration (scoped_identifier name: (identifier) @module) (asterisk))
