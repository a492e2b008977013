//! Folding: what can be folded in a view, what is, and what unfolds by itself.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use editor_core::display_map::Fold;
use editor_core::folding::{FoldRegion, FoldRegions, by_indentation};
use editor_core::{Bias, ChangeSet, Selection, Text};
use gpui_kit::{App, AppContext as _, Context, Task};
use settings::{Settings, StickyModel};
use syntax::{SyntaxFolds, plain_folds};

use crate::scroll::Reveal;
use crate::server_folds::ServedFolds;
use crate::view::EditorView;

/// What can be folded in the text that a view shows.
#[derive(Default)]
pub(crate) struct Folding {
    /// What was found in the text, and carried along since.
    found: FoldRegions,
    /// What of it are comments.
    comments: FoldRegions,
    /// What of it are imports.
    imports: FoldRegions,
    /// What of it somebody marked.
    marked: FoldRegions,
    /// What the server knows, in place of what was found; carried along too.
    pub(crate) served: ServedFolds,
    /// The same by indentation alone, where the settings ask for it and it is something else.
    indented: Option<FoldRegions>,
    /// What the user made of selections, in bytes.
    manual: Vec<Range<usize>>,
    /// All of them.
    regions: FoldRegions,
    /// What they were looked for by, last.
    rules: Option<FoldRules>,
    /// Whether they were looked for with the syntax of the text.
    is_parsed: bool,
    /// How often they were looked for.
    searches: usize,
    /// The search that is going on.
    search: Option<Task<()>>,
    cancel: Arc<AtomicBool>,
}

/// What of the settings decides where folds are.
#[derive(Clone, Copy, PartialEq, Eq)]
struct FoldRules {
    tab_size: u32,
    wants_indentation: bool,
}

impl FoldRules {
    fn of_settings(settings: &Settings) -> Self {
        let editor = &settings.editor;
        Self {
            tab_size: editor.tab_size,
            wants_indentation: editor.sticky_scroll_model == StickyModel::Indentation,
        }
    }
}

impl Folding {
    /// What can be folded.
    pub(crate) fn regions(&self) -> &FoldRegions {
        &self.regions
    }

    /// The comments among them.
    pub(crate) fn comments(&self) -> &FoldRegions {
        self.served.comments().unwrap_or(&self.comments)
    }

    /// The imports among them.
    pub(crate) fn imports(&self) -> &FoldRegions {
        self.served.imports().unwrap_or(&self.imports)
    }

    /// What somebody marked to be folded.
    pub(crate) fn marked(&self) -> &FoldRegions {
        self.served.marked().unwrap_or(&self.marked)
    }

    /// The lines that belong to less indented ones, where the settings ask for them.
    pub(crate) fn by_indentation(&self) -> &FoldRegions {
        match &self.indented {
            Some(indented) => indented,
            None => &self.found,
        }
    }

    /// What the user made foldable, in bytes.
    pub(crate) fn manual(&self) -> &[Range<usize>] {
        &self.manual
    }

    /// Takes what the user made foldable in another view of the same text.
    pub(crate) fn restore_manual(&mut self, manual: Vec<Range<usize>>, text: &Text) {
        self.manual = manual;
        self.combine(text);
    }

    /// Carries the regions along with a change.
    pub(crate) fn follow(&mut self, changes: &ChangeSet, before: &Text, after: &Text) {
        let comments = &mut self.comments;
        let (imports, marked) = (&mut self.imports, &mut self.marked);
        for regions in [&mut self.found, comments, imports, marked] {
            *regions = regions.map(changes, before, after);
        }
        self.served.follow(changes, before, after);
        if let Some(indented) = &mut self.indented {
            *indented = indented.map(changes, before, after);
        }
        for range in &mut self.manual {
            *range = changes.map_offset(range.start, Bias::Right)
                ..changes.map_offset(range.end, Bias::Left);
        }
        self.manual.retain(|range| range.start < range.end);
        self.combine(after);
    }

    pub(crate) fn combine(&mut self, text: &Text) {
        let manual = self.manual.iter().map(|range| FoldRegion {
            first: text.row_at(range.start),
            last: text.row_at(range.end),
        });
        self.regions = self.served.all().unwrap_or(&self.found).with(manual);
    }
}

