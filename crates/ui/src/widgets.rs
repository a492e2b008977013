//! The widgets that every view is built from.
//!
//! Each one that can be pressed takes an id, an accessible label and, where there is
//! one, the command it stands for: the tooltip then shows the command's key, and a
//! press runs it.

mod banner;
mod button;
mod change_tooltip;
mod drag_label;
mod empty_state;
mod icon_button;
mod key_hint;
mod leaves_keyboard;
mod list_row;
mod pill;
mod progress_bar;
mod section_header;
mod static_text;
mod tooltip;

pub use banner::Banner;
pub use button::{Button, ButtonStyle};
pub use change_tooltip::change_tooltip;
pub use drag_label::DragLabel;
pub use empty_state::EmptyState;
pub use icon_button::IconButton;
pub use key_hint::KeyHint;
pub use leaves_keyboard::LeavesKeyboard;
pub use list_row::ListRow;
pub use pill::{Pill, PillTone};
pub use progress_bar::ProgressBar;
pub use section_header::SectionHeader;
pub use static_text::StaticText;
pub use tooltip::{
    CoveredArea, command_tooltip, cover_window, tab_tooltip, text_tooltip, tooltip_above,
    uncover_window,
};

use crate::theme::ActiveKilnTheme as _;
use gpui_kit::{App, Bounds, Div, IntoElement, Pixels, Styled as _, canvas, div, px};

/// A horizontal line between areas.
pub fn divider(cx: &App) -> Div {
    div()
        .w_full()
        .h(px(1.))
        .flex_none()
        .bg(cx.kiln_theme().border)
}

/// A row: children side by side, centred on one line.
pub fn row() -> Div {
    div().flex().flex_row().items_center()
}

/// A column: children below each other.
pub fn column() -> Div {
    div().flex().flex_col()
}

/// Fills what it is in and tells `drawn` where that is. Where `drawn` says that this matters, the
/// view that it is in is drawn again in the next frame.
pub fn watch_bounds(drawn: impl FnOnce(Bounds<Pixels>) -> bool + 'static) -> impl IntoElement {
    canvas(
        move |bounds, window, _| {
            if drawn(bounds) {
                let view = window.current_view();
                window.on_next_frame(move |_, cx| cx.notify(view));
            }
        },
        |_, (), _, _| {},
    )
    .absolute()
    .inset_0()
}

/// Takes the rest of a row or column.
pub fn spacer() -> impl IntoElement {
    div().flex_1()
}
