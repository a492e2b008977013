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
    BEGINNING_BYTES, EncodingChoice, FakeFs, FakeOperation, Fs, FsError, LineEnding, LoadError,
    LoadNote, LoadOptions, LoadProgress, MAX_TEXT_BYTES, RealFs, STREAMED_BYTES, SaveError,
    TextEncoding, TextFormat, load, load_bytes, load_with, read_beginning, save,
};
use editor_core::Text;
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
        let saved = save(fs, &path, &"one\n2\n".into(), &file.format).unwrap();
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
fn a_file_past_the_limit_is_refused_without_being_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("huge.log");
    disk::File::create(&path)
        .unwrap()
        .set_len(5_000_000_000)
        .unwrap();
    let error = load(&RealFs::new(), &path).unwrap_err();
    assert!(matches!(
        error,
        LoadError::TooLarge {
            size: 5_000_000_000,
            limit: MAX_TEXT_BYTES,
            ..
        }
    ));
    assert!(error.to_string().contains("5000 MB"), "{error}");
}

/// What a block ends with must not matter: the same content is read block by block and at once.
#[test]
fn a_large_file_opens_as_a_small_one_does() {
    let lines: [&[&str]; 6] = [
        &["plain ASCII text\n"],
        &["naïve 日本語 🎉\r\n"],
        &["a\n", "b\r\n", "lone \r return\n", "é\r\n"],
        &["classic\r", "mac\r"],
        &["one long line without an end, as long as a line can be, "],
        &["\r\n", "\n\r", "\r\r\n"],
    ];
    for (number, lines) in lines.iter().enumerate() {
        for mark in ["", "\u{FEFF}"] {
            let mut content = mark.to_owned();
            let mut line = lines.iter().cycle();
            while (content.len() as u64) < STREAMED_BYTES + 100 {
                content.push_str(line.next().unwrap());
            }
            let fs = FakeFs::new();
            let path = Path::new("/large.txt");
            fs.insert(path, content.as_bytes());
            let progress = LoadProgress::default();
            let options = LoadOptions {
                progress: Some(&progress),
                ..LoadOptions::default()
            };
            let streamed = load_with(&fs, path, &options).unwrap();
            let whole = load_bytes(
                path,
                content.clone().into_bytes(),
                None,
                EncodingChoice::default(),
            )
            .unwrap();
            assert!(streamed.text == whole.text, "{number}");
            assert_eq!(streamed.format, whole.format, "{number}");
            assert_eq!(streamed.fingerprint, whole.fingerprint, "{number}");
            assert_eq!(streamed.notes, whole.notes, "{number}");
            assert_eq!(progress.read(), content.len() as u64);
            assert_eq!(progress.total(), content.len() as u64);
            let saved = save(&fs, path, &streamed.text, &streamed.format).unwrap();
            assert_eq!(fs.content(path).unwrap(), content.as_bytes(), "{number}");
            assert_eq!(saved, streamed.fingerprint, "{number}");
        }
    }
}

