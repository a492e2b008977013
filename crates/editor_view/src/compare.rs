//! The difference between the text here and the text on the disk, or another one: that one's lines
//! stand in rows of their own above those that took their place, until the user has decided. Read the
//! other way around it shows what going to another state of the text would change.

use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use editor_core::display_map::{BlockId, BlockPlacement};
use editor_core::{Bias, ChangeSet, Text};
use gpui_kit::base::TestSupportExt as _;
use gpui_kit::prelude::*;
use gpui_kit::{
    AnyElement, App, Bounds, Context, ElementId, HighlightStyle, Hsla, Role, SharedString,
    StyledText, Task, Window, div, fill, point, size,
};
use ui::widgets::{Banner, Button};
use ui::{ActiveKilnTheme as _, IconName};

use crate::blocks::{BlockContext, BlockElement, BlockLines, RenderBlock};
use crate::differences::{Difference, LineStyles, differences_of_any};
use crate::display_text::CellRules;
use crate::find_step::CancelOnDrop;
use crate::frame::Frame;
use crate::line_cut::{parts_of, styles_in};
use crate::scroll::ScrollPosition;
use crate::view::EditorView;
use crate::word_marks::{self, with_words};

/// How long a text rests before it is compared anew.
const REST: Duration = Duration::from_millis(250);

/// How much of lines that will go is covered.
const SETTLED: f32 = 0.65;

/// The name of lines that would come.
pub(crate) const COMING: &str = "Lines that would come";

/// Which way a difference is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reading {
    /// From the other text to the one here: what is here alone was added.
    FromOther,
    /// From the text here to the other one: what is here alone would be removed.
    ToOther,
}

/// What a difference is shown for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DiffPurpose {
    /// To compare the text with the disk's, or another one.
    Compare,
    /// To show where a state of the undo history leads.
    History,
    /// To show a change that the agent asks for.
    Proposal,
}

impl DiffPurpose {
    fn reading(self) -> Reading {
        match self {
            Self::Compare => Reading::FromOther,
            Self::History | Self::Proposal => Reading::ToOther,
        }
    }
}

/// The difference, while it is shown.
pub(crate) struct InlineDiff {
    blocks: Vec<BlockId>,
    purpose: DiffPurpose,
    /// The other text and what it is called, where it was asked for by name.
    other: Option<(Text, SharedString)>,
    /// The bytes of the lines that are not on the disk, in order; none of an empty row at the end
    /// of the text.
    added: Vec<Range<usize>>,
    /// The bytes of the lines that will go, as was decided, in order.
    settled: Vec<Range<usize>>,
    /// The words that differ of the lines that are not on the disk, in bytes, in order.
    words: Vec<Range<usize>>,
    /// Looks for what differs, while that is not known. It ends with this.
    finding: Option<Task<()>>,
    /// Looks for what differs since an edit.
    again: Option<Task<()>>,
}

impl InlineDiff {
    /// Nothing that differs.
    pub(crate) fn new(purpose: DiffPurpose) -> Self {
        Self {
            blocks: Vec::new(),
            purpose,
            other: None,
            added: Vec::new(),
            settled: Vec::new(),
            words: Vec::new(),
            finding: None,
            again: None,
        }
    }

    /// Takes note of rows that stand in the place of others.
    pub(crate) fn replace_blocks(&mut self, gone: &[BlockId], new: &[BlockId]) {
        self.blocks.retain(|block| !gone.contains(block));
        self.blocks.extend(new);
    }

    /// Marks lines that would go, with their words that differ, and lines that will, each in order.
    pub(crate) fn mark(
        &mut self,
        (going, words): (Vec<Range<usize>>, Vec<Range<usize>>),
        settled: Vec<Range<usize>>,
    ) {
        self.added = going;
        self.words = words;
        self.settled = settled;
    }

    /// What it is shown for.
    pub(crate) fn purpose(&self) -> DiffPurpose {
        self.purpose
    }

    /// Carries the marks along with a change.
    pub(crate) fn follow(&mut self, changes: &ChangeSet) {
        for marked in [&mut self.added, &mut self.settled] {
            marked.retain_mut(|range| {
                let was_empty = range.start == range.end;
                *range = mapped(range, changes);
                was_empty || range.start != range.end
            });
        }
        word_marks::follow(&mut self.words, changes);
    }
}

fn mapped(range: &Range<usize>, changes: &ChangeSet) -> Range<usize> {
    changes.map_offset(range.start, Bias::Left)..changes.map_offset(range.end, Bias::Right)
}

