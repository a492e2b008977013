//! What a tab shows in the place of a file that could not be opened.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use fs::{EncodingChoice, Fs, LoadError, LoadOptions, Metadata};
use gpui_kit::base::TestSupportExt as _;
use gpui_kit::prelude::*;
use gpui_kit::{
    App, Context, Entity, EventEmitter, FocusHandle, Focusable, KeyDownEvent, Render, SharedString,
    Subscription, Task, Window, div,
};
use ui::icons::Glyph;
use ui::widgets::{Button, EmptyState};
use ui::{
    ActiveKilnTheme as _, CommandSpec, IconName, Item, ItemEvent, ItemStatus, OpenTarget,
    WorkspaceModel,
};
use workspace::WorkspaceEvent;

use crate::vim_line::{LineKey, VimLine};

gpui_kit::actions!(
    error_item,
    [
        /// Tries to open the file again that could not be opened.
        RetryOpening,
        /// Opens a file as text that was taken for a binary one.
        OpenAsText
    ]
);

/// The commands of files that could not be opened.
pub(crate) fn commands() -> [CommandSpec; 2] {
    [
        CommandSpec::new(
            "editor.retryOpening",
            "File",
            "Try to Open Again",
            RetryOpening,
        )
        .local(),
        CommandSpec::new("editor.openAsText", "File", "Open as Text", OpenAsText).local(),
    ]
}

/// A file that was written so shortly before it was read may have been written again since, without
/// that showing in its time.
const SETTLED: Duration = Duration::from_secs(2);

/// How a file looked before it was read as a whole, to tell whether it is still the one that was read.
#[derive(Clone, Debug, PartialEq)]
struct Looked {
    found: Metadata,
    /// What it was read in.
    encoding: EncodingChoice,
}

impl Looked {
    /// Looks at a file; `None` where that tells nothing. Blocks.
    fn at(fs: &dyn Fs, path: &Path, encoding: EncodingChoice) -> Option<Self> {
        let found = fs.metadata(path).ok()?;
        let since = SystemTime::now().duration_since(found.modified?).ok()?;
        (found.is_file && since >= SETTLED).then_some(Self { found, encoding })
    }

    /// Whether the file can be opened, or what is wrong with it lies in its content: that is so as long
    /// as it looks the same. Rights may be others without that.
    fn tells(loaded: &Result<(), LoadError>) -> bool {
        matches!(
            loaded,
            Ok(()) | Err(LoadError::Binary { .. } | LoadError::TooLarge { .. })
        )
    }
}

/// A file that could not be opened: why, what to do about it, and a way to try again. It follows the
/// file: once that can be opened, the tab with the keyboard opens it, and another one offers to and
/// does when it gets the keyboard.
pub struct ErrorItem {
    target: OpenTarget,
    error: LoadError,
    /// Whether the file can be opened by now.
    opens: bool,
    /// How the file looked when it was read anew, where that tells whether it can be opened.
    looked: Option<Looked>,
    model: Entity<WorkspaceModel>,
    /// Looks at the file again after it changed.
    checking: Option<Task<()>>,
    focus: FocusHandle,
    vim: VimLine,
    _subscriptions: [Subscription; 3],
}

impl ErrorItem {
    /// The item for a target that failed to load.
    pub fn new(
        target: OpenTarget,
        error: LoadError,
        model: Entity<WorkspaceModel>,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) -> Self {
        let focus = cx.focus_handle();
        let path = target.path.clone();
        let watched = model.update(cx, |model, _| model.watch_file(&path));
        if let Err(error) = &watched {
            // It can be tried again by hand.
            tracing::warn!("{error}");
        }
        let watches = watched.is_ok();
        let subscriptions = [
            cx.subscribe_in(&model, window, Self::on_workspace_event),
            cx.on_focus(&focus, window, |item, window, cx| {
                if item.opens {
                    item.retry(window, cx);
                }
            }),
            cx.on_release(move |item, cx| {
                if watches {
                    let path = item.target.path.clone();
                    item.model.update(cx, |model, _| model.unwatch_file(&path));
                }
            }),
        ];
        Self {
            target,
            error,
            opens: false,
            looked: None,
            model,
            checking: None,
            focus,
            vim: VimLine::default(),
            _subscriptions: subscriptions,
        }
    }

