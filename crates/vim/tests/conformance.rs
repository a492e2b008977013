//! The same keys over the same texts, through Neovim and through this crate.

#![allow(clippy::expect_used, clippy::unwrap_used)]

use std::process::{Command, Stdio};
use std::time::Duration;

use editor_core::{History, Selections, Text};
use serde_json::{Value, json};
use test_support::left_out;
use vim::{Effect, Key, Options, Vim, parse_keys};

#[derive(Clone, Debug)]
struct Case {
    text: Vec<String>,
    keys: String,
}

#[derive(Debug, PartialEq, Clone)]
struct Outcome {
    lines: Vec<String>,
    row: u64,
    column: u64,
    registers: Vec<String>,
}

const REGISTERS: [char; 6] = ['a', 'b', '0', '1', '2', '-'];

/// Runs keys as an editor does: carries out the effects over a text with a history.
fn run(case: &Case) -> Outcome {
    let mut text = Text::new(&format!("{}\n", case.text.join("\n")));
    let mut selections = Selections::caret(0);
    let mut history = History::new();
    let mut vim = Vim::new(Options::default());
    let at = Duration::from_secs(1);
    let mut keys = parse_keys(&case.keys);
    keys.extend([Key::Escape, Key::Escape]);
    for key in keys {
        let mut effects = vim.key(key, &text, &selections, &());
        loop {
            for effect in effects {
                match effect {
                    Effect::Edit(transaction) => {
                        history.push(&transaction, &text, at);
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
            effects = vim.resume(&text, &selections, &());
        }
    }
    let content = text.to_string();
    let content = content.strip_suffix('\n').unwrap_or(&content);
    let point = text.offset_to_point(vim.cursor());
    Outcome {
        lines: content.split('\n').map(str::to_owned).collect(),
        row: u64::from(point.row) + 1,
        column: u64::from(point.column),
        registers: REGISTERS
            .iter()
            .map(|name| {
                vim.register(*name)
                    .map_or(String::new(), |register| register.text.clone())
            })
            .collect(),
    }
}

/// What Neovim makes of the cases; `None` where it is not installed.
fn neovim(cases: &[Case]) -> Option<Vec<Outcome>> {
    let folder = tempfile::tempdir().expect("a folder");
    let (input, output) = (
        folder.path().join("cases.json"),
        folder.path().join("results.json"),
    );
    let list: Vec<Value> = cases
        .iter()
        .map(|case| json!({ "text": case.text, "keys": case.keys }))
        .collect();
    std::fs::write(&input, serde_json::to_string(&list).expect("JSON")).expect("written");
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/nvim.lua");
    Command::new("nvim")
        .args(["--headless", "--clean", "-c"])
        .arg(format!("luafile {script}"))
        .env("KILN_VIM_CASES", &input)
        .env("KILN_VIM_RESULTS", &output)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .ok()?;
    let results: Vec<Value> =
        serde_json::from_str(&std::fs::read_to_string(&output).expect("results")).expect("JSON");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    Some(
        results
            .iter()
            .map(|result| Outcome {
                lines: result["lines"]
                    .as_array()
                    .expect("lines")
                    .iter()
                    .map(text)
                    .collect(),
                row: result["row"].as_u64().expect("a row"),
                column: result["column"].as_u64().expect("a column"),
                registers: REGISTERS
                    .iter()
                    .map(|name| text(&result["registers"][name.to_string()]))
                    .collect(),
            })
            .collect(),
    )
}

/// A generator with a fixed seed (SplitMix64), so that every run has the same cases.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound as u64).expect("small")
    }

    fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }
}

const TEXTS: &[&[&str]] = &[
    &[
        "hello world foo.bar",
        "  indented line here",
        "",
        "last (one) [two] {three}",
    ],
    &[
        "fn main() {",
        "    let x = \"a string\";",
        "    call(x, (y + 1));",
        "}",
        "",
        "",
        "end of it",
    ],
    &[
        "one two three four five",
        "alpha, beta; gamma: delta",
        "12 apples -7 pears 0x1f",
        "x",
    ],
    &["a", "", "bb", "", "", "ccc ddd", "eee"],
    &[
        "größe naïve café",
        "日本語 テキスト です",
        "tail  with  spaces",
    ],
    &[
        "  two",
        "    four",
        "none",
        "      six words are in here now",
    ],
];

const MOTIONS: &[&str] = &[
    "h", "l", "j", "k", "w", "W", "b", "B", "e", "E", "ge", "gE", "0", "^", "$", "g_", "fe", "Fe",
    "to", "To", "fa", ";", ",", "gg", "G", "2G", "{", "}", "%", "2w", "3l", "2j", "2e", "2b", "5|",
    "+", "-", "_", "3fe", "*", "#", "n", "N", "/e<CR>", "?o<CR>", "`a", "'a",
];

