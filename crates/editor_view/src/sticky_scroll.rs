//! The first lines of the scopes that reach above the view, pinned at its top.
//!
//! A scope is a symbol of the outline that spans rows; in a language without an outline, or where the
//! settings say so, it is lines that can be folded. Which ones are pinned is looked up anew in each
//! frame, at a cost that goes by how many are pinned and how deep they stand.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;

use editor_core::display_map::{DisplayPoint, DisplayRow, DisplaySnapshot};
use editor_core::folding::FoldRegions;
use editor_core::{Bias, Text};
use gpui_kit::{
    App, Bounds, ContentMask, Context, DispatchPhase, Entity, Hitbox, HitboxBehavior, Hsla,
    MouseButton, MouseDownEvent, MouseMoveEvent, Pixels, Window, fill, point, px, size,
};
use settings::{LineNumbers, StickyModel};
use syntax::{Outline, SyntaxTree};

use crate::element::{line_number, paint_number};
use crate::frame::Frame;
use crate::highlights::VisibleHighlights;
use crate::row_shaper::{Row, RowShaper, Source};
use crate::scroll::ScrollExtent;
use crate::view::EditorView;

/// The part of the view that pinned rows take at most.
const MOST_OF_VIEW: f64 = 0.25;

/// How far the shadow below the pinned rows reaches.
const SHADOW: usize = 4;

/// How much of a theme's shadow is drawn where it is strongest: it is meant to be blurred.
const SHADOW_STRENGTH: f32 = 0.6;

/// A scope by rows of the screen.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Scope {
    /// The document's line that it begins with.
    line: usize,
    /// The row of that line.
    header: usize,
    /// Its last row.
    end: usize,
}

/// A row that is pinned.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Pin {
    scope: Scope,
    /// Rows between the top of the view and its own; the end of a scope pushes it up.
    y: f64,
}

/// A pinned row, laid out.
pub(crate) struct StickyRow {
    /// The document's line, from zero.
    pub line: usize,
    row: Row,
    y: f64,
}

/// Which scopes are pinned in a view that is scrolled to `top`: the one at each place of the pinned
/// rows that begins above that place. `nth` gives the scopes around a row, the outermost first.
fn pins(top: f64, most: usize, nth: impl Fn(usize, usize) -> Option<Scope>) -> Vec<Pin> {
    let mut pins = Vec::new();
    for place in 0..most {
        let at = top + place as f64;
        let scope = nth(at.floor().max(0.) as usize, place);
        let Some(scope) = scope.filter(|scope| (scope.header as f64) < at) else {
            break;
        };
        let y = (place as f64).min(scope.end as f64 - top);
        pins.push(Pin { scope, y });
        if y < place as f64 {
            break;
        }
    }
    pins
}

/// What scopes are taken from.
enum Scopes {
    Outline(Arc<Outline>),
    Regions(FoldRegions),
}

impl Scopes {
    /// The first and the last lines of the scopes that have a part in a line, the outermost first.
    fn lines_around(&self, text: &Text, line: usize) -> Vec<(usize, usize)> {
        match self {
            Self::Outline(outline) => {
                let places = outline.touching(text.line_start(line)..text.line_end(line));
                let symbols = places.into_iter();
                symbols
                    .filter_map(|place| outline.symbols().get(place))
                    .map(|symbol| {
                        let first = text.row_at(symbol.name_range.start.min(text.len()));
                        (first, last_line(text, symbol.range.end))
                    })
                    .collect()
            }
            Self::Regions(regions) => {
                let last = text.line_count() - 1;
                let around = regions.around(line);
                let mut lines: Vec<_> = around
                    .map(|region| (region.first.min(last), region.last.min(last)))
                    .collect();
                lines.reverse();
                lines
            }
        }
    }

    /// The scopes around a row of the screen that have rows to be pinned over, the outermost first.
    fn around(&self, display: &DisplaySnapshot, row: usize) -> impl Iterator<Item = Scope> {
        let text = display.text();
        let row = row.min(display.row_count().saturating_sub(1));
        let offset = display.to_offset(DisplayPoint::new(row as u32, 0), Bias::Left);
        let lines = self.lines_around(text, text.row_at(offset));
        let mut last_header = None;
        lines.into_iter().filter_map(move |(line, last)| {
            let scope = Scope {
                line,
                header: display.row_of(text.line_start(line)),
                end: display.row_of(text.line_end(last)),
            };
            let holds = scope.header <= row && row <= scope.end && scope.header < scope.end;
            let another = last_header != Some(scope.header);
            (holds && another).then(|| {
                last_header = Some(scope.header);
                scope
            })
        })
    }
}

