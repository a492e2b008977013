//! A view of one buffer: its carets, its scroll position, its focus.

use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

use editor_core::display_map::{DisplaySnapshot, WrapJob};
use editor_core::multi_caret::OccurrenceRule;
use editor_core::snippet::SnippetSession;
use editor_core::{
    AutoClosed, Bias, CaretHistory, ChangeSet, ColumnSelection, EditSession, FirstCaret,
    GrowingSelections, IndentStyle, RangeSet, Selections, Text, Transaction,
};
use gpui_kit::{
    App, AppContext as _, Context, Entity, EventEmitter, FocusHandle, Focusable, Pixels, Point,
    SharedString, Size, Subscription, Task, Window, point, px, size,
};
use settings::WordWrap;
use syntax::Outline;
use ui::{FileTrouble, ItemEvent, SharedCarets, WorkspaceModel};
use workspace::{Buffer, BufferId, HistoryMove, WorkspaceEvent};

use crate::auto_whitespace::AutoWhitespaceHere;
use crate::blink::Blink;
use crate::blocks::BlockElements;
use crate::bracket_guides::BracketGuides;
use crate::choice_picker::ChoicePicker;
use crate::compare::InlineDiff;
use crate::completion::Completing;
use crate::dead_key::DeadKey;
use crate::display::Display;
use crate::editor_style::EditorStyle;
use crate::find_bar::FindBar;
use crate::folding::Folding;
use crate::frame::Frame;
use crate::go_to_line::GoToLine;
use crate::highlights::VisibleHighlights;
use crate::hover::Hovering;
use crate::inlays::InlayStyles;
use crate::inline_completion::InlineCompleting;
use crate::inline_hunks::InlineHunks;
use crate::inline_prompt::InlinePrompt;
use crate::left_view::CameBackAt;
use crate::minimap::MinimapContent;
use crate::navigating::Navigating;
use crate::occurrences::Occurrences;
use crate::options_here::OptionsHere;
use crate::peek::Peek;
use crate::pointer::Drag;
use crate::proposal::Proposal;
use crate::rename::RenamePrompt;
use crate::row_shaper::RowShaper;
use crate::scroll::{Reveal, ScrollPosition};
use crate::scroll_motion::ScrollMotion;
use crate::server_views::ServerViews;
use crate::signature::Parameters;
use crate::undo_history::UndoHistory;
use crate::unicode_highlight::UnusualCharacters;
use crate::vim_keys;
use crate::vim_mode::VimMode;
use crate::wrapping::CellMeasure;

