(identifier) @variable
(property_identifier) @property
(private_property_identifier) @property
(shorthand_property_identifier) @property
(shorthand_property_identifier_pattern) @variable
(statement_identifier) @label

; Names that say what they are by their case.
((identifier) @type
  (#match? @type "^[A-Z]"))
([
  (identifier)
  (shorthand_property_identifier)
  (shorthand_property_identifier_pattern)
] @constant
  (#match? @constant "^_*[A-Z][A-Z0-9_]+$"))
((identifier) @type
  (#any-of? @type "CSS" "JSON" "URL"))
((identifier) @variable.builtin
  (#any-of? @variable.builtin
    "arguments" "console" "document" "exports" "globalThis" "module" "process" "window"))

; Functions.
(function_declaration name: (identifier) @function)
(function_expression name: (identifier) @function)
(generator_function_declaration name: (identifier) @function)
(method_definition name: (property_identifier) @function.method)
(method_definition name: (private_property_identifier) @function.method)
((method_definition name: (property_identifier) @constructor)
  (#eq? @constructor "constructor"))
(pair
  key: (property_identifier) @function.method
  value: [(function_expression) (arrow_function)])
(variable_declarator
  name: (identifier) @function
  value: [(function_expression) (arrow_function)])
(assignment_expression
  left: (member_expression property: (property_identifier) @function.method)
  right: [(function_expression) (arrow_function)])
(call_expression function: (identifier) @function)
(call_expression
  function: (member_expression property: (property_identifier) @function.method))
(call_expression
  function: (member_expression property: (private_property_identifier) @function.method))
((call_expression function: (identifier) @function.builtin)
  (#any-of? @function.builtin
    "clearInterval" "clearTimeout" "fetch" "parseFloat" "parseInt" "queueMicrotask" "require"
    "setInterval" "setTimeout" "structuredClone"))
(new_expression constructor: (identifier) @constructor)
(class_declaration name: (_) @type)
(class name: (_) @type)

; Parameters. TypeScript wraps each in a node of its own.
(arrow_function parameter: (identifier) @variable.parameter)
(catch_clause parameter: (identifier) @variable.parameter)

; Literals.
[
  (string)
  (template_string)
] @string
(escape_sequence) @string.escape
(template_substitution) @embedded
(regex) @string.regexp
(regex_flags) @string.special
(number) @number
[
  (true)
  (false)
] @boolean
[
  (null)
  (undefined)
] @constant.builtin
((identifier) @constant.builtin
  (#any-of? @constant.builtin "Infinity" "NaN"))
(this) @variable.builtin
(super) @variable.builtin

; Comments.
(comment) @comment
((comment) @comment.documentation
  (#match? @comment.documentation "^/\\*\\*[^*]"))
(hash_bang_line) @comment
(html_comment) @comment

; Decorators.
(decorator "@" @attribute)
(decorator (identifier) @attribute)
(decorator (call_expression function: (identifier) @attribute))

; Keywords.
[
  "await"
  "break"
  "case"
  "catch"
  "continue"
  "debugger"
  "do"
  "else"
  "finally"
  "for"
  "if"
  "return"
  "switch"
  "throw"
  "try"
  "while"
  "with"
  "yield"
] @keyword.control
[
  "default"
  "export"
  "from"
  "import"
] @keyword.import
(import) @keyword.import
(switch_default "default" @keyword.control)
(import_specifier "as" @keyword.import)
(export_specifier "as" @keyword.import)
(namespace_import "as" @keyword.import)
[
  "async"
  "class"
  "const"
  "extends"
  "function"
  "get"
  "let"
  "set"
  "static"
  "target"
  "var"
] @keyword.storage
[
  "delete"
  "in"
  "instanceof"
  "new"
  "of"
  "typeof"
  "void"
] @keyword.operator
(ternary_expression ["?" ":"] @keyword.operator)

; Punctuation.
[
  "("
  ")"
  "["
  "]"
  "{"
  "}"
] @punctuation.bracket
(template_substitution ["${" "}"] @punctuation.special)
[
  ","
  "."
  ";"
  ":"
  (optional_chain)
] @punctuation.delimiter
(ternary_expression ":" @keyword.operator)
[
  "!"
  "!="
  "!=="
  "%"
  "%="
  "&"
  "&&"
  "&&="
  "&="
  "*"
  "**"
  "**="
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
  "<"
  "<<"
  "<<="
  "<="
  "="
  "=="
  "==="
  "=>"
  ">"
  ">="
  ">>"
  ">>="
  ">>>"
  ">>>="
  "??"
  "??="
  "^"
  "^="
  "|"
  "|="
  "||"
  "||="
  "~"
] @operator
(regex "/" @string.regexp)
(namespace_export "as" @keyword.import)
"using" @keyword.storage