/// The line of the last byte before `end`.
fn last_line(text: &Text, end: usize) -> usize {
    let end = end.min(text.len());
    let line = text.row_at(end);
    match end == text.line_start(line) {
        true => line.saturating_sub(1),
        false => line,
    }
}

impl EditorView {
    /// How many rows may be pinned in a view.
    fn most_pinned(&self, extent: &ScrollExtent, cx: &App) -> usize {
        let settings = &self.language_settings(cx).editor;
        if !settings.sticky_scroll || self.compare.is_some() {
            return 0;
        }
        let part = (extent.view_rows() * MOST_OF_VIEW).round() as usize;
        settings.sticky_scroll_lines.min(part)
    }

    /// What the scopes of the text are taken from.
    fn scopes(&self, cx: &App) -> Scopes {
        let parsed = self
            .buffer_ref(cx)
            .is_some_and(|buffer| buffer.syntax().is_some());
        match self.language_settings(cx).editor.sticky_scroll_model {
            StickyModel::Outline if parsed => Scopes::Outline(self.symbols(cx)),
            StickyModel::Outline | StickyModel::Folding => {
                Scopes::Regions(self.folding.regions().clone())
            }
            StickyModel::Indentation => Scopes::Regions(self.folding.by_indentation().clone()),
        }
    }

    /// How many rows will be pinned over a byte of the document once it is at the top.
    pub(crate) fn covered_rows(
        &self,
        offset: usize,
        display: &DisplaySnapshot,
        extent: &ScrollExtent,
        cx: &App,
    ) -> usize {
        let row = display.row_of(offset);
        self.scopes(cx)
            .around(display, row)
            .take(self.most_pinned(extent, cx))
            .filter(|scope| scope.header < row)
            .count()
    }

    /// What is pinned where the view is scrolled to.
    pub(crate) fn pins(
        &self,
        display: &DisplaySnapshot,
        extent: &ScrollExtent,
        cx: &App,
    ) -> Vec<Pin> {
        let scopes = self.scopes(cx);
        let most = self.most_pinned(extent, cx);
        pins(self.scroll.top, most, |row, place| {
            scopes.around(display, row).nth(place)
        })
    }

    /// The pinned rows of the last frame, top down, as they read.
    pub fn sticky_rows(&self) -> Vec<String> {
        let Some(frame) = &self.frame else {
            return Vec::new();
        };
        let rows = frame.sticky.iter();
        rows.map(|sticky| frame.display.row_text(sticky.row.row).trim_end().to_owned())
            .collect()
    }

    /// Goes to a line that is pinned.
    fn go_to_pinned(&mut self, line: usize, window: &mut Window, cx: &mut Context<Self>) {
        window.focus(&self.focus, cx);
        let text = self.text(cx);
        let start = text.line_start(line.min(text.line_count() - 1));
        let blank = text
            .chars_from(start)
            .take_while(|c| matches!(c, ' ' | '\t'));
        self.go_to_offset(start + blank.count(), cx);
    }
}

/// Lays out what is pinned. `visible` are the pixels of rows that are in view; the syntax is that
/// of a version of the text.
pub(crate) fn lay_out(
    pins: &[Pin],
    source: Source<'_>,
    visible: &std::ops::Range<f64>,
    (syntax, version): (Option<&SyntaxTree>, u64),
    shaper: &mut RowShaper,
    highlights: &mut VisibleHighlights,
) -> Vec<StickyRow> {
    let texts: Vec<_> = pins
        .iter()
        .filter_map(|pin| match source.display.row(pin.scope.header) {
            DisplayRow::Text(text) => Some((pin, text)),
            DisplayRow::Block(..) => None,
        })
        .collect();
    let mut shown = Vec::new();
    for (_, text) in &texts {
        shaper.shown_bytes(source, text, visible.clone(), |bytes| shown.push(bytes));
    }
    let spans = highlights.get(syntax, source.display.text(), version, shown);
    let brackets = match source.style.brackets.is_empty() {
        true => Rc::default(),
        false => highlights.brackets(syntax),
    };
    let source = Source {
        brackets: &brackets,
        ..source
    };
    texts
        .into_iter()
        .map(|(pin, text)| StickyRow {
            line: pin.scope.line,
            y: pin.y,
            row: shaper.layout_row(source, pin.scope.header, text, &spans, visible.clone()),
        })
        .collect()
}

