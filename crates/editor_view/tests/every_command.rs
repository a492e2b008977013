//! Every command of the editor has a test that runs it, by its id or by its key.
#![allow(missing_docs, clippy::expect_used, clippy::unwrap_used)]

mod common;

use std::collections::BTreeMap;
use std::path::Path;

use common::{Editor, editor_keymap, init, open};
use gpui_kit::TestAppContext;
use gpui_kit::test::TestWindowExt as _;
use ui::Commands;

fn run(editor: &Editor, cx: &mut TestAppContext, command: &str) {
    editor.update(cx, |window, cx| {
        assert!(Commands::run(command, window, cx), "there is no {command}");
        window.render_frame(cx);
    });
    cx.run_until_parked();
}

/// A command, the marked text before it and after it.
const COMMANDS: &[(&str, &str, &str)] = &[
    // Movement
    ("editor.moveWordLeft", "one twoˇ", "one ˇtwo"),
    ("editor.moveSubwordLeft", "getNameˇ", "getˇName"),
    ("editor.moveSubwordRight", "ˇgetName", "getˇName"),
    ("editor.moveParagraphUp", "a\n\nb\ncˇ", "a\nˇ\nb\nc"),
    ("editor.moveParagraphDown", "ˇa\nb\n\nc", "a\nb\nˇ\nc"),
    (
        "editor.moveSameIndentUp",
        "  a\n    b\n  cˇ",
        "  ˇa\n    b\n  c",
    ),
    (
        "editor.moveSameIndentDown",
        "  aˇ\n    b\n  c",
        "  a\n    b\n  ˇc",
    ),
    // Selection
    ("editor.selectLeft", "abˇc", "a«ˇb»c"),
    ("editor.selectRight", "aˇbc", "a«bˇ»c"),
    ("editor.selectUp", "ab\ncdˇ", "ab«ˇ\ncd»"),
    ("editor.selectWordLeft", "one twoˇ", "one «ˇtwo»"),
    ("editor.selectWordRight", "ˇone two", "«oneˇ» two"),
    ("editor.selectSubwordLeft", "getNameˇ", "get«ˇName»"),
    ("editor.selectSubwordRight", "ˇgetName", "«getˇ»Name"),
    ("editor.selectLineStart", "  abˇ", "  «ˇab»"),
    ("editor.selectDocumentStart", "ab\ncˇd", "«ˇab\nc»d"),
    ("editor.selectParagraphUp", "a\n\nbˇ", "a\n«ˇ\nb»"),
    ("editor.selectParagraphDown", "ˇa\n\nb", "«a\nˇ»\nb"),
    ("editor.selectSameIndentUp", "a\n  b\ncˇ", "«ˇa\n  b\nc»"),
    ("editor.selectSameIndentDown", "aˇ\n  b\nc", "a«\n  b\nˇ»c"),
    ("editor.selectToBracket", "f(aˇ)", "f«(a)ˇ»"),
    ("editor.selectAllOccurrences", "aˇ b a", "«aˇ» b «aˇ»"),
    ("editor.selectPrevious", "a b «aˇ»", "«aˇ» b «aˇ»"),
    ("editor.skipToNext", "«aˇ» b a", "a b «aˇ»"),
    ("editor.skipToPrevious", "a b «aˇ»", "«aˇ» b a"),
    ("editor.splitSelection", "«a\nbˇ»", "aˇ\nbˇ"),
    ("editor.addCaretAbove", "ab\ncdˇ", "abˇ\ncdˇ"),
    ("editor.addCaretBelow", "«oneˇ»\ntwo", "«oneˇ»\n«twoˇ»"),
    ("editor.columnSelectLeft", "abˇ\ncd", "a«ˇb»\ncd"),
    ("editor.columnSelectUp", "ab\ncdˇ", "abˇ\ncdˇ"),
    // Deleting
    ("editor.deleteWordLeft", "one twoˇ", "one ˇ"),
    ("editor.deleteWordRight", "ˇone two", "ˇ two"),
    ("editor.deleteSubwordLeft", "getNameˇ", "getˇ"),
    ("editor.deleteSubwordRight", "ˇgetName", "ˇName"),
    ("editor.deleteToLineStart", "ab cˇd", "ˇd"),
    ("editor.deleteToLineEnd", "aˇb cd\ne", "aˇ\ne"),
    ("editor.action.removeBrackets", "f(aˇ)", "faˇ"),
    // Lines
    ("editor.newlineAbove", "  aˇ", "  ˇ\n  a"),
    ("editor.duplicateLinesUp", "aˇ\nb", "aˇ\na\nb"),
    ("editor.moveLinesDown", "aˇ\nb", "b\naˇ"),
    ("editor.joinLines", "aˇ\n  b", "aˇ b"),
    ("editor.sortLinesAscending", "«b\na\nCˇ»", "«a\nb\nCˇ»"),
    ("editor.sortLinesDescending", "«b\na\nCˇ»", "«C\nb\naˇ»"),
    ("editor.uniqueLines", "«a\nb\naˇ»", "«a\nbˇ»"),
    ("editor.reverseLines", "«a\nb\ncˇ»", "«c\nb\naˇ»"),
    ("editor.action.trimTrailingWhitespace", "a  \nbˇ\t", "a\nbˇ"),
    // Letters
    ("editor.action.transpose", "abˇ", "baˇ"),
    ("editor.upperCase", "«some oneˇ»", "«SOME ONEˇ»"),
    ("editor.lowerCase", "«SOME Oneˇ»", "«some oneˇ»"),
    ("editor.titleCase", "«some oneˇ»", "«Some Oneˇ»"),
    ("editor.snakeCase", "«someOneˇ»", "«some_oneˇ»"),
    ("editor.camelCase", "«some_oneˇ»", "«someOneˇ»"),
    ("editor.pascalCase", "«some_oneˇ»", "«SomeOneˇ»"),
    ("editor.kebabCase", "«someOneˇ»", "«some-oneˇ»"),
];

