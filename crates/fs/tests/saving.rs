//! A save is all old or all new, and keeps what a file is besides its content.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use std::fs::{self, Permissions};
use std::path::{Path, PathBuf};
use std::sync::Arc;

// The crate shares its name with the standard library's module.
use ::fs::{Content, Fs, FsError, RealFs, SaveCall, SaveFaults};
use test_support::left_out;

#[cfg(unix)]
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

/// Error numbers of the system: a full disk, a broken one, no permission.
#[cfg(unix)]
const ERRORS: [i32; 3] = [28, 5, 13];

#[cfg(unix)]
fn disk(faults: SaveFaults) -> (RealFs, Arc<SaveFaults>) {
    let faults = Arc::new(faults);
    (RealFs::with_faults(faults.clone()), faults)
}

fn folder_with(name: &str, text: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, text).unwrap();
    (folder, path)
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn a_save_replaces_the_content_and_leaves_nothing_else() {
    let (folder, path) = folder_with("a.txt", "old");
    RealFs::new().write_atomic(&path, b"new content").unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "new content");
    RealFs::new().write_atomic(&path, b"").unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "");
    assert_eq!(names(folder.path()), ["a.txt"]);
}

#[test]
fn a_new_file_is_created_with_the_usual_mode() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new.txt");
    RealFs::new().write_atomic(&path, b"x").unwrap();
    let usual = folder.path().join("usual.txt");
    fs::write(&usual, "x").unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions();
    assert_eq!(mode(&path), mode(&usual));
}

struct Whole<'a>(&'a [u8]);

impl Content for Whole<'_> {
    fn write_to(&self, sink: &mut dyn std::io::Write) -> std::io::Result<()> {
        sink.write_all(self.0)
    }
}

/// What may stand in the way of a save, and what a file may be.
#[cfg(unix)]
#[derive(Clone, Copy, Debug)]
enum Target {
    New,
    Plain,
    Link,
    HardLink,
    Attributes,
    /// Saved as the agent does: below a folder, with no link followed.
    Beneath,
}

#[cfg(unix)]
impl Target {
    const ALL: [Self; 6] = [
        Self::New,
        Self::Plain,
        Self::Link,
        Self::HardLink,
        Self::Attributes,
        Self::Beneath,
    ];

    fn write(self, disk: &RealFs, path: &Path, content: &[u8]) -> Result<(), FsError> {
        match (self, path.parent(), path.file_name()) {
            (Self::Beneath, Some(folder), Some(name)) => {
                disk.write_beneath(folder, Path::new(name), &Whole(content))
            }
            _ => disk.write_atomic(path, content),
        }
    }

    /// A folder with the file in it; the path to save to and the one to look at.
    fn set_up(self, old: &[u8]) -> (tempfile::TempDir, PathBuf, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        if !matches!(self, Self::New) {
            fs::write(&path, old).unwrap();
        }
        let mut saved = path.clone();
        match self {
            Self::Link => {
                saved = folder.path().join("link");
                symlink("a.txt", &saved).unwrap();
            }
            Self::HardLink => fs::hard_link(&path, folder.path().join("other")).unwrap(),
            #[cfg(target_os = "linux")]
            Self::Attributes => {
                use rustix::fs::{XattrFlags, setxattr};
                // Where the file system has none, the file is a plain one.
                setxattr(&path, "user.kiln.test", b"value", XattrFlags::empty()).ok();
            }
            _ => {}
        }
        (folder, saved, path)
    }
}

/// For every number of a call: that call fails, or it and all after it. The file is all old or all
/// new each time, and an error says so.
#[cfg(unix)]
#[test]
fn whichever_call_fails_the_file_is_all_old_or_all_new() {
    let old = b"old content ".repeat(60_000);
    let mut cases = 0;
    for new in [b"new ".repeat(250_000), b"short".to_vec()] {
        for target in Target::ALL {
            let (_folder, path, _) = target.set_up(&old);
            let (counting, counted) = disk(SaveFaults::none());
            target.write(&counting, &path, &new).unwrap();
            let calls = counted.made();
            assert!(calls >= 5, "{target:?} {calls}");
            for number in 0..calls {
                for error in ERRORS {
                    for faults in [
                        SaveFaults::only(number, error),
                        SaveFaults::from(number, error),
                    ] {
                        cases += 1;
                        fails_safely(target, &old, &new, faults);
                    }
                }
            }
        }
    }
    assert!(cases > 500, "{cases}");
}

