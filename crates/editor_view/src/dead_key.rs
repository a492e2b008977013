//! `Escape` after a dead key. On Linux the platform puts the accent into the text, as what the key after
//! it did not compose with, and tells of `Escape` only then. That takes the accent away again, and does
//! nothing else.

use std::ops::Range;
use std::time::{Duration, Instant};

use gpui_kit::{Context, Keystroke, Window};
use vim::Key;

use crate::view::EditorView;

/// The platform does both within one event. Whoever presses `Escape` later means something else.
const AT_ONCE: Duration = Duration::from_millis(50);

/// Whether a dead key leaves a character, as X11's table of composed characters has it where nothing is
/// composed: the accents that stand alone, and what stands for those that have none.
fn is_accent(character: char) -> bool {
    matches!(
        character,
        '`' | '^' | '~' | '\'' | '"' | ',' | '/' | '-'
            | '\u{a4}' | '\u{a8}' | '\u{af}' | '\u{b0}' | '\u{b4}' | '\u{b8}'
            | '\u{2c6}'..='\u{2c7}' | '\u{2d8}'..='\u{2dd}'
            | '\u{37a}' | '\u{384}'..='\u{385}' | '\u{309b}'..='\u{309c}'
    )
}

/// What is known of a dead key.
#[derive(Default)]
pub(crate) struct DeadKey {
    /// What the last key types, where it types something.
    last_typed: Option<String>,
    left: Option<LeftAccent>,
}

/// An accent that came into the text without a key of its own.
struct LeftAccent {
    places: Vec<Range<usize>>,
    /// The version of the text with it.
    version: u64,
    at: Instant,
}

impl EditorView {
    /// The accent that is composed where `typed` is just that, and no key was pressed that types it: of
    /// a dead key and a blank it is meant.
    pub(crate) fn ends_dead_key(&self, typed: &str, cx: &Context<Self>) -> bool {
        let text = self.text(cx);
        let is_that = |place: &Range<usize>| text.slice(place.clone()) == typed;
        // A letter or a syllable is what an input method composed, whose `Escape` leaves it.
        let mut letters = typed.chars();
        let is_one = letters.next().is_some_and(is_accent) && letters.next().is_none();
        let by_key = self.dead_key.last_typed.as_deref() == Some(typed);
        is_one && !by_key && !self.marked.is_empty() && self.marked.iter().all(is_that)
    }

    /// Remembers where an accent stands that was left, before each caret.
    pub(crate) fn accent_left(&mut self, typed: &str, cx: &Context<Self>) {
        let carets = self.selections.iter();
        let places =
            carets.filter_map(|caret| Some(caret.head.checked_sub(typed.len())?..caret.head));
        self.dead_key.left = Some(LeftAccent {
            places: places.collect(),
            version: self.version,
            at: cx.background_executor().now(),
        });
    }

    /// Takes note of a key before anything else does. True where it ends a dead key, and is no more.
    pub(crate) fn takes_dead_key(
        &mut self,
        keystroke: &Keystroke,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) -> bool {
        self.dead_key.last_typed.clone_from(&keystroke.key_char);
        let Some(left) = self.dead_key.left.take() else {
            return false;
        };
        let now = cx.background_executor().now();
        let is_at_once = now.saturating_duration_since(left.at) < AT_ONCE;
        let is_meant = keystroke.key == "escape" && !keystroke.modifiers.modified();
        if !is_meant || !is_at_once || left.version != self.version {
            return false;
        }
        if self.is_vim(cx) {
            self.vim_key(Key::Backspace, window, cx);
        } else {
            // As a part of what was composed: one undo is about all of it.
            self.marked = left.places;
            self.replace(self.marked.clone(), "", None, window, cx);
        }
        self.marked.clear();
        cx.notify();
        true
    }
}
