//! What goes with a change that is left out, and what comes back with one.

use super::*;
use crate::AskedVersions;
use serde_json::{Value, json};

/// A listed edit of these `documentChanges`, whose paths are below `/p`.
fn listed(changes: &[Value]) -> ShownEdit {
    let edit = json!({"documentChanges": changes});
    let edit = WorkspaceEdit::read(&edit, lsp::PositionEncoding::Utf8).unwrap();
    ShownEdit {
        paths: StepPaths::of(&edit, Path::to_path_buf),
        edit: Arc::new(edit),
        asked: AskedVersions::new(),
        texts: ShownTexts::default(),
        then: None,
        since: None,
    }
}

fn uri(path: &str) -> String {
    format!("file:///p/{path}")
}

/// So many changes of a text.
fn text(path: &str, count: usize) -> Value {
    let place = json!({"line": 0, "character": 0});
    let edit = json!({"range": {"start": place, "end": place}, "newText": "x"});
    json!({"textDocument": {"uri": uri(path), "version": null}, "edits": vec![edit; count]})
}

fn create(path: &str) -> Value {
    json!({"kind": "create", "uri": uri(path)})
}

fn rename(from: &str, to: &str) -> Value {
    json!({"kind": "rename", "oldUri": uri(from), "newUri": uri(to)})
}

fn delete(path: &str) -> Value {
    json!({"kind": "delete", "uri": uri(path), "options": {"recursive": true}})
}

/// All changes of an edit.
fn all(edit: &ShownEdit) -> Vec<ListedChange> {
    let mut all = Vec::new();
    for (step, one) in edit.edit.steps.iter().enumerate() {
        match one {
            EditStep::File(_) => all.push(ListedChange::of_file(step)),
            EditStep::Texts(files) => {
                for (file, one) in files.iter().enumerate() {
                    all.extend((0..one.len()).map(|edit| ListedChange::of_text(step, file, edit)));
                }
            }
        }
    }
    all
}

const fn file(step: usize) -> ListedChange {
    ListedChange { step, text: None }
}

const fn in_text(step: usize, file: usize, edit: usize) -> ListedChange {
    ListedChange {
        step,
        text: Some((file, edit)),
    }
}

/// What is left out of an edit, in order.
fn out(edit: &ShownEdit, left_out: &LeftOut) -> Vec<ListedChange> {
    let mut all = all(edit);
    all.retain(|change| left_out.contains(*change));
    all
}

#[test]
fn what_is_done_at_a_path_goes_with_what_puts_something_there_or_takes_it_away() {
    let edit = listed(&[
        create("new/a.rs"),
        text("new/a.rs", 2),
        text("other.rs", 1),
        rename("b.rs", "new/b.rs"),
        rename("new", "newer"),
        text("newer/b.rs", 1),
        text("newer/a.rs", 1),
    ]);
    let mut left_out = LeftOut::default();
    left_out.leave_out(&edit, [file(2)]);
    // The folder that it would have been put in is not moved.
    assert_eq!(
        out(&edit, &left_out),
        [file(2), file(3), in_text(4, 0, 0), in_text(4, 1, 0)]
    );
    assert_eq!(
        left_out.for_want_of(file(2)),
        None,
        "it was left out itself"
    );
    assert_eq!(left_out.for_want_of(file(3)), Some(file(2)));
    assert_eq!(left_out.for_want_of(in_text(4, 0, 0)), Some(file(3)));
    assert_eq!(left_out.chosen().len(), 1);
    // Back with what it needs: the move, and that of the folder.
    left_out.take_back(&edit, [in_text(4, 0, 0)]);
    assert_eq!(out(&edit, &left_out), []);

    left_out.leave_out(&edit, [file(0)]);
    assert!(!left_out.contains(in_text(1, 1, 0)), "another file");
    assert!(!left_out.contains(file(2)), "beside it");
    assert_eq!(left_out.for_want_of(in_text(1, 0, 1)), Some(file(0)));
    left_out.take_back(&edit, [file(0)]);
    assert_eq!(out(&edit, &left_out), []);
}