/// A text of more bytes is looked at for folds only when it rests: it takes long enough to keep a
/// processor from what a person waits for.
const AT_ONCE: usize = 1024 * 1024;

/// How long such a text rests first.
const REST: Duration = Duration::from_millis(400);

impl EditorView {
    /// Looks in the background for what can be folded after an edit, where no parse will tell.
    pub(crate) fn find_folds_after_edit(&mut self, cx: &mut Context<Self>) {
        let Some(buffer) = self.buffer_ref(cx).filter(|one| one.syntax().is_none()) else {
            return;
        };
        if buffer.text().len() <= AT_ONCE {
            return self.find_folds(cx);
        }
        self.folding.cancel.store(true, Ordering::Relaxed);
        self.folding.search = Some(cx.spawn(async move |this, cx| {
            cx.background_executor().timer(REST).await;
            // The view may be closed by now.
            this.update(cx, |view, cx| view.find_folds(cx)).ok();
        }));
    }

    /// Looks in the background for what can be folded now.
    pub(crate) fn find_folds(&mut self, cx: &mut Context<Self>) {
        self.folding.cancel.store(true, Ordering::Relaxed);
        let Some(buffer) = self.buffer_ref(cx) else {
            return;
        };
        let (text, version) = (buffer.text().clone(), buffer.version());
        let (syntax, language) = (buffer.syntax().cloned(), buffer.language());
        let rules = FoldRules::of_settings(self.language_settings(cx));
        let FoldRules {
            tab_size,
            wants_indentation,
        } = rules;
        self.folding.rules = Some(rules);
        self.folding.searches += 1;
        let is_parsed = syntax.is_some();
        let cancel = Arc::new(AtomicBool::new(false));
        self.folding.cancel = cancel.clone();
        let finding = cx.background_spawn(async move {
            let indented = (wants_indentation && syntax.is_some())
                .then(|| by_indentation(&text, tab_size, &cancel))
                .flatten();
            let found = match syntax {
                Some(syntax) => syntax.fold_regions(&text, tab_size, &cancel),
                None => plain_folds(language, &text, tab_size, &cancel),
            };
            (found.map(|found| (found, indented)), text)
        });
        self.folding.search = Some(cx.spawn(async move |this, cx| {
            let (Some(found), text) = finding.await else {
                return;
            };
            // The view may be closed by now.
            this.update(cx, |view, cx| {
                view.folds_found(found, (&text, version), is_parsed, cx);
            })
            .ok();
        }));
    }

    /// Looks for what can be folded anew where the settings that matter to that have changed.
    pub(crate) fn folds_follow_settings(&mut self, cx: &mut Context<Self>) {
        if self.folding.rules != Some(FoldRules::of_settings(self.language_settings(cx))) {
            self.find_folds(cx);
        }
    }

    /// How often it was looked for what can be folded in this view, since that was made.
    pub fn fold_searches(&self) -> usize {
        self.folding.searches
    }

    fn folds_found(
        &mut self,
        (found, indented): (SyntaxFolds, Option<FoldRegions>),
        (text, version): (&Text, u64),
        is_parsed: bool,
        cx: &mut Context<Self>,
    ) {
        // Of a language without a grammar no parse tells them.
        self.model.update(cx, |model, cx| {
            model.update(cx, |workspace| workspace.tell_language_problems());
        });
        let display = self.display(cx);
        let later = self
            .buffer_ref(cx)
            .and_then(|buffer| buffer.changes_since(version));
        let Some(later) = later else {
            return;
        };
        let carried = |regions: &FoldRegions| match later.is_empty() {
            true => regions.clone(),
            false => regions.map(&later, text, display.text()),
        };
        self.folding.indented = indented.as_ref().map(carried);
        self.folding.found = carried(&found.regions);
        self.folding.comments = carried(&found.comments);
        self.folding.imports = carried(&found.imports);
        self.folding.marked = carried(&found.marked);
        self.folding.combine(display.text());
        // Those that are written later stay open.
        if is_parsed && !std::mem::replace(&mut self.folding.is_parsed, true) {
            let known = !self.folding.imports.as_slice().is_empty();
            if known && !std::mem::replace(&mut self.folding.served.met, true) {
                self.fold_met_imports(cx);
            }
        }
        cx.notify();
    }

