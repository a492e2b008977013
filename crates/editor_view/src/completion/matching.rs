//! Which completions fit what was typed, and in which order: as VS Code has it, by how well the
//! letters match, and among equals in the server's order.

use editor_core::CharClass;
use lsp::CompletionItem;
use nucleo_matcher::pattern::{Atom, AtomKind, CaseMatching, Normalization};
use nucleo_matcher::{Config, Matcher, Utf32Str};

/// An item that fits.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Match {
    /// Its index in the list.
    pub(crate) index: usize,
    score: u32,
}

/// Finds the letters of one word in others.
struct WordMatcher {
    word: String,
    atom: Atom,
    matcher: Matcher,
    characters: Vec<char>,
    places: Vec<u32>,
}

impl WordMatcher {
    fn new(word: &str) -> Self {
        let mut config = Config::DEFAULT;
        config.prefer_prefix = true;
        let atom = Atom::new(
            word,
            CaseMatching::Ignore,
            Normalization::Smart,
            AtomKind::Fuzzy,
            false,
        );
        Self {
            word: word.to_owned(),
            atom,
            matcher: Matcher::new(config),
            characters: Vec::new(),
            places: Vec::new(),
        }
    }

    /// How well a text fits; `None` where it does not. The first letter has to be that of a word in
    /// it.
    fn score(&mut self, text: &str) -> Option<u32> {
        if self.word.is_empty() {
            return Some(0);
        }
        self.places.clear();
        let haystack = Utf32Str::new(text, &mut self.characters);
        let score = self
            .atom
            .indices(haystack, &mut self.matcher, &mut self.places)?;
        let first = self.places.iter().min().copied()?;
        // Equals where the case is as it was typed come first.
        let same_case = text.starts_with(&self.word);
        begins_word(text, first as usize).then(|| u32::from(score) * 2 + u32::from(same_case))
    }

    /// The characters of a text that the word matches, counted from zero, in order.
    fn positions(&mut self, text: &str) -> Vec<usize> {
        if self.score(text).is_none() || self.word.is_empty() {
            return Vec::new();
        }
        let mut places: Vec<_> = self.places.iter().map(|place| *place as usize).collect();
        places.sort_unstable();
        places.dedup();
        places
    }
}

/// The characters of an item's label that what was typed for it matches, counted from zero, in order.
/// Where the item is found by another text than its label, as a member whose dot is replaced with it
/// by `.name`, the signs in front of the name are not looked for in the label.
pub(crate) fn positions_in_label(typed: &str, item: &CompletionItem) -> Vec<usize> {
    let found = WordMatcher::new(typed).positions(&item.label);
    if !found.is_empty() || item.label == item.filter_text {
        return found;
    }
    let name = typed.trim_start_matches(|sign| CharClass::of(sign) != CharClass::Word);
    WordMatcher::new(name).positions(&item.label)
}

/// Whether a word begins at a character: at the start, behind what is no letter, at a capital letter
/// in camel case, at a digit.
fn begins_word(text: &str, place: usize) -> bool {
    let Some(before) = place.checked_sub(1) else {
        return true;
    };
    let mut characters = text.chars().skip(before);
    match (characters.next(), characters.next()) {
        (Some(before), Some(at)) => {
            before == '_'
                || CharClass::of(before) != CharClass::Word
                || CharClass::of(at) != CharClass::Word
                || (at.is_uppercase() && !before.is_uppercase())
                || (at.is_numeric() && !before.is_numeric())
        }
        _ => false,
    }
}

