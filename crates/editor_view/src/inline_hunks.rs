//! Changes since git's version that stand open in the text: git's lines in rows of their own, above
//! those that took their place, which are tinted. One change is opened, or all are, also those that
//! are still to be made.

use std::cell::OnceCell;
use std::collections::HashSet;
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

use editor_core::display_map::{BlockId, BlockPlacement};
use editor_core::{Bias, ChangeSet, Hunk, HunkKind, RangeSet, Selections, Text};
use gpui_kit::{
    Bounds, Context, ElementId, Pixels, Point, SharedString, Window, fill, point, size,
};
use ui::{ActiveKilnTheme as _, ItemEvent, Severity};
use workspace::{Buffer, ComparedVersion};

use crate::blocks::{BlockElement, BlockLines, RenderBlock, VisibleBlock};
use crate::compare::{beside_line, rows_of_lines};
use crate::differences::{colors_in, count_of_rows, rows_in_view, shown_rows};
use crate::display_text::{CellRules, DisplayText};
use crate::frame::Frame;
use crate::git_colors::{GitColors, GitVersion, LineColors};
use crate::view::EditorView;
use crate::word_marks::{self, HunkWords, KnownWords, with_words};

/// Which changes stand open in a view.
#[derive(Default)]
pub(crate) struct InlineHunks {
    /// Whether changes stand open, or are closed, unless they were toggled.
    all: bool,
    /// The places of the changes that were toggled.
    toggled: Vec<Range<usize>>,
    /// The places of the staged changes that stand open.
    staged: Vec<Range<usize>>,
    /// Git's lines that are shown.
    removed: Vec<RemovedLines>,
    /// Their syntax.
    colors: GitColors,
    /// That of the lines of the last commit.
    committed_colors: GitColors,
    /// The words that differ in the changes in view.
    pub(crate) words: HunkWords,
}

/// Git's lines of one change, in a block.
struct RemovedLines {
    block: BlockId,
    lines: Lines,
}

/// What a block of git's lines shows, and where.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Lines {
    /// The byte that the block stands at.
    offset: usize,
    placement: BlockPlacement,
    rows: Range<usize>,
    version: SameVersion,
    of: GitVersion,
}

/// A version of git's, equal to itself alone.
#[derive(Clone)]
pub(crate) struct SameVersion(pub(crate) Arc<ComparedVersion>);

impl PartialEq for SameVersion {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for SameVersion {}

impl std::hash::Hash for SameVersion {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        Arc::as_ptr(&self.0).hash(state);
    }
}

impl InlineHunks {
    /// Carries the places along with a change.
    pub(crate) fn follow(&mut self, changes: &ChangeSet) {
        for range in self.toggled.iter_mut().chain(&mut self.staged) {
            *range = changes.map_offset(range.start, Bias::Left)
                ..changes.map_offset(range.end, Bias::Right);
        }
        for removed in &mut self.removed {
            removed.lines.offset = changes.map_offset(removed.lines.offset, Bias::Right);
        }
    }

    /// Whether the change at a place stands open.
    pub(crate) fn is_open(&self, range: &Range<usize>) -> bool {
        self.all != self.toggled.iter().any(|toggled| touches(toggled, range))
    }

    /// Whether the staged change at a place stands open.
    pub(crate) fn is_staged_open(&self, range: &Range<usize>) -> bool {
        self.staged.iter().any(|open| touches(open, range))
    }

    /// Opens a staged change, or closes it.
    pub(crate) fn toggle_staged(&mut self, range: &Range<usize>) {
        let known = self.staged.len();
        self.staged.retain(|open| !touches(open, range));
        if self.staged.len() == known {
            self.staged.push(range.clone());
        }
    }

    /// Whether some changes were opened, one by one.
    pub(crate) fn has_opened(&self) -> bool {
        (!self.all && !self.toggled.is_empty()) || !self.staged.is_empty()
    }

    /// Whether some changes were opened, one by one or all at once.
    pub(crate) fn has_any(&self) -> bool {
        self.all || !self.toggled.is_empty() || !self.staged.is_empty()
    }

    /// Whether changes stand open unless they were toggled.
    pub(crate) fn opens_all(&self) -> bool {
        self.all
    }

