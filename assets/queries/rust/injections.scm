; Documentation is Markdown; the lines of a comment are one text.
((line_comment (doc_comment) @injection.content)
  (#set! injection.language "rustdoc")
  (#set! injection.joined)
  (#set! injection.overlay))
((block_comment (doc_comment) @injection.content)
  (#set! injection.language "rustdoc")
  (#set! injection.overlay))

; Regular expressions.
((call_expression
  function: (scoped_identifier path: (identifier) @_type name: (identifier) @_function)
  arguments: (arguments . (raw_string_literal (string_content) @injection.content)))
  (#any-of? @_type "Regex" "RegexBuilder")
  (#eq? @_function "new")
  (#set! injection.language "regex")
  (#set! injection.overlay))
((call_expression
  function: (scoped_identifier
    path: (scoped_identifier name: (identifier) @_type) name: (identifier) @_function)
  arguments: (arguments . (raw_string_literal (string_content) @injection.content)))
  (#any-of? @_type "Regex" "RegexBuilder")
  (#eq? @_function "new")
  (#set! injection.language "regex")
  (#set! injection.overlay))

; Queries of sqlx, and strings whose language a comment names.
((macro_invocation
  macro: (scoped_identifier path: (identifier) @_crate name: (identifier) @_macro)
  (token_tree [
    (string_literal (string_content) @injection.content)
    (raw_string_literal (string_content) @injection.content)
  ]))
  (#eq? @_crate "sqlx")
  (#match? @_macro "^query")
  (#set! injection.language "sql")
  (#set! injection.overlay))
(((block_comment) @injection.language
  . [
    (string_literal (string_content) @injection.content)
    (raw_string_literal (string_content) @injection.content)
  ])
  (#match? @injection.language "(?i)^/\\*\\s*(language=)?(css|html|json|markdown|sql|xml|yaml|regex|regexp)\\s*\\*/$")
  (#set! injection.overlay))

; Strings that name SQL themselves, in their first line or before an escape.
((raw_string_literal . (string_content) @injection.content)
  (#match? @injection.content "(?i)^\\s*--\\s*sql\\b")
  (#set! injection.language "sql")
  (#set! injection.joined)
  (#set! injection.overlay))
((string_literal . (string_content) @injection.content (string_content))
  (#match? @injection.content "(?i)^\\s*--\\s*sql\\s*$")
  (#set! injection.language "sql")
  (#set! injection.joined)
  (#set! injection.overlay))
((string_literal . (string_content) @_mark (string_content) @injection.content)
  (#match? @_mark "(?i)^\\s*--\\s*sql\\s*$")
  (#set! injection.language "sql")
  (#set! injection.joined)
  (#set! injection.overlay))
