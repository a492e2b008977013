(identifier) @variable

; Blocks: what they are, and their labels.
(block . (identifier) @keyword.storage)
(block (identifier) (identifier) @string.special)
(body (block (body (block . (identifier) @type))))
(attribute . (identifier) @property)
(object_elem key: (expression (variable_expr (identifier) @property)))
(get_attr (identifier) @property)

; What Terraform brings along.
((variable_expr (identifier) @variable.builtin)
  (#any-of? @variable.builtin
    "count" "data" "each" "local" "module" "path" "self" "terraform" "var"))
((attribute
  (identifier) @_type
  (expression (variable_expr (identifier) @type.builtin)))
  (#eq? @_type "type"))
(function_call (identifier) @function)
((function_call (identifier) @type.builtin)
  (#any-of? @type.builtin "list" "map" "object" "optional" "set" "tuple"))
((function_call (identifier) @type.builtin
  (function_arguments (expression (variable_expr (identifier) @type.builtin))))
  (#any-of? @type.builtin "any" "bool" "list" "map" "number" "object" "optional" "set" "string" "tuple"))
((object_elem val: (expression (variable_expr (identifier) @type.builtin)))
  (#any-of? @type.builtin "any" "bool" "number" "string"))
(for_intro (identifier) @variable.parameter)
(template_for_start (identifier) @variable.parameter)

; Literals.
[
  (string_lit)
  (quoted_template)
  (heredoc_template)
] @string
(template_literal) @string
(block (string_lit) @string.special)
(block (string_lit (template_literal) @string.special))
(template_interpolation) @embedded
[
  (template_interpolation_start)
  (template_interpolation_end)
  (template_directive_start)
  (template_directive_end)
  (strip_marker)
] @punctuation.special
[
  (heredoc_start)
  (heredoc_identifier)
] @label
[
  (numeric_lit)
  (legacy_index)
] @number
(bool_lit) @boolean
(null_lit) @constant.builtin
(comment) @comment

; Keywords.
[
  "else"
  "endfor"
  "endif"
  "for"
  "if"
  "in"
] @keyword.control

; Punctuation.
[
  "("
  ")"
  "["
  "]"
  (block_start)
  (block_end)
  (object_start)
  (object_end)
  (tuple_start)
  (tuple_end)
] @punctuation.bracket
[
  ","
  "."
  ".*"
  "[*]"
] @punctuation.delimiter
[
  "!"
  "!="
  "%"
  "&&"
  "*"
  "+"
  "-"
  "/"
  ":"
  "<"
  "<="
  "="
  "=="
  "=>"
  ">"
  ">="
  "?"
  "||"
  (ellipsis)
] @operator