/// A view of one buffer. Several views may show the same buffer; each has its own carets and scroll
/// position, and carries them along when the text changes under it.
pub struct EditorView {
    pub(crate) model: Entity<WorkspaceModel>,
    pub(crate) buffer: BufferId,
    pub(crate) focus: FocusHandle,
    pub(crate) selections: Selections,
    pub(crate) first_caret: FirstCaret,
    /// The same, for whoever must leave them where they are.
    shared_carets: SharedCarets,
    pub(crate) caret_history: CaretHistory,
    pub(crate) growing: GrowingSelections,
    /// The box that a column selection was made of, and the selections that it made.
    pub(crate) columns: Option<(ColumnSelection, Selections)>,
    pub(crate) display: Display,
    pub(crate) folding: Folding,
    pub(crate) blocks: BlockElements,
    pub(crate) inlays: InlayStyles,
    pub(crate) served: ServerViews,
    /// How lines are wrapped in this view, where the user toggled it.
    pub(crate) word_wrap_here: Option<WordWrap>,
    pub(crate) options_here: OptionsHere,
    /// The widths of text, once lines are wrapped.
    pub(crate) measure: Option<Arc<CellMeasure>>,
    /// The work of cutting lines, while there is some.
    pub(crate) wrapping: Option<Task<()>>,
    /// The piece of it that is being done.
    pub(crate) wrapping_job: Option<WrapJob>,
    /// The work of counting the cells of long lines, while there is some.
    pub(crate) counting: Option<Task<()>>,
    /// The version of the buffer that `selections` and `marked` belong to.
    pub(crate) version: u64,
    /// What an input method is composing, one range a caret.
    pub(crate) marked: Vec<Range<usize>>,
    pub(crate) dead_key: DeadKey,
    /// What is composed is undone as one, however long it takes.
    pub(crate) composition: Option<EditSession>,
    pub(crate) scroll: ScrollPosition,
    /// Where the view was when it was last told that it moves.
    told_scroll: ScrollPosition,
    /// Where the view moves to, while it does.
    pub(crate) scroll_motion: Option<ScrollMotion>,
    /// What is left of a touchpad's movement that zooms.
    pub(crate) zoom_rest: Pixels,
    pub(crate) reveal: Option<Reveal>,
    /// How many lines the text will have, where it is but the beginning of a file: the gutter has room
    /// for their numbers.
    pub(crate) lines_to_come: usize,
    /// The command that is being carried out, by its id.
    pub(crate) command: Option<&'static str>,
    /// Pixels of the widest row laid out so far, those aside that are shaped in chunks.
    pub(crate) widest: f64,
    pub(crate) came_back_at: Option<CameBackAt>,
    pub(crate) style: Option<Rc<EditorStyle>>,
    pub(crate) shaper: RowShaper,
    pub(crate) highlights: VisibleHighlights,
    pub(crate) bracket_guides: BracketGuides,
    pub(crate) unusual: UnusualCharacters,
    /// Those of the rows that are pinned at the top.
    pub(crate) sticky_highlights: VisibleHighlights,
    pub(crate) minimap: MinimapContent,
    pub(crate) frame: Option<Rc<Frame>>,
    pub(crate) blink: Entity<Blink>,
    pub(crate) drag: Option<Drag>,
    pub(crate) drag_scroll: Option<Task<()>>,
    /// Where what is dragged would be dropped, and where the pointer is with it.
    pub(crate) drop_caret: Option<usize>,
    pub(crate) drop_position: Option<Point<Pixels>>,
    pub(crate) hovering: Hovering,
    pub(crate) completing: Completing,
    pub(crate) inline: InlineCompleting,
    pub(crate) parameters: Parameters,
    /// Asks for another name.
    pub(crate) rename: Option<Entity<RenamePrompt>>,
    /// What is waited for before the view goes somewhere else.
    pub(crate) navigating: Navigating,
    /// How often the carets were put somewhere.
    pub(crate) carets_placed: u64,
    pub(crate) occurrences: Occurrences,
    /// What the last command that took occurrences selected, and its rule.
    pub(crate) taken_occurrences: Option<(Selections, OccurrenceRule)>,
    pub(crate) find: Option<Entity<FindBar>>,
    pub(crate) go_to_line: Option<Entity<GoToLine>>,
    /// The snippet that is being filled in.
    pub(crate) snippet: Option<SnippetSession>,
    /// The version of the buffer that `snippet` belongs to.
    pub(crate) snippet_version: u64,
    /// The changes since git's version that stand open.
    pub(crate) inline_hunks: InlineHunks,
    pub(crate) peek: Option<Peek>,
    pub(crate) inline_prompt: Option<InlinePrompt>,
    pub(crate) proposal: Option<Proposal>,
    /// What was closed by itself and may be typed over.
    pub(crate) auto_closed: AutoClosed,
    /// The version of the buffer that `auto_closed` belongs to.
    pub(crate) auto_closed_version: u64,
    /// What came by itself and goes again when the carets leave it.
    pub(crate) auto_whitespace: AutoWhitespaceHere,
    /// A list over the text to choose from.
    pub(crate) choices: Option<Entity<ChoicePicker>>,
    /// The states of the history, while they are listed.
    pub(crate) undo_history: Option<Entity<UndoHistory>>,
    /// The difference to the disk, while it is shown.
    pub(crate) compare: Option<InlineDiff>,
    /// Where the input method was last told that the caret is.
    pub(crate) input_place: Option<Point<Pixels>>,
    pub(crate) indent: IndentStyle,
    /// The banner that was waved away.
    pub(crate) dismissed: Option<FileTrouble>,
    /// What the keys are to Vim, while it is on.
    pub(crate) vim: Option<VimMode>,
    /// Where files that are still being read will stand.
    pub(crate) read_places: RangeSet<()>,
    /// What assistive technology reads, and the version that it was made of.
    accessible_value: Option<(u64, Range<usize>, SharedString)>,
    _subscriptions: Vec<Subscription>,
}

impl EventEmitter<ItemEvent> for EditorView {}

