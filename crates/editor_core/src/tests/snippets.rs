//! Snippets: the grammar, what they become, and filling them in.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::snippet::{
    Environment, LocalTime, MAX_NESTING, MAX_SNIPPET, Snippet, SnippetError, SnippetSession,
};
use crate::{EditIntent, IndentStyle, Selections, Text, Transaction, editing, marked};

fn environment() -> Environment {
    Environment {
        file_path: Some("/home/ada/project/src/main.test.rs".into()),
        workspace_folder: Some("/home/ada/project".into()),
        clipboard: Some("copied".into()),
        now: Some(LocalTime {
            year: 2026,
            month: 11,
            day: 5,
            weekday: 4,
            hour: 7,
            minute: 8,
            second: 9,
            unix_seconds: 1_793_862_489,
            offset_minutes: -210,
        }),
        seed: 7,
        line_comment: Some("//".into()),
        block_comment: Some(("/*".into(), "*/".into())),
    }
}

#[test]
fn what_nobody_selected_is_no_selected_text() {
    let (text, replaced) = marked::parse("a «trycˇ» «tryˇ»").unwrap();
    let snippet = Snippet::parse("try(${TM_SELECTED_TEXT:$TM_CURRENT_WORD})").unwrap();
    let style = IndentStyle::spaces(4);
    let (made, _) =
        SnippetSession::start_over(&text, &replaced, &snippet, &mut environment(), &style).unwrap();
    let after = made.changes.apply(&text).unwrap();
    assert_eq!(after.slice(0..after.len()), "a try(tryc) try(try)");
}

/// An editor that is as much as a session needs.
struct Editor {
    text: Text,
    selections: Selections,
    session: Option<SnippetSession>,
}

impl Editor {
    #[track_caller]
    fn start(before: &str, snippet: &str) -> Self {
        let (text, selections) = marked::parse(before).unwrap();
        let snippet = Snippet::parse(snippet).unwrap();
        let style = IndentStyle::spaces(4);
        let (transaction, session) =
            SnippetSession::start(&text, &selections, &snippet, &mut environment(), &style)
                .unwrap();
        assert_eq!(transaction.intent, EditIntent::Other);
        Self {
            text: transaction.changes.apply(&text).unwrap(),
            selections: transaction.selections_after,
            session,
        }
    }

    fn apply(mut self, transaction: Transaction) -> Self {
        self.text = transaction.changes.apply(&self.text).unwrap();
        self.selections = transaction.selections_after;
        let alive = |session: &mut SnippetSession| {
            session.edited(&transaction.changes) && session.carets_moved(&self.selections)
        };
        self.session = self.session.filter_map_mut(alive);
        self
    }

    fn type_in(self, typed: &str) -> Self {
        let transaction = editing::insert_text(&self.text, &self.selections, typed);
        self.apply(transaction)
    }

    fn backspace(self) -> Self {
        let transaction = editing::delete_backward(&self.text, &self.selections);
        self.apply(transaction)
    }

    fn go(mut self, forward: bool) -> Self {
        let session = self.session.as_mut().expect("a session");
        if let Some((transaction, over)) = session.go(&self.text, &self.selections, forward) {
            self.text = transaction.changes.apply(&self.text).unwrap();
            self.selections = transaction.selections_after;
            if over {
                self.session = None;
            }
        }
        self
    }

    fn tab(self) -> Self {
        self.go(true)
    }

    #[track_caller]
    fn shows(self, expected: &str) -> Self {
        assert_eq!(marked::format(&self.text, &self.selections), expected);
        self
    }
}

trait FilterMut<T> {
    fn filter_map_mut(self, keep: impl FnOnce(&mut T) -> bool) -> Option<T>;
}

impl<T> FilterMut<T> for Option<T> {
    fn filter_map_mut(self, keep: impl FnOnce(&mut T) -> bool) -> Option<T> {
        let mut value = self?;
        keep(&mut value).then_some(value)
    }
}

