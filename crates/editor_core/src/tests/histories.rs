use std::sync::atomic::AtomicBool;
use std::time::{Duration, SystemTime};

use proptest::collection::vec;
use proptest::prelude::*;

use super::generators::{piece, selections};
use crate::{
    Edit, EditIntent, EditSession, History, Moment, NodeId, SavedHistory, Selections, StateAt,
    Text, Transaction, editing, marked,
};

/// A text being edited, as a buffer would do it.
struct Session {
    text: Text,
    selections: Selections,
    history: History,
    now: Duration,
}

impl Session {
    fn new(marked: &str) -> Self {
        let (text, selections) = marked::parse(marked).unwrap();
        Self {
            text,
            selections,
            history: History::new(),
            now: Duration::ZERO,
        }
    }

    fn run(&mut self, pause_ms: u64, command: impl Fn(&Text, &Selections) -> Transaction) {
        self.now += Duration::from_millis(pause_ms);
        let transaction = command(&self.text, &self.selections);
        let removed = transaction.changes.removed(&self.text);
        self.history.push(&transaction, &removed, self.now);
        self.apply(transaction);
    }

    fn typed(&mut self, pause_ms: u64, text: &str) {
        self.run(pause_ms, |before, selections| {
            editing::insert_text(before, selections, text)
        });
    }

    fn apply(&mut self, transaction: Transaction) {
        self.text = transaction.changes.apply(&self.text).unwrap();
        self.selections = transaction.selections_after;
    }

    fn undo(&mut self) -> bool {
        let transaction = self.history.undo();
        let undone = transaction.is_some();
        transaction.into_iter().for_each(|one| self.apply(one));
        undone
    }

    fn redo(&mut self) -> bool {
        let transaction = self.history.redo();
        let redone = transaction.is_some();
        transaction.into_iter().for_each(|one| self.apply(one));
        redone
    }

    fn shown(&self) -> String {
        marked::format(&self.text, &self.selections)
    }
}

#[test]
fn quick_typing_is_undone_at_once_and_a_pause_parts_it() {
    let mut session = Session::new("ˇ");
    session.typed(0, "a");
    session.typed(300, "b");
    session.typed(301, "c");
    session.typed(10, "d");
    assert_eq!(session.shown(), "abcdˇ");
    assert!(session.undo());
    assert_eq!(session.shown(), "abˇ");
    assert!(session.undo());
    assert_eq!(session.shown(), "ˇ");
    assert!(!session.undo());
    assert!(session.redo() && session.redo());
    assert_eq!(session.shown(), "abcdˇ");
    assert!(!session.redo());
}

#[test]
fn typing_and_deleting_are_undone_apart() {
    let mut session = Session::new("ˇ");
    session.typed(0, "a");
    session.typed(1, "b");
    session.run(1, editing::delete_backward);
    session.run(1, editing::delete_backward);
    assert_eq!(session.shown(), "ˇ");
    session.undo();
    assert_eq!(session.shown(), "abˇ");
    session.undo();
    assert_eq!(session.shown(), "ˇ");
}

#[test]
fn typing_elsewhere_is_undone_apart() {
    let mut session = Session::new("ˇ ");
    session.typed(0, "a");
    session.selections = Selections::caret(session.text.len());
    session.typed(1, "b");
    session.undo();
    assert_eq!(session.text, "a ");
}

#[test]
fn other_edits_are_never_grouped() {
    let mut session = Session::new("ˇone");
    session.run(0, editing::duplicate_line);
    session.run(1, editing::duplicate_line);
    session.undo();
    assert_eq!(session.text, "one\none");
}

fn in_session(session: EditSession) -> impl Fn(&Text, &Selections) -> Transaction {
    move |text, carets| Transaction {
        intent: EditIntent::Session(session),
        ..editing::insert_text(text, carets, "v")
    }
}

