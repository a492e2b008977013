//! Texts that take long to come back, and what comes back before them.

use std::path::Path;
use std::sync::Arc;

use editor_core::{Selections, editing};
use fs::{FakeFs, Fs as _, LoadProgress};

use super::recoveries::keep;
use super::{FILE, Fixture};
use crate::{
    BufferId, ComeBackError, LargeRecovered, LeftTexts, Loaded, Recovery, UsualEncodings, Workspace,
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
        assert_eq!(large[0].path(), Some(Path::new(FILE)));
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
