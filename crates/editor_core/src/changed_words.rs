//! Which words differ between lines and those that stand in their place.

use std::ops::Range;

use imara_diff::{Algorithm, Diff, InternedInput};

/// Of longer lines the words are not compared, in bytes.
pub const MAX_WORD_LINE: usize = 1000;

/// Of more text on either side the words are not compared, in bytes.
pub const MAX_WORD_BYTES: usize = 16 * 1024;

/// The parts of two texts that are not in the other one, in bytes, in order and apart; none of them
/// reaches over a line end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChangedWords {
    /// Those of the text before.
    pub before: Vec<Range<usize>>,
    /// Those of the text after.
    pub after: Vec<Range<usize>>,
}

/// The words that differ between lines and those in their place. Nothing where that would say no
/// more than that the lines differ: one side is empty, or the two have hardly a word in common; nor
/// where a line is longer than [`MAX_WORD_LINE`], or a side than [`MAX_WORD_BYTES`].
pub fn changed_words(before: &str, after: &str) -> ChangedWords {
    let is_short = |text: &str| {
        text.len() <= MAX_WORD_BYTES && text.split('\n').all(|line| line.len() <= MAX_WORD_LINE)
    };
    if !is_short(before) || !is_short(after) {
        return ChangedWords::default();
    }
    let mut input = InternedInput::default();
    input.update_before(tokens(before));
    input.update_after(tokens(after));
    let mut diff = Diff::compute(Algorithm::Histogram, &input);
    diff.postprocess_no_heuristic(&input);
    let is_removed = |index: usize| diff.is_removed(index as u32);
    let is_added = |index: usize| diff.is_added(index as u32);
    let changed = ChangedWords {
        before: changed_parts(before, is_removed),
        after: changed_parts(after, is_added),
    };
    match hardly_alike(before, &changed.before) || hardly_alike(after, &changed.after) {
        true => ChangedWords::default(),
        false => changed,
    }
}

/// Words, stretches of blanks, line ends, and any other character alone.
fn tokens(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let end = match first {
            _ if is_word(first) => rest.find(|character| !is_word(character)),
            _ if is_blank(first) => rest.find(|character| !is_blank(character)),
            _ => Some(first.len_utf8()),
        };
        let (token, behind) = rest.split_at(end.unwrap_or(rest.len()));
        rest = behind;
        Some(token)
    })
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

fn is_blank(character: char) -> bool {
    character.is_whitespace() && character != '\n'
}

/// The tokens that changed, with the blanks between two of them, line by line.
fn changed_parts(text: &str, is_changed: impl Fn(usize) -> bool) -> Vec<Range<usize>> {
    let mut parts: Vec<Range<usize>> = Vec::new();
    let (mut at, mut joins) = (0, false);
    for (index, token) in tokens(text).enumerate() {
        let range = at..at + token.len();
        at = range.end;
        if token == "\n" {
            joins = false;
        } else if is_changed(index) {
            match parts.last_mut() {
                Some(last) if joins => last.end = range.end,
                _ => parts.push(range),
            }
            joins = true;
        } else {
            joins &= token.chars().all(is_blank);
        }
    }
    parts
}

/// Whether less than a fifth of what can be seen of a text is the same.
fn hardly_alike(text: &str, changed: &[Range<usize>]) -> bool {
    let seen = |text: &str| text.chars().filter(|one| !one.is_whitespace()).count();
    let all = seen(text);
    let other: usize = changed.iter().map(|part| seen(&text[part.clone()])).sum();
    (all - other) * 5 <= all
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Both texts, with what changed in brackets.
    fn marked(before: &str, after: &str) -> (String, String) {
        let mark = |text: &str, parts: &[Range<usize>]| {
            let mut text = text.to_owned();
            for part in parts.iter().rev() {
                text.insert(part.end, ']');
                text.insert(part.start, '[');
            }
            text
        };
        let changed = changed_words(before, after);
        (mark(before, &changed.before), mark(after, &changed.after))
    }

    #[track_caller]
    fn shows(before: &str, after: &str) {
        let bare = |text: &str| text.replace(['[', ']'], "");
        let found = marked(&bare(before), &bare(after));
        assert_eq!(found, (before.to_owned(), after.to_owned()));
    }

    #[test]
    fn words_that_differ_are_told_from_those_that_stay() {
        shows("let [a] = call(b);\n", "let [other] = call(b);\n");
        shows("pub(crate) top: f64,", "pub(crate) top: f64,[ // rows]");
        // What stands between two words that changed is blank: they read as one.
        shows("keep [one two] keep", "keep [three four] keep");
        shows("[    ]same words here\n", "[\t]same words here\n");
        shows("größe = [naïve]\n", "größe = [ΔΕΖ]\n");
    }

    #[test]
    fn lines_are_marked_one_by_one() {
        shows(
            "the first [line]\nthe second [line]\n",
            "the first [row]\nthe second [row]\n",
        );
        shows("call(one, two)\n", "call(one, [three,]\n[    four, ]two)\n");
    }

    #[test]
    fn marks_that_would_say_nothing_are_left_out() {
        for (before, after) in [
            ("", "all of it is new\n"),
            ("fn one() {}\n", "struct Other;\n"),
            ("same\n", "same\n"),
        ] {
            assert_eq!(changed_words(before, after), ChangedWords::default());
        }
    }

    #[test]
    fn long_lines_and_many_of_them_are_not_compared() {
        let one = |word: &str, count: usize| format!("{word} {}\n", "x ".repeat(count));
        assert_ne!(
            changed_words(&one("a", 400), &one("b", 400)),
            ChangedWords::default()
        );
        assert_eq!(
            changed_words(&one("a", 600), &one("b", 600)),
            ChangedWords::default()
        );
        let many = |word: &str| one(word, 400).repeat(30);
        assert_eq!(
            changed_words(&many("a"), &many("b")),
            ChangedWords::default()
        );
    }

    proptest! {
        #[test]
        fn what_is_not_marked_is_the_same_on_both_sides(
            before in "[ab_ .\n\u{e9}]{0,40}",
            after in "[ab_ .\n\u{e9}]{0,40}",
        ) {
            let changed = changed_words(&before, &after);
            if changed == ChangedWords::default() {
                return Ok(());
            }
            let rest = |text: &str, parts: &[Range<usize>]| {
                let mut text = text.to_owned();
                for part in parts.iter().rev() {
                    prop_assert!(!text[part.clone()].contains('\n'));
                    text.replace_range(part.clone(), "");
                }
                text.retain(|one| !one.is_whitespace());
                Ok(text)
            };
            prop_assert_eq!(rest(&before, &changed.before)?, rest(&after, &changed.after)?);
        }
    }
}
