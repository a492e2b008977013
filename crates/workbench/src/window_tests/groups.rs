//! Groups of tabs: going from one to another, and taking tabs there by command and by hand.

use super::Scene;
use editor_core::{Selections, Text};
use gpui_kit::test::{TestEventExt as _, TestQueryExt as _, TestWindowExt as _};
use gpui_kit::{Bounds, MouseButton, Pixels, Point, Role, TestAppContext, point};
use std::collections::BTreeMap;
use ui::Item as _;
use vim::{Effect, ExCommand, Options, Vim, parse_keys};

impl Scene<'_> {
    /// The tabs of each group, column by column and from top to bottom: `a b* | c / d*` are two columns,
    /// the second of two groups. The tab in front has a star.
    fn groups(&mut self) -> String {
        let tabs: Vec<_> = self.with(|window, _| {
            let all = window.elements();
            let tabs = all.iter().filter(|one| one.role() == Some(Role::Tab));
            tabs.filter(|one| one.visible())
                .map(|one| {
                    let star = if one.selected() == Some(true) {
                        "*"
                    } else {
                        ""
                    };
                    let name = one.label().unwrap_or_default();
                    (one.bounds(), format!("{name}{star}"))
                })
                .collect()
        });
        let areas = self.group_areas();
        let mut columns: BTreeMap<usize, Vec<String>> = BTreeMap::new();
        for area in areas {
            let own = tabs.iter().filter(|(tab, _)| area.contains(&tab.center()));
            let names: Vec<_> = own.map(|(_, name)| name.clone()).collect();
            let left = f32::from(area.left()) as usize;
            columns.entry(left).or_default().push(names.join(" "));
        }
        let columns: Vec<_> = columns.into_values().map(|one| one.join(" / ")).collect();
        columns.join(" | ")
    }

    /// Where the groups are, with their tabs.
    fn group_areas(&mut self) -> Vec<Bounds<Pixels>> {
        self.with(|window, _| {
            let all = window.elements();
            let is_group =
                |label: Option<&str>| label.is_some_and(|it| it.starts_with("Editor group"));
            let areas = all.iter().filter(|one| is_group(one.label()));
            let mut areas: Vec<_> = areas.map(|area| area.bounds()).collect();
            let corner = |area: &Bounds<Pixels>| (f32::from(area.left()), f32::from(area.top()));
            areas.sort_by(|a, b| corner(a).partial_cmp(&corner(b)).unwrap());
            areas
        })
    }

    /// A place over the text of a group, as parts of its width and height.
    fn over(&mut self, group: usize, across: f32, down: f32) -> Point<Pixels> {
        let area = self.group_areas()[group];
        point(
            area.left() + area.size.width * across,
            area.top() + area.size.height * down,
        )
    }

    /// Takes a tab to a place and holds it there.
    fn hold(&mut self, tab: &str, at: Point<Pixels>) {
        let from = self.tab_center(tab);
        self.with(|window, cx| {
            window.pointer_move(from, None, cx);
            window.pointer_down(from, MouseButton::Left, cx);
            window.pointer_move(at, Some(MouseButton::Left), cx);
            window.render_frame(cx);
            window.pointer_move(at, Some(MouseButton::Left), cx);
            window.render_frame(cx);
        });
    }

    fn let_go(&mut self, at: Point<Pixels>) {
        self.with(|window, cx| window.pointer_up(at, MouseButton::Left, cx));
        self.settle();
    }

    fn carry_tab(&mut self, tab: &str, at: Point<Pixels>) {
        self.hold(tab, at);
        self.let_go(at);
    }

    fn in_front(&mut self) -> String {
        let item = self.view();
        item.read_with(self.cx, |item, cx| item.tab_title(cx).to_string())
    }
}

/// Two columns: README.md above main.rs, and memory.rs, which has the keyboard.
fn three_groups<'a>(cx: &'a mut TestAppContext) -> Scene<'a> {
    let mut scene = Scene::new(cx);
    scene.open_file("README.md");
    scene.press("ctrl-\\");
    scene.open_file("src/store/memory.rs");
    scene.press("ctrl-pageup ctrl-w ctrl-k ctrl-left");
    scene.run("workbench.action.splitEditorDown");
    scene.open_file("src/main.rs");
    scene.press("ctrl-pageup ctrl-w ctrl-k ctrl-right");
    assert_eq!(scene.groups(), "README.md* / main.rs* | memory.rs*");
    scene
}

