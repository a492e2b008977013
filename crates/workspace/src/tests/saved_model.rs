//! Multi-caret edits, undo, redo, saves and fresh starts from the disk, at random, against a plain
//! `String`: in several encodings, with and without byte order marks and with every line end.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use editor_core::{ChangeSet, Edit, Selection, Selections, Transaction};
use fs::{EncodingChoice, FakeFs, LineEnding, LoadOptions, TextEncoding};
use test_support::Random;

use super::FILE;
use crate::{BufferId, Workspace};

/// What a file is on the disk.
#[derive(Debug, Clone, Copy)]
struct Form {
    label: &'static str,
    bom: bool,
    /// `None` for a file that mixes them.
    ending: Option<LineEnding>,
    /// Characters that the encoding has.
    letters: &'static [char],
}

const FORMS: [Form; 8] = [
    form(
        "utf-8",
        false,
        Some(LineEnding::Lf),
        &['a', 'é', '😀', '\n'],
    ),
    form("utf-8", true, Some(LineEnding::CrLf), &['a', '日', '\n']),
    form("utf-8", false, None, &['a', 'b', 'é', '\n']),
    form("utf-8", false, Some(LineEnding::Cr), &['a', 'é', '\n']),
    form("utf-16le", true, Some(LineEnding::Lf), &['a', '😀', '\n']),
    form("utf-16be", false, Some(LineEnding::CrLf), &['a', 'ж', '\n']),
    form(
        "windows-1252",
        false,
        Some(LineEnding::CrLf),
        &['a', 'é', '\n'],
    ),
    form("utf-16le", true, None, &['a', '日', '\n']),
];

const fn form(
    label: &'static str,
    bom: bool,
    ending: Option<LineEnding>,
    letters: &'static [char],
) -> Form {
    Form {
        label,
        bom,
        ending,
        letters,
    }
}

impl Form {
    fn text(&self, random: &mut Random, most: usize) -> String {
        let length = random.below(most + 1);
        let letters = (0..length).map(|_| self.letters[random.below(self.letters.len())]);
        letters.collect()
    }

    /// The bytes of a text with the line ends that it is to have on the disk.
    fn bytes(&self, ended: &str) -> Vec<u8> {
        let bom = if self.bom { "\u{FEFF}" } else { "" };
        let marked = format!("{bom}{ended}");
        match self.label {
            "utf-16le" => marked.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            "utf-16be" => marked.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            "windows-1252" => marked.chars().map(|letter| letter as u8).collect(),
            _ => marked.into_bytes(),
        }
    }

    /// A text with every line end at random, where they are mixed.
    fn ended(&self, text: &str, random: &mut Random) -> String {
        let mut ended = String::new();
        for letter in text.chars() {
            let ending = match self.ending {
                Some(ending) => ending,
                None if random.below(2) == 0 => LineEnding::Lf,
                None => LineEnding::CrLf,
            };
            match letter {
                '\n' => ended.push_str(ending.as_str()),
                letter => ended.push(letter),
            }
        }
        ended
    }
}

struct Model {
    form: Form,
    fs: Arc<FakeFs>,
    workspace: Workspace,
    id: BufferId,
    /// What undo and redo reach, and which is shown.
    states: Vec<String>,
    at: usize,
    /// The text on the disk, and its bytes.
    saved: String,
    bytes: Vec<u8>,
    /// How lines end; a file without any says nothing about that.
    ending: LineEnding,
}

impl Model {
    fn start(form: Form, fs: Arc<FakeFs>, saved: String, bytes: Vec<u8>) -> Self {
        let options = LoadOptions {
            encoding: EncodingChoice::Fixed(TextEncoding::for_label(form.label).unwrap()),
            ..LoadOptions::default()
        };
        let file = fs::load_with(&*fs, Path::new(FILE), &options).unwrap();
        assert_eq!(file.format.bom, form.bom);
        let ending = file.format.line_ending;
        // Every edit is a step of undo by itself.
        let now = AtomicU64::new(0);
        let clock = move || Duration::from_secs(now.fetch_add(1, Ordering::Relaxed));
        let mut workspace = Workspace::with_clock("/p".into(), fs.clone(), clock);
        let id = workspace.add_loaded(file);
        let model = Self {
            form,
            fs,
            workspace,
            id,
            states: vec![saved.clone()],
            at: 0,
            saved,
            bytes,
            ending,
        };
        model.check();
        model
    }