/// The element of the other text's lines.
fn other_lines(
    number: usize,
    difference: Difference,
    reading: Reading,
) -> (RenderBlock, BlockLines) {
    let (lines, styles) = difference.into_other_lines();
    let lines: Rc<[SharedString]> = lines.into_iter().map(SharedString::from).collect();
    let all = lines.clone();
    let render: RenderBlock = Rc::new(move |context, _, cx| {
        let theme = cx.kiln_theme();
        let (label, background, word) = match reading {
            Reading::FromOther => (
                "Lines on the disk",
                theme.diff_removed_background,
                theme.diff_removed_word,
            ),
            Reading::ToOther => (COMING, theme.diff_added_background, theme.diff_added_word),
        };
        let id = ("removed-lines", number);
        let colors = (background, word);
        colored_lines(id, label, colors, &lines, &styles, context, cx)
    });
    (render, Rc::new(move || all.clone()))
}

/// Lines of another text with their colours in the rows of a block, before a background, and the words
/// of them that differ before another.
pub(crate) fn colored_lines(
    id: impl Into<ElementId>,
    label: &'static str,
    (background, word): (Hsla, Hsla),
    lines: &[SharedString],
    styles: &LineStyles,
    context: &BlockContext,
    cx: &App,
) -> AnyElement {
    let theme = cx.kiln_theme();
    let colors = |index: usize| {
        let parts = styles.colors.get(index).into_iter().flatten();
        let styled =
            parts.map(|(place, highlight)| (place.clone(), theme.syntax_style(highlight.name())));
        let words = styles.words.get(index).cloned().unwrap_or_default();
        with_words(styled.collect(), words, word)
    };
    rows_of_lines(
        id,
        label,
        theme.editor_text,
        background,
        lines,
        colors,
        context,
    )
}

/// Lines of another text in the rows of a block, as the editor shows its own; `colors` gives how parts
/// of a line are drawn, sorted, in bytes of what is shown.
pub(crate) fn rows_of_lines(
    id: impl Into<ElementId>,
    label: &'static str,
    color: Hsla,
    background: Hsla,
    lines: &[SharedString],
    colors: impl Fn(usize) -> Vec<(Range<usize>, HighlightStyle)>,
    context: &BlockContext,
) -> AnyElement {
    let rows = lines.iter().enumerate().map(|(index, line)| {
        let parts = parts_of(context.cut.as_ref(), index, line);
        (line, parts)
    });
    div()
        .id(id)
        .test_support()
        .role(Role::Group)
        .aria_label(label)
        .aria_value(lines.join("\n"))
        .size_full()
        .overflow_hidden()
        .bg(background)
        .text_color(color)
        .font(context.font.clone())
        .text_size(context.font_size)
        .line_height(context.row_height)
        .children(rows.enumerate().flat_map(|(index, (line, parts))| {
            let styles = colors(index);
            parts.into_iter().map(move |part| {
                let shown = SharedString::from(&line[part.bytes.clone()]);
                let styles = styles_in(&styles, &part);
                div()
                    .h(context.row_height)
                    .pl(context.cell_width * part.indent as f32)
                    .whitespace_nowrap()
                    .child(StyledText::new(shown).with_highlights(styles))
            })
        }))
        .into_any_element()
}

impl EditorView {
    /// Whether the difference to another text is shown in the text: the disk's, or one of its history.
    pub fn is_comparing(&self) -> bool {
        let purpose = self.compare.as_ref().map(InlineDiff::purpose);
        purpose.is_some_and(|purpose| purpose != DiffPurpose::Proposal)
    }

    /// Shows the difference, or the text alone again.
    pub(crate) fn toggle_compare(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        if self.is_comparing() {
            self.close_compare(cx);
            window.focus(&self.focus, cx);
            return;
        }
        let disk = self.buffer_ref(cx).and_then(|buffer| buffer.text_on_disk());
        if let Some(disk) = disk.cloned() {
            self.show_difference(disk, "the disk".into(), cx);
        }
    }

    /// Shows the changes from another text, which is named, to the one here.
    pub(crate) fn show_difference(
        &mut self,
        other: Text,
        name: SharedString,
        cx: &mut Context<Self>,
    ) {
        let shown = (other.clone(), name);
        let Some(comparing) = self.comparing(other, cx) else {
            return;
        };
        // What was compared before is no more, however long this takes.
        self.close_compare(cx);
        let mut waiting = InlineDiff::new(DiffPurpose::Compare);
        waiting.other = Some(shown.clone());
        waiting.finding = Some(cx.spawn(async move |this, cx| {
            let Some((found, version)) = comparing.await else {
                return;
            };
            // The view may be closed by now.
            this.update(cx, |view, cx| {
                view.show_differences(found, version, DiffPurpose::Compare, cx);
                if let Some(difference) = &mut view.compare {
                    difference.other = Some(shown);
                }
            })
            .ok();
        }));
        self.compare = Some(waiting);
        self.update_inline_hunks(cx);
        cx.notify();
    }