impl Focusable for EditorView {
    fn focus_handle(&self, _: &App) -> FocusHandle {
        self.focus.clone()
    }
}

impl EditorView {
    /// A view of an open buffer with one caret at its start.
    pub fn new(
        buffer: BufferId,
        model: Entity<WorkspaceModel>,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) -> Self {
        let focus = cx.focus_handle();
        let blink = cx.new(|_| Blink::default());
        let subscriptions = vec![
            cx.subscribe_in(&model, window, Self::on_workspace_event),
            cx.subscribe_in(&model, window, Self::name_wanted),
            cx.observe(&blink, |_, _, cx| cx.notify()),
            cx.observe_self(Self::tell_scrolled),
            cx.observe_self(Self::settle_proposal),
            cx.observe_global::<ui::KilnTheme>(Self::restyle),
            cx.observe_global::<ui::SettingsStore>(Self::restyle),
            cx.observe_global::<ui::EditorZoom>(Self::restyle),
            cx.observe_global::<ui::ProposedEdits>(Self::follow_proposal),
            cx.on_focus(&focus, window, |this, _, cx| {
                this.blink.update(cx, Blink::start);
                cx.notify();
            }),
            vim_keys::intercept(cx),
            cx.on_blur(&focus, window, |this, window, cx| {
                this.left_for_hover(window, cx);
                this.blink.update(cx, Blink::stop);
                this.marked.clear();
                cx.notify();
            }),
        ];
        let (text, version) = model
            .read(cx)
            .workspace()
            .buffer(buffer)
            .map(|buffer| (buffer.text().clone(), buffer.version()))
            .unwrap_or_default();
        let mut view = Self {
            display: Display::new(text, version),
            folding: Folding::default(),
            blocks: BlockElements::default(),
            inlays: InlayStyles::default(),
            served: ServerViews::default(),
            word_wrap_here: None,
            options_here: OptionsHere::default(),
            measure: None,
            wrapping: None,
            wrapping_job: None,
            counting: None,
            version,
            buffer,
            focus,
            selections: Selections::default(),
            first_caret: FirstCaret::default(),
            shared_carets: SharedCarets::default(),
            caret_history: CaretHistory::default(),
            growing: GrowingSelections::default(),
            columns: None,
            marked: Vec::new(),
            dead_key: DeadKey::default(),
            composition: None,
            scroll: ScrollPosition::default(),
            told_scroll: ScrollPosition::default(),
            scroll_motion: None,
            zoom_rest: px(0.),
            reveal: None,
            lines_to_come: 0,
            command: None,
            widest: 0.,
            came_back_at: None,
            style: None,
            shaper: RowShaper::default(),
            highlights: VisibleHighlights::default(),
            bracket_guides: BracketGuides::default(),
            unusual: UnusualCharacters::default(),
            sticky_highlights: VisibleHighlights::default(),
            minimap: MinimapContent::default(),
            frame: None,
            blink,
            drag: None,
            drag_scroll: None,
            drop_caret: None,
            drop_position: None,
            hovering: Hovering::default(),
            completing: Completing::default(),
            inline: InlineCompleting::default(),
            parameters: Parameters::default(),
            rename: None,
            navigating: Navigating::default(),
            carets_placed: 0,
            occurrences: Occurrences::default(),
            taken_occurrences: None,
            find: None,
            go_to_line: None,
            snippet: None,
            snippet_version: 0,
            inline_hunks: InlineHunks::default(),
            peek: None,
            inline_prompt: None,
            proposal: None,
            auto_closed: AutoClosed::default(),
            auto_closed_version: 0,
            auto_whitespace: AutoWhitespaceHere::default(),
            choices: None,
            undo_history: None,
            compare: None,
            input_place: None,
            indent: IndentStyle::default(),
            dismissed: None,
            vim: None,
            read_places: RangeSet::new(),
            accessible_value: None,
            model,
            _subscriptions: subscriptions,
        };
        view.model
            .update(cx, |model, _| model.add_carets(buffer, &view.shared_carets));
        view.update_indentation(cx);
        view.find_folds(cx);
        view.follow_proposal(cx);
        view.model
            .update(cx, |model, cx| model.compare_with_index(buffer, cx));
        view
    }

