//! How the window was left: docks, tabs and bounds, as JSON in Kiln's state folder.
//!
//! One file per project folder and one for the window's bounds. Written atomically; a
//! file that cannot be read as a layout is ignored, and the person is told.

use crate::editor_area::Grid;
use fs::{Fs, FsError, KilnPaths};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use ui::{Draft, WaitingMessage};
use workspace::ViewState;

/// Layouts are a few kilobytes; anything beyond this is not one.
const MAX_BYTES: u64 = 1024 * 1024;
/// How many unfolded rows of a panel come back.
const MAX_UNFOLDED: usize = 512;
/// The longest draft that comes back, in bytes: twice that, as its line ends are written, is well
/// within [`MAX_BYTES`].
pub(crate) const MAX_DRAFT: usize = 128 * 1024;
/// How many editor groups come back: more than a window has room for.
const MAX_GROUPS: usize = 64;
/// How many folders are remembered.
const MAX_RECENT: usize = 12;

/// How one dock was left.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DockLayout {
    /// Whether it is shown.
    pub open: bool,
    /// Its width, or height for the bottom one, in pixels at zoom level 0.
    pub size: f32,
    /// The id of the panel in front.
    pub active: Option<String>,
}

impl Default for DockLayout {
    fn default() -> Self {
        Self {
            open: true,
            size: 0.,
            active: None,
        }
    }
}

/// One tab.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TabLayout {
    /// The file; `None` for text that has none yet.
    pub path: Option<PathBuf>,
    /// The number in the name of text without a file.
    pub untitled: Option<u32>,
    /// The name of the encoding that somebody chose to read the file in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    /// Whether the next file that is only looked at takes its place.
    pub preview: bool,
    /// How its view was left.
    pub view: Option<ViewState>,
}

/// The tabs of one group, left to right.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct GroupLayout {
    /// In their order.
    pub tabs: Vec<TabLayout>,
    /// The index of the tab in front.
    pub active: usize,
    /// Whether it stands below the group before it, in the same column: of layouts that have no
    /// [`Layout::grid`].
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub below: bool,
}

/// How the window of one folder was left.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Layout {
    /// The left dock.
    pub left: DockLayout,
    /// The right dock.
    pub right: DockLayout,
    /// The bottom dock.
    pub bottom: DockLayout,
    /// The editor groups, in the order of the grid.
    pub groups: Vec<GroupLayout>,
    /// Where they stand, by their places; `None` in layouts of before, which have columns alone.
    pub grid: Option<Grid>,
    /// The index of the group that had the keyboard.
    pub active_group: usize,
    /// The folders that are open in the file tree.
    pub expanded: Vec<PathBuf>,
    /// The rows that are unfolded in the other panels, by the panel's id.
    pub unfolded: BTreeMap<String, Vec<String>>,
    /// What the other panels show of several, by the panel's id.
    pub shown: BTreeMap<String, String>,
    /// What was written and not sent, by the panel's id.
    pub drafts: BTreeMap<String, DraftLayout>,
}

/// What was written in a panel and not sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "KeptDraft")]
pub struct DraftLayout {
    /// The words.
    pub text: String,
    /// What they are for, in the panel's own words; none for what it is usually for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<String>,
    /// Messages that were to be sent later.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub waiting: Vec<WaitingLayout>,
}

/// A message that was to be sent later.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WaitingLayout {
    /// Where it belongs, in the panel's own words.
    pub place: String,
    /// The words.
    pub text: String,
    /// As [`DraftLayout::mode`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<String>,
}

impl DraftLayout {
    /// All its words, in bytes.
    pub(crate) fn size(&self) -> usize {
        let waiting = self.waiting.iter().map(|message| message.text.len());
        self.text.len() + waiting.sum::<usize>()
    }
}

impl From<Draft> for DraftLayout {
    fn from(draft: Draft) -> Self {
        let Draft {
            text,
            mode,
            waiting,
        } = draft;
        let waiting = waiting.into_iter();
        Self {
            text,
            mode,
            waiting: waiting
                .map(|WaitingMessage { place, text, mode }| WaitingLayout { place, text, mode })
                .collect(),
        }
    }
}