#[test]
fn a_session_of_any_number_of_edits_is_undone_at_once_and_with_no_other_edit() {
    let mut session = Session::new("ˇ");
    let first = EditSession::begin();
    for at in 0..3000 {
        session.run(at * 10_000, in_session(first));
    }
    // Somebody else: another program, or a second view.
    session.run(0, |text, carets| Transaction {
        intent: EditIntent::Other,
        ..editing::insert_text(text, carets, "other")
    });
    session.run(0, in_session(first));
    session.run(0, in_session(EditSession::begin()));
    session.run(0, in_session(first));
    let before = "v".repeat(3000);
    for after in ["othervv", "otherv", "other", "", "gone"] {
        assert!(session.undo());
        let shown = session.text.to_string();
        let expected = match after {
            "gone" => String::new(),
            after => format!("{before}{after}"),
        };
        assert_eq!(shown, expected);
    }
    assert!(!session.undo());
}

#[test]
fn a_group_that_is_ended_is_not_continued() {
    let mut session = Session::new("ˇ");
    session.typed(0, "a");
    session.history.break_group();
    session.typed(1, "b");
    session.undo();
    assert_eq!(session.shown(), "aˇ");
}

#[test]
fn after_undo_the_next_edit_begins_a_group_and_a_branch_of_its_own() {
    let mut session = Session::new("ˇ");
    session.typed(0, "a");
    session.typed(400, "b");
    session.undo();
    session.typed(1, "c");
    assert!(!session.redo());
    session.undo();
    assert_eq!(session.shown(), "aˇ");
}

#[test]
fn a_revision_comes_back_with_its_text() {
    let mut session = Session::new("ˇ");
    let empty = session.history.revision();
    session.typed(0, "a");
    let saved = session.history.revision();
    session.typed(400, "b");
    assert_ne!(session.history.revision(), saved);
    session.undo();
    assert_eq!(session.history.revision(), saved);
    session.undo();
    assert_eq!(session.history.revision(), empty);
    session.typed(1, "a");
    assert_ne!(session.history.revision(), saved);
}

#[test]
fn what_changes_nothing_is_not_recorded() {
    let mut session = Session::new("ˇ");
    session.run(0, editing::delete_backward);
    assert!(session.history.undo().is_none());
    session.typed(0, "a");
    session.undo();
    session.run(0, editing::delete_backward);
    assert!(session.history.redo().is_some());
}

#[test]
fn a_long_burst_is_undone_in_bounded_steps_and_quickly() {
    let mut session = Session::new("ˇ");
    for _ in 0..2500 {
        session.typed(1, "x");
    }
    session.undo();
    assert_eq!(session.text.len(), 2000);
    session.undo();
    session.undo();
    assert_eq!(session.text.len(), 0);
    assert!(!session.undo());
}

#[test]
fn a_session_of_more_than_a_history_may_keep_is_undone_in_parts() {
    let mut session = Session::new("ˇ");
    session.history.set_budget(64 * 1024 * 1024);
    let intent = EditIntent::Session(EditSession::begin());
    let piece = "x".repeat(1024 * 1024);
    for _ in 0..80 {
        session.run(1000, |text, carets| Transaction {
            intent,
            ..editing::insert_text(text, carets, &piece)
        });
    }
    assert!(session.undo());
    let left = session.text.len();
    assert!(left > 0 && left < 80 << 20, "{left}");
    assert!(session.undo());
}

proptest! {
    #[test]
    fn undo_and_redo_walk_through_every_state(
        steps in vec((piece(), any::<bool>(), 0u64..600), 1..40),
        carets in selections("seed text\nof two lines")
    ) {
        let mut session = Session::new("ˇseed text\nof two lines");
        session.selections = carets;
        let first = session.text.clone();
        for (piece, delete, pause) in steps {
            if delete {
                session.run(pause, editing::delete_backward);
            } else {
                session.typed(pause, piece);
            }
        }
        let last = session.text.clone();
        let mut states = vec![(session.history.revision(), session.text.clone())];
        while session.undo() {
            states.push((session.history.revision(), session.text.clone()));
        }
        prop_assert_eq!(&session.text, &first);
        states.pop();
        while session.redo() {
            prop_assert_eq!(states.pop(), Some((session.history.revision(), session.text.clone())));
        }
        prop_assert_eq!(&session.text, &last);
    }
}