    fn shown(&self) -> &str {
        &self.states[self.at]
    }

    fn check(&self) {
        let buffer = self.workspace.buffer(self.id).unwrap();
        assert_eq!(*buffer.text(), *self.shown(), "{:?}", self.form);
        assert_eq!(buffer.is_dirty(), self.shown() != self.saved);
    }

    /// Up to four edits at once, as several carets make them.
    fn edit(&mut self, random: &mut Random) {
        let shown = self.shown().to_owned();
        let count = 1 + random.below(4);
        let mut places: Vec<usize> = (0..count * 2)
            .map(|_| {
                let mut at = random.below(shown.len() + 1);
                while !shown.is_char_boundary(at) {
                    at -= 1;
                }
                at
            })
            .collect();
        places.sort_unstable();
        places.dedup();
        let mut after = String::new();
        let (mut edits, mut carets, mut copied) = (Vec::new(), Vec::new(), 0);
        for pair in places.chunks(2) {
            let (start, end) = (pair[0], *pair.last().unwrap());
            // What is typed outweighs what goes only in a short text.
            let end = if shown.len() < 400 { start } else { end };
            let text = self.form.text(random, 5);
            after += &shown[copied..start];
            after += &text;
            copied = end;
            carets.push(Selection::new(start, end));
            edits.push(Edit::new(start..end, text));
        }
        after += &shown[copied..];
        let changes = ChangeSet::from_edits(shown.len(), edits).unwrap();
        if changes.is_empty() {
            return;
        }
        let carets = Selections::new(carets, 0);
        let transaction = Transaction::from_changes(changes, &carets);
        self.workspace.edit(self.id, transaction).unwrap();
        self.states.truncate(self.at + 1);
        self.states.push(after);
        self.at += 1;
    }

    fn save(&mut self) {
        self.workspace.save_blocking(self.id).unwrap();
        let bytes = self.fs.content(FILE).unwrap();
        let shown = self.shown().to_owned();
        if shown == self.saved {
            assert!(bytes == self.bytes, "{:?}: nothing was changed", self.form);
        }
        if self.form.ending.is_some() {
            let ended = shown.replace('\n', self.ending.as_str());
            assert!(bytes == self.form.bytes(&ended), "{:?}", self.form);
        } else {
            // Whichever line ends how: without the one sort of them it is the text.
            let plain = |bytes: &[u8]| {
                let encoding = TextEncoding::for_label(self.form.label).unwrap();
                fs::decode_as(bytes, encoding).unwrap().0
            };
            assert_eq!(plain(&bytes), shown, "{:?}", self.form);
        }
        (self.saved, self.bytes) = (shown, bytes);
    }

    /// Another start, which knows of the file alone.
    fn reload(self) -> Self {
        Self::start(self.form, self.fs, self.saved, self.bytes)
    }
}

fn run(seeds: std::ops::Range<u64>, operations: usize) {
    for seed in seeds {
        let mut random = Random::new(seed);
        let form = FORMS[seed as usize % FORMS.len()];
        let text = form.text(&mut random, 300);
        let bytes = form.bytes(&form.ended(&text, &mut random));
        let fs = Arc::new(FakeFs::new());
        fs.insert(FILE, &bytes);
        let mut model = Model::start(form, fs, text, bytes);
        for _ in 0..operations {
            match random.below(100) {
                0..=59 => model.edit(&mut random),
                60..=75 => {
                    let undone = model.workspace.undo(model.id).is_some();
                    assert_eq!(undone, model.at > 0);
                    model.at -= usize::from(undone);
                }
                76..=87 => {
                    let redone = model.workspace.redo(model.id).is_some();
                    assert_eq!(redone, model.at + 1 < model.states.len());
                    model.at += usize::from(redone);
                }
                88..=96 => model.save(),
                _ => {
                    // What was not saved is gone, and the history with it.
                    model = model.reload();
                }
            }
            model.check();
        }
    }
}

#[test]
fn a_hundred_thousand_operations_leave_text_and_file_as_a_plain_string_would_be() {
    run(0..100, 1000);
}

#[test]
#[ignore = "takes minutes: ten million operations"]
fn ten_million_operations_leave_text_and_file_as_a_plain_string_would_be() {
    run(1000..11_000, 1000);
}
