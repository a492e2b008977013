//! Code within a sentence, marked by backticks as in Markdown (CommonMark 0.31, section 6.1).

use std::ops::Range;

use gpui_kit::component::ActiveTheme as _;
use gpui_kit::{App, HighlightStyle, SharedString, StyledText};

use crate::theme::ActiveKilnTheme as _;

/// A sentence without the backticks around its code.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct InlineCode {
    /// What is read.
    pub(crate) text: SharedString,
    /// The bytes of it that are code, in order.
    pub(crate) code: Vec<Range<usize>>,
}

impl InlineCode {
    /// Reads a sentence. Backticks that none of the same line closes stay as they are.
    pub(crate) fn of(sentence: &SharedString) -> Self {
        let mut code = Vec::new();
        if !sentence.contains('`') {
            let text = sentence.clone();
            return Self { text, code };
        }
        let mut text = String::with_capacity(sentence.len());
        let mut rest: &str = sentence;
        while let Some(at) = rest.find('`') {
            text.push_str(&rest[..at]);
            let behind = rest[at..].trim_start_matches('`');
            let fence = rest.len() - at - behind.len();
            match closed_by(behind, fence) {
                Some(end) => {
                    let start = text.len();
                    text.push_str(without_padding(&behind[..end]));
                    code.push(start..text.len());
                    rest = &behind[end + fence..];
                }
                None => {
                    text.push_str(&rest[at..at + fence]);
                    rest = behind;
                }
            }
        }
        text.push_str(rest);
        Self {
            text: text.into(),
            code,
        }
    }

    /// The sentence as it is drawn: its code in the font of code, on a ground of its own.
    pub(crate) fn styled(self, cx: &App) -> StyledText {
        let ground = HighlightStyle {
            background_color: Some(cx.kiln_theme().hover),
            ..HighlightStyle::default()
        };
        let font = cx.theme().mono_font_family.clone();
        let highlights = self.code.iter().map(|code| (code.clone(), ground));
        let highlights: Vec<_> = highlights.collect();
        let fonts = self.code.into_iter().map(|code| (code, font.clone()));
        StyledText::new(self.text)
            .with_highlights(highlights)
            .with_font_family_overrides(fonts)
    }
}

/// Where in the line so many backticks stand and no more, behind something.
fn closed_by(text: &str, fence: usize) -> Option<usize> {
    let line = text.split('\n').next().unwrap_or_default();
    let mut from = 0;
    while let Some(found) = line[from..].find('`') {
        let at = from + found;
        let behind = line[at..].trim_start_matches('`');
        let count = line.len() - at - behind.len();
        if count == fence {
            return (at > 0).then_some(at);
        }
        from = at + count;
    }
    None
}

/// Code that begins or ends with a backtick has a space there.
fn without_padding(code: &str) -> &str {
    let within = code
        .strip_prefix(' ')
        .and_then(|code| code.strip_suffix(' '));
    let within = within.filter(|within| !within.trim().is_empty());
    within.unwrap_or(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The sentence with its code in brackets.
    fn read(sentence: &str) -> String {
        let InlineCode { text, code } = InlineCode::of(&SharedString::from(sentence.to_owned()));
        let mut read = text.to_string();
        for range in code.into_iter().rev() {
            read.insert(range.end, ']');
            read.insert(range.start, '[');
        }
        read
    }

    #[test]
    fn code_is_what_is_between_as_many_backticks() {
        for (sentence, expected) in [
            ("nothing", "nothing"),
            ("`a.b` is no setting", "[a.b] is no setting"),
            ("set `ä` and `b`.", "set [ä] and [b]."),
            ("`` ` `` is one", "[`] is one"),
            ("``a`b`` too", "[a`b] too"),
            ("a ` alone", "a ` alone"),
            ("`a`` b` c", "[a`` b] c"),
            ("`one\ntwo`", "`one\ntwo`"),
            ("``", "``"),
            ("`", "`"),
            ("` `", "[ ]"),
        ] {
            assert_eq!(read(sentence), expected, "{sentence}");
        }
    }
}
