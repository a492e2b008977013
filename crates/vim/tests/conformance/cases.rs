//! The cases: written by hand, and generated from a fixed seed.

use test_support::Random;

use crate::Case;

/// Comments are joined as other lines are, as in a language that has none.
pub const PLAIN_LINES: &str = "setlocal formatoptions=q";

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

pub fn generated(count: usize) -> Vec<Case> {
    let mut random = Random::new(0x6b69_6c6e);
    (0..count)
        .map(|_| {
            let text: Vec<String> = TEXTS[random.below(TEXTS.len())]
                .iter()
                .map(|line| (*line).to_owned())
                .collect();
            // What a process remembers between cases is set at the start of each.
            let row = random.below(text.len()) + 1;
            let column = random.below(14) + 1;
            let pieces = (0..=random.below(4)).map(|_| piece(&mut random)).collect();
            Case {
                text,
                setup: format!("A<Esc>gg0fl/e<CR>{row}G{column}|"),
                pieces,
                options: "",
            }
        })
        .collect()
}

const CODE: &[&[&str]] = &[
    &[
        "fn main() {",
        "    // said twice",
        "    let x = 1;",
        "",
        "    let y = x; // beside",
        "}",
    ],
    &[
        "// one",
        "//",
        "  // two",
        "",
        "three a b a",
        "//four",
        "\ta b",
    ],
    &["a b a", "b a a", "  // a", "", "größe a", "  ", "a"],
];

/// Lines made comments and text again, and substitutions that ask about each match.
pub fn comments_and_questions(count: usize) -> Vec<Case> {
    let mut random = Random::new(0x6763_6763);
    (0..count)
        .map(|_| {
            let text: Vec<String> = CODE[random.below(CODE.len())]
                .iter()
                .map(|line| (*line).to_owned())
                .collect();
            let row = random.below(text.len()) + 1;
            let column = random.below(14) + 1;
            let pieces = (0..=random.below(4))
                .map(|_| match random.below(10) {
                    0..3 => random
                        .pick(&[
                            "gcc", "2gcc", "gcj", "gck", "gcip", "gcG", "gcgg", "gcw", "gc2j",
                            "gc/a<CR>", "gc0",
                        ])
                        .to_owned(),
                    3 => random
                        .pick(&["gcgc", "dgc", "ygc", ">gc", "cgcx<Esc>"])
                        .to_owned(),
                    4 => random
                        .pick(&["Vgc", "Vjgc", "vwgc", "vjgc", "Vkgc", "<C-v>jgc", "vipgc"])
                        .to_owned(),
                    5..7 => {
                        let range = random.pick(&["", "%", ".,+1", "2,4"]);
                        let with = random.pick(&["x", "yy", "&a", "", "p\\rq"]);
                        let flags = random.pick(&["c", "gc", "gc", "gce"]);
                        let what = random.pick(&["a", "b", "^ *", "x", "\\<a\\>"]);
                        let mut keys = format!(":{range}s/{what}/{with}/{flags}<CR>");
                        for _ in 0..random.below(4) {
                            keys.push_str(random.pick(&["y", "y", "n", "x"]));
                        }
                        keys.push_str(random.pick(&["q<Esc>", "a<Esc>", "l", "<Esc>"]));
                        keys
                    }
                    7 => random.pick(&["u", "u", "<C-r>", "."]).to_owned(),
                    8 => ".".to_owned(),
                    _ => random.pick(MOTIONS).to_owned(),
                })
                .collect();
            Case {
                text,
                setup: format!("A<Esc>gg0fl/a<CR>{row}G{column}|"),
                pieces,
                options: "",
            }
        })
        .collect()
}

