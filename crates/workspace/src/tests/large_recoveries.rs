//! Texts that take long to come back, and what comes back before them.

use std::path::Path;
use std::sync::Arc;

use editor_core::{Selections, editing};
use fs::{FakeFs, Fs as _, LoadProgress};

use super::recoveries::{keep, kept_files};
use super::{FILE, Fixture};
use crate::{
    BufferId, ComeBackError, DiskState, HistoryMove, LargeRecovered, LeftTexts, Loaded, Recovery,
    UsualEncodings, Workspace,
};

fn open(state: &Path, fs: &FakeFs) -> (Recovery, LeftTexts) {
    Recovery::open_at_once(state, Path::new("/p"), fs).unwrap()
}

fn load(large: &LargeRecovered, fs: &FakeFs) -> Result<Loaded, ComeBackError> {
    let encodings = UsualEncodings::default();
    large.load(fs, &encodings, &LoadProgress::default())
}

/// A workspace after another start, with what comes back at once.
fn restart(fs: &Arc<FakeFs>, state: &Path) -> (Recovery, Workspace, Vec<LargeRecovered>) {
    let (mut recovery, left) = open(state, fs);
    let mut workspace = Workspace::new("/p".into(), fs.clone());
    let encodings = UsualEncodings::default();
    workspace.restore(left.recovered.into_iter().map(|recovered| {
        let file = recovered.load_as_usual(&**fs, &encodings, None);
        (recovered, file)
    }));
    keep(&mut recovery, &workspace);
    assert!(recovery.is_up_to_date(&workspace));
    left.left_behind
        .iter()
        .for_each(|left| left.discard().unwrap());
    (recovery, workspace, left.large)
}

fn type_into(workspace: &mut Workspace, id: BufferId, typed: &str) {
    let text = workspace.buffer(id).unwrap().text().clone();
    let transaction = editing::insert_text(&text, &Selections::caret(0), typed);
    workspace.edit(id, transaction).unwrap();
}

fn texts(workspace: &Workspace) -> Vec<String> {
    let buffers = workspace.buffers();
    buffers.map(|buffer| buffer.text().to_string()).collect()
}

#[test]
fn a_large_text_comes_back_after_the_others_and_outlives_kills_before_it_does() {
    let state = tempfile::tempdir().unwrap();
    let mut fixture = Fixture::new("one\n");
    let (mut recovery, _) = open(state.path(), &fixture.fs);
    let huge = "0123456789abcde\n".repeat(5 << 16);
    fixture.type_at_start("x");
    let untitled = fixture.workspace.new_untitled();
    type_into(&mut fixture.workspace, untitled, &huge);
    keep(&mut recovery, &fixture.workspace);
    drop(recovery);

    // Killed twice before anybody needs it.
    for _ in 0..2 {
        let (_recovery, workspace, large) = restart(&fixture.fs, state.path());
        assert_eq!(texts(&workspace), ["xone\n"]);
        let [large] = &large[..] else {
            panic!("{} large texts", large.len());
        };
        assert_eq!((large.path(), large.untitled()), (None, Some(1)));
    }

    // Killed when it is back and kept anew, and before what it came from is forgotten.
    let (mut recovery, mut workspace, large) = restart(&fixture.fs, state.path());
    let loaded = load(&large[0], &fixture.fs).unwrap();
    let [id] = workspace.restore([loaded])[..] else {
        panic!("one text is back");
    };
    type_into(&mut workspace, id, "more ");
    keep(&mut recovery, &workspace);
    drop((recovery, large));

    let (mut recovery, mut workspace, large) = restart(&fixture.fs, state.path());
    assert_eq!(large.len(), 1, "of the two the newer one");
    let loaded = load(&large[0], &fixture.fs).unwrap();
    workspace.restore([loaded]);
    let expected = format!("more {huge}");
    assert!(texts(&workspace) == ["xone\n", &expected]);
    keep(&mut recovery, &workspace);
    large[0].discard().unwrap();
    drop((recovery, large));
    let (_recovery, left) = open(state.path(), &fixture.fs);
    assert_eq!((left.recovered.len(), left.large.len()), (1, 1));
}

