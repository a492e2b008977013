//! The strip over the text that says what is the matter with the file, and what can be done.

use gpui_kit::{App, Context};
use ui::file_trouble::{keep_mine_button, reload_button, save_again_button};
use ui::widgets::{Banner, Button, IconButton};
use ui::{FileTrouble, IconName};

use crate::view::EditorView;

impl EditorView {
    /// What is the matter with the file and was not waved away.
    pub(crate) fn trouble(&self, cx: &App) -> Option<FileTrouble> {
        let trouble = FileTrouble::of(self.buffer_ref(cx)?)?;
        (self.dismissed != Some(trouble)).then_some(trouble)
    }

    pub(crate) fn render_banner(&self, cx: &mut Context<Self>) -> Option<Banner> {
        let trouble = self.trouble(cx)?;
        let banner = trouble.banner();
        Some(match trouble {
            FileTrouble::ChangedOnDisk => {
                let label = match self.compare.is_some() {
                    true => "Hide differences",
                    false => "Compare",
                };
                let compare = Button::new("banner-compare", label)
                    .quiet()
                    .tooltip("Mark what differs between your text and the file")
                    .on_click(cx.listener(|view, _, window, cx| view.toggle_compare(window, cx)));
                banner
                    .action(compare)
                    .action(reload_button(self.buffer, &self.model, &self.focus))
                    .action(keep_mine_button(self.buffer, &self.model, &self.focus))
            }
            FileTrouble::Deleted => {
                let view = cx.entity();
                banner.action(save_again_button(move |window, cx| {
                    view.update(cx, |view, cx| view.save_and_report(window, cx));
                }))
            }
            FileTrouble::ReadOnly => banner.dismiss(
                IconButton::new("banner-dismiss", IconName::X, "Dismiss").on_click(cx.listener(
                    move |view, _, window, cx| {
                        view.dismissed = Some(trouble);
                        window.focus(&view.focus, cx);
                        cx.notify();
                    },
                )),
            ),
        })
    }
}