    /// Finds what differs from another text to the one here, of a version; ends once nobody waits.
    fn comparing(
        &self,
        other: Text,
        cx: &Context<Self>,
    ) -> Option<impl Future<Output = Option<(Vec<Difference>, u64)>> + use<>> {
        let buffer = self.buffer_ref(cx)?;
        let (version, language) = (buffer.version(), buffer.language());
        let text = buffer.text().clone();
        let rules = CellRules::of_settings(self.language_settings(cx));
        let cancel = Arc::new(AtomicBool::new(false));
        let given_up = CancelOnDrop(cancel.clone());
        let finding = cx.background_spawn(async move {
            differences_of_any(&other, &text, language, rules, &cancel)
        });
        Some(async move {
            let (found, _) = (finding.await, given_up);
            Some((found?, version))
        })
    }

    /// Finds anew what differs from the text that is compared with, once the text rests after an
    /// edit. Until then the marks go along with it.
    pub(crate) fn compare_again(&mut self, cx: &mut Context<Self>) {
        let Some(difference) = &mut self.compare else {
            return;
        };
        // What is not found yet is carried along when it is.
        let Some((other, _)) = difference.other.clone() else {
            return;
        };
        difference.again = Some(cx.spawn(async move |this, cx| {
            cx.background_executor().timer(REST).await;
            let Ok(Some(comparing)) = this.update(cx, |view, cx| view.comparing(other, cx)) else {
                return;
            };
            let Some((found, version)) = comparing.await else {
                return;
            };
            this.update(cx, |view, cx| view.replace_differences(found, version, cx))
                .ok();
        }));
    }

    /// Puts what differs now in the place of what did before an edit; nothing is scrolled or unfolded.
    fn replace_differences(
        &mut self,
        found: Vec<Difference>,
        version: u64,
        cx: &mut Context<Self>,
    ) {
        let Some(shown) = self.compare.as_ref().and_then(|shown| shown.other.clone()) else {
            return;
        };
        self.close_compare(cx);
        self.put_differences(found, version, DiffPurpose::Compare, false, cx);
        if let Some(difference) = &mut self.compare {
            difference.other = Some(shown);
        }
    }

    /// The strip that says what the text is compared with.
    pub(crate) fn render_compared(&self, cx: &mut Context<Self>) -> Option<Banner> {
        let shown = self.compare.as_ref()?;
        let (_, name) = shown.other.as_ref()?;
        let message = if shown.finding.is_some() {
            format!("Comparing with {name}…")
        } else if shown.blocks.is_empty() && shown.added.is_empty() {
            format!("Nothing differs from {name}.")
        } else {
            format!(
                "Compared with {name}. What is only there is marked as removed, what is only here as added."
            )
        };
        let hide = Button::new("compare-hide", "Hide differences")
            .quiet()
            .tooltip("Show your text alone, without the marks of what differs")
            .on_click(cx.listener(|view, _, window, cx| view.toggle_compare(window, cx)));
        let banner = Banner::new("compared", IconName::FileDiff, message);
        Some(banner.quiet().action(hide))
    }

    /// Shows what differs between the text of a version and another text.
    pub(crate) fn show_differences(
        &mut self,
        found: Vec<Difference>,
        version: u64,
        purpose: DiffPurpose,
        cx: &mut Context<Self>,
    ) {
        self.close_compare(cx);
        self.put_differences(found, version, purpose, true, cx);
    }

