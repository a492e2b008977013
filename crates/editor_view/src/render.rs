//! The view around the text: banner, find bar, prompt, and what assistive technology sees.

use gpui_kit::base::TestSupportExt as _;
use gpui_kit::component::menu::ContextMenuExt as _;
use gpui_kit::prelude::*;
use gpui_kit::{App, Context, ExternalPaths, KeyContext, Pixels, Rems, Render, Role, Window, div};
use ui::tokens::scaled;
use ui::{ActiveKilnTheme as _, DraggedFiles, Item as _, zoom};
use workspace::Buffer;

use crate::bookmarks;
use crate::commands;
use crate::element::EditorElement;
use crate::proposal;
use crate::view::EditorView;

/// What is left free above and at the left of what floats over the text.
pub(crate) const BESIDE_BARS: Rems = scaled(8.);

impl EditorView {
    /// The names by which keys find the text, as it is now.
    fn key_context(&self, cx: &App) -> KeyContext {
        let mut context = KeyContext::default();
        let suggests = self.completing.is_shown();
        let names = [
            ("Editor", true),
            (
                ui::READ_ONLY,
                !self.is_preview(cx) && self.buffer_ref(cx).is_some_and(Buffer::is_read_only),
            ),
            ("Suggestions", suggests),
            (
                "SuggestionOnEnter",
                suggests && self.language_settings(cx).completion.accept_on_enter,
            ),
            ("InlineSuggestion", self.inline.is_shown()),
            ("ParameterHints", self.parameters.is_shown()),
            ("Signatures", self.parameters.has_several()),
            ("ColumnSelection", self.is_column_selecting()),
            ("ProposedEdit", self.shows_proposal()),
            (proposal::CONTEXT, self.proposal.is_some()),
            (
                bookmarks::CONTEXT,
                self.buffer_ref(cx)
                    .is_some_and(|buffer| !buffer.bookmarks().is_empty()),
            ),
        ];
        for (name, _) in names.into_iter().filter(|(_, holds)| *holds) {
            context.add(name);
        }
        context
    }

    /// What is left free at the right of what floats over the text: the scrollbar, and the minimap.
    fn beside_text(&self, cx: &App) -> Pixels {
        zoom::pixels(scaled(20.), cx) + self.minimap_at_right()
    }

    /// How wide what floats over the text can be, as the view was drawn last.
    pub(crate) fn room_over_text(&self, cx: &App) -> Option<Pixels> {
        let width = self.frame.as_ref()?.bounds.size.width;
        Some(width - zoom::pixels(BESIDE_BARS, cx) - self.beside_text(cx))
    }
}

impl Render for EditorView {
    fn render(&mut self, window: &mut Window, cx: &mut Context<Self>) -> impl IntoElement {
        let name = self.tab_title(cx);
        let value = self.accessible_value(cx);
        let banner = self.render_banner(cx);
        let banner = banner.or_else(|| self.render_compared(cx));
        let banner = banner.or_else(|| self.render_format_banner(cx));
        let banner = banner.or_else(|| self.render_server_question(cx));
        let background = cx.kiln_theme().editor_background;
        let beside_text = self.beside_text(cx);
        let find = self.find.clone().map(IntoElement::into_any_element);
        let prompt = self.go_to_line.clone().map(IntoElement::into_any_element);
        let picker = self.choices_in_corner(cx);
        let picker = picker.map(IntoElement::into_any_element);
        let history = self.undo_history.clone();
        let over_text = find.or(prompt).or(picker);
        let proposal = self.render_proposal(cx);
        let text = div()
            .id("editor")
            .test_support()
            .role(Role::MultilineTextInput)
            .aria_label(name)
            .aria_value(value)
            .track_focus(&self.focus)
            .key_context(self.key_context(cx))
            .size_full()
            // Only then: what takes a drop leaves nothing of it to what is around it.
            .when(window.modifiers().shift, |this| {
                this.on_drop(cx.listener(|view, files: &DraggedFiles, window, cx| {
                    view.drop_paths(&files.0, window, cx);
                }))
                .on_drop(cx.listener(
                    |view, files: &ExternalPaths, window, cx| {
                        view.drop_paths(files.paths(), window, cx);
                    },
                ))
            })
            .child(EditorElement::new(cx.entity()));
        let focus = self.focus.clone();
        let entries = self.menu_entries(cx);
        let text = div()
            .id("editor-with-menu")
            .size_full()
            .child(text)
            .context_menu(move |menu, _, cx| entries.fill(menu, focus.clone(), cx));
        let hover = self.render_hover(cx);
        let completions = self.render_completions(window, cx);
        let parameters = self.render_parameters(window, cx);
        let rename = self.render_rename(cx);
        let inline_prompt = self.render_inline_prompt(cx);
        let choices = self.render_placed_choices(cx);
        let color_picker = self.render_color_picker(cx);
        commands::handle(div(), cx)
            // What a click does depends on the keys that are held.
            .on_modifiers_changed(cx.listener(|_, _, _, cx| cx.notify()))
            .size_full()
            .flex()
            .flex_col()
            .bg(background)
            .children(banner)
            .children(proposal)
            .child(
                div()
                    .relative()
                    .flex_1()
                    .min_h_0()
                    .w_full()
                    .child(text)
                    .children(hover)
                    .children(completions)
                    .children(parameters)
                    .children(rename)
                    .children(inline_prompt)
                    .children(choices)
                    .children(color_picker)
                    .children(over_text.map(|bar| {
                        div()
                            .absolute()
                            .top(BESIDE_BARS)
                            .left(BESIDE_BARS)
                            .right(beside_text)
                            .flex()
                            .justify_end()
                            .child(bar)
                    })),
            )
            .children(history)
    }
}
