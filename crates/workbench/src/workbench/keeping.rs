//! Writing down how the window is, so that it comes back like that.

use super::Workbench;
use super::setting_toggles::values_before;
use crate::layout::{DraftLayout, Layout, MAX_DRAFT, WindowLayout};
use gpui_kit::{App, AppContext as _, AsyncWindowContext, Context, Window, WindowBounds};
use std::collections::BTreeMap;
use std::time::Duration;
use ui::EditorZoom;

/// How long the window waits before it writes down how it is.
const SAVE_DELAY: Duration = Duration::from_millis(400);
/// How long it waits before it tries again where that failed.
const SAVE_AGAIN: Duration = Duration::from_secs(5);

impl Workbench {
    fn layout(&self, cx: &App) -> Layout {
        let (groups, grid, active_group) = self.area.read(cx).layout(cx);
        Layout {
            left: self.left.layout(),
            right: self.right.layout(),
            bottom: self.bottom.layout(),
            groups,
            grid: Some(grid),
            active_group,
            expanded: self.files.read(cx).expanded(),
            unfolded: self
                .panels()
                .map(|panel| (panel.id().to_owned(), panel.unfolded(cx)))
                .filter(|(_, names)| !names.is_empty())
                .collect(),
            shown: self.shown(cx),
            drafts: self
                .panels()
                .filter_map(|panel| Some((panel.id().to_owned(), panel.draft(cx)?.into())))
                .filter(|(_, draft): &(String, DraftLayout)| draft.size() <= MAX_DRAFT)
                .collect(),
        }
    }

    /// What the panels show; of one that does not know yet, what it showed before.
    fn shown(&self, cx: &App) -> BTreeMap<String, String> {
        let mut shown = self.shown_before.clone();
        let now = self.panels();
        shown.extend(now.filter_map(|panel| Some((panel.id().to_owned(), panel.shown(cx)?))));
        shown
    }

    /// Writes down how the window is, a moment later and where that is news; every [`SAVE_DELAY`]
    /// at most. Where that fails it is tried again.
    pub(crate) fn save_layout_soon(&mut self, window: &Window, cx: &mut Context<Self>) {
        if !self.keeps_layout || !self.restored || self.save_task.is_some() {
            return;
        }
        let task = cx.spawn_in(window, async move |this, cx: &mut AsyncWindowContext| {
            cx.background_executor().timer(SAVE_DELAY).await;
            // The window may be closed meanwhile; it wrote everything down then.
            this.update_in(cx, |this, window, cx| {
                this.save_task = None;
                let now = this.now(window, cx);
                if this.saved.as_ref() != Some(&now) {
                    this.write_layout(now, window, cx);
                }
            })
            .ok();
        });
        self.save_task = Some(task);
    }

    /// Writes down how the window is, off the UI thread.
    fn write_layout(
        &self,
        now: (Option<Layout>, WindowLayout),
        window: &Window,
        cx: &mut Context<Self>,
    ) {
        let saving = self.layout_saving(now.clone(), cx);
        let written = cx.background_spawn(async move { saving() });
        cx.spawn_in(window, async move |this, cx: &mut AsyncWindowContext| {
            let written = written.await;
            if !written {
                cx.background_executor().timer(SAVE_AGAIN).await;
            }
            // The window may be closed meanwhile; it wrote everything down then.
            this.update_in(cx, |this, window, cx| match written {
                true => this.saved = Some(now),
                false => this.save_layout_soon(window, cx),
            })
            .ok();
        })
        .detach();
    }

    /// Writes down how the window is, at once: it is about to go.
    pub(super) fn save_layout(&self, window: &Window, cx: &App) {
        if self.keeps_layout {
            self.layout_saving(self.now(window, cx), cx)();
        }
    }

    /// How the window is now: its layout, where one is kept, and where it stands.
    fn now(&self, window: &Window, cx: &App) -> (Option<Layout>, WindowLayout) {
        let (bounds, maximized) = match window.window_bounds() {
            WindowBounds::Windowed(bounds) => (bounds, false),
            WindowBounds::Maximized(bounds) | WindowBounds::Fullscreen(bounds) => (bounds, true),
        };
        let bounds = WindowLayout {
            x: bounds.origin.x.into(),
            y: bounds.origin.y.into(),
            width: bounds.size.width.into(),
            height: bounds.size.height.into(),
            maximized,
            editor_zoom: EditorZoom::level(cx),
            values_before: values_before(cx),
        };
        let kept = self.has_folder && self.restored;
        (kept.then(|| self.layout(cx)), bounds)
    }

    /// What writes down how the window is, and says whether that is done, be it by a newer one.
    /// Blocks when it is called.
    fn layout_saving(
        &self,
        (layout, bounds): (Option<Layout>, WindowLayout),
        cx: &App,
    ) -> impl FnOnce() -> bool + Send + 'static {
        let (store, root) = (self.store.clone(), self.root(cx));
        let taken = store.take();
        move || {
            let mut written = true;
            store.write_newer(taken, |store| {
                let saved = match layout {
                    Some(layout) => store.save(&root, &layout),
                    None => Ok(()),
                };
                for saved in [saved, store.save_window(&bounds)] {
                    if let Err(error) = saved {
                        tracing::warn!("{error}");
                        written = false;
                    }
                }
            });
            written
        }
    }
}