    /// The places of the changes that were toggled, in order.
    pub(crate) fn toggled(&self) -> Vec<Range<usize>> {
        let mut toggled = self.toggled.clone();
        toggled.sort_by_key(|range| (range.start, range.end));
        toggled
    }

    /// Opens what was open when the view was left.
    pub(crate) fn restore(&mut self, all: bool, toggled: Vec<Range<usize>>) {
        self.all = all;
        self.toggled = toggled;
    }

    fn toggle(&mut self, range: &Range<usize>) {
        let known = self.toggled.len();
        self.toggled.retain(|toggled| !touches(toggled, range));
        if self.toggled.len() == known {
            self.toggled.push(range.clone());
        }
    }

    /// What is known of the syntax of a version of git's.
    pub(crate) fn colors_of(&mut self, version: GitVersion) -> &mut GitColors {
        match version {
            GitVersion::Index => &mut self.colors,
            GitVersion::Commit => &mut self.committed_colors,
        }
    }

    /// The rows of a version of git's that are shown.
    pub(crate) fn shown_git_rows(&self, version: GitVersion) -> Vec<Range<usize>> {
        let shown = self.removed.iter();
        let shown = shown.filter(|removed| removed.lines.of == version);
        shown.map(|removed| removed.lines.rows.clone()).collect()
    }

    /// The bytes of the text whose changes a frame may show.
    pub(crate) fn bytes_in(&self, frame: &Frame) -> Option<Range<usize>> {
        let rows = frame.rows.iter();
        let rows = rows.map(|row| row.text.range.clone());
        let blocks = frame.blocks.iter();
        let blocks = blocks.filter_map(|block| self.offset_of(block.id));
        rows.chain(blocks.map(|offset| offset..offset))
            .reduce(|all, one| all.start.min(one.start)..all.end.max(one.end))
    }

    /// The offset of the change whose lines of git's a block shows.
    fn offset_of(&self, block: BlockId) -> Option<usize> {
        let mut removed = self.removed.iter();
        Some(removed.find(|removed| removed.block == block)?.lines.offset)
    }
}

/// Two changes have an unchanged line between them.
fn touches(one: &Range<usize>, other: &Range<usize>) -> bool {
    one.start <= other.end && other.start <= one.end
}

/// The element of git's lines, which are looked up once it is drawn.
fn removed_lines(
    (offset, row): (u64, u64),
    lines: Lines,
    rules: CellRules,
    (known, words): (LineColors, KnownWords),
) -> RenderBlock {
    let shown: OnceCell<(Vec<SharedString>, Vec<DisplayText>)> = OnceCell::new();
    Rc::new(move |context, _, cx| {
        let text = &lines.version.0.text;
        let (shown, forms) = shown.get_or_init(|| {
            let forms = shown_rows(text, lines.rows.clone(), rules);
            let shown = forms.iter().map(|form| SharedString::from(&form.text));
            (shown.collect(), forms)
        });
        let theme = cx.kiln_theme();
        let (color, background) = (theme.editor_text, theme.diff_removed_background);
        let spans = known.borrow().get(&lines.rows).cloned();
        let spans = spans.unwrap_or_default();
        let words = words.borrow().get(&lines.rows).cloned().unwrap_or_default();
        let colors = |index: usize| {
            // The last row may say how many more lines there are.
            let Some(row) = rows_in_view(&lines.rows).nth(index) else {
                return Vec::new();
            };
            let line = text.line_start(row)..text.line_end(row);
            let marks = words.in_other_line(line.clone(), &forms[index]);
            let colors = colors_in(&spans, line, &forms[index])
                .into_iter()
                .map(|(place, highlight)| (place, theme.syntax_style(highlight.name())))
                .collect();
            with_words(colors, marks, theme.diff_removed_word)
        };
        let (label, name) = match lines.of {
            GitVersion::Commit => ("Lines in git's last commit", "committed-lines"),
            GitVersion::Index => ("Lines in git's index", "git-lines"),
        };
        let id = ElementId::Name(format!("{name}-{offset}-{row}").into());
        rows_of_lines(id, label, color, background, shown, colors, context)
    })
}

