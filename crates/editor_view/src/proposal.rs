//! A change that the agent asks for, shown in the text it is of: what would come stands above what
//! would go, and a strip accepts it or refuses it.
//!
//! Nobody accepts what they have not seen: all of it has to have been in sight, and not only just.

use std::ops::Range;
use std::rc::{Rc, Weak};
use std::time::{Duration, Instant};

use editor_core::Text;
use editor_core::display_map::{DisplaySnapshot, Marks};
use gpui_kit::{AppContext as _, Context, InteractiveElement, Task, Window, actions};
use ui::widgets::{Banner, Button};
use ui::{CommandSpec, IconName, ProposedEdit, ProposedEdits};
use workspace::Buffer;

use crate::commands::Run;
use crate::compare::{Difference, Reading, comparable, differences};
use crate::display_text::CellRules;
use crate::frame::Frame;
use crate::view::EditorView;

/// What is pressed sooner after a change appeared was meant for something else.
const ARMING: Duration = Duration::from_millis(500);

crate::commands::commands! {
    AcceptProposedEdit "inlineChat.acceptChanges" "Accept the Agent's Change" => |v, window, cx| v.accept_proposal(window, cx);
    RefuseProposedEdit "inlineChat.discard" "Refuse the Agent's Change" => |v, window, cx| v.refuse_proposal(window, cx);
}

/// A change that is shown.
pub(crate) struct Proposal {
    edit: ProposedEdit,
    parts: Vec<Part>,
    /// Columns of its longest new line.
    widest: usize,
    since: Instant,
    /// The frame from before it was shown.
    before: Weak<Frame>,
    /// The work of comparing, until it is shown.
    finding: Option<Task<()>>,
}

/// Lines that would be others.
struct Part {
    /// Where they begin and end.
    place: Range<usize>,
    /// How many would come.
    new: usize,
    /// Those of its rows that were not in sight yet; `None` before the first frame with it.
    unseen: Option<Range<usize>>,
}

impl Part {
    fn of(difference: &Difference) -> Self {
        Self {
            place: difference.place(),
            new: difference.other_lines().len(),
            unseen: None,
        }
    }

    /// Its first row on the screen, and how many it has.
    fn rows(&self, display: &DisplaySnapshot) -> Range<usize> {
        let first = display.row_of(self.place.start);
        let last = match self.place.is_empty() {
            true => first,
            false => display.row_of(self.place.end - 1) + 1,
        };
        first.saturating_sub(self.new)..last
    }

    fn is_seen(&self) -> bool {
        self.unseen.as_ref().is_some_and(Range::is_empty)
    }

    /// Takes note of the rows that a frame shows.
    fn see(&mut self, shown: &Range<usize>, display: &DisplaySnapshot) {
        let rows = self.rows(display);
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

/// The rows that a frame shows from top to bottom, and not under the lines that are pinned there.
fn rows_in_sight(frame: &Frame) -> Range<usize> {
    let top = frame.scroll.top;
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
                    Some(found) => view.show_proposal(found, version, cx),
                    None => view.drop_proposal(cx),
                }
            })
            .ok();
        });
        self.proposal = Some(Proposal {
            edit,
            parts: Vec::new(),
            widest: 0,
            since: cx.background_executor().now(),
            before: Weak::new(),
            finding: Some(task),
        });
    }

    fn show_proposal(&mut self, found: Vec<Difference>, version: u64, cx: &mut Context<Self>) {
        let now = cx.background_executor().now();
        if let Some(proposal) = &mut self.proposal {
            let lines = found.iter().flat_map(Difference::other_lines);
            proposal.widest = lines.map(|line| line.chars().count()).max().unwrap_or(0);
            proposal.parts = found.iter().map(Part::of).collect();
            proposal.since = now;
            proposal.before = self.frame.as_ref().map_or_else(Weak::new, Rc::downgrade);
            proposal.finding = None;
            self.show_differences(found, version, Reading::ToOther, cx);
        }
    }

    /// Takes the change out of the text; whoever asks goes on asking.
    pub(crate) fn drop_proposal(&mut self, cx: &mut Context<Self>) {
        if let Some(proposal) = self.proposal.take()
            && proposal.finding.is_none()
        {
            self.close_compare(cx);
        }
    }

    /// Whether a change stands in the text.
    pub(crate) fn shows_proposal(&self) -> bool {
        let shown = self.proposal.as_ref();
        self.compare.is_some() && shown.is_some_and(|proposal| proposal.finding.is_none())
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
        let room = f32::from(frame.text_area.right() - frame.text_left());
        if proposal.widest as f32 > room / f32::from(frame.style.cell_width) {
            return Some(Acceptance::TooWide);
        }
        let unseen = proposal.parts.iter().find(|part| !part.is_seen());
        Some(match unseen {
            None => Acceptance::Now,
            Some(part) => {
                let rows = part.rows(display);
                let first = part.unseen.as_ref().map_or(0, |unseen| unseen.start);
                Acceptance::Unseen(rows.start + first)
            }
        })
    }

    fn accept_proposal(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let acceptance = self.acceptance().filter(|_| self.shows_proposal());
        match acceptance {
            None => cx.propagate(),
            Some(Acceptance::Unseen(row)) => {
                let above = self
                    .frame
                    .as_ref()
                    .map_or(0, |frame| frame.sticky.len() + 1);
                let shown = self.scroll_target().top + above as f64;
                self.glide_by(row as f64 - shown, gpui_kit::px(0.), cx);
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

    /// Escape, and its button.
    pub(crate) fn refuse_proposal(&mut self, window: &mut Window, cx: &mut Context<Self>) {
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
        if !self.shows_proposal() {
            return None;
        }
        let (label, tooltip) = match self.acceptance()? {
            Acceptance::Unseen(_) => ("Show the rest", "All of it has to have been seen first"),
            _ => ("Accept", "Let the agent make this change"),
        };
        let accept = Button::new("proposal-accept", label)
            .primary()
            .tooltip(tooltip)
            .command("inlineChat.acceptChanges")
            .on_click(cx.listener(|view, _, window, cx| view.accept_proposal(window, cx)));
        let refuse = Button::new("proposal-refuse", "Refuse")
            .tooltip("Tell the agent no; the text stays as it is")
            .command("inlineChat.discard")
            .on_click(cx.listener(|view, _, window, cx| view.refuse_proposal(window, cx)));
        let words = "The agent would change this text.";
        let banner = Banner::new("proposal", IconName::FileDiff, words);
        Some(banner.quiet().action(refuse).action(accept))
    }
}
