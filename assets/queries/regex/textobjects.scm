[
  (anonymous_capturing_group)
  (named_capturing_group)
  (non_capturing_group)
  (lookaround_assertion)
] @block @block.inside
(character_class) @block @block.inside
(alternation (term) @entry)
