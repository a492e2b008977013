//! The element that draws a view: rows, carets, selections, gutter, scrollbars.

use std::ops::Range;
use std::rc::Rc;

use gpui_kit::{
    AnyElement, App, BorderStyle, Bounds, ContentMask, Corners, CursorStyle, Edges, Element,
    ElementId, ElementInputHandler, Entity, GlobalElementId, Hitbox, HitboxBehavior, Hsla,
    InspectorElementId, IntoElement, LayoutId, PaintQuad, Pixels, SharedString, Style, TextAlign,
    TextRun, Window, fill, hsla, linear_color_stop, linear_gradient, point, px, quad, relative,
    size,
};

use settings::LineNumbers;

use crate::blocks;
use crate::bookmarks;
use crate::bracket_guides;
use crate::bracket_match::bracket_pair;
use crate::color_swatches;
use crate::compare::{paint_added, paint_settled};
use crate::diagnostics;
use crate::fold_marks;
use crate::frame::{Frame, RowSpan, outer_corners};
use crate::hint_press;
use crate::hunk_controls;
use crate::hunk_marks;
use crate::indent_guides;
use crate::inline_hunks;
use crate::light_bulb;
use crate::linked_editing;
use crate::links;
use crate::minimap;
use crate::occurrences;
use crate::pointer;
use crate::sticky_scroll;
use crate::text_drag;
use crate::ticks;
use crate::unicode_highlight;
use crate::view::EditorView;
use crate::vim_paint;
use crate::whitespace;

/// Width of a caret.
const CARET: Pixels = px(2.);
/// How wide the fade of text is that goes on below the minimap.
const FADE: Pixels = px(16.);
/// Radius of a selection's outer corners.
const SELECTION_RADIUS: Pixels = px(3.);
/// Width of a scrollbar's thumb, at rest and under the pointer.
const THUMB: Pixels = px(6.);
const THUMB_HOVERED: Pixels = px(8.);

/// Draws an [`EditorView`]; fills the space that it is given.
pub(crate) struct EditorElement {
    view: Entity<EditorView>,
}

impl EditorElement {
    pub(crate) fn new(view: Entity<EditorView>) -> Self {
        Self { view }
    }
}

/// What paint needs of prepaint.
pub(crate) struct Prepared {
    pub frame: Rc<Frame>,
    pub text: Hitbox,
    pub gutter: Hitbox,
    /// What is pressed rather than selected: chevrons, swatches, and placeholders of folded text.
    pub pressed: Vec<Hitbox>,
    /// The part of a hint under the pointer that a click would follow.
    pub hint_link: Vec<Bounds<Pixels>>,
    /// What says what the swatches in view are.
    pub swatches: Vec<AnyElement>,
    /// The elements of the blocks in view.
    pub blocks: Vec<AnyElement>,
    /// What can be done about the changes that stand open.
    pub hunk_controls: Vec<AnyElement>,
    pub light_bulb: Option<AnyElement>,
    /// What the pinned rows cover.
    pub sticky: Option<Hitbox>,
    pub minimap: Option<minimap::Prepared>,
    pub vertical: Option<Hitbox>,
    pub horizontal: Option<Hitbox>,
}

impl IntoElement for EditorElement {
    type Element = Self;

    fn into_element(self) -> Self {
        self
    }
}

impl Element for EditorElement {
    type RequestLayoutState = ();
    type PrepaintState = Prepared;

    fn id(&self) -> Option<ElementId> {
        None
    }

    fn source_location(&self) -> Option<&'static std::panic::Location<'static>> {
        None
    }

    fn request_layout(
        &mut self,
        _: Option<&GlobalElementId>,
        _: Option<&InspectorElementId>,
        window: &mut Window,
        cx: &mut App,
    ) -> (LayoutId, ()) {
        let style = Style {
            size: size(relative(1.).into(), relative(1.).into()),
            ..Style::default()
        };
        (window.request_layout(style, None, cx), ())
    }

