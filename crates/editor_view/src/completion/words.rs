//! Words of the open texts, suggested where no language server suggests anything, as in VS Code.

use std::ops::Range;

use editor_core::{Text, WordChars, WordList};
use gpui_kit::{Context, Task};
use lsp::CompletionItem;
use settings::WordSuggestions;
use workspace::Buffer;

use crate::languages;
use crate::view::EditorView;

/// Letters of a word before others come by themselves. A server knows what fits, and a list of mere
/// words would be in the way of each short one.
pub(super) const LEAST_TYPED: usize = 3;
/// Bytes on either side of the caret whose words are taken.
const AROUND: usize = 1 << 20;
/// Bytes from the beginning of each other text whose words are taken.
const OF_OTHERS: usize = 1 << 18;
/// Other texts whose words are taken.
const MOST_OTHERS: usize = 16;

impl EditorView {
    /// The words that may be meant by the one that ends at the caret, the nearest first; empty where
    /// none are to be suggested.
    pub(super) fn words_near(
        &self,
        text: &Text,
        word: Range<usize>,
        is_asked: bool,
        cx: &Context<Self>,
    ) -> Task<Vec<CompletionItem>> {
        let of = self.language_settings(cx).completion.words;
        let language = self.language(cx);
        if of == WordSuggestions::Off || !(is_asked || languages::is_code(language)) {
            return Task::ready(Vec::new());
        }
        let words = self.word_chars(word.start, cx);
        let others = self.texts_beside(of, cx);
        let text = text.clone();
        cx.background_executor()
            .spawn(async move { items(&text, word, words, &others) })
    }

    /// The other open texts whose words are taken.
    fn texts_beside(&self, of: WordSuggestions, cx: &Context<Self>) -> Vec<Text> {
        let language = self.language(cx);
        let is_meant = |buffer: &&Buffer| {
            let is_other = buffer.id() != self.buffer;
            is_other
                && match of {
                    WordSuggestions::Off | WordSuggestions::CurrentDocument => false,
                    WordSuggestions::MatchingDocuments => buffer.language() == language,
                    WordSuggestions::AllDocuments => true,
                }
        };
        let workspace = self.model.read(cx).workspace();
        let texts = workspace.buffers().filter(is_meant).map(Buffer::text);
        texts.take(MOST_OTHERS).cloned().collect()
    }
}

/// The words of a text and of others, for the one at `word`.
fn items(
    text: &Text,
    word: Range<usize>,
    words: WordChars,
    others: &[Text],
) -> Vec<CompletionItem> {
    let mut list = WordList::default();
    let around = word.start.saturating_sub(AROUND)..word.end.saturating_add(AROUND);
    list.add(text, around, words, Some(word.end), 0);
    for other in others {
        list.add(other, 0..OF_OTHERS, words, None, AROUND);
    }
    let found = list.into_nearest_first().into_iter();
    found
        .map(|found| CompletionItem::local(&found, &found, word.clone()))
        .collect()
}
