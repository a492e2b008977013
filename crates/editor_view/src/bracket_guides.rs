//! Lines beside the brackets that reach over several lines (`editor.guides.bracketPairs`), and from
//! the brackets to them (`editor.guides.bracketPairsHorizontal`).

use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use editor_core::{Bias, ChangeSet, Text, column_at_offset};
use gpui_kit::{Bounds, Hsla, Pixels, Window, fill, point, px, size};
use settings::PairGuides;
use syntax::{BracketPair, SyntaxTree};

use crate::editor_style::EditorStyle;
use crate::frame::Frame;
use crate::indent_guides::indent_cells;

/// Lines behind an opening bracket whose indentation is looked at.
const LOOKED_AT: usize = 100;
/// Bytes of which all brackets are looked at, shown or not.
const AT_ONCE: usize = 64 * 1024;
/// Pairs that are known, at most.
const MOST_KNOWN: usize = 512;
/// Columns are not counted further than this many bytes into a line.
const FURTHEST: usize = 1024;

/// The line beside a pair of brackets.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct BracketGuide {
    /// From the line of the opening bracket to that of the closing one.
    lines: Range<usize>,
    /// The cells that it stands after.
    column: u32,
    /// The cells before the brackets; none of a closing one that is far away.
    open: u32,
    close: Option<u32>,
    /// Whether text stands before the closing bracket.
    closes_behind_text: bool,
    depth: u32,
    /// Whether the caret is in this pair, and in none inside it.
    active: bool,
}

/// The colours of a theme for guides, by depth, over and over.
pub(crate) struct PairColors {
    /// Of the pairs that the caret is not in, and of the one that it is in.
    nested: Vec<(Hsla, Hsla)>,
}

impl PairColors {
    /// As with brackets, a theme uses fewer by leaving some transparent.
    pub(crate) fn new(colors: &ui::Colors, highlight_active: bool) -> Self {
        let all = [
            (colors.bracket_guide_1, colors.bracket_guide_active_1),
            (colors.bracket_guide_2, colors.bracket_guide_active_2),
            (colors.bracket_guide_3, colors.bracket_guide_active_3),
            (colors.bracket_guide_4, colors.bracket_guide_active_4),
            (colors.bracket_guide_5, colors.bracket_guide_active_5),
            (colors.bracket_guide_6, colors.bracket_guide_active_6),
        ];
        let nested = all.into_iter().filter(|(color, _)| color.a > 0.);
        let nested = nested.map(|(color, active)| match highlight_active {
            true => (color, active),
            false => (color, color),
        });
        Self {
            nested: nested.collect(),
        }
    }

    fn get(&self, depth: u32, active: bool) -> Hsla {
        let place = (depth as usize).checked_rem(self.nested.len());
        let color = place.and_then(|place| self.nested.get(place));
        let (color, highlighted) = color.copied().unwrap_or_default();
        if active { highlighted } else { color }
    }
}

/// The guides of the last frame and what they were made of.
#[derive(Default)]
pub(crate) struct BracketGuides {
    /// The version of the text, and the style.
    made_of: (u64, u64),
    asked: Option<(Vec<Range<usize>>, usize)>,
    found: Rc<[BracketGuide]>,
    /// What is known of pairs of this version, by their opening brackets.
    known: HashMap<usize, Known>,
}

/// The guide of a pair; none where both brackets are in one line.
struct Known {
    pair: BracketPair,
    guide: Option<BracketGuide>,
}

impl BracketGuides {
    /// A parse finished: brackets may pair up differently now. What is known of a pair goes by the
    /// text alone and stays.
    pub(crate) fn reparsed(&mut self) {
        self.asked = None;
    }

    fn clear(&mut self) {
        self.asked = None;
        self.known.clear();
    }

    /// Carries what is known over a change that led from a version of the text to another. What it
    /// touches of the lines that a guide was made of is forgotten.
    pub(crate) fn follow(
        &mut self,
        changes: &ChangeSet,
        (before, from): (&Text, u64),
        (after, to): (&Text, u64),
    ) {
        self.asked = None;
        if self.made_of.0 != from {
            return self.clear();
        }
        self.made_of.0 = to;
        let edits = changes.edits().map(|edit| edit.old_range);
        let touched: Vec<_> = edits
            .map(|old| before.row_at(old.start)..before.row_at(old.end) + 1)
            .collect();
        let is_touched = |lines: Range<usize>| {
            let first = touched.partition_point(|rows| rows.end <= lines.start);
            touched
                .get(first)
                .is_some_and(|rows| rows.start < lines.end)
        };
        let carried = std::mem::take(&mut self.known).into_values();
        let carried = carried.filter_map(
            |Known {
                 mut pair,
                 mut guide,
             }| {
                let first = before.row_at(pair.open);
                let last = pair.close.map(|close| before.row_at(close));
                let looked_at = first..last.unwrap_or(usize::MAX).min(first + LOOKED_AT) + 1;
                if is_touched(looked_at) || last.is_some_and(|last| is_touched(last..last + 1)) {
                    return None;
                }
                let ends = [Some(pair.open), pair.close];
                let [open, close] =
                    ends.map(|end| end.map(|end| changes.map_offset(end, Bias::Right)));
                pair.open = open?;
                pair.close = close;
                if let Some(guide) = &mut guide {
                    guide.lines = lines_of(after, pair);
                }
                Some((pair.open, Known { pair, guide }))
            },
        );
        self.known = carried.collect();
    }