/// The ways through the tree of undo.
pub fn undo_trees(count: usize) -> Vec<Case> {
    let mut random = Random::new(0x756e_646f);
    (0..count)
        .map(|_| {
            let text: Vec<String> = TEXTS[random.below(TEXTS.len())]
                .iter()
                .map(|line| (*line).to_owned())
                .collect();
            let row = random.below(text.len()) + 1;
            let pieces = (0..=random.below(8))
                .map(|_| match random.below(9) {
                    0..4 => random
                        .pick(&[
                            "x",
                            "dd",
                            "oone<Esc>",
                            "ihi <Esc>",
                            "J",
                            "~",
                            "yyp",
                            "cwbe<Esc>",
                        ])
                        .to_owned(),
                    4 => random
                        .pick(&["u", "u", "2u", "<C-r>", ":undo<CR>", ":redo<CR>"])
                        .to_owned(),
                    5 => random.pick(&["g-", "g-", "2g-", "g+", "2g+"]).to_owned(),
                    6 => {
                        let far = random.pick(&["", " 2", " 3", " 9", " 1h", " 1d"]);
                        let way = random.pick(&["earlier", "earlier", "later"]);
                        format!(":{way}{far}<CR>")
                    }
                    7 => {
                        let number = random.below(4).to_string();
                        let then = random.pick(&[number.as_str(), "|1d", "|s/a/x/e"]);
                        format!(":undo {then}<CR>")
                    }
                    _ => random.pick(&["j", "k", "w", "$", "gg"]).to_owned(),
                })
                .collect();
            Case {
                text,
                setup: format!("A<Esc>gg0fe/e<CR>{row}G"),
                pieces,
                options: "",
            }
        })
        .collect()
}

const PROSE: &[&[&str]] = &[
    &[
        "One sentence. Another one!  A third (with brackets.) And more?",
        "It goes on here.",
        "",
        "  A paragraph. \"Quoted.\" Then e.g. this",
        "and that.",
    ],
    &[
        "no end",
        "",
        "",
        "Version 1.2.3 is out. See a.b",
        "x. y.",
        "",
    ],
    &["a.", "b!", "c?", "", "d. ", "  e.  f", "g"],
];

/// Sentences, and the way back and forth between jumps.
pub fn sentences_and_jumps(count: usize) -> Vec<Case> {
    let mut random = Random::new(0x6a75_6d70);
    (0..count)
        .map(|_| {
            let text: Vec<String> = PROSE[random.below(PROSE.len())]
                .iter()
                .map(|line| (*line).to_owned())
                .collect();
            let row = random.below(text.len()) + 1;
            let column = random.below(30) + 1;
            let pieces = (0..=random.below(5))
                .map(|_| {
                    let by = random.pick(&["(", ")", ")", "2(", "2)", "3)"]);
                    match random.below(10) {
                        0..3 => by.to_owned(),
                        3 => format!("{}{by}", random.pick(&["d", "y", "gU"])),
                        4 => format!("v{by}{}", random.pick(&["d", "y", "~"])),
                        8 => {
                            format!(
                                "{}{}",
                                random.pick(&["d", "y", "gU", "v", "vb"]),
                                random.pick(&["is", "as", "2is", "2as"])
                            ) + "<Esc>"
                        }
                        9 => format!(
                            "v{}{}d",
                            random.pick(&["is", "as"]),
                            random.pick(&["is", "as", ""])
                        ),
                        5 => random
                            .pick(&["<C-o>", "<C-o>", "<C-i>", "2<C-o>", "2<C-i>"])
                            .to_owned(),
                        6 => random
                            .pick(&["gg", "G", "3G", "/e<CR>", "n", "}", "``", "''", "m'"])
                            .to_owned(),
                        _ => random
                            .pick(&["w", "j", "k", "dd", "ox<Esc>", "u", ".", "p"])
                            .to_owned(),
                    }
                })
                .collect();
            Case {
                text,
                setup: format!("A<Esc>gg0fe/e<CR>{row}G{column}|"),
                pieces,
                options: "",
            }
        })
        .collect()
}

