//! A change that the agent asks for, shown in the text it is of: what would come stands above what
//! would go, and a strip accepts it or refuses it.
//!
//! Nobody accepts what they have not seen: all of it has to have been in sight, and not only just.

use std::ops::Range;
use std::rc::{Rc, Weak};
use std::time::{Duration, Instant};

use editor_core::Text;
use editor_core::display_map::{BlockId, BlockPlacement, DisplayRow, DisplaySnapshot, Marks};
use gpui_kit::{AppContext as _, Context, InteractiveElement, Task, Window, actions};
use ui::widgets::{Banner, Button, IconButton};
use ui::{CommandSpec, IconName, ProposedEdit, ProposedEdits};
use workspace::Buffer;

use crate::commands::Run;
use crate::compare::{DiffPurpose, Difference, InlineDiff, beside_line, comparable, differences};
use crate::display_text::CellRules;
use crate::frame::Frame;
use crate::view::EditorView;

/// What is pressed sooner after a change appeared was meant for something else.
const ARMING: Duration = Duration::from_millis(500);

crate::commands::commands! {
    AcceptProposedEdit "inlineChat.acceptChanges" "Accept the Agent's Change" => |v, window, cx| v.accept_proposal(window, cx);
    RefuseProposedEdit "inlineChat.discard" "Refuse the Agent's Change" => |v, window, cx| v.refuse_proposal(window, cx);
    ToggleProposedEdit "inlineChat.toggleDiff" "Show or Hide the Agent's Change" => |v, window, cx| v.toggle_proposal(window, cx);
}

/// A change that the agent waits with.
pub(crate) struct Proposal {
    edit: ProposedEdit,
    /// What it would change, once that is known, and the version of the text.
    found: Option<(Vec<Difference>, u64)>,
    /// Cells of its longest new line.
    widest: u32,
    parts: Vec<Part>,
    since: Instant,
    /// The frame from before it was shown.
    before: Weak<Frame>,
    /// Whether it is scrolled to once it is shown.
    reveals: bool,
    /// Whether the user hid it.
    is_hidden: bool,
    /// Whether the user opened git's changes, which show the same lines otherwise, after it.
    is_behind_hunks: bool,
    /// The work of comparing.
    finding: Option<Task<()>>,
}

/// Lines that would be others.
struct Part {
    /// Where they begin and end.
    place: Range<usize>,
    /// The rows of those that would come, if any, and on which side of their line they stand.
    coming: Option<(BlockId, BlockPlacement)>,
    /// Those of its rows that were not in sight yet; `None` before the first frame with it.
    unseen: Option<Range<usize>>,
}

impl Part {
    /// The parts of a change, as it is shown.
    fn of(found: &[Difference], shown: &InlineDiff, text: &Text) -> Vec<Self> {
        let mut blocks = shown.blocks().iter();
        let parts = found.iter().map(|difference| {
            let place = difference.place();
            let has_coming = !difference.other_lines().is_empty();
            let block = has_coming.then(|| blocks.next()).flatten();
            Self {
                coming: block.map(|block| (*block, beside_line(text, place.start))),
                place,
                unseen: None,
            }
        });
        parts.collect()
    }

    /// Its rows on the screen; `None` where they are folded away.
    fn rows(&self, display: &DisplaySnapshot) -> Option<Range<usize>> {
        let first = display.row_of(self.place.start);
        let end = match self.place.is_empty() {
            true => first,
            false => display.row_of(self.place.end - 1) + 1,
        };
        let Some((block, placement)) = self.coming else {
            return Some(first..end);
        };
        // Other blocks may stand beside the same line.
        match placement {
            BlockPlacement::Above => {
                let mut row = first;
                loop {
                    row = row.checked_sub(1)?;
                    let DisplayRow::Block(id, line) = display.row(row) else {
                        return None;
                    };
                    row -= line as usize;
                    if id == block {
                        return Some(row..end);
                    }
                }
            }
            BlockPlacement::Below => {
                let is_coming = |row: &usize| match display.row(*row) {
                    DisplayRow::Block(id, _) => Some(id == block),
                    DisplayRow::Text(_) => None,
                };
                let mut below = (first + 1..).map_while(|row| Some((row, is_coming(&row)?)));
                let start = below.find(|(_, is_coming)| *is_coming)?.0;
                let more = below.take_while(|(_, is_coming)| *is_coming).count();
                Some(start..start + 1 + more)
            }
        }
    }

