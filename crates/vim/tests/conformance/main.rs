//! The same keys over the same texts, through Neovim and through this crate.

#![allow(clippy::expect_used, clippy::unwrap_used)]

mod cases;
mod minimise;
mod neovim;

use std::fmt;
use std::ops::Range;
use std::time::{Duration, SystemTime};

use editor_core::{Edit, History, Moment, Selections, Text};
use test_support::left_out;
use vim::{CommentMarks, Effect, Key, Mode, Options, Vim, VimContext, parse_keys};

#[derive(Clone, Debug, PartialEq)]
struct Case {
    text: Vec<String>,
    /// Keys that set what Neovim remembers between cases, and the cursor.
    setup: String,
    pieces: Vec<String>,
    /// A command for Neovim alone, before the keys.
    options: &'static str,
}

impl Case {
    fn keys(&self) -> String {
        format!("{}{}", self.setup, self.pieces.concat())
    }
}

#[derive(Debug, PartialEq, Clone)]
struct Outcome {
    lines: Vec<String>,
    row: u64,
    column: u64,
    /// The first letter of Neovim's `mode()` after the keys.
    mode: String,
    registers: Vec<String>,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            lines,
            row,
            column,
            mode,
            registers,
        } = self;
        write!(f, "{row}:{column} {mode} {lines:?}")?;
        let filled = REGISTERS.iter().zip(registers);
        for (name, text) in filled.filter(|(_, text)| !text.is_empty()) {
            write!(f, " {name}={text:?}")?;
        }
        Ok(())
    }
}

const REGISTERS: [char; 6] = ['a', 'b', '0', '1', '2', '-'];

/// A text whose comments begin with `//`, where it has comments, and whose lines are indented by four
/// cells.
struct Surroundings {
    has_comments: bool,
}

impl VimContext for Surroundings {
    fn comment_marks(&self, _: &Text, _: usize) -> Option<CommentMarks> {
        self.has_comments.then(|| CommentMarks {
            open: "// ".to_owned(),
            close: String::new(),
        })
    }

    fn reindent(&self, text: &Text, rows: Range<usize>) -> Vec<Edit> {
        let indented = |row: usize| {
            let line = text.line(row).into_owned();
            let blanks = line.len() - line.trim_start_matches([' ', '\t']).len();
            let new = if blanks == line.len() { "" } else { "    " };
            let start = text.line_start(row);
            (line[..blanks] != *new).then(|| Edit::new(start..start + blanks, new))
        };
        rows.filter_map(indented).collect()
    }
}

/// Runs keys as an editor does: carries out the effects over a text with a history.
fn run(case: &Case) -> Outcome {
    let mut text = Text::new(&format!("{}\n", case.text.join("\n")));
    let mut selections = Selections::caret(0);
    let mut history = History::new();
    let mut vim = Vim::new(Options::default());
    let at = Moment {
        monotonic: Duration::from_secs(1),
        time: Some(SystemTime::UNIX_EPOCH + Duration::from_secs(100_000_000)),
    };
    let surroundings = Surroundings {
        has_comments: case.options != cases::PLAIN_LINES,
    };
    let keys = parse_keys(&case.keys());
    let end = keys.len();
    let mut mode = Mode::Normal;
    for (index, key) in keys
        .into_iter()
        .chain([Key::Escape, Key::Escape])
        .enumerate()
    {
        if index == end {
            mode = vim.mode();
        }
        let mut effects = vim.key(key, &text, &selections, &surroundings);
        loop {
            let mut moved = false;
            for effect in effects {
                match effect {
                    Effect::Edit(transaction) => {
                        history.push(&transaction, &transaction.changes.removed(&text), at);
                        text = transaction
                            .changes
                            .apply(&text)
                            .expect("an edit of this text");
                        selections = transaction.selections_after;
                    }
                    Effect::Select(new) => selections = new,
                    Effect::Undo(count) | Effect::Redo(count) => {
                        let undo = matches!(effect, Effect::Undo(_));
                        for _ in 0..count {
                            let step = if undo { history.undo() } else { history.redo() };
                            let Some(step) = step else { break };
                            moved = true;
                            text = step.changes.apply(&text).expect("a step of this text");
                            selections = step.selections_after;
                        }
                    }
                    Effect::GoToState(to) => {
                        let step = history.state_at(to).and_then(|id| history.go_to(id));
                        if let Some(step) = step {
                            moved = true;
                            text = step.changes.apply(&text).expect("a step of this text");
                            selections = step.selections_after;
                        }
                    }
                    _ => {}
                }
            }
            if !vim.is_waiting() {
                break;
            }
            let taken = history.taken_step().filter(|_| moved);
            effects = vim.resume(&text, &selections, taken.as_ref(), &surroundings);
        }
    }
    let content = text.to_string();
    let content = content.strip_suffix('\n').unwrap_or(&content);
    let point = text.offset_to_point(vim.cursor());
    Outcome {
        lines: content.split('\n').map(str::to_owned).collect(),
        row: u64::from(point.row) + 1,
        column: u64::from(point.column),
        mode: match mode {
            Mode::Normal => "n",
            Mode::Insert => "i",
            Mode::Replace => "R",
            Mode::Visual => "v",
            Mode::VisualLine => "V",
            Mode::VisualBlock => "\u{16}",
            Mode::CommandLine => "c",
            Mode::Confirm => "r",
        }
        .to_owned(),
        registers: REGISTERS
            .iter()
            .map(|name| {
                // Keys without a character are told alike.
                let text = vim.register(*name).map_or("", |register| &register.text);
                text.replace(|c| ('\u{f701}'..='\u{f70a}').contains(&c), "?")
            })
            .collect(),
    }
}

