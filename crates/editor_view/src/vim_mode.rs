//! Vim's keys in an editor: what [`vim::Vim`] asks for is carried out here, edits and undo through
//! the same path as every other edit.

use std::mem::take;
use std::ops::Range;
use std::sync::atomic::AtomicBool;

use editor_core::editing::{self, CommentStyle, line_comment_marks};
use editor_core::{
    ChangeSet, Direction, Edge, Edit, Extent, IndentStyle, ObjectKind, PlainSyntax, Selection,
    Selections, StateAt, SyntaxView as _, Text,
};
use gpui_kit::{App, BorrowAppContext as _, ClipboardItem, Context, Global, SharedString, Window};
use syntax::SyntaxTree;
use ui::{ActiveSettings as _, Item as _, ItemEvent};
use vim::{
    Clipboard, CommentMarks, Effect, Key, Message, Mode, OptionValue, Options, Scroll,
    SearchPattern, Shared, Vim, VimContext,
};
use workspace::{Buffer, HistoryMove};

use crate::view::EditorView;
use crate::vim_incsearch::SearchedFrom;

/// What a view in Vim mode keeps.
pub(crate) struct VimMode {
    pub(crate) vim: Vim,
    /// The carets as Vim left them; others were put there by the mouse or a command.
    pub(crate) selected: Selections,
    /// Whether the matches of the last search are marked.
    pub(crate) marks_matches: bool,
    /// The search that is being typed, else the last one.
    pub(crate) search: Option<SearchPattern>,
    pub(crate) message: Option<Message>,
    pub(crate) searched_from: Option<SearchedFrom>,
    /// The window has been asked to save, and is still to begin.
    pub(crate) is_to_write: bool,
    /// What the next save writes is told.
    pub(crate) tells_write: bool,
    /// The version of the text that Vim saw last.
    version: u64,
    indent: IndentStyle,
    /// Cells of a tab in the view.
    tab_size: u32,
    /// See [`fill_column`].
    fill: u32,
}

impl VimMode {
    fn new(tab_size: u32, indent: IndentStyle) -> Self {
        let mut vim = Vim::new(Options {
            tabstop: tab_size,
            ..Options::default()
        });
        follow_indent(&mut vim, indent);
        Self {
            vim,
            selected: Selections::default(),
            marks_matches: false,
            search: None,
            message: None,
            searched_from: None,
            is_to_write: false,
            tells_write: false,
            version: 0,
            indent,
            tab_size,
            fill: 0,
        }
    }

    /// Takes what the view indents by.
    pub(crate) fn follow_view(&mut self, tab_size: u32, indent: IndentStyle) {
        (self.tab_size, self.indent) = (tab_size, indent);
        self.vim.options_mut().tabstop = tab_size;
        follow_indent(&mut self.vim, indent);
    }

    pub(crate) fn mode(&self) -> Mode {
        self.vim.mode()
    }

    /// Whether a command is begun, or a line.
    pub(crate) fn is_waiting_for_keys(&self) -> bool {
        !self.vim.pending_keys().is_empty() || self.mode() == Mode::CommandLine
    }

    /// What is shown of what was said last: not while a line is typed, a question is open or a command
    /// is begun.
    fn shown_message(&self) -> Option<&Message> {
        let is_free = !self.is_waiting_for_keys() && self.vim.question().is_none();
        self.message.as_ref().filter(|_| is_free)
    }

    fn status(&self) -> SharedString {
        if let Some(line) = self.vim.command_line_with('\u{2581}') {
            return line.into();
        }
        let mut status = self.mode().label().to_owned();
        if let Some(question) = self.vim.question() {
            return format!("{status}  {question}").into();
        }
        if let Some(register) = self.vim.recording() {
            status.push_str(&format!("  recording @{register}"));
        }
        let pending = self.vim.pending_keys();
        if !pending.is_empty() {
            status.push_str(&format!("  {pending}"));
        } else if let Some(message) = self.shown_message() {
            status.push_str(&format!("  {}", message.text));
        }
        status.into()
    }
}

/// The column that `gq` fills lines to, which `:set tw` changes: the first ruler, else what
/// `.editorconfig` says.
fn fill_column(view: &EditorView, cx: &App) -> u32 {
    let ruler = view.language_settings(cx).editor.rulers.first().copied();
    let config = view.buffer_ref(cx).map(Buffer::editor_config);
    ruler
        .or_else(|| config?.max_line_length)
        .unwrap_or_default()
}

