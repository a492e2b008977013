//! Typing in pairs.

use super::check;
use crate::auto_pair::*;
use crate::brackets::BRACKETS;
use crate::{
    AutoClosed, BlockComment, IndentStyle, LanguageRules, Literal, PlainSyntax, Selections,
    StringMarks, SyntaxView, Text, Transaction, marked,
};

/// A language with `//` and `/* */`, brackets, quotes, and `f"…"`.
pub(super) static CODE_RULES: LanguageRules = TYPED_RULES;

const TYPED_RULES: LanguageRules = LanguageRules {
    auto_close: &[
        AutoPair::new('(', ')', NotIn::Nowhere),
        AutoPair::new('[', ']', NotIn::Nowhere),
        AutoPair::new('{', '}', NotIn::Nowhere),
        AutoPair::new('"', '"', NotIn::Strings),
        AutoPair::new('\'', '\'', NotIn::StringsAndComments),
    ],
    auto_close_marks: &[
        AutoMarks {
            open: "/**",
            close: " */",
            not_in: NotIn::StringsAndComments,
        },
        AutoMarks {
            open: "{|",
            close: "|}",
            not_in: NotIn::Nowhere,
        },
        AutoMarks {
            open: "'''",
            close: "'''",
            not_in: NotIn::StringsAndComments,
        },
    ],
    quote_prefixes: &["f"],
    strings: &[
        StringMarks {
            mark: "'''",
            spans_rows: true,
            escapes: true,
        },
        StringMarks::of_row("\""),
        StringMarks::of_row("'"),
    ],
    line_comment: Some("//"),
    block_comment: Some(BlockComment::new("/*", "*/")),
    ..LanguageRules::PLAIN
};

pub(super) const CODE: PlainSyntax = PlainSyntax {
    brackets: BRACKETS,
    rules: &CODE_RULES,
};

/// All of the text is a string or a comment.
pub(super) struct Within(pub(super) Literal);

impl SyntaxView for Within {
    fn literals(&self, text: &Text, _: std::ops::Range<usize>) -> Vec<std::ops::Range<usize>> {
        vec![0..text.len()]
    }

    fn literal_at(&self, _: &Text, _: usize) -> Option<Literal> {
        Some(self.0)
    }

    fn enclosing(&self, _: std::ops::Range<usize>) -> Option<std::ops::Range<usize>> {
        None
    }

    fn brackets(&self) -> &'static [Pair] {
        BRACKETS
    }

    fn rules_at(&self, _: &Text, _: usize) -> &'static LanguageRules {
        &CODE_RULES
    }

    fn has_tree(&self) -> bool {
        true
    }
}

/// A text into which keys are pressed one after the other: `⌫` is backspace, `→` moves the carets.
struct Page {
    text: Text,
    selections: Selections,
    closed: AutoClosed,
    settings: PairSettings,
}

impl Page {
    fn new(before: &str, settings: PairSettings) -> Self {
        let (text, selections) = marked::parse(before).unwrap();
        Self {
            text,
            selections,
            closed: AutoClosed::default(),
            settings,
        }
    }

    fn press(&mut self, key: char) {
        let typing = Typing {
            settings: self.settings,
            syntax: &CODE,
            closed: &self.closed,
        };
        let (transaction, closed) = match key {
            '→' => {
                let text = &self.text;
                let moved = self
                    .selections
                    .transform(|one| crate::movement::right(text, one, false));
                self.closed.keep_around(&moved);
                self.selections = moved;
                return;
            }
            '⌫' => {
                let style = IndentStyle::spaces(4);
                let deleted = delete_backward(&self.text, &self.selections, &typing, &style);
                (deleted, Vec::new())
            }
            key => {
                let typed = key.to_string();
                let typed = insert_typed(&self.text, &self.selections, &typed, &typing);
                (typed.transaction, typed.closed)
            }
        };
        self.text = transaction.changes.apply(&self.text).unwrap();
        self.selections = transaction.selections_after;
        self.closed.apply(&transaction.changes);
        self.closed.add(&closed);
        self.closed.keep_around(&self.selections);
    }
}

