//! Choosing among the texts that a file had when it was saved.

use crate::picker::{Picker, PickerDelegate};
use gpui_kit::prelude::*;
use gpui_kit::{AnyElement, App, Context, SharedString, Window, div};
use std::rc::Rc;
use std::time::{Duration, SystemTime};
use workspace::HistoryEntry;

/// What is done with the chosen entry.
pub(crate) type EntryChosen = Rc<dyn Fn(HistoryEntry, &mut Window, &mut App)>;

/// The entries of one file, the newest first.
pub(crate) struct HistoryPicker {
    entries: Vec<HistoryEntry>,
    /// How long ago each was kept, in words.
    ages: Vec<SharedString>,
    matches: Vec<usize>,
    chosen: EntryChosen,
}

impl HistoryPicker {
    pub(crate) fn new(entries: Vec<HistoryEntry>, now: SystemTime, chosen: EntryChosen) -> Self {
        let ages = entries.iter().map(|entry| {
            let age = now.duration_since(entry.kept).unwrap_or_default();
            age_in_words(age).into()
        });
        Self {
            ages: ages.collect(),
            matches: (0..entries.len()).collect(),
            entries,
            chosen,
        }
    }
}

/// "3 minutes ago".
pub(crate) fn age_in_words(age: Duration) -> String {
    let seconds = age.as_secs();
    let (count, unit) = match seconds {
        0..60 => return "Less than a minute ago".into(),
        60..3600 => (seconds / 60, "minute"),
        3600..86_400 => (seconds / 3600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{plural} ago")
}

impl PickerDelegate for HistoryPicker {
    fn name(&self) -> SharedString {
        "Local history".into()
    }

    fn placeholder(&self) -> SharedString {
        "Select a save".into()
    }

    fn nothing(&self, query: &str) -> SharedString {
        if query.is_empty() {
            "No save of this file is kept yet.".into()
        } else {
            "No save is that old.".into()
        }
    }

    fn len(&self) -> usize {
        self.matches.len()
    }

    fn search(&mut self, query: &str, _: &mut Window, cx: &mut Context<Picker<Self>>) {
        let query = query.to_lowercase();
        let fits = |index: &usize| self.ages[*index].to_lowercase().contains(&query);
        self.matches = (0..self.entries.len()).filter(fits).collect();
        cx.notify();
    }

    fn row_label(&self, index: usize) -> SharedString {
        let age = self.matches.get(index).and_then(|at| self.ages.get(*at));
        age.cloned().unwrap_or_default()
    }

    fn row(&self, index: usize, _: bool, _: &App) -> AnyElement {
        div().child(self.row_label(index)).into_any_element()
    }

    fn confirm(&mut self, index: usize, window: &mut Window, cx: &mut Context<Picker<Self>>) {
        let entry = self.matches.get(index).and_then(|at| self.entries.get(*at));
        if let Some(entry) = entry.cloned() {
            (self.chosen)(entry, window, cx);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_told_in_words() {
        let words = |seconds| age_in_words(Duration::from_secs(seconds));
        assert_eq!(words(5), "Less than a minute ago");
        assert_eq!(words(60), "1 minute ago");
        assert_eq!(words(7300), "2 hours ago");
        assert_eq!(words(86_400 * 40), "40 days ago");
    }
}
