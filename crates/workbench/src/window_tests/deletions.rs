//! What language servers had deleted comes back.

use super::Scene;
use gpui_kit::TestAppContext;
use lsp::{EditStep, FileOperation, WorkspaceEdit};
use std::sync::Arc;

const BRING_BACK: &str = "workbench.bringBackDeletedFiles";

impl Scene<'_> {
    /// Deletes files of the folder as an edit of a server does that is listed and then applied.
    fn delete_for_server(&mut self, names: &[&str]) {
        let steps = names.iter().map(|name| {
            EditStep::File(FileOperation::Delete {
                path: self.root.join(name),
                recursive: true,
                may_be_gone: false,
            })
        });
        let edit = Arc::new(WorkspaceEdit {
            steps: steps.collect(),
        });
        let model = self.model.clone();
        model.update(self.cx, |model, cx| {
            model.list_edit("Deletions", edit, model.versions(), cx);
        });
        self.settle();
        let applied = model.update(self.cx, |model, cx| {
            let shown = model.places().cloned().unwrap();
            model.apply_listed_edit(&shown, &Default::default(), cx)
        });
        self.settle();
        let mut applied = Box::pin(applied);
        let applied = futures::FutureExt::now_or_never(&mut applied);
        assert_eq!(applied, Some(Ok(names.len())));
    }

    /// Which of these files are there.
    fn there<'n>(&self, names: &[&'n str]) -> Vec<&'n str> {
        let there = names.iter().filter(|name| self.root.join(name).exists());
        there.copied().collect()
    }
}

#[gpui_kit::test]
fn each_of_several_deletions_can_be_brought_back_whatever_becomes_of_its_notice(
    cx: &mut TestAppContext,
) {
    let mut scene = Scene::new(cx);
    let names = ["a.bin", "b.bin", "c.bin", "d.bin"];
    // What no local history keeps.
    let content = |name: &str| [&[0xff, 0], name.as_bytes()].concat();
    for name in names {
        std::fs::write(scene.root.join(name), content(name)).unwrap();
    }
    scene.run(BRING_BACK);
    assert!(scene.shows("Nothing that was deleted for a language server is kept."));

    scene.delete_for_server(&names[..2]);
    scene.delete_for_server(&names[2..]);
    assert!(scene.there(&names).is_empty());
    assert!(scene.shows("Deleted a.bin and 1 other."));
    assert!(scene.shows("Deleted c.bin and 1 other."));
    scene.run("workbench.dismissNotices");

    scene.run(BRING_BACK);
    assert!(scene.shows("a.bin and 1 other, just now"));
    assert!(scene.shows("c.bin and 1 other, just now"));
    scene.write("a.bin");
    scene.press("enter");
    assert_eq!(scene.there(&names), ["a.bin", "b.bin"]);
    assert!(scene.shows("Brought back a.bin and 1 other."));
    // There is but one left.
    scene.run(BRING_BACK);
    assert_eq!(scene.there(&names), names);
    for name in names {
        assert_eq!(std::fs::read(scene.root.join(name)).unwrap(), content(name));
    }

    scene.delete_for_server(&names[..1]);
    scene.click("Bring Back");
    assert_eq!(scene.there(&names), names);
    assert!(!scene.shows("Deleted a.bin."));
}
