//! Several carets in Vim mode.
//!
//! Neovim has one cursor. What is right is therefore what one caret does: carets that do not meet
//! do each what it would do alone.
#![allow(clippy::expect_used, clippy::unwrap_used)]

use std::time::Duration;

use editor_core::{History, Selections, Text, marked};
use vim::{Clipboard, Effect, Mode, Options, Vim, VimContext, parse_keys};

/// An editor with its clipboard.
struct Editor {
    text: Text,
    selections: Selections,
    history: History,
    vim: Vim,
    clipboard: Option<String>,
    edits: usize,
}

struct Outside(Option<String>);

impl VimContext for Outside {
    fn clipboard(&self, _: Clipboard) -> Option<String> {
        self.0.clone()
    }
}

impl Editor {
    fn new(marked: &str) -> Self {
        let (text, selections) = marked::parse(marked).unwrap();
        Self {
            text,
            selections,
            history: History::new(),
            vim: Vim::new(Options::default()),
            clipboard: None,
            edits: 0,
        }
    }

    fn press(&mut self, keys: &str) -> &mut Self {
        for key in parse_keys(keys) {
            let outside = Outside(self.clipboard.clone());
            let mut effects = self.vim.key(key, &self.text, &self.selections, &outside);
            loop {
                for effect in effects {
                    self.does(effect);
                }
                if !self.vim.is_waiting() {
                    break;
                }
                let taken = self.history.taken_step();
                effects = self
                    .vim
                    .resume(&self.text, &self.selections, taken.as_ref(), &outside);
            }
        }
        self
    }

    fn does(&mut self, effect: Effect) {
        match effect {
            Effect::Edit(edit) => {
                let removed = edit.changes.removed(&self.text);
                self.history.push(&edit, &removed, Duration::ZERO);
                self.text = edit.changes.apply(&self.text).unwrap();
                self.selections = edit.selections_after;
                self.edits += 1;
            }
            Effect::Select(selections) => self.selections = selections,
            Effect::Undo(_) | Effect::Redo(_) => {
                let step = match effect {
                    Effect::Undo(_) => self.history.undo(),
                    _ => self.history.redo(),
                };
                if let Some(step) = step {
                    self.text = step.changes.apply(&self.text).unwrap();
                    self.selections = step.selections_after;
                }
            }
            Effect::SetClipboard(_, text) => self.clipboard = Some(text),
            _ => {}
        }
    }

    fn shows(&mut self, marked: &str) -> &mut Self {
        assert_eq!(marked::format(&self.text, &self.selections), marked);
        self
    }

    /// Carets put there by a click or a command.
    fn select(&mut self, marked: &str) -> &mut Self {
        let (text, selections) = marked::parse(marked).unwrap();
        assert_eq!(text.to_string(), self.text.to_string());
        self.selections = selections;
        self
    }
}

