//! A change that the agent asks for, shown in the text it is of: what would come stands above what
//! would go, and a strip, or the buttons beside each part of it, accept it or refuse it.
//!
//! Nobody accepts what they have not seen: all of it has to have been in sight, and not only just.
//! The keys that accept are chords of their own: none of them is pressed for something else.

use std::rc::{Rc, Weak};
use std::time::Instant;

use editor_core::display_map::Marks;
use editor_core::{Text, change_between};
use gpui_kit::{AppContext as _, Context, InteractiveElement, Task, Window, actions};
use ui::{CommandSpec, PartDecision, ProposedEdit, ProposedEdits};
use workspace::Buffer;

use crate::commands::Run;
use crate::compare::{DiffPurpose, InlineDiff};
use crate::differences::{Difference, comparable, differences};
use crate::display_text::CellRules;
use crate::frame::Frame;
use crate::proposal_controls::say_none_asked;
use crate::proposal_part::Parts;
use crate::view::EditorView;

crate::commands::commands! {
    AcceptProposedEdit "inlineChat.acceptChanges" "Accept the Agent's Change" => |v, window, cx| v.accept_proposal(window, cx);
    AcceptProposedPart "chatEditor.action.acceptHunk" "Accept the Part of the Agent's Change at the Caret" => |v, window, cx| v.decide_part_at_caret(PartDecision::Accepted, window, cx);
    RefuseProposedPart "chatEditor.action.undoHunk" "Refuse the Part of the Agent's Change at the Caret" => |v, window, cx| v.decide_part_at_caret(PartDecision::Refused, window, cx);
    TakeBackDecision "chatEditor.action.takeBackDecision" "Take Back the Last Decision on a Part of the Agent's Change" => |v, window, cx| v.take_back_decision(window, cx);
    RefuseProposedEdit "inlineChat.discard" "Refuse the Agent's Change" => |v, window, cx| v.refuse_proposal(window, cx);
    ToggleProposedEdit "inlineChat.toggleDiff" "Show or Hide the Agent's Change" => |v, window, cx| v.toggle_proposal(window, cx);
}

/// The key context of a text that the agent asks to change, whether that is shown or not.
pub(crate) const CONTEXT: &str = "AgentChange";

/// Whether a command has nothing to do where the agent asks for no change.
pub(crate) fn is_about_a_change(id: &str) -> bool {
    table().iter().any(|spec| spec.id == id)
}

/// A change that the agent waits with.
pub(crate) struct Proposal {
    pub edit: ProposedEdit,
    pub state: State,
    /// Since when it is shown.
    pub since: Instant,
    /// The frame from before it was shown.
    pub before: Weak<Frame>,
    /// Whether it is scrolled to once it is shown.
    reveals: bool,
    /// Whether the user hid it.
    pub is_hidden: bool,
    /// Whether the user opened git's changes, which show the same lines otherwise, after it.
    is_behind_hunks: bool,
}

/// What is known of a change.
pub(crate) enum State {
    /// It is compared with the text.
    Finding { _task: Task<()> },
    /// It can be shown.
    Found(Parts),
    /// The lines that it is of are others now.
    Void,
}

impl Proposal {
    pub(crate) fn parts(&self) -> Option<&Parts> {
        match &self.state {
            State::Found(parts) => Some(parts),
            State::Finding { .. } | State::Void => None,
        }
    }