#[track_caller]
fn keys_with(settings: PairSettings, before: &str, keys: &str, after: &str) {
    let mut page = Page::new(before, settings);
    keys.chars().for_each(|key| page.press(key));
    let shown = marked::format(&page.text, &page.selections);
    assert_eq!(shown, after, "{keys} from {before:?}");
}

#[track_caller]
fn keys(before: &str, keys: &str, after: &str) {
    keys_with(PairSettings::default(), before, keys, after);
}

fn with(change: impl FnOnce(&mut PairSettings)) -> PairSettings {
    let mut settings = PairSettings::default();
    change(&mut settings);
    settings
}

#[test]
fn an_opener_brings_its_closer_where_nothing_stands_in_the_way() {
    keys("ˇ", "(", "(ˇ)");
    keys("f ˇ;", "{", "f {ˇ};");
    keys("ˇabc", "(", "(ˇabc");
    keys("ˇ", "([", "([ˇ])");
    keys("aˇ bˇ", "(", "a(ˇ) b(ˇ)");
    keys("ˇ\"s\"", "(", "(ˇ)\"s\"");
    keys("ˇ\"s\"", "'", "'ˇ\"s\"");
}

#[test]
fn the_setting_says_when_brackets_and_quotes_are_closed() {
    let never = with(|settings| settings.brackets = AutoClosing::Never);
    keys_with(never, "ˇ", "(\"", "(\"ˇ\"");
    let always = with(|settings| settings.brackets = AutoClosing::Always);
    keys_with(always, "ˇabc", "(", "(ˇ)abc");
    let before_space = with(|settings| settings.brackets = AutoClosing::BeforeWhitespace);
    keys_with(before_space, "ˇ; ˇ x", "(", "(ˇ; (ˇ) x");
    let no_quotes = with(|settings| settings.quotes = AutoClosing::Never);
    keys_with(no_quotes, "ˇ", "(\"", "(\"ˇ)");
}

#[test]
fn an_opener_surrounds_what_is_selected() {
    keys("«abˇ»", "(", "(«abˇ»)");
    keys("«ˇab» «cˇ»", "\"", "\"«ˇab»\" \"«cˇ»\"");
    keys("«abˇ»", "([", "([«abˇ»])");
    keys("«\"ˇ»ab\"", "'", "'ˇab\"");
    let quotes = with(|settings| settings.surround = AutoSurround::Quotes);
    keys_with(quotes, "«abˇ»", "(", "(ˇ");
    keys_with(quotes, "«abˇ»", "\"", "\"«abˇ»\"");
    let brackets = with(|settings| settings.surround = AutoSurround::Brackets);
    keys_with(brackets, "«abˇ»", "[", "[«abˇ»]");
    keys_with(brackets, "«abˇ»", "\"", "\"ˇ");
    let never = with(|settings| settings.surround = AutoSurround::Never);
    keys_with(never, "«abˇ»", "(", "(ˇ");
}

#[test]
fn a_closer_goes_over_the_one_that_came_by_itself() {
    keys("ˇ", "()", "()ˇ");
    keys("ˇ", "([a])x", "([a])xˇ");
    keys("ˇ", "\"a\"", "\"a\"ˇ");
    keys("ˇ ˇ", "(a)", "(a)ˇ (a)ˇ");
    keys("ˇ", "(())", "(())ˇ");
    // One that was there before is the reader's own.
    keys("f(ˇ)", ")", "f()ˇ)");
    // The carets went away and came back.
    keys("ˇ", "(→⌫)", "()ˇ");
    keys("ˇ", "\"\\\"", "\"\\\"ˇ\"");
}

#[test]
fn the_setting_says_which_closers_are_typed_over() {
    let always = with(|settings| settings.overtype = WhichClosers::Always);
    keys_with(always, "f(ˇ)", ")", "f()ˇ");
    let never = with(|settings| settings.overtype = WhichClosers::Never);
    keys_with(never, "ˇ", "()", "()ˇ)");
}

