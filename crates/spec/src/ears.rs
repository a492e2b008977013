//! EARS, the Easy Approach to Requirements Syntax (Mavin et al., RE'09).

use std::ops::Range;

/// The pattern that a criterion follows.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum EarsPattern {
    /// `THE system SHALL …`
    Ubiquitous,
    /// `WHEN trigger, THE system SHALL …`
    EventDriven,
    /// `WHILE state, THE system SHALL …`
    StateDriven,
    /// `IF condition, THEN THE system SHALL …`
    Unwanted,
    /// `WHERE feature, THE system SHALL …`
    OptionalFeature,
    /// Several of them together, such as `WHILE …, WHEN …, THE …`.
    Complex,
}

impl EarsPattern {
    /// Its name for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Ubiquitous => "Always",
            Self::EventDriven => "Event",
            Self::StateDriven => "State",
            Self::Unwanted => "Unwanted",
            Self::OptionalFeature => "Optional",
            Self::Complex => "Complex",
        }
    }
}

const KEYWORDS: &[&str] = &[
    "WHERE", "WHILE", "WHEN", "IF", "THEN", "AND", "OR", "THE", "SHALL", "NOT", "CONTINUE", "TO",
];

/// Words with their byte ranges.
fn words(text: &str) -> impl Iterator<Item = (Range<usize>, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = &text[at..];
        let start = at + rest.find(|c: char| c.is_alphanumeric())?;
        let end = text[start..]
            .find(|c: char| !(c.is_alphanumeric() || c == '_'))
            .map_or(text.len(), |length| start + length);
        at = end;
        Some((start..end, &text[start..end]))
    })
}

/// The EARS pattern of a criterion; `None` where it has no SHALL or begins otherwise.
pub fn ears_pattern(text: &str) -> Option<EarsPattern> {
    let before_shall: Vec<&str> = {
        let mut seen = false;
        let list: Vec<&str> = words(text)
            .map(|(_, word)| word)
            .take_while(|word| {
                seen = word.eq_ignore_ascii_case("shall");
                !seen
            })
            .collect();
        if !seen {
            return None;
        }
        list
    };
    let pattern = |word: &str| match word {
        "WHERE" => Some(EarsPattern::OptionalFeature),
        "WHILE" => Some(EarsPattern::StateDriven),
        "WHEN" => Some(EarsPattern::EventDriven),
        "IF" => Some(EarsPattern::Unwanted),
        _ => None,
    };
    let first = before_shall.first()?.to_ascii_uppercase();
    let Some(leading) = pattern(&first) else {
        return (first == "THE" || before_shall.len() <= 4).then_some(EarsPattern::Ubiquitous);
    };
    // Inside a sentence only capitals are keywords: "when" is an everyday word.
    let further = before_shall[1..].iter().any(|word| pattern(word).is_some());
    Some(if further {
        EarsPattern::Complex
    } else {
        leading
    })
}

/// The byte ranges of the EARS keywords of a criterion, for drawing them apart.
pub fn ears_keywords(text: &str) -> Vec<Range<usize>> {
    words(text)
        .filter(|(_, word)| KEYWORDS.contains(word))
        .map(|(range, _)| range)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_pattern_is_known() {
        let cases = [
            ("THE system SHALL log in", Some(EarsPattern::Ubiquitous)),
            (
                "WHEN a key is pressed, THE editor SHALL insert it",
                Some(EarsPattern::EventDriven),
            ),
            (
                "WHEN x THEN the system SHALL do y",
                Some(EarsPattern::EventDriven),
            ),
            (
                "WHILE offline, THE app SHALL queue",
                Some(EarsPattern::StateDriven),
            ),
            (
                "IF the disk is full, THEN THE app SHALL say so",
                Some(EarsPattern::Unwanted),
            ),
            (
                "WHERE sync is on, THE app SHALL sync",
                Some(EarsPattern::OptionalFeature),
            ),
            (
                "WHILE offline, WHEN saved, THE app SHALL queue",
                Some(EarsPattern::Complex),
            ),
            (
                "When saved, the app shall say when it was",
                Some(EarsPattern::EventDriven),
            ),
            (
                "The_System SHALL CONTINUE TO work",
                Some(EarsPattern::Ubiquitous),
            ),
            (
                "WHEN ユーザーが要求したとき、THE Reader SHALL 抽出する",
                Some(EarsPattern::EventDriven),
            ),
            ("The app works", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(ears_pattern(text), expected, "{text}");
        }
    }

    #[test]
    fn keywords_are_the_capitals() {
        let text = "WHEN the user waits, THE app SHALL NOT beep";
        let words: Vec<_> = ears_keywords(text)
            .into_iter()
            .map(|range| &text[range])
            .collect();
        assert_eq!(words, ["WHEN", "THE", "SHALL", "NOT"]);
    }
}
