(identifier) @variable
(constant) @type
((constant) @constant
  (#match? @constant "^[A-Z][A-Z0-9_]+$"))
((identifier) @constant.builtin
  (#any-of? @constant.builtin "__FILE__" "__LINE__" "__method__" "__dir__" "__ENCODING__"))

; Types and modules.
(module name: (constant) @module)
(module name: (scope_resolution name: (constant) @module))
(class name: (constant) @type)
(superclass (constant) @type)
(assignment left: (constant) @constant)

; Bindings.
(instance_variable) @property
(class_variable) @property
(global_variable) @variable.builtin
[
  (self)
  (super)
] @variable.builtin
(method_parameters (identifier) @variable.parameter)
(block_parameters (identifier) @variable.parameter)
(lambda_parameters (identifier) @variable.parameter)
(destructured_parameter (identifier) @variable.parameter)
(optional_parameter name: (identifier) @variable.parameter)
(keyword_parameter name: (identifier) @variable.parameter)
(splat_parameter name: (identifier) @variable.parameter)
(hash_splat_parameter name: (identifier) @variable.parameter)
(block_parameter name: (identifier) @variable.parameter)

; Methods.
(method name: [(identifier) (constant) (operator)] @function.method)
(setter name: (identifier) @function.method)
(singleton_method name: [(identifier) (constant) (operator)] @function.method)
(call method: [(identifier) (constant)] @function.method)
(call method: (super) @variable.builtin)
(alias name: (_) @function.method alias: (_) @function.method)
((identifier) @keyword.storage
  (#any-of? @keyword.storage "private" "protected" "public" "module_function" "private_constant"))
((call method: (identifier) @keyword.import)
  (#any-of? @keyword.import "require" "require_relative" "load" "autoload"))
((call !receiver method: (identifier) @keyword.storage)
  (#any-of? @keyword.storage
    "include" "extend" "prepend" "attr_reader" "attr_writer" "attr_accessor" "private"
    "protected" "public" "module_function" "private_constant" "refine" "using"))
((call !receiver method: (identifier) @function.builtin)
  (#any-of? @function.builtin
    "block_given?" "binding" "caller" "format" "gets" "lambda" "p" "pp" "print" "printf" "proc"
    "putc" "puts" "rand" "sleep" "sprintf" "system" "exit" "abort" "freeze"))
((call !receiver method: (identifier) @keyword.control)
  (#any-of? @keyword.control "raise" "loop" "catch" "throw" "fail"))
((identifier) @function.builtin
  (#any-of? @function.builtin "block_given?"))

; Literals.
[
  (string)
  (character)
  (subshell)
  (heredoc_beginning)
  (heredoc_content)
  (heredoc_end)
  (string_array)
] @string
(regex) @string.regexp
(regex (string_content) @string.regexp)
[
  (simple_symbol)
  (delimited_symbol)
  (hash_key_symbol)
  (symbol_array)
] @string.special
(pair key: (hash_key_symbol) @property)
(keyword_pattern key: (hash_key_symbol) @property)
(escape_sequence) @string.escape
(interpolation) @embedded
(interpolation ["#{" "}"] @punctuation.special)
[
  (integer)
  (float)
  (rational)
  (complex)
] @number
[
  (true)
  (false)
] @boolean
(nil) @constant.builtin

; Comments.
(comment) @comment
(uninterpreted) @comment

; Keywords.
[
  "begin"
  "break"
  "case"
  "do"
  "else"
  "elsif"
  "ensure"
  "for"
  "if"
  "next"
  "redo"
  "rescue"
  "retry"
  "return"
  "then"
  "unless"
  "until"
  "when"
  "while"
  "yield"
  "BEGIN"
  "END"
] @keyword.control
[
  "alias"
  "class"
  "def"
  "end"
  "module"
  "undef"
] @keyword.storage
(begin "end" @keyword.control)
(case "end" @keyword.control)
(case_match "end" @keyword.control)
(do "end" @keyword.control)
(do_block "end" @keyword.control)
(if "end" @keyword.control)
(unless "end" @keyword.control)
[
  "and"
  "defined?"
  "in"
  "not"
  "or"
] @keyword.operator
(in_clause "in" @keyword.control)

; Punctuation.
[
  "("
  ")"
  "["
  "]"
  "{"
  "}"
] @punctuation.bracket
(block_parameters "|" @punctuation.bracket)
[
  ","
  "."
  "::"
  ";"
  "&."
] @punctuation.delimiter
[
  "!"
  "!="
  "!~"
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
  "+="
  "-"
  "-="
  "->"
  ".."
  "..."
  "/"
  "/="
  "<"
  "<<"
  "<<="
  "<="
  "<=>"
  "="
  "=="
  "==="
  "=>"
  "=~"
  ">"
  ">="
  ">>"
  ">>="
  "^"
  "^="
  "|="
  "||"
  "||="
  "~"
] @operator
(binary "|" @operator)
(conditional ["?" ":"] @operator)
(pair ":" @punctuation.delimiter)
(keyword_parameter ":" @punctuation.delimiter)
(regex "/" @string.regexp)

; What stands behind `__END__`.
(uninterpreted) @comment