impl From<DraftLayout> for Draft {
    fn from(draft: DraftLayout) -> Self {
        let DraftLayout {
            text,
            mode,
            waiting,
        } = draft;
        let waiting = waiting.into_iter();
        Self {
            text,
            mode,
            waiting: waiting
                .map(|WaitingLayout { place, text, mode }| WaitingMessage { place, text, mode })
                .collect(),
        }
    }
}

/// A draft as it is kept; the words alone, as earlier layouts have them, are read, too.
#[derive(Deserialize)]
#[serde(untagged)]
enum KeptDraft {
    Words(String),
    Draft {
        text: String,
        #[serde(default)]
        mode: Option<String>,
        #[serde(default)]
        waiting: Vec<WaitingLayout>,
    },
}

impl From<KeptDraft> for DraftLayout {
    fn from(kept: KeptDraft) -> Self {
        match kept {
            KeptDraft::Words(text) => Self {
                text,
                mode: None,
                waiting: Vec::new(),
            },
            KeptDraft::Draft {
                text,
                mode,
                waiting,
            } => Self {
                text,
                mode,
                waiting,
            },
        }
    }
}

/// The narrowest a dock gets, in pixels at zoom level 0.
pub const MIN_DOCK: f32 = 180.;
/// The widest a dock gets, in pixels at zoom level 0.
pub const MAX_DOCK: f32 = 900.;

impl Default for Layout {
    fn default() -> Self {
        Self {
            left: DockLayout {
                size: 260.,
                ..DockLayout::default()
            },
            right: DockLayout {
                size: 380.,
                ..DockLayout::default()
            },
            bottom: DockLayout {
                open: false,
                size: 240.,
                active: None,
            },
            groups: Vec::new(),
            grid: None,
            active_group: 0,
            expanded: Vec::new(),
            unfolded: BTreeMap::new(),
            shown: BTreeMap::new(),
            drafts: BTreeMap::new(),
        }
    }
}

impl Layout {
    /// Where the groups stand: as the file says where that makes sense, else in columns.
    fn sane_grid(&self) -> Option<Grid> {
        let order = |grid: &Grid| {
            let groups = grid.groups();
            groups.len() == self.groups.len() && groups.iter().copied().eq(0..groups.len() as u64)
        };
        let kept = self.grid.clone();
        let below: Vec<_> = self.groups.iter().map(|group| group.below).collect();
        kept.filter(|grid| grid.is_sane() && order(grid))
            .or_else(|| Grid::columns(&below))
    }

    /// Brings numbers from a file back into range.
    fn sane(mut self) -> Self {
        let default = Self::default();
        for (dock, usual) in [
            (&mut self.left, default.left.size),
            (&mut self.right, default.right.size),
            (&mut self.bottom, default.bottom.size),
        ] {
            dock.size = if dock.size.is_finite() && dock.size > 0. {
                dock.size.clamp(MIN_DOCK, MAX_DOCK)
            } else {
                usual
            };
        }
        for group in &mut self.groups {
            group.tabs.truncate(64);
            group.active = group.active.min(group.tabs.len().saturating_sub(1));
        }
        let mut grid = self.sane_grid();
        self.groups.truncate(MAX_GROUPS);
        let before = self.groups.iter().take(self.active_group);
        self.active_group -= before.filter(|group| group.tabs.is_empty()).count();
        // Those that come back are counted anew.
        let comes_back = |place: u64| {
            let group = usize::try_from(place)
                .ok()
                .and_then(|at| self.groups.get(at));
            group.is_some_and(|group| !group.tabs.is_empty())
        };
        if let Some(grid) = &mut grid {
            let gone = grid
                .groups()
                .into_iter()
                .filter(|place| !comes_back(*place));
            for place in gone.collect::<Vec<_>>() {
                grid.remove(place);
            }
            let left = grid.groups();
            let place = |id| {
                left.iter()
                    .position(|it| *it == id)
                    .map_or(id, |it| it as u64)
            };
            *grid = grid.named(&place);
        }
        self.groups.retain(|group| !group.tabs.is_empty());
        self.grid = grid.filter(|_| !self.groups.is_empty());
        self.active_group = self.active_group.min(self.groups.len().saturating_sub(1));
        self.expanded.truncate(MAX_UNFOLDED);
        for names in self.unfolded.values_mut() {
            names.truncate(MAX_UNFOLDED);
        }
        self
    }
}

