//! Numbers and references: `1`, `2.3`, `27A.3`, `Requirements: 1.1, 2.1–2.4`.

use crate::lines::bullet;

/// How far a range such as `2.1–2.40` is written out.
const MAX_RANGE: u32 = 100;

/// A dotted number at the start of a text: the number, and what follows it.
/// `27A.3` counts as one; a trailing dot does not belong to it.
pub(crate) fn dotted_number(text: &str) -> Option<(&str, &str)> {
    let bytes = text.as_bytes();
    let mut end = 0;
    loop {
        let digits = bytes[end..]
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        if digits == 0 || digits > 9 {
            break;
        }
        let mut part = end + digits;
        if bytes.get(part).is_some_and(u8::is_ascii_alphabetic)
            && !bytes
                .get(part + 1)
                .is_some_and(|byte| byte.is_ascii_alphanumeric())
        {
            part += 1;
        }
        end = part;
        let dot_and_digit =
            bytes.get(end) == Some(&b'.') && bytes.get(end + 1).is_some_and(u8::is_ascii_digit);
        if !dot_and_digit {
            return Some((&text[..end], &text[end..]));
        }
        end += 1;
    }
    None
}

/// The ids that a list names (`1.1, 1.2`, `Requirements 2.1–2.3`, `FR-1`), ranges
/// written out. `None` where a part of the list is no id.
pub(crate) fn id_list(text: &str) -> Option<Vec<String>> {
    let mut ids = Vec::new();
    let parts = text
        .split([',', ';', '、', '，', '&'])
        .flat_map(|part| part.split(" and "))
        .map(without_note)
        .filter(|part| !part.is_empty());
    for part in parts {
        let part = part
            .split_once(' ')
            .filter(|(word, rest)| {
                word.chars().all(char::is_alphabetic)
                    && rest.trim_start().starts_with(|c: char| c.is_ascii_digit())
            })
            .map_or(part, |(_, rest)| rest.trim_start());
        let (first, rest) = one_id(part)?;
        let rest = rest.trim_start();
        ids.push(first.to_string());
        if rest.is_empty() {
            continue;
        }
        let last = rest.strip_prefix(['-', '–', '—', '~', '〜'])?.trim_start();
        let (last, after) = one_id(last)?;
        if !after.trim().is_empty() {
            return None;
        }
        ids.extend(between(first, last));
    }
    (!ids.is_empty()).then_some(ids)
}

/// A part without a note in brackets behind it: `1.4 (Current Behavior)`.
fn without_note(part: &str) -> &str {
    let part = part.trim();
    let end = part.find(['(', '（', '[']).unwrap_or(part.len());
    part[..end].trim().trim_end_matches(['.', ')', '）', ']'])
}

/// An id with an optional prefix of up to four letters: `1.2`, `FR-3`, `R2.1`.
fn one_id(text: &str) -> Option<(&str, &str)> {
    let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    if letters > 4 {
        return None;
    }
    let dash = usize::from(letters > 0 && text.as_bytes().get(letters) == Some(&b'-'));
    let (number, rest) = dotted_number(&text[letters + dash..])?;
    let length = letters + dash + number.len();
    Some((&text[..length], rest))
}

/// The ids after `first` up to `last`, where only their last number differs.
fn between(first: &str, last: &str) -> Vec<String> {
    let split = |id: &str| {
        let at = id.rfind('.').map_or(0, |dot| dot + 1);
        id[at..]
            .parse::<u32>()
            .ok()
            .map(|number| (id[..at].to_string(), number))
    };
    let (Some((front, from)), Some((last_front, to))) = (split(first), split(last)) else {
        return vec![last.to_string()];
    };
    // `2.1-4` means up to 2.4.
    let same = front == last_front || last_front.is_empty();
    if !same || to <= from || to - from > MAX_RANGE {
        return vec![last.to_string()];
    }
    (from + 1..=to)
        .map(|number| format!("{front}{number}"))
        .collect()
}

/// The requirements that a line of a task or a property names:
/// `_Requirements: 1.1, 1.2_` in any language, `**Validates: Requirements 1.1**`,
/// `Requirements: 1.1`. `None` where the line is something else.
pub(crate) fn requirement_reference(text: &str) -> Option<Vec<String>> {
    let text = text.trim();
    let inner = crate::lines::without_emphasis(text);
    let emphasised = inner.len() < text.len();
    let (label, list) = inner.split_once([':', '：'])?;
    let label = crate::lines::without_emphasis(label);
    let list = crate::lines::without_emphasis(list);
    let known = [
        "requirements",
        "requirement",
        "validates",
        "reqs",
        "requirements validated",
    ]
    .iter()
    .any(|name| label.eq_ignore_ascii_case(name));
    let foreign = emphasised
        && !label.is_empty()
        && label.chars().count() <= 24
        && label.chars().any(|c| c.is_alphabetic() && !c.is_ascii());
    if !known && !foreign {
        return None;
    }
    id_list(list)
}

/// Whether a line of a task's details names requirements and says nothing else:
/// `- _Requirements: 1.1, 2.3_`.
pub fn names_requirements(line: &str) -> bool {
    requirement_reference(bullet(line).unwrap_or(line.trim())).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_of_every_depth() {
        for (text, number, rest) in [
            ("1. Title", "1", ". Title"),
            ("1.1 Title", "1.1", " Title"),
            ("27A.3 x", "27A.3", " x"),
            ("1.2.3", "1.2.3", ""),
            ("3rd", "3", "rd"),
        ] {
            assert_eq!(dotted_number(text), Some((number, rest)), "{text}");
        }
        for text in ["", "a1", ".1", "12345678901"] {
            assert_eq!(dotted_number(text), None, "{text}");
        }
    }

    #[test]
    fn lists_of_ids() {
        let ids = |text: &str| id_list(text).map(|ids| ids.join(" "));
        assert_eq!(ids("1.1, 1.2"), Some("1.1 1.2".into()));
        assert_eq!(ids("Requirements 2.1–2.3"), Some("2.1 2.2 2.3".into()));
        assert_eq!(ids("2.1-4, 5"), Some("2.1 2.2 2.3 2.4 5".into()));
        assert_eq!(ids("FR-1, NFR-2"), Some("FR-1 NFR-2".into()));
        assert_eq!(ids("1.1, 1.4 (Current Behavior)"), Some("1.1 1.4".into()));
        assert_eq!(ids("all of them"), None);
        assert_eq!(ids(""), None);
    }

    #[test]
    fn references_in_the_forms_of_the_wild() {
        let ids = |text: &str| requirement_reference(text).map(|ids| ids.join(" "));
        assert_eq!(ids("_Requirements: 1.1, 1.2_"), Some("1.1 1.2".into()));
        assert_eq!(
            ids("**Validates: Requirements 1.1, 1.2**"),
            Some("1.1 1.2".into())
        );
        assert_eq!(ids("**Validates:** Requirements 3.1"), Some("3.1".into()));
        assert_eq!(ids("_要件: 9.1, 9.3_"), Some("9.1 9.3".into()));
        assert_eq!(ids("Requirements: 1.1 (Defect)"), Some("1.1".into()));
        assert_eq!(ids("_Bug_Condition: isBug(x) 1.1_"), None);
        assert_eq!(ids("Note: 1.1"), None);
        assert_eq!(ids("要件: たくさん"), None);
    }

    proptest! {
        #[test]
        fn any_text_is_taken(text in "\\PC{0,60}") {
            requirement_reference(&text);
            id_list(&text);
            dotted_number(&text);
        }
    }
}