#[gpui_kit::test]
fn keys_go_to_the_group_on_a_side(cx: &mut TestAppContext) {
    let mut scene = three_groups(cx);
    for (keys, title) in [
        ("ctrl-k ctrl-left", "README.md"),
        ("ctrl-k ctrl-up", "README.md"),
        ("ctrl-k ctrl-down", "main.rs"),
        ("ctrl-k ctrl-down", "main.rs"),
        ("ctrl-k ctrl-up", "README.md"),
        ("ctrl-k ctrl-down", "main.rs"),
        ("ctrl-k ctrl-right", "memory.rs"),
        ("ctrl-k ctrl-right", "memory.rs"),
    ] {
        scene.press(keys);
        assert_eq!(scene.in_front(), title, "{keys}");
    }
    for (command, title) in [
        ("focusNextGroup", "README.md"),
        ("focusNextGroup", "main.rs"),
        ("focusPreviousGroup", "README.md"),
        ("focusPreviousGroup", "memory.rs"),
    ] {
        scene.run(&format!("workbench.action.{command}"));
        assert_eq!(scene.in_front(), title, "{command}");
    }
}

#[gpui_kit::test]
fn keys_take_a_tab_to_the_next_group_and_back(cx: &mut TestAppContext) {
    let mut scene = three_groups(cx);
    scene.press("ctrl-k ctrl-alt-left");
    assert_eq!(scene.groups(), "README.md* / main.rs memory.rs*");
    scene.press("ctrl-k ctrl-alt-left");
    assert_eq!(scene.groups(), "README.md memory.rs* / main.rs*");
    scene.press("ctrl-k ctrl-alt-left");
    assert_eq!(
        scene.groups(),
        "README.md memory.rs* / main.rs*",
        "the first"
    );
    scene.press("ctrl-k ctrl-alt-right ctrl-k ctrl-alt-right");
    assert_eq!(scene.groups(), "README.md* / main.rs* | memory.rs*");
    // Alone in the last group it stays.
    scene.press("ctrl-k ctrl-alt-right");
    assert_eq!(scene.groups(), "README.md* / main.rs* | memory.rs*");
    assert_eq!(scene.in_front(), "memory.rs");
    scene.reopen();
    assert_eq!(scene.groups(), "README.md* / main.rs* | memory.rs*");
}

#[gpui_kit::test]
fn a_file_that_a_group_shows_already_is_shown_there_once(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.open_file("README.md");
    scene.open_file("src/main.rs");
    scene.dirty("src/main.rs");
    scene.press("ctrl-\\");
    assert_eq!(
        scene.groups(),
        "README.md main.rs, unsaved changes* | main.rs, unsaved changes*"
    );
    scene.press("ctrl-k ctrl-alt-left");
    assert!(!scene.shows("Save changes to main.rs?"));
    assert_eq!(scene.groups(), "README.md main.rs, unsaved changes*");
    scene.press("ctrl-\\");
    scene.open_file("src/store/memory.rs");
    scene.run("workbench.action.joinAllGroups");
    // The tabs of the group with the keyboard, then those of the others.
    assert_eq!(
        scene.groups(),
        "main.rs, unsaved changes memory.rs* README.md"
    );
    assert_eq!(scene.in_front(), "memory.rs");
}

#[gpui_kit::test]
fn a_tab_that_is_dropped_at_an_edge_splits_there(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    for file in ["README.md", "src/main.rs", "src/store/memory.rs"] {
        scene.open_file(file);
    }
    let right = scene.over(0, 0.95, 0.5);
    scene.hold("memory.rs", right);
    assert!(scene.shows("Drop to split right"));
    let (zone, area) = (
        scene.with(|window, _| window.find_all_by_label("Drop to split right")[0].bounds()),
        scene.group_areas()[0],
    );
    assert!(
        (zone.left() - area.center().x).abs() < gpui_kit::px(2.),
        "the right half"
    );
    scene.let_go(right);
    assert!(!scene.shows("Drop to split right"));
    assert_eq!(scene.groups(), "README.md main.rs* | memory.rs*");
    assert_eq!(scene.in_front(), "memory.rs");

    let below = scene.over(1, 0.5, 0.95);
    scene.carry_tab("main.rs", below);
    assert_eq!(scene.groups(), "README.md* | memory.rs* / main.rs*");
    // To the left of the lower group: the one that it came from goes with it.
    let left = scene.over(2, 0.04, 0.6);
    scene.carry_tab("memory.rs", left);
    assert_eq!(scene.groups(), "README.md* | memory.rs* | main.rs*");
    // Above, which makes the group that was topmost the lower one.
    let above = scene.over(0, 0.5, 0.2);
    scene.carry_tab("main.rs", above);
    assert_eq!(scene.groups(), "main.rs* / README.md* | memory.rs*");
    // In the middle, into the group.
    let middle = scene.over(2, 0.5, 0.5);
    scene.hold("README.md", middle);
    assert!(scene.shows("Drop to move into this group"));
    scene.let_go(middle);
    assert_eq!(scene.groups(), "main.rs* | memory.rs README.md*");
    scene.reopen();
    assert_eq!(scene.groups(), "main.rs* | memory.rs README.md*");
}

