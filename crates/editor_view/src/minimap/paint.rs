//! Paints the minimap: its rows as rectangles, what is marked, and the slider.

use std::ops::Range;

use editor_core::{Hunk, HunkKind};
use gpui_kit::{
    App, Bounds, ContentMask, Entity, Hsla, Pixels, UnderlineStyle, Window, fill, point, px, size,
};
use lsp::DiagnosticSeverity;
use settings::ShowSlider;

use super::marks::{Mark, Rows};
use super::rows::Ink;
use super::{MinimapFrame, Prepared};
use crate::diagnostics;
use crate::editor_style::EditorStyle;
use crate::frame::Frame;
use crate::pointer::Drag;
use crate::view::EditorView;

/// How strong text is drawn: without shapes of letters it has to be quieter than the text.
const INK: f32 = 0.6;
/// How strong the caret's line is drawn.
const CURRENT_LINE: f32 = 0.14;
/// How strong problems are drawn, and the rows that they are in.
const PROBLEM: f32 = 0.9;
const PROBLEM_ROW: f32 = 0.25;
/// More problems than this are not drawn in one frame.
const MOST_PROBLEMS: usize = 1_000;
/// Distance of the marks of changes from the strip's left edge, and their width.
const CHANGE_LEFT: Pixels = px(1.);
const CHANGE: Pixels = px(3.);

/// The colours of inks, as far as they were asked for.
struct Inks<'a> {
    style: &'a EditorStyle,
    /// What they are on.
    paper: Hsla,
    known: Vec<(Ink, Hsla)>,
}

impl Inks<'_> {
    fn get(&mut self, ink: Ink) -> Hsla {
        if let Some((_, color)) = self.known.iter().find(|(known, _)| *known == ink) {
            return *color;
        }
        let color = match ink {
            Ink::Plain => self.style.plain.color,
            Ink::Highlighted(highlight) => self.style.syntax(highlight).color,
            Ink::Added => self.style.added.color,
        };
        let color = self.paper.blend(color.opacity(INK));
        self.known.push((ink, color));
        color
    }
}

impl MinimapFrame {
    /// The rectangle of cells of rows.
    fn place(
        &self,
        rows: &Range<usize>,
        cells: &Range<u16>,
        style: &EditorStyle,
    ) -> Bounds<Pixels> {
        let left = self.bounds.left() + style.scaled(super::LEFT);
        let cell = |cell: u16| left + self.strip.cell.width * f32::from(cell);
        let row = |row: usize| self.bounds.top() + px(self.geometry.row_top(row) as f32);
        Bounds::from_corners(
            point(cell(cells.start), row(rows.start)),
            point(cell(cells.end), row(rows.end)),
        )
    }
}

/// Paints the minimap of a frame.
pub(crate) fn paint(
    view: &Entity<EditorView>,
    frame: &Frame,
    prepared: &mut Prepared,
    window: &mut Window,
    cx: &mut App,
) {
    prepared.element.paint(window, cx);
    if let Some(map) = frame.minimap {
        paint_map(map, view.read(cx), frame, prepared, window, cx);
    }
}

fn paint_map(
    map: MinimapFrame,
    view: &EditorView,
    frame: &Frame,
    prepared: &Prepared,
    window: &mut Window,
    cx: &App,
) {
    let style = &frame.style;
    let mask = ContentMask { bounds: map.bounds };
    window.with_content_mask(Some(mask), |window| {
        let (first, rows) = view.minimap.rows();
        let shown = map.geometry.shown_rows();
        let start = shown.start.clamp(first, first + rows.len());
        let end = shown.end.clamp(start, first + rows.len());
        let rows = Rows {
            first: start,
            rows: &rows[start - first..end - first],
            columns: map.strip.columns,
        };
        // What is in one layer is not compared with all else in it. Strokes lie over rectangles there.
        window.paint_layer(map.bounds, |window| {
            window.paint_quad(fill(map.bounds, style.colors.minimap_background));
            paint_selected(&map, &rows, view, style, window);
            paint_rows(&map, &rows, style, window);
        });
        window.paint_layer(map.bounds, |window| {
            paint_matches(&map, &rows, view, style, window, cx);
            paint_problems(&map, &rows, view, style, window, cx);
            paint_changes(&map, &rows, view, style, window, cx);
            paint_slider(&map, view, style, prepared, window, cx);
        });
    });
}

/// The caret's line, and what is selected, under the text.
fn paint_selected(
    map: &MinimapFrame,
    rows: &Rows<'_>,
    view: &EditorView,
    style: &EditorStyle,
    window: &mut Window,
) {
    if let Some(row) = rows.row_of(view.selections.primary().head) {
        let place = map.place(&(row..row + 1), &(0..rows.columns), style);
        let whole = Bounds::from_corners(
            point(map.bounds.left(), place.top()),
            point(map.bounds.right(), place.bottom()),
        );
        let color = style.colors.editor_text.opacity(CURRENT_LINE);
        window.paint_quad(fill(whole, color));
    }
    let color = style.colors.minimap_selection;
    paint_marks(map, &rows.selected(&view.selections), color, style, window);
}

