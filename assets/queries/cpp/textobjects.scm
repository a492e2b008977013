(lambda_expression body: (_) @function.inside) @function
(template_declaration (function_definition body: (_) @function.inside)) @function
(class_specifier body: (_) @class.inside) @class
(namespace_definition body: (_) @class.inside) @class
(template_declaration (class_specifier body: (_) @class.inside)) @class
(template_parameter_list (_) @parameter)
(template_argument_list (_) @parameter)
(field_initializer) @entry
