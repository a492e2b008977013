//! What parts the text that a view shows from its file, how the view says so, and what can be done
//! about it.

use crate::model::WorkspaceModel;
use crate::notify::notify_failure;
use crate::widgets::{Banner, Button};
use fs::TextEncoding;
use gpui_kit::assets::IconName;
use gpui_kit::{App, Entity, FocusHandle, SharedString, Window};
use workspace::{Buffer, BufferId, DiskState};

/// What is the matter with the file of a buffer.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum FileTrouble {
    /// Another program changed the file while there were unsaved edits.
    ChangedOnDisk,
    /// The file is gone.
    Deleted,
    /// A folder stands where the file was.
    Folder,
    /// The file cannot be written.
    ReadOnly,
    /// The file cannot be written because its file system is mounted read-only.
    ReadOnlyDisk,
    /// The user made the text read-only.
    Locked,
    /// The user's settings make it read-only.
    LockedBySettings,
    /// The text is no file, and only shown.
    ShownOnly,
    /// So many bytes of the file are not valid UTF-8.
    StrayBytes(usize),
    /// Some bytes of the file mean nothing in its encoding, and would be lost by a save.
    DamagedEncoding(TextEncoding),
}

impl FileTrouble {
    /// What is the matter with the file of a buffer, the gravest first.
    pub fn of(buffer: &Buffer) -> Option<Self> {
        match buffer.disk() {
            DiskState::Changed => Some(Self::ChangedOnDisk),
            DiskState::Deleted => Some(Self::Deleted),
            DiskState::Folder => Some(Self::Folder),
            // Whoever shows it says what it is.
            DiskState::InSync if buffer.is_beginning() => None,
            DiskState::InSync if buffer.is_shown_only() => Some(Self::ShownOnly),
            DiskState::InSync if buffer.is_locked_by_rule() => Some(Self::LockedBySettings),
            DiskState::InSync if buffer.is_locked() => Some(Self::Locked),
            DiskState::InSync if buffer.has_damaged_encoding() => {
                Some(Self::DamagedEncoding(buffer.format().encoding))
            }
            DiskState::InSync if buffer.is_on_read_only_disk() => Some(Self::ReadOnlyDisk),
            DiskState::InSync if buffer.is_read_only() => Some(Self::ReadOnly),
            DiskState::InSync => match buffer.stray_bytes() {
                0 => None,
                count => Some(Self::StrayBytes(count)),
            },
        }
    }

    /// What the status bar says.
    pub fn note(self) -> &'static str {
        match self {
            Self::ChangedOnDisk => "Changed on disk",
            Self::Deleted => "Deleted on disk",
            Self::Folder => "A folder on disk",
            Self::ReadOnly
            | Self::ReadOnlyDisk
            | Self::Locked
            | Self::LockedBySettings
            | Self::ShownOnly => "Read only",
            Self::StrayBytes(_) | Self::DamagedEncoding(_) => "Invalid bytes",
        }
    }

    /// The strip that says it above the text, without buttons.
    pub fn banner(self) -> Banner {
        let (icon, message): (_, SharedString) = match self {
            Self::ChangedOnDisk => (
                IconName::FileDiff,
                "This file changed on disk, and you have unsaved edits.".into(),
            ),
            Self::Deleted => (
                IconName::FileX,
                "This file was deleted on disk. Its text is kept here.".into(),
            ),
            Self::Folder => (
                IconName::FileX,
                "A folder stands where this file was. Its text is kept here.".into(),
            ),
            Self::ReadOnly => (
                IconName::Lock,
                "This file is read-only until its permissions change.".into(),
            ),
            Self::ReadOnlyDisk => (
                IconName::Lock,
                "This file is read-only: its file system is mounted read-only. Save it to another place to change it.".into(),
            ),
            Self::Locked => (IconName::Lock, "You made this file read-only.".into()),
            Self::LockedBySettings => (
                IconName::Lock,
                "files.readonlyInclude in your settings makes this file read-only.".into(),
            ),
            Self::ShownOnly => (
                IconName::Lock,
                "This is no file: it is shown to be read, and there is nothing to save.".into(),
            ),
            Self::DamagedEncoding(encoding) => (
                IconName::TriangleAlert,
                format!(
                    "This file is read-only: some of its bytes are not valid {encoding}, and a save would lose them. They are shown as \u{fffd}."
                )
                .into(),
            ),
            Self::StrayBytes(1) => (
                IconName::TriangleAlert,
                "1 byte is not valid UTF-8. It is shown by its value, and saving keeps it.".into(),
            ),
            Self::StrayBytes(count) => (
                IconName::TriangleAlert,
                format!(
                    "{count} bytes are not valid UTF-8. They are shown by their values, and saving keeps them."
                )
                .into(),
            ),
        };
        let banner = Banner::new("file-banner", icon, message);
        match self {
            Self::ReadOnly
            | Self::ReadOnlyDisk
            | Self::Locked
            | Self::LockedBySettings
            | Self::ShownOnly => banner.quiet(),
            Self::ChangedOnDisk
            | Self::Deleted
            | Self::Folder
            | Self::StrayBytes(_)
            | Self::DamagedEncoding(_) => banner,
        }
    }
}

/// Shows what is on the disk, then gives the view the keyboard: the button is gone with its strip.
pub fn reload_button(
    buffer: BufferId,
    model: &Entity<WorkspaceModel>,
    view: &FocusHandle,
    cx: &App,
) -> Button {
    let reloading = model.read(cx).is_reloading(buffer);
    let (model, view) = (model.clone(), view.clone());
    let label = if reloading { "Reloading…" } else { "Reload" };
    Button::new("banner-reload", label)
        .disabled(reloading)
        .tooltip("Show what is on disk; undo brings your edits back")
        .on_click(move |_, window, cx| {
            reload(buffer, &model, window, cx);
            view.focus(window, cx);
        })
}

/// Takes over what is on the disk; says why where that cannot be.
pub fn reload(buffer: BufferId, model: &Entity<WorkspaceModel>, window: &mut Window, cx: &mut App) {
    let reloading = model.update(cx, |model, cx| model.reload(buffer, cx));
    notify_failure(reloading, window, cx);
}

/// Decides for the text that is here.
pub fn keep_mine(buffer: BufferId, model: &Entity<WorkspaceModel>, cx: &mut App) {
    model.update(cx, |model, cx| {
        model.update(cx, |workspace| workspace.keep_mine(buffer));
    });
}

/// Keeps the text for the next save, then gives the view the keyboard.
pub fn keep_mine_button(
    buffer: BufferId,
    model: &Entity<WorkspaceModel>,
    view: &FocusHandle,
) -> Button {
    let (model, view) = (model.clone(), view.clone());
    Button::new("banner-keep", "Keep mine")
        .tooltip("Keep your edits; saving writes them over the file")
        .on_click(move |_, window, cx| {
            keep_mine(buffer, &model, cx);
            view.focus(window, cx);
        })
}

/// Asks where to save a text whose place is taken.
pub fn save_elsewhere_button() -> Button {
    Button::new("banner-save-as", "Save As\u{2026}")
        .command("workspace.saveAs")
        .tooltip("Save your text under another name")
}

/// Writes a file that is gone anew. How, the view knows that has the text.
pub fn save_again_button(save: impl Fn(&mut Window, &mut App) + 'static) -> Button {
    Button::new("banner-save", "Save again")
        .tooltip("Write the file anew")
        .on_click(move |_, window, cx| save(window, cx))
}
