//! Parsing again after an edit gives what parsing anew gives.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use std::ops::Range;
use std::sync::atomic::AtomicBool;

use editor_core::{ChangeSet, Edit, Text};
use proptest::prelude::*;
use syntax::{HighlightSpan, LanguageId, MAX_PARSED_BYTES, SyntaxTree, by_name};

const RUST: &str = r#"use std::fmt;

/// A point.
#[derive(Clone, Copy)]
pub struct Point<T> { x: T, y: T }

impl<T: fmt::Display> Point<T> {
    pub fn show(&self) -> String {
        // both
        format!("({}, {})", self.x, self.y)
    }
}

fn main() {
    let p = Point { x: 1, y: 2 };
    println!("{}", p.show());
}
"#;

const PYTHON: &str = r#"import json

class Store:
    """Holds tasks."""

    def __init__(self, path):
        self.path = path

    def load(self):
        with open(self.path) as file:
            return [x for x in json.load(file) if x["done"] is not True]
"#;

const TYPESCRIPT: &str = r#"export interface Task { id: number; title: string }

export async function list(base: string): Promise<Task[]> {
  const reply = await fetch(`${base}/tasks`);
  if (!reply.ok) throw new Error("failed");
  return (await reply.json()) as Task[];
}
"#;

const JSON: &str = r#"{
  "name": "kiln",
  "tags": ["a", "b\n", 1.5, true, null],
  "nested": {"x": {"y": []}}
}
"#;

const SAMPLES: usize = 38;

const MARKDOWN: &str = r#"# Plan

Some *words* and `code`, a [link](https://example.org).

- [ ] 1. First
  - detail **bold**
- [x] 2. Second

> quoted *text*
> on two lines

```rust
fn main() { let x = 1; }
```

| a | b |
|---|---|
| `c` | *d* |

```json
{"k": [1, 2]}
```

The end.
"#;

/// What is read otherwise than it is written.
const DIALECTS: &str = r#"# a comment
CREATE TABLE "a" ("b" int, [c d] text, `e` int DEFAULT "f");
INSERT INTO [dbo].[a] ("b", e) VALUES ("g", 1), ("h", 2);
SELECT "a"."b", e[1] # 2
FROM "a" WHERE "b" = "i" AND [c d] IN ("j", "k"); # more
SELECT 'l "m' || "n" FROM $$ "o" $$;
"#;

const MAIL: &str = "From 3d6f1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b Mon Sep 17\nSubject: a\n b\n\nc: d\n\n---\n \
                    e | 2 +-\n\ndiff --git a/e b/e\n--- a/e\n+++ b/e\n@@ -1,2 +1,2 @@\n f\n-- g\n+h\n-- \n2.39\n\n\
                    2,3c2\n< i\n---\n> j\n*** k\n--- l\n***************\n*** 1 ****\n! m\n--- 1 ----\n! n\n";

fn samples() -> [(LanguageId, &'static str); SAMPLES] {
    let id = |name| by_name(name).expect("a known language");
    [
        (id("rust"), RUST),
        (id("python"), PYTHON),
        (id("typescript"), TYPESCRIPT),
        (id("json"), JSON),
        (id("markdown"), MARKDOWN),
        (id("git-commit"), include_str!("samples/COMMIT_EDITMSG")),
        (id("git-rebase"), include_str!("samples/git-rebase-todo")),
        (id("log"), include_str!("samples/server.log")),
        (id("rust"), include_str!("samples/store.rs")),
        (id("python"), include_str!("samples/store.py")),
        (id("typescript"), include_str!("samples/store.ts")),
        (id("typescriptreact"), include_str!("samples/App.tsx")),
        (id("javascript"), include_str!("samples/store.js")),
        (id("javascriptreact"), include_str!("samples/App.jsx")),
        (id("json"), include_str!("samples/project.json")),
        (id("jsonc"), include_str!("samples/settings.jsonc")),
        (id("markdown"), include_str!("samples/plan.md")),
        (id("go"), include_str!("samples/store.go")),
        (id("java"), include_str!("samples/Store.java")),
        (id("c"), include_str!("samples/store.c")),
        (id("cpp"), include_str!("samples/store.cpp")),
        (id("csharp"), include_str!("samples/Store.cs")),
        (id("php"), include_str!("samples/store.php")),
        (id("ruby"), include_str!("samples/store.rb")),
        (id("shellscript"), include_str!("samples/build.sh")),
        (id("toml"), include_str!("samples/project.toml")),
        (id("html"), include_str!("samples/page.html")),
        (id("css"), include_str!("samples/style.css")),
        (id("diff"), include_str!("samples/change.diff")),
        (id("dockerfile"), include_str!("samples/Dockerfile")),
        (id("terraform"), include_str!("samples/main.tf")),
        (id("kotlin"), include_str!("samples/Store.kt")),
        (id("regex"), include_str!("samples/words.regex")),
        (id("scala"), include_str!("samples/Store.scala")),
        (id("sql"), include_str!("samples/store.sql")),
        (id("sql"), DIALECTS),
        (id("diff"), MAIL),
        (id("yaml"), include_str!("samples/deploy.yaml")),
    ]
}

fn parse(language: LanguageId, text: &Text, previous: Option<&SyntaxTree>) -> SyntaxTree {
    SyntaxTree::parse(language, text, previous, &AtomicBool::new(false)).expect("it has a grammar")
}

fn all(tree: &SyntaxTree, text: &Text) -> Vec<HighlightSpan> {
    tree.highlights(text, 0..text.len())
}

fn change(text: &Text, from: usize, to: usize, insert: &str) -> ChangeSet {
    let from = text.floor_char_boundary(from);
    let to = text.ceil_char_boundary(to.max(from));
    ChangeSet::from_edits(text.len(), vec![Edit::new(from..to, insert)]).expect("within the text")
}

/// Applies a change to text and tree, parses again, and returns both.
fn step(
    language: LanguageId,
    text: &Text,
    tree: &SyntaxTree,
    changes: &ChangeSet,
) -> (Text, SyntaxTree) {
    let after = changes.apply(text).expect("made for this text");
    let carried = tree.interpolate(changes, text, &after);
    assert_eq!(carried.text_len(), after.len());
    let parsed = parse(language, &after, Some(&carried));
    (after, parsed)
}

/// The first place where two lists of spans differ.
fn difference(left: &[HighlightSpan], right: &[HighlightSpan]) -> Option<String> {
    let at = (0..left.len().max(right.len())).find(|&at| left.get(at) != right.get(at))?;
    Some(format!("{:?} is not {:?}", left.get(at), right.get(at)))
}

/// What people type: whole words, brackets in pairs, lines, and things taken back.
fn insertion() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "x",
        " ",
        "\n",
        "()",
        "{}",
        "[]",
        "\"\"",
        "let y = 2;\n",
        "// note\n",
        "# note\n",
        "*",
        "`",
        "**b**",
        "\n\n",
        "é",
        "日本",
        "1",
        "- item\n",
        "\n```rust\nlet z = 0;\n```\n",
        "| e | f |\n",
        "fn g() {}\n",
        "def g(): pass\n",
        "\"k\": 1,",
        "k = [",
        "f(",
        "{",
        "]",
        "\"",
        "/*",
        ",",
        ";",
        ".",
        "> ",
        "    ",
        "",
    ])
}