#[gpui_kit::test]
fn a_drop_that_would_change_nothing_shows_no_place(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.open_file("README.md");
    for (across, down) in [(0.95, 0.5), (0.5, 0.5)] {
        let place = scene.over(0, across, down);
        scene.hold("README.md", place);
        assert!(!scene.shows("Drop to split right"));
        assert!(!scene.shows("Drop to move into this group"));
        scene.let_go(place);
        assert_eq!(scene.groups(), "README.md*");
    }
    // What is let go of elsewhere leaves no place behind.
    scene.open_file("src/main.rs");
    let (right, tree) = (
        scene.over(0, 0.95, 0.5),
        scene.with(|window, _| window.find_all_by_label("src")[0].bounds().center()),
    );
    scene.hold("main.rs", right);
    assert!(scene.shows("Drop to split right"));
    scene.with(|window, cx| {
        window.pointer_move(tree, Some(MouseButton::Left), cx);
        window.render_frame(cx);
    });
    assert!(!scene.shows("Drop to split right"));
    scene.let_go(tree);
    assert_eq!(scene.groups(), "README.md main.rs*");
}

#[gpui_kit::test]
fn what_vim_asks_for_with_ctrl_w_are_commands_of_the_window(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    let (text, carets) = (Text::new("one\n"), Selections::caret(0));
    let mut asked = BTreeMap::new();
    let arrows = ["<Left>", "<Right>", "<Up>", "<Down>"].map(str::to_owned);
    let with_control = ('a'..='z').map(|letter| format!("<C-{letter}>"));
    let keys = ('!'..='~').map(String::from);
    for key in keys.chain(arrows).chain(with_control) {
        let mut vim = Vim::new(Options::default());
        for pressed in parse_keys(&format!("<C-w>{key}")) {
            for effect in vim.key(pressed, &text, &carets, &()) {
                if let Effect::Command(ExCommand::Other(id)) = effect {
                    asked.insert(key.clone(), id);
                }
            }
        }
    }
    assert!(asked.len() > 10, "{asked:?}");
    scene.with(|_, cx| asked.retain(|_, id| ui::Commands::get(id, cx).is_none()));
    assert_eq!(asked, BTreeMap::new(), "these are no commands");
}

#[gpui_kit::test]
fn of_the_views_in_front_the_active_one_asks_first(cx: &mut TestAppContext) {
    let mut scene = three_groups(cx);
    let mut views = Vec::new();
    let ways = ["ctrl-k ctrl-left", "ctrl-k ctrl-down", "ctrl-k ctrl-right"];
    for _ in 0..2 {
        for keys in ways {
            scene.press(keys);
            let active = scene.view().entity_id();
            views.push(active);
            let model = scene.model.clone();
            let asks =
                |view: &_| model.read_with(scene.cx, |model, _| model.asks_first(*view, |_| true));
            let asking: Vec<_> = views.iter().filter(|view| asks(view)).collect();
            assert!(asking.iter().all(|view| **view == active), "{keys}");
            assert!(!asking.is_empty(), "{keys}");
        }
    }
    views.sort();
    views.dedup();
    assert_eq!(views.len(), 3);
}

/// README.md beside a column of main.rs and, below it, memory.rs twice beside each other.
fn deep<'a>(cx: &'a mut TestAppContext) -> Scene<'a> {
    let mut scene = Scene::new(cx);
    scene.open_file("README.md");
    scene.press("ctrl-\\");
    scene.open_file("src/main.rs");
    scene.press("ctrl-pageup ctrl-w ctrl-k ctrl-\\");
    scene.open_file("src/store/memory.rs");
    scene.press("ctrl-pageup ctrl-w ctrl-\\");
    scene
}

