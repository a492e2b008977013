//! The hierarchy of calls or types that somebody asked for, for the panel that shows it.

use std::rc::Rc;

use super::WorkspaceModel;
use super::language_servers::said_of;
use gpui_kit::{Context, Task};
use lsp::{HierarchyItem, HierarchyKind, LanguageServer, RelatedItem, RequestError};
use workspace::BufferId;

/// The id of the panel that shows it.
pub const HIERARCHY_PANEL: &str = "hierarchy";

/// Where a hierarchy begins.
#[derive(Clone)]
pub struct HierarchyRoot {
    /// Which way it goes.
    pub kind: HierarchyKind,
    /// What it is of.
    pub items: Vec<HierarchyItem>,
    server: LanguageServer,
}

impl HierarchyRoot {
    /// The same, gone through another way.
    #[must_use]
    pub fn turned(&self, kind: HierarchyKind) -> Self {
        Self {
            kind,
            ..self.clone()
        }
    }
}

impl WorkspaceModel {
    /// Asks the first server of a buffer that knows such hierarchies for what at a byte of the text has
    /// one.
    pub fn server_hierarchy(
        &self,
        id: BufferId,
        offset: usize,
        kind: HierarchyKind,
        cx: &Context<Self>,
    ) -> Task<Result<HierarchyRoot, RequestError>> {
        let serving = self.servers.iter().flat_map(|all| all.serving(id));
        let mut asked = serving.map(|(server, path)| {
            let reply = server.prepare_hierarchy(path, offset, kind);
            (server.clone(), reply)
        });
        let silent = self.why_silent(id);
        let Some((server, reply)) = asked.find(|(_, reply)| reply.is_offered()) else {
            return Task::ready(Err(silent.unwrap_or(RequestError::Unsupported)));
        };
        cx.background_executor().spawn(async move {
            let items = reply.wait().await;
            let items = items.map_err(|error| said_of(error, silent))?;
            Ok(HierarchyRoot {
                kind,
                items,
                server,
            })
        })
    }

    /// Asks what is next to an item of a hierarchy.
    pub fn related_items(
        &self,
        root: &HierarchyRoot,
        item: &HierarchyItem,
        cx: &Context<Self>,
    ) -> Task<Result<Vec<RelatedItem>, RequestError>> {
        let reply = root.server.related_items(item, root.kind);
        cx.background_executor()
            .spawn(async move { reply.wait().await })
    }

    /// The hierarchy that is shown.
    pub fn hierarchy(&self) -> Option<&Rc<HierarchyRoot>> {
        self.hierarchy.as_ref()
    }

    /// Shows another hierarchy.
    pub fn show_hierarchy(&mut self, root: HierarchyRoot, cx: &mut Context<Self>) {
        self.hierarchy = Some(Rc::new(root));
        cx.notify();
    }
}
