//! What the editor looks like, drawn offscreen: every theme shows its text, its carets and its
//! selections. With `KILN_PICTURES` set to a folder the pictures are kept there.
#![allow(missing_docs, clippy::expect_used, clippy::unwrap_used)]

mod common;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use editor_core::{Selection, Selections, Text};
use editor_view::EditorView;
use fs::FakeFs;
use gpui_kit::test::{TestEventExt as _, TestQueryExt as _, TestWindowExt as _};
use gpui_kit::{
    AnyWindowHandle, AppContext as _, Bounds, Entity, Focusable as _, HeadlessAppContext, Pixels,
    Point, Size, WindowBounds, WindowOptions, px, size,
};
use ui::{ActiveKilnTheme as _, ThemeStore, WorkspaceModel};
use workspace::{ComparedVersion, Workspace};

/// Width of the windows that are drawn.
const WIDTH: f32 = 880.;

const SOURCE: &str = include_str!("../src/scroll.rs");

fn main() {
    if !matches!(gpui_kit::platform::current_headless_renderer(), Ok(Some(_))) {
        test_support::left_out(
            "editor_view pictures",
            "no Vulkan driver to draw offscreen with; mesa-vulkan-drivers is enough",
        );
        return;
    }
    for theme in ["Kiln Dark", "Kiln Light", "Kiln High Contrast"] {
        let slug = theme.to_lowercase().replace(' ', "-");
        let mut scene = Scene::new(theme, "scroll.rs", SOURCE);
        let plain = scene.picture();
        scene.keep(&format!("plain-{slug}"), &plain);
        assert_shows(&mut scene, &plain);

        let find = |text: &str| SOURCE.find(text).unwrap();
        let word = find("Nearest,");
        scene.select(Selections::new(
            vec![
                Selection::new(word, word + 7),
                Selection::new(find("Bring it"), find("enter,\n}") + 7),
                Selection::caret(find("pub top") + 3),
                Selection::caret(find("pub left") + 3),
            ],
            0,
        ));
        let selected = scene.picture();
        assert!(differing(&plain, &selected) > 2000, "a selection is seen");
        scene.keep(&format!("editor-{slug}"), &selected);

        scene.select(Selections::caret(word));
        scene.press("ctrl-f");
        scene.input("view");
        let found = scene.picture();
        assert!(
            differing(&plain, &found) > 2000,
            "matches and the bar are seen"
        );
        scene.keep(&format!("find-{slug}"), &found);

        scene.press("escape");
        scene.press("ctrl-h");
        let replace = scene.picture();
        scene.keep(&format!("replace-{slug}"), &replace);
    }
    for theme in ["Kiln Dark", "Kiln Light"] {
        let slug = theme.to_lowercase().replace(' ', "-");
        annotations(theme, &slug);
        occurrences(theme, &slug);
        undo_history(theme, &slug);
        inline_changes(theme, &slug);
        inline_prompt(theme, &slug);
        proposal(theme, &slug);
        guides(theme, &slug);
        unusual_characters(theme, &slug);
        wrapped(theme, &slug);
        struck_text(theme, &slug);
        folded(theme, &slug);
        trouble(theme, &slug);
        vim_mode(theme, &slug);
        hovers(theme, &slug);
        #[cfg(unix)]
        color_picker(theme, &slug);
        nested_brackets(theme, &slug);
        pinned_scopes(theme, &slug);
        pinned_rows_reach_the_edge(theme, &slug);
        code_of_both_directions(theme, &slug);
    }
    for theme in ["Kiln Dark", "Kiln Light", "Kiln High Contrast"] {
        minimap(theme, &theme.to_lowercase().replace(' ', "-"));
    }
    rulers();
    relative_line_numbers();
    the_line_of_the_caret();
    text_of_both_directions();
    odd_characters();
    carets_follow_wide_and_joined_characters();
    deceiving_text_is_not_hidden();
    println!("pictures: ok");
}

fn annotations(theme: &str, slug: &str) {
    let mut scene = Scene::new(theme, "scroll.rs", SOURCE);
    let brace = SOURCE.find("Reveal {").unwrap() + 7;
    let plain = scene.picture();
    scene.select(Selections::caret(brace));
    let picture = scene.picture();
    scene.keep(&format!("brackets-{slug}"), &picture);
    let border = scene.cx.update(|cx| {
        let theme = cx.kiln_theme();
        let filled = theme.editor_background.blend(theme.bracket_match);
        filled.blend(theme.bracket_match_border).to_rgb()
    });
    let boxed = near(&picture, border).saturating_sub(near(&plain, border));
    assert!(boxed > 60, "a bracket and its partner are boxed: {boxed}");
    let word = SOURCE.find("Pixels").unwrap();
    scene.select(Selections::single(Selection::new(word, word + 6)));
    scene.press("ctrl-g");
    scene.press("1");
    let picture = scene.picture();
    scene.keep(&format!("go-to-line-{slug}"), &picture);
    scene.press("escape");
    scene.right_click(word);
    let picture = scene.picture();
    scene.keep(&format!("menu-{slug}"), &picture);
}

/// Lines at levels of indentation and beside pairs of brackets; those of the caret stand out.
fn guides(theme: &str, slug: &str) {
    let text = "fn outer() {\n    if a {\n        let b = call(\n            one,\n            two,\n        \
        );\n    }\n\n    if c {\n        d();\n    }\n}\n\nfn last() {\n    e();\n}\n";
    let mut scene = Scene::new(theme, "guides.rs", text);
    let [plain, active, pair_active] = scene.cx.update(|cx| {
        let theme = cx.kiln_theme();
        [
            theme.indent_guide,
            theme.indent_guide_active,
            theme.bracket_guide_active_3,
        ]
        .map(|color| theme.editor_background.blend(color).to_rgb())
    });
    scene.select(Selections::caret(text.find("d();").unwrap()));
    let picture = scene.picture();
    scene.keep(&format!("indent-guides-{slug}"), &picture);
    assert!(
        scene.has_line(&picture, 9, 4, active),
        "the block of the caret"
    );
    assert!(
        scene.has_line(&picture, 4, 4, plain),
        "another block of its depth"
    );
    assert!(scene.has_line(&picture, 9, 0, plain), "the block around it");
    assert!(scene.has_line(&picture, 7, 0, plain), "a blank line");
    assert!(
        !scene.has_line(&picture, 13, 0, plain),
        "a line without indentation"
    );

    scene.set("editor.guides.bracketPairs", "true");
    scene.select(Selections::caret(text.find("two").unwrap()));
    let picture = scene.picture();
    scene.keep(&format!("bracket-guides-{slug}"), &picture);
    assert!(
        scene.has_line(&picture, 3, 8, pair_active),
        "the pair of the caret"
    );
    assert!(
        !scene.has_line(&picture, 5, 8, pair_active),
        "it ends at its bracket"
    );
    assert!(
        !scene.has_line(&picture, 9, 4, active),
        "the pair stands out alone"
    );
    assert!(!scene.has_line(&picture, 3, 0, plain), "the outermost pair");
    scene.set("editor.guides.bracketPairs", "\"active\"");
    let picture = scene.picture();
    assert!(scene.has_line(&picture, 3, 8, pair_active), "that pair");
    assert!(scene.has_line(&picture, 3, 0, plain), "no other");
    scene.set("editor.guides.indentation", "false");
    let picture = scene.picture();
    assert!(!scene.has_line(&picture, 3, 0, plain), "nor indentation");
}

