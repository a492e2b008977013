//! Languages that were imported. They are known to the whole process, so that these tests are one
//! program, and each has names of its own.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use editor_core::auto_indent::{AutoIndent, Indenting, insert_newline, settle_typed};
use editor_core::editing::insert_text;
use editor_core::{ChangeSet, Edit, IndentStyle, Selections, Text};
use serde_json::{Value, json};
use syntax::{
    ImportedGrammar, ImportedLanguage, LanguageId, OldPoints, SyntaxFolds, SyntaxTree,
    check_grammar, detect, plain_folds, register_imported, take_grammar_problems,
};

/// One test at a time: each puts its languages in the place of those of the others.
fn alone() -> MutexGuard<'static, ()> {
    static ONE: Mutex<()> = Mutex::new(());
    let alone = ONE.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    // What a test that failed left is not the next one's.
    take_grammar_problems();
    alone
}

fn language(id: &str) -> ImportedLanguage {
    ImportedLanguage {
        id: id.to_owned(),
        extensions: vec![format!(".{id}")],
        ..ImportedLanguage::default()
    }
}

fn grammar(scope: &str, language: Option<&str>, text: Value) -> ImportedGrammar {
    ImportedGrammar {
        scope: scope.to_owned(),
        language: language.map(str::to_owned),
        inject_to: Vec::new(),
        embedded: BTreeMap::new(),
        source: Arc::new(move || Ok(text.to_string())),
    }
}

/// What is highlighted in a text in the language of a file of this name.
fn highlighted(file: &str, source: &str) -> Vec<String> {
    let text = Text::from(source);
    let tree = parse(file, &text);
    let spans = tree.highlights(&text, 0..text.len()).into_iter();
    spans
        .map(|span| format!("{} {}", text.slice(span.range), span.highlight.name()))
        .collect()
}

fn parse(file: &str, text: &Text) -> SyntaxTree {
    let language = detect(Path::new(file), "");
    assert_ne!(language, LanguageId::PLAIN, "{file}");
    SyntaxTree::parse(language, text, None, &AtomicBool::new(false)).unwrap()
}

/// What typing at the end of a text in the language of a file of this name makes of it.
fn typed(file: &str, before: &str, typed: &str) -> String {
    typed_at(file, before, before.len(), typed)
}

fn typed_at(file: &str, before: &str, at: usize, typed: &str) -> String {
    let mut text = Text::from(before);
    let mut selections = Selections::caret(at);
    for character in typed.chars() {
        let tree = parse(file, &text);
        let indenting = Indenting {
            level: AutoIndent::Full,
            style: IndentStyle::spaces(2),
            trims: true,
            syntax: &tree,
        };
        let made = match character {
            '\n' => insert_newline(&text, &selections, &indenting),
            other => insert_text(&text, &selections, &other.to_string()),
        };
        text = made.changes.apply(&text).unwrap();
        selections = made.selections_after;
        let tree = parse(file, &text);
        let indenting = Indenting {
            syntax: &tree,
            ..indenting
        };
        let moved = settle_typed(&text, &selections, &character.to_string(), &indenting);
        text = moved.changes.apply(&text).unwrap();
        selections = moved.selections_after;
    }
    text.to_string()
}

