(function_declaration body: (_)? @function.inside) @function
(method_declaration body: (_)? @function.inside) @function
(func_literal body: (_) @function.inside) @function
(type_declaration (type_spec type: (struct_type (_) @class.inside))) @class
(type_declaration (type_spec type: (interface_type) @class.inside)) @class
(parameter_list (_) @parameter)
(type_parameter_list (_) @parameter)
(argument_list (_) @parameter)
(comment) @comment
(block) @block @block.inside
(keyed_element (_) . (_) @entry.inside) @entry
(literal_value (literal_element) @entry)
(field_declaration) @entry