/// Boxes around blanks and letters that are not what they look like.
fn unusual_characters(theme: &str, slug: &str) {
    let text = "let p\u{430}th =\u{a0}one\u{3000}two \u{2013} 1;\nlet path = one two - 1;\n";
    let mut scene = Scene::new(theme, "unusual.rs", text);
    scene.select(Selections::caret(text.len()));
    let border = scene.cx.update(|cx| {
        let theme = cx.kiln_theme();
        let border = theme.unicode_highlight_border;
        theme.editor_background.blend(border).to_rgb()
    });
    let picture = scene.picture();
    scene.keep(&format!("unusual-characters-{slug}"), &picture);
    let boxed = [0, 1].map(|row| near(&part(&picture, scene.row(row)), border));
    assert!(boxed[0] > 4 * 60, "four characters are boxed: {boxed:?}");
    assert_eq!(boxed[1], 0, "and no usual one");
    scene.set_off("editor.unicodeHighlight.invisibleCharacters");
    let picture = scene.picture();
    let letters = near(&part(&picture, scene.row(0)), border);
    assert!(letters > 2 * 60 && letters < boxed[0], "{letters}");
}

/// The states of undo with a branch, and what going to one of them would change.
fn undo_history(theme: &str, slug: &str) {
    let mut scene = Scene::new(theme, "scroll.rs", SOURCE);
    let type_at = |scene: &mut Scene, place: &str, typed: &str| {
        let view = scene.view.clone();
        let text = scene.cx.update(|cx| view.read(cx).text(cx).to_string());
        scene.select(Selections::caret(text.find(place).unwrap()));
        scene.input(typed);
        scene.press("left");
    };
    type_at(&mut scene, "Bring it", "At once: ");
    type_at(&mut scene, "pub top", "#[serde(default)]\n    ");
    scene.press("ctrl-z");
    type_at(&mut scene, "pub left", "/// In pixels.\n    ");
    type_at(&mut scene, "use gpui_kit", "use std::rc::Rc;\n");
    scene.press("ctrl-z");
    let before = scene.picture();
    scene.press("ctrl-k");
    scene.press("ctrl-z");
    let list = scene.settled();
    assert!(differing(&before, &list) > 5000, "the list is seen");
    scene.press("end");
    let picture = scene.settled();
    scene.keep(&format!("undo-history-{slug}"), &picture);
    let (comes, goes) = scene.cx.update(|cx| {
        let theme = cx.kiln_theme();
        let on = |color| theme.editor_background.blend(color).to_rgb();
        (
            on(theme.diff_added_background),
            on(theme.diff_removed_background),
        )
    });
    for (what, color) in [("comes", comes), ("goes", goes)] {
        let seen = near(&picture, color).saturating_sub(near(&list, color));
        assert!(seen > 1000, "what {what} is seen: {seen}");
    }
}

/// Git's lines above those that took their place, with the buttons of the change at the caret.
fn inline_changes(theme: &str, slug: &str) {
    let git = SOURCE
        .replacen("Nearest,", "Near,", 1)
        .replacen("    /// Bring it", "    /// It was\n    /// Bring it", 1)
        .replacen("pub top", "pub(crate) top", 1)
        .replacen("MARGIN_CELLS: f64 = 4.", "MARGIN_CELLS: f32 = 4.", 1)
        .replacen("use gpui_kit", "use std::rc::Rc;\nuse gpui_kit", 1);
    let mut scene = Scene::new(theme, "scroll.rs", SOURCE);
    // No repository is found first.
    scene.settled();
    let (view, model) = (scene.view.clone(), scene.model.clone());
    scene.cx.update(|cx| {
        let version = ComparedVersion {
            text: Text::new(&git),
            format: fs::TextFormat::default(),
            staged: None,
        };
        let buffer = view.read(cx).buffer_id();
        model.update(cx, |model, cx| {
            model.update(cx, |workspace| {
                workspace.set_compared_version(buffer, Some(version));
                let job = workspace.compare_job(buffer).unwrap();
                workspace.compared(buffer, job.run());
            });
        });
    });
    scene.select(Selections::caret(SOURCE.find("Nearest,").unwrap()));
    let before = scene.settled();
    scene.press("ctrl-k");
    scene.press("ctrl-'");
    let picture = scene.settled();
    scene.keep(&format!("inline-changes-{slug}"), &picture);
    let (comes, goes) = scene.cx.update(|cx| {
        let theme = cx.kiln_theme();
        let on = |color| theme.editor_background.blend(color).to_rgb();
        (
            on(theme.diff_added_background),
            on(theme.diff_removed_background),
        )
    });
    for (what, color) in [("came", comes), ("went", goes)] {
        let seen = near(&picture, color).saturating_sub(near(&before, color));
        assert!(seen > 1000, "what {what} is seen: {seen}");
    }
    let words = scene.cx.update(|cx| {
        let theme = cx.kiln_theme();
        let on = |line, word| theme.editor_background.blend(line).blend(word).to_rgb();
        [
            (
                "came",
                on(theme.diff_added_background, theme.diff_added_word),
            ),
            (
                "went",
                on(theme.diff_removed_background, theme.diff_removed_word),
            ),
        ]
    });
    for (what, color) in words {
        let seen = near(&picture, color).saturating_sub(near(&before, color));
        assert!(seen > 200, "the word that {what} is marked: {seen}");
    }
    // What went is coloured as what came: its keywords, and its comments.
    for capture in ["keyword", "comment"] {
        let seen = scene.colored(&picture, "Lines in git's index", capture);
        assert!(seen > 20, "a {capture} of git's lines is coloured: {seen}");
    }
}

/// The rows in which the agent is asked about the selected lines.
fn inline_prompt(theme: &str, slug: &str) {
    let mut scene = Scene::new(theme, "scroll.rs", SOURCE);
    let (from, to) = (
        SOURCE.find("Nearest,").unwrap(),
        SOURCE.find("Center,").unwrap(),
    );
    scene.select(Selections::single(Selection::new(from, to + 7)));
    let before = scene.settled();
    scene.press("ctrl-i");
    let picture = scene.settled();
    scene.keep(&format!("inline-prompt-{slug}"), &picture);
    let border = scene
        .cx
        .update(|cx| cx.kiln_theme().border_focused.to_rgb());
    let seen = near(&picture, border).saturating_sub(near(&before, border));
    assert!(seen > 300, "the frame of the prompt is seen: {seen}");
}

