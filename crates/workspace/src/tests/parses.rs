use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use editor_core::{Selections, editing};
use fs::FakeFs;

use crate::{BufferId, ParsedTree, Workspace, WorkspaceEvent};

struct Source {
    workspace: Workspace,
    id: BufferId,
}

impl Source {
    fn new(name: &str, text: &str) -> Self {
        let fs = Arc::new(FakeFs::new());
        fs.insert(format!("/p/{name}"), text.as_bytes());
        let mut workspace = Workspace::new("/p".into(), fs);
        let id = workspace.open_blocking(Path::new(name)).unwrap();
        Self { workspace, id }
    }

    fn parse(&self) -> ParsedTree {
        let job = self.workspace.parse_job(self.id).unwrap();
        job.run(&AtomicBool::new(false)).unwrap()
    }

    fn insert(&mut self, offset: usize, typed: &str) {
        let text = self.workspace.buffer(self.id).unwrap().text().clone();
        let edit = editing::insert_text(&text, &Selections::caret(offset), typed);
        self.workspace.edit(self.id, edit).unwrap();
    }

    /// The text of each symbol.
    fn symbols(&self) -> Vec<String> {
        let buffer = self.workspace.buffer(self.id).unwrap();
        let symbols = buffer.outline().symbols().iter();
        symbols
            .map(|symbol| buffer.text().slice(symbol.range.clone()).into_owned())
            .collect()
    }

    /// What is highlighted as a number.
    fn numbers(&self) -> Vec<String> {
        let buffer = self.workspace.buffer(self.id).unwrap();
        let Some(tree) = buffer.syntax() else {
            return Vec::new();
        };
        assert_eq!(tree.text_len(), buffer.text().len());
        tree.highlights(buffer.text(), 0..buffer.text().len())
            .into_iter()
            .filter(|span| span.highlight.name() == "number")
            .map(|span| buffer.text().slice(span.range).into_owned())
            .collect()
    }
}

#[test]
fn a_parse_highlights_the_buffer_and_is_not_needed_twice() {
    let mut source = Source::new("a.rs", "const A: u8 = 12;");
    assert!(source.numbers().is_empty());
    let parsed = source.parse();
    source.workspace.parse_finished(source.id, parsed);
    assert_eq!(source.numbers(), ["12"]);
    assert!(source.workspace.parse_job(source.id).is_none());
}

#[test]
fn between_parses_highlights_move_with_the_text() {
    let mut source = Source::new("a.rs", "const A: u8 = 12;");
    let parsed = source.parse();
    source.workspace.parse_finished(source.id, parsed);
    source.insert(0, "pub ");
    assert_eq!(source.numbers(), ["12"]);
    assert!(source.workspace.parse_job(source.id).is_some());
}

#[test]
fn a_text_is_shown_before_fences_whose_grammars_may_take_long_are_read() {
    let mut source = Source::new("a.md", "# Title\n\n```git-commit\nx\n# Comment\n```\n");
    let colored = |source: &Source, wanted: &str, highlight: &str| {
        let buffer = source.workspace.buffer(source.id).unwrap();
        let (tree, text) = (buffer.syntax().unwrap(), buffer.text());
        let mut spans = tree.highlights(text, 0..text.len()).into_iter();
        spans.any(|span| {
            span.highlight.name().starts_with(highlight) && text.slice(span.range).contains(wanted)
        })
    };
    let first = source.parse();
    source.workspace.parse_finished(source.id, first);
    assert!(colored(&source, "Title", "markup"));
    assert!(!colored(&source, "Comment", "comment"));
    source.workspace.take_events();
    let more = source.parse();
    source.workspace.parse_finished(source.id, more);
    assert!(colored(&source, "Comment", "comment"));
    let events = source.workspace.take_events();
    assert!(matches!(events[..], [WorkspaceEvent::BufferReparsed(_)]));
    assert!(source.workspace.parse_job(source.id).is_none());
    // What was read keeps its colours while the text around it changes.
    source.insert(0, "Before\n\n");
    let again = source.parse();
    source.workspace.parse_finished(source.id, again);
    assert!(colored(&source, "Comment", "comment"));
    assert!(source.workspace.parse_job(source.id).is_none());
}

#[test]
fn a_parse_that_edits_overtook_is_carried_over_them() {
    let mut source = Source::new("a.rs", "const A: u8 = 12;");
    let parsed = source.parse();
    source.insert(0, "pub ");
    source.insert(0, "// x\n");
    source.workspace.parse_finished(source.id, parsed);
    assert_eq!(source.numbers(), ["12"]);
    let parsed = source.parse();
    source.workspace.parse_finished(source.id, parsed);
    assert_eq!(source.numbers(), ["12"]);
}

