//! The bar that says where the caret is, and going to symbols.

use super::Scene;
use gpui_kit::test::{TestEventExt as _, TestQueryExt as _};
use gpui_kit::{MouseButton, TestAppContext, point, px};

const CODE: &str = "struct Store;\n\nimpl Store {\n    fn load() {}\n    fn save() {}\n}\n";

impl Scene<'_> {
    /// A file of code in front, with the caret at a part of it.
    fn open_code(&mut self, at: &str) {
        std::fs::write(self.root.join("src/code.rs"), CODE).unwrap();
        self.open_file("src/code.rs");
        self.run("workbench.action.gotoSymbol");
        self.write(at);
        self.press("enter");
    }

    /// What the parts of the bar read, left to right.
    fn crumbs(&mut self) -> Vec<String> {
        self.with(|window, _| {
            let bars = window.find_all_by_label("Breadcrumbs");
            let Some(bar) = bars.iter().find(|bar| bar.visible()) else {
                return Vec::new();
            };
            let bounds = bar.bounds();
            let mut parts: Vec<_> = window
                .find_all_by_role(gpui_kit::Role::Button)
                .into_iter()
                .filter(|part| part.visible() && bounds.contains(&part.bounds().center()))
                .collect();
            parts.sort_by(|a, b| a.bounds().left().partial_cmp(&b.bounds().left()).unwrap());
            let labels = parts.iter().map(|part| part.label().unwrap_or_default());
            labels.map(str::to_owned).collect()
        })
    }

    /// The rows of the list that is open; a star marks the selected one.
    pub(super) fn listed(&mut self) -> Vec<String> {
        self.with(|window, _| {
            let rows = window.find_all_by_role(gpui_kit::Role::ListBoxOption);
            let rows = rows.iter().map(|row| {
                let mark = if row.selected() == Some(true) {
                    "*"
                } else {
                    ""
                };
                format!("{}{mark}", row.label().unwrap_or_default())
            });
            rows.collect()
        })
    }
}

#[gpui_kit::test]
fn the_bar_says_where_the_caret_is(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.open_file("src/store/memory.rs");
    let parts = [
        "src, folder",
        "store, folder",
        "memory.rs, file",
        "Memory, struct",
    ];
    assert_eq!(scene.crumbs(), parts);
    scene.open_code("save");
    let parts = [
        "src, folder",
        "code.rs, file",
        "impl Store, implementation",
        "save, method",
    ];
    assert_eq!(scene.crumbs(), parts);
}

#[gpui_kit::test]
fn the_tooltip_of_a_part_is_not_over_its_list(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.open_file("src/store/memory.rs");
    let tooltips = |scene: &mut Scene| {
        scene.with(|window, _| {
            let tooltips = window.find_all_by_role(gpui_kit::Role::Tooltip);
            tooltips.iter().filter(|tooltip| tooltip.visible()).count()
        })
    };
    let at = scene.with(|window, _| {
        let part = window.find_all_by_label("store, folder");
        part[0].bounds().center()
    });
    scene.with(|window, cx| window.pointer_move(at, None, cx));
    scene.settle();
    assert_eq!(tooltips(&mut scene), 1);
    // A hand that shakes moves the pointer before the list is there.
    scene.with(|window, cx| {
        window.pointer_down(at, MouseButton::Left, cx);
        window.pointer_up(at, MouseButton::Left, cx);
        window.pointer_move(at + point(px(1.), px(0.)), None, cx);
    });
    scene.settle();
    assert_eq!(scene.listed(), ["memory.rs*"]);
    assert_eq!(tooltips(&mut scene), 0);
    // Opened by its key, too, while the pointer rests there.
    scene.press("escape");
    scene.with(|window, cx| window.pointer_move(at, None, cx));
    scene.settle();
    assert_eq!(tooltips(&mut scene), 1);
    scene.run("breadcrumbs.focusAndSelect");
    assert_eq!(tooltips(&mut scene), 0);
}

#[gpui_kit::test]
fn folders_and_files_list_what_is_beside_them(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.open_file("src/store/memory.rs");
    scene.click("src, folder");
    assert_eq!(scene.listed(), ["store, folder*", "main.rs"]);
    scene.press("enter");
    assert_eq!(scene.listed(), ["memory.rs*"], "a folder opens in the list");
    scene.press("escape");
    scene.click("src, folder");
    scene.write("main");
    scene.press("enter");
    assert_eq!(scene.tabs(), ["memory.rs", "main.rs*"]);
    scene.click("main.rs, file");
    assert_eq!(scene.listed(), ["store, folder", "main.rs*"]);
}

