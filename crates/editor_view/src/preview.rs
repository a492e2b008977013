//! The beginning of a file that takes long to open, as text to look at.

use gpui_kit::{App, AppContext as _, Context, Entity, Task, Window};
use ui::{ItemEvent, OpenTarget, Preview, WorkspaceModel};
use workspace::{Buffer, Workspace};

use crate::commands::Run;
use crate::view::EditorView;

/// Shows what a large file begins with until [`open`](crate::open) has read all of it. Nothing is
/// highlighted: the colours would go again while the whole text is parsed.
pub fn preview(
    target: OpenTarget,
    model: Entity<WorkspaceModel>,
    window: &mut Window,
    cx: &mut App,
) -> Task<Option<Preview>> {
    let model = model.read(cx);
    let reading = model.read_beginning(target.path, cx);
    let (root, fs) = (model.root().to_path_buf(), model.workspace().fs().clone());
    window.spawn(cx, async move |cx| {
        let (beginning, config) = reading.await?;
        cx.update(|window, cx| {
            // A workspace of its own: nothing looks for its buffers, saves them or keeps them for a
            // crash.
            let mut workspace = Workspace::new(root, fs);
            let lines = beginning.text.line_count();
            // Vim's caret stands on the last character, not behind it.
            let end = match lines {
                1 => {
                    let last = beginning.text.len().saturating_sub(1);
                    beginning.text.floor_char_boundary(last)
                }
                _ => beginning.text.line_start(lines - 1),
            };
            let buffer = workspace.add_beginning(beginning.text);
            workspace.set_editor_config(buffer, config);
            let model = cx.new(|cx| WorkspaceModel::new(workspace, cx));
            let view = cx.new(|cx| {
                let mut view = EditorView::new(buffer, model, window, cx);
                view.lines_to_come = beginning.estimated_lines;
                view
            });
            Preview {
                item: Box::new(view),
                lines,
                end,
            }
        })
        // The window may be gone.
        .ok()
    })
}

impl EditorView {
    /// Carries out a command, whose id an edit can name that has to wait.
    pub(crate) fn run_command(
        &mut self,
        id: &'static str,
        run: Run,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        self.command = Some(id);
        run(self, window, cx);
        self.command = None;
    }

    /// Whether the view shows the beginning of a file of which the rest is still being read.
    pub(crate) fn is_preview(&self, cx: &App) -> bool {
        self.buffer_ref(cx).is_some_and(Buffer::is_beginning)
    }

    /// Says that the edit that was asked for is one of the whole file. What is replaced from the find
    /// bar has no command there: the bar stays behind with the beginning.
    pub(crate) fn await_whole(&self, cx: &mut Context<Self>) {
        let command = self.command.filter(|_| self.find.is_none());
        cx.emit(ItemEvent::EditAwaited(command));
    }
}