    /// The buffer that this view shows.
    pub fn buffer_id(&self) -> BufferId {
        self.buffer
    }

    /// The carets and selections of this view.
    pub fn selections(&self) -> &Selections {
        &self.selections
    }

    /// The text of the buffer, as it is now.
    pub fn text(&self, cx: &App) -> Text {
        self.buffer_ref(cx)
            .map(|buffer| buffer.text().clone())
            .unwrap_or_default()
    }

    /// How many stretches of lines were asked for and how many of them were shaped anew, since the
    /// view was made. The work of a frame is their difference between two frames.
    pub fn shaping_work(&self) -> (usize, usize) {
        (self.shaper.asked, self.shaper.shaped)
    }

    /// The rows of the screen that the last frame laid out, counted from the start of the text.
    pub fn visible_rows(&self) -> Range<usize> {
        self.frame
            .as_ref()
            .map_or(0..0, |frame| frame.row_range.clone())
    }

    /// The rows of the last frame as they read: the number in the gutter, where there is one, and the
    /// text, without spaces at its end.
    pub fn shown_rows(&self) -> Vec<String> {
        let Some(frame) = &self.frame else {
            return Vec::new();
        };
        let rows = frame.rows.iter().map(|row| {
            let number = match row.text.continues {
                true => String::new(),
                false => (row.text.line + 1).to_string(),
            };
            let text = frame.display.row_text(row.row);
            format!("{number:<2}{text}").trim_end().to_string()
        });
        rows.collect()
    }

    /// The rows of the screen above the view, with a fraction.
    pub fn scroll_top(&self) -> f64 {
        self.scroll.top
    }

    /// Pixels of the text that are hidden at the left.
    pub fn scroll_left(&self) -> f64 {
        self.scroll.left
    }

    /// Whether some lines are still to be cut into rows.
    pub fn is_wrapping(&self) -> bool {
        self.display.is_wrapping()
    }

    /// Whether the cells of some long line are being counted.
    pub fn is_counting(&self) -> bool {
        self.counting.is_some()
    }

    /// Where row 0, column 0 would be in the window without scrolling, and the size of a cell; nothing
    /// before the first frame.
    pub fn text_origin(&self) -> Option<(Point<Pixels>, Size<Pixels>)> {
        let frame = self.frame.as_ref()?;
        let style = &frame.style;
        Some((
            point(frame.text_area.left(), frame.bounds.top()),
            size(style.cell_width, style.line_height),
        ))
    }

    /// Where a caret before the byte `offset` stands in the window, if the last frame shows its row.
    pub fn caret_place(&self, offset: usize) -> Option<Point<Pixels>> {
        Some(self.frame.as_ref()?.caret_bounds(offset)?.origin)
    }

    /// How the text of the buffer is shown, as it is now.
    pub fn display(&mut self, cx: &App) -> DisplaySnapshot {
        let buffer = self.model.read(cx).workspace().buffer(self.buffer);
        if let Some(buffer) = buffer
            && buffer.version() != self.display.version()
        {
            let changes = self.display.changes(buffer);
            if let Some(changes) = &changes {
                let (from, to) = (self.display.version(), buffer.version());
                self.highlights.follow(changes, from, to);
                self.sticky_highlights.follow(changes, from, to);
                let before = self.display.snapshot().text().clone();
                let (old, new) = ((&before, from), (buffer.text(), to));
                self.bracket_guides.follow(changes, old, new);
                self.unfold_edited(changes, buffer.text());
                self.folding.follow(changes, &before, buffer.text());
                self.minimap.follow(changes);
                if let Some(difference) = &mut self.compare {
                    difference.follow(changes);
                }
                self.inline_hunks.follow(changes);
                if let Some(prompt) = &mut self.inline_prompt {
                    prompt.follow(changes);
                }
            }
            if changes.is_none() {
                self.minimap.clear();
            }
            self.served.follow(changes.as_ref());
            self.shaper.edited(changes.as_ref());
            self.display.follow(buffer, changes.as_ref());
        }
        self.display.snapshot().clone()
    }

    /// The symbols of the text.
    pub(crate) fn symbols(&self, cx: &App) -> Arc<Outline> {
        self.buffer_ref(cx)
            .map(|buffer| buffer.outline().clone())
            .unwrap_or_default()
    }

