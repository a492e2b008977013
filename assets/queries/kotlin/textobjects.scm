(function_declaration (function_body)? @function.inside) @function
(secondary_constructor) @function
(anonymous_initializer (statements) @function.inside) @function
(anonymous_function (function_body) @function.inside) @function
(lambda_literal (statements)? @function.inside) @function
(getter (function_body)? @function.inside) @function
(setter (function_body)? @function.inside) @function
(class_declaration [(class_body) (enum_class_body)]? @class.inside) @class
(object_declaration (class_body)? @class.inside) @class
(companion_object (class_body)? @class.inside) @class
(object_literal (class_body)? @class.inside) @class
(function_value_parameters (parameter) @parameter)
(primary_constructor (class_parameter) @parameter)
(lambda_parameters (_) @parameter)
(type_parameters (_) @parameter)
(type_arguments (_) @parameter)
(value_arguments (value_argument) @parameter)
[
  (line_comment)
  (multiline_comment)
] @comment
(control_structure_body) @block @block.inside
(enum_entry) @entry
(when_entry) @entry
