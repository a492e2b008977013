//! Closing the window, with which the program ends.

use super::Workbench;
use crate::write_behind;
use gpui_kit::{App, AsyncWindowContext, Context, Task, Window};
use settings::HotExit;
use ui::settings_store::ActiveSettings as _;

impl Workbench {
    /// Has the window ask before it closes.
    pub(super) fn watch_closing(&self, window: &mut Window, cx: &mut Context<Self>) {
        let this = cx.weak_entity();
        window.on_window_should_close(cx, move |window, cx| {
            this.update(cx, |this, cx| this.may_close(window, cx))
                .unwrap_or(true)
        });
    }

    fn has_unsaved(&self, cx: &App) -> bool {
        let items = self.area.read(cx).items();
        items.iter().any(|item| item.is_dirty(cx))
    }

    /// Whether the window may close now. Otherwise what is unsaved in it is kept or asked about,
    /// and the program ends when that is settled.
    fn may_close(&mut self, window: &mut Window, cx: &mut Context<Self>) -> bool {
        if self.has_unsaved(cx) || !write_behind::is_all_written(cx) {
            self.quit(window, cx);
            return false;
        }
        self.save_layout(window, cx);
        true
    }

    /// Ends the program once what is unsaved is kept or settled. Where that takes a question, one
    /// that is already shown is to be answered first.
    pub(super) fn quit(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let hot = cx.kiln_settings().kept.hot_exit != HotExit::Off;
        let settled = if self.has_unsaved(cx) && self.modals.read(cx).shows_dialog() {
            window.activate_window();
            let items = self.area.read(cx).items();
            let mut unsaved = items.iter().filter(|item| item.is_dirty(cx));
            match hot && unsaved.all(|item| item.buffer(cx).is_some()) {
                true => ui::recovery::keep_all(&self.model, window, cx),
                false => Task::ready(false),
            }
        } else {
            self.settle_or_keep(hot, window, cx)
        };
        cx.spawn_in(window, async move |this, cx: &mut AsyncWindowContext| {
            if settled.await {
                let written = this.update(cx, |_, cx| write_behind::all_written(cx));
                if let Ok(written) = written {
                    written.await;
                }
                // The window may be closed by other means meanwhile, which ends the program, too.
                this.update_in(cx, |this, window, cx| {
                    this.save_layout(window, cx);
                    cx.quit();
                })
                .ok();
            }
        })
        .detach();
    }
}