#[track_caller]
fn becomes(snippet: &str, expected: &str) {
    Editor::start("ˇ", snippet).shows(expected);
}

#[test]
fn tab_stops_are_gone_to_in_order() {
    let editor = Editor::start("ˇ", "fn ${2:name}(${1:arg}) {\n\t$0\n}");
    editor
        .shows("fn name(«argˇ») {\n    \n}")
        .type_in("x")
        .shows("fn name(xˇ) {\n    \n}")
        .tab()
        .shows("fn «nameˇ»(x) {\n    \n}")
        .type_in("main")
        .go(false)
        .shows("fn main(«xˇ») {\n    \n}")
        .tab()
        .tab()
        .shows("fn main(x) {\n    ˇ\n}");
}

#[test]
fn mirrors_are_typed_into_together() {
    Editor::start("ˇ", "<${1:div}>$0</$1>")
        .shows("<«divˇ»></«divˇ»>")
        .type_in("p")
        .type_in("re")
        .backspace()
        .shows("<prˇ></prˇ>")
        .tab()
        .shows("<pr>ˇ</pr>");
    // A mirror before its placeholder has its text from the start.
    becomes("$1 ${1:x}", "«xˇ» «xˇ»");
}

#[test]
fn every_caret_gets_its_own() {
    Editor::start("aˇ\nbˇ", "(${1:x}, $2)$0")
        .shows("a(«xˇ», )\nb(«xˇ», )")
        .type_in("y")
        .tab()
        .shows("a(y, ˇ)\nb(y, ˇ)")
        .type_in("z")
        .tab()
        .shows("a(y, z)ˇ\nb(y, z)ˇ");
    Editor::start("«oneˇ» «twoˇ»", "<$TM_SELECTED_TEXT>$CURSOR_NUMBER").shows("<one>1ˇ <two>2ˇ");
}

#[test]
fn placeholders_nest() {
    Editor::start("ˇ", "f(${1:a${2:, b}})$0")
        .shows("f(«a, bˇ»)")
        .tab()
        .shows("f(a«, bˇ»)")
        .type_in("x")
        .go(false)
        .shows("f(«axˇ»)")
        .type_in("y")
        .tab()
        .shows("f(y)ˇ");
    // What one inside held is gone with it, and there is nothing to go to.
    Editor::start("ˇ", "fn ${1:name}(${2:arg: ${3:Type}}) -> ${4:u8}")
        .tab()
        .shows("fn name(«arg: Typeˇ») -> u8")
        .type_in("x")
        .tab()
        .shows("fn name(x) -> «u8ˇ»")
        .go(false)
        .shows("fn name(«xˇ») -> u8");
    becomes("${1:$1}", "ˇ");
    becomes("${1:a ${1:b}}", "«a ˇ»");
}

#[test]
fn empty_stops_side_by_side_keep_their_order() {
    Editor::start("ˇ", "[$1$2$3]")
        .type_in("a")
        .tab()
        .type_in("b")
        .tab()
        .type_in("c")
        .shows("[abcˇ]")
        .go(false)
        .shows("[a«bˇ»c]")
        .go(false)
        .shows("[«aˇ»bc]");
    Editor::start("ˇ", "$1${2:x}$0")
        .type_in("a")
        .tab()
        .shows("a«xˇ»");
}

#[test]
fn choices_begin_with_the_first() {
    let editor =
        Editor::start("ˇ", r"pub${1|(crate),(super),\, \|,|} fn$0").shows("pub«(crate)ˇ» fn");
    let session = editor.session.as_ref().unwrap();
    assert_eq!(session.choices(), ["(crate)", "(super)", ", |", ""]);
    editor.type_in("(in x)").tab().shows("pub(in x) fnˇ");
}

#[test]
fn transforms_follow_when_the_stop_is_left() {
    Editor::start(
        "ˇ",
        "${1:first_name}: ${1/(.*?)_(.)(.*)/$1${2:/upcase}$3/}$0",
    )
    .shows("«first_nameˇ»: firstName")
    .type_in("last_seen")
    .shows("last_seenˇ: firstName")
    .tab()
    .shows("last_seen: lastSeenˇ");
}