    /// The guides of stretches of a text, outer before inner, for a caret.
    pub(crate) fn get(
        &mut self,
        syntax: Option<&SyntaxTree>,
        text: &Text,
        version: u64,
        shown: &[Range<usize>],
        caret: usize,
        style: &EditorStyle,
    ) -> Rc<[BracketGuide]> {
        let guides = &style.guides;
        let (Some(syntax), Some(first), Some(last)) = (syntax, shown.first(), shown.last()) else {
            return Rc::default();
        };
        if guides.bracket_pairs == PairGuides::None {
            return Rc::default();
        }
        let made_of = (version, style.generation);
        if self.made_of != made_of {
            self.clear();
            self.made_of = made_of;
        }
        let asked = (shown.to_vec(), caret);
        if self.asked.as_ref() == Some(&asked) {
            return self.found.clone();
        }
        if self.known.len() > MOST_KNOWN {
            self.known.clear();
        }
        let active = self.active(syntax, text, caret, style);
        let in_view = first.start..last.end.max(first.start + 1);
        let mut pairs = if in_view.len() <= AT_ONCE {
            syntax.bracket_pairs(in_view)
        } else {
            // Much of it is folded away, or out of sight to the right.
            let shown = shown.iter().cloned();
            shown
                .flat_map(|shown| syntax.bracket_pairs(shown))
                .collect()
        };
        pairs.sort_by_key(|pair| pair.open);
        pairs.dedup_by_key(|pair| pair.open);
        let found: Vec<_> = pairs
            .into_iter()
            .filter_map(|pair| {
                let mut guide = self.guide(text, pair, style)?;
                guide.active = active == Some(pair.open);
                Some(guide)
            })
            .collect();
        self.asked = Some(asked);
        self.found = found.into();
        self.found.clone()
    }

    /// The opening bracket of the innermost pair over several lines that the caret is in or at.
    fn active(
        &mut self,
        syntax: &SyntaxTree,
        text: &Text,
        caret: usize,
        style: &EditorStyle,
    ) -> Option<usize> {
        let around = syntax.bracket_pairs(caret.saturating_sub(1)..caret + 1);
        let holds = |pair: &BracketPair| {
            pair.open <= caret && pair.close.is_none_or(|close| caret <= close + 1)
        };
        let innermost_first = around.into_iter().rev().filter(holds);
        innermost_first
            .map(|pair| (pair.open, self.guide(text, pair, style)))
            .find_map(|(open, guide)| guide.map(|_| open))
    }

    /// The guide of a pair, unless both brackets are in one line.
    fn guide(
        &mut self,
        text: &Text,
        pair: BracketPair,
        style: &EditorStyle,
    ) -> Option<BracketGuide> {
        if let Some(known) = self.known.get(&pair.open)
            && known.pair == pair
        {
            return known.guide.clone();
        }
        let guide = guide(text, pair, style.tab_size);
        let known = Known {
            pair,
            guide: guide.clone(),
        };
        self.known.insert(pair.open, known);
        guide
    }
}

/// From the line of the opening bracket to that of the closing one.
fn lines_of(text: &Text, pair: BracketPair) -> Range<usize> {
    let last = pair.close.map_or(usize::MAX, |close| text.row_at(close));
    text.row_at(pair.open)..last
}

/// The guide of a pair, with tabs of so many cells; nothing where both brackets are in one line.
fn guide(text: &Text, pair: BracketPair, tab_size: u32) -> Option<BracketGuide> {
    let Range {
        start: first,
        end: last,
    } = lines_of(text, pair);
    if first == last {
        return None;
    }
    let cells = |offset: usize| {
        let near = offset.min(text.line_start(text.row_at(offset)) + FURTHEST);
        column_at_offset(text, text.floor_char_boundary(near), tab_size)
    };
    let indent = |line: usize| {
        let line = text.line_start(line)..text.line_end(line);
        indent_cells(text, line, tab_size)
    };
    let inside = first + 1..last.min(first + LOOKED_AT).min(text.line_count());
    let open = cells(pair.open);
    let close = pair.close.map(cells);
    let column = inside
        .chain(pair.close.map(|_| last))
        .filter_map(indent)
        .chain([open])
        .chain(close)
        .min()
        .unwrap_or(open);
    Some(BracketGuide {
        lines: first..last,
        column,
        open,
        close,
        closes_behind_text: pair.close.is_some() && indent(last) != close,
        depth: pair.depth,
        active: false,
    })
}

/// Whether the line of a pair stands out because of the caret.
pub(crate) fn has_active(frame: &Frame) -> bool {
    frame.bracket_guides.iter().any(|guide| guide.active)
}