#[cfg(unix)]
fn fails_safely(target: Target, old: &[u8], new: &[u8], faults: SaveFaults) {
    let (folder, saved, path) = target.set_up(old);
    let what = format!("{target:?} {faults:?}");
    let (disk, _) = disk(faults);
    let result = target.write(&disk, &saved, new);
    let content = fs::read(&path).ok();
    let is_new = content.as_deref() == Some(new);
    let is_old = match target {
        Target::New => content.is_none(),
        _ => content.as_deref() == Some(old),
    };
    match result {
        Ok(()) => assert!(is_new, "{what}"),
        // The disk is gone in the middle of a file with several names: the one case in which the
        // old content is elsewhere, and the message says where.
        Err(FsError::OverwriteFailed { backup, .. }) => {
            assert!(matches!(target, Target::HardLink), "{what}");
            assert!(fs::read(&backup).unwrap() == old, "{what}");
            let listed = RealFs::new().read_dir(folder.path()).unwrap();
            let is_shown = listed.iter().any(|entry| entry.path == backup);
            assert!(is_shown, "{what}: it is seen in the tree");
            return;
        }
        Err(error) => {
            assert!(is_old || is_new, "{what}");
            assert!(!error.to_string().is_empty());
        }
    }
    let left = names(folder.path());
    assert!(
        left.iter().all(|name| !name.ends_with(".kiln-tmp")),
        "{what}: {left:?}"
    );
}

#[cfg(unix)]
#[test]
fn a_full_disk_is_named_as_such() {
    let (_folder, path) = folder_with("a.txt", "old");
    let (disk, _) = disk(SaveFaults::each(SaveCall::WriteTemporary, ERRORS[0]));
    let error = disk.write_atomic(&path, b"new").unwrap_err();
    assert!(matches!(error, FsError::NoSpace { .. }), "{error:?}");
    assert!(error.to_string().contains("nothing was changed"));
}

#[cfg(unix)]
#[test]
fn mode_and_owner_are_kept() {
    let (_folder, path) = folder_with("run.sh", "#!/bin/sh\n");
    fs::set_permissions(&path, Permissions::from_mode(0o6750)).unwrap();
    let owner = if is_root() {
        (1234, 2345)
    } else {
        owner_of(&path)
    };
    if is_root() {
        std::os::unix::fs::chown(&path, Some(owner.0), Some(owner.1)).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o6750)).unwrap();
    }
    RealFs::new().write_atomic(&path, b"#!/bin/bash\n").unwrap();
    assert_eq!(fs::metadata(&path).unwrap().mode() & 0o7777, 0o6750);
    assert_eq!(owner_of(&path), owner);
}

#[cfg(target_os = "linux")]
#[test]
fn extended_attributes_are_kept() {
    use rustix::fs::{XattrFlags, getxattr, setxattr};
    let (_folder, path) = folder_with("a.txt", "old");
    if setxattr(&path, "user.kiln.test", b"value", XattrFlags::empty()).is_err() {
        left_out(
            "extended_attributes_are_kept",
            "the temporary folder has no attributes",
        );
        return;
    }
    setxattr(&path, "user.kiln.empty", b"", XattrFlags::empty()).unwrap();
    RealFs::new().write_atomic(&path, b"new").unwrap();
    let mut value = [0; 16];
    let size = getxattr(&path, "user.kiln.test", &mut value).unwrap();
    assert_eq!(&value[..size], b"value");
    assert_eq!(getxattr(&path, "user.kiln.empty", &mut value).unwrap(), 0);
}

#[cfg(unix)]
#[test]
fn a_link_is_followed_not_replaced() {
    let (folder, target) = folder_with("target.txt", "old");
    fs::create_dir(folder.path().join("links")).unwrap();
    let link = folder.path().join("links/link.txt");
    symlink("../chain.txt", &link).unwrap();
    symlink("target.txt", folder.path().join("chain.txt")).unwrap();
    RealFs::new().write_atomic(&link, b"new").unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert!(
        fs::symlink_metadata(folder.path().join("chain.txt"))
            .unwrap()
            .is_symlink()
    );
    assert_eq!(fs::read_to_string(target).unwrap(), "new");
}