#[test]
fn a_large_file_in_another_encoding_or_of_no_text_is_told_as_a_small_one_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("large");
    let repeated = |bytes: &[u8]| bytes.repeat(STREAMED_BYTES as usize / bytes.len() + 2);
    let latin = repeated(b"Die Stra\xDFe ist f\xFCr Fu\xDFg\xE4nger gesperrt.\r\n");
    disk::write(&path, &latin).unwrap();
    let file = load(&RealFs::new(), &path).unwrap();
    assert_eq!(file.format.encoding.name(), "windows-1252");
    save(&RealFs::new(), &path, &file.text, &file.format).unwrap();
    assert!(disk::read(&path).unwrap() == latin);

    let wide: Vec<u8> = repeated(b"wide text\n")
        .iter()
        .flat_map(|byte| [*byte, 0])
        .collect();
    disk::write(&path, &wide).unwrap();
    let file = load(&RealFs::new(), &path).unwrap();
    assert_eq!(file.format.encoding, TextEncoding::UTF_16LE);

    let mut damaged = repeated("schöne Grüße\n".as_bytes());
    damaged.push(0xC3);
    disk::write(&path, &damaged).unwrap();
    let file = load(&RealFs::new(), &path).unwrap();
    assert_eq!(file.notes, [LoadNote::StrayBytes { count: 1 }]);
    save(&RealFs::new(), &path, &file.text, &file.format).unwrap();
    assert!(
        disk::read(&path).unwrap() == damaged,
        "every byte came back"
    );

    let mut private = repeated("schöne Grüße\n".as_bytes());
    private.extend("\u{10FFE9}".as_bytes());
    disk::write(&path, &private).unwrap();
    let file = load(&RealFs::new(), &path).unwrap();
    save(&RealFs::new(), &path, &file.text, &file.format).unwrap();
    assert!(
        disk::read(&path).unwrap() == private,
        "a character is no byte"
    );

    for bytes in [repeated(b"\x01\x02\x03 \n"), repeated(b"text and \0")] {
        disk::write(&path, bytes).unwrap();
        let error = load(&RealFs::new(), &path).unwrap_err();
        assert!(matches!(error, LoadError::Binary { .. }), "{error:?}");
    }
}

/// What a large file begins with is what its text begins with, cut between characters.
#[test]
fn the_beginning_of_a_large_file_is_there_before_the_rest() {
    let fs = FakeFs::new();
    let path = Path::new("/large.txt");
    let utf16: Vec<u8> = "wide text\r\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let lines: [&[u8]; 6] = [
        b"plain ASCII text\n",
        "\u{65e5}\u{672c}\u{8a9e}\u{1f389} and more\r\n".as_bytes(),
        "one long line of \u{e9}\u{e8} that does not end, ".as_bytes(),
        b"classic\rmac\r",
        b"Die Stra\xDFe ist f\xFCr Fu\xDFg\xE4nger gesperrt.\r\n",
        &utf16,
    ];
    for (number, line) in lines.iter().enumerate() {
        let content = line.repeat(STREAMED_BYTES as usize / line.len() + 2);
        fs.insert(path, &content);
        let beginning = read_beginning(&fs, path, EncodingChoice::default());
        let beginning = beginning.unwrap().unwrap();
        let whole = load(&fs, path).unwrap().text;
        let length = beginning.text.len();
        assert!(length > BEGINNING_BYTES / 3, "{number}: {length}");
        assert!(
            whole.slice(0..length) == beginning.text.to_string(),
            "{number}"
        );
        let (estimated, lines) = (beginning.estimated_lines, whole.line_count());
        assert!(
            estimated.abs_diff(lines) <= lines / 50 + 20,
            "{number}: {estimated}, {lines}"
        );
    }
}

#[test]
fn a_file_that_will_be_refused_or_is_small_has_no_beginning() {
    let fs = FakeFs::new();
    let read = |path: &str| read_beginning(&fs, Path::new(path), EncodingChoice::default());
    fs.insert("/small.txt", b"all of it\n");
    assert!(read("/small.txt").unwrap().is_none());
    assert!(matches!(read("/none.txt"), Err(LoadError::NotFound { .. })));
    let mut binary = b"PK\x03\x04 and \0".to_vec();
    binary.resize(STREAMED_BYTES as usize * 2, b'x');
    fs.insert("/binary.zip", &binary);
    assert!(matches!(read("/binary.zip"), Err(LoadError::Binary { .. })));
    let folder = tempfile::tempdir().unwrap();
    let huge = folder.path().join("huge.log");
    let file = disk::File::create(&huge).unwrap();
    file.set_len(MAX_TEXT_BYTES + 1).unwrap();
    let read = read_beginning(&RealFs::new(), &huge, EncodingChoice::default());
    assert!(read.unwrap().is_none());
}

