//! Text search against ripgrep, and its limits.

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

use search::{
    CaseSensitivity, MAX_LINE_BYTES, QueryError, TextLimits, TextQuery, TextResults, TextSearch,
};
use test_support::left_out;

fn project(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, bytes) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}

fn search(folder: &Path, query: &TextQuery) -> TextResults {
    let search = TextSearch::new(query).expect("a valid query");
    search.search_folder(folder, &TextLimits::default(), &AtomicBool::new(false))
}

/// `path:line:text` of every match.
fn lines(results: &TextResults) -> BTreeSet<String> {
    let files = results.files.iter();
    files
        .flat_map(|file| {
            let lines = file.lines.iter();
            lines.map(|line| format!("{}:{}:{}", file.path, line.line, line.text))
        })
        .collect()
}

/// The same from the real program; `None` where it is not installed.
fn ripgrep(folder: &Path, arguments: &[&str]) -> Option<BTreeSet<String>> {
    let output = Command::new("rg")
        .current_dir(folder)
        .args([
            "--no-config",
            "--hidden",
            "--glob=!.git",
            "--no-require-git",
        ])
        .args([
            "--no-heading",
            "--line-number",
            "--with-filename",
            "--color=never",
            "--crlf",
        ])
        .args(arguments)
        .arg("./")
        .output()
        .ok()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let lines = text.lines();
    Some(
        lines
            .map(|line| {
                line.trim_start_matches("./")
                    .trim_end_matches('\r')
                    .to_owned()
            })
            .collect(),
    )
}

#[test]
fn the_same_lines_as_ripgrep() {
    let folder = project(&[
        (".git/config", b"needle in git"),
        (".gitignore", b"target/\n*.log\n"),
        (".hidden/notes.md", b"a Needle here\nand none\n"),
        (
            "src/main.rs",
            b"fn needle() {}\nlet x = \"needles\"; // needle needle\n\nNEEDLE\n",
        ),
        (
            "src/unicode.txt",
            "één needle é\nна́йти needle\nÄRGER ärger\n".as_bytes(),
        ),
        (
            "src/windows.txt",
            b"needle\r\nother\r\nends with needle\r\n",
        ),
        ("src/latin1.txt", b"caf\xE9 needle\n"),
        ("src/no-newline.txt", b"last line needle"),
        ("src/empty.txt", b""),
        ("target/debug/out.txt", b"needle"),
        ("run.log", b"needle"),
        ("deep/.gitignore", b"*\n!kept.txt\n"),
        ("deep/kept.txt", b"kept needle"),
        ("deep/dropped.txt", b"dropped needle"),
    ]);
    let root = folder.path();
    let cases: Vec<(TextQuery, Vec<&str>)> = vec![
        (TextQuery::literal("needle"), vec!["-S", "-F", "needle"]),
        (TextQuery::literal("Needle"), vec!["-S", "-F", "Needle"]),
        (TextQuery::literal("() {}"), vec!["-S", "-F", "() {}"]),
        (TextQuery::literal("ärger"), vec!["-S", "-F", "ärger"]),
        (TextQuery::regex(r"need\w+s\b"), vec!["-S", r"need\w+s\b"]),
        (TextQuery::regex("needle$"), vec!["-S", "needle$"]),
        (
            TextQuery::regex(r"^\w+ needle|^$"),
            vec!["-S", r"^\w+ needle|^$"],
        ),
        (
            TextQuery {
                whole_word: true,
                case: CaseSensitivity::Sensitive,
                ..TextQuery::literal("needle")
            },
            vec!["-s", "-w", "-F", "needle"],
        ),
        (
            TextQuery {
                case: CaseSensitivity::Insensitive,
                include: vec!["*.rs".into(), "*.md".into()],
                exclude: vec!["*.md".into()],
                ..TextQuery::literal("NEEDLE")
            },
            vec!["-i", "-F", "-g=*.rs", "NEEDLE"],
        ),
    ];
    for (query, arguments) in cases {
        let ours = lines(&search(root, &query));
        assert!(!ours.is_empty(), "{query:?}");
        match ripgrep(root, &arguments) {
            // Ripgrep prints the bytes of a line that is not UTF-8, we the characters.
            Some(theirs) => assert_eq!(ours, theirs, "{query:?}"),
            None => left_out("the_same_lines_as_ripgrep", "rg is not installed"),
        }
    }
}

