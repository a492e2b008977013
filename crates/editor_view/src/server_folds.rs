//! What the language server says can be folded. It takes the place of what the syntax says, which holds
//! until it comes; it moves with edits, and is asked for anew once the text rests.

use editor_core::folding::{FoldRegion, FoldRegions};
use editor_core::{ChangeSet, Text};
use gpui_kit::Context;
use lsp::{FoldKind, FoldingRange};

use crate::server_views::Asking;
use crate::view::EditorView;

/// What a server said.
#[derive(Default)]
pub(crate) struct ServedFolds {
    pub(crate) asking: Asking,
    said: Option<Said>,
    /// Whether imports were folded, or left, when they became known.
    pub(crate) met: bool,
}

struct Said {
    all: FoldRegions,
    comments: FoldRegions,
    imports: FoldRegions,
    marked: FoldRegions,
}

impl Said {
    fn new(ranges: &[FoldingRange]) -> Self {
        let regions = |kind: Option<FoldKind>| {
            let of_kind = ranges
                .iter()
                .filter(|one| kind.is_none() || one.kind == kind);
            let regions = of_kind.map(|one| FoldRegion {
                first: one.first,
                last: one.last,
            });
            FoldRegions::new(regions.collect())
        };
        Self {
            all: regions(None),
            comments: regions(Some(FoldKind::Comment)),
            imports: regions(Some(FoldKind::Imports)),
            marked: regions(Some(FoldKind::Region)),
        }
    }
}

impl ServedFolds {
    /// All of it; `None` where no server says anything.
    pub(crate) fn all(&self) -> Option<&FoldRegions> {
        self.said.as_ref().map(|said| &said.all)
    }

    /// The comments; `None` where no server says anything, or calls nothing so.
    pub(crate) fn comments(&self) -> Option<&FoldRegions> {
        let comments = self.said.as_ref().map(|said| &said.comments);
        comments.filter(|comments| !comments.as_slice().is_empty())
    }

    /// The imports; `None` where no server says anything, or calls nothing so.
    pub(crate) fn imports(&self) -> Option<&FoldRegions> {
        let imports = self.said.as_ref().map(|said| &said.imports);
        imports.filter(|imports| !imports.as_slice().is_empty())
    }

    /// What somebody marked; `None` where no server says anything, or calls nothing so.
    pub(crate) fn marked(&self) -> Option<&FoldRegions> {
        let marked = self.said.as_ref().map(|said| &said.marked);
        marked.filter(|marked| !marked.as_slice().is_empty())
    }

    /// Carries it along with a change.
    pub(crate) fn follow(&mut self, changes: &ChangeSet, before: &Text, after: &Text) {
        if let Some(Said {
            all,
            comments,
            imports,
            marked,
        }) = &mut self.said
        {
            for regions in [all, comments, imports, marked] {
                *regions = regions.map(changes, before, after);
            }
        }
    }
}

impl EditorView {
    /// Asks what can be folded, where that is not known of the text as it is.
    pub(crate) fn folds_follow_text(&mut self, cx: &mut Context<Self>) {
        self.ask_about_text(
            |view| &mut view.folding.served.asking,
            |model, buffer, cx| model.server_folds(buffer, cx),
            Self::take_served_folds,
            cx,
        );
    }

    fn take_served_folds(&mut self, found: Option<Vec<FoldingRange>>, cx: &mut Context<Self>) {
        let text = self.display(cx).text().clone();
        let served = &mut self.folding.served;
        if found.is_none() && served.said.is_none() {
            return;
        }
        served.said = found.as_deref().map(Said::new);
        self.folding.combine(&text);
        if !std::mem::replace(&mut self.folding.served.met, true) {
            self.fold_met_imports(cx);
        }
        cx.notify();
    }

    /// Folds the imports that have become known, where the settings say so.
    pub(crate) fn fold_met_imports(&mut self, cx: &mut Context<Self>) {
        if self.language_settings(cx).served.folding_imports {
            let imports = self.folding.imports().as_slice().to_vec();
            let rows = self.caret_rows(cx);
            let is_left = |region: &FoldRegion| !rows.iter().any(|row| region.holds(*row));
            self.fold(imports.into_iter().filter(is_left).collect::<Vec<_>>(), cx);
        }
    }
}
