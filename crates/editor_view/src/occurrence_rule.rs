//! Which places count as occurrences of what is selected: for the commands that take them, and for
//! the marks.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use editor_core::multi_caret::{Bounded, OccurrenceRule, select_all_occurrences};
use editor_core::{Selection, Selections, Text};
use gpui_kit::{App, AppContext as _, Context, Window};

use crate::caret_bound::tell_left_out;
use crate::find_bar::SEARCH_AT_ONCE;
use crate::find_step::CancelOnDrop;
use crate::view::EditorView;

/// A command that takes occurrences by a rule.
pub(crate) type TakeOccurrences = fn(&Text, &Selections, OccurrenceRule) -> Selections;

impl EditorView {
    /// The rule for what is selected now, without the find bar: that by which it came about, where
    /// such a command made it; whole words of the same case where one begins at a caret; else any
    /// place in any case. What the find bar selects is asked for while that is being changed, and
    /// nothing but its matches is marked while it is open.
    pub(crate) fn mark_rule(&self) -> OccurrenceRule {
        self.known_rule().unwrap_or_default()
    }

    fn known_rule(&self) -> Option<OccurrenceRule> {
        if let Some((made, rule)) = &self.taken_occurrences
            && made.same_places(&self.selections)
        {
            return Some(*rule);
        }
        let begins = self.selections.iter().any(Selection::is_empty);
        begins.then_some(OccurrenceRule::WORD)
    }

    /// The rule for a command: as [`Self::mark_rule`], but as the find bar is set while it is open.
    fn take_rule(&self, cx: &App) -> OccurrenceRule {
        let of_find_bar = || {
            let bar = self.find.as_ref()?.read(cx);
            Some(OccurrenceRule {
                case_sensitive: bar.case_sensitive,
                whole_word: bar.whole_word,
            })
        };
        let known = self.known_rule().or_else(of_find_bar);
        known.unwrap_or_default()
    }

    /// Takes the next occurrence, or skips one, and shows it.
    pub(crate) fn take_occurrence(&mut self, take: TakeOccurrences, cx: &mut Context<Self>) {
        let rule = self.take_rule(cx);
        let taken = take(&self.text(cx), &self.selections, rule);
        self.taken_occurrences = Some((taken.clone(), rule));
        self.select(taken, cx);
    }

    /// Takes every occurrence and stays where it is. Those of a long text are found elsewhere than on
    /// the thread that draws, and taken where nothing was typed and no caret moved meanwhile.
    pub(crate) fn take_all_occurrences(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let rule = self.take_rule(cx);
        let (text, selections) = (self.text(cx), self.selections.clone());
        let cancel = Arc::new(AtomicBool::new(false));
        let given_up = CancelOnDrop(cancel.clone());
        let at_once = text.len() <= SEARCH_AT_ONCE;
        let search = move || select_all_occurrences(&text, &selections, rule, &cancel);
        let take = move |view: &mut Self, taken, window: &mut Window, cx: &mut Context<Self>| {
            drop(given_up);
            // Nobody waits any more for what was given up.
            let Some(Bounded {
                selections,
                left_out,
            }) = taken
            else {
                return;
            };
            view.taken_occurrences = Some((selections.clone(), rule));
            view.select_in_place(selections, cx);
            tell_left_out("occurrences", left_out, window, cx);
        };
        if at_once {
            return take(self, search(), window, cx);
        }
        let searching = cx.background_spawn(async move { search() });
        self.when_answered(searching, window, cx, take);
    }
}
