(table . (_) @name) @module
(table_array_element . (_) @name) @module
(pair . (_) @name) @property
