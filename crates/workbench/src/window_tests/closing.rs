//! Closing the window, and opening others.

use super::Scene;
use futures::channel::oneshot;
use gpui_kit::test::{TestQueryExt as _, TestWindowExt as _};
use gpui_kit::{TestAppContext, VisualTestContext};
use std::path::Path;
use ui::{Commands, ItemEvent};
use workspace::HistoryMove;

/// Presses the window's close button.
fn close(scene: &mut Scene) -> bool {
    let may = VisualTestContext::from_window(scene.window, scene.cx).simulate_close();
    scene.cx.run_until_parked();
    may
}

#[gpui_kit::test]
fn a_window_without_unsaved_text_closes_at_once(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.open_file("README.md");
    assert!(close(&mut scene));
}

#[gpui_kit::test]
fn a_window_that_stays_keeps_its_text(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.open_file("README.md");
    scene.dirty("README.md");
    // Nothing keeps unsaved text in these windows, so that closing and quitting ask.
    for quit in [false, true] {
        match quit {
            true => scene.run("workbench.action.quit"),
            false => assert!(!close(&mut scene), "there is something to ask"),
        }
        scene.settle();
        assert!(scene.shows("Save changes to README.md?"));
        scene.click("Cancel");
        assert!(scene.shows("README.md, unsaved changes"));
        assert_eq!(scene.cx.windows().len(), 1);
    }
}

#[gpui_kit::test]
fn unsaved_text_is_given_up_with_the_last_tab_that_shows_it(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.open_file("README.md");
    scene.dirty("README.md");
    scene.press("ctrl-\\");
    let discard = |scene: &mut Scene| {
        let view = scene.view();
        view.update(scene.cx, |_, cx| cx.emit(ItemEvent::Discard));
        scene.settle();
    };
    discard(&mut scene);
    assert_eq!(scene.tabs(), ["README.md, unsaved changes*"]);
    scene.run("workspace.save");
    assert_eq!(scene.on_disk("README.md"), "changed\n");

    scene.model.clone().update(scene.cx, |model, cx| {
        model.update(cx, |workspace| {
            let id = workspace.buffers().next().unwrap().id();
            workspace.replace_text(id, "changed again\n").unwrap();
        });
    });
    discard(&mut scene);
    assert!(!scene.shows("Save changes to README.md?"));
    assert!(scene.tabs().is_empty());
    assert_eq!(scene.on_disk("README.md"), "changed\n");
}

/// Runs commands one after the other, and nothing of what they leave for later.
fn run_at_once(scene: &mut Scene, commands: &[&str]) {
    for command in commands {
        scene.with(|window, cx| Commands::run(command, window, cx));
    }
}

#[gpui_kit::test]
fn a_tab_that_is_closed_while_its_file_is_saved_waits_for_that_and_asks_nothing(
    cx: &mut TestAppContext,
) {
    let mut scene = Scene::new(cx);
    scene.open_file("README.md");
    scene.dirty("README.md");
    run_at_once(&mut scene, &["workspace.save", "workbench.closeTab"]);
    let unsaved = ["README.md, unsaved changes*"];
    assert_eq!(scene.tabs(), unsaved, "the save is under way");
    scene.settle();
    assert!(!scene.shows("Save changes to README.md?"));
    assert!(scene.tabs().is_empty());
    assert_eq!(scene.on_disk("README.md"), "changed\n");
}

/// Has a save of a file run, which ends when what this gives is dropped.
fn save_slowly(scene: &mut Scene, file: &str) -> oneshot::Sender<()> {
    let path = scene.root.join(file);
    let (held, ended) = oneshot::channel::<()>();
    scene.model.clone().update(scene.cx, |model, cx| {
        let id = model.workspace().buffer_for_path(&path).unwrap();
        let before = cx.spawn(async move |_, _| ended.await.ok());
        let save = cx.spawn(async move |model, cx| {
            before.await;
            let saving = model.update(cx, |model, cx| model.save_from_any(id, cx));
            // The tab may be closed, which leaves nothing to save.
            saving.unwrap().await.ok();
        });
        model.save_within(id, save, cx).detach();
    });
    held
}