    /// Puts what differs between the text of a version and another text into the view. `is_new` says
    /// that it is to be seen: folds over it open, and the first of it is scrolled to.
    fn put_differences(
        &mut self,
        found: Vec<Difference>,
        version: u64,
        purpose: DiffPurpose,
        is_new: bool,
        cx: &mut Context<Self>,
    ) {
        let text = self.display(cx).text().clone();
        let later = self
            .buffer_ref(cx)
            .and_then(|buffer| buffer.changes_since(version));
        let Some(later) = later else {
            return;
        };
        let mut difference = InlineDiff::new(purpose);
        difference.added = found
            .iter()
            .filter(|one| !one.hunk().rows.is_empty())
            .map(Difference::place)
            .collect();
        let words = found.iter().flat_map(Difference::words_here).cloned();
        difference.words = words.collect();
        difference.follow(&later);
        let places: Vec<Range<usize>> = found
            .iter()
            .map(|one| mapped(&one.place(), &later))
            .collect();
        if is_new {
            self.unfold_places(&places, cx);
        }
        let blocks = found
            .into_iter()
            .zip(&places)
            .enumerate()
            .filter(|(_, (one, _))| !one.other_lines().is_empty())
            .map(|(number, (one, place))| {
                let rows = one.other_lines().len() as u32;
                let (render, lines) = other_lines(number, one, purpose.reading());
                let block = BlockElement {
                    offset: place.start,
                    placement: beside_line(&text, place.start),
                    rows,
                    render,
                };
                (block, Some(lines))
            })
            .collect();
        difference.blocks = self.insert_line_blocks(blocks, cx);
        if let Some(first) = places.first().filter(|_| is_new) {
            self.show_line_of(first.start);
        }
        self.compare = Some(difference);
        self.update_inline_hunks(cx);
        cx.notify();
    }

    /// Unfolds what hides a part of some places, sorted and apart: of lines, all but the last line feed.
    pub(crate) fn unfold_places(&mut self, places: &[Range<usize>], cx: &mut Context<Self>) {
        let last = |place: &Range<usize>| place.end.saturating_sub(1).max(place.start);
        self.unfold(
            |fold| {
                let next = places.partition_point(|place| last(place) <= fold.range.start);
                let place = places.get(next);
                place.is_some_and(|place| place.start <= fold.range.end)
            },
            cx,
        );
    }

    /// Shows the text alone again.
    pub(crate) fn close_compare(&mut self, cx: &mut Context<Self>) {
        if let Some(difference) = self.compare.take() {
            self.remove_blocks(&difference.blocks, cx);
            self.update_inline_hunks(cx);
            cx.notify();
        }
    }

    /// Scrolls to a line that is not in view, with what stands above it.
    pub(crate) fn show_line_of(&mut self, offset: usize) {
        const ROWS_ABOVE: usize = 5;
        let row = self.display.snapshot().row_of(offset);
        let in_view = self
            .frame
            .as_ref()
            .is_some_and(|frame| frame.row_range.contains(&row));
        if !in_view {
            let top = row.saturating_sub(ROWS_ABOVE) as f64;
            self.jump_to(ScrollPosition { top, ..self.scroll });
        }
    }
}

/// On which side of its line a block stands whose lines were before an offset: above, but that there
/// is no line to stand above behind a last line without a line feed.
pub(crate) fn beside_line(text: &Text, offset: usize) -> BlockPlacement {
    if offset == text.len() && text.char_before(offset) != Some('\n') && offset > 0 {
        BlockPlacement::Below
    } else {
        BlockPlacement::Above
    }
}

/// Paints what is behind the lines that are here alone.
pub(crate) fn paint_added(difference: &InlineDiff, frame: &Frame, window: &mut Window) {
    let colors = &frame.style.colors;
    let (color, word) = match difference.purpose.reading() {
        Reading::FromOther => (colors.diff_added_background, colors.diff_added_word),
        Reading::ToOther => (colors.diff_removed_background, colors.diff_removed_word),
    };
    paint_over(&difference.added, color, frame, window);
    word_marks::paint(&difference.words, word, frame, window);
}

/// Dims the lines that will go, as was decided, once their text is painted.
pub(crate) fn paint_settled(difference: &InlineDiff, frame: &Frame, window: &mut Window) {
    let color = frame.style.colors.editor_background.opacity(SETTLED);
    paint_over(&difference.settled, color, frame, window);
}

/// Paints over the rows of lines that begin and end at some bytes, in order.
fn paint_over(lines: &[Range<usize>], color: Hsla, frame: &Frame, window: &mut Window) {
    for row in &frame.rows {
        let start = row.text.range.start;
        let next = lines.partition_point(|lines| lines.start <= start);
        let last = next.checked_sub(1).and_then(|at| lines.get(at));
        let is_in = last.is_some_and(|lines| start < lines.end || start == lines.start);
        if is_in {
            let bounds = Bounds::new(
                point(frame.text_area.left(), frame.row_top(row.row)),
                size(frame.text_area.size.width, frame.style.line_height),
            );
            window.paint_quad(fill(bounds, color));
        }
    }
}
