//! Commands that go to, show, stage and revert what differs from git's version.

use gpui_kit::{Context, InteractiveElement, actions};
use ui::CommandSpec;

use super::Run;
use crate::view::EditorView;

commands! {
    in "Git";
    NextChange "editor.nextChange" "Go to Next Change" => |v, _, cx| { v.go_to_change(true, cx); };
    PreviousChange "editor.previousChange" "Go to Previous Change" => |v, _, cx| { v.go_to_change(false, cx); };
    ShowNextChange "editor.showNextChange" "Show Next Change" => |v, window, cx| v.show_change(true, window, cx);
    ShowPreviousChange "editor.showPreviousChange" "Show Previous Change" => |v, window, cx| v.show_change(false, window, cx);
    ToggleInlineChanges "editor.toggleInlineChanges" "Toggle Inline Changes" => |v, window, cx| v.toggle_inline_hunks(window, cx);
    ToggleInlineChange "editor.toggleInlineChange" "Toggle Inline Change at Caret" => |v, window, cx| v.toggle_selected_hunks(window, cx);
    StageChange "editor.stageChange" "Stage Selected Changes" => |v, window, cx| v.stage_changes(window, cx);
    UnstageChange "editor.unstageChange" "Unstage Selected Changes" => |v, window, cx| v.unstage_changes(window, cx);
    RevertChange "editor.revertChange" "Revert Selected Changes" => |v, window, cx| v.revert_changes(window, cx);
}