/// Where the window stood, in pixels of the display.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WindowLayout {
    /// Left edge.
    pub x: f32,
    /// Top edge.
    pub y: f32,
    /// Width.
    pub width: f32,
    /// Height.
    pub height: f32,
    /// Whether it filled the display.
    pub maximized: bool,
    /// How much larger than usual the text of editors was: a level of [`ui::EditorZoom`].
    #[serde(default)]
    pub editor_zoom: i8,
    /// What settings were before commands turned them on or off, by their place in the settings.
    #[serde(default)]
    pub values_before: BTreeMap<String, serde_json::Value>,
}

impl WindowLayout {
    fn sane(self) -> Option<Self> {
        let finite = [self.x, self.y, self.width, self.height]
            .into_iter()
            .all(f32::is_finite);
        (finite && self.width >= 400. && self.height >= 300.).then_some(self)
    }
}

/// What a read gave, and what a person should know about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Read<T> {
    /// The stored value, or the default.
    pub value: T,
    /// Why the default was taken although there is a file.
    pub notice: Option<String>,
}

/// What a window needs to know from earlier before it is first drawn.
#[derive(Clone, Debug)]
pub struct Remembered {
    pub(crate) layout: Layout,
    /// Why the layout is the usual one although another was stored.
    pub(crate) notice: Option<String>,
    /// The folders that were open, the last one first. Some may be gone.
    pub(crate) recent: Vec<PathBuf>,
    pub(crate) onboarded: bool,
    /// Whether what is stored was read, so that something newer may take its place.
    pub(crate) is_read: bool,
}

impl Remembered {
    /// What the panel of an id showed of several when the window was left.
    pub fn shown(&self, panel: &str) -> Option<&str> {
        self.layout.shown.get(panel).map(String::as_str)
    }

    /// For a window whose reading failed in a way that nobody foresaw: it begins with what is
    /// usual, says so, and leaves what is stored as it is.
    pub fn unread() -> Self {
        Self {
            layout: Layout::default(),
            notice: Some(
                "Your settings and the window\u{2019}s layout were not read: an error in Kiln ended the reading. They stay as they are on the disk; this window begins with the usual ones and does not store its layout."
                    .to_owned(),
            ),
            recent: Vec::new(),
            onboarded: true,
            is_read: false,
        }
    }
}

/// When a layout was taken, among those of one store: an older one does not replace a newer one,
/// in whichever order they come to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Taken(u64);

/// Reads and writes layouts. Everything here blocks until the disk has answered: it is called off
/// the UI thread, but for the last write of a window that closes.
#[derive(Clone)]
pub struct LayoutStore {
    fs: Arc<dyn Fs>,
    folder: PathBuf,
    taken: Arc<AtomicU64>,
    /// The newest layout that was written.
    written: Arc<Mutex<Option<Taken>>>,
}

impl LayoutStore {
    /// A store in Kiln's state folder.
    pub fn new(paths: &KilnPaths, fs: Arc<dyn Fs>) -> Self {
        Self {
            fs,
            folder: paths.state.clone(),
            taken: Arc::default(),
            written: Arc::default(),
        }
    }

    /// What the window of a folder, or one without a folder, needs to know before it is drawn.
    pub fn remembered(&self, root: Option<&Path>) -> Remembered {
        let (layout, notice) = match root {
            Some(root) => {
                let read = self.load(root);
                (read.value, read.notice)
            }
            None => (Layout::default(), None),
        };
        Remembered {
            layout,
            notice,
            recent: self.stored_folders(),
            onboarded: self.is_onboarded(),
            is_read: true,
        }
    }

    /// Marks that a layout is taken now, to be written by [`Self::write_newer`].
    pub(crate) fn take(&self) -> Taken {
        Taken(self.taken.fetch_add(1, Ordering::Relaxed))
    }

    /// Writes a layout unless a newer one is written already. One is written at a time.
    pub(crate) fn write_newer(&self, taken: Taken, write: impl FnOnce(&Self)) {
        // Whoever panicked while writing has written what it could.
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        if written.is_none_or(|written| written < taken) {
            write(self);
            *written = Some(taken);
        }
    }

    fn layout_path(&self, root: &Path) -> PathBuf {
        let digest = Sha256::digest(root.as_os_str().as_encoded_bytes());
        let name = digest
            .iter()
            .take(12)
            .fold(String::new(), |mut name, byte| {
                // Writing to a string cannot fail.
                write!(name, "{byte:02x}").ok();
                name
            });
        self.folder.join("layouts").join(format!("{name}.json"))
    }