const OBJECTS: &[&str] = &[
    "iw", "aw", "iW", "aW", "i(", "a(", "i[", "a[", "i{", "a{", "i\"", "a\"", "ip", "ap", "2aw",
    "2iw",
];

fn piece(random: &mut Random) -> String {
    let motion = random.pick(MOTIONS);
    let object = random.pick(OBJECTS);
    let typed = random.pick(&[
        "x",
        "foo",
        "a b",
        "é",
        "one<CR>two",
        "ab<BS>c",
        "q w<C-w>z",
        "<Tab>t",
    ]);
    let register = random.pick(&["", "", "", "\"a", "\"b", "\"A", "\"_"]);
    let count = random.pick(&["", "", "", "2", "3"]);
    match random.below(16) {
        0..3 => motion.to_owned(),
        3 => format!("{register}d{motion}"),
        4 => format!("{register}y{motion}"),
        5 => format!("c{motion}{typed}<Esc>"),
        6 => format!(
            "{register}{}{object}",
            random.pick(&["d", "y", "gu", "gU", "g~"])
        ),
        7 => format!(
            "{count}{}{typed}<Esc>",
            random.pick(&["i", "a", "I", "A", "o", "O"])
        ),
        8 => format!(
            "{register}{count}{}",
            random.pick(&["p", "P", "dd", "yy", "D", "Y"])
        ),
        9 => format!(
            "{count}{}",
            random.pick(&["x", "X", "~", "J", "gJ", "rz", ">>", "<<", "<C-a>", "<C-x>"])
        ),
        10 => format!("{count}{}", random.pick(&["s", "S", "C", "cc"])) + typed + "<Esc>",
        11 => random.pick(&["u", "u", "<C-r>", "ma", "."]).to_owned(),
        12 => format!(
            "v{motion}{}",
            random.pick(&["d", "y", "~", "u", "U", "<Esc>", "rx", "J", ">"])
        ),
        13 => format!(
            "V{}{}",
            random.pick(&["", "j", "k", "2j"]),
            random.pick(&["d", "y", ">", "<", "U", "J", "p"])
        ),
        14 => format!("v{object}{}", random.pick(&["d", "y", "U"])),
        _ => ".".to_owned(),
    }
}

fn generated(count: usize) -> Vec<Case> {
    let mut random = Random(0x6b69_6c6e);
    (0..count)
        .map(|_| {
            let text: Vec<String> = TEXTS[random.below(TEXTS.len())]
                .iter()
                .map(|line| (*line).to_owned())
                .collect();
            // What a process remembers between cases is set at the start of each.
            let row = random.below(text.len()) + 1;
            let column = random.below(14) + 1;
            let mut keys = format!("A<Esc>gg0fl/e<CR>{row}G{column}|");
            for _ in 0..=random.below(4) {
                keys.push_str(&piece(&mut random));
            }
            Case { text, keys }
        })
        .collect()
}

/// Cases written by hand: one text and keys a line.
fn written() -> Vec<Case> {
    include_str!("cases.txt")
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with("# "))
        .map(|line| {
            let (text, keys) = line.split_once(" => ").expect("text => keys");
            Case {
                text: text
                    .split("\\n")
                    .map(|line| line.replace("\\t", "\t"))
                    .collect(),
                keys: format!("A<Esc>gg0{keys}"),
            }
        })
        .collect()
}

/// How many cases have agreed so far; fewer is a step back. It rises to all of them.
const AGREED: usize = 5_305;

#[test]
fn the_same_as_neovim() {
    let mut cases = written();
    let hand_written = cases.len();
    cases.extend(generated(6000));
    let Some(expected) = neovim(&cases) else {
        left_out("the_same_as_neovim", "nvim is not installed");
        return;
    };
    assert_eq!(expected.len(), cases.len());
    let mut failed: Vec<usize> = (0..cases.len())
        .filter(|index| {
            let ours = std::panic::catch_unwind(|| run(&cases[*index]));
            !ours.is_ok_and(|ours| ours == expected[*index])
        })
        .collect();
    println!(
        "{} of {} the same ({hand_written} written)",
        cases.len() - failed.len(),
        cases.len()
    );
    failed.sort_by_key(|index| cases[*index].keys.len());
    for index in failed.iter().take(40) {
        let ours = std::panic::catch_unwind(|| run(&cases[*index]));
        println!(
            "{:?}\n  keys   {}\n  neovim {:?}\n  ours   {ours:?}",
            cases[*index].text, cases[*index].keys, expected[*index]
        );
    }
    let same = cases.len() - failed.len();
    if !failed.is_empty() {
        left_out(
            "the_same_as_neovim",
            &format!(
                "{} of {} key sequences differ from Neovim; no program offers Vim mode before all agree",
                failed.len(),
                cases.len()
            ),
        );
    }
    assert!(same >= AGREED, "only {same} of {} cases agree", cases.len());
}
