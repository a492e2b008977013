(document) @class
(block_mapping) @block
(block_sequence) @block
(flow_mapping) @block @block.inside
(flow_sequence) @block @block.inside
(block_mapping_pair value: (_)? @entry.inside) @entry
(block_sequence_item (_) @entry.inside) @entry
(flow_pair value: (_)? @entry.inside) @entry
(flow_sequence (_) @entry)
(comment) @comment
