//! A file that takes long to read: its tab is there meanwhile.

use super::{Held, MoveDocumentEnd, Paste, PlainItem, Scene};
use crate::opening_item::OpeningItem;
use fs::LoadProgress;
use futures::channel::oneshot;
use gpui_kit::test::TestWindowExt as _;
use gpui_kit::{AppContext as _, Entity, Global, KeyBinding, Task, TestAppContext};
use std::sync::Arc;
use ui::{
    CommandSpec, Commands, ItemEvent, ItemHandle, ItemOpeners, OpenTarget, Preview, WorkspaceModel,
};
use workspace::{ViewState, Workspace};

/// Asks for a file and runs what is ready until its tab is there, and no further.
fn ask_for(scene: &mut Scene, path: &str) {
    let target = OpenTarget::new(scene.root.join(path));
    let before = scene.tabs().len();
    scene.with(|window, cx| ui::open_path(target, window, cx));
    for _ in 0..10_000 {
        scene.with(|window, cx| window.render_frame(cx));
        if scene.tabs().len() > before {
            return;
        }
        assert!(scene.cx.executor().tick(), "no tab came");
    }
    panic!("no tab came");
}

fn open_buffers(scene: &mut Scene) -> usize {
    scene
        .model
        .read_with(scene.cx, |model, _| model.workspace().buffers().count())
}

#[gpui_kit::test]
fn a_tab_comes_before_its_file_is_read(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.open_file("README.md");
    let (release, held) = async_channel::bounded::<()>(1);
    scene.with(|_, cx| cx.set_global(Held(held)));
    ask_for(&mut scene, "src/main.rs");
    assert_eq!(scene.tabs(), ["README.md", "main.rs*"]);
    assert_eq!(open_buffers(&mut scene), 1, "it is not read yet");
    let said = "Opening main.rs\u{2026}";
    assert!(!scene.shows(said), "words that flash up would disturb");

    let main = scene.root.join("src/main.rs");
    let progress = scene
        .model
        .read_with(scene.cx, |model, _| model.opening(&main))
        .unwrap();
    assert!(!progress.is_cancelled());
    // After a moment it says so.
    scene.settle();
    assert!(scene.shows(said));

    release.close();
    scene.settle();
    assert_eq!(scene.tabs(), ["README.md", "main.rs*"]);
    assert_eq!(open_buffers(&mut scene), 2);
    assert!(!scene.shows(said));
}

#[gpui_kit::test]
fn keys_that_are_pressed_while_the_file_is_read_go_into_it(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.open_file("README.md");
    let before = scene.view();
    let (release, held) = async_channel::bounded::<()>(1);
    scene.with(|_, cx| cx.set_global(Held(held)));
    ask_for(&mut scene, "src/main.rs");
    scene.press("a b");
    scene.settle();
    scene.press("enter");
    release.close();
    scene.settle();
    scene.press("c");
    let view = scene.view();
    assert_ne!(view, before);
    let keys = |view: &Entity<PlainItem>, scene: &Scene| {
        view.read_with(scene.cx, |view, _| view.keys.clone())
    };
    assert_eq!(keys(&view, &scene), ["a", "b", "enter", "c"]);
    assert!(keys(&before, &scene).is_empty());
}

#[gpui_kit::test]
fn text_of_an_input_method_goes_into_a_file_that_is_being_read(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    let target = big(&scene);
    open_slowly(&mut scene, target);
    let preview = preview(&mut scene);
    scene.with(|window, cx| {
        let focus = gpui_kit::Focusable::focus_handle(&preview, cx);
        focus.focus(window, cx);
    });
    // Two words are composed and given, and a key between them.
    scene.write("日本");
    scene.press("x");
    scene.write("語");
    let told = scene.cx.update(|cx| cx.global_mut::<Slow>().opens.take());
    told.unwrap().send(()).unwrap();
    scene.settle();
    let view = scene.view();
    assert_ne!(view, preview);
    let typed = view.read_with(scene.cx, |view, _| view.typed.clone());
    assert_eq!(typed, "日本x語");
}