/// Those of some items that fit the words typed for them, the best first.
pub(crate) fn rank(
    items: &[CompletionItem],
    candidates: impl Iterator<Item = usize>,
    word_from: impl Fn(usize) -> String,
) -> Vec<Match> {
    // Nearly always all items begin at the same place.
    let mut matchers: Vec<(usize, WordMatcher)> = Vec::new();
    let mut matches: Vec<Match> = candidates
        .filter_map(|index| {
            let item = items.get(index)?;
            let start = item.range.start;
            let known = matchers.iter().position(|(from, _)| *from == start);
            let known = known.unwrap_or_else(|| {
                matchers.push((start, WordMatcher::new(&word_from(start))));
                matchers.len() - 1
            });
            let (_, matcher) = matchers.get_mut(known)?;
            let score = matcher.score(&item.filter_text)?;
            Some(Match { index, score })
        })
        .collect();
    matches.sort_by(|one, other| {
        other
            .score
            .cmp(&one.score)
            .then(one.index.cmp(&other.index))
    });
    matches
}

/// The match that is selected at first: one that the server prefers among the best.
pub(crate) fn first_selected(items: &[CompletionItem], matches: &[Match]) -> usize {
    let best = matches.first().map(|best| best.score);
    let mut equals = matches.iter().take_while(|one| Some(one.score) == best);
    let preferred = equals.position(|one| items.get(one.index).is_some_and(|item| item.preselect));
    preferred.unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranked(word: &str, labels: &[&str]) -> Vec<String> {
        let items: Vec<_> = labels
            .iter()
            .map(|label| CompletionItem::local(label, label, 0..0))
            .collect();
        let matches = rank(&items, 0..items.len(), |_| word.to_owned());
        matches
            .iter()
            .map(|one| items[one.index].label.to_string())
            .collect()
    }

    #[test]
    fn letters_in_order_fit_and_the_first_begins_a_word() {
        let labels = ["getValue", "gravity", "value", "set_value", "evaluate"];
        assert_eq!(ranked("gv", &labels), ["getValue", "gravity"]);
        assert_eq!(ranked("val", &labels), ["value", "set_value", "getValue"]);
        assert_eq!(ranked("zzz", &labels), Vec::<String>::new());
    }

    #[test]
    fn equals_stay_in_the_servers_order_and_the_case_that_was_typed_is_better() {
        assert_eq!(ranked("", &["b", "a"]), ["b", "a"]);
        assert_eq!(ranked("pr", &["private", "print"]), ["private", "print"]);
        assert_eq!(ranked("Pr", &["print", "Print"]), ["Print", "print"]);
    }

    #[test]
    fn what_the_server_prefers_is_selected_among_the_best_alone() {
        let mut items: Vec<_> = ["print", "private", "spring_pr"]
            .iter()
            .map(|label| CompletionItem::local(label, label, 0..0))
            .collect();
        items[1].preselect = true;
        let select = |items: &[CompletionItem], word: &str| {
            let matches = rank(items, 0..items.len(), |_| word.to_owned());
            first_selected(items, &matches)
        };
        assert_eq!(select(&items, "pr"), 1);
        items[1].preselect = false;
        items[2].preselect = true;
        assert_eq!(select(&items, "pr"), 0);
    }

    #[test]
    fn the_letters_that_match_are_known() {
        let mut matcher = WordMatcher::new("gV");
        assert_eq!(matcher.positions("getValue"), [0, 3]);
        assert_eq!(matcher.positions("x"), Vec::<usize>::new());
    }

    #[test]
    fn the_letters_of_a_member_match_also_where_its_dot_is_replaced_with_it() {
        let found_by = |label: &str, filter_text: &str| {
            let mut item = CompletionItem::local(label, label, 0..0);
            item.filter_text = filter_text.into();
            item
        };
        let describe = found_by("describe?", ".describe");
        assert_eq!(positions_in_label(".des", &describe), [0, 1, 2]);
        assert_eq!(positions_in_label("?.db", &describe), [0, 6]);
        assert_eq!(positions_in_label(".", &describe), [0; 0]);
        let own = found_by(".container", ".container");
        assert_eq!(positions_in_label(".con", &own), [0, 1, 2, 3]);
        assert_eq!(positions_in_label("#con", &own), [0; 0]);
    }
}