    /// Hides regions. Carets in what is hidden go to the end of the row that stays.
    pub(crate) fn fold(
        &mut self,
        regions: impl IntoIterator<Item = FoldRegion>,
        cx: &mut Context<Self>,
    ) {
        let text = self.display(cx).text().clone();
        let ranges = regions.into_iter().map(|region| region.hidden(&text));
        let ranges = ranges.collect();
        let was_in_view = self.is_caret_in_view();
        self.fold_ranges(ranges, cx);
        if was_in_view && self.is_caret_covered(cx) {
            self.reveal = Some(Reveal::Nearest);
        }
    }

    /// Whether the last frame shows the row of the caret.
    fn is_caret_in_view(&self) -> bool {
        let display = self.display.snapshot();
        let head = self.selections.primary().head.min(display.text().len());
        let frame = self.frame.as_ref();
        frame.is_some_and(|frame| frame.row_range.contains(&display.row_of(head)))
    }

    /// Whether the row of the caret is beyond the view, or under what is pinned at its top.
    fn is_caret_covered(&self, cx: &App) -> bool {
        let Some(frame) = &self.frame else {
            return false;
        };
        let display = self.display.snapshot();
        let head = self.selections.primary().head.min(display.text().len());
        let pinned = self.covered_rows(head, display, &frame.extent, cx) as f64;
        let (row, top) = (display.row_of(head) as f64, self.scroll_target().top);
        row < top + pinned || top + frame.extent.view_rows() < row + 1.
    }

    /// Hides ranges of bytes, as [`EditorView::folded_ranges`] gives them; what lies outside the text
    /// is passed over.
    pub fn fold_ranges(&mut self, ranges: Vec<Range<usize>>, cx: &mut Context<Self>) {
        let len = self.display(cx).text().len();
        let known: HashSet<Range<usize>> = self
            .display
            .folds()
            .iter()
            .map(|fold| fold.range.clone())
            .collect();
        let new: Vec<Fold> = ranges
            .into_iter()
            .filter(|range| range.end <= len && !known.contains(range))
            .map(Fold::new)
            .collect();
        if new.is_empty() {
            return;
        }
        self.keeping_top(|view| view.display.fold(new));
        let display = self.display(cx);
        let out = |offset| match display.hidden_around(offset) {
            Some(hidden) => hidden.start,
            None => offset,
        };
        let moved = self.selections.transform(|selection| Selection {
            anchor: out(selection.anchor),
            head: out(selection.head),
            ..*selection
        });
        if !moved.same_places(&self.selections) {
            self.select_in_place(moved, cx);
        }
        cx.emit(ui::ItemEvent::ViewMoved);
        cx.notify();
    }

    /// Shows again what the folds hide for which `which` says so.
    pub(crate) fn unfold(&mut self, which: impl FnMut(&Fold) -> bool, cx: &mut Context<Self>) {
        self.display(cx);
        self.keeping_top(|view| view.display.unfold(which));
        cx.emit(ui::ItemEvent::ViewMoved);
        cx.notify();
    }

    /// The bytes that are folded away, those inside others too, so that a later view of the same text
    /// can fold them again.
    pub fn folded_ranges(&self) -> Vec<Range<usize>> {
        let folds = self.display.folds().iter();
        folds.map(|fold| fold.range.clone()).collect()
    }

    /// The folds whose first row, the one that stays, is `row`.
    pub(crate) fn folds_of_row(&self, row: usize) -> &[Fold] {
        let text = self.display.snapshot().text();
        let (start, end) = (text.line_start(row), text.line_end(row));
        let folds = self.display.folds();
        let first = folds.partition_point(|fold| fold.range.start < start);
        let last = folds.partition_point(|fold| fold.range.start <= end);
        &folds[first..last]
    }

    pub(crate) fn is_folded(&self, row: usize) -> bool {
        !self.folds_of_row(row).is_empty()
    }

    /// Folds or unfolds what begins in a row.
    pub(crate) fn toggle_fold_of_row(&mut self, row: usize, cx: &mut Context<Self>) {
        self.display(cx);
        if self.is_folded(row) {
            self.unfold_row(row, cx);
        } else {
            let region = self.folding.regions().starting_at(row);
            self.fold(region, cx);
        }
    }

    /// Unfolds what begins in a row.
    pub(crate) fn unfold_row(&mut self, row: usize, cx: &mut Context<Self>) {
        let text = self.display(cx).text().clone();
        let line = text.line_start(row)..=text.line_end(row);
        self.unfold(|fold| line.contains(&fold.range.start), cx);
    }

