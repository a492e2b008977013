(string_scalar) @string
[
  (double_quote_scalar)
  (single_quote_scalar)
  (block_scalar)
] @string
(escape_sequence) @string.escape
[
  (integer_scalar)
  (float_scalar)
] @number
(timestamp_scalar) @number
(boolean_scalar) @boolean
(null_scalar) @constant.builtin

; Keys.
(block_mapping_pair key: (flow_node (plain_scalar (_) @property)))
(block_mapping_pair key: (flow_node [(double_quote_scalar) (single_quote_scalar)] @property))
(flow_mapping (_ key: (flow_node (plain_scalar (_) @property))))
(flow_mapping (_ key: (flow_node [(double_quote_scalar) (single_quote_scalar)] @property)))
((block_mapping_pair key: (flow_node (plain_scalar (string_scalar) @keyword.operator)))
  (#eq? @keyword.operator "<<"))

; What is named and what names it.
(tag) @type
(anchor) @label
(alias) @label
[
  (yaml_directive)
  (tag_directive)
  (reserved_directive)
] @keyword.import
(yaml_version) @number
(tag_prefix) @string
(comment) @comment

; Punctuation.
[
  "["
  "]"
  "{"
  "}"
] @punctuation.bracket
[
  ","
  ":"
  "-"
  "?"
] @punctuation.delimiter
[
  "---"
  "..."
] @punctuation.special
(block_scalar ["|" ">"] @operator)
