(jsx_element close_tag: (jsx_closing_element) @end) @indent
(jsx_self_closing_element) @indent
