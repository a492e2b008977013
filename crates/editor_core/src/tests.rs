//! Tests of the crate's promises, one file a subject.

#![allow(
    clippy::single_range_in_vec_init,
    reason = "lists of one range are what is compared"
)]

mod brackets;
mod cell_counts;
mod change_sets;
mod clipboards;
mod columns;
mod commands;
mod commenting;
mod diffs;
mod display_maps;
mod editing;
mod finding;
mod folding;
mod generators;
mod histories;
mod history_model;
mod indenting;
mod line_commands;
mod moving;
mod multi_carets;
mod patterns;
mod range_sets;
mod replacements;
mod selecting;
mod snippets;
mod texts;
mod typing;

use crate::display_map::{DisplayMap, DisplaySnapshot};
use crate::{Selections, Text, Transaction, marked};

/// A text as it is shown without folds and wraps.
fn display(text: &Text) -> DisplaySnapshot {
    DisplayMap::new(text.clone(), Default::default()).snapshot()
}

/// Runs a command on a marked text and compares what a user would see.
#[track_caller]
fn check(before: &str, command: impl Fn(&Text, &Selections) -> Transaction, after: &str) {
    let (text, selections) = marked::parse(before).unwrap();
    let transaction = command(&text, &selections);
    let result = transaction.changes.apply(&text).unwrap();
    assert_eq!(
        marked::format(&result, &transaction.selections_after),
        after,
        "from {before:?}"
    );
    assert_eq!(transaction.selections_before, selections);
}
