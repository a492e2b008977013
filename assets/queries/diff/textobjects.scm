(block) @class
(hunk changes: (_) @block.inside) @block
(comment) @comment
[
  (addition)
  (deletion)
] @entry
