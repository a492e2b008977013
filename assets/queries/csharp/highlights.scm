(identifier) @variable

; Names that say what they are by their place.
(qualified_name (identifier) @module)
(using_directive (identifier) @module)
(using_directive name: (identifier) @type)
(using_directive "static" (qualified_name name: (identifier) @type))
(using_directive "=" (qualified_name name: (identifier) @type))
(namespace_declaration name: (identifier) @module)
(file_scoped_namespace_declaration name: (identifier) @module)
(alias_qualified_name alias: (identifier) @module)
(member_access_expression name: (identifier) @property)
(conditional_access_expression (member_binding_expression name: (identifier) @property))
((member_access_expression expression: (identifier) @type)
  (#match? @type "^[A-Z][A-Za-z0-9]*[a-z]"))

; Types.
(predefined_type) @type.builtin
(generic_name (identifier) @type)
(type_argument_list (identifier) @type)
(type_argument_list (qualified_name name: (identifier) @type))
(type_parameter name: (identifier) @type.parameter)
(type_parameter_constraints_clause (identifier) @type.parameter)
(type_parameter_constraint (identifier) @type)
(type_parameter_constraint type: (identifier) @type)
(base_list (identifier) @type)
(base_list (qualified_name name: (identifier) @type))
(primary_constructor_base_type (identifier) @type)
(nullable_type type: (identifier) @type)
(array_type type: (identifier) @type)
(pointer_type type: (identifier) @type)
(ref_type type: (identifier) @type)
(tuple_element type: (identifier) @type)
(variable_declaration type: (identifier) @type)
(variable_declaration type: (qualified_name name: (identifier) @type))
(property_declaration type: (identifier) @type)
(indexer_declaration type: (identifier) @type)
(event_declaration type: (identifier) @type)
(method_declaration returns: (identifier) @type)
(local_function_statement type: (identifier) @type)
(delegate_declaration type: (identifier) @type)
(operator_declaration type: (identifier) @type)
(conversion_operator_declaration type: (identifier) @type)
(parameter type: (identifier) @type)
(parameter_list type: (identifier) @type)
(foreach_statement type: (identifier) @type)
(catch_declaration type: (identifier) @type)
(cast_expression type: (identifier) @type)
(as_expression right: (identifier) @type)
(typeof_expression type: (identifier) @type)
(default_expression type: (identifier) @type)
(sizeof_expression type: (identifier) @type)
(declaration_expression type: (identifier) @type)
(declaration_pattern type: (identifier) @type)
(recursive_pattern type: (identifier) @type)
(type_pattern type: (identifier) @type)
((is_pattern_expression pattern: (constant_pattern (identifier) @type))
  (#match? @type "^[A-Z]"))
(class_declaration name: (identifier) @type)
(struct_declaration name: (identifier) @type)
(record_declaration name: (identifier) @type)
(interface_declaration name: (identifier) @type)
(enum_declaration name: (identifier) @type)
(delegate_declaration name: (identifier) @type)

; Bindings.
(parameter name: (identifier) @variable.parameter)
(parameter_list name: (identifier) @variable.parameter)
(implicit_parameter) @variable.parameter
(argument name: (identifier) @variable.parameter)
(property_declaration name: (identifier) @property)
(event_declaration name: (identifier) @property)
(event_field_declaration (variable_declaration (variable_declarator name: (identifier) @property)))
(field_declaration (variable_declaration (variable_declarator name: (identifier) @property)))
(field_declaration
  (modifier "const")
  (variable_declaration (variable_declarator name: (identifier) @constant)))
(local_declaration_statement
  (modifier "const")
  (variable_declaration (variable_declarator name: (identifier) @constant)))
(enum_member_declaration name: (identifier) @constant)
(subpattern (identifier) @property)
(anonymous_object_creation_expression (identifier) @property "=")
(attribute_argument name: (identifier) @property)
(with_initializer (identifier) @property)
(labeled_statement (identifier) @label ":")
(goto_statement (identifier) @label)

; Methods.
(method_declaration name: (identifier) @function.method)
(local_function_statement name: (identifier) @function)
(constructor_declaration name: (identifier) @constructor)
(destructor_declaration name: (identifier) @constructor)
(object_creation_expression type: (identifier) @constructor)
(object_creation_expression type: (generic_name (identifier) @constructor))
(object_creation_expression type: (qualified_name name: (identifier) @constructor))
(invocation_expression function: (identifier) @function.method)
(invocation_expression function: (generic_name (identifier) @function.method))
(invocation_expression
  function: (member_access_expression name: (identifier) @function.method))
(invocation_expression
  function: (member_access_expression name: (generic_name (identifier) @function.method)))
(invocation_expression
  function: (conditional_access_expression
    (member_binding_expression name: (identifier) @function.method)))
((invocation_expression function: (identifier) @keyword.operator)
  (#eq? @keyword.operator "nameof"))

; Attributes.
(attribute name: (identifier) @attribute)
(attribute name: (generic_name (identifier) @attribute))
(attribute name: (qualified_name name: (identifier) @attribute))
(attribute_target_specifier) @keyword.storage
(global_attribute ["assembly" "module"] @keyword.storage)

; Literals.
[
  (string_literal)
  (verbatim_string_literal)
  (raw_string_literal)
  (character_literal)
  (interpolated_string_expression)
] @string
(interpolation) @embedded
(interpolation_brace) @punctuation.special
; One that begins with a blank is code behind a brace that was left open.
((interpolation_format_clause) @string.special
  (#not-match? @string.special "^:\\s|\n"))
(escape_sequence) @string.escape
[
  (integer_literal)
  (real_literal)
] @number
(boolean_literal) @boolean
(null_literal) @constant.builtin
[
  "this"
  "base"
] @variable.builtin
(discard) @variable

; Comments.
(comment) @comment
((comment) @comment.documentation
  (#match? @comment.documentation "^(///[^/]|/\\*\\*[^*])"))
(shebang_directive) @comment

; The preprocessor.
[
  "#define"
  "#elif"
  "#else"
  "#endif"
  "#endregion"
  "#error"
  "#if"
  "#line"
  "#nullable"
  "#pragma"
  "#region"
  "#undef"
  "#warning"
] @keyword.import
(preproc_nullable ["enable" "disable" "restore" "annotations" "warnings"] @keyword.import)
(preproc_pragma ["warning" "disable" "restore" "checksum"] @keyword.import)
(preproc_if condition: (identifier) @constant)
(preproc_elif condition: (identifier) @constant)
(preproc_if condition: (_ (identifier) @constant))
(preproc_elif condition: (_ (identifier) @constant))
(preproc_if condition: (_ (_ (identifier) @constant)))
(preproc_elif condition: (_ (_ (identifier) @constant)))
(preproc_if condition: (_ (_ (_ (identifier) @constant))))
(preproc_elif condition: (_ (_ (_ (identifier) @constant))))
(preproc_define (preproc_arg) @constant)
(preproc_undef (preproc_arg) @constant)
(preproc_region (preproc_arg) @comment)
(preproc_endregion (preproc_arg) @comment)

; Keywords.
[
  "await"
  "break"
  "case"
  "catch"
  "continue"
  "default"
  "do"
  "else"
  "finally"
  "for"
  "foreach"
  "goto"
  "if"
  "return"
  "switch"
  "throw"
  "try"
  "when"
  "while"
  "yield"
] @keyword.control
[
  "alias"
  "extern"
  "global"
  "namespace"
  "using"
] @keyword.import
(using_statement "using" @keyword.control)
(modifier) @keyword.storage
[
  "abstract"
  "add"
  "async"
  "checked"
  "class"
  "const"
  "delegate"
  "enum"
  "event"
  "explicit"
  "file"
  "fixed"
  "get"
  "implicit"
  "init"
  "interface"
  "internal"
  "lock"
  "managed"
  "method"
  "notnull"
  "operator"
  "override"
  "params"
  "partial"
  "private"
  "protected"
  "public"
  "readonly"
  "record"
  "ref"
  "remove"
  "required"
  "scoped"
  "sealed"
  "set"
  "static"
  "struct"
  "unchecked"
  "unmanaged"
  "unsafe"
  "virtual"
  "volatile"
  "where"
] @keyword.storage
(using_directive "static" @keyword.import)
(constructor_constraint "new" @keyword.storage)
[
  "and"
  "as"
  "in"
  "is"
  "new"
  "not"
  "or"
  "out"
  "sizeof"
  "stackalloc"
  "typeof"
  "var"
  "with"
] @keyword.operator
(implicit_type) @keyword.storage
(default_expression "default" @keyword.operator)
[
  "ascending"
  "by"
  "descending"
  "equals"
  "from"
  "group"
  "into"
  "join"
  "let"
  "on"
  "orderby"
  "select"
] @keyword.control
(from_clause "in" @keyword.control)
(join_clause "in" @keyword.control)
(where_clause "where" @keyword.control)
(foreach_statement "in" @keyword.control)
(parameter (modifier) @keyword.storage)

; Punctuation.
[
  "("
  ")"
  "["
  "]"
  "{"
  "}"
] @punctuation.bracket
(type_argument_list ["<" ">"] @punctuation.bracket)
(type_parameter_list ["<" ">"] @punctuation.bracket)
[
  ","
  "."
  ":"
  "::"
  ";"
] @punctuation.delimiter
[
  "!"
  "!="
  "%"
  "%="
  "&"
  "&&"
  "&="
  "*"
  "*="
  "+"
  "++"
  "+="
  "-"
  "--"
  "-="
  "->"
  ".."
  "/"
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
  ">>>"
  ">>>="
  "?"
  "??"
  "??="
  "^"
  "^="
  "|"
  "|="
  "||"
  "~"
] @operator
(binary_expression operator: ["<" ">"] @operator)
(relational_pattern ["<" ">"] @operator)
(operator_declaration operator: ["<" ">"] @operator)
(conditional_expression ":" @operator)
