//! The change that the agent waits with, told to the views of its file, which show it in the text.

use agent::{PermissionAnswer, PermissionPreview};
use gpui_kit::{App, Context, Window};
use ui::{EditDecision, PartDecisions, ProposedEdit, ProposedEdits};

use crate::panel::AgentPanel;
use crate::transcript::Row;

impl AgentPanel {
    /// Tells what is asked for now. A change with a warning is decided on where that is read: here.
    pub(crate) fn tell_proposed_change(&self, cx: &mut Context<Self>) {
        let session = self.session.read(cx);
        let model = session.workspace().clone();
        let asked = session.transcript().open_permission();
        let edit = asked.and_then(|(index, request)| {
            let Some(Row::Tool(tool)) = session.transcript().rows().get(index) else {
                return None;
            };
            let Some(PermissionPreview::Diff {
                diff,
                warning: None,
            }) = &tool.preview
            else {
                return None;
            };
            let path = model.read(cx).root().join(&diff.path);
            let known = ProposedEdits::of(&model, &path, cx);
            let before = diff.before.as_ref()?;
            // Rows change for other reasons, too, and texts are long.
            let is_known = known.as_ref().is_some_and(|known| {
                known.id == request.0 && known.before == *before && known.after == diff.after
            });
            if is_known {
                return known;
            }
            let texts = (before.clone().into(), diff.after.clone().into());
            let session = self.session.downgrade();
            let decide = move |decision: EditDecision, _: &mut Window, cx: &mut App| {
                // A session that is gone asks nothing.
                session
                    .update(cx, |session, cx| {
                        let open = session.transcript().open_permission();
                        if open.map(|(_, open)| open) == Some(request) {
                            let answer = match decision {
                                EditDecision::Accept => PermissionAnswer::AllowOnce,
                                EditDecision::Refuse => PermissionAnswer::Deny { reason: None },
                                EditDecision::AcceptLines {
                                    current,
                                    hunks,
                                    refused,
                                } => PermissionAnswer::AllowLines {
                                    current,
                                    hunks,
                                    refused,
                                },
                            };
                            session.answer(request, answer, cx);
                        }
                    })
                    .ok();
            };
            Some(ProposedEdit::new(request.0, path, texts, decide))
        });
        ProposedEdits::set(&model, edit, cx);
    }

    /// Shows with the question what was decided in the text meanwhile.
    pub(crate) fn decided_in_text(&mut self, cx: &mut Context<Self>) {
        let open = self.session.read(cx).transcript().open_permission();
        if let Some((index, _)) = open {
            self.remeasure(index, cx);
        }
    }

    /// The change that is asked about, and what was decided on parts of it in the text; `None` where
    /// no part was refused.
    fn refused_in_text<'a>(&self, cx: &'a App) -> Option<(ProposedEdit, &'a PartDecisions)> {
        let session = self.session.read(cx);
        let (index, request) = session.transcript().open_permission()?;
        let Row::Tool(tool) = session.transcript().rows().get(index)? else {
            return None;
        };
        let model = session.workspace();
        let path = model.read(cx).root().join(&tool.file_change()?.path);
        let edit = ProposedEdits::of(model, &path, cx).filter(|edit| edit.id == request.0)?;
        let decisions = ProposedEdits::decisions(model, &edit, cx)?;
        (decisions.refused() > 0).then_some((edit, decisions))
    }

    /// Whether a part of the change that is asked about was refused in the text.
    pub(crate) fn has_refused_parts(&self, cx: &App) -> bool {
        self.refused_in_text(cx).is_some()
    }

    /// How many parts of the change that is asked about were refused in the text, in words.
    pub(crate) fn told_of_refused_parts(&self, cx: &App) -> Option<String> {
        let (_, decisions) = self.refused_in_text(cx)?;
        let (refused, count) = (decisions.refused(), decisions.count());
        Some(format!(
            "{refused} of {count} parts refused in the text. Allow makes the others."
        ))
    }

    /// What allowing once answers: no part is made that was refused in the text.
    pub(crate) fn allowed_once(&self, cx: &App) -> PermissionAnswer {
        let Some((edit, decisions)) = self.refused_in_text(cx) else {
            return PermissionAnswer::AllowOnce;
        };
        let hunks = decisions.not_refused();
        if hunks.is_empty() {
            return PermissionAnswer::Deny { reason: None };
        }
        PermissionAnswer::AllowLines {
            current: edit.before.to_string(),
            hunks,
            refused: decisions.refused(),
        }
    }
}
