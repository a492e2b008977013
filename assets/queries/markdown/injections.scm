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
; The grammar has no block of HTML in an item or a quote where an empty line ends it.
([
  (list_item (ERROR) @injection.content)
  (block_quote (ERROR) @injection.content)
]
  (#match? @injection.content "(?m)^[ \t>]*<[A-Za-z/!?]")
  (#set! injection.language "html")
  (#set! injection.fragment))
