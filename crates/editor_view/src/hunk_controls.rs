//! What can be done about a change since git's version that stands open: buttons at its top right,
//! of the change at the caret and of the one under the pointer.

use std::ops::Range;

use editor_core::Hunk;
use gpui_kit::base::TestSupportExt as _;
use gpui_kit::prelude::*;
use gpui_kit::{
    AnyElement, App, AvailableSpace, Entity, Pixels, Point, Role, SharedString, Window, point, px,
};
use ui::tokens::space;
use ui::widgets::IconButton;
use ui::{ActiveKilnTheme as _, IconName};

use crate::floating::floating;
use crate::frame::Frame;
use crate::hunk_commands::ShownHunk;
use crate::proposal_rows;
use crate::staged_controls;
use crate::view::EditorView;

/// A change that has its buttons shown.
struct Controlled {
    /// From 0, of `count`.
    number: usize,
    count: usize,
    place: Range<usize>,
    shown: ShownHunk,
    read_only: bool,
}

impl EditorView {
    /// The offset of the change under the pointer that stands open, where the frame shows it.
    pub(crate) fn pointed_hunk(
        &self,
        frame: &Frame,
        position: Point<Pixels>,
        cx: &App,
    ) -> Option<usize> {
        let bounds = frame.gutter.union(&frame.text_area);
        if self.compare.is_some() || !bounds.contains(&position) {
            return None;
        }
        let offset = self.hunk_row(frame, position)?;
        let open = self.hunk_at(offset..offset, cx);
        let open = open.filter(|(_, range)| self.inline_hunks.is_open(range));
        let staged = || {
            let staged = self.staged_at(offset..offset, cx);
            staged.filter(|range| self.inline_hunks.is_staged_open(range))
        };
        let range = open.map(|(_, range)| range).or_else(staged)?;
        Some(range.start)
    }

    /// The changes whose buttons are shown.
    fn controlled(&self, frame: &Frame, pointer: Point<Pixels>, cx: &App) -> Vec<Controlled> {
        let (Some(buffer), None) = (self.buffer_ref(cx), &self.compare) else {
            return Vec::new();
        };
        let Some(version) = buffer.compared_version() else {
            return Vec::new();
        };
        let text = buffer.text();
        let row = text.row_at(self.selections.primary().head.min(text.len()));
        let at_caret = self.hunk_at(text.line_start(row)..text.line_end(row), cx);
        let at_caret = at_caret.map(|(_, range)| range.start);
        let pointed = self.pointed_hunk(frame, pointer, cx);
        if at_caret.is_none() && pointed.is_none() {
            return Vec::new();
        }
        let hunks = buffer.hunks();
        let control = |(number, (_, place, hunk)): (usize, (_, Range<usize>, &Hunk))| {
            let shown = ShownHunk {
                base_rows: hunk.base_rows.clone(),
                version: version.clone(),
            };
            Controlled {
                number,
                count: hunks.len(),
                place,
                shown,
                read_only: buffer.is_read_only(),
            }
        };
        hunks
            .iter()
            .enumerate()
            .filter(|(_, (_, range, _))| {
                let start = Some(range.start);
                (start == at_caret || start == pointed) && self.inline_hunks.is_open(range)
            })
            .map(control)
            .collect()
    }
}

