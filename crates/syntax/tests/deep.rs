//! Texts made to be hard on a scanner: nested very deep, or with very long words. The scanners are
//! C, and keep their state in a buffer of a fixed size.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use std::sync::atomic::AtomicBool;

use editor_core::{ChangeSet, Edit, Text};
use syntax::{SyntaxTree, by_name};

/// Parses a text, edits it at its end and in its middle, and parses it again each time.
fn survives(language: &str, source: &str) {
    let never = AtomicBool::new(false);
    let id = by_name(language).unwrap_or_else(|| panic!("{language} is unknown"));
    let mut text = Text::from(source);
    let mut tree = SyntaxTree::parse(id, &text, None, &never).unwrap();
    for at in [text.len(), text.len() / 2] {
        let at = text.floor_char_boundary(at);
        let changes = ChangeSet::from_edits(text.len(), vec![Edit::new(at..at, "\n")]).unwrap();
        let after = changes.apply(&text).unwrap();
        let carried = tree.interpolate(&changes, &text, &after);
        tree = SyntaxTree::parse(id, &after, Some(&carried), &never).unwrap();
        text = after;
    }
    assert_eq!(tree.text_len(), text.len());
    tree.highlights(&text, 0..text.len().min(1000));
}

/// `line` once a level, each a column further in.
fn steps(levels: usize, line: &str) -> String {
    let steps = (0..levels).map(|level| format!("{}{line}\n", " ".repeat(level)));
    steps.collect()
}

#[test]
fn deep_nesting_harms_no_scanner() {
    for levels in [100, 252, 253, 254, 255, 256, 300, 600, 1100] {
        let repeat = |part: &str| part.repeat(levels);
        survives("yaml", &steps(levels, "a:"));
        survives("yaml", &steps(levels, "- a:"));
        survives("yaml", &format!("{}a", repeat("- ")));
        survives("yaml", &format!("{}a", repeat("? ")));
        survives("yaml", &format!("{}a{}", repeat("["), repeat("]")));
        survives("ruby", &format!("{}a{}", repeat("\"#{"), repeat("}\"")));
        survives("ruby", &repeat("%w(a "));
        survives("php", &format!("<?php {}", repeat("<<<A\n {${")));
        survives(
            "csharp",
            &format!("x = {}1{};", repeat("$\"{"), repeat("}\"")),
        );
        survives(
            "kotlin",
            &format!("val a = {}1{}", repeat("\"${"), repeat("}\"")),
        );
        survives(
            "scala",
            &format!("val a = {}1{}", repeat("s\"${"), repeat("}\"")),
        );
        survives("scala", &steps(levels, "object A:"));
        survives(
            "terraform",
            &format!("a = {}1{}", repeat("\"${"), repeat("}\"")),
        );
        survives("sql", &format!("SELECT {}1{};", repeat("("), repeat(")")));
        survives("regex", &format!("{}a{}", repeat("(?:"), repeat(")")));
        survives("python", &steps(levels, "if a:"));
        survives(
            "python",
            &format!("x = {}1{}", repeat("f\"{"), repeat("}\"")),
        );
        survives("html", &repeat("<div><custom-element-of-some-length>"));
        survives("shellscript", &repeat("\"$(echo "));
        survives("shellscript", &format!("cat {}\n", repeat("<<A ")));
        survives("dockerfile", &format!("RUN {}\n", repeat("<<A ")));
        survives("markdown", &format!("{}a\n", repeat("> ")));
        survives("markdown", &steps(levels, "- a"));
        survives("rust", &format!("{}{}", repeat("/*"), repeat("*/")));
        survives("css", &repeat("a { "));
        survives("toml", &format!("a = {}1{}", repeat("["), repeat("]")));
    }
}

#[test]
fn long_words_harm_no_scanner() {
    for length in [
        200, 254, 255, 256, 257, 300, 511, 512, 1000, 1014, 1015, 1016, 1017, 1018, 3000,
    ] {
        let word = "A".repeat(length);
        let heredoc = |open: &str| format!("{open}{word}\n  text\n{word}\n");
        survives("ruby", &heredoc("a = <<"));
        survives("ruby", &heredoc("a = <<~"));
        survives("ruby", &format!("a = <<A, <<{word}\nb\nA\nc\n{word}\n"));
        survives("php", &heredoc("<?php $a = <<<"));
        survives("shellscript", &heredoc("cat <<"));
        survives("terraform", &heredoc("a = <<"));
        survives("dockerfile", &heredoc("RUN <<"));
        survives("cpp", &format!("auto a = R\"{word}(text){word}\";"));
        survives(
            "rust",
            &format!("let a = r{0}\"text\"{0};", "#".repeat(length)),
        );
        survives(
            "sql",
            &format!("CREATE FUNCTION a() RETURNS INT AS ${word}$ BEGIN END ${word}$;"),
        );
        survives("html", &format!("<{word}>text</{word}>"));
        survives("csharp", &format!("x = {0}text{0};", "\"".repeat(length)));
        survives("kotlin", &format!("val a = {}\"text\"", "$".repeat(length)));
        survives("markdown", &format!("{0}\ntext\n{0}\n", "`".repeat(length)));
    }
}

/// Many words of every length that a full buffer can end in.
#[test]
fn full_buffers_harm_no_scanner() {
    for length in 1..=260 {
        let words: Vec<String> = (0..12).map(|_| "A".repeat(length)).collect();
        let opened =
            |mark: &str| -> String { words.iter().map(|word| format!("{mark}{word}, ")).collect() };
        survives("ruby", &format!("a = {}1\ntext\n", opened("<<")));
        survives("dockerfile", &format!("RUN cat {}\ntext\n", opened("<<")));
        survives("shellscript", &format!("cat {}\ntext\n", opened("<<")));
    }
}
