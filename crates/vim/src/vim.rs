//! The state of a view in Vim mode, and the way of a key through it.

use std::collections::{BTreeMap, VecDeque};

use editor_core::{
    ChangeSet, Edit, EditIntent, EditSession, Point, Selection, Selections, TakenStep, Text,
    Transaction,
};

use crate::awaited::Awaited;
use crate::carets::Carets;
use crate::change_list::ChangeList;
use crate::command::{Command, Parse, Surroundings, awaits_character, parse};
use crate::confirm::Confirm;
use crate::global::Global;
use crate::insert::InsertSession;
use crate::jumps::Jumps;
use crate::line_edit::{LineHistory, Recalled};
use crate::line_undo::ChangedLine;
use crate::motion::Span;
use crate::options::Elsewhere;
use crate::registers::Registers;
use crate::search_offset::SearchOffset;
use crate::undo::Waiting;
use crate::{Clipboard, CommentMarks, Effect, Key, Message, Options, Register, VimContext};

/// What keys mean at the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// Keys are commands.
    #[default]
    Normal,
    /// Keys are text.
    Insert,
    /// Keys are text that replaces what is there.
    Replace,
    /// Characters are selected.
    Visual,
    /// Lines are selected.
    VisualLine,
    /// A block is selected.
    VisualBlock,
    /// A line is typed after `:`, `/` or `?`.
    CommandLine,
    /// Keys answer whether a match is to be replaced (`:s` with the flag `c`).
    Confirm,
}

impl Mode {
    /// Whether text is selected.
    pub fn is_visual(self) -> bool {
        matches!(self, Self::Visual | Self::VisualLine | Self::VisualBlock)
    }

    /// Whether keys are text.
    pub fn is_insert(self) -> bool {
        matches!(self, Self::Insert | Self::Replace)
    }

    /// The name in the status bar.
    pub fn label(self) -> &'static str {
        match self {
            Self::Normal => "NORMAL",
            Self::Insert => "INSERT",
            Self::Replace => "REPLACE",
            Self::Visual => "VISUAL",
            Self::VisualLine => "V-LINE",
            Self::VisualBlock => "V-BLOCK",
            Self::CommandLine => "COMMAND",
            Self::Confirm => "CONFIRM",
        }
    }
}

/// The column that vertical movement aims for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Want {
    Cell(usize),
    End,
}

/// What `.` does again.
#[derive(Debug, Clone, Default)]
pub(crate) struct Dot {
    pub command: Command,
    pub keys: Vec<Key>,
    /// Rows and characters (or cells) of the selection that the change was made to.
    pub visual: Option<(Mode, usize, usize, bool)>,
}

/// The line after `:`, `/` or `?`.
#[derive(Debug, Clone)]
pub(crate) struct CommandLine {
    pub prompt: char,
    pub text: String,
    /// Where the cursor stands in the text.
    pub at: usize,
    /// The operator that waits for the search.
    pub command: Command,
    pub visual: Option<Mode>,
    /// What the next key is for.
    pub awaited: Option<Awaited>,
    /// A line from before that is shown in its place.
    pub recalled: Option<Recalled>,
}

/// A selection that is over, for `gv` and `'<`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PastSelection {
    pub mode: Mode,
    pub anchor: Point,
    pub head: Point,
    pub to_end: bool,
}

/// No macro and no repeat runs more keys than this, so that one that calls itself ends.
const MAX_REPLAYED: usize = 100_000;