#[gpui_kit::test]
fn keys_that_follow_at_once_on_a_file_that_was_asked_for_go_into_that(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.open_file("README.md");
    let before = scene.view();
    let target = OpenTarget::new(scene.root.join("src/main.rs"));
    scene.with(|window, cx| ui::open_path(target, window, cx));
    scene.with(|window, cx| {
        window.press("a", cx);
        window.press("b", cx);
    });
    scene.settle();
    let view = scene.view();
    assert_eq!(
        view.read_with(scene.cx, |view, _| view.keys.clone()),
        ["a", "b"]
    );
    before.read_with(scene.cx, |view, _| assert!(view.keys.is_empty()));
}

#[cfg(unix)]
#[gpui_kit::test]
fn a_link_to_a_file_that_is_open_leads_to_its_tab(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    let link = scene.root.join("link.rs");
    std::os::unix::fs::symlink(scene.root.join("src/main.rs"), link).unwrap();
    scene.open_file("src/main.rs");
    scene.open_file("README.md");
    scene.open_file("link.rs");
    assert_eq!(scene.tabs(), ["main.rs*", "README.md"]);
    assert_eq!(open_buffers(&mut scene), 2);
    let view = scene.view();
    scene.press("a");
    assert_eq!(view.read_with(scene.cx, |view, _| view.keys.clone()), ["a"]);
}

#[gpui_kit::test]
fn a_command_chosen_while_the_file_is_read_runs_in_it(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.open_file("README.md");
    ask_for(&mut scene, "src/main.rs");
    scene.with(|window, cx| ui::Commands::run("workbench.commandPalette", window, cx));
    scene.with(|window, cx| window.render_frame(cx));
    assert_eq!(open_buffers(&mut scene), 1, "it is not read yet");
    scene.settle();
    assert_eq!(open_buffers(&mut scene), 2);
    scene.write("close tab");
    scene.press("enter");
    assert_eq!(scene.tabs(), ["README.md*"]);
}

#[gpui_kit::test]
fn a_command_chosen_while_a_file_that_is_gone_is_read_runs_all_the_same(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.open_file("README.md");
    ask_for(&mut scene, "src/nowhere.rs");
    scene.with(|window, cx| ui::Commands::run("workbench.commandPalette", window, cx));
    scene.with(|window, cx| window.render_frame(cx));
    scene.settle();
    assert_eq!(scene.tabs(), ["README.md*"]);
    scene.write("close tab");
    scene.press("enter");
    assert!(scene.tabs().is_empty());
}

#[gpui_kit::test(iterations = 8)]
fn closing_the_tab_ends_the_reading(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    ask_for(&mut scene, "src/main.rs");
    let main = scene.root.join("src/main.rs");
    let progress = scene
        .model
        .read_with(scene.cx, |model, _| model.opening(&main))
        .unwrap();
    scene.with(|window, cx| ui::Commands::run("workbench.closeTab", window, cx));
    scene.settle();
    assert!(scene.tabs().is_empty());
    assert!(progress.is_cancelled());
    assert_eq!(open_buffers(&mut scene), 0);
}

#[gpui_kit::test]
fn a_file_that_is_slow_stays_behind_the_tab_that_was_turned_to(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.open_file("README.md");
    ask_for(&mut scene, "src/main.rs");
    scene.with(|window, cx| ui::Commands::run("workbench.previousTab", window, cx));
    scene.settle();
    assert_eq!(scene.tabs(), ["README.md*", "main.rs"]);
    assert_eq!(open_buffers(&mut scene), 2);
}

#[gpui_kit::test]
fn a_slow_file_says_how_far_it_is_and_can_be_given_up(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.open_file("README.md");
    let progress = Arc::new(LoadProgress::at(13_000_000, 202_000_000));
    let target = OpenTarget::new(scene.root.join("big.txt"));
    let workbench = scene.workbench.clone();
    scene.with(|window, cx| {
        let item = cx.new(|cx| OpeningItem::new(target, cx));
        item.update(cx, |item, _| {
            item.hold(Task::ready(()), Some(progress.clone()));
        });
        workbench.update(cx, |workbench, cx| {
            workbench.show_item(Box::new(item), window, cx);
        });
        window.render_frame(cx);
    });
    assert_eq!(scene.tabs(), ["README.md", "big.txt*"]);
    scene.settle();
    assert!(scene.shows("Opening big.txt\u{2026}"));
    assert!(scene.shows("13 MB of 202 MB"), "its bar says it");
    scene.click("Cancel");
    assert_eq!(scene.tabs(), ["README.md*"]);
}

