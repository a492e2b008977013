(word) @text
(command_name) @function
(function_definition name: (word) @function)
((command_name (word) @function.builtin)
  (#any-of? @function.builtin
    "." ":" "[" "alias" "bg" "bind" "builtin" "cd" "command" "complete" "dirs" "disown" "echo"
    "enable" "eval" "exec" "exit" "fg" "getopts" "hash" "help" "history" "jobs" "kill" "let"
    "mapfile" "popd" "printf" "pushd" "pwd" "read" "readarray" "set" "shift" "shopt" "source"
    "suspend" "test" "times" "trap" "type" "ulimit" "umask" "unalias" "wait"))
((command_name (word) @keyword.control)
  (#any-of? @keyword.control "break" "continue" "exit" "return"))
((command argument: (word) @attribute)
  (#match? @attribute "^-"))

; Variables.
(variable_name) @variable
(special_variable_name) @variable.builtin
((variable_name) @constant
  (#match? @constant "^[A-Z][A-Z0-9_]+$"))
(simple_expansion "$" @punctuation.special)
(expansion ["${" "}"] @punctuation.special)
(command_substitution ["$(" ")" "`"] @punctuation.special)
(arithmetic_expansion ["$((" "))" "$[" "]"] @punctuation.special)

; Text.
[
  (string)
  (raw_string)
  (ansi_c_string)
  (translated_string)
  (heredoc_body)
] @string
[
  (heredoc_start)
  (heredoc_end)
] @label
(regex) @string.regexp
(extglob_pattern) @string.regexp
(number) @number
(file_descriptor) @number
((word) @number
  (#match? @number "^[0-9]+$"))
(expansion (word) @string)
(case_item value: (word) @string.regexp)
(command_substitution) @embedded
(comment) @comment

; Keywords.
[
  "case"
  "do"
  "done"
  "elif"
  "else"
  "esac"
  "fi"
  "for"
  "if"
  "in"
  "select"
  "then"
  "until"
  "while"
] @keyword.control
[
  "declare"
  "export"
  "function"
  "local"
  "readonly"
  "typeset"
  "unset"
  "unsetenv"
] @keyword.storage
(test_operator) @keyword.operator

; Punctuation.
[
  "("
  ")"
  "(("
  "))"
  "["
  "]"
  "[["
  "]]"
  "{"
  "}"
] @punctuation.bracket
[
  ";"
  ";;"
  ";&"
  ";;&"
] @punctuation.delimiter
[
  "!"
  "!="
  "&"
  "&&"
  "&>"
  "&>>"
  "+="
  "<"
  "<&"
  "<<"
  "<<-"
  "<<<"
  "="
  "=="
  "=~"
  ">"
  ">&"
  ">>"
  ">|"
  "|"
  "|&"
  "||"
] @operator
(command_substitution ["$(" ")"] @punctuation.special)
(process_substitution ["<(" ">(" ")"] @punctuation.special)
(arithmetic_expansion ["$((" "))"] @punctuation.special)
(expansion "}" @punctuation.special)
((variable_name) @number
  (#match? @number "^0[xX][0-9a-fA-F]+$"))
(arithmetic_expansion (binary_expression operator: _ @operator))
((declaration_command (word) @attribute)
  (#match? @attribute "^-"))
; Those without a name in a text that is no string of its own.
((heredoc_redirect
  (heredoc_start) @_mark
  (heredoc_body) @_parameters)
  (#not-match? @_mark "^['\"\\\\]"))
