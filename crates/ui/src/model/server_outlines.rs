//! The symbols of buffers as their servers know them: asked for once a text rests, and forgotten with
//! the server.

use std::time::Duration;

use gpui_kit::{AsyncApp, Context, WeakEntity};
use lsp::RequestError;
use workspace::{BufferId, ServerOutline};

use super::WorkspaceModel;

/// How long a text rests before its symbols are asked for.
const REST: Duration = Duration::from_millis(300);
/// How often a server is asked that has no answer while it still reads the project.
const TRIES: usize = 3;

impl WorkspaceModel {
    /// Asks the server of a buffer for its symbols once the text rests; where it has none that knows
    /// them, what one said is forgotten. Whoever calls it tells what changed.
    pub(super) fn pull_outline(&mut self, id: BufferId, cx: &mut Context<Self>) {
        let serving = self.servers.iter().flat_map(|all| all.serving(id));
        let mut knowing = serving.filter(|(server, _)| server.knows_symbols());
        let Some((server, path)) = knowing.next() else {
            self.outline_pulls.remove(&id);
            return self.workspace.forget_server_outline(id);
        };
        let (server, path) = (server.clone(), path.to_path_buf());
        let pulling = cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
            for _ in 0..TRIES {
                cx.background_executor().timer(REST).await;
                let (server, path) = (server.clone(), path.clone());
                let asked = cx.background_executor().spawn(async move {
                    let (version, symbols) = server.document_symbols(&path).wait().await?;
                    Ok::<_, RequestError>((version, ServerOutline::new(symbols)))
                });
                let Ok((version, outline)) = asked.await else {
                    continue;
                };
                // A released model has no buffers.
                this.update(cx, |model, cx| {
                    model.update(cx, |workspace| {
                        workspace.set_server_outline(id, version, outline);
                    });
                })
                .ok();
                return;
            }
        });
        self.outline_pulls.insert(id, pulling);
    }
}
