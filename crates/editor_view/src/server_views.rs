//! What the language server of a text shows in it beside what is wrong: asked for when it comes into
//! view or the text rests, kept while it holds, and dropped when the text has changed meanwhile.

use std::ops::Range;
use std::time::Duration;

use editor_core::ChangeSet;
use gpui_kit::{AsyncApp, Context, Task, WeakEntity, Window};
use lsp::{RequestError, Shown};
use ui::WorkspaceModel;
use workspace::BufferId;

use crate::code_lens::CodeLenses;
use crate::color_swatches::ColorSwatches;
use crate::formatting::FormatRun;
use crate::frame::Frame;
use crate::inlay_hints::InlayHints;
use crate::light_bulb::LightBulb;
use crate::linked_editing::LinkedEditing;
use crate::selection_ranges::ServedSelections;
use crate::semantic_tokens::SemanticTokens;
use crate::server_links::ServerLinks;
use crate::view::EditorView;

/// How long a text rests after an edit before its server is asked what it shows in it.
pub(crate) const REST: Duration = Duration::from_millis(250);
/// How long a view rests after it was scrolled.
pub(crate) const SCROLLED: Duration = Duration::from_millis(50);

/// What a language server shows in one view.
#[derive(Default)]
pub(crate) struct ServerViews {
    pub(crate) hints: InlayHints,
    pub(crate) tokens: SemanticTokens,
    pub(crate) lenses: CodeLenses,
    pub(crate) colors: ColorSwatches,
    pub(crate) links: ServerLinks,
    pub(crate) linked: LinkedEditing,
    pub(crate) selections: ServedSelections,
    pub(crate) bulb: LightBulb,
    /// What lays the text out.
    pub(crate) format_run: FormatRun,
    /// The work of laying out what was typed.
    pub(crate) laying_out: Option<Task<()>>,
}

impl ServerViews {
    /// Takes what is shown along with a change of the text; without one it is forgotten.
    pub(crate) fn follow(&mut self, changes: Option<&ChangeSet>) {
        self.tokens.follow(changes);
        self.links.follow(changes);
    }
}

/// When a server was asked about a whole text, and what is waited for.
#[derive(Default)]
pub(crate) struct Asking {
    /// The version of the text that was asked about last.
    asked: Option<u64>,
    waiting: Option<Task<()>>,
    /// Whether the server has nothing to say until it says otherwise.
    unserved: bool,
}

impl Asking {
    /// It is asked anew.
    pub(crate) fn stale(&mut self) {
        *self = Self::default();
    }

    pub(crate) fn was_asked(&self) -> bool {
        self.asked.is_some()
    }

    pub(crate) fn is_waiting(&self) -> bool {
        self.waiting.is_some()
    }
}

/// What is answered of a whole text, with the version of it.
type OfText<T> = Task<Result<(u64, T), RequestError>>;