#[gpui_kit::test]
fn the_last_part_lists_symbols_and_shows_them_while_choosing(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.open_code("load");
    scene.press("ctrl-shift-.");
    assert_eq!(scene.listed(), ["load, method*", "save, method"]);
    scene.press("down");
    assert_eq!(scene.crumbs().last().unwrap(), "save, method");
    scene.press("escape");
    assert_eq!(
        scene.crumbs().last().unwrap(),
        "load, method",
        "back where it was"
    );
    scene.click("impl Store, implementation");
    assert_eq!(
        scene.listed(),
        ["Store, struct", "impl Store, implementation*"]
    );
    scene.press("up enter");
    assert_eq!(scene.crumbs().last().unwrap(), "Store, struct");
}

#[gpui_kit::test]
fn a_symbol_is_found_by_its_name(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.open_code("Store");
    scene.press("ctrl-shift-o");
    assert_eq!(
        scene.listed(),
        [
            "Store, struct*",
            "impl Store, implementation",
            "load, method",
            "save, method"
        ]
    );
    scene.press("escape");
    scene.press("ctrl-p");
    scene.write("@sav");
    assert_eq!(scene.listed(), ["save, method*"]);
    scene.press("enter");
    assert_eq!(scene.crumbs().last().unwrap(), "save, method");
    scene.press("ctrl-p");
    scene.write("@load");
    assert_eq!(scene.crumbs().last().unwrap(), "load, method");
    scene.press("escape");
    assert_eq!(scene.crumbs().last().unwrap(), "save, method");
}

#[gpui_kit::test]
fn a_narrow_bar_leaves_out_the_middle(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    let path = "a-folder-with-a-long-name/another-folder-with-a-long-name/one-more-long-folder-name/the-last-long-folder/deep.rs";
    let file = scene.root.join(path);
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(&file, "fn deep() {}\n").unwrap();
    scene.open_file(path);
    for _ in 0..2 {
        scene.run("workbench.splitRight");
    }
    let parts = scene.crumbs();
    assert_eq!(parts.first().unwrap(), "a-folder-with-a-long-name, folder");
    assert!(
        parts[1].starts_with("Left out: another-folder"),
        "{parts:?}"
    );
    assert_eq!(parts.last().unwrap(), "deep, function");
}

#[gpui_kit::test]
fn the_setting_takes_the_bar_away(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.open_file("src/main.rs");
    assert!(!scene.crumbs().is_empty());
    scene.with(|_, cx| {
        let layer = settings::Layer::user("settings.json", "{\"breadcrumbs.enabled\": false}");
        assert_eq!(ui::SettingsStore::set(&[layer], cx).len(), 0);
    });
    scene.settle();
    assert!(scene.crumbs().is_empty());
}

#[cfg(unix)]
#[gpui_kit::test]
fn a_folder_that_cannot_be_read_says_why(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.open_file("src/main.rs");
    std::fs::rename(scene.root.join("src"), scene.root.join("gone")).unwrap();
    // What is no folder any more cannot be listed, whoever runs this.
    std::fs::write(scene.root.join("src"), "").unwrap();
    scene.click("main.rs, file");
    let said = scene.with(|window, _| {
        let all = window.find_all_by_role(gpui_kit::Role::Status);
        let labels = all.iter().filter_map(|one| one.label().map(str::to_owned));
        labels.collect::<Vec<_>>()
    });
    let folder = scene.root.join("src").display().to_string();
    assert!(
        said.iter().any(|line| line.contains(&folder)),
        "{said:?} names no {folder}"
    );
    assert_eq!(scene.listed(), [] as [String; 0]);
}

#[gpui_kit::test]
fn a_long_folder_is_searched_in_the_background(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    for number in 0..2_100 {
        std::fs::write(scene.root.join(format!("src/file{number:04}.rs")), "").unwrap();
    }
    scene.open_file("src/main.rs");
    scene.click("src, folder");
    scene.write("file2077");
    assert_eq!(scene.listed(), ["file2077.rs*"]);
    scene.press("enter");
    assert_eq!(scene.tabs(), ["main.rs", "file2077.rs*"]);
}
