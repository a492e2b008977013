(function_definition body: (_) @function.inside) @function
(decorated_definition (function_definition body: (_) @function.inside)) @function
(lambda body: (_) @function.inside) @function
(class_definition body: (_) @class.inside) @class
(decorated_definition (class_definition body: (_) @class.inside)) @class
(parameters (_) @parameter)
(lambda_parameters (_) @parameter)
(argument_list (_) @parameter)
(comment) @comment
(block) @block @block.inside
(pair value: (_) @entry.inside) @entry
(list (_) @entry)
(set (_) @entry)
(tuple (_) @entry)
