//! Random texts.

use test_support::Random;

const FILES: &[&str] = &[
    "a.rs", "a.py", "a.md", "a.txt", "a.json", "a.html", "a.c", "a.tsx",
];

/// What is typed, and what texts are made of.
const PIECES: &[&str] = &[
    "a",
    "x",
    "word",
    "two words",
    "fn f() {",
    "}",
    "(",
    ")",
    "[",
    "]",
    "\"",
    "'",
    "`",
    "// note",
    "/* open",
    "*/",
    "<div class=\"a\">",
    "</div>",
    "if (x) {",
    "return",
    "def f():",
    "  ",
    "    ",
    "\t",
    "\t\t",
    ", ",
    ";",
    "1234567890",
    "0x7f",
    "getSomeName",
    "snake_case_name",
    "λ",
    "日本語テキスト",
    "한국어",
    "e\u{301}",
    "\u{301}",
    "👩\u{200d}💻",
    "👍🏽",
    "🇩🇪🇫🇷",
    "🦀",
    "שלום עולם",
    "مرحبا",
    "\u{202e}",
    "\u{2066}",
    "\u{200b}",
    "\u{feff}",
    "\u{7f}",
    "\u{1b}[0m",
    "\u{a0}",
    "\u{2028}",
    "\u{85}",
    "\u{c}",
    "\u{fe0f}",
    "\u{e0001}",
    "क्षि",
    "กำ",
    "ﷺ",
    "https://example.org/a?b=c",
];

const LINE_ENDS: &[&str] = &["\n", "\n", "\n", "\r\n", "\r"];

/// A file's name and its text: lines of every sort, with mixed ends.
pub fn file(random: &mut Random) -> (&'static str, String) {
    let name = random.pick(FILES);
    let lines = match random.below(6) {
        0 => random.below(3),
        1 | 2 => random.below(12),
        3 | 4 => random.below(60),
        _ => random.below(400),
    };
    let ends = random.below(4);
    let mut text = String::new();
    for _ in 0..lines {
        text.push_str(&" ".repeat(random.below(4) * random.below(5)));
        let pieces = match random.below(40) {
            0 => 200 + random.below(2000),
            1..8 => 0,
            _ => random.below(10),
        };
        for _ in 0..pieces {
            text.push_str(random.pick(PIECES));
            if random.one_in(2) {
                text.push(' ');
            }
        }
        text.push_str(match ends {
            0 => random.pick(LINE_ENDS),
            1 => "\r\n",
            _ => "\n",
        });
    }
    if random.one_in(2) {
        text.push_str(random.pick(PIECES));
    }
    // With many control characters it would be taken for a binary file.
    while text.matches('\u{7f}').count() * 20 > text.len() {
        text.push_str(" and words that are no control characters");
    }
    (name, text)
}

/// Something to type.
pub fn typed(random: &mut Random) -> String {
    let mut text = String::new();
    for _ in 0..=random.below(3) {
        text.push_str(random.pick(PIECES));
    }
    text
}