    fn window_path(&self) -> PathBuf {
        self.folder.join("window.json")
    }

    fn read<T: for<'a> Deserialize<'a>>(&self, path: &Path) -> Result<Option<T>, String> {
        let bytes = match self.fs.read(path, MAX_BYTES) {
            Ok(bytes) => bytes,
            Err(FsError::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(error.to_string()),
        };
        serde_json::from_slice(&bytes)
            .map(Some)
            .map_err(|error| format!("{} is malformed ({error})", path.display()))
    }

    /// How the window of a folder was left.
    pub fn load(&self, root: &Path) -> Read<Layout> {
        match self.read::<Layout>(&self.layout_path(root)) {
            Ok(layout) => Read {
                value: layout.unwrap_or_default().sane(),
                notice: None,
            },
            Err(reason) => Read {
                value: Layout::default(),
                notice: Some(format!(
                    "The window's layout was not restored: {reason}. Kiln starts with the usual one."
                )),
            },
        }
    }

    /// Keeps how the window of a folder is.
    ///
    /// # Errors
    /// Where the state folder cannot be written.
    pub fn save(&self, root: &Path, layout: &Layout) -> Result<(), FsError> {
        self.write(&self.layout_path(root), layout)
    }

    /// Where the window stood; `None` where that is not known.
    pub fn load_window(&self) -> Option<WindowLayout> {
        self.read::<WindowLayout>(&self.window_path())
            .ok()
            .flatten()
            .and_then(WindowLayout::sane)
    }

    /// Keeps where the window stands.
    ///
    /// # Errors
    /// Where the state folder cannot be written.
    pub fn save_window(&self, window: &WindowLayout) -> Result<(), FsError> {
        self.write(&self.window_path(), window)
    }

    fn recent_path(&self) -> PathBuf {
        self.folder.join("recent.json")
    }

    /// The folders that were open, the last one first. Those that are gone are left out.
    pub fn recent_folders(&self) -> Vec<PathBuf> {
        let mut folders = self.stored_folders();
        folders.retain(|folder| folder.is_dir());
        folders
    }

    /// The folder that was open last and is still there. Of the others, nothing is asked: one may
    /// lie on a disk that does not answer.
    pub fn last_folder(&self) -> Option<PathBuf> {
        let folders = self.stored_folders();
        folders.into_iter().find(|folder| folder.is_dir())
    }

    fn stored_folders(&self) -> Vec<PathBuf> {
        let mut folders = self
            .read::<Vec<PathBuf>>(&self.recent_path())
            .ok()
            .flatten()
            .unwrap_or_default();
        folders.retain(|folder| folder.is_absolute());
        folders.truncate(MAX_RECENT);
        folders
    }

    /// Puts a folder before the others.
    ///
    /// # Errors
    /// Where the state folder cannot be written.
    pub fn add_recent(&self, root: &Path) -> Result<(), FsError> {
        let mut folders = self.recent_folders();
        folders.retain(|folder| folder != root);
        folders.insert(0, root.to_path_buf());
        folders.truncate(MAX_RECENT);
        self.write(&self.recent_path(), &folders)
    }

    fn onboarded_path(&self) -> PathBuf {
        self.folder.join("onboarded")
    }

    /// Whether the first steps were taken or skipped once.
    pub fn is_onboarded(&self) -> bool {
        self.fs.exists(&self.onboarded_path())
    }

    /// Remembers that the first steps were taken or skipped.
    ///
    /// # Errors
    /// Where the state folder cannot be written.
    pub fn set_onboarded(&self) -> Result<(), FsError> {
        self.fs.create_dir_all(&self.folder)?;
        self.fs.write_atomic(&self.onboarded_path(), b"")
    }

    fn write<T: Serialize>(&self, path: &Path, value: &T) -> Result<(), FsError> {
        let Ok(text) = serde_json::to_string_pretty(value) else {
            // A layout is plain numbers and text; there is nothing that JSON cannot hold
            // but a path that is not UTF-8, and such a tab is not kept.
            return Ok(());
        };
        if let Some(folder) = path.parent() {
            self.fs.create_dir_all(folder)?;
        }
        self.fs.write_atomic(path, text.as_bytes())
    }
}

#[cfg(test)]
mod tests;