#[cfg(unix)]
#[test]
fn a_dangling_link_gets_its_target_and_a_circle_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let link = folder.path().join("link.txt");
    symlink("missing.txt", &link).unwrap();
    RealFs::new().write_atomic(&link, b"new").unwrap();
    assert_eq!(
        fs::read_to_string(folder.path().join("missing.txt")).unwrap(),
        "new"
    );
    let circle = folder.path().join("circle");
    symlink("circle", &circle).unwrap();
    let error = RealFs::new().write_atomic(&circle, b"new").unwrap_err();
    assert!(error.to_string().contains("circle"), "{error}");
}

#[cfg(unix)]
#[test]
fn all_names_of_a_file_with_several_show_the_new_content() {
    let (folder, path) = folder_with("a.txt", "old content that is longer");
    let other = folder.path().join("other name.txt");
    fs::hard_link(&path, &other).unwrap();
    for text in ["short", "and now longer than it ever was before"] {
        RealFs::new().write_atomic(&path, text.as_bytes()).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
        assert_eq!(fs::read_to_string(&other).unwrap(), text);
    }
    assert_eq!(fs::metadata(&path).unwrap().nlink(), 2);
    assert_eq!(names(folder.path()), ["a.txt", "other name.txt"]);
}

/// Overwriting a file with several names is cut off half way, as by `kill -9`: what is beside it
/// then puts the old content back when it is next opened.
#[cfg(unix)]
#[test]
fn what_was_cut_off_while_overwriting_in_place_is_put_back() {
    let page = |letter: u8| vec![letter; 4096];
    let old: Vec<u8> = [page(b'a'), page(b'b'), page(b'c'), b"old end".to_vec()].concat();
    for new in [
        [page(b'1'), page(b'2'), b"new".to_vec()].concat(),
        [
            page(b'1'),
            page(b'2'),
            page(b'3'),
            page(b'4'),
            b"new".to_vec(),
        ]
        .concat(),
    ] {
        for written in [0, 1, 4000, 4096, 5000, 8192, new.len()] {
            let (folder, path) = folder_with("a.txt", "");
            fs::write(&path, &old).unwrap();
            fs::hard_link(&path, folder.path().join("other")).unwrap();
            fs::write(folder.path().join(".a.txt.Ab3dE9.kiln-tmp"), &new).unwrap();
            fs::write(folder.path().join(".a.txt.old-Ab3dE9.kiln-tmp"), &old).unwrap();
            let mut torn = new[..written].to_vec();
            torn.extend_from_slice(old.get(written..).unwrap_or_default());
            fs::write(&path, &torn).unwrap();
            let file = ::fs::load(&RealFs::new(), &path).unwrap();
            let expected = if torn == new { &new } else { &old };
            assert!(fs::read(&path).unwrap() == *expected, "{written}");
            assert_eq!(file.text.to_string().as_bytes(), expected);
            assert_eq!(names(folder.path()), ["a.txt", "other"], "{written}");
            assert_eq!(file.notes.is_empty(), torn == new || torn == old);
        }
    }
}

#[cfg(unix)]
#[test]
fn a_file_that_somebody_else_wrote_to_since_is_left_alone() {
    let (folder, path) = folder_with("a.txt", "somebody else's text");
    fs::hard_link(&path, folder.path().join("other")).unwrap();
    fs::write(folder.path().join(".a.txt.Ab3dE9.kiln-tmp"), "new").unwrap();
    fs::write(folder.path().join(".a.txt.old-Ab3dE9.kiln-tmp"), "old").unwrap();
    ::fs::load(&RealFs::new(), &path).unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "somebody else's text");
    assert_eq!(names(folder.path()).len(), 4);
}

#[cfg(unix)]
#[test]
fn read_only_files_folders_and_pipes_are_refused() {
    let (folder, path) = folder_with("a.txt", "old");
    fs::set_permissions(&path, Permissions::from_mode(0o444)).unwrap();
    let error = RealFs::new().write_atomic(&path, b"new").unwrap_err();
    assert!(matches!(error, FsError::ReadOnly { .. }), "{error:?}");
    assert_eq!(fs::read_to_string(&path).unwrap(), "old");

    let error = RealFs::new()
        .write_atomic(folder.path(), b"new")
        .unwrap_err();
    assert!(matches!(error, FsError::IsDirectory { .. }), "{error:?}");

    let pipe = folder.path().join("pipe");
    make_pipe(&pipe);
    let error = RealFs::new().write_atomic(&pipe, b"new").unwrap_err();
    assert!(matches!(error, FsError::NotAFile { .. }), "{error:?}");
    let error = RealFs::new().read(&pipe, 10).unwrap_err();
    assert!(matches!(error, FsError::NotAFile { .. }), "{error:?}");

    let error = RealFs::new()
        .write_atomic(&folder.path().join("no/such/a.txt"), b"x")
        .unwrap_err();
    assert!(matches!(error, FsError::NotFound { .. }), "{error:?}");
    assert!(
        error.to_string().contains("no/such does not exist"),
        "{error}"
    );
}

