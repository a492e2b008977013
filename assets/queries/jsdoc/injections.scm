; Examples, which are JavaScript or TypeScript.
([
  (document)
  (ERROR)
] @injection.content
  (#match? @injection.content "@example|```")
  (#set! injection.language "tsx")
  (#set! injection.examples)
  (#set! injection.fragment))
