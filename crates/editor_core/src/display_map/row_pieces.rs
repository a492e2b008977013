//! Cutting a row into pieces that look alone as they do together.

use std::ops::{ControlFlow, Range};

use unicode_width::UnicodeWidthChar as _;

use super::extent::{FoldPoint, to_u32};
use super::fold_map::FoldSnapshot;
use crate::Bias;

/// How far behind the wanted place a better one to cut is looked for, in bytes.
const LOOK_AHEAD: usize = 256;

/// How much of that is looked through for two ASCII characters beside each other.
const LOOK_FOR_ASCII: usize = 64;

impl FoldSnapshot {
    /// Visits a stretch of a row in pieces of `bytes` each, and up to 256 more where there is no place
    /// to cut before; the last is what is left.
    pub fn visit_pieces(
        &self,
        columns: Range<FoldPoint>,
        bytes: usize,
        visit: &mut dyn FnMut(&str) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let mut pending = String::new();
        self.visit(columns, &mut |chunk, _| {
            pending.push_str(chunk);
            let mut at = 0;
            while pending.len() - at >= bytes + LOOK_AHEAD {
                let cut = at + cut_in(&pending[at..], bytes);
                visit(&pending[at..cut])?;
                at = cut;
            }
            pending.drain(..at);
            ControlFlow::Continue(())
        })?;
        let mut rest = pending.as_str();
        while rest.len() > bytes {
            let (piece, behind) = rest.split_at(cut_in(rest, bytes));
            visit(piece)?;
            rest = behind;
        }
        if rest.is_empty() {
            return ControlFlow::Continue(());
        }
        visit(rest)
    }

    /// A column at which a row may be cut: that of the character at `place`, or within 256 bytes behind it.
    pub fn cut_near(&self, place: FoldPoint) -> FoldPoint {
        let place = self.clip(place, Bias::Left);
        // A character before it, which decides about the first place.
        let before = place.column().saturating_sub(4);
        let before = self.clip(FoldPoint::new(place.row(), before), Bias::Left);
        let end = place.column().saturating_add(to_u32(LOOK_AHEAD));
        let end = self.clip(FoldPoint::new(place.row(), end), Bias::Left);
        let text = self.slice(before..end);
        let wanted = (place.column() - before.column()) as usize;
        let cut = cut_in(&text, wanted);
        FoldPoint::new(place.row(), before.column().saturating_add(to_u32(cut)))
    }

    /// Whether nothing of a stretch of a row is hidden, and nothing in it is not in the document.
    pub fn is_plain_between(&self, columns: Range<FoldPoint>) -> bool {
        let below = self.to_inlay_point(columns.start, Bias::Left)
            ..self.to_inlay_point(columns.end, Bias::Left);
        self.is_text(&columns) && self.inlays().is_text(&below)
    }
}

/// Where `text` may be cut at `wanted` or behind it: between two characters of ASCII if there are some
/// near; else behind white space, so that letters which are joined stay so; else before a character
/// that stands for itself.
fn cut_in(text: &str, wanted: usize) -> usize {
    let wanted = text.ceil_char_boundary(wanted.min(text.len()));
    if wanted == 0 || wanted == text.len() {
        return wanted;
    }
    let bytes = text.as_bytes();
    let is_ascii = |index: &usize| bytes[*index].is_ascii() && bytes[*index - 1].is_ascii();
    let near = (wanted + LOOK_FOR_ASCII).min(text.len());
    if let Some(index) = (wanted..near).find(is_ascii) {
        return index;
    }
    let end = text.floor_char_boundary((wanted + LOOK_AHEAD).min(text.len()));
    let mut fallback = None;
    let mut before = text[..wanted].chars().next_back();
    for (index, character) in text[wanted..end].char_indices() {
        if before.is_some_and(|before| stands_alone(before, character)) {
            if before.is_some_and(char::is_whitespace) {
                return wanted + index;
            }
            fallback = fallback.or(Some(wanted + index));
        }
        before = Some(character);
    }
    // Without such a place: a pile of marks, which nobody can read.
    fallback.unwrap_or(if end == text.len() { end } else { wanted })
}

/// Whether a character is drawn by itself behind another: it is no mark on it, is not joined to it,
/// and counts the same cells without it.
fn stands_alone(before: char, character: char) -> bool {
    /// What joins two pictures to one.
    const JOINER: char = '\u{200d}';
    /// Colours of skin, which go onto the picture before them.
    const MODIFIERS: std::ops::RangeInclusive<char> = '\u{1f3fb}'..='\u{1f3ff}';
    /// Letters that are a flag in pairs.
    const REGIONAL: std::ops::RangeInclusive<char> = '\u{1f1e6}'..='\u{1f1ff}';
    character.width().is_some_and(|width| width > 0)
        && before != JOINER
        && !MODIFIERS.contains(&character)
        && !(REGIONAL.contains(&before) && REGIONAL.contains(&character))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Text;
    use crate::display_map::DisplayMap;

    fn pieces(line: &str, bytes: usize) -> Vec<String> {
        let display = DisplayMap::new(Text::new(line), Default::default()).snapshot();
        let mut found = Vec::new();
        let all = FoldPoint::new(0, 0)..display.folds().max_point();
        let whole = display.folds().visit_pieces(all, bytes, &mut |piece| {
            found.push(piece.to_owned());
            ControlFlow::Continue(())
        });
        assert!(whole.is_continue());
        found
    }

    #[test]
    fn pieces_are_the_row_and_as_long_as_wanted() {
        let line = "ab\tλ日本🦀e\u{301} ".repeat(2000);
        let found = pieces(&line, 512);
        assert_eq!(found.concat(), line);
        let (last, others) = found.split_last().unwrap();
        assert!(last.len() <= 512);
        let bounds = 512..512 + LOOK_AHEAD;
        assert!(others.iter().all(|piece| bounds.contains(&piece.len())));
    }

    #[test]
    fn what_belongs_together_is_not_cut() {
        for (unit, wanted) in [
            ("👩\u{200d}💻", 4),
            ("e\u{301}", 1),
            ("❤\u{fe0f}", 3),
            ("👍🏽", 4),
            ("🇩🇪", 4),
        ] {
            assert_eq!(cut_in(&format!("{unit}日本"), wanted), unit.len(), "{unit}");
        }
        assert_eq!(cut_in("سلام عليكم", 2), "سلام ".len());
        assert_eq!(cut_in("λab", 2), 3);
        assert_eq!(cut_in("abc", 9), 3);
    }

    #[test]
    fn a_cut_is_found_from_within_a_character() {
        let text = Text::new(&"日本 ".repeat(1000));
        let display = DisplayMap::new(text, Default::default()).snapshot();
        assert_eq!(
            display.folds().cut_near(FoldPoint::new(0, 701)).column(),
            700
        );
        assert_eq!(display.folds().cut_near(FoldPoint::new(0, 7)).column(), 7);
        assert_eq!(
            display.folds().cut_near(FoldPoint::new(0, 9000)).column(),
            7000
        );
    }
}
