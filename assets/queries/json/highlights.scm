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
