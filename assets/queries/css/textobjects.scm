(rule_set (block) @class.inside) @class
(media_statement (block) @class.inside) @class
(supports_statement (block) @class.inside) @class
(keyframes_statement (_) @class.inside .) @class
(at_rule) @class
(arguments (_) @parameter)
[
  (comment)
  (js_comment)
] @comment
(block) @block @block.inside
(keyframe_block (block) @block.inside) @block
(declaration) @entry
