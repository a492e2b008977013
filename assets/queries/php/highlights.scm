(name) @constant
((name) @constant.builtin
  (#match? @constant.builtin "^(PHP_[A-Z_]+|M_[A-Z0-9_]+|E_[A-Z_]+|__[A-Z]+__)$"))
(variable_name) @variable
(variable_name (name) @variable)

; Types.
[
  (primitive_type)
  (cast_type)
  (bottom_type)
] @type.builtin
(cast_expression ["(" ")"] @punctuation.bracket)
(named_type (name) @type)
(named_type (qualified_name (name) @type))
(optional_type (named_type (name) @type))
(base_clause (name) @type)
(base_clause (qualified_name (name) @type))
(class_interface_clause (name) @type)
(class_interface_clause (qualified_name (name) @type))
(class_declaration name: (name) @type)
(interface_declaration name: (name) @type)
(trait_declaration name: (name) @type)
(enum_declaration name: (name) @type)
(use_declaration (name) @type)
(use_declaration (qualified_name (name) @type))
(binary_expression operator: "instanceof" right: (name) @type)
(binary_expression operator: "instanceof" right: (qualified_name (name) @type))
(scoped_call_expression scope: (name) @type)
(scoped_call_expression scope: (qualified_name (name) @type))
(scoped_property_access_expression scope: (name) @type)
(class_constant_access_expression . (name) @type)
(class_constant_access_expression . (qualified_name (name) @type))
(namespace_use_clause (name) @type)
(namespace_use_clause (qualified_name (name) @type))
(namespace_use_clause alias: (name) @type)
(namespace_use_declaration
  (namespace_use_clause type: "function" (name) @function))
(namespace_use_clause type: "const" (name) @constant)
(namespace_use_declaration
  type: "const"
  body: (namespace_use_group (namespace_use_clause (name) @constant)))
(use_as_clause (name) @function.method)
(use_as_clause (class_constant_access_expression (_) (name) @function.method))
(use_instead_of_clause (class_constant_access_expression (_) (name) @function.method))
(use_instead_of_clause (_) (name) @type)
(namespace_name (name) @module)
(qualified_name prefix: (namespace_name (name) @module))
(relative_scope) @variable.builtin

(property_hook (name) @keyword.storage)

; Bindings.
((variable_name) @variable.builtin
  (#eq? @variable.builtin "$this"))
((variable_name (name) @variable.builtin)
  (#eq? @variable.builtin "this"))
(simple_parameter name: (variable_name) @variable.parameter)
(simple_parameter name: (variable_name (name) @variable.parameter))
(variadic_parameter name: (variable_name) @variable.parameter)
(variadic_parameter name: (variable_name (name) @variable.parameter))
(property_promotion_parameter name: (variable_name) @variable.parameter)
(property_promotion_parameter name: (variable_name (name) @variable.parameter))
(property_element name: (variable_name) @property)
(property_element name: (variable_name (name) @property))
(member_access_expression name: (name) @property)
(nullsafe_member_access_expression name: (name) @property)
(scoped_property_access_expression name: (variable_name) @property)
(scoped_property_access_expression name: (variable_name (name) @property))
(argument name: (name) @variable.parameter)
(const_element (name) @constant)
(enum_case name: (name) @constant)
(declare_directive ["strict_types" "ticks" "encoding"] @property)
(named_label_statement (name) @label)
(goto_statement (name) @label)

; Functions.
(function_definition name: (name) @function)
(method_declaration name: (name) @function.method)
((method_declaration name: (name) @constructor)
  (#any-of? @constructor "__construct" "__destruct"))
(function_call_expression function: (name) @function)
(function_call_expression function: (qualified_name (name) @function))
((function_call_expression function: (name) @function.builtin)
  (#any-of? @function.builtin "isset" "empty" "unset" "die" "eval" "list" "array"))
(member_call_expression name: (name) @function.method)
(nullsafe_member_call_expression name: (name) @function.method)
(scoped_call_expression name: (name) @function.method)
(object_creation_expression (name) @constructor)
(object_creation_expression (qualified_name (name) @constructor))
((object_creation_expression (name) @variable.builtin)
  (#any-of? @variable.builtin "parent" "self" "static"))
[
  "exit"
  "print"
  "echo"
  "unset"
] @function.builtin

; Attributes.
(attribute (name) @attribute)
(attribute (qualified_name (name) @attribute))
(attribute_group ["#[" "]"] @attribute)

; Literals.
[
  (string)
  (encapsed_string)
  (heredoc)
  (nowdoc)
  (shell_command_expression)
] @string
(encapsed_string (_) @embedded)
(heredoc_body (_) @embedded)
(encapsed_string (string_content) @string)
(heredoc_body (string_content) @string)
(encapsed_string (variable_name) @variable)
(heredoc_body (variable_name) @variable)
(encapsed_string ["{" "}"] @punctuation.special)
(heredoc_body ["{" "}"] @punctuation.special)
(escape_sequence) @string.escape
[
  (heredoc_start)
  (heredoc_end)
] @label
[
  (integer)
  (float)
] @number
(boolean) @boolean
(null) @constant.builtin

; Comments.
(comment) @comment
((comment) @comment.documentation
  (#match? @comment.documentation "^/\\*\\*[^*]"))

; The marks of code in a page.
[
  (php_tag)
  (php_end_tag)
] @punctuation.special
(text) @text

; Keywords.
[
  "break"
  "case"
  "catch"
  "continue"
  "declare"
  "default"
  "do"
  "else"
  "elseif"
  "enddeclare"
  "endfor"
  "endforeach"
  "endif"
  "endswitch"
  "endwhile"
  "finally"
  "for"
  "foreach"
  "goto"
  "if"
  "match"
  "return"
  "switch"
  "throw"
  "try"
  "while"
  "yield"
  "yield from"
] @keyword.control
(enum_case "case" @keyword.storage)
[
  "include"
  "include_once"
  "namespace"
  "require"
  "require_once"
  "use"
] @keyword.import
[
  (abstract_modifier)
  (final_modifier)
  (readonly_modifier)
  (static_modifier)
  (var_modifier)
  (visibility_modifier)
] @keyword.storage
(visibility_modifier _ @keyword.storage)
(readonly_modifier _ @keyword.storage)
(static_modifier _ @keyword.storage)
[
  "class"
  "const"
  "enum"
  "extends"
  "fn"
  "function"
  "global"
  "implements"
  "insteadof"
  "interface"
  "static"
  "trait"
] @keyword.storage
[
  "and"
  "as"
  "clone"
  "instanceof"
  "new"
  "or"
  "xor"
] @keyword.operator
(relative_scope "static" @variable.builtin)
(namespace_use_clause type: _ @keyword.import)
(namespace_use_declaration type: _ @keyword.import)
(anonymous_function_use_clause "use" @keyword.storage)
(encapsed_string (subscript_expression (name) @string))
(heredoc_body (subscript_expression (name) @string))

; Punctuation.
[
  "("
  ")"
  "["
  "]"
  "{"
  "}"
] @punctuation.bracket
[
  ","
  "::"
  "->"
  "?->"
  ";"
  ":"
  "\\"
] @punctuation.delimiter
[
  "!"
  "!="
  "!=="
  "%"
  "%="
  "&"
  "&&"
  "&="
  "*"
  "**"
  "**="
  "*="
  "+"
  "++"
  "+="
  "-"
  "--"
  "-="
  "."
  "..."
  ".="
  "/"
  "/="
  "<"
  "<<"
  "<<="
  "<="
  "<=>"
  "<>"
  "="
  "=="
  "==="
  "=>"
  ">"
  ">="
  ">>"
  ">>="
  "?"
  "??"
  "??="
  "@"
  "^"
  "^="
  "|"
  "|="
  "|>"
  "||"
  "~"
] @operator
(conditional_expression ":" @operator)
(reference_modifier) @operator

; The line that says what runs the file.
((program . (text) @comment)
  (#match? @comment "^#!"))
