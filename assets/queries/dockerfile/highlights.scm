; Instructions.
[
  "ADD"
  "ARG"
  "CMD"
  "COPY"
  "CROSS_BUILD"
  "ENTRYPOINT"
  "ENV"
  "EXPOSE"
  "HEALTHCHECK"
  "LABEL"
  "MAINTAINER"
  "NONE"
  "ONBUILD"
  "RUN"
  "SHELL"
  "STOPSIGNAL"
  "USER"
  "VOLUME"
  "WORKDIR"
] @keyword.control
[
  "AS"
  "FROM"
] @keyword.import

; Arguments.
(image_name) @type
(image_tag) @string.special
(image_digest) @string.special
(image_alias) @module
(param) @attribute
(mount_param) @attribute
(end_of_options) @attribute
(arg_pair name: (unquoted_string) @property)
(env_pair name: (unquoted_string) @property)
(label_pair key: (_) @property)
(arg_pair default: (unquoted_string) @string)
(env_pair value: (unquoted_string) @string)
(label_pair value: (unquoted_string) @string)
(path) @string
(expose_port) @number
(user_instruction user: (unquoted_string) @variable)
(user_instruction group: (unquoted_string) @variable)
(stopsignal_instruction) @constant
(maintainer_instruction) @string
(maintainer_instruction "MAINTAINER" @keyword.control)
(stopsignal_instruction "STOPSIGNAL" @keyword.control)

(shell_command) @text

; Literals.
[
  (double_quoted_string)
  (single_quoted_string)
  (json_string)
  (heredoc_content)
] @string
(escape_sequence) @string.escape
[
  (heredoc_marker)
  (heredoc_end)
] @label
(expansion) @embedded
(expansion ["$" "{" "}"] @punctuation.special)
(expansion_modifier) @string
(expansion_operator) @operator
(variable) @variable
((variable) @constant
  (#match? @constant "^[A-Z][A-Z0-9_]*$"))
(comment) @comment

; Punctuation.
[
  "["
  "]"
] @punctuation.bracket
"," @punctuation.delimiter
[
  ":"
  "="
  "@"
  (line_continuation)
] @operator
(param ["--" "="] @operator)
(mount_param ["--" "=" ","] @operator)
(image_tag ":" @operator)
(image_digest "@" @operator)
