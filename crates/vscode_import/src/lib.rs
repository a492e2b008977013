//! Taking over what a person set up in VS Code or one of its relatives: the
//! settings that Kiln has, and the colour themes of installed extensions.
//!
//! [`plan`] reads and changes nothing; [`apply`] writes what a plan says. Both
//! give the same [`ImportReport`], which lists what is taken and what is not, with
//! the reason. Files of the other program are never written.
//!
//! Everything that is read is untrusted: sizes and counts are bounded, and a
//! theme's file must lie inside its extension's folder.

mod apply;
mod bounded;
mod error;
mod extensions;
mod locate;
mod report;
mod settings_map;
mod themes;

pub use apply::{Target, apply, plan};
pub use error::ImportError;
pub use locate::{Environment, Installation, System, find_installations, installation_at};
pub use report::{
    AppliedSetting, ImportReport, ImportedTheme, SettingNotApplied, ThemeNotImported,
};
