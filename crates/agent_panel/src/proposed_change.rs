//! The change that the agent waits with, told to the views of its file, which show it in the text.

use agent::{PermissionAnswer, PermissionPreview};
use gpui_kit::{App, Context, Window};
use ui::{EditDecision, ProposedEdit, ProposedEdits};

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
}
