(rule_set (selectors) @name) @section
(media_statement "@media" @name (_) @name (block)) @section
(keyframes_statement "@keyframes" @name (keyframes_name) @name) @section
((declaration (property_name) @name) @property
  (#match? @name "^--"))
((at_rule (at_keyword) @name (block)) @section
  (#eq? @name "@font-face"))
(at_rule (at_keyword) @name (keyword_query) @name (block)) @section