/// What this crate makes of a case; `None` where it panics.
fn ours(case: &Case) -> Option<Outcome> {
    std::panic::catch_unwind(|| run(case)).ok()
}

/// How many cases are generated of the rarer commands, of sentences and the jump list, of what is
/// filled, of tags, `U` and `:g`, of the tree of undo, and of comments and what `:s` asks,
/// of matches as objects and lines joined, and of characters that are typed in several keys and the line
/// after `:`.
const RARER: usize = 2000;
const SENTENCES: usize = 2000;
const FORMATS: usize = 2000;
const UNDO_TREES: usize = 2000;
const COMMENTS: usize = 1000;
const MATCHES: usize = 2000;
const LINES: usize = 1000;

/// How many cases have agreed so far; fewer is a step back. It rises to all of them.
const AGREED: usize = 6_130;

/// The same of the rarer cases.
const AGREED_RARER: usize = 1_991;

/// The same of sentences and the jump list.
const AGREED_SENTENCES: usize = 1_974;

/// The same of what is filled, of tags, `U` and `:g`.
const AGREED_FORMATS: usize = 1_966;

/// The same of the tree of undo.
const AGREED_UNDO: usize = 1_950;

/// The same of comments and what `:s` asks.
const AGREED_COMMENTS: usize = 995;

/// The same of matches as text objects, of where searches lead, and of lines joined and indented.
const AGREED_MATCHES: usize = 1_989;

/// The same of characters that `r` and `f` take, and of editing the line after `:` and `/`.
const AGREED_LINES: usize = 991;

/// How many failures are cut to their shortest form and printed.
const SHOWN: usize = 40;

#[test]
fn the_same_as_neovim() {
    compare("the_same_as_neovim", &usual(), AGREED);
}

fn usual() -> Vec<Case> {
    let mut all = cases::written();
    all.extend(cases::generated(6000));
    all
}

#[test]
fn the_same_as_neovim_in_what_is_rarer() {
    let all = cases::rarer(RARER);
    compare("the_same_as_neovim_in_what_is_rarer", &all, AGREED_RARER);
}

#[test]
fn the_same_as_neovim_in_the_tree_of_undo() {
    let all = cases::undo_trees(UNDO_TREES);
    compare("the_same_as_neovim_in_the_tree_of_undo", &all, AGREED_UNDO);
}

