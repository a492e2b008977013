(from_instruction (image_spec) @name) @section
(from_instruction as: (image_alias) @name) @section
(arg_instruction (arg_pair name: (unquoted_string) @name)) @constant
