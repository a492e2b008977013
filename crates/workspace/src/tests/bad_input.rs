use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use editor_core::{ChangeSet, Selections, editing};
use fs::{FakeFs, Fs, LoadError, RealFs};

use super::{FILE, Fixture};
use crate::{EditError, SaveError, Workspace};

#[test]
fn an_empty_file_opens_and_is_edited() {
    let mut fixture = Fixture::new("");
    assert_eq!(fixture.text(), "");
    fixture.type_at_start("x");
    fixture.workspace.save_blocking(fixture.id).unwrap();
    assert_eq!(fixture.on_disk(), "x");
}

#[test]
fn bytes_of_an_old_encoding_come_back_on_save() {
    let mut fixture = Fixture::with_bytes(b"caf\xe9 cr\xe8me\nna\xefve \xfcber\n");
    assert_eq!(fixture.text(), "café crème\nnaïve über\n");
    fixture.type_at_start("x");
    fixture.workspace.save_blocking(fixture.id).unwrap();
    assert_eq!(
        fixture.fs.content(FILE).unwrap(),
        b"xcaf\xe9 cr\xe8me\nna\xefve \xfcber\n"
    );
}

#[test]
fn a_character_that_the_encoding_lacks_is_reported_and_nothing_is_written() {
    let before = b"caf\xe9 cr\xe8me\nna\xefve \xfcber\n";
    let mut fixture = Fixture::with_bytes(before);
    fixture.type_at_start("日");
    let error = fixture.workspace.save_blocking(fixture.id).unwrap_err();
    assert!(error.to_string().contains("UTF-8"), "{error}");
    assert_eq!(fixture.fs.content(FILE).unwrap(), before);
    assert!(fixture.is_dirty());
}

#[test]
fn line_endings_bom_and_a_missing_final_newline_are_kept() {
    let mut fixture = Fixture::with_bytes(b"\xef\xbb\xbfone\r\ntwo");
    assert_eq!(fixture.text(), "one\ntwo");
    fixture.type_at(3, "\nand");
    fixture.workspace.save_blocking(fixture.id).unwrap();
    assert_eq!(
        fixture.fs.content(FILE).unwrap(),
        b"\xef\xbb\xbfone\r\nand\r\ntwo"
    );
}

#[test]
fn mixed_line_endings_stay_on_the_lines_that_had_them() {
    let mut fixture = Fixture::with_bytes(b"one\r\ntwo\nthree\r\n");
    let format = fixture.workspace.buffer(fixture.id).unwrap().format();
    assert_eq!(format.line_ending_name(), "CRLF, mixed");
    fixture.type_at(4, "x");
    fixture.workspace.save_blocking(fixture.id).unwrap();
    assert_eq!(fixture.fs.content(FILE).unwrap(), b"one\r\nxtwo\nthree\r\n");
}

#[test]
fn a_binary_file_is_refused_with_a_message() {
    let fs = Arc::new(FakeFs::new());
    fs.insert("/p/a.bin", b"\x7fELF\0\0\x01\x02\0\xff");
    let mut workspace = Workspace::new("/p".into(), fs);
    let error = workspace.open_blocking(Path::new("a.bin")).unwrap_err();
    assert!(matches!(error, LoadError::Binary { .. }));
    assert!(error.to_string().contains("binary"));
    assert_eq!(workspace.buffers().count(), 0);
}

#[test]
fn a_missing_file_and_a_folder_are_refused() {
    let fs = Arc::new(FakeFs::with_files([("/p/a/b", "")]));
    let mut workspace = Workspace::new("/p".into(), fs);
    assert!(matches!(
        workspace.open_blocking(Path::new("gone")),
        Err(LoadError::NotFound { .. })
    ));
    assert!(matches!(
        workspace.open_blocking(Path::new("a")),
        Err(LoadError::IsDirectory { .. })
    ));
}

#[test]
fn a_read_only_file_is_shown_and_not_edited() {
    let mut fixture = Fixture::new("one\n");
    fixture.fs.set_read_only(FILE, true);
    fixture.tell();
    let text = fixture.workspace.buffer(fixture.id).unwrap().text().clone();
    let edit = editing::insert_text(&text, &Selections::caret(0), "x");
    let error = fixture.workspace.edit(fixture.id, edit).unwrap_err();
    assert!(matches!(&error, EditError::ReadOnly { name } if name == "a.txt"));
    assert_eq!(fixture.text(), "one\n");
    fixture.fs.set_read_only(FILE, false);
    fixture.tell();
    fixture.type_at_start("x");
}

