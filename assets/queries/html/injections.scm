((script_element
  (start_tag
    (attribute
      (attribute_name) @_name
      (quoted_attribute_value (attribute_value) @_type)))
  (raw_text) @injection.content)
  (#eq? @_name "type")
  (#match? @_type "json|importmap")
  (#set! injection.language "json"))
((script_element
  (start_tag
    (attribute
      (attribute_name) @_name
      (quoted_attribute_value (attribute_value) @_language)))
  (raw_text) @injection.content)
  (#any-of? @_name "type" "lang")
  (#match? @_language "^(ts|typescript|text/typescript)$")
  (#set! injection.language "typescript"))
((script_element (raw_text) @injection.content)
  (#set! injection.language "javascript"))
((style_element (raw_text) @injection.content)
  (#set! injection.language "css"))
((attribute
  (attribute_name) @_name
  (quoted_attribute_value (attribute_value) @injection.content))
  (#match? @_name "(?i)^on[a-z]+$")
  (#set! injection.language "javascript"))
((attribute
  (attribute_name) @_name
  [
    (quoted_attribute_value (attribute_value) @injection.content)
    (attribute_value) @injection.content
  ])
  (#match? @_name "(?i)^style$")
  (#set! injection.language "css")
  (#set! injection.declarations)
  (#set! injection.fragment))
