//! Commands that move carets and select by more than characters, words and rows.

use editor_core::movement;
use gpui_kit::{Context, InteractiveElement, actions};
use ui::CommandSpec;

use super::Run;
use crate::view::EditorView;

commands! {
    MoveSubwordLeft "editor.moveSubwordLeft" "Move to Previous Part of Word" => |v, _, cx| v.go(cx, movement::subword_left);
    MoveSubwordRight "editor.moveSubwordRight" "Move to Next Part of Word" => |v, _, cx| v.go(cx, movement::subword_right);
    MoveParagraphUp "editor.moveParagraphUp" "Move to Previous Paragraph" => |v, _, cx| v.go(cx, movement::paragraph_up);
    MoveParagraphDown "editor.moveParagraphDown" "Move to Next Paragraph" => |v, _, cx| v.go(cx, movement::paragraph_down);
    MoveSameIndentUp "editor.moveSameIndentUp" "Move to Previous Line of Same Indentation" => |v, _, cx| v.go_same_indent(cx, -1, false);
    MoveSameIndentDown "editor.moveSameIndentDown" "Move to Next Line of Same Indentation" => |v, _, cx| v.go_same_indent(cx, 1, false);

    SelectSubwordLeft "editor.selectSubwordLeft" "Select to Previous Part of Word" => |v, _, cx| v.extend(cx, movement::subword_left);
    SelectSubwordRight "editor.selectSubwordRight" "Select to Next Part of Word" => |v, _, cx| v.extend(cx, movement::subword_right);
    SelectParagraphUp "editor.selectParagraphUp" "Select to Previous Paragraph" => |v, _, cx| v.extend(cx, movement::paragraph_up);
    SelectParagraphDown "editor.selectParagraphDown" "Select to Next Paragraph" => |v, _, cx| v.extend(cx, movement::paragraph_down);
    SelectSameIndentUp "editor.selectSameIndentUp" "Select to Previous Line of Same Indentation" => |v, _, cx| v.go_same_indent(cx, -1, true);
    SelectSameIndentDown "editor.selectSameIndentDown" "Select to Next Line of Same Indentation" => |v, _, cx| v.go_same_indent(cx, 1, true);
}

impl EditorView {
    fn go_same_indent(&mut self, cx: &mut Context<Self>, direction: isize, extend: bool) {
        let tab_size = self.tab_size(cx);
        self.move_carets(cx, |text, selection| {
            if direction < 0 {
                movement::same_indent_up(text, selection, tab_size, extend)
            } else {
                movement::same_indent_down(text, selection, tab_size, extend)
            }
        });
    }
}