#[test]
fn a_language_is_found_by_all_that_its_extensions_say() {
    let _alone = alone();
    register_imported(
        vec![
            ImportedLanguage {
                aliases: vec!["Sprocket".into(), "sprk".into()],
                extensions: vec![".spr".into(), ".html.spr".into(), ".rs".into()],
                file_names: vec!["Sprocketfile".into()],
                file_patterns: vec!["sprocket-*.{conf,cfg}".into(), "**/.sprocket/*".into()],
                first_line: Some(r"^#!.*\bsprocket(?!x)\b".into()),
                ..language("sprocket")
            },
            // Another extension says more of it.
            ImportedLanguage {
                extensions: vec![".spk".into()],
                ..language("sprocket")
            },
            // Kiln has this one.
            ImportedLanguage {
                extensions: vec![".spx".into()],
                ..language("rust")
            },
        ],
        Vec::new(),
    );
    let of = |path: &str, first_line: &str| detect(Path::new(path), first_line).id_str();
    assert_eq!(of("a.spr", ""), "sprocket");
    assert_eq!(of("a.SPK", ""), "sprocket");
    assert_eq!(of("a.html.spr", ""), "sprocket");
    assert_eq!(of("Sprocketfile", ""), "sprocket");
    assert_eq!(of("sprocket-a.cfg", ""), "sprocket");
    assert_eq!(of("/p/.sprocket/a", ""), "sprocket");
    assert_eq!(of("tool", "#! /usr/bin/sprocket"), "sprocket");
    assert_eq!(of("tool", "#! /usr/bin/sprocketx"), "plaintext");
    assert_eq!(of("a.rs", ""), "rust");
    assert_eq!(of("a.spx", ""), "plaintext");
    let known = syntax::by_name("sprk").unwrap();
    assert_eq!((known.name(), known.id_str()), ("Sprocket", "sprocket"));
    assert_eq!(known.icon(), Some("file-code"));
    let again = syntax::languages().len();
    register_imported(vec![language("sprocket")], Vec::new());
    assert_eq!(syntax::languages().len(), again);
    assert_eq!(of("a.spk", ""), "plaintext");
    assert_eq!(known.id_str(), "sprocket");
}

#[test]
fn a_grammar_includes_others_and_others_are_put_into_it() {
    let _alone = alone();
    let host = json!({
        "scopeName": "source.host",
        "patterns": [
            { "match": "\\bif\\b", "name": "keyword.control.host" },
            { "begin": "<<", "end": ">>", "contentName": "meta.embedded.guest",
              "patterns": [{ "include": "source.guest" }] },
            { "include": "source.nowhere" },
        ],
    });
    let guest = json!({ "patterns": [{ "match": "\\d+", "name": "constant.numeric.guest" }] });
    let todo = json!({
        "injectionSelector": "L:source.host",
        "patterns": [{ "match": "TODO", "name": "comment.todo" }],
    });
    register_imported(
        vec![language("host"), language("guest")],
        vec![
            ImportedGrammar {
                embedded: [("meta.embedded.guest".to_owned(), "guest".to_owned())].into(),
                ..grammar("source.host", Some("host"), host)
            },
            grammar("source.guest", Some("guest"), guest),
            ImportedGrammar {
                inject_to: vec!["source.host".into()],
                ..grammar("todo.injection", None, todo)
            },
        ],
    );
    assert_eq!(
        highlighted("a.host", "if 1 <<\n2 TODO\n>> 3"),
        ["if keyword.control", "2 number", "TODO comment"]
    );
    let text = Text::from("if 1 <<\n2 3\n>> 3");
    let tree = parse("a.host", &text);
    assert_eq!(tree.language_at(&text, 9).id_str(), "guest");
    assert_eq!(tree.language_at(&text, 1).id_str(), "host");
    assert_eq!(take_grammar_problems(), Vec::<String>::new());
}

#[test]
fn a_grammar_that_cannot_be_used_is_told_once_and_leaves_the_text_plain() {
    let _alone = alone();
    let unreadable = ImportedGrammar {
        source: Arc::new(|| Err("cannot be read: it is gone".into())),
        ..grammar("source.gone", Some("gone"), Value::Null)
    };
    let deep = json!({ "patterns": [{ "match": "(".repeat(100_000) }] });
    register_imported(
        vec![language("gone"), language("bent"), language("deep")],
        vec![
            unreadable,
            grammar("source.bent", Some("bent"), json!([1, 2])),
            grammar("source.deep", Some("deep"), deep),
        ],
    );
    for file in ["a.gone", "a.bent", "a.deep", "b.gone"] {
        assert_eq!(highlighted(file, "if 1"), Vec::<String>::new());
    }
    let problems = take_grammar_problems();
    assert_eq!(problems.len(), 3, "{problems:?}");
    assert_eq!(
        problems[0],
        "The imported grammar source.gone cannot be read: it is gone."
    );
    assert!(problems[1].starts_with("The imported grammar source.bent cannot be used"));
    assert!(problems[2].contains("nests more than"), "{problems:?}");
    assert_eq!(take_grammar_problems(), Vec::<String>::new());
}

