(jsx_attribute (_) @entry.inside .) @entry
(jsx_element) @block
(jsx_self_closing_element) @block
