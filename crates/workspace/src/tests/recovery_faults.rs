//! Whichever system call of keeping unsaved text fails: what was kept before is there.

use std::path::Path;
use std::sync::Arc;

use fs::{LineEnding, RealFs, SaveFaults, TextEncoding, TextFormat};

use super::Fixture;
use super::recoveries::restart;
use crate::Recovery;

/// Error numbers of the system: a full disk, a broken one, no permission.
const ERRORS: [i32; 3] = [28, 5, 13];

/// Edits a file and keeps it again and again: as a copy, by appending, as a copy in another format,
/// and appending to that. Gives the texts and their last one that is certain to be kept, and
/// whether a step failed.
fn edit_and_keep(
    faults: SaveFaults,
    state: &Path,
    max_copied: usize,
) -> (Fixture, Vec<String>, Option<usize>, bool) {
    let mut fixture = Fixture::new(&"line\n".repeat(40));
    let fs = RealFs::with_faults(Arc::new(faults));
    let (mut recovery, ..) = Recovery::open_on(fs, state, Path::new("/p")).unwrap();
    recovery.max_copied = max_copied;
    let mut texts = vec![fixture.text()];
    let (mut kept, mut failed) = (None, false);
    for step in 0..6 {
        fixture.type_at(step, &step.to_string());
        if step == 3 {
            let windows = TextFormat::new(TextEncoding::UTF_8, true, LineEnding::CrLf);
            fixture.workspace.set_format(fixture.id, windows);
        }
        texts.push(fixture.text());
        let done = recovery.job(&fixture.workspace).unwrap().run();
        match recovery.finished(done) {
            Ok(()) => kept = Some(texts.len() - 1),
            Err(error) => {
                failed = true;
                assert!(!error.to_string().is_empty());
            }
        }
        assert_eq!(
            recovery.is_up_to_date(&fixture.workspace),
            kept == Some(texts.len() - 1)
        );
    }
    (fixture, texts, kept, failed)
}

fn whichever_call_fails(max_copied: usize) {
    let state = tempfile::tempdir().unwrap();
    let mut number = 0;
    loop {
        let mut any = false;
        for error in ERRORS {
            for (from, faults) in [
                (false, SaveFaults::only(number, error)),
                (true, SaveFaults::from(number, error)),
            ] {
                let what = format!("{max_copied} {faults:?}");
                let state = state.path().join(format!("{number}-{error}-{from}"));
                let (fixture, texts, kept, failed) = edit_and_keep(faults, &state, max_copied);
                any |= failed;
                let (mut workspace, restored) = restart(&fixture.fs, &state);
                let found = restored.first().map(|id| {
                    let buffer = workspace.buffer(*id).unwrap();
                    buffer.text().to_string()
                });
                let at = found
                    .as_ref()
                    .map(|found| texts.iter().position(|text| text == found));
                match (at, kept) {
                    // What is on the disk may be newer than what was certain.
                    (Some(Some(at)), kept) => assert!(kept <= Some(at), "{what}: {at} {kept:?}"),
                    (None, None) => continue,
                    _ => panic!("{what}: {found:?}"),
                }
                assert_eq!(restored.len(), 1, "{what}");
                while workspace.undo(restored[0]).is_some() {}
                let buffer = workspace.buffer(restored[0]).unwrap();
                assert_eq!(buffer.text().to_string(), texts[0], "{what}");
            }
        }
        if !any {
            break;
        }
        number += 1;
    }
    assert!(number > 20, "{number} calls");
}

#[test]
fn whichever_call_fails_what_was_kept_of_a_small_file_comes_back() {
    whichever_call_fails(usize::MAX);
}

#[test]
fn whichever_call_fails_what_was_kept_of_a_large_file_comes_back() {
    whichever_call_fails(1);
}

const LONGER: &str = "e and a good deal more";

/// What [`type_while_one_call_fails`] makes of the file.
fn all_typed() -> String {
    format!("abcd{LONGER}fone\n")
}