#[gpui_kit::test]
fn what_is_done_before_a_save_is_waited_for_too(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.open_file("README.md");
    scene.dirty("README.md");
    let saving = save_slowly(&mut scene, "README.md");
    run_at_once(&mut scene, &["workbench.closeTab"]);
    scene.cx.run_until_parked();
    assert_eq!(scene.tabs(), ["README.md, unsaved changes*"]);
    assert!(!scene.shows("Save changes to README.md?"));
    drop(saving);
    scene.settle();
    assert!(scene.tabs().is_empty());
    assert_eq!(scene.on_disk("README.md"), "changed\n");
}

#[gpui_kit::test]
fn a_save_that_takes_long_is_asked_about(cx: &mut TestAppContext) {
    let asked = "Wait until README.md is saved?";
    let waiting = "Waiting until README.md is saved";
    let ends: [(&str, &[&str]); 3] = [
        ("Cancel", &["README.md*"]),
        ("Close Now", &[]),
        ("Wait", &[]),
    ];
    for (answer, tabs) in ends {
        let mut scene = Scene::new(cx);
        scene.open_file("README.md");
        scene.dirty("README.md");
        let saving = save_slowly(&mut scene, "README.md");
        run_at_once(&mut scene, &["workbench.closeTab"]);
        scene.cx.run_until_parked();
        assert!(!scene.shows(asked));
        scene.settle();
        scene.settle();
        assert!(scene.shows(asked));
        assert!(
            !scene.shows("Save changes to README.md?"),
            "it is being saved"
        );
        scene.click(answer);
        let waits = answer != "Close Now";
        assert_eq!(!scene.tabs().is_empty(), waits, "{answer}");
        assert_eq!(scene.shows(waiting), answer == "Wait");
        drop(saving);
        scene.settle();
        assert_eq!(scene.tabs(), tabs, "{answer}");
        assert!(!scene.shows("Save changes to README.md?"));
        assert!(!scene.shows(waiting), "it goes by itself");
        if waits {
            assert_eq!(scene.on_disk("README.md"), "changed\n");
        }
        scene.with(|window, _| window.remove_window());
    }
}

#[gpui_kit::test]
fn what_was_typed_since_a_slow_save_began_is_asked_about_before_it_is_closed(
    cx: &mut TestAppContext,
) {
    let mut scene = Scene::new(cx);
    scene.open_file("README.md");
    scene.dirty("README.md");
    let saving = save_slowly(&mut scene, "README.md");
    run_at_once(&mut scene, &["workbench.closeTab"]);
    scene.cx.run_until_parked();
    let path = scene.root.join("README.md");
    scene.model.clone().update(scene.cx, |model, cx| {
        model.update(cx, |workspace| {
            let id = workspace.buffer_for_path(&path).unwrap();
            workspace.replace_text(id, "typed since\n").unwrap();
        });
    });
    scene.settle();
    scene.settle();
    scene.click("Close Now");
    scene.settle();
    assert!(scene.shows("Save changes to README.md?"));
    assert_eq!(scene.tabs(), ["README.md, unsaved changes*"]);
    scene.click("Cancel");
    drop(saving);
    scene.settle();
    assert_eq!(scene.on_disk("README.md"), "typed since\n");
}

#[gpui_kit::test]
fn waiting_for_a_slow_save_can_be_given_up(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.open_file("README.md");
    scene.dirty("README.md");
    let saving = save_slowly(&mut scene, "README.md");
    run_at_once(&mut scene, &["workbench.closeTab"]);
    scene.settle();
    scene.settle();
    scene.click("Wait");
    scene.click("Cancel");
    drop(saving);
    scene.settle();
    assert_eq!(scene.tabs(), ["README.md*"], "nothing is closed any more");
    assert_eq!(scene.on_disk("README.md"), "changed\n");
}

#[gpui_kit::test]
fn two_files_of_one_name_that_are_being_saved_are_two(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    let mut saves = Vec::new();
    for file in ["mod.rs", "src/mod.rs"] {
        std::fs::write(scene.root.join(file), "").unwrap();
        scene.open_file(file);
        scene.dirty(file);
        saves.push(save_slowly(&mut scene, file));
    }
    scene.run("workbench.action.quit");
    scene.settle();
    scene.settle();
    assert!(scene.shows("Wait until 2 files are saved?"));
}