#[test]
fn a_file_on_a_disk_that_is_mounted_read_only_says_so_until_that_ends() {
    let mut fixture = Fixture::new("one\n");
    let told = |fixture: &Fixture| {
        let buffer = fixture.workspace.buffer(fixture.id).unwrap();
        (buffer.is_read_only(), buffer.is_on_read_only_disk())
    };
    fixture.fs.set_read_only(FILE, true);
    fixture.tell();
    assert_eq!(told(&fixture), (true, false));
    fixture.fs.set_read_only_disk(true);
    fixture.tell();
    assert_eq!(told(&fixture), (true, true));
    fixture.fs.set_read_only_disk(false);
    fixture.fs.set_read_only(FILE, false);
    fixture.tell();
    assert_eq!(told(&fixture), (false, false));
}

#[test]
fn what_the_user_made_read_only_is_edited_by_nobody_and_can_be_saved() {
    let mut fixture = Fixture::new("one\n");
    fixture.type_at_start("x");
    fixture.workspace.set_locked(fixture.id, Some(true));
    assert!(fixture.workspace.buffer(fixture.id).unwrap().is_read_only());
    let text = fixture.text();
    let refused = fixture.workspace.replace_text(fixture.id, "two\n");
    let refused = refused.unwrap_err();
    assert!(matches!(&refused, EditError::Locked { name } if name == "a.txt"));
    assert!(refused.to_string().contains("the user made it read-only"));
    assert_eq!(fixture.workspace.undo(fixture.id), None);
    assert_eq!(fixture.text(), text);
    fixture.workspace.save_blocking(fixture.id).unwrap();
    assert_eq!(fixture.fs.content(Path::new(FILE)).unwrap(), b"xone\n");
    fixture.workspace.set_locked(fixture.id, None);
    fixture.type_at_start("y");
    assert_eq!(fixture.text(), "yxone\n");
}

#[test]
fn the_beginning_of_a_file_is_neither_edited_nor_saved_anywhere() {
    let mut fixture = Fixture::new("one\n");
    let id = fixture.workspace.add_beginning("first lines\n".into());
    let text = fixture.workspace.buffer(id).unwrap().text().clone();
    let edit = editing::insert_text(&text, &Selections::caret(0), "x");
    let refused = fixture.workspace.edit(id, edit).unwrap_err();
    assert_eq!(refused, EditError::StillBeingRead);
    let copy = Path::new("/project/copy.txt");
    for overwrite in [false, true] {
        let refused = fixture.workspace.save_as_job(id, copy, overwrite).err();
        assert!(
            matches!(refused, Some(SaveError::StillBeingRead)),
            "{refused:?}"
        );
    }
    let refused = fixture.workspace.save_blocking(id).unwrap_err();
    assert!(refused.to_string().contains("all of it is there"));
    assert!(!fixture.workspace.buffer(id).unwrap().is_dirty());
}

#[test]
fn a_file_that_became_read_only_while_it_was_edited_keeps_the_edits() {
    let mut fixture = Fixture::new("one\n");
    fixture.type_at_start("x");
    fixture.fs.set_read_only(FILE, true);
    fixture.tell();
    let error = fixture.workspace.save_blocking(fixture.id).unwrap_err();
    assert!(matches!(error, SaveError::ReadOnly { .. }), "{error}");
    assert_eq!(fixture.text(), "xone\n");
    let copy = Path::new("/p/copy.txt");
    let saved = fixture
        .workspace
        .save_as_job(fixture.id, copy, false)
        .unwrap()
        .run();
    fixture.workspace.save_finished(fixture.id, saved).unwrap();
    assert_eq!(fixture.fs.content(copy).unwrap(), b"xone\n");
    assert!(!fixture.workspace.buffer(fixture.id).unwrap().is_read_only());
}

