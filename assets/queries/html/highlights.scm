(doctype) @keyword.storage
(tag_name) @tag
(erroneous_end_tag_name) @tag
(attribute_name) @attribute
[
  (attribute_value)
  (quoted_attribute_value)
] @string
(entity) @string.escape
(text) @text
(comment) @comment
[
  "<"
  ">"
  "</"
  "/>"
  "<!"
] @punctuation.delimiter
(attribute "=" @operator)
