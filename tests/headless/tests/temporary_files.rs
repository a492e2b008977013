//! What a save has beside a file while it lasts is seen by nobody: not in the tree, not by searches, not
//! among git's marks. Three crates leave it out by its name, none of which sees the others.
#![allow(missing_docs, clippy::expect_used, clippy::unwrap_used)]

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;

use fs::{Content, Fs, RealFs};
use search::{FileList, WalkLimits};

/// A text that has the folder looked at while it is written.
struct Looking<'a> {
    folder: &'a Path,
    seen: Mutex<Vec<Seen>>,
}

/// What is in a folder.
#[derive(Debug)]
struct Seen {
    on_disk: Vec<PathBuf>,
    by_the_tree: Vec<PathBuf>,
    by_searches: Vec<String>,
    by_git: Vec<PathBuf>,
}

impl Seen {
    fn of(folder: &Path) -> Self {
        let on_disk = std::fs::read_dir(folder).unwrap();
        let on_disk = on_disk.map(|entry| entry.unwrap().file_name().into());
        let by_the_tree = RealFs::new().read_dir(folder).unwrap().into_iter();
        let all = AtomicBool::new(false);
        let by_searches = FileList::read(folder, &WalkLimits::default(), &all);
        let by_git = git::snapshot(folder).unwrap().unwrap().statuses;
        Self {
            on_disk: on_disk.collect(),
            by_the_tree: by_the_tree.map(|entry| entry.name.into()).collect(),
            by_searches: by_searches.paths().to_vec(),
            by_git: by_git.iter().map(|(path, _)| path.to_path_buf()).collect(),
        }
    }
}

impl Content for Looking<'_> {
    fn write_to(&self, sink: &mut dyn Write) -> io::Result<()> {
        self.seen.lock().unwrap().push(Seen::of(self.folder));
        sink.write_all(b"new")
    }
}

#[test]
fn the_temporary_files_of_a_save_are_seen_by_nobody() {
    let scratch = tempfile::tempdir().unwrap();
    let folder = scratch.path().canonicalize().unwrap();
    let made = std::process::Command::new("git")
        .args(["init", "--quiet"])
        .current_dir(&folder)
        .status();
    assert!(made.unwrap().success());
    // One that is replaced, and one with two names, which is overwritten.
    for name in ["replaced.txt", "overwritten.txt"] {
        std::fs::write(folder.join(name), "old").unwrap();
    }
    std::fs::hard_link(folder.join("overwritten.txt"), folder.join("other.txt")).unwrap();
    let names = ["other.txt", "overwritten.txt", "replaced.txt"];
    for (name, temporaries) in [("replaced.txt", 1), ("overwritten.txt", 2)] {
        let looking = Looking {
            folder: &folder,
            seen: Mutex::default(),
        };
        RealFs::new()
            .write_content(&folder.join(name), &looking)
            .unwrap();
        let seen = looking.seen.into_inner().unwrap().pop().unwrap();
        // Git's own folder is on the disk too.
        assert_eq!(
            seen.on_disk.len(),
            names.len() + 1 + temporaries,
            "{seen:?}"
        );
        let tree = seen
            .by_the_tree
            .iter()
            .filter(|name| **name != *Path::new(".git"));
        let mut tree: Vec<_> = tree.map(|name| name.to_str().unwrap()).collect();
        tree.sort_unstable();
        assert_eq!(tree, names);
        let mut found: Vec<_> = seen.by_searches.iter().map(String::as_str).collect();
        found.sort_unstable();
        assert_eq!(found, names);
        let mut marked: Vec<_> = seen
            .by_git
            .iter()
            .map(|path| path.to_str().unwrap())
            .collect();
        marked.sort_unstable();
        assert_eq!(marked, names);
    }
}