#[test]
fn changes_of_a_large_file_that_is_away_wait_for_it() {
    let state = tempfile::tempdir().unwrap();
    let mut fixture = Fixture::new("one\n");
    let (mut recovery, _) = open(state.path(), &fixture.fs);
    recovery.max_copied = 1;
    fixture.type_at_start("x");
    keep(&mut recovery, &fixture.workspace);
    drop(recovery);
    let text = fixture.fs.content(Path::new(FILE)).unwrap();
    // Something that cannot be read as text stands there for two starts.
    fixture.fs.insert(Path::new(FILE), b"\0\x01\x02\xff\0");
    for _ in 0..2 {
        let (_recovery, workspace, large) = restart(&fixture.fs, state.path());
        assert!(texts(&workspace).is_empty());
        assert_eq!(large[0].path().as_deref(), Some(Path::new(FILE)));
        let away = load(&large[0], &fixture.fs).unwrap_err();
        assert!(matches!(away, ComeBackError::FileAway { .. }), "{away}");
        assert!(away.to_string().starts_with("a.txt cannot be read now"));
    }
    fixture.fs.insert(Path::new(FILE), &text);
    let (_recovery, mut workspace, large) = restart(&fixture.fs, state.path());
    let loaded = load(&large[0], &fixture.fs).unwrap();
    let restored = workspace.restore([loaded]);
    assert_eq!(*workspace.buffer(restored[0]).unwrap().text(), "xone\n");
    // One that is really gone keeps nothing waiting.
    fixture.fs.remove(Path::new(FILE)).unwrap();
    let (_, file) = load(&large[0], &fixture.fs).unwrap();
    assert!(file.is_none());
}

#[test]
fn a_text_of_a_file_that_became_large_takes_long_and_one_that_nobody_waits_for_is_left() {
    let state = tempfile::tempdir().unwrap();
    let mut fixture = Fixture::new("one\n");
    let (mut recovery, _) = open(state.path(), &fixture.fs);
    fixture.type_at_start("x");
    keep(&mut recovery, &fixture.workspace);
    drop(recovery);
    fixture
        .fs
        .insert(Path::new(FILE), &b"another\n".repeat(1 << 20));
    let (_recovery, workspace, large) = restart(&fixture.fs, state.path());
    assert!(texts(&workspace).is_empty());
    let progress = LoadProgress::default();
    progress.cancel();
    let loaded = large[0].load(&*fixture.fs, &UsualEncodings::default(), &progress);
    assert!(matches!(loaded, Err(ComeBackError::Cancelled)));
    assert!(load(&large[0], &fixture.fs).unwrap().1.is_some());
}

/// Has what the file held before its edits kept; says whether there was something to keep.
fn keep_base(recovery: &mut Recovery, workspace: &Workspace) -> bool {
    let Some(job) = recovery.base_job(workspace) else {
        return false;
    };
    assert!(recovery.base_job(workspace).is_none(), "one at a time");
    recovery.base_finished(job.run()).unwrap();
    true
}

/// A file of which no copy is made, where "one" gave way to "mine" and "two" is gone.
fn edited_large_file(state: &Path) -> (Fixture, Recovery) {
    let mut fixture = Fixture::new("one\ntwo\nthree\n");
    let (mut recovery, _) = open(state, &fixture.fs);
    recovery.max_copied = 1;
    fixture
        .workspace
        .replace_text(fixture.id, "mine\nthree\n")
        .unwrap();
    keep(&mut recovery, &fixture.workspace);
    (fixture, recovery)
}