/// What lets a file whose name ends in `.slow` be opened; the preview of it comes at once.
#[derive(Default)]
struct Slow {
    opens: Option<oneshot::Sender<()>>,
    preview: Option<Entity<PlainItem>>,
}

impl Global for Slow {}

/// The lines that a preview says to have.
const PREVIEWED_LINES: usize = 100;

/// Opens `big.slow`, of which nothing but the beginning is there until the sender is told.
fn open_slowly(scene: &mut Scene, target: OpenTarget) {
    scene.cx.update(|cx| {
        cx.set_global(Slow::default());
        ItemOpeners::register_before(
            |path, _| {
                path.extension()
                    .is_some_and(|extension| extension == "slow")
            },
            |target, model, window, cx| {
                let (sender, opens) = oneshot::channel();
                cx.global_mut::<Slow>().opens = Some(sender);
                window.spawn(cx, async move |cx| {
                    opens.await?;
                    let open = cx.update(|_, cx| {
                        model.update(cx, |model, cx| model.open_path(target.path, cx))
                    })?;
                    let buffer = open.await?;
                    cx.update(|_, cx| -> Box<dyn ItemHandle> {
                        Box::new(cx.new(|cx| PlainItem::new(buffer, model, cx)))
                    })
                })
            },
            |_, model, _, cx| {
                let (root, fs) = model.read_with(cx, |model, _| {
                    (model.root().to_path_buf(), model.workspace().fs().clone())
                });
                let mut workspace = Workspace::new(root, fs);
                let buffer = workspace.add_beginning("first line\n".into());
                let model = cx.new(|cx| WorkspaceModel::new(workspace, cx));
                let item = cx.new(|cx| PlainItem::new(buffer, model, cx));
                cx.global_mut::<Slow>().preview = Some(item.clone());
                Task::ready(Some(Preview {
                    item: Box::new(item),
                    lines: PREVIEWED_LINES,
                    end: "first line\n".len(),
                }))
            },
            cx,
        );
    });
    std::fs::write(&target.path, "all of it\n".repeat(500)).unwrap();
    scene.with(|window, cx| ui::open_path(target, window, cx));
    scene.settle();
}

fn big(scene: &Scene) -> OpenTarget {
    OpenTarget::new(scene.root.join("big.slow"))
}

/// Moves the preview, as a person does.
fn look_at(scene: &mut Scene, caret: usize, top: f64) {
    let item = preview(scene);
    let place = ViewState {
        selections: vec![(caret, caret)],
        top,
        ..ViewState::default()
    };
    scene.with(|window, cx| item.restore_view(&place, window, cx));
}

fn preview(scene: &mut Scene) -> Entity<PlainItem> {
    let preview = scene.cx.update(|cx| cx.global::<Slow>().preview.clone());
    preview.expect("a preview")
}

/// Lets the file be there; gives the caret and the row at the top of its view.
fn arrive(scene: &mut Scene) -> (usize, f64) {
    let opens = scene.cx.update(|cx| cx.global_mut::<Slow>().opens.take());
    opens.unwrap().send(()).unwrap();
    scene.settle();
    assert_eq!(scene.tabs(), ["big.slow*"]);
    assert!(!scene.shows("Opening big.slow\u{2026}"));
    let (view, preview) = (scene.view(), preview(scene));
    assert_ne!(view.entity_id(), preview.entity_id());
    view.read_with(scene.cx, |view, _| (view.caret, view.top))
}

#[gpui_kit::test]
fn the_beginning_of_a_slow_file_is_shown_and_goes_on_where_it_was_looked_at(
    cx: &mut TestAppContext,
) {
    let mut scene = Scene::new(cx);
    let target = big(&scene);
    open_slowly(&mut scene, target);
    assert_eq!(scene.tabs(), ["big.slow*"]);
    assert!(
        scene.shows("Opening big.slow\u{2026}"),
        "it says that more is to come"
    );
    assert!(scene.shows("Cancel"));
    assert_eq!(
        open_buffers(&mut scene),
        0,
        "it is none of the project's texts"
    );
    let item = preview(&mut scene);
    let focused = scene.with(|window, cx| ItemHandle::focus_handle(&item, cx).is_focused(window));
    assert!(focused, "keys go to what is seen");
    look_at(&mut scene, 7, 42.);
    assert_eq!(arrive(&mut scene), (7, 42.));
    let view = scene.view();
    let focused = scene.with(|window, cx| ItemHandle::focus_handle(&view, cx).is_focused(window));
    assert!(focused);
    assert_eq!(open_buffers(&mut scene), 1);
}

