; Names of tables and of results hold in their statement, parameters in their function.
(statement) @scope
(subquery) @scope
(create_function) @scope
(relation alias: (identifier) @definition)
(term alias: (identifier) @definition)
(cte . (identifier) @definition)
(function_argument . (identifier) @definition)
(identifier) @reference
; Columns of a table that is named, and those that are made.
(field (object_reference) name: (identifier) @other)
(column_definition name: (identifier) @other)
(object_reference schema: (identifier) name: (identifier) @other)