#[test]
fn bytes_that_are_no_utf8_come_back_on_save() {
    let mut fixture = Fixture::with_bytes("grüße, 日本語のテキスト\n".repeat(20).as_bytes());
    let mut bytes = fixture.fs.content(FILE).unwrap();
    bytes.splice(9..9, *b"\xFF\x80");
    bytes.extend(b"\xE6\x97");
    fixture.fs.insert(FILE, &bytes);
    fixture.tell();
    let buffer = fixture.workspace.buffer(fixture.id).unwrap();
    assert!(!buffer.is_read_only());
    assert_eq!(buffer.stray_bytes(), 4);
    fixture.type_at_start("x");
    fixture.workspace.save_blocking(fixture.id).unwrap();
    assert_eq!(
        fixture.fs.content(FILE).unwrap(),
        [b"x", &bytes[..]].concat()
    );
    fixture.workspace.undo(fixture.id).unwrap();
    fixture.workspace.save_blocking(fixture.id).unwrap();
    assert_eq!(fixture.fs.content(FILE).unwrap(), bytes);
}

#[test]
fn damaged_text_of_another_encoding_is_shown_and_never_written_back() {
    let mut fixture = Fixture::with_bytes(b"\xFF\xFEa\0\x00\xD8b\0");
    assert!(fixture.workspace.buffer(fixture.id).unwrap().is_read_only());
    fixture.deleted_by_another();
    let error = fixture.workspace.save_blocking(fixture.id).unwrap_err();
    assert!(matches!(error, SaveError::ReadOnly { .. }));
}

#[test]
fn a_file_too_large_says_how_large_it_may_be() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("large.txt");
    std::fs::File::create(&path)
        .unwrap()
        .set_len(5_000_000_000)
        .unwrap();
    let mut workspace = Workspace::new(folder.path().into(), Arc::new(RealFs::new()));
    let error = workspace.open_blocking(&path).unwrap_err();
    assert!(matches!(error, LoadError::TooLarge { .. }));
    assert!(error.to_string().contains("5000 MB"), "{error}");
}

#[test]
fn a_large_file_is_edited_at_the_cost_of_the_edit() {
    let mut fixture = Fixture::new(&"a line of some length in a large file\n".repeat(1_000_000));
    let start = Instant::now();
    let mut opened = start.elapsed();
    for row in 0..1000 {
        fixture.type_at(row * 37_000, "x");
        opened = opened.max(start.elapsed());
    }
    // Copying 38 MB a thousand times takes minutes; this leaves room for any machine.
    assert!(opened.as_secs() < 20, "{opened:?}");
    fixture.workspace.undo(fixture.id).unwrap();
    assert!(fixture.is_dirty());
}

#[test]
fn on_a_real_disk_a_save_is_whole_and_keeps_the_mode() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run.sh");
    std::fs::write(&path, "#!/bin/sh\r\n").unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    let disk: Arc<dyn Fs> = Arc::new(RealFs::new());
    let mut workspace = Workspace::new(folder.path().into(), disk);
    let id = workspace.open_blocking(&path).unwrap();
    workspace
        .replace_text(id, "#!/bin/sh\necho hello\n")
        .unwrap();
    workspace.save_blocking(id).unwrap();
    assert_eq!(
        std::fs::read(&path).unwrap(),
        b"#!/bin/sh\r\necho hello\r\n"
    );
    let mode = std::fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o755);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn changes_of_several_buffers_are_made_together_or_not_at_all() {
    let mut workspace = Workspace::new("/p".into(), Arc::new(fs::FakeFs::new()));
    let (one, other) = (workspace.new_untitled(), workspace.new_untitled());
    let insert = |len: usize| ChangeSet::replacement(len, 0..0, "x").unwrap();
    let fits = [(one, insert(0)), (other, insert(0))];
    let stale = [(one, insert(0)), (other, insert(7))];
    assert!(matches!(
        workspace.edit_together(&stale),
        Err(EditError::Stale(_))
    ));
    assert!(workspace.buffer(one).unwrap().text().is_empty());
    workspace.edit_together(&fits).unwrap();
    for id in [one, other] {
        assert_eq!(*workspace.buffer(id).unwrap().text(), *"x");
        workspace.undo(id).unwrap();
        assert!(workspace.buffer(id).unwrap().text().is_empty());
    }
    workspace.close(other);
    assert_eq!(workspace.edit_together(&fits), Err(EditError::NoSuchBuffer));
    assert!(workspace.buffer(one).unwrap().text().is_empty());
}
