//! What decides on a change that the agent asks for: the strip above the text for all of it, and what
//! the buttons beside each of its parts and the commands do.

use std::ops::Range;
use std::rc::Rc;
use std::time::Duration;

use editor_core::Selections;
use gpui_kit::{App, Context, SharedString, Window, px};
use ui::widgets::{Banner, Button, IconButton};
use ui::{IconName, PartDecision, ProposedEdits, Severity};

use crate::frame::Frame;
use crate::proposal::State;
use crate::proposal_part::{Part, Parts};
use crate::scroll::Reveal;
use crate::view::EditorView;

/// What is pressed sooner after a change appeared was meant for something else.
const ARMING: Duration = Duration::from_millis(500);

/// Whether some parts can be accepted.
#[derive(Clone, Copy, PartialEq)]
enum Acceptance {
    Now,
    /// Something of them was not in sight: this row.
    Unseen(usize),
    /// A line reaches out of sight.
    TooWide,
}

/// Rows at the top of a frame that are under the lines pinned there, or under the find bar.
fn covered_rows(frame: &Frame) -> f64 {
    (frame.sticky.len() as f64).max(frame.extent.above)
}

/// The rows that a frame shows from top to bottom, and under nothing at its top; none while their
/// beginnings are out of sight.
pub(crate) fn rows_in_sight(frame: &Frame) -> Range<usize> {
    let top = frame.scroll.top;
    if frame.scroll.left > 0. {
        return 0..0;
    }
    let first = (top + covered_rows(frame)).ceil().max(0.) as usize;
    first..((top + frame.extent.view_rows()).floor() as usize).max(first)
}

pub(crate) fn is_open(part: &Part) -> bool {
    part.decision.is_none()
}

impl EditorView {
    /// The parts of the change that the agent waits with, once they are known.
    pub(crate) fn proposed_parts(&self) -> Option<&Parts> {
        self.proposal.as_ref()?.parts()
    }

    /// Takes note of what the last frame showed of the change.
    fn see_proposal(&mut self) {
        let (Some(proposal), Some(frame)) = (&mut self.proposal, &self.frame) else {
            return;
        };
        if std::ptr::eq(proposal.before.as_ptr(), Rc::as_ptr(frame)) {
            return;
        }
        let display = self.display.snapshot();
        let parts = proposal.parts_mut().into_iter();
        for part in parts.flat_map(|parts| &mut parts.all) {
            part.see(&rows_in_sight(frame), display);
        }
    }

    /// Whether those parts of the change that are of a sort can be accepted.
    fn acceptance(&self, of: impl Fn(usize, &Part) -> bool) -> Option<Acceptance> {
        let parts = self.proposed_parts()?;
        let frame = self.frame.as_ref()?;
        let all = || parts.all.iter().enumerate();
        let wanted = || {
            all()
                .filter(|(number, part)| of(*number, part))
                .map(|(_, part)| part)
        };
        let room = f32::from(frame.text_area.size.width - frame.covered);
        let columns = room / f32::from(frame.style.cell_width);
        if wanted().any(|part| part.cells() as f32 > columns) {
            return Some(Acceptance::TooWide);
        }
        let unseen = wanted().find(|part| !part.is_seen());
        Some(match unseen {
            None => Acceptance::Now,
            Some(part) => Acceptance::Unseen(part.first_unseen(self.display.snapshot())),
        })
    }

    /// Accepts what was not decided on.
    pub(crate) fn accept_proposal(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        match self.shows_proposal() {
            true => self.accept_parts(|_, part| is_open(part), window, cx),
            // The keys that decide never type.
            false => say_none_asked(window, cx),
        }
    }

    /// Refuses what was not decided on.
    pub(crate) fn refuse_proposal(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        match self.shows_proposal() {
            true => self.decide_parts(|_, part| is_open(part), PartDecision::Refused, window, cx),
            false => say_none_asked(window, cx),
        }
    }

    /// Decides on the part at the caret and goes on to the next one that is not decided on, or goes
    /// there first.
    pub(crate) fn decide_part_at_caret(
        &mut self,
        decision: PartDecision,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        if !self.shows_proposal() {
            return say_none_asked(window, cx);
        }
        let head = self.selections.primary().head;
        let Some(parts) = self.proposed_parts() else {
            return;
        };
        let next = match parts.at_line_of(head) {
            Some(number) => {
                self.decide_part(number, decision, window, cx);
                let decided = |parts: &&Parts| !is_open(&parts.all[number]);
                let parts = self.proposed_parts().filter(decided);
                parts.and_then(|parts| parts.next_undecided(number))
            }
            None => parts.next_undecided(parts.below(head)),
        };
        let parts = self.proposed_parts();
        if let (Some(next), Some(parts)) = (next, parts) {
            let place = parts.all[next].place().start;
            self.select_revealing(Selections::caret(place), Reveal::Center, cx);
        }
    }

