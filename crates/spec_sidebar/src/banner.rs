//! The strip over a document whose file is not what is shown, and what can be done about it.

use crate::view::SpecView;
use gpui_kit::*;
use ui::file_trouble::{keep_mine_button, reload_button, save_again_button, save_elsewhere_button};
use ui::widgets::Banner;
use ui::{FileTrouble, Item as _};

impl SpecView {
    /// What is the matter with the file.
    pub(crate) fn trouble(&self, cx: &App) -> Option<FileTrouble> {
        FileTrouble::of(self.model.read(cx).workspace().buffer(self.buffer)?)
    }

    /// The strip, where file and text part. The source has one of its own.
    pub(crate) fn render_banner(&self, cx: &mut Context<Self>) -> Option<Banner> {
        if self.source.is_some() {
            return None;
        }
        let trouble = self.trouble(cx)?;
        let banner = trouble.banner();
        match trouble {
            FileTrouble::ChangedOnDisk => Some(
                banner
                    .action(reload_button(self.buffer, &self.model, &self.focus, cx))
                    .action(keep_mine_button(self.buffer, &self.model, &self.focus)),
            ),
            FileTrouble::Deleted => {
                let view = cx.entity();
                Some(banner.action(save_again_button(move |window, cx| {
                    view.update(cx, |view, cx| view.save_again(window, cx));
                })))
            }
            FileTrouble::Folder => Some(banner.action(save_elsewhere_button())),
            // A document is not written in here: the status bar says it.
            FileTrouble::ReadOnly
            | FileTrouble::ReadOnlyDisk
            | FileTrouble::Locked
            | FileTrouble::LockedBySettings
            | FileTrouble::ShownOnly
            | FileTrouble::StrayBytes(_)
            | FileTrouble::DamagedEncoding(_) => None,
        }
    }

    fn save_again(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let saved = self.save(window, cx);
        self.focus.focus(window, cx);
        cx.spawn_in(window, async move |_, cx| {
            if let Err(error) = saved.await {
                // A closed window has nowhere to show a notice.
                cx.update(|window, cx| {
                    ui::notify_error(&error, window, cx);
                })
                .ok();
            }
        })
        .detach();
    }
}
