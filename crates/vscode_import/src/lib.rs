//! Taking over what a person set up in VS Code or one of its relatives: the
//! settings that Kiln has, snippets, and the colour themes, languages, grammars and snippets of
//! installed extensions.
//!
//! [`plan`] reads and changes nothing; [`apply`] writes what a plan says. Both
//! give the same [`ImportReport`], which lists what is taken and what is not, with
//! the reason. Files of the other program are never written.
//!
//! Everything that is read is untrusted: sizes and counts are bounded, and what an
//! extension names must lie inside its folder. Grammars are checked before they are
//! taken, and run with bounded work.

mod apply;
mod bounded;
mod error;
mod extensions;
mod included_grammars;
mod language_packs;
mod languages;
mod locate;
mod property_list;
mod report;
mod settings_map;
mod snippets;
mod themes;
mod written_files;

pub use apply::{Target, apply, plan};
pub use error::ImportError;
pub use language_packs::{languages_folder, register_languages};
pub use locate::{Environment, Installation, System, find_installations, installation_at};
pub use report::{
    AddedFiles, AppliedSetting, ImportReport, ImportedLanguage, ImportedSnippets, ImportedTheme,
    KEY_BINDINGS_STAY, LanguageNotImported, LookedIn, NO_FOLDER, SettingNotApplied,
    SnippetsNotImported, ThemeNotImported,
};
