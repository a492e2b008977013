//! Every command of the editor: its id, its name in the palette, its action, and what it does.
//!
//! The keys are in `assets/keymaps/default.json`, by id.

use editor_core::display_map::DisplaySnapshot;
use editor_core::movement::{self, visual};
use editor_core::{Selection, Selections, Text, editing, multi_caret};
use gpui_kit::{Context, InteractiveElement, Window, actions};
use ui::CommandSpec;
use workspace::HistoryMove;

use crate::banner;
use crate::bookmarks;
use crate::clipboard::PastedRows;
use crate::code_actions;
use crate::code_lens;
use crate::color_change;
use crate::completion;
use crate::definition;
use crate::diagnostics;
use crate::encodings;
use crate::find_bar::FindBar;
use crate::formatting;
use crate::hierarchy;
use crate::indentation;
use crate::inline_completion;
use crate::inline_prompt;
use crate::language_server;
use crate::languages;
use crate::occurrences::Step;
use crate::peek;
use crate::proposal;
use crate::references;
use crate::rename;
use crate::revert;
use crate::server_offer;
use crate::server_trace;
use crate::signature;
use crate::typing::CommentMarks;
use crate::view::EditorView;

pub(crate) type Run = fn(&mut EditorView, &mut Window, &mut Context<EditorView>);

macro_rules! commands {
    ($($action:ident $id:literal $title:literal => $run:expr;)*) => {
        $crate::commands::commands! { in "Editor"; $($action $id $title => $run;)* }
    };
    (in $category:literal; $($action:ident $id:literal $title:literal => $run:expr;)*) => {
        actions!(editor, [$(
            #[doc = $title]
            $action
        ),*]);

        /// What the palette and the keymap know of these commands.
        pub(crate) fn table() -> Vec<CommandSpec> {
            vec![$(CommandSpec::new($id, $category, $title, $action)),*]
        }

        /// Makes an element of the view handle these commands.
        pub(crate) fn listen<E: InteractiveElement>(
            element: E,
            cx: &mut Context<EditorView>,
        ) -> E {
            element$(.on_action(cx.listener(
                |view: &mut EditorView, _: &$action, window, cx| {
                    let run: Run = $run;
                    view.run_command($id, run, window, cx);
                },
            )))*
        }
    };
}

pub(crate) use commands;

pub(crate) mod carets;
mod changes;
mod folding;
mod lines;
mod objects;
mod read_only;
mod screen;

/// What edits the text, and so means nothing where that is read-only.
const EDITS: &[&str] = &[
    "editor.action.commentLine",
    "editor.action.formatDocument",
    "editor.action.formatSelection",
    "editor.action.insertSnippet",
    "editor.action.organizeImports",
    "editor.action.fixAll",
    "editor.action.pasteAsText",
    "editor.action.removeBrackets",
    "editor.action.rename",
    color_change::PICK_COLOR,
    "editor.action.transpose",
    "editor.action.trimTrailingWhitespace",
    "editor.camelCase",
    "editor.changeEndOfLine",
    "editor.cut",
    "editor.deleteLeft",
    "editor.deleteLine",
    "editor.deleteRight",
    "editor.deleteSubwordLeft",
    "editor.deleteSubwordRight",
    "editor.deleteToLineEnd",
    "editor.deleteToLineStart",
    "editor.deleteWordLeft",
    "editor.deleteWordRight",
    "editor.duplicateLines",
    "editor.duplicateLinesUp",
    "editor.indent",
    "editor.joinLines",
    "editor.kebabCase",
    "editor.lowerCase",
    "editor.moveLinesDown",
    "editor.moveLinesUp",
    "editor.newline",
    "editor.newlineAbove",
    "editor.newlineBelow",
    "editor.outdent",
    "editor.pascalCase",
    "editor.paste",
    "editor.redo",
    "editor.replaceAll",
    "editor.replaceOne",
    "editor.reverseLines",
    "editor.snakeCase",
    "editor.sortLinesAscending",
    "editor.sortLinesDescending",
    "editor.tab",
    "editor.titleCase",
    "editor.toggleBlockComment",
    "editor.toggleComment",
    "editor.undo",
    "editor.undoEarlier",
    "editor.undoLater",
    "editor.undoOtherBranch",
    "editor.uniqueLines",
    "editor.upperCase",
    "workbench.action.files.revert",
    // It is so already.
    "workbench.action.files.setActiveEditorReadonlyInSession",
];