/// Lines, keys, and what the lines are afterwards.
const CASES: &[(&str, &str, &str)] = &[
    ("ˇone two\nˇsix ten\n", "dw", "ˇtwo\nˇten\n"),
    (
        "ˇone two\nˇsix ten\n",
        "wiab<Esc>",
        "one aˇbtwo\nsix aˇbten\n",
    ),
    ("ˇone two\nˇsix ten\n", "cwx<Esc>w.", "x ˇx\nx ˇx\n"),
    (
        "ˇone two\nˇsix ten\n",
        "A;<Esc>Iy<Esc>",
        "ˇyone two;\nˇysix ten;\n",
    ),
    ("ˇone\nˇtwo\nend\n", "o-<Esc>", "one\nˇ-\ntwo\nˇ-\nend\n"),
    ("ˇone\nˇtwo\nend\n", "O-<Esc>", "ˇ-\none\nˇ-\ntwo\nend\n"),
    ("ˇab\nˇcd\n", "3ix<Esc>", "xxˇxab\nxxˇxcd\n"),
    ("a ˇb\nc ˇd\n", "ix<BS><C-w>y<Esc>", "ˇyb\nˇyd\n"),
    ("ˇab\nˇcd\n", "xp", "bˇa\ndˇc\n"),
    ("ˇone\ntwo\nˇsix\n", "ddp", "two\nˇone\nsix\n"),
    (
        "ˇone\ntwo\nˇsix\nten\n",
        "yyP",
        "ˇone\none\ntwo\nˇsix\nsix\nten\n",
    ),
    (
        "ˇone two\nˇsix ten\n",
        "\"ayiww\"aP",
        "one onˇetwo\nsix siˇxten\n",
    ),
    (
        "ˇone\nˇtwo\n",
        "\"Ayy\"AyyG<Esc>\"ap",
        "one\ntwo\nˇone\ntwo\none\ntwo\n",
    ),
    ("ˇone two\nˇsix ten\n", "veU", "ˇONE two\nˇSIX ten\n"),
    ("fˇ(a, b)\ngˇ(c, d)\n", "di(", "f(ˇ)\ng(ˇ)\n"),
    // Two in a line are one for what takes the line.
    ("ˇone ˇtwo\nsix\n", "dd", "ˇsix\n"),
    ("ˇone ˇtwo\nsix\n", "0x", "ˇne two\nsix\n"),
    ("ˇone ˇtwo\nsix\n", "x", "ˇne ˇwo\nsix\n"),
    ("oˇne\ntwˇo\n", "gg0", "ˇone\ntwo\n"),
    ("ˇ1 a\nˇ9 b\n", "<C-a>", "ˇ2 a\n1ˇ0 b\n"),
    ("ˇa, b\nˇc, d\n", "/,<CR>x", "aˇ b\ncˇ d\n"),
    ("ˇa, b\nˇc, d\n", "d/,<CR>", "ˇ, b\nˇ, d\n"),
    ("ˇab ab\nˇab ab\n", "qqr-q$@q", "-b aˇ-\n-b aˇ-\n"),
    ("ˇone\nˇtwo\n", "Rxy<BS><Esc>", "ˇxne\nˇxwo\n"),
    // The block of each.
    ("ˇab\ncd\n\nˇef\ngh\n", "<C-v>jd", "ˇb\nd\n\nˇf\nh\n"),
    (
        "ˇab\ncd\n\nˇef\ngh\n",
        "<C-v>jIx<Esc>",
        "ˇxab\nxcd\n\nˇxef\nxgh\n",
    ),
];

#[test]
fn each_caret_obeys_the_keys() {
    for (before, keys, after) in CASES {
        let mut editor = Editor::new(before);
        editor.press(keys);
        let shown = marked::format(&editor.text, &editor.selections);
        assert_eq!(&shown, after, "{keys} on {before:?}");
    }
}

#[test]
fn one_key_is_one_step_of_undo_that_brings_all_carets_back() {
    let mut editor = Editor::new("ˇone two\nˇsix ten\nˇa b\n");
    editor.press("wdb").shows("ˇtwo\nˇten\nˇb\n");
    assert_eq!(editor.edits, 1);
    editor.press("u").shows("one ˇtwo\nsix ˇten\na ˇb\n");
    editor.press("<C-r>").shows("ˇtwo\nˇten\nˇb\n");
    editor
        .press("u3aab<Esc>")
        .shows("one tababaˇbwo\nsix tababaˇben\na bababaˇb\n");
    editor.press("u").shows("one tˇwo\nsix tˇen\na ˇb\n");
}

#[test]
fn escape_in_normal_mode_leaves_one_caret() {
    let mut editor = Editor::new("ˇone\nˇtwo\n");
    editor.press("d<Esc>").shows("ˇone\nˇtwo\n");
    editor.press("v<Esc>").shows("ˇone\nˇtwo\n");
    editor.press("<Esc>").shows("one\nˇtwo\n");
}

