; What is handed to a component is no part of the file that somebody looks for.
(jsx_attribute) @skip
