//! The list of snippets to put in.

use gpui_kit::base::TestSupportExt as _;
use gpui_kit::component::Sizable as _;
use gpui_kit::component::input::{Input, InputEvent, InputState};
use gpui_kit::prelude::*;
use gpui_kit::{
    Context, Entity, Focusable as _, Render, Role, SharedString, Subscription, WeakEntity, Window,
    actions, div, px,
};
use settings::SnippetEntry;
use ui::tokens::{Typography as _, radius, space};
use ui::{ActiveKilnTheme as _, SnippetStore};

use crate::floating::floating;
use crate::view::EditorView;

actions!(
    snippet_picker,
    [
        /// The row below.
        NextSnippet,
        /// The row above.
        PreviousSnippet,
    ]
);

/// Rows in sight; typing narrows them down.
const ROWS: usize = 10;

/// Lists the snippets of the language, narrowed down by what is typed.
pub(crate) struct SnippetPicker {
    view: WeakEntity<EditorView>,
    input: Entity<InputState>,
    all: Vec<SnippetEntry>,
    /// The indices in `all` of those that match.
    found: Vec<usize>,
    selected: usize,
    _subscription: Subscription,
}

impl SnippetPicker {
    fn new(
        view: &Entity<EditorView>,
        all: Vec<SnippetEntry>,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) -> Self {
        let input = cx.new(|cx| InputState::new(window, cx).placeholder("Insert snippet"));
        let subscription = cx.subscribe_in(&input, window, Self::on_input);
        Self {
            view: view.downgrade(),
            input,
            found: (0..all.len()).collect(),
            all,
            selected: 0,
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
        match event {
            InputEvent::Change => {
                let query = input.read(cx).value().to_lowercase();
                let matches = |entry: &SnippetEntry| {
                    let holds = |text: &String| text.to_lowercase().contains(&query);
                    entry.prefixes.iter().any(holds)
                        || holds(&entry.name)
                        || entry.description.as_ref().is_some_and(holds)
                };
                self.found = (0..self.all.len())
                    .filter(|index| matches(&self.all[*index]))
                    .collect();
                self.selected = 0;
                cx.notify();
            }
            InputEvent::PressEnter { .. } => self.insert(self.selected, window, cx),
            _ => {}
        }
    }

    fn step(&mut self, rows: isize, cx: &mut Context<Self>) {
        let last = self.found.len().saturating_sub(1);
        self.selected = self.selected.saturating_add_signed(rows).min(last);
        cx.notify();
    }

    fn insert(&mut self, row: usize, window: &mut Window, cx: &mut Context<Self>) {
        let entry = self.found.get(row).and_then(|index| self.all.get(*index));
        let (Some(entry), Some(view)) = (entry.cloned(), self.view.upgrade()) else {
            return;
        };
        // The picker belongs to the view, which closes it.
        window.defer(cx, move |window, cx| {
            view.update(cx, |view, cx| {
                view.close_snippet_picker(window, cx);
                view.insert_snippet(&entry, 0, window, cx);
            });
        });
    }
}

impl Render for SnippetPicker {
    fn render(&mut self, _: &mut Window, cx: &mut Context<Self>) -> impl IntoElement {
        let theme = cx.kiln_theme().clone();
        // The rows in sight follow the selected one.
        let first = self.selected.saturating_sub(ROWS - 1);
        let rows: Vec<_> = (first..self.found.len().min(first + ROWS))
            .map(|row| {
                let entry = &self.all[self.found[row]];
                let prefix = SharedString::from(entry.prefixes.join(", "));
                let selected = row == self.selected;
                let about = entry.description.as_ref().unwrap_or(&entry.name);
                let about = SharedString::from(about.replace('\n', " "));
                div()
                    .id(("snippet-row", row))
                    .test_support()
                    .role(Role::ListBoxOption)
                    .aria_label(SharedString::from(format!("{}: {prefix}", entry.name)))
                    .aria_selected(selected)
                    .flex()
                    .items_center()
                    .gap(space::M)
                    .px(space::S)
                    .py(space::XS)
                    .rounded(radius::SMALL)
                    .when(selected, |this| this.bg(theme.active))
                    .hover(|style| style.bg(theme.hover))
                    .on_click(cx.listener(move |picker, _, window, cx| {
                        picker.insert(row, window, cx);
                    }))
                    .child(div().flex_none().text_color(theme.text).child(prefix))
                    .child(div().flex_1().min_w_0().truncate().child(about))
            })
            .collect();
        let nothing = match (self.all.is_empty(), rows.is_empty()) {
            (true, _) => Some(
                "No snippets for this language. Put files into the snippets folder beside settings.json.",
            ),
            (false, true) => Some("No snippet matches."),
            (false, false) => None,
        };
        floating(&theme)
            .id("snippet-picker")
            .test_support()
            .key_context("SnippetPicker")
            .on_action(cx.listener(|picker, _: &NextSnippet, _, cx| picker.step(1, cx)))
            .on_action(cx.listener(|picker, _: &PreviousSnippet, _, cx| picker.step(-1, cx)))
            .role(Role::Dialog)
            .aria_label("Insert snippet")
            .flex_col()
            .gap(space::XS)
            .w(px(420.))
            .text_color(theme.text_muted)
            .child(
                div()
                    .rounded(radius::SMALL)
                    .bg(theme.input_background)
                    .border_1()
                    .border_color(theme.border_focused)
                    .text_color(theme.text)
                    .child(
                        Input::new(&self.input)
                            .id("snippet-input")
                            .aria_label("Snippet")
                            .appearance(false)
                            .small()
                            .text_small(),
                    ),
            )
            .children(rows)
            .children(nothing.map(|nothing| div().px(space::S).py(space::XS).child(nothing)))
    }
}

impl EditorView {
    /// Lists the snippets for the language of the text, to put one in.
    pub(crate) fn open_snippet_picker(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        self.close_go_to_line(window, cx);
        self.find = None;
        let language = self.language(cx).id_str();
        let mut all: Vec<SnippetEntry> =
            SnippetStore::for_language(language, cx).cloned().collect();
        all.sort_by(|one, other| one.name.cmp(&other.name));
        let view = cx.entity();
        let picker = cx.new(|cx| SnippetPicker::new(&view, all, window, cx));
        let input = picker.read(cx).input.clone();
        let focus = input.focus_handle(cx);
        window.focus(&focus, cx);
        self.snippet_picker = Some(picker);
        cx.notify();
    }

    /// Closes the list and gives the focus back.
    pub(crate) fn close_snippet_picker(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        if self.snippet_picker.take().is_some() {
            window.focus(&self.focus, cx);
            cx.notify();
        }
    }
}
