; What a macro stands for is a part of a text in the same language. A comment in it makes an error of
; what stands before.
((preproc_def value: (preproc_arg) @injection.content)
  (#set! injection.language "c")
  (#set! injection.overlay)
  (#set! injection.fragment))
((preproc_function_def value: (preproc_arg) @injection.content)
  (#set! injection.language "c")
  (#set! injection.overlay)
  (#set! injection.fragment))
((preproc_def (ERROR (preproc_arg) @injection.content))
  (#set! injection.language "c")
  (#set! injection.overlay)
  (#set! injection.fragment))
