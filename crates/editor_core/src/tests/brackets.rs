use std::ops::Range;

use super::check;
use crate::auto_pair::Pair;
use crate::brackets::*;
use crate::{
    GrowingSelections, LanguageRules, Literal, PlainSyntax, Selection, Selections, SyntaxView,
    Text, marked,
};

const PLAIN: PlainSyntax = PlainSyntax {
    brackets: BRACKETS,
    rules: &LanguageRules::PLAIN,
};

/// Text between quotation marks is a string.
struct Quoted;

impl SyntaxView for Quoted {
    fn literals(&self, text: &Text, range: Range<usize>) -> Vec<Range<usize>> {
        let text = text.to_string();
        let marks: Vec<usize> = text.match_indices('"').map(|(at, _)| at).collect();
        marks
            .chunks_exact(2)
            .map(|ends| ends[0]..ends[1] + 1)
            .filter(|string| string.start < range.end && range.start < string.end)
            .collect()
    }

    fn literal_at(&self, _: &Text, _: usize) -> Option<Literal> {
        None
    }

    fn rules_at(&self, _: &Text, _: usize) -> &'static LanguageRules {
        &LanguageRules::PLAIN
    }

    fn enclosing(&self, _: Range<usize>) -> Option<Range<usize>> {
        None
    }

    fn brackets(&self) -> &'static [Pair] {
        BRACKETS
    }

    fn has_tree(&self) -> bool {
        true
    }
}

#[track_caller]
fn goes(before: &str, syntax: &dyn SyntaxView, extend: bool, after: &str) {
    let (text, selections) = marked::parse(before).unwrap();
    let moved = selections.transform(|selection| jump_to_bracket(&text, selection, syntax, extend));
    assert_eq!(marked::format(&text, &moved), after, "from {before:?}");
}

#[test]
fn the_caret_jumps_between_partners() {
    goes("ˇ(a[b])c", &PLAIN, false, "(a[b]ˇ)c");
    goes("(a[b]ˇ)c", &PLAIN, false, "ˇ(a[b])c");
    goes("(a[b])ˇc", &PLAIN, false, "ˇ(a[b])c");
    goes("(aˇx[b])c", &PLAIN, false, "(ax[b]ˇ)c");
    goes("aˇ (b)", &PLAIN, false, "a ˇ(b)");
    goes("ˇ(", &PLAIN, false, "ˇ(");
    goes("{ˇ(})", &PLAIN, true, "{«(}ˇ»)");
    goes("ˇab", &PLAIN, false, "ˇab");
}

#[test]
fn brackets_in_strings_have_no_partner() {
    goes("ˇ(\")\")", &Quoted, false, "(\")\"ˇ)");
    goes("ˇ(\")\")", &PLAIN, false, "(\"ˇ)\")");
    goes("(\"(\"ˇ)", &Quoted, false, "ˇ(\"(\")");
}

#[test]
fn partners_are_found_over_many_rows() {
    let inside = "é(x)\n".repeat(5000);
    let text = Text::new(&format!("{{{inside}}}"));
    let pair = bracket_at(&text, 0, &PLAIN).unwrap();
    assert_eq!(pair.outer(), 0..text.len());
    assert_eq!(bracket_at(&text, text.len(), &PLAIN), Some(pair.clone()));
    let middle = text.floor_char_boundary(text.len() / 2);
    let row = text.line_start(text.row_at(middle));
    assert_eq!(enclosing_brackets(&text, row..row, &PLAIN), Some(pair));
}

#[test]
fn a_partner_too_far_away_is_not_looked_for() {
    let text = Text::new(&format!("({})", " ".repeat(MAX_SCAN + 1)));
    assert_eq!(bracket_at(&text, 0, &PLAIN), None);
    assert_eq!(bracket_at(&text, text.len(), &PLAIN), None);
}

#[test]
fn what_is_between_brackets_is_selected_and_brackets_are_removed() {
    let select = |before: &str, after: &str| {
        let (text, selections) = marked::parse(before).unwrap();
        let selected = selections.transform(|one| select_to_bracket(&text, one, &PLAIN));
        assert_eq!(marked::format(&text, &selected), after);
    };
    select("a(bxˇy[c])", "a«(bxy[c])ˇ»");
    select("a{«(b)ˇ»}", "a«{(b)}ˇ»");
    select("aˇb", "aˇb");
    check("f(aˇ, b)", |t, s| remove_brackets(t, s, &PLAIN), "faˇ, b");
    check("aˇb", |t, s| remove_brackets(t, s, &PLAIN), "aˇb");
}

#[test]
fn selections_grow_and_go_back_the_way_they_came() {
    let mut growing = GrowingSelections::default();
    let (text, start) = marked::parse("f(getNˇame, \"a (b\") + 1").unwrap();
    let mut now: Selections = start.clone();
    let seen: Vec<String> = (0..5)
        .map(|_| {
            now = growing.expand(&text, &now, &Quoted);
            text.slice(now.primary().range()).into_owned()
        })
        .collect();
    assert_eq!(
        seen,
        [
            "Name",
            "getName",
            "getName, \"a (b\"",
            "(getName, \"a (b\")",
            "f(getName, \"a (b\") + 1"
        ]
    );
    for wanted in seen.iter().rev().skip(1) {
        now = growing.shrink(&now);
        assert_eq!(text.slice(now.primary().range()), wanted.as_str());
    }
    assert_eq!(growing.shrink(&now), start);
    assert_eq!(growing.shrink(&start), start);

    growing.expand(&text, &start, &Quoted);
    let elsewhere = Selections::single(Selection::new(0, 1));
    assert_eq!(growing.shrink(&elsewhere), elsewhere);
}