    fn prepaint(
        &mut self,
        _: Option<&GlobalElementId>,
        _: Option<&InspectorElementId>,
        bounds: Bounds<Pixels>,
        _: &mut (),
        window: &mut Window,
        cx: &mut App,
    ) -> Prepared {
        let frame = self.view.update(cx, |view, cx| {
            let frame = view.layout(bounds, window, cx);
            view.find_hunk_words(&frame, cx);
            frame
        });
        let text = window.insert_hitbox(frame.text_area, HitboxBehavior::Normal);
        let gutter = window.insert_hitbox(frame.gutter, HitboxBehavior::Normal);
        let text_area = frame.text_area;
        let placeholders = frame.placeholders().map(|(bounds, _)| bounds);
        let (pointer, keys) = (window.mouse_position(), window.modifiers());
        let view = self.view.read(cx);
        let hint_link = view.hint_link_under(&frame, pointer, &keys, cx);
        let pressed = placeholders
            .map(|bounds| bounds.intersect(&text_area))
            .chain(color_swatches::pressed(&frame, self.view.read(cx)))
            .chain([frame.chevrons()])
            .chain(frame.link_under(pointer, &keys, cx))
            .chain(hint_link.iter().map(|bounds| bounds.intersect(&text_area)))
            .map(|bounds| window.insert_hitbox(bounds, HitboxBehavior::Normal))
            .collect();
        let mask = ContentMask { bounds: text_area };
        let (swatches, blocks) = window.with_content_mask(Some(mask), |window| {
            let swatches = color_swatches::prepaint(&self.view, &frame, window, cx);
            (swatches, blocks::prepaint(&frame, window, cx))
        });
        let sticky = sticky_scroll::prepaint(&frame, window);
        let hunk_controls = hunk_controls::prepaint(&self.view, &frame, window, cx);
        let light_bulb = light_bulb::prepaint(&self.view, &frame, window, cx);
        let minimap = minimap::prepaint(&frame, window, cx);
        let mut strip = |bar: Option<(Bounds<Pixels>, Bounds<Pixels>)>| {
            bar.map(|(track, _)| window.insert_hitbox(track, HitboxBehavior::Normal))
        };
        let vertical = strip(frame.vertical_scrollbar());
        let horizontal = strip(frame.horizontal_scrollbar());
        Prepared {
            frame,
            text,
            gutter,
            pressed,
            hint_link,
            swatches,
            blocks,
            hunk_controls,
            light_bulb,
            sticky,
            minimap,
            vertical,
            horizontal,
        }
    }

