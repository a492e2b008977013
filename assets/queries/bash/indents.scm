(case_item) @indent
(pipeline) @indent
