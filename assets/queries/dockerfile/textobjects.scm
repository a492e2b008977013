(json_string_array (_) @parameter)
(param) @parameter
(comment) @comment
(run_instruction) @block
(copy_instruction) @block
(add_instruction) @block
(cmd_instruction) @block
(entrypoint_instruction) @block
(env_pair value: (_) @entry.inside) @entry
(label_pair value: (_) @entry.inside) @entry
(arg_pair) @entry