#[gpui_kit::test]
fn commands_change_text_and_carets(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "ˇ");
    let mut wrong = Vec::new();
    for (command, before, after) in COMMANDS {
        editor.set(cx, before);
        run(&editor, cx, command);
        let shown = editor.marked(cx);
        if shown != *after {
            wrong.push(format!(
                "{command}: {before:?} gave {shown:?}, not {after:?}"
            ));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[gpui_kit::test]
fn commands_that_change_the_text_say_so(cx: &mut TestAppContext) {
    cx.update(init);
    for (command, before, after) in COMMANDS.iter().chain(IN_CODE) {
        let bare = |marked: &str| marked.replace(['ˇ', '«', '»'], "");
        if bare(before) != bare(after) {
            let spec = cx.update(|cx| Commands::get(command, cx)).unwrap();
            assert!(spec.edits, "{command} edits");
        }
    }
}

#[gpui_kit::test]
fn every_row_of_several_carets_is_worked_on(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "ˇ");
    for (command, before, after) in COMMANDS {
        // What looks at the whole text, or takes carets together, is not the same twice.
        let alone = [
            "Document",
            "Paragraph",
            "Occurrences",
            "Previous",
            "Next",
            "Up",
            "Above",
            "SameIndent",
            "columnSelect",
            "Lines",
            "skip",
            "Down",
        ];
        if alone.iter().any(|word| command.contains(word)) {
            continue;
        }
        editor.set(cx, &format!("{before}\n{before}"));
        run(&editor, cx, command);
        assert_eq!(editor.marked(cx), format!("{after}\n{after}"), "{command}");
    }
}

/// A command, the marked code before it and after it.
const IN_CODE: &[(&str, &str, &str)] = &[
    (
        "editor.selectFunction",
        "impl A { fn b() { cˇ } }",
        "impl A { «fn b() { c }ˇ» }",
    ),
    (
        "editor.selectFunctionBody",
        "impl A { fn b() { cˇ } }",
        "impl A { fn b() { «cˇ» } }",
    ),
    (
        "editor.selectClass",
        "impl A { fn b() { cˇ } }",
        "«impl A { fn b() { c } }ˇ»",
    ),
    (
        "editor.selectClassBody",
        "impl A { fn b() { cˇ } }",
        "impl A { «fn b() { c }ˇ» }",
    ),
    ("editor.selectParameter", "a(b, cˇ);", "a(b, «cˇ»);"),
    (
        "editor.selectComment",
        "a;\n// bˇ\n// c\n",
        "a;\n«// b\n// cˇ»\n",
    ),
    ("editor.selectBlock", "fn a() { b; ˇ}", "fn a() «{ b; }ˇ»"),
    (
        "editor.selectEntry",
        "let a = [b, cˇ];",
        "let a = [b«, cˇ»];",
    ),
    (
        "editor.goToNextFunction",
        "fn aˇ() {}\nfn b() {}",
        "fn a() {}\nˇfn b() {}",
    ),
    (
        "editor.goToPreviousFunction",
        "fn a() {}\nˇfn b() {}",
        "ˇfn a() {}\nfn b() {}",
    ),
    (
        "editor.goToNextClass",
        "ˇfn a() {}\nstruct B;",
        "fn a() {}\nˇstruct B;",
    ),
    (
        "editor.goToPreviousClass",
        "struct B;\nfn aˇ() {}",
        "ˇstruct B;\nfn a() {}",
    ),
];

#[gpui_kit::test]
fn commands_know_the_parts_of_code(cx: &mut TestAppContext) {
    let editor = open(cx, "a.rs", "ˇ");
    for (command, before, after) in IN_CODE {
        editor.set(cx, before);
        cx.run_until_parked();
        run(&editor, cx, command);
        assert_eq!(editor.marked(cx), *after, "{command} of {before:?}");
    }
    // Each caret has its own, and once more takes the next one around.
    editor.set(cx, "fn a() { |b| bˇ }\nfn c() { dˇ }");
    cx.run_until_parked();
    run(&editor, cx, "editor.selectFunction");
    assert_eq!(editor.marked(cx), "fn a() { «|b| bˇ» }\n«fn c() { d }ˇ»");
    run(&editor, cx, "editor.selectFunction");
    assert_eq!(editor.marked(cx), "«fn a() { |b| b }ˇ»\n«fn c() { d }ˇ»");
}

#[gpui_kit::test]
fn pages_are_moved_selected_and_scrolled(cx: &mut TestAppContext) {
    let text = format!("ˇ{}", "line\n".repeat(500));
    let editor = open(cx, "a.txt", &text);
    let first = |cx: &mut TestAppContext| cx.update(|cx| editor.view.read(cx).visible_rows().start);
    let head = |cx: &mut TestAppContext| {
        cx.update(|cx| {
            let view = editor.view.read(cx);
            view.text(cx).row_at(view.selections().primary().head)
        })
    };
    run(&editor, cx, "editor.scrollPageDown");
    let page = first(cx);
    assert!(page > 10);
    run(&editor, cx, "editor.scrollLineUp");
    assert_eq!(first(cx), page - 1);
    run(&editor, cx, "editor.scrollPageUp");
    assert_eq!(first(cx), 0);
    run(&editor, cx, "editor.movePageDown");
    let moved = head(cx);
    assert!(moved > 10);
    run(&editor, cx, "editor.movePageUp");
    assert_eq!(head(cx), 0);
    run(&editor, cx, "editor.selectPageDown");
    assert_eq!(head(cx), moved);
    let selected = cx.update(|cx| editor.view.read(cx).selections().primary().range());
    assert_eq!(selected, 0..moved * "line\n".len());
    run(&editor, cx, "editor.selectPageUp");
    assert_eq!(head(cx), 0);
    run(&editor, cx, "editor.columnSelectPageDown");
    let carets = cx.update(|cx| editor.view.read(cx).selections().len());
    assert!(carets > 10, "a caret a row: {carets}");
    run(&editor, cx, "editor.columnSelectPageUp");
    assert_eq!(cx.update(|cx| editor.view.read(cx).selections().len()), 1);
}

#[gpui_kit::test]
fn the_places_of_carets_and_states_of_the_text_come_back(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "ˇab");
    run(&editor, cx, "editor.moveRight");
    run(&editor, cx, "editor.caretUndo");
    editor.shows(cx, "ˇab");
    run(&editor, cx, "editor.caretRedo");
    editor.shows(cx, "aˇb").input(cx, "1");
    run(&editor, cx, "editor.undo");
    editor.input(cx, "2").shows(cx, "a2ˇb");
    run(&editor, cx, "editor.undoOtherBranch");
    editor.shows(cx, "a1ˇb");
    run(&editor, cx, "editor.undoLater");
    editor.shows(cx, "a2ˇb");
    run(&editor, cx, "editor.undoEarlier");
    editor.shows(cx, "a1ˇb");
}

