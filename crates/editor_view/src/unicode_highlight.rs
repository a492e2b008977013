//! Boxes around characters that are not what they look like: blanks that are no plain spaces
//! (`editor.unicodeHighlight.invisibleCharacters`), and letters and marks that look like others of
//! ASCII (`editor.unicodeHighlight.ambiguousCharacters`).

use std::ops::Range;
use std::rc::Rc;

use editor_core::Text;
use gpui_kit::{Corners, Window, px};
use settings::UnicodeHighlight;
use syntax::{HighlightSpan, LanguageId};

use crate::characters::{Unusual, unusual};
use crate::element::span_quad;
use crate::frame::Frame;
use crate::highlights::name_at;
use crate::languages::is_code;

/// More boxes than this are not drawn in one frame.
const MOST: usize = 1_000;

/// The boxes of the last frame and what they were made of.
#[derive(Default)]
pub(crate) struct UnusualCharacters {
    made_of: Option<(u64, Vec<Range<usize>>, UnicodeHighlight, LanguageId)>,
    /// A parse may have told comments from code since.
    highlights: Rc<[HighlightSpan]>,
    found: Rc<[Range<usize>]>,
}

impl UnusualCharacters {
    /// The characters to box in stretches of a text, in order.
    pub(crate) fn get(
        &mut self,
        text: &Text,
        version: u64,
        shown: &[Range<usize>],
        highlights: &Rc<[HighlightSpan]>,
        wanted: UnicodeHighlight,
        language: LanguageId,
    ) -> Rc<[Range<usize>]> {
        let made_of = (version, shown.to_vec(), wanted, language);
        if self.made_of.as_ref() != Some(&made_of) || !Rc::ptr_eq(&self.highlights, highlights) {
            let is_code = is_code(language);
            let stretches = shown
                .iter()
                .flat_map(|shown| find(text, shown.clone(), highlights, wanted, is_code));
            self.found = stretches.take(MOST).collect();
            self.made_of = Some(made_of);
            self.highlights = highlights.clone();
        }
        self.found.clone()
    }
}

/// The unusual characters of a stretch of a text. As in VS Code, what looks like something else is
/// nothing unusual in comments and, where it is a mark, in prose.
fn find(
    text: &Text,
    stretch: Range<usize>,
    highlights: &[HighlightSpan],
    wanted: UnicodeHighlight,
    is_code: bool,
) -> Vec<Range<usize>> {
    if !(wanted.invisible || wanted.ambiguous) {
        return Vec::new();
    }
    let part = text.slice(stretch.clone());
    if part.is_ascii() {
        return Vec::new();
    }
    let characters = part.char_indices().filter(|(_, one)| !one.is_ascii());
    characters
        .map(|(at, one)| (stretch.start + at, one))
        .filter(|(at, one)| match unusual(text, *at, *one) {
            None => false,
            Some(Unusual::Blank) => wanted.invisible,
            Some(Unusual::Letter) => wanted.ambiguous && !is_comment(highlights, *at),
            Some(Unusual::Mark) => wanted.ambiguous && is_code && !is_comment(highlights, *at),
        })
        .map(|(at, one)| at..at + one.len_utf8())
        .take(MOST)
        .collect()
}

fn is_comment(highlights: &[HighlightSpan], offset: usize) -> bool {
    name_at(highlights, offset).is_some_and(|name| name.starts_with("comment"))
}

/// Paints the boxes, under the text.
pub(crate) fn paint(frame: &Frame, window: &mut Window) {
    let colors = &frame.style.colors;
    for character in frame.unusual.iter() {
        for span in frame.range_spans(character.clone()) {
            let (fill, border) = (
                colors.unicode_highlight_background,
                colors.unicode_highlight_border,
            );
            window.paint_quad(span_quad(frame, span, Corners::all(px(2.)), fill, border));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: UnicodeHighlight = UnicodeHighlight {
        invisible: true,
        ambiguous: true,
    };

    /// The boxed characters of a text of a language.
    fn boxed(language: &str, source: &str, wanted: UnicodeHighlight) -> String {
        let text = Text::new(source);
        let language = syntax::by_name(language).unwrap_or(LanguageId::PLAIN);
        let never = std::sync::atomic::AtomicBool::new(false);
        let tree = syntax::SyntaxTree::parse(language, &text, None, &never);
        let highlights = tree.map_or_else(Vec::new, |tree| tree.highlights(&text, 0..text.len()));
        let found = UnusualCharacters::default().get(
            &text,
            1,
            std::slice::from_ref(&(0..text.len())),
            &highlights.into(),
            wanted,
            language,
        );
        found.iter().map(|range| &source[range.clone()]).collect()
    }

    #[test]
    fn what_deceives_in_code_is_boxed_but_for_comments() {
        let source = "let p\u{430}th\u{a0}= 1 \u{2013} 2; // d\u{430}sh \u{2013}\u{202f}a\n";
        assert_eq!(boxed("rust", source, ALL), "\u{430}\u{a0}\u{2013}\u{202f}");
        let invisible = UnicodeHighlight {
            ambiguous: false,
            ..ALL
        };
        assert_eq!(boxed("rust", source, invisible), "\u{a0}\u{202f}");
        let ambiguous = UnicodeHighlight {
            invisible: false,
            ..ALL
        };
        assert_eq!(boxed("rust", source, ambiguous), "\u{430}\u{2013}");
    }

    #[test]
    fn prose_has_its_own_marks_and_letters() {
        let source = "\u{201c}Слово\u{201d} \u{2013} 日本\u{3000}語 p\u{430}th\n";
        assert_eq!(boxed("markdown", source, ALL), "\u{430}");
        assert_eq!(boxed("plain", source, ALL), "\u{430}");
    }
}
