//! Typing in pairs, and comments, as the language at each caret has them.
#![allow(missing_docs, clippy::expect_used, clippy::unwrap_used)]

mod common;

use common::open;
use gpui_kit::TestAppContext;
use gpui_kit::test::TestWindowExt as _;

#[gpui_kit::test]
fn what_kiln_closed_is_typed_over_and_deleted_together(cx: &mut TestAppContext) {
    let editor = open(cx, "a.rs", "let a = ˇ;\nlet b = ˇ;");
    editor
        .input(cx, "f(")
        .shows(cx, "let a = f(ˇ);\nlet b = f(ˇ);")
        .input(cx, "[")
        .input(cx, "]")
        .input(cx, ")")
        .shows(cx, "let a = f([])ˇ;\nlet b = f([])ˇ;")
        .press(cx, "left left")
        .input(cx, "]")
        .shows(cx, "let a = f([]ˇ]);\nlet b = f([]ˇ]);")
        .press(cx, "ctrl-z ctrl-z")
        .shows(cx, "let a = ˇ;\nlet b = ˇ;")
        .input(cx, "\"")
        .press(cx, "backspace")
        .shows(cx, "let a = ˇ;\nlet b = ˇ;");
}

#[gpui_kit::test]
fn what_kiln_closed_is_typed_over_however_fast_one_types(cx: &mut TestAppContext) {
    // All keys are pressed before anything is told of the first.
    let editor = open(cx, "a.ts", "ˇ");
    editor.update(cx, |window, cx| {
        for key in ["f", "(", "a", ")", " ", "{", "b", "}"] {
            window.input(key, cx);
        }
    });
    editor.shows(cx, "f(a) {b}ˇ");
}

#[gpui_kit::test]
async fn three_quotes_bring_three_and_go_with_them(cx: &mut TestAppContext) {
    let editor = open(cx, "a.py", "def f():\n    ˇ\n");
    cx.run_until_parked();
    for quote in ["\"", "'"] {
        let shown = |marked: &str| format!("def f():\n    {}\n", marked.replace('"', quote));
        editor
            .input(cx, quote)
            .input(cx, quote)
            .input(cx, quote)
            .shows(cx, &shown("\"\"\"ˇ\"\"\""))
            .input(cx, "a")
            .input(cx, quote)
            .input(cx, quote)
            .input(cx, quote)
            .shows(cx, &shown("\"\"\"a\"\"\"ˇ"));
        editor.set(cx, &shown("ˇ"));
        editor
            .input(cx, quote)
            .input(cx, quote)
            .input(cx, quote)
            .press(cx, "backspace")
            .shows(cx, &shown("\"\"ˇ\"\""))
            .press(cx, "backspace backspace")
            .shows(cx, &shown("ˇ"));
    }
    // One that was there loses nothing.
    editor.set(cx, "def f():\n    \"\"\"ˇ\"\"\"\n");
    editor
        .input(cx, "\"")
        .shows(cx, "def f():\n    \"\"\"\"ˇ\"\"\"\n");
}

#[gpui_kit::test]
fn what_is_typed_stands_together_though_it_joins_what_follows(cx: &mut TestAppContext) {
    // A conjunct, a flag, people who are joined, and an accent that stood alone.
    for (before, typed, after) in [
        ("ˇषण", &["क", "्", "र"][..], "क्रˇषण"),
        ("ˇ🇪🇸", &["🇩", "🇪"], "🇩🇪ˇ🇪🇸"),
        ("ˇ👩", &["👨", "\u{200d}", "👧", " "], "👨\u{200d}👧 ˇ👩"),
        ("ˇ\u{301}x", &["e", "f"], "efˇ\u{301}x"),
    ] {
        let editor = open(cx, "a.txt", before);
        for piece in typed {
            editor.input(cx, piece);
        }
        editor.shows(cx, after);
    }
}

#[gpui_kit::test]
fn a_movement_leaves_no_caret_inside_of_a_character(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "ˇ\u{301}y");
    editor
        .input(cx, "e")
        .shows(cx, "eˇ\u{301}y")
        .press(cx, "right")
        .shows(cx, "e\u{301}ˇy")
        .press(cx, "left")
        .shows(cx, "ˇe\u{301}y");
}

