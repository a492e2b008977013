; Variables and the names of stages hold in the file.
(source_file) @scope
(arg_pair name: (unquoted_string) @definition)
(env_pair name: (unquoted_string) @definition)
(from_instruction as: (image_alias) @definition)
(arg_pair name: (unquoted_string) @reference)
(env_pair name: (unquoted_string) @reference)
(variable) @reference
(image_alias) @reference
(image_name) @reference