    fn paint(
        &mut self,
        _: Option<&GlobalElementId>,
        _: Option<&InspectorElementId>,
        bounds: Bounds<Pixels>,
        _: &mut (),
        prepared: &mut Prepared,
        window: &mut Window,
        cx: &mut App,
    ) {
        let focus = self.view.read(cx).focus.clone();
        window.handle_input(
            &focus,
            ElementInputHandler::new(bounds, self.view.clone()),
            cx,
        );
        window.set_cursor_style(CursorStyle::IBeam, &prepared.text);
        for hitbox in &prepared.pressed {
            window.set_cursor_style(CursorStyle::PointingHand, hitbox);
        }
        let minimap = prepared.minimap.as_ref().map(|map| &map.strip);
        let bars = [prepared.vertical.as_ref(), prepared.horizontal.as_ref()];
        for strip in bars.into_iter().chain([minimap]).flatten() {
            window.set_cursor_style(CursorStyle::Arrow, strip);
        }
        text_drag::set_cursor(self.view.read(cx), prepared, window, cx);
        pointer::listen(&self.view, prepared, window, cx);

        let frame = prepared.frame.clone();
        if let Some(hitbox) = &prepared.sticky {
            window.set_cursor_style(CursorStyle::PointingHand, hitbox);
            sticky_scroll::listen(&self.view, &frame, hitbox, window);
        }
        let focused = focus.is_focused(window);
        if focused {
            self.tell_input_method(&frame, window, cx);
        }
        // What is typed over the beginning of a file waits, and goes in at the caret that is shown.
        let focused =
            focused || (self.view.read(cx).is_preview(cx) && focus.within_focused(window, cx));
        window.with_content_mask(Some(ContentMask { bounds }), |window| {
            window.paint_quad(fill(bounds, frame.style.colors.editor_background));
            self.paint_current_lines(&frame, focused, window, cx);
            // A caret in column 0 reaches a little into the gutter.
            let overhang = if frame.scroll.left > 0. {
                px(0.)
            } else {
                CARET
            };
            let clip = Some(ContentMask {
                bounds: Bounds::from_corners(
                    point(frame.text_area.left() - overhang, frame.text_area.top()),
                    frame.text_area.bottom_right(),
                ),
            });
            window.with_content_mask(clip, |window| {
                if let Some(difference) = &self.view.read(cx).compare {
                    paint_added(difference, &frame, window);
                }
                let view = self.view.read(cx);
                if let Some(buffer) = view.buffer_ref(cx) {
                    inline_hunks::paint_added(view, buffer, &frame, window);
                }
                whitespace::paint_rulers(&frame, window);
                let caret = self.view.read(cx).selections.primary().head;
                indent_guides::paint(&frame, caret, window);
                bracket_guides::paint(&frame, window);
                occurrences::paint(&frame, focused, self.view.read(cx), window);
                linked_editing::paint(&frame, self.view.read(cx), window);
                unicode_highlight::paint(&frame, window);
                self.paint_bracket_match(&frame, focused, window, cx);
                self.paint_matches(&frame, window, cx);
                vim_paint::paint_matches(&frame, self.view.read(cx), window);
                self.paint_selections(&frame, focused, window, cx);
                let selected: Vec<_> = visible_selections(self.view.read(cx), &frame)
                    .map(|(range, _)| range)
                    .filter(|range| !range.is_empty())
                    .collect();
                whitespace::paint(&frame, &selected, window, cx);
                self.paint_text(&frame, window, cx);
                if let Some(difference) = &self.view.read(cx).compare {
                    paint_settled(difference, &frame, window);
                }
                links::paint(&frame, window, cx);
                if prepared.text.is_hovered(window) {
                    hint_press::paint_link(&frame, &prepared.hint_link, window);
                }
                color_swatches::paint(&frame, self.view.read(cx), window);
                diagnostics::paint(&frame, self.view.read(cx), window, cx);
                self.paint_carets(&frame, focused, window, cx);
                text_drag::paint_drop_caret(&frame, self.view.read(cx), window, cx);
                let swatches = prepared.swatches.iter_mut();
                for element in swatches.chain(&mut prepared.blocks) {
                    element.paint(window, cx);
                }
            });
            self.paint_gutter(&frame, window, cx);
            fold_marks::paint(&frame, prepared.gutter.is_hovered(window), window);
            hunk_marks::paint(&self.view, &frame, window, cx);
            bookmarks::paint(&self.view, &frame, window, cx);
            let caret = self.caret_line(&frame, cx);
            if let Some(bulb) = &mut prepared.light_bulb {
                bulb.paint(window, cx);
            }
            sticky_scroll::paint(&frame, prepared.sticky.as_ref(), caret, window, cx);
            if let Some(map) = &mut prepared.minimap {
                fade_before_minimap(&frame, window);
                minimap::paint(&self.view, &frame, map, window, cx);
            }
            for controls in &mut prepared.hunk_controls {
                controls.paint(window, cx);
            }
            self.paint_scrollbars(prepared, window, cx);
        });
    }
}

/// Lets text that goes on below a minimap at its right fade out there.
fn fade_before_minimap(frame: &Frame, window: &mut Window) {
    let goes_on = frame.scroll.left < frame.extent.max_left();
    let at_right = frame
        .minimap
        .as_ref()
        .is_some_and(|map| map.bounds.left() >= frame.text_area.right());
    if goes_on && at_right {
        let corner = frame.text_area.bottom_right();
        let start = point(corner.x - FADE, frame.text_area.top());
        let background = frame.style.colors.editor_background;
        let fade = linear_gradient(
            90.,
            linear_color_stop(background.opacity(0.), 0.),
            linear_color_stop(background, 1.),
        );
        window.paint_quad(fill(Bounds::from_corners(start, corner), fade));
    }
}

