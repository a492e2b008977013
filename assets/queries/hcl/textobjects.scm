(block (body)? @class.inside) @class
(function_arguments (_) @parameter)
(comment) @comment
(body) @block @block.inside
(object) @block @block.inside
(attribute (expression) @entry.inside) @entry
(object_elem val: (_) @entry.inside) @entry
(tuple (expression) @entry)
