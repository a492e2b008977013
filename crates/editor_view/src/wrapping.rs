//! Soft wrap: how wide rows may be, and cutting long lines without holding up a frame.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, PoisonError, RwLock};

use editor_core::display_map::{Measure, WrapIndent, WrapPiece, WrapRule};
use gpui_kit::{App, AppContext as _, AsyncApp, Context, FontId, Pixels, TextSystem, WeakEntity};
use settings::{EditorSettings, WordWrap, WrappingIndent};

use crate::editor_style::EditorStyle;
use crate::scroll::Reveal;
use crate::view::EditorView;

/// Bytes that are cut within a frame, around what it shows, so that it is right at once.
const BYTES_AT_ONCE: usize = 16 * 1024;

/// Pieces of [`BYTES_AT_ONCE`] in a frame.
const PIECES_AT_ONCE: usize = 2;

/// Views before and behind a place within a line that are cut with what is seen there, so that
/// scrolling by a page finds rows there.
const VIEWS_BEFORE: usize = 3;

/// The same in bytes, however small the view, and however large.
const BYTES_BEFORE: Range<usize> = 8 * 1024..64 * 1024;

/// Bytes that are cut at a time in the background.
const BYTES_A_PIECE: usize = 256 * 1024;

/// No row is narrower than this many cells, however narrow the view.
const FEWEST_CELLS: f32 = 4.;

/// Widths of grapheme clusters that are remembered, those outside ASCII alone.
const REMEMBERED: usize = 16 * 1024;

/// The widths of text in cells, as the font has them.
pub(crate) struct CellMeasure {
    text_system: Arc<TextSystem>,
    font: FontId,
    font_size: Pixels,
    cell: Pixels,
    ascii: [f32; 128],
    known: RwLock<HashMap<char, f32>>,
}

impl CellMeasure {
    pub(crate) fn new(style: &EditorStyle, cx: &App) -> Self {
        let text_system = cx.text_system().clone();
        let mut measure = Self {
            font: text_system.resolve_font(&style.font),
            text_system,
            font_size: style.font_size,
            cell: style.cell_width,
            ascii: [1.; 128],
            known: RwLock::default(),
        };
        for code in b'!'..=b'~' {
            measure.ascii[usize::from(code)] = measure.shaped(char::from(code));
        }
        measure
    }

    fn shaped(&self, character: char) -> f32 {
        let width = self
            .text_system
            .layout_width(self.font, self.font_size, character);
        width / self.cell
    }
}

impl Measure for CellMeasure {
    fn advance(&self, grapheme: &str) -> f32 {
        // What follows the first character of a cluster is drawn over it or joined with it.
        let Some(character) = grapheme.chars().next() else {
            return 0.;
        };
        if let Some(width) = self.ascii.get(character as usize) {
            return *width;
        }
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(width) = known.get(&character) {
            return *width;
        }
        drop(known);
        let width = self.shaped(character);
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() < REMEMBERED {
            known.insert(character, width);
        }
        width
    }

    fn cell(&self) -> f32 {
        1.
    }
}

/// How the rows of a view are bounded.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Wrapping {
    pub rule: WrapRule,
    /// Whether every row fits in the view, so that it does not scroll to the side.
    pub fits_view: bool,
}

/// The wrapping that the settings ask for in a view that is `view` wide; none where lines stay whole.
/// `column` is the one that `.editorconfig` asks for.
pub(crate) fn wrapping(
    mode: WordWrap,
    settings: &EditorSettings,
    column: Option<u32>,
    view: Pixels,
    cell: Pixels,
) -> Option<Wrapping> {
    let view_cells = (view / cell).floor();
    let column = column.unwrap_or(settings.word_wrap_column) as f32;
    let width = match mode {
        WordWrap::Off => return None,
        WordWrap::On => view_cells,
        WordWrap::Column => column,
        WordWrap::Bounded => view_cells.min(column),
    };
    Some(Wrapping {
        rule: WrapRule {
            width: width.max(FEWEST_CELLS),
            indent: match settings.wrapping_indent {
                WrappingIndent::None => WrapIndent::None,
                WrappingIndent::Same => WrapIndent::Same,
                WrappingIndent::Indent => WrapIndent::Indent,
                WrappingIndent::DeepIndent => WrapIndent::DeepIndent,
            },
        },
        fits_view: width <= view_cells,
    })
}

impl EditorView {
    /// How lines are wrapped here: as the settings say, or as the user toggled it in this view.
    pub(crate) fn word_wrap(&self, cx: &App) -> WordWrap {
        self.word_wrap_here
            .unwrap_or(self.language_settings(cx).editor.word_wrap)
    }

    /// Wraps lines that are not wrapped, and the other way round, in this view alone.
    pub(crate) fn toggle_word_wrap(&mut self, cx: &mut Context<Self>) {
        self.set_word_wrap(Some(self.word_wrap(cx) == WordWrap::Off), cx);
    }

    /// Wraps lines, or does not, in this view alone; as the settings have it where nothing is said.
    pub(crate) fn set_word_wrap(&mut self, wraps: Option<bool>, cx: &mut Context<Self>) {
        self.wrap_here(wraps, cx);
        let text = self.display.snapshot().text();
        let head = self.selections.primary().head.min(text.len());
        let row = self.display.snapshot().row_of(head);
        // A caret that was in view stays there; without one, the top row does.
        if let Some(frame) = &self.frame
            && frame.row_range.contains(&row)
        {
            self.reveal = Some(Reveal::Nearest);
        }
        self.widest = 0.;
        self.frame = None;
        cx.notify();
    }

    /// Whether the user has lines wrapped in this view, or not, other than the settings have it.
    pub(crate) fn wraps_here(&self) -> Option<bool> {
        self.word_wrap_here.map(|wrap| wrap != WordWrap::Off)
    }