/// The state of one view in Vim mode.
#[derive(Debug, Clone)]
pub struct Vim {
    pub(crate) options: Options,
    /// Those that Kiln has elsewhere, for a line that runs.
    pub(crate) elsewhere: Vec<Elsewhere>,
    pub(crate) mode: Mode,
    pub(crate) text: Text,
    pub(crate) cursor: usize,
    pub(crate) anchor: usize,
    pub(crate) want: Want,
    /// The other carets, where there are any.
    pub(crate) carets: Carets,
    pub(crate) registers: Registers,
    pub(crate) marks: BTreeMap<char, Point>,
    pub(crate) jumps: Jumps,
    /// Where the text was changed.
    pub(crate) changes: ChangeList,
    pub(crate) past: Option<PastSelection>,
    pub(crate) pending: Vec<Key>,
    pub(crate) line: Option<CommandLine>,
    /// See [`Vim::typed_match`].
    pub(crate) typed_match: Option<std::ops::Range<usize>>,
    pub(crate) insert: Option<InsertSession>,
    pub(crate) one_command: bool,
    pub(crate) find: Option<(char, char)>,
    pub(crate) search: Option<(String, bool)>,
    /// Where the last search leads from its match.
    pub(crate) offset: SearchOffset,
    /// Where a search that is over leads, for the operator that waits for it.
    pub(crate) found: Option<(usize, Span)>,
    /// How comments are written where a line of commands is typed.
    pub(crate) comments: Option<CommentMarks>,
    pub(crate) substitute: Option<(String, String, String)>,
    pub(crate) dot: Option<Dot>,
    pub(crate) dot_running: bool,
    pub(crate) record: Vec<Key>,
    pub(crate) recording: Option<(char, Vec<Key>)>,
    pub(crate) last_macro: Option<char>,
    pub(crate) last_line: Option<String>,
    /// The lines that were typed after `:`, `/` and `?`.
    pub(crate) lines: LineHistory,
    /// What insert mode put in last.
    pub(crate) last_inserted: Option<String>,
    pub(crate) queue: VecDeque<Key>,
    replayed: usize,
    pub(crate) effects: Vec<Effect>,
    change: Option<ChangeSet>,
    undo_cursor: usize,
    /// The step of undo that the next edit belongs to.
    pub(crate) undo_step: Option<EditSession>,
    pub(crate) waiting: Option<Waiting>,
    pub(crate) selected: Selections,
    /// Whether the last change deleted all lines, so that the one that is left is none.
    pub(crate) lost_all_lines: bool,
    /// The line that `U` brings back.
    pub(crate) changed_line: Option<ChangedLine>,
    /// The lines that `:g` still has to go to.
    pub(crate) global: Option<Global>,
    /// What `:s` asks about.
    pub(crate) confirm: Option<Confirm>,
    /// What is to be said once the key is done.
    pub(crate) report: Option<String>,
}

impl Default for Vim {
    fn default() -> Self {
        Self::new(Options::default())
    }
}

impl Vim {
    /// Normal mode at the start of the text.
    pub fn new(options: Options) -> Self {
        Self {
            options,
            elsewhere: Vec::new(),
            mode: Mode::Normal,
            text: Text::default(),
            cursor: 0,
            anchor: 0,
            want: Want::Cell(0),
            carets: Carets::default(),
            registers: Registers::default(),
            marks: BTreeMap::new(),
            jumps: Jumps::default(),
            changes: ChangeList::default(),
            past: None,
            pending: Vec::new(),
            line: None,
            typed_match: None,
            insert: None,
            one_command: false,
            find: None,
            search: None,
            offset: SearchOffset::default(),
            found: None,
            comments: None,
            substitute: None,
            dot: None,
            dot_running: false,
            record: Vec::new(),
            recording: None,
            last_macro: None,
            last_line: None,
            lines: LineHistory::default(),
            last_inserted: None,
            queue: VecDeque::new(),
            replayed: 0,
            effects: Vec::new(),
            change: None,
            undo_cursor: 0,
            undo_step: None,
            waiting: None,
            selected: Selections::default(),
            lost_all_lines: false,
            changed_line: None,
            global: None,
            confirm: None,
            report: None,
        }
    }

    /// What keys mean at the moment.
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// The step of undo that what is typed in insert mode belongs to, for text that is put in by
    /// something else than keys: an input method.
    pub fn undo_session(&mut self) -> EditSession {
        let carets = &mut self.carets;
        *self.undo_step.get_or_insert_with(|| carets.next_step())
    }

