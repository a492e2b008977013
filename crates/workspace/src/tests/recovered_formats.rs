//! Unsaved text comes back in the encoding, and with the byte order mark and the line ends, that it
//! was to be saved in.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use editor_core::{Selections, editing};
use fs::{EncodingChoice, FakeFs, Fs, LineEnding, LoadOptions, TextEncoding, TextFormat};

use super::recoveries::{keep, kept_files, open, restart};
use super::{FILE, Fixture};
use crate::{BufferId, Workspace};

fn encoding(label: &str) -> TextEncoding {
    TextEncoding::for_label(label).unwrap()
}

/// Reads the file of the fixture again, as the command "Reopen with Encoding" does.
fn reopen_in(fixture: &mut Fixture, encoding: TextEncoding) {
    let options = LoadOptions {
        encoding: EncodingChoice::Fixed(encoding),
        ..LoadOptions::default()
    };
    let job = fixture.workspace.reread_job(fixture.id).unwrap();
    let file = fs::load_with(&*fixture.fs, Path::new(FILE), &options).unwrap();
    let taken = fixture
        .workspace
        .reread(fixture.id, encoding, job.run(file));
    assert!(taken.unwrap());
}

/// The only text that comes back, after a crash.
fn only(fs: &Arc<FakeFs>, state: &Path) -> (Workspace, BufferId) {
    let (workspace, restored) = restart(fs, state);
    let [id] = restored[..] else {
        panic!("{restored:?}");
    };
    (workspace, id)
}

/// Bytes of a Russian text that is not what they look like.
fn russian(text: &str) -> Vec<u8> {
    let format = TextFormat::new(encoding("koi8-r"), false, LineEnding::Lf);
    fs::encode(text, &format).unwrap()
}

#[test]
fn a_file_that_was_reopened_in_another_encoding_comes_back_in_it() {
    for (lines, max_copied) in [(1, usize::MAX), (500, 1024)] {
        let state = tempfile::tempdir().unwrap();
        let bytes = russian(&"мир\n".repeat(lines));
        let mut fixture = Fixture::with_bytes(&bytes);
        reopen_in(&mut fixture, encoding("koi8-r"));
        let opened = fixture.text();
        assert!(opened.starts_with("мир"), "{opened}");
        let (mut recovery, ..) = open(state.path());
        recovery.max_copied = max_copied;
        fixture.type_at(0, "Да, ");
        keep(&mut recovery, &fixture.workspace);
        // Appended, not written at once.
        fixture.type_at(opened.len(), "Я");
        keep(&mut recovery, &fixture.workspace);
        drop(recovery);

        let (mut workspace, id) = only(&fixture.fs, state.path());
        let buffer = workspace.buffer(id).unwrap();
        assert_eq!(buffer.text().to_string(), fixture.text());
        assert_eq!(buffer.format().encoding.name(), "KOI8-R");
        assert_eq!(buffer.read_as, Some(encoding("koi8-r")));
        assert!(buffer.is_dirty());
        workspace.save_blocking(id).unwrap();
        assert_eq!(
            fixture.fs.content(FILE).unwrap(),
            russian(&fixture.text()),
            "{max_copied}"
        );
        // What lies before is the file as it was opened at first.
        let reaches_opened = std::iter::from_fn(|| {
            workspace.undo(id)?;
            Some(*workspace.buffer(id).unwrap().text() == *opened)
        })
        .any(|is_opened| is_opened);
        assert!(reaches_opened, "{max_copied}");
    }
}

#[test]
fn a_save_that_is_refused_reads_what_it_found_in_the_encoding_that_was_chosen() {
    let mut fixture = Fixture::with_bytes(&russian("мир\n"));
    reopen_in(&mut fixture, encoding("koi8-r"));
    fixture.type_at_start("Да, ");
    fixture.fs.insert(FILE, &russian("война и мир\n"));
    let id = fixture.id;
    assert!(fixture.workspace.save_blocking(id).is_err());
    let theirs = fixture.workspace.buffer(id).unwrap().text_on_disk();
    assert_eq!(theirs.unwrap().to_string(), "война и мир\n");
    // And where the settings say it.
    let mut fixture = Fixture::new("one\n");
    let usual = EncodingChoice::Detect {
        usual: encoding("koi8-r"),
        guess: false,
    };
    let encodings = crate::UsualEncodings::new(usual, Default::default());
    fixture.workspace.set_usual_encodings(encodings);
    fixture.type_at_start("x");
    fixture.fs.insert(FILE, &russian("мир\n"));
    let id = fixture.id;
    assert!(fixture.workspace.save_blocking(id).is_err());
    let theirs = fixture.workspace.buffer(id).unwrap().text_on_disk();
    assert_eq!(theirs.unwrap().to_string(), "мир\n");
}

