(fenced_code_block
  (info_string (language) @injection.language)
  (code_fence_content) @injection.content)

((inline) @injection.content
  (#set! injection.language "markdown_inline")
  (#set! injection.overlay))

((pipe_table_cell) @injection.content
  (#set! injection.language "markdown_inline")
  (#set! injection.overlay))

; What stands above the text.
((minus_metadata) @injection.content
  (#set! injection.language "yaml"))

((html_block) @injection.content
  (#set! injection.language "html")
  (#set! injection.fragment))
