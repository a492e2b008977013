//! Opening files, listing folders, and the fake that stands in for the disk.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

// The crate shares its name with the standard library's module.
use ::fs::{
    FakeFs, FakeOperation, Fs, FsError, LineEnding, LoadError, LoadNote, MAX_TEXT_BYTES, RealFs,
    SaveError, TextEncoding, load, save,
};
use std::fs as disk;

/// The same folder on the disk and in memory.
struct Both {
    folder: tempfile::TempDir,
    fake: FakeFs,
}

impl Both {
    fn new(files: &[(&str, &[u8])]) -> Self {
        let both = Self {
            folder: tempfile::tempdir().unwrap(),
            fake: FakeFs::new(),
        };
        both.fake.insert_folder("/project");
        for (path, bytes) in files {
            let real = both.folder.path().join(path);
            disk::create_dir_all(real.parent().unwrap()).unwrap();
            disk::write(real, bytes).unwrap();
            both.fake.insert(Path::new("/project").join(path), bytes);
        }
        both
    }

    /// Runs a check against each of them.
    fn each(&self, check: impl Fn(&dyn Fs, &Path)) {
        check(&RealFs::new(), self.folder.path());
        check(&self.fake, Path::new("/project"));
    }
}

#[test]
fn a_text_file_opens_with_lf_and_saves_with_what_it_had() {
    Both::new(&[("a.txt", b"\xEF\xBB\xBFone\r\ntwo\r\n")]).each(|fs, root| {
        let path = root.join("a.txt");
        let file = load(fs, &path).unwrap();
        assert_eq!(file.text, "one\ntwo\n");
        assert_eq!(file.format.line_ending, LineEnding::CrLf);
        assert!(file.format.bom && !file.read_only && file.notes.is_empty());
        let saved = save(fs, &path, "one\n2\n", &file.format).unwrap();
        assert_eq!(fs.read(&path, 100).unwrap(), b"\xEF\xBB\xBFone\r\n2\r\n");
        assert_eq!(load(fs, &path).unwrap().fingerprint, saved);
        assert_ne!(saved, file.fingerprint);
    });
}

#[test]
fn what_cannot_be_opened_says_why() {
    let both = Both::new(&[
        ("image.png", b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR"),
        ("folder/a.txt", b"x"),
        ("empty.txt", b""),
    ]);
    both.each(|fs, root| {
        let error = |path: &str| load(fs, &root.join(path)).unwrap_err();
        assert!(matches!(
            error("image.png"),
            LoadError::Binary { size: 16, .. }
        ));
        assert!(matches!(error("folder"), LoadError::IsDirectory { .. }));
        assert!(matches!(error("missing.txt"), LoadError::NotFound { .. }));
        assert!(error("image.png").to_string().contains("binary"));
        assert_eq!(load(fs, &root.join("empty.txt")).unwrap().text, "");
    });
    both.fake.fail_next(
        FakeOperation::Read,
        "/project/empty.txt",
        ErrorKind::PermissionDenied,
    );
    let error = load(&both.fake, Path::new("/project/empty.txt")).unwrap_err();
    assert!(matches!(error, LoadError::Permission { .. }), "{error:?}");
    assert!(
        load(&both.fake, Path::new("/project/empty.txt")).is_ok(),
        "only the next one fails"
    );
}

#[test]
fn a_file_of_200_megabytes_is_refused_without_being_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("huge.log");
    disk::File::create(&path)
        .unwrap()
        .set_len(200_000_000)
        .unwrap();
    let error = load(&RealFs::new(), &path).unwrap_err();
    assert!(matches!(
        error,
        LoadError::TooLarge {
            size: 200_000_000,
            limit: MAX_TEXT_BYTES,
            ..
        }
    ));
    assert!(error.to_string().contains("200 MB"), "{error}");
}

#[test]
fn a_file_that_does_not_say_its_size_is_still_limited() {
    let error = RealFs::new().read(Path::new("/proc/self/maps"), 10);
    if cfg!(target_os = "linux") {
        assert!(
            matches!(error, Err(FsError::TooLarge { limit: 10, .. })),
            "{error:?}"
        );
    }
}