#[test]
fn an_older_parse_does_not_replace_a_newer_one() {
    let mut source = Source::new("a.rs", "const A: u8 = 1;");
    let old = source.parse();
    source.insert(16, "\nconst B: u8 = 2;");
    let new = source.parse();
    source.workspace.parse_finished(source.id, new);
    assert_eq!(source.numbers(), ["1", "2"]);
    source.workspace.take_events();
    source.workspace.parse_finished(source.id, old);
    assert_eq!(source.numbers(), ["1", "2"]);
    assert!(source.workspace.take_events().is_empty());
}

#[test]
fn a_parse_in_another_language_is_dropped() {
    let mut source = Source::new("a.rs", "const A: u8 = 1;");
    let rust = source.parse();
    let python = syntax::by_name("python").unwrap();
    source.workspace.set_language(source.id, python);
    source.workspace.parse_finished(source.id, rust);
    assert!(
        source
            .workspace
            .buffer(source.id)
            .unwrap()
            .syntax()
            .is_none()
    );
}

#[test]
fn a_cancelled_parse_gives_nothing() {
    let source = Source::new("a.rs", &"fn f() { 1 + 1; }\n".repeat(5000));
    let job = source.workspace.parse_job(source.id).unwrap();
    assert!(job.run(&AtomicBool::new(true)).is_none());
}

#[test]
fn what_has_no_grammar_or_is_too_large_is_not_parsed() {
    let plain = Source::new("a.txt", "text");
    assert!(plain.workspace.parse_job(plain.id).is_none());
    let large = Source::new("a.rs", &" ".repeat(syntax::MAX_PARSED_BYTES + 1));
    assert!(large.workspace.parse_job(large.id).is_none());
}

#[test]
fn symbols_are_found_once_and_follow_edits() {
    let mut source = Source::new("a.rs", "fn one() {}\nfn two() {}\n");
    assert!(source.workspace.outline_job(source.id).is_none(), "no tree");
    let parsed = source.parse();
    source.workspace.parse_finished(source.id, parsed);
    let job = source.workspace.outline_job(source.id).unwrap();
    source.insert(0, "// before\n");
    let found = job.run(&AtomicBool::new(false)).unwrap();
    source.workspace.take_events();
    source.workspace.outline_found(source.id, found);
    let [WorkspaceEvent::BufferOutlined(id)] = source.workspace.take_events()[..] else {
        panic!("who shows symbols is told");
    };
    assert_eq!(id, source.id);
    assert_eq!(source.symbols(), ["fn one() {}", "fn two() {}"]);
    source.insert(20, "\n");
    assert_eq!(source.symbols(), ["fn one() {\n}", "fn two() {}"]);
    source
        .workspace
        .set_language(source.id, syntax::LanguageId::PLAIN);
    assert!(source.symbols().is_empty());
}

#[test]
fn files_are_in_the_language_that_the_user_says() {
    let mut source = Source::new("a.inc", "x");
    let language = |source: &Source| source.workspace.buffer(source.id).unwrap().language();
    let pairs = |language: &str| [("*.inc".to_owned(), language.to_owned())];
    assert_eq!(language(&source).id_str(), "php");
    source.workspace.take_events();
    source.workspace.set_associations(&pairs("cpp"));
    assert_eq!(language(&source).id_str(), "cpp");
    assert!(!source.workspace.take_events().is_empty(), "it is told");
    source.workspace.set_associations(&pairs("klingon"));
    assert_eq!(language(&source).id_str(), "php");
    let events = source.workspace.take_events();
    let mut events = events.iter();
    assert!(events.any(|event| matches!(
        event,
        WorkspaceEvent::Notice { message, .. } if message.contains("klingon")
    )));
    let python = syntax::by_name("python").unwrap();
    source.workspace.set_language(source.id, python);
    source.workspace.set_associations(&pairs("cpp"));
    assert_eq!(language(&source), python, "what was chosen by hand stays");
}

#[test]
fn a_language_that_was_chosen_by_hand_is_forgotten_and_found_out_anew() {
    let mut source = Source::new("a.rs", "x");
    let language = |source: &Source| source.workspace.buffer(source.id).unwrap().language();
    let [python, rust, cpp] = ["python", "rust", "cpp"].map(|it| syntax::by_name(it).unwrap());
    source.workspace.set_language(source.id, python);
    assert_eq!(source.workspace.detected_language(source.id), Some(rust));
    source.workspace.take_events();
    source.workspace.detect_language_of(source.id);
    assert_eq!(language(&source), rust);
    assert!(!source.workspace.take_events().is_empty(), "it is told");
    // It is no longer one that was chosen: what the user says of such files holds.
    let pairs = [("*.rs".to_owned(), "cpp".to_owned())];
    source.workspace.set_associations(&pairs);
    assert_eq!(language(&source), cpp);
}

