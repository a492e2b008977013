//! Paths that are written where the system has no dialog for them.

use crate::choose::{Wanted, write_existing, write_new_path};
use crate::modal::ModalLayer;
use futures::channel::oneshot;
use gpui_kit::test::TestWindowExt as _;
use gpui_kit::{App, AppContext as _, Entity, TestAppContext, Window};

/// What is answered once these keys were typed and Enter was pressed.
fn answer(
    ask: impl FnOnce(&Entity<ModalLayer>, &mut Window, &mut App) -> oneshot::Receiver<String>,
    typed: &str,
    cx: &mut TestAppContext,
) -> Option<String> {
    let (window, modals) = cx.update(|cx| {
        ui::init(cx);
        crate::init(cx);
        gpui_kit::open_window(Default::default(), cx, |_, cx| cx.new(ModalLayer::new)).unwrap()
    });
    let mut reply = cx
        .update_window(window, |_, window, cx| ask(&modals, window, cx))
        .unwrap();
    cx.run_until_parked();
    cx.update_window(window, |_, window, cx| {
        window.render_frame(cx);
        window.input(typed, cx);
        window.press("enter", cx);
    })
    .unwrap();
    cx.run_until_parked();
    reply.try_recv().unwrap()
}

#[gpui_kit::test]
fn what_is_typed_goes_on_with_the_path_of_a_folder(cx: &mut TestAppContext) {
    let folder = tempfile::tempdir().unwrap();
    let project = folder.path().join("project");
    std::fs::create_dir(&project).unwrap();
    let ask = |modals: &Entity<ModalLayer>, window: &mut Window, cx: &mut App| {
        write_existing(Wanted::Folder, modals, folder.path(), window, cx)
    };
    let answer = answer(ask, "project", cx);
    assert_eq!(answer, Some(project.display().to_string()));
}

#[gpui_kit::test]
fn what_is_typed_is_another_name_in_the_same_folder(cx: &mut TestAppContext) {
    let folder = tempfile::tempdir().unwrap();
    let ask = |modals: &Entity<ModalLayer>, window: &mut Window, cx: &mut App| {
        write_new_path(modals, folder.path(), "Untitled-1", window, cx)
    };
    let answer = answer(ask, "zz", cx);
    assert_eq!(answer, Some(folder.path().join("zz").display().to_string()));
}