/// Where the groups are, in parts of the area of all of them, in hundredths: left, top, right, bottom.
fn places(scene: &mut Scene) -> Vec<[i32; 4]> {
    let areas = scene.group_areas();
    let left = areas.iter().map(|area| area.left()).min().unwrap();
    let top = areas.iter().map(|area| area.top()).min().unwrap();
    let right = areas.iter().map(|area| area.right()).max().unwrap();
    let bottom = areas.iter().map(|area| area.bottom()).max().unwrap();
    let across = |x: Pixels| ((x - left) / (right - left) * 100.).round() as i32;
    let down = |y: Pixels| ((y - top) / (bottom - top) * 100.).round() as i32;
    let place = |area: &Bounds<Pixels>| {
        [
            across(area.left()),
            down(area.top()),
            across(area.right()),
            down(area.bottom()),
        ]
    };
    areas.iter().map(place).collect()
}

#[gpui_kit::test]
fn a_group_is_split_within_its_own_place_and_comes_back_there(cx: &mut TestAppContext) {
    let mut scene = deep(cx);
    let expected = [
        [0, 0, 50, 100],
        [50, 0, 100, 50],
        [50, 50, 75, 100],
        [75, 50, 100, 100],
    ];
    assert_eq!(places(&mut scene), expected);
    assert_eq!(
        scene.groups(),
        "README.md* | main.rs* / memory.rs* | memory.rs*"
    );
    for (keys, title) in [
        ("ctrl-k ctrl-left", "memory.rs"),
        ("ctrl-k ctrl-left", "README.md"),
        ("ctrl-k ctrl-right", "main.rs"),
        ("ctrl-k ctrl-down", "memory.rs"),
        ("ctrl-k ctrl-up", "main.rs"),
    ] {
        scene.press(keys);
        assert_eq!(scene.in_front(), title, "{keys}");
    }
    scene.reopen();
    assert_eq!(places(&mut scene), expected);
    assert_eq!(scene.in_front(), "main.rs");
    // Those that shared the room with one that is closed get it.
    scene.press("ctrl-w");
    assert_eq!(
        places(&mut scene),
        [[0, 0, 50, 100], [50, 0, 75, 100], [75, 0, 100, 100]]
    );
}

#[gpui_kit::test]
fn the_line_between_groups_is_dragged_and_comes_back_where_it_was(cx: &mut TestAppContext) {
    let mut scene = deep(cx);
    let line = |scene: &mut Scene, place: usize| {
        scene.with(|window, _| {
            let lines = window.find_all_by_label("Resize editor groups");
            let mut lines: Vec<_> = lines.iter().map(|line| line.bounds()).collect();
            lines.sort_by(|a, b| a.left().partial_cmp(&b.left()).unwrap());
            lines[place].center()
        })
    };
    let drag = |scene: &mut Scene, from: Point<Pixels>, to: Point<Pixels>| {
        scene.with(|window, cx| {
            window.pointer_move(from, None, cx);
            window.pointer_down(from, MouseButton::Left, cx);
            for _ in 0..2 {
                window.pointer_move(to, Some(MouseButton::Left), cx);
                window.render_frame(cx);
            }
            window.pointer_up(to, MouseButton::Left, cx);
        });
        scene.settle();
    };
    let from = line(&mut scene, 0);
    let quarter = scene.over(0, 0.5, 0.5);
    drag(&mut scene, from, point(quarter.x, from.y));
    let expected = [
        [0, 0, 25, 100],
        [25, 0, 100, 50],
        [25, 50, 63, 100],
        [63, 50, 100, 100],
    ];
    let near = |scene: &mut Scene, expected: &[[i32; 4]]| {
        let found = places(scene);
        let far = found.iter().flatten().zip(expected.iter().flatten());
        let far = far.map(|(found, expected)| (found - expected).abs()).max();
        assert!(far <= Some(1), "{found:?}");
    };
    near(&mut scene, &expected);
    scene.reopen();
    near(&mut scene, &expected);
    scene.run("workbench.action.evenEditorWidths");
    near(
        &mut scene,
        &[
            [0, 0, 50, 100],
            [50, 0, 100, 50],
            [50, 50, 75, 100],
            [75, 50, 100, 100],
        ],
    );
}

