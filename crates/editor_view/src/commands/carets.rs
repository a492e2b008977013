//! Commands that move carets and select by more than characters, words and rows.

use editor_core::display_map::DisplaySnapshot;
use editor_core::{
    ColumnSelection, Selection, Selections, SyntaxView, Text, brackets, movement, multi_caret,
};
use gpui_kit::{Context, InteractiveElement, Window, actions};
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

    JumpToBracket "editor.action.jumpToBracket" "Go to Bracket" => |v, _, cx| v.reselect_by_syntax(cx, |text, selections, syntax| {
        selections.transform(|selection| brackets::jump_to_bracket(text, selection, syntax, false))
    });
    SelectToBracket "editor.selectToBracket" "Select to Bracket" => |v, _, cx| v.reselect_by_syntax(cx, |text, selections, syntax| {
        selections.transform(|selection| brackets::select_to_bracket(text, selection, syntax))
    });
    RemoveBrackets "editor.action.removeBrackets" "Remove Brackets" => |v, window, cx| {
        let text = v.text(cx);
        let transaction = v.by_syntax(cx, |syntax| brackets::remove_brackets(&text, &v.selections, syntax));
        v.edit(transaction, window, cx);
    };
    ExpandSelection "editor.expandSelection" "Expand Selection" => |v, _, cx| v.expand_selection(cx);
    ShrinkSelection "editor.shrinkSelection" "Shrink Selection" => |v, _, cx| v.shrink_selection(cx);

    CaretUndo "editor.caretUndo" "Undo Caret Movement" => |v, _, cx| {
        if let Some(before) = v.caret_history.undo(&v.selections) {
            v.restore_carets(before, cx);
        }
    };
    CaretRedo "editor.caretRedo" "Redo Caret Movement" => |v, _, cx| {
        if let Some(after) = v.caret_history.redo(&v.selections) {
            v.restore_carets(after, cx);
        }
    };

    SelectPrevious "editor.selectPrevious" "Add Selection to Previous Match" => |v, _, cx| v.take_occurrence(multi_caret::select_previous_occurrence, cx);
    SkipToNext "editor.skipToNext" "Move Last Selection to Next Match" => |v, _, cx| v.take_occurrence(multi_caret::skip_to_next_occurrence, cx);
    SkipToPrevious "editor.skipToPrevious" "Move Last Selection to Previous Match" => |v, _, cx| v.take_occurrence(multi_caret::skip_to_previous_occurrence, cx);

    ColumnSelectLeft "editor.columnSelectLeft" "Column Select Left" => |v, window, cx| v.column_select(0, -1, window, cx);
    ColumnSelectRight "editor.columnSelectRight" "Column Select Right" => |v, window, cx| v.column_select(0, 1, window, cx);
    ColumnSelectUp "editor.columnSelectUp" "Column Select Up" => |v, window, cx| v.column_select(-1, 0, window, cx);
    ColumnSelectDown "editor.columnSelectDown" "Column Select Down" => |v, window, cx| v.column_select(1, 0, window, cx);
    ColumnSelectPageUp "editor.columnSelectPageUp" "Column Select Page Up" => |v, window, cx| v.column_select(-(v.page_rows() as isize), 0, window, cx);
    ColumnSelectPageDown "editor.columnSelectPageDown" "Column Select Page Down" => |v, window, cx| v.column_select(v.page_rows() as isize, 0, window, cx);
}

/// The selections of a box without those in rows that are folded away.
pub(crate) fn rows_in_sight(display: &DisplaySnapshot, made: &Selections) -> Selections {
    let text = display.text();
    let shown = made.iter().copied().filter(|selection| {
        let start = text.line_start(text.row_at(selection.head));
        display.hidden_around(start).is_none()
    });
    let shown: Vec<Selection> = shown.collect();
    let primary = shown
        .iter()
        .position(|selection| selection == made.primary());
    Selections::new(shown, primary.unwrap_or(usize::MAX))
}

impl EditorView {
    fn reselect_by_syntax(
        &mut self,
        cx: &mut Context<Self>,
        change: impl FnOnce(&Text, &Selections, &dyn SyntaxView) -> Selections,
    ) {
        let text = self.text(cx);
        let changed = self.by_syntax(cx, |syntax| change(&text, &self.selections, syntax));
        self.select(changed, cx);
    }

    /// Puts the carets where they have been, without noting that as a movement.
    fn restore_carets(&mut self, places: Selections, cx: &mut Context<Self>) {
        let history = std::mem::take(&mut self.caret_history);
        self.select(places, cx);
        self.caret_history = history;
    }

    /// Grows the box of the column selection, or begins one at the primary selection.
    fn column_select(
        &mut self,
        rows: isize,
        columns: i32,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let display = self.display(cx);
        let text = display.text();
        let tab_size = self.tab_size();
        let current = match &self.columns {
            Some((columns, made)) if made.same_places(&self.selections) => *columns,
            _ => ColumnSelection::from_selection(text, self.selections.primary(), tab_size),
        };
        let mut moved = current.moved(text, rows, columns, tab_size);
        // What is folded away is no row of the box.
        let is_hidden = |row| display.hidden_around(text.line_start(row)).is_some();
        while rows != 0 && is_hidden(moved.head.row) {
            let next = moved.moved(text, rows.signum(), 0, tab_size);
            if next == moved {
                break;
            }
            moved = next;
        }
        let made = rows_in_sight(&display, &moved.selections(text, tab_size));
        self.select(made.clone(), cx);
        self.columns = Some((moved, made));
        // Once is enough: the box may go on growing.
        if current.rows_left_out(text) == 0 {
            self.tell_lines_left_out(window, cx);
        }
    }

    /// Whether the carets are those of a column selection.
    pub(crate) fn is_column_selecting(&self) -> bool {
        self.columns
            .as_ref()
            .is_some_and(|(_, made)| made.same_places(&self.selections))
    }

    fn go_same_indent(&mut self, cx: &mut Context<Self>, direction: isize, extend: bool) {
        let tab_size = self.tab_size();
        self.move_carets(cx, |text, selection| {
            if direction < 0 {
                movement::same_indent_up(text, selection, tab_size, extend)
            } else {
                movement::same_indent_down(text, selection, tab_size, extend)
            }
        });
    }
}