#[test]
fn formats_of_transforms() {
    let cases = [
        (r"${TM_FILENAME/(.*)\..+$/$1/}", "main.test"),
        (r"${TM_FILENAME/[\.]/_/g}", "main_test_rs"),
        (r"${TM_FILENAME/[\.]/_/}", "main_test.rs"),
        (r"${TM_FILENAME_BASE/(.*)/${1:/upcase}/}", "MAIN.TEST"),
        (r"${TM_FILENAME_BASE/(.*)/${1:/capitalize}/}", "Main.test"),
        (r"${TM_FILENAME_BASE/(.*)/${1:/pascalcase}/}", "MainTest"),
        (r"${TM_FILENAME_BASE/(.*)/${1:/camelcase}/}", "mainTest"),
        (r"${TM_FILENAME_BASE/(.*)/${1:/snakecase}/}", "main_test"),
        (r"${TM_FILENAME_BASE/(.*)/${1:/kebabcase}/}", "main-test"),
        (r"${TM_FILENAME_BASE/MAIN(.*)/<$1>/i}", "<.test>"),
        (r"${TM_FILENAME/(test)|(spec)/${1:+T}${2:+S}/}", "main.T.rs"),
        (r"${TM_FILENAME/(test)/${1:?yes:no}/}", "main.yes.rs"),
        (r"${TM_FILENAME/none/${1:?yes:no}/}", "no"),
        (r"${TM_FILENAME/none/${1:-other}/}", "other"),
        (r"${TM_FILENAME/none/x/}", "main.test.rs"),
        (r"${TM_DIRECTORY/.*\/(.*)/$1/}", "src"),
        (r"${TM_DIRECTORY/\//\/\//g}", "//home//ada//project//src"),
        (r"${CLIPBOARD/(.)/$1\n/}", "c\nopied"),
    ];
    for (snippet, expected) in cases {
        becomes(snippet, &format!("{expected}ˇ"));
    }
}

#[test]
fn variables_have_their_values() {
    let cases = [
        ("$TM_FILENAME", "main.test.rs"),
        ("$TM_FILENAME_BASE", "main.test"),
        ("$TM_DIRECTORY", "/home/ada/project/src"),
        ("$TM_DIRECTORY_BASE", "src"),
        ("$TM_FILEPATH", "/home/ada/project/src/main.test.rs"),
        ("$RELATIVE_FILEPATH", "src/main.test.rs"),
        ("$WORKSPACE_NAME", "project"),
        ("$WORKSPACE_FOLDER", "/home/ada/project"),
        ("$CLIPBOARD", "copied"),
        ("$CURRENT_YEAR-$CURRENT_MONTH-$CURRENT_DATE", "2026-11-05"),
        ("$CURRENT_YEAR_SHORT", "26"),
        (
            "$CURRENT_MONTH_NAME $CURRENT_MONTH_NAME_SHORT",
            "November Nov",
        ),
        ("$CURRENT_DAY_NAME $CURRENT_DAY_NAME_SHORT", "Thursday Thu"),
        ("$CURRENT_HOUR:$CURRENT_MINUTE:$CURRENT_SECOND", "07:08:09"),
        ("$CURRENT_SECONDS_UNIX", "1793862489"),
        ("$CURRENT_TIMEZONE_OFFSET", "-03:30"),
        ("$LINE_COMMENT", "//"),
        ("$BLOCK_COMMENT_START x $BLOCK_COMMENT_END", "/* x */"),
        ("$TM_LINE_NUMBER $TM_LINE_INDEX", "1 0"),
        ("${TM_SELECTED_TEXT:nothing}", "nothing"),
        ("${TM_SELECTED_TEXT}", ""),
    ];
    for (snippet, expected) in cases {
        becomes(snippet, &format!("{expected}ˇ"));
    }
    Editor::start("one twoˇ", " [$TM_CURRENT_WORD|$TM_CURRENT_LINE]")
        .shows("one two [two|one two]ˇ");
    // A name that is none is a placeholder.
    becomes("$nothing $nothing ${other:x}", "«nothingˇ» «nothingˇ» x");
    let random = |snippet: &str| {
        let editor = Editor::start("ˇ", snippet);
        editor.text.to_string()
    };
    let number = random("$RANDOM");
    assert!(number.len() == 6 && number.bytes().all(|byte| byte.is_ascii_digit()));
    assert_eq!(random("$RANDOM_HEX").len(), 6);
    let uuid = random("$UUID");
    let lens: Vec<usize> = uuid.split('-').map(str::len).collect();
    assert_eq!(lens, [8, 4, 4, 4, 12]);
    assert_eq!(&uuid[14..15], "4");
    assert!("89ab".contains(&uuid[19..20]));
    assert_ne!(random("$UUID$RANDOM"), random("$RANDOM$UUID"));
    // As many lines as carets: one each.
    let (text, carets) = marked::parse("ˇ ˇ").unwrap();
    let snippet = Snippet::parse("$CLIPBOARD").unwrap();
    let mut environment = Environment {
        clipboard: Some("a\nb\n".into()),
        ..Environment::default()
    };
    let style = IndentStyle::default();
    let (transaction, session) =
        SnippetSession::start(&text, &carets, &snippet, &mut environment, &style).unwrap();
    assert_eq!(transaction.changes.apply(&text).unwrap(), "a b");
    assert!(session.is_none());
}

