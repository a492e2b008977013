(function_definition body: (_) @function.inside) @function
(struct_specifier body: (_) @class.inside) @class
(union_specifier body: (_) @class.inside) @class
(enum_specifier body: (_) @class.inside) @class
(parameter_list (_) @parameter)
(argument_list (_) @parameter)
(preproc_params (_) @parameter)
(comment) @comment
(compound_statement) @block @block.inside
(initializer_list (_) @entry)
(enumerator) @entry
(field_declaration) @entry
