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

; Strings that name SQL themselves, in their first line or before an escape.
((raw_string_literal . (raw_string_literal_content) @injection.content)
  (#match? @injection.content "(?i)^\\s*--\\s*sql\\b")
  (#set! injection.language "sql")
  (#set! injection.joined)
  (#set! injection.overlay))
((interpreted_string_literal . (interpreted_string_literal_content) @injection.content (interpreted_string_literal_content))
  (#match? @injection.content "(?i)^\\s*--\\s*sql\\s*$")
  (#set! injection.language "sql")
  (#set! injection.joined)
  (#set! injection.overlay))
((interpreted_string_literal . (interpreted_string_literal_content) @_mark (interpreted_string_literal_content) @injection.content)
  (#match? @_mark "(?i)^\\s*--\\s*sql\\s*$")
  (#set! injection.language "sql")
  (#set! injection.joined)
  (#set! injection.overlay))