#[test]
fn a_grammar_that_runs_in_circles_is_left() {
    let _alone = alone();
    let circles = json!({
        "patterns": [{ "include": "#a" }],
        "repository": {
            "a": { "patterns": [{ "include": "#b" }] },
            "b": { "patterns": [{ "include": "#a" }, { "include": "$self" },
                { "begin": "", "end": "", "patterns": [{ "include": "#a" }] }] },
        },
    });
    register_imported(
        vec![language("circles")],
        vec![grammar("source.circles", Some("circles"), circles)],
    );
    assert_eq!(highlighted("a.circles", "a b c"), Vec::<String>::new());
    assert_eq!(
        take_grammar_problems(),
        ["The imported grammar source.circles includes itself in too many ways."]
    );
}

/// The engine gives each pattern its steps at each place of a line anew, and does not look at the
/// time meanwhile: one such line may take seconds, and gives a result all the same. No two are the
/// same, so that none is known from before, and none is so long that its start is tried first.
#[test]
fn a_grammar_that_takes_too_long_is_left_for_the_rest_of_the_text() {
    let _alone = alone();
    let endless = json!({ "patterns": [
        { "match": "\\bkey\\b", "name": "keyword" },
        { "match": "(?:a|aa)+$", "name": "string" },
        { "match": "q(?=b)", "name": "string" },
        { "match": "z+", "name": "string" },
    ] });
    register_imported(
        vec![language("endless")],
        vec![grammar("source.endless", Some("endless"), endless)],
    );
    let hostile = |row: usize| format!("key {row} {}b\n", "a".repeat(80));
    // More than there is time for on any machine.
    let rows = 20_000;
    let lines: String = (0..rows).map(hostile).collect();
    let source = format!("key\n{lines}key\n");
    let text = Text::from(source.as_str());
    let tree = parse("a.endless", &text);
    let keys = tree.highlights(&text, 0..text.len()).len();
    // How many lines there is time for is the machine's doing.
    let problems = take_grammar_problems();
    match problems.as_slice() {
        [told] => {
            let told =
                told.strip_prefix("The imported grammar source.endless takes too long on a ");
            let told = told.unwrap();
            assert!(keys < rows + 2, "{keys} lines were read");
            if told.starts_with("line; it is not used again until the next start") {
                return;
            }
            assert_eq!(told, "file; the rest of it is shown without colours.");
        }
        others => panic!("{others:?}"),
    }
    // Nor is it asked about what is written there then; another text is another matter.
    let end = text.len();
    let changes = ChangeSet::from_edits(end, vec![Edit::new(end..end, "key 1")]).unwrap();
    let after = changes.apply(&text).unwrap();
    let carried = tree.carried(&changes, &OldPoints::of(&changes, &text), &after);
    let language = detect(Path::new("a.endless"), "");
    let never = AtomicBool::new(false);
    let again = SyntaxTree::parse(language, &after, Some(&carried), &never).unwrap();
    assert_eq!(again.highlights(&after, 0..after.len()).len(), keys);
    assert_eq!(highlighted("b.endless", "key 1"), ["key keyword.control"]);
    assert_eq!(take_grammar_problems(), Vec::<String>::new());
}

/// A pattern that needs all of its steps at each place would take minutes of a line as long as this.
#[test]
fn a_long_line_that_a_grammar_is_not_up_to_is_left_after_its_start() {
    let _alone = alone();
    let patterns = json!({ "patterns": [
        { "match": "\\bkey\\b", "name": "keyword" },
        { "match": "(?:a|aa)+$", "name": "string" },
        { "match": "q(?=b)", "name": "string" },
        { "match": "z+", "name": "string" },
    ] });
    register_imported(
        vec![language("long")],
        vec![grammar("source.long", Some("long"), patterns)],
    );
    let key = "key keyword.control";
    let hostile = format!("key\n{}b\nkey", "a".repeat(19_000));
    assert_eq!(highlighted("a.long", &hostile), [key, key]);
    assert_eq!(take_grammar_problems(), Vec::<String>::new());
    // One that it is up to is read as a whole.
    let fine = format!("key {} key", "bé ".repeat(4_500));
    assert_eq!(highlighted("a.long", &fine), [key, key]);
}

