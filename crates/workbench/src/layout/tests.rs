use super::*;
use fs::RealFs;

fn store() -> (tempfile::TempDir, LayoutStore) {
    let folder = tempfile::tempdir().unwrap();
    let store = LayoutStore::new(&KilnPaths::under(folder.path()), Arc::new(RealFs::new()));
    (folder, store)
}

#[test]
fn a_layout_comes_back_as_it_was_left() {
    let (_folder, store) = store();
    let root = Path::new("/projects/todo");
    let mut layout = Layout::default();
    layout.left.size = 312.;
    layout.right.open = false;
    layout.groups = vec![GroupLayout {
        tabs: vec![
            TabLayout {
                path: Some("/a".into()),
                encoding: Some("UTF-8".into()),
                ..TabLayout::default()
            },
            TabLayout {
                untitled: Some(2),
                view: Some(ViewState {
                    selections: vec![(4, 2)],
                    top: 12.5,
                    ..ViewState::default()
                }),
                ..TabLayout::default()
            },
        ],
        active: 1,
        ..GroupLayout::default()
    }];
    layout.grid = Some(Grid::Group(0));
    layout.expanded = vec!["/projects/todo/src".into()];
    layout.unfolded = BTreeMap::from([("specs".into(), vec!["due-dates".into()])]);
    let draft = DraftLayout {
        text: "Add a due\ndate".into(),
        mode: Some("spec".into()),
        waiting: vec![WaitingLayout {
            place: "one".into(),
            text: "And a\nreminder".into(),
            mode: None,
        }],
    };
    layout.drafts = BTreeMap::from([("agent".into(), draft)]);
    store.save(root, &layout).unwrap();
    assert_eq!(
        store.load(root),
        Read {
            value: layout,
            notice: None
        }
    );
    assert_eq!(
        store.load(Path::new("/projects/other")).value,
        Layout::default()
    );
}

#[test]
fn a_draft_that_was_kept_as_its_words_alone_comes_back() {
    let layout: Layout =
        serde_json::from_str(r#"{"drafts": {"agent": "Add a due date"}}"#).unwrap();
    let draft = DraftLayout {
        text: "Add a due date".into(),
        mode: None,
        waiting: Vec::new(),
    };
    assert_eq!(layout.drafts, BTreeMap::from([("agent".into(), draft)]));
}

#[test]
fn a_malformed_layout_is_ignored_and_told() {
    let (_folder, store) = store();
    let root = Path::new("/projects/todo");
    store.save(root, &Layout::default()).unwrap();
    std::fs::write(store.layout_path(root), "{\"left\": {\"open\": 7}}").unwrap();
    let read = store.load(root);
    assert_eq!(read.value, Layout::default());
    assert!(
        read.notice
            .is_some_and(|notice| notice.contains("malformed"))
    );
}

#[test]
fn numbers_out_of_range_are_brought_back() {
    let (_folder, store) = store();
    let root = Path::new("/projects/todo");
    store.save(root, &Layout::default()).unwrap();
    let text = r#"{"left": {"size": 1e9}, "right": {"size": -3}, "active_group": 9,
        "groups": [{"tabs": [], "active": 4}, {"tabs": [{"path": "/a"}], "active": 4}]}"#;
    std::fs::write(store.layout_path(root), text).unwrap();
    let layout = store.load(root).value;
    assert_eq!(layout.left.size, MAX_DOCK);
    assert_eq!(layout.right.size, 380.);
    assert_eq!(layout.groups.len(), 1);
    assert_eq!((layout.active_group, layout.groups[0].active), (0, 0));
}

/// How many tabs the groups have that come back of these, where they stand, and the place of the
/// active one.
fn groups_back(layout: Layout) -> (Vec<usize>, Option<Grid>, usize) {
    let (_folder, store) = store();
    let root = Path::new("/projects/todo");
    store.save(root, &layout).unwrap();
    let layout = store.load(root).value;
    let groups = layout.groups.iter().map(|group| group.tabs.len());
    (groups.collect(), layout.grid, layout.active_group)
}

/// A layout of before: groups with so many tabs, and which of them stand below another one.
fn in_columns(tabs_and_below: &[(usize, bool)], active_group: usize) -> Layout {
    let groups = tabs_and_below.iter().map(|(tabs, below)| GroupLayout {
        tabs: vec![TabLayout::default(); *tabs],
        below: *below,
        ..GroupLayout::default()
    });
    Layout {
        groups: groups.collect(),
        active_group,
        ..Layout::default()
    }
}

#[test]
fn as_many_groups_come_back_as_were_made_also_in_a_layout_of_before() {
    let seven = [1, 2, 3, 4, 5, 6, 7].map(|tabs| (tabs, tabs % 2 == 0));
    let below = seven.map(|(_, below)| below);
    let expected = ((1..=7).collect::<Vec<_>>(), Grid::columns(&below), 6);
    assert_eq!(groups_back(in_columns(&seven, 6)), expected);
}

