(function_item body: (_) @function.inside) @function
(function_signature_item) @function
(closure_expression body: (_) @function.inside) @function
(macro_definition) @function
(struct_item body: (_)? @class.inside) @class
(enum_item body: (_) @class.inside) @class
(union_item body: (_) @class.inside) @class
(trait_item body: (_) @class.inside) @class
(impl_item body: (_)? @class.inside) @class
(mod_item body: (_) @class.inside) @class
(parameters (_) @parameter)
(closure_parameters (_) @parameter)
(type_parameters (_) @parameter)
(type_arguments (_) @parameter)
(arguments (_) @parameter)
[
  (line_comment)
  (block_comment)
] @comment
(block) @block @block.inside
(match_block) @block @block.inside
(field_initializer_list (_) @entry)
(field_declaration_list (field_declaration) @entry)
(enum_variant_list (enum_variant) @entry)
(array_expression (_) @entry)
(tuple_expression (_) @entry)
(match_arm) @entry
(use_list (_) @entry)
