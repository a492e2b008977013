//! Making, moving and removing files below a folder, past links that were put in the way.
#![allow(missing_docs, clippy::expect_used, clippy::unwrap_used)]
#![cfg(unix)]

use std::path::{Path, PathBuf};

use fs::{FakeFs, Fs, FsError, RealFs};

/// A folder with a file and a link that leads out of it, and what lies outside.
fn on_disk() -> (tempfile::TempDir, PathBuf) {
    let scratch = tempfile::tempdir().unwrap();
    let base = scratch.path().canonicalize().unwrap();
    let root = base.join("project");
    for folder in [root.join("src"), base.join("outside")] {
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("a.txt"), "a").unwrap();
    }
    std::os::unix::fs::symlink(base.join("outside"), root.join("link")).unwrap();
    (scratch, root)
}

fn made_moved_and_removed(disk: &dyn Fs, root: &Path) {
    let path = Path::new;
    disk.create_file_beneath(root, path("new/deep/b.txt"))
        .unwrap();
    assert!(disk.exists(&root.join("new/deep/b.txt")));
    let taken = disk.create_file_beneath(root, path("src/a.txt"));
    assert!(
        matches!(taken, Err(FsError::AlreadyExists { .. })),
        "{taken:?}"
    );
    let taken = disk.rename_beneath(root, path("new/deep/b.txt"), path("src/a.txt"));
    assert!(
        matches!(taken, Err(FsError::AlreadyExists { .. })),
        "{taken:?}"
    );
    disk.rename_beneath(root, path("src/a.txt"), path("other/c.txt"))
        .unwrap();
    assert!(!disk.exists(&root.join("src/a.txt")) && disk.exists(&root.join("other/c.txt")));
    let full = disk.remove_beneath(root, path("new"), false);
    assert!(matches!(full, Err(FsError::NotEmpty { .. })), "{full:?}");
    disk.remove_beneath(root, path("new"), true).unwrap();
    disk.remove_beneath(root, path("other/c.txt"), false)
        .unwrap();
    assert!(!disk.exists(&root.join("new")) && !disk.exists(&root.join("other/c.txt")));
    for through in [
        disk.create_file_beneath(root, path("link/b.txt")),
        disk.rename_beneath(root, path("link/a.txt"), path("b.txt")),
        disk.rename_beneath(root, path("src"), path("link/src")),
        disk.remove_beneath(root, path("link/a.txt"), true),
    ] {
        assert!(
            matches!(through, Err(FsError::ThroughLink { .. })),
            "{through:?}"
        );
    }
    assert!(disk.remove_beneath(root, path("../outside"), true).is_err());
    let outside = root.parent().unwrap().join("outside/a.txt");
    assert!(disk.exists(&outside), "what the link leads to is as it was");
    disk.remove_beneath(root, path("link"), true).unwrap();
    assert!(disk.exists(&outside), "a link goes alone");
}

#[test]
fn nothing_is_done_through_a_link_on_the_disk() {
    let (_scratch, root) = on_disk();
    made_moved_and_removed(&RealFs::new(), &root);
}

#[test]
fn nothing_is_done_through_a_link_in_the_fake() {
    let disk = FakeFs::with_files([
        ("/base/project/src/a.txt", "a"),
        ("/base/outside/a.txt", "a"),
    ]);
    disk.insert_link("/base/project/link", "/base/outside");
    made_moved_and_removed(&disk, Path::new("/base/project"));
}

#[test]
fn folders_are_made_and_no_link_is_followed_to_them() {
    let (_scratch, root) = on_disk();
    let path = Path::new;
    let fake = FakeFs::with_files([("/project/src/a.txt", "a"), ("/outside/a.txt", "a")]);
    fake.insert_link("/project/link", "/outside");
    let disks: [(&dyn Fs, &Path); 2] = [(&RealFs::new(), &root), (&fake, path("/project"))];
    for (disk, root) in disks {
        disk.create_dir_beneath(root, path("new/deep")).unwrap();
        assert!(disk.metadata(&root.join("new/deep")).unwrap().is_dir);
        let taken = disk.create_dir_beneath(root, path("src"));
        assert!(
            matches!(taken, Err(FsError::AlreadyExists { .. })),
            "{taken:?}"
        );
        let through = disk.create_dir_beneath(root, path("link/new"));
        assert!(
            matches!(through, Err(FsError::ThroughLink { .. })),
            "{through:?}"
        );
    }
}

#[cfg(target_os = "linux")]
#[test]
fn modes_are_read_and_set_and_no_link_is_followed_to_them() {
    use std::os::unix::fs::PermissionsExt as _;
    let (_scratch, root) = on_disk();
    let (disk, path) = (RealFs::new(), Path::new);
    let outside = root.parent().unwrap().join("outside/a.txt");
    let now = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o7777;
    let was = now(&outside);
    for (name, mode) in [("src/a.txt", 0o750), ("src", 0o1711)] {
        disk.set_mode_beneath(&root, path(name), mode).unwrap();
        assert_eq!(now(&root.join(name)), mode, "{name}");
        let read = disk.mode_beneath(&root, path(name)).unwrap();
        assert_eq!(read, Some(mode), "{name}");
    }
    for through in [
        disk.set_mode_beneath(&root, path("link/a.txt"), 0o600),
        disk.mode_beneath(&root, path("link")).map(drop),
    ] {
        assert!(
            matches!(through, Err(FsError::ThroughLink { .. })),
            "{through:?}"
        );
    }
    assert_eq!(now(&outside), was);
}
