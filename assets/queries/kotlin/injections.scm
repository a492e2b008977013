; Regular expressions.
((call_expression
  (simple_identifier) @_function
  (call_suffix (value_arguments
    . (value_argument (string_literal (string_content) @injection.content) @injection.escaped))))
  (#eq? @_function "Regex")
  (#set! injection.language "regex")
  (#set! injection.joined)
  (#set! injection.fragment)
  (#set! injection.overlay))
((call_expression
  (navigation_expression
    (simple_identifier) @_type
    (navigation_suffix (simple_identifier) @_function))
  (call_suffix (value_arguments
    . (value_argument (string_literal (string_content) @injection.content) @injection.escaped))))
  (#eq? @_type "Pattern")
  (#any-of? @_function "compile" "matches")
  (#set! injection.language "regex")
  (#set! injection.joined)
  (#set! injection.fragment)
  (#set! injection.overlay))
((navigation_expression
  (string_literal (string_content) @injection.content) @injection.escaped
  (navigation_suffix (simple_identifier) @_function))
  (#any-of? @_function "toRegex" "toPattern")
  (#set! injection.language "regex")
  (#set! injection.joined)
  (#set! injection.fragment)
  (#set! injection.overlay))

; Strings whose language a comment names, beside them or in the line above, or they themselves do in
; their first line.
(((multiline_comment) @injection.language
  . (string_literal (string_content) @injection.content))
  (#match? @injection.language "(?i)^/\\*\\s*(language=)?(css|html|json|markdown|sql|xml|yaml|regex|regexp)\\s*\\*/$")
  (#set! injection.joined)
  (#set! injection.overlay))
(((line_comment) @injection.language
  . (property_declaration (string_literal (string_content) @injection.content)))
  (#match? @injection.language "(?i)^//\\s*language=(css|html|json|markdown|sql|xml|yaml|regex|regexp)\\s*$")
  (#set! injection.joined)
  (#set! injection.overlay))
((string_literal . (string_content) @injection.content)
  (#match? @injection.content "(?i)^\\s*--\\s*sql\\b")
  (#set! injection.language "sql")
  (#set! injection.overlay))
