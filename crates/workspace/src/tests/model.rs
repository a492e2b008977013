//! The workspace against a model of plain strings, over random histories.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use editor_core::{ChangeSet, Edit, Selections, Transaction};
use proptest::collection::vec;
use proptest::prelude::*;

use super::{FILE, Fixture};
use crate::{DiskState, Workspace};

#[derive(Debug, Clone)]
enum Action {
    Edit(usize, usize, String),
    Undo,
    Redo,
    Save,
    StartSave,
    FinishSave,
    OtherProgram(String),
    OtherProgramDeletes,
    Watcher,
    Reload,
    KeepMine,
    Overwrite,
}

fn text() -> impl Strategy<Value = String> {
    "[abé\n]{0,6}"
}

fn action() -> impl Strategy<Value = Action> {
    prop_oneof![
        8 => (any::<usize>(), any::<usize>(), text())
            .prop_map(|(start, end, text)| Action::Edit(start, end, text)),
        3 => Just(Action::Undo),
        2 => Just(Action::Redo),
        2 => Just(Action::Save),
        2 => Just(Action::StartSave),
        2 => Just(Action::FinishSave),
        1 => text().prop_map(Action::OtherProgram),
        1 => Just(Action::OtherProgramDeletes),
        3 => Just(Action::Watcher),
        1 => Just(Action::Reload),
        1 => Just(Action::KeepMine),
        1 => Just(Action::Overwrite),
    ]
}

/// What a user would expect: the states of the text, and what was on the disk.
struct Model {
    /// Every state that undo can reach, and the one shown.
    states: Vec<String>,
    at: usize,
    disk: Option<String>,
    /// Texts that may be replaced on the disk: read into the buffer, written from it, or given up
    /// by the user.
    settled: HashSet<String>,
}

impl Model {
    fn shown(&self) -> &str {
        &self.states[self.at]
    }

    /// Whether what the disk holds may give way to `now`.
    fn may_become(&self, now: &Option<String>) -> bool {
        let gives_way = |disk: &String| self.settled.contains(disk);
        *now == self.disk || self.disk.as_ref().is_none_or(gives_way)
    }

    fn written(&mut self, now: Option<String>) {
        if now != self.disk {
            self.settled.extend(now.clone());
        }
        self.disk = now;
    }

    fn edit(&mut self, text: String) {
        if text != self.shown() {
            self.states.truncate(self.at + 1);
            self.states.push(text);
            self.at += 1;
        }
    }
}