impl Frame {
    /// Where a pinned row is in the window: below the scrollbar too, where the text would show
    /// through beside it.
    fn sticky_bounds(&self, sticky: &StickyRow) -> Bounds<Pixels> {
        let height = self.style.line_height;
        let top = self.below_top(sticky.y);
        let right = self.text_area.right();
        Bounds::from_corners(
            point(self.gutter.left(), top),
            point(right.max(self.gutter.left()), top + height),
        )
    }

    /// What the pinned rows cover; nothing where there are none.
    fn sticky_area(&self) -> Option<Bounds<Pixels>> {
        let last = self.sticky.last()?;
        Some(Bounds::from_corners(
            self.gutter.origin,
            self.sticky_bounds(last).bottom_right(),
        ))
    }

    /// The line of the pinned row at a place in the window.
    fn pinned_at(&self, position: gpui_kit::Point<Pixels>) -> Option<usize> {
        let mut rows = self.sticky.iter();
        let row = rows.find(|row| self.sticky_bounds(row).contains(&position))?;
        Some(row.line)
    }
}

/// Takes the pointer from what is below the pinned rows, but for the scrollbar, which is over them.
pub(crate) fn prepaint(frame: &Frame, window: &mut Window) -> Option<Hitbox> {
    let mut area = frame.sticky_area()?.intersect(&frame.bounds);
    area.size.width = (area.size.width - frame.covered).max(px(0.));
    Some(window.insert_hitbox(area, HitboxBehavior::BlockMouseExceptScroll))
}

/// Registers what the pointer does over the pinned rows.
pub(crate) fn listen(
    view: &Entity<EditorView>,
    frame: &Rc<Frame>,
    hitbox: &Hitbox,
    window: &mut Window,
) {
    let (target, pressed, over) = (view.clone(), frame.clone(), hitbox.clone());
    window.on_mouse_event(move |event: &MouseDownEvent, phase, window, cx| {
        let left = event.button == MouseButton::Left;
        if phase != DispatchPhase::Bubble || !left || !over.is_hovered(window) {
            return;
        }
        if let Some(line) = pressed.pinned_at(event.position) {
            target.update(cx, |view, cx| view.go_to_pinned(line, window, cx));
            window.prevent_default();
            cx.stop_propagation();
        }
    });
    let (target, frame, over) = (view.clone(), frame.clone(), hitbox.clone());
    let hovered = Cell::new(hovered_line(&frame, &over, window));
    window.on_mouse_event(move |_: &MouseMoveEvent, phase, window, cx| {
        if phase != DispatchPhase::Bubble {
            return;
        }
        let now = hovered_line(&frame, &over, window);
        if hovered.replace(now) != now {
            target.update(cx, |_, cx| cx.notify());
        }
    });
}

fn hovered_line(frame: &Frame, hitbox: &Hitbox, window: &Window) -> Option<usize> {
    let position = hitbox.is_hovered(window).then(|| window.mouse_position())?;
    frame.pinned_at(position)
}

/// Paints the pinned rows over the text.
///
/// Their numbers count from the line `caret` where those of the text do.
pub(crate) fn paint(
    frame: &Frame,
    hitbox: Option<&Hitbox>,
    caret: usize,
    window: &mut Window,
    cx: &mut App,
) {
    let (Some(area), Some(hitbox)) = (frame.sticky_area(), hitbox) else {
        return;
    };
    let hovered = hovered_line(frame, hitbox, window);
    let colors = &frame.style.colors;
    shadow(area, frame, window);
    // The last one may be on its way under the one above it.
    for sticky in frame.sticky.iter().rev() {
        let bounds = frame.sticky_bounds(sticky);
        window.paint_quad(fill(bounds, colors.sticky_scroll_background));
        if hovered == Some(sticky.line) {
            window.paint_quad(fill(bounds, colors.sticky_scroll_hover));
        }
        if let Some(number) = pinned_number(frame.style.line_numbers, sticky.line, caret) {
            paint_number(frame, number, colors.line_number, bounds.top(), window, cx);
        }
        let text = Bounds::from_corners(
            point(frame.text_area.left(), bounds.top()),
            bounds.bottom_right(),
        );
        window.with_content_mask(Some(ContentMask { bounds: text }), |window| {
            for (x, segment) in sticky.row.segments() {
                let origin = point(frame.text_area.left() + x, bounds.top());
                segment.paint(origin, frame.style.line_height, window, cx);
            }
        });
    }
}