    fn is_seen(&self) -> bool {
        self.unseen.as_ref().is_some_and(Range::is_empty)
    }

    /// Takes note of the rows that a frame shows.
    fn see(&mut self, shown: &Range<usize>, display: &DisplaySnapshot) {
        let Some(rows) = self.rows(display) else {
            return;
        };
        let relative = |row: usize| row.saturating_sub(rows.start).min(rows.len());
        let shown = relative(shown.start)..relative(shown.end);
        let unseen = self.unseen.get_or_insert(0..rows.len());
        if shown.start <= unseen.start {
            unseen.start = unseen.start.max(shown.end);
        }
        if shown.end >= unseen.end {
            unseen.end = unseen.end.min(shown.start).max(unseen.start);
        }
    }
}

/// The rows that a frame shows from top to bottom, and not under the lines that are pinned there;
/// none while their beginnings are out of sight.
fn rows_in_sight(frame: &Frame) -> Range<usize> {
    let top = frame.scroll.top;
    if frame.scroll.left > 0. {
        return 0..0;
    }
    let first = top.ceil() as usize + frame.sticky.len();
    first..((top + frame.extent.view_rows()).floor() as usize).max(first)
}

/// Whether a change can be accepted.
#[derive(Clone, Copy, PartialEq)]
enum Acceptance {
    Now,
    /// Something of it was not in sight: this row.
    Unseen(usize),
    /// A line reaches out of sight.
    TooWide,
}

impl EditorView {
    /// Shows the change that the agent waits with, where it is of this text, or takes it away.
    pub(crate) fn follow_proposal(&mut self, cx: &mut Context<Self>) {
        let edit = self.buffer_ref(cx).and_then(|buffer: &Buffer| {
            let edit = ProposedEdits::of(&self.model, buffer.path()?, cx)?;
            (!buffer.is_read_only()).then_some(edit)
        });
        let known = self.proposal.as_ref().map(|proposal| &proposal.edit);
        if known == edit.as_ref() {
            return;
        }
        self.drop_proposal(cx);
        let (Some(edit), Some(buffer)) = (edit, self.buffer_ref(cx)) else {
            return;
        };
        let (text, version) = (buffer.text().clone(), buffer.version());
        let language = buffer.language();
        let rules = CellRules {
            // What would deceive the eye is seen, whatever the settings say.
            marks: Marks::default(),
            ..CellRules::of_settings(cx)
        };
        let (before, after) = (edit.before.clone(), edit.after.clone());
        let finding = cx.background_spawn(async move {
            let after = Text::new(&after);
            let before: &str = &before;
            let fits = text == *before && comparable(&after, &text);
            fits.then(|| differences(&after, &text, language, rules))
        });
        let task = cx.spawn(async move |this, cx| {
            let found = finding.await;
            // The view may be closed by now.
            this.update(cx, |view, cx| {
                let current = view.buffer_ref(cx).map(Buffer::version) == Some(version);
                match found.filter(|found| current && found.iter().all(Difference::is_whole)) {
                    Some(found) => view.found_proposal(found, version, cx),
                    None => view.drop_proposal(cx),
                }
            })
            .ok();
        });
        self.proposal = Some(Proposal {
            edit,
            found: None,
            widest: 0,
            parts: Vec::new(),
            since: cx.background_executor().now(),
            before: Weak::new(),
            reveals: true,
            is_hidden: false,
            is_behind_hunks: false,
            finding: Some(task),
        });
    }

    fn found_proposal(&mut self, found: Vec<Difference>, version: u64, cx: &mut Context<Self>) {
        if let Some(proposal) = &mut self.proposal {
            proposal.widest = found.iter().map(Difference::cells).max().unwrap_or(0);
            proposal.found = Some((found, version));
            proposal.finding = None;
            self.settle_proposal(cx);
        }
    }

