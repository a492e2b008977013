; The page around the code, which is one text.
((text) @injection.content
  (#not-match? @injection.content "^#!")
  (#set! injection.language "html")
  (#set! injection.combined))

; Texts that are called what they are in.
((heredoc
  identifier: (heredoc_start) @injection.language
  value: (heredoc_body (string_content) @injection.content))
  (#set! injection.joined)
  (#set! injection.overlay))
((nowdoc
  identifier: (heredoc_start) @injection.language
  value: (nowdoc_body (nowdoc_string) @injection.content))
  (#set! injection.joined)
  (#set! injection.overlay))

; Regular expressions, between slashes.
((function_call_expression
  function: (name) @_function
  arguments: (arguments . (argument (string (string_content) @injection.content))))
  (#match? @_function "^preg_")
  (#set! injection.language "regex")
  (#set! injection.overlay))

; Strings behind a comment that says what they are in.
((_
  (comment) @injection.language
  . [
    (string (string_content) @injection.content)
    (encapsed_string (string_content) @injection.content)
    (argument (string (string_content) @injection.content))
    (argument (encapsed_string (string_content) @injection.content))
  ])
  (#match? @injection.language "(?i)^/\\*\\s*(language=)?(css|html|json|markdown|sql|xml|yaml|regex|regexp)\\s*\\*/$")
  (#set! injection.joined)
  (#set! injection.overlay))

; Strings that name SQL themselves, in their first line or before an escape.
((string . (string_content) @injection.content)
  (#match? @injection.content "(?i)^\\s*--\\s*sql\\b")
  (#set! injection.language "sql")
  (#set! injection.joined)
  (#set! injection.overlay))
((encapsed_string . (string_content) @injection.content (string_content))
  (#match? @injection.content "(?i)^\\s*--\\s*sql\\s*$")
  (#set! injection.language "sql")
  (#set! injection.joined)
  (#set! injection.overlay))
((encapsed_string . (string_content) @_mark (string_content) @injection.content)
  (#match? @_mark "(?i)^\\s*--\\s*sql\\s*$")
  (#set! injection.language "sql")
  (#set! injection.joined)
  (#set! injection.overlay))
