(string) @string
(pair key: (string) @property)
(escape_sequence) @string.escape
(number) @number
[
  (true)
  (false)
] @boolean
(null) @constant.builtin
(comment) @comment
[
  "{"
  "}"
  "["
  "]"
] @punctuation.bracket
[
  ","
  ":"
] @punctuation.delimiter
; An exponent with a sign, which the grammar does not know.
((ERROR) @number
  (#match? @number "^[eE][+-]?[0-9]+$"))