    /// Shows the change, as far as the user has opened or hidden nothing that speaks against it. It
    /// comes back with nothing of it seen.
    pub(crate) fn settle_proposal(&mut self, cx: &mut Context<Self>) {
        let version = self.buffer_ref(cx).map(Buffer::version);
        let is_covered = self.undo_history.is_some() || self.compare.is_some();
        let has_hunks = self.inline_hunks.has_any();
        let Some(proposal) = &mut self.proposal else {
            return;
        };
        proposal.is_behind_hunks &= has_hunks;
        if is_covered || proposal.is_hidden || proposal.is_behind_hunks {
            return;
        }
        let Some((found, of_version)) = proposal.found.clone() else {
            return;
        };
        let reveals = std::mem::take(&mut proposal.reveals);
        if version != Some(of_version) {
            return self.drop_proposal(cx);
        }
        self.show_differences(found.clone(), of_version, DiffPurpose::Proposal, cx);
        if let Some(first) = found.first().filter(|_| reveals) {
            self.show_line_of(first.place().start);
        }
        let text = self.display(cx).text().clone();
        if let (Some(proposal), Some(shown)) = (&mut self.proposal, &self.compare) {
            proposal.parts = Part::of(&found, shown, &text);
            proposal.since = cx.background_executor().now();
            proposal.before = self.frame.as_ref().map_or_else(Weak::new, Rc::downgrade);
        }
    }

    /// Takes the change out of the text; whoever asks goes on asking.
    pub(crate) fn drop_proposal(&mut self, cx: &mut Context<Self>) {
        let is_shown = self.shows_proposal();
        self.proposal = None;
        if is_shown {
            self.close_compare(cx);
        }
        cx.notify();
    }

    /// Hides the change until the user wants to see it again.
    pub(crate) fn hide_proposal(&mut self, cx: &mut Context<Self>) {
        if let Some(proposal) = &mut self.proposal {
            proposal.is_hidden = true;
            self.close_compare(cx);
        }
    }

    /// Hides the change, or shows it instead of what the user opened over it.
    fn toggle_proposal(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        if self.shows_proposal() {
            self.hide_proposal(cx);
        } else if self.proposal.is_some() {
            self.drop_undo_history(cx);
            self.close_compare(cx);
            if let Some(proposal) = &mut self.proposal {
                proposal.is_hidden = false;
                proposal.is_behind_hunks = false;
                proposal.reveals = true;
            }
            self.settle_proposal(cx);
        } else {
            let message = "The agent asks for no change of this text.";
            ui::notify(ui::Severity::Info, message, window, cx);
        }
        window.focus(&self.focus, cx);
    }

    /// Hides the change, or closes another difference, for git's changes that are about to be opened.
    pub(crate) fn make_room_for_hunks(&mut self, cx: &mut Context<Self>) {
        self.close_compare(cx);
        if let Some(proposal) = &mut self.proposal {
            proposal.is_behind_hunks = true;
        }
    }

    /// Whether a change stands in the text.
    pub(crate) fn shows_proposal(&self) -> bool {
        let shown = self.compare.as_ref().map(InlineDiff::purpose);
        shown == Some(DiffPurpose::Proposal)
    }

    /// Takes note of what the last frame showed of the change.
    fn acceptance(&mut self) -> Option<Acceptance> {
        let (Some(proposal), Some(frame)) = (&mut self.proposal, &self.frame) else {
            return None;
        };
        let display = self.display.snapshot();
        if !std::ptr::eq(proposal.before.as_ptr(), Rc::as_ptr(frame)) {
            for part in &mut proposal.parts {
                part.see(&rows_in_sight(frame), display);
            }
        }
        let room = f32::from(frame.text_area.size.width - frame.covered);
        if proposal.widest as f32 > room / f32::from(frame.style.cell_width) {
            return Some(Acceptance::TooWide);
        }
        let unseen = proposal.parts.iter().find(|part| !part.is_seen());
        Some(match unseen {
            None => Acceptance::Now,
            Some(part) => {
                let first = part.unseen.as_ref().map_or(0, |unseen| unseen.start);
                let start = part.rows(display).map(|rows| rows.start);
                let start = start.unwrap_or_else(|| display.row_of(part.place.start));
                Acceptance::Unseen(start + first)
            }
        })
    }

