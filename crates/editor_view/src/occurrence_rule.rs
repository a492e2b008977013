//! Which places count as occurrences of what is selected: for the commands that take them, and for
//! the marks.

use editor_core::multi_caret::OccurrenceRule;
use editor_core::{Selection, Selections, Text};
use gpui_kit::{App, Context};

use crate::view::EditorView;

/// A command that takes occurrences by a rule.
pub(crate) type TakeOccurrences = fn(&Text, &Selections, OccurrenceRule) -> Selections;

impl EditorView {
    /// The rule for what is selected now: that by which it came about, where such a command made it;
    /// whole words of the same case where one begins at a caret; else what the find bar is set to.
    pub(crate) fn occurrence_rule(&self, cx: &App) -> OccurrenceRule {
        if let Some((made, rule)) = &self.taken_occurrences
            && made.same_places(&self.selections)
        {
            return *rule;
        }
        if self.selections.iter().any(Selection::is_empty) {
            return OccurrenceRule::WORD;
        }
        self.find
            .as_ref()
            .map(|bar| {
                let bar = bar.read(cx);
                OccurrenceRule {
                    case_sensitive: bar.case_sensitive,
                    whole_word: bar.whole_word,
                }
            })
            .unwrap_or_default()
    }

    /// Takes the next occurrence, or skips one, and shows it.
    pub(crate) fn take_occurrence(&mut self, take: TakeOccurrences, cx: &mut Context<Self>) {
        let taken = self.occurrences_taken(take, cx);
        self.select(taken, cx);
    }

    /// Takes occurrences and stays where it is.
    pub(crate) fn take_occurrences(&mut self, take: TakeOccurrences, cx: &mut Context<Self>) {
        let taken = self.occurrences_taken(take, cx);
        self.select_in_place(taken, cx);
    }

    fn occurrences_taken(&mut self, take: TakeOccurrences, cx: &App) -> Selections {
        let rule = self.occurrence_rule(cx);
        let taken = take(&self.text(cx), &self.selections, rule);
        self.taken_occurrences = Some((taken.clone(), rule));
        taken
    }
}
