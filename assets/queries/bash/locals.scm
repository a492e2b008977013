(function_definition) @scope
(declaration_command (variable_assignment name: (variable_name) @definition))
(declaration_command (variable_name) @definition)
(variable_name) @reference