/// Types, keeps and appends between the jobs, while one is on its way too, on a disk of which the
/// call of that number fails.
fn type_while_one_call_fails(
    number: usize,
    state: &Path,
    max_copied: usize,
) -> (Fixture, Recovery, Arc<SaveFaults>) {
    const NO_SPACE: i32 = 28;
    let mut fixture = Fixture::new("one\n");
    let faults = Arc::new(SaveFaults::only(number, NO_SPACE));
    let fs = RealFs::with_faults(faults.clone());
    let (mut recovery, ..) = Recovery::open_on(fs, state, Path::new("/p")).unwrap();
    recovery.max_copied = max_copied;
    let journalist = recovery.journalist();
    fixture.type_at(0, "a");
    if let Some(job) = recovery.job(&fixture.workspace) {
        recovery.finished(job.run()).ok();
    }
    for (at, typed) in [(1, "b"), (2, "c")] {
        fixture.type_at(at, typed);
        journalist.write();
    }
    fixture.type_at(3, "d");
    let waits = recovery.job(&fixture.workspace).unwrap();
    // So long that an append which is cut off half way ends within its record.
    fixture.type_at(4, LONGER);
    journalist.write();
    recovery.finished(waits.run()).ok();
    fixture.type_at(4 + LONGER.len(), "f");
    journalist.write();
    (fixture, recovery, faults)
}

/// Tries again until it is said that all is kept, which it is soon.
fn until_up_to_date(recovery: &mut Recovery, fixture: &Fixture) {
    for _ in 0..3 {
        if let Some(job) = recovery.job(&fixture.workspace) {
            recovery.finished(job.run()).ok();
        }
    }
    assert!(recovery.is_up_to_date(&fixture.workspace));
}

/// Does something for each call that can fail, on a small file and on one that is not copied.
fn whichever_call_fails_once(mut each: impl FnMut(Fixture, Recovery, &Path, &str)) {
    let folder = tempfile::tempdir().unwrap();
    for max_copied in [usize::MAX, 1] {
        for number in 0.. {
            let what = format!("{number}-{max_copied}");
            let state = folder.path().join(&what);
            let (fixture, recovery, faults) = type_while_one_call_fails(number, &state, max_copied);
            if faults.made() <= number {
                assert!(number > 20, "{number} calls");
                break;
            }
            each(fixture, recovery, &state, &what);
        }
    }
}

#[test]
fn a_disk_that_is_full_for_a_moment_tears_no_hole_into_what_comes_back() {
    whichever_call_fails_once(|fixture, mut recovery, state, what| {
        until_up_to_date(&mut recovery, &fixture);
        drop(recovery);
        let (mut workspace, restored) = restart(&fixture.fs, state);
        assert_eq!(restored.len(), 1, "{what}");
        let text = |workspace: &crate::Workspace| {
            let buffer = workspace.buffer(restored[0]).unwrap();
            buffer.text().to_string()
        };
        assert_eq!(text(&workspace), all_typed(), "{what}");
        while workspace.undo(restored[0]).is_some() {}
        assert_eq!(text(&workspace), "one\n", "{what}");
    });
}

#[test]
fn a_window_that_ends_after_the_disk_was_full_for_a_moment_keeps_all() {
    whichever_call_fails_once(|fixture, recovery, state, what| {
        recovery.end(&fixture.workspace, &[].into()).unwrap();
        let (workspace, restored) = restart(&fixture.fs, state);
        assert_eq!(restored.len(), 1, "{what}");
        let buffer = workspace.buffer(restored[0]).unwrap();
        assert_eq!(buffer.text().to_string(), all_typed(), "{what}");
    });
}

#[test]
fn what_is_saved_after_the_disk_was_full_for_a_moment_does_not_come_back() {
    whichever_call_fails_once(|mut fixture, mut recovery, state, what| {
        fixture.workspace.save_blocking(fixture.id).unwrap();
        until_up_to_date(&mut recovery, &fixture);
        drop(recovery);
        let (_, restored) = restart(&fixture.fs, state);
        assert!(restored.is_empty(), "{what}");
    });
}