#[test]
fn a_group_that_does_not_come_back_leaves_the_others_where_they_were() {
    let columns = |below: &[bool]| Grid::columns(below);
    // The topmost of the second column, and the one below it.
    let found = groups_back(in_columns(
        &[(1, false), (0, false), (2, true), (3, true)],
        2,
    ));
    assert_eq!(found, (vec![1, 2, 3], columns(&[false, false, true]), 1));
    // The topmost of the first column, which was the active one.
    let found = groups_back(in_columns(&[(0, false), (1, true), (2, false)], 0));
    assert_eq!(found, (vec![1, 2], columns(&[false, false]), 0));
    // The last one.
    let found = groups_back(in_columns(&[(1, false), (0, true)], 1));
    assert_eq!(found, (vec![1], Some(Grid::Group(0)), 0));
    assert_eq!(groups_back(in_columns(&[(0, false)], 0)), (vec![], None, 0));
}

#[test]
fn a_grid_comes_back_as_deep_as_it_was_where_it_makes_sense() {
    let grid = |text: &str| Some(serde_json::from_str::<Grid>(text).unwrap());
    let deep = r#"{"axis": "row", "parts": [{"share": 2.0, "grid": 0},
        {"share": 1.0, "grid": {"axis": "column", "parts": [{"share": 1.0, "grid": 1},
        {"share": 1.0, "grid": {"axis": "row", "parts": [{"share": 1.0, "grid": 2},
        {"share": 3.0, "grid": 3}]}}]}}]}"#;
    let of = |tabs: [usize; 4], text: &str| Layout {
        grid: grid(text),
        ..in_columns(&tabs.map(|tabs| (tabs, false)), 3)
    };
    let found = groups_back(of([1, 2, 3, 4], deep));
    assert_eq!(found, (vec![1, 2, 3, 4], grid(deep), 3));
    // The second does not come back.
    let rest = r#"{"axis": "row", "parts": [{"share": 2.0, "grid": 0},
        {"share": 0.25, "grid": 1}, {"share": 0.75, "grid": 2}]}"#;
    let found = groups_back(of([1, 0, 3, 4], deep));
    assert_eq!(found, (vec![1, 3, 4], grid(rest), 2));
    // Groups that are not there, or in another order, stand in columns.
    let columns = Grid::columns(&[false; 4]);
    for wrong in [rest.to_owned(), deep.replace("\"grid\": 3", "\"grid\": 0")] {
        let found = groups_back(of([1, 2, 3, 4], &wrong));
        assert_eq!(found, (vec![1, 2, 3, 4], columns.clone(), 3));
    }
}

#[test]
fn recent_folders_come_back_newest_first_without_those_that_are_gone() {
    let (folder, store) = store();
    let (a, b) = (folder.path().join("a"), folder.path().join("b"));
    for path in [&a, &b] {
        std::fs::create_dir(path).unwrap();
        store.add_recent(path).unwrap();
    }
    store.add_recent(&a).unwrap();
    assert_eq!(store.recent_folders(), [a.clone(), b.clone()]);
    std::fs::remove_dir(&a).unwrap();
    assert_eq!(store.recent_folders(), [b]);
}

#[test]
fn a_layout_that_was_taken_earlier_does_not_replace_a_later_one() {
    let (_folder, store) = store();
    let root = Path::new("/projects/todo");
    let of_width = |size| {
        let mut layout = Layout::default();
        layout.left.size = size;
        layout
    };
    let write = |taken, size| {
        store.write_newer(taken, |store| store.save(root, &of_width(size)).unwrap());
    };
    let (early, late) = (store.take(), store.take());
    // A clone writes for the same window.
    let elsewhere = store.clone();
    elsewhere.write_newer(late, |store| store.save(root, &of_width(400.)).unwrap());
    write(early, 200.);
    assert_eq!(store.load(root).value.left.size, 400.);
    write(store.take(), 300.);
    assert_eq!(store.load(root).value.left.size, 300.);
}

#[test]
fn the_first_steps_are_shown_once() {
    let (_folder, store) = store();
    assert!(!store.is_onboarded());
    store.set_onboarded().unwrap();
    assert!(store.is_onboarded());
}

#[test]
fn window_bounds_that_make_no_sense_are_not_used() {
    let (_folder, store) = store();
    let bounds = WindowLayout {
        x: 10.,
        y: 20.,
        width: 900.,
        height: 700.,
        maximized: false,
        editor_zoom: 3,
        values_before: BTreeMap::from([("a".to_owned(), "b".into())]),
    };
    store.save_window(&bounds).unwrap();
    assert_eq!(store.load_window(), Some(bounds.clone()));
    store
        .save_window(&WindowLayout {
            width: 3.,
            ..bounds
        })
        .unwrap();
    assert_eq!(store.load_window(), None);
}