#[gpui_kit::test]
fn a_slow_file_comes_back_where_it_was_left(cx: &mut TestAppContext) {
    for (left, moved, shown) in [
        (30., None, 30.),
        (30., Some(9.), 9.),
        // What lies beyond the beginning is waited for, unless somebody looks around meanwhile.
        (400., None, 400.),
        (400., Some(9.), 9.),
    ] {
        let mut scene = Scene::new(cx);
        let target = big(&scene);
        open_slowly(&mut scene, target.clone());
        look_at(&mut scene, 3, left);
        arrive(&mut scene);
        scene.run("workbench.closeTab");
        scene.with(|window, cx| ui::open_path(target, window, cx));
        scene.settle();
        let top = preview(&mut scene).read_with(scene.cx, |item, _| item.top);
        let in_it = left < PREVIEWED_LINES as f64;
        assert_eq!(top, if in_it { left } else { 0. });
        if let Some(top) = moved {
            look_at(&mut scene, 5, top);
        }
        assert_eq!(
            arrive(&mut scene).1,
            shown,
            "left at {left}, then {moved:?}"
        );
        scene.with(|window, _| window.remove_window());
    }
}

#[gpui_kit::test]
fn the_end_of_a_slow_file_is_that_of_all_of_it(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    let target = big(&scene);
    open_slowly(&mut scene, target);
    look_at(&mut scene, 3, 0.);
    let caret = |scene: &mut Scene| preview(scene).read_with(scene.cx, |item, _| item.caret);
    scene.press("left");
    scene.press("ctrl-end");
    assert_eq!(caret(&mut scene), 3, "the end is not there yet");
    scene.press("x ctrl-s y");
    let (caret, _) = arrive(&mut scene);
    assert_eq!(caret, "all of it\n".len() * 500);
    let view = scene.view();
    let keys = view.read_with(scene.cx, |view, _| view.keys.clone());
    assert_eq!(
        keys,
        ["end", "x", "save", "y"],
        "what looked around is no part of it"
    );
}

#[gpui_kit::test]
fn a_caret_that_was_left_beyond_the_beginning_comes_back_there(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.cx.update(|cx| {
        cx.bind_keys([KeyBinding::new("ctrl-alt-end", MoveDocumentEnd, None)]);
    });
    let target = big(&scene);
    let end = "all of it\n".len() * 500;
    for (keys_meanwhile, caret, pressed) in [
        ("", 4000, vec![]),
        // The end of the beginning, where the caret stands already, is not that of the file.
        ("ctrl-alt-end x", end, vec!["end", "x"]),
    ] {
        open_slowly(&mut scene, target.clone());
        arrive(&mut scene);
        let view = scene.view();
        view.update(scene.cx, |view, _| view.caret = 4000);
        scene.run("workbench.closeTab");
        scene.with(|window, cx| ui::open_path(target.clone(), window, cx));
        scene.settle();
        let shown = preview(&mut scene).read_with(scene.cx, |item, _| item.caret);
        assert_eq!(shown, "first line\n".len());
        if !keys_meanwhile.is_empty() {
            scene.press(keys_meanwhile);
        }
        assert_eq!(arrive(&mut scene).0, caret);
        assert_eq!(keys(&mut scene, false), pressed);
        scene.run("workbench.closeTab");
        scene.settle();
    }
}