fn boundary(text: &str, seed: usize) -> usize {
    let mut at = seed % (text.len() + 1);
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// A fixture whose clock moves on so far with every look that each edit is undone by itself.
fn fixture(content: &str) -> Fixture {
    let mut fixture = Fixture::new(content);
    let now = AtomicU64::new(0);
    let clock = move || Duration::from_secs(now.fetch_add(1, Ordering::Relaxed));
    let fs = fixture.fs.clone();
    fixture.workspace = Workspace::with_clock("/p".into(), fs, clock);
    fixture.id = fixture.workspace.open_blocking(FILE.as_ref()).unwrap();
    fixture
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_history_loses_text(first in text(), actions in vec(action(), 1..60)) {
        let mut fixture = fixture(&first);
        let mut model = Model {
            states: vec![first.clone()],
            at: 0,
            disk: Some(first.clone()),
            settled: HashSet::from([first]),
        };
        let mut pending = None;
        for action in actions {
            let id = fixture.id;
            let types = matches!(action, Action::Edit(..) | Action::Undo | Action::Redo);
            let disk_before = fixture.workspace.buffer(id).unwrap().disk();
            match action {
                Action::Edit(start, end, text) => {
                    let shown = model.shown().to_owned();
                    let (start, end) = (boundary(&shown, start), boundary(&shown, end));
                    let range = start.min(end)..start.max(end);
                    let edit = Edit::new(range.clone(), text.clone());
                    let changes = ChangeSet::from_edits(shown.len(), vec![edit]).unwrap();
                    let nothing = changes.is_empty();
                    let caret = Selections::caret(range.end);
                    let transaction = Transaction::from_changes(changes, &caret);
                    fixture.workspace.edit(id, transaction).unwrap();
                    let mut after = shown.clone();
                    after.replace_range(range, &text);
                    if !nothing && after == shown {
                        // Replaced by the same: a step of its own all the same.
                        model.states.truncate(model.at + 1);
                        model.states.push(after);
                        model.at += 1;
                    } else {
                        model.edit(after);
                    }
                }
                Action::Undo => {
                    let undone = fixture.workspace.undo(id).is_some();
                    prop_assert_eq!(undone, model.at > 0);
                    model.at -= usize::from(undone);
                }
                Action::Redo => {
                    let redone = fixture.workspace.redo(id).is_some();
                    prop_assert_eq!(redone, model.at + 1 < model.states.len());
                    model.at += usize::from(redone);
                }
                Action::Save => {
                    let disk_before = model.disk.clone();
                    match fixture.workspace.save_blocking(id) {
                        Ok(()) => {
                            let now = content(&fixture);
                            prop_assert!(
                                now.as_deref() == Some(model.shown()) || now == disk_before
                            );
                            prop_assert!(model.may_become(&now));
                            model.written(now);
                        }
                        Err(_) => prop_assert_eq!(content(&fixture), disk_before),
                    }
                }
                Action::StartSave => {
                    if pending.is_none()
                        && let Ok(job) = fixture.workspace.save_job(id)
                    {
                        pending = Some(job.run());
                        let now = content(&fixture);
                        prop_assert!(model.may_become(&now));
                        model.written(now);
                    }
                }
                Action::FinishSave => {
                    if let Some(saved) = pending.take() {
                        fixture.workspace.save_finished(id, saved).ok();
                    }
                }
                Action::OtherProgram(text) => {
                    fixture.fs.insert(FILE, text.as_bytes());
                    model.disk = Some(text);
                }
                Action::OtherProgramDeletes => {
                    if model.disk.take().is_some() {
                        use fs::Fs;
                        fixture.fs.remove(FILE.as_ref()).unwrap();
                    }
                }
                Action::Watcher => {
                    let dirty = fixture.is_dirty();
                    let deleted = fixture.workspace.buffer(id).unwrap().disk() == DiskState::Deleted;
                    let before = fixture.text();
                    fixture.tell();
                    if fixture.text() != before {
                        prop_assert!(!dirty || deleted, "unsaved text was replaced");
                        prop_assert_eq!(Some(fixture.text()), model.disk.clone());
                        model.edit(fixture.text());
                    }
                    let state = fixture.workspace.buffer(id).unwrap().disk();
                    if state == DiskState::InSync {
                        model.settled.extend(content(&fixture));
                    }
                }
                Action::Reload => {
                    if fixture.reload().is_ok() {
                        model.edit(fixture.text());
                        model.settled.insert(fixture.text());
                    }
                }
                Action::KeepMine => {
                    let buffer = fixture.workspace.buffer(id).unwrap();
                    model.settled.extend(buffer.text_on_disk().map(ToString::to_string));
                    fixture.workspace.keep_mine(id);
                }
                Action::Overwrite => {
                    let saved = fixture.workspace.overwrite_job(id).unwrap().run();
                    fixture.workspace.save_finished(id, saved).unwrap();
                    let now = content(&fixture);
                    prop_assert_eq!(now.as_deref(), Some(model.shown()));
                    // The user's decision, also where another program wrote the same.
                    model.settled.extend(now.clone());
                    model.written(now);
                }
            }
            let shown = fixture.text();
            prop_assert_eq!(&shown, model.shown());
            // Who comes to the text that was found on the disk has no question left about it.
            let disk = fixture.workspace.buffer(id).unwrap().disk();
            if types && disk_before == DiskState::Changed && disk == DiskState::InSync {
                model.settled.insert(shown);
            }
        }
        // In the end, once the watcher has told and saves are done, a clean buffer is the disk.
        if let Some(saved) = pending.take() {
            fixture.workspace.save_finished(fixture.id, saved).ok();
        }
        fixture.tell();
        if !fixture.is_dirty() {
            prop_assert_eq!(Some(fixture.text()), content(&fixture));
        }
    }
}

fn content(fixture: &Fixture) -> Option<String> {
    let bytes = Arc::clone(&fixture.fs).content(FILE)?;
    Some(String::from_utf8(bytes).unwrap())
}