impl EditorElement {
    /// The candidate window of an input method follows the caret.
    fn tell_input_method(&self, frame: &Frame, window: &Window, cx: &mut App) {
        self.view.update(cx, |view, _| {
            let head = view.selections.primary().head.min(frame.text().len());
            let place = frame.caret_bounds(head).map(|bounds| bounds.origin);
            if view.input_place != place {
                view.input_place = place;
                window.invalidate_character_coordinates();
            }
        });
    }

    fn paint_current_lines(&self, frame: &Frame, focused: bool, window: &mut Window, cx: &App) {
        if !focused {
            return;
        }
        for row in self.caret_rows(frame, cx) {
            let top = frame.row_top(row);
            let bounds = Bounds::from_corners(
                point(frame.gutter.left(), top),
                point(frame.text_area.right(), top + frame.style.line_height),
            );
            window.paint_quad(fill(bounds, frame.style.colors.current_line));
        }
    }

    /// The visible rows of the lines with carets that select nothing.
    fn caret_rows(&self, frame: &Frame, cx: &App) -> Vec<usize> {
        let view = self.view.read(cx);
        let lines: Vec<usize> = visible_selections(view, frame)
            .filter(|(range, _)| range.is_empty())
            .map(|(range, _)| frame.text().row_at(range.start))
            .collect();
        let rows = frame.rows.iter();
        rows.filter(|row| lines.binary_search(&row.text.line).is_ok())
            .map(|row| row.row)
            .collect()
    }

    /// The brackets around the caret.
    fn paint_bracket_match(&self, frame: &Frame, focused: bool, window: &mut Window, cx: &App) {
        let primary = self.view.read(cx).selections.primary();
        if !focused || !primary.is_empty() {
            return;
        }
        let found = bracket_pair(frame.text(), &frame.shown, &frame.highlights, primary.head);
        let colors = &frame.style.colors;
        for at in found.into_iter().flatten() {
            for span in frame.range_spans(at..at + 1) {
                let corners = Corners::all(px(2.));
                let (color, border) = (colors.bracket_match, colors.bracket_match_border);
                window.paint_quad(span_quad(frame, span, corners, color, border));
            }
        }
    }

    fn paint_matches(&self, frame: &Frame, window: &mut Window, cx: &App) {
        let Some(find) = &self.view.read(cx).find else {
            return;
        };
        let selected = self.view.read(cx).selections.primary().range();
        let find = find.read(cx);
        let colors = &frame.style.colors;
        let Some(visible) = visible_bytes(frame) else {
            return;
        };
        // Where only a part of the text is searched, that part is shaded.
        let none = hsla(0., 0., 0., 0.);
        for part in find.scope.as_slice() {
            let part = part.start.max(visible.start)..part.end.min(visible.end);
            if part.start < part.end {
                for span in frame.range_spans(part) {
                    let shade = colors.find_match.opacity(0.3);
                    window.paint_quad(span_quad(frame, span, Corners::default(), shade, none));
                }
            }
        }
        let matches = frame
            .shown
            .iter()
            .flat_map(|shown| find.matches_in(shown.clone()));
        for range in matches {
            let (fill, border) = if *range == selected {
                (colors.find_match_active, colors.accent)
            } else {
                (colors.find_match, none)
            };
            for span in frame.range_spans(range.clone()) {
                window.paint_quad(span_quad(frame, span, Corners::all(px(2.)), fill, border));
            }
        }
    }