#[gpui_kit::test]
fn a_save_that_takes_long_is_shown_in_the_status_bar(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.open_file("README.md");
    scene.dirty("README.md");
    let said = "Saving README.md\u{2026}";
    let saving = save_slowly(&mut scene, "README.md");
    scene.cx.run_until_parked();
    scene.with(|window, cx| window.render_frame(cx));
    assert!(!scene.shows(said), "words that flash up would disturb");
    scene.settle();
    assert!(scene.shows(said));
    drop(saving);
    scene.settle();
    assert!(!scene.shows(said));
}

#[gpui_kit::test]
fn what_was_undone_while_its_file_is_saved_is_asked_about(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.open_file("README.md");
    scene.dirty("README.md");
    run_at_once(&mut scene, &["workspace.save"]);
    // As it was before, which is what the disk holds for a moment more.
    let path = scene.root.join("README.md");
    scene.model.clone().update(scene.cx, |model, cx| {
        let id = model.workspace().buffer_for_path(&path).unwrap();
        model.move_in_history(id, HistoryMove::Undo, cx);
        assert!(!model.workspace().buffer(id).unwrap().is_dirty());
    });
    run_at_once(&mut scene, &["workbench.closeTab"]);
    scene.settle();
    assert!(scene.shows("Save changes to README.md?"));
    scene.click("Cancel");
    assert_eq!(scene.tabs(), ["README.md, unsaved changes*"]);
}

#[gpui_kit::test]
fn another_window_leaves_this_one_as_it_is(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.open_file("README.md");
    scene.dirty("README.md");
    scene.press("ctrl-shift-n");
    let other = scene.root.parent().unwrap().join("other");
    std::fs::create_dir(&other).unwrap();
    scene.run("workbench.openFolderInNewWindow");
    scene
        .cx
        .simulate_path_prompt_response(|_| Some(vec![other.clone()]));
    scene.settle();
    assert_eq!(*scene.host.windows.borrow(), [None, Some(other)]);
    assert!(scene.host.opened.borrow().is_empty());
    assert!(
        scene.shows("README.md, unsaved changes"),
        "nothing is asked"
    );
}

#[gpui_kit::test]
fn a_text_whose_place_a_folder_took_can_be_saved_elsewhere_alone(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.open_file("README.md");
    scene.dirty("README.md");
    let path = scene.root.join("README.md");
    std::fs::remove_file(&path).unwrap();
    std::fs::create_dir(&path).unwrap();
    scene.press("ctrl-s");
    assert!(scene.shows("README.md is a folder now"));
    for answer in ["Overwrite", "Compare", "Take from Disk"] {
        assert!(!scene.shows(answer), "{answer}");
    }
    scene.click("Save As\u{2026}");
    assert!(scene.cx.did_prompt_for_new_path());
    assert!(path.is_dir());
}

#[gpui_kit::test]
fn all_answers_lie_in_their_dialog(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    let modals = scene.workbench.read_with(scene.cx, |workbench, cx| {
        workbench.area().read(cx).model_and_modals().1.clone()
    });
    let answers = [
        "Take from Disk",
        "Compare",
        "Save As\u{2026}",
        "Cancel",
        "Overwrite",
    ];
    let mut question = crate::dialog::Question::new("Changed", "What is to be done?");
    for answer in answers {
        question = question.answer(answer, ui::widgets::ButtonStyle::Secondary);
    }
    let _answer = scene.with(|window, cx| crate::dialog::ask(&modals, question, window, cx));
    scene.settle();
    scene.with(|window, _| {
        let dialog = window.find("dialog").bounds();
        for answer in answers {
            let button = window.find_all_by_label(answer)[0].bounds();
            assert!(dialog.contains(&button.origin), "{answer}");
            assert!(dialog.contains(&button.bottom_right()), "{answer}");
        }
    });
}

