(object) @block @block.inside
(array) @block @block.inside
(pair value: (_) @entry.inside) @entry
(array (_) @entry)
(comment) @comment
