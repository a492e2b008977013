(block (command (filename) @name)) @section
(block (new_file (filename) @name)) @section
(hunk (location) @name) @section