    /// The byte at which the primary cursor stands: in visual mode inside the selection, not at its
    /// end.
    pub fn cursor(&self) -> usize {
        self.cursor
    }

    /// The options, to be set from the settings of the editor.
    pub fn options_mut(&mut self) -> &mut Options {
        &mut self.options
    }

    /// What is typed of a command that is not complete, as the status bar shows it.
    pub fn pending_keys(&self) -> String {
        let pending = self.pending.iter().map(|key| key.notation());
        pending.chain(self.awaited_keys()).collect()
    }

    /// Whether `CTRL-W` was typed, so that the next key says what it is to do.
    pub fn awaits_window_key(&self) -> bool {
        self.pending.last() == Some(&Key::Ctrl('w'))
    }

    /// Whether the next key of insert mode or of a line is for one before it, and no text yet.
    pub fn awaits_insert_key(&self) -> bool {
        self.awaited_keys().is_some()
    }

    /// Whether the next key is the character that a command takes, which some keys with Control say in
    /// another way: `r CTRL-V`, `f CTRL-K`.
    pub fn awaits_character(&self) -> bool {
        self.mode != Mode::CommandLine && awaits_character(&self.pending, self.surroundings())
    }

    /// The line being typed, with its prompt.
    pub fn command_line(&self) -> Option<String> {
        let line = self.line.as_ref()?;
        Some(format!("{}{}", line.prompt, line.text))
    }

    /// The same line with a mark where its cursor stands, behind what is typed of a key that waits for
    /// more.
    pub fn command_line_with(&self, cursor: char) -> Option<String> {
        let line = self.line.as_ref()?;
        let (before, behind) = line.around();
        let awaited = line.awaited.as_ref().map(Awaited::label);
        let awaited = awaited.unwrap_or_default();
        Some(format!("{}{before}{awaited}{cursor}{behind}", line.prompt))
    }

    /// The register that a macro is being recorded into.
    pub fn recording(&self) -> Option<char> {
        self.recording.as_ref().map(|(name, _)| *name)
    }

    /// The content of a register.
    pub fn register(&self, name: char) -> Option<&Register> {
        self.registers.get(name)
    }

    /// Takes a key. `text` and `selections` are what the editor shows; the effects are to be carried
    /// out in order. Where one of them is [`Effect::Undo`], [`Effect::Redo`] or
    /// [`Effect::GoToState`] it is the last but for messages, and [`Vim::resume`] has to be called after it.
    pub fn key(
        &mut self,
        key: Key,
        text: &Text,
        selections: &Selections,
        context: &dyn VimContext,
    ) -> Vec<Effect> {
        self.adopt(text, selections);
        self.replayed = 0;
        self.report = None;
        let key = key.normalized();
        if let Some((_, keys)) = &mut self.recording {
            keys.push(key);
        }
        self.queue.clear();
        self.queue.push_back(key);
        self.run(context)
    }

    /// Goes on after an undo or redo with the text and carets that it left, and the last step that
    /// was [taken](editor_core::History::taken_step): `None` where there was nothing to take.
    pub fn resume(
        &mut self,
        text: &Text,
        selections: &Selections,
        taken: Option<&TakenStep>,
        context: &dyn VimContext,
    ) -> Vec<Effect> {
        if let Some(waiting) = self.waiting.take() {
            self.take_undone(waiting, text, selections, taken);
        } else {
            self.adopt(text, selections);
        }
        self.run(context)
    }

    /// Whether [`Vim::resume`] is to be called.
    pub fn is_waiting(&self) -> bool {
        self.waiting.is_some()
    }

