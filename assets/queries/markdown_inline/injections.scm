; Tags among the words. A comment is one as it is.
((html_tag) @injection.content
  (#not-match? @injection.content "^<!--")
  (#set! injection.language "html")
  (#set! injection.fragment)
  (#set! injection.overlay))
