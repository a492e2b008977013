//! Closing one window, and all of them.

use super::Workbench;
use gpui_kit::{
    AnyWindowHandle, App, AsyncApp, AsyncWindowContext, BorrowAppContext as _, Context, Global,
    WeakEntity, Window,
};
use settings::HotExit;
use ui::settings_store::ActiveSettings as _;

/// The workbench of each window that is open.
#[derive(Default)]
struct Workbenches(Vec<(AnyWindowHandle, WeakEntity<Workbench>)>);

impl Global for Workbenches {}

impl Workbench {
    /// Makes the workbench the one of its window, which is asked before the window closes.
    pub(super) fn watch_closing(&self, window: &mut Window, cx: &mut Context<Self>) {
        let (handle, this) = (window.window_handle(), cx.weak_entity());
        cx.default_global::<Workbenches>();
        cx.update_global::<Workbenches, _>(|all, _| {
            all.0
                .retain(|(window, known)| *window != handle && known.upgrade().is_some());
            all.0.push((handle, this.clone()));
        });
        window.on_window_should_close(cx, move |window, cx| {
            this.update(cx, |this, cx| this.may_close(window, cx))
                .unwrap_or(true)
        });
    }

    fn has_unsaved(&self, cx: &App) -> bool {
        let items = self.area.read(cx).items();
        items.iter().any(|item| item.is_dirty(cx))
    }

    /// Whether the window may close now. Asks about what is unsaved in it otherwise, and closes it
    /// when that is settled; with the last window the program ends.
    fn may_close(&mut self, window: &mut Window, cx: &mut Context<Self>) -> bool {
        if !self.has_unsaved(cx) {
            self.save_layout(window, cx);
            return true;
        }
        if cx.windows().len() <= 1 {
            self.quit(window, cx);
            return false;
        }
        let hot = cx.kiln_settings().kept.hot_exit == HotExit::OnExitAndWindowClose;
        let settled = self.settle_or_keep(hot, window, cx);
        cx.spawn_in(window, async move |this, cx: &mut AsyncWindowContext| {
            if settled.await {
                // The window may be closed by other means meanwhile.
                this.update_in(cx, |this, window, cx| {
                    this.save_layout(window, cx);
                    window.remove_window();
                })
                .ok();
            }
        })
        .detach();
        false
    }

    /// Ends the program once what is unsaved in every window is settled, this window first.
    pub(super) fn quit(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let hot = cx.kiln_settings().kept.hot_exit != HotExit::Off;
        let here = window.window_handle();
        let mut all = cx.default_global::<Workbenches>().0.clone();
        all.sort_by_key(|(window, _)| *window != here);
        cx.spawn(async move |_, cx: &mut AsyncApp| {
            for (window, workbench) in &all {
                let settled = window.update(cx, |_, window, cx| {
                    workbench.update(cx, |this, cx| {
                        // What asks is to be seen.
                        if window.window_handle() != here && this.has_unsaved(cx) && !hot {
                            window.activate_window();
                        }
                        this.settle_or_keep(hot, window, cx)
                    })
                });
                // One that was closed meanwhile has nothing to lose.
                if let Ok(Ok(settled)) = settled
                    && !settled.await
                {
                    return;
                }
            }
            for (window, workbench) in &all {
                // As above.
                window
                    .update(cx, |_, window, cx| {
                        workbench
                            .update(cx, |this, cx| this.save_layout(window, cx))
                            .ok();
                    })
                    .ok();
            }
            cx.update(|cx| cx.quit());
        })
        .detach();
    }
}