#[test]
fn carets_come_from_the_editor_in_every_mode() {
    let mut editor = Editor::new("ˇone two\none six\n");
    editor
        .press("ia")
        .select("aˇone two\noneˇ six\n")
        .press("b<Esc>");
    editor.shows("aˇbone two\noneˇb six\n");
    let mut editor = Editor::new("ˇone two\none six\n");
    editor.select("«oneˇ» two\n«oneˇ» six\n").press("e");
    assert_eq!(editor.vim.mode(), Mode::Visual);
    editor.shows("«one twoˇ»\n«one sixˇ»\n");
    assert_eq!(editor.vim.cursors(), [6, 14]);
    editor.press("cx<Esc>").shows("ˇx\nˇx\n");
}

#[test]
fn carets_for_which_a_command_fails_take_no_text() {
    let mut editor = Editor::new("f(ˇa)\nbˇc\ng(ˇd)\n");
    editor.press("ci(x").shows("f(xˇ)\nbc\ng(xˇ)\n");
}

#[test]
fn each_caret_puts_what_it_yanked_and_one_caret_all_of_it() {
    let mut editor = Editor::new("ˇone two\nˇsix ten\n");
    editor.press("yiw$p").shows("one twoonˇe\nsix tensiˇx\n");
    editor
        .press("<Esc>0P")
        .shows("one twoone\nˇone\nsixsix tensix\n");
    let mut editor = Editor::new("ˇone two\nˇsix ten\n");
    editor.press("\"+yiw");
    assert_eq!(editor.clipboard.as_deref(), Some("one\nsix"));
    editor.press("$\"+p").shows("one twoonˇe\nsix tensiˇx\n");
    editor.clipboard = Some("-".to_owned());
    editor.press("\"+p").shows("one twooneˇ-\nsix tensixˇ-\n");
}

/// Keys that stay in the line they are typed in, or beside it.
const PIECES: &[&str] = &[
    "x",
    "X",
    "2x",
    "d$",
    "d0",
    "diw",
    "D",
    "C-<Esc>",
    "c$x<Esc>",
    "ciwab<Esc>",
    "cc=<Esc>",
    "A!<Esc>",
    "I?<Esc>",
    "aü<Esc>",
    "3iz<Esc>",
    "~",
    "2~",
    "gUiw",
    "g~w",
    "0",
    "$",
    "^",
    "f,",
    "F,",
    "t ",
    ";",
    ",",
    "rZ",
    "yiwP",
    "y0P",
    "\"ayl\"ap",
    "\"byiw",
    "vlU",
    "v$hr*",
    "<C-a>",
    "2<C-x>",
    ">>",
    "<lt><lt>",
    "s<Esc>",
    "S_<Esc>",
    "Rqq<BS>w<Esc>",
    "ix<C-w>y<C-u>z<Esc>",
    "i<Left>v<Right><Esc>",
    "a<C-o>xk<Esc>",
    "vl<Esc>0gv<Esc>",
];

#[test]
fn carets_that_do_not_meet_do_what_each_would_do_alone() {
    let lines = ["one, two 17 ab", "", "  x, y; -3 (z)", "日本 é, 0x1f", "a"];
    let mut seed = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        usize::try_from(seed % below as u64).unwrap()
    };
    for _ in 0..3_000 {
        let keys: String = (0..6).map(|_| PIECES[next(PIECES.len())]).collect();
        let alone = lines.map(|line| {
            let mut editor = Editor::new(&format!("# one\nˇ{line}\n# two\n"));
            editor.press(&keys);
            marked::format(&editor.text, &editor.selections)
        });
        let all = lines.map(|line| format!("# one\nˇ{line}\n# two\n"));
        let mut editor = Editor::new(&all.concat());
        editor.press(&keys);
        let shown = marked::format(&editor.text, &editor.selections);
        assert_eq!(shown, alone.concat(), "{keys}");
    }
}

#[test]
fn thousands_of_carets_make_one_change_that_is_not_composed_one_by_one() {
    let all = "ˇone two\n".repeat(3_000);
    let mut editor = Editor::new(&all);
    editor.press("wcwx");
    assert_eq!(editor.edits, 2);
    assert_eq!(editor.text.to_string(), "one x\n".repeat(3_000));
}