fn edits() -> impl Strategy<Value = Vec<(usize, usize, &'static str)>> {
    prop::collection::vec((any::<usize>(), 0_usize..12, insertion()), 1..8)
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 1000,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// In every state on the way that follows the grammar, and at the end, when all is undone.
    /// How tree-sitter recovers from an error depends on what it kept, so broken states are
    /// compared once they are whole again.
    #[test]
    fn parsing_after_edits_equals_parsing_anew(sample in 0..SAMPLES, edits in edits()) {
        let (language, source) = samples()[sample];
        let mut text = Text::from(source);
        let mut tree = parse(language, &text, None);
        let mut undo = Vec::new();
        let compare = |text: &Text, tree: &SyntaxTree| {
            let anew = parse(language, text, None);
            if !anew.has_errors() {
                let differs = difference(&all(tree, text), &all(&anew, text));
                prop_assert!(differs.is_none(), "{:?} in\n{}", differs, text);
            }
            Ok(())
        };
        for (at, len, insert) in edits {
            let at = at % (text.len() + 1);
            let changes = change(&text, at, (at + len).min(text.len()), insert);
            undo.push(changes.invert(&text));
            (text, tree) = step(language, &text, &tree, &changes);
            compare(&text, &tree)?;
        }
        while let Some(changes) = undo.pop() {
            (text, tree) = step(language, &text, &tree, &changes);
            compare(&text, &tree)?;
        }
        prop_assert_eq!(text.to_string(), source);
    }

    /// A tree carried over an edit paints what did not change as before, at its new place.
    #[test]
    fn interpolation_moves_what_is_far_from_the_edit(sample in 0..SAMPLES, at in any::<usize>(), insert in insertion()) {
        let (language, source) = samples()[sample];
        let text = Text::from(source);
        let tree = parse(language, &text, None);
        let at = text.floor_char_boundary(at % (text.len() + 1));
        // What opens a comment says of all of it whether it is documentation.
        let opening = &source[..text.ceil_char_boundary((at + 1).min(text.len()))];
        prop_assume!(!opening.ends_with('*') && !source[..at].ends_with("/**"));
        // A row of a mail is told by those above it as they are.
        prop_assume!(source != MAIL);
        let changes = change(&text, at, at, insert);
        let after = changes.apply(&text).unwrap();
        let carried = tree.interpolate(&changes, &text, &after);
        let line_start = text.line_start(text.row_at(at));
        prop_assert_eq!(
            carried.highlights(&after, 0..line_start),
            tree.highlights(&text, 0..line_start)
        );
        let behind = text.line_end(text.row_at(at));
        let moved: Vec<HighlightSpan> = tree
            .highlights(&text, behind..text.len())
            .into_iter()
            .map(|span| HighlightSpan {
                range: span.range.start + insert.len()..span.range.end + insert.len(),
                ..span
            })
            .collect();
        prop_assert_eq!(carried.highlights(&after, behind + insert.len()..after.len()), moved);
    }
}