/// What the palette and the keymap know.
pub(crate) fn specs() -> Vec<CommandSpec> {
    let specs = tables().into_iter();
    let edits = |spec: &CommandSpec| EDITS.contains(&spec.id);
    specs
        .map(|spec| if edits(&spec) { spec.editing() } else { spec })
        .map(|spec| match spec.id {
            inline_prompt::ASK_AGENT => spec.only_while(ui::has_agent),
            id if proposal::is_about_a_change(id) => {
                spec.only_while(|window, _| is_in(proposal::CONTEXT, window))
            }
            bookmarks::CLEAR => spec.only_while(|window, _| is_in(bookmarks::CONTEXT, window)),
            _ => spec,
        })
        .collect()
}

/// Whether the text that has the keyboard is in a state, by the name that keys find it by.
fn is_in(context: &str, window: &Window) -> bool {
    let mut contexts = window.context_stack().into_iter();
    contexts.any(|around| around.contains(context))
}

fn tables() -> Vec<CommandSpec> {
    [
        table(),
        carets::table(),
        folding::table(),
        changes::table(),
        lines::table(),
        objects::table(),
        read_only::table(),
        screen::table(),
        indentation::table(),
        encodings::table(),
        languages::table(),
        language_server::table(),
        server_offer::table(),
        server_trace::table(),
        diagnostics::table(),
        definition::table(),
        peek::table(),
        hierarchy::table(),
        completion::table(),
        signature::table(),
        references::table(),
        rename::table(),
        revert::table(),
        code_actions::table(),
        code_lens::table(),
        color_change::table(),
        inline_prompt::table(),
        proposal::table(),
        inline_completion::table(),
        formatting::table(),
        banner::table(),
        bookmarks::table(),
    ]
    .concat()
}

/// Makes an element of the view handle every command.
pub(crate) fn handle<E: InteractiveElement>(element: E, cx: &mut Context<EditorView>) -> E {
    let element = listen(element, cx);
    let element = carets::listen(element, cx);
    let element = folding::listen(element, cx);
    let element = changes::listen(element, cx);
    let element = lines::listen(element, cx);
    let element = objects::listen(element, cx);
    let element = read_only::listen(element, cx);
    let element = screen::listen(element, cx);
    let element = indentation::listen(element, cx);
    let element = encodings::listen(element, cx);
    let element = languages::listen(element, cx);
    let element = language_server::listen(element, cx);
    let element = server_offer::listen(element, cx);
    let element = server_trace::listen(element, cx);
    let element = diagnostics::listen(element, cx);
    let element = definition::listen(element, cx);
    let element = peek::listen(element, cx);
    let element = hierarchy::listen(element, cx);
    let element = bookmarks::listen(element, cx);
    let element = completion::listen(element, cx);
    let element = signature::listen(element, cx);
    let element = references::listen(element, cx);
    let element = rename::listen(element, cx);
    let element = revert::listen(element, cx);
    let element = code_actions::listen(element, cx);
    let element = code_lens::listen(element, cx);
    let element = color_change::listen(element, cx);
    let element = inline_prompt::listen(element, cx);
    let element = proposal::listen(element, cx);
    let element = inline_completion::listen(element, cx);
    let element = formatting::listen(element, cx);
    banner::listen(element, cx)
}

