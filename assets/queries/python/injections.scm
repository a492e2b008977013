; Regular expressions.
((call
  function: (attribute object: (identifier) @_module attribute: (identifier) @_function)
  arguments: (argument_list . (string (string_content) @injection.content)))
  (#any-of? @_module "re" "regex")
  (#any-of? @_function
    "compile" "findall" "finditer" "fullmatch" "match" "search" "split" "sub" "subn")
  (#set! injection.language "regex")
  (#set! injection.overlay))

; Strings whose language a comment in the line above names, or they themselves do in their first.
(((comment) @injection.language
  . (expression_statement
    (assignment right: (string (string_content) @injection.content))))
  (#match? @injection.language "(?i)^#\\s*(language=)?(css|html|json|markdown|sql|xml|yaml|regex|regexp)\\s*$")
  (#set! injection.overlay))
((string (string_content) @injection.content)
  (#match? @injection.content "(?i)^\\s*--\\s*sql\\b")
  (#set! injection.language "sql")
  (#set! injection.joined)
  (#set! injection.overlay))
((string (string_content) @_mark (string_content) @injection.content)
  (#match? @_mark "(?i)^\\s*--\\s*sql\\b")
  (#set! injection.language "sql")
  (#set! injection.joined)
  (#set! injection.overlay))