    fn paint_selections(&self, frame: &Frame, focused: bool, window: &mut Window, cx: &App) {
        let color = if focused {
            frame.style.colors.selection
        } else {
            frame.style.selection_inactive
        };
        let view = self.view.read(cx);
        for (range, _) in visible_selections(view, frame) {
            let spans = frame.range_spans(range);
            for (index, span) in spans.iter().enumerate() {
                let above = index.checked_sub(1).map(|above| spans[above]);
                let [top_left, top_right, bottom_right, bottom_left] =
                    outer_corners(*span, above, spans.get(index + 1).copied())
                        .map(|outer| if outer { SELECTION_RADIUS } else { px(0.) });
                let corners = Corners {
                    top_left,
                    top_right,
                    bottom_right,
                    bottom_left,
                };
                window.paint_quad(span_quad(
                    frame,
                    *span,
                    corners,
                    color,
                    hsla(0., 0., 0., 0.),
                ));
            }
        }
    }

    fn paint_text(&self, frame: &Frame, window: &mut Window, cx: &mut App) {
        let left = frame.text_area.left();
        for row in &frame.rows {
            let top = frame.row_top(row.row);
            for (x, segment) in row.segments() {
                segment.paint(point(left + x, top), frame.style.line_height, window, cx);
            }
        }
        let view = self.view.read(cx);
        for range in &view.marked {
            for span in frame.range_spans(range.clone()) {
                let top = frame.row_top(span.row) + frame.style.line_height - px(3.);
                let bounds =
                    Bounds::new(point(span.left, top), size(span.right - span.left, px(1.)));
                window.paint_quad(fill(bounds, frame.style.colors.editor_text));
            }
        }
    }

    fn paint_carets(&self, frame: &Frame, focused: bool, window: &mut Window, cx: &App) {
        let view = self.view.read(cx);
        let blinks = view.focus.is_focused(window) && window.is_window_active();
        let blinked_off = blinks && !view.blink.read(cx).is_shown();
        if !focused || blinked_off {
            return;
        }
        if let Some(blocks) = vim_paint::blocks(frame, view, cx) {
            for block in blocks {
                window.paint_quad(block);
            }
            return;
        }
        let inset = (frame.style.line_height * 0.08).round();
        for (_, head) in visible_selections(view, frame) {
            if let Some(place) = frame.caret_bounds(head) {
                let bounds = Bounds::new(
                    point(place.left() - CARET / 2., place.top() + inset),
                    size(CARET, place.size.height - inset * 2.),
                );
                window.paint_quad(fill(bounds, frame.style.colors.caret).corner_radii(px(1.)));
            }
        }
    }

    /// The line of the primary caret.
    fn caret_line(&self, frame: &Frame, cx: &App) -> usize {
        let caret = self.view.read(cx).selections.primary().head;
        frame.text().row_at(caret.min(frame.text().len()))
    }

    fn paint_gutter(&self, frame: &Frame, window: &mut Window, cx: &mut App) {
        let style = &frame.style;
        let active: Vec<usize> = {
            let view = self.view.read(cx);
            visible_selections(view, frame)
                .map(|(_, head)| frame.text().row_at(head))
                .collect()
        };
        let caret = self.caret_line(frame, cx);
        for row in frame.rows.iter().filter(|row| !row.text.continues) {
            let line = row.text.line;
            let Some(number) = line_number(style.line_numbers, line, caret) else {
                continue;
            };
            let color = if active.contains(&line) {
                style.colors.line_number_active
            } else {
                style.colors.line_number
            };
            paint_number(frame, number, color, frame.row_top(row.row), window, cx);
        }
    }

    fn paint_scrollbars(&self, prepared: &Prepared, window: &mut Window, cx: &App) {
        let frame = &prepared.frame;
        ticks::paint(frame, self.view.read(cx), window, cx);
        let dragged = self
            .view
            .read(cx)
            .drag
            .as_ref()
            .and_then(pointer::Drag::scrollbar);
        let color = frame.style.colors.scrollbar_thumb;
        if let (Some(hitbox), Some((_, thumb))) = (&prepared.vertical, frame.vertical_scrollbar()) {
            let strong = hitbox.is_hovered(window) || dragged == Some(pointer::Axis::Vertical);
            let width = frame
                .style
                .scaled(if strong { THUMB_HOVERED } else { THUMB });
            let bounds = Bounds::new(
                point(thumb.right() - width - px(2.), thumb.top() + px(2.)),
                size(width, thumb.size.height - px(4.)),
            );
            window.paint_quad(fill(bounds, color).corner_radii(width / 2.));
        }
        if let (Some(hitbox), Some((_, thumb))) =
            (&prepared.horizontal, frame.horizontal_scrollbar())
        {
            let strong = hitbox.is_hovered(window) || dragged == Some(pointer::Axis::Horizontal);
            // Over text it would only be in the way while nobody looks for it.
            if !strong && !prepared.text.is_hovered(window) {
                return;
            }
            let height = frame
                .style
                .scaled(if strong { THUMB_HOVERED } else { THUMB });
            let bounds = Bounds::new(
                point(thumb.left() + px(2.), thumb.bottom() - height - px(2.)),
                size(thumb.size.width - px(4.), height),
            );
            window.paint_quad(fill(bounds, color).corner_radii(height / 2.));
        }
    }
}

