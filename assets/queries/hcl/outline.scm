(block . (identifier) @name) @class
(block . (identifier) @name . (string_lit) @name) @class
(block . (identifier) @name . (string_lit) @name . (string_lit) @name) @class
(attribute . (identifier) @name) @property
