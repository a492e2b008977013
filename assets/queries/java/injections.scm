; Documentation.
((block_comment) @injection.content
  (#match? @injection.content "^/\\*\\*[^*]")
  (#set! injection.language "jsdoc")
  (#set! injection.overlay))
