//! A file that is being read: its tab is there at once, and tells how far the reading is.

use crate::byte_size::byte_size;
use fs::LoadProgress;
use gpui_kit::base::TestSupportExt as _;
use gpui_kit::prelude::*;
use gpui_kit::{
    App, Context, EventEmitter, FocusHandle, Focusable, FontWeight, Role, SharedString, Task,
    Window, div, px,
};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use ui::tokens::{icon_size, space};
use ui::widgets::{Button, ProgressBar, column};
use ui::{ActiveKilnTheme as _, Item, ItemEvent, ItemStatus, OpenTarget, Typography as _, icons};

/// Most files are there sooner; words that flash up for a moment would only disturb.
const QUIET: Duration = Duration::from_millis(150);
/// How often what is shown follows the reading.
const STEP: Duration = Duration::from_millis(100);

/// What a tab shows until the view of its file is there. Closing it ends the reading.
pub(crate) struct OpeningItem {
    target: OpenTarget,
    /// How far the reading is.
    progress: Option<Arc<LoadProgress>>,
    focus: FocusHandle,
    /// Whether it takes so long that it is said.
    slow: bool,
    _following: Task<()>,
    /// Puts the view in this one's place.
    opening: Task<()>,
}

impl OpeningItem {
    pub(crate) fn new(target: OpenTarget, cx: &mut Context<Self>) -> Self {
        let following = cx.spawn(async move |this, cx| {
            cx.background_executor().timer(QUIET).await;
            loop {
                let shown = this.update(cx, |this, cx| {
                    this.slow = true;
                    cx.notify();
                });
                if shown.is_err() {
                    return;
                }
                cx.background_executor().timer(STEP).await;
            }
        });
        Self {
            target,
            progress: None,
            focus: cx.focus_handle(),
            slow: false,
            _following: following,
            opening: Task::ready(()),
        }
    }

    /// Takes what opens the file, which lives as long as the tab, and how far that is.
    pub(crate) fn hold(&mut self, opening: Task<()>, progress: Option<Arc<LoadProgress>>) {
        self.opening = opening;
        self.progress = progress;
    }

    /// Ends the reading.
    pub(crate) fn give_up(&mut self) {
        if let Some(progress) = &self.progress {
            progress.cancel();
        }
        self.opening = Task::ready(());
    }

    /// What was asked for, at the place that was asked for last.
    pub(crate) fn target(&self) -> &OpenTarget {
        &self.target
    }

    /// How many bytes are read, of how many; nothing while that is not known, and for a file that
    /// is read in one piece.
    fn progress(&self) -> Option<(u64, u64)> {
        let progress = self.progress.as_ref()?;
        let (read, total) = (progress.read(), progress.total());
        // A file may grow meanwhile.
        (read > 0 && total > 0).then_some((read.min(total), total))
    }
}

impl EventEmitter<ItemEvent> for OpeningItem {}

impl Focusable for OpeningItem {
    fn focus_handle(&self, _: &App) -> FocusHandle {
        self.focus.clone()
    }
}

impl Render for OpeningItem {
    fn render(&mut self, _: &mut Window, cx: &mut Context<Self>) -> impl IntoElement {
        let theme = **cx.kiln_theme();
        let name = self.tab_title(cx);
        let said = self.slow.then(|| {
            let progress = self.progress();
            let words: SharedString = match progress {
                Some((read, total)) => {
                    format!("{} of {}", byte_size(read), byte_size(total)).into()
                }
                None => "Reading the file\u{2026}".into(),
            };
            let title: SharedString = format!("Opening {name}\u{2026}").into();
            column()
                .id("opening")
                .test_support()
                .role(Role::Status)
                .aria_label(title.clone())
                .w(px(320.))
                .max_w_full()
                .items_center()
                .gap(space::M)
                .child(icons::sized_icon(
                    self.icon(cx),
                    icon_size::HERO,
                    theme.text_faint,
                ))
                .child(
                    div()
                        .max_w_full()
                        .truncate()
                        .text_body()
                        .font_weight(FontWeight::MEDIUM)
                        .text_color(theme.text)
                        .child(title),
                )
                .children(progress.map(|(read, total)| {
                    ProgressBar::new(words.clone(), read as f32 / total as f32)
                }))
                .child(div().text_small().text_color(theme.text_muted).child(words))
                .child(
                    div().pt(space::M).child(
                        Button::new("opening-cancel", "Cancel")
                            .on_click(cx.listener(|_, _, _, cx| cx.emit(ItemEvent::Close))),
                    ),
                )
        });
        div()
            .id("opening-item")
            .track_focus(&self.focus)
            .size_full()
            .flex()
            .items_center()
            .justify_center()
            .p(space::XXL)
            .bg(theme.editor_background)
            .children(said)
    }
}

impl Item for OpeningItem {
    fn tab_title(&self, _: &App) -> SharedString {
        let path = &self.target.path;
        path.file_name()
            .map_or_else(
                || path.display().to_string(),
                |name| name.to_string_lossy().into_owned(),
            )
            .into()
    }

    fn path(&self, _: &App) -> Option<PathBuf> {
        Some(self.target.path.clone())
    }

    fn is_dirty(&self, _: &App) -> bool {
        false
    }

    fn save(&mut self, _: &mut Window, _: &mut Context<Self>) -> Task<anyhow::Result<()>> {
        // There is nothing yet that could have been changed.
        Task::ready(Ok(()))
    }

    fn status(&self, _: &App) -> ItemStatus {
        ItemStatus::default()
    }

    fn reveal(&mut self, line: u32, column: u32, _: &mut Window, _: &mut Context<Self>) {
        self.target.line = Some(line);
        self.target.column = Some(column);
    }
}
