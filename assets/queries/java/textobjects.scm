(method_declaration body: (_)? @function.inside) @function
(constructor_declaration body: (_) @function.inside) @function
(compact_constructor_declaration body: (_) @function.inside) @function
(lambda_expression body: (_) @function.inside) @function
(class_declaration body: (_) @class.inside) @class
(interface_declaration body: (_) @class.inside) @class
(enum_declaration body: (_) @class.inside) @class
(record_declaration body: (_) @class.inside) @class
(annotation_type_declaration body: (_) @class.inside) @class
(formal_parameters (_) @parameter)
(inferred_parameters (_) @parameter)
(type_parameters (_) @parameter)
(type_arguments (_) @parameter)
(argument_list (_) @parameter)
[
  (line_comment)
  (block_comment)
] @comment
(block) @block @block.inside
(switch_block) @block @block.inside
(array_initializer (_) @entry)
(enum_constant) @entry
(element_value_pair value: (_) @entry.inside) @entry
