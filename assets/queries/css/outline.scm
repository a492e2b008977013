(rule_set (selectors) @name) @section
(media_statement "@media" @name (_)+ @name . (block)) @section
(keyframes_statement "@keyframes" @name (keyframes_name) @name) @section
((declaration (property_name) @name) @property
  (#match? @name "^--"))
((at_rule (at_keyword) @name (block)) @section
  (#eq? @name "@font-face"))
(at_rule (at_keyword) @name [
  (binary_query)
  (feature_query)
  (keyword_query)
  (parenthesized_query)
  (selector_query)
  (unary_query)
  (ERROR)
]+ @name . (block)) @section
(supports_statement "@supports" @name (_)+ @name . (block)) @section
(scope_statement "@scope" @name (_)* @name . (block)) @section
