(plain_value) @constant
(property_name) @property
(feature_name) @property

; Selectors.
[
  (tag_name)
  (nesting_selector)
  (universal_selector)
] @tag
(class_selector (class_name) @attribute)
(class_selector "." @attribute)
(id_selector (id_name) @attribute)
(id_selector "#" @attribute)
(pseudo_class_selector (class_name) @attribute)
(pseudo_element_selector (tag_name) @attribute)
(attribute_name) @attribute
(attribute_selector (plain_value) @string)
(namespace_name) @module

; Custom properties.
((plain_value) @variable
  (#match? @variable "^--"))

; Functions and values.
(function_name) @function
(keyframes_name) @function
(color_value) @number
[
  (integer_value)
  (float_value)
] @number
(unit) @number
(string_value) @string
(escape_sequence) @string.escape
(important) @keyword.storage
(keyword_query) @constant

; Rules that begin with "@".
[
  "@charset"
  "@import"
  "@namespace"
] @keyword.import
[
  "@keyframes"
  "@media"
  "@scope"
  "@supports"
  (at_keyword)
] @keyword.control
[
  (from)
  (to)
  "to"
] @keyword.control
[
  "and"
  "not"
  "only"
  "or"
  "selector"
] @keyword.operator

; A page is told by a pseudo class, which the grammar knows for elements alone.
((at_rule (at_keyword) @_rule (ERROR) @attribute)
  (#eq? @_rule "@page"))

; Comments.
[
  (comment)
  (js_comment)
] @comment

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
  ":"
  "::"
  ";"
] @punctuation.delimiter
[
  "$="
  "*="
  "+"
  "="
  ">"
  "^="
  "|="
  "~"
  "~="
] @operator
(binary_expression ["*" "/" "-" "+"] @operator)