#[cfg(unix)]
#[test]
fn a_folder_that_takes_no_new_file_keeps_the_old_one() {
    let (folder, path) = folder_with("a.txt", "old");
    if is_root() {
        // Root may write anywhere, so what the system would say is injected.
        left_out(
            "a_folder_that_takes_no_new_file_keeps_the_old_one",
            "runs as root, for whom no folder is read-only; the error is injected instead",
        );
        let (disk, _) = disk(SaveFaults::each(SaveCall::CreateTemporary, ERRORS[2]));
        let error = disk.write_atomic(&path, b"new").unwrap_err();
        assert!(matches!(error, FsError::FolderRefuses { .. }), "{error:?}");
    } else {
        fs::set_permissions(folder.path(), Permissions::from_mode(0o555)).unwrap();
        let error = RealFs::new().write_atomic(&path, b"new").unwrap_err();
        fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
        assert!(matches!(error, FsError::FolderRefuses { .. }), "{error:?}");
    }
    assert_eq!(fs::read_to_string(&path).unwrap(), "old");
}

#[test]
fn what_refuses_a_save_is_told_apart() {
    use std::io::ErrorKind;
    let path = std::path::Path::new("/work/a.txt");
    let says = |action, kind: ErrorKind| FsError::from_io(action, path, kind.into()).to_string();
    let file_system = says("write", ErrorKind::ReadOnlyFilesystem);
    assert!(
        file_system.contains("file system is read-only"),
        "{file_system}"
    );
    let full = says("write", ErrorKind::StorageFull);
    assert!(full.contains("no space left"), "{full}");
    let folder = says("create", ErrorKind::PermissionDenied);
    assert!(folder.ends_with("of the folder that it is in"), "{folder}");
    let file = says("read", ErrorKind::PermissionDenied);
    assert!(file.ends_with("of the file and its folder"), "{file}");
}

#[test]
fn a_name_of_the_greatest_length_can_be_saved() {
    let (folder, path) = folder_with(&"n".repeat(255), "old");
    RealFs::new().write_atomic(&path, b"new").unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "new");
    assert_eq!(names(folder.path()).len(), 1);
}

#[test]
fn what_a_killed_save_left_goes_with_a_later_save_of_the_same_file() {
    let (folder, path) = folder_with("a.txt", "old");
    let leave = |name: &str| fs::write(folder.path().join(name), "left").unwrap();
    leave(".a.txt.Ab3dE9.kiln-tmp");
    let running = ".a.txt.Ab3dE8.kiln-tmp";
    let stays = [
        // Of a save that still runs.
        running,
        // The only copy of an old content, and the new content that tells what of the file is whose.
        ".a.txt.old-Ab3dE7.kiln-tmp",
        ".a.txt.Ab3dE7.kiln-tmp",
        // Other files', or nobody's.
        ".b.txt.Ab3dE9.kiln-tmp",
        ".a.txt.mine.kiln-tmp",
        ".a.txt.Ab-dE9.kiln-tmp",
        "a.txt.Ab3dE9.kiln-tmp",
    ];
    stays.iter().for_each(|name| leave(name));
    let held = fs::File::open(folder.path().join(running)).unwrap();
    held.try_lock().unwrap();
    RealFs::new().write_atomic(&path, b"new").unwrap();
    let mut expected = vec!["a.txt".to_owned()];
    expected.extend(stays.iter().map(|name| (*name).to_owned()));
    expected.sort();
    let mut left = names(folder.path());
    left.sort();
    assert_eq!(left, expected);
}

#[cfg(unix)]
fn owner_of(path: &Path) -> (u32, u32) {
    let metadata = fs::metadata(path).unwrap();
    (metadata.uid(), metadata.gid())
}

#[cfg(unix)]
fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

#[cfg(unix)]
fn make_pipe(path: &Path) {
    use rustix::fs::{CWD, FileType, Mode, mknodat};
    mknodat(CWD, path, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
}
