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
    AnyWindowHandle, AppContext as _, Context, Empty, Entity, IntoElement, Render, Task,
    TestAppContext, Window, WindowOptions,
};
use ui::WorkspaceModel;
use workspace::{BufferId, Workspace, WorkspaceEvent};

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
    /// What the workspace told of.
    notices: std::rc::Rc<std::cell::RefCell<Vec<String>>>,
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
        let notices = std::rc::Rc::<std::cell::RefCell<Vec<String>>>::default();
        let heard = notices.clone();
        cx.update(|cx| {
            cx.subscribe(&model, move |_, event: &WorkspaceEvent, _| {
                if let WorkspaceEvent::Notice { message, .. } = event {
                    heard.borrow_mut().push(message.clone());
                }
            })
            .detach();
        });
        let (shared, state, told) = (model.clone(), state.to_path_buf(), restored.clone());
        let window = cx
            .update(|cx| {
                gpui_kit::open_window(WindowOptions::default(), cx, move |window, cx| {
                    let restored = ui::recovery::start(&shared, state, window, cx);
                    cx.spawn(async move |_| *told.borrow_mut() = restored.await.buffers)
                        .detach();
                    cx.new(|_| Blank)
                })
            })
            .unwrap()
            .0;
        Self {
            model,
            restored,
            notices,
            _window: window,
        }
    }

    /// The files whose unsaved text is not back yet.
    fn coming(&self, cx: &mut TestAppContext) -> Vec<PathBuf> {
        self.model.read_with(cx, |model, _| {
            let texts = model.coming_texts();
            texts.filter_map(|text| text.path.clone()).collect()
        })
    }

    /// The text of a file that is open.
    fn text(&self, file: &str, cx: &mut TestAppContext) -> Option<String> {
        self.model.read_with(cx, |model, _| {
            let workspace = model.workspace();
            let id = workspace.buffer_for_path(Path::new(file))?;
            Some(workspace.buffer(id)?.text().to_string())
        })
    }

    /// Moves a file as the tree does.
    fn move_file(&self, from: &str, to: &str, cx: &mut TestAppContext) {
        self.model.update(cx, |model, cx| {
            let (from, to) = (PathBuf::from(from), PathBuf::from(to));
            model.workspace().fs().rename(&from, &to).unwrap();
            model.file_event(&lsp::FileEvent::Renamed { from, to }, false, cx);
        });
    }

    /// Opens a file as a tab does.
    fn open_file(
        &self,
        file: &str,
        cx: &mut TestAppContext,
    ) -> Task<Result<BufferId, fs::LoadError>> {
        self.model
            .update(cx, |model, cx| model.open_path(file.into(), cx))
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

const HUGE: &str = "/project/huge.log";

/// What a crash leaves of a small and of a huge file with unsaved text, and what the huge one held.
fn left_with_a_huge_file(cx: &mut TestAppContext) -> (Place, PathBuf, String) {
    let (place, before) = Place::start(cx);
    let huge = "0123456789abcde\n".repeat(5 << 16);
    place.fs.insert(HUGE, huge.as_bytes());
    before.type_into(FILE, "unsaved ", cx);
    before.type_into(HUGE, "unsaved ", cx);
    cx.executor().advance_clock(Duration::from_millis(250));
    cx.run_until_parked();
    let left = place.left("left");
    (place, left, huge)
}

/// Lets a session keep what it shows.
fn rest(cx: &mut TestAppContext) {
    for _ in 0..3 {
        cx.run_until_parked();
        cx.executor().advance_clock(Duration::from_secs(1));
    }
    cx.run_until_parked();
}

#[gpui_kit::test]
fn a_huge_text_comes_back_when_it_is_opened_and_outlives_a_crash_before_and_after(
    cx: &mut TestAppContext,
) {
    let (place, left, huge) = left_with_a_huge_file(cx);
    let killed = Session::start(&place.fs, &left, cx);
    assert_eq!(killed.text(FILE, cx).unwrap(), "unsaved one\n");
    assert_eq!(killed.text(HUGE, cx), None, "nobody waits for it");
    assert_eq!(killed.coming(cx), [Path::new(HUGE)]);
    rest(cx);
    let reading = killed.open_file(HUGE, cx);
    let left = as_after_a_crash(&left, place.folder.path().join("second"));
    drop((reading, killed));

    let after = Session::start(&place.fs, &left, cx);
    assert_eq!(after.text(FILE, cx).unwrap(), "unsaved one\n");
    assert_eq!(after.coming(cx), [Path::new(HUGE)]);
    let opened = after.open_file(HUGE, cx);
    let id = cx.foreground_executor().block_test(opened).unwrap();
    let expected = format!("unsaved {huge}");
    assert!(after.text(HUGE, cx).unwrap() == expected);
    assert!(after.coming(cx).is_empty());
    after.model.update(cx, |model, cx| {
        assert!(model.workspace().buffer(id).unwrap().is_dirty());
        model.move_in_history(id, workspace::HistoryMove::Undo, cx);
        assert!(*model.workspace().buffer(id).unwrap().text() == *huge);
        model.move_in_history(id, workspace::HistoryMove::Redo, cx);
    });
    rest(cx);
    let left = as_after_a_crash(&left, place.folder.path().join("third"));
    let last = Session::start(&place.fs, &left, cx);
    assert_eq!(last.coming(cx), [Path::new(HUGE)], "once");
    let opened = last.open_file(HUGE, cx);
    cx.foreground_executor().block_test(opened).unwrap();
    assert!(last.text(HUGE, cx).unwrap() == expected);
}

#[gpui_kit::test]
fn a_window_that_ends_before_a_huge_text_is_back_leaves_it_for_the_next(cx: &mut TestAppContext) {
    let (place, left, huge) = left_with_a_huge_file(cx);
    for reads in [false, true] {
        let session = Session::start(&place.fs, &left, cx);
        let reading = reads.then(|| session.open_file(HUGE, cx));
        // The small one is given up as it ends.
        let buffers = session.restored.borrow().clone();
        assert_eq!(buffers.len(), usize::from(!reads));
        cx.update(|cx| ui::recovery::give_up(&session.model, buffers, cx));
        cx.quit();
        drop((reading, session));
        // Nothing is read any more.
        cx.run_until_parked();
    }
    let last = Session::start(&place.fs, &left, cx);
    assert_eq!(last.coming(cx), [Path::new(HUGE)]);
    let opened = last.open_file(HUGE, cx);
    cx.foreground_executor().block_test(opened).unwrap();
    assert!(last.text(HUGE, cx).unwrap() == format!("unsaved {huge}"));

    // Once it is back, it can be given up too.
    rest(cx);
    let id = last.model.read_with(cx, |model, _| {
        model.workspace().buffer_for_path(Path::new(HUGE)).unwrap()
    });
    cx.update(|cx| ui::recovery::give_up(&last.model, [id], cx));
    cx.quit();
    let none = Session::start(&place.fs, &left, cx);
    assert!(none.coming(cx).is_empty() && none.restored.borrow().is_empty());
}

#[gpui_kit::test]
fn a_huge_text_is_read_once_for_all_who_wait_and_no_longer_than_somebody_does(
    cx: &mut TestAppContext,
) {
    let (place, left, huge) = left_with_a_huge_file(cx);
    let session = Session::start(&place.fs, &left, cx);
    let progress = |cx: &mut TestAppContext| {
        let opening = |model: &WorkspaceModel| model.opening(Path::new(HUGE));
        session
            .model
            .read_with(cx, |model, _| opening(model).unwrap())
    };
    let given_up = session.open_file(HUGE, cx);
    let before = progress(cx);
    drop(given_up);
    cx.run_until_parked();
    assert!(before.is_cancelled());
    assert_eq!(session.coming(cx), [Path::new(HUGE)]);

    let [first, second] = [(); 2].map(|()| session.open_file(HUGE, cx));
    let now = progress(cx);
    drop(first);
    assert!(!now.is_cancelled());
    cx.foreground_executor().block_test(second).unwrap();
    assert!(session.text(HUGE, cx).unwrap() == format!("unsaved {huge}"));
    let buffers = session
        .model
        .read_with(cx, |model, _| model.workspace().buffers().count());
    assert_eq!(buffers, 2);
}

#[gpui_kit::test]
fn a_huge_text_that_cannot_be_read_is_told_of_once_and_stays(cx: &mut TestAppContext) {
    let (place, left, huge) = left_with_a_huge_file(cx);
    let find_huge = |folder: &Path| {
        let mut folders = vec![folder.to_path_buf()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let entry = entry.unwrap();
                match entry.file_type().unwrap().is_dir() {
                    true => folders.push(entry.path()),
                    false if entry.metadata().unwrap().len() > 1 << 20 => return entry.path(),
                    false => {}
                }
            }
        }
        panic!("no huge entry");
    };
    // Nobody reads a folder as a file, not even root.
    let unreadable = find_huge(&left).with_extension("last");
    std::fs::create_dir(&unreadable).unwrap();
    let session = Session::start(&place.fs, &left, cx);
    assert_eq!(session.text(FILE, cx).unwrap(), "unsaved one\n");
    let told = || {
        let notices = session.notices.borrow();
        let of_it = notices
            .iter()
            .filter(|told| told.contains("could not be read"));
        of_it.count()
    };
    assert_eq!(told(), 0);
    for _ in 0..2 {
        let opened = session.open_file(HUGE, cx);
        let id = cx.foreground_executor().block_test(opened).unwrap();
        assert!(session.text(HUGE, cx).unwrap() == huge, "the file is there");
        assert_eq!(told(), 1);
        session.model.update(cx, |model, cx| {
            model.update(cx, |workspace| workspace.close(id));
        });
    }
    rest(cx);
    std::fs::remove_dir(unreadable).unwrap();
    let opened = session.open_file(HUGE, cx);
    cx.foreground_executor().block_test(opened).unwrap();
    assert!(session.text(HUGE, cx).unwrap() == format!("unsaved {huge}"));
}

