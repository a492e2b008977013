(function_definition body: (_) @function.inside) @function
(command argument: (_) @parameter)
(comment) @comment
(compound_statement) @block @block.inside
(do_group) @block
(if_statement) @block
(case_statement) @block
(subshell) @block @block.inside
(case_item) @entry
(array (_) @entry)