#[gpui_kit::test]
fn the_match_before_is_found(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "foo bar «fooˇ» bar foo");
    run(&editor, cx, "editor.find");
    run(&editor, cx, "editor.findPrevious");
    editor.shows(cx, "«fooˇ» bar foo bar foo");
}

#[gpui_kit::test]
fn each_level_is_folded(cx: &mut TestAppContext) {
    let nested: String = (0..9)
        .map(|depth| format!("{}{depth}\n", "  ".repeat(depth)))
        .collect();
    let editor = open(cx, "a.txt", &format!("{nested}endˇ"));
    cx.run_until_parked();
    let levels = [
        "editor.foldLevel1",
        "editor.foldLevel2",
        "editor.foldLevel3",
        "editor.foldLevel4",
        "editor.foldLevel5",
        "editor.foldLevel6",
        "editor.foldLevel7",
    ];
    for (above, command) in levels.iter().enumerate() {
        run(&editor, cx, command);
        editor.frame(cx);
        let rows = cx.update(|cx| editor.view.read(cx).shown_rows());
        assert_eq!(rows.len(), above + 2, "{command}: {rows:?}");
        assert!(rows[above].ends_with('…'), "{command}: {rows:?}");
        run(&editor, cx, "editor.unfoldAll");
    }
}

