(emphasis) @markup.italic
(strong_emphasis) @markup.strong
(strikethrough) @markup.strikethrough
(strong_emphasis (emphasis) @markup.strong.italic)
(emphasis (strong_emphasis) @markup.strong.italic)
(emphasis_delimiter) @punctuation.delimiter
(code_span) @markup.raw
(code_span_delimiter) @punctuation.delimiter
(latex_block) @markup.raw
(latex_span_delimiter) @punctuation.delimiter

; Links and pictures.
(link_text) @markup.link.label
(link_label) @markup.link.label
(image_description) @markup.link.label
(link_destination) @markup.link.url
(link_title) @string
[
  (uri_autolink)
  (email_autolink)
] @markup.link.url
(inline_link ["[" "]" "(" ")"] @punctuation.delimiter)
(full_reference_link ["[" "]"] @punctuation.delimiter)
(collapsed_reference_link ["[" "]"] @punctuation.delimiter)
(image ["!" "[" "]" "(" ")"] @punctuation.delimiter)

(html_tag) @tag
((html_tag) @comment
  (#match? @comment "^<!--"))
[
  (backslash_escape)
  (hard_line_break)
  (entity_reference)
  (numeric_character_reference)
] @string.escape

; Boxes that the block grammar takes for none: of a task that is under way (`[-]`), and of one that
; may be left out (`[ ]*`). They are no links.
((inline . (shortcut_link (link_text) @markup.list.unchecked) @markup.list.unchecked) @_text
  (#match? @_text "^\\[[ ~-]\\]"))
((inline . (shortcut_link (link_text) @markup.list.checked) @markup.list.checked) @_text
  (#match? @_text "^\\[[xX]\\]"))
