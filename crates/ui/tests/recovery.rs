//! Unsaved text outlives a crash.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a failed step fails the test"
)]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use editor_core::{Selections, editing};
use fs::FakeFs;
use gpui_kit::{
    AnyWindowHandle, AppContext as _, Context, Empty, Entity, IntoElement, Render, TestAppContext,
    Window, WindowOptions,
};
use ui::WorkspaceModel;
use workspace::{BufferId, Workspace};

const FILE: &str = "/project/notes.txt";

struct Blank;

impl Render for Blank {
    fn render(&mut self, _: &mut Window, _: &mut Context<Self>) -> impl IntoElement {
        Empty
    }
}

/// A window over `/project` that keeps its unsaved text under `state`.
struct Session {
    model: Entity<WorkspaceModel>,
    restored: std::rc::Rc<std::cell::RefCell<Vec<BufferId>>>,
    _window: AnyWindowHandle,
}

impl Session {
    fn start(fs: &Arc<FakeFs>, state: &Path, cx: &mut TestAppContext) -> Self {
        let session = Self::open(fs, state, cx);
        cx.run_until_parked();
        session
    }

    fn open(fs: &Arc<FakeFs>, state: &Path, cx: &mut TestAppContext) -> Self {
        let workspace = Workspace::new("/project".into(), fs.clone());
        let model = cx.update(|cx| cx.new(|cx| WorkspaceModel::new(workspace, cx)));
        let restored = std::rc::Rc::<std::cell::RefCell<Vec<BufferId>>>::default();
        let (shared, state, told) = (model.clone(), state.to_path_buf(), restored.clone());
        let window = cx
            .update(|cx| {
                gpui_kit::open_window(WindowOptions::default(), cx, move |window, cx| {
                    let restored = ui::recovery::start(&shared, state, window, cx);
                    cx.spawn(async move |_| *told.borrow_mut() = restored.await)
                        .detach();
                    cx.new(|_| Blank)
                })
            })
            .unwrap()
            .0;
        Self {
            model,
            restored,
            _window: window,
        }
    }

    fn type_into(&self, file: &str, typed: &str, cx: &mut TestAppContext) -> BufferId {
        self.model.update(cx, |model, cx| {
            let id = model
                .update(cx, |workspace| workspace.open_blocking(Path::new(file)))
                .unwrap();
            let text = model.workspace().buffer(id).unwrap().text().clone();
            let edit = editing::insert_text(&text, &Selections::caret(0), typed);
            model.edit(id, edit, cx).unwrap();
            id
        })
    }
}

/// A project with one file, and where the unsaved text of it is kept.
struct Place {
    fs: Arc<FakeFs>,
    state: PathBuf,
    folder: tempfile::TempDir,
}

impl Place {
    /// A place with nothing unsaved yet, and a window over it.
    fn start(cx: &mut TestAppContext) -> (Self, Session) {
        cx.executor().allow_parking();
        cx.update(ui::init);
        let folder = tempfile::tempdir().unwrap();
        let place = Self {
            fs: Arc::new(FakeFs::with_files([(FILE, "one\n")])),
            state: folder.path().join("state"),
            folder,
        };
        let session = Session::start(&place.fs, &place.state, cx);
        (place, session)
    }

    /// What a crash at this moment would leave, in a folder of a name.
    fn left(&self, name: &str) -> PathBuf {
        as_after_a_crash(&self.state, self.folder.path().join(name))
    }
}

/// What a crash would leave: the state folder as it is on the disk at this moment.
fn as_after_a_crash(state: &Path, copy: PathBuf) -> PathBuf {
    for entry in std::fs::read_dir(state).unwrap() {
        let entry = entry.unwrap();
        let to = copy.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            std::fs::create_dir_all(&to).unwrap();
            as_after_a_crash(&entry.path(), to);
        } else {
            std::fs::copy(entry.path(), to).unwrap();
        }
    }
    copy
}

#[gpui_kit::test]
fn what_was_typed_a_moment_ago_comes_back_after_a_crash(cx: &mut TestAppContext) {
    let (place, before) = Place::start(cx);
    assert!(before.restored.borrow().is_empty());
    before.type_into(FILE, "unsaved ", cx);
    cx.executor().advance_clock(Duration::from_millis(250));
    cx.run_until_parked();

    let left = place.left("left");
    let after = Session::start(&place.fs, &left, cx);
    let restored = after.restored.borrow().clone();
    let [id] = restored[..] else {
        panic!("{restored:?}");
    };
    after.model.read_with(cx, |model, _| {
        let buffer = model.workspace().buffer(id).unwrap();
        assert_eq!(*buffer.text(), "unsaved one\n");
        assert!(buffer.is_dirty());
    });
    assert_eq!(place.fs.content(FILE).unwrap(), b"one\n");
}

