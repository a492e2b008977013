; Headings, with their level.
(atx_heading (atx_h1_marker)) @markup.heading.1
(atx_heading (atx_h2_marker)) @markup.heading.2
(atx_heading (atx_h3_marker)) @markup.heading.3
(atx_heading (atx_h4_marker)) @markup.heading.4
(atx_heading (atx_h5_marker)) @markup.heading.5
(atx_heading (atx_h6_marker)) @markup.heading.6
(setext_heading (setext_h1_underline)) @markup.heading.1
(setext_heading (setext_h2_underline)) @markup.heading.2
[
  (atx_h1_marker)
  (atx_h2_marker)
  (atx_h3_marker)
  (atx_h4_marker)
  (atx_h5_marker)
  (atx_h6_marker)
  (setext_h1_underline)
  (setext_h2_underline)
] @markup.heading.marker

; Code.
[
  (indented_code_block)
  (fenced_code_block)
] @markup.raw.block
(fenced_code_block_delimiter) @punctuation.delimiter
(info_string) @label
[
  (minus_metadata)
  (plus_metadata)
] @comment
(html_block) @markup.raw.block

; Lists and tasks.
[
  (list_marker_plus)
  (list_marker_minus)
  (list_marker_star)
  (list_marker_dot)
  (list_marker_parenthesis)
] @markup.list
(task_list_marker_checked) @markup.list.checked
(task_list_marker_unchecked) @markup.list.unchecked

; Quotes, rules and tables.
(block_quote) @markup.quote
(block_quote_marker) @punctuation.special
(block_continuation) @punctuation.special
(thematic_break) @punctuation.special
(pipe_table_header (pipe_table_cell) @markup.strong)
(pipe_table_header "|" @punctuation.delimiter)
(pipe_table_row "|" @punctuation.delimiter)
(pipe_table_delimiter_row) @punctuation.delimiter

; Link definitions.
(link_reference_definition (link_label) @markup.link.label)
(link_reference_definition (link_destination) @markup.link.url)
(link_reference_definition (link_title) @string)

(backslash_escape) @string.escape
(entity_reference) @string.escape
(numeric_character_reference) @string.escape
