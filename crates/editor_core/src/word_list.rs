//! The words that a text is written in, for what may be typed again.

use std::collections::HashMap;
use std::ops::Range;

use crate::{CharClass, Text, WordChars};

/// Characters of the shortest word that is listed.
const SHORTEST: usize = 3;
/// Bytes of the longest one.
const LONGEST: usize = 80;
/// Words in a list.
const MOST: usize = 5_000;
/// Words among which the nearest are looked for.
const MOST_SEEN: usize = 200_000;

/// The distinct words of some texts, each with how near it stands.
///
/// Numbers, words of fewer than three characters and of more than 80 bytes are left out, and all but
/// the nearest 5,000; of a text of more than 200,000, those behind that many are not looked at.
#[derive(Debug, Default)]
pub struct WordList {
    /// The least distance of each, in bytes.
    words: HashMap<String, usize>,
}

impl WordList {
    /// Adds the words that are whole within `range` of a text. The word around the byte `at` is the
    /// one that is being typed, which counts only where it stands elsewhere too. `beyond` is added
    /// to each distance from there, for texts that are farther away than others.
    pub fn add(
        &mut self,
        text: &Text,
        range: Range<usize>,
        words: WordChars,
        at: Option<usize>,
        beyond: usize,
    ) {
        let start = text.floor_char_boundary(range.start.min(text.len()));
        let end = text.floor_char_boundary(range.end.min(text.len()));
        let mut word = String::new();
        // A word that is cut by the beginning of the range is none of it.
        let mut is_cut = text
            .char_before(start)
            .is_some_and(|before| words.class(before) == CharClass::Word);
        let mut characters = text.chars_from(start).peekable();
        let mut offset = start;
        while offset < end
            && let Some(character) = characters.next()
        {
            let word_start = offset - word.len();
            offset += character.len_utf8();
            if words.class(character) == CharClass::Word {
                // What is too long is passed over without being kept.
                is_cut |= word.len() > LONGEST;
                match is_cut {
                    true => word.clear(),
                    false => word.push(character),
                }
                continue;
            }
            let ends = words.at_end.contains(&character) && characters.peek() != Some(&'=');
            if ends && !word.is_empty() {
                word.push(character);
            }
            self.put(&mut word, word_start, at, beyond);
            is_cut = false;
        }
        let goes_on = characters
            .next()
            .is_some_and(|after| words.class(after) == CharClass::Word);
        if !goes_on {
            let word_start = offset - word.len();
            self.put(&mut word, word_start, at, beyond);
        }
    }

    /// Takes a word that has ended.
    fn put(&mut self, word: &mut String, start: usize, at: Option<usize>, beyond: usize) {
        let is_typed = at.is_some_and(|at| (start..=start + word.len()).contains(&at));
        let is_number = word.starts_with(char::is_numeric);
        let is_short = word.chars().nth(SHORTEST - 1).is_none();
        if !(is_typed || is_number || is_short || word.len() > LONGEST) {
            let distance = beyond.saturating_add(at.map_or(start, |at| start.abs_diff(at)));
            if let Some(known) = self.words.get_mut(word.as_str()) {
                *known = distance.min(*known);
            } else if self.words.len() < MOST_SEEN {
                self.words.insert(word.clone(), distance);
            }
        }
        word.clear();
    }

    /// The words, the nearest first.
    pub fn into_nearest_first(self) -> Vec<String> {
        let mut words: Vec<_> = self.words.into_iter().collect();
        words.sort_unstable_by(|(one, near), (other, far)| near.cmp(far).then(one.cmp(other)));
        words.truncate(MOST);
        words.into_iter().map(|(word, _)| word).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(text: &str, range: Range<usize>, words: WordChars, at: Option<usize>) -> Vec<String> {
        let mut list = WordList::default();
        list.add(&Text::new(text), range, words, at, 0);
        list.into_nearest_first()
    }

    #[test]
    fn distinct_words_come_the_nearest_first() {
        let text = "alpha beta_1 a 12ab alpha größe\nxy gamma";
        let all = listed(text, 0..text.len(), WordChars::NONE, None);
        assert_eq!(all, ["alpha", "beta_1", "größe", "gamma"]);
        let at = text.find("größe");
        let near = listed(text, 0..text.len(), WordChars::NONE, at);
        assert_eq!(near, ["alpha", "gamma", "beta_1"], "the typed one is none");
    }

    #[test]
    fn the_typed_word_counts_where_it_stands_elsewhere_too() {
        let text = "print pri print";
        let at = Some("print pri".len());
        let all = listed(text, 0..text.len(), WordChars::NONE, at);
        assert_eq!(all, ["print"]);
        let text = "print x print";
        let all = listed(text, 0..text.len(), WordChars::NONE, Some(text.len()));
        assert_eq!(all, ["print"]);
    }

    #[test]
    fn words_that_the_range_cuts_are_no_words() {
        let text = "alphabet betas gammas";
        assert_eq!(listed(text, 2..17, WordChars::NONE, None), ["betas"]);
        assert_eq!(listed(text, 9..14, WordChars::NONE, None), ["betas"]);
        assert_eq!(listed(text, 0..8, WordChars::NONE, None), ["alphabet"]);
    }

    #[test]
    fn words_are_those_of_the_language() {
        let css = WordChars {
            anywhere: &['-'],
            at_end: &[],
        };
        assert_eq!(
            listed("main-color: red", 0..15, css, None),
            ["main-color", "red"]
        );
        let ruby = WordChars {
            anywhere: &[],
            at_end: &['?'],
        };
        assert_eq!(
            listed("empty? full?=1", 0..14, ruby, None),
            ["empty?", "full"]
        );
    }

    #[test]
    fn long_words_and_more_than_the_most_are_left_out() {
        let long = "x".repeat(LONGEST + 1);
        let text = format!("{long} {} end", "y".repeat(LONGEST));
        let all = listed(&text, 0..text.len(), WordChars::NONE, None);
        assert_eq!(all, [&"y".repeat(LONGEST), "end"]);
        let many: String = (0..MOST + 10).map(|word| format!("word{word} ")).collect();
        let all = listed(&many, 0..many.len(), WordChars::NONE, Some(many.len()));
        assert_eq!(all.len(), MOST);
        assert_eq!(all[0], format!("word{}", MOST + 9), "the nearest are there");
    }
}