/// A rule that goes on to the end of its line, and one that is there at the start of a line alone.
#[test]
fn a_long_line_has_one_end_and_one_start() {
    let _alone = alone();
    let patterns = json!({ "patterns": [
        { "match": "^x", "name": "keyword" },
        { "begin": "#", "end": "$", "name": "comment" },
    ] });
    register_imported(
        vec![language("ends")],
        vec![grammar("source.ends", Some("ends"), patterns)],
    );
    let line = "x".repeat(19_000);
    let comment = format!("#{line} comment");
    assert_eq!(
        highlighted("a.ends", &format!("#{line}\nx")),
        [&comment, "x keyword.control"]
    );
    assert_eq!(highlighted("a.ends", &line), ["x keyword.control"]);
}

/// Many patterns that each need all of their steps at each place of a line: the engine looks for
/// the first match of any, and at the time only then. So many that no machine is through in time.
#[test]
fn a_grammar_that_is_stuck_in_a_line_is_given_up_for_all_texts() {
    let _alone = alone();
    let bad = |at: usize| json!({ "match": format!("(?!x{{{at}}})(?:a|aa)+$"), "name": "string" });
    let mut patterns: Vec<Value> = (0..48).map(bad).collect();
    patterns.push(json!({ "match": "\\bkey\\b", "name": "keyword" }));
    let fine = json!({ "patterns": [{ "match": "\\bkey\\b", "name": "keyword" }] });
    register_imported(
        vec![language("stuckline"), language("fine")],
        vec![
            grammar(
                "source.stuckline",
                Some("stuckline"),
                json!({ "patterns": patterns }),
            ),
            grammar("source.fine", Some("fine"), fine),
        ],
    );
    let key = "key keyword.control";
    assert_eq!(highlighted("a.stuckline", "key"), [key]);
    let hostile = format!("key\n{}b\nkey", "a".repeat(100));
    // Else the keys beside the line would have their colours.
    assert_eq!(highlighted("a.stuckline", &hostile), Vec::<String>::new());
    assert_eq!(
        take_grammar_problems(),
        [
            "The imported grammar source.stuckline takes too long on a line; it is not used again \
             until the next start, and its files are shown without colours."
        ]
    );
    // It was up to this text before.
    assert_eq!(highlighted("b.stuckline", &hostile), Vec::<String>::new());
    assert_eq!(highlighted("c.stuckline", "key"), Vec::<String>::new());
    assert_eq!(take_grammar_problems(), Vec::<String>::new());
    assert_eq!(highlighted("a.fine", "key"), [key]);
}