/// What stands beside a line, with the caret in another or the same.
pub(crate) fn line_number(mode: LineNumbers, line: usize, caret: usize) -> Option<usize> {
    match mode {
        LineNumbers::Off => None,
        LineNumbers::Relative if line != caret => Some(line.abs_diff(caret)),
        LineNumbers::Interval if line != caret && !(line + 1).is_multiple_of(10) => None,
        _ => Some(line + 1),
    }
}

/// The range and the caret of every selection that reaches into the laid out rows.
fn visible_selections<'a>(
    view: &'a EditorView,
    frame: &Frame,
) -> impl Iterator<Item = (Range<usize>, usize)> + 'a {
    let len = frame.text().len();
    let visible = visible_bytes(frame).unwrap_or(0..0);
    let all = view.selections.as_slice();
    let first = all.partition_point(|selection| selection.end() < visible.start);
    all[first..]
        .iter()
        .take_while(move |selection| selection.start() <= visible.end)
        .map(move |selection| {
            let range = selection.range();
            (
                range.start.min(len)..range.end.min(len),
                selection.head.min(len),
            )
        })
}

/// Paints a line's number in the gutter, beside what has this top edge.
pub(crate) fn paint_number(
    frame: &Frame,
    number: usize,
    color: Hsla,
    top: Pixels,
    window: &mut Window,
    cx: &mut App,
) {
    let style = &frame.style;
    let number = SharedString::from(number.to_string());
    let run = TextRun {
        len: number.len(),
        font: style.font.clone(),
        color,
        ..TextRun::default()
    };
    let shaped = window
        .text_system()
        .shape_line(number, style.font_size, &[run], None);
    let origin = point(frame.number_right() - shaped.width(), top);
    if let Err(error) = shaped.paint(origin, style.line_height, TextAlign::Left, None, window, cx) {
        tracing::warn!("a line number could not be painted: {error}");
    }
}

fn visible_bytes(frame: &Frame) -> Option<Range<usize>> {
    Some(frame.rows.first()?.text.range.start..frame.rows.last()?.text.range.end)
}

/// The rectangle of a stretch of a row, with a line around it where that can be seen.
pub(crate) fn span_quad(
    frame: &Frame,
    span: RowSpan,
    corners: Corners<Pixels>,
    color: Hsla,
    border: Hsla,
) -> PaintQuad {
    let bounds = frame.span_bounds(span);
    let width = if border.a > 0. { px(1.) } else { px(0.) };
    quad(
        bounds,
        corners,
        color,
        Edges::all(width),
        border,
        BorderStyle::Solid,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_numbered_as_the_settings_say() {
        let numbers = |mode| -> Vec<Option<usize>> {
            (7..11).map(|line| line_number(mode, line, 8)).collect()
        };
        assert_eq!(
            numbers(LineNumbers::On),
            [Some(8), Some(9), Some(10), Some(11)]
        );
        assert_eq!(
            numbers(LineNumbers::Relative),
            [Some(1), Some(9), Some(1), Some(2)]
        );
        assert_eq!(
            numbers(LineNumbers::Interval),
            [None, Some(9), Some(10), None]
        );
        assert_eq!(numbers(LineNumbers::Off), [None; 4]);
    }
}