/// A change that the agent asks for, in the text.
fn proposal(theme: &str, slug: &str) {
    let after = SOURCE
        .replacen("Nearest,", "/// Close by.\n    Near,", 1)
        .replacen("    Center,", "    Middle,\n    Nowhere,", 1);
    let mut scene = Scene::new(theme, "scroll.rs", SOURCE);
    scene.select(Selections::caret(SOURCE.find("Nearest,").unwrap()));
    let before = scene.settled();
    let (model, path) = (scene.model.clone(), scene.path.clone());
    scene.cx.update(|cx| {
        let texts = (SOURCE.into(), after.into());
        let edit = ui::ProposedEdit::new(1, path, texts, |_, _, _| {});
        ui::ProposedEdits::set(&model, Some(edit), cx);
    });
    scene.settled();
    scene.scroll_to(15.);
    let picture = scene.settled();
    scene.keep(&format!("proposal-{slug}"), &picture);
    let (comes, goes) = scene.cx.update(|cx| {
        let theme = cx.kiln_theme();
        let on = |color| theme.editor_background.blend(color).to_rgb();
        (
            on(theme.diff_added_background),
            on(theme.diff_removed_background),
        )
    });
    for (what, color) in [("would come", comes), ("would go", goes)] {
        let seen = near(&picture, color).saturating_sub(near(&before, color));
        assert!(seen > 1000, "what {what} is seen: {seen}");
    }
    let seen = scene.colored(&picture, "Lines that would come", "comment");
    assert!(seen > 20, "a comment that would come is coloured: {seen}");
    // Once the first part is accepted it has none of these colours.
    scene.pass(1000);
    scene.press("ctrl-k");
    scene.press("enter");
    let settled = scene.settled();
    scene.keep(&format!("proposal-settled-{slug}"), &settled);
    let gone = near(&picture, comes).saturating_sub(near(&settled, comes));
    assert!(gone > 50_000, "its rows have lost their colour: {gone}");
    // What will go with it is dimmed, what another part would take is not.
    let (decided, open) = (
        scene.contrast(&settled, "Nearest,"),
        scene.contrast(&settled, "Center,"),
    );
    assert!(decided > 20 && decided * 2 < open, "{decided} of {open}");
    scene.press("ctrl-k");
    scene.press("shift-backspace");
    let again = scene.settled();
    let back = near(&again, comes).saturating_sub(near(&settled, comes));
    assert!(back > 50_000, "it is to be decided on again: {back}");
    let back = scene.contrast(&again, "Nearest,");
    assert!(back * 2 > open, "nor is it dimmed: {back} of {open}");
}

/// The word at the caret, what is selected, and what a language says is written to.
fn occurrences(theme: &str, slug: &str) {
    let mut scene = Scene::new(theme, "scroll.rs", SOURCE);
    let caret = SOURCE.find("extent.view_rows").unwrap() + 3;
    scene.select(Selections::caret(caret));
    let before = scene.picture();
    scene.pass(300);
    let (word, selected, background) = scene.cx.update(|cx| {
        let theme = cx.kiln_theme();
        let on = |color| theme.editor_background.blend(color).to_rgb();
        (
            on(theme.word_highlight),
            on(theme.selection_highlight),
            theme.current_line,
        )
    });
    assert!(background.a < 1., "marks on the caret's line are seen too");
    let picture = scene.settled();
    scene.keep(&format!("occurrences-{slug}"), &picture);
    let strip = Bounds::new(
        gpui_kit::point(px(WIDTH - 14.), px(0.)),
        size(px(14.), px(620.)),
    );
    let ticks = differing(&part(&before, strip), &part(&picture, strip));
    assert!(
        ticks > 40,
        "the word's places are seen at the scrollbar: {ticks}"
    );
    let marked = near(&picture, word).saturating_sub(near(&before, word));
    assert!(
        marked > 2000,
        "the word is marked where it stands: {marked}"
    );

    let part = SOURCE.find("view_rows").unwrap();
    scene.select(Selections::single(Selection::new(part, part + 4)));
    let before = scene.picture();
    scene.pass(300);
    let picture = scene.settled();
    scene.keep(&format!("selection-occurrences-{slug}"), &picture);
    let marked = near(&picture, selected).saturating_sub(near(&before, selected));
    assert!(
        marked > 1000,
        "what is selected is marked elsewhere: {marked}"
    );
    scene.set_off("editor.selectionHighlight");
    scene.pass(300);
    let left = near(&scene.settled(), selected);
    assert!(left < marked / 4, "the setting turns it off: {left}");
}

/// Long lines with several carets and selections, in scripts of both directions.
fn wrapped(theme: &str, slug: &str) {
    let text = "# Wrapped\n\n\
        A paragraph is one line, however long it is, and goes on in as many rows as the view needs; only \
        its first row has a number, and a selection reaches over the rows as it does over lines.\n\
        \t- An item that is indented goes on as far to the right as it began, which keeps lists and code \
        readable when the window is narrow.\n\
        שורה ארוכה בעברית שממשיכה בשורה הבאה, עם words in English באמצע, ועוד מילים כדי שתהיה ארוכה \
        מספיק בשביל להישבר פעם אחת לפחות לפני סופה.\n\
        長い行は、空白のない言語でも、文字と文字の間で折り返されます。句読点は行の先頭に来ません。そのため、この行もきちんと読めるはずです。\n\
        fn call(argument: Vec<Option<String>>, another: HashMap<String, Vec<u8>>, last: Option<Box<dyn Fn()>>) {}\n";
    let mut scene = Scene::new(theme, "wrapped.md", text);
    let plain = scene.picture();
    scene.press("alt-z");
    let find = |part: &str| text.find(part).unwrap();
    scene.select(Selections::new(
        vec![
            Selection::caret(find("however")),
            Selection::new(find("has a number"), find("reaches over")),
            Selection::new(find("to the right"), find("readable") + 8),
            Selection::caret(find("בעברית")),
            Selection::new(find("words in"), find("ועוד")),
            Selection::new(find("another"), find("last")),
        ],
        0,
    ));
    let picture = scene.picture();
    assert!(differing(&plain, &picture) > 5000, "lines are wrapped");
    scene.keep(&format!("wrapped-{slug}"), &picture);
}