    /// Wraps lines in this view, or does not; as the settings have it where that is the same.
    pub(crate) fn wrap_here(&mut self, wraps: Option<bool>, cx: &App) {
        let configured = self.language_settings(cx).editor.word_wrap;
        self.word_wrap_here = match wraps {
            Some(true) if configured == WordWrap::Off => Some(WordWrap::On),
            Some(false) if configured != WordWrap::Off => Some(WordWrap::Off),
            _ => None,
        };
    }

    /// Cuts what is soon seen, from the document's row `near` on, and has the rest cut in the
    /// background.
    pub(crate) fn wrap_lines(&mut self, near: usize, cx: &mut Context<Self>) {
        if !self.display.is_wrapping() {
            return;
        }
        let Some(measure) = self.measure.clone() else {
            return;
        };
        // Where that lies far within a line, what is cut of the line's start comes in the background.
        let near = match self.wrap_within_line(&*measure) {
            Some(line) if line == near => near + 1,
            _ => near,
        };
        let lines = self.display.snapshot().text().line_count();
        let pieces = if near < lines { PIECES_AT_ONCE } else { 0 };
        for _ in 0..pieces {
            let Some(job) = self.display.wrap_job_from(near, BYTES_AT_ONCE) else {
                break;
            };
            // In a line of megabytes, what is cut here would each time undo what is cut of it in the
            // background.
            if matches!(&self.wrapping_job, Some(running) if running.is_same(&job)) {
                break;
            }
            let piece = job.run(&*measure);
            // The first of these rows may be far above the top edge, in a line that begins there.
            self.take_cut(piece);
        }
        if self.display.is_wrapping() && self.wrapping.is_none() {
            self.wrapping = Some(cx.spawn(
                async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
                    // Ends when all is cut, or the view is gone.
                    while let Ok(true) = Self::wrap_piece(&this, cx).await {}
                },
            ));
        }
    }

    /// Cuts what is soon seen far within a line of megabytes, all of which would have to be cut first.
    /// Gives that line where what is seen lies so far within it, and is cut.
    fn wrap_within_line(&mut self, measure: &dyn Measure) -> Option<usize> {
        let text_len = self.display.snapshot().text().len();
        let place = match (self.reveal, self.came_back_at) {
            (Some(_), _) => self.revealed_byte().min(text_len),
            (None, Some(came_back)) => came_back.top.0.min(text_len),
            (None, None) => self.display.anchor(self.scroll.top).0,
        };
        let rule = self.display.style().wrap;
        let row = rule.map_or(0, |rule| rule.width as usize);
        let before =
            (VIEWS_BEFORE * self.page_rows() * row).clamp(BYTES_BEFORE.start, BYTES_BEFORE.end);
        let around = |bytes: usize| place.saturating_sub(bytes)..(place + bytes).min(text_len);
        // Where rows begin depends on where the first does. So that they do not move with each frame,
        // they are not found anew before what is nearer than a view is missing.
        let (needed, near) = (around(before / VIEWS_BEFORE), around(before));
        let bytes = before.max(BYTES_AT_ONCE);
        let job_within = |view: &Self, seen: &Range<usize>| {
            view.display.wrap_job_within_line(seen.clone(), bytes)
        };
        for _ in 0..PIECES_AT_ONCE {
            if job_within(self, &needed).is_none() {
                break;
            }
            let Some(job) = job_within(self, &near) else {
                break;
            };
            // As for any other piece, what is cut here would undo what is cut in the background.
            if matches!(&self.wrapping_job, Some(running) if running.is_same(&job)) {
                break;
            }
            let piece = job.run(measure);
            self.take_cut(piece);
        }
        let text = self.display.snapshot().text();
        let line = text.row_at(place);
        let is_far = place - text.line_start(line) > bytes;
        (is_far && self.display.is_cut(needed)).then_some(line)
    }

    /// Has one piece cut; false where nothing is left.
    async fn wrap_piece(this: &WeakEntity<Self>, cx: &mut AsyncApp) -> anyhow::Result<bool> {
        let job = this.update(cx, |view, cx| {
            view.display(cx);
            let near = view.top_line();
            let job = view.display.wrap_job(near, BYTES_A_PIECE);
            let job = job.zip(view.measure.clone());
            if job.is_none() {
                view.wrapping = None;
            }
            view.wrapping_job = job.as_ref().map(|(job, _)| job.clone());
            job
        })?;
        let Some((job, measure)) = job else {
            return Ok(false);
        };
        let piece = cx.background_spawn(async move { job.run(&*measure) }).await;
        this.update(cx, |view, cx| {
            view.take_cut(piece);
            cx.notify();
        })?;
        Ok(true)
    }

    /// Takes the cuts of a piece, with the row at the top edge staying there.
    fn take_cut(&mut self, piece: WrapPiece) {
        let (at_top, _) = self.display.anchor(self.scroll.top);
        self.keeping_top(|view| view.display.apply_wrap(piece));
        self.minimap.renumber(at_top, self.display.snapshot());
    }

    /// The document's row at the top edge.
    pub(crate) fn top_line(&self) -> usize {
        let (offset, _) = self.display.anchor(self.scroll.top);
        self.display.snapshot().text().row_at(offset)
    }

    /// Changes what rows there are, with the row at the top edge staying there.
    pub(crate) fn keeping_top<R>(&mut self, change: impl FnOnce(&mut Self) -> R) -> R {
        let scrolled = self.scroll.top >= 1.;
        let anchor = self.display.anchor(self.scroll.top);
        let result = change(self);
        if scrolled {
            self.scroll.top = self.display.top_of(anchor);
        }
        result
    }
}