#[test]
fn lines_are_indented_like_the_one_they_go_into() {
    Editor::start("    ˇ", "if $1 {\n\t$2\n}\n").shows("    if ˇ {\n        \n    }\n    ");
    let (text, carets) = marked::parse("\tˇ").unwrap();
    let snippet = Snippet::parse("a\n\tb").unwrap();
    let (transaction, _) = SnippetSession::start(
        &text,
        &carets,
        &snippet,
        &mut Environment::default(),
        &IndentStyle::tabs(4),
    )
    .unwrap();
    assert_eq!(transaction.changes.apply(&text).unwrap(), "\ta\n\t\tb");
}

#[test]
fn a_prefix_is_replaced() {
    let (text, carets) = marked::parse("a forˇ\nforˇ").unwrap();
    let snippet = Snippet::parse("for $1 {}").unwrap();
    let (transaction, session) = SnippetSession::start_replacing(
        &text,
        &carets,
        3,
        &snippet,
        &mut Environment::default(),
        &IndentStyle::default(),
    )
    .unwrap();
    let after = transaction.changes.apply(&text).unwrap();
    assert_eq!(
        marked::format(&after, &transaction.selections_after),
        "a for ˇ {}\nfor ˇ {}"
    );
    assert!(session.is_some());
}

#[test]
fn what_does_not_parse_is_text() {
    for (snippet, expected) in [
        ("$", "$ˇ"),
        ("$ {1} }", "$ {1} }ˇ"),
        ("a ${", "a ${ˇ"),
        ("${1:open", "${1:openˇ"),
        ("${1|a,b}", "${1|a,b}ˇ"),
        ("${-}", "${-}ˇ"),
        (r"\$1 \} \\ \x", r"$1 } \ \xˇ"),
        ("${TM_FILENAME/a", "${TM_FILENAME/aˇ"),
        ("${1:a} ${2:b", "«aˇ» ${2:b"),
        ("", "ˇ"),
    ] {
        becomes(snippet, expected);
    }
}

#[test]
fn a_session_ends_where_the_carets_leave() {
    let editor = Editor::start("x ˇ y", "a ${1:b} c ${2:d}");
    let mut session = editor.session.clone().unwrap();
    assert!(session.carets_moved(&Selections::caret(5)));
    // Another tab stop is gone to.
    assert!(session.carets_moved(&Selections::caret(8)));
    assert_eq!(session.places(), vec![8..9]);
    assert!(!session.carets_moved(&Selections::caret(0)));
    // Nothing to go to: no session.
    assert!(Editor::start("ˇ", "plain").session.is_none());
    assert!(Editor::start("ˇ", "a $0 b").session.is_none());
}

