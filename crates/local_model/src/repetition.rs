//! Noticing that a model has begun to say the same thing over and over.

/// How much of the end of a text is looked at, in characters.
const WINDOW: usize = 2_000;
/// Longest piece whose repetition is noticed, in characters.
const LONGEST_PIECE: usize = 400;
/// How often a piece has to come in a row.
const TIMES: usize = 4;
/// How many characters the repetitions have to fill together. Rulers and table rows of a normal
/// answer are shorter.
const LEAST_TOTAL: usize = 240;

/// Whether `text` ends in the same piece again and again.
pub fn is_stuck(text: &str) -> bool {
    let end: Vec<char> = {
        let mut end: Vec<char> = text.chars().rev().take(WINDOW).collect();
        end.reverse();
        end
    };
    (1..=LONGEST_PIECE).any(|length| {
        let times = TIMES.max(LEAST_TOTAL.div_ceil(length));
        let Some(start) = end.len().checked_sub(length * times) else {
            return false;
        };
        let tail = &end[start..];
        // Equal to itself shifted by the length of the piece.
        tail[length..] == tail[..tail.len() - length]
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_that_comes_back_for_ever_is_noticed() {
        let sentence = "The function returns the sum of the two numbers that it is given. ";
        assert!(is_stuck(&format!("Intro. {}", sentence.repeat(5))));
        assert!(is_stuck(&"ha".repeat(200)));
        assert!(is_stuck("- [ ] 1. Add the store\n".repeat(20).trim_end()));
    }

    #[test]
    fn ordinary_answers_are_not() {
        assert!(!is_stuck(""));
        assert!(!is_stuck(&"-".repeat(80)));
        assert!(!is_stuck(&"| a | b |\n".repeat(10)));
        let list: String = (1..60)
            .map(|number| format!("{number}. Item number {number}\n"))
            .collect();
        assert!(!is_stuck(&list));
        let sentence = "The function returns the sum of the two numbers that it is given. ";
        assert!(!is_stuck(&sentence.repeat(3)));
    }
}