const PARAGRAPHS: &[&[&str]] = &[
    &[
        "A paragraph of some words that is longer than the width it is to have.",
        "And more of it,",
        "in short lines.",
        "",
        "  indented words that go on and on until they do not fit",
        "  any more",
        "end",
    ],
    &[
        "# a comment with words that do not fit in one line",
        "# and its second line",
        "code = 1",
        "// another one that is much too long for the width",
        "// more",
        "> quoted words are filled as well as those that stand alone",
        "> > and deeper ones too, which is a paragraph of its own",
    ],
    &[
        "- an item of a list that needs more than a line",
        "- two",
        "  goes on (here) with blanks   in it",
        "/* a block comment that goes on for a while and",
        " * then ends",
        " */",
        "averyveryverylongwordthatfitsnowhereatall and one more",
    ],
    &[
        "größe naïve café 日本語 テキスト です and so on",
        "tail  ",
        "x",
    ],
];

const TAGGED: &[&[&str]] = &[
    &[
        "<div><p class=\"a\">one <b>two</b></p>",
        "  <br><img/> text",
        "</div> outside",
    ],
    &["<a>", "  <b>x</b>", "  <b></b>", "</a>", "<a>y</a>"],
    &["<ul><li>a<li>b</ul> <x y='1'", " z>q</x>"],
];

/// `gq`, `gw`, `it`, `at`, `U` and `:g`.
pub fn formats_tags_and_lines(count: usize) -> Vec<Case> {
    let mut random = Random::new(0x666d_7431);
    (0..count)
        .map(|_| {
            let group = random.below(4);
            let texts = match group {
                0 => PARAGRAPHS,
                1 => TAGGED,
                _ => TEXTS,
            };
            let text = texts[random.below(texts.len())];
            let (row, column) = (random.below(text.len()) + 1, random.below(30) + 1);
            let pieces = (0..=random.below(3))
                .map(|_| {
                    let motion = random.pick(&["j", "k", "G", "ip", "ap", "}", "{", "2j", "w"]);
                    match group {
                        0 => match random.below(8) {
                            0 | 1 => format!("gq{motion}"),
                            2 => format!("gw{motion}"),
                            3 => random
                                .pick(&["gqq", "gww", "gqgq", "2gqq", "3gww"])
                                .to_owned(),
                            4 => format!("V{}gq", random.pick(&["", "j", "G", "k"])),
                            5 => random.pick(&[".", "u", "j", "3w"]).to_owned(),
                            6 => random
                                .pick(&["A and more words<Esc>", "J", "vipgw"])
                                .to_owned(),
                            _ => ":setlocal tw=20<CR>".to_owned(),
                        },
                        1 => {
                            let object = random.pick(&["it", "at", "2it", "2at"]);
                            match random.below(6) {
                                0 | 1 => format!("{}{object}", random.pick(&["d", "y", "gU"])),
                                2 => format!("c{object}x<Esc>"),
                                3 => format!("v{object}{}", random.pick(&["d", "y", "U", "<Esc>"])),
                                4 => format!("v{object}{}d", random.pick(&["it", "at"])),
                                _ => random.pick(&["w", "j", "u", ".", "3l", "k"]).to_owned(),
                            }
                        }
                        2 => random
                            .pick(&[
                                "x",
                                "A!<Esc>",
                                "ix<Esc>",
                                "U",
                                "U",
                                "UU",
                                "j",
                                "k",
                                "dw",
                                "~",
                                "rz",
                                "p",
                                "u",
                                "<C-r>",
                                "dd",
                                "ox<Esc>",
                                "cwq<Esc>",
                                ">>",
                                "J",
                                ":s/e/X/<CR>",
                            ])
                            .to_owned(),
                        _ => format!(
                            ":{}<CR>{}",
                            random.pick(&[
                                "g/e/d",
                                "v/e/d",
                                "g!/o/d",
                                "g/e/s/e/X/g",
                                "g/a/m0",
                                "g/e/t.",
                                "g/o/normal Ax",
                                "g/e/j",
                                "g/e/>",
                                "1,3g/e/d",
                                "g/^$/d",
                                "g/o/m$",
                                "g/./normal dw",
                                "g/e/s//Y/",
                                "g/x\\|o/d",
                                "g/zzz/d",
                            ]),
                            random.pick(&["", "", "u", "p", "."])
                        ),
                    }
                })
                .collect();
            Case {
                text: text.iter().map(|line| (*line).to_owned()).collect(),
                setup: format!("A<Esc>gg0fl/e<CR>{row}G{column}|"),
                pieces,
                options: PLAIN_LINES,
            }
        })
        .collect()
}

