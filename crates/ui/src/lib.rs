//! What every view of Kiln is made of: tokens (type, spacing, radii), the theme,
//! widgets, and the seams through which views meet without knowing each other.
//!
//! - [`WorkspaceModel`] is the one gpui entity that owns the [`workspace::Workspace`].
//! - [`Panel`] and [`Item`] are what a view implements to live in a dock or a tab.
//! - [`Commands`] names everything a person can do; keys and the palette come from it.
//! - [`open_path`] and [`notify`] reach the workbench without importing it.
//!
//! Layer 4: this crate and those above it are the only ones that use gpui.

mod agent_question;
pub mod ago;
mod command_place;
pub mod commands;
pub mod dragged_files;
pub mod file_trouble;
pub mod fonts;
pub mod frame_pace;
pub mod icons;
pub mod inline_code;
pub mod item;
pub mod keys;
mod language_setting;
pub mod languages;
pub mod latency;
pub mod list_keys;
pub mod markdown;
pub mod model;
mod notices;
pub mod notify;
pub mod open;
pub mod panel;
mod proposed_edit;
mod read_text;
pub mod reading;
pub mod recovery;
pub mod sentence;
pub mod settings_store;
pub mod snippet_store;
pub mod theme;
pub mod theme_bridge;
pub mod theme_store;
pub mod tokens;
pub mod view_part;
pub mod widgets;
mod window_actions;
pub mod zoom;

pub use agent_question::{AgentQuestion, ask_agent, has_agent, set_question_handler};
pub use ago::ago;
pub use command_place::{at_command_place, command_place, run_command_at};
pub use commands::{CommandSpec, Commands, READ_ONLY};
pub use dragged_files::{DraggedFiles, path_as_text};
pub use file_trouble::FileTrouble;
pub use gpui_kit::assets::{IconName, IconNamed};
pub use icons::{KilnAssets, icon};
pub use item::{Item, ItemEvent, ItemHandle, ItemOutline, ItemStatus};
pub use language_setting::{
    FileAssociation, LanguageChange, LanguageSetting, keep_language_setting,
    set_language_setting_handler,
};
pub use model::{
    ActionsTaken, AskedVersions, ChangedLines, ComingBack, ComingText, Deletion, DeletionId,
    FileInFrontChanged, FormatFor, Formatted, FoundSymbol, HIERARCHY_PANEL, HierarchyRoot,
    JointEditId, JointWay, LeftOut, ListedChange, ListedFor, ListedPlace, MadeEdit, NameWanted,
    PLACES_PANEL, PlaceList, ProblemMarks, ServerOffer, ServerSays, ServerTrace, ServerUpdate,
    SharedCarets, ShownEdit, WholeChange, WorkspaceModel,
};
pub use notices::notices_layer;
pub use notify::{
    NoticeAction, Severity, dismiss_notices, error_with_causes, notify, notify_error,
    notify_failure, notify_with_action, notify_with_actions, run_notice_action, shown_notices,
    take_notice_back,
};
pub use open::{ItemOpeners, OpenTarget, Preview, open_path, reveal_panel};
pub use panel::{DockSide, Draft, OnChange, Panel, PanelHandle, WaitingMessage};
pub use proposed_edit::{EditDecision, PartDecision, PartDecisions, ProposedEdit, ProposedEdits};
pub use read_text::{TextToRead, read_text, set_read_text_handler};
pub use reading::{READING_CONTEXT, is_reading};
pub use sentence::sentence;
pub use settings_store::{ActiveSettings, SettingPlace, SettingsStore};
pub use snippet_store::SnippetStore;
pub use theme::{ActiveKilnTheme, Colors, KilnTheme};
pub use theme_store::ThemeStore;
pub use tokens::Typography;
pub use view_part::{ContentHeight, ViewPart, as_drawn};
pub use window_actions::on_window_action;
pub use zoom::EditorZoom;

use gpui_kit::App;

/// Prepares gpui-kit, fonts, languages, the bundled themes and the empty registries.
///
/// Call once, before any window opens. Settings come afterwards, through
/// [`SettingsStore::set`]; until then the defaults hold.
pub fn init(cx: &mut App) {
    gpui_kit::init(cx);
    fonts::load(cx);
    languages::register();
    commands::init(cx);
    open::init(cx);
    keys::init(cx);
    theme_store::init(cx);
    settings_store::init(cx);
}
