//! Which line of a text is which line of a file, by what they say.

use std::collections::HashMap;

/// Lines of a file that say the same.
#[derive(Default)]
struct Alike {
    /// Where they stand in the file.
    places: Vec<usize>,
    /// Those of `places` before this one are taken, or stand before where the search is.
    next: usize,
    /// How many lines of the text say this.
    wanted: usize,
}

/// For every line of a text, which line of a file it is, both given by what their lines say: each
/// line of the file once. A line that alone says what it says is known wherever it went; of those
/// that others are like, each is looked for first between the lines around it that are known and
/// stand in order, and then anywhere. Costs O(lines log lines).
pub(crate) fn pair_lines(file: &[u32], text: &[u32]) -> Vec<Option<usize>> {
    let mut alike: HashMap<u32, Alike> = HashMap::new();
    for line in text {
        alike.entry(*line).or_default().wanted += 1;
    }
    for (place, line) in file.iter().enumerate() {
        if let Some(alike) = alike.get_mut(line) {
            alike.places.push(place);
        }
    }
    let mut pairs: Vec<Option<usize>> = text
        .iter()
        .map(|line| match alike.get(line) {
            Some(Alike {
                places, wanted: 1, ..
            }) if places.len() == 1 => places.first().copied(),
            _ => None,
        })
        .collect();
    let mut taken = vec![false; file.len()];
    pairs
        .iter()
        .flatten()
        .for_each(|place| taken[*place] = true);
    let known = in_order(&pairs);
    let mut known = known.into_iter().peekable();
    let mut from = 0;
    for (line, said) in text.iter().enumerate() {
        if let Some((_, place)) = known.next_if(|(known, _)| *known == line) {
            from = place + 1;
        }
        let to = known.peek().map_or(file.len(), |(_, place)| *place);
        if pairs[line].is_none()
            && let Some(alike) = alike.get_mut(said)
        {
            while alike
                .places
                .get(alike.next)
                .is_some_and(|place| *place < from)
            {
                alike.next += 1;
            }
            if let Some(place) = alike.places.get(alike.next).filter(|place| **place < to) {
                pairs[line] = Some(*place);
                taken[*place] = true;
                alike.next += 1;
            }
        }
    }
    alike.values_mut().for_each(|alike| alike.next = 0);
    for (line, said) in text.iter().enumerate() {
        if pairs[line].is_none()
            && let Some(alike) = alike.get_mut(said)
        {
            while alike
                .places
                .get(alike.next)
                .is_some_and(|place| taken[*place])
            {
                alike.next += 1;
            }
            pairs[line] = alike.places.get(alike.next).copied();
            alike.next += 1;
        }
    }
    pairs
}

/// The most of the pairs that stand in the same order in both, by their lines in the text: a longest
/// rising subsequence, by patience sorting.
pub(crate) fn in_order(pairs: &[Option<usize>]) -> Vec<(usize, usize)> {
    let pairs: Vec<(usize, usize)> = pairs
        .iter()
        .enumerate()
        .filter_map(|(line, place)| Some((line, (*place)?)))
        .collect();
    // The last pair of the best sequence of each length, and what comes before each pair.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    for (index, (_, place)) in pairs.iter().enumerate() {
        let len = ends.partition_point(|end| pairs[*end].1 < *place);
        before.push(len.checked_sub(1).map(|shorter| ends[shorter]));
        match ends.get_mut(len) {
            Some(end) => *end = index,
            None => ends.push(index),
        }
    }
    let mut last = ends.last().copied();
    let mut found: Vec<(usize, usize)> = std::iter::from_fn(|| {
        let index = last?;
        last = before[index];
        Some(pairs[index])
    })
    .collect();
    found.reverse();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_known_wherever_they_went() {
        assert_eq!(
            pair_lines(&[1, 2, 3], &[3, 1, 2]),
            [Some(2), Some(0), Some(1)]
        );
        assert_eq!(
            pair_lines(&[1, 2], &[1, 2, 2, 3]),
            [Some(0), Some(1), None, None]
        );
        assert_eq!(pair_lines(&[1, 2], &[]), []);
    }

    #[test]
    fn lines_that_are_alike_are_told_by_what_is_around_them() {
        let pairs = pair_lines(&[1, 0, 2, 0, 3, 0], &[1, 2, 0, 3, 0]);
        assert_eq!(pairs, [Some(0), Some(2), Some(3), Some(4), Some(5)]);
        // What has none left around it is another.
        let pairs = pair_lines(&[1, 0, 2], &[0, 1, 2]);
        assert_eq!(pairs, [Some(1), Some(0), Some(2)]);
    }

    #[test]
    fn the_most_that_stand_in_order_are_found() {
        let pairs = [Some(4), Some(0), None, Some(1), Some(5), Some(2)];
        assert_eq!(in_order(&pairs), [(1, 0), (3, 1), (5, 2)]);
    }
}