#[gpui_kit::test]
fn a_huge_file_that_another_program_changed_is_told_of_at_once_and_both_texts_are_there(
    cx: &mut TestAppContext,
) {
    let (place, before) = Place::start(cx);
    let huge = "0123456789abcde\n".repeat(17 << 16);
    place.fs.insert(HUGE, huge.as_bytes());
    before.type_into(HUGE, "mine ", cx);
    rest(cx);
    let left = place.left("left");
    place.fs.insert(HUGE, b"theirs\n");

    let after = Session::start(&place.fs, &left, cx);
    let told = after.notices.borrow().join("\n");
    assert!(told.contains("huge.log was changed on the disk"), "{told}");
    assert!(told.contains("Both are kept"), "{told}");
    let opened = after.open_file(HUGE, cx);
    let id = cx.foreground_executor().block_test(opened).unwrap();
    assert!(after.text(HUGE, cx).unwrap() == format!("mine {huge}"));
    after.model.read_with(cx, |model, _| {
        let buffer = model.workspace().buffer(id).unwrap();
        assert!(buffer.text_on_disk().is_some_and(|it| *it == "theirs\n"));
    });
}

#[gpui_kit::test]
fn a_huge_text_goes_along_where_its_file_is_moved_before_it_is_back(cx: &mut TestAppContext) {
    const MOVED: &str = "/project/moved.log";
    let (place, left, huge) = left_with_a_huge_file(cx);
    let expected = format!("unsaved {huge}");
    let killed = Session::start(&place.fs, &left, cx);
    killed.move_file(HUGE, MOVED, cx);
    cx.run_until_parked();
    assert_eq!(killed.coming(cx), [Path::new(MOVED)]);
    let left = as_after_a_crash(&left, place.folder.path().join("second"));
    drop(killed);

    // It belongs there also after a kill.
    let session = Session::start(&place.fs, &left, cx);
    assert_eq!(session.coming(cx), [Path::new(MOVED)]);
    let opened = session.open_file(MOVED, cx);
    // It is moved back while its tab waits.
    session.move_file(MOVED, HUGE, cx);
    let id = cx.foreground_executor().block_test(opened).unwrap();
    assert_eq!(session.text(MOVED, cx), None);
    assert!(session.text(HUGE, cx).unwrap() == expected);
    session.model.read_with(cx, |model, _| {
        let buffer = model.workspace().buffer(id).unwrap();
        assert_eq!(buffer.path(), Some(Path::new(HUGE)));
        assert!(buffer.is_dirty());
    });
    assert!(place.fs.content(HUGE).unwrap() == huge.as_bytes());
}

