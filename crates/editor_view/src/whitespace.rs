//! White space that is shown: a dot for a space, an arrow for a tab (`editor.renderWhitespace`),
//! and the lines that columns end at (`editor.rulers`).

use std::ops::Range;

use editor_core::{Bias, Text};
use gpui_kit::{
    App, Bounds, Pixels, SharedString, TextAlign, TextRun, Window, fill, point, px, size,
};
use settings::RenderWhitespace;

use crate::frame::Frame;
use crate::row_shaper::{Row, column_in};

/// Diameter of the dot of a space.
const DOT: Pixels = px(2.);
/// More white space than this at the end of a line is not looked at.
const LONGEST_TRAIL: usize = 4096;

/// Paints a thin line after every column of the settings.
pub(crate) fn paint_rulers(frame: &Frame, window: &mut Window) {
    for column in &frame.style.rulers {
        let x = frame.x_of(f64::from(*column));
        let bounds = Bounds::new(
            point(x, frame.bounds.top()),
            size(px(1.), frame.bounds.size.height),
        );
        window.paint_quad(fill(bounds, frame.style.colors.ruler));
    }
}

/// Paints the white space that the settings ask for. `selected` are the selections in view, in
/// order.
pub(crate) fn paint(frame: &Frame, selected: &[Range<usize>], window: &mut Window, cx: &mut App) {
    let mode = frame.style.render_whitespace;
    if mode == RenderWhitespace::None
        || (mode == RenderWhitespace::Selection && selected.is_empty())
    {
        return;
    }
    for row in &frame.rows {
        for found in shown(frame.text(), &parts(frame, row), mode, selected) {
            paint_one(frame, row, found, window, cx);
        }
    }
}

fn paint_one(frame: &Frame, row: &Row, at: usize, window: &mut Window, cx: &mut App) {
    let style = &frame.style;
    let column = |offset, bias| column_in(&frame.display, &row.text, offset, bias, Bias::Left);
    let spans = row.spans(column(at, Bias::Right)..column(at + 1, Bias::Left));
    let Some((left, right)) = spans.first() else {
        return;
    };
    let [left, right] = [left, right].map(|x| frame.text_area.left() + *x);
    let top = frame.row_top(row.row);
    let color = style.colors.text_faint.opacity(0.7);
    if frame.text().char_at(at) == Some('\t') {
        let arrow = SharedString::new_static("→");
        let run = TextRun {
            len: arrow.len(),
            font: style.font.clone(),
            color,
            ..TextRun::default()
        };
        let line = window
            .text_system()
            .shape_line(arrow, style.font_size, &[run], None);
        let origin = point(left, top);
        if let Err(error) = line.paint(origin, style.line_height, TextAlign::Left, None, window, cx)
        {
            tracing::warn!("white space could not be painted: {error}");
        }
    } else {
        let middle = point(
            (left + right - DOT) / 2.,
            top + (style.line_height - DOT) / 2.,
        );
        let bounds = Bounds::new(middle, size(DOT, DOT));
        window.paint_quad(fill(bounds, color).corner_radii(DOT / 2.));
    }
}

/// The bytes of a row that were laid out and are not folded away.
fn parts(frame: &Frame, row: &Row) -> Vec<Range<usize>> {
    let range = &row.text.range;
    frame
        .shown
        .iter()
        .map(|shown| shown.start.max(range.start)..shown.end.min(range.end))
        .filter(|part| part.start < part.end)
        .collect()
}

/// The spaces and tabs to show in parts of one line.
fn shown(
    text: &Text,
    parts: &[Range<usize>],
    mode: RenderWhitespace,
    selected: &[Range<usize>],
) -> Vec<usize> {
    let trail = parts.last().map_or(0, |part| {
        let end = text.line_end(text.row_at(part.end));
        let blank = text
            .chars_before(end)
            .take(LONGEST_TRAIL)
            .take_while(|character| is_blank(*character))
            .count();
        end - blank
    });
    let mut found = Vec::new();
    for part in parts {
        let mut at = part.start;
        for character in text.chars_from(part.start) {
            if at >= part.end {
                break;
            }
            let wanted = || match mode {
                RenderWhitespace::None => false,
                RenderWhitespace::All => true,
                RenderWhitespace::Trailing => at >= trail,
                RenderWhitespace::Boundary => {
                    at >= trail || character == '\t' || !stands_alone(text, at)
                }
                RenderWhitespace::Selection => {
                    let next = selected.partition_point(|range| range.end <= at);
                    selected.get(next).is_some_and(|range| range.start <= at)
                }
            };
            if is_blank(character) && wanted() {
                found.push(at);
            }
            at += character.len_utf8();
        }
    }
    found
}

/// Whether a space stands between two characters that are none.
fn stands_alone(text: &Text, at: usize) -> bool {
    let solid = |character: Option<char>| {
        character.is_some_and(|character| !is_blank(character) && character != '\n')
    };
    solid(text.char_before(at)) && solid(text.char_at(at + 1))
}

fn is_blank(character: char) -> bool {
    matches!(character, ' ' | '\t')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A line with `·` and `→` where white space is shown.
    fn line(source: &str, mode: RenderWhitespace, selected: Range<usize>) -> String {
        let text = Text::new(source);
        let all = 0..text.line_end(0);
        let found = shown(&text, &[all], mode, &[selected]);
        source
            .char_indices()
            .map(|(at, character)| match (found.contains(&at), character) {
                (true, '\t') => '→',
                (true, _) => '·',
                (false, _) => character,
            })
            .collect()
    }

    #[test]
    fn each_way_shows_its_white_space() {
        let source = "\ta b  c \nnext";
        let none = 0..0;
        assert_eq!(line(source, RenderWhitespace::None, none.clone()), source);
        assert_eq!(
            line(source, RenderWhitespace::All, none.clone()),
            "→a·b··c·\nnext"
        );
        assert_eq!(
            line(source, RenderWhitespace::Boundary, none.clone()),
            "→a b··c·\nnext"
        );
        assert_eq!(
            line(source, RenderWhitespace::Trailing, none),
            "\ta b  c·\nnext"
        );
        assert_eq!(
            line(source, RenderWhitespace::Selection, 2..5),
            "\ta·b· c \nnext"
        );
    }
}
