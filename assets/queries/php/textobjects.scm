(function_definition body: (_) @function.inside) @function
(method_declaration body: (_)? @function.inside) @function
(anonymous_function body: (_) @function.inside) @function
(arrow_function body: (_) @function.inside) @function
(class_declaration body: (_) @class.inside) @class
(anonymous_class body: (_) @class.inside) @class
(interface_declaration body: (_) @class.inside) @class
(trait_declaration body: (_) @class.inside) @class
(enum_declaration body: (_) @class.inside) @class
(formal_parameters (_) @parameter)
(arguments (_) @parameter)
(comment) @comment
(compound_statement) @block @block.inside
(colon_block) @block
(switch_block) @block @block.inside
(match_block) @block @block.inside
(array_element_initializer) @entry
(match_conditional_expression return_expression: (_) @entry.inside) @entry
(enum_case) @entry
