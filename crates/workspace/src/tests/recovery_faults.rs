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
