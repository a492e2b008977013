(identifier) @variable

; Names that say what they are by their case (PEP 8).
((identifier) @type
  (#match? @type "^[A-Z][A-Za-z0-9_]*[a-z]"))
((identifier) @constant
  (#match? @constant "^_*[A-Z][A-Z0-9_]+$"))
((identifier) @variable.builtin
  (#any-of? @variable.builtin "self" "cls"))
((identifier) @constant.builtin
  (#any-of? @constant.builtin "__name__" "__file__" "__doc__" "__all__" "__version__" "NotImplemented"))

(attribute attribute: (identifier) @property)
((attribute attribute: (identifier) @constant)
  (#match? @constant "^_*[A-Z][A-Z0-9_]+$"))

; Types.
(class_definition name: (identifier) @type)
(class_definition superclasses: (argument_list (identifier) @type))
(type (identifier) @type)
(type (subscript (identifier) @type))
(generic_type (identifier) @type)
(union_type (type (identifier) @type))
((identifier) @type.builtin
  (#any-of? @type.builtin
    "bool" "bytearray" "bytes" "complex" "dict" "float" "frozenset" "int" "list" "memoryview"
    "object" "set" "slice" "str" "tuple" "type"))

; Modules.
(import_statement name: (dotted_name (identifier) @module))
(import_statement name: (aliased_import name: (dotted_name (identifier) @module)))
(aliased_import alias: (identifier) @module)
(import_from_statement module_name: (dotted_name (identifier) @module))
(future_import_statement "__future__" @module)
(import_from_statement module_name: (relative_import (dotted_name (identifier) @module)))

; Parameters.
(parameters (identifier) @variable.parameter)
(lambda_parameters (identifier) @variable.parameter)
(default_parameter name: (identifier) @variable.parameter)
(typed_parameter (identifier) @variable.parameter)
(typed_default_parameter name: (identifier) @variable.parameter)
(parameters (list_splat_pattern (identifier) @variable.parameter))
(lambda_parameters (list_splat_pattern (identifier) @variable.parameter))
(lambda_parameters (dictionary_splat_pattern (identifier) @variable.parameter))
(parameters (dictionary_splat_pattern (identifier) @variable.parameter))
(typed_parameter (list_splat_pattern (identifier) @variable.parameter))
(typed_parameter (dictionary_splat_pattern (identifier) @variable.parameter))
(keyword_argument name: (identifier) @variable.parameter)
((parameters (identifier) @variable.builtin)
  (#any-of? @variable.builtin "self" "cls"))

; Functions.
(function_definition name: (identifier) @function)
(class_definition
  body: (block (function_definition name: (identifier) @function.method)))
(class_definition
  body: (block (decorated_definition (function_definition name: (identifier) @function.method))))
(call function: (identifier) @function)
(call function: (attribute attribute: (identifier) @function.method))
((call function: (identifier) @type.builtin)
  (#any-of? @type.builtin
    "bool" "bytearray" "bytes" "complex" "dict" "float" "frozenset" "int" "list" "memoryview"
    "object" "set" "slice" "str" "tuple" "type"))
((call function: (identifier) @type)
  (#match? @type "^[A-Z][A-Za-z0-9_]*[a-z]"))
((call function: (identifier) @variable.builtin)
  (#eq? @variable.builtin "cls"))
((call function: (identifier) @function.builtin)
  (#any-of? @function.builtin
    "abs" "aiter" "all" "anext" "any" "ascii" "bin" "breakpoint" "callable" "chr" "classmethod"
    "compile" "delattr" "dir" "divmod" "enumerate" "eval" "exec" "filter" "format" "getattr"
    "globals" "hasattr" "hash" "help" "hex" "id" "input" "isinstance" "issubclass" "iter" "len"
    "locals" "map" "max" "min" "next" "oct" "open" "ord" "pow" "print" "property" "range" "repr"
    "reversed" "round" "setattr" "sorted" "staticmethod" "sum" "super" "vars" "zip" "__import__"))

; Decorators.
(decorator "@" @attribute)
(decorator (identifier) @attribute)
(decorator (attribute attribute: (identifier) @attribute))
(decorator (call function: (identifier) @attribute))
(decorator (call function: (attribute attribute: (identifier) @attribute)))

; Literals.
[
  (none)
  (ellipsis)
] @constant.builtin
[
  (true)
  (false)
] @boolean
[
  (integer)
  (float)
] @number
(string) @string
(binary_operator left: (string (string_content) @_formats) "%")
(binary_operator
  left: (parenthesized_expression
    [(string (string_content) @_formats) (concatenated_string (string (string_content) @_formats))])
  "%")
(argument_list . (string (string_content) @_formats))
(escape_sequence) @string.escape
(escape_interpolation) @string.escape
(interpolation) @embedded
(type_conversion) @punctuation.special
(format_specifier) @string.special

; The string that opens a module, a class or a function documents it (PEP 257).
(module . (comment)* . (expression_statement (string) @comment.documentation))
(class_definition body: (block . (expression_statement (string) @comment.documentation)))
(function_definition body: (block . (expression_statement (string) @comment.documentation)))

(comment) @comment

; Keywords.
[
  "assert"
  "await"
  "break"
  "case"
  "continue"
  "elif"
  "else"
  "except"
  "finally"
  "for"
  "if"
  "match"
  "pass"
  "raise"
  "return"
  "try"
  "while"
  "with"
  "yield"
] @keyword.control
[
  "as"
  "from"
  "import"
] @keyword.import
(raise_statement "from" @keyword.control)
(yield "from" @keyword.control)
(case_pattern (as_pattern "as" @keyword.control))
(with_item (as_pattern "as" @keyword.control))
(except_clause (as_pattern "as" @keyword.control))
[
  "async"
  "class"
  "def"
  "del"
  "exec"
  "global"
  "lambda"
  "nonlocal"
  "print"
] @keyword.storage
(type_alias_statement "type" @keyword.storage)
[
  "and"
  "in"
  "is"
  "is not"
  "not"
  "not in"
  "or"
] @keyword.operator
(for_statement "in" @keyword.control)
(for_in_clause "in" @keyword.control)

; Punctuation.
[
  "("
  ")"
  "["
  "]"
  "{"
  "}"
] @punctuation.bracket
(interpolation ["{" "}"] @punctuation.special)
[
  ","
  "."
  ":"
  ";"
] @punctuation.delimiter
[
  "!="
  "%"
  "%="
  "&"
  "&="
  "*"
  "**"
  "**="
  "*="
  "+"
  "+="
  "-"
  "-="
  "->"
  "/"
  "//"
  "//="
  "/="
  ":="
  "<"
  "<<"
  "<<="
  "<="
  "="
  "=="
  ">"
  ">="
  ">>"
  ">>="
  "@="
  "^"
  "^="
  "|"
  "|="
  "~"
] @operator
