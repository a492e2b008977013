//! The last step: a folder to work in.

use super::{Onboarding, OnboardingEvent, below_title, card, card_title};
use gpui_kit::prelude::*;
use gpui_kit::{AnyElement, Context};
use ui::tokens::space;
use ui::widgets::{Button, ListRow, SectionHeader, column, row};
use ui::{ActiveKilnTheme as _, IconName, icons};

impl Onboarding {
    pub(super) fn render_folder(&self, cx: &mut Context<Self>) -> AnyElement {
        let muted = cx.kiln_theme().text_muted;
        let about = match &self.folder {
            Some(folder) => format!(
                "Open now: {}. Finish to work in it, or choose another one.",
                folder.display()
            ),
            None => "Kiln reads the specs of .kiro/ where a project has them.".to_owned(),
        };
        let recent: Vec<_> = self
            .recent
            .iter()
            .take(6)
            .enumerate()
            .map(|(index, folder)| {
                let path = folder.clone();
                let name = folder
                    .file_name()
                    .map(|name| name.to_string_lossy().into_owned())
                    .unwrap_or_default();
                ListRow::new(("recent-folder", index), name)
                    .detail(folder.display().to_string())
                    .start(icons::icon(IconName::Folder, muted))
                    .on_click(cx.listener(move |_, _, _, cx| {
                        cx.emit(OnboardingEvent::Open(path.clone()));
                    }))
            })
            .collect();
        column()
            .gap(space::L)
            .child(
                card(cx)
                    .child(card_title(
                        IconName::FolderOpen,
                        "Project folder",
                        about,
                        cx,
                    ))
                    .child(
                        below_title().child(
                            row().child(
                                Button::new("onboarding-open-folder", "Open Folder\u{2026}")
                                    .command("workspace.openFolder")
                                    .on_click(cx.listener(|_, _, _, cx| {
                                        cx.emit(OnboardingEvent::OpenFolder)
                                    })),
                            ),
                        ),
                    ),
            )
            .when(!recent.is_empty(), |this| {
                this.child(
                    column()
                        .child(SectionHeader::new("Recent"))
                        .children(recent),
                )
            })
            .into_any_element()
    }
}