/// A large file that is no text is told by its first block, however long it goes on.
#[test]
fn a_large_binary_file_is_refused_without_being_read_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("disk.img");
    // Zeros that take no room on the disk.
    let file = disk::File::create(&path).unwrap();
    file.set_len(3_000_000_000).unwrap();
    let progress = LoadProgress::default();
    let options = LoadOptions {
        progress: Some(&progress),
        ..LoadOptions::default()
    };
    let error = load_with(&RealFs::new(), &path, &options).unwrap_err();
    assert!(
        matches!(
            error,
            LoadError::Binary {
                size: 3_000_000_000,
                ..
            }
        ),
        "{error:?}"
    );
    assert!(progress.read() < 10_000_000, "{}", progress.read());
}

#[test]
fn reading_ends_where_nobody_waits_for_it() {
    let fs = FakeFs::new();
    fs.insert("/a.txt", &vec![b'x'; STREAMED_BYTES as usize * 2]);
    fs.insert("/small.txt", b"x");
    for path in ["/a.txt", "/small.txt"] {
        let progress = LoadProgress::default();
        progress.cancel();
        let options = LoadOptions {
            progress: Some(&progress),
            ..LoadOptions::default()
        };
        let error = load_with(&fs, Path::new(path), &options).unwrap_err();
        assert!(matches!(error, LoadError::Cancelled { .. }), "{error:?}");
    }
}

#[test]
fn a_file_opens_in_the_encoding_that_somebody_chose() {
    let fs = FakeFs::new();
    let path = Path::new("/a.txt");
    let russian = TextEncoding::for_label("koi8-r").unwrap();
    fs.insert(path, b"\xF0\xD2\xC9\xD7\xC5\xD4\r\n");
    let read_in = |encoding| {
        let options = LoadOptions {
            encoding,
            ..LoadOptions::default()
        };
        load_with(&fs, path, &options).unwrap()
    };
    let file = read_in(EncodingChoice::Fixed(russian));
    assert_eq!(file.text, "Привет\n");
    assert_eq!(file.format.line_ending, LineEnding::CrLf);
    // Not valid in the other one, and yet written as it was.
    let bytes = fs.content(path).unwrap();
    let keeps_its_bytes = |file: &::fs::LoadedFile| {
        assert!(!file.read_only);
        assert_eq!(file.notes, [LoadNote::StrayBytes { count: 6 }]);
        save(&fs, path, &file.text, &file.format).unwrap();
        assert_eq!(fs.content(path).unwrap(), bytes);
    };
    keeps_its_bytes(&read_in(EncodingChoice::Fixed(TextEncoding::UTF_8)));
    let usual = |usual, guess| EncodingChoice::Detect { usual, guess };
    assert_eq!(read_in(usual(russian, false)).text, "Привет\n");
    keeps_its_bytes(&read_in(usual(TextEncoding::UTF_8, false)));
    // A mark says more than a setting.
    fs.insert(path, "\u{FEFF}Привет".as_bytes());
    assert_eq!(read_in(usual(russian, false)).text, "Привет");
}

#[test]
fn what_looks_binary_is_text_where_somebody_says_so_and_keeps_its_bytes() {
    let fs = FakeFs::new();
    let path = Path::new("/log.txt");
    let cut_off = b"one\r\n\0\0\0two\n\x07\x1b[0m";
    let stray = b"\0\xff\xfeone\r\n\x80\0two\rthree\n";
    let all: Vec<u8> = (0..=u8::MAX).collect();
    for bytes in [&cut_off[..], stray, &all] {
        fs.insert(path, bytes);
        assert!(matches!(load(&fs, path), Err(LoadError::Binary { .. })));
        let options = LoadOptions {
            encoding: EncodingChoice::Fixed(TextEncoding::UTF_8),
            ..LoadOptions::default()
        };
        let file = load_with(&fs, path, &options).unwrap();
        assert!(!file.read_only);
        assert!(file.text.to_string().contains('\0'));
        fs.insert(path, b"");
        save(&fs, path, &file.text, &file.format).unwrap();
        assert_eq!(fs.content(path).unwrap(), bytes);
    }
}