#[gpui_kit::test]
fn a_character_that_the_encoding_lacks_is_saved_as_utf_8_by_the_button_of_its_notice(
    cx: &mut TestAppContext,
) {
    let mut scene = Scene::new(cx);
    scene.open_file("README.md");
    let path = scene.root.join("README.md");
    scene.model.clone().update(scene.cx, |model, cx| {
        model.update(cx, |workspace| {
            let id = workspace.buffer_for_path(&path).unwrap();
            let latin = fs::TextEncoding::for_label("windows-1252").unwrap();
            let format = workspace.buffer(id).unwrap().format().with_encoding(latin);
            workspace.set_format(id, format);
            workspace.replace_text(id, "Erd\u{151}s\n").unwrap();
        });
    });
    let before = scene.on_disk("README.md");
    scene.run("workspace.save");
    assert_eq!(scene.on_disk("README.md"), before);
    scene.click("Save as UTF-8");
    assert_eq!(scene.on_disk("README.md"), "Erd\u{151}s\n");
    let chosen = scene.model.read_with(scene.cx, |model, _| {
        let workspace = model.workspace();
        let id = workspace.buffer_for_path(&path).unwrap();
        workspace.buffer(id).unwrap().is_encoding_chosen()
    });
    assert!(chosen, "where the file goes has no say in it any more");
    assert!(!scene.shows("README.md, unsaved changes"));
}

#[gpui_kit::test]
fn the_notice_of_a_character_that_an_encoding_lacks_is_about_its_file_and_ends_with_its_cause(
    cx: &mut TestAppContext,
) {
    let mut scene = Scene::new(cx);
    let path = scene.root.join("old.txt");
    let old = b"d\xe9j\xe0 vu, caf\xe9\n";
    std::fs::write(&path, old).unwrap();
    scene.open_file("old.txt");
    let id = scene.model.read_with(scene.cx, |model, _| {
        let id = model.workspace().buffer_for_path(&path).unwrap();
        let format = model.workspace().buffer(id).unwrap().format();
        assert_eq!(format.encoding_name(), "windows-1252");
        id
    });
    let write = |scene: &mut Scene<'_>, text: &str| {
        scene.model.clone().update(scene.cx, |model, cx| {
            model.update(cx, |workspace| workspace.replace_text(id, text).unwrap());
        });
        scene.settle();
    };
    let told = |scene: &mut Scene<'_>| {
        scene.with(|window, cx| {
            let shown = ui::shown_notices(window, cx);
            shown
                .iter()
                .any(|it| it.starts_with("old.txt: line 1 holds"))
        })
    };
    write(&mut scene, "caf\u{e9} \u{2192}\n");
    scene.run("workspace.save");
    assert!(told(&mut scene), "which file it is");
    // Nothing is to be saved any more.
    write(&mut scene, "d\u{e9}j\u{e0} vu, caf\u{e9}\n");
    assert!(!told(&mut scene));

    // It can be written by now.
    write(&mut scene, "caf\u{e9} \u{2192}\n");
    scene.run("workspace.save");
    assert!(told(&mut scene));
    write(&mut scene, "caf\u{e9}\n");
    scene.click("Save as UTF-8");
    assert_eq!(std::fs::read(&path).unwrap(), b"caf\xe9\n");
    assert!(!told(&mut scene));

    write(&mut scene, "caf\u{e9} \u{2192}\n");
    scene.run("workspace.save");
    assert!(told(&mut scene));
    scene.run("workbench.closeTab");
    scene.click("Don\u{2019}t Save");
    assert!(scene.tabs().is_empty());
    assert!(!told(&mut scene));
}

/// Makes a text without a file that has characters which the encoding that was chosen for it lacks.
fn write_what_latin_lacks(scene: &mut Scene, text: &str) {
    scene.run("workspace.newFile");
    scene.model.clone().update(scene.cx, |model, cx| {
        model.update(cx, |workspace| {
            let untitled = workspace.buffers().find(|buffer| buffer.path().is_none());
            let id = untitled.unwrap().id();
            let latin = fs::TextEncoding::for_label("windows-1252").unwrap();
            workspace.choose_encoding(id, latin, false);
            workspace.replace_text(id, text).unwrap();
        });
    });
}