#[test]
fn undo_of_the_snippet_ends_the_session_and_undo_of_typing_does_not() {
    let editor = Editor::start("xˇ", "(${1:a})$0");
    let before = editor.text.clone();
    let typed = editing::insert_text(&editor.text, &editor.selections, "long");
    let undo = typed.changes.invert(&before);
    let mut session = editor.session.clone().unwrap();
    assert!(session.edited(&typed.changes));
    assert_eq!(session.places(), vec![2..6]);
    assert!(session.edited(&undo));
    assert_eq!(session.places(), vec![2..3]);
    let gone = crate::ChangeSet::from_edits(before.len(), vec![crate::Edit::new(1..4, "")]);
    assert!(!session.edited(&gone.unwrap()));
    // Text from elsewhere moves the places along.
    let mut session = editor.session.unwrap();
    let above = crate::ChangeSet::from_edits(before.len(), vec![crate::Edit::new(0..0, "new\n")]);
    assert!(session.edited(&above.unwrap()));
    assert_eq!(session.places(), vec![6..7]);
}

#[test]
fn snippets_as_servers_and_extensions_send_them() {
    let table = [
        // rust-analyzer: calls, postfix completions, items.
        ("push(${1:value})$0", "push(«valueˇ»)"),
        ("foo(${1:a}, ${2:b})$0", "foo(«aˇ», b)"),
        (
            "if let Some(${1:it}) = opt {\n    $0\n}",
            "if let Some(«itˇ») = opt {\n    \n}",
        ),
        (
            "match x {\n    Ok(${1:_}) => {$2},\n    Err(${3:_}) => {$0},\n}",
            "match x {\n    Ok(«_ˇ») => {},\n    Err(_) => {},\n}",
        ),
        ("println!(\"{}\", ${0:x})", "println!(\"{}\", «xˇ»)"),
        (
            "Point { x: ${1:()}, y: ${2:()} }$0",
            "Point { x: «()ˇ», y: () }",
        ),
        // VS Code's own.
        (
            "for (let ${1:index} = 0; ${1:index} < ${2:array}.length; ${1:index}++) {\n\tconst ${3:element} = ${2:array}[${1:index}];\n\t$TM_SELECTED_TEXT$0\n}",
            "for (let «indexˇ» = 0; «indexˇ» < array.length; «indexˇ»++) {\n    const element = array[«indexˇ»];\n    \n}",
        ),
        (
            "class ${1:${TM_FILENAME_BASE/(.*)/${1:/pascalcase}/}} {\n\t$0\n}",
            "class «MainTestˇ» {\n    \n}",
        ),
        ("console.log(${1|'a',\"b\"|});", "console.log(«'a'ˇ»);"),
        (
            "#ifndef ${1:${TM_FILENAME/([^\\.]*).*/${1:/upcase}/}_H}\n#define $1\n$0\n#endif",
            "#ifndef «MAIN_Hˇ»\n#define «MAIN_Hˇ»\n\n#endif",
        ),
        // clangd, gopls, typescript-language-server.
        (
            "std::vector<${1:typename T}> ${2:name}",
            "std::vector<«typename Tˇ»> name",
        ),
        (
            "func(${1:w http.ResponseWriter}, ${2:r *http.Request}) {$0\\}",
            "func(«w http.ResponseWriterˇ», r *http.Request) {}",
        ),
        ("\\${${1:expression}\\}", "${«expressionˇ»}"),
        // Emmet.
        ("<a href=\"${1:#}\">${2}</a>${0}", "<a href=\"«#ˇ»\"></a>"),
    ];
    for (snippet, expected) in table {
        becomes(snippet, expected);
    }
}