/// Every encoding that is offered keeps every text that it can express, and refuses the others
/// without touching the file.
#[test]
fn each_encoding_keeps_what_it_can_express_and_names_what_it_lacks() {
    let samples = [
        "plain\n",
        "äöü ß € œ\n",
        "Привет, мир\n",
        "Ελληνικά\n",
        "שלום\n",
        "日本語のテキスト\n",
        "中文\n",
        "한국어\n",
        "ไทย\n",
    ];
    let fs = FakeFs::new();
    let path = Path::new("/a.txt");
    for encoding in TextEncoding::all() {
        let format = TextFormat::new(encoding, false, LineEnding::CrLf);
        let mut kept = 0;
        for sample in samples {
            // Long enough for several pieces, with characters across their borders.
            let text = Text::new(&sample.repeat(2_000));
            fs.insert(path, b"before");
            match save(&fs, path, &text, &format) {
                Ok(_) => {
                    kept += 1;
                    let options = LoadOptions {
                        encoding: EncodingChoice::Fixed(encoding),
                        ..LoadOptions::default()
                    };
                    let file = load_with(&fs, path, &options).unwrap();
                    assert!(file.text == text, "{encoding} {sample}");
                    assert_eq!(file.format.line_ending, LineEnding::CrLf);
                }
                Err(SaveError::Encode(error)) => {
                    assert!(sample.contains(error.character), "{encoding} {sample}");
                    assert_eq!(text.char_at(error.offset), Some(error.character));
                    assert_eq!(error.line, 1, "{encoding} {sample}");
                    assert_eq!(fs.content(path).unwrap(), b"before");
                }
                Err(error) => panic!("{encoding}: {error}"),
            }
        }
        assert!(kept > 0, "{encoding} keeps nothing");
    }
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
fn text_with_broken_bytes_is_edited_and_keeps_them() {
    let bytes =
        [b"Gr\xC3\xBC\xC3\x9Fe aus K\xC3\xB6ln, sch\xC3\xB6ne Stra\xC3\x9Fe \xFF\n".as_slice()]
            .concat();
    Both::new(&[("a.txt", &bytes)]).each(|fs, root| {
        let file = load(fs, &root.join("a.txt")).unwrap();
        assert!(!file.read_only);
        assert_eq!(file.notes, [LoadNote::StrayBytes { count: 1 }]);
        let edited = file.text.to_string().replace("Köln", "Bonn");
        save(fs, &root.join("a.txt"), &edited.into(), &file.format).unwrap();
        let mut expected = bytes.clone();
        let at = bytes
            .windows(5)
            .position(|part| part == "Köln".as_bytes())
            .unwrap();
        expected.splice(at..at + 5, *b"Bonn");
        assert_eq!(fs.read(&root.join("a.txt"), 1000).unwrap(), expected);
    });
}

#[test]
fn text_with_broken_bytes_of_another_encoding_opens_read_only() {
    Both::new(&[("a.txt", b"\xFF\xFEa\0\x00\xD8b\0")]).each(|fs, root| {
        let file = load(fs, &root.join("a.txt")).unwrap();
        assert!(file.read_only && file.text.to_string().contains('\u{FFFD}'));
        let encoding = TextEncoding::UTF_16LE;
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
        save(
            fs,
            &path,
            &file.text.to_string().replace('c', "d").into(),
            &file.format,
        )
        .unwrap();
        assert_eq!(fs.read(&path, 100).unwrap(), b"a\nb\r\nd\n");
    });
}

#[test]
fn a_character_that_does_not_fit_the_encoding_leaves_the_file_alone() {
    Both::new(&[("a.txt", b"Stra\xDFe, K\xF6ln, M\xFCnchen\n")]).each(|fs, root| {
        let path = root.join("a.txt");
        let file = load(fs, &path).unwrap();
        let error = save(fs, &path, &"snow \u{2603}\n".into(), &file.format).unwrap_err();
        assert!(matches!(error, SaveError::Encode(_)), "{error:?}");
        assert_eq!(load(fs, &path).unwrap().text, file.text);
        let utf8 = file.format.with_encoding(TextEncoding::UTF_8);
        save(fs, &path, &"snow \u{2603}\n".into(), &utf8).unwrap();
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
        let error = save(fs, &path, &"y".into(), &file.format).unwrap_err();
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
        // What a save of a file has beside it.
        (".apple.md.Ab3dE9.kiln-tmp", b""),
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
        fs.create_dir(&at("x/only")).unwrap();
        for taken in ["x/only", "a.txt"] {
            let again = fs.create_dir(&at(taken));
            assert!(matches!(again, Err(FsError::AlreadyExists { .. })));
        }
        assert!(matches!(
            fs.create_dir(&at("none/deep")),
            Err(FsError::NotFound { .. })
        ));
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

#[test]
fn bytes_that_look_like_no_text_are_read_as_one_in_the_unicode_that_they_show() {
    let fs = FakeFs::new();
    let path = Path::new("/cut.log");
    let read = |bytes: &[u8], encoding| {
        fs.insert(path, bytes);
        let options = LoadOptions {
            encoding,
            ..LoadOptions::default()
        };
        let file = load_with(&fs, path, &options).unwrap();
        if !file.read_only {
            save(&fs, path, &file.text, &file.format).unwrap();
            assert_eq!(fs.content(path).unwrap(), bytes, "a save keeps the bytes");
        }
        (file.format.encoding, file.text.to_string(), file.read_only)
    };
    let utf16 = |unit: fn(u16) -> [u8; 2]| {
        let units = "a log of some length\r\nwith\0zeros\r\n".encode_utf16();
        units.flat_map(unit).collect::<Vec<u8>>()
    };
    let (little, big) = (utf16(u16::to_le_bytes), utf16(u16::to_be_bytes));
    let marked: Vec<u8> = [&[0xFF, 0xFE][..], &little].concat();
    let text = "a log of some length\nwith\0zeros\n".to_owned();
    for (bytes, encoding) in [
        (&little, TextEncoding::UTF_16LE),
        (&marked, TextEncoding::UTF_16LE),
        (&big, TextEncoding::UTF_16BE),
    ] {
        fs.insert(path, bytes.as_slice());
        assert!(matches!(load(&fs, path), Err(LoadError::Binary { .. })));
        let expected = (encoding, text.clone(), false);
        assert_eq!(read(bytes, EncodingChoice::AsText), expected);
        assert_eq!(read(bytes, EncodingChoice::Fixed(encoding)), expected);
    }
    // An odd byte is nothing in UTF-16: as a whole it is no text in it.
    let odd: Vec<u8> = [&little[..], b"x"].concat();
    let (encoding, shown, read_only) = read(&odd, EncodingChoice::AsText);
    assert_eq!((encoding, read_only), (TextEncoding::UTF_8, false));
    assert!(shown.starts_with("a\0 \0l\0"), "{shown:?}");
    let (encoding, _, read_only) = read(&odd, EncodingChoice::Fixed(TextEncoding::UTF_16LE));
    assert_eq!((encoding, read_only), (TextEncoding::UTF_16LE, true));

    let cut = b"one\r\n\0\0\0\xfftwo\x81\r\n";
    let (encoding, ..) = read(cut, EncodingChoice::AsText);
    assert_eq!(encoding, TextEncoding::UTF_8);
    for label in ["windows-1252", "windows-1251", "koi8-r", "ibm866"] {
        let encoding = TextEncoding::for_label(label).unwrap();
        let (_, shown, read_only) = read(cut, EncodingChoice::Fixed(encoding));
        assert!(shown.starts_with("one\n\0\0\0"), "{label}: {shown:?}");
        assert!(!read_only, "{label}");
    }
}