    pub(crate) fn parts_mut(&mut self) -> Option<&mut Parts> {
        match &mut self.state {
            State::Found(parts) => Some(parts),
            State::Finding { .. } | State::Void => None,
        }
    }
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
            self.follow_decisions(cx);
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
            ..CellRules::of_settings(self.language_settings(cx))
        };
        let (before, after) = (edit.before.clone(), edit.after.clone());
        let finding = cx.background_spawn(async move {
            let (base, after) = (Text::new(&before), Text::new(&after));
            if !comparable(&after, &base) {
                return None;
            }
            let found = differences(&after, &base, language, rules);
            // A view may be opened beside edits that were made since the agent read the text.
            let edited = (text != *before).then(|| (change_between(&base, &text), text));
            Some((found, base, edited))
        });
        let task = cx.spawn(async move |this, cx| {
            let found = finding.await;
            // The view may be closed by now.
            this.update(cx, |view, cx| {
                let whole = found.filter(|(found, ..)| found.iter().all(Difference::is_whole));
                let Some((found, base, edited)) = whole else {
                    view.drop_proposal(cx);
                    return;
                };
                let mut parts = Parts::new(found, base, version);
                let follows =
                    edited.is_none_or(|(changes, text)| parts.follow(&changes, &text, version));
                view.found_proposal(follows.then_some(parts), cx);
            })
            .ok();
        });
        self.proposal = Some(Proposal {
            edit,
            state: State::Finding { _task: task },
            since: cx.background_executor().now(),
            before: Weak::new(),
            reveals: true,
            is_hidden: false,
            is_behind_hunks: false,
        });
    }

    /// Without parts the lines that it is of were edited.
    fn found_proposal(&mut self, parts: Option<Parts>, cx: &mut Context<Self>) {
        let Some(proposal) = &mut self.proposal else {
            return;
        };
        match parts {
            Some(parts) => {
                proposal.state = State::Found(parts);
                self.follow_decisions(cx);
                self.settle_proposal(cx);
            }
            None => {
                proposal.state = State::Void;
                // It may have been made again what the agent read while it was compared.
                self.proposal_follows(cx);
                cx.notify();
            }
        }
    }

    /// Shows its parts as they are decided on, in whatever view of the text.
    pub(crate) fn follow_decisions(&mut self, cx: &mut Context<Self>) {
        let Some(proposal) = &mut self.proposal else {
            return;
        };
        let decisions = ProposedEdits::decisions(&self.model, &proposal.edit, cx);
        let decided = decisions.map_or(&[][..], |decisions| decisions.decided());
        let changed = match proposal.parts_mut() {
            Some(parts) => parts.take_over(decided),
            None => return,
        };
        if changed.is_empty() {
            return;
        }
        // What was typed last counts.
        self.proposal_follows(cx);
        for number in changed {
            self.show_part(number, cx);
        }
        cx.notify();
    }

    /// Takes the change along with edits of the text, whoever made them. Where its own lines were
    /// edited it is void, until they are again what the agent read.
    pub(crate) fn proposal_follows(&mut self, cx: &mut Context<Self>) {
        let model = self.model.read(cx);
        let buffer = model.workspace().buffer(self.buffer);
        let (Some(buffer), Some(proposal)) = (buffer, &mut self.proposal) else {
            return;
        };
        let (text, version) = (buffer.text(), buffer.version());
        match &mut proposal.state {
            State::Finding { .. } => {}
            State::Found(parts) if parts.version() == version => {}
            State::Found(parts) => {
                let changes = buffer.changes_since(parts.version());
                if !changes.is_some_and(|changes| parts.follow(&changes, text, version)) {
                    proposal.state = State::Void;
                    if self.shows_proposal() {
                        self.close_compare(cx);
                    }
                    cx.notify();
                }
            }
            State::Void => {
                let before: &str = &proposal.edit.before;
                if text.len() == before.len() && *text == *before {
                    self.proposal = None;
                    self.follow_proposal(cx);
                }
            }
        }
    }

    /// Shows the change, as far as the user has opened or hidden nothing that speaks against it. It
    /// comes back with nothing of it seen.
    pub(crate) fn settle_proposal(&mut self, cx: &mut Context<Self>) {
        let is_covered = self.undo_history.is_some() || self.compare.is_some();
        let has_hunks = self.inline_hunks.has_any();
        let Some(proposal) = &mut self.proposal else {
            return;
        };
        proposal.is_behind_hunks &= has_hunks;
        if is_covered || proposal.is_hidden || proposal.is_behind_hunks {
            return;
        }
        self.proposal_follows(cx);
        let Some(proposal) = &mut self.proposal else {
            return;
        };
        let Some(parts) = proposal.parts() else {
            return;
        };
        let first = parts.all.first().map(|part| part.place().start);
        let reveals = std::mem::take(&mut proposal.reveals);
        self.show_parts(cx);
        if let Some(first) = first.filter(|_| reveals) {
            self.show_line_of(first);
        }
        if let Some(proposal) = &mut self.proposal {
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
    pub(crate) fn toggle_proposal(&mut self, window: &mut Window, cx: &mut Context<Self>) {
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
            say_none_asked(window, cx);
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
}
