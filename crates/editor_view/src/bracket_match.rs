//! The brackets around the caret.

use std::ops::Range;

use editor_core::Text;
use syntax::HighlightSpan;

use crate::highlights::name_at;

const PAIRS: [(char, char); 3] = [('(', ')'), ('[', ']'), ('{', '}')];

/// The bracket beside `caret` and its partner, both within the stretch of `shown` that the caret is
/// in. Brackets in strings and comments count only among themselves.
pub(crate) fn bracket_pair(
    text: &Text,
    shown: &[Range<usize>],
    highlights: &[HighlightSpan],
    caret: usize,
) -> Option<[usize; 2]> {
    let visible = shown
        .iter()
        .find(|range| (range.start..=range.end).contains(&caret))?;
    // The bracket after the caret goes before the one in front of it, as in VS Code.
    let at = [Some(caret), caret.checked_sub(1)]
        .into_iter()
        .flatten()
        .filter(|at| visible.contains(at) && text.is_char_boundary(*at))
        .find(|at| {
            text.char_at(*at).is_some_and(|character| {
                PAIRS
                    .iter()
                    .any(|(open, close)| character == *open || character == *close)
            })
        })?;
    let bracket = text.char_at(at)?;
    let (open, close) = *PAIRS
        .iter()
        .find(|(open, close)| bracket == *open || bracket == *close)?;
    let in_code = is_code(highlights, at);
    let mut depth = 0_usize;
    let mut step = |offset: usize, character: char, deeper: char, back: char| {
        if is_code(highlights, offset) == in_code {
            if character == deeper {
                depth += 1;
            } else if character == back {
                depth -= 1;
                return depth == 0;
            }
        }
        false
    };
    if bracket == open {
        let mut offset = at;
        for character in text.chars_from(at) {
            if offset >= visible.end {
                return None;
            }
            if step(offset, character, open, close) {
                return Some([at, offset]);
            }
            offset += character.len_utf8();
        }
    } else {
        let mut offset = at + close.len_utf8();
        for character in text.chars_before(offset) {
            offset -= character.len_utf8();
            if offset < visible.start {
                return None;
            }
            if step(offset, character, close, open) {
                return Some([offset, at]);
            }
        }
    }
    None
}

fn is_code(highlights: &[HighlightSpan], offset: usize) -> bool {
    name_at(highlights, offset)
        .is_none_or(|name| !(name.starts_with("string") || name.starts_with("comment")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicBool;
    use syntax::SyntaxTree;

    /// The text with the pair of the caret `ˇ` in `⟦⟧`.
    fn shown(marked: &str) -> String {
        let caret = marked.find('ˇ').unwrap();
        let source = marked.replace('ˇ', "");
        let text = Text::new(&source);
        let rust = syntax::by_name("rust").unwrap();
        let tree = SyntaxTree::parse(rust, &text, None, &AtomicBool::new(false)).unwrap();
        let highlights = tree.highlights(&text, 0..text.len());
        match bracket_pair(
            &text,
            std::slice::from_ref(&(0..text.len())),
            &highlights,
            caret,
        ) {
            None => source,
            Some([open, close]) => format!(
                "{}⟦{}⟧{}",
                &source[..open],
                &source[open + 1..close],
                &source[close + 1..]
            ),
        }
    }

    #[test]
    fn brackets_find_each_other() {
        assert_eq!(shown("fn f() ˇ{ g(1) }"), "fn f() ⟦ g(1) ⟧");
        assert_eq!(shown("fn f() {ˇ g(1) }"), "fn f() ⟦ g(1) ⟧");
        assert_eq!(shown("fn f() { g(1) }ˇ"), "fn f() ⟦ g(1) ⟧");
        assert_eq!(shown("fn f() { gˇ(h(1)) }"), "fn f() { g⟦h(1)⟧ }");
        assert_eq!(shown("fn ˇf() {}"), "fn f() {}");
    }

    #[test]
    fn brackets_in_strings_and_comments_do_not_count() {
        assert_eq!(
            shown("fn f() ˇ{ g(\"}\") /* } */ }"),
            "fn f() ⟦ g(\"}\") /* } */ ⟧"
        );
        assert_eq!(shown("fn f() ˇ{"), "fn f() {");
    }

    #[test]
    fn a_partner_out_of_sight_is_not_looked_for() {
        let text = Text::new("((((  ))))");
        assert_eq!(
            bracket_pair(&text, std::slice::from_ref(&(0..6)), &[], 0),
            None
        );
        assert_eq!(
            bracket_pair(&text, std::slice::from_ref(&(0..10)), &[], 3),
            Some([3, 6])
        );
    }
}