impl EditorView {
    /// Opens all changes since git's version, or closes them.
    pub(crate) fn toggle_inline_hunks(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        if self.inline_hunks.all {
            self.inline_hunks.all = false;
            self.inline_hunks.toggled.clear();
            cx.emit(ItemEvent::ViewMoved);
            self.update_inline_hunks(cx);
            return;
        }
        let Some(hunks) = self.hunks_to_show(window, cx) else {
            return;
        };
        let message = "Nothing differs from git's index yet; what you change will be shown.";
        if hunks.is_empty() {
            ui::notify(Severity::Info, message, window, cx);
        }
        self.inline_hunks.all = true;
        self.inline_hunks.toggled.clear();
        self.show_hunks(&hunks, cx);
    }

    /// Opens the changes where something is selected; closes them where all of them are open.
    pub(crate) fn toggle_selected_hunks(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let Some(hunks) = self.hunks_to_show(window, cx) else {
            return;
        };
        let text = self.text(cx);
        let is_selected = |range: &Range<usize>| {
            self.selections.iter().any(|selection| {
                let first = text.line_start(text.row_at(selection.start()));
                let end = text.line_end(text.row_at(selection.end()));
                range.start <= end && (first < range.end || first == range.start)
            })
        };
        let selected: Vec<_> = hunks.into_iter().filter(is_selected).collect();
        let staged = self.staged(cx).into_iter().flat_map(RangeSet::iter);
        let staged: Vec<_> = staged.map(|(_, range, _)| range).collect();
        let staged: Vec<_> = staged.into_iter().filter(is_selected).collect();
        if selected.is_empty() && !staged.is_empty() {
            return self.toggle_staged(&staged, cx);
        }
        if selected.is_empty() {
            let message = "Nothing that is selected differs from git's index.";
            ui::notify(Severity::Info, message, window, cx);
            return;
        }
        let all_open = selected
            .iter()
            .all(|range| self.inline_hunks.is_open(range));
        for range in &selected {
            if self.inline_hunks.is_open(range) == all_open {
                self.inline_hunks.toggle(range);
            }
        }
        self.show_hunks(&selected, cx);
    }

    /// Opens the change whose mark in the gutter stands at an offset, or closes it.
    pub(crate) fn toggle_hunk_at(&mut self, offset: usize, cx: &mut Context<Self>) -> bool {
        let Some((_, range)) = self.hunk_at(offset..offset, cx) else {
            return false;
        };
        self.make_room_for_hunks(cx);
        self.select_in_place(Selections::caret(range.start), cx);
        self.inline_hunks.toggle(&range);
        self.show_hunks(&[range], cx);
        true
    }

    /// Opens the change whose mark in the gutter stands at an offset, staged or not, or closes it.
    pub(crate) fn toggle_mark_at(&mut self, offset: usize, cx: &mut Context<Self>) -> bool {
        self.toggle_hunk_at(offset, cx) || self.toggle_staged_at(offset, cx)
    }

    /// Opens one change and closes those that were opened before.
    pub(crate) fn open_only_hunk(&mut self, range: Range<usize>, cx: &mut Context<Self>) {
        self.make_room_for_hunks(cx);
        if !self.inline_hunks.all {
            self.inline_hunks.toggled.clear();
        }
        if !self.inline_hunks.is_open(&range) {
            self.inline_hunks.toggle(&range);
        }
        self.show_hunks(&[range], cx);
    }

    /// Closes the changes that were opened one by one.
    pub(crate) fn close_opened_hunks(&mut self, cx: &mut Context<Self>) {
        if self.inline_hunks.has_opened() {
            if !self.inline_hunks.all {
                self.inline_hunks.toggled.clear();
            }
            self.inline_hunks.staged.clear();
            cx.emit(ItemEvent::ViewMoved);
            self.update_inline_hunks(cx);
        }
    }

    /// The changes of a text that git has a version of; says so where it has none.
    fn hunks_to_show(
        &mut self,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) -> Option<Vec<Range<usize>>> {
        let buffer = self.buffer_ref(cx)?;
        if buffer.compared_version().is_none() {
            let message = "Git's index has no version of this text to compare it with.";
            ui::notify(Severity::Info, message, window, cx);
            return None;
        }
        let hunks = buffer.hunks().iter().map(|(_, range, _)| range).collect();
        self.make_room_for_hunks(cx);
        Some(hunks)
    }

