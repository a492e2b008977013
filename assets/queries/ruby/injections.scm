; Texts that are called what they are in.
((heredoc_body
  (heredoc_content) @injection.content
  (heredoc_end) @injection.language)
  (#set! injection.joined)
  (#set! injection.overlay))

; Regular expressions.
((regex [(string_content) (escape_sequence)] @injection.content)
  (#set! injection.language "regex")
  (#set! injection.joined)
  (#set! injection.fragment)
  (#set! injection.overlay))