#[test]
fn text_with_broken_bytes_opens_read_only() {
    let bytes =
        [b"Gr\xC3\xBC\xC3\x9Fe aus K\xC3\xB6ln, sch\xC3\xB6ne Stra\xC3\x9Fe \xFF\n".as_slice()]
            .concat();
    Both::new(&[("a.txt", &bytes)]).each(|fs, root| {
        let file = load(fs, &root.join("a.txt")).unwrap();
        assert!(file.read_only && file.text.contains('\u{FFFD}'));
        let encoding = TextEncoding::UTF_8;
        assert_eq!(file.notes, [LoadNote::DamagedEncoding { encoding }]);
        assert!(file.notes[0].to_string().contains("read-only"));
    });
}

#[test]
fn mixed_line_endings_are_mentioned_and_kept() {
    Both::new(&[("a.txt", b"a\nb\r\nc\n")]).each(|fs, root| {
        let path = root.join("a.txt");
        let file = load(fs, &path).unwrap();
        let dominant = LineEnding::Lf;
        assert_eq!(file.notes, [LoadNote::MixedLineEndings { dominant }]);
        save(fs, &path, &file.text.replace('c', "d"), &file.format).unwrap();
        assert_eq!(fs.read(&path, 100).unwrap(), b"a\nb\r\nd\n");
    });
}

#[test]
fn a_character_that_does_not_fit_the_encoding_leaves_the_file_alone() {
    Both::new(&[("a.txt", b"Stra\xDFe, K\xF6ln, M\xFCnchen\n")]).each(|fs, root| {
        let path = root.join("a.txt");
        let file = load(fs, &path).unwrap();
        let error = save(fs, &path, "snow \u{2603}\n", &file.format).unwrap_err();
        assert!(matches!(error, SaveError::Encode(_)), "{error:?}");
        assert_eq!(load(fs, &path).unwrap().text, file.text);
        let utf8 = file.format.with_encoding(TextEncoding::UTF_8);
        save(fs, &path, "snow \u{2603}\n", &utf8).unwrap();
        assert_eq!(load(fs, &path).unwrap().text, "snow \u{2603}\n");
    });
}

#[cfg(unix)]
#[test]
fn a_read_only_file_opens_and_says_so() {
    use std::os::unix::fs::PermissionsExt;
    let both = Both::new(&[("a.txt", b"x")]);
    let real = both.folder.path().join("a.txt");
    disk::set_permissions(real, disk::Permissions::from_mode(0o444)).unwrap();
    both.fake.set_read_only("/project/a.txt", true);
    both.each(|fs, root| {
        let path = root.join("a.txt");
        let file = load(fs, &path).unwrap();
        assert!(file.read_only);
        assert_eq!(file.notes, [LoadNote::ReadOnly]);
        let error = save(fs, &path, "y", &file.format).unwrap_err();
        assert!(
            matches!(error, SaveError::Fs(FsError::ReadOnly { .. })),
            "{error:?}"
        );
    });
}

#[test]
fn folders_are_listed_as_a_tree_shows_them() {
    Both::new(&[
        (".gitignore", b"target/\n*.log\n"),
        (".git/HEAD", b"ref: refs/heads/main\n"),
        ("src/main.rs", b""),
        ("target/out", b""),
        ("Zebra.md", b""),
        ("apple.md", b""),
        ("run.log", b""),
    ])
    .each(|fs, root| {
        let entries = fs.read_dir(root).unwrap();
        let shown: Vec<String> = entries
            .iter()
            .map(|entry| {
                let slash = if entry.is_dir { "/" } else { "" };
                let ignored = if entry.is_ignored { " (ignored)" } else { "" };
                assert_eq!(entry.path, root.join(&entry.name));
                format!("{}{slash}{ignored}", entry.name)
            })
            .collect();
        assert_eq!(
            shown,
            [
                ".git/ (ignored)",
                "src/",
                "target/ (ignored)",
                ".gitignore",
                "apple.md",
                "run.log (ignored)",
                "Zebra.md"
            ]
        );
        let inside = fs.read_dir(&root.join("target")).unwrap();
        assert!(
            inside[0].is_ignored,
            "what is in an ignored folder is ignored"
        );
        assert!(matches!(
            fs.read_dir(&root.join("apple.md")),
            Err(FsError::NotADirectory { .. })
        ));
        assert!(matches!(
            fs.read_dir(&root.join("missing")),
            Err(FsError::NotFound { .. })
        ));
    });
}

