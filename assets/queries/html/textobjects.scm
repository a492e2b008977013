(element (start_tag) . (_)* @class.inside . (end_tag)) @class
(element (self_closing_tag)) @class
(script_element (raw_text)? @class.inside) @class
(style_element (raw_text)? @class.inside) @class
(attribute (attribute_name) . (_)? @entry.inside) @entry
(comment) @comment