#[test]
fn matches_are_marked_in_the_line_that_is_shown() {
    let folder = project(&[("a.txt", "é needle, needle\r\n".as_bytes())]);
    let results = search(folder.path(), &TextQuery::literal("needle"));
    let line = &results.files[0].lines[0];
    assert_eq!(line.text, "é needle, needle");
    let marked: Vec<&str> = line
        .ranges
        .iter()
        .map(|range| &line.text[range.clone()])
        .collect();
    assert_eq!(marked, ["needle", "needle"]);
    assert_eq!(line.ranges[0], 3..9);
}

#[test]
fn of_a_long_line_the_part_around_the_match_is_kept() {
    let long = format!("{}needle{}", "é".repeat(5_000), "x".repeat(5_000));
    let folder = project(&[("min.js", long.as_bytes())]);
    let results = search(folder.path(), &TextQuery::literal("needle"));
    let line = &results.files[0].lines[0];
    assert!(line.text.len() <= MAX_LINE_BYTES);
    assert_eq!(&line.text[line.ranges[0].clone()], "needle");
    assert_eq!(line.text_start + line.ranges[0].start, 10_000);
}

#[test]
fn binary_files_are_left_out_and_utf16_is_read() {
    let utf16: Vec<u8> = [0xFF, 0xFE]
        .into_iter()
        .chain("one\nneedle\n".encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    let folder = project(&[("a.bin", b"needle\n\0\0needle\n"), ("b.txt", &utf16)]);
    let found = lines(&search(folder.path(), &TextQuery::literal("needle")));
    assert_eq!(found, BTreeSet::from(["b.txt:2:needle".to_owned()]));
}

#[test]
fn limits_cut_the_results_and_say_so() {
    let many = "needle\n".repeat(50);
    let folder = project(&[
        ("a.txt", many.as_bytes()),
        ("b.txt", many.as_bytes()),
        ("big.txt", &[b'n'; 2000]),
    ]);
    let search = TextSearch::new(&TextQuery::literal("n")).unwrap();
    let run =
        |limits: TextLimits| search.search_folder(folder.path(), &limits, &AtomicBool::new(false));
    let all = run(TextLimits::default());
    assert_eq!(
        (all.line_count(), all.is_complete, all.searched),
        (101, true, 3)
    );

    let few = run(TextLimits {
        lines: 60,
        ..TextLimits::default()
    });
    assert_eq!(few.line_count(), 60);
    assert!(!few.is_complete || few.files.iter().any(|file| file.has_more));

    let per_file = run(TextLimits {
        lines_a_file: 10,
        ..TextLimits::default()
    });
    assert_eq!(per_file.line_count(), 21);
    assert!(per_file.files.iter().filter(|file| file.has_more).count() == 2);

    let small = run(TextLimits {
        file_bytes: 1000,
        ..TextLimits::default()
    });
    assert_eq!((small.line_count(), small.skipped), (100, 1));
}

#[test]
fn a_cancelled_search_stops() {
    let folder = project(&[("a.txt", b"needle")]);
    let search = TextSearch::new(&TextQuery::literal("needle")).unwrap();
    let results = search.search_folder(
        folder.path(),
        &TextLimits::default(),
        &AtomicBool::new(true),
    );
    assert_eq!((results.line_count(), results.is_complete), (0, false));
}

#[test]
fn what_cannot_be_searched_for_says_why() {
    let error = TextSearch::new(&TextQuery::literal("")).unwrap_err();
    assert_eq!(error, QueryError::Empty);
    let error = TextSearch::new(&TextQuery::regex("a(b")).unwrap_err();
    assert!(error.to_string().contains("unclosed group"), "{error}");
    let error = TextSearch::new(&TextQuery::regex("(\\w{1000}){1000}")).unwrap_err();
    assert!(matches!(error, QueryError::Pattern { .. }), "{error}");
    let glob = TextQuery {
        include: vec!["a[".into()],
        ..TextQuery::literal("x")
    };
    let error = TextSearch::new(&glob).unwrap_err();
    assert!(error.to_string().contains("`a[`"), "{error}");
}

#[cfg(unix)]
#[test]
fn links_are_not_followed_out_of_the_folder() {
    let outside = project(&[("secret.txt", b"needle")]);
    let folder = project(&[("a.txt", b"needle")]);
    std::os::unix::fs::symlink(outside.path(), folder.path().join("out")).unwrap();
    std::os::unix::fs::symlink(
        outside.path().join("secret.txt"),
        folder.path().join("link.txt"),
    )
    .unwrap();
    let found = lines(&search(folder.path(), &TextQuery::literal("needle")));
    assert_eq!(found, BTreeSet::from(["a.txt:1:needle".to_owned()]));
}

#[test]
fn globs_mean_what_they_mean_in_gitignore() {
    let folder = project(&[
        ("src/a.rs", b"x"),
        ("src/deep/b.rs", b"x"),
        ("tests/c.rs", b"x"),
        ("d.md", b"x"),
    ]);
    let paths = |include: &[&str], exclude: &[&str]| -> Vec<String> {
        let query = TextQuery {
            include: include.iter().map(ToString::to_string).collect(),
            exclude: exclude.iter().map(ToString::to_string).collect(),
            ..TextQuery::literal("x")
        };
        let files = search(folder.path(), &query).files;
        files.into_iter().map(|file| file.path).collect()
    };
    assert_eq!(
        paths(&["*.rs"], &[]),
        ["src/a.rs", "src/deep/b.rs", "tests/c.rs"]
    );
    assert_eq!(paths(&["src/*.rs"], &[]), ["src/a.rs"]);
    assert_eq!(paths(&["src/**"], &[]), ["src/a.rs", "src/deep/b.rs"]);
    assert_eq!(paths(&["src/"], &["deep/"]), ["src/a.rs"]);
    assert_eq!(paths(&["./src/**/*.rs"], &["b.*"]), ["src/a.rs"]);
    assert_eq!(paths(&["/d.md"], &[]), ["d.md"]);
    assert_eq!(paths(&[], &["*.rs"]), ["d.md"]);
}

#[test]
fn open_text_is_searched_like_a_file() {
    let search = TextSearch::new(&TextQuery::literal("due")).unwrap();
    let found = search.search_text("due\nnot\noverdue\n", 10);
    let found: Vec<_> = found
        .iter()
        .map(|line| (line.line, line.ranges[0].clone()))
        .collect();
    assert_eq!(found, [(1, 0..3), (3, 4..7)]);
    assert_eq!(search.search_text("due\ndue\ndue", 2).len(), 2);
}

#[test]
fn a_text_in_place_of_a_file_is_found_as_the_file_would_be() {
    // Long enough for a rope of many pieces, with matches at every place of one.
    let text: String = (0..20_000)
        .map(|number| format!("line {number} with a needle and grüße\n"))
        .collect();
    let folder = project(&[("a.txt", text.as_bytes()), ("b.txt", b"nothing\n")]);
    let query = TextQuery::regex("needle and gr.ße$");
    let on_disk = search(folder.path(), &query);
    assert_eq!(on_disk.line_count(), 1_000, "the limit of a file");
    std::fs::write(folder.path().join("a.txt"), "nothing\n").unwrap();
    let texts = |limit| {
        let texts = [("a.txt".to_owned(), editor_core::Text::new(&text))].into();
        let search = TextSearch::new(&query).unwrap().with_texts(texts);
        let limits = TextLimits {
            file_bytes: limit,
            ..TextLimits::default()
        };
        search.search_folder(folder.path(), &limits, &AtomicBool::new(false))
    };
    assert_eq!(texts(TextLimits::default().file_bytes).files, on_disk.files);
    let bounded = texts(1_000);
    assert_eq!((bounded.line_count(), bounded.skipped), (0, 1));
}

#[test]
fn files_are_opened_as_the_caller_says() {
    let folder = project(&[("a.txt", b"needle\n"), ("sub/b.txt", b"needle\n")]);
    let search = TextSearch::new(&TextQuery::literal("needle"))
        .unwrap()
        .with_opener(|path| match path.to_str() {
            Some("a.txt") => Ok(Box::new(&b"one\nneedle\n"[..])),
            _ => Err(std::io::Error::other("refused")),
        });
    let limits = TextLimits::default();
    let found = search.search_folder(folder.path(), &limits, &AtomicBool::new(false));
    assert_eq!(lines(&found), ["a.txt:2:needle".to_owned()].into());
    assert_eq!(found.skipped, 1);
}