#[test]
fn a_change_of_a_text_goes_with_an_earlier_one_of_it_wherever_it_lies_by_then() {
    let edit = listed(&[
        text("a.rs", 2),
        text("b.rs", 1),
        rename("a.rs", "c.rs"),
        text("c.rs", 2),
        text("b.rs", 1),
        delete("c.rs"),
        create("c.rs"),
        text("c.rs", 1),
    ]);
    let mut left_out = LeftOut::default();
    left_out.leave_out(&edit, [in_text(0, 0, 1)]);
    let of_a = [in_text(0, 0, 1), in_text(2, 0, 0), in_text(2, 0, 1)];
    // What is made in its place later is another text.
    assert_eq!(out(&edit, &left_out), of_a);
    // One of the two that went comes back, and with it what it stands on.
    left_out.take_back(&edit, [in_text(2, 0, 1)]);
    assert_eq!(out(&edit, &left_out), []);

    // What comes back brings only what it needs.
    left_out.leave_out(
        &edit,
        [in_text(0, 0, 0), in_text(2, 0, 0), in_text(0, 1, 0)],
    );
    left_out.take_back(&edit, [in_text(2, 0, 1)]);
    assert_eq!(
        out(&edit, &left_out),
        [in_text(0, 1, 0), in_text(2, 0, 0), in_text(2, 1, 0)]
    );
    // Where the file stays, so does what was to come in its place.
    let mut left_out = LeftOut::default();
    left_out.leave_out(&edit, [file(3)]);
    assert_eq!(out(&edit, &left_out), [file(3), file(4), in_text(5, 0, 0)]);
}

/// Numbers that look random, the same each time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, count: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % count
    }

    fn one_of<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }
}

/// The files of a folder, each with where it comes from and the changes of its text.
type Files = HashMap<PathBuf, (String, Vec<ListedChange>)>;

/// What each of the changes of an edit finds.
type Found = HashMap<ListedChange, Vec<(PathBuf, String)>>;

/// What a change finds: the files that its paths name or that lie below these, and of a text what was
/// changed in it.
fn finds(files: &Files, paths: &[PathBuf], change: ListedChange) -> Vec<(PathBuf, String)> {
    let named = files
        .iter()
        .filter(|(file, _)| paths.iter().any(|path| file.starts_with(path)));
    let found = named.map(|(path, (origin, changes))| match change.text {
        Some(_) => (path.clone(), format!("{origin} {changes:?}")),
        None => (path.clone(), origin.clone()),
    });
    let mut found: Vec<_> = found.collect();
    found.sort();
    found
}

/// Does something to whole files, on paper.
fn operate(files: &mut Files, step: usize, operation: &FileOperation) {
    match operation {
        FileOperation::Create { path, .. } => {
            files.insert(path.clone(), (format!("made by {step}"), Vec::new()));
        }
        FileOperation::Rename { from, to, .. } => move_below(files, from, to),
        FileOperation::Delete { path, .. } => files.retain(|file, _| !file.starts_with(path)),
    }
}

/// Makes an edit but for some of its changes, on paper; what each of the others finds.
fn made(edit: &ShownEdit, mut files: Files, is_made: impl Fn(ListedChange) -> bool) -> Found {
    let mut found = Found::new();
    for (step, (one, paths)) in edit.steps() {
        let texts = match one {
            EditStep::Texts(texts) => texts,
            EditStep::File(operation) => {
                let change = ListedChange::of_file(step);
                if is_made(change) {
                    found.insert(change, finds(&files, paths, change));
                    operate(&mut files, step, operation);
                }
                continue;
            }
        };
        for (file, (one, path)) in texts.iter().zip(paths).enumerate() {
            let changes = (0..one.len()).map(|edit| ListedChange::of_text(step, file, edit));
            let changes: Vec<_> = changes.filter(|change| is_made(*change)).collect();
            for change in &changes {
                found.insert(*change, finds(&files, std::slice::from_ref(path), *change));
            }
            if let Some((_, all)) = files.get_mut(path) {
                all.extend(changes);
            }
        }
    }
    found
}

