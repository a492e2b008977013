(identifier) @variable
(blank_identifier) @variable
(field_identifier) @property
(package_identifier) @module
(label_name) @label

; Types.
(type_identifier) @type
((type_identifier) @type.builtin
  (#any-of? @type.builtin
    "any" "bool" "byte" "comparable" "complex64" "complex128" "error" "float32" "float64" "int"
    "int8" "int16" "int32" "int64" "rune" "string" "uint" "uint8" "uint16" "uint32" "uint64"
    "uintptr"))
(type_parameter_declaration name: (identifier) @type.parameter)

; Bindings.
(parameter_declaration name: (identifier) @variable.parameter)
(variadic_parameter_declaration name: (identifier) @variable.parameter)
(const_spec (identifier) @constant)
(keyed_element key: (literal_element (identifier) @property))
(import_spec name: (package_identifier) @module)

; Functions.
(function_declaration name: (identifier) @function)
(method_declaration name: (field_identifier) @function.method)
(method_elem name: (field_identifier) @function.method)
(call_expression function: (identifier) @function)
(call_expression
  function: (selector_expression field: (field_identifier) @function.method))
(call_expression function: (type_instantiation_expression type: (type_identifier) @function))
((call_expression function: (identifier) @function.builtin)
  (#any-of? @function.builtin
    "append" "cap" "clear" "close" "complex" "copy" "delete" "imag" "len" "make" "max" "min" "new"
    "panic" "print" "println" "real" "recover"))
((call_expression function: (identifier) @type.builtin)
  (#any-of? @type.builtin
    "any" "bool" "byte" "complex64" "complex128" "error" "float32" "float64" "int" "int8" "int16"
    "int32" "int64" "rune" "string" "uint" "uint8" "uint16" "uint32" "uint64" "uintptr"))

; Literals.
[
  (interpreted_string_literal)
  (raw_string_literal)
  (rune_literal)
] @string
(escape_sequence) @string.escape
[
  (int_literal)
  (float_literal)
  (imaginary_literal)
] @number
[
  (true)
  (false)
] @boolean
[
  (nil)
  (iota)
] @constant.builtin
; Among the types of a switch.
((type_identifier) @constant.builtin
  (#eq? @constant.builtin "nil"))
(argument_list [(interpreted_string_literal) (raw_string_literal)] @_formats)

; Comments.
(comment) @comment

; Keywords.
[
  "break"
  "case"
  "continue"
  "default"
  "defer"
  "else"
  "fallthrough"
  "for"
  "go"
  "goto"
  "if"
  "range"
  "return"
  "select"
  "switch"
] @keyword.control
[
  "import"
  "package"
] @keyword.import
[
  "chan"
  "const"
  "func"
  "interface"
  "map"
  "struct"
  "type"
  "var"
] @keyword.storage

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
  "!="
  "%"
  "%="
  "&"
  "&&"
  "&="
  "&^"
  "&^="
  "*"
  "*="
  "+"
  "++"
  "+="
  "-"
  "--"
  "-="
  "..."
  "/"
  "/="
  ":="
  "<"
  "<-"
  "<<"
  "<<="
  "<="
  "="
  "=="
  ">"
  ">="
  ">>"
  ">>="
  "^"
  "^="
  "|"
  "|="
  "||"
  "~"
] @operator