impl EditorView {
    /// Asks the server about the whole text where it was not asked about it as it is, once it rests.
    /// `take` gets the answer if the text is still the same, or nothing where the server has none.
    pub(crate) fn ask_about_text<T: 'static>(
        &mut self,
        asking: fn(&mut Self) -> &mut Asking,
        ask: fn(&WorkspaceModel, BufferId, &Context<WorkspaceModel>) -> OfText<T>,
        take: fn(&mut Self, Option<T>, &mut Context<Self>),
        cx: &mut Context<Self>,
    ) {
        let version = self.display.version();
        let state = asking(self);
        if state.unserved || state.asked == Some(version) {
            return;
        }
        let delay = if state.was_asked() { REST } else { SCROLLED };
        state.asked = Some(version);
        state.waiting = Some(
            cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
                cx.background_executor().timer(delay).await;
                let asked = this.update(cx, |view, cx| {
                    let buffer = view.buffer;
                    view.model.update(cx, |model, cx| ask(model, buffer, cx))
                });
                // A view that is gone shows nothing.
                let Ok(asked) = asked else { return };
                let answer = asked.await;
                this.update(cx, |view, cx| {
                    view.display(cx);
                    let version = view.display.version();
                    let state = asking(view);
                    state.waiting = None;
                    match answer {
                        Ok((of, found)) if of == version => take(view, Some(found), cx),
                        Err(error) if error.is_unserved() => {
                            state.unserved = true;
                            take(view, None, cx);
                        }
                        // The next frame asks about the text as it is now. What fails is asked again
                        // after the next edit, or when the server says so.
                        _ => cx.notify(),
                    }
                })
                .ok();
            }),
        );
    }

    /// What the server said is out of date: all of it where nothing is named.
    pub(crate) fn server_answers_stale(&mut self, shown: Option<Shown>, cx: &mut Context<Self>) {
        let is = |one| shown.is_none_or(|shown| shown == one);
        if is(Shown::InlayHints) {
            self.served.hints.stale();
        }
        if is(Shown::Links) {
            self.served.links.asking.stale();
        }
        if is(Shown::Colors) {
            self.served.colors.asking.stale();
        }
        if is(Shown::CodeLenses) {
            self.served.lenses.stale();
        }
        if is(Shown::SemanticTokens) {
            self.served.tokens.stale();
        }
        if is(Shown::FoldingRanges) {
            self.folding.served.asking.stale();
        }
        cx.notify();
    }

    /// Another theme or other settings.
    pub(crate) fn server_views_restyled(&mut self, cx: &mut Context<Self>) {
        self.restyle_hints(cx);
        self.restyle_names(cx);
        self.restyle_lenses(cx);
        self.restyle_colors(cx);
    }

    /// A frame was laid out: what is in it and not known is asked for.
    pub(crate) fn server_views_follow(
        &mut self,
        frame: &Frame,
        window: &Window,
        cx: &mut Context<Self>,
    ) {
        let (Some(first), Some(last)) = (frame.shown.first(), frame.shown.last()) else {
            return;
        };
        let visible = first.start..last.end;
        self.names_follow_view(frame, &visible, cx);
        self.lenses_follow_view(&visible, cx);
        self.colors_follow_text(cx);
        self.links_follow_text(cx);
        self.folds_follow_text(cx);
        self.hints_follow_view(frame, visible, window, cx);
        self.light_bulb_follows(window, cx);
    }
}

/// Bytes with a view's height of lines around them, in whole lines.
pub(crate) fn with_margin(frame: &Frame, bytes: &Range<usize>) -> Range<usize> {
    let text = frame.text();
    let rows = frame.row_range.len().max(1);
    let first = text.row_at(bytes.start).saturating_sub(rows);
    let last = (text.row_at(bytes.end) + rows).min(text.line_count().saturating_sub(1));
    text.line_start(first)..text.line_end(last)
}

/// Stretches of a text about which something is known, in order and apart from each other.
#[derive(Debug, Default)]
pub(crate) struct Known(Vec<Range<usize>>);

impl Known {
    /// Whether all bytes of a range are among them.
    pub(crate) fn covers(&self, range: &Range<usize>) -> bool {
        let next = self.0.partition_point(|one| one.end < range.end);
        self.0
            .get(next)
            .is_some_and(|one| one.start <= range.start && range.end <= one.end)
    }

    pub(crate) fn add(&mut self, range: Range<usize>) {
        let first = self.0.partition_point(|one| one.end < range.start);
        let last = self.0.partition_point(|one| one.start <= range.end);
        let joined = self.0[first..last.max(first)]
            .iter()
            .fold(range, |joined, one| {
                joined.start.min(one.start)..joined.end.max(one.end)
            });
        self.0.splice(first..last.max(first), [joined]);
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_that_meet_become_one() {
        let mut known = Known::default();
        assert!(!known.covers(&(0..0)));
        for range in [10..20, 40..50, 30..35, 20..25] {
            known.add(range);
        }
        assert_eq!(known.0, [10..25, 30..35, 40..50]);
        assert!(known.covers(&(10..25)) && known.covers(&(31..34)));
        assert!(!known.covers(&(24..31)) && !known.covers(&(9..11)) && !known.covers(&(60..61)));
        known.add(22..40);
        assert!(known.covers(&(10..50)) && known.0.len() == 1);
    }
}