const COMMENTED: &[&[&str]] = &[
    &[
        "    // said twice here",
        "    // and here, said",
        "    //",
        "    let said = twice; here",
        "  /// a said",
        "  /// b (here)",
        "//! twice said",
        "// ) here",
    ],
    &[
        "said here said",
        "  twice (said) here",
        "",
        "saidsaid [here/twice] said",
        "x",
        "here-said",
    ],
    &[
        "größe said 日本 here",
        "said",
        "\tsaid  here",
        "// said",
        "// here",
        "",
    ],
];

/// Matches as text objects, where searches lead from their match, comments joined, and what `=` indents.
pub fn matches_and_joins(count: usize) -> Vec<Case> {
    let mut random = Random::new(0x676e_676e);
    (0..count)
        .map(|_| {
            let text: Vec<String> = COMMENTED[random.below(COMMENTED.len())]
                .iter()
                .map(|line| (*line).to_owned())
                .collect();
            let indents = random.below(4) == 0;
            let row = random.below(text.len()) + 1;
            let column = random.below(16) + 1;
            let pieces = (0..=random.below(3))
                .map(|_| match random.below(10) {
                    0 => {
                        random
                            .pick(&["gn", "gN", "vgn", "vgN", "2gn", "vwgn", "wvbgn", "wvbgN"])
                            .to_owned()
                            + random.pick(&["d", "y", "U", "<Esc>", "gnd", "gNy", "rx"])
                    }
                    1 | 2 => {
                        let operator = random.pick(&["d", "c", "y", "gU", "g~", ">", "d2", "gu"]);
                        let typed = if operator == "c" { "new<Esc>" } else { "" };
                        format!("{operator}{}{typed}", random.pick(&["gn", "gn", "gN"]))
                    }
                    3..6 => {
                        let what = random.pick(&["said", "here", "s", "tw*i", "[/e]", ""]);
                        let way = random.pick(&["/", "/", "?"]);
                        let offset = random.pick(&[
                            "e", "s+1", "+1", "b-1", "e-1", "-1", "e+2", "s-2", "+", "-", "2",
                            "b2", "", "e;/x", ";?s?e", "+1;/h/e",
                        ]);
                        let first = random.pick(&["", "", "d", "y", "c", "v", "2"]);
                        // Neovim indents the lines that it opens, too.
                        let first = if indents && first == "c" { "d" } else { first };
                        let last = match first {
                            "c" => "q<Esc>",
                            "v" => random.pick(&["d", "y", "<Esc>"]),
                            _ => "",
                        };
                        format!("{first}{way}{what}{way}{offset}<CR>{last}")
                    }
                    6 => random
                        .pick(&["n", "N", "2n", "dn", "yN", "//<CR>", "/<CR>"])
                        .to_owned(),
                    7 if indents => random
                        .pick(&["==", "=j", "=ip", "V=", "vj=", "2==", "=gg", "=k", "v="])
                        .to_owned(),
                    7 | 8 => random
                        .pick(&[
                            "J",
                            "3J",
                            "gJ",
                            "VjJ",
                            "vjgJ",
                            ":j<CR>",
                            ":2,4j<CR>",
                            ":j!<CR>",
                            "4J",
                        ])
                        .to_owned(),
                    _ => random.pick(&[".", ".", "u", "*", "j", "w"]).to_owned(),
                })
                .collect();
            Case {
                text,
                setup: format!("A<Esc>gg0fl/said<CR>{row}G{column}|"),
                pieces,
                options: match indents {
                    true => "setlocal fo=qj comments=:///,://!,:// indentexpr=4",
                    false => "setlocal fo=qj comments=:///,://!,://",
                },
            }
        })
        .collect()
}