impl Controlled {
    fn render(&self, view: &Entity<EditorView>, cx: &App) -> AnyElement {
        let Self { number, count, .. } = *self;
        let title = SharedString::from(format!("Change {} of {count}", number + 1));
        let button = |id: &'static str, icon, label: &'static str, command| {
            IconButton::new((id, number), icon, label).command(command)
        };
        let on_hunk =
            |run: fn(&mut EditorView, &ShownHunk, &mut Window, &mut Context<EditorView>)| {
                let (view, shown) = (view.clone(), self.shown.clone());
                move |_: &gpui_kit::ClickEvent, window: &mut Window, cx: &mut App| {
                    view.update(cx, |view, cx| {
                        run(view, &shown, window, cx);
                        window.focus(&view.focus, cx);
                    });
                }
            };
        let (closing, start) = (view.clone(), self.place.start);
        let bar = floating(cx.kiln_theme())
            .id(("hunk-controls", number))
            .test_support()
            .role(Role::Toolbar)
            .aria_label(title)
            .items_center()
            .p(px(1.))
            .gap(space::XXS)
            .child(
                button(
                    "hunk-stage",
                    IconName::Plus,
                    "Stage change",
                    "editor.stageChange",
                )
                .on_click(on_hunk(EditorView::stage_hunk)),
            )
            .child(
                button(
                    "hunk-revert",
                    IconName::Undo2,
                    "Revert change",
                    "editor.revertChange",
                )
                .disabled(self.read_only)
                .on_click(on_hunk(EditorView::revert_hunk)),
            )
            .child(button(
                "hunk-previous",
                IconName::ArrowUp,
                "Previous change",
                "editor.showPreviousChange",
            ))
            .child(button(
                "hunk-next",
                IconName::ArrowDown,
                "Next change",
                "editor.showNextChange",
            ))
            .child(
                button(
                    "hunk-close",
                    IconName::X,
                    "Close change",
                    "editor.toggleInlineChange",
                )
                .on_click(move |_, window, cx| {
                    closing.update(cx, |view, cx| {
                        view.toggle_hunk_at(start, cx);
                        window.focus(&view.focus, cx);
                    });
                }),
            );
        bar.into_any_element()
    }
}

/// Makes and lays out the buttons of a frame.
pub(crate) fn prepaint(
    view: &Entity<EditorView>,
    frame: &Frame,
    window: &mut Window,
    cx: &mut App,
) -> Vec<AnyElement> {
    let pointer = window.mouse_position();
    let controlled = view.read(cx).controlled(frame, pointer, cx);
    let rows = |one: &Controlled| rows_of(view.read(cx), &one.place, frame);
    let bars = controlled
        .iter()
        .map(|one| (one.render(view, cx), rows(one)));
    let staged = staged_controls::bars(view, frame, pointer, cx);
    let staged = staged.into_iter().map(|(bar, place)| {
        let rows = rows_of(view.read(cx), &place, frame);
        (bar, rows)
    });
    let bars: Vec<_> = bars.chain(staged).collect();
    let mut elements = proposal_rows::prepaint_pinned(view, frame, window, cx);
    // Two changes may begin at one row, one of them staged: their buttons stand side by side.
    let mut placed: Vec<(Pixels, Pixels)> = Vec::new();
    for (mut element, rows) in bars {
        let Some(top) = top_of(&rows, frame) else {
            continue;
        };
        let size = element.layout_as_root(AvailableSpace::min_size(), window, cx);
        let gap = frame.style.scaled(px(8.));
        let edge = frame.text_area.right() - frame.covered;
        let beside = |(at, left): &(Pixels, Pixels)| {
            let is_near = *at < top + size.height && top < *at + size.height;
            is_near.then_some(*left)
        };
        let right = placed.iter().filter_map(beside).fold(edge, Pixels::min) - gap;
        placed.push((top, right - size.width));
        element.prepaint_at(point(right - size.width, top), window, cx);
        elements.push(element);
    }
    elements
}

/// The rows of a change, with those of git's lines above it.
fn rows_of(view: &EditorView, place: &Range<usize>, frame: &Frame) -> Range<usize> {
    let text_row = frame.display.row_of(place.start);
    let block = view.removed_rows(frame, place.start);
    let first = block.map_or(text_row, |block| block.first);
    // A change ends where the line after it begins.
    let last = match place.is_empty() {
        true => block.map_or(text_row, |block| block.end() - 1),
        false => frame.display.row_of(place.end - 1).max(text_row),
    };
    first..last + 1
}

/// Where the buttons of a change are: at its first row, or at the top of the view while a later row
/// of it is there. None of a change that is out of view.
fn top_of(rows: &Range<usize>, frame: &Frame) -> Option<Pixels> {
    let last = rows.end.saturating_sub(1).max(rows.start);
    let pinned = frame.style.line_height * frame.sticky.len() as f32;
    let highest = frame.bounds.top() + pinned;
    let (top, bottom) = (frame.row_top(rows.start), frame.row_top(last));
    if bottom < highest || top >= frame.bounds.bottom() {
        return None;
    }
    Some(top.max(highest).min(bottom))
}
