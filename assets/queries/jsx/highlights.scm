(jsx_opening_element name: (identifier) @tag)
(jsx_closing_element name: (identifier) @tag)
(jsx_self_closing_element name: (identifier) @tag)
; A component is a name of the program, an element is one of the page.
((jsx_opening_element name: (identifier) @constructor)
  (#match? @constructor "^[A-Z]"))
((jsx_closing_element name: (identifier) @constructor)
  (#match? @constructor "^[A-Z]"))
((jsx_self_closing_element name: (identifier) @constructor)
  (#match? @constructor "^[A-Z]"))
(jsx_attribute (property_identifier) @attribute)
(jsx_attribute (jsx_namespace_name (identifier) @attribute))
(jsx_opening_element name: (jsx_namespace_name (identifier) @tag))
(jsx_closing_element name: (jsx_namespace_name (identifier) @tag))
(jsx_self_closing_element name: (jsx_namespace_name (identifier) @tag))
(jsx_opening_element
  name: (member_expression [(identifier) (property_identifier)] @constructor))
(jsx_closing_element
  name: (member_expression [(identifier) (property_identifier)] @constructor))
(jsx_self_closing_element
  name: (member_expression [(identifier) (property_identifier)] @constructor))
(jsx_text) @text
(html_character_reference) @string.escape
(jsx_opening_element ["<" ">"] @punctuation.bracket)
(jsx_closing_element ["</" ">"] @punctuation.bracket)
(jsx_self_closing_element ["<" "/>"] @punctuation.bracket)
(jsx_expression ["{" "}"] @punctuation.special)
