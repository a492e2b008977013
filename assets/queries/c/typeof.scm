; A type that is taken from an expression, which the grammar takes for a macro.
((macro_type_specifier name: (identifier) @keyword.operator)
  (#any-of? @keyword.operator "typeof" "typeof_unqual" "__typeof__"))