/// The block under the cursor of normal mode, matches of a search, and a visual block.
fn vim_mode(theme: &str, slug: &str) {
    let mut scene = Scene::new(theme, "scroll.rs", SOURCE);
    scene.cx.update(|cx| {
        let layer = settings::Layer::user("settings.json", r#"{"vim.enabled": true}"#);
        assert_eq!(ui::SettingsStore::set(&[layer], cx).len(), 0);
    });
    scene.select(Selections::caret(SOURCE.find("pub top").unwrap()));
    let block = scene.picture();
    scene.input("i");
    let line = scene.picture();
    assert!(differing(&block, &line) > 40, "the block is seen");
    scene.press("escape");
    scene.input("/pub");
    let typed = scene.picture();
    let marks = scene.cx.update(|cx| {
        let theme = cx.kiln_theme();
        [theme.find_match_active, theme.find_match]
            .map(|color| theme.editor_background.blend(color).to_rgb())
    });
    for (what, color) in ["the match", "the others"].into_iter().zip(marks) {
        let more = near(&typed, color).saturating_sub(near(&block, color));
        assert!(more > 100, "{what} while the pattern is typed: {more}");
    }
    scene.press("enter");
    let found = scene.picture();
    assert!(differing(&block, &found) > 500, "matches are marked");
    scene.press("ctrl-v");
    scene.input("jjll");
    let picture = scene.picture();
    scene.keep(&format!("vim-{slug}"), &picture);
}

/// Brackets go through the theme's colours, those in strings and comments do not, and one without a
/// partner is told apart.
fn nested_brackets(theme: &str, slug: &str) {
    let nested = "fn depth(of: &[Vec<[u8; 2]>]) -> Option<usize> {\n    \
        let deepest = of.iter().map(|all| (all.len() * (2 + (3 - (all[0][1] as usize))))).max();\n    \
        // ((( in a comment ]]]\n    \
        println!(\"{:?} [[[ in a string )))\", [[(1, 2)], [(3, 4)]]);\n    \
        match deepest { Some(depth) => Some(depth), None => { None } }\n}\n\n\
        fn stray() -> Vec<u8> {\n    vec![1, 2, 3)];\n}\n";
    let mut scene = Scene::new(theme, "nested.rs", nested);
    let colors = scene.cx.update(|cx| {
        let theme = cx.kiln_theme();
        [
            theme.bracket_1,
            theme.bracket_2,
            theme.bracket_3,
            theme.bracket_unexpected,
        ]
    });
    let counts = |picture: &Picture| colors.map(|color| near(picture, color.to_rgb()));
    let picture = scene.picture();
    scene.keep(&format!("bracket-colors-{slug}"), &picture);
    for (place, count) in counts(&picture).into_iter().enumerate() {
        assert!(count >= 3, "colour {place} of brackets is seen: {count}");
    }
    scene.set_off("editor.bracketPairColorization.enabled");
    let picture = scene.picture();
    scene.keep(&format!("bracket-colors-off-{slug}"), &picture);
    assert_eq!(counts(&picture), [0; 4], "the setting turns it off");
    let quiet = "// ((( [[[ {{{\nconst A: &str = \"((( [[[ {{{ ) ] }\";\n";
    let picture = Scene::new(theme, "quiet.rs", quiet).picture();
    assert_eq!(counts(&picture), [0; 4], "strings and comments stay alone");
}

/// A hover with two answers at a link, a line of it shown above the text, and one below it.
fn hovers(theme: &str, slug: &str) {
    let text = "// See https://doc.rust-lang.org/std/ for more, and <https://example.org/a_(b)>.\n\n\n\n\n\n\
        let is_\u{430}dmin\u{202e} = user == 1;\n";
    let mut scene = Scene::new(theme, "hover.rs", text);
    let plain = scene.picture();
    for (place, name) in [
        ("doc.rust", "link"),
        ("\u{430}", "lookalike"),
        ("\u{202e}", "invisible"),
    ] {
        scene.select(Selections::caret(text.find(place).unwrap()));
        scene.press("ctrl-k");
        scene.press("ctrl-i");
        let picture = scene.picture();
        assert!(differing(&plain, &picture) > 1000, "a hover is seen");
        scene.keep(&format!("hover-{name}-{slug}"), &picture);
        scene.press("escape");
    }
}

/// A colour is picked beside its swatch: the field is of its hue, and the strips are of all hues and of
/// how opaque it is.
#[cfg(unix)]
fn color_picker(theme: &str, slug: &str) {
    use common::served::{CATALOGUE, serve};

    let text = "// The colours of a page, as its style sheet has them.\n\
        page: #3080c0;\nlink: #c03060;\nnote: #e0b020;\n\n\n\n\n\n\n\n";
    let scratch = tempfile::tempdir().unwrap();
    let root = scratch.path().canonicalize().unwrap();
    let (project, file) = (root.join("project"), root.join("project/main.rs"));
    std::fs::create_dir(&project).unwrap();
    std::fs::write(&file, text).unwrap();
    let workspace = Workspace::new(project.clone(), Arc::new(fs::RealFs::new()));
    let mut scene = Scene::open(theme, workspace, Arc::new(FakeFs::new()), file);
    let (model, fake) = (scene.model.clone(), lsp::FakeServer::new("colors"));
    scene.cx.allow_parking();
    scene.cx.update(|cx| {
        let served = &[("bin/fake-server", fake)];
        let folders = (root.as_path(), project.as_path());
        serve(
            &model,
            folders,
            (CATALOGUE, served),
            lsp::Limits::default(),
            cx,
        );
    });
    scene.until("the question", |window, _, _| {
        window.try_find("server-yes").is_some()
    });
    scene.update(|window, cx| window.click("server-yes", cx));
    scene.until("the swatches", |_, view, cx| {
        view.read(cx).color_swatches().len() == 3
    });
    scene.select(Selections::caret(text.find("#c03060").unwrap()));
    let plain = scene.picture();
    scene.update(|window, cx| {
        ui::Commands::run("editor.action.showOrFocusStandaloneColorPicker", window, cx)
    });
    let label = |window: &gpui_kit::Window| {
        let written = window.try_find("color-picker-presentation")?;
        written.label().map(str::to_owned)
    };
    scene.until("the picker", |window, _, _| {
        label(window).is_some_and(|label| label.contains("#c03060"))
    });
    let picture = scene.picture();
    scene.keep(&format!("color-picker-{slug}"), &picture);
    assert!(differing(&plain, &picture) > 2_000, "it is seen");
    let parts = [
        "color-picker-hue",
        "color-picker-alpha",
        "color-picker-field",
    ];
    let [hue, alpha, field] =
        scene.update(|window, _| parts.map(|part| window.find(part).bounds()));
    let color = |r: f32, g: f32, b: f32| gpui_kit::Rgba { r, g, b, a: 1. };
    let hues = part(&picture, hue);
    for pure in [
        color(1., 0., 0.),
        color(1., 1., 0.),
        color(0., 1., 0.),
        color(0., 1., 1.),
        color(0., 0., 1.),
        color(1., 0., 1.),
    ] {
        assert!(near(&hues, pure) > 20, "{pure:?} is seen");
    }
    let shades = part(&picture, field);
    // The hue of the colour: 340 degrees.
    for shade in [color(1., 0., 1. / 3.), color(1., 1., 1.), color(0., 0., 0.)] {
        assert!(near(&shades, shade) > 20, "{shade:?} is seen");
    }
    let faint = part(&picture, alpha);
    let picked = color(0.753, 0.188, 0.376);
    for shade in [picked, color(1., 1., 1.), color(0.8, 0.8, 0.8)] {
        assert!(near(&faint, shade) > 20, "{shade:?} is seen");
    }
    for key in ["tab", "pagedown", "pagedown", "pagedown", "tab"] {
        scene.press(key);
    }
    scene.until("how it is written", |window, _, _| {
        label(window).is_some_and(|label| label.contains("#c03060"))
    });
    let keyboard = scene.picture();
    scene.keep(&format!("color-picker-keys-{slug}"), &keyboard);
    let ring = scene
        .cx
        .update(|cx| cx.kiln_theme().border_focused.to_rgb());
    let ringed = near(&part(&keyboard, hue), ring).saturating_sub(near(&hues, ring));
    assert!(ringed > 100, "the part with the keyboard is seen: {ringed}");
}

/// The first lines of scopes over the text, also while the last of them is pushed out.
fn pinned_scopes(theme: &str, slug: &str) {
    let mut scene = Scene::new(theme, "scroll.rs", SOURCE);
    scene.cx.run_until_parked();
    scene.picture();
    let line = SOURCE[..SOURCE.find("let margin").unwrap()].lines().count();
    scene.scroll_to(line as f32 + 2.);
    let pinned = scene.picture();
    let rows = scene.cx.update(|cx| scene.view.read(cx).sticky_rows());
    assert_eq!(
        rows,
        ["impl ScrollPosition {", "    pub(crate) fn revealing("]
    );
    scene.keep(&format!("pinned-{slug}"), &pinned);
    let end = SOURCE[..SOURCE.find("/// A scrollbar\u{27}s thumb").unwrap()]
        .lines()
        .count();
    scene.scroll_to(end as f32 - 3.4);
    let pushed = scene.picture();
    scene.keep(&format!("pinned-pushed-{slug}"), &pushed);
    scene.set_off("editor.stickyScroll.enabled");
    assert!(differing(&pushed, &scene.picture()) > 500, "it is seen");
}

/// Long lines do not show through beside the pinned rows.
fn pinned_rows_reach_the_edge(theme: &str, slug: &str) {
    let corner = |line: &str, name: &str| {
        let text = format!("fn outer() {{\n{}}}\n", line.repeat(80));
        let mut scene = Scene::new(theme, "long.rs", &text);
        scene.set_off("editor.minimap.enabled");
        scene.cx.run_until_parked();
        scene.picture();
        scene.scroll_to(20.);
        let picture = scene.picture();
        let rows = scene.cx.update(|cx| scene.view.read(cx).sticky_rows());
        assert_eq!(rows, ["fn outer() {"]);
        scene.keep(&format!("{name}-{slug}"), &picture);
        let place = Bounds::new(
            gpui_kit::point(px(WIDTH - 40.), px(0.)),
            size(px(40.), px(14.)),
        );
        part(&picture, place)
    };
    let long = format!("    {}\n", "call(); ".repeat(40));
    let (long, short) = (
        corner(&long, "pinned-long"),
        corner("    x\n", "pinned-short"),
    );
    assert_eq!(
        differing(&long, &short),
        0,
        "text shows beside a pinned row"
    );
}

/// The file in small, with the part in view, what is selected and what was found.
fn minimap(theme: &str, slug: &str) {
    let mut scene = Scene::new(theme, "scroll.rs", SOURCE);
    let picture = scene.settled();
    let strip = scene.update(|window, _| window.find("minimap").bounds());
    let (background, keyword) = scene.cx.update(|cx| {
        let theme = cx.kiln_theme();
        let keyword = theme.syntax_style("keyword.storage").color.unwrap();
        (theme.minimap_background, keyword)
    });
    let ink = background.blend(keyword.opacity(0.6)).to_rgb();
    let map = part(&picture, strip);
    assert!(near(&map, background.to_rgb()) > 10_000, "the background");
    assert!(near(&map, ink) > 100, "text in the colours of its syntax");
    let below = SOURCE.lines().count() as f32 * 2. + 4.;
    let mut empty = strip;
    empty.origin.y += px(below);
    empty.size.height -= px(below);
    let blank = part(&picture, empty);
    let all = blank.width() as usize * blank.height() as usize;
    assert_eq!(
        near(&blank, background.to_rgb()),
        all,
        "a row is two pixels"
    );
    scene.keep(&format!("minimap-{slug}"), &picture);

    let middle = SOURCE.find("fn revealing").unwrap();
    scene.select(Selections::single(Selection::new(middle, middle + 900)));
    let over = strip.center();
    scene.update(|window, cx| window.pointer_move(over, None, cx));
    let hovered = scene.settled();
    let changed = differing(&map, &part(&hovered, strip));
    assert!(
        changed > 2000,
        "the slider and the selection are seen: {changed}"
    );
    scene.keep(&format!("minimap-hovered-{slug}"), &hovered);

    scene.select(Selections::caret(middle));
    scene.press("ctrl-f");
    scene.input("extent");
    let found = scene.settled();
    let mark = scene.cx.update(|cx| cx.kiln_theme().minimap_find_match);
    let mark = background.blend(mark).to_rgb();
    assert!(near(&part(&found, strip), mark) > 100, "matches are marked");
    scene.keep(&format!("minimap-found-{slug}"), &found);
}

/// A line goes through what Markdown strikes out, also between its words, and through nothing else.
fn struck_text(theme: &str, slug: &str) {
    let text = "a\n\n~~b c~~ d\n\nb c d\n";
    let mut scene = Scene::new(theme, "a.md", text);
    let picture = scene.picture();
    scene.keep(&format!("struck-{slug}"), &picture);
    let view = scene.view.clone();
    let (origin, cells) = scene.cx.update(|cx| view.read(cx).text_origin().unwrap());
    let is_empty = |row: usize, cell: usize| {
        let from = gpui_kit::point(cells.width * cell as f32, cells.height * row as f32);
        let cell = part(&picture, Bounds::new(origin + from, cells));
        let first = *cell.get_pixel(0, 0);
        cell.pixels().all(|pixel| *pixel == first)
    };
    assert!(!is_empty(2, 3), "between the struck words");
    assert!(is_empty(2, 7), "behind them");
    assert!(is_empty(4, 1), "between others");
}

fn folded(theme: &str, slug: &str) {
    let mut scene = Scene::new(theme, "scroll.rs", SOURCE);
    scene.cx.run_until_parked();
    let plain = scene.picture();
    scene.select(Selections::caret(SOURCE.find("Pixels hidden").unwrap()));
    scene.press("ctrl-shift-[");
    scene.select(Selections::caret(SOURCE.find("Rows of the text").unwrap()));
    scene.press("ctrl-shift-[");
    scene.press("down");
    let gutter = gpui_kit::point(px(20.), px(200.));
    scene.update(|window, cx| window.pointer_move(gutter, None, cx));
    let picture = scene.picture();
    assert!(differing(&plain, &picture) > 2000, "lines are hidden");
    scene.keep(&format!("folded-{slug}"), &picture);
}

fn trouble(theme: &str, slug: &str) {
    let mut scene = Scene::new(theme, "scroll.rs", SOURCE);
    scene.input("// mine\n");
    let theirs = SOURCE
        .replace("vertical", "upright")
        .replace("MARGIN_ROWS", "ROWS_AROUND");
    scene.fs.insert(&scene.path, theirs.as_bytes());
    let (model, path) = (scene.model.clone(), scene.path.clone());
    scene.cx.update(|cx| {
        model.update(cx, |model, cx| model.paths_changed(vec![path], cx));
    });
    scene.cx.run_until_parked();
    let picture = scene.picture();
    scene.keep(&format!("changed-on-disk-{slug}"), &picture);
    scene.update(|window, cx| window.click("banner-compare", cx));
    scene.cx.run_until_parked();
    scene.picture();
    scene.cx.run_until_parked();
    let picture = scene.picture();
    scene.keep(&format!("compare-{slug}"), &picture);
    let lines = scene.cx.update(|cx| {
        let theme = cx.kiln_theme();
        let lines = [theme.diff_added_background, theme.diff_removed_background];
        lines.map(|color| theme.editor_background.blend(color).to_rgb())
    });
    for (what, color) in ["yours", "the disk's"].into_iter().zip(lines) {
        let painted = near(&picture, color);
        assert!(painted > 20_000, "the lines that are {what}: {painted}");
    }
    let words = scene.cx.update(|cx| {
        let theme = cx.kiln_theme();
        [
            (theme.diff_added_background, theme.diff_added_word),
            (theme.diff_removed_background, theme.diff_removed_word),
        ]
        .map(|(line, word)| theme.editor_background.blend(line).blend(word).to_rgb())
    });
    for (what, color) in ["yours", "the disk's"].into_iter().zip(words) {
        let painted = near(&picture, color);
        assert!(painted > 1_000, "the words that are {what}: {painted}");
    }
}

/// Every grapheme has its own place, left to right, and a click there finds it again.
fn carets_follow_wide_and_joined_characters() {
    let text = "aλ日本e\u{301}x\ty→z";
    let mut scene = Scene::new("Kiln Dark", "wide.txt", text);
    scene.picture();
    let mut last = px(0.);
    for offset in [0, 1, 3, 6, 9, 12, 13, 14, 15, 18, 19] {
        let view = scene.view.clone();
        let (place, cell) = scene.cx.update(|cx| {
            let view = view.read(cx);
            (
                view.caret_place(offset).unwrap(),
                view.text_origin().unwrap().1,
            )
        });
        assert!(
            place.x > last,
            "byte {offset} is right of the one before it"
        );
        last = place.x;
        scene.update(|window, cx| {
            let origin = window.find("editor").bounds().origin;
            let click = place - origin + gpui_kit::point(px(1.), cell.height / 2.);
            window.click_at("editor", click, cx);
        });
        let head = scene
            .cx
            .update(|cx| view.read(cx).selections().primary().head);
        assert_eq!(head, offset);
    }
}

fn odd_characters() {
    let text = "tab\there, wide: 日本語テキスト and 한국어, emoji: 👩\u{200d}💻 🦀 e\u{301}\n\
                עברית עם English בפנים\n\
                \tif (isAdmin\u{202e}\u{2066}// check\u{2069}\u{2066}) { \u{1b}[2J }\n\
                user\u{200b}name \u{feff} \u{7f} caf\u{e9} \u{2192} \u{221e} -> != ===\n";
    let mut scene = Scene::new("Kiln Dark", "odd.txt", text);
    let picture = scene.picture();
    scene.keep("odd-characters", &picture);
    let mark = scene.cx.update(|cx| {
        let theme = cx.kiln_theme();
        let mark = theme.warning.opacity(0.18);
        theme.editor_background.blend(mark).to_rgb()
    });
    let marked: Vec<bool> = (0..4)
        .map(|row| near(&part(&picture, scene.row(row)), mark) > 200)
        .collect();
    assert_eq!(
        marked,
        [false, false, true, true],
        "stand-ins where something is hidden, and nowhere else"
    );
}

/// A line after each of the columns, over the whole height.
fn rulers() {
    let mut scene = Scene::new("Kiln Dark", "a.txt", "short\n");
    let ruler = scene.cx.update(|cx| {
        let theme = cx.kiln_theme();
        theme.editor_background.blend(theme.ruler).to_rgb()
    });
    let picture = scene.picture();
    assert!(!scene.has_line(&picture, 4, 20, ruler), "none by default");
    scene.set("editor.rulers", "[20, 40]");
    let picture = scene.picture();
    scene.keep("rulers", &picture);
    for row in [1, 4, 20] {
        let lines: Vec<usize> = (0..60)
            .filter(|cell| scene.has_line(&picture, row, *cell, ruler))
            .collect();
        assert_eq!(lines, [20, 40], "in row {row}");
    }
}

/// Beside the caret's line stands its number, beside the others how far they are from it.
fn relative_line_numbers() {
    let text = "a\n".repeat(9);
    let mut scene = Scene::new("Kiln Dark", "a.txt", &text);
    scene.select(Selections::caret(4));
    let usual = scene.picture();
    scene.set("editor.lineNumbers", "\"relative\"");
    let relative = scene.picture();
    let mut number = |picture: &Picture, row: usize| part(picture, scene.gutter(row));
    let [one, two, caret] = [0, 1, 2].map(|row| number(&usual, row));
    assert!(one != two, "numbers differ");
    assert!(number(&relative, 1) == one, "a line above the caret's");
    assert!(number(&relative, 3) == one, "a line below it");
    assert!(number(&relative, 0) == two && number(&relative, 4) == two);
    assert!(number(&relative, 2) == caret, "its own number");
}

/// The background of the caret's line, from edge to edge, and of no other.
fn the_line_of_the_caret() {
    let mut scene = Scene::new("Kiln Dark", "a.txt", "a\nb\nc\nd\n");
    let lit = |scene: &mut Scene, caret: usize| -> Vec<usize> {
        scene.select(Selections::caret(caret));
        let picture = scene.picture();
        let background = *picture.get_pixel(picture.width() / 2, picture.height() - 40);
        let rows = 0..5;
        rows.filter(|row| {
            let mut place = scene.row(*row);
            place.origin.x += px(100.);
            place.size.width = px(400.);
            let place = part(&picture, place);
            let other = place.pixels().filter(|pixel| **pixel != background);
            let other = other.count();
            let all = place.pixels().count();
            assert!(other == 0 || other == all, "the whole of row {row}");
            other > 0
        })
        .collect()
    };
    assert_eq!(lit(&mut scene, 0), [0]);
    assert_eq!(lit(&mut scene, 5), [2]);
    scene.select(Selections::single(Selection::new(2, 3)));
    let picture = scene.picture();
    let row = part(&picture, scene.row(1));
    let edge = row.get_pixel(row.width() - 200, 4);
    let background = picture.get_pixel(picture.width() / 2, picture.height() - 40);
    assert_eq!(edge, background, "not while something is selected");
}

/// Carets go to the left through Hebrew, and what is selected of both directions is in two parts.
fn text_of_both_directions() {
    let text = "abc \u{5e9}\u{5dc}\u{5d5}\u{5dd} def\n";
    let mut scene = Scene::new("Kiln Dark", "a.txt", text);
    scene.picture();
    let view = scene.view.clone();
    let mut x = |offset: usize| {
        let place = scene.cx.update(|cx| view.read(cx).caret_place(offset));
        f32::from(place.unwrap().x)
    };
    let hebrew: Vec<f32> = [6, 8, 10].map(&mut x).to_vec();
    assert!(hebrew.is_sorted_by(|one, next| one > next), "{hebrew:?}");
    let latin: Vec<f32> = [0, 1, 2, 3, 14, 15, 16].map(&mut x).to_vec();
    assert!(latin.is_sorted_by(|one, next| one < next), "{latin:?}");
    assert!(hebrew.iter().all(|x| latin[3] < *x && *x < latin[4]));

    // "bc " and the first two letters, which are the rightmost of their word.
    scene.select(Selections::single(Selection::new(1, 8)));
    let picture = scene.picture();
    scene.keep("selection-of-both-directions", &picture);
    let selection = scene.cx.update(|cx| {
        let theme = cx.kiln_theme();
        theme.editor_background.blend(theme.selection).to_rgb()
    });
    let mut foot = scene.row(0);
    foot.origin.y += foot.size.height - px(2.);
    foot.size.height = px(1.);
    let foot = part(&picture, foot);
    let lit: Vec<bool> = (0..foot.width())
        .map(|x| {
            let pixel = image::imageops::crop_imm(&foot, x, 0, 1, 1).to_image();
            near(&pixel, selection) == 1
        })
        .collect();
    let parts = lit.chunk_by(|one, next| one == next);
    let parts = parts.filter(|part| part[0] && part.len() > 4).count();
    assert_eq!(
        parts, 2,
        "the end of the Latin text, and the beginning of the word"
    );
}

/// Strings, comments and names in Hebrew and Arabic keep their places in code and their colours, and a
/// click anywhere puts the caret there.
fn code_of_both_directions(theme: &str, slug: &str) {
    let text = "fn main() {\n    \
                let x = \"\u{5e9}\u{5dc}\u{5d5}\u{5dd}\"; // \u{5d4}\u{5e2}\u{5e8}\u{5d4} here\n    \
                let y = [\"\u{5d0}\", \"\u{5d1}\", \"\u{5d2}\"];\n    \
                let \u{5e9}\u{5dd} = f(\u{5d0}\u{5d7}\u{5d3}, \u{5e9}\u{5e0}\u{5d9}\u{5d9}\u{5dd}) + 12; // \u{5de}\u{5e1} 12, (\u{5d0})!\n    \
                let z = \"\u{633}\u{644}\u{627}\u{645} \u{639}\u{644}\u{64a}\u{643}\u{645}\"; // \u{6a9}\u{62a}\u{627}\u{628} => x\n\
                }\n";
    let mut scene = Scene::new(theme, "bidi.rs", text);
    let picture = scene.picture();
    scene.keep(&format!("code-of-both-directions-{slug}"), &picture);

    let view = scene.view.clone();
    let at = |part: &str| text.find(part).unwrap();
    let place = |scene: &mut Scene, offset: usize| {
        let place = scene.cx.update(|cx| view.read(cx).caret_place(offset));
        place.unwrap()
    };
    let lines = [
        vec![
            at("let x"),
            at("\"\u{5e9}"),
            at("; // \u{5d4}"),
            at("// \u{5d4}"),
            at("here"),
        ],
        vec![
            at("[\""),
            at("\"\u{5d0}"),
            at("\"\u{5d1}"),
            at("\"\u{5d2}"),
            at("];"),
        ],
        vec![
            at("\u{5e9}\u{5dd} ="),
            at("f("),
            at("\u{5d0}\u{5d7}"),
            at(", \u{5e9}"),
            at(") + 12"),
        ],
        vec![
            at("\"\u{633}"),
            at("; // \u{6a9}"),
            at("// \u{6a9}"),
            at("=> x"),
        ],
    ];
    for line in lines {
        let places: Vec<f32> = line
            .iter()
            .map(|at| f32::from(place(&mut scene, *at).x))
            .collect();
        assert!(places.is_sorted_by(|one, next| one < next), "{places:?}");
    }

    // Only its own colour is in the place of each, without the caret's line and the edges.
    let end = |from: usize| from + text[from..].find('\n').unwrap();
    let parts = [
        ("string", at("\"\u{5e9}"), at("; // \u{5d4}")),
        ("comment", at("// \u{5d4}"), end(at("// \u{5d4}"))),
        ("string", at("\"\u{633}"), at("; // \u{6a9}")),
        ("comment", at("// \u{6a9}"), end(at("// \u{6a9}"))),
    ];
    for (capture, start, end) in parts {
        let (from, to) = (place(&mut scene, start), place(&mut scene, end));
        let height = scene.row(0).size.height;
        let shown = part(&picture, Bounds::new(from, size(to.x - from.x, height)));
        for other in ["string", "comment", "keyword"] {
            let color = scene
                .cx
                .update(|cx| cx.kiln_theme().syntax_style(other).color);
            let found = near(&shown, color.expect("a colour").to_rgb());
            assert_eq!(
                found > 20,
                other == capture,
                "{found} pixels of {other} in a {capture}"
            );
        }
    }

    for (offset, _) in text.char_indices() {
        let caret = place(&mut scene, offset);
        scene.update(|window, cx| {
            let origin = window.find("editor").bounds().origin;
            let click = caret - origin + gpui_kit::point(px(0.5), px(8.));
            window.click_at("editor", click, cx);
        });
        let head = scene
            .cx
            .update(|cx| view.read(cx).selections().primary().head);
        // Two letters of Arabic may be drawn as one, with no place between them.
        let is_there = head == offset || (offset > at("let z") && place(&mut scene, head) == caret);
        assert!(
            is_there,
            "a click where the caret of {offset} stands gives {head}"
        );
    }

    let selected = Selection::new(at("\u{5dc}\u{5d5}"), at("\u{5e2}\u{5e8}"));
    scene.select(Selections::single(selected));
    let picture = scene.picture();
    scene.keep(
        &format!("code-of-both-directions-selected-{slug}"),
        &picture,
    );
}

fn deceiving_text_is_not_hidden() {
    let hidden = Scene::new("Kiln Dark", "a.txt", "admin\u{200b}\n").picture();
    let plain = Scene::new("Kiln Dark", "a.txt", "admin\n").picture();
    assert!(
        differing(&hidden, &plain) > 100,
        "a hidden character is drawn"
    );
}

/// Enough pixels of the background, of the text and of the caret's colour.
fn assert_shows(scene: &mut Scene, picture: &Picture) {
    let (background, text) = scene.cx.update(|cx| {
        let theme = cx.kiln_theme();
        (theme.editor_background.to_rgb(), theme.editor_text.to_rgb())
    });
    assert!(
        near(picture, background) > 100_000,
        "the editor's background"
    );
    assert!(near(picture, text) > 100, "the editor's text");
}

/// A part of a picture.
fn part(picture: &Picture, place: Bounds<Pixels>) -> Picture {
    let scale = picture.width() as f32 / WIDTH;
    let [left, top, width, height] = [
        place.left(),
        place.top(),
        place.size.width,
        place.size.height,
    ]
    .map(|length| (f32::from(length) * scale) as u32);
    image::imageops::crop_imm(picture, left, top, width, height).to_image()
}

/// Pixels of about a colour.
fn near(picture: &Picture, wanted: gpui_kit::Rgba) -> usize {
    picture
        .pixels()
        .filter(|pixel| {
            [wanted.r, wanted.g, wanted.b]
                .iter()
                .zip(&pixel.0)
                .all(|(wanted, found)| (wanted * 255. - f32::from(*found)).abs() < 12.)
        })
        .count()
}

type Picture = image::RgbaImage;

fn differing(left: &Picture, right: &Picture) -> usize {
    left.pixels()
        .zip(right.pixels())
        .filter(|(left, right)| left != right)
        .count()
}

struct Scene {
    cx: HeadlessAppContext,
    window: AnyWindowHandle,
    view: Entity<EditorView>,
    model: Entity<WorkspaceModel>,
    fs: Arc<FakeFs>,
    path: PathBuf,
}

impl Scene {
    fn new(theme: &str, name: &str, text: &str) -> Self {
        let path = Path::new(common::ROOT).join(name);
        let fs = Arc::new(FakeFs::new());
        fs.insert(&path, text.as_bytes());
        let workspace = Workspace::new(PathBuf::from(common::ROOT), fs.clone());
        Self::open(theme, workspace, fs, path)
    }

    /// A file of a workspace that is there.
    fn open(theme: &str, mut workspace: Workspace, fs: Arc<FakeFs>, path: PathBuf) -> Self {
        let mut cx = HeadlessAppContext::with_platform(
            gpui_kit::platform::current_platform(true).text_system(),
            Arc::new(ui::KilnAssets),
            gpui_kit::platform::current_headless_renderer,
        );
        cx.update(|cx| {
            common::init(cx);
            let theme = ThemeStore::get(theme, cx).expect("a bundled theme");
            ThemeStore::preview(Some(theme), cx);
        });
        let buffer = workspace.open_blocking(&path).unwrap();
        let parsed = workspace
            .parse_job(buffer)
            .and_then(|job| job.run(&std::sync::atomic::AtomicBool::new(false)));
        if let Some(parsed) = parsed {
            workspace.parse_finished(buffer, parsed);
        }
        let model = cx.update(|cx| cx.new(|cx| WorkspaceModel::new(workspace, cx)));
        let dimensions: Size<Pixels> = size(px(WIDTH), px(620.));
        let (window, view) = cx
            .update(|cx| {
                gpui_kit::open_window(
                    WindowOptions {
                        window_bounds: Some(WindowBounds::Windowed(Bounds {
                            origin: Point::default(),
                            size: dimensions,
                        })),
                        focus: true,
                        show: false,
                        ..WindowOptions::default()
                    },
                    cx,
                    |window, cx| cx.new(|cx| EditorView::new(buffer, model.clone(), window, cx)),
                )
            })
            .unwrap();
        let mut scene = Self {
            cx,
            window,
            view,
            model,
            fs,
            path,
        };
        let view = scene.view.clone();
        scene.update(move |window, cx| {
            let focus = view.focus_handle(cx);
            window.focus(&focus, cx);
            window.render_frame(cx);
        });
        scene
    }

    fn update<R>(
        &mut self,
        change: impl FnOnce(&mut gpui_kit::Window, &mut gpui_kit::App) -> R,
    ) -> R {
        self.cx
            .update_window(self.window, |_, window, cx| change(window, cx))
            .unwrap()
    }

    fn select(&mut self, selections: Selections) {
        let view = self.view.clone();
        self.cx
            .update(|cx| view.update(cx, |view, cx| view.select(selections, cx)));
    }

    fn right_click(&mut self, offset: usize) {
        self.picture();
        let view = self.view.clone();
        let place = self
            .cx
            .update(|cx| view.read(cx).caret_place(offset).unwrap());
        let place = place + gpui_kit::point(px(3.), px(6.));
        self.update(|window, cx| {
            window.pointer_down(place, gpui_kit::MouseButton::Right, cx);
            window.pointer_up(place, gpui_kit::MouseButton::Right, cx);
        });
        self.cx.run_until_parked();
        self.picture();
    }

    /// How many pixels of the elements of a label have the colour of a part of a language.
    fn colored(&mut self, picture: &Picture, label: &str, capture: &str) -> usize {
        let places = self.update(|window, _| {
            let found = window.find_all_by_label(label);
            found.iter().map(|one| one.bounds()).collect::<Vec<_>>()
        });
        let color = self
            .cx
            .update(|cx| cx.kiln_theme().syntax_style(capture).color);
        let color = color.expect("a colour").to_rgb();
        let parts = places.iter();
        let parts = parts.map(|place| near(&part(picture, *place), color));
        parts.sum()
    }

    /// How far a word of [`SOURCE`] stands out from the editor's background: what the channels of the
    /// pixel differ by, together, that is the farthest from it. Its first letter, where the caret may
    /// be, is left out.
    fn contrast(&mut self, picture: &Picture, word: &str) -> u32 {
        let view = self.view.clone();
        let at = SOURCE.find(word).unwrap();
        let (from, to, cells, background) = self.cx.update(|cx| {
            let view = view.read(cx);
            let place = |at| view.caret_place(at).expect("it is in view");
            let (_, cells) = view.text_origin().unwrap();
            let background = cx.kiln_theme().editor_background.to_rgb();
            (place(at + 1), place(at + word.len()), cells, background)
        });
        let place = Bounds::new(from, size(to.x - from.x, cells.height));
        let background = [background.r, background.g, background.b];
        let background = background.map(|channel| (channel * 255.).round() as u8);
        let shown = part(picture, place);
        let apart = shown.pixels().map(|pixel| {
            let channels = pixel.0.iter().zip(background);
            channels.map(|(one, of)| u32::from(one.abs_diff(of))).sum()
        });
        apart.max().expect("a place that is not empty")
    }

    fn set_off(&mut self, key: &str) {
        self.set(key, "false");
    }

    /// Gives one setting a value, as JSON; the others have their defaults.
    fn set(&mut self, key: &str, value: &str) {
        self.cx.update(|cx| {
            let text = format!("{{\"{key}\": {value}}}");
            let layer = settings::Layer::user("settings.json", text);
            assert_eq!(ui::SettingsStore::set(&[layer], cx).len(), 0);
        });
    }

    /// Whether a line of a colour goes down most of a row of the unscrolled text, at the left of a
    /// cell.
    fn has_line(
        &mut self,
        picture: &Picture,
        row: usize,
        cell: usize,
        color: gpui_kit::Rgba,
    ) -> bool {
        let view = self.view.clone();
        let (origin, cells) = self.cx.update(|cx| view.read(cx).text_origin().unwrap());
        let from = gpui_kit::point(cells.width * cell as f32, cells.height * row as f32);
        let place = Bounds::new(
            origin + from - gpui_kit::point(px(1.), px(0.)),
            size(px(3.), cells.height),
        );
        let around = part(picture, place);
        near(&around, color) * 4 > around.height() as usize * 3
    }

    /// The place of a row of the unscrolled text, right of its number.
    fn row(&mut self, row: usize) -> Bounds<Pixels> {
        let view = self.view.clone();
        let (origin, cells) = self.cx.update(|cx| view.read(cx).text_origin().unwrap());
        let top = origin.y + cells.height * row as f32;
        let width = px(WIDTH) - origin.x - px(14.);
        Bounds::new(gpui_kit::point(origin.x, top), size(width, cells.height))
    }

    /// The place of the number of a row of the unscrolled text.
    fn gutter(&mut self, row: usize) -> Bounds<Pixels> {
        let text = self.row(row);
        let number = gpui_kit::point(px(0.), text.top());
        Bounds::new(number, size(text.left() - px(10.), text.size.height))
    }

    /// Scrolls so many rows down from the top.
    fn scroll_to(&mut self, rows: f32) {
        self.update(|window, cx| {
            for by in [5000., -rows] {
                let by = gpui_kit::ScrollDelta::Lines(gpui_kit::point(0., by));
                window.scroll("editor", by, cx);
            }
        });
    }

    fn press(&mut self, key: &str) {
        self.update(|window, cx| window.press(key, cx));
    }

    fn input(&mut self, text: &str) {
        self.update(|window, cx| window.input(text, cx));
    }

    /// Lets so many milliseconds pass.
    fn pass(&mut self, milliseconds: u64) {
        self.cx.run_until_parked();
        let time = std::time::Duration::from_millis(milliseconds);
        self.cx.background_executor().clone().advance_clock(time);
        self.cx.run_until_parked();
    }

    /// Waits for what runs on threads of its own until something holds.
    fn until(
        &mut self,
        what: &str,
        holds: impl Fn(&gpui_kit::Window, &Entity<EditorView>, &gpui_kit::App) -> bool,
    ) {
        let end = std::time::Instant::now() + std::time::Duration::from_secs(60);
        let view = self.view.clone();
        loop {
            self.pass(300);
            let has = self.update(|window, cx| {
                window.render_frame(cx);
                holds(window, &view, cx)
            });
            if has {
                return;
            }
            assert!(std::time::Instant::now() < end, "waited for {what}");
            std::thread::yield_now();
        }
    }

    /// A picture once what is made elsewhere is there.
    fn settled(&mut self) -> Picture {
        for _ in 0..3 {
            self.picture();
            self.cx.run_until_parked();
        }
        self.picture()
    }

    fn picture(&mut self) -> Picture {
        self.update(|window, cx| window.render_frame(cx));
        self.cx
            .capture_screenshot(self.window)
            .expect("offscreen rendering needs a Vulkan driver; mesa-vulkan-drivers is enough")
    }

    fn keep(&self, name: &str, picture: &Picture) {
        if let Some(folder) = std::env::var_os("KILN_PICTURES") {
            let path = Path::new(&folder).join(format!("{name}.png"));
            picture.save(&path).unwrap();
        }
    }
}