commands! {
    MoveLeft "editor.moveLeft" "Move Left" => |v, _, cx| v.go(cx, movement::left);
    MoveRight "editor.moveRight" "Move Right" => |v, _, cx| v.go(cx, movement::right);
    MoveUp "editor.moveUp" "Move Up" => |v, _, cx| v.go_rows(cx, -1, false);
    MoveDown "editor.moveDown" "Move Down" => |v, _, cx| v.go_rows(cx, 1, false);
    MoveWordLeft "editor.moveWordLeft" "Move to Previous Word" => |v, _, cx| v.go_words(cx, movement::word_left_in, false);
    MoveWordRight "editor.moveWordRight" "Move to Next Word" => |v, _, cx| v.go_words(cx, movement::word_right_in, false);
    MoveLineStart "editor.moveLineStart" "Move to Start of Line" => |v, _, cx| v.go_on_screen(cx, visual::row_start, false);
    MoveLineEnd "editor.moveLineEnd" "Move to End of Line" => |v, _, cx| v.go_on_screen(cx, visual::row_end, false);
    MoveDocumentStart "editor.moveDocumentStart" "Move to Start of File" => |v, _, cx| v.go(cx, movement::document_start);
    MoveDocumentEnd "editor.moveDocumentEnd" "Move to End of File" => |v, _, cx| v.go(cx, movement::document_end);
    MovePageUp "editor.movePageUp" "Move Page Up" => |v, _, cx| v.go_page(cx, -1, false);
    MovePageDown "editor.movePageDown" "Move Page Down" => |v, _, cx| v.go_page(cx, 1, false);

    SelectLeft "editor.selectLeft" "Select Left" => |v, _, cx| v.extend(cx, movement::left);
    SelectRight "editor.selectRight" "Select Right" => |v, _, cx| v.extend(cx, movement::right);
    SelectUp "editor.selectUp" "Select Up" => |v, _, cx| v.go_rows(cx, -1, true);
    SelectDown "editor.selectDown" "Select Down" => |v, _, cx| v.go_rows(cx, 1, true);
    SelectWordLeft "editor.selectWordLeft" "Select to Previous Word" => |v, _, cx| v.go_words(cx, movement::word_left_in, true);
    SelectWordRight "editor.selectWordRight" "Select to Next Word" => |v, _, cx| v.go_words(cx, movement::word_right_in, true);
    SelectLineStart "editor.selectLineStart" "Select to Start of Line" => |v, _, cx| v.go_on_screen(cx, visual::row_start, true);
    SelectLineEnd "editor.selectLineEnd" "Select to End of Line" => |v, _, cx| v.go_on_screen(cx, visual::row_end, true);
    SelectDocumentStart "editor.selectDocumentStart" "Select to Start of File" => |v, _, cx| v.extend(cx, movement::document_start);
    SelectDocumentEnd "editor.selectDocumentEnd" "Select to End of File" => |v, _, cx| v.extend(cx, movement::document_end);
    SelectPageUp "editor.selectPageUp" "Select Page Up" => |v, _, cx| v.go_page(cx, -1, true);
    SelectPageDown "editor.selectPageDown" "Select Page Down" => |v, _, cx| v.go_page(cx, 1, true);

    SelectAll "editor.action.selectAll" "Select All" => |v, _, cx| {
        let all = multi_caret::select_all(&v.text(cx));
        v.select_in_place(all, cx);
    };
    SelectLine "editor.selectLine" "Select Line" => |v, _, cx| v.select_lines(cx);
    SelectNext "editor.selectNext" "Add Selection to Next Match" => |v, _, cx| v.take_occurrence(multi_caret::select_next_occurrence, cx);
    SelectAllOccurrences "editor.selectAllOccurrences" "Select All Occurrences" => |v, window, cx| v.take_all_occurrences(window, cx);
    AddCaretAbove "editor.addCaretAbove" "Add Caret Above" => |v, _, cx| {
        let above = multi_caret::add_above(&v.display(cx), &v.selections);
        v.select(above, cx);
    };
    AddCaretBelow "editor.addCaretBelow" "Add Caret Below" => |v, _, cx| {
        let below = multi_caret::add_below(&v.display(cx), &v.selections);
        v.select(below, cx);
    };
    SplitSelection "editor.splitSelection" "Add Carets to Line Ends" => |v, window, cx| v.split_selection(window, cx);
    Cancel "editor.cancel" "Leave Selection" => |v, window, cx| v.cancel(window, cx);

    Newline "editor.newline" "New Line" => |v, window, cx| v.newline(window, cx);
    NewlineBelow "editor.newlineBelow" "New Line Below" => |v, window, cx| v.newline_below(window, cx);
    NewlineAbove "editor.newlineAbove" "New Line Above" => |v, window, cx| v.newline_above(window, cx);
    DeleteLeft "editor.deleteLeft" "Delete Left" => |v, window, cx| v.delete_left(window, cx);
    DeleteRight "editor.deleteRight" "Delete Right" => |v, window, cx| v.edit_with(window, cx, editing::delete_forward);
    DeleteWordLeft "editor.deleteWordLeft" "Delete Word Left" => |v, window, cx| v.delete_words(editing::delete_word_backward_in, window, cx);
    DeleteWordRight "editor.deleteWordRight" "Delete Word Right" => |v, window, cx| v.delete_words(editing::delete_word_forward_in, window, cx);
    DeleteLine "editor.deleteLine" "Delete Line" => |v, window, cx| v.edit_with(window, cx, editing::delete_line);
    Tab "editor.tab" "Insert Tab" => |v, window, cx| v.tab(window, cx);
    InsertSnippet "editor.action.insertSnippet" "Insert Snippet" => |v, window, cx| v.open_snippet_picker(window, cx);
    Indent "editor.indent" "Indent Line" => |v, window, cx| {
        let indent = v.indent;
        v.edit_with(window, cx, |text, selections| editing::indent(text, selections, &indent));
    };
    Outdent "editor.outdent" "Outdent Line" => |v, window, cx| v.outdent(window, cx);
    ToggleComment "editor.toggleComment" "Toggle Line Comment" => |v, window, cx| v.toggle_comments(CommentMarks::Lines, window, cx);
    ToggleBlockComment "editor.toggleBlockComment" "Toggle Block Comment" => |v, window, cx| v.toggle_comments(CommentMarks::Block, window, cx);

    Undo "editor.undo" "Undo" => |v, window, cx| v.move_in_history(HistoryMove::Undo, window, cx);
    Redo "editor.redo" "Redo" => |v, window, cx| v.move_in_history(HistoryMove::Redo, window, cx);
    UndoEarlier "editor.undoEarlier" "Go to Earlier State" => |v, window, cx| v.move_in_history(HistoryMove::Earlier, window, cx);
    UndoLater "editor.undoLater" "Go to Later State" => |v, window, cx| v.move_in_history(HistoryMove::Later, window, cx);
    UndoOtherBranch "editor.undoOtherBranch" "Switch Undo Branch" => |v, window, cx| v.move_in_history(HistoryMove::OtherBranch, window, cx);
    UndoHistory "editor.undoHistory" "Undo History" => |v, window, cx| v.toggle_undo_history(window, cx);
    Cut "editor.cut" "Cut" => |v, window, cx| v.cut(window, cx);
    Copy "editor.copy" "Copy" => |v, _, cx| v.copy(cx);
    Paste "editor.paste" "Paste" => |v, window, cx| v.paste_clipboard(PastedRows::Indented, window, cx);
    PasteAsText "editor.action.pasteAsText" "Paste Without Indenting" => |v, window, cx| v.paste_clipboard(PastedRows::AsCopied, window, cx);

    Find "editor.find" "Find" => |v, window, cx| v.open_find(false, window, cx);
    Replace "editor.replace" "Replace" => |v, window, cx| v.open_find(true, window, cx);
    FindNext "editor.findNext" "Find Next" => |v, window, cx| v.find_step(true, window, cx);
    FindPrevious "editor.findPrevious" "Find Previous" => |v, window, cx| v.find_step(false, window, cx);
    ToggleFindCaseSensitive "editor.toggleFindCaseSensitive" "Toggle Find: Match Case" => |v, window, cx| v.with_find(window, cx, |bar, window, cx| bar.toggle(|bar| &mut bar.case_sensitive, window, cx));
    ToggleFindWholeWord "editor.toggleFindWholeWord" "Toggle Find: Whole Words" => |v, window, cx| v.with_find(window, cx, |bar, window, cx| bar.toggle(|bar| &mut bar.whole_word, window, cx));
    ToggleFindRegex "editor.toggleFindRegex" "Toggle Find: Regular Expression" => |v, window, cx| v.with_find(window, cx, |bar, window, cx| bar.toggle(|bar| &mut bar.regex, window, cx));
    ToggleFindInSelection "editor.toggleFindInSelection" "Toggle Find: In Selection" => |v, window, cx| v.with_find(window, cx, FindBar::toggle_in_selection);
    TogglePreserveCase "editor.togglePreserveCase" "Toggle Replace: Preserve Case" => |v, window, cx| v.with_find(window, cx, FindBar::toggle_preserve_case);
    ReplaceOne "editor.replaceOne" "Replace Match" => |v, window, cx| v.with_find(window, cx, FindBar::replace_one);
    ReplaceAll "editor.replaceAll" "Replace All Matches" => |v, window, cx| v.with_find(window, cx, FindBar::replace_all);
    SelectAllMatches "editor.selectAllMatches" "Select All Matches" => |v, window, cx| v.with_find(window, cx, FindBar::select_all_matches);
    NextOccurrence "editor.action.wordHighlight.next" "Go to Next Symbol Highlight" => |v, _, cx| v.go_to_occurrence(Step::Next, cx);
    PreviousOccurrence "editor.action.wordHighlight.prev" "Go to Previous Symbol Highlight" => |v, _, cx| v.go_to_occurrence(Step::Previous, cx);
    ShowOccurrences "editor.action.wordHighlight.trigger" "Trigger Symbol Highlight" => |v, _, cx| v.show_occurrences(cx);
    ShowHover "editor.action.showHover" "Show or Focus Hover" => |v, window, cx| v.show_hover(window, cx);
    GoToLine "editor.action.gotoLine" "Go to Line…" => |v, window, cx| v.open_go_to_line(window, cx);
    ScrollLineUp "editor.scrollLineUp" "Scroll Line Up" => |v, _, cx| v.scroll_rows(-1., cx);
    ScrollLineDown "editor.scrollLineDown" "Scroll Line Down" => |v, _, cx| v.scroll_rows(1., cx);
    ScrollPageUp "editor.scrollPageUp" "Scroll Page Up" => |v, _, cx| v.scroll_rows(-(v.page_rows() as f64), cx);
    ScrollPageDown "editor.scrollPageDown" "Scroll Page Down" => |v, _, cx| v.scroll_rows(v.page_rows() as f64, cx);
}

