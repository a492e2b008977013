//! Tooltips: what a control does, and the key that does it too.
//!
//! The toolkit shows the tooltip of a control that something was opened over meanwhile. So whoever
//! opens something over a window says where it is ([`cover_window`]): until it is closed, only what
//! is in it has tooltips.

use crate::commands::Commands;
use crate::theme::ActiveKilnTheme as _;
use crate::tokens::{SMALL, Typography as _, UI_FONT, height, radius, scaled, space};
use crate::zoom;
use gpui_kit::base::TestSupportExt as _;
use gpui_kit::prelude::*;
use gpui_kit::{
    AnyView, App, Bounds, Context, Global, Pixels, Rems, Role, SharedString, Window, WindowId, div,
    px,
};
use std::cell::Cell;
use std::collections::HashMap;
use std::rc::Rc;

/// Where something stands over a window, as it was drawn last.
pub type CoveredArea = Rc<Cell<Bounds<Pixels>>>;

/// What stands over each window.
#[derive(Default)]
struct Covered(HashMap<WindowId, CoveredArea>);

impl Global for Covered {}

/// Says that something was opened over a window, and where it is; `None` that it was closed.
pub fn cover_window(area: Option<CoveredArea>, window: &Window, cx: &mut App) {
    let id = window.window_handle().window_id();
    let covered = &mut cx.default_global::<Covered>().0;
    match area {
        Some(area) => covered.insert(id, area),
        None => covered.remove(&id),
    };
}

/// Says that what stood somewhere over a window was closed, unless something else was opened over it
/// since.
pub fn uncover_window(area: &CoveredArea, window: &Window, cx: &mut App) {
    let id = window.window_handle().window_id();
    let covered = &mut cx.default_global::<Covered>().0;
    if covered
        .get(&id)
        .is_some_and(|known| Rc::ptr_eq(known, area))
    {
        covered.remove(&id);
    }
}

/// Whether the pointer is on something that is covered.
pub(super) fn is_covered(window: &Window, cx: &App) -> bool {
    let id = window.window_handle().window_id();
    cx.try_global::<Covered>()
        .and_then(|covered| covered.0.get(&id))
        .is_some_and(|area| !area.get().contains(&window.mouse_position()))
}

/// How high a tooltip of one line is: the line, what is around it, and its border.
const ONE_LINE: Rems = Rems(SMALL.line.0 + 2. * space::XS.0 + scaled(2.).0);

struct Tooltip {
    text: SharedString,
    keys: Option<SharedString>,
    place: Place,
}

/// Where a tooltip stands.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Place {
    /// Below the pointer.
    Below,
    /// Above the pointer: what is below would be hidden by it.
    Above,
    /// On the title bar, the pointer having been at this height: what is below would be hidden.
    OnTitleBar(Pixels),
}

impl Tooltip {
    /// How far below its usual place it stands.
    fn shift(&self, cx: &App) -> Pixels {
        // gpui puts it a pixel below the pointer.
        let usual = px(1.) + zoom::pixels(space::S, cx);
        match self.place {
            Place::Below => px(0.),
            Place::Above => -zoom::pixels(ONE_LINE, cx) - usual - zoom::pixels(space::S, cx),
            Place::OnTitleBar(pointer) => {
                let top = zoom::pixels(height::TITLE_BAR, cx)
                    - zoom::pixels(ONE_LINE, cx)
                    - zoom::pixels(space::XXS, cx);
                top - pointer - usual
            }
        }
    }
}

impl Render for Tooltip {
    fn render(&mut self, window: &mut Window, cx: &mut Context<Self>) -> impl IntoElement {
        if is_covered(window, cx) {
            return div();
        }
        let theme = cx.kiln_theme();
        let whole = match &self.keys {
            Some(keys) => format!("{} ({keys})", self.text).into(),
            None => self.text.clone(),
        };
        // The outer box keeps the tooltip clear of the pointer.
        div().pl(space::XS).pt(space::S).child(
            div()
                .id("tooltip")
                .test_support()
                .relative()
                .top(self.shift(cx))
                .role(Role::Tooltip)
                .aria_label(whole)
                .flex()
                .items_center()
                .gap(space::M)
                .map(|this| match self.place {
                    Place::Below => this.max_w(scaled(360.)).whitespace_normal(),
                    Place::Above | Place::OnTitleBar(_) => this.whitespace_nowrap(),
                })
                .px(space::M)
                .py(space::XS)
                .rounded(radius::MEDIUM)
                .bg(theme.elevated)
                .border_1()
                .border_color(theme.border)
                .shadow_md()
                .font_family(UI_FONT)
                .text_small()
                .text_color(theme.text)
                .child(div().min_w_0().child(self.text.clone()))
                .children(
                    self.keys
                        .clone()
                        .map(|keys| div().flex_none().text_color(theme.text_muted).child(keys)),
                ),
        )
    }
}

/// A tooltip of plain text.
pub fn text_tooltip(
    text: impl Into<SharedString>,
) -> impl Fn(&mut Window, &mut App) -> AnyView + 'static {
    let text = text.into();
    move |_, cx| {
        cx.new(|_| Tooltip {
            text: text.clone(),
            keys: None,
            place: Place::Below,
        })
        .into()
    }
}

/// A tooltip of one line above the pointer, for what has rows right below it.
pub fn tooltip_above(
    text: impl Into<SharedString>,
) -> impl Fn(&mut Window, &mut App) -> AnyView + 'static {
    let text = text.into();
    move |_, cx| {
        cx.new(|_| Tooltip {
            text: text.clone(),
            keys: None,
            place: Place::Above,
        })
        .into()
    }
}

/// A tooltip of one line for a tab below the title bar, which it stands on.
pub fn tab_tooltip(
    text: impl Into<SharedString>,
) -> impl Fn(&mut Window, &mut App) -> AnyView + 'static {
    let text = text.into();
    move |window, cx| {
        let pointer = window.mouse_position().y;
        cx.new(|_| Tooltip {
            text: text.clone(),
            keys: None,
            place: Place::OnTitleBar(pointer),
        })
        .into()
    }
}

/// A tooltip that also shows the key of a command.
pub fn command_tooltip(
    text: impl Into<SharedString>,
    command: Option<&'static str>,
) -> impl Fn(&mut Window, &mut App) -> AnyView + 'static {
    let text = text.into();
    move |_, cx| {
        let keys = command.and_then(|command| Commands::keys(command, cx));
        cx.new(|_| Tooltip {
            text: text.clone(),
            keys,
            place: Place::Below,
        })
        .into()
    }
}
