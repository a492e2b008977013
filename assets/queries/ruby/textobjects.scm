(method body: (_)? @function.inside) @function
(singleton_method body: (_)? @function.inside) @function
(lambda body: (_) @function.inside) @function
(class body: (_)? @class.inside) @class
(module body: (_)? @class.inside) @class
(singleton_class body: (_)? @class.inside) @class
(method_parameters (_) @parameter)
(block_parameters (_) @parameter)
(lambda_parameters (_) @parameter)
(argument_list (_) @parameter)
(comment) @comment
(do_block body: (_)? @block.inside) @block
(block body: (_)? @block.inside) @block
(begin) @block
(if consequence: (_)? @block.inside) @block
(unless consequence: (_)? @block.inside) @block
(while body: (_) @block.inside) @block
(until body: (_) @block.inside) @block
(case) @block
(pair value: (_) @entry.inside) @entry
(array (_) @entry)
(string_array (_) @entry)
(symbol_array (_) @entry)