#[gpui_kit::test]
fn the_end_of_a_tag_brings_that_of_its_element(cx: &mut TestAppContext) {
    for (file, before, typed, after) in [
        ("a.html", "<searchˇ\n", ">", "<search>ˇ</search>\n"),
        ("a.html", "<p>a<brˇ\n", ">", "<p>a<br>ˇ\n"),
        ("a.html", "<ul>\n<ˇ\n", "/", "<ul>\n</ul>ˇ\n"),
        (
            "a.tsx",
            "const a = <Rowˇ;\n",
            ">",
            "const a = <Row>ˇ</Row>;\n",
        ),
        (
            "a.tsx",
            "const a = <p>word <bˇ</p>;\n",
            ">",
            "const a = <p>word <b>ˇ</b></p>;\n",
        ),
        (
            "a.tsx",
            "const a = useState<stringˇ;\n",
            ">",
            "const a = useState<string>ˇ;\n",
        ),
        ("a.ts", "const a = <Rowˇ;\n", ">", "const a = <Row>ˇ;\n"),
    ] {
        let editor = open(cx, file, before);
        editor.input(cx, typed).shows(cx, after);
        editor.press(cx, "ctrl-z").shows(cx, before);
        editor.settings(cx, r#"{"editor.autoClosingTags": false}"#);
        let alone = before.replace('ˇ', &format!("{typed}ˇ"));
        editor.input(cx, typed).shows(cx, &alone);
    }
}

#[gpui_kit::test]
fn a_pair_is_forgotten_when_the_caret_leaves_it(cx: &mut TestAppContext) {
    let editor = open(cx, "a.rs", "ˇ");
    editor
        .input(cx, "(")
        .press(cx, "home end left")
        .shows(cx, "(ˇ)")
        .press(cx, "backspace")
        .shows(cx, "ˇ)");
}

#[gpui_kit::test]
fn settings_say_what_is_closed(cx: &mut TestAppContext) {
    let editor = open(cx, "a.rs", "ˇ");
    editor
        .settings(
            cx,
            r#"{
                "editor.autoClosingBrackets": "never",
                "editor.autoClosingQuotes": "beforeWhitespace",
                "editor.autoClosingOvertype": "never",
                "editor.autoClosingDelete": "never",
                "editor.autoSurround": "quotes"
            }"#,
        )
        .input(cx, "(")
        .shows(cx, "(ˇ")
        .input(cx, "\"")
        .shows(cx, "(\"ˇ\"")
        .press(cx, "backspace")
        .shows(cx, "(ˇ\"")
        .press(cx, "ctrl-a")
        .input(cx, "\"")
        .shows(cx, "\"«(\"ˇ»\"")
        .input(cx, "[")
        .shows(cx, "\"[ˇ\"");
}

#[gpui_kit::test]
async fn quotes_are_not_closed_in_strings_and_comments(cx: &mut TestAppContext) {
    let editor = open(cx, "a.py", "x = 1  # itˇ\ny = \"\"\"\nˇ \n\"\"\"\n");
    editor.parsed(cx).await;
    editor
        .input(cx, " '")
        .shows(cx, "x = 1  # it 'ˇ\ny = \"\"\"\n 'ˇ \n\"\"\"\n");
}

#[gpui_kit::test]
fn plain_text_closes_nothing(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "ˇ");
    editor.input(cx, "(").input(cx, "\"").shows(cx, "(\"ˇ");
}

#[gpui_kit::test]
async fn a_fence_is_typed_and_commented_in_its_language(cx: &mut TestAppContext) {
    let text = "Textˇ\n\n```python\nxˇ\n```\n\n```toml\nyˇ = 1\n```\n";
    let editor = open(cx, "a.md", text);
    editor.parsed(cx).await;
    editor
        .press(cx, "ctrl-/")
        .shows(
            cx,
            "<!-- Text -->ˇ\n\n```python\n# xˇ\n```\n\n```toml\n# yˇ = 1\n```\n",
        )
        .press(cx, "ctrl-z")
        .shows(cx, text);
    editor.parsed(cx).await;
    editor.input(cx, " '").shows(
        cx,
        "Text 'ˇ\n\n```python\nx 'ˇ'\n```\n\n```toml\ny 'ˇ' = 1\n```\n",
    );
}

#[gpui_kit::test]
fn block_comments_are_toggled_by_key(cx: &mut TestAppContext) {
    let editor = open(cx, "a.ts", "f(«aˇ», ˇ);");
    editor
        .press(cx, "shift-alt-a")
        .shows(cx, "f(/* «aˇ» */, /* ˇ */);")
        .press(cx, "shift-alt-a")
        .shows(cx, "f(«aˇ», ˇ);")
        .settings(cx, r#"{"editor.comments.insertSpace": false}"#)
        .press(cx, "shift-alt-a")
        .shows(cx, "f(/*«aˇ»*/, /*ˇ*/);")
        .press(cx, "ctrl-/")
        .shows(cx, "//f(/*«aˇ»*/, /*ˇ*/);");
}

#[gpui_kit::test]
fn empty_lines_are_commented_where_the_setting_says_so(cx: &mut TestAppContext) {
    let editor = open(cx, "a.rs", "«a\n\nbˇ»");
    editor
        .settings(cx, r#"{"editor.comments.ignoreEmptyLines": false}"#)
        .press(cx, "ctrl-/")
        .shows(cx, "«// a\n// \n// bˇ»");
}

#[gpui_kit::test]
fn json_is_told_to_have_no_comments(cx: &mut TestAppContext) {
    let editor = open(cx, "a.json", "{ˇ}");
    editor.press(cx, "ctrl-/").shows(cx, "{ˇ}");
    let told = editor.update(cx, |window, cx| {
        let shown = ui::shown_notices(window, cx).into_iter();
        shown.map(|message| message.to_string()).collect::<Vec<_>>()
    });
    assert!(
        told.iter().any(|one| one.contains("JSON with Comments")),
        "{told:?}"
    );
}