/// Answers the system's question for a path.
fn choose_path(scene: &mut Scene, path: &Path) {
    let chosen = path.to_path_buf();
    scene
        .cx
        .simulate_new_path_selection(move |_| Some(chosen.clone()));
    scene.settle();
}

#[gpui_kit::test]
fn a_text_that_is_closed_can_be_saved_as_utf_8_where_its_encoding_lacks_a_character(
    cx: &mut TestAppContext,
) {
    let mut scene = Scene::new(cx);
    let path = scene.root.join("note.txt");
    write_what_latin_lacks(&mut scene, "Erd\u{151}s\n");
    let unsaved = ["Untitled-1, unsaved changes*"];
    for answer in ["Cancel", "Save as UTF-8"] {
        scene.run("workbench.closeTab");
        scene.click("Save");
        choose_path(&mut scene, &path);
        assert!(scene.shows("Save Untitled-1 as UTF-8?"));
        assert!(!path.exists());
        assert_eq!(scene.tabs(), unsaved);
        scene.click(answer);
        assert!(!scene.cx.did_prompt_for_new_path(), "it was asked before");
        assert!(!scene.shows("Save Untitled-1 as UTF-8?"));
        let closes = answer != "Cancel";
        assert_eq!(path.exists(), closes);
        assert_eq!(scene.tabs().is_empty(), closes);
    }
    assert_eq!(scene.on_disk("note.txt"), "Erd\u{151}s\n");

    // Where something came to be there meanwhile, the path is asked for again.
    write_what_latin_lacks(&mut scene, "Erd\u{151}s 2\n");
    let path = scene.root.join("other.txt");
    scene.run("workbench.closeTab");
    scene.click("Save");
    choose_path(&mut scene, &path);
    std::fs::write(&path, "of another program\n").unwrap();
    scene.click("Save as UTF-8");
    assert!(scene.cx.did_prompt_for_new_path());
    let elsewhere = scene.root.join("elsewhere.txt");
    choose_path(&mut scene, &elsewhere);
    assert_eq!(scene.on_disk("other.txt"), "of another program\n");
    assert_eq!(scene.on_disk("elsewhere.txt"), "Erd\u{151}s 2\n");
    assert!(scene.tabs().is_empty());
}

#[gpui_kit::test]
fn a_text_without_a_file_is_saved_as_utf_8_where_it_was_to_be_saved(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    write_what_latin_lacks(&mut scene, "Erd\u{151}s\n");
    let path = scene.root.join("note.txt");
    scene.run("workspace.save");
    choose_path(&mut scene, &path);
    assert!(!path.exists());
    scene.click("Save as UTF-8");
    assert!(!scene.cx.did_prompt_for_new_path(), "it was asked before");
    assert_eq!(scene.on_disk("note.txt"), "Erd\u{151}s\n");
    assert_eq!(scene.tabs(), ["note.txt*"]);

    // Where something came to be there meanwhile, the path is asked for again.
    write_what_latin_lacks(&mut scene, "Erd\u{151}s 2\n");
    let path = scene.root.join("other.txt");
    scene.run("workspace.save");
    choose_path(&mut scene, &path);
    std::fs::write(&path, "of another program\n").unwrap();
    scene.click("Save as UTF-8");
    assert!(scene.cx.did_prompt_for_new_path());
    assert_eq!(scene.on_disk("other.txt"), "of another program\n");
}

#[gpui_kit::test]
fn what_cannot_be_written_where_it_is_can_be_saved_elsewhere(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.open_file("src/store/memory.rs");
    scene.dirty("src/store/memory.rs");
    let folder = scene.root.join("src/store");
    std::fs::remove_dir_all(&folder).unwrap();
    std::fs::write(&folder, "no folder any more\n").unwrap();
    scene.run("workspace.save");
    scene.click("Save As\u{2026}");
    let elsewhere = scene.root.join("src/memory.rs");
    scene
        .cx
        .simulate_new_path_selection(move |_| Some(elsewhere.clone()));
    scene.settle();
    assert_eq!(scene.on_disk("src/memory.rs"), "changed\n");
    assert_eq!(scene.tabs(), ["memory.rs*"]);
}
