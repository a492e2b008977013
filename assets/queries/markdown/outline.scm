(section . (atx_heading heading_content: (_) @name)) @section
; The grammar begins no section at an underlined heading.
(setext_heading heading_content: (_) @name) @section