#[test]
fn a_file_that_is_open_already_as_what_it_looks_like_becomes_what_was_chosen() {
    let state = tempfile::tempdir().unwrap();
    let mut fixture = Fixture::with_bytes(&russian("мир\n"));
    reopen_in(&mut fixture, encoding("koi8-r"));
    let (mut recovery, ..) = open(state.path());
    recovery.max_copied = 1;
    fixture.type_at_start("Да, ");
    keep(&mut recovery, &fixture.workspace);
    drop(recovery);
    let (_recovery, found, _left) = open(state.path());
    let mut workspace = Workspace::new("/p".into(), fixture.fs.clone());
    let opened = workspace.open_blocking(Path::new(FILE)).unwrap();
    assert_ne!(
        workspace.buffer(opened).unwrap().text().to_string(),
        "мир\n"
    );
    let file = found[0].load_file(&*fixture.fs, EncodingChoice::default());
    assert_eq!(workspace.restore([(found[0].clone(), file)]), [opened]);
    let text = workspace.buffer(opened).unwrap().text().to_string();
    assert_eq!(text, "Да, мир\n");
}

#[test]
fn text_without_a_file_keeps_its_format() {
    let state = tempfile::tempdir().unwrap();
    let mut fixture = Fixture::new("");
    let (mut recovery, ..) = open(state.path());
    let utf16 = TextFormat::new(TextEncoding::UTF_16LE, true, LineEnding::CrLf);
    let id = fixture.workspace.new_untitled_in(utf16.clone());
    fixture.workspace.replace_text(id, "draft\n").unwrap();
    keep(&mut recovery, &fixture.workspace);
    drop(recovery);
    let (mut workspace, id) = only(&fixture.fs, state.path());
    assert_eq!(*workspace.buffer(id).unwrap().format(), utf16);
    let path = Path::new("/p/new.txt");
    let result = workspace.save_as_job(id, path, false).unwrap().run();
    workspace.save_finished(id, result).unwrap();
    assert_eq!(
        fixture.fs.content(path).unwrap(),
        fs::encode("draft\n", &utf16).unwrap()
    );
}

#[test]
fn an_encoding_that_was_chosen_for_a_text_without_a_file_stays_chosen() {
    for encoding in [TextEncoding::UTF_16LE, TextEncoding::UTF_8] {
        let state = tempfile::tempdir().unwrap();
        let mut fixture = Fixture::new("");
        let (mut recovery, ..) = open(state.path());
        let id = fixture.workspace.new_untitled();
        fixture.workspace.replace_text(id, "draft\n").unwrap();
        keep(&mut recovery, &fixture.workspace);
        fixture.workspace.choose_encoding(id, encoding, false);
        keep(&mut recovery, &fixture.workspace);
        drop(recovery);
        let (workspace, id) = only(&fixture.fs, state.path());
        let buffer = workspace.buffer(id).unwrap();
        assert_eq!(buffer.format().encoding, encoding);
        assert!(buffer.is_encoding_chosen());
    }
}

#[test]
fn a_format_that_was_changed_and_not_saved_comes_back() {
    for max_copied in [usize::MAX, 1] {
        let state = tempfile::tempdir().unwrap();
        let mut fixture = Fixture::new("one\ntwo\n");
        let (mut recovery, ..) = open(state.path());
        recovery.max_copied = max_copied;
        let windows = TextFormat::new(TextEncoding::UTF_8, true, LineEnding::CrLf);
        fixture.workspace.set_format(fixture.id, windows.clone());
        assert!(keep(&mut recovery, &fixture.workspace), "it is unsaved");
        drop(recovery);
        let (mut workspace, id) = only(&fixture.fs, state.path());
        let buffer = workspace.buffer(id).unwrap();
        assert_eq!((buffer.format(), buffer.is_dirty()), (&windows, true));
        workspace.save_blocking(id).unwrap();
        assert_eq!(fixture.on_disk(), "\u{FEFF}one\r\ntwo\r\n");
    }
}

#[test]
fn lines_of_a_file_that_mixes_their_ends_keep_them_though_the_file_is_gone() {
    for (max_copied, gone) in [(usize::MAX, true), (usize::MAX, false), (1, false)] {
        let state = tempfile::tempdir().unwrap();
        let mut fixture = Fixture::new("one\r\ntwo\nthree\r\nfour\r\n");
        let (mut recovery, ..) = open(state.path());
        recovery.max_copied = max_copied;
        fixture.type_at(4, "and ");
        keep(&mut recovery, &fixture.workspace);
        drop(recovery);
        if gone {
            fixture.fs.remove(Path::new(FILE)).unwrap();
        }
        let (mut workspace, id) = only(&fixture.fs, state.path());
        workspace.save_blocking(id).unwrap();
        assert_eq!(fixture.on_disk(), "one\r\nand two\nthree\r\nfour\r\n");
        workspace.undo(id);
        workspace.save_blocking(id).unwrap();
        if !gone {
            assert_eq!(fixture.on_disk(), "one\r\ntwo\nthree\r\nfour\r\n");
        }
    }
}

