//! A menu: a short list of commands or deeds, at the pointer or below a button.

use crate::modal::most_width;
use gpui_kit::base::TestSupportExt as _;
use gpui_kit::prelude::*;
use gpui_kit::{
    App, Context, DismissEvent, EventEmitter, FocusHandle, Focusable, KeyBinding, Role,
    ScrollHandle, SharedString, Window, div,
};
use std::rc::Rc;
use ui::tokens::{height, radius, scaled, space};
use ui::widgets::{divider, row};
use ui::{ActiveKilnTheme as _, Commands, Typography as _, zoom};

gpui_kit::actions!(
    menu,
    [
        /// The entry below.
        SelectNext,
        /// The entry above.
        SelectPrevious,
        /// Takes the selected entry.
        Confirm,
        /// Closes the menu.
        Cancel,
    ]
);

/// Binds the keys of menus.
pub(crate) fn bind_keys(cx: &mut App) {
    let inside = Some("KilnMenu");
    ui::keys::bind_fixed(
        [
            KeyBinding::new("down", SelectNext, inside),
            KeyBinding::new("up", SelectPrevious, inside),
            KeyBinding::new("enter", Confirm, inside),
            KeyBinding::new("space", Confirm, inside),
            KeyBinding::new("escape", Cancel, inside),
        ],
        cx,
    );
}

type Deed = Rc<dyn Fn(&mut Window, &mut App)>;

enum Entry {
    Item {
        label: SharedString,
        keys: Option<SharedString>,
        deed: Deed,
        danger: bool,
    },
    Separator,
}

/// A short list of things to do.
pub struct Menu {
    entries: Vec<Entry>,
    selected: Option<usize>,
    focus: FocusHandle,
    scroll: ScrollHandle,
}

impl Menu {
    /// A menu without entries.
    pub fn new(cx: &mut Context<Self>) -> Self {
        Self {
            entries: Vec::new(),
            selected: None,
            focus: cx.focus_handle(),
            scroll: ScrollHandle::new(),
        }
    }

    /// Adds a command under its own title. Nothing is added for an unknown one.
    pub fn command(self, id: &'static str, cx: &App) -> Self {
        match Commands::get(id, cx) {
            Some(command) => self.command_as(command.title, id, cx),
            None => self,
        }
    }

    /// Adds a command under another title.
    pub fn command_as(
        mut self,
        label: impl Into<SharedString>,
        id: &'static str,
        cx: &App,
    ) -> Self {
        self.entries.push(Entry::Item {
            label: label.into(),
            keys: Commands::keys(id, cx),
            deed: Rc::new(move |window, cx| {
                Commands::run(id, window, cx);
            }),
            danger: false,
        });
        self
    }

    /// Adds something to do.
    pub fn deed(
        mut self,
        label: impl Into<SharedString>,
        deed: impl Fn(&mut Window, &mut App) + 'static,
    ) -> Self {
        self.entries.push(Entry::Item {
            label: label.into(),
            keys: None,
            deed: Rc::new(deed),
            danger: false,
        });
        self
    }

    /// Adds something to do that loses something.
    pub fn danger(
        mut self,
        label: impl Into<SharedString>,
        deed: impl Fn(&mut Window, &mut App) + 'static,
    ) -> Self {
        self.entries.push(Entry::Item {
            label: label.into(),
            keys: None,
            deed: Rc::new(deed),
            danger: true,
        });
        self
    }

    /// Adds a line.
    pub fn separator(mut self) -> Self {
        if matches!(self.entries.last(), Some(Entry::Item { .. })) {
            self.entries.push(Entry::Separator);
        }
        self
    }

    /// Begins at an entry instead of at none.
    pub fn select(mut self, index: usize) -> Self {
        self.selected = Some(index);
        self.scroll.scroll_to_item(index);
        self
    }

