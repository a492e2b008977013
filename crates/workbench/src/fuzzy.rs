//! Fuzzy matching as people type it: letters in order, anywhere, best first.

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

/// One candidate that matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// Its index among the candidates.
    pub index: usize,
    score: u32,
}

/// Finds and orders what matches, at most `limit`. An empty query matches everything in
/// its order.
pub fn find<'a>(
    query: &str,
    candidates: impl IntoIterator<Item = &'a str>,
    limit: usize,
) -> Vec<Match> {
    let candidates = candidates.into_iter().enumerate();
    if query.trim().is_empty() {
        return candidates
            .take(limit)
            .map(|(index, _)| Match { index, score: 0 })
            .collect();
    }
    let mut matcher = Matcher::new(Config::DEFAULT);
    let pattern = Pattern::parse(query, CaseMatching::Smart, Normalization::Smart);
    let mut buffer = Vec::new();
    let mut matches: Vec<(Match, usize)> = candidates
        .filter_map(|(index, text)| {
            let haystack = Utf32Str::new(text, &mut buffer);
            let score = pattern.score(haystack, &mut matcher)?;
            Some((Match { index, score }, text.len()))
        })
        .collect();
    // Among equals the shorter one is nearer to what was typed.
    matches.sort_by(|(a, a_len), (b, b_len)| {
        b.score
            .cmp(&a.score)
            .then(a_len.cmp(b_len))
            .then(a.index.cmp(&b.index))
    });
    matches.truncate(limit);
    matches.into_iter().map(|(found, _)| found).collect()
}

/// Which characters of one text a query matches, ascending, counted from zero.
pub fn positions(query: &str, text: &str) -> Vec<usize> {
    if query.trim().is_empty() {
        return Vec::new();
    }
    let mut matcher = Matcher::new(Config::DEFAULT);
    let pattern = Pattern::parse(query, CaseMatching::Smart, Normalization::Smart);
    let (mut buffer, mut indices) = (Vec::new(), Vec::new());
    if pattern
        .indices(Utf32Str::new(text, &mut buffer), &mut matcher, &mut indices)
        .is_none()
    {
        return Vec::new();
    }
    indices.sort_unstable();
    indices.dedup();
    indices.into_iter().map(|index| index as usize).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names<'a>(query: &str, candidates: &[&'a str]) -> Vec<&'a str> {
        find(query, candidates.iter().copied(), 10)
            .into_iter()
            .map(|found| candidates[found.index])
            .collect()
    }

    #[test]
    fn letters_in_order_match_and_the_best_is_first() {
        let commands = [
            "View: Toggle Left Dock",
            "File: Save All",
            "File: Save",
            "Help: About",
        ];
        assert_eq!(names("save", &commands), ["File: Save", "File: Save All"]);
        assert_eq!(names("tld", &commands), ["View: Toggle Left Dock"]);
        assert!(names("zzz", &commands).is_empty());
    }

    #[test]
    fn an_empty_query_keeps_the_order() {
        assert_eq!(names("", &["b", "a"]), ["b", "a"]);
        assert_eq!(names("  ", &["b", "a"]), ["b", "a"]);
    }

    #[test]
    fn the_matched_letters_are_known() {
        assert_eq!(positions("tl", "Toggle Left Dock"), [0, 7]);
        assert!(positions("", "Toggle").is_empty());
    }
}
