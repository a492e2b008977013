use proptest::prelude::*;
use unicode_segmentation::UnicodeSegmentation;

use super::generators::string;
use crate::{Point, Text, column_at_offset, offset_at_column};

fn line_starts(text: &str) -> Vec<usize> {
    let breaks = text.match_indices('\n').map(|(at, _)| at + 1);
    std::iter::once(0).chain(breaks).collect()
}

proptest! {
    #[test]
    fn lines_are_those_of_the_string(string in string()) {
        let text = Text::new(&string);
        let lines: Vec<&str> = string.split('\n').collect();
        prop_assert_eq!(text.line_count(), lines.len());
        for (row, (line, start)) in lines.iter().zip(line_starts(&string)).enumerate() {
            prop_assert_eq!(text.line(row), *line);
            prop_assert_eq!(text.line_start(row), start);
            prop_assert_eq!(text.line_end(row), start + line.len());
        }
        prop_assert_eq!(text.line_start(lines.len() + 3), string.len());
        prop_assert_eq!(&text.to_string(), &string);
        prop_assert_eq!(text.chunks(0..text.len()).collect::<String>(), string);
    }

    #[test]
    fn points_and_offsets_are_inverse(string in string()) {
        let text = Text::new(&string);
        let starts = line_starts(&string);
        for (at, _) in string.char_indices().chain([(string.len(), ' ')]) {
            let row = starts.partition_point(|start| *start <= at) - 1;
            let point = Point::new(row as u32, (at - starts[row]) as u32);
            prop_assert_eq!(text.offset_to_point(at), point);
            prop_assert_eq!(text.point_to_offset(point), at);
            prop_assert_eq!(text.row_at(at), row);
        }
    }

    #[test]
    fn utf16_counts_as_the_string_does(string in string()) {
        let text = Text::new(&string);
        for (at, _) in string.char_indices().chain([(string.len(), ' ')]) {
            let units = string[..at].encode_utf16().count();
            prop_assert_eq!(text.offset_to_utf16(at), units);
            prop_assert_eq!(text.utf16_to_offset(units), at);
            prop_assert_eq!(text.count_chars(0..at), string[..at].chars().count());
            prop_assert_eq!(text.count_chars(at..string.len()), string[at..].chars().count());
        }
    }

    #[test]
    fn graphemes_are_those_of_the_string(string in string()) {
        let text = Text::new(&string);
        let mut at = 0;
        for (start, grapheme) in string.grapheme_indices(true) {
            prop_assert_eq!(at, start);
            at = text.next_grapheme(start);
            prop_assert_eq!(at, start + grapheme.len());
            prop_assert_eq!(text.prev_grapheme(at), start);
        }
    }

    #[test]
    fn any_position_is_taken(string in string(), at in any::<usize>(), end in any::<usize>()) {
        let text = Text::new(&string);
        let near = at % (string.len() + 3);
        for at in [at, near] {
            let floor = text.floor_char_boundary(at);
            let ceil = text.ceil_char_boundary(at);
            prop_assert!(string.is_char_boundary(floor) && string.is_char_boundary(ceil));
            prop_assert!(text.next_grapheme(at) <= string.len());
            prop_assert!(text.prev_grapheme(at) <= string.len());
            prop_assert!(text.slice(at..end).len() <= string.len());
            prop_assert!(text.offset_to_point(at).row as usize <= text.line_count());
            prop_assert!(text.offset_to_utf16(at) <= string.len());
            prop_assert!(text.utf16_to_offset(at) <= string.len());
            text.chunk_at(at);
        }
        let point = Point::new((at % 9) as u32, (end % 9) as u32);
        prop_assert!(string.is_char_boundary(text.point_to_offset(point)));
    }

    #[test]
    fn columns_and_offsets_are_inverse_at_graphemes(string in string(), tab_size in 1u32..9) {
        let text = Text::new(&string);
        for row in 0..text.line_count() {
            let line = text.line(row);
            for (index, _) in line.grapheme_indices(true) {
                let at = text.line_start(row) + index;
                let column = column_at_offset(&text, at, tab_size);
                prop_assert_eq!(offset_at_column(&text, row, column, tab_size), at);
            }
        }
    }
}

#[test]
fn a_point_past_the_end_is_the_end() {
    let text = Text::new("ab\ncdé");
    assert_eq!(text.point_to_offset(Point::new(0, 99)), 2);
    assert_eq!(text.point_to_offset(Point::new(9, 0)), text.len());
    assert_eq!(text.point_to_offset(Point::new(1, 3)), 5);
}

#[test]
fn columns_count_tabs_and_wide_characters() {
    let text = Text::new("\ta日b");
    assert_eq!(column_at_offset(&text, 1, 4), 4);
    assert_eq!(column_at_offset(&text, 2, 4), 5);
    assert_eq!(column_at_offset(&text, 5, 4), 7);
    assert_eq!(offset_at_column(&text, 0, 1, 4), 0);
    assert_eq!(offset_at_column(&text, 0, 3, 4), 1);
    assert_eq!(offset_at_column(&text, 0, 99, 4), text.len());
}

#[test]
fn a_huge_line_and_a_huge_grapheme_stay_cheap() {
    let line = Text::new(&"x".repeat(4_000_000));
    let at = 3_000_000;
    assert_eq!(column_at_offset(&line, at, 4), 3_000_000);
    assert_eq!(offset_at_column(&line, 0, 3_000_000, 4), at);
    let marks = Text::new(&format!("e{}", "\u{301}".repeat(1_000_000)));
    let next = marks.next_grapheme(0);
    assert!(next > 0 && next < 100_000);
    assert!(marks.is_char_boundary(next));
}

#[test]
fn a_clone_keeps_what_it_was() {
    let before = Text::new("one");
    let changes = crate::ChangeSet::from_edits(3, vec![crate::Edit::new(3..3, " two")]).unwrap();
    let after = changes.apply(&before).unwrap();
    assert_eq!(before, "one");
    assert_eq!(after, "one two");
    assert_ne!(before, after);
    assert_eq!(format!("{after:?}"), r#"Text("one two")"#);
}

proptest! {
    #[test]
    fn the_next_place_between_graphemes_is_that_of_the_string(string in string()) {
        let text = Text::new(&string);
        let ends: Vec<usize> = string
            .grapheme_indices(true)
            .map(|(at, _)| at)
            .chain([string.len()])
            .collect();
        for offset in 0..=string.len() {
            let expected = ends.iter().find(|end| **end >= offset);
            prop_assert_eq!(Some(&text.ceil_grapheme(offset)), expected);
        }
    }
}
