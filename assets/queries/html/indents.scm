(element (end_tag) @end) @indent
(script_element (end_tag) @end) @indent
(style_element (end_tag) @end) @indent
