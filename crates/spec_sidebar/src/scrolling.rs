//! Reading on in a document with the keyboard.

use crate::commands::{
    ScrollLineDown, ScrollLineUp, ScrollPageDown, ScrollPageUp, ScrollToEnd, ScrollToStart,
};
use crate::view::SpecView;
use gpui_kit::prelude::*;
use gpui_kit::*;
use ui::tokens::scaled;
use ui::zoom;

/// How far one press of an arrow goes; so much of a page stays in sight after the next one, too.
const LINE: Rems = scaled(44.);

impl SpecView {
    /// Handles the keys on the view's outermost element.
    pub(crate) fn with_scrolling<E: InteractiveElement>(
        &self,
        element: E,
        cx: &mut Context<Self>,
    ) -> E {
        element
            .on_action(cx.listener(|this, _: &ScrollLineUp, _, cx| {
                this.scroll(-zoom::pixels(LINE, cx), cx);
            }))
            .on_action(cx.listener(|this, _: &ScrollLineDown, _, cx| {
                this.scroll(zoom::pixels(LINE, cx), cx);
            }))
            .on_action(cx.listener(|this, _: &ScrollPageUp, _, cx| {
                this.scroll(-this.page(cx), cx);
            }))
            .on_action(cx.listener(|this, _: &ScrollPageDown, _, cx| {
                this.scroll(this.page(cx), cx);
            }))
            .on_action(cx.listener(|this, _: &ScrollToStart, _, cx| {
                this.list.scroll_to(ListOffset::default());
                cx.notify();
            }))
            .on_action(cx.listener(|this, _: &ScrollToEnd, _, cx| {
                this.list.scroll_to_end();
                cx.notify();
            }))
    }

    fn page(&self, cx: &App) -> Pixels {
        let line = zoom::pixels(LINE, cx);
        (self.list.viewport_bounds().size.height - line).max(line)
    }

    fn scroll(&mut self, distance: Pixels, cx: &mut Context<Self>) {
        self.list.scroll_by(distance);
        cx.notify();
    }
}
