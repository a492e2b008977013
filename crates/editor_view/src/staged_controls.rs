//! What can be done about a staged change that stands open: buttons at its top right, as those of a
//! change that is not staged.

use std::ops::Range;

use editor_core::Hunk;
use gpui_kit::base::TestSupportExt as _;
use gpui_kit::prelude::*;
use gpui_kit::{AnyElement, App, ClickEvent, Entity, Pixels, Point, Role, Window, px};
use ui::tokens::space;
use ui::widgets::IconButton;
use ui::{ActiveKilnTheme as _, IconName};

use crate::floating::floating;
use crate::frame::Frame;
use crate::staged_hunks::ShownStaged;
use crate::view::EditorView;

/// The buttons of the staged changes that stand open at the caret and under the pointer, and where each
/// change is.
pub(crate) fn bars(
    view: &Entity<EditorView>,
    frame: &Frame,
    pointer: Point<Pixels>,
    cx: &App,
) -> Vec<(AnyElement, Range<usize>)> {
    let this = view.read(cx);
    let Some(buffer) = this.buffer_ref(cx).filter(|_| this.compare.is_none()) else {
        return Vec::new();
    };
    let Some(version) = buffer.found_version() else {
        return Vec::new();
    };
    let text = buffer.text();
    let row = text.row_at(this.selections.primary().head.min(text.len()));
    let at_caret = this.staged_at(text.line_start(row)..text.line_end(row), cx);
    let at_caret = at_caret.map(|range| range.start);
    let pointed = this.pointed_hunk(frame, pointer, cx);
    let staged = buffer.staged();
    let count = staged.len();
    let all = staged.iter().enumerate();
    let meant = all.filter(|(_, (_, range, _))| {
        let start = Some(range.start);
        (start == at_caret || start == pointed) && this.inline_hunks.is_staged_open(range)
    });
    meant
        .map(|(number, (_, place, hunk))| {
            let shown = ShownStaged {
                hunks: vec![Hunk::clone(hunk)],
                version: version.clone(),
            };
            (bar(view, (number, count), &place, shown, cx), place)
        })
        .collect()
}

/// What a press on a button does.
type Act = Box<dyn Fn(&mut EditorView, &mut Window, &mut Context<EditorView>)>;

fn bar(
    view: &Entity<EditorView>,
    (number, count): (usize, usize),
    place: &Range<usize>,
    shown: ShownStaged,
    cx: &App,
) -> AnyElement {
    let on_press = |act: Act| {
        let view = view.clone();
        move |_: &ClickEvent, window: &mut Window, cx: &mut App| {
            view.update(cx, |view, cx| {
                act(view, window, cx);
                window.focus(&view.focus, cx);
            });
        }
    };
    let start = place.start;
    let bar = floating(cx.kiln_theme())
        .id(("staged-controls", number))
        .test_support()
        .role(Role::Toolbar)
        .aria_label(format!("Staged change {} of {count}", number + 1))
        .items_center()
        .p(px(1.))
        .gap(space::XXS)
        .child(
            IconButton::new(("hunk-unstage", number), IconName::Minus, "Unstage change")
                .command("editor.unstageChange")
                .on_click(on_press(Box::new(move |view, window, cx| {
                    view.unstage(&shown, window, cx);
                }))),
        )
        .child(
            IconButton::new(("staged-close", number), IconName::X, "Close change")
                .command("editor.toggleInlineChange")
                .on_click(on_press(Box::new(move |view, _, cx| {
                    view.toggle_staged_at(start, cx);
                }))),
        );
    bar.into_any_element()
}
