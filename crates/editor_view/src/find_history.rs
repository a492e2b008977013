//! What was looked for and replaced by before, in any editor of this program.

use gpui_kit::{App, Global};

/// Entries kept of each input.
const MAX_ENTRIES: usize = 50;

/// Longer entries are not kept.
const LONGEST: usize = 4096;

/// An input of the find bar.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Field {
    Needle,
    Replacement,
}

/// Which way the arrow keys go through the entries.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    Older,
    Newer,
}

#[derive(Default)]
pub(crate) struct FindHistory {
    needles: Vec<String>,
    replacements: Vec<String>,
}

impl Global for FindHistory {}

impl FindHistory {
    fn entries(&mut self, field: Field) -> &mut Vec<String> {
        match field {
            Field::Needle => &mut self.needles,
            Field::Replacement => &mut self.replacements,
        }
    }

    /// Makes an entry the newest one.
    pub(crate) fn remember(field: Field, entry: String, cx: &mut App) {
        if entry.is_empty() || entry.len() > LONGEST {
            return;
        }
        let entries = cx.default_global::<Self>().entries(field);
        entries.retain(|other| *other != entry);
        entries.push(entry);
        if entries.len() > MAX_ENTRIES {
            entries.remove(0);
        }
    }

    /// The entry before or after the one shown; from anything else, the newest. What is newer than
    /// the newest is nothing.
    pub(crate) fn recall(
        field: Field,
        shown: &str,
        direction: Direction,
        cx: &mut App,
    ) -> Option<String> {
        let entries = cx.default_global::<Self>().entries(field);
        let place = entries.iter().position(|entry| entry == shown);
        let wanted = match (place, direction) {
            (Some(place), Direction::Older) => place.checked_sub(1)?,
            (Some(place), Direction::Newer) if place + 1 == entries.len() => {
                return Some(String::new());
            }
            (Some(place), Direction::Newer) => place + 1,
            (None, Direction::Older) => entries.len().checked_sub(1)?,
            (None, Direction::Newer) => return None,
        };
        entries.get(wanted).cloned()
    }
}