fn paint_marks(
    map: &MinimapFrame,
    marks: &[Mark],
    color: Hsla,
    style: &EditorStyle,
    window: &mut Window,
) {
    for mark in marks {
        let place = map.place(&mark.rows, &mark.cells, style);
        window.paint_quad(fill(place, color));
    }
}

/// A row's stretches are strokes: the window keeps less than half as much of one as of a rectangle,
/// and there are thousands. Their colours are opaque, since gpui dims a stroke that is not.
fn paint_rows(map: &MinimapFrame, rows: &Rows<'_>, style: &EditorStyle, window: &mut Window) {
    let colors = &style.colors;
    let mut inks = Inks {
        style,
        paper: colors.editor_background.blend(colors.minimap_background),
        known: Vec::new(),
    };
    // Where a row has more than one pixel of the screen, a blank one keeps it apart from the next:
    // rows that are full from edge to edge, as those of a log, would be one bright slab.
    let has_gap = map.strip.cell.height > map.strip.pixel * 1.5;
    let gap = if has_gap { map.strip.pixel } else { px(0.) };
    let mut stroke = UnderlineStyle {
        thickness: map.strip.cell.height - gap,
        ..UnderlineStyle::default()
    };
    for (number, row) in (rows.first..).zip(rows.rows) {
        for run in &row.runs {
            let place = map.place(&(number..number + 1), &run.cells, style);
            stroke.color = Some(inks.get(run.ink));
            window.paint_underline(place.origin, place.size.width, &stroke);
        }
    }
}

/// What the find bar found; without it, where the word at the caret or what is selected stands.
fn paint_matches(
    map: &MinimapFrame,
    rows: &Rows<'_>,
    view: &EditorView,
    style: &EditorStyle,
    window: &mut Window,
    cx: &App,
) {
    let Some(find) = &view.find else {
        let marks = rows.matches(|bytes| view.occurrences.touching(&bytes));
        let color = style.colors.minimap_occurrence;
        return paint_marks(map, &marks, color, style, window);
    };
    let find = find.read(cx);
    let marks = rows.matches(|bytes| find.matches_in(bytes));
    paint_marks(map, &marks, style.colors.minimap_find_match, style, window);
}

/// The rows of problems, in the colour of their severity, and the problems themselves.
fn paint_problems(
    map: &MinimapFrame,
    rows: &Rows<'_>,
    view: &EditorView,
    style: &EditorStyle,
    window: &mut Window,
    cx: &App,
) {
    let mut found = view.diagnostics_in(rows.bytes(), cx);
    found.retain(|(_, one)| one.severity != DiagnosticSeverity::Hint);
    found.truncate(MOST_PROBLEMS);
    // The gravest come first, and are painted over the others.
    for (range, diagnostic) in found.into_iter().rev() {
        let color = diagnostics::color(diagnostic.severity, &style.colors);
        if let Some(row) = rows.row_of(range.start) {
            let place = map.place(&(row..row + 1), &(0..rows.columns), style);
            window.paint_quad(fill(place, color.opacity(PROBLEM_ROW)));
        }
        paint_marks(
            map,
            &rows.places(&range),
            color.opacity(PROBLEM),
            style,
            window,
        );
    }
}

/// Where the text differs from git's version, at the left edge.
fn paint_changes(
    map: &MinimapFrame,
    rows: &Rows<'_>,
    view: &EditorView,
    style: &EditorStyle,
    window: &mut Window,
    cx: &App,
) {
    let Some(hunks) = view.hunks(cx) else {
        return;
    };
    let left = map.bounds.left() + style.scaled(CHANGE_LEFT);
    for (rows, kind) in rows.changed(hunks, Hunk::kind) {
        let color = match kind {
            HunkKind::Added => style.colors.minimap_added,
            HunkKind::Modified => style.colors.minimap_modified,
            HunkKind::Removed => style.colors.minimap_removed,
        };
        let place = map.place(&rows, &(0..0), style);
        let bounds = Bounds::new(
            point(left, place.top()),
            size(style.scaled(CHANGE), place.size.height),
        );
        window.paint_quad(fill(bounds, color));
    }
}

/// The part in view.
fn paint_slider(
    map: &MinimapFrame,
    view: &EditorView,
    style: &EditorStyle,
    prepared: &Prepared,
    window: &mut Window,
    cx: &App,
) {
    let hovered = prepared.strip.is_hovered(window);
    let dragged = matches!(view.drag, Some(Drag::Minimap { .. }));
    let always = view.language_settings(cx).minimap.show_slider == ShowSlider::Always;
    if !(hovered || dragged || always) {
        return;
    }
    let colors = &style.colors;
    let color = match () {
        () if dragged => colors.minimap_slider_active,
        () if prepared.slider.is_hovered(window) => colors.minimap_slider_hover,
        () => colors.minimap_slider,
    };
    window.paint_quad(fill(map.slider(), color));
}
