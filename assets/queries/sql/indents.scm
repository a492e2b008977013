(select) @indent
(join) @indent
