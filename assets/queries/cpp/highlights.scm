; What C++ adds to C.
(namespace_identifier) @module
((namespace_identifier) @type
  (#match? @type "^[A-Z]"))
; A value of an enumeration.
((qualified_identifier scope: (namespace_identifier) @_type name: (identifier) @constant)
  (#match? @_type "^[A-Z]")
  (#match? @constant "^[A-Z]"))
(static_assert_declaration "static_assert" @keyword.control)
(auto) @type.builtin
(type_parameter_declaration (type_identifier) @type.parameter)
(optional_type_parameter_declaration (type_identifier) @type.parameter)
(optional_parameter_declaration declarator: (identifier) @variable.parameter)
(parameter_declaration (reference_declarator (identifier) @variable.parameter))

; Functions.
(function_declarator declarator: (field_identifier) @function.method)
(function_declarator declarator: (qualified_identifier name: (identifier) @function))
(function_declarator
  declarator: (qualified_identifier (qualified_identifier name: (identifier) @function)))
(destructor_name "~" @function (identifier) @function)
(operator_name) @function
(call_expression function: (qualified_identifier name: (identifier) @function))
(call_expression
  function: (qualified_identifier (qualified_identifier name: (identifier) @function)))
(template_function name: (identifier) @function)
(template_method name: (field_identifier) @function.method)
(attribute name: (identifier) @attribute)

; Literals.
(this) @variable.builtin
(raw_string_literal) @string
(user_defined_literal (literal_suffix) @keyword.operator)

; Keywords.
[
  "catch"
  "co_await"
  "co_return"
  "co_yield"
  "throw"
  "try"
] @keyword.control
[
  "class"
  "concept"
  "consteval"
  "constinit"
  "decltype"
  "explicit"
  "final"
  "friend"
  "mutable"
  "namespace"
  "noexcept"
  "override"
  "private"
  "protected"
  "public"
  "requires"
  "template"
  "typename"
  "using"
  "virtual"
] @keyword.storage
[
  "and"
  "and_eq"
  "bitand"
  "bitor"
  "compl"
  "delete"
  "new"
  "not"
  "not_eq"
  "or"
  "or_eq"
  "xor"
  "xor_eq"
] @keyword.operator
"<=>" @operator
(template_parameter_list ["<" ">"] @punctuation.bracket)
(template_argument_list ["<" ">"] @punctuation.bracket)
(concept_definition name: (identifier) @type)
(default_method_clause "default" @keyword.storage)
((template_function name: (identifier) @keyword.operator)
  (#any-of? @keyword.operator "const_cast" "dynamic_cast" "reinterpret_cast" "static_cast"))
(operator_cast "operator" @keyword.storage)
