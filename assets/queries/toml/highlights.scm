(bare_key) @property
(quoted_key) @property

; The names of tables.
(table (bare_key) @type)
(table (quoted_key) @type)
(table (dotted_key (bare_key) @type))
(table (dotted_key (quoted_key) @type))
(table (dotted_key (dotted_key [(bare_key) (quoted_key)] @type)))
(table (dotted_key (dotted_key (dotted_key [(bare_key) (quoted_key)] @type))))
(table_array_element (bare_key) @type)
(table_array_element (quoted_key) @type)
(table_array_element (dotted_key (bare_key) @type))
(table_array_element (dotted_key (quoted_key) @type))
(table_array_element (dotted_key (dotted_key [(bare_key) (quoted_key)] @type)))
(table_array_element (dotted_key (dotted_key (dotted_key [(bare_key) (quoted_key)] @type))))

; Literals.
(string) @string
(escape_sequence) @string.escape
[
  (integer)
  (float)
] @number
(boolean) @boolean
[
  (offset_date_time)
  (local_date_time)
  (local_date)
  (local_time)
] @string.special
(comment) @comment

; Punctuation.
"=" @operator
[
  "."
  ","
] @punctuation.delimiter
[
  "["
  "]"
  "[["
  "]]"
  "{"
  "}"
] @punctuation.bracket
