//! The ways in which a language server would write a colour, and which of them is chosen.

use std::sync::Arc;

use lsp::{ColorPresentation, ColorPresentations, RequestError};

/// What a server answered about a colour.
pub(crate) struct Presentations {
    /// The colour: red, green, blue and how opaque it is.
    of: [f32; 4],
    /// The version of the text that the edits are of.
    version: u64,
    ways: Vec<ColorPresentation>,
    chosen: usize,
    /// Why there is none.
    why_none: Option<Arc<str>>,
}

impl Presentations {
    /// The answer about a colour, of which that way is chosen that is likest to what was chosen
    /// before, or to what stands in the text.
    pub(crate) fn answered(
        of: [f32; 4],
        answer: Result<ColorPresentations, RequestError>,
        before: Option<&Self>,
        written: &str,
    ) -> Self {
        let (version, ways, why_none) = match answer {
            Ok((version, ways)) if ways.is_empty() => {
                let why = "the language server says of no way to write this colour";
                (version, ways, Some(why.into()))
            }
            Ok((version, ways)) => (version, ways, None),
            Err(error) => (0, Vec::new(), Some(error.to_string().into())),
        };
        let before = before.filter(|before| !before.ways.is_empty());
        let chosen = match before {
            // Servers name them in one order.
            Some(before) if before.ways.len() == ways.len() => before.chosen,
            Some(before) => likest(&ways, &before.ways[before.chosen].label),
            None => likest(&ways, written),
        };
        Self {
            of,
            version,
            ways,
            chosen,
            why_none,
        }
    }

    /// Whether it is the answer about a colour.
    pub(crate) fn are_of(&self, rgba: [f32; 4]) -> bool {
        self.of == rgba
    }

    /// Why there is no way to write the colour, where there is none.
    pub(crate) fn why_none(&self) -> Option<&Arc<str>> {
        self.why_none.as_ref()
    }

    /// The way that is chosen, with the version of the text that its edits are of.
    pub(crate) fn chosen(&self) -> Option<(u64, &ColorPresentation)> {
        Some((self.version, self.ways.get(self.chosen)?))
    }

    /// Chooses the next way; false where there is no other.
    pub(crate) fn choose_next(&mut self) -> bool {
        let has_another = self.ways.len() > 1;
        if has_another {
            self.chosen = (self.chosen + 1) % self.ways.len();
        }
        has_another
    }
}

/// The way that is written as a text is, or else in the same notation; the first where there is none.
fn likest(ways: &[ColorPresentation], written: &str) -> usize {
    let place = |is: &dyn Fn(&str) -> bool| ways.iter().position(|way| is(&way.label));
    let same = place(&|label| label.eq_ignore_ascii_case(written));
    let alike = || {
        let notation = notation(written)?;
        place(&|label| self::notation(label).is_some_and(|one| one == notation))
    };
    same.or_else(alike).unwrap_or_default()
}

/// What a colour is written with: the name of a function, of which some have another where the colour
/// is not opaque (CSS Color 4, §4.1 “`rgba()` and `hsla()`”), or `#`.
fn notation(written: &str) -> Option<String> {
    if written.starts_with('#') {
        return Some("#".to_owned());
    }
    let (name, _) = written.split_once('(')?;
    let name = name.trim().to_ascii_lowercase();
    Some(match name.as_str() {
        "rgba" | "hsla" => name[..3].to_owned(),
        _ => name,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ways(labels: &[&str]) -> Result<ColorPresentations, RequestError> {
        let ways = labels.iter().map(|label| ColorPresentation {
            label: (*label).into(),
            edits: Vec::new(),
        });
        Ok((7, ways.collect()))
    }

    fn label(presentations: &Presentations) -> &str {
        &presentations.chosen().unwrap().1.label
    }

    const RED: [f32; 4] = [1., 0., 0., 1.];

    #[test]
    fn the_way_is_chosen_in_which_the_text_is_written() {
        let css = [
            "rgb(255, 0, 0)",
            "#ff0000",
            "hsl(0, 100%, 50%)",
            "lab(1 2 3)",
        ];
        for (written, wanted) in [
            ("#FF0000", 1),
            ("#f00", 1),
            ("HSL(0deg 100% 50%)", 2),
            ("hsla(0, 100%, 50%, 1)", 2),
            ("rgba(255 0 0 / 1)", 0),
            ("lab (1% 2 3)", 3),
            ("lch(1 2 3)", 0),
            ("red", 0),
        ] {
            let found = Presentations::answered(RED, ways(&css), None, written);
            assert_eq!(label(&found), css[wanted], "{written}");
        }
    }

    #[test]
    fn the_way_stays_that_was_chosen_when_the_colour_is_another() {
        let opaque = ["rgb(255, 0, 0)", "#ff0000", "hsl(0, 100%, 50%)"];
        let mut first = Presentations::answered(RED, ways(&opaque), None, "#f00");
        assert!(first.choose_next());
        let again = [
            "rgba(255, 0, 0, 0.5)",
            "#ff000080",
            "hsla(0, 100%, 50%, 0.5)",
        ];
        let half = [1., 0., 0., 0.5];
        let second = Presentations::answered(half, ways(&again), Some(&first), "#f00");
        assert_eq!(label(&second), again[2]);
        assert!(second.are_of(half) && !second.are_of(RED));
        let fewer = ["hex(#f00)", "hsl(0, 100%, 50%)"];
        let third = Presentations::answered(RED, ways(&fewer), Some(&second), "#f00");
        assert_eq!(label(&third), fewer[1]);
        assert_eq!(third.chosen().unwrap().0, 7);
    }

    #[test]
    fn the_ways_are_gone_through_in_a_circle() {
        let mut found = Presentations::answered(RED, ways(&["a", "b"]), None, "b");
        assert_eq!(label(&found), "b");
        assert!(found.choose_next());
        assert_eq!(label(&found), "a");
        let mut one = Presentations::answered(RED, ways(&["a"]), None, "b");
        assert!(!one.choose_next());
    }

    #[test]
    fn it_is_said_why_there_is_none() {
        let none = Presentations::answered(RED, ways(&[]), None, "red");
        assert!(none.chosen().is_none());
        assert!(none.why_none().unwrap().contains("no way"));
        let failed = Presentations::answered(RED, Err(RequestError::NotRunning), None, "red");
        let why = RequestError::NotRunning.to_string();
        assert_eq!(failed.why_none().map(|why| &**why), Some(why.as_str()));
        let mut after =
            Presentations::answered(RED, ways(&["a", "#f00"]), Some(&failed), "#ff0000");
        assert_eq!(label(&after), "#f00");
        assert!(after.choose_next());
    }
}