    fn step(&mut self, down: bool, cx: &mut Context<Self>) {
        let items: Vec<_> = self
            .entries
            .iter()
            .enumerate()
            .filter(|(_, entry)| matches!(entry, Entry::Item { .. }))
            .map(|(index, _)| index)
            .collect();
        let place = self
            .selected
            .and_then(|at| items.iter().position(|item| *item == at));
        let next = match (place, down) {
            (None, true) => 0,
            (None, false) => items.len().saturating_sub(1),
            (Some(place), true) => (place + 1) % items.len(),
            (Some(place), false) => (place + items.len() - 1) % items.len(),
        };
        self.selected = items.get(next).copied();
        if let Some(index) = self.selected {
            self.scroll.scroll_to_item(index);
        }
        cx.notify();
    }

    fn run(&mut self, index: usize, window: &mut Window, cx: &mut Context<Self>) {
        let Some(Entry::Item { deed, .. }) = self.entries.get(index) else {
            return;
        };
        let deed = deed.clone();
        // Closing first gives the keyboard back, so that a command acts where it was.
        cx.emit(DismissEvent);
        window.defer(cx, move |window, cx| deed(window, cx));
    }
}

impl EventEmitter<DismissEvent> for Menu {}

impl Focusable for Menu {
    fn focus_handle(&self, _: &App) -> FocusHandle {
        self.focus.clone()
    }
}

impl Render for Menu {
    fn render(&mut self, window: &mut Window, cx: &mut Context<Self>) -> impl IntoElement {
        let theme = cx.kiln_theme();
        let (active, muted, error, text) =
            (theme.active, theme.text_muted, theme.error, theme.text);
        let mut rows = Vec::new();
        for (index, entry) in self.entries.iter().enumerate() {
            rows.push(match entry {
                // A line parts what stands on both sides of it.
                Entry::Separator if index + 1 == self.entries.len() => continue,
                Entry::Separator => div().py(space::XS).child(divider(cx)).into_any_element(),
                Entry::Item {
                    label,
                    keys,
                    danger,
                    ..
                } => div()
                    .id(("menu-entry", index))
                    .test_support()
                    .role(Role::MenuItem)
                    .aria_label(label.clone())
                    .flex_none()
                    .flex()
                    .items_center()
                    .gap(space::XXL)
                    .h(height::MENU_ROW)
                    .px(space::M)
                    .rounded(radius::SMALL)
                    .text_color(if *danger { error } else { text })
                    .when(self.selected == Some(index), |this| this.bg(active))
                    .hover(move |style| style.bg(active))
                    .on_click(cx.listener(move |this, _, window, cx| this.run(index, window, cx)))
                    .child(div().flex_1().min_w_0().truncate().child(label.clone()))
                    .children(keys.clone().map(|keys| {
                        row()
                            .flex_none()
                            .text_caption()
                            .text_color(muted)
                            .child(keys)
                    }))
                    .into_any_element(),
            });
        }
        div()
            .id("menu")
            .test_support()
            .role(Role::Menu)
            .aria_label("Menu")
            .track_focus(&self.focus)
            .key_context("KilnMenu")
            .on_action(cx.listener(|this, _: &SelectNext, _, cx| this.step(true, cx)))
            .on_action(cx.listener(|this, _: &SelectPrevious, _, cx| this.step(false, cx)))
            .on_action(cx.listener(|this, _: &Confirm, window, cx| {
                if let Some(index) = this.selected {
                    this.run(index, window, cx);
                }
            }))
            .on_action(cx.listener(|_, _: &Cancel, _, cx| cx.emit(DismissEvent)))
            .min_w(scaled(200.))
            .max_w(zoom::pixels(scaled(480.), cx).min(most_width(window, cx)))
            .max_h(window.viewport_size().height * 0.7)
            .overflow_y_scroll()
            .track_scroll(&self.scroll)
            .p(space::XS)
            .flex()
            .flex_col()
            .rounded(radius::MEDIUM)
            .bg(cx.kiln_theme().elevated)
            .border_1()
            .border_color(cx.kiln_theme().border)
            .shadow_lg()
            .text_small()
            .children(rows)
    }
}