#[gpui_kit::test]
fn keys_are_in_the_journal_a_tenth_of_a_second_after_each(cx: &mut TestAppContext) {
    let (place, before) = Place::start(cx);
    cx.executor().advance_clock(Duration::from_secs(1));
    cx.run_until_parked();
    // The first at once, the others while it is not looked for what is to be kept.
    for (number, key) in ["c", "b", "a"].into_iter().enumerate() {
        before.type_into(FILE, key, cx);
        cx.run_until_parked();
        if number > 0 {
            cx.executor().advance_clock(Duration::from_millis(100));
            cx.run_until_parked();
        }
        let left = place.left(key);
        let after = Session::start(&place.fs, &left, cx);
        let restored = after.restored.borrow().clone();
        let text = after.model.read_with(cx, |model, _| {
            let buffer = model.workspace().buffer(restored[0]).unwrap();
            buffer.text().to_string()
        });
        assert_eq!(text, ["cone\n", "bcone\n", "abcone\n"][number]);
    }
}

#[gpui_kit::test]
fn the_first_key_after_a_rest_is_kept_while_the_window_still_draws_it(cx: &mut TestAppContext) {
    let (place, before) = Place::start(cx);
    cx.executor().advance_clock(Duration::from_secs(1));
    cx.run_until_parked();
    before.type_into(FILE, "unsaved ", cx);
    // The thread of the window has no moment for anything else.
    let moment = cx.executor().timer(Duration::from_millis(10));
    cx.foreground_executor().block_on(moment);
    let left = place.left("left");
    let after = Session::start(&place.fs, &left, cx);
    assert_eq!(after.restored.borrow().len(), 1);
}

#[gpui_kit::test]
fn what_was_saved_does_not_come_back(cx: &mut TestAppContext) {
    let (place, before) = Place::start(cx);
    let id = before.type_into(FILE, "saved ", cx);
    cx.executor().advance_clock(Duration::from_millis(250));
    cx.run_until_parked();
    before.model.update(cx, |model, cx| {
        model
            .update(cx, |workspace| workspace.save_blocking(id))
            .unwrap();
    });
    cx.run_until_parked();
    cx.executor().advance_clock(Duration::from_millis(250));
    cx.run_until_parked();
    let left = place.left("left");
    let after = Session::start(&place.fs, &left, cx);
    assert!(after.restored.borrow().is_empty());
}

#[gpui_kit::test]
fn what_is_given_up_right_after_it_came_back_does_not_come_back_again(cx: &mut TestAppContext) {
    let (place, before) = Place::start(cx);
    before.type_into(FILE, "unsaved ", cx);
    cx.executor().advance_clock(Duration::from_millis(250));
    cx.run_until_parked();

    let left = place.left("left");
    let again = Session::open(&place.fs, &left, cx);
    while again.restored.borrow().is_empty() {
        assert!(cx.executor().tick(), "nothing came back");
    }
    // The user answers that nothing is to be saved before it is kept anew.
    let buffers = again.restored.borrow().clone();
    cx.update(|cx| ui::recovery::give_up(&again.model, buffers, cx));
    cx.quit();
    let last = Session::start(&place.fs, &left, cx);
    assert!(last.restored.borrow().is_empty());
}

#[gpui_kit::test]
fn what_is_typed_after_giving_up_is_kept(cx: &mut TestAppContext) {
    let (place, before) = Place::start(cx);
    let id = before.type_into(FILE, "unsaved ", cx);
    // The user let it go for another folder, which could not be opened; so they went on here.
    cx.update(|cx| ui::recovery::give_up(&before.model, [id], cx));
    before.type_into(FILE, "more ", cx);
    cx.quit();
    let after = Session::start(&place.fs, &place.state, cx);
    assert_eq!(after.restored.borrow().len(), 1);
}

#[gpui_kit::test]
fn what_nobody_was_asked_about_is_kept_when_the_display_goes(cx: &mut TestAppContext) {
    let (place, before) = Place::start(cx);
    before.type_into(FILE, "unsaved ", cx);
    cx.quit();
    let left = place.left("left");
    let after = Session::start(&place.fs, &left, cx);
    assert_eq!(after.restored.borrow().len(), 1);
}