/// In the tree of undo all agree but those with a change of nothing, which is a step of its own in
/// Neovim alone: `~` over what has no case, `x` in an empty line.
#[test]
fn the_tree_of_undo_is_that_of_neovim_where_each_change_changes_something() {
    let changes = |piece: &String| piece != "~" && piece != "x";
    let mut all = cases::undo_trees(UNDO_TREES);
    all.retain(|case| case.pieces.iter().all(changes));
    compare(
        "the_tree_of_undo_is_that_of_neovim_where_each_change_changes_something",
        &all,
        all.len(),
    );
}

#[test]
fn the_same_as_neovim_in_comments_and_questions() {
    let all = cases::comments_and_questions(COMMENTS);
    let test = "the_same_as_neovim_in_comments_and_questions";
    compare(test, &all, AGREED_COMMENTS);
}

#[test]
fn the_same_as_neovim_in_matches_and_joins() {
    let all = cases::matches_and_joins(MATCHES);
    let test = "the_same_as_neovim_in_matches_and_joins";
    compare(test, &all, AGREED_MATCHES);
}

#[test]
fn the_same_as_neovim_in_characters_and_lines() {
    let all = cases::characters_and_lines(LINES);
    let test = "the_same_as_neovim_in_characters_and_lines";
    compare(test, &all, AGREED_LINES);
}

/// The figures of the guide are those of these tests.
#[test]
fn the_guide_tells_how_many_agree() {
    let all = usual().len() + RARER + SENTENCES + FORMATS + UNDO_TREES + COMMENTS + MATCHES + LINES;
    let agreed = AGREED
        + AGREED_RARER
        + AGREED_SENTENCES
        + AGREED_FORMATS
        + AGREED_UNDO
        + AGREED_COMMENTS
        + AGREED_MATCHES
        + AGREED_LINES;
    let thousands = |number: usize| format!("{},{:03}", number / 1000, number % 1000);
    // Rounded down: nothing is told that is not so.
    let share = agreed * 1000 / all;
    let told = format!(
        "types {} key sequences into Neovim and into Kiln and compares text, cursor, mode and registers: {} agree, {}.{} %.",
        thousands(all),
        thousands(agreed),
        share / 10,
        share % 10,
    );
    let guide = include_str!("../../../../docs/guide/vim.md");
    assert!(
        guide.contains(&told),
        "docs/guide/vim.md should say: {told}"
    );
}

#[test]
fn the_same_as_neovim_in_sentences_and_jumps() {
    let all = cases::sentences_and_jumps(SENTENCES);
    compare(
        "the_same_as_neovim_in_sentences_and_jumps",
        &all,
        AGREED_SENTENCES,
    );
}

#[test]
fn the_same_as_neovim_in_formats_tags_and_lines() {
    let all = cases::formats_tags_and_lines(FORMATS);
    compare(
        "the_same_as_neovim_in_formats_tags_and_lines",
        &all,
        AGREED_FORMATS,
    );
}

/// Compares every case, and fails where fewer than `agreed` are the same.
fn compare(test: &str, cases: &[Case], agreed: usize) {
    let Some(expected) = neovim::outcomes(cases) else {
        left_out(test, "nvim is not installed");
        return;
    };
    let mut failed: Vec<Case> = cases
        .iter()
        .zip(&expected)
        .filter(|(case, expected)| ours(case).as_ref() != Some(*expected))
        .map(|(case, _)| case.clone())
        .collect();
    let same = cases.len() - failed.len();
    println!("{same} of {} the same", cases.len());
    if !failed.is_empty() {
        left_out(
            test,
            &format!(
                "{} of {} key sequences differ from Neovim (docs/guide/vim.md)",
                failed.len(),
                cases.len()
            ),
        );
    }
    let shown = std::env::var("KILN_VIM_SHOWN")
        .ok()
        .and_then(|shown| shown.parse().ok())
        .unwrap_or(if same < agreed { SHOWN } else { 0 });
    failed.sort_by_key(|case| case.pieces.concat().len());
    failed.truncate(shown);
    for (case, neovim) in minimise::shortest(failed) {
        println!("{:?} {} {}", case.text, case.setup, case.pieces.concat());
        println!("  neovim {neovim}");
        match ours(&case) {
            Some(ours) => println!("  ours   {ours}"),
            None => println!("  ours   panics"),
        }
    }
    assert!(same >= agreed, "only {same} of {} cases agree", cases.len());
}