#[gpui_kit::test]
fn an_edit_of_a_slow_file_waits_for_all_of_it_with_what_follows(cx: &mut TestAppContext) {
    let asks = |scene: &mut Scene, command| {
        let item = preview(scene);
        item.update(scene.cx, |_, cx| {
            cx.emit(ItemEvent::EditAwaited(command));
        });
    };
    let mut scene = Scene::new(cx);
    scene.cx.update(|cx| {
        let paste = CommandSpec::new("editor.paste", "Editor", "Paste", Paste);
        Commands::register(cx, [paste]);
    });
    let target = big(&scene);
    open_slowly(&mut scene, target);
    // What was pressed before the mouse, or elsewhere, asks for nothing.
    scene.press("down");
    scene.click("Opening big.slow\u{2026}");
    asks(&mut scene, None);
    scene.settle();
    assert!(scene.shows("The file is still being read; edit it when all of it is there."));
    // A command, text behind it, a command while that waits, and a save.
    asks(&mut scene, Some("editor.paste"));
    scene.settle();
    scene.press("x enter");
    scene.run("editor.paste");
    scene.press("ctrl-s y");
    assert_eq!(
        keys(&mut scene, true),
        ["down"],
        "nothing of it is lost to the beginning"
    );
    arrive(&mut scene);
    let pressed = keys(&mut scene, false);
    assert_eq!(pressed, ["paste", "x", "enter", "paste", "save", "y"]);
}

#[gpui_kit::test]
fn a_key_that_edits_a_slow_file_waits_where_no_command_is_told(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    let target = big(&scene);
    open_slowly(&mut scene, target);
    scene.press("down");
    // As Vim's keys do, in the same turn.
    scene.with(|window, cx| {
        window.press("delete", cx);
        let item = cx.global::<Slow>().preview.clone().unwrap();
        item.update(cx, |_, cx| cx.emit(ItemEvent::EditAwaited(None)));
    });
    scene.settle();
    scene.press("x");
    arrive(&mut scene);
    assert_eq!(keys(&mut scene, false), ["delete", "x"]);
}

/// The keys that reached the beginning, or the whole file.
fn keys(scene: &mut Scene, of_beginning: bool) -> Vec<String> {
    let view = match of_beginning {
        true => preview(scene),
        false => scene.view(),
    };
    view.read_with(scene.cx, |view, _| view.keys.clone())
}

/// Opens `README.md`, then `big.slow` before it is read, and types into that.
fn type_while_it_is_read(cx: &mut TestAppContext) -> Scene<'_> {
    let mut scene = Scene::new(cx);
    scene.open_file("README.md");
    let target = big(&scene);
    open_slowly(&mut scene, target);
    assert_eq!(scene.tabs(), ["README.md", "big.slow*"]);
    scene.press("x");
    assert_eq!(scene.tabs(), ["README.md", "big.slow, unsaved changes*"]);
    scene
}

/// Lets the file be there.
fn let_it_be_there(scene: &mut Scene) {
    let opens = scene.cx.update(|cx| cx.global_mut::<Slow>().opens.take());
    opens.unwrap().send(()).unwrap();
    scene.settle();
}

const ASKED: &str = "Close big.slow before what you typed is in it?";

#[gpui_kit::test]
fn what_was_typed_into_a_file_that_is_being_read_is_not_closed_without_a_question(
    cx: &mut TestAppContext,
) {
    for (command, there_meanwhile) in [
        ("workbench.closeTab", false),
        ("workbench.closeTab", true),
        ("workbench.action.quit", false),
        ("workbench.action.quit", true),
    ] {
        let mut scene = type_while_it_is_read(cx);
        scene.run(command);
        scene.settle();
        assert!(scene.shows(ASKED), "{command}");
        if there_meanwhile {
            let_it_be_there(&mut scene);
            assert!(scene.shows(ASKED), "it is still to be answered");
        }
        scene.click("Cancel");
        if !there_meanwhile {
            let_it_be_there(&mut scene);
        }
        scene.settle();
        assert_eq!(keys(&mut scene, false), ["x"], "{command}");
        scene.with(|window, _| window.remove_window());
    }
}

#[gpui_kit::test]
fn what_was_typed_into_a_file_that_is_being_read_can_be_given_up(cx: &mut TestAppContext) {
    let mut scene = type_while_it_is_read(cx);
    scene.run("workbench.closeTab");
    scene.click("Close and Lose It");
    assert_eq!(scene.tabs(), ["README.md*"]);
}