#[cfg(unix)]
#[test]
fn links_are_listed_as_what_they_lead_to() {
    let both = Both::new(&[("folder/a.txt", b"x"), ("b.txt", b"y")]);
    let links = [
        ("to-folder", "folder"),
        ("to-file", "b.txt"),
        ("to-nothing", "missing"),
    ];
    for (name, target) in links {
        std::os::unix::fs::symlink(target, both.folder.path().join(name)).unwrap();
        both.fake
            .insert_link(Path::new("/project").join(name), target);
    }
    both.each(|fs, root| {
        let entries = fs.read_dir(root).unwrap();
        let entry = |name: &str| entries.iter().find(|entry| entry.name == name).unwrap();
        assert!(entry("to-folder").is_dir && entry("to-folder").is_symlink);
        assert!(!entry("to-file").is_dir && entry("to-file").is_symlink);
        assert!(!entry("to-nothing").is_dir && entry("to-nothing").is_symlink);
        assert_eq!(fs.read(&root.join("to-folder/a.txt"), 10).unwrap(), b"x");
        assert!(fs.exists(&root.join("to-nothing")));
        assert!(matches!(
            fs.metadata(&root.join("to-nothing")),
            Err(FsError::NotFound { .. })
        ));
        // Removing a link leaves what it leads to.
        fs.remove(&root.join("to-file")).unwrap();
        assert_eq!(fs.read(&root.join("b.txt"), 10).unwrap(), b"y");
        let link = fs.canonicalize(&root.join("to-folder/a.txt")).unwrap();
        assert!(link.ends_with("folder/a.txt"));
    });
}

#[test]
fn creating_moving_and_removing_never_overwrite() {
    Both::new(&[("a.txt", b"a"), ("b.txt", b"b")]).each(|fs, root| {
        let at = |path: &str| root.join(path);
        fs.create_dir_all(&at("x/y")).unwrap();
        fs.create_dir_all(&at("x/y")).unwrap();
        fs.create_file(&at("x/y/new.txt")).unwrap();
        assert!(matches!(
            fs.create_file(&at("a.txt")),
            Err(FsError::AlreadyExists { .. })
        ));
        assert!(matches!(
            fs.rename(&at("a.txt"), &at("b.txt")),
            Err(FsError::AlreadyExists { .. })
        ));
        assert_eq!(fs.read(&at("b.txt"), 10).unwrap(), b"b");
        fs.rename(&at("x"), &at("z")).unwrap();
        assert!(fs.exists(&at("z/y/new.txt")) && !fs.exists(&at("x")));
        assert!(matches!(
            fs.rename(&at("x"), &at("w")),
            Err(FsError::NotFound { .. })
        ));
        assert!(matches!(fs.remove(&at("z")), Err(FsError::NotEmpty { .. })));
        fs.remove_tree(&at("z")).unwrap();
        fs.remove(&at("a.txt")).unwrap();
        assert!(!fs.exists(&at("z")) && !fs.exists(&at("a.txt")));
        assert!(matches!(
            fs.remove(&at("a.txt")),
            Err(FsError::NotFound { .. })
        ));
    });
}

#[test]
fn the_fake_fails_where_it_is_told_to_and_keeps_the_old_content() {
    let fake = FakeFs::with_files([("/p/a.txt", "old")]);
    for (error, expected) in [
        (ErrorKind::StorageFull, "no space"),
        (ErrorKind::PermissionDenied, "no permission"),
        (ErrorKind::Other, "could not write"),
    ] {
        fake.fail_next(FakeOperation::Write, "/p/a.txt", error);
        let message = fake
            .write_atomic(Path::new("/p/a.txt"), b"new")
            .unwrap_err()
            .to_string();
        assert!(message.contains(expected), "{message}");
        assert_eq!(fake.content("/p/a.txt").unwrap(), b"old");
    }
    fake.fail_always(FakeOperation::Write, "/p/a.txt", ErrorKind::StorageFull);
    assert!(fake.write_atomic(Path::new("/p/a.txt"), b"new").is_err());
    assert!(fake.write_atomic(Path::new("/p/a.txt"), b"new").is_err());
    fake.heal();
    fake.write_atomic(Path::new("/p/a.txt"), b"new").unwrap();
    assert_eq!(fake.content("/p/a.txt").unwrap(), b"new");
    assert_eq!(fake.files(), [PathBuf::from("/p/a.txt")]);
}
