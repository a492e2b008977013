//! The declarations of a `style` attribute of HTML, which stand in no rule of CSS: `color: red`.
//!
//! The grammar knows declarations outside of rules, but only such as end with `;`, and the last one
//! of an attribute mostly does not.

/// What is read behind the declarations, so that the last one is whole.
pub(crate) fn end(source: &str) -> &'static [u8] {
    match source.trim_end().ends_with([';', '}']) {
        true => b"",
        false => b";",
    }
}