#[test]
fn what_an_older_version_kept_comes_back() {
    let state = tempfile::tempdir().unwrap();
    let mut fixture = Fixture::new("one\n");
    let (mut recovery, ..) = open(state.path());
    fixture.type_at_start("x");
    keep(&mut recovery, &fixture.workspace);
    fixture.type_at(1, "y");
    keep(&mut recovery, &fixture.workspace);
    drop(recovery);
    let entries: Vec<(PathBuf, u64)> = kept_files(state.path(), "entry");
    let bytes = std::fs::read(&entries[0].0).unwrap();
    let end = bytes.iter().position(|byte| *byte == b'\n').unwrap();
    let now: serde_json::Value = serde_json::from_slice(&bytes[..end]).unwrap();
    let older = serde_json::json!({
        "kiln_recovery": 2,
        "path": now["path"],
        "base": now["base"],
        "version": now["version"],
        "undo": now["undo"],
        "from_file": false,
    });
    let older = [older.to_string().as_bytes(), &bytes[end..]].concat();
    std::fs::write(&entries[0].0, older).unwrap();
    let (mut workspace, id) = only(&fixture.fs, state.path());
    assert_eq!(*workspace.buffer(id).unwrap().text(), "xyone\n");
    while workspace.undo(id).is_some() {}
    assert!(!workspace.buffer(id).unwrap().is_dirty());
}

#[test]
fn a_file_that_another_program_changed_is_not_read_in_the_encoding_from_before() {
    let state = tempfile::tempdir().unwrap();
    // Found to be Western European, which nobody chose.
    let mut fixture = Fixture::with_bytes(b"Stra\xDFe f\xFCr Fu\xDFg\xE4nger\n");
    let (mut recovery, ..) = open(state.path());
    fixture.type_at_start("x");
    keep(&mut recovery, &fixture.workspace);
    drop(recovery);
    fixture.fs.insert(FILE, "Straße für alle\n".as_bytes());
    let (workspace, id) = only(&fixture.fs, state.path());
    let theirs = workspace.buffer(id).unwrap().text_on_disk().unwrap();
    assert_eq!(*theirs, "Straße für alle\n");
}

#[test]
fn typing_that_goes_on_while_a_large_file_is_saved_comes_back_on_top_of_what_was_saved() {
    let state = tempfile::tempdir().unwrap();
    let mut fixture = Fixture::new("one\n");
    let (mut recovery, ..) = open(state.path());
    recovery.max_copied = 1;
    fixture.type_at_start("saved ");
    keep(&mut recovery, &fixture.workspace);
    let job = fixture.workspace.save_job(fixture.id).unwrap();
    let text = fixture.workspace.buffer(fixture.id).unwrap().text().clone();
    let typed = editing::insert_text(&text, &Selections::caret(6), "later ");
    fixture.workspace.edit(fixture.id, typed).unwrap();
    keep(&mut recovery, &fixture.workspace);
    // The file is written, and the program ends before it knows that.
    job.run().unwrap();
    drop(recovery);
    let (mut workspace, id) = only(&fixture.fs, state.path());
    let buffer = workspace.buffer(id).unwrap();
    assert_eq!(*buffer.text(), "saved later one\n");
    assert_eq!(buffer.path(), Some(Path::new(FILE)));
    workspace.undo(id);
    assert_eq!(*workspace.buffer(id).unwrap().text(), "saved one\n");
}

#[cfg(unix)]
#[test]
fn a_file_whose_name_is_not_unicode_comes_back_as_what_it_is() {
    use std::os::unix::ffi::OsStrExt as _;
    let path = Path::new(std::ffi::OsStr::from_bytes(b"/p/caf\xe9.txt"));
    for max_copied in [usize::MAX, 1] {
        let state = tempfile::tempdir().unwrap();
        let fs = Arc::new(FakeFs::new());
        fs.insert(path, b"one\n");
        let mut workspace = Workspace::new("/p".into(), fs.clone());
        let id = workspace.open_blocking(path).unwrap();
        let (mut recovery, ..) = open(state.path());
        recovery.max_copied = max_copied;
        workspace.replace_text(id, "one\ntwo\n").unwrap();
        keep(&mut recovery, &workspace);
        drop((recovery, workspace));
        let (mut workspace, id) = only(&fs, state.path());
        let buffer = workspace.buffer(id).unwrap();
        assert_eq!(buffer.path(), Some(path));
        assert_eq!(*buffer.text(), "one\ntwo\n");
        workspace.save_blocking(id).unwrap();
        assert_eq!(fs.content(path).unwrap(), b"one\ntwo\n");
    }
}
