(command) @keyword.import
(command "diff" @keyword.control)
(filename) @string.special
[
  (index)
  (similarity)
  (file_change)
  (binary_change)
] @keyword.import
(old_file (filename) @markup.deleted)
(new_file (filename) @markup.inserted)
(old_file) @markup.deleted
(new_file) @markup.inserted
(commit) @constant
(mode) @number
(score) @number
(argument) @attribute
(location) @function
(linerange) @number
(addition) @markup.inserted
(deletion) @markup.deleted
(context) @text
(comment) @comment