#[test]
fn a_grammar_is_checked_before_it_is_taken() {
    let fine = json!({ "scopeName": "a", "patterns": [{ "match": "a" }] });
    assert_eq!(check_grammar("source.a", &fine.to_string()), Ok(None));
    let odd = json!({ "scopeName": "a", "patterns": [{ "match": "a)" }] });
    let warning = check_grammar("source.a", &odd.to_string()).unwrap();
    assert!(warning.unwrap().contains("a)"));
    for (text, problem) in [
        ("{", "is not a grammar in JSON"),
        ("[]", "cannot be used"),
        (r#"{"patterns": 3}"#, "cannot be used"),
    ] {
        let told = check_grammar("source.a", text).unwrap_err();
        assert!(told.contains(problem), "{text}: {told}");
    }
}

#[test]
fn the_configuration_says_how_lines_are_indented() {
    let _alone = alone();
    let configured = ImportedLanguage {
        configuration: json!({
            "comments": { "lineComment": ";;" },
            "indentationRules": {
                "increaseIndentPattern": "^\\s*(when|otherwise)\\b(?!.*\\bdone\\b).*$",
                "decreaseIndentPattern": "^\\s*(otherwise|done)\\b.*$",
            },
        }),
        ..language("pattern")
    };
    let plain = json!({ "patterns": [{ "match": ";;.*", "name": "comment.line" }] });
    register_imported(
        vec![configured],
        vec![grammar("source.pattern", Some("pattern"), plain)],
    );
    let typed = |before: &str, keys: &str| typed("a.pattern", before, keys);
    assert_eq!(typed("when a", "\nb"), "when a\n  b");
    assert_eq!(typed("when a done", "\nb"), "when a done\nb");
    assert_eq!(
        typed("when a\n  b", "\notherwise\nc\ndone\nd"),
        "when a\n  b\notherwise\n  c\ndone\nd"
    );
    assert_eq!(typed(";; when a", "\nb"), ";; when a\nb");
}

fn register_typed(id: &str, configuration: Value) {
    let configured = ImportedLanguage {
        configuration,
        ..language(id)
    };
    let plain = json!({ "patterns": [{ "match": ";;.*", "name": "comment.line" }] });
    let scope = format!("source.{id}");
    register_imported(vec![configured], vec![grammar(&scope, Some(id), plain)]);
}

#[test]
fn the_configuration_says_what_enter_does() {
    let _alone = alone();
    register_typed(
        "enter",
        json!({
            "brackets": [["{", "}"]],
            "indentationRules": { "increaseIndentPattern": "^\\s*when\\b" },
            "onEnterRules": [
                { "beforeText": "^\\s*;;", "action": { "indent": "none", "appendText": ";; " } },
                { "beforeText": "\\bdo$", "afterText": "^\\s*done$", "action": { "indent": "indentOutdent" } },
                { "beforeText": "\\bdo$", "action": { "indent": "indent" } },
                { "beforeText": "^\\s*stop$", "action": { "indent": "outdent" } },
                { "beforeText": "^\\s*\\|", "previousLineText": "^\\s*\\|",
                  "action": { "indent": "none", "appendText": "| ", "removeText": 1 } },
            ],
        }),
    );
    let at = |before: &str, keys: &str| {
        let caret = before.find('^').unwrap();
        typed_at("a.enter", &before.replacen('^', "", 1), caret, keys)
    };
    assert_eq!(at("  ;; a^ b", "\n"), "  ;; a\n  ;;  b");
    assert_eq!(at("  x do^ done", "\ny"), "  x do\n    y\n  done");
    assert_eq!(at("  x do^", "\ny"), "  x do\n    y");
    assert_eq!(at("  x do^ z", "\ny"), "  x do\n    y z");
    assert_eq!(at("    stop^", "\nx"), "    stop\n  x");
    // The line above counts, and what no rule fits goes on as before.
    assert_eq!(at(" | a\n | b^", "\n"), " | a\n | b\n| ");
    assert_eq!(at(" | b^", "\nx"), " | b\n x");
    assert_eq!(at("when {^}", "\nx"), "when {\n  x\n}");
    assert_eq!(take_grammar_problems(), Vec::<String>::new());
}

#[test]
fn a_pattern_of_a_configuration_that_takes_too_long_is_left_and_told() {
    let _alone = alone();
    let hostile = "(?:x+x+)+y|end";
    register_typed(
        "stuck",
        json!({
            "indentationRules": { "increaseIndentPattern": hostile },
            "onEnterRules": [{ "beforeText": hostile, "action": { "indent": "outdent" } }],
        }),
    );
    assert_eq!(typed("a.stuck", "    end", "\na"), "    end\n  a");
    let line = format!("    {} y", "x".repeat(200));
    assert_eq!(typed("a.stuck", &line, "\na"), format!("{line}\n    a"));
    assert_eq!(typed("a.stuck", "    end", "\na"), "    end\n    a");
    let told = |key: &str| {
        format!(
            "The pattern {key} of the imported language stuck takes too long on a line; it is not \
             asked again until the next start."
        )
    };
    assert_eq!(
        take_grammar_problems(),
        [told("beforeText"), told("increaseIndentPattern")]
    );
}

#[test]
fn the_configuration_marks_folds() {
    let _alone = alone();
    register_typed(
        "marked",
        json!({ "folding": { "markers": { "start": "^\\s*;;\\s*<fold", "end": "^\\s*;;\\s*fold>" } } }),
    );
    let source = ";; fold>\na\n;; <fold\n;; <fold one\n  b\nc\n;;fold>\nd\n;; <fold\ne\n;; fold>\n";
    let text = Text::from(source);
    let never = AtomicBool::new(false);
    let tree = parse("a.marked", &text);
    let rows = |folds: SyntaxFolds| -> Vec<(usize, usize)> {
        let all = folds.regions.as_slice().iter();
        all.map(|region| (region.first, region.last)).collect()
    };
    let wanted = [(3, 6), (8, 10)];
    assert_eq!(rows(tree.fold_regions(&text, 4, &never).unwrap()), wanted);
    // Also before there is a parse, and where there is none.
    let plain = plain_folds(tree.language(), &text, 4, &never).unwrap();
    assert_eq!(rows(plain), wanted);
    assert!(plain_folds(tree.language(), &text, 4, &AtomicBool::new(true)).is_none());
    let nested = Text::from(";; <fold\n;; <fold\na\n;; fold>\n  b\n;; fold>\n");
    let plain = plain_folds(tree.language(), &nested, 4, &never).unwrap();
    assert_eq!(rows(plain), [(0, 5), (1, 3)]);
}

fn spans(tree: &SyntaxTree, text: &Text) -> Vec<String> {
    let spans = tree.highlights(text, 0..text.len()).into_iter();
    spans
        .map(|span| format!("{} {}", text.slice(span.range), span.highlight.name()))
        .collect()
}

/// What another language says of a fence is in the colours of the text around it, and stays right
/// while the fence and what is before it are edited.
#[test]
fn a_fence_of_markdown_is_in_an_imported_language() {
    let _alone = alone();
    let patterns = json!({ "patterns": [
        { "match": "\\bforge\\b", "name": "keyword" },
        { "begin": "<<", "end": ">>", "name": "comment" },
    ] });
    register_imported(
        vec![language("fenced")],
        vec![grammar("source.fenced", Some("fenced"), patterns)],
    );
    let mut text = Text::from(
        "a\n\n```fenced\nforge x <<\nforge >> y\n```\n\n> ```fenced\n> <<\n> forge\n> >> forge\n> ```\n\n```nowhere\nforge\n```\n",
    );
    let markdown = detect(Path::new("a.md"), "");
    let never = AtomicBool::new(false);
    let mut tree = SyntaxTree::parse(markdown, &text, None, &never).unwrap();
    let of_fences = |tree: &SyntaxTree, text: &Text| -> Vec<String> {
        let all = spans(tree, text).into_iter();
        all.filter(|span| {
            !span.contains("markup") && !span.contains("punctuation") && !span.contains("label")
        })
        .collect()
    };
    assert_eq!(
        of_fences(&tree, &text),
        [
            "forge keyword.control",
            "<< comment",
            "forge >> comment",
            "<< comment",
            "forge comment",
            ">> comment",
            "forge keyword.control",
        ]
    );
    let at = text.to_string().find("x <<").unwrap();
    assert_eq!(tree.language_at(&text, at).id_str(), "fenced");
    for (from, to, insert) in [
        (0, 0, "b\nc "),
        (21, 21, "forge "),
        (33, 35, ""),
        (33, 33, "<"),
        (33, 33, "<"),
        (18, 30, "forge\n"),
        (5, 14, ""),
        (5, 5, "\n```fenced\n"),
    ] {
        let changes = ChangeSet::from_edits(text.len(), vec![Edit::new(from..to, insert)]).unwrap();
        let after = changes.apply(&text).unwrap();
        let carried = tree.carried(&changes, &OldPoints::of(&changes, &text), &after);
        for span in carried.highlights(&after, 0..after.len()) {
            assert!(span.range.end <= after.len(), "{span:?}");
        }
        text = after;
        tree = SyntaxTree::parse(markdown, &text, Some(&carried), &never).unwrap();
        let anew = SyntaxTree::parse(markdown, &text, None, &never).unwrap();
        assert_eq!(spans(&tree, &text), spans(&anew, &text), "{text}");
    }
    // Until it is read again, what stands beside what is typed keeps its colours.
    let source = "```fenced\nforge forge\n```\n";
    let text = Text::from(source);
    let tree = SyntaxTree::parse(markdown, &text, None, &never).unwrap();
    let changes = ChangeSet::from_edits(text.len(), vec![Edit::new(16..16, "a ")]).unwrap();
    let after = changes.apply(&text).unwrap();
    let carried = tree.carried(&changes, &OldPoints::of(&changes, &text), &after);
    let keyword = "forge keyword.control";
    assert_eq!(of_fences(&carried, &after), [keyword, keyword]);
}

fn fence(language: &str, content: &str) -> String {
    format!("```{language}\n{content}\n```\n\n")
}

fn count(tree: &SyntaxTree, text: &Text, wanted: &str) -> usize {
    let spans = tree.highlights(text, 0..text.len());
    let is_wanted = |span: &&syntax::HighlightSpan| text.slice(span.range.clone()) == wanted;
    spans.iter().filter(is_wanted).count()
}

#[test]
fn the_text_around_fences_does_not_wait_for_them_and_a_cancel_keeps_what_was_read() {
    let _alone = alone();
    let keys = json!({ "patterns": [{ "match": "\\bkey\\b", "name": "keyword" }] });
    register_imported(
        vec![language("later")],
        vec![grammar("source.later", Some("later"), keys)],
    );
    let source = format!("# Title\n\n{}", fence("later", "key").repeat(3));
    let text = Text::from(source.as_str());
    let markdown = detect(Path::new("a.md"), "");
    let (never, always) = (AtomicBool::new(false), AtomicBool::new(true));
    let first = SyntaxTree::parse_first(markdown, &text, None, &never).unwrap();
    assert!(
        !first.highlights(&text, 0..7).is_empty(),
        "the title has its colour"
    );
    assert_eq!((count(&first, &text, "key"), first.is_whole()), (0, false));
    let more = first.parse_more(Duration::ZERO, &never);
    assert_eq!((count(&more, &text, "key"), more.is_whole()), (1, false));
    let cancelled = more.parse_more(Duration::MAX, &always);
    assert_eq!(
        (count(&cancelled, &text, "key"), cancelled.is_whole()),
        (1, false)
    );
    let whole = cancelled.parse_more(Duration::MAX, &never);
    assert_eq!((count(&whole, &text, "key"), whole.is_whole()), (3, true));
    // What was read stays where the rest changes.
    let changes = ChangeSet::from_edits(text.len(), vec![Edit::new(2..2, "A ")]).unwrap();
    let after = changes.apply(&text).unwrap();
    let carried = more.carried(&changes, &OldPoints::of(&changes, &text), &after);
    let again = SyntaxTree::parse_first(markdown, &after, Some(&carried), &never).unwrap();
    assert_eq!((count(&again, &after, "key"), again.is_whole()), (1, false));
}

#[test]
fn fences_behind_two_mebibytes_have_no_colours_of_their_own() {
    let _alone = alone();
    let keys = json!({ "patterns": [{ "match": "^key$", "name": "keyword" }] });
    register_imported(
        vec![language("bulky")],
        vec![grammar("source.bulky", Some("bulky"), keys)],
    );
    let line = format!("{}\n", "-".repeat(16_000));
    let bulky = fence("bulky", &format!("key\n{}key", line.repeat(8)));
    let text = Text::from(bulky.repeat(20).as_str());
    // Sixteen fences of 128,009 bytes are less than two mebibytes.
    assert_eq!(count(&parse("a.md", &text), &text, "key"), 2 * 16);
}

/// The brackets of a text in the language of a file of this name, each with its depth.
fn brackets(tree: &SyntaxTree, text: &Text) -> Vec<String> {
    let found = tree.brackets(0..text.len()).into_iter();
    found
        .map(|found| {
            let depth = found
                .depth
                .map_or("-".to_owned(), |depth| depth.to_string());
            format!("{}{depth}", text.slice(found.offset..found.offset + 1))
        })
        .collect()
}

#[test]
fn brackets_of_code_have_their_depth() {
    let _alone = alone();
    let strings = json!({ "patterns": [
        { "begin": "\"", "end": "\"", "name": "string.quoted.double.own", "patterns": [
            { "match": "\\{\\d\\}", "name": "constant.other.placeholder.own" },
            { "begin": "#\\{", "end": "\\}", "contentName": "meta.embedded.own", "patterns": [{ "include": "$self" }] },
        ] },
        { "begin": "/\\*", "end": "\\*/", "name": "comment.block.own" },
    ] });
    let with = |id: &str, configuration: Value| ImportedLanguage {
        configuration,
        ..language(id)
    };
    let brackets_of = json!([["{", "}"], ["(", ")"], ["<", ">"], ["begin", "end"]]);
    register_imported(
        vec![
            with("ruffle", json!({ "brackets": brackets_of })),
            with(
                "rufflet",
                json!({ "brackets": brackets_of, "colorizedBracketPairs": [["<", ">"]] }),
            ),
            with("rufflest", json!({ "colorizedBracketPairs": [] })),
            language("plainruffle"),
        ],
        vec![
            grammar("source.ruffle", Some("ruffle"), strings.clone()),
            grammar("source.rufflet", Some("rufflet"), strings.clone()),
            grammar("source.rufflest", Some("rufflest"), strings.clone()),
            grammar("source.plainruffle", Some("plainruffle"), strings),
        ],
    );
    let source = "{ (a < [b]) \"({0} #{(c)}\" /* ( \n ) */ }\n)\n";
    let text = Text::from(source);
    let of = |file: &str| brackets(&parse(file, &text), &text);
    assert_eq!(of("a.ruffle"), ["{0", "(1", ")1", "(1", ")1", "}0", ")-"]);
    assert_eq!(of("a.rufflet"), ["<-"]);
    assert!(of("a.rufflest").is_empty());
    // Without a word of its own, the usual ones.
    let usual = ["{0", "(1", "[2", "]2", ")1", "(1", ")1", "}0", ")-"];
    assert_eq!(of("a.plainruffle"), usual);
    let pairs = parse("a.ruffle", &text).bracket_pairs(0..text.len());
    let pairs = pairs.iter().map(|pair| (pair.open, pair.close, pair.depth));
    let inner = source.find("(c").unwrap();
    assert_eq!(
        Vec::from_iter(pairs),
        [
            (0, source.rfind('}'), 0),
            (2, source.find(')'), 1),
            (inner, Some(inner + 2), 1),
        ]
    );
}

#[test]
fn brackets_follow_edits() {
    let _alone = alone();
    register_imported(
        vec![language("trestle")],
        vec![grammar(
            "source.trestle",
            Some("trestle"),
            json!({ "patterns": [{ "begin": "/\\*", "end": "\\*/", "name": "comment.block.own" }] }),
        )],
    );
    let mut text = Text::from("(a)\n[b]\n".repeat(3000).as_str());
    let mut tree = parse("a.trestle", &text);
    for (from, to, insert) in [
        (0, 0, "{"),
        (9000, 9001, ""),
        (12_001, 12_001, "/*"),
        (12_003, 18_000, "}\n*/ ("),
        (12_001, 12_003, ""),
    ] {
        let edits = vec![Edit::new(from..to, insert)];
        let changes = ChangeSet::from_edits(text.len(), edits).unwrap();
        let after = changes.apply(&text).unwrap();
        let carried = tree.interpolate(&changes, &text, &after);
        let never = AtomicBool::new(false);
        tree = SyntaxTree::parse(carried.language(), &after, Some(&carried), &never).unwrap();
        text = after;
        let anew = parse("a.trestle", &text);
        assert_eq!(brackets(&tree, &text), brackets(&anew, &text), "{insert}");
        // A part alone is as in the whole.
        let part = tree.brackets(8000..8100);
        let all = tree.brackets(0..text.len()).into_iter();
        let inside: Vec<_> = all
            .filter(|one| (8000..8100).contains(&one.offset))
            .collect();
        assert_eq!(part, inside);
        assert!(part.len() > 10);
    }
}
