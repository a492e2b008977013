(method_declaration body: (_)? @function.inside) @function
(constructor_declaration body: (_) @function.inside) @function
(destructor_declaration body: (_) @function.inside) @function
(operator_declaration body: (_) @function.inside) @function
(conversion_operator_declaration body: (_) @function.inside) @function
(local_function_statement body: (_) @function.inside) @function
(accessor_declaration body: (_) @function.inside) @function
(lambda_expression body: (_) @function.inside) @function
(anonymous_method_expression (block) @function.inside) @function
(class_declaration body: (_)? @class.inside) @class
(struct_declaration body: (_)? @class.inside) @class
(record_declaration body: (_)? @class.inside) @class
(interface_declaration body: (_) @class.inside) @class
(enum_declaration body: (_) @class.inside) @class
(namespace_declaration body: (_) @class.inside) @class
(parameter_list (parameter) @parameter)
(type_parameter_list (_) @parameter)
(type_argument_list (_) @parameter)
(argument_list (_) @parameter)
(bracketed_argument_list (_) @parameter)
(attribute_argument_list (_) @parameter)
(comment) @comment
(block) @block @block.inside
(switch_body) @block @block.inside
(initializer_expression (_) @entry)
(enum_member_declaration) @entry
(switch_expression_arm) @entry
(collection_element) @entry
