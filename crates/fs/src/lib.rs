//! Files as an editor needs them: atomic saves, encodings and line endings that survive a round
//! trip, what `.editorconfig` says of them, folder listings that know what git ignores, and a watcher that looks only at the folders
//! somebody shows.
//!
//! Everything goes through the [`Fs`] trait. [`RealFs`] is the disk; `FakeFs` (feature
//! `test-support`) is a folder tree in memory that fails where a test asks it to.
//!
//! ```no_run
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use std::path::Path;
//! let disk = fs::RealFs::new();
//! let file = fs::load(&disk, Path::new("notes.txt"))?;
//! let corrected = file.text.to_string().replace("teh", "the");
//! fs::save(&disk, &file.path, &corrected.as_str().into(), &file.format)?;
//! # Ok(())
//! # }
//! ```

mod atomic_save;
mod beginning;
#[cfg(target_os = "linux")]
mod beneath;
mod dangling;
mod editor_config;
mod encoded_text;
mod encoding;
mod encoding_guess;
mod error;
#[cfg(feature = "test-support")]
mod fake_fs;
mod file_system;
mod held_entry;
mod home_path;
mod ignore_rules;
mod in_place;
mod kept_base;
mod line_ending;
mod line_pairing;
mod load;
mod load_progress;
mod paths;
mod private_folder;
mod real_fs;
mod recovery_store;
mod save_calls;
mod save_progress;
mod stray_bytes;
mod text_format;
mod text_stream;
mod watcher;

pub use beginning::{BEGINNING_BYTES, Beginning, read_beginning};
pub use dangling::{LEADS_NOWHERE, leads_nowhere};
pub use editor_config::{EDITOR_CONFIG, EditorConfig};
pub use encoded_text::{Content, EncodedText};
pub use encoding::TextEncoding;
pub use error::FsError;
#[cfg(feature = "test-support")]
pub use fake_fs::{FakeFs, FakeOperation};
pub use file_system::{DirEntry, Fs, Metadata};
pub use held_entry::HeldEntry;
pub use home_path::from_home;
pub use ignore_rules::IgnoreRules;
pub use line_ending::LineEnding;
pub use load::{
    EncodingChoice, Fingerprint, LoadError, LoadNote, LoadOptions, LoadedFile, MAX_TEXT_BYTES,
    STREAMED_BYTES, SaveError, fingerprint, load, load_beneath, load_bytes, load_with, save,
    save_beneath, save_telling,
};
pub use load_progress::LoadProgress;
pub use paths::{KilnPaths, PathsError};
pub use private_folder::PrivateFolder;
pub use real_fs::RealFs;
pub use recovery_store::{LeftBehind, LeftEntry, RecoveryStore, create_private};
pub use save_calls::SaveCall;
#[cfg(feature = "test-support")]
pub use save_calls::SaveFaults;
pub use save_progress::SaveProgress;
pub use text_format::{
    DecodeError, EncodeError, TextFormat, decode, decode_as, decode_damaged, encode,
};
pub use watcher::{FsChange, FsEvent, WatchError, Watcher};
