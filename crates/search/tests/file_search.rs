//! Finding files by name.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::AtomicBool;

use proptest::prelude::*;
use search::{FileList, WalkLimits};

static NEVER: AtomicBool = AtomicBool::new(false);

fn list(paths: &[&str]) -> FileList {
    FileList::from_paths(Path::new("/p"), paths.iter().map(ToString::to_string))
}

fn found(list: &FileList, query: &str) -> Vec<String> {
    let matches = list.find(query, 10, &NEVER);
    matches.into_iter().map(|found| found.path).collect()
}

/// The path with its matching letters in brackets.
fn marked(list: &FileList, query: &str) -> String {
    let best = list.find(query, 1, &NEVER).remove(0);
    let mut text = best.path.clone();
    for range in best.ranges.iter().rev() {
        text.insert(range.end, ']');
        text.insert(range.start, '[');
    }
    text
}

#[test]
fn the_name_of_the_file_counts_most() {
    let files = list(&[
        "crates/workspace/src/lib.rs",
        "crates/workspace/src/save.rs",
        "docs/workspace.md",
        "src/work/space_invaders.rs",
    ]);
    assert_eq!(found(&files, "workspace")[0], "docs/workspace.md");
    let folder_or_name = list(&["spec/a.rs", "docs/old_spec_notes.md"]);
    assert_eq!(found(&folder_or_name, "spec")[0], "docs/old_spec_notes.md");
    assert_eq!(found(&files, "wssave")[0], "crates/workspace/src/save.rs");
    assert_eq!(found(&files, "work lib"), ["crates/workspace/src/lib.rs"]);
    assert_eq!(found(&files, "lib work"), ["crates/workspace/src/lib.rs"]);
    assert_eq!(found(&files, "zzz"), Vec::<String>::new());
}

#[test]
fn short_paths_come_before_long_ones_of_the_same_name() {
    let files = list(&["a/very/long/way/to/main.rs", "src/main.rs", "main.rs"]);
    assert_eq!(
        found(&files, "main.rs"),
        ["main.rs", "src/main.rs", "a/very/long/way/to/main.rs"]
    );
}

#[test]
fn upper_case_letters_ask_for_upper_case() {
    let files = list(&["README.md", "src/readme.rs"]);
    assert_eq!(found(&files, "readme").len(), 2);
    assert_eq!(found(&files, "README"), ["README.md"]);
}

#[test]
fn matching_letters_are_marked() {
    let files = list(&["crates/editor_view/src/gutter.rs"]);
    assert_eq!(
        marked(&files, "gutter"),
        "crates/editor_view/src/[gutter].rs"
    );
    assert_eq!(
        marked(&files, "edgut"),
        "crates/[ed]itor_view/src/[gut]ter.rs"
    );
    let files = list(&["docs/größe/übersicht.md"]);
    assert_eq!(marked(&files, "sicht"), "docs/größe/über[sicht].md");
    assert_eq!(marked(&files, "ü"), "docs/größe/[ü]bersicht.md");
    let files = list(&["docs/e\u{301}te\u{301}/plan.md"]);
    assert_eq!(marked(&files, "plan"), "docs/e\u{301}te\u{301}/[plan].md");
}

#[test]
fn an_empty_query_gives_the_first_files() {
    let files = list(&["b", "a", "c"]);
    assert_eq!(found(&files, " "), ["a", "b", "c"]);
    assert_eq!(files.find("", 2, &NEVER).len(), 2);
}

#[test]
fn a_cancelled_query_gives_nothing() {
    let files = list(&["a"]);
    assert!(files.find("a", 10, &AtomicBool::new(true)).is_empty());
}

#[test]
fn many_files_are_ranked_as_few_are() {
    // Enough for several threads.
    let paths = (0..100_000).map(|number| format!("src/part{}/file{number}.rs", number % 100));
    let files = FileList::from_paths(Path::new("/p"), paths);
    assert_eq!(found(&files, "file77777")[0], "src/part77/file77777.rs");
    assert_eq!(files.find("file", 10, &NEVER).len(), 10);
}

#[test]
fn the_list_is_what_git_would_take() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    for path in [
        "src/main.rs",
        "src/a b.rs",
        ".kiro/steering/product.md",
        "target/out",
        "x.log",
        "keep/x.log",
        ".git/nothing",
    ] {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "x").unwrap();
    }
    fs::remove_dir_all(root.join(".git")).unwrap();
    let git = |arguments: &[&str]| {
        let output = Command::new("git")
            .current_dir(root)
            .args(arguments)
            .output();
        String::from_utf8(output.expect("git is installed").stdout).unwrap()
    };
    git(&["init", "--quiet"]);
    fs::write(root.join(".gitignore"), "target/\n*.log\n!keep/*.log\n").unwrap();
    let listed = || FileList::read(root, &WalkLimits::default(), &NEVER);
    let ours = listed();
    assert!(ours.is_complete());
    let ours: BTreeSet<String> = ours.paths().iter().cloned().collect();
    let theirs = git(&[
        "-c",
        "core.excludesFile=/dev/null",
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ]);
    let theirs: BTreeSet<String> = theirs.split_terminator('\0').map(str::to_owned).collect();
    assert_eq!(ours, theirs);
    assert!(ours.contains(".kiro/steering/product.md"));
    // What a save of a file has beside it is none of the project's.
    fs::write(root.join(".x.md.Ab3dE9.kiln-tmp"), "").unwrap();
    let again: BTreeSet<String> = listed().paths().iter().cloned().collect();
    assert_eq!(again, ours);
}

#[test]
fn limits_and_cancelling_end_the_walk() {
    let folder = tempfile::tempdir().unwrap();
    for number in 0..50 {
        fs::write(folder.path().join(format!("{number}.txt")), "").unwrap();
    }
    let few = WalkLimits {
        files: 10,
        ..WalkLimits::default()
    };
    let cut = FileList::read(folder.path(), &few, &NEVER);
    assert_eq!((cut.paths().len(), cut.is_complete()), (10, false));
    let cancelled = FileList::read(
        folder.path(),
        &WalkLimits::default(),
        &AtomicBool::new(true),
    );
    assert!(!cancelled.is_complete());
    let missing = FileList::read(Path::new("/no/such/folder"), &WalkLimits::default(), &NEVER);
    assert!(missing.paths().is_empty());
}

proptest! {
    /// Whatever is typed, what is found is in the list and its marks spell the query.
    #[test]
    fn marks_spell_the_query(
        paths in prop::collection::vec("[a-c/é_]{1,12}", 1..30),
        query in "[a-cé]{1,4}",
    ) {
        let files = FileList::from_paths(Path::new("/p"), paths.clone());
        for found in files.find(&query, 100, &NEVER) {
            prop_assert!(paths.contains(&found.path));
            let letters: String = found.ranges.iter().map(|range| &found.path[range.clone()]).collect();
            let plain = |text: &str| text.replace('é', "e");
            prop_assert_eq!(plain(&letters), plain(&query), "{:?}", found);
        }
        // Everything that holds the letters in order is found.
        let holds = |path: &str| {
            let mut letters = path.chars();
            query.chars().all(|wanted| letters.any(|letter| letter == wanted))
        };
        let expected = paths.iter().filter(|path| holds(path)).count();
        prop_assert!(files.find(&query, 100, &NEVER).len() >= expected);
    }
}
