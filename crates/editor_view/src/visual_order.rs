//! In which order text that runs from right to left is drawn: the Unicode Bidirectional Algorithm
//! (UAX #9), in lines that run from left to right.
//!
//! The order is worked out here and nowhere else. What shapes text is handed stretches of one
//! direction, and told where they stand ([`crate::shaped_segment`]).

use std::cmp::Reverse;
use std::ops::Range;

use unicode_bidi::{BidiClass, BidiInfo, Level, bidi_class};

/// Put around what is apart from its neighbours (LRI and PDI).
const ISOLATE: char = '\u{2066}';
const POP_ISOLATE: char = '\u{2069}';

/// A stretch of text that runs in one direction.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct VisualRun {
    /// Bytes of the text; none at the borders of an isolate.
    pub range: Range<usize>,
    /// Its embedding level: odd ones run from right to left.
    pub level: u8,
}

/// What the order of a text depends on besides its characters.
#[derive(Clone, Debug, Default)]
pub(crate) struct Boundaries {
    /// Non-empty ranges that neither order their surroundings nor are ordered by them, apart from
    /// each other or one inside another.
    pub isolates: Vec<Range<usize>>,
    /// The spaces that stand for tabs, which keep columns apart; sorted.
    pub tabs: Vec<Range<usize>>,
    pub around: Around,
}

/// What a row of a wrapped line is between: the nearest letters of the rest of its line, where they
/// run from right to left.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub(crate) struct Around {
    pub before: Option<Neighbour>,
    pub after: Option<Neighbour>,
}

#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(crate) struct Neighbour {
    pub letter: char,
    /// Whether the isolate at this end of the row goes on there.
    pub in_isolate: bool,
}

/// Whether a text has characters that make anything run from right to left. Those that only change
/// the order of others are drawn as marks and do not count.
pub(crate) fn has_right_to_left(text: &str) -> bool {
    !text.is_ascii() && text.chars().any(is_right_to_left)
}

/// Characters of the blocks of scripts that run from right to left, with their digits.
pub(crate) fn is_right_to_left(character: char) -> bool {
    matches!(character as u32, 0x590..=0x8ff | 0xfb1d..=0xfdff | 0xfe70..=0xfefc | 0x10800..=0x10fff | 0x1e800..=0x1efff)
}

/// The first of some characters that has a direction, where that is from right to left.
pub(crate) fn first_from_right(mut characters: impl Iterator<Item = char>) -> Option<char> {
    let class = |one: &char| bidi_class(*one);
    let strong = |one: &char| matches!(class(one), BidiClass::L | BidiClass::R | BidiClass::AL);
    let first = characters.find(strong)?;
    (class(&first) != BidiClass::L).then_some(first)
}

/// The stretches of a row of text from left to right. They cover it once.
pub(crate) fn visual_runs(text: &str, boundaries: &Boundaries) -> Vec<VisualRun> {
    let (isolated, items) = isolated(text, boundaries);
    let found = BidiInfo::new(&isolated, Some(Level::ltr())).levels;
    let mut levels = vec![Level::ltr(); text.len()];
    for Item { at, range } in &items {
        levels[range.clone()].copy_from_slice(&found[*at..at + range.len()]);
    }
    reset_white_space(&mut levels, text, &boundaries.tabs);

    let mut runs: Vec<(Range<usize>, Level)> = Vec::with_capacity(items.len());
    for Item { at, range } in items {
        if range.is_empty() {
            runs.push((range, found[at]));
            continue;
        }
        let mut start = range.start;
        for same in levels[range].chunk_by(|one, next| one == next) {
            runs.push((start..start + same.len(), same[0]));
            start += same.len();
        }
    }
    let levels: Vec<Level> = runs.iter().map(|(_, level)| *level).collect();
    let order = BidiInfo::reorder_visual(&levels).into_iter();
    order
        .map(|index| VisualRun {
            range: runs[index].0.clone(),
            level: levels[index].number(),
        })
        .collect()
}