#[test]
fn marks_of_several_signs_are_closed_with_their_last() {
    keys("ˇ", "/**", "/**ˇ */");
    keys("ˇa", "/**", "/**ˇa");
    keys("ˇ", "/** a */b", "/** a */bˇ");
    keys("/*ˇ*/", "*", "/**ˇ*/");
    // What the first sign brought is not brought again.
    keys("x ˇ", "{|a", "x {|aˇ|}");
    keys("x ˇ", "{|a|}b", "x {|a|}bˇ");
    let never = with(|settings| settings.brackets = AutoClosing::Never);
    keys_with(never, "ˇ", "/**", "/**ˇ");
    let kept = with(|settings| settings.overtype = WhichClosers::Never);
    keys_with(kept, "ˇ", "/***/", "/***/ˇ */");
}

#[test]
fn quotes_are_closed_only_where_one_begins() {
    keys("x = ˇ", "\"", "x = \"ˇ\"");
    keys("donˇ", "'", "don'ˇ");
    keys("\"abc ˇ", "\"", "\"abc \"ˇ");
    keys("ˇ", "\"\"\"", "\"\"\"ˇ");
    // A string of the other sort that has its end may hold one.
    keys("a(\"it's\", ˇ)", "'", "a(\"it's\", 'ˇ')");
    keys("a(\"it's ˇ", "'", "a(\"it's 'ˇ");
    keys("x = fˇ", "\"", "x = f\"ˇ\"");
    keys("x = offˇ", "\"", "x = off\"ˇ");
    // Inside a string that has its end already, behind what would begin another.
    keys("x = \"(fˇ)\"", "\"", "x = \"(f\"ˇ)\"");
}

#[test]
fn strings_and_comments_close_what_the_language_says() {
    let typed = |literal: Literal, typed: &'static str| {
        move |text: &Text, selections: &Selections| -> Transaction {
            let typing = Typing {
                settings: PairSettings::default(),
                syntax: &Within(literal),
                closed: &AutoClosed::default(),
            };
            insert_typed(text, selections, typed, &typing).transaction
        }
    };
    check("a ˇ", typed(Literal::String, "\""), "a \"ˇ");
    check("a ˇ", typed(Literal::Comment, "\""), "a \"ˇ\"");
    check("a ˇ", typed(Literal::Comment, "'"), "a 'ˇ");
    check("a ˇ", typed(Literal::String, "("), "a (ˇ)");
}

#[test]
fn what_is_put_around_a_selection_is_as_if_it_had_come_by_itself() {
    // A string in the place of what a snippet wants there.
    keys("get(«idˇ»)", "\"o-1\"", "get(\"o-1\"ˇ)");
    keys("«aˇ» «bˇ»", "(c)d", "(c)dˇ (c)dˇ");
    keys("«ˇab»", "[([c])]", "[([c])]ˇ");
    keys("«aˇ» ", "\"⌫⌫", "ˇ ");
    // A caret that has left it types its own.
    keys("«aˇ» ", "(→→)", "(a))ˇ ");
    let never = with(|settings| settings.overtype = WhichClosers::Never);
    keys_with(never, "«aˇ»", "\"b\"", "\"b\"ˇ\"");
}

#[test]
fn other_text_is_inserted_as_it_is() {
    keys("«abˇ»", "x", "xˇ");
    keys("aˇ", ")", "a)ˇ");
    let twice = |text: &Text, selections: &Selections| {
        let typing = Typing {
            settings: PairSettings::default(),
            syntax: &CODE,
            closed: &AutoClosed::default(),
        };
        insert_typed(text, selections, "((", &typing).transaction
    };
    check("ˇ", twice, "((ˇ");
}

#[test]
fn backspace_takes_an_empty_pair_that_came_by_itself() {
    keys("aˇb ", "→(⌫", "abˇ ");
    keys("ˇ", "\"⌫", "ˇ");
    keys("ˇ", "(a⌫⌫", "ˇ");
    keys("(ˇ)", "⌫", "ˇ)");
    keys("ˇ", "([⌫⌫", "ˇ");
    let always = with(|settings| settings.delete = WhichClosers::Always);
    keys_with(always, "(ˇ) (ˇ]", "⌫", "ˇ ˇ]");
    let never = with(|settings| settings.delete = WhichClosers::Never);
    keys_with(never, "ˇ", "(⌫", "ˇ)");
}

