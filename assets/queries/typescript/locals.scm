(required_parameter type: (_) @value)
(optional_parameter type: (_) @value)
(required_parameter value: (_) @value)
(function_signature) @scope
(method_signature) @scope
(abstract_method_signature) @scope
(function_type) @scope
