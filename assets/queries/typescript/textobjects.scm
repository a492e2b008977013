(function_signature) @function
(method_signature) @function
(abstract_method_signature) @function
(abstract_class_declaration body: (_) @class.inside) @class
(interface_declaration body: (_) @class.inside) @class
(enum_declaration body: (_) @class.inside) @class
(internal_module body: (_) @class.inside) @class
(module body: (_) @class.inside) @class
(export_statement declaration: (abstract_class_declaration body: (_) @class.inside)) @class
(export_statement declaration: (interface_declaration body: (_) @class.inside)) @class
(export_statement declaration: (enum_declaration body: (_) @class.inside)) @class
(type_parameters (_) @parameter)
(type_arguments (_) @parameter)
(enum_body (_) @entry)
(property_signature) @entry
