; Texts that are called what they are in.
((heredoc_body
  (heredoc_content) @injection.content
  (heredoc_end) @injection.language)
  (#set! injection.joined)
  (#set! injection.overlay))
