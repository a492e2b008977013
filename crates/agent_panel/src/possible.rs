//! What can be done in the panel now, which decides which of its commands the palette lists.

use crate::panel::AgentPanel;
use crate::rows::ToolView;
use crate::tool_card::ToolShape;
use crate::transcript::Row;
use gpui_kit::App;

impl AgentPanel {
    /// Whether a turn runs that can be stopped.
    pub(crate) fn can_stop(&self, cx: &App) -> bool {
        self.session.read(cx).is_running()
    }

    /// Whether there is a turn to run again.
    pub(crate) fn can_retry(&self, cx: &App) -> bool {
        self.has_conversation(cx) && !self.can_stop(cx)
    }

    /// Whether the agent asks for a decision.
    pub(crate) fn asks(&self, cx: &App) -> bool {
        let session = self.session.read(cx);
        session.transcript().open_permission().is_some()
    }

    /// Whether what it asks for can be allowed: once all of it is shown. A change is compared with
    /// the file first.
    pub(crate) fn can_allow(&self, cx: &App) -> bool {
        let transcript = self.session.read(cx).transcript();
        transcript.open_permission().is_some_and(|(index, _)| {
            let row = transcript.rows().get(index);
            let changes_a_file =
                matches!(row, Some(Row::Tool(tool)) if tool.file_change().is_some());
            !changes_a_file || self.view(index).is_some_and(ToolView::shows_change)
        })
    }

    /// Whether it asks to change a file, and can be allowed to.
    pub(crate) fn can_allow_edits(&self, cx: &App) -> bool {
        let transcript = self.session.read(cx).transcript();
        let asking = transcript.open_permission();
        let row = asking.and_then(|(row, _)| transcript.rows().get(row));
        matches!(row, Some(Row::Tool(tool)) if tool.shape() == ToolShape::Edit)
            && self.can_always_allow(cx)
    }

    /// Whether it can be allowed from now on: not so where a part of it was refused.
    pub(crate) fn can_always_allow(&self, cx: &App) -> bool {
        self.can_allow(cx) && !self.has_refused_parts(cx)
    }

    /// Whether anything was said.
    pub(crate) fn has_conversation(&self, cx: &App) -> bool {
        !self.is_empty(cx)
    }

    /// Whether a message is written, or waits without a turn that will send it.
    pub(crate) fn can_send(&self, cx: &App) -> bool {
        let written = !self.composer.read(cx).value().trim().is_empty();
        written || self.can_take_back(cx) && !self.can_stop(cx)
    }

    /// Whether a message waits.
    pub(crate) fn can_take_back(&self, cx: &App) -> bool {
        !self.session.read(cx).queue().is_empty()
    }

    /// Whether there is an answer to copy.
    pub(crate) fn can_copy_answer(&self, cx: &App) -> bool {
        let rows = self.session.read(cx).transcript().rows();
        rows.iter().any(|row| matches!(row, Row::Answer { .. }))
    }
}