#[test]
fn what_is_over_a_bound_says_so() {
    let error = |source: &str| Snippet::parse(source).unwrap_err();
    assert!(matches!(
        error(&"x".repeat(MAX_SNIPPET + 1)),
        SnippetError::TooLong(_)
    ));
    let deep = format!(
        "{}{}",
        "${1:".repeat(MAX_NESTING + 1),
        "}".repeat(MAX_NESTING + 1)
    );
    assert_eq!(error(&deep), SnippetError::TooDeep);
    let message = error("${1/(?=a)/b/}").to_string();
    assert!(message.contains("look-ahead"), "{message}");
    assert!(error("${1/(/b/}").to_string().contains("unclosed group"));
    let many = format!("${{1:{}}}{}", "x".repeat(30_000), "$1".repeat(10_000));
    let snippet = Snippet::parse(&many).unwrap();
    let started = SnippetSession::start(
        &Text::default(),
        &Selections::caret(0),
        &snippet,
        &mut Environment::default(),
        &IndentStyle::default(),
    );
    assert_eq!(started.unwrap_err(), SnippetError::TooLarge);
    // What is opened again and again is read once.
    assert!(Snippet::parse(&"${a:".repeat(MAX_NESTING)).is_ok());
}

/// Pieces of the grammar, whole and broken.
const PIECES: &[&str] = &[
    "$",
    "${",
    "}",
    "1",
    "0",
    "12",
    ":",
    "|",
    ",",
    "/",
    "\\",
    "\\\\",
    "\\}",
    "\\$",
    "a",
    "name",
    "é",
    "\n",
    "\t",
    "TM_FILENAME",
    "UUID",
    "$1",
    "${2:",
    "${1|a,b|}",
    "${TM_SELECTED_TEXT:",
    "${1/(a)/",
    "${1:/upcase}",
    "${1:+x}",
    "${1:?x:y}",
    "${1:-z}",
    "/g}",
    "/i}",
    "(",
    ")",
    "[",
    "+",
    ".*",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn parsing_never_fails_but_for_a_bound_and_printing_goes_back(pieces in vec(select(PIECES), 0..30)) {
        let source = pieces.concat();
        match Snippet::parse(&source) {
            Ok(snippet) => {
                let printed = snippet.to_string();
                prop_assert_eq!(Snippet::parse(&printed).unwrap(), snippet, "{}", printed);
            }
            Err(SnippetError::Transform { .. } | SnippetError::TooDeep) => {}
            Err(error) => prop_assert!(false, "{error}"),
        }
    }

    #[test]
    fn places_stay_in_the_text(
        pieces in vec(select(PIECES), 0..20),
        steps in vec((any::<bool>(), select(&["", "x", "(", "yy\n"][..])), 0..12),
        carets in select(&["ˇ", "a ˇ b", "ˇ\nˇ", "«xˇ»ˇ\n  ˇ"][..]),
    ) {
        let Ok(snippet) = Snippet::parse(&pieces.concat()) else {
            return Ok(());
        };
        let (text, selections) = marked::parse(carets).unwrap();
        let style = IndentStyle::spaces(2);
        let (transaction, session) =
            SnippetSession::start(&text, &selections, &snippet, &mut environment(), &style).unwrap();
        let mut editor = Editor {
            text: transaction.changes.apply(&text).unwrap(),
            selections: transaction.selections_after,
            session,
        };
        for (forward, typed) in steps {
            if editor.session.is_none() {
                break;
            }
            editor = editor.type_in(typed);
            if let Some(session) = &editor.session {
                for place in session.places() {
                    prop_assert!(place.end <= editor.text.len());
                    prop_assert!(editor.text.is_char_boundary(place.start));
                }
                editor = editor.go(forward);
            }
            prop_assert!(editor.selections.iter().all(|one| one.end() <= editor.text.len()));
        }
    }

    #[test]
    fn plain_text_stays_what_it_is(text in "\\PC{0,40}") {
        let snippet = Snippet::plain(&text);
        prop_assert_eq!(Snippet::parse(&snippet.to_string()).unwrap(), snippet);
    }
}
