//! The window: title bar, docks, editor groups, status bar; pickers, dialogs and menus;
//! the file tree; the first steps.
//!
//! Nothing here knows the editor, the agent panel or the spec sidebar: the program hands
//! them in as [`ui::PanelHandle`]s and registers their [`ui::ItemOpeners`].

pub mod actions;
mod breadcrumbs;
mod byte_size;
mod choose;
mod chord;
mod command_names;
mod deletion_picker;
mod dialog;
mod dock;
mod editor_area;
mod editor_group;
mod file_tree;
mod folder_picker;
mod fuzzy;
mod git_state;
mod key_removal;
mod laid_out;
mod last_good;
mod layout;
mod local_history;
mod menu;
mod modal;
pub mod model_setup;
mod navigation_history;
mod onboarding;
mod opening_item;
mod palette;
mod picker;
mod problem_mark;
mod project_symbols;
mod quick_open;
mod settings_files;
mod status_bar;
mod symbol_picker;
mod theme_picker;
mod title_bar;
mod unsaved;
mod welcome;
#[cfg(test)]
mod window_tests;
mod workbench;
mod write_behind;

pub use command_names::OTHER_NAMES;
pub use layout::{Layout, LayoutStore, Remembered, WindowLayout};
pub use settings_files::{SettingsFiles, SettingsNotice, SettingsRead};
pub use workbench::setting_toggles::remember_values_before;
pub use workbench::{Workbench, WorkbenchConfig, WorkbenchHost};

use gpui_kit::App;

/// Registers the window's commands and the keys of its parts. Call once, after
/// [`ui::init`] and before the keymap is bound.
pub fn init(cx: &mut App) {
    actions::register(cx);
    dialog::bind_keys(cx);
    file_tree::bind_keys(cx);
    menu::bind_keys(cx);
    picker::bind_keys(cx);
    write_behind::init(cx);
}