    /// Takes the text and carets that something other than a key left, such as the mouse: a
    /// selection enters visual mode, a caret leaves it.
    pub fn adopt(&mut self, text: &Text, selections: &Selections) {
        if text.len() != self.text.len() {
            // Something else changed it.
            self.changed_line = None;
            self.lost_all_lines = false;
        }
        self.text = text.clone();
        if *selections == self.selected && self.cursor <= text.len() {
            return;
        }
        self.selected = selections.clone();
        // Somebody went elsewhere instead of answering.
        if self.confirm.take().is_some() {
            self.mode = Mode::Normal;
        }
        if !self.mode.is_insert() {
            let selects = selections.iter().any(|selection| !selection.is_empty());
            if selects {
                self.mode = Mode::Visual;
            } else if self.mode.is_visual() {
                self.mode = Mode::Normal;
            }
        }
        self.take_selection(selections.primary());
        self.adopt_carets(selections);
    }

    /// Puts the cursor where a selection that something else made has it, in the mode at hand.
    pub(crate) fn take_selection(&mut self, selection: &Selection) {
        if self.mode != Mode::Visual || selection.is_empty() {
            self.cursor = selection.head.min(self.text.len());
            self.anchor = self.cursor;
        } else {
            let last = self.text.prev_grapheme(selection.end());
            (self.anchor, self.cursor) = if selection.is_reversed() {
                (last, selection.start())
            } else {
                (selection.start(), last)
            };
        }
        if !self.mode.is_insert() {
            self.clamp_cursor();
        }
        self.want_here();
    }

    fn run(&mut self, context: &dyn VimContext) -> Vec<Effect> {
        let mode = self.mode;
        while self.waiting.is_none() {
            let Some(key) = self.queue.pop_front() else {
                // An answer is waited for.
                if self.confirm.is_some() || !self.next_of_global() {
                    break;
                }
                continue;
            };
            self.replayed += 1;
            if self.replayed > MAX_REPLAYED {
                self.queue.clear();
                self.fail("E169: Command too recursive");
                break;
            }
            self.step(key, context);
            self.flush();
        }
        if self.waiting.is_none() {
            self.dot_running = false;
            self.flush();
            self.settle_carets();
            self.find_typed_match();
            let selections = self.all_selections();
            self.selected = selections.clone();
            self.effects.push(Effect::Select(selections));
            self.tell_report();
        }
        if self.mode != mode {
            self.effects.push(Effect::Mode(self.mode));
        }
        std::mem::take(&mut self.effects)
    }

    fn step(&mut self, key: Key, context: &dyn VimContext) {
        if !self.dot_running {
            self.record.push(key);
        }
        match self.mode {
            Mode::Insert | Mode::Replace => {
                self.each_caret(None, |vim| vim.insert_key(key, context));
            }
            Mode::CommandLine if key == Key::Enter && !self.is_ex_line() => {
                self.each_caret(None, |vim| vim.line_key(key, context));
            }
            Mode::CommandLine => self.line_key(key, context),
            Mode::Confirm => self.confirm_key(key),
            _ => {
                if key == Key::Ctrl('c') || (key == Key::Escape && self.pending.is_empty()) {
                    self.pending.clear();
                    if self.mode == Mode::Normal {
                        self.carets.keep_active();
                    }
                    self.each_caret(None, |vim| {
                        vim.leave_visual();
                        vim.command_ended();
                    });
                    return;
                }
                self.pending.push(key);
                match parse(&self.pending, self.surroundings()) {
                    Parse::Incomplete => {}
                    Parse::Invalid => {
                        self.pending.clear();
                        self.beep();
                        self.command_ended();
                    }
                    Parse::Complete(command, left) => {
                        // A key that ended the number of a character is the next command's.
                        let own = self.pending.len() - left;
                        for key in self.pending.drain(own..).rev() {
                            self.queue.push_front(key);
                        }
                        self.pending.clear();
                        if self.is_for_each_caret(&command) {
                            self.each_caret(command.register, |vim| {
                                vim.run_typed(command.clone(), context);
                            });
                        } else {
                            self.run_typed(command, context);
                        }
                    }
                }
            }
        }
    }

    fn surroundings(&self) -> Surroundings {
        Surroundings {
            visual: self.mode.is_visual(),
            recording: self.recording.is_some(),
        }
    }

    fn run_typed(&mut self, command: Command, context: &dyn VimContext) {
        if self.mode.is_visual() {
            self.visual_command(command, context);
        } else {
            self.normal_command(command, context);
        }
        self.command_ended();
    }

