; Plain JavaScript: parameters stand directly in the list.
(formal_parameters (identifier) @variable.parameter)
(formal_parameters (assignment_pattern left: (identifier) @variable.parameter))
(formal_parameters [
  (object_pattern (shorthand_property_identifier_pattern) @variable.parameter)
  (object_pattern
    (object_assignment_pattern left: (shorthand_property_identifier_pattern) @variable.parameter))
  (object_pattern (pair_pattern value: (identifier) @variable.parameter))
  (object_pattern (rest_pattern (identifier) @variable.parameter))
])
(formal_parameters (assignment_pattern left: [
  (object_pattern (shorthand_property_identifier_pattern) @variable.parameter)
  (object_pattern
    (object_assignment_pattern left: (shorthand_property_identifier_pattern) @variable.parameter))
  (object_pattern (pair_pattern value: (identifier) @variable.parameter))
  (object_pattern (rest_pattern (identifier) @variable.parameter))
]))
(formal_parameters (array_pattern (identifier) @variable.parameter))
(formal_parameters (rest_pattern (identifier) @variable.parameter))
(class_heritage (identifier) @type)
(field_definition property: (property_identifier) @property)
"using" @keyword.storage
