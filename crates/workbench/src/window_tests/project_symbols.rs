//! Going to symbols of the whole project: from the fake language server of `lsp`, and from open files.

use std::cell::RefCell;
use std::rc::Rc;

use super::Scene;
use gpui_kit::TestAppContext;
use ui::OpenTarget;

#[gpui_kit::test]
fn symbols_of_the_project_come_from_the_servers_and_from_open_files(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    std::fs::write(
        scene.root.join("src/code.rs"),
        "fine\nä def parse and def parts\n",
    )
    .unwrap();
    std::fs::write(scene.root.join("tool.py"), "def partition():\n    pass\n").unwrap();
    scene.open_file("tool.py");
    scene.open_file("src/code.rs");
    scene.serve("");
    scene.run("workbench.action.showAllSymbols");
    scene.write("part");
    scene.until("the rows", |it| {
        it.listed() == ["parts, function, code.rs*", "partition, function, tool.py"]
    });
    let opened: Rc<RefCell<Option<OpenTarget>>> = Rc::default();
    let seen = opened.clone();
    scene.with(|window, cx| {
        ui::open::set_open_handler(window, cx, move |target, _, _| {
            seen.replace(Some(target));
        });
    });
    scene.press("enter");
    scene.until("the symbol", |_| opened.borrow().is_some());
    let wanted = OpenTarget::at(scene.root.join("src/code.rs"), 2, 21);
    assert_eq!(
        opened.take(),
        Some(wanted),
        "the server told the place when asked"
    );
    scene.run("workbench.action.showAllSymbols");
    scene.write("nowhere");
    scene.until("the end", |it| {
        it.shows("No symbol matches \u{201c}nowhere\u{201d}.")
    });
}

#[gpui_kit::test]
fn without_a_server_the_open_files_are_searched(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    std::fs::write(
        scene.root.join("src/code.rs"),
        "\nstruct Store;\nfn stir() {}\n",
    )
    .unwrap();
    scene.open_file("src/code.rs");
    scene.press("ctrl-t");
    assert_eq!(
        scene.listed(),
        ["Store, struct, code.rs*", "stir, function, code.rs"]
    );
    scene.write("stir");
    assert_eq!(scene.listed(), ["stir, function, code.rs*"]);
}
