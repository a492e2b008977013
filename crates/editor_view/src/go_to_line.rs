//! The small prompt that goes to a line.

use editor_core::{ChangeSet, Selection, Selections};
use gpui_kit::base::TestSupportExt as _;
use gpui_kit::component::Sizable as _;
use gpui_kit::component::input::{Input, InputEvent, InputState};
use gpui_kit::prelude::*;
use gpui_kit::{
    Context, Entity, Render, Role, SharedString, Subscription, WeakEntity, Window, div,
};
use ui::tokens::{Typography as _, radius, scaled, space};
use ui::{ActiveKilnTheme as _, ItemEvent};

use crate::floating::floating;
use crate::scroll::{Reveal, ScrollPosition};
use crate::view::EditorView;

/// Asks for "line" or "line:column" and shows the place while it is typed.
pub(crate) struct GoToLine {
    view: WeakEntity<EditorView>,
    input: Entity<InputState>,
    /// Where to go back to when nothing is chosen.
    before: (Selections, ScrollPosition),
    hint: SharedString,
    _subscription: Subscription,
}

impl GoToLine {
    fn new(
        view: &Entity<EditorView>,
        before: (Selections, ScrollPosition),
        hint: SharedString,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) -> Self {
        let input = cx.new(|cx| InputState::new(window, cx).placeholder("Line, or line:column"));
        let subscription = cx.subscribe_in(&input, window, Self::on_input);
        Self {
            view: view.downgrade(),
            input,
            before,
            hint,
            _subscription: subscription,
        }
    }

    fn on_input(
        &mut self,
        input: &Entity<InputState>,
        event: &InputEvent,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let Some(view) = self.view.upgrade() else {
            return;
        };
        let place = parse(input.read(cx).value().as_ref());
        match event {
            InputEvent::Change => {
                if let Some((row, column)) = place {
                    view.update(cx, |view, cx| view.go_to(row, column, cx));
                }
            }
            InputEvent::PressEnter { .. } => {
                let Some(place) = place else { return };
                view.update(cx, |view, cx| {
                    view.go_to_line = None;
                    view.tell_beyond(place, cx);
                    window.focus(&view.focus, cx);
                    cx.notify();
                });
            }
            _ => {}
        }
    }
}

impl Render for GoToLine {
    fn render(&mut self, _: &mut Window, cx: &mut Context<Self>) -> impl IntoElement {
        let theme = cx.kiln_theme().clone();
        floating(&theme)
            .id("go-to-line")
            .test_support()
            .key_context("GoToLine")
            .role(Role::Dialog)
            .aria_label("Go to line")
            .min_w_0()
            .items_center()
            .gap(space::M)
            .text_color(theme.text_muted)
            .child(
                div()
                    .w(scaled(180.))
                    .min_w_0()
                    .rounded(radius::SMALL)
                    .bg(theme.input_background)
                    .border_1()
                    .border_color(theme.border)
                    .text_color(theme.text)
                    .child(
                        Input::new(&self.input)
                            .id("go-to-line-input")
                            .aria_label("Line number")
                            .appearance(false)
                            .small()
                            .text_small(),
                    ),
            )
            .child(
                div()
                    .pr(space::XS)
                    .whitespace_nowrap()
                    .child(self.hint.clone()),
            )
    }
}

/// Row and column from 0, of "12", "12:5" or "12,5".
fn parse(place: &str) -> Option<(usize, usize)> {
    let mut parts = place.trim().splitn(2, [':', ',']);
    let line: usize = parts.next()?.trim().parse().ok()?;
    let column = match parts.next().map(str::trim) {
        None | Some("") => 1,
        Some(column) => column.parse().ok()?,
    };
    Some((line.saturating_sub(1), usize::saturating_sub(column, 1)))
}

impl EditorView {
    /// Asks for a line to go to.
    pub(crate) fn open_go_to_line(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        self.find = None;
        self.drop_undo_history(cx);
        let lines = self.text(cx).line_count();
        let hint = SharedString::from(match self.lines_to_come {
            0 => format!("of {lines}"),
            // Of a file that is still being read.
            lines => format!("of about {lines}"),
        });
        let view = cx.entity();
        let before = (self.selections.clone(), self.scroll_target());
        let prompt = cx.new(|cx| GoToLine::new(&view, before, hint, window, cx));
        let input = prompt.read(cx).input.clone();
        input.update(cx, |input, cx| input.focus(window, cx));
        self.go_to_line = Some(prompt);
        cx.notify();
    }

    /// Says that a row and column were asked for that the beginning of a file does not reach.
    fn tell_beyond(&self, (row, column): (usize, usize), cx: &mut Context<Self>) {
        let last = self.text(cx).line_count() - 1;
        if row >= last && self.is_preview(cx) {
            let one_based = |index: usize| u32::try_from(index + 1).unwrap_or(u32::MAX);
            cx.emit(ItemEvent::Beyond {
                line: one_based(row),
                column: one_based(column),
            });
        }
    }

    /// Keeps the place to go back to where it was while the text changes under the prompt.
    pub(crate) fn go_to_line_follows(&self, changes: &ChangeSet, cx: &mut Context<Self>) {
        if let Some(prompt) = &self.go_to_line {
            prompt.update(cx, |prompt, _| {
                prompt.before.0 = prompt.before.0.map(changes);
            });
        }
    }

    /// Closes the prompt without going anywhere.
    pub(crate) fn close_go_to_line(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let Some(prompt) = self.go_to_line.take() else {
            return;
        };
        let before = prompt.read(cx).before.clone();
        self.return_to(before, window, cx);
    }

    /// Goes back to where the text was before a prompt led elsewhere, and gives it the focus.
    pub(crate) fn return_to(
        &mut self,
        (selections, scroll): (Selections, ScrollPosition),
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        self.select_in_place(selections, cx);
        self.glide_to(scroll, cx);
        self.reveal = None;
        window.focus(&self.focus, cx);
    }

    /// One caret at a byte, shown in the middle.
    pub(crate) fn go_to_offset(&mut self, offset: usize, cx: &mut Context<Self>) {
        let text = self.text(cx);
        let offset = text.floor_char_boundary(offset.min(text.len()));
        let caret = Selections::single(Selection::caret(offset));
        self.select_revealing(caret, Reveal::Center, cx);
    }

    /// One caret at the start of a row, shown in the middle; the row and column count from 0, the
    /// column in characters.
    pub(crate) fn go_to(&mut self, row: usize, column: usize, cx: &mut Context<Self>) {
        let text = self.text(cx);
        let row = row.min(text.line_count() - 1);
        let line = text.line_start(row)..text.line_end(row);
        let bytes: usize = text
            .chars_from(line.start)
            .take(column)
            .take_while(|character| *character != '\n')
            .map(char::len_utf8)
            .sum();
        let offset = (line.start + bytes).min(line.end);
        self.select_revealing(
            Selections::single(Selection::caret(offset)),
            Reveal::Center,
            cx,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_count_from_one() {
        assert_eq!(parse("12"), Some((11, 0)));
        assert_eq!(parse(" 12:5 "), Some((11, 4)));
        assert_eq!(parse("12,5"), Some((11, 4)));
        assert_eq!(parse("12:"), Some((11, 0)));
        assert_eq!(parse("0"), Some((0, 0)));
        assert_eq!(parse("x"), None);
        assert_eq!(parse("1:x"), None);
    }
}