    /// Decides on one part; the same decision again takes it back.
    pub(crate) fn decide_part(
        &mut self,
        number: usize,
        decision: PartDecision,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let parts = self.proposed_parts();
        let Some(part) = parts.and_then(|parts| parts.all.get(number)) else {
            return;
        };
        if part.decision == Some(decision) {
            return self.reopen_part(number, cx);
        }
        match decision {
            PartDecision::Accepted => self.accept_parts(|at, _| at == number, window, cx),
            PartDecision::Refused => {
                self.decide_parts(|at, _| at == number, decision, window, cx);
            }
        }
    }

    /// Lets a part be decided on again.
    fn reopen_part(&mut self, number: usize, cx: &mut Context<Self>) {
        self.tell_decision(&[number], None, cx);
    }

    /// Tells all views what is decided on parts, or that it is taken back, and shows it.
    fn tell_decision(
        &mut self,
        numbers: &[usize],
        decision: Option<PartDecision>,
        cx: &mut Context<Self>,
    ) {
        let Some(proposal) = &self.proposal else {
            return;
        };
        let Some(parts) = proposal.parts() else {
            return;
        };
        let (edit, asked) = (proposal.edit.clone(), parts.asked().clone());
        ProposedEdits::decide_parts(&self.model, &edit, &asked, numbers, decision, cx);
        self.follow_decisions(cx);
    }

    /// Lets the part that was decided on last be decided on again, and goes there.
    pub(crate) fn take_back_decision(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        if !self.shows_proposal() {
            return say_none_asked(window, cx);
        }
        let last = self.proposed_parts().and_then(Parts::last_decided);
        let Some(number) = last else {
            let message = "No part of the agent's change is decided on.";
            return ui::notify(Severity::Info, message, window, cx);
        };
        self.reopen_part(number, cx);
        if let Some(parts) = self.proposed_parts() {
            let place = parts.all[number].place().start;
            self.select_revealing(Selections::caret(place), Reveal::Center, cx);
        }
        window.focus(&self.focus, cx);
    }

    /// Accepts parts, or shows what was not in sight of them.
    fn accept_parts(
        &mut self,
        which: impl Fn(usize, &Part) -> bool + Copy,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let parts = self.proposed_parts();
        let all = parts.into_iter().flat_map(|parts| &parts.all).enumerate();
        let wanted: Vec<_> = all
            .filter(|(number, part)| which(*number, part))
            .map(|(_, part)| part.place())
            .collect();
        // What was folded since it came is shown again.
        self.unfold_places(&wanted, cx);
        self.see_proposal();
        match self.acceptance(which) {
            None => {}
            Some(Acceptance::Unseen(row)) => {
                let frame = self.frame.as_ref();
                // Its scope may be pinned there once it is scrolled to.
                let above = frame.map_or(0., |frame| covered_rows(frame) + 1.);
                let target = self.scroll_target();
                let shown = target.top + above;
                let left = px(-target.left as f32);
                self.glide_by(row as f64 - shown, left, cx);
                cx.notify();
            }
            Some(Acceptance::TooWide) => ui::notify(
                Severity::Info,
                "A new line reaches out of sight. Decide on the change in the agent's panel.",
                window,
                cx,
            ),
            Some(Acceptance::Now) => self.decide_parts(which, PartDecision::Accepted, window, cx),
        }
    }

    /// Takes a decision on parts, and answers the agent once all parts have one.
    fn decide_parts(
        &mut self,
        which: impl Fn(usize, &Part) -> bool,
        decision: PartDecision,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let now = cx.background_executor().now();
        // What was typed last counts, and what was decided in another view.
        self.proposal_follows(cx);
        self.follow_decisions(cx);
        let Some(proposal) = &mut self.proposal else {
            return;
        };
        if now < proposal.since + ARMING {
            return;
        }
        let edit = proposal.edit.clone();
        let Some(parts) = proposal.parts_mut() else {
            return;
        };
        let all = parts.all.iter().enumerate();
        let meant = all.filter(|(number, part)| which(*number, part));
        let meant: Vec<_> = meant.map(|(number, _)| number).collect();
        let is_last = |(number, part): (usize, &Part)| !is_open(part) || meant.contains(&number);
        let are_decided = parts.all.iter().enumerate().all(is_last);
        cx.notify();
        window.focus(&self.focus, cx);
        if !are_decided {
            return self.tell_decision(&meant, Some(decision), cx);
        }
        for number in meant {
            parts.all[number].decision = Some(decision);
        }
        let decision = parts.decision();
        self.drop_proposal(cx);
        // Who asked may change this text at once.
        window.defer(cx, move |window, cx| edit.decide(decision, window, cx));
    }