/// A command counts as tested where a test of this crate names its id or presses one of its keys.
#[gpui_kit::test]
fn every_command_has_a_test(cx: &mut TestAppContext) {
    cx.update(init);
    let mut keys: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for binding in editor_keymap() {
        keys.entry(binding.command).or_default().push(binding.keys);
    }
    let tests = sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests"));
    let pressed = pressed(&tests);
    let untested: Vec<_> = cx
        .update(|cx| Commands::all(cx))
        .into_iter()
        .map(|command| command.id)
        .filter(|id| id.starts_with("editor."))
        .filter(|id| {
            let by_key = keys.get(*id).is_some_and(|keys| {
                keys.iter().any(|key| {
                    pressed
                        .iter()
                        .any(|pressed| pressed.contains(&format!(" {key} ")))
                })
            });
            !by_key && !tests.contains(&format!("\"{id}\""))
        })
        .collect();
    assert_eq!(untested, Vec::<&str>::new(), "commands without a test");
}

fn sources(folder: &Path) -> String {
    let mut all = String::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "rs") {
            all.push_str(&std::fs::read_to_string(path).unwrap());
        }
    }
    all
}

/// The keys that tests press, with a space around each run of them.
fn pressed(tests: &str) -> Vec<String> {
    tests
        .split(".press(")
        .skip(1)
        .filter_map(|rest| {
            let start = rest.find('"')? + 1;
            let end = start + rest[start..].find("\")")?;
            Some(format!(" {} ", rest[start..end].replace("\\\\", "\\")))
        })
        .collect()
}