#[gpui_kit::test]
fn a_tab_that_is_dropped_at_the_edge_of_all_groups_splits_them_all(cx: &mut TestAppContext) {
    let mut scene = three_groups(cx);
    std::fs::write(scene.root.join("more.txt"), "").unwrap();
    scene.open_file("more.txt");
    assert_eq!(
        scene.groups(),
        "README.md* / main.rs* | memory.rs more.txt*"
    );
    let area = scene.group_areas()[0];
    let bottom = scene.group_areas()[1].bottom();
    let edge = point(area.center().x, bottom - gpui_kit::px(8.));
    scene.hold("memory.rs", edge);
    assert!(scene.shows("Drop below all groups"));
    let zone =
        scene.with(|window, _| window.find_all_by_label("Drop below all groups")[0].bounds());
    assert!(zone.size.width > area.size.width * 1.5, "of all: {zone:?}");
    scene.let_go(edge);
    let shown = places(&mut scene);
    assert_eq!(shown.len(), 4);
    assert!(shown.contains(&[0, 50, 100, 100]), "{shown:?}");
    assert_eq!(scene.in_front(), "memory.rs");
    // A little further in, the group under the pointer alone.
    let inside = scene.over(0, 0.12, 0.6);
    scene.hold("memory.rs", inside);
    assert!(scene.shows("Drop to split left"));
    scene.let_go(inside);
}

#[gpui_kit::test]
fn commands_give_the_active_group_more_room_and_no_other_too_little(cx: &mut TestAppContext) {
    let mut scene = deep(cx);
    scene.press("ctrl-k ctrl-left ctrl-k ctrl-left");
    assert_eq!(scene.in_front(), "README.md");
    let width =
        |scene: &mut Scene, group: usize| f32::from(scene.group_areas()[group].size.width).round();
    let before = width(&mut scene, 0);
    scene.run("workbench.action.increaseViewWidth");
    assert_eq!(width(&mut scene, 0), before + 60.);
    scene.run("workbench.action.decreaseViewSize");
    assert_eq!(width(&mut scene, 0), before);
    for _ in 0..20 {
        scene.run("workbench.action.decreaseViewWidth");
    }
    assert_eq!(width(&mut scene, 0), 160.);
    // Its one tab has its close button all the same.
    let name = "a name that is much too long for it.txt";
    std::fs::write(scene.root.join(name), "").unwrap();
    scene.open_file(name);
    scene.run("workbench.closeOtherTabs");
    let group = scene.group_areas()[0];
    let tab = scene.with(|window, _| {
        let all = window.elements();
        let tabs = all.iter().filter(|one| one.role() == Some(Role::Tab));
        let own = tabs.filter(|one| one.label() == Some(name));
        own.map(|one| one.bounds()).next().unwrap()
    });
    assert!(tab.right() <= group.right(), "{tab:?} in {group:?}");
    for _ in 0..20 {
        scene.run("workbench.action.increaseViewSize");
    }
    let narrow = [width(&mut scene, 2), width(&mut scene, 3)];
    assert!(narrow.iter().all(|width| *width >= 159.), "{narrow:?}");
    // One that lies below another is made higher.
    scene.press("ctrl-k ctrl-right ctrl-k ctrl-down");
    let height = |scene: &mut Scene| f32::from(scene.group_areas()[2].size.height).round();
    let before = height(&mut scene);
    scene.run("workbench.action.increaseViewHeight");
    assert_eq!(height(&mut scene), before + 60.);
    scene.run("workbench.action.decreaseViewHeight");
    assert_eq!(height(&mut scene), before);
}

#[gpui_kit::test]
fn a_group_without_room_for_two_is_not_split(cx: &mut TestAppContext) {
    const NO_ROOM: &str = "There is no room for another group here.";
    let mut scene = Scene::new(cx);
    scene.open_file("README.md");
    let too_small = |area: &Bounds<Pixels>| {
        f32::from(area.size.width) < 159. || f32::from(area.size.height) < 79.
    };
    for keys in ["ctrl-\\", "ctrl-k ctrl-\\"] {
        for _ in 0..20 {
            scene.press(keys);
        }
        assert!(scene.shows(NO_ROOM), "{keys}");
        let areas = scene.group_areas();
        assert!(!areas.iter().any(too_small), "{areas:?}");
    }
    let groups = scene.group_areas().len();
    assert!(groups > 4, "{groups}");
    // Nor for a tab that is dropped or taken there: it stays in its group.
    scene.open_file("src/main.rs");
    let edge = scene.over(0, 0.1, 0.5);
    scene.carry_tab("main.rs", edge);
    assert_eq!(scene.group_areas().len(), groups);
    for _ in 0..2 * groups {
        scene.run("workbench.action.moveEditorToNextGroup");
    }
    assert_eq!(scene.group_areas().len(), groups);
}
