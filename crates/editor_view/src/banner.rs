//! The strip over the text that says what is the matter with the file, and what can be done.

use gpui_kit::{App, Context, InteractiveElement, Window, actions};
use ui::file_trouble::{
    self, keep_mine_button, reload_button, save_again_button, save_elsewhere_button,
};
use ui::widgets::{Banner, Button, IconButton};
use ui::{CommandSpec, FileTrouble, IconName, Severity};
use workspace::DiskState;

use crate::commands::Run;
use crate::encodings::EncodingFor;
use crate::view::EditorView;

crate::commands::commands! {
    CompareWithDisk "editor.compareWithDisk" "Compare with the Disk" => |v, window, cx| v.compare_with_disk(window, cx);
    Reload "editor.reload" "Reload from the Disk" => |v, window, cx| v.revert_file(window, cx);
    KeepMine "editor.keepMine" "Keep Mine over the Disk's" => |v, window, cx| {
        if v.has_other_on_disk(window, cx) {
            file_trouble::keep_mine(v.buffer, &v.model, cx);
        }
    };
    DismissBanner "editor.dismissBanner" "Dismiss the Bar over the Text" => |v, window, cx| v.dismiss_banner(window, cx);
}

impl EditorView {
    /// What is the matter with the file and was not waved away.
    pub(crate) fn trouble(&self, cx: &App) -> Option<FileTrouble> {
        let trouble = FileTrouble::of(self.buffer_ref(cx)?)?;
        (self.dismissed != Some(trouble)).then_some(trouble)
    }

    pub(crate) fn render_banner(&self, cx: &mut Context<Self>) -> Option<Banner> {
        let trouble = self.trouble(cx)?;
        let banner = trouble.banner();
        let dismiss = IconButton::new("banner-dismiss", IconName::X, "Dismiss")
            .command("editor.dismissBanner")
            .on_click(cx.listener(|view, _, window, cx| view.dismiss_banner(window, cx)));
        Some(match trouble {
            FileTrouble::ChangedOnDisk => {
                let is_comparing = self.is_comparing();
                let tooltip = match is_comparing {
                    true => "Show your text alone, without the marks of what differs from the file",
                    false => "Mark what differs between your text and the file",
                };
                // The words stay, so that no button moves away from under the pointer.
                let compare = Button::new("banner-compare", "Compare")
                    .quiet()
                    .toggled(is_comparing)
                    .tooltip(tooltip)
                    .on_click(cx.listener(|view, _, window, cx| {
                        view.toggle_compare(window, cx);
                        // What follows is reading and editing.
                        window.focus(&view.focus, cx);
                    }));
                banner
                    .action(compare)
                    .action(reload_button(self.buffer, &self.model, &self.focus, cx))
                    .action(keep_mine_button(self.buffer, &self.model, &self.focus))
            }
            FileTrouble::Deleted => {
                let view = cx.entity();
                banner.action(save_again_button(move |window, cx| {
                    view.update(cx, |view, cx| view.save_and_report(window, cx));
                }))
            }
            FileTrouble::Folder => banner.action(save_elsewhere_button()),
            FileTrouble::ReadOnly | FileTrouble::ReadOnlyDisk | FileTrouble::ShownOnly => {
                banner.dismiss(dismiss)
            }
            FileTrouble::Locked | FileTrouble::LockedBySettings => {
                let unlock = Button::new("banner-unlock", "Make writable")
                    .quiet()
                    .tooltip("Let this file be edited again")
                    .on_click(cx.listener(|view, _, window, cx| {
                        view.lock(Some(false), cx);
                        window.focus(&view.focus, cx);
                    }));
                banner.action(unlock).dismiss(dismiss)
            }
            FileTrouble::StrayBytes(_) | FileTrouble::DamagedEncoding(_) => banner
                .action(
                    Button::new("banner-reopen", "Reopen with encoding\u{2026}")
                        .tooltip("Read the file again in an encoding that you choose")
                        .on_click(cx.listener(|view, _, window, cx| {
                            view.choose_encoding(EncodingFor::Reading, window, cx);
                        })),
                )
                .dismiss(dismiss),
        })
    }

    /// Shows how the text differs from what the disk holds, by another program or as it was saved
    /// last, or ends that; says so where there is nothing to show.
    fn compare_with_disk(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let Some(buffer) = self.buffer_ref(cx) else {
            return;
        };
        if self.is_comparing() || buffer.text_on_disk().is_some() {
            return self.toggle_compare(window, cx);
        }
        let name = buffer.display_name();
        let message = match buffer.disk() {
            _ if buffer.path().is_none() => format!("{name} has no file to be compared with."),
            DiskState::Deleted | DiskState::Folder => format!("{name} is gone from the disk."),
            DiskState::Changed => {
                format!("What the disk holds of {name} is being read. Try again.")
            }
            DiskState::InSync if !buffer.is_dirty() => format!("{name} is as the disk has it."),
            DiskState::InSync if buffer.knows_saved_text() => {
                let saved = buffer.saved_text().clone();
                return self.show_difference(saved, "the disk".into(), cx);
            }
            DiskState::InSync => format!("What the disk holds of {name} is not known."),
        };
        ui::notify(Severity::Info, message, window, cx);
    }

    /// Whether the disk holds another text, which is a question; says so where it does not.
    fn has_other_on_disk(&self, window: &mut Window, cx: &mut Context<Self>) -> bool {
        let asked = self
            .buffer_ref(cx)
            .is_some_and(|buffer| buffer.disk() == DiskState::Changed);
        if !asked {
            let message = "The disk holds no other text of this file.";
            ui::notify(Severity::Info, message, window, cx);
        }
        asked
    }

    /// Waves the bar away that only tells something.
    fn dismiss_banner(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let trouble = self.trouble(cx);
        let only_tells = trouble.is_some_and(|trouble| {
            !matches!(
                trouble,
                FileTrouble::ChangedOnDisk | FileTrouble::Deleted | FileTrouble::Folder
            )
        });
        if only_tells {
            self.dismissed = trouble;
            window.focus(&self.focus, cx);
            cx.notify();
        }
    }
}