fn follow_indent(vim: &mut Vim, indent: IndentStyle) {
    let options = vim.options_mut();
    // One that is 0 follows the tabs, and may be this already.
    if options.shiftwidth != 0 || options.tabstop != indent.tab_size {
        options.shiftwidth = indent.tab_size;
    }
    options.expandtab = indent.insert_spaces;
}

/// Registers, the last search and the last change are those of all editors.
#[derive(Default)]
struct SharedVim(Shared);

impl Global for SharedVim {}

/// What Vim asks its surroundings.
struct Surroundings<'a> {
    rows: Range<usize>,
    file: Option<String>,
    /// The text that is shown, and its tree.
    shown: Option<(Text, SyntaxTree)>,
    /// The rules of the text's language, for a text without a tree.
    plain: PlainSyntax,
    comments: CommentStyle,
    indent: IndentStyle,
    view: &'a EditorView,
    app: &'a App,
}

/// The longest text, in bytes, that is parsed within a key: one that a macro has changed and that is
/// not shown yet.
const MAX_PARSED_AT_ONCE: usize = 64 * 1024;

impl Surroundings<'_> {
    fn tree_of(&self, text: &Text) -> Option<SyntaxTree> {
        let (shown, tree) = self.shown.as_ref()?;
        if shown == text {
            return Some(tree.clone());
        }
        let never = AtomicBool::new(false);
        // A grammar from elsewhere may take long on a line, and would be waited for.
        let is_quick =
            text.len() <= MAX_PARSED_AT_ONCE && syntax::is_built_in(tree.language().id_str());
        is_quick.then(|| SyntaxTree::parse(tree.language(), text, None, &never))?
    }
}

impl VimContext for Surroundings<'_> {
    fn visible_rows(&self) -> Range<usize> {
        self.rows.clone()
    }

    fn clipboard(&self, clipboard: Clipboard) -> Option<String> {
        let item = match clipboard {
            #[cfg(any(target_os = "linux", target_os = "freebsd"))]
            Clipboard::Primary => self.app.read_from_primary(),
            _ => self.app.read_from_clipboard(),
        };
        // Vim's lines end at a line feed alone.
        Some(item?.text()?.replace("\r\n", "\n"))
    }

    fn file_name(&self) -> Option<String> {
        self.file.clone()
    }

    fn option(&self, name: &str) -> Option<OptionValue> {
        self.view.vim_option(name, self.app)
    }

    fn comment_marks(&self, text: &Text, at: usize) -> Option<CommentMarks> {
        let marks = match self.tree_of(text) {
            Some(tree) => line_comment_marks(text, at, &tree, self.comments),
            None => line_comment_marks(text, at, &self.plain, self.comments),
        };
        marks.map(|(open, close)| CommentMarks { open, close })
    }

    fn reindent(&self, text: &Text, rows: Range<usize>) -> Vec<Edit> {
        let (start, end) = (text.line_start(rows.start), text.line_end(rows.end - 1));
        let lines = Selections::single(Selection::new(start, end));
        let indented = match self.tree_of(text) {
            Some(tree) => editing::reindent(text, &lines, false, &tree, &self.indent),
            None => editing::reindent(text, &lines, false, &self.plain, &self.indent),
        };
        let edits = indented.changes.edits();
        edits
            .map(|edit| Edit::new(edit.old_range, edit.text))
            .collect()
    }

    fn object(
        &self,
        text: &Text,
        kind: ObjectKind,
        range: Range<usize>,
        extent: Extent,
    ) -> Option<Range<usize>> {
        self.tree_of(text)?.object(text, kind, range, extent)
    }

    fn object_edge(
        &self,
        text: &Text,
        kind: ObjectKind,
        from: usize,
        edge: Edge,
        direction: Direction,
    ) -> Option<usize> {
        let tree = self.tree_of(text)?;
        tree.object_edge(text, kind, from, edge, direction)
    }
}

/// What is said where there is no other state of the text.
fn no_such_state(at: StateAt) -> &'static str {
    match at {
        StateAt::Earlier(_) | StateAt::EarlierBy(_) | StateAt::SavesEarlier(_) => {
            "Already at oldest change"
        }
        StateAt::Later(_) | StateAt::LaterBy(_) | StateAt::SavesLater(_) => {
            "Already at newest change"
        }
        StateAt::Number(_) => "Already there, or no such change is kept",
    }
}