#[gpui_kit::test]
fn what_was_typed_waits_for_a_tab_that_was_left_before_its_file_was_there(cx: &mut TestAppContext) {
    let mut scene = type_while_it_is_read(cx);
    scene.run("workbench.previousTab");
    let_it_be_there(&mut scene);
    assert_eq!(scene.tabs(), ["README.md*", "big.slow, unsaved changes"]);
    scene.run("workbench.previousTab");
    scene.settle();
    assert_eq!(keys(&mut scene, false), ["x"]);
    assert!(!scene.shows("Opening big.slow\u{2026}"));
}

/// Two groups, `big.slow` in the right one, where something was typed, and the keyboard in the left.
fn type_and_leave(cx: &mut TestAppContext) -> Scene<'_> {
    let mut scene = Scene::new(cx);
    scene.open_file("README.md");
    scene.run("workbench.splitRight");
    let target = big(&scene);
    open_slowly(&mut scene, target);
    scene.press("x");
    scene.run("workbench.action.focusPreviousGroup");
    scene
}

/// The keys that reached the view of `big.slow`, once that is there.
fn keys_of_big(scene: &mut Scene) -> Option<Vec<String>> {
    scene.workbench.read_with(scene.cx, |workbench, cx| {
        let items = workbench.area().read(cx).items();
        let big = items.iter().find(|item| item.tab_title(cx) == "big.slow")?;
        let view = big.view().downcast::<PlainItem>().ok()?;
        Some(view.read(cx).keys.clone())
    })
}

#[gpui_kit::test]
fn what_was_typed_goes_in_although_another_group_has_the_keyboard(cx: &mut TestAppContext) {
    let mut scene = type_and_leave(cx);
    let_it_be_there(&mut scene);
    assert_eq!(keys_of_big(&mut scene), Some(vec!["x".to_owned()]));
    let readme = scene.view();
    scene.press("k");
    let pressed = readme.read_with(scene.cx, |view, _| view.keys.clone());
    assert_eq!(pressed, ["k"], "the keyboard is where it was");
    assert_eq!(keys_of_big(&mut scene), Some(vec!["x".to_owned()]));
}

#[cfg(unix)]
#[gpui_kit::test]
fn a_place_that_was_asked_for_is_shown_in_the_tab_of_its_file(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.open_file("README.md");
    scene.run("workbench.splitRight");
    let target = big(&scene);
    open_slowly(&mut scene, target);
    let_it_be_there(&mut scene);
    // By another of its names, at a line, while another group comes to have the keyboard.
    let link = scene.root.join("link.slow");
    std::os::unix::fs::symlink(scene.root.join("big.slow"), &link).unwrap();
    let target = OpenTarget {
        line: Some(3),
        ..OpenTarget::new(link)
    };
    open_slowly(&mut scene, target);
    scene.press("x");
    scene.run("workbench.action.focusPreviousGroup");
    let readme = scene.view();
    let_it_be_there(&mut scene);
    assert_eq!(keys_of_big(&mut scene), Some(vec!["x".to_owned()]));
    let revealed = |view: &Entity<PlainItem>, scene: &mut Scene| {
        view.read_with(scene.cx, |view, _| view.revealed)
    };
    assert_eq!(revealed(&readme, &mut scene), None);
    scene.run("workbench.action.focusNextGroup");
    let big = scene.view();
    assert_eq!(revealed(&big, &mut scene), Some((3, 1)));
}

#[gpui_kit::test]
fn a_key_that_waited_is_followed_before_the_next_one(cx: &mut TestAppContext) {
    let mut scene = type_while_it_is_read(cx);
    // The view asks to be closed, and the keyboard goes to the tab beside it.
    scene.press("f19 y");
    let_it_be_there(&mut scene);
    assert_eq!(scene.tabs(), ["README.md*"]);
    assert_eq!(keys(&mut scene, false), ["y"]);
}

#[gpui_kit::test]
fn what_was_typed_goes_in_once_nothing_is_asked_any_more(cx: &mut TestAppContext) {
    let mut scene = type_and_leave(cx);
    scene.press("ctrl-shift-p");
    let_it_be_there(&mut scene);
    assert_eq!(keys_of_big(&mut scene), None);
    scene.press("escape");
    scene.settle();
    assert_eq!(keys_of_big(&mut scene), Some(vec!["x".to_owned()]));
}