#[test]
fn undo_gives_the_carets_back() {
    let mut session = Session::new("«oneˇ» «twoˇ»");
    session.typed(0, "x");
    assert_eq!(session.shown(), "xˇ xˇ");
    session.undo();
    assert_eq!(session.shown(), "«oneˇ» «twoˇ»");
    let redone = session.history.redo().unwrap();
    assert_eq!(redone.intent, EditIntent::Other);
    session.apply(redone);
    assert_eq!(session.shown(), "xˇ xˇ");
}

/// A moment `seconds` after the epoch, by the clock on the wall too.
fn at_second(seconds: u64) -> Moment {
    let since = Duration::from_secs(seconds);
    Moment {
        monotonic: since,
        time: Some(SystemTime::UNIX_EPOCH + since),
    }
}

/// Puts `new` in the place of a range and says which state that led to.
fn replaced(session: &mut Session, at: u64, range: std::ops::Range<usize>, new: &str) -> NodeId {
    let edits = vec![Edit::new(range, new)];
    let transaction = Transaction::from_edits(&session.text, &session.selections, edits).unwrap();
    let removed = transaction.changes.removed(&session.text);
    session.history.push(&transaction, &removed, at_second(at));
    session.apply(transaction);
    session.history.revision().node()
}

/// Each state as "+added −removed row: line", the oldest first.
fn told(history: &History, text: &Text) -> Vec<String> {
    let states = history.states().summaries(text);
    states
        .iter()
        .map(|one| format!("+{} -{} {}: {}", one.added, one.removed, one.row, one.line))
        .collect()
}

#[test]
fn states_tell_which_lines_changed_on_every_branch() {
    let mut session = Session::new("ˇone\ntwo\nthree\n");
    let root = session.history.revision().node();
    // Lines put in at a line's start and behind a line's end leave that line as it was.
    let start = replaced(&mut session, 10, 4..4, "  new\nnewer\n");
    let end = replaced(&mut session, 20, 3..3, "\nbehind");
    let in_line = replaced(&mut session, 30, 1..2, "N");
    session.undo();
    session.undo();
    let gone = replaced(&mut session, 40, 0..4, "");
    let expected = [
        "+0 -0 0: ",
        "+2 -0 1: new",
        "+1 -0 1: behind",
        "+1 -1 0: oNe",
        "+0 -1 0: one",
    ];
    assert_eq!(told(&session.history, &session.text), expected);

    let states = session.history.states();
    let summaries = states.summaries(&session.text);
    let ids: Vec<_> = summaries.iter().map(|one| (one.id, one.parent)).collect();
    let tree = [
        (root, None),
        (start, Some(root)),
        (end, Some(start)),
        (in_line, Some(end)),
        (gone, Some(start)),
    ];
    assert_eq!(ids, tree);
    let times: Vec<_> = summaries.iter().map(|one| one.made_at).collect();
    let at = |second| at_second(second).time;
    assert_eq!(times, [None, at(10), at(20), at(30), at(40)]);
    // From another state of the tree it reads the same, and a text comes back whole.
    let text = states.text_of(in_line, &session.text).unwrap();
    assert_eq!(text.to_string(), "oNe\nbehind\n  new\nnewer\ntwo\nthree\n");
    let transaction = session.history.go_to(in_line).unwrap();
    session.apply(transaction);
    assert_eq!(session.text.to_string(), text.to_string());
    assert_eq!(told(&session.history, &session.text), expected);
}