#[test]
fn several_quotes_are_closed_with_the_last_at_the_beginning_of_a_string() {
    keys("x = ˇ", "'''", "x = '''ˇ'''");
    keys("x = fˇ", "'''", "x = f'''ˇ'''");
    keys("x = ˇ)", "'''a", "x = '''aˇ''')");
    keys("ˇ, ˇ", "'''", "'''ˇ''', '''ˇ'''");
    // At the end of one, before text, and where the setting says so, they stay alone.
    keys("'''\na\nˇ", "'''", "'''\na\n'''ˇ");
    keys("'''a ˇ", "'''", "'''a '''ˇ");
    keys("ˇa", "'''", "'''ˇa");
    let never = with(|settings| settings.quotes = AutoClosing::Never);
    keys_with(never, "ˇ", "'''", "'''ˇ");
    let brackets = with(|settings| settings.brackets = AutoClosing::Never);
    keys_with(brackets, "ˇ", "'''", "'''ˇ'''");
    // What ends the string takes the place of what came by itself; fewer are part of the text.
    keys("ˇ;", "'''a'''", "'''a'''ˇ;");
    keys("ˇ;", "'''a 'b'", "'''a 'b'ˇ''';");
    keys("ˇ;", "''''''", "''''''ˇ;");
    keys("ˇ;", "''''", "''''ˇ''';");
    // Those that were there stay.
    keys("'''ˇ'''", "'", "''''ˇ'''");
    keys("''ˇ'''", "'", "'''ˇ'''");
    keys("'''a''ˇ'''", "'", "'''a'''ˇ'''");
    // Backspace takes one with one, as in VS Code.
    keys("ˇ", "'''⌫", "''ˇ''");
    keys("ˇ", "'''⌫⌫⌫", "ˇ");
    keys("ˇ", "'''a⌫⌫", "''ˇ''");
    keys("'''ˇ'''", "⌫", "''ˇ'''");
}

#[test]
fn white_space_is_not_surrounded() {
    keys("a« ˇ»b", "(", "a(ˇb");
    keys("a« bˇ»", "(", "a(« bˇ»)");
}

#[test]
fn the_language_says_before_what_pairs_are_closed() {
    static RULES: LanguageRules = LanguageRules {
        closes_before: Some(";` "),
        ..TYPED_RULES
    };
    let typed = |typed: &'static str| {
        move |text: &Text, selections: &Selections| -> Transaction {
            let syntax = PlainSyntax {
                brackets: BRACKETS,
                rules: &RULES,
            };
            let typing = Typing {
                settings: PairSettings::default(),
                syntax: &syntax,
                closed: &AutoClosed::default(),
            };
            insert_typed(text, selections, typed, &typing).transaction
        }
    };
    check("ˇ`a`", typed("("), "(ˇ)`a`");
    check("ˇ\"a\"", typed("("), "(ˇ\"a\"");
    check("ˇ`a`", typed("\""), "\"ˇ\"`a`");
    // What ends something of several signs, and begins nothing, counts too.
    check("{|ˇ|}", typed("("), "{|(ˇ)|}");
}

#[test]
fn backspace_goes_back_to_the_tab_stop_in_indentation() {
    keys("        ˇx", "⌫", "    ˇx");
    keys("      ˇx", "⌫", "    ˇx");
    keys("\tˇx", "⌫", "ˇx");
    keys("x    ˇ", "⌫", "x   ˇ");
    keys("a\nˇb", "⌫", "aˇb");
}

#[test]
fn a_closer_stays_known_through_edits_elsewhere() {
    let mut page = Page::new("\nˇ", PairSettings::default());
    page.press('(');
    let text = page.text.clone();
    let changes =
        crate::ChangeSet::from_edits(text.len(), vec![crate::Edit::new(0..0, "// a\n")]).unwrap();
    page.text = changes.apply(&text).unwrap();
    page.selections = page.selections.map(&changes);
    page.closed.apply(&changes);
    page.press(')');
    let shown = marked::format(&page.text, &page.selections);
    assert_eq!(shown, "// a\n\n()ˇ");
}
