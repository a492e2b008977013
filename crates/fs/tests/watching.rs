//! Changes by other programs are noticed, and only where somebody looks.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs as disk;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use ::fs::{Fs, FsChange, FsEvent, RealFs, Watcher};

/// How long a test waits for what must come.
const PATIENCE: Duration = Duration::from_secs(20);

struct Project {
    folder: tempfile::TempDir,
    watcher: Watcher,
    events: async_channel::Receiver<FsEvent>,
}

impl Project {
    fn new(files: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for path in files {
            let path = folder.path().join(path);
            disk::create_dir_all(path.parent().unwrap()).unwrap();
            disk::write(path, "old").unwrap();
        }
        let watcher = Watcher::new(folder.path()).unwrap();
        let events = watcher.events();
        Self {
            folder,
            watcher,
            events,
        }
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// Everything reported until the file `end` appears, which this creates. Events keep their
    /// order, so nothing that happened before is missing then.
    fn changes(&self, end: &str) -> BTreeMap<String, FsChange> {
        disk::write(self.path(end), "").unwrap();
        let started = Instant::now();
        let mut changes = BTreeMap::new();
        while started.elapsed() < PATIENCE {
            let Ok(event) = self.events.try_recv() else {
                std::thread::yield_now();
                continue;
            };
            for path in event.paths {
                let name = path.strip_prefix(self.folder.path()).unwrap_or(&path);
                changes.insert(name.to_string_lossy().into_owned(), event.kind);
            }
            if changes.remove(end).is_some() {
                return changes;
            }
        }
        panic!("nothing was reported of {end}; so far {changes:?}");
    }
}

fn expected(changes: &[(&str, FsChange)]) -> BTreeMap<String, FsChange> {
    let pairs = changes.iter();
    pairs
        .map(|(path, change)| ((*path).to_owned(), *change))
        .collect()
}

#[test]
fn created_changed_renamed_and_removed_files_are_reported_once_each() {
    let mut project = Project::new(&["edited.txt", "renamed.txt", "removed.txt", "kept.txt"]);
    let root = project.folder.path().to_path_buf();
    project.watcher.watch_folder(&root).unwrap();
    disk::write(project.path("new.txt"), "x").unwrap();
    disk::write(project.path("new.txt"), "xy").unwrap();
    disk::write(project.path("edited.txt"), "new").unwrap();
    disk::rename(project.path("renamed.txt"), project.path("name.txt")).unwrap();
    disk::remove_file(project.path("removed.txt")).unwrap();
    disk::write(project.path("gone again.txt"), "x").unwrap();
    disk::remove_file(project.path("gone again.txt")).unwrap();
    let mut changes = project.changes("end");
    // A file that came and went may be reported as gone, or not at all.
    changes.remove("gone again.txt");
    assert_eq!(
        changes,
        expected(&[
            ("edited.txt", FsChange::Modified),
            ("name.txt", FsChange::Created),
            ("new.txt", FsChange::Created),
            ("removed.txt", FsChange::Removed),
            ("renamed.txt", FsChange::Removed),
        ])
    );
}

#[test]
fn folders_are_watched_only_once_they_are_shown() {
    let mut project = Project::new(&["src/deep/a.txt", "src/b.txt"]);
    let root = project.folder.path().to_path_buf();
    project.watcher.watch_folder(&root).unwrap();
    disk::write(project.path("src/b.txt"), "new").unwrap();
    disk::write(project.path("src/deep/a.txt"), "new").unwrap();
    assert_eq!(project.changes("end"), expected(&[]));

    let src = project.path("src");
    project.watcher.watch_folder(&src).unwrap();
    disk::write(project.path("src/b.txt"), "newer").unwrap();
    disk::write(project.path("src/deep/a.txt"), "newer").unwrap();
    assert_eq!(
        project.changes("end2"),
        expected(&[("src/b.txt", FsChange::Modified)])
    );

    project.watcher.unwatch_folder(&src);
    disk::write(project.path("src/b.txt"), "newest").unwrap();
    assert_eq!(project.changes("end3"), expected(&[]));
}

#[test]
fn ignored_files_are_not_reported_unless_they_are_open() {
    let mut project = Project::new(&["a.log", "open.log", "b.txt"]);
    disk::write(project.path(".gitignore"), "*.log\n").unwrap();
    let root = project.folder.path().to_path_buf();
    project.watcher.watch_folder(&root).unwrap();
    let open = project.path("open.log");
    project.watcher.watch_file(&open).unwrap();
    for name in ["a.log", "open.log", "b.txt"] {
        disk::write(project.path(name), "new").unwrap();
    }
    let changes = project.changes("end");
    let modified = FsChange::Modified;
    assert_eq!(
        changes,
        expected(&[("b.txt", modified), ("open.log", modified)])
    );

    // The rules are read again once they change.
    disk::write(project.path(".gitignore"), "*.txt\n").unwrap();
    project.changes("end2");
    disk::write(project.path("a.log"), "newer").unwrap();
    disk::write(project.path("b.txt"), "newer").unwrap();
    assert_eq!(project.changes("end3"), expected(&[("a.log", modified)]));
}

#[test]
fn an_open_file_alone_is_watched_through_every_way_of_saving() {
    let mut project = Project::new(&["src/open.txt", "src/other.txt"]);
    let root = project.folder.path().to_path_buf();
    project.watcher.watch_folder(&root).unwrap();
    let open = project.path("src/open.txt");
    project.watcher.watch_file(&open).unwrap();
    disk::write(project.path("src/other.txt"), "new").unwrap();
    disk::write(&open, "in place").unwrap();
    assert_eq!(
        project.changes("end"),
        expected(&[("src/open.txt", FsChange::Modified)])
    );

    RealFs::new().write_atomic(&open, b"replaced").unwrap();
    assert_eq!(
        project.changes("end2"),
        expected(&[("src/open.txt", FsChange::Modified)])
    );

    disk::remove_file(&open).unwrap();
    assert_eq!(
        project.changes("end3"),
        expected(&[("src/open.txt", FsChange::Removed)])
    );

    disk::write(&open, "back").unwrap();
    assert_eq!(
        project.changes("end4"),
        expected(&[("src/open.txt", FsChange::Created)])
    );

    project.watcher.unwatch_file(&open);
    disk::write(&open, "unseen").unwrap();
    assert_eq!(project.changes("end5"), expected(&[]));
}

#[test]
fn many_changes_come_in_few_reports() {
    let mut project = Project::new(&[]);
    let root = project.folder.path().to_path_buf();
    project.watcher.watch_folder(&root).unwrap();
    for number in 0..600 {
        disk::write(project.path(&format!("{number}.txt")), "").unwrap();
    }
    let started = Instant::now();
    let mut reports = 0;
    let mut reported = BTreeSet::new();
    while reported.len() < 600 {
        assert!(
            started.elapsed() < PATIENCE,
            "only {} files",
            reported.len()
        );
        let Ok(event) = project.events.try_recv() else {
            std::thread::yield_now();
            continue;
        };
        reports += 1;
        reported.extend(event.paths);
    }
    assert!(reports < 60, "{reports} reports");
}

/// Waits until it is said that everything is to be looked at again.
fn await_rescan(project: &Project) {
    let started = Instant::now();
    while started.elapsed() < PATIENCE {
        match project.events.try_recv() {
            Ok(event) if event.kind == FsChange::Rescan => return,
            _ => std::thread::yield_now(),
        }
    }
    panic!("nobody said that the folder is there again");
}

#[test]
fn a_folder_that_is_deleted_and_made_again_is_watched_again() {
    let mut project = Project::new(&["home/src/old.txt", "home/src/open.txt"]);
    let (home, src) = (project.path("home"), project.path("home/src"));
    let root = project.folder.path().to_path_buf();
    project.watcher.watch_folder(&root).unwrap();
    project.watcher.watch_folder(&src).unwrap();
    let open = project.path("home/src/open.txt");
    project.watcher.watch_file(&open).unwrap();
    disk::remove_dir_all(&home).unwrap();
    assert_eq!(
        project.changes("end").get("home/src"),
        Some(&FsChange::Removed)
    );

    disk::create_dir_all(&src).unwrap();
    await_rescan(&project);
    disk::write(project.path("home/src/new.txt"), "new").unwrap();
    assert_eq!(
        project.changes("end2").get("home/src/new.txt"),
        Some(&FsChange::Created)
    );

    // Another folder in the place of one that was moved away, at once.
    disk::rename(&src, project.path("home/before")).unwrap();
    disk::create_dir(&src).unwrap();
    await_rescan(&project);
    disk::write(project.path("home/before/new.txt"), "unseen").unwrap();
    disk::write(&open, "back").unwrap();
    let changes = project.changes("end3");
    assert_eq!(changes.get("home/src/open.txt"), Some(&FsChange::Created));
    assert_eq!(changes.get("home/src/new.txt"), None);
    assert_eq!(changes.get("home/before/new.txt"), None);

    // Nobody wants it any more.
    project.watcher.unwatch_folder(&src);
    project.watcher.unwatch_file(&open);
    disk::remove_dir_all(&src).unwrap();
    disk::create_dir(&src).unwrap();
    disk::write(project.path("home/src/new.txt"), "unseen").unwrap();
    assert_eq!(project.changes("end4").get("home/src/new.txt"), None);
}

#[test]
fn what_cannot_be_watched_is_an_error_and_changes_nothing() {
    let mut project = Project::new(&[]);
    let missing = project.path("missing");
    let error = project.watcher.watch_folder(&missing).unwrap_err();
    assert!(error.to_string().contains("missing"), "{error}");
    project.watcher.unwatch_folder(&missing);
    project.watcher.unwatch_file(Path::new("/never/watched"));
}