    /// After a command of normal mode: the next change is undone by itself.
    pub(crate) fn command_ended(&mut self) {
        if matches!(self.mode, Mode::Normal) {
            self.clamp_cursor();
            if self.one_command {
                self.one_command = false;
                self.mode = Mode::Insert;
                self.flush();
                self.undo_step = None;
                self.resume_insert();
                return;
            }
        }
        if !self.mode.is_insert() && !matches!(self.mode, Mode::CommandLine | Mode::Confirm) {
            self.flush();
            // What a typed command does is undone at once, however many it runs.
            if self.queue.is_empty() && self.global.is_none() {
                self.changes.end_step();
                self.undo_step = None;
            }
            if !self.mode.is_visual() {
                self.record.clear();
            }
        }
    }

    /// The selection of the active caret as the editor shows it.
    pub(crate) fn selections(&self) -> Selections {
        match self.mode {
            Mode::Visual | Mode::VisualLine => {
                let (start, end) = self.visual_range();
                Selections::single(if self.cursor < self.anchor {
                    Selection::new(end, start)
                } else {
                    Selection::new(start, end)
                })
            }
            Mode::VisualBlock => {
                let spans = self.block_spans();
                let primary = if self.cursor < self.anchor {
                    0
                } else {
                    spans.len().saturating_sub(1)
                };
                let selections: Vec<Selection> = spans
                    .into_iter()
                    .map(|(_, range)| Selection::new(range.start, range.end))
                    .collect();
                Selections::new(selections, primary)
            }
            _ => Selections::caret(self.cursor),
        }
    }

    /// Replaces a range of the text. The cursor stays; the caller puts it where it belongs.
    pub(crate) fn replace(&mut self, range: std::ops::Range<usize>, new: &str) {
        if range.is_empty() && new.is_empty() {
            return;
        }
        self.replace_all(vec![Edit::new(range, new)]);
    }

    /// Replaces several ranges of the text, sorted and not overlapping. The cursor stays.
    pub(crate) fn replace_all(&mut self, edits: Vec<Edit>) {
        let Ok(changes) = ChangeSet::from_edits(self.text.len(), edits) else {
            return;
        };
        let Ok(after) = changes.apply(&self.text) else {
            return;
        };
        if self.change.is_none() {
            self.undo_cursor = self.cursor;
        }
        self.keep_line(&changes);
        self.carry_rows(&changes);
        self.text = after;
        self.lost_all_lines = false;
        self.carets.follow(&changes);
        self.change = match self.change.take() {
            None => Some(changes),
            Some(earlier) => earlier.compose(changes).ok(),
        };
    }

    /// Moves what is kept by row with changes that are about to be made.
    pub(crate) fn carry_rows(&mut self, changes: &ChangeSet) {
        // From the last one on, so that the rows of those before it hold.
        let edits: Vec<_> = changes.edits().collect();
        for edit in edits.into_iter().rev() {
            self.adjust_marks(&edit.old_range, edit.text);
        }
    }

    /// Makes one effect of the changes so far.
    pub(crate) fn flush(&mut self) {
        let Some(changes) = self.change.take() else {
            return;
        };
        if changes.is_empty() {
            return;
        }
        let intent = EditIntent::Session(self.undo_session());
        let selections_after = Selections::caret(self.cursor.min(self.text.len()));
        self.selected = selections_after.clone();
        self.effects.push(Effect::Edit(Transaction {
            changes,
            selections_before: Selections::caret(self.undo_cursor),
            selections_after,
            intent,
        }));
    }

