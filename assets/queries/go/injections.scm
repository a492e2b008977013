; Regular expressions.
((call_expression
  function: (selector_expression
    operand: (identifier) @_package field: (field_identifier) @_function)
  arguments: (argument_list
    . (raw_string_literal (raw_string_literal_content) @injection.content)))
  (#eq? @_package "regexp")
  (#match? @_function "^(Must)?Compile|^Match")
  (#set! injection.language "regex")
  (#set! injection.overlay))

; Strings whose language a comment names.
(((comment) @injection.language
  . [
    (raw_string_literal (raw_string_literal_content) @injection.content)
    (expression_list . (raw_string_literal (raw_string_literal_content) @injection.content))
  ])
  (#match? @injection.language "(?i)^/\\*\\s*(language=)?(css|html|json|markdown|sql|xml|yaml|regex|regexp)\\s*\\*/$")
  (#set! injection.overlay))
