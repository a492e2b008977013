(section . (atx_heading) (_)* @class.inside) @class
(section . (setext_heading) (_)* @class.inside) @class
(fenced_code_block (code_fence_content)? @block.inside) @block
(indented_code_block) @block
(block_quote) @block
(pipe_table) @block
(list) @block
(list_item (_) . (_)+ @entry.inside) @entry
(pipe_table_row) @entry
