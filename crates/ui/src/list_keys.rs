//! The keys of a list whose rows unfold: arrows go and unfold, Enter does what a click does.

use crate::keys::bind_fixed;
use gpui_kit::{App, KeyBinding};

gpui_kit::actions!(
    list,
    [
        /// The row below.
        SelectNext,
        /// The row above.
        SelectPrevious,
        /// The first row.
        SelectFirst,
        /// The last row.
        SelectLast,
        /// Unfolds the row, or goes into it.
        Expand,
        /// Folds the row, or goes to the one that it is in.
        Collapse,
        /// What a click on the row does.
        Open,
    ]
);

/// Binds the keys where `context` (a gpui context predicate) holds.
pub fn bind(context: &str, cx: &mut App) {
    let list = Some(context);
    bind_fixed(
        [
            KeyBinding::new("down", SelectNext, list),
            KeyBinding::new("up", SelectPrevious, list),
            KeyBinding::new("home", SelectFirst, list),
            KeyBinding::new("end", SelectLast, list),
            KeyBinding::new("right", Expand, list),
            KeyBinding::new("left", Collapse, list),
            KeyBinding::new("enter", Open, list),
            KeyBinding::new("space", Open, list),
        ],
        cx,
    );
}

/// Where one of the four ways through the rows leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// To the row below; to the first one where none is selected.
    Next,
    /// To the row above; to the last one where none is selected.
    Previous,
    /// To the first row.
    First,
    /// To the last row.
    Last,
}

impl Step {
    /// The row that it leads to from `at`, of rows up to `last`.
    pub fn to(self, at: Option<usize>, last: usize) -> usize {
        let row = match self {
            Self::Next => at.map_or(0, |at| at + 1),
            Self::Previous => at.map_or(last, |at| at.saturating_sub(1)),
            Self::First => 0,
            Self::Last => last,
        };
        row.min(last)
    }
}