/// Whether `"d"` is a name or a string is said by what stands before the list that it is in.
#[test]
fn what_is_read_otherwise_far_behind_an_edit_is_parsed_again() {
    let sql = by_name("sql").unwrap();
    let with = |before: &str| format!("SELECT {before}(1,\n  2,\n  3,\n  4,\n  \"d\") FROM b;\n");
    for (from, to) in [("f", "c IN "), ("c IN ", "f")] {
        let text = Text::from(with(from).as_str());
        let tree = parse(sql, &text, None);
        let changes = change(&text, 7, 7 + from.len(), to);
        let after = changes.apply(&text).unwrap();
        assert_eq!(after.to_string(), with(to));
        let carried = tree.interpolate(&changes, &text, &after);
        let again = parse(sql, &after, Some(&carried));
        let anew = parse(sql, &after, None);
        assert_eq!(difference(&all(&again, &after), &all(&anew, &after)), None);
    }
}

#[test]
fn several_edits_at_once_are_carried_over_together() {
    let language = by_name("markdown").unwrap();
    let text = Text::from(MARKDOWN);
    let tree = parse(language, &text, None);
    let edits = ["words", "bold", "quoted", "main", "The end"].map(|word| {
        let start = MARKDOWN.find(word).unwrap();
        Edit::new(
            start..start + word.len(),
            format!("{word}\nand more {word}"),
        )
    });
    let changes = ChangeSet::from_edits(text.len(), edits.into()).unwrap();
    let (after, tree) = step(language, &text, &tree, &changes);
    assert_eq!(
        all(&tree, &after),
        all(&parse(language, &after, None), &after)
    );
}

#[test]
fn a_cancelled_parse_gives_nothing_and_harms_nothing() {
    let language = by_name("rust").unwrap();
    let text = Text::from(RUST.repeat(200).as_str());
    let cancelled = AtomicBool::new(true);
    assert!(SyntaxTree::parse(language, &text, None, &cancelled).is_none());
    let whole = parse(language, &text, None);
    assert!(!all(&whole, &text).is_empty());
}

#[test]
fn a_tree_of_another_text_is_not_trusted() {
    let language = by_name("json").unwrap();
    let other = parse(language, &Text::from("[1, 2, 3]"), None);
    let text = Text::from(JSON);
    assert_eq!(
        all(&parse(language, &text, Some(&other)), &text),
        all(&parse(language, &text, None), &text)
    );
}

#[test]
fn plain_and_huge_texts_are_left_alone() {
    let never = AtomicBool::new(false);
    assert!(SyntaxTree::parse(LanguageId::PLAIN, &Text::from("x"), None, &never).is_none());
    let huge = Text::from("1\n".repeat(MAX_PARSED_BYTES / 2 + 1).as_str());
    assert!(SyntaxTree::parse(by_name("json").unwrap(), &huge, None, &never).is_none());
}

#[test]
fn the_cost_of_a_screenful_does_not_grow_with_the_file() {
    // Counted in spans looked at through their number: a screenful of a long file gives as many
    // as one of a short file.
    let language = by_name("rust").unwrap();
    let long = Text::from(RUST.repeat(500).as_str());
    let tree = parse(language, &long, None);
    let middle = RUST.len() * 250;
    let here = tree.highlights(&long, middle..middle + RUST.len());
    let short = Text::from(RUST);
    let alone = all(&parse(language, &short, None), &short);
    assert_eq!(here.len(), alone.len());
}

/// Ranges that begin and end at the ends of parts and within them, where a part that is cut could be
/// taken for one that it stands in, and whole rows, as a view asks for.
#[test]
fn a_range_shows_what_the_whole_shows_there() {
    for (language, source) in samples() {
        let text = Text::from(source);
        let tree = parse(language, &text, None);
        let whole = all(&tree, &text);
        let middle = |range: &Range<usize>| {
            text.floor_char_boundary(range.start.midpoint(range.end))
                .max(range.start)
        };
        let mut asked: Vec<Range<usize>> = Vec::new();
        for (at, first) in whole.iter().enumerate() {
            for last in [0, 3].iter().filter_map(|after| whole.get(at + after)) {
                for from in [first.range.start, middle(&first.range)] {
                    asked.extend([from..middle(&last.range), from..last.range.end]);
                }
            }
        }
        asked.extend((0..text.line_count()).map(|row| text.line_start(row)..text.line_end(row)));
        asked.retain(|range| !range.is_empty());
        asked.sort_by_key(|range| (range.start, range.end));
        asked.dedup();
        for Range { start, end } in asked {
            let clipped = whole.iter().filter_map(|span| {
                let range = span.range.start.max(start)..span.range.end.min(end);
                let highlight = span.highlight;
                (!range.is_empty()).then_some(HighlightSpan { range, highlight })
            });
            let clipped: Vec<HighlightSpan> = clipped.collect();
            let shown = tree.highlights(&text, start..end);
            assert_eq!(shown, clipped, "of {start}..{end} in\n{source}");
        }
    }
}