/// Blanks at the end of a row and before tabs run as the line does (rule L1).
fn reset_white_space(levels: &mut [Level], text: &str, tabs: &[Range<usize>]) {
    let mut tabs = tabs.iter().rev().peekable();
    let mut resets = true;
    for (at, one) in text.char_indices().rev() {
        while tabs.next_if(|tab| tab.start > at).is_some() {}
        let is_tab = tabs.peek().is_some_and(|tab| tab.contains(&at));
        resets = is_tab || (resets && bidi_class(one) == BidiClass::WS);
        if resets {
            levels[at..at + one.len_utf8()].fill(Level::ltr());
        }
    }
}

/// A stretch of text in its isolated form, or a border of an isolate.
struct Item {
    /// Where it is in the isolated form.
    at: usize,
    /// Bytes of the text; none for a border.
    range: Range<usize>,
}

/// The text with isolates marked as such, tabs in the place of their spaces, and what is around it.
fn isolated(text: &str, boundaries: &Boundaries) -> (String, Vec<Item>) {
    let Boundaries {
        isolates,
        tabs,
        around,
    } = boundaries;
    let ends = isolates.iter().map(|range| (range.end, POP_ISOLATE, 0));
    let starts = isolates
        .iter()
        .map(|range| (range.start, ISOLATE, range.len()));
    let mut borders: Vec<_> = ends.chain(starts).collect();
    // What ends at a place does before what starts there, and what is around starts before what is
    // inside. No isolate is empty.
    borders.sort_by_key(|(at, _, len)| (*at, *len > 0, Reverse(*len)));
    let last = borders.len().saturating_sub(1);

    let mut isolated = String::with_capacity(text.len() + (borders.len() + 2) * 3);
    let mut items = Vec::with_capacity(borders.len() * 2 + 1);
    let mut tabs = tabs.iter().peekable();
    let mut add_text = |isolated: &mut String, items: &mut Vec<Item>, range: Range<usize>| {
        if range.is_empty() {
            return;
        }
        let at = isolated.len();
        for (offset, one) in text[range.clone()].char_indices() {
            let offset = range.start + offset;
            while tabs.next_if(|tab| tab.end <= offset).is_some() {}
            let is_tab = tabs.peek().is_some_and(|tab| tab.contains(&offset));
            isolated.push(if is_tab { '\t' } else { one });
        }
        items.push(Item { at, range });
    };
    let neighbour = |of: Option<Neighbour>, in_isolate: bool| {
        of.filter(|of| of.in_isolate == in_isolate)
            .map(|of| of.letter)
    };
    isolated.extend(neighbour(around.before, false));
    let mut position = 0;
    for (index, (at, mark, _)) in borders.into_iter().enumerate() {
        add_text(&mut isolated, &mut items, position..at);
        position = at;
        if index == last && at == text.len() {
            isolated.extend(neighbour(around.after, true));
        }
        let range = at..at;
        items.push(Item {
            at: isolated.len(),
            range,
        });
        isolated.push(mark);
        if index == 0 && at == 0 {
            isolated.extend(neighbour(around.before, true));
        }
    }
    add_text(&mut isolated, &mut items, position..text.len());
    isolated.extend(neighbour(around.after, false));
    (isolated, items)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What is seen of a text from left to right.
    fn seen(text: &str, boundaries: &Boundaries) -> String {
        let mut seen = String::new();
        for run in visual_runs(text, boundaries) {
            let run_text = &text[run.range];
            match run.level % 2 {
                0 => seen.push_str(run_text),
                _ => seen.extend(run_text.chars().rev()),
            }
        }
        seen
    }

    fn isolates(text: &str, tokens: &[&str]) -> Boundaries {
        let mut from = 0;
        let isolates = tokens.iter().map(|token| {
            let start = from + text[from..].find(token).unwrap();
            from = start + token.len();
            start..from
        });
        Boundaries {
            isolates: isolates.collect(),
            ..Boundaries::default()
        }
    }

    #[test]
    fn prose_is_ordered_as_a_whole() {
        let text = "let x = \"אבג\"; // דהו here";
        assert_eq!(
            seen(text, &Boundaries::default()),
            "let x = \"והד // ;\"גבא here"
        );
        // A line that begins with Hebrew still runs from left to right.
        assert_eq!(seen("אבג abc", &Boundaries::default()), "גבא abc");
    }

    #[test]
    fn isolates_stay_where_they_are() {
        let text = "let x = \"אבג\"; // דהו, זחט here";
        let tokens = isolates(text, &["\"אבג\"", "// דהו, זחט here"]);
        assert_eq!(seen(text, &tokens), "let x = \"גבא\"; // טחז ,והד here");
        let text = "[\"א\", \"ב\", \"ג\"]";
        let tokens = isolates(text, &["\"א\"", "\"ב\"", "\"ג\""]);
        assert_eq!(seen(text, &tokens), text);
    }

    #[test]
    fn numbers_in_a_text_from_right_to_left_do_not_turn_around() {
        assert_eq!(seen("אב 12 גד", &Boundaries::default()), "דג 12 בא");
    }

    /// A row that is cut out of a line is ordered as it is in the line.
    #[test]
    fn what_is_around_a_row_orders_its_ends() {
        let neighbour = |in_isolate| {
            Some(Neighbour {
                letter: 'א',
                in_isolate,
            })
        };
        let row = "אב, ";
        assert_eq!(seen(row, &Boundaries::default()), "בא, ");
        let wrapped = Boundaries {
            around: Around {
                before: None,
                after: neighbour(false),
            },
            ..Boundaries::default()
        };
        assert_eq!(seen(row, &wrapped), ",בא ");
        let row = "! אב, \"";
        let isolates: Vec<_> = std::iter::once(0..row.len()).collect();
        let alone = Boundaries {
            isolates: isolates.clone(),
            ..Boundaries::default()
        };
        assert_eq!(seen(row, &alone), "! בא, \"");
        let wrapped = Boundaries {
            isolates,
            around: Around {
                before: neighbour(true),
                after: neighbour(false),
            },
            ..Boundaries::default()
        };
        assert_eq!(seen(row, &wrapped), "בא !, \"");
    }

    #[test]
    fn a_tab_keeps_columns_apart() {
        let text = "אב    גד";
        assert_eq!(seen(text, &Boundaries::default()), "דג    בא");
        let columns = Boundaries {
            tabs: std::iter::once(4..8).collect(),
            ..Boundaries::default()
        };
        assert_eq!(seen(text, &columns), "בא    דג");
    }

    proptest! {
        /// As `unicode_bidi` orders the same text with the isolates written into it.
        #[test]
        fn the_order_is_that_of_the_standard(
            tokens in prop::collection::vec(("[abאבגعل٣1. \t,()\"]{1,6}", any::<bool>()), 0..8),
        ) {
            let (mut text, mut isolated) = (String::new(), String::new());
            let mut boundaries = Boundaries::default();
            for (token, apart) in &tokens {
                if *apart {
                    boundaries.isolates.push(text.len()..text.len() + token.len());
                    isolated.extend(['\u{2066}']);
                    isolated.push_str(token);
                    isolated.extend(['\u{2069}']);
                } else {
                    isolated.push_str(token);
                }
                text.push_str(token);
            }
            boundaries.tabs = text.match_indices('\t').map(|(at, _)| at..at + 1).collect();
            let order = BidiInfo::new(&isolated, Some(Level::ltr()));
            let wanted = match order.paragraphs.first() {
                Some(paragraph) => order.reorder_line(paragraph, paragraph.range.clone()).into_owned(),
                None => String::new(),
            };
            let wanted = wanted.replace(['\u{2066}', '\u{2069}'], "");
            prop_assert_eq!(seen(&text, &boundaries), wanted);
        }

        /// Nothing is left out and nothing drawn twice, whatever is in the text.
        #[test]
        fn the_runs_cover_the_text_once(text in "\\PC{0,40}", cuts in prop::collection::vec(0_usize..80, 0..6)) {
            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| text.floor_char_boundary(cut.min(text.len()))).collect();
            cuts.sort_unstable();
            let isolates = cuts.chunks_exact(2).map(|cut| cut[0]..cut[1]).filter(|range| !range.is_empty());
            let boundaries = Boundaries { isolates: isolates.collect(), ..Boundaries::default() };
            let mut covered: Vec<_> = visual_runs(&text, &boundaries).into_iter().map(|run| run.range).filter(|range| !range.is_empty()).collect();
            covered.sort_by_key(|range| range.start);
            let mut position = 0;
            for range in covered {
                prop_assert_eq!(range.start, position);
                position = range.end;
            }
            prop_assert_eq!(position, text.len());
        }
    }
}
