//! What the disk holds from earlier and a window needs before it is first drawn: its theme, its
//! size, its docks. Read off the UI thread; the program reads it while the window system starts.

use fs::{KilnPaths, RealFs};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use workbench::{LayoutStore, Remembered, SettingsFiles, SettingsRead, WindowLayout};

/// What is known from earlier.
pub struct Earlier {
    pub(crate) settings: SettingsRead,
    pub(crate) remembered: Remembered,
    pub(crate) window: Option<WindowLayout>,
}

impl Earlier {
    /// For a reading that failed: see [`Remembered::unread`].
    pub fn unread() -> Self {
        Self {
            settings: SettingsRead::default(),
            remembered: Remembered::unread(),
            window: None,
        }
    }

    /// Reads what a window on this folder needs, or one without a folder. Blocks until the disk has
    /// answered; how much is read is bounded for each file and in the number of files.
    pub fn read(paths: &KilnPaths, folder: Option<&Path>) -> Self {
        let fs = Arc::new(RealFs::new());
        let store = LayoutStore::new(paths, fs.clone());
        let files = SettingsFiles::new(paths, folder.map(Path::to_path_buf), fs);
        Self {
            // Before anything asks which language a file is in.
            settings: files.register_languages(files.read_all()),
            remembered: store.remembered(folder),
            window: store.load_window(),
        }
    }
}

/// The folder that was open last, if it is still there.
pub fn last_folder(paths: &KilnPaths) -> Option<PathBuf> {
    LayoutStore::new(paths, Arc::new(RealFs::new())).last_folder()
}