/// What stands beside a pinned line. Each has its number where the text has only some, since it
/// says how far away it is.
fn pinned_number(mode: LineNumbers, line: usize, caret: usize) -> Option<usize> {
    match mode {
        LineNumbers::Interval => Some(line + 1),
        _ => line_number(mode, line, caret),
    }
}

/// A line and a shadow that gets fainter, below the pinned rows.
fn shadow(area: Bounds<Pixels>, frame: &Frame, window: &mut Window) {
    let mut line = |below: usize, color: Hsla| {
        let top = area.bottom() + px(below as f32);
        let bounds = Bounds::new(point(area.left(), top), size(area.size.width, px(1.)));
        window.paint_quad(fill(bounds, color));
    };
    line(0, frame.style.colors.sticky_scroll_border);
    for below in 1..=SHADOW {
        let part = 1. - (below - 1) as f32 / SHADOW as f32;
        let color = frame.style.colors.sticky_scroll_shadow;
        line(below, color.opacity(SHADOW_STRENGTH * part));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope(header: usize, end: usize) -> Scope {
        Scope {
            line: header,
            header,
            end,
        }
    }

    /// The headers that are pinned and where, in a text with a scope in rows 2 to 20, in it one in
    /// rows 4 to 9 and one in rows 11 to 14.
    fn shown(top: f64, most: usize) -> Vec<(usize, f64)> {
        let scopes = [scope(2, 20), scope(4, 9), scope(11, 14)];
        let pins = pins(top, most, |row, place| {
            let mut around = scopes
                .iter()
                .filter(|scope| scope.header <= row && row <= scope.end);
            around.nth(place).copied()
        });
        pins.iter().map(|pin| (pin.scope.header, pin.y)).collect()
    }

    #[test]
    fn a_pinned_line_is_numbered_like_the_text_below_it() {
        let number = |mode| pinned_number(mode, 2, 9);
        assert_eq!(number(LineNumbers::On), Some(3));
        assert_eq!(number(LineNumbers::Relative), Some(7));
        assert_eq!(number(LineNumbers::Interval), Some(3));
        assert_eq!(number(LineNumbers::Off), None);
    }

    #[test]
    fn a_scope_is_pinned_once_its_first_row_leaves() {
        assert_eq!(shown(0., 5), []);
        assert_eq!(shown(2., 5), []);
        assert_eq!(shown(2.25, 5), [(2, 0.)]);
        assert_eq!(shown(3., 5), [(2, 0.)], "the next one begins right below");
        assert_eq!(shown(3.5, 5), [(2, 0.), (4, 1.)]);
    }

    #[test]
    fn the_end_of_a_scope_pushes_its_row_out() {
        assert_eq!(shown(8., 5), [(2, 0.), (4, 1.)]);
        assert_eq!(shown(8.25, 5), [(2, 0.), (4, 0.75)]);
        assert_eq!(shown(8.75, 5), [(2, 0.), (4, 0.25)]);
        assert_eq!(shown(9., 5), [(2, 0.)], "the row is gone");
        assert_eq!(shown(20., 5), [(2, 0.)]);
        assert_eq!(
            shown(20.5, 5),
            [(2, -0.5)],
            "the outermost goes out of the view"
        );
        assert_eq!(shown(21., 5), []);
    }

    #[test]
    fn no_more_rows_than_allowed_are_pinned() {
        assert_eq!(shown(6., 1), [(2, 0.)]);
        assert_eq!(shown(6., 0), []);
    }

    #[test]
    fn the_last_line_of_a_range_is_that_of_its_last_byte() {
        let text = Text::new("a\nb\n");
        assert_eq!(last_line(&text, 2), 0);
        assert_eq!(last_line(&text, 3), 1);
        assert_eq!(last_line(&text, 4), 1);
        assert_eq!(last_line(&text, 0), 0);
    }
}