type Movement = fn(&Text, &Selection, bool) -> Selection;

impl EditorView {
    fn go(&mut self, cx: &mut Context<Self>, movement: Movement) {
        self.move_past_folds(cx, movement, false);
    }

    fn extend(&mut self, cx: &mut Context<Self>, movement: Movement) {
        self.move_past_folds(cx, movement, true);
    }

    /// Moves the carets on the text, and past what is folded away.
    fn move_past_folds(&mut self, cx: &mut Context<Self>, movement: Movement, extend: bool) {
        self.move_on_screen(cx, |display, selection| {
            let moved = movement(display.text(), selection, extend);
            visual::past_folds(display, selection, moved, extend)
        });
    }

    fn go_rows(&mut self, cx: &mut Context<Self>, rows: isize, extend: bool) {
        self.move_on_screen(cx, |display, selection| {
            visual::vertical(display, selection, rows, extend)
        });
    }

    /// Moves the carets by a page and scrolls as far, so that they stay where they are on screen.
    fn go_page(&mut self, cx: &mut Context<Self>, direction: isize, extend: bool) {
        let rows = self.page_rows().saturating_sub(1).max(1) as isize * direction;
        self.glide_by(rows as f64, gpui_kit::px(0.), cx);
        self.move_on_screen(cx, |display, selection| {
            visual::page(display, selection, rows, extend)
        });
    }

