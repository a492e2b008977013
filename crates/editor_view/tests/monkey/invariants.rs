//! What holds after every step.

use editor_core::display_map::{DisplayRow, DisplaySnapshot};
use editor_core::{Bias, Selections, Text};

use test_support::Random;

/// Carets are in the text, in order, apart, and, where they were moved and not left by an edit, never
/// inside of what is read as one character.
pub fn check_carets(text: &Text, selections: &Selections, moved: bool) {
    let mut last = None;
    for selection in selections.iter() {
        for offset in [selection.anchor, selection.head] {
            assert!(offset <= text.len(), "{offset} is past {}", text.len());
            assert!(
                text.is_char_boundary(offset),
                "{offset} of {selection:?} is inside a character: {:?}",
                around(text, text.floor_char_boundary(offset))
            );
            // A search may find, and so select, a part of a grapheme.
            assert!(
                !moved || !selection.is_empty() || floor_grapheme(text, offset) == offset,
                "{offset} is inside a grapheme: {:?}",
                around(text, offset)
            );
        }
        assert!(
            last.is_none_or(|last| last <= selection.start()),
            "selections lap over each other"
        );
        last = Some(selection.end());
    }
    assert!(selections.primary_index() < selections.len());
}

/// The grapheme boundary at or before an offset.
pub fn floor_grapheme(text: &Text, offset: usize) -> usize {
    if offset == 0 || offset >= text.len() {
        return offset;
    }
    let before = text.prev_grapheme(text.next_grapheme(offset));
    before.min(offset)
}

fn around(text: &Text, offset: usize) -> String {
    let start = text.floor_char_boundary(offset.saturating_sub(12));
    let end = text.ceil_char_boundary((offset + 12).min(text.len()));
    format!(
        "{}\u{2502}{}",
        text.slice(start..offset),
        text.slice(offset..end)
    )
    .escape_debug()
    .to_string()
}

/// Rows looked at after a step: those of a long line are dear in a build without optimisation.
const ROWS: usize = 40;
const PLACES: usize = 12;

/// Every byte of the text is on the screen once, or folded away, and found again where it is.
pub fn check_display(display: &DisplaySnapshot, text: &Text, random: &mut Random) {
    let rows = display.row_count();
    let first = random.below(rows.saturating_sub(ROWS) + 1);
    let begins = (first..rows).find_map(|row| match display.row(row) {
        DisplayRow::Text(shown) => Some(shown.range.start),
        DisplayRow::Block(..) => None,
    });
    let mut last = match first {
        0 => 0,
        // Rows that are no text may be all that is left.
        _ => begins.unwrap_or(text.len()),
    };
    for row in first..rows.min(first + ROWS) {
        if let DisplayRow::Text(shown) = display.row(row) {
            assert!(
                shown.range.start >= last,
                "row {row} begins at {} and the one before it ends at {last}: {:?} {:?}",
                shown.range.start,
                display.row_text(row.saturating_sub(1)),
                display.row_text(row),
            );
            let between = last..shown.range.start;
            assert!(
                between.is_empty() || !text.slice(between.clone()).contains(|c| c != '\n'),
                "row {row} begins at {} and the one before it ends at {last}",
                shown.range.start
            );
            last = shown.range.end;
        }
    }
    if first + ROWS >= rows {
        assert_eq!(last, text.len(), "the last row ends with the text");
    }

    let mut places: Vec<_> = (0..PLACES)
        .map(|_| text.floor_char_boundary(random.below(text.len() + 1)))
        .chain([0, text.len()])
        .collect();
    places.sort_unstable();
    let mut before = None;
    for offset in places {
        let folded = display.folds().is_folded(offset);
        for bias in [Bias::Left, Bias::Right] {
            let place = display.to_display_point(offset, bias);
            if !folded {
                assert_eq!(
                    display.to_offset(place, bias),
                    offset,
                    "{offset} is at {place:?}, {bias:?}"
                );
            }
            assert_eq!(
                display.clip(place, bias),
                place,
                "{offset} is at a place where a caret can stand"
            );
        }
        let place = display.to_display_point(offset, Bias::Left);
        assert!(
            before.is_none_or(|before| before <= place),
            "what is later in the text is later on the screen"
        );
        before = Some(place);
    }
}