    /// Shows what was toggled, out of what is folded too.
    fn show_hunks(&mut self, hunks: &[Range<usize>], cx: &mut Context<Self>) {
        let open = |range: &&Range<usize>| self.inline_hunks.is_open(range);
        let starts = hunks.iter().filter(open).map(|range| range.start);
        let places: Vec<_> = starts.map(|start| start..start).collect();
        self.unfold_places(&places, cx);
        cx.emit(ItemEvent::ViewMoved);
        self.update_inline_hunks(cx);
    }

    /// Brings the rows of git's lines in step with the changes, which were found anew, moved or
    /// toggled. While another difference is shown there are none.
    pub(crate) fn update_inline_hunks(&mut self, cx: &mut Context<Self>) {
        let text = self.display(cx).text().clone();
        let inline = &self.inline_hunks;
        if !inline.has_any() && inline.removed.is_empty() {
            cx.notify();
            return;
        }
        let Some(buffer) = self.buffer_ref(cx) else {
            return;
        };
        let hunks = buffer.hunks();
        let is_there = |toggled: &Range<usize>| hunks.touching(toggled.clone()).next().is_some();
        // What comes back is there before its changes are.
        let staged = buffer.staged();
        let is_staged = |open: &Range<usize>| staged.touching(open.clone()).next().is_some();
        if buffer.knows_hunks() {
            self.inline_hunks.toggled.retain(is_there);
            self.inline_hunks.staged.retain(is_staged);
        }
        let open = &self.inline_hunks;
        let wanted = match buffer.found_version().cloned() {
            Some(version) if self.compare.is_none() => {
                let committed = version.staged.as_ref().map(|staged| &staged.committed);
                let committed = committed.cloned().map(SameVersion).map(|version| {
                    let staged = staged.iter().filter(|(_, range, hunk)| {
                        !hunk.base_rows.is_empty() && open.is_staged_open(range)
                    });
                    staged
                        .map(|(_, range, hunk)| Lines {
                            of: GitVersion::Commit,
                            ..lines_of(&text, range.start, hunk, &version)
                        })
                        .collect::<Vec<_>>()
                });
                let version = SameVersion(version.clone());
                let open = hunks
                    .iter()
                    .filter(|(_, range, hunk)| !hunk.base_rows.is_empty() && open.is_open(range))
                    .map(|(_, range, hunk)| lines_of(&text, range.start, hunk, &version));
                committed.into_iter().flatten().chain(open).collect()
            }
            _ => Vec::new(),
        };
        self.show_removed_lines(wanted, cx);
        self.color_git_lines(cx);
        cx.notify();
    }

    fn show_removed_lines(&mut self, wanted: Vec<Lines>, cx: &mut Context<Self>) {
        let kept: HashSet<&Lines> = wanted.iter().collect();
        let (stay, go): (Vec<_>, Vec<_>) = std::mem::take(&mut self.inline_hunks.removed)
            .into_iter()
            .partition(|removed| kept.contains(&removed.lines));
        let shown: HashSet<Lines> = stay.iter().map(|removed| removed.lines.clone()).collect();
        let new: Vec<Lines> = wanted
            .into_iter()
            .filter(|lines| !shown.contains(lines))
            .collect();
        self.inline_hunks.removed = stay;
        if !go.is_empty() {
            let go: Vec<BlockId> = go.into_iter().map(|removed| removed.block).collect();
            self.remove_blocks(&go, cx);
        }
        if new.is_empty() {
            return;
        }
        let rules = CellRules::of_settings(self.language_settings(cx));
        let block = |lines: &Lines| BlockElement {
            offset: lines.offset,
            placement: lines.placement,
            rows: count_of_rows(lines.rows.len()) as u32,
            render: removed_lines(
                // Two may stand at one place, where what was staged is gone.
                (lines.offset as u64, lines.rows.start as u64),
                lines.clone(),
                rules,
                match lines.of {
                    GitVersion::Index => (
                        self.inline_hunks.colors.lines(),
                        self.inline_hunks.words.known(),
                    ),
                    // The words that are known are those beside the index.
                    GitVersion::Commit => (
                        self.inline_hunks.committed_colors.lines(),
                        KnownWords::default(),
                    ),
                },
            ),
        };
        let with_lines = |lines: &Lines| {
            let shown = lines.clone();
            let all: BlockLines = Rc::new(move || {
                let forms = shown_rows(&shown.version.0.text, shown.rows.clone(), rules);
                forms
                    .iter()
                    .map(|form| SharedString::from(&form.text))
                    .collect()
            });
            (block(lines), Some(all))
        };
        let blocks = self.insert_line_blocks(new.iter().map(with_lines).collect(), cx);
        let added = blocks.into_iter().zip(new);
        let added = added.map(|(block, lines)| RemovedLines { block, lines });
        self.inline_hunks.removed.extend(added);
    }

