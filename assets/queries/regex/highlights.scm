(pattern) @string.regexp
(pattern_character) @string.regexp
(class_character) @constant
[
  (start_assertion)
  (end_assertion)
  (boundary_assertion)
  (non_boundary_assertion)
] @keyword.control
(any_character) @constant.builtin
(character_class_escape) @constant.builtin
(posix_character_class) @constant.builtin
[
  (control_escape)
  (control_letter_escape)
  (identity_escape)
  (decimal_escape)
  (unicode_character_escape)
] @string.escape
(character_class_escape (unicode_character_escape) @string.escape)
(unicode_property_name) @property
(unicode_property_value) @constant
(class_range) @constant
(class_range "-" @operator)
[
  (one_or_more)
  (zero_or_more)
  (optional)
  (lazy)
] @operator
(count_quantifier) @operator
(decimal_digits) @number
(group_name) @label
(backreference_escape) @label
(named_group_backreference) @label
(flags) @keyword.storage
"|" @operator
[
  "("
  ")"
  "(?"
  "(?:"
  "(?<"
  "(?P<"
  "(?P="
  "["
  "]"
  "{"
  "}"
] @punctuation.bracket
(named_capturing_group ">" @punctuation.bracket)
(lookaround_assertion ["=" "!" "<"] @operator)
(character_class "^" @operator)
