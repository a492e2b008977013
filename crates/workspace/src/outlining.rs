use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use editor_core::Text;
use syntax::{Outline, Symbol, SyntaxTree};

use crate::{BufferId, Workspace, WorkspaceEvent, symbol_kind};

/// The search for the symbols of one version of a buffer, to be run off the thread that owns the
/// workspace.
pub struct OutlineJob {
    tree: SyntaxTree,
    text: Text,
    version: u64,
}

/// The symbols of one version of a buffer.
pub struct FoundOutline {
    outline: Outline,
    version: u64,
}

impl OutlineJob {
    /// Looks for the symbols. `None` soon after `cancel` is set.
    pub fn run(&self, cancel: &AtomicBool) -> Option<FoundOutline> {
        Some(FoundOutline {
            outline: self.tree.outline(&self.text, cancel)?,
            version: self.version,
        })
    }
}

impl Workspace {
    /// The search for the symbols of a buffer; `None` where its syntax is not known. To be run after
    /// each [`WorkspaceEvent::BufferReparsed`].
    pub fn outline_job(&self, id: BufferId) -> Option<OutlineJob> {
        let buffer = self.buffers.get(&id)?;
        Some(OutlineJob {
            tree: buffer.tree.clone()?,
            text: buffer.text.clone(),
            version: buffer.version,
        })
    }

    /// Takes what a search found, carried over the edits since. Where those are too many it is
    /// dropped: the parse after them brings another.
    pub fn outline_found(&mut self, id: BufferId, found: FoundOutline) {
        let Some(buffer) = self.buffers.get_mut(&id) else {
            return;
        };
        let Some(later) = buffer.changes_since(found.version) else {
            return;
        };
        let mut outline = found.outline;
        outline.follow(&later);
        if buffer.tree.is_some() && *buffer.syntax_outline != outline {
            buffer.syntax_outline = Arc::new(outline);
            if buffer.server_outline.is_none() {
                self.emit(WorkspaceEvent::BufferOutlined(id));
            }
        }
    }

    /// Takes the symbols that a server found in a version of a buffer, which take the place of those
    /// by the syntax; where the text was edited too much since they are dropped, and others will come.
    pub fn set_server_outline(&mut self, id: BufferId, version: u64, found: ServerOutline) {
        let Some(buffer) = self.buffers.get_mut(&id) else {
            return;
        };
        let Some(later) = buffer.changes_since(version) else {
            return;
        };
        let mut outline = found.0;
        outline.follow(&later);
        if buffer.server_outline.as_deref() != Some(&outline) {
            buffer.server_outline = Some(Arc::new(outline));
            self.emit(WorkspaceEvent::BufferOutlined(id));
        }
    }

    /// Forgets what a server found: the symbols are those by the syntax again.
    pub fn forget_server_outline(&mut self, id: BufferId) {
        let buffer = self.buffers.get_mut(&id);
        if buffer.is_some_and(|buffer| buffer.server_outline.take().is_some()) {
            self.emit(WorkspaceEvent::BufferOutlined(id));
        }
    }
}

/// The symbols that a server found.
pub struct ServerOutline(Outline);

impl ServerOutline {
    /// Puts them in order; off the UI thread.
    pub fn new(symbols: Vec<lsp::DocumentSymbol>) -> Self {
        let symbols = symbols.into_iter().map(|symbol| Symbol {
            name: symbol.name.into(),
            kind: symbol_kind(symbol.kind),
            range: symbol.range,
            name_range: symbol.name_range,
            parent: None,
        });
        Self(Outline::of_symbols(symbols.collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn symbol(
        name: &str,
        kind: lsp::SymbolKind,
        range: std::ops::Range<usize>,
    ) -> lsp::DocumentSymbol {
        lsp::DocumentSymbol {
            name: name.into(),
            kind,
            name_range: range.start..range.start + 1,
            range,
        }
    }

    #[test]
    fn symbols_of_a_server_take_the_place_of_the_syntax_ones_until_it_is_gone() {
        let fs = Arc::new(fs::FakeFs::new());
        let path = std::path::Path::new("/p/a.txt");
        fs.insert(path, b"0123456789");
        let mut workspace = Workspace::new("/p".into(), fs);
        let id = workspace.open_blocking(path).unwrap();
        let found = || {
            ServerOutline::new(vec![
                symbol("inner", lsp::SymbolKind::METHOD, 2..5),
                symbol("twin", lsp::SymbolKind::FIELD, 2..5),
                symbol("outer", lsp::SymbolKind::CLASS, 0..10),
            ])
        };
        let shown =
            |workspace: &Workspace| -> Vec<(String, std::ops::Range<usize>, Option<usize>)> {
                let outline = workspace.buffer(id).unwrap().outline().clone();
                let symbols = outline.symbols().iter();
                symbols
                    .map(|one| (one.name.to_string(), one.range.clone(), one.parent))
                    .collect()
            };
        let version = workspace.buffer(id).unwrap().version();
        workspace.set_server_outline(id, version, found());
        assert_eq!(
            shown(&workspace),
            [
                ("outer".into(), 0..10, None),
                ("inner".into(), 2..5, Some(0)),
                ("twin".into(), 2..5, Some(0)),
            ]
        );
        // It moves with edits, and so does what comes late.
        let insert = |workspace: &mut Workspace| {
            let len = workspace.buffer(id).unwrap().text().len();
            let edit = editor_core::Edit::new(1..1, "xx");
            let change = editor_core::ChangeSet::from_edits(len, vec![edit]).unwrap();
            workspace.edit_from_elsewhere(id, change).unwrap();
        };
        insert(&mut workspace);
        assert_eq!(shown(&workspace)[1].1, 4..7);
        workspace.set_server_outline(id, version, found());
        assert_eq!(shown(&workspace)[1].1, 4..7);
        workspace.forget_server_outline(id);
        assert_eq!(shown(&workspace), []);
    }
}
