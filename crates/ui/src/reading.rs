//! Where the keyboard is in something that shows text and takes none.

use gpui_kit::Window;

/// The key context of what only shows: letters pressed in it are typed nowhere, so that a question
/// may take the keyboard from it. The fields in it take text all the same.
pub const READING_CONTEXT: &str = "Reading";

/// The key context of gpui-kit's text fields.
const FIELD_CONTEXT: &str = "Input";

/// Whether letters would be typed nowhere, because what has the keyboard only shows.
pub fn is_reading(window: &Window) -> bool {
    let around = window.context_stack();
    let innermost = around
        .iter()
        .rev()
        .find(|context| context.contains(READING_CONTEXT) || context.contains(FIELD_CONTEXT));
    innermost.is_some_and(|context| context.contains(READING_CONTEXT))
}