    fn accept_proposal(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        if self.shows_proposal() {
            // What was folded since it came is shown again.
            let parts = self.proposal.iter().flat_map(|proposal| &proposal.parts);
            let places: Vec<_> = parts.map(|part| part.place.clone()).collect();
            self.unfold_places(&places, cx);
        }
        let acceptance = self.acceptance().filter(|_| self.shows_proposal());
        match acceptance {
            None => cx.propagate(),
            Some(Acceptance::Unseen(row)) => {
                let above = self
                    .frame
                    .as_ref()
                    .map_or(0, |frame| frame.sticky.len() + 1);
                let target = self.scroll_target();
                let shown = target.top + above as f64;
                let left = gpui_kit::px(-target.left as f32);
                self.glide_by(row as f64 - shown, left, cx);
                cx.notify();
            }
            Some(Acceptance::TooWide) => ui::notify(
                ui::Severity::Info,
                "A new line reaches out of sight. Decide on the change in the agent's panel.",
                window,
                cx,
            ),
            Some(Acceptance::Now) => self.decide_proposal(true, window, cx),
        }
    }

    fn refuse_proposal(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        match self.shows_proposal() {
            true => self.decide_proposal(false, window, cx),
            false => cx.propagate(),
        }
    }

    fn decide_proposal(&mut self, accept: bool, window: &mut Window, cx: &mut Context<Self>) {
        let now = cx.background_executor().now();
        let Some(proposal) = &self.proposal else {
            return;
        };
        if now < proposal.since + ARMING {
            return;
        }
        let edit = proposal.edit.clone();
        self.drop_proposal(cx);
        window.focus(&self.focus, cx);
        // Who asked may change this text at once.
        window.defer(cx, move |window, cx| edit.decide(accept, window, cx));
    }

    /// The strip above the text, which hides nothing of it.
    pub(crate) fn render_proposal(&mut self, cx: &mut Context<Self>) -> Option<Banner> {
        let words = "The agent would change this text.";
        let strip = |words| Banner::new("proposal", IconName::FileDiff, words).quiet();
        let toggle = |view: &mut Self, _: &_, window: &mut Window, cx: &mut Context<Self>| {
            view.toggle_proposal(window, cx);
        };
        if !self.shows_proposal() {
            let is_hidden = self.proposal.as_ref().is_some_and(|it| it.is_hidden);
            return (is_hidden && self.compare.is_none()).then(|| {
                let show = Button::new("proposal-show", "Show")
                    .tooltip("Show in the text what the agent would change")
                    .command("inlineChat.toggleDiff")
                    .on_click(cx.listener(toggle));
                strip(words).action(show)
            });
        }
        let acceptance = self.acceptance()?;
        let accept = match acceptance {
            Acceptance::Unseen(_) => {
                Some(("Show the rest", "All of it has to have been seen first"))
            }
            Acceptance::Now => Some(("Accept", "Let the agent make this change")),
            Acceptance::TooWide => None,
        };
        let accept = accept.map(|(label, tooltip)| {
            Button::new("proposal-accept", label)
                .primary()
                .tooltip(tooltip)
                .command("inlineChat.acceptChanges")
                .on_click(cx.listener(|view, _, window, cx| view.accept_proposal(window, cx)))
        });
        let refuse = Button::new("proposal-refuse", "Refuse")
            .tooltip("Tell the agent no; the text stays as it is")
            .command("inlineChat.discard")
            .on_click(cx.listener(|view, _, window, cx| view.refuse_proposal(window, cx)));
        let hide = IconButton::new("proposal-hide", IconName::X, "Hide (Escape)")
            .command("inlineChat.toggleDiff")
            .on_click(cx.listener(toggle));
        let words = match acceptance {
            Acceptance::TooWide => {
                "The agent would change this text. A new line reaches out of sight: accept it in the agent's panel."
            }
            _ => words,
        };
        let strip = strip(words).action(refuse).dismiss(hide);
        Some(match accept {
            Some(accept) => strip.action(accept),
            None => strip,
        })
    }
}