#[test]
fn the_newest_state_of_a_text_is_found_on_whatever_branch() {
    let mut session = Session::new("ˇ");
    replaced(&mut session, 10, 0..0, "a");
    replaced(&mut session, 20, 1..1, "b");
    let undo = session.history.undo().unwrap();
    session.apply(undo);
    replaced(&mut session, 30, 1..1, "c");
    replaced(&mut session, 40, 1..2, "b");
    replaced(&mut session, 50, 2..2, "d");
    let states = session.history.states();
    let state_of = |wanted: &str, cancelled| {
        let cancel = AtomicBool::new(cancelled);
        states.state_of(&Text::new(wanted), &session.text, &cancel)
    };
    let ids: Vec<_> = states
        .summaries(&session.text)
        .iter()
        .map(|one| one.id)
        .collect();
    assert_eq!(state_of("", false), Some(ids[0]));
    assert_eq!(state_of("ac", false), Some(ids[3]));
    assert_eq!(state_of("ab", false), Some(ids[4]), "not the older one");
    assert_eq!(state_of("abd", false), Some(ids[5]));
    assert_eq!(state_of("abe", false), None);
    assert_eq!(state_of("abd", true), None);
}

#[test]
fn times_outlive_a_restart_and_an_old_log_is_read_without_them() {
    let mut session = Session::new("ˇ");
    replaced(&mut session, 10, 0..0, "a");
    session.now = Duration::from_secs(20);
    session.typed(0, "b");
    let restored = |history: &History, text: &Text| {
        let log = history.log(text).encode(usize::MAX);
        SavedHistory::read(&log).unwrap().restore(text).unwrap()
    };
    let restored = restored(&session.history, &session.text);
    let times = |history: &History| {
        let summaries = history.states().summaries(&session.text);
        let times = summaries.into_iter().map(|one| one.made_at);
        times.collect::<Vec<_>>()
    };
    // Of "b" no time of day was told, as in a log from before times were kept.
    assert_eq!(times(&restored), [None, at_second(10).time, None]);
    assert_eq!(times(&restored), times(&session.history));
}

#[test]
fn states_are_named_by_when_they_were_made_and_saved() {
    let (mut text, mut history) = (Text::default(), History::new());
    // Made at 10, 20, 30 and 40 seconds; the second and the third were saved.
    for (number, typed) in ["a", "b", "c", "d"].iter().enumerate() {
        let seconds = Duration::from_secs(10 * (number as u64 + 1));
        let at = Moment {
            monotonic: seconds,
            time: Some(SystemTime::UNIX_EPOCH + seconds),
        };
        let transaction = editing::insert_text(&text, &Selections::caret(text.len()), typed);
        history.push(&transaction, &transaction.changes.removed(&text), at);
        text = transaction.changes.apply(&text).unwrap();
        history.break_group();
        if (1..3).contains(&number) {
            history.text_saved(history.revision());
        }
    }
    let mut go = |at: StateAt| {
        let id = history.state_at(at)?;
        let step = history.go_to(id)?;
        text = step.changes.apply(&text).unwrap();
        Some(text.to_string())
    };
    let seconds = Duration::from_secs;
    let mut goes = |at, expected: &str| assert_eq!(go(at).as_deref(), Some(expected), "{at:?}");
    goes(StateAt::EarlierBy(seconds(10)), "abc");
    goes(StateAt::EarlierBy(seconds(15)), "a");
    goes(StateAt::EarlierBy(seconds(15)), "");
    goes(StateAt::LaterBy(seconds(10)), "ab");
    goes(StateAt::LaterBy(seconds(5)), "abc");
    goes(StateAt::LaterBy(seconds(3600)), "abcd");
    goes(StateAt::SavesEarlier(1), "abc");
    goes(StateAt::SavesEarlier(1), "ab");
    goes(StateAt::SavesLater(1), "abc");
    goes(StateAt::SavesLater(1), "abcd");
    goes(StateAt::SavesEarlier(9), "");
    goes(StateAt::Later(3), "abc");
    goes(StateAt::Earlier(1), "ab");
    goes(StateAt::Number(4), "abcd");
    goes(StateAt::Number(0), "");
    assert_eq!(go(StateAt::Earlier(1)), None);
    assert_eq!(go(StateAt::Number(9)), None);
}