    fn go_on_screen(
        &mut self,
        cx: &mut Context<Self>,
        movement: fn(&DisplaySnapshot, &Selection, bool) -> Selection,
        extend: bool,
    ) {
        self.move_on_screen(cx, |display, selection| {
            movement(display, selection, extend)
        });
    }

    /// Moves the carets by what is on the screen.
    pub(crate) fn move_on_screen(
        &mut self,
        cx: &mut Context<Self>,
        movement: impl Fn(&DisplaySnapshot, &Selection) -> Selection,
    ) {
        let display = self.display(cx);
        let moved = self
            .selections
            .transform(|selection| movement(&display, selection));
        self.select(moved, cx);
    }

    fn move_carets(
        &mut self,
        cx: &mut Context<Self>,
        movement: impl Fn(&Text, &Selection) -> Selection,
    ) {
        let text = self.text(cx);
        let moved = self
            .selections
            .transform(|selection| movement(&text, selection));
        self.select(moved, cx);
    }

    /// Selects the lines of the selections, with what is folded into them.
    fn select_lines(&mut self, cx: &mut Context<Self>) {
        let display = self.display(cx);
        let lines = multi_caret::select_rows(display.text(), &self.selections);
        let lines = lines.transform(|selection| {
            selection.with_range(selection.start()..display.past_hidden(selection.end()))
        });
        self.select(lines, cx);
    }

