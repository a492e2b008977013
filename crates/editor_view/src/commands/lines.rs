//! Commands that work on whole lines and on how words are written.

use editor_core::editing::{self, LetterCase};
use gpui_kit::{Context, InteractiveElement, Window, actions};
use ui::CommandSpec;

use super::Run;
use crate::view::EditorView;

commands! {
    MoveLinesUp "editor.moveLinesUp" "Move Line Up" => |v, window, cx| v.edit_with(window, cx, editing::move_line_up);
    MoveLinesDown "editor.moveLinesDown" "Move Line Down" => |v, window, cx| v.edit_with(window, cx, editing::move_line_down);
    DuplicateLinesUp "editor.duplicateLinesUp" "Copy Line Up" => |v, window, cx| v.edit_with(window, cx, editing::duplicate_line_up);
    DuplicateLines "editor.duplicateLines" "Copy Line Down" => |v, window, cx| v.edit_with(window, cx, editing::duplicate_line);
    JoinLines "editor.joinLines" "Join Lines" => |v, window, cx| v.edit_with(window, cx, editing::join_lines);
    SortLinesAscending "editor.sortLinesAscending" "Sort Lines Ascending" => |v, window, cx| v.edit_with(window, cx, editing::sort_lines_ascending);
    SortLinesDescending "editor.sortLinesDescending" "Sort Lines Descending" => |v, window, cx| v.edit_with(window, cx, editing::sort_lines_descending);
    UniqueLines "editor.uniqueLines" "Delete Duplicate Lines" => |v, window, cx| v.edit_with(window, cx, editing::unique_lines);
    ReverseLines "editor.reverseLines" "Reverse Lines" => |v, window, cx| v.edit_with(window, cx, editing::reverse_lines);
    TrimTrailingWhitespace "editor.action.trimTrailingWhitespace" "Trim Trailing Whitespace" => |v, window, cx| v.edit_with(window, cx, editing::trim_trailing_whitespace);

    DeleteSubwordLeft "editor.deleteSubwordLeft" "Delete to Previous Part of Word" => |v, window, cx| v.edit_with(window, cx, editing::delete_subword_backward);
    DeleteSubwordRight "editor.deleteSubwordRight" "Delete to Next Part of Word" => |v, window, cx| v.edit_with(window, cx, editing::delete_subword_forward);
    DeleteToLineStart "editor.deleteToLineStart" "Delete to Start of Line" => |v, window, cx| v.edit_with(window, cx, editing::delete_to_line_start);
    DeleteToLineEnd "editor.deleteToLineEnd" "Delete to End of Line" => |v, window, cx| v.edit_with(window, cx, editing::delete_to_line_end);
    Transpose "editor.action.transpose" "Transpose Letters" => |v, window, cx| v.edit_with(window, cx, editing::transpose);

    UpperCase "editor.upperCase" "Transform to Uppercase" => |v, window, cx| v.change_case(LetterCase::Upper, window, cx);
    LowerCase "editor.lowerCase" "Transform to Lowercase" => |v, window, cx| v.change_case(LetterCase::Lower, window, cx);
    TitleCase "editor.titleCase" "Transform to Title Case" => |v, window, cx| v.change_case(LetterCase::Title, window, cx);
    SnakeCase "editor.snakeCase" "Transform to Snake Case" => |v, window, cx| v.change_case(LetterCase::Snake, window, cx);
    CamelCase "editor.camelCase" "Transform to Camel Case" => |v, window, cx| v.change_case(LetterCase::Camel, window, cx);
    PascalCase "editor.pascalCase" "Transform to Pascal Case" => |v, window, cx| v.change_case(LetterCase::Pascal, window, cx);
    KebabCase "editor.kebabCase" "Transform to Kebab Case" => |v, window, cx| v.change_case(LetterCase::Kebab, window, cx);
}

impl EditorView {
    fn change_case(&mut self, case: LetterCase, window: &mut Window, cx: &mut Context<Self>) {
        self.edit_with(window, cx, |text, selections| {
            editing::change_case(text, selections, case)
        });
    }
}