#[test]
fn edits_of_a_large_file_that_another_program_changed_meanwhile_come_back_whole() {
    let state = tempfile::tempdir().unwrap();
    let (mut fixture, mut recovery) = edited_large_file(state.path());
    assert!(keep_base(&mut recovery, &fixture.workspace));
    assert!(!keep_base(&mut recovery, &fixture.workspace), "once");
    fixture.type_at_start("all ");
    keep(&mut recovery, &fixture.workspace);
    assert!(!keep_base(&mut recovery, &fixture.workspace), "once");
    drop(recovery);
    fixture.fs.insert(Path::new(FILE), b"theirs\n");

    // Killed before it is read.
    for _ in 0..2 {
        let (_recovery, workspace, large) = restart(&fixture.fs, state.path());
        assert!(texts(&workspace).is_empty());
        let told = large[0].warning().unwrap();
        assert!(told.starts_with("a.txt was changed on the disk"), "{told}");
        assert!(told.contains("Both are kept"), "{told}");
    }
    let (mut recovery, mut workspace, large) = restart(&fixture.fs, state.path());
    let loaded = load(&large[0], &fixture.fs).unwrap();
    workspace.restore([loaded]);
    is_a_conflict(&mut workspace);
    keep(&mut recovery, &workspace);
    large[0].discard().unwrap();
    drop((recovery, large));
    // Killed again, once it is kept anew.
    let (_, mut workspace, _) = restart(&fixture.fs, state.path());
    is_a_conflict(&mut workspace);
}

/// Both texts are there, and neither is written over the other.
fn is_a_conflict(workspace: &mut Workspace) {
    let id = workspace.buffer_for_path(Path::new(FILE)).unwrap();
    let buffer = workspace.buffer(id).unwrap();
    assert_eq!(*buffer.text(), "all mine\nthree\n");
    assert_eq!(buffer.disk(), DiskState::Changed);
    assert!(buffer.text_on_disk().is_some_and(|it| *it == "theirs\n"));
    assert!(workspace.save_blocking(id).is_err());
}

#[test]
fn edits_of_a_large_file_that_is_gone_come_back_whole() {
    let state = tempfile::tempdir().unwrap();
    let (fixture, mut recovery) = edited_large_file(state.path());
    assert!(keep_base(&mut recovery, &fixture.workspace));
    drop(recovery);
    fixture.fs.remove(Path::new(FILE)).unwrap();
    let (_recovery, mut workspace, large) = restart(&fixture.fs, state.path());
    let loaded = load(&large[0], &fixture.fs).unwrap();
    let id = workspace.restore([loaded])[0];
    workspace.save_blocking(id).unwrap();
    assert_eq!(fixture.on_disk(), "mine\nthree\n");
}

#[test]
fn where_a_large_file_was_changed_before_it_was_kept_what_was_typed_comes_back_and_the_rest_is_told()
 {
    let state = tempfile::tempdir().unwrap();
    let (mut fixture, mut recovery) = edited_large_file(state.path());
    fixture.type_at(fixture.text().len(), "end");
    keep(&mut recovery, &fixture.workspace);
    drop(recovery);
    fixture.fs.insert(Path::new(FILE), b"theirs\n");
    let (_recovery, mut workspace, large) = restart(&fixture.fs, state.path());
    let told = large[0].warning().unwrap();
    assert!(told.contains("what it held before is not kept"), "{told}");
    let loaded = load(&large[0], &fixture.fs).unwrap();
    let id = workspace.restore([loaded])[0];
    let buffer = workspace.buffer(id).unwrap();
    assert_eq!(buffer.path(), None);
    assert_eq!(*buffer.text(), "mine\nend", "in the order of its places");
}

#[test]
fn what_a_large_file_held_is_kept_for_as_long_as_its_edits_are_unsaved() {
    let state = tempfile::tempdir().unwrap();
    let (mut fixture, mut recovery) = edited_large_file(state.path());
    let bases = || kept_files(state.path(), "base").len();
    assert!(keep_base(&mut recovery, &fixture.workspace));
    assert_eq!(bases(), 1);
    fixture.workspace.undo(fixture.id);
    keep(&mut recovery, &fixture.workspace);
    assert_eq!(bases(), 0, "nothing is unsaved");
    fixture.type_at_start("x");
    keep(&mut recovery, &fixture.workspace);
    // Taken back while it is being kept, and done again.
    let job = recovery.base_job(&fixture.workspace).unwrap();
    let done = job.run();
    fixture.workspace.undo(fixture.id);
    keep(&mut recovery, &fixture.workspace);
    fixture
        .workspace
        .move_in_history(fixture.id, HistoryMove::Redo);
    keep(&mut recovery, &fixture.workspace);
    recovery.base_finished(done).unwrap();
    assert_eq!(bases(), 0);
    assert!(keep_base(&mut recovery, &fixture.workspace), "again");
    assert_eq!(bases(), 1);
    fixture.workspace.save_blocking(fixture.id).unwrap();
    // What is saved while it is being kept leaves nothing.
    fixture.type_at_start("y");
    keep(&mut recovery, &fixture.workspace);
    let job = recovery.base_job(&fixture.workspace).unwrap();
    fixture.workspace.save_blocking(fixture.id).unwrap();
    keep(&mut recovery, &fixture.workspace);
    recovery.base_finished(job.run()).unwrap();
    assert_eq!(bases(), 0);
    assert!(!keep_base(&mut recovery, &fixture.workspace));
    // The end keeps what nobody had time for.
    fixture.type_at_start("z");
    assert!(!recovery.end(&fixture.workspace, &[].into()).unwrap());
    assert_eq!(bases(), 1);
    fixture.fs.insert(Path::new(FILE), b"theirs\n");
    let (_recovery, mut workspace, large) = restart(&fixture.fs, state.path());
    let loaded = load(&large[0], &fixture.fs).unwrap();
    let id = workspace.restore([loaded])[0];
    let text = workspace.buffer(id).unwrap().text().to_string();
    assert_eq!(text, fixture.text());
}

