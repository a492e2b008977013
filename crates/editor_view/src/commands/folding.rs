//! Commands that fold lines, with the names and ids of VS Code.

use std::collections::BTreeSet;

use editor_core::folding::FoldRegion;
use gpui_kit::{Context, InteractiveElement, actions};
use ui::CommandSpec;

use super::Run;
use crate::view::EditorView;

commands! {
    Fold "editor.fold" "Fold" => |v, _, cx| {
        let regions = v.regions_at_carets(cx, |v, row| {
            v.folding.regions().around(row).find(|region| !v.is_folded(region.first)).into_iter().collect()
        });
        v.fold(regions, cx);
    };
    Unfold "editor.unfold" "Unfold" => |v, _, cx| {
        for row in v.caret_rows(cx) {
            v.unfold_row(row, cx);
        }
    };
    ToggleFold "editor.toggleFold" "Toggle Fold" => |v, _, cx| {
        for row in v.caret_rows(cx) {
            let region = v.folding.regions().around(row).next();
            if v.is_folded(row) {
                v.unfold_row(row, cx);
            } else {
                v.fold(region, cx);
            }
        }
    };
    FoldRecursively "editor.foldRecursively" "Fold Recursively" => |v, _, cx| {
        let regions = v.regions_at_carets(cx, EditorView::regions_within);
        v.fold(regions, cx);
    };
    UnfoldRecursively "editor.unfoldRecursively" "Unfold Recursively" => |v, _, cx| {
        let regions = v.regions_at_carets(cx, EditorView::regions_within);
        let rows: BTreeSet<usize> = regions.iter().map(|region| region.first).collect();
        let text = v.text(cx);
        v.unfold(|fold| rows.contains(&text.row_at(fold.range.start)), cx);
    };
    FoldAll "editor.foldAll" "Fold All" => |v, _, cx| {
        v.display(cx);
        let all = v.folding.regions().as_slice().to_vec();
        v.fold(all, cx);
    };
    UnfoldAll "editor.unfoldAll" "Unfold All" => |v, _, cx| v.unfold(|_| true, cx);
    FoldAllBlockComments "editor.foldAllBlockComments" "Fold All Block Comments" => |v, _, cx| {
        v.display(cx);
        let comments = v.folding.comments().as_slice().to_vec();
        v.fold(comments, cx);
    };
    FoldAllRegions "editor.foldAllMarkerRegions" "Fold All Regions" => |v, _, cx| {
        v.display(cx);
        let regions = v.folding.marked().as_slice().to_vec();
        v.fold(regions, cx);
    };
    UnfoldAllRegions "editor.unfoldAllMarkerRegions" "Unfold All Regions" => |v, _, cx| {
        v.display(cx);
        for region in v.folding.marked().as_slice().to_vec() {
            v.unfold_row(region.first, cx);
        }
    };
    ToggleImportFold "editor.toggleImportFold" "Toggle Import Fold" => |v, _, cx| {
        v.display(cx);
        let imports = v.folding.imports().as_slice().to_vec();
        match imports.iter().any(|region| !v.is_folded(region.first)) {
            true => v.fold(imports, cx),
            false => imports.iter().for_each(|region| v.unfold_row(region.first, cx)),
        }
    };
    FoldLevel1 "editor.foldLevel1" "Fold Level 1" => |v, _, cx| v.fold_level(1, cx);
    FoldLevel2 "editor.foldLevel2" "Fold Level 2" => |v, _, cx| v.fold_level(2, cx);
    FoldLevel3 "editor.foldLevel3" "Fold Level 3" => |v, _, cx| v.fold_level(3, cx);
    FoldLevel4 "editor.foldLevel4" "Fold Level 4" => |v, _, cx| v.fold_level(4, cx);
    FoldLevel5 "editor.foldLevel5" "Fold Level 5" => |v, _, cx| v.fold_level(5, cx);
    FoldLevel6 "editor.foldLevel6" "Fold Level 6" => |v, _, cx| v.fold_level(6, cx);
    FoldLevel7 "editor.foldLevel7" "Fold Level 7" => |v, _, cx| v.fold_level(7, cx);
    CreateFoldingRange "editor.createFoldingRangeFromSelection" "Create Folding Range from Selection" => |v, _, cx| v.fold_selections(cx);
    RemoveManualFoldingRanges "editor.removeManualFoldingRanges" "Remove Manual Folding Ranges" => |v, _, cx| v.remove_manual_folds(cx);
}

impl EditorView {
    /// The rows of the carets, each once.
    pub(crate) fn caret_rows(&mut self, cx: &mut Context<Self>) -> BTreeSet<usize> {
        let display = self.display(cx);
        let text = display.text();
        let heads = self.selections.iter().map(|selection| selection.head);
        heads
            .map(|head| text.row_at(head.min(text.len())))
            .collect()
    }

    fn regions_at_carets(
        &mut self,
        cx: &mut Context<Self>,
        of_row: impl Fn(&Self, usize) -> Vec<FoldRegion>,
    ) -> BTreeSet<FoldRegion> {
        let rows = self.caret_rows(cx);
        rows.into_iter().flat_map(|row| of_row(self, row)).collect()
    }

    /// The innermost region around a row, and those inside it.
    fn regions_within(&self, row: usize) -> Vec<FoldRegion> {
        let regions = self.folding.regions();
        let around = regions.around(row).next();
        around.map_or_else(Vec::new, |region| regions.inside(region).collect())
    }

    /// Folds the regions of one depth, but not those that hold a caret.
    fn fold_level(&mut self, level: usize, cx: &mut Context<Self>) {
        let rows = self.caret_rows(cx);
        let regions: Vec<FoldRegion> = self
            .folding
            .regions()
            .levels()
            .filter(|(region, depth)| {
                *depth == level && rows.range(region.first..=region.last).next().is_none()
            })
            .map(|(region, _)| region)
            .collect();
        self.fold(regions, cx);
    }
}