    /// Marks keep their row and column; rows move with lines that come and go.
    fn adjust_marks(&mut self, range: &std::ops::Range<usize>, new: &str) {
        let start = self.text.offset_to_point(range.start);
        let end = self.text.offset_to_point(range.end);
        let removed = end.row - start.row;
        let added = u32::try_from(new.matches('\n').count()).unwrap_or(u32::MAX);
        if removed == 0 && added == 0 {
            return;
        }
        let whole_lines = start.column == 0 && end.column == 0 && removed > 0 && added == 0;
        let tail = removed > 0
            && added == 0
            && range.end == self.line_end(end.row as usize)
            && range.start == self.line_end(start.row as usize);
        let moved = |mark: Point| -> Option<Point> {
            let row = mark.row;
            if whole_lines && row >= start.row && row < end.row {
                return None;
            }
            if tail && row > start.row && row <= end.row {
                return None;
            }
            if row > end.row
                || (row == end.row
                    && (start.column == 0 && row > start.row
                        || (removed == 0 && start.column == 0 && new.ends_with('\n'))))
            {
                return Some(Point::new(
                    (row + added).saturating_sub(removed),
                    mark.column,
                ));
            }
            Some(Point::new(row.min(start.row + added), mark.column))
        };
        self.marks = std::mem::take(&mut self.marks)
            .into_iter()
            .filter_map(|(name, mark)| moved(mark).map(|mark| (name, mark)))
            .collect();
        // A place whose line is gone is where that line was.
        let gone = start.row;
        // A line that was joined to another one is none any more.
        let is_own =
            |place: Point, to: &Point| whole_lines || to.row != start.row || place.row == start.row;
        self.carry_global(|place| moved(place).filter(|to| is_own(place, to)));
        let followed = |place: Point| moved(place).unwrap_or(Point::new(gone, place.column));
        self.jumps.adjust(followed);
        self.changes.adjust(followed);
        for past in self.past.iter_mut().chain(self.carets.past()) {
            past.anchor = moved(past.anchor).unwrap_or(start);
            past.head = moved(past.head).unwrap_or(start);
        }
    }

    /// Says that a command failed, and ends macros.
    pub(crate) fn fail(&mut self, words: &str) {
        self.beep();
        self.effects.push(Effect::Message(Message {
            text: words.to_owned(),
            is_error: true,
        }));
    }

    /// A command failed without a word.
    pub(crate) fn beep(&mut self) {
        self.queue.clear();
    }

    pub(crate) fn say(&mut self, words: String) {
        self.effects.push(Effect::Message(Message {
            text: words,
            is_error: false,
        }));
    }

    /// The content of a register, also of those that stand outside.
    pub(crate) fn read_register(&self, name: char, context: &dyn VimContext) -> Option<Register> {
        let clipboard = match name {
            '+' => Some(Clipboard::Clipboard),
            '*' => Some(Clipboard::Primary),
            '"' if self.options.clipboard_unnamed => Some(Clipboard::Clipboard),
            _ => None,
        };
        if let Some(clipboard) = clipboard {
            let text = context.clipboard(clipboard)?;
            let name = if name == '"' { '+' } else { name };
            if let Some(register) = self.registers.of_clipboard(name, &text) {
                return Some(register.clone());
            }
            let shape = if text.ends_with('\n') {
                crate::Shape::Lines
            } else {
                crate::Shape::Characters
            };
            return Some(Register { text, shape });
        }
        let text = match name {
            '/' => self.search.as_ref().map(|(pattern, _)| pattern.clone()),
            ':' => self.last_line.clone(),
            '.' => self.last_inserted.clone().filter(|text| !text.is_empty()),
            '%' => context.file_name(),
            '_' => None,
            name => return self.registers.get(name).cloned(),
        }?;
        Some(Register {
            text,
            shape: crate::Shape::Characters,
        })
    }

    /// Tells the clipboards what was put into their registers.
    pub(crate) fn export(&mut self, name: Option<char>, content: &Register) {
        let clipboard = match name {
            Some('+') => Clipboard::Clipboard,
            Some('*') => Clipboard::Primary,
            None | Some('"') if self.options.clipboard_unnamed => {
                self.registers.set_silently('+', content.clone());
                Clipboard::Clipboard
            }
            _ => return,
        };
        self.effects
            .push(Effect::SetClipboard(clipboard, content.text.clone()));
    }
}
