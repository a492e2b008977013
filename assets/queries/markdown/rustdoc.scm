; In the documentation of Rust, code is Rust where nothing else is said.
((fenced_code_block
  . (fenced_code_block_delimiter)
  . (block_continuation)?
  . (code_fence_content) @injection.content)
  (#set! injection.language "rust"))
((fenced_code_block
  (info_string (language) @_attribute)
  (code_fence_content) @injection.content)
  (#match? @_attribute "^(compile_fail|edition[0-9]{4}|ignore|no_run|should_panic|standalone_crate|test_harness)")
  (#set! injection.language "rust"))