    fn scroll_rows(&mut self, rows: f64, cx: &mut Context<Self>) {
        self.glide_by(rows, gpui_kit::px(0.), cx);
        cx.notify();
    }

    /// Closes what is open over the text, then leaves the snippet, then several carets, then the selection, then
    /// hides the agent's change; where there is none of these, the key is someone else's.
    fn cancel(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        if self.cancel_text_drag(cx) {
            // What was dragged stays where it is.
        } else if self.completing.is_shown() {
            self.close_completion(cx);
        } else if self.parameters.is_shown() {
            self.close_parameters(cx);
        } else if self.has_hover() {
            self.close_hover(window, cx);
        } else if self.close_peek(window, cx) {
            // Its line is where the caret is.
        } else if self.undo_history.is_some() {
            self.close_undo_history(window, cx);
        } else if self.is_comparing() {
            self.toggle_compare(window, cx);
        } else if self.go_to_line.is_some() || self.find.is_some() || self.choices.is_some() {
            self.close_find(window, cx);
            self.close_go_to_line(window, cx);
            self.close_choices(window, cx);
        } else if self.rename.is_some() {
            self.close_rename(window, cx);
        } else if self.inline_prompt.is_some() {
            self.close_inline_prompt(window, cx);
        } else if self.inline_hunks.has_opened() {
            self.close_opened_hunks(cx);
        } else if self.snippet.take().is_some() {
            // The carets stay where they are, one press more leaves them.
        } else if self.selections.len() > 1 {
            self.select(self.first_caret.alone(&self.selections), cx);
        } else if !self.selections.primary().is_empty() {
            self.select(Selections::caret(self.selections.primary().head), cx);
        } else if self.shows_proposal() {
            // It came by itself: the key is rather meant for all else, and refuses nothing.
            self.hide_proposal(cx);
        } else {
            cx.propagate();
        }
    }
}
