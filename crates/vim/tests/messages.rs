//! What is said of lines that a command changed, as Neovim says it.
#![allow(clippy::expect_used, clippy::unwrap_used)]

use std::process::{Command, Stdio};

use editor_core::{Selections, Text};
use test_support::left_out;
use vim::{Effect, Options, Vim, parse_keys};

const TEXT: &str = "a 1\nb 2\nc 3\nd 4\na 5\nb 6\nc 7\nd 8\n";

/// What is said at the end of some keys.
fn said(keys: &str) -> String {
    let mut text = Text::new(TEXT);
    let mut selections = Selections::caret(0);
    let mut vim = Vim::new(Options::default());
    let mut said = String::new();
    for key in parse_keys(keys) {
        said.clear();
        for effect in vim.key(key, &text, &selections, &()) {
            match effect {
                Effect::Edit(edit) => {
                    text = edit.changes.apply(&text).unwrap();
                    selections = edit.selections_after;
                    assert_eq!(said, "", "{keys}: said before it is done");
                }
                Effect::Select(new) => selections = new,
                Effect::Message(message) => said = message.text,
                _ => {}
            }
        }
    }
    said
}

/// What Neovim says of the same keys.
fn neovims(all: &[&str]) -> Option<Vec<String>> {
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("said.vim");
    let lines: Vec<String> = TEXT.lines().map(|line| format!("'{line}'")).collect();
    let keys: Vec<String> = all
        .iter()
        .map(|keys| keys.replace('"', "\\\"").replace('<', "\\<"))
        .map(|keys| format!("\"{keys}\""))
        .collect();
    // What a command says without a key that is typed is told to `execute()`.
    let commands = format!(
        "let said = []\n\
         for keys in [{}]\n  enew!\n  call setline(1, [{}])\n  \
         call add(said, substitute(execute('normal! ' .. keys, ''), '\\n', ' ', 'g'))\nendfor\n\
         call writefile(said, 'said.txt')\nqa!\n",
        keys.join(", "),
        lines.join(", "),
    );
    std::fs::write(&script, commands).unwrap();
    Command::new("nvim")
        .args(["--headless", "--clean", "-n", "-S", "said.vim"])
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .ok()?;
    let said = std::fs::read_to_string(folder.path().join("said.txt")).unwrap();
    Some(said.lines().map(|line| line.trim().to_owned()).collect())
}

const KEYS: &[&str] = &[
    "5dd",
    "2dd",
    "3dd",
    "Vjjd",
    "d4j",
    "dj",
    "3yy",
    "2yy",
    "yG",
    "\"a4yy",
    "Vjjy",
    "<C-v>jjy",
    "<C-v>jjd",
    "vjjy",
    "vjjd",
    "vjy",
    "yyp",
    "yy4p",
    "4>>",
    "V4>",
    "Vjj3>",
    "Vjj<lt>",
    "guG",
    "gUj",
    "g~3j",
    "4cc",
    ":1,3y a<CR>",
    ":1,2y<CR>",
    ":1,5d<CR>",
    ":2,4m0<CR>",
    ":2,3m0<CR>",
    ":2,4t0<CR>",
    ":%s/[ab]/x/<CR>",
    ":%s/[ab]/x/g<CR>",
    ":1,2s/./x/<CR>",
    ":1,2s/./x/g<CR>",
    ":%s/[ab]/x/n<CR>",
    ":1s/a/x/n<CR>",
    ":1,3><CR>",
    ":2,4>><CR>",
    ":g/[ab]/d<CR>",
    ":g/a/d<CR>",
    ":g/[ab]/s/./x/g<CR>",
    ":g/[abc]/m0<CR>",
    ":g/[abc]/t.<CR>",
    "gqG",
    "3J",
    "5x",
    ":1,4j<CR>",
    ":2,4normal dd<CR>",
];

#[test]
fn lines_that_come_and_go_are_told_as_neovim_tells_them() {
    let Some(expected) = neovims(KEYS) else {
        left_out("lines_that_come_and_go", "nvim is not installed");
        return;
    };
    assert_eq!(expected.len(), KEYS.len());
    let mut told = 0;
    for (keys, expected) in KEYS.iter().zip(expected) {
        assert_eq!(said(keys), expected, "{keys}");
        told += usize::from(!expected.is_empty());
    }
    assert!(told > 20, "{told} are told");
}

#[test]
fn a_text_that_has_lost_all_its_lines_says_so() {
    for keys in ["dG", ":%d<CR>", "Vjjjjjjjd", ":g/./d<CR>"] {
        assert_eq!(said(keys), "--No lines in buffer--", "{keys}");
    }
    assert_eq!(
        said("3dd3ddP:%s/./x/c<CR>yyya"),
        "5 substitutions on 5 lines"
    );
    assert_eq!(said(":%s/ /x/c<CR>nyyyq"), "3 substitutions on 3 lines");
    assert_eq!(said(":%s/./x/gc<CR>yyyynnq"), "4 substitutions on 2 lines");
    // What failed is told.
    assert_eq!(said("qa3ddfzquu@a"), "");
    assert_eq!(
        said(":1,5d|nosuchthing x<CR>"),
        "E492: Not an editor command: nosuchthing x"
    );
}

#[test]
fn set_tells_what_an_option_is_as_neovim_tells_it() {
    let keys = [
        ":set ts?<CR>",
        ":set ts<CR>",
        ":set nots?<CR>",
        ":set ic?<CR>",
        ":set noic?<CR>",
        ":set invhls?<CR>",
        ":set et? sw? hls? tw?<CR>",
        ":set sw=2 ic sw? ic?<CR>",
        ":set sw=3 ic sw& sw? ic& ic?<CR>",
        ":set ts:5 ts?<CR>",
    ];
    let Some(expected) = neovims(&keys) else {
        left_out("set_tells_what_an_option_is", "nvim is not installed");
        return;
    };
    for (keys, expected) in keys.iter().zip(expected) {
        assert_eq!(said(keys).trim(), expected, "{keys}");
    }
    assert_eq!(said(":set ts?<CR>"), "  tabstop=8");
    assert_eq!(said(":set ic?<CR>"), "noignorecase");
    for (argument, told) in [
        ("nosuch?", "E518: Unknown option: nosuch?"),
        ("nots", "E474: Invalid argument: nots"),
        ("ts!", "E488: Trailing characters: ts!"),
        ("ic=3", "E474: Invalid argument: ic=3"),
        ("ts=0", "E474: Invalid argument: ts=0"),
        (
            "enc=latin1",
            "E518: enc is set by the encoding in the status bar",
        ),
        ("nonu=3", "E518: Unknown option: nonu=3"),
        ("nu=3", "E474: Invalid argument: nu=3"),
    ] {
        assert_eq!(said(&format!(":set {argument}<CR>")), told);
    }
}

#[test]
fn set_alone_tells_what_differs_from_the_default() {
    assert_eq!(
        said(":set<CR>"),
        "--- Options ---  all as they are by default"
    );
    assert_eq!(
        said(":set ts=4 nohls et | set<CR>"),
        "--- Options ---  expandtab  nohlsearch  tabstop=4"
    );
}
