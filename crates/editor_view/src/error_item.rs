//! What a tab shows in the place of a file that could not be opened.

use std::path::PathBuf;

use fs::LoadError;
use gpui_kit::base::TestSupportExt as _;
use gpui_kit::prelude::*;
use gpui_kit::{
    App, Context, EventEmitter, FocusHandle, Focusable, Render, SharedString, Task, Window, div,
};
use ui::icons::Glyph;
use ui::widgets::{Button, EmptyState};
use ui::{ActiveKilnTheme as _, CommandSpec, IconName, Item, ItemEvent, ItemStatus, OpenTarget};

gpui_kit::actions!(
    error_item,
    [
        /// Tries to open the file again that could not be opened.
        RetryOpening
    ]
);

/// The command of files that could not be opened.
pub(crate) fn command() -> CommandSpec {
    CommandSpec::new(
        "editor.retryOpening",
        "File",
        "Try to Open Again",
        RetryOpening,
    )
    .local()
}

/// A file that could not be opened: why, what to do about it, and a way to try again.
pub struct ErrorItem {
    target: OpenTarget,
    error: LoadError,
    focus: FocusHandle,
}

impl ErrorItem {
    /// The item for a target that failed to load.
    pub fn new(target: OpenTarget, error: LoadError, cx: &mut Context<Self>) -> Self {
        Self {
            target,
            error,
            focus: cx.focus_handle(),
        }
    }

    fn name(&self) -> SharedString {
        self.target
            .path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_else(|| self.target.path.display().to_string())
            .into()
    }

    fn icon_name(&self) -> IconName {
        match &self.error {
            LoadError::NotFound { .. } => IconName::FileX,
            LoadError::Permission { .. } => IconName::Lock,
            LoadError::IsDirectory { .. } => IconName::Folder,
            LoadError::Binary { .. } => IconName::Binary,
            LoadError::TooLarge { .. } => IconName::HardDrive,
            _ => IconName::TriangleAlert,
        }
    }

    /// One line that says what happened.
    fn title(&self) -> SharedString {
        let name = self.name();
        match &self.error {
            LoadError::NotFound { .. } => format!("{name} does not exist"),
            LoadError::Permission { .. } => format!("{name} cannot be read"),
            LoadError::IsDirectory { .. } => format!("{name} is a folder"),
            LoadError::Binary { size, .. } => {
                format!("{name} is a binary file ({})", bytes(*size))
            }
            LoadError::TooLarge { size, .. } => {
                format!("{name} is too large to edit ({})", bytes(*size))
            }
            _ => format!("{name} could not be opened"),
        }
        .into()
    }

    /// What a person can do about it.
    fn advice(&self) -> SharedString {
        match &self.error {
            LoadError::NotFound { .. } => {
                "It may have been moved, renamed or deleted. Look for it in the file tree, or try \
                 again when it is back."
                    .into()
            }
            LoadError::Permission { .. } => {
                "You have no permission to read it. Change the owner or the mode of the file and \
                 its folder, then try again."
                    .into()
            }
            LoadError::IsDirectory { .. } => {
                "Open it in the file tree to see what is in it.".into()
            }
            LoadError::Binary { .. } => {
                "Its content is not text, so it is left alone. Nothing was changed.".into()
            }
            LoadError::TooLarge { limit, .. } => format!(
                "Files of up to {} can be edited. Nothing was changed.",
                bytes(*limit)
            )
            .into(),
            error => ui::sentence(error.to_string()),
        }
    }

    /// Whether the same file may open at another time.
    fn may_change(&self) -> bool {
        !matches!(
            &self.error,
            LoadError::IsDirectory { .. } | LoadError::Binary { .. } | LoadError::TooLarge { .. }
        )
    }

    fn retry(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let target = self.target.clone();
        cx.emit(ItemEvent::Close);
        // After the tab is gone, so that the path is opened anew.
        window.defer(cx, move |window, cx| ui::open_path(target, window, cx));
    }
}

/// A size for people: "12 KB", "200 MB".
fn bytes(size: u64) -> String {
    match size {
        0..=999 => format!("{size} bytes"),
        1_000..=999_999 => format!("{} KB", size / 1_000),
        _ => format!("{} MB", size / 1_000_000),
    }
}

impl EventEmitter<ItemEvent> for ErrorItem {}

impl Focusable for ErrorItem {
    fn focus_handle(&self, _: &App) -> FocusHandle {
        self.focus.clone()
    }
}

impl Render for ErrorItem {
    fn render(&mut self, _: &mut Window, cx: &mut Context<Self>) -> impl IntoElement {
        let background = cx.kiln_theme().editor_background;
        let mut state = EmptyState::new(self.icon_name(), self.title()).body(self.advice());
        let mut close = Button::new("error-close", "Close")
            .command("workbench.closeTab")
            .on_click(cx.listener(|_, _, _, cx| cx.emit(ItemEvent::Close)));
        if self.may_change() {
            state = state.action(
                Button::new("error-retry", "Try again")
                    .command("editor.retryOpening")
                    .tooltip("Try to open the file again")
                    .on_click(cx.listener(|item, _, window, cx| item.retry(window, cx))),
            );
            close = close.quiet();
        }
        div()
            .id("error-item")
            .test_support()
            .track_focus(&self.focus)
            .when(self.may_change(), |this| {
                this.on_action(cx.listener(|item, _: &RetryOpening, window, cx| {
                    item.retry(window, cx);
                }))
            })
            .size_full()
            .bg(background)
            .child(state.action(close))
    }
}

impl Item for ErrorItem {
    fn tab_title(&self, _: &App) -> SharedString {
        self.name()
    }

    fn path(&self, _: &App) -> Option<PathBuf> {
        Some(self.target.path.clone())
    }

    fn is_dirty(&self, _: &App) -> bool {
        false
    }

    fn save(&mut self, _: &mut Window, _: &mut Context<Self>) -> Task<anyhow::Result<()>> {
        Task::ready(Ok(()))
    }

    fn status(&self, _: &App) -> ItemStatus {
        ItemStatus::default()
    }

    fn icon(&self, _: &App) -> Glyph {
        self.icon_name().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_read_well() {
        assert_eq!(bytes(0), "0 bytes");
        assert_eq!(bytes(12_345), "12 KB");
        assert_eq!(bytes(200_000_000), "200 MB");
    }
}