    fn on_workspace_event(
        &mut self,
        _: &Entity<WorkspaceModel>,
        event: &WorkspaceEvent,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        // A folder around it may have come or gone with it.
        if let WorkspaceEvent::FolderChanged { paths } = event
            && paths.iter().any(|path| self.target.path.starts_with(path))
        {
            self.check(window, cx);
        }
    }

    /// Looks whether the file can be opened now, off the UI thread. It is read only where it does not
    /// look as it did when it was read last.
    fn check(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let workspace = self.model.read(cx).workspace();
        let fs = workspace.fs().clone();
        let path = self.target.path.clone();
        let encoding = workspace.usual_encodings().of(&path);
        let before = self.looked.clone();
        let loading = cx.background_spawn(async move {
            let looked = Looked::at(fs.as_ref(), &path, encoding);
            if looked.is_some() && looked == before {
                return (looked, None);
            }
            let options = LoadOptions {
                encoding,
                ..LoadOptions::default()
            };
            let loaded = fs::load_with(fs.as_ref(), &path, &options).map(|_| ());
            let tells = Looked::tells(&loaded);
            (looked.filter(|_| tells), Some(loaded))
        });
        self.checking = Some(cx.spawn_in(window, async move |item, cx| {
            let (looked, loaded) = loading.await;
            item.update_in(cx, |item, window, cx| {
                item.looked = looked;
                if let Some(loaded) = loaded {
                    item.checked(loaded, window, cx);
                }
            })
            // A closed tab needs no answer.
            .ok();
        }));
    }

    fn checked(
        &mut self,
        loaded: Result<(), LoadError>,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        self.opens = loaded.is_ok();
        if let Err(error) = loaded {
            self.error = error;
        } else if self.focus.is_focused(window) {
            return self.retry(window, cx);
        }
        cx.emit(ItemEvent::TitleChanged);
        cx.notify();
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
            _ if self.opens => IconName::FileText,
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
            _ if self.opens => format!("{name} can be opened now"),
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
            _ if self.opens => "It has changed on the disk since.".into(),
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
                "Its content does not look like text. Opened as text, it shows control characters \
                 by their names and other bytes by their values, and saving keeps what is not edited."
                    .into()
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
        self.opens
            || !matches!(
                &self.error,
                LoadError::IsDirectory { .. }
                    | LoadError::Binary { .. }
                    | LoadError::TooLarge { .. }
            )
    }

    fn is_binary(&self) -> bool {
        !self.opens && matches!(&self.error, LoadError::Binary { .. })
    }

    /// Opens what was taken for a binary file.
    fn open_as_text(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let path = self.target.path.clone();
        self.model.update(cx, |model, _| {
            model.read_path_as_text(path);
        });
        self.retry(window, cx);
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
                Button::new("error-retry", if self.opens { "Open" } else { "Try again" })
                    .command("editor.retryOpening")
                    .tooltip("Try to open the file again")
                    .on_click(cx.listener(|item, _, window, cx| item.retry(window, cx))),
            );
            close = close.quiet();
        }
        if self.is_binary() {
            state = state.action(
                Button::new("error-open-as-text", "Open as text")
                    .command("editor.openAsText")
                    .tooltip("Open the file as text all the same")
                    .on_click(cx.listener(|item, _, window, cx| item.open_as_text(window, cx))),
            );
            close = close.quiet();
        }
        div()
            .id("error-item")
            .test_support()
            .track_focus(&self.focus)
            .on_key_down(cx.listener(|item, event: &KeyDownEvent, window, cx| {
                match item.vim.key(&event.keystroke, window, cx) {
                    LineKey::NotTaken => return,
                    LineKey::Taken => cx.emit(ItemEvent::StatusChanged),
                    LineKey::Close => cx.emit(ItemEvent::Close),
                }
                cx.stop_propagation();
            }))
            .when(self.may_change(), |this| {
                this.on_action(cx.listener(|item, _: &RetryOpening, window, cx| {
                    item.retry(window, cx);
                }))
            })
            .when(self.is_binary(), |this| {
                this.on_action(cx.listener(|item, _: &OpenAsText, window, cx| {
                    item.open_as_text(window, cx);
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

    fn status(&self, cx: &App) -> ItemStatus {
        ItemStatus {
            mode: self.vim.status(cx),
            mode_tells_error: self.vim.tells_error(),
            ..ItemStatus::default()
        }
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