#[test]
fn a_text_without_a_file_is_in_the_language_that_it_looks_like_once_that_is_asked_for() {
    let mut source = Source::new("a.rs", "x");
    let workspace = &mut source.workspace;
    let id = workspace.new_untitled();
    let language = |workspace: &Workspace| workspace.buffer(id).unwrap().language();
    let guess = |workspace: &mut Workspace| {
        workspace.detect_language_of(id);
        let job = workspace.awaited_guess(id).unwrap();
        workspace.language_guessed(id, job.run());
    };
    workspace.replace_text(id, PYTHON).unwrap();
    assert!(workspace.awaited_guess(id).is_none(), "nobody asked");
    assert_eq!(language(workspace), syntax::LanguageId::PLAIN);
    guess(workspace);
    assert_eq!(language(workspace).id_str(), "python");
    assert!(workspace.awaited_guess(id).is_none(), "it is known");
    workspace.replace_text(id, RUST).unwrap();
    guess(workspace);
    assert_eq!(language(workspace).id_str(), "rust");
}

const PYTHON: &str = "#!/usr/bin/env python3\nprint(1)\n";
const RUST: &str = "use std::fs;\n\nfn main() {}\n";

#[test]
fn what_a_text_looked_like_before_an_edit_is_dropped_and_asked_again() {
    let mut source = Source::new("a.rs", "x");
    let workspace = &mut source.workspace;
    let id = workspace.new_untitled();
    workspace.replace_text(id, PYTHON).unwrap();
    workspace.detect_language_of(id);
    let stale = workspace.awaited_guess(id).unwrap().run();
    workspace.replace_text(id, RUST).unwrap();
    workspace.language_guessed(id, stale);
    let language = |workspace: &Workspace| workspace.buffer(id).unwrap().language();
    assert_eq!(language(workspace), syntax::LanguageId::PLAIN);
    let again = workspace.awaited_guess(id).unwrap().run();
    workspace.take_events();
    workspace.language_guessed(id, again);
    assert_eq!(language(workspace).id_str(), "rust");
    assert!(!workspace.take_events().is_empty(), "it is told");
}

#[test]
fn a_language_that_is_chosen_while_a_text_is_looked_at_stays() {
    let mut source = Source::new("a.rs", "x");
    let workspace = &mut source.workspace;
    let sql = syntax::by_name("sql").unwrap();
    // Also plain text, which it is in already, and that of a file that it is saved as.
    for chosen in [sql, syntax::LanguageId::PLAIN] {
        let id = workspace.new_untitled();
        workspace.replace_text(id, PYTHON).unwrap();
        workspace.detect_language_of(id);
        let late = workspace.awaited_guess(id).unwrap().run();
        workspace.set_language(id, chosen);
        assert!(workspace.awaited_guess(id).is_none());
        workspace.language_guessed(id, late);
        let buffer = workspace.buffer(id).unwrap();
        assert_eq!(buffer.chosen_language(), Some(chosen));
        assert_eq!(buffer.guessed_language(), None);
    }
    assert!(workspace.guess_job(source.id).is_none(), "its path says it");
}

#[test]
fn a_language_that_was_guessed_in_an_earlier_program_comes_back_and_is_not_chosen() {
    let mut source = Source::new("a.txt", "x");
    let workspace = &mut source.workspace;
    let id = workspace.new_untitled();
    let guessed = |workspace: &Workspace| {
        let buffer = workspace.buffer(id).unwrap();
        assert_eq!(buffer.chosen_language(), None);
        buffer.guessed_language().map(syntax::LanguageId::id_str)
    };
    for unknown in ["no such language", "rs", ""] {
        workspace.restore_guessed_language(id, unknown);
        assert_eq!(guessed(workspace), None, "{unknown}");
    }
    workspace.take_events();
    workspace.restore_guessed_language(id, "rust");
    assert_eq!(guessed(workspace), Some("rust"));
    assert!(!workspace.take_events().is_empty(), "it is told");
    workspace.restore_guessed_language(id, "python");
    assert_eq!(guessed(workspace), Some("rust"), "it has one since");
    // A file's is by its path.
    workspace.restore_guessed_language(source.id, "rust");
    let of_file = workspace.buffer(source.id).unwrap().language();
    assert_eq!(of_file, syntax::LanguageId::PLAIN);
}
