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
    #[serde(default)]
    indents: Vec<String>,
}

/// What becomes of the indentation of rows that are pasted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum PastedRows {
    /// They are moved to where they belong, if the settings say so.
    Indented,
    /// They stay as they were copied.
    AsCopied,
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

    pub(crate) fn paste_clipboard(
        &mut self,
        rows: PastedRows,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        if let Some(item) = cx.read_from_clipboard() {
            self.paste_item(&item, rows, window, cx);
        }
    }

    pub(crate) fn paste_item(
        &mut self,
        item: &ClipboardItem,
        rows: PastedRows,
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
                indents: metadata.indents,
            })
            // The text may have been changed by another program since.
            .filter(|clip| clip.text() == text);
        let clip = own.unwrap_or_else(|| Clip::external(&text));
        self.paste_clip(&clip, rows, window, cx);
    }

    /// One step of undo, whatever becomes of its rows.
    fn paste_clip(
        &mut self,
        clip: &Clip,
        rows: PastedRows,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let text = self.text(cx);
        let selections = &self.selections;
        let indents =
            rows == PastedRows::Indented && self.language_settings(cx).typing.auto_indent_on_paste;
        let transaction = match indents {
            true => self.with_indenting(cx, |indenting| {
                clipboard::paste_indented(&text, selections, clip, indenting)
            }),
            false => clipboard::paste(&text, selections, clip),
        };
        let begins = text.is_empty();
        self.edit(transaction, window, cx);
        if begins {
            self.detect_language_of_pasted(cx);
        }
    }

    /// Finds out what language a new text is in that began with what was pasted, unless somebody said
    /// which.
    fn detect_language_of_pasted(&mut self, cx: &mut Context<Self>) {
        let is_new = self.buffer_ref(cx).is_some_and(|buffer| {
            let is_open = buffer.language() == LanguageId::PLAIN;
            is_open && buffer.untitled_number().is_some() && buffer.chosen_language().is_none()
        });
        if is_new {
            let buffer = self.buffer;
            self.model
                .update(cx, |model, cx| model.detect_language(buffer, cx).detach());
        }
    }

    pub(crate) fn insert_pasted(
        &mut self,
        pasted: &str,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        self.paste_clip(&Clip::external(pasted), PastedRows::Indented, window, cx);
    }

    /// The language of the document.
    pub(crate) fn language(&self, cx: &App) -> LanguageId {
        self.buffer_ref(cx)
            .map_or(LanguageId::PLAIN, Buffer::language)
    }

    /// Cells of a tab.
    pub(crate) fn tab_size(&self) -> u32 {
        let here = self.options_here.tab_size;
        here.unwrap_or(self.indent.tab_size)
    }
}

fn write(clip: &Clip, cx: &mut App) {
    if clip.entries.iter().all(String::is_empty) {
        return;
    }
    let metadata = ClipMetadata {
        entries: clip.entries.clone(),
        whole_rows: clip.whole_rows,
        indents: clip.indents.clone(),
    };
    cx.write_to_clipboard(ClipboardItem::new_string_with_json_metadata(
        clip.text(),
        metadata,
    ));
}
