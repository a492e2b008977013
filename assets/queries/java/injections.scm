; Documentation.
((block_comment) @injection.content
  (#match? @injection.content "^/\\*\\*[^*]")
  (#set! injection.language "jsdoc")
  (#set! injection.overlay))

; Regular expressions.
((method_invocation
  object: (identifier) @_type
  name: (identifier) @_function
  arguments: (argument_list
    . (string_literal [
      (string_fragment) @injection.content
      (multiline_string_fragment) @injection.content
      (escape_sequence) @injection.escape
    ])))
  (#eq? @_type "Pattern")
  (#any-of? @_function "compile" "matches")
  (#set! injection.language "regex")
  (#set! injection.joined)
  (#set! injection.fragment)
  (#set! injection.overlay))
((method_invocation
  name: (identifier) @_function
  arguments: (argument_list
    . (string_literal [
      (string_fragment) @injection.content
      (multiline_string_fragment) @injection.content
      (escape_sequence) @injection.escape
    ])))
  (#any-of? @_function "matches" "replaceAll" "replaceFirst")
  (#set! injection.language "regex")
  (#set! injection.joined)
  (#set! injection.fragment)
  (#set! injection.overlay))

; Strings whose language a comment names, beside them or in the line above, or they themselves do in
; their first line.
(((block_comment) @injection.language
  . (string_literal [(string_fragment) (multiline_string_fragment)] @injection.content))
  (#match? @injection.language "(?i)^/\\*\\s*(language=)?(css|html|json|markdown|sql|xml|yaml|regex|regexp)\\s*\\*/$")
  (#set! injection.joined)
  (#set! injection.overlay))
(((line_comment) @injection.language
  . [
    (field_declaration (variable_declarator
      (string_literal [(string_fragment) (multiline_string_fragment)] @injection.content)))
    (local_variable_declaration (variable_declarator
      (string_literal [(string_fragment) (multiline_string_fragment)] @injection.content)))
  ])
  (#match? @injection.language "(?i)^//\\s*language=(css|html|json|markdown|sql|xml|yaml|regex|regexp)\\s*$")
  (#set! injection.joined)
  (#set! injection.overlay))
((string_literal (multiline_string_fragment) @injection.content)
  (#match? @injection.content "(?i)^\\s*--\\s*sql\\b")
  (#set! injection.language "sql")
  (#set! injection.overlay))
