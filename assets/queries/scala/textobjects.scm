(function_definition body: (_) @function.inside) @function
(function_declaration) @function
(lambda_expression) @function
(class_definition body: (_)? @class.inside) @class
(object_definition body: (_)? @class.inside) @class
(trait_definition body: (_)? @class.inside) @class
(enum_definition body: (_) @class.inside) @class
(package_object body: (_) @class.inside) @class
(given_definition body: (_)? @class.inside) @class
(parameters (parameter) @parameter)
(class_parameters (class_parameter) @parameter)
(bindings (_) @parameter)
(type_parameters (_) @parameter)
(type_arguments (_) @parameter)
(arguments (_) @parameter)
[
  (comment)
  (block_comment)
] @comment
(block) @block @block.inside
(indented_block) @block @block.inside
(case_block) @block @block.inside
(case_clause body: (_) @entry.inside) @entry
(tuple_expression (_) @entry)
