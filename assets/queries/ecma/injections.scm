; Documentation.
((comment) @injection.content
  (#match? @injection.content "^/\\*\\*[^*]")
  (#set! injection.language "jsdoc")
  (#set! injection.overlay))

; Regular expressions.
((regex_pattern) @injection.content
  (#set! injection.language "regex")
  (#set! injection.overlay))
((new_expression
  constructor: (identifier) @_type
  arguments: (arguments . (string [
    (string_fragment) @injection.content
    (escape_sequence) @injection.escape
  ])))
  (#eq? @_type "RegExp")
  (#set! injection.language "regex")
  (#set! injection.joined)
  (#set! injection.fragment)
  (#set! injection.overlay))

; Strings whose language a tag or a comment names.
((call_expression
  function: (identifier) @injection.language
  arguments: (template_string (string_fragment) @injection.content))
  (#any-of? @injection.language "css" "graphql" "html" "json" "markdown" "md" "sql" "yaml")
  (#set! injection.joined)
  (#set! injection.overlay))
(((comment) @injection.language
  . (template_string (string_fragment) @injection.content))
  (#match? @injection.language "(?i)^/\\*\\s*(language=)?(css|html|json|markdown|sql|xml|yaml)\\s*\\*/$")
  (#set! injection.joined)
  (#set! injection.overlay))
(((comment) @injection.language
  . (string (string_fragment) @injection.content))
  (#match? @injection.language "(?i)^/\\*\\s*(language=)?(css|html|json|markdown|sql|xml|yaml|regex|regexp)\\s*\\*/$")
  (#set! injection.overlay))

; Strings that name SQL themselves, in their first line or before an escape.
((template_string . (string_fragment) @injection.content)
  (#match? @injection.content "(?i)^\\s*--\\s*sql\\b")
  (#set! injection.language "sql")
  (#set! injection.joined)
  (#set! injection.overlay))
((template_string . (string_fragment) @_mark (string_fragment) @injection.content)
  (#match? @_mark "(?i)^\\s*--\\s*sql\\b")
  (#set! injection.language "sql")
  (#set! injection.joined)
  (#set! injection.overlay))
((string . (string_fragment) @injection.content (string_fragment))
  (#match? @injection.content "(?i)^\\s*--\\s*sql\\s*$")
  (#set! injection.language "sql")
  (#set! injection.joined)
  (#set! injection.overlay))
((string . (string_fragment) @_mark (string_fragment) @injection.content)
  (#match? @_mark "(?i)^\\s*--\\s*sql\\s*$")
  (#set! injection.language "sql")
  (#set! injection.joined)
  (#set! injection.overlay))
