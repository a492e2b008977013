; Texts that are called what they are in.
((heredoc_template
  (heredoc_identifier) @injection.language
  (template_literal) @injection.content)
  (#set! injection.joined)
  (#set! injection.overlay))