impl EditorView {
    /// Whether keys are Vim's.
    pub(crate) fn is_vim(&self, cx: &App) -> bool {
        cx.kiln_settings().editor.vim
    }

    /// Whether what is typed is a command and no text.
    pub(crate) fn vim_has_commands(&self, cx: &App) -> bool {
        let mode = self.vim.as_ref().map(VimMode::mode).unwrap_or_default();
        self.is_vim(cx) && !mode.is_insert()
    }

    /// The mode, and what is typed of a command, for the status bar.
    pub(crate) fn vim_status(&self, cx: &App) -> Option<SharedString> {
        let label = || SharedString::from(Mode::default().label());
        self.is_vim(cx)
            .then(|| self.vim.as_ref().map_or_else(label, VimMode::status))
    }

    /// Whether [`Self::vim_status`] tells of something that failed.
    pub(crate) fn vim_tells_error(&self, cx: &App) -> bool {
        let mode = self.vim.as_ref().filter(|_| self.is_vim(cx));
        let message = mode.and_then(VimMode::shown_message);
        message.is_some_and(|message| message.is_error)
    }

    /// Text that was typed: to Vim it is keys. Whether Vim took it.
    pub(crate) fn vim_takes_text(
        &mut self,
        typed: &str,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) -> bool {
        if !self.is_vim(cx) {
            return false;
        }
        if !self.marked.is_empty() {
            let composed = take(&mut self.marked);
            self.replace(composed, "", None, window, cx);
        }
        if !self.vim_inserts() {
            for character in typed.chars() {
                self.vim_key(Key::Char(character), window, cx);
            }
            return true;
        }
        self.commit_completion(typed, window, cx);
        self.typing(|view| {
            for character in typed.chars() {
                view.vim_key(Key::Char(character), window, cx);
            }
        });
        self.complete_typed(typed, window, cx);
        self.inline_typed(window, cx);
        self.parameters_typed(typed, cx);
        true
    }

    /// Whether what is typed is text to Vim.
    pub(crate) fn vim_inserts(&self) -> bool {
        let inserts = |mode: &VimMode| mode.mode().is_insert() && !mode.vim.awaits_insert_key();
        self.vim.as_ref().is_some_and(inserts)
    }

    /// Gives Vim a key and does what it asks for.
    pub(crate) fn vim_key(&mut self, key: Key, window: &mut Window, cx: &mut Context<Self>) {
        let (tab_size, indent) = (self.tab_size(), self.indent);
        let mut mode = match self.vim.take() {
            Some(mode) => mode,
            None => VimMode::new(tab_size, indent),
        };
        if mode.indent != indent {
            mode.indent = indent;
            follow_indent(&mut mode.vim, indent);
        }
        if mode.tab_size != tab_size {
            mode.tab_size = tab_size;
            mode.vim.options_mut().tabstop = tab_size;
        }
        let fill = fill_column(self, cx);
        if mode.fill != fill {
            mode.fill = fill;
            mode.vim.options_mut().textwidth = fill;
        }
        mode.message = None;
        // One that came to nothing is not told of a later one.
        mode.tells_write &= self.model.read(cx).is_saving(self.buffer);
        self.note_shown_file(cx);
        cx.update_default_global::<SharedVim, _>(|shared, _| mode.vim.swap_shared(&mut shared.0));
        let mut next = Some(key);
        let mut version = self.version;
        let searched_from = self.selections.clone();
        loop {
            let text = self.text(cx);
            let surroundings = Surroundings {
                rows: self.vim_rows(),
                file: self.path(cx).map(|path| path.display().to_string()),
                shown: self
                    .buffer_ref(cx)
                    .and_then(|buffer| Some((text.clone(), buffer.syntax()?.clone()))),
                plain: self.plain_syntax(cx),
                comments: self.comment_style(cx),
                indent,
                view: self,
                app: cx,
            };
            let effects = match next.take() {
                Some(key) => mode.vim.key(key, &text, &self.selections, &surroundings),
                None => {
                    let buffer = self.buffer_ref(cx).filter(|_| self.version != version);
                    let taken = buffer.and_then(Buffer::taken_step);
                    let vim = &mut mode.vim;
                    vim.resume(&text, &self.selections, taken.as_ref(), &surroundings)
                }
            };
            version = self.version;
            for effect in effects {
                if !self.vim_effect(effect, &mut mode, window, cx) {
                    break;
                }
            }
            if !mode.vim.is_waiting() {
                break;
            }
        }
        mode.search = mode.vim.search_pattern(mode.search.take());
        cx.update_default_global::<SharedVim, _>(|shared, _| mode.vim.swap_shared(&mut shared.0));
        self.follow_typed_search(&mut mode, &searched_from);
        mode.selected = self.selections.clone();
        mode.version = self.version;
        self.vim = Some(mode);
        cx.emit(ItemEvent::StatusChanged);
        cx.notify();
    }