/// Paints the guides of the rows that were laid out.
pub(crate) fn paint(frame: &Frame, window: &mut Window) {
    let style = &frame.style;
    for guide in frame.bracket_guides.iter() {
        let color = style.pair_guides.get(guide.depth, guide.active);
        let vertical = style.guides.bracket_pairs.shows(guide.active);
        let horizontal = style.guides.horizontal.shows(guide.active);
        let first = frame
            .rows
            .partition_point(|row| row.text.line < guide.lines.start);
        let rows = frame.rows[first..].iter().enumerate();
        for (index, row) in rows.take_while(|(_, row)| row.text.line <= guide.lines.end) {
            let line = row.text.line;
            let top = frame.row_top(row.row);
            let bottom = top + style.line_height - LINE;
            let ends_line = frame
                .rows
                .get(first + index + 1)
                .is_none_or(|next| next.text.line != line);
            if line == guide.lines.start {
                if horizontal && ends_line && guide.open > guide.column {
                    paint_across(frame, guide.column..guide.open, bottom, color, window);
                }
                continue;
            }
            let at_end = line == guide.lines.end;
            if vertical && (!at_end || guide.closes_behind_text) {
                paint_down(frame, guide.column, top, color, window);
            }
            if let Some(close) = guide.close
                && horizontal
                && at_end
                && close > guide.column
            {
                let (y, wanted) = match guide.closes_behind_text {
                    true => (bottom, ends_line),
                    false => (top, !row.text.continues),
                };
                if wanted {
                    paint_across(frame, guide.column..close, y, color, window);
                }
            }
        }
    }
}

/// Thickness of a guide.
const LINE: Pixels = px(1.);

/// Paints a line down a row, after so many cells.
pub(crate) fn paint_down(frame: &Frame, cells: u32, top: Pixels, color: Hsla, window: &mut Window) {
    // On a whole pixel of the screen, or it would be two pale ones wide.
    let scale = window.scale_factor();
    let x = (frame.x_of(f64::from(cells)) * scale).round() / scale;
    let bounds = Bounds::new(point(x, top), size(LINE, frame.style.line_height));
    window.paint_quad(fill(bounds, color));
}

fn paint_across(frame: &Frame, cells: Range<u32>, y: Pixels, color: Hsla, window: &mut Window) {
    let [left, right] = [cells.start, cells.end].map(|cells| frame.x_of(f64::from(cells)));
    let bounds = Bounds::new(point(left, y), size(right - left, LINE));
    window.paint_quad(fill(bounds, color));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(source: &str) -> Option<BracketGuide> {
        let text = Text::new(source);
        let pair = BracketPair {
            open: source.find('(').unwrap(),
            close: source.find(')'),
            depth: 0,
        };
        guide(&text, pair, 4)
    }

    fn expected(lines: Range<usize>, column: u32, open: u32, close: u32) -> BracketGuide {
        BracketGuide {
            lines,
            column,
            open,
            close: Some(close),
            closes_behind_text: false,
            depth: 0,
            active: false,
        }
    }

    #[test]
    fn a_guide_follows_what_is_typed_elsewhere_and_not_what_is_typed_in_its_lines() {
        let source = "a\n{\n  b\n}\nc\n";
        let text = Text::new(source);
        let pair = BracketPair {
            open: 2,
            close: Some(8),
            depth: 0,
        };
        let guides = |edit: editor_core::Edit| {
            let mut guides = BracketGuides {
                made_of: (1, 0),
                ..BracketGuides::default()
            };
            let guide = guide(&text, pair, 4);
            guides.known.insert(2, Known { pair, guide });
            let change = ChangeSet::from_edits(text.len(), vec![edit]).unwrap();
            let after = change.apply(&text).unwrap();
            guides.follow(&change, (&text, 1), (&after, 2));
            let known = guides.known.into_values().next();
            known.map(|known| {
                assert_eq!(known.guide, super::guide(&after, known.pair, 4));
                known.pair.open
            })
        };
        let edit = |range, text: &str| editor_core::Edit::new(range, text);
        assert_eq!(guides(edit(0..0, "x\n\ny")), Some(6));
        assert_eq!(guides(edit(11..11, "x\n")), Some(2));
        assert_eq!(guides(edit(4..4, " ")), None);
        assert_eq!(guides(edit(8..8, "  ")), None);
        assert_eq!(guides(edit(1..2, "")), None, "the line above is joined");
    }

    #[test]
    fn a_guide_stands_left_of_both_brackets_and_of_what_is_between_them() {
        assert_eq!(of("a(b)"), None);
        let guide = of("  call(\n    b\n  )").unwrap();
        assert_eq!(guide, expected(0..2, 2, 6, 2));
        // A tab is as wide as the settings say.
        let guide = of("\tcall(a,\n\t  b)").unwrap();
        assert!(guide.closes_behind_text);
        assert_eq!((guide.column, guide.open, guide.close), (6, 8, Some(7)));
        // What is between them is further left.
        let guide = of("    (\n  b\n\n    )").unwrap();
        assert_eq!(guide, expected(0..3, 2, 4, 4));
        let guide = of("(\na").unwrap();
        assert_eq!(guide.close, None, "no end is known");
    }
}
