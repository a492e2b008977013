(create_table (object_reference) @name) @struct
(create_view (object_reference) @name) @struct
(create_materialized_view (object_reference) @name) @struct
(create_function . (_) (object_reference) @name) @function
(create_index column: (identifier) @name) @constant
(create_trigger (keyword_trigger) . (object_reference) @name) @method
(create_type (object_reference) @name) @type
(create_schema (identifier) @name) @module
(create_sequence (object_reference) @name) @variable
(column_definition name: (_) @name) @field
(cte . (identifier) @name) @variable
