//! What the tree and the tabs show of what language servers say.

use super::Scene;
use gpui_kit::TestAppContext;

#[gpui_kit::test]
fn a_tab_and_the_folders_of_a_file_show_what_is_wrong_in_it(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    let root = scene.root.clone();
    std::fs::write(root.join("src/main.rs"), "an error\n").unwrap();
    std::fs::write(root.join("closed.rs"), "abcdef\n").unwrap();
    scene.open_file("src/main.rs");
    assert_eq!(scene.tabs(), ["main.rs*"]);
    scene.serve("project");
    scene.until("what is wrong", |it| it.tabs() == ["main.rs, 1 error*"]);
    let marks = scene
        .model
        .read_with(scene.cx, |model, _| model.problem_marks());
    let errors = |path: &str| marks.at(&root.join(path)).errors;
    assert_eq!(errors("src/main.rs"), 1);
    assert_eq!(errors("src"), 1, "a folder has what its files have");
    assert_eq!(errors("closed.rs"), 1, "of a file that is not open, too");
    assert_eq!(marks.at(&root), workspace::ProblemCounts::default());
    // Mended.
    let path = root.join("src/main.rs");
    scene.model.clone().update(scene.cx, |model, cx| {
        model.update(cx, |workspace| {
            let id = workspace.buffer_for_path(&path).unwrap();
            workspace.replace_text(id, "fine\n").unwrap();
        });
    });
    scene.until("the mend", |it| it.tabs() == ["main.rs, unsaved changes*"]);
}