#[gpui_kit::test]
fn of_huge_texts_that_are_waited_for_what_is_in_front_is_read_first(cx: &mut TestAppContext) {
    const MORE: &str = "/project/more.log";
    let (place, before) = Place::start(cx);
    let huge = "0123456789abcde\n".repeat(5 << 16);
    for file in [HUGE, MORE] {
        place.fs.insert(file, huge.as_bytes());
        before.type_into(file, "unsaved ", cx);
    }
    cx.executor().advance_clock(Duration::from_millis(250));
    cx.run_until_parked();
    let left = place.left("left");
    let session = Session::start(&place.fs, &left, cx);
    let opened = [HUGE, MORE].map(|file| session.open_file(file, cx));
    session.model.update(cx, |model, _| {
        let front = model.coming_text_of(Path::new(MORE)).cloned().unwrap();
        model.read_first(&[front]);
    });
    while session.coming(cx).len() == 2 {
        assert!(cx.executor().tick(), "nothing comes back");
    }
    assert_eq!(session.coming(cx), [Path::new(HUGE)]);
    for opening in opened {
        cx.foreground_executor().block_test(opening).unwrap();
    }
    for file in [HUGE, MORE] {
        assert!(session.text(file, cx).unwrap() == format!("unsaved {huge}"));
    }
}
