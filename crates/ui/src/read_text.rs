//! Showing what a file might come to hold in an editor.

use editor_core::Text;
use gpui_kit::{App, Global, Window, WindowId};
use std::collections::HashMap;
use std::path::PathBuf;
use std::rc::Rc;

/// A text to be read in an editor, which is no file.
#[derive(Clone, Debug)]
pub struct TextToRead {
    /// The file that might come to hold it, as an absolute path.
    pub of: PathBuf,
    /// What its tab says. There is one tab for a file and a name: another text takes the place of
    /// the one in it.
    pub name: String,
    /// The text.
    pub text: Text,
    /// What it takes the place of: where the two differ is shown.
    pub before: Option<Text>,
    /// Whether its end is shown first, as of a log, where the newest is.
    pub at_end: bool,
}

type Handler = Rc<dyn Fn(TextToRead, &mut Window, &mut App)>;

/// The workbench of each window, as far as such texts go.
#[derive(Default)]
struct Handlers(HashMap<WindowId, Handler>);

impl Global for Handlers {}

/// Makes `handler` the one that [`read_text`] calls in this window.
pub fn set_read_text_handler(
    window: &Window,
    cx: &mut App,
    handler: impl Fn(TextToRead, &mut Window, &mut App) + 'static,
) {
    let id = window.window_handle().window_id();
    let handlers = cx.default_global::<Handlers>();
    handlers.0.insert(id, Rc::new(handler));
}

/// Asks the window's workbench to show a text in the active editor group. Deferred, because the view
/// that asks is often being updated itself.
pub fn read_text(text: TextToRead, window: &mut Window, cx: &mut App) {
    let id = window.window_handle().window_id();
    let handlers = cx.try_global::<Handlers>();
    match handlers.and_then(|handlers| handlers.0.get(&id).cloned()) {
        Some(handler) => window.defer(cx, move |window, cx| handler(text, window, cx)),
        None => tracing::warn!("no workbench to show a text"),
    }
}
