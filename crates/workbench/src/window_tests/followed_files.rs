//! What language servers hear of the files of the tree, and what they change because of them.

use super::Scene;
use gpui_kit::TestAppContext;

impl Scene<'_> {
    /// Whether the server wrote a line.
    fn logged(&mut self, line: &str) -> bool {
        self.model.read_with(self.cx, |model, _| {
            let servers = model.language_servers().unwrap();
            let mut logs = servers.running().map(lsp::LanguageServer::log);
            logs.any(|log| log.iter().any(|one| one == line))
        })
    }

    /// The text of an open file.
    fn text(&mut self, name: &str) -> String {
        let path = self.root.join(name);
        self.model.read_with(self.cx, |model, _| {
            let workspace = model.workspace();
            let id = workspace.buffer_for_path(&path).unwrap();
            workspace.buffer(id).unwrap().text().to_string()
        })
    }
}

#[gpui_kit::test]
fn what_other_programs_do_is_told_to_who_wants_to_hear_it(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    let model = scene.model.clone();
    scene.with(|_, cx| {
        model
            .update(cx, |model, cx| model.start_watching(cx))
            .unwrap()
    });
    scene.open_file("src/main.rs");
    scene.serve("watches");
    let root = scene.root.clone();
    let mut tries = 0;
    // The folders are watched a moment after the server asked for it.
    scene.until("a new file deep below", |it| {
        tries += 1;
        std::fs::write(root.join(format!("src/store/new{tries}.rs")), "x").unwrap();
        std::fs::write(root.join("src/store/notes.txt"), "x").unwrap();
        (1..=tries).any(|number| it.logged(&format!("watched new{number} 1")))
    });
    std::fs::write(root.join("Cargo.toml"), "").unwrap();
    std::fs::remove_file(root.join("src/store/new1.rs")).unwrap();
    scene.until("the removal", |it| it.logged("watched new1 3"));
    assert!(
        !scene.logged("watched Cargo 1"),
        "of these it hears changes alone"
    );
    assert!(!scene.logged("watched notes 1"), "of these nothing");
    std::fs::create_dir(root.join("later")).unwrap();
    let mut tries = 0;
    scene.until("a file in a folder that came later", |it| {
        tries += 1;
        std::fs::write(root.join(format!("later/late{tries}.rs")), "x").unwrap();
        (1..=tries).any(|number| it.logged(&format!("watched late{number} 1")))
    });
}

#[gpui_kit::test]
fn a_file_that_is_renamed_is_renamed_where_it_is_mentioned(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    std::fs::write(
        scene.root.join("src/main.rs"),
        "mod store;\nuse store::A;\n",
    )
    .unwrap();
    std::fs::write(scene.root.join("src/store.rs"), "struct A;\n").unwrap();
    scene.open_file("src/store.rs");
    scene.open_file("src/main.rs");
    scene.serve("follows-files");
    scene.click("New file");
    scene.write("other.rs");
    scene.press("enter");
    scene.until("it is told", |it| it.logged("created other"));

    scene.click("store.rs");
    scene.run("workbench.showFiles");
    scene.press("f2");
    scene.write("cache.rs");
    scene.press("enter");
    scene.until("the mentions", |it| {
        it.text("src/main.rs") == "mod cache;\nuse cache::A;\n"
    });
    assert!(scene.root.join("src/cache.rs").is_file());
    assert_eq!(scene.text("src/cache.rs"), "struct A;\n");
    scene.until("it is told", |it| it.logged("renamed store cache"));
    scene.press("delete");
    scene.click("Delete");
    scene.until("it is told", |it| it.logged("deleted cache"));
}