    /// The strip above the text, which hides nothing of it.
    pub(crate) fn render_proposal(&mut self, cx: &mut Context<Self>) -> Option<Banner> {
        let words = "The agent would change this text.";
        let strip =
            |words: SharedString| Banner::new("proposal", IconName::FileDiff, words).quiet();
        let toggle = |view: &mut Self, _: &_, window: &mut Window, cx: &mut Context<Self>| {
            view.toggle_proposal(window, cx);
        };
        let proposal = self.proposal.as_ref()?;
        if !self.shows_proposal() {
            if self.compare.is_some() {
                return None;
            }
            if proposal.is_hidden {
                let show = Button::new("proposal-show", "Show")
                    .tooltip("Show in the text what the agent would change")
                    .command("inlineChat.toggleDiff")
                    .on_click(cx.listener(toggle));
                return Some(strip(words.into()).action(show));
            }
            let is_void = matches!(proposal.state, State::Void);
            let words = "The lines that the agent would change were edited. Undo that, or refuse its change in its panel: it is told, and can read them again.";
            return is_void.then(|| {
                let close = IconButton::new("proposal-close", IconName::X, "Close")
                    .on_click(cx.listener(|view, _, _, cx| view.drop_proposal(cx)));
                strip(words.into()).dismiss(close)
            });
        }
        let parts = self.proposed_parts()?;
        let (decided, count) = (parts.count_of_decided(), parts.all.len());
        self.see_proposal();
        let acceptance = self.acceptance(|_, part| is_open(part))?;
        let words = match (acceptance, decided) {
            (Acceptance::TooWide, _) => {
                "The agent would change this text. A new line reaches out of sight: accept it in the agent's panel.".into()
            }
            (_, 0) => words.into(),
            _ => format!("The agent would change this text: {decided} of {count} parts are decided.").into(),
        };
        let (accept, refuse) = match decided {
            0 => ("Accept", "Refuse"),
            _ => ("Accept the Others", "Refuse the Others"),
        };
        let accept = match acceptance {
            Acceptance::Unseen(_) => {
                Some(("Show the rest", "All of it has to have been seen first"))
            }
            Acceptance::Now => Some((accept, "Let the agent make this change")),
            Acceptance::TooWide => None,
        };
        let accept = accept.map(|(label, tooltip)| {
            Button::new("proposal-accept", label)
                .primary()
                .tooltip(tooltip)
                .command("inlineChat.acceptChanges")
                .on_click(cx.listener(|view, _, window, cx| view.accept_proposal(window, cx)))
        });
        let refuse = Button::new("proposal-refuse", refuse)
            .tooltip("Tell the agent no; the text stays as it is")
            .command("inlineChat.discard")
            .on_click(cx.listener(|view, _, window, cx| view.refuse_proposal(window, cx)));
        let hide = IconButton::new("proposal-hide", IconName::X, "Hide (Escape)")
            .command("inlineChat.toggleDiff")
            .on_click(cx.listener(toggle));
        let take_back = (decided > 0).then(|| {
            Button::new("proposal-take-back", "Take Back")
                .quiet()
                .tooltip("Let the part that was decided on last be decided on again")
                .command("chatEditor.action.takeBackDecision")
                .on_click(cx.listener(|view, _, window, cx| view.take_back_decision(window, cx)))
        });
        let strip = match take_back {
            Some(take_back) => strip(words).action(take_back),
            None => strip(words),
        };
        let strip = strip.action(refuse).dismiss(hide);
        Some(match accept {
            Some(accept) => strip.action(accept),
            None => strip,
        })
    }
}

/// Says why a command about the agent's change does nothing.
pub(crate) fn say_none_asked(window: &mut Window, cx: &mut App) {
    let message = "The agent asks for no change of this text.";
    ui::notify(ui::Severity::Info, message, window, cx);
}
