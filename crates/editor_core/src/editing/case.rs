use std::iter::Peekable;
use std::ops::Range;
use std::str::Chars;

use crate::movement::is_hump;
use crate::transaction::build;
use crate::word::{CharClass, word_at};
use crate::{Edit, EditIntent, Selection, Selections, Text, Transaction};

/// How a name is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LetterCase {
    /// `GET NAME`
    Upper,
    /// `get name`
    Lower,
    /// `Get Name`
    Title,
    /// `get_name`
    Snake,
    /// `getName`
    Camel,
    /// `GetName`
    Pascal,
    /// `get-name`
    Kebab,
}

/// Writes what is selected, or the word at each caret, in another case. Snake and kebab case leave
/// spaces alone; camel and pascal case take the words between them together, as in VS Code.
pub fn change_case(text: &Text, selections: &Selections, case: LetterCase) -> Transaction {
    let (ranges, owner) = targets(text, selections);
    let mut edits = Vec::new();
    let mut placed = Vec::with_capacity(ranges.len());
    let (mut grown, mut shrunk) = (0, 0);
    for range in &ranges {
        let before = text.slice(range.clone()).into_owned();
        let after = cased(&before, case);
        placed.push((range.start + grown - shrunk, after.clone()));
        if after != before {
            grown += after.len();
            shrunk += before.len();
            edits.push(Edit::new(range.clone(), after));
        }
    }
    build(text, selections, edits, EditIntent::Other, |_| {
        let after = selections
            .iter()
            .zip(owner)
            .map(|(selection, index)| {
                let (start, written) = &placed[index];
                if !selection.is_empty() {
                    return selection.with_range(*start..start + written.len());
                }
                let range = &ranges[index];
                // At the end of a word the caret stays there.
                let inside = match selection.head == range.end {
                    true => written.len(),
                    false => selection.head.saturating_sub(range.start),
                };
                Selection::caret(start + floor(written, inside.min(written.len())))
            })
            .collect();
        Selections::new(after, selections.primary_index())
    })
}

/// What the selections work on, and for each selection which of these: what is selected, or the
/// word at a caret as far as no neighbour has selected it. Two carets in a word share it.
fn targets(text: &Text, selections: &Selections) -> (Vec<Range<usize>>, Vec<usize>) {
    let mut ranges: Vec<Range<usize>> = Vec::with_capacity(selections.len());
    let mut owner = Vec::with_capacity(selections.len());
    let all = selections.as_slice();
    for (index, selection) in all.iter().enumerate() {
        let floor = ranges.last().map_or(0, |last| last.end);
        let range = if selection.is_empty() {
            let word = word_at(text, selection.head);
            let taken = ranges
                .last()
                .is_some_and(|last| last.contains(&selection.head) || last.end == selection.head);
            if taken && selection.head <= floor && index > 0 && all[index - 1].is_empty() {
                owner.push(ranges.len() - 1);
                continue;
            }
            let ceiling = all[index + 1..]
                .iter()
                .find(|next| !next.is_empty())
                .map_or(text.len(), Selection::start);
            let start = word.start.max(floor).min(selection.head);
            start..word.end.min(ceiling).max(start)
        } else {
            selection.range()
        };
        owner.push(ranges.len());
        ranges.push(range);
    }
    (ranges, owner)
}

fn floor(text: &str, at: usize) -> usize {
    (0..=at)
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(0)
}

/// A text in another case.
pub(crate) fn cased(text: &str, case: LetterCase) -> String {
    match case {
        LetterCase::Upper => text.to_uppercase(),
        LetterCase::Lower => text.to_lowercase(),
        LetterCase::Title => title(text),
        LetterCase::Snake => rewrite(text, &['_', '-'], |words| words.join("_").to_lowercase()),
        LetterCase::Kebab => rewrite(text, &['_', '-'], |words| words.join("-").to_lowercase()),
        LetterCase::Camel => rewrite(text, &['_', '-', ' ', '\t'], |words| humps(words, false)),
        LetterCase::Pascal => rewrite(text, &['_', '-', ' ', '\t'], |words| humps(words, true)),
    }
}

fn humps(words: &[String], first: bool) -> String {
    words
        .iter()
        .enumerate()
        .map(|(index, word)| {
            if index == 0 && !first {
                word.to_lowercase()
            } else {
                capitalized(word)
            }
        })
        .collect()
}

fn capitalized(word: &str) -> String {
    let mut characters = word.chars();
    let first = characters.next().into_iter().flat_map(char::to_uppercase);
    first
        .chain(characters.as_str().to_lowercase().chars())
        .collect()
}

/// Every word with a capital; what follows an apostrophe inside a word is none.
fn title(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut inside = false;
    for character in text.chars() {
        let letter = character.is_alphanumeric();
        if letter && !inside {
            result.extend(character.to_uppercase());
        } else {
            result.extend(character.to_lowercase());
        }
        inside = letter || (inside && matches!(character, '\'' | '’'));
    }
    result
}

/// Parts a text into runs of words with `separators` between them, and writes each run anew; what
/// is no word, and separators at the ends of a run, stay.
fn rewrite(text: &str, separators: &[char], write: impl Fn(&[String]) -> String) -> String {
    let mut result = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.peek().copied() {
        if !is_letter(character) {
            result.push(character);
            characters.next();
            continue;
        }
        let (words, trailing) = words(&mut characters, separators);
        result.push_str(&write(&words));
        result.push_str(&trailing);
    }
    result
}

fn is_letter(character: char) -> bool {
    character != '_' && CharClass::of(character) == CharClass::Word
}

/// The words of the run that begins here, and the separators after the last.
fn words(characters: &mut Peekable<Chars<'_>>, separators: &[char]) -> (Vec<String>, String) {
    let mut words = vec![String::new()];
    let mut pending = String::new();
    let mut before: Option<char> = None;
    while let Some(character) = characters.peek().copied() {
        if is_letter(character) {
            characters.next();
            let next = characters.peek().copied();
            let hump = before.is_some_and(|before| is_hump(before, character, next));
            if !pending.is_empty() || hump {
                words.push(String::new());
                pending.clear();
            }
            if let Some(word) = words.last_mut() {
                word.push(character);
            }
            before = Some(character);
        } else if separators.contains(&character) {
            pending.push(character);
            characters.next();
            before = None;
        } else {
            break;
        }
    }
    (words, pending)
}