/// What is rarer: blocks, macros, the command line, marks, registers, and modes left open at the end.
fn rarer_piece(random: &mut Random) -> String {
    let motion = random.pick(MOTIONS);
    let typed = random.pick(&["x", "foo", "a b", "é", "ab<BS>c"]);
    match random.below(12) {
        0 | 1 => format!(
            "<C-v>{}{}",
            random.pick(&["", "j", "jl", "2jl", "2j", "k", "jh", "j$"]),
            random.pick(&[
                "d", "y", "Ix<Esc>", "Aq<Esc>", "cz<Esc>", "rx", "~", "U", "D", "o<Esc>", "J",
            ])
        ),
        2 => format!("R{typed}<Esc>"),
        3 => {
            // Nothing that fails: Neovim plays on where it is told to be silent about errors.
            let change = random.pick(&["A!<Esc>", "ix<Esc>", "yypA-<Esc>", "I <Esc>", "gUU"]);
            format!("qa{change}q{}", random.pick(&["", "@a", "2@a", "@a@@"]))
        }
        4 | 5 => format!(
            ":{}<CR>",
            random.pick(&[
                "s/e/X/",
                "s/o/ab/g",
                "%s/a/b/g",
                "%s/e/&&/",
                "d",
                "1,2d",
                "m0",
                "m$",
                "t.",
                "t0",
                "j",
                ">",
                "<lt>",
                "sort",
                "2",
                "$",
                "y",
                "normal x",
                "2,3normal Az",
                "1,2j",
                "sort!",
            ])
        ),
        6 => format!(
            "ma{motion}{}",
            random.pick(&["`a", "'a", "d`a", "y'a", "d'a", "c`ax<Esc>"])
        ),
        7 => random
            .pick(&[
                "\"ayw",
                "\"byy",
                "\"Ayy",
                "\"ap",
                "\"bP",
                "i<C-r>a<Esc>",
                "\"1p",
                "\"-P",
            ])
            .to_owned(),
        8 => random
            .pick(&[
                "g~~",
                "guu",
                "gUU",
                "gifoo<Esc>",
                "gIx<Esc>",
                "gp",
                "gP",
                "viw<Esc>gvd",
                "g_",
                "viw<Esc>gvy",
            ])
            .to_owned(),
        _ => piece(random),
    }
}

/// Cases of what is rarer; a quarter of them end in another mode than the normal one.
pub fn rarer(count: usize) -> Vec<Case> {
    let mut random = Random::new(0x7269_6d65);
    (0..count)
        .map(|_| {
            let text = TEXTS[random.below(TEXTS.len())];
            let row = random.below(text.len()) + 1;
            let column = random.below(14) + 1;
            let mut pieces: Vec<String> = (0..=random.below(3))
                .map(|_| rarer_piece(&mut random))
                .collect();
            if random.below(4) == 0 {
                let motion = random.pick(MOTIONS);
                let open = ["i", "aq", "V", "<C-v>j", "Rx", ":", "v", "c", "o"];
                let open = random.pick(&open);
                pieces.push(match open {
                    "v" | "c" => format!("{open}{motion}"),
                    open => open.to_owned(),
                });
            }
            Case {
                text: text.iter().map(|line| (*line).to_owned()).collect(),
                setup: format!("A<Esc>gg0fl/e<CR>{row}G{column}|"),
                pieces,
                options: "",
            }
        })
        .collect()
}

/// Cases written by hand: one text and keys a line.
pub fn written() -> Vec<Case> {
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
                setup: "A<Esc>gg0".to_owned(),
                pieces: vec![keys.to_owned()],
                options: "",
            }
        })
        .collect()
}

/// Digraphs, of which some stand in the texts.
const DIGRAPHS: &[&str] = &["o:", "ss", "i:", "e'", ":e", "->", "qz", "=e", "Eu"];

/// Characters that `CTRL-V` types, alone or by their numbers.
const LITERALS: &[&str] = &[
    "65",
    "065",
    "u00e9",
    "x41",
    "o101",
    "<Tab>",
    "e",
    "300",
    "<C-a>",
    "U0001f600",
];

