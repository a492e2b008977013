; Regular expressions.
((field_expression
  value: (string) @injection.content
  field: (identifier) @_function)
  (#eq? @_function "r")
  (#set! injection.language "regex")
  (#set! injection.in_quotes)
  (#set! injection.fragment)
  (#set! injection.overlay))

; Strings whose language their interpolator or a comment names, beside them or in the line above, or
; they themselves do in their first line.
((interpolated_string_expression
  interpolator: (identifier) @injection.language
  (interpolated_string) @injection.content)
  (#any-of? @injection.language "css" "html" "json" "sql" "xml" "yaml")
  (#set! injection.in_quotes)
  (#set! injection.overlay))
(((block_comment) @injection.language
  . (string) @injection.content)
  (#match? @injection.language "(?i)^/\\*\\s*(language=)?(css|html|json|markdown|sql|xml|yaml|regex|regexp)\\s*\\*/$")
  (#set! injection.in_quotes)
  (#set! injection.overlay))
(((comment) @injection.language
  . (val_definition value: (string) @injection.content))
  (#match? @injection.language "(?i)^//\\s*language=(css|html|json|markdown|sql|xml|yaml|regex|regexp)\\s*$")
  (#set! injection.in_quotes)
  (#set! injection.overlay))
((string) @injection.content
  (#match? @injection.content "(?i)^\"+\\s*--\\s*sql\\b")
  (#set! injection.language "sql")
  (#set! injection.in_quotes)
  (#set! injection.overlay))
