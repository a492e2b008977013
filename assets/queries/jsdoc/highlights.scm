; What a comment is shows where nothing is said here.
(tag_name) @attribute
(type) @type
(identifier) @variable.parameter
(qualified_expression (identifier) @type)
((tag (tag_name) @_tag (description) @_type_names)
  (#any-of? @_tag "@template" "@typeParam"))
(code_block_language) @label
(code_block_line) @markup.raw
