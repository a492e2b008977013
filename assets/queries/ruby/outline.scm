(module name: (_) @name) @module
(class name: (_) @name) @class
(singleton_class "<<" @name value: (_) @name) @class
(method name: (_) @name) @method
(singleton_method object: (_) @name "." @name name: (_) @name) @method
(program (method name: (_) @name) @function)
(assignment left: (constant) @name) @constant