    /// Whether a block shows lines of the last commit, in whose place something else is staged.
    pub(crate) fn shows_committed_lines(&self, block: &VisibleBlock) -> bool {
        let mut removed = self.inline_hunks.removed.iter();
        removed.any(|removed| removed.block == block.id && removed.lines.of == GitVersion::Commit)
    }

    /// Whether a block shows lines of git's.
    pub(crate) fn shows_git_lines(&self, block: &VisibleBlock) -> bool {
        self.inline_hunks.offset_of(block.id).is_some()
    }

    /// Where git's lines of the change at an offset are shown, if they are in the frame.
    pub(crate) fn removed_rows<'a>(
        &self,
        frame: &'a Frame,
        offset: usize,
    ) -> Option<&'a VisibleBlock> {
        let mut blocks = frame.blocks.iter();
        blocks.find(|block| self.inline_hunks.offset_of(block.id) == Some(offset))
    }

    /// The offset of the change that a row of the frame is of: git's lines, or those of the text.
    pub(crate) fn hunk_row(&self, frame: &Frame, position: Point<Pixels>) -> Option<usize> {
        let row = frame.row_at(position.y);
        let mut blocks = frame.blocks.iter();
        let block = blocks.find(|block| (block.first..block.end()).contains(&row));
        match block {
            Some(block) => self.inline_hunks.offset_of(block.id),
            None => {
                let index = frame.rows.binary_search_by_key(&row, |row| row.row).ok()?;
                Some(frame.rows[index].text.range.start)
            }
        }
    }
}

/// Git's lines of a change that begins at an offset.
fn lines_of(text: &Text, offset: usize, hunk: &Hunk, version: &SameVersion) -> Lines {
    Lines {
        offset,
        placement: beside_line(text, offset),
        rows: hunk.base_rows.clone(),
        version: version.clone(),
        of: GitVersion::Index,
    }
}

/// Paints what is behind the lines that git has not, of the changes that stand open.
pub(crate) fn paint_added(view: &EditorView, buffer: &Buffer, frame: &Frame, window: &mut Window) {
    if view.compare.is_some() {
        return;
    }
    let color = frame.style.colors.diff_added_background;
    for row in &frame.rows {
        let start = row.text.range.start;
        let is_added = |(_, range, hunk): (_, Range<usize>, &Hunk)| {
            hunk.kind() != HunkKind::Removed
                && (start < range.end || start == range.start)
                && view.inline_hunks.is_open(&range)
        };
        let is_staged = |(_, range, hunk): (_, Range<usize>, &Hunk)| {
            hunk.kind() != HunkKind::Removed
                && (start < range.end || start == range.start)
                && view.inline_hunks.is_staged_open(&range)
        };
        let is_tinted = buffer.hunks().touching(start..start).any(is_added)
            || buffer.staged().touching(start..start).any(is_staged);
        if is_tinted {
            let bounds = Bounds::new(
                point(frame.text_area.left(), frame.row_top(row.row)),
                size(frame.text_area.size.width, frame.style.line_height),
            );
            window.paint_quad(fill(bounds, color));
        }
    }
    let Some(place) = view.inline_hunks.bytes_in(frame) else {
        return;
    };
    for (_, range, hunk) in buffer.hunks().touching(place) {
        if let Some(words) = view.inline_hunks.words.of(&hunk.base_rows)
            && view.inline_hunks.is_open(&range)
        {
            word_marks::paint(
                &words.here,
                frame.style.colors.diff_added_word,
                frame,
                window,
            );
        }
    }
}
