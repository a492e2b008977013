//! Copy, cut and paste, with one piece a caret.

use editor_core::clipboard::{self, Clip};
use gpui_kit::{App, ClipboardItem, Context, Window};
use serde::{Deserialize, Serialize};
use syntax::LanguageId;
use workspace::Buffer;

use crate::view::EditorView;

/// What goes with copied text, so that it comes back caret by caret.
#[derive(Deserialize, Serialize)]
struct ClipMetadata {
    entries: Vec<String>,
    whole_rows: bool,
}

impl EditorView {
    pub(crate) fn copy(&mut self, cx: &mut Context<Self>) {
        let clip = clipboard::copy(&self.text(cx), &self.selections);
        write(&clip, cx);
    }

    pub(crate) fn cut(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let (transaction, clip) = clipboard::cut(&self.text(cx), &self.selections);
        write(&clip, cx);
        self.edit(transaction, window, cx);
    }

    pub(crate) fn paste_clipboard(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        if let Some(item) = cx.read_from_clipboard() {
            self.paste_item(&item, window, cx);
        }
    }

    pub(crate) fn paste_item(
        &mut self,
        item: &ClipboardItem,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let Some(text) = item.text() else {
            return;
        };
        let own = item
            .metadata()
            .and_then(|metadata| serde_json::from_str::<ClipMetadata>(metadata).ok())
            .map(|metadata| Clip {
                entries: metadata.entries,
                whole_rows: metadata.whole_rows,
            })
            // The text may have been changed by another program since.
            .filter(|clip| clip.text() == text);
        let clip = own.unwrap_or_else(|| Clip::external(&text));
        self.edit_with(window, cx, |text, selections| {
            clipboard::paste(text, selections, &clip)
        });
    }

    pub(crate) fn insert_pasted(
        &mut self,
        pasted: &str,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        self.edit_with(window, cx, |text, selections| {
            clipboard::paste(text, selections, &Clip::external(pasted))
        });
    }

    /// The language of the document.
    pub(crate) fn language(&self, cx: &App) -> LanguageId {
        self.buffer_ref(cx)
            .map_or(LanguageId::PLAIN, Buffer::language)
    }

    /// Cells of a tab.
    pub(crate) fn tab_size(&self) -> u32 {
        self.indent.tab_size
    }
}

fn write(clip: &Clip, cx: &mut App) {
    if clip.entries.iter().all(String::is_empty) {
        return;
    }
    let metadata = ClipMetadata {
        entries: clip.entries.clone(),
        whole_rows: clip.whole_rows,
    };
    cx.write_to_clipboard(ClipboardItem::new_string_with_json_metadata(
        clip.text(),
        metadata,
    ));
}