    pub(crate) fn buffer_ref<'a>(&self, cx: &'a App) -> Option<&'a Buffer> {
        self.model.read(cx).workspace().buffer(self.buffer)
    }

    /// Puts the carets somewhere and shows the primary one.
    pub fn select(&mut self, selections: Selections, cx: &mut Context<Self>) {
        self.select_revealing(selections, Reveal::Nearest, cx);
    }

    pub(crate) fn select_revealing(
        &mut self,
        selections: Selections,
        reveal: Reveal,
        cx: &mut Context<Self>,
    ) {
        self.reveal = Some(reveal);
        self.select_in_place(selections, cx);
    }

    /// Puts the carets somewhere without scrolling to them.
    pub(crate) fn select_in_place(&mut self, selections: Selections, cx: &mut Context<Self>) {
        let text = self.text(cx);
        let selections = selections.clamp(text.len()).on_graphemes(&text);
        self.put_carets(selections, cx);
    }

    /// Puts the carets where they are told, inside of what is read as one character too.
    fn put_carets(&mut self, selections: Selections, cx: &mut Context<Self>) {
        self.carets_placed += 1;
        self.marked.clear();
        if selections != self.selections {
            self.forget_hover(cx);
            self.close_suggestions(cx);
            // A drag is one movement, from where the carets were when it began.
            if self.drag.is_none() && !selections.same_places(&self.selections) {
                self.caret_history.push(&self.selections);
            }
            self.set_carets(selections);
            self.snippet_carets_moved();
            self.auto_closed.keep_around(&self.selections);
            self.occurrences_follow_carets(cx);
            self.linked_places_follow_carets(cx);
            self.parameters_follow(cx);
            self.trim_left_whitespace_later(cx);
            cx.emit(ItemEvent::StatusChanged);
        }
        self.carets_moved(cx);
    }

    /// Takes carets without showing them, nor telling what follows them.
    pub(crate) fn set_carets(&mut self, carets: Selections) {
        self.first_caret.follow(&self.selections, &carets);
        self.shared_carets.replace(carets.clone());
        self.selections = carets;
    }

    /// Forgets where the carets have been: the text has changed.
    fn forget_caret_places(&mut self) {
        self.caret_history.clear();
        self.growing.clear();
        self.columns = None;
    }

    pub(crate) fn carets_moved(&mut self, cx: &mut Context<Self>) {
        self.blink.update(cx, Blink::pause);
        cx.notify();
    }

    /// Makes an edit and takes its carets. Where the buffer refuses, a notice says why.
    pub(crate) fn edit(
        &mut self,
        transaction: Transaction,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let linked = self.linked(&transaction);
        let (transaction, is_linked) = match linked {
            Some(linked) => (linked, true),
            None => (transaction, false),
        };
        let transaction = self.with_left_whitespace(transaction, cx);
        let after = transaction.selections_after.clone();
        if transaction.is_empty() {
            self.reveal = Some(Reveal::Nearest);
            self.put_carets(after, cx);
            return;
        }
        let buffer = self.buffer;
        let is_followed = self.completing.is_active();
        let followed = (is_followed || is_linked || !self.auto_closed.is_empty())
            .then(|| transaction.changes.clone());
        let result = self
            .model
            .update(cx, |model, cx| model.edit(buffer, transaction, cx));
        match result {
            Ok(()) => {
                if let Some(changes) = followed.as_ref().filter(|_| is_followed) {
                    self.completing.follow(changes);
                }
                let linked = followed.as_ref().filter(|_| is_linked);
                self.linked_places_edited(linked, cx);
                self.edited(after, cx);
                self.auto_closed_typed(followed.as_ref());
            }
            Err(error) => self.tell_refused(&error, window, cx),
        }
    }

    /// Takes the carets that an edit of this view left, before its event arrives. They stay where
    /// they are: what is typed next goes right behind what was typed last, also where that has
    /// become one character with what follows.
    pub(crate) fn edited(&mut self, selections: Selections, cx: &mut Context<Self>) {
        self.version = self.buffer_ref(cx).map_or(self.version, Buffer::version);
        self.forget_caret_places();
        self.forget_hover(cx);
        if !self.completing.is_typing() {
            self.close_suggestions(cx);
        }
        self.forget_occurrences();
        self.set_carets(selections);
        self.marked.clear();
        self.linked_places_follow_carets(cx);
        self.parameters_follow(cx);
        self.reveal = Some(Reveal::Nearest);
        cx.emit(ItemEvent::StatusChanged);
        self.carets_moved(cx);
    }

    /// Makes the edit that a command of [`editor_core`] returns for the text and the carets.
    pub(crate) fn edit_with(
        &mut self,
        window: &mut Window,
        cx: &mut Context<Self>,
        command: impl FnOnce(&Text, &Selections) -> Transaction,
    ) {
        let transaction = command(&self.text(cx), &self.selections);
        self.edit(transaction, window, cx);
    }

    /// Goes to another state of the text. Where the buffer refuses, a notice says why.
    pub(crate) fn move_in_history(
        &mut self,
        to: HistoryMove,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let buffer = self.buffer;
        if let Some(error) = self.buffer_ref(cx).and_then(Buffer::refuses_edits) {
            return self.tell_refused(&error, window, cx);
        }
        if self.asks_about_files(to, window, cx) {
            return;
        }
        let moved = self
            .model
            .update(cx, |model, cx| model.move_in_history(buffer, to, cx));
        if let Some(selections) = moved {
            let selections = selections.on_graphemes(&self.text(cx));
            self.edited(selections, cx);
        }
    }

    fn on_workspace_event(
        &mut self,
        _: &Entity<WorkspaceModel>,
        event: &WorkspaceEvent,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let this = self.buffer;
        match event {
            WorkspaceEvent::BufferEdited {
                buffer,
                version,
                changes,
            } if *buffer == this => {
                self.forget_hover(cx);
                self.read_places.apply(changes);
                if let Some(drag) = &mut self.drag {
                    drag.follow(changes);
                }
                if *version > self.version {
                    self.carry_along(changes, *version, cx);
                }
                self.proposal_follows(cx);
                self.compare_again(cx);
                self.update_inline_hunks(cx);
                self.snippet_edited(changes, *version);
                self.auto_closed_edited(changes, *version);
                self.auto_whitespace.edited(changes, *version);
                self.go_to_line_follows(changes, cx);
                self.undo_history_follows(changes, cx);
                self.find_folds_after_edit(cx);
                cx.notify();
            }
            WorkspaceEvent::BufferReparsed(buffer) if *buffer == this => {
                self.highlights.invalidate();
                self.bracket_guides.reparsed();
                self.sticky_highlights.invalidate();
                self.minimap.reparsed();
                self.color_git_lines(cx);
                self.find_folds(cx);
                cx.emit(ItemEvent::StatusChanged);
                cx.notify();
            }
            WorkspaceEvent::BufferOutlined(buffer) if *buffer == this => {
                cx.emit(ItemEvent::StatusChanged);
                cx.notify();
            }
            WorkspaceEvent::BufferDirtyChanged(buffer) | WorkspaceEvent::BufferSaved(buffer)
                if *buffer == this =>
            {
                cx.emit(ItemEvent::DirtyChanged);
                self.undo_history_saved(cx);
                if matches!(event, WorkspaceEvent::BufferSaved(_)) {
                    self.vim_written(cx);
                }
                cx.notify();
            }
            WorkspaceEvent::BufferSavedStateFound(buffer) if *buffer == this => {
                self.undo_history_saved(cx);
            }
            WorkspaceEvent::BufferHunksChanged(buffer) if *buffer == this => {
                self.update_inline_hunks(cx);
            }
            WorkspaceEvent::BufferBookmarksChanged(buffer) if *buffer == this => {
                cx.emit(ItemEvent::ViewMoved);
                cx.notify();
            }
            WorkspaceEvent::BufferDiagnosticsChanged(buffer) if *buffer == this => {
                self.light_bulb_stale();
                self.tell_awaited_problem(window, cx);
                cx.emit(ItemEvent::StatusChanged);
                cx.notify();
            }
            WorkspaceEvent::LanguageServersChanged => {
                self.light_bulb_servers_changed();
                cx.emit(ItemEvent::StatusChanged);
                cx.notify();
            }
            WorkspaceEvent::ServerAnswersStale { buffer, shown } if *buffer == this => {
                self.server_answers_stale(*shown, cx);
            }
            WorkspaceEvent::BufferIndentationChanged(buffer) if *buffer == this => {
                self.update_indentation(cx);
            }
            WorkspaceEvent::BufferDiskChanged(buffer) if *buffer == this => {
                self.close_compare(cx);
                cx.emit(ItemEvent::TitleChanged);
                cx.emit(ItemEvent::StatusChanged);
                cx.notify();
            }
            WorkspaceEvent::BufferPathChanged(buffer) if *buffer == this => {
                cx.emit(ItemEvent::TitleChanged);
                cx.emit(ItemEvent::StatusChanged);
                cx.notify();
            }
            _ => {}
        }
    }

    /// Moves carets and the scroll position along with a change that came from elsewhere, so that the
    /// text in view stays where it is.
    pub(crate) fn carry_along(&mut self, changes: &ChangeSet, to: u64, cx: &mut Context<Self>) {
        let before = std::mem::replace(&mut self.version, to);
        self.forget_caret_places();
        self.close_suggestions(cx);
        let mut carets = self.selections.map(changes);
        if self.buffer_ref(cx).map(Buffer::version) == Some(to) {
            carets = carets.on_graphemes(&self.text(cx));
        }
        self.set_carets(carets);
        self.vim_follows(changes, before);
        self.occurrences_follow_edit(changes, cx);
        self.linked_places_follow_carets(cx);
        for range in &mut self.marked {
            *range = changes.map_offset(range.start, Bias::Right)
                ..changes.map_offset(range.end, Bias::Left);
        }
        self.marked.retain(|range| range.start < range.end);
        let (start, part) = self.display.anchor(self.scroll.top);
        let follows = start <= changes.len_before() && self.scroll.top >= 1.;
        self.display(cx);
        if follows {
            let mapped = changes.map_offset(start, Bias::Right);
            self.scroll.top = self.display.top_of((mapped, part));
        }
        cx.emit(ItemEvent::StatusChanged);
    }

    /// Tells of another scroll position, and not of a caret that blinks.
    fn tell_scrolled(&mut self, cx: &mut Context<Self>) {
        let scroll = self.scroll_target();
        if scroll != self.told_scroll {
            self.told_scroll = scroll;
            cx.emit(ItemEvent::ViewMoved);
        }
    }

    fn restyle(&mut self, cx: &mut Context<Self>) {
        self.forget_layout();
        self.update_indentation(cx);
        if !self.is_vim(cx) {
            self.vim = None;
        }
        self.occurrences_follow_carets(cx);
        self.folds_follow_settings(cx);
        self.server_views_restyled(cx);
        cx.notify();
    }

    /// Lays everything out anew.
    pub(crate) fn forget_layout(&mut self) {
        self.style = None;
        self.measure = None;
        self.frame = None;
        self.widest = 0.;
    }

    /// The style in force, made anew after a change of theme or settings.
    pub(crate) fn style(&mut self, window: &Window, cx: &App) -> Rc<EditorStyle> {
        let (tab_size, language) = (self.tab_size(), self.language(cx));
        self.style.take_if(|style| style.language != language);
        let new = || {
            let mut style = EditorStyle::new(tab_size, language, window, cx);
            self.options_here.apply(&mut style);
            Rc::new(style)
        };
        self.style.get_or_insert_with(new).clone()
    }

    /// The text for assistive technology: all of a small document, the rows in view of a large one.
    pub(crate) fn accessible_value(&mut self, cx: &App) -> SharedString {
        const WHOLE: usize = 16 * 1024;
        let text = self.text(cx);
        let range = if text.len() <= WHOLE {
            0..text.len()
        } else {
            let rows = self.frame.as_ref().map(|frame| &frame.rows);
            let first = rows.and_then(|rows| rows.first());
            let last = rows.and_then(|rows| rows.last());
            let start = first.map_or(0, |row| row.text.range.start).min(text.len());
            let end = last.map_or(0, |row| row.text.range.end).min(start + WHOLE);
            text.floor_char_boundary(start)..text.floor_char_boundary(end.max(start))
        };
        match &self.accessible_value {
            Some((version, known, value)) if *version == self.version && *known == range => {
                value.clone()
            }
            _ => {
                let value = SharedString::from(text.slice(range.clone()).into_owned());
                self.accessible_value = Some((self.version, range, value.clone()));
                value
            }
        }
    }
}
