; Strings whose language a tag names that has types. The grammar takes them for a comparison where
; there is one, and else for what a mark is missing in.
((binary_expression
  left: (binary_expression
    left: [
      (identifier) @injection.language
      (await_expression (identifier) @injection.language)
      (member_expression property: (property_identifier) @injection.language)
    ]
    "<")
  ">"
  right: (template_string (string_fragment) @injection.content))
  (#any-of? @injection.language "css" "graphql" "html" "json" "markdown" "md" "sql" "yaml")
  (#set! injection.joined)
  (#set! injection.overlay))
((binary_expression
  left: [
    (identifier) @injection.language
    (await_expression (identifier) @injection.language)
    (member_expression property: (property_identifier) @injection.language)
  ]
  "<"
  right: (binary_expression
    left: (identifier)
    "<"
    right: (binary_expression
      left: (identifier)
      ">>"
      right: (template_string (string_fragment) @injection.content))))
  (#any-of? @injection.language "css" "graphql" "html" "json" "markdown" "md" "sql" "yaml")
  (#set! injection.joined)
  (#set! injection.overlay))
((call_expression
  function: (non_null_expression (instantiation_expression . [
    (identifier) @injection.language
    (await_expression (identifier) @injection.language)
    (member_expression property: (property_identifier) @injection.language)
  ]))
  arguments: (template_string (string_fragment) @injection.content))
  (#any-of? @injection.language "css" "graphql" "html" "json" "markdown" "md" "sql" "yaml")
  (#set! injection.joined)
  (#set! injection.overlay))

; The same with types that are one of several.
((binary_expression
  left: (binary_expression
    left: [
      (identifier) @injection.language
      (await_expression (identifier) @injection.language)
      (member_expression property: (property_identifier) @injection.language)
    ]
    "<")
  ["|" "&"]
  right: (binary_expression
    ">"
    right: (template_string (string_fragment) @injection.content)))
  (#any-of? @injection.language "css" "graphql" "html" "json" "markdown" "md" "sql" "yaml")
  (#set! injection.joined)
  (#set! injection.overlay))
((binary_expression
  left: (binary_expression
    left: (binary_expression
      left: [
        (identifier) @injection.language
        (await_expression (identifier) @injection.language)
        (member_expression property: (property_identifier) @injection.language)
      ]
      "<")
    ["|" "&"])
  ["|" "&"]
  right: (binary_expression
    ">"
    right: (template_string (string_fragment) @injection.content)))
  (#any-of? @injection.language "css" "graphql" "html" "json" "markdown" "md" "sql" "yaml")
  (#set! injection.joined)
  (#set! injection.overlay))
((binary_expression
  left: (binary_expression
    left: (binary_expression
      left: (binary_expression
        left: [
          (identifier) @injection.language
          (await_expression (identifier) @injection.language)
          (member_expression property: (property_identifier) @injection.language)
        ]
        "<")
      ["|" "&"])
    ["|" "&"])
  ["|" "&"]
  right: (binary_expression
    ">"
    right: (template_string (string_fragment) @injection.content)))
  (#any-of? @injection.language "css" "graphql" "html" "json" "markdown" "md" "sql" "yaml")
  (#set! injection.joined)
  (#set! injection.overlay))