    /// Makes a region of the rows of every selection, and folds it. Its caret goes to the row that
    /// stays.
    pub(crate) fn fold_selections(&mut self, cx: &mut Context<Self>) {
        let text = self.display(cx).text().clone();
        let regions: Vec<FoldRegion> = self
            .selections
            .iter()
            .filter_map(|selection| {
                let first = text.row_at(selection.start());
                let mut last = text.row_at(selection.end());
                // A selection up to the start of a row does not mean that row.
                if selection.end() == text.line_start(last) && last > first {
                    last -= 1;
                }
                (first < last).then_some(FoldRegion { first, last })
            })
            .collect();
        if regions.is_empty() {
            return;
        }
        let manual = regions.iter().map(|region| region.hidden(&text));
        self.folding.manual.extend(manual);
        self.folding.combine(&text);
        let stays = |offset| {
            let row = text.row_at(offset);
            let region = regions.iter().find(|region| region.first == row);
            region.map(|region| text.line_end(region.first))
        };
        let carets = self
            .selections
            .transform(|selection| stays(selection.start()).map_or(*selection, Selection::caret));
        self.select_in_place(carets, cx);
        self.fold(regions, cx);
    }

    /// Forgets the regions that were made of selections and touch one, and shows what they hide.
    pub(crate) fn remove_manual_folds(&mut self, cx: &mut Context<Self>) {
        let text = self.display(cx).text().clone();
        let rows: Vec<Range<usize>> = self
            .selections
            .iter()
            .map(|selection| text.row_at(selection.start())..text.row_at(selection.end()) + 1)
            .collect();
        let (gone, kept) = std::mem::take(&mut self.folding.manual)
            .into_iter()
            .partition(|range: &Range<usize>| {
                let (first, last) = (text.row_at(range.start), text.row_at(range.end));
                rows.iter()
                    .any(|rows| rows.start <= last && first < rows.end)
            });
        self.folding.manual = kept;
        self.folding.combine(&text);
        let gone: Vec<Range<usize>> = gone;
        self.unfold(|fold| gone.contains(&fold.range), cx);
    }

    /// Unfolds what an edit reaches into, before it is made.
    pub(crate) fn unfold_edited(&mut self, changes: &ChangeSet, after: &Text) {
        if self.display.folds().is_empty() {
            return;
        }
        let edits: Vec<(Range<usize>, Range<usize>)> = changes
            .edits()
            .map(|edit| (edit.old_range, edit.new_range))
            .collect();
        let reaches = |fold: &Fold| {
            let first = edits.partition_point(|(old, _)| old.end < fold.range.start);
            edits[first..]
                .iter()
                .take_while(|(old, _)| old.start <= fold.range.end)
                .any(|(old, new)| {
                    let typed = || after.slice(new.clone());
                    if old.is_empty() && old.start == fold.range.end {
                        // Only a line of its own stands apart from what is hidden.
                        !typed().starts_with('\n')
                    } else if old.end <= fold.range.start {
                        // A new line would take what is hidden away from its first row.
                        typed().contains('\n')
                    } else {
                        true
                    }
                })
        };
        if self.display.folds().iter().any(reaches) {
            self.display.unfold(reaches);
        }
    }

    /// Unfolds what hides a caret.
    pub(crate) fn unfold_carets(&mut self) {
        if self.display.folds().is_empty() {
            return;
        }
        let display = self.display.snapshot().clone();
        let len = display.text().len();
        let is_hidden = |selection: &Selection| {
            let head = selection.head.min(len);
            let hidden = display.hidden_around(head)?;
            // All of the text may be selected up to the end of a fold without a caret in it.
            let inside = selection.is_empty() || selection.start() >= hidden.start;
            (inside || display.folds().is_folded(head)).then_some(head)
        };
        let hidden: Vec<usize> = self.selections.iter().filter_map(is_hidden).collect();
        if !hidden.is_empty() {
            self.keeping_top(|view| {
                view.display.unfold(|fold| {
                    let next = hidden.partition_point(|head| *head <= fold.range.start);
                    hidden.get(next).is_some_and(|head| *head <= fold.range.end)
                });
            });
        }
    }
}