#[test]
fn a_large_text_is_put_together_where_it_is_read_and_not_again_where_it_is_put_back() {
    let state = tempfile::tempdir().unwrap();
    let mut fixture = Fixture::new("one\n");
    let (mut recovery, _) = open(state.path(), &fixture.fs);
    let untitled = fixture.workspace.new_untitled();
    let huge = "0123456789abcde\n".repeat(5 << 16);
    type_into(&mut fixture.workspace, untitled, &huge);
    let text = format!("{huge}and more");
    fixture.workspace.replace_text(fixture.id, &text).unwrap();
    keep(&mut recovery, &fixture.workspace);
    drop(recovery);
    // As it was, and where another program changed the file.
    for theirs in [None, Some("theirs\n")] {
        if let Some(theirs) = theirs {
            fixture.fs.insert(Path::new(FILE), theirs.as_bytes());
        }
        let (_recovery, mut workspace, large) = restart(&fixture.fs, state.path());
        assert_eq!(large.len(), 2);
        for large in &large {
            let loaded = load(large, &fixture.fs).unwrap();
            let read = loaded.0.found.as_ref().unwrap().to.clone();
            let id = workspace.restore([loaded])[0];
            let buffer = workspace.buffer(id).unwrap();
            assert!(buffer.text().is_clone_of(&read));
            let expected = match buffer.path() {
                Some(_) => &text,
                None => &huge,
            };
            assert!(*buffer.text() == *expected.as_str());
            while workspace.undo(id).is_some() {}
            let file = theirs.unwrap_or("one\n");
            let buffer = workspace.buffer(id).unwrap();
            let before = buffer.path().map_or("", |_| file);
            assert_eq!(*buffer.text(), before);
        }
    }
}

#[test]
fn a_text_that_cannot_come_back_with_its_history_comes_back_with_all_of_its_changes() {
    let state = tempfile::tempdir().unwrap();
    let mut fixture = Fixture::new("one\n");
    let (mut recovery, _) = open(state.path(), &fixture.fs);
    // A text without a file, whose later changes are in its journal.
    let untitled = fixture.workspace.new_untitled();
    type_into(
        &mut fixture.workspace,
        untitled,
        &"0123456789abcde\n".repeat(5 << 16),
    );
    keep(&mut recovery, &fixture.workspace);
    type_into(&mut fixture.workspace, untitled, "later ");
    keep(&mut recovery, &fixture.workspace);
    let text = fixture.workspace.buffer(untitled).unwrap().text().clone();
    drop(recovery);

    let (_recovery, mut workspace, large) = restart(&fixture.fs, state.path());
    let (recovered, file) = load(&large[0], &fixture.fs).unwrap();
    assert!(!recovered.journal.is_empty(), "they are made one by one");
    // It is of no use, as where its log is broken.
    assert!(recovered.found.as_ref().unwrap().take_history().is_some());
    let [id] = workspace.restore([(recovered, file)])[..] else {
        panic!("one text is back");
    };
    assert!(*workspace.buffer(id).unwrap().text() == text);
}