    /// Lets Vim follow an edit of the text of version `before` that came from elsewhere, and has moved
    /// the carets.
    pub(crate) fn vim_follows(&mut self, changes: &ChangeSet, before: u64) {
        let Some(mode) = self.vim.as_mut().filter(|mode| mode.version == before) else {
            return;
        };
        mode.vim.follow(changes, &self.selections);
        mode.version = self.version;
        let selected = mode.selected.map(changes);
        if selected.same_places(&self.selections) {
            mode.selected = self.selections.clone();
        }
    }

    /// The lines that are in view from end to end.
    fn vim_rows(&self) -> Range<usize> {
        let rows = self.frame.as_ref().map(|frame| &frame.rows);
        let first = rows.and_then(|rows| rows.first());
        let last = rows.and_then(|rows| rows.last());
        let start = first.map_or(0, |row| row.text.line);
        start..last.map_or(start, |row| row.text.line).max(start + 1)
    }

    /// Does one thing; false where the document refused an edit, so that the rest makes no sense.
    fn vim_effect(
        &mut self,
        effect: Effect,
        mode: &mut VimMode,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) -> bool {
        match effect {
            Effect::Edit(transaction) => {
                let (before, changes) = (self.version, !transaction.is_empty());
                self.edit(transaction, window, cx);
                return !changes || self.version != before;
            }
            Effect::Select(selections) => {
                if selections != self.selections {
                    self.select(selections, cx);
                }
            }
            Effect::Undo(count) | Effect::Redo(count) => {
                let to = match effect {
                    Effect::Undo(_) => HistoryMove::Undo,
                    _ => HistoryMove::Redo,
                };
                for _ in 0..count {
                    let before = self.version;
                    self.move_in_history(to, window, cx);
                    if self.version == before {
                        break;
                    }
                }
            }
            Effect::GoToState(at) => {
                let found = self.buffer_ref(cx).and_then(|buffer| buffer.state_at(at));
                match found {
                    Some(state) => self.move_in_history(HistoryMove::State(state), window, cx),
                    None => {
                        mode.message = Some(Message {
                            text: no_such_state(at).to_owned(),
                            is_error: false,
                        });
                    }
                }
            }
            Effect::Scroll(scroll) => self.vim_scroll(scroll, mode.vim.cursor(), cx),
            Effect::Mode(_) => self.blink.update(cx, crate::blink::Blink::pause),
            Effect::Message(message) => mode.message = Some(message),
            Effect::SetClipboard(clipboard, text) => {
                let item = ClipboardItem::new_string(text);
                match clipboard {
                    #[cfg(any(target_os = "linux", target_os = "freebsd"))]
                    Clipboard::Primary => cx.write_to_primary(item),
                    _ => cx.write_to_clipboard(item),
                }
            }
            Effect::Command(command) => self.vim_command(command, mode, window, cx),
            Effect::Highlight(on) => mode.marks_matches = on,
        }
        true
    }

    fn vim_scroll(&mut self, scroll: Scroll, cursor: usize, cx: &mut Context<Self>) {
        let row = self.display(cx).row_of(cursor) as f64;
        let height = self.page_rows() as f64;
        let top = self.scroll_target().top;
        let rows = match scroll {
            Scroll::Rows(rows) => rows as f64,
            Scroll::CursorToTop => row - top,
            Scroll::CursorToCenter => row - (height / 2.).floor() - top,
            Scroll::CursorToBottom => row + 1. - height - top,
        };
        self.glide_by(rows, gpui_kit::px(0.), cx);
        cx.notify();
    }
}
