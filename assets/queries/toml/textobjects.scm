(table (pair)* @class.inside) @class
(table_array_element (pair)* @class.inside) @class
(inline_table) @block @block.inside
(array) @block @block.inside
(pair (_) . (_) @entry.inside) @entry
(array (_) @entry)
(comment) @comment