fn character(random: &mut Random) -> String {
    let find = random.pick(&["f", "F", "t", "T"]);
    let digraph = random.pick(DIGRAPHS);
    // A number that another key ends is in the written cases.
    let literal = random.pick(&LITERALS[1..]);
    let count = random.pick(&["", "", "2", "3"]);
    match random.below(9) {
        0 => format!("{count}r<C-k>{digraph}"),
        1 => format!("{count}r<C-v>{literal}"),
        2 => format!("{find}<C-k>{digraph}"),
        3 => format!("d{find}<C-k>{digraph}"),
        4 => format!("vjr<C-k>{digraph}"),
        5 => format!("<C-v>jlr<C-v>{}", random.pick(&LITERALS[1..9])),
        6 => random
            .pick(&[";", ",", ".", "w", "j", "r<C-k><Esc>", "r<C-k>a<Esc>"])
            .to_owned(),
        7 => format!("r<C-v>{literal}l"),
        _ => format!("c{find}<C-k>{digraph}x<Esc>"),
    }
}

fn line(random: &mut Random) -> String {
    let digraph = random.pick(DIGRAPHS);
    let literal = random.pick(LITERALS);
    let register = random.pick(&["<C-w>", "<C-a>", "a", "<C-r>a", "-", "/"]);
    match random.below(12) {
        0 => format!(":s/<C-r>{register}/x/<CR>"),
        1 => format!("/<C-r>{register}<CR>"),
        2 => format!(":s/e/<C-k>{digraph}/<CR>"),
        3 => format!(":s/o/<C-v>{literal}/<CR>"),
        4 => format!("/<C-k>{digraph}<CR>"),
        5 => format!("/<C-v>{literal}<CR>"),
        6 => format!(
            ":s/one/two/{}<CR>",
            random.pick(&[
                "<Left>x",
                "<Home><Del>m0|s",
                "<C-b><Right><Right>e<BS>",
                "<C-w>a/",
                "<End>",
                "<Left><Left><C-u>s/e/",
                "<C-e><Left><Del>x/",
            ])
        ),
        7 => format!(
            ":s/e/z/<CR>j:{}<CR>",
            random.pick(&["<Up>", "<C-p>", "s<Up>", "x<Up><BS>d"])
        ),
        8 => format!(
            ":s/a/b/<CR>:2<CR>:{}<CR>",
            random.pick(&[
                "<Up><Up>",
                "s<Up>",
                "<C-p><C-p><C-n>",
                "<Up><Up><Down>",
                "<Up><Down>3"
            ])
        ),
        9 => format!(
            "/a<CR>/o<CR>/{}<CR>",
            random.pick(&["<Up>", "<Up><Up>", "a<Up>", "<C-p>"])
        ),
        10 => ":<C-r>=1+1<CR>d<CR>".to_owned(),
        _ => random
            .pick(&["w", "j", "u", ".", "n", ":s/q<Esc>:<Up><BS>e/y/<CR>"])
            .to_owned(),
    }
}

/// Characters that `r`, `f` and `t` take as digraphs or by their numbers, and how the line after `:` and
/// `/` is edited.
pub fn characters_and_lines(count: usize) -> Vec<Case> {
    let mut random = Random::new(0x6469_6772);
    (0..count)
        .map(|_| {
            let text: Vec<String> = TEXTS[random.below(TEXTS.len())]
                .iter()
                .map(|line| (*line).to_owned())
                .collect();
            let row = random.below(text.len()) + 1;
            let column = random.below(14) + 1;
            let pieces = (0..=random.below(3))
                .map(|_| match random.below(2) {
                    0 => character(&mut random),
                    _ => line(&mut random),
                })
                .collect();
            Case {
                text,
                setup: format!("A<Esc>gg0\"ayiwfl/e<CR>{row}G{column}|"),
                pieces,
                options: "",
            }
        })
        .collect()
}