const PATHS: [&str; 8] = ["a", "b", "d", "d/x", "d/y", "e", "e/x", "f/x"];

fn start() -> Files {
    let there = ["a", "b", "d/x"].map(|path| Path::new("/p").join(path));
    let files = there.map(|path| (path.clone(), (path.display().to_string(), Vec::new())));
    files.into_iter().collect()
}

/// An edit all of whose steps can be made.
fn some_edit(numbers: &mut Numbers) -> ShownEdit {
    let (mut files, mut changes) = (start(), Vec::new());
    for step in 0..40 {
        let (one, other) = (numbers.one_of(&PATHS), numbers.one_of(&PATHS));
        let [path, to] = [one, other].map(|path| Path::new("/p").join(path));
        let is_there = |path: &Path| files.keys().any(|file| file.starts_with(path));
        let is_free = |path: &Path| {
            !is_there(path) && !path.ancestors().any(|above| files.contains_key(above))
        };
        let operation = match numbers.below(8) {
            0 if is_free(&path) => FileOperation::Create {
                path,
                may_exist: false,
            },
            1 | 2 if is_there(&path) && is_free(&to) && !to.starts_with(&path) => {
                FileOperation::Rename {
                    from: path,
                    to,
                    may_exist: false,
                }
            }
            3 if is_there(&path) => FileOperation::Delete {
                path,
                recursive: true,
                may_be_gone: false,
            },
            4.. if files.contains_key(&path) => {
                changes.push(text(one, 1 + numbers.below(2)));
                continue;
            }
            _ => continue,
        };
        operate(&mut files, step, &operation);
        changes.push(match operation {
            FileOperation::Create { .. } => create(one),
            FileOperation::Rename { .. } => rename(one, other),
            FileOperation::Delete { .. } => delete(one),
        });
    }
    listed(&changes)
}

#[test]
fn what_is_made_finds_what_it_would_have_found_in_the_whole_edit() {
    let mut numbers = Numbers(7);
    let (mut went, mut stayed) = (0, 0);
    for _ in 0..400 {
        let edit = some_edit(&mut numbers);
        let all = all(&edit);
        if all.is_empty() {
            continue;
        }
        let whole = made(&edit, start(), |_| true);
        let mut left_out = LeftOut::default();
        for _ in 0..8 {
            let change = numbers.one_of(&all);
            match numbers.below(3) {
                0 => {
                    left_out.take_back(&edit, [change]);
                    assert!(!left_out.contains(change), "{:?}: {change:?}", edit.edit);
                }
                _ => {
                    left_out.leave_out(&edit, [change]);
                    assert!(left_out.contains(change), "{:?}: {change:?}", edit.edit);
                }
            }
            for (change, found) in made(&edit, start(), |change| !left_out.contains(change)) {
                assert_eq!(
                    found, whole[&change],
                    "{:?} without {left_out:?}",
                    edit.edit
                );
                stayed += 1;
            }
            let wanting = all
                .iter()
                .filter_map(|change| left_out.for_want_of(*change));
            for needed in wanting {
                assert!(left_out.contains(needed), "{:?}: {needed:?}", edit.edit);
                went += 1;
            }
            let with_all = edit.with_all_wanting(left_out.chosen());
            assert!(
                all.iter()
                    .all(|one| with_all.contains(one) == left_out.contains(*one))
            );
        }
    }
    assert!(
        went > 1_000 && stayed > 1_000,
        "{went} went, {stayed} stayed"
    );
}
