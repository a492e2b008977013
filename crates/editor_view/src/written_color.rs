//! A colour that is written out in a text, as long as it stands there.

use std::sync::Arc;

use editor_core::{Bias, ChangeSet, Text};
use lsp::DocumentColor;

/// What takes more of a text is no colour that can be picked, in bytes.
const MAX_WRITTEN: usize = 500;

/// A colour that is written out in a text, and how.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct WrittenColor {
    /// The colour, with the bytes where it stands.
    pub(crate) color: DocumentColor,
    /// What stands there.
    pub(crate) written: Arc<str>,
}

impl WrittenColor {
    /// A colour as a server found it in a text; `None` where nothing is written there, or too much.
    pub(crate) fn new(color: DocumentColor, text: &Text) -> Option<Self> {
        let length = color.range.len();
        (length > 0 && length <= MAX_WRITTEN).then(|| Self {
            written: text.slice(color.range.clone()).into(),
            color,
        })
    }

    /// A colour that is to be written at a byte, where there is none.
    pub(crate) fn none(at: usize, server: Arc<str>) -> Self {
        Self {
            color: DocumentColor {
                range: at..at,
                rgba: [0., 0., 0., 1.],
                server,
            },
            written: "".into(),
        }
    }

    /// Whether it stands in a text where it is known to be.
    pub(crate) fn stands_in(&self, text: &Text) -> bool {
        let range = self.color.range.clone();
        range.len() == self.written.len() && *text.slice(range) == *self.written
    }

    /// The same where it begins at another byte.
    pub(crate) fn at(&self, start: usize) -> Self {
        let range = start..start + self.written.len();
        Self {
            color: DocumentColor {
                range,
                ..self.color.clone()
            },
            written: self.written.clone(),
        }
    }

    /// Goes along with a change of the text.
    pub(crate) fn follow(&mut self, changes: &ChangeSet) {
        let range = &mut self.color.range;
        let start = changes.map_offset(range.start, Bias::Right);
        *range = start..changes.map_offset(range.end, Bias::Left).max(start);
    }
}

#[cfg(test)]
mod tests {
    use editor_core::Edit;

    use super::*;

    fn color(range: std::ops::Range<usize>) -> DocumentColor {
        DocumentColor {
            range,
            rgba: [1., 0., 0., 1.],
            server: "fake".into(),
        }
    }

    #[test]
    fn a_colour_goes_along_with_its_text_and_stands_until_that_is_another() {
        let mut text = Text::new("ä: red;");
        let mut red = WrittenColor::new(color(4..7), &text).unwrap();
        assert_eq!(&*red.written, "red");
        for (place, new, stands) in [
            (0..0, "é", true),
            (6..6, " ", true),
            (10..11, "!;", true),
            (8..8, "x", false),
        ] {
            let edit = Edit::new(place.clone(), new.to_owned());
            let changes = ChangeSet::from_edits(text.len(), vec![edit]).unwrap();
            text = changes.apply(&text).unwrap();
            red.follow(&changes);
            assert_eq!(red.stands_in(&text), stands, "{new} in {text}");
        }
        assert!(!red.at(0).stands_in(&text) && !red.at(1_000).stands_in(&text));
        assert!(!red.stands_in(&Text::new("")));
    }

    #[test]
    fn what_is_nothing_or_too_much_cannot_be_picked() {
        let text = Text::new(&"x".repeat(2_000));
        assert!(WrittenColor::new(color(3..3), &text).is_none());
        assert!(WrittenColor::new(color(0..MAX_WRITTEN), &text).is_some());
        assert!(WrittenColor::new(color(0..MAX_WRITTEN + 1), &text).is_none());
    }
}
