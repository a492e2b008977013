(identifier) @variable
(field_identifier) @property
(statement_identifier) @label

; Names that say what they are by their case.
((identifier) @constant
  (#match? @constant "^_*[A-Z][A-Z0-9_]+$"))

; Types.
(type_identifier) @type
(primitive_type) @type.builtin
(sized_type_specifier) @type.builtin
(sized_type_specifier ["long" "short" "signed" "unsigned"] @type.builtin)

; Bindings.
(parameter_declaration declarator: (identifier) @variable.parameter)
(parameter_declaration (pointer_declarator declarator: (identifier) @variable.parameter))
(parameter_declaration
  (pointer_declarator (pointer_declarator declarator: (identifier) @variable.parameter)))
(parameter_declaration (array_declarator declarator: (identifier) @variable.parameter))
(parameter_declaration
  (pointer_declarator (array_declarator declarator: (identifier) @variable.parameter)))
(preproc_params (identifier) @variable.parameter)
(enumerator name: (identifier) @constant)

; Functions.
(function_declarator declarator: (identifier) @function)
(call_expression function: (identifier) @function)
(call_expression function: (field_expression field: (field_identifier) @function.method))
(preproc_function_def name: (identifier) @function.macro)
(preproc_def name: (identifier) @constant)
((preproc_call directive: (preproc_directive) @_directive argument: (preproc_arg) @constant)
  (#eq? @_directive "#undef"))
(attribute name: (identifier) @attribute)

; Literals.
[
  (string_literal)
  (system_lib_string)
  (char_literal)
] @string
(escape_sequence) @string.escape
(number_literal) @number
[
  (true)
  (false)
] @boolean
(null) @constant.builtin

; Comments.
(comment) @comment
((comment) @comment.documentation
  (#match? @comment.documentation "^(/\\*\\*[^*/]|/\\*!|///[^/]|//!)"))

; The preprocessor.
[
  "#define"
  "#elif"
  "#elifdef"
  "#elifndef"
  "#else"
  "#endif"
  "#if"
  "#ifdef"
  "#ifndef"
  "#include"
  "defined"
] @keyword.import
(preproc_directive) @keyword.import
(preproc_ifdef name: (identifier) @constant)
(preproc_defined (identifier) @constant)

; Keywords.
[
  "break"
  "case"
  "continue"
  "default"
  "do"
  "else"
  "for"
  "goto"
  "if"
  "return"
  "switch"
  "while"
] @keyword.control
[
  "const"
  "constexpr"
  "enum"
  "extern"
  "inline"
  "register"
  "static"
  "struct"
  "thread_local"
  "typedef"
  "union"
  "volatile"
] @keyword.storage
(type_qualifier) @keyword.storage
(storage_class_specifier) @keyword.storage
[
  "_Generic"
  "alignof"
  "asm"
  "__asm__"
  "offsetof"
  "sizeof"
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
  "^"
  "^="
  "|"
  "|="
  "||"
  "~"
] @operator
(binary_expression operator: ["<" ">"] @operator)
(conditional_expression ["?" ":"] @operator)
(preproc_include path: (system_lib_string) @string)

; A macro with a comment in its body: what stands before the comment is an error.
(preproc_def (ERROR . (identifier) @function.macro (preproc_params)))
(preproc_def (ERROR (preproc_params)) name: (identifier) @variable)

; What compilers add.
((call_expression function: (identifier) @keyword.operator)
  (#any-of? @keyword.operator "typeof" "typeof_unqual" "__typeof__"))
"__attribute__" @keyword.storage
(attribute_specifier (argument_list (identifier) @attribute))
(attribute_specifier (argument_list (call_expression function: (identifier) @attribute)))

; The suffix of a type's name that C and POSIX keep for types.
((identifier) @type
  (#match? @type "^[a-z][a-z0-9_]*_t$"))

; What `_Generic` gives where no type is that of its value.
((generic_expression (type_descriptor type: (type_identifier) @keyword.control))
  (#eq? @keyword.control "default"))
