//! The beginning of a file that takes long to open, as text to look at.

use gpui_kit::{App, AppContext as _, Entity, Task, Window};
use ui::{OpenTarget, Preview, WorkspaceModel};
use workspace::Workspace;

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
            let end = match lines {
                1 => beginning.text.len(),
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
