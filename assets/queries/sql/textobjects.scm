(create_function (function_body)? @function.inside) @function
(create_trigger) @function
(create_table (column_definitions) @class.inside) @class
(create_view (create_query) @class.inside) @class
(create_materialized_view (create_query) @class.inside) @class
(function_arguments (_) @parameter)
(invocation (term) @parameter)
[
  (comment)
  (marginalia)
] @comment
(subquery) @block
(statement) @block
(block) @block
(transaction) @block
(column_definition) @entry
(constraint) @entry
(select_expression (term) @entry)
(list (_) @entry)
(cte (statement) @entry.inside) @entry
