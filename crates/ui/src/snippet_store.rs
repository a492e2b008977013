//! The snippets of the person and of the folder, for every view.

use gpui_kit::{App, Global};
use settings::SnippetEntry;

/// The snippets that can be put in, those of the folder last.
#[derive(Default)]
pub struct SnippetStore(Vec<SnippetEntry>);

impl Global for SnippetStore {}

impl SnippetStore {
    /// Takes these snippets in the place of all others.
    pub fn set(entries: Vec<SnippetEntry>, cx: &mut App) {
        cx.set_global(Self(entries));
    }

    /// The snippets for a language, by its identifier.
    pub fn for_language<'a>(
        language: &'a str,
        cx: &'a App,
    ) -> impl Iterator<Item = &'a SnippetEntry> {
        cx.try_global::<Self>()
            .map(|store| store.0.as_slice())
            .unwrap_or_default()
            .iter()
            .filter(move |entry| entry.is_for(language))
    }
}
