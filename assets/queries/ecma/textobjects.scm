(function_declaration body: (_) @function.inside) @function
(generator_function_declaration body: (_) @function.inside) @function
(function_expression body: (_) @function.inside) @function
(generator_function body: (_) @function.inside) @function
(arrow_function body: (_) @function.inside) @function
(method_definition body: (_) @function.inside) @function
(export_statement declaration: (function_declaration body: (_) @function.inside)) @function
(export_statement declaration: (class_declaration body: (_) @class.inside)) @class
(class_declaration body: (_) @class.inside) @class
(class body: (_) @class.inside) @class
(formal_parameters (_) @parameter)
(arrow_function parameter: (_) @parameter)
(arguments (_) @parameter)
(comment) @comment
(statement_block) @block @block.inside
(switch_body) @block @block.inside
(pair value: (_) @entry.inside) @entry
(object (_) @entry)
(object_pattern (_) @entry)
(array (_) @entry)
(array_pattern (_) @entry)
(named_imports (_) @entry)
(export_clause (_) @entry)
