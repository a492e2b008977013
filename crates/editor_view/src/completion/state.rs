//! The completions of a view: what is waited for, and the list that is shown.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use editor_core::{Bias, ChangeSet, Text};
use gpui_kit::component::text::TextViewState;
use gpui_kit::{Entity, Task};
use lsp::{CompletionDetails, CompletionItem, CompletionList};

use super::matching::{self, Match};
use crate::popover::Placed;

/// Rows in sight.
pub(super) const ROWS: usize = 12;

/// The completions of a view.
#[derive(Default)]
pub(crate) struct Completing {
    /// Whether an edit is on its way that was typed, which the list follows. Any other closes it.
    pub(super) typing: bool,
    pub(super) asking: Option<Asking>,
    pub(super) menu: Option<Menu>,
}

/// A question that waits for its answer.
pub(super) struct Asking {
    /// Where the word begins that it is about.
    pub(super) word_start: usize,
    pub(super) _task: Task<()>,
}

/// The list that is shown.
pub(crate) struct Menu {
    pub(super) list: Arc<CompletionList>,
    /// The text of the list's version.
    pub(super) text: Text,
    /// Where the first item begins, in the list's version.
    base: usize,
    /// The same, in the text as it is now.
    pub(super) anchor: usize,
    /// Whether somebody asked for it, and not only typed a word.
    pub(super) is_asked: bool,
    pub(super) matches: Vec<Match>,
    /// What was typed for the matches.
    word: String,
    /// The selected one of `matches`.
    pub(super) selected: usize,
    /// The first of `matches` in sight.
    pub(super) first: usize,
    /// What was resolved, by the index of the item.
    pub(super) resolved: HashMap<usize, CompletionDetails>,
    pub(super) resolving: Option<Task<()>>,
    /// What is known of an item, as it is shown.
    pub(super) document: Option<(usize, Entity<TextViewState>)>,
    pub(super) placed: Placed,
}

impl Menu {
    /// The list in a text that was changed since it was asked for; `None` where nothing fits.
    pub(super) fn new(
        list: CompletionList,
        then: Text,
        since: &ChangeSet,
        is_asked: bool,
        now: &Text,
        caret: usize,
    ) -> Option<Self> {
        let starts = list.items.iter().map(|item| item.range.start);
        let base = starts.min()?;
        let mut menu = Self {
            list: Arc::new(list),
            text: then,
            base,
            anchor: since.map_offset(base, Bias::Left),
            is_asked,
            matches: Vec::new(),
            word: String::new(),
            selected: 0,
            first: 0,
            resolved: HashMap::new(),
            resolving: None,
            document: None,
            placed: Placed::default(),
        };
        menu.filter(now, caret).then_some(menu)
    }

    /// Where an item of the list's version begins now.
    pub(super) fn start_of(&self, start: usize) -> usize {
        self.anchor + (start - self.base)
    }

    /// Finds what fits the text up to the caret; whether anything does.
    pub(super) fn filter(&mut self, text: &Text, caret: usize) -> bool {
        let caret = caret.min(text.len());
        let typed = self.anchor..caret;
        if typed.start > typed.end || text.row_at(typed.start) != text.row_at(typed.end) {
            return false;
        }
        let word = text.slice(typed).into_owned();
        let narrower = !self.matches.is_empty() && word.starts_with(&self.word);
        let word_from = |start: usize| {
            let start = self.start_of(start);
            match start <= caret {
                true => text
                    .slice(text.floor_char_boundary(start)..caret)
                    .into_owned(),
                false => String::new(),
            }
        };
        let items = &self.list.items;
        let matches = match narrower {
            true => {
                let before = self.matches.iter().map(|one| one.index);
                matching::rank(items, before, word_from)
            }
            false => matching::rank(items, 0..items.len(), word_from),
        };
        // Of mere words that came by themselves, the one that stands there.
        let is_it = |item: &CompletionItem| item.is_word() && *item.label == *word;
        let written = matches
            .iter()
            .position(|one| items.get(one.index).is_some_and(is_it));
        self.selected = written
            .filter(|_| !self.is_asked)
            .unwrap_or_else(|| matching::first_selected(items, &matches));
        self.first = self.selected.saturating_sub(ROWS - 1);
        self.matches = matches;
        self.word = word;
        // Of that alone there is nothing to choose.
        let is_it_alone = self.matches.len() == 1 && written.is_some() && !self.is_asked;
        !self.matches.is_empty() && !is_it_alone
    }

    /// Whether the selected row is a mere word that stands there already: taking it would only take
    /// the key from the text.
    pub(super) fn is_written(&self) -> bool {
        let item = self.selected_item();
        item.is_some_and(|(_, item)| item.is_word() && *item.label == *self.word)
    }

    /// What was typed for an item.
    pub(super) fn word_of(&self, item: &CompletionItem) -> &str {
        let skipped = item.range.start - self.base;
        self.word.get(skipped..).unwrap_or_default()
    }

    /// The selected item with its index.
    pub(super) fn selected_item(&self) -> Option<(usize, &CompletionItem)> {
        let index = self.matches.get(self.selected)?.index;
        Some((index, self.list.items.get(index)?))
    }

    /// The matches in sight.
    pub(super) fn in_sight(&self) -> Range<usize> {
        self.first..self.matches.len().min(self.first + ROWS)
    }

    /// Selects another match: so many rows further, around the ends where it is one.
    pub(super) fn step(&mut self, rows: isize) {
        let count = self.matches.len();
        let last = count.saturating_sub(1);
        self.selected = match rows {
            1 if self.selected >= last => 0,
            -1 if self.selected == 0 => last,
            _ => self.selected.saturating_add_signed(rows).min(last),
        };
        self.first = self
            .first
            .min(self.selected)
            .max((self.selected + 1).saturating_sub(ROWS));
    }

    /// Scrolls by rows.
    pub(super) fn scroll(&mut self, rows: isize) {
        let last = self.matches.len().saturating_sub(ROWS);
        self.first = self.first.saturating_add_signed(rows).min(last);
    }

    /// What is known of an item by now.
    pub(super) fn details(&self, index: usize) -> Option<&CompletionDetails> {
        let resolved = self.resolved.get(&index);
        resolved.or_else(|| Some(&self.list.items.get(index)?.details))
    }
}

impl Completing {
    /// Whether a list is shown.
    pub(crate) fn is_shown(&self) -> bool {
        self.menu.is_some()
    }

    /// Where the list is painted, while it is shown.
    pub(crate) fn placed(&self) -> Option<Placed> {
        let menu = self.menu.as_ref()?;
        Some(menu.placed.clone())
    }

    /// Whether something is shown or waited for.
    pub(crate) fn is_active(&self) -> bool {
        self.menu.is_some() || self.asking.is_some()
    }

    /// Whether the edit that was just made was typed.
    pub(crate) fn is_typing(&self) -> bool {
        self.typing
    }

    /// Takes the list along with a change of the text.
    pub(crate) fn follow(&mut self, changes: &ChangeSet) {
        if let Some(menu) = &mut self.menu {
            menu.anchor = changes.map_offset(menu.anchor, Bias::Left);
        }
        if let Some(asking) = &mut self.asking {
            asking.word_start = changes.map_offset(asking.word_start, Bias::Left);
        }
    }
}
