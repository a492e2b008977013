(identifier) @variable
(field_identifier) @property
(shorthand_field_identifier) @property
(metavariable) @variable.parameter

; Names that say what they are by their case (RFC 430).
((identifier) @type
  (#match? @type "^[A-Z]"))
((identifier) @constant
  (#match? @constant "^[A-Z][A-Z0-9_]+$"))

; Types.
(type_identifier) @type
(primitive_type) @type.builtin
((type_identifier) @type.builtin
  (#any-of? @type.builtin "Self"))
(type_parameter name: (type_identifier) @type.parameter)
(enum_variant name: (identifier) @constructor)

; Paths.
(mod_item name: (identifier) @module)
(scoped_identifier path: (identifier) @module)
(scoped_use_list path: (identifier) @module)
(scoped_use_list path: (scoped_identifier name: (identifier) @module))
(scoped_type_identifier path: (scoped_identifier name: (identifier) @module))
(use_wildcard (identifier) @module)
(extern_crate_declaration name: (identifier) @module)
((scoped_identifier path: (identifier) @type)
  (#match? @type "^[A-Z]"))
(scoped_type_identifier path: (identifier) @module)
((scoped_type_identifier path: (identifier) @type)
  (#match? @type "^[A-Z]"))
((scoped_type_identifier path: (scoped_identifier name: (identifier) @type))
  (#match? @type "^[A-Z]"))
((identifier) @type.builtin
  (#eq? @type.builtin "Self"))
(scoped_identifier
  path: (scoped_identifier name: (identifier) @module))
((scoped_identifier
  path: (scoped_identifier name: (identifier) @type))
  (#match? @type "^[A-Z]"))
((scoped_identifier
  path: (identifier) @_enum
  name: (identifier) @constructor)
  (#match? @_enum "^[A-Z]")
  (#match? @constructor "^[A-Z]"))

(struct_expression
  name: (scoped_type_identifier path: (_) @_enum name: (type_identifier) @constructor)
  (#match? @_enum "(^|:)[A-Z][A-Za-z0-9]*$"))
(struct_pattern
  type: (scoped_type_identifier path: (_) @_enum name: (type_identifier) @constructor)
  (#match? @_enum "(^|:)[A-Z][A-Za-z0-9]*$"))
(use_wildcard (scoped_identifier name: (identifier) @module))

; Bindings.
(parameter pattern: (identifier) @variable.parameter)
(closure_parameters (identifier) @variable.parameter)
(const_item name: (identifier) @constant)
(static_item name: (identifier) @constant)
(const_parameter name: (identifier) @constant)

; Functions.
(function_item name: (identifier) @function)
(function_signature_item name: (identifier) @function)
(declaration_list (function_item name: (identifier) @function.method))
(declaration_list (function_signature_item name: (identifier) @function.method))
(call_expression function: (identifier) @function)
(call_expression function: (field_expression field: (field_identifier) @function.method))
(call_expression function: (scoped_identifier name: (identifier) @function))
(generic_function function: (identifier) @function)
(generic_function function: (scoped_identifier name: (identifier) @function))
(generic_function function: (field_expression field: (field_identifier) @function.method))

; Tuple structs and variants, called or matched.
((call_expression function: (identifier) @constructor)
  (#match? @constructor "^[A-Z]"))
((call_expression function: (scoped_identifier name: (identifier) @constructor))
  (#match? @constructor "^[A-Z]"))
(tuple_struct_pattern type: (identifier) @constructor)
(tuple_struct_pattern type: (scoped_identifier name: (identifier) @constructor))

; Inside a macro call there are only tokens.
((token_tree (identifier) @function . (token_tree))
  (#match? @function "^[a-z_]"))
(token_tree ((identifier) @function.macro . "!" @function.macro))
((token_tree ((identifier) @module . "::"))
  (#match? @module "^[a-z_]"))

; Macros and attributes.
(macro_invocation macro: (identifier) @function.macro "!" @function.macro)
(macro_invocation macro: (scoped_identifier name: (identifier) @function.macro) "!" @function.macro)
(macro_definition name: (identifier) @function.macro)
(attribute_item) @attribute
(inner_attribute_item) @attribute
(attribute (identifier) @attribute)
(attribute (scoped_identifier name: (identifier) @attribute))
((attribute arguments: (token_tree (identifier) @attribute))
  (#match? @attribute "^[a-z_]"))
((attribute arguments: (token_tree (token_tree (identifier) @attribute)))
  (#match? @attribute "^[a-z_]"))
(fragment_specifier) @type.builtin

; Literals.
(string_literal) @string
(raw_string_literal) @string
(char_literal) @string
(char_literal) @_escaped
(escape_sequence) @string.escape
(integer_literal) @number
(float_literal) @number
(boolean_literal) @boolean

; Comments.
(line_comment) @comment
(block_comment) @comment
(line_comment (doc_comment)) @comment.documentation
(block_comment (doc_comment)) @comment.documentation
(shebang) @comment

; Keywords.
[
  "await"
  "break"
  "continue"
  "else"
  "for"
  "if"
  "loop"
  "match"
  "return"
  "try"
  "while"
  "yield"
] @keyword.control
[
  "use"
  "extern"
] @keyword.import
[
  "async"
  "const"
  "default"
  "dyn"
  "enum"
  "fn"
  "gen"
  "impl"
  "let"
  "macro_rules!"
  "mod"
  "move"
  "pub"
  "raw"
  "ref"
  "static"
  "struct"
  "trait"
  "type"
  "union"
  "unsafe"
  "where"
] @keyword.storage
(mutable_specifier) @keyword.storage
(impl_item "for" @keyword.storage)
(for_lifetimes "for" @keyword.storage)
"in" @keyword.control
"as" @keyword.operator
(crate) @keyword.import
(super) @keyword.import
(self) @variable.builtin
(use_list (self) @keyword.import)
(use_wildcard (self) @keyword.import)
(scoped_identifier path: (self) @keyword.import)
(scoped_use_list path: (self) @keyword.import)

; Lifetimes and labels.
(lifetime "'" @label (identifier) @label)
(label "'" @label (identifier) @label)

; Punctuation.
[
  "("
  ")"
  "["
  "]"
  "{"
  "}"
] @punctuation.bracket
(type_arguments ["<" ">"] @punctuation.bracket)
(type_parameters ["<" ">"] @punctuation.bracket)
(closure_parameters "|" @punctuation.bracket)
[
  ","
  ";"
  "."
  ":"
  "::"
] @punctuation.delimiter
[
  "!="
  "%"
  "%="
  "&"
  "&="
  "&&"
  "*"
  "*="
  "+"
  "+="
  "-"
  "-="
  "->"
  ".."
  "..="
  "..."
  "/="
  "<<"
  "<<="
  "<="
  "="
  "=="
  "=>"
  ">="
  ">>"
  ">>="
  "?"
  "@"
  "^"
  "^="
  "|="
  "||"
] @operator
(binary_expression operator: _ @operator)
(unary_expression ["-" "*" "!"] @operator)
((identifier) @constructor
  (#eq? @constructor "None"))