#[gpui_kit::test]
fn saving_all_saves_what_was_typed_into_a_tab_behind_once_it_is_turned_to(cx: &mut TestAppContext) {
    let mut scene = type_while_it_is_read(cx);
    scene.run("workbench.previousTab");
    scene.dirty("README.md");
    let readme = scene.view();
    scene.run("workspace.saveAll");
    assert_eq!(scene.on_disk("README.md"), "changed\n");
    assert!(scene.shows(
        "big.slow is not saved yet: what you typed goes in, and is saved, once its file is read and \
         you go to its tab."
    ));
    scene.press("k");
    let_it_be_there(&mut scene);
    assert_eq!(scene.tabs(), ["README.md*", "big.slow, unsaved changes"]);
    let pressed = readme.read_with(scene.cx, |view, _| view.keys.clone());
    assert_eq!(pressed, ["save", "k"], "the keyboard stays where it is");
    scene.run("workbench.previousTab");
    scene.settle();
    assert_eq!(keys(&mut scene, false), ["x", "save"]);
    let pressed = readme.read_with(scene.cx, |view, _| view.keys.clone());
    assert_eq!(pressed, ["save", "k"], "no other file is saved");
}

#[gpui_kit::test]
fn who_only_looked_around_in_a_file_that_is_being_read_is_asked_nothing(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.open_file("README.md");
    let target = big(&scene);
    open_slowly(&mut scene, target);
    scene.press("ctrl-end");
    assert_eq!(scene.tabs(), ["README.md", "big.slow*"]);
    scene.run("workbench.closeTab");
    assert_eq!(scene.tabs(), ["README.md*"]);
}

#[gpui_kit::test]
fn saving_a_file_that_is_being_read_says_that_there_is_nothing_to_save(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    let target = big(&scene);
    open_slowly(&mut scene, target);
    scene.press("ctrl-s");
    assert!(scene.shows("big.slow is still being read: there is nothing to save yet."));
}

#[gpui_kit::test]
fn a_line_beyond_the_beginning_that_is_asked_for_is_shown_when_it_is_there(
    cx: &mut TestAppContext,
) {
    let mut scene = Scene::new(cx);
    let target = big(&scene);
    open_slowly(&mut scene, target);
    look_at(&mut scene, 3, 0.);
    let item = preview(&mut scene);
    item.update(scene.cx, |_, cx| {
        cx.emit(ItemEvent::Beyond {
            line: 300,
            column: 2,
        });
    });
    scene.settle();
    arrive(&mut scene);
    let view = scene.view();
    let asked = view.read_with(scene.cx, |view, _| view.revealed);
    assert_eq!(asked, Some((300, 2)));
}

#[gpui_kit::test]
fn cancelling_takes_the_beginning_away_too(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    let target = big(&scene);
    open_slowly(&mut scene, target);
    scene.click("Cancel");
    assert!(scene.tabs().is_empty());
    let opens = scene.cx.update(|cx| cx.global_mut::<Slow>().opens.take());
    assert!(opens.unwrap().is_canceled(), "nobody waits for it");
    let weak = preview(&mut scene).downgrade();
    scene.cx.update(|cx| cx.set_global(Slow::default()));
    scene.settle();
    assert!(weak.upgrade().is_none());
}

/// Types and presses Enter, and runs nothing of what was begun in between.
fn write_and_enter(scene: &mut Scene, text: &str) {
    scene.with(|window, cx| window.input(text, cx));
    scene.with(|window, cx| window.press("enter", cx));
    scene.settle();
}

#[gpui_kit::test]
fn enter_opens_what_was_typed_before_it_was_found(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.open_file("README.md");
    scene.press("ctrl-p");
    write_and_enter(&mut scene, "memory");
    assert_eq!(scene.tabs(), ["README.md", "memory.rs*"]);
    // The folder is read while one types.
    scene.with(|window, cx| window.press("ctrl-p", cx));
    write_and_enter(&mut scene, "main");
    assert_eq!(scene.tabs(), ["README.md", "memory.rs", "main.rs*"]);
    // What is not found opens nothing, and stays to be mended.
    scene.press("ctrl-p");
    write_and_enter(&mut scene, "nowhere");
    assert_eq!(scene.tabs().len(), 3);
    assert!(scene.shows("Go to file"));
}
