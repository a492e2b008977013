//! Brackets in colours that go by how deep they are nested.

use std::ops::Range;

use gpui_kit::Hsla;
use syntax::Bracket;

/// The colours of a theme for brackets.
pub(crate) struct BracketColors {
    /// By depth, over and over; at most six.
    nested: Vec<Hsla>,
    /// Of a bracket without a partner.
    unexpected: Hsla,
}

/// Which colour a bracket has: the number of it among the nested ones, or that of a bracket without
/// a partner.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(crate) enum BracketColor {
    Nested(u8),
    Unexpected,
}

impl BracketColors {
    /// The colours that can be seen; as in VS Code, a theme uses fewer by leaving some transparent.
    pub(crate) fn new(colors: &ui::Colors) -> Self {
        let all = [
            colors.bracket_1,
            colors.bracket_2,
            colors.bracket_3,
            colors.bracket_4,
            colors.bracket_5,
            colors.bracket_6,
        ];
        Self {
            nested: all.into_iter().filter(|color| color.a > 0.).collect(),
            unexpected: colors.bracket_unexpected,
        }
    }

    /// No colours.
    pub(crate) fn none() -> Self {
        Self {
            nested: Vec::new(),
            unexpected: Hsla::transparent_black(),
        }
    }

    /// Whether no bracket has a colour.
    pub(crate) fn is_empty(&self) -> bool {
        self.nested.is_empty() && self.unexpected.a == 0.
    }

    /// The colour of a bracket.
    pub(crate) fn get(&self, color: BracketColor) -> Hsla {
        let nested = match color {
            BracketColor::Nested(place) => self.nested.get(usize::from(place)),
            BracketColor::Unexpected => None,
        };
        *nested.unwrap_or(&self.unexpected)
    }

    /// Which colour a bracket at a depth has; nothing where brackets have none.
    fn of(&self, depth: Option<u32>) -> Option<BracketColor> {
        let Some(depth) = depth else {
            return (self.unexpected.a > 0.).then_some(BracketColor::Unexpected);
        };
        let count = u32::try_from(self.nested.len()).ok()?;
        let place = depth.checked_rem(count)?;
        u8::try_from(place).ok().map(BracketColor::Nested)
    }

    /// The brackets that lie in `bytes`, as ranges from its start.
    pub(crate) fn within<'a>(
        &'a self,
        brackets: &'a [Bracket],
        bytes: &Range<usize>,
    ) -> impl Iterator<Item = (Range<usize>, BracketColor)> + use<'a> {
        let first = brackets.partition_point(|bracket| bracket.offset < bytes.start);
        let (start, end) = (bytes.start, bytes.end);
        brackets[first..]
            .iter()
            .take_while(move |bracket| bracket.offset < end)
            .filter_map(move |bracket| {
                let at = bracket.offset - start;
                Some((at..at + 1, self.of(bracket.depth)?))
            })
    }
}

/// Parts of a text with others laid over them; both sorted.
pub(crate) fn lay_over<T: Copy>(
    lower: Vec<(Range<usize>, T)>,
    upper: impl Iterator<Item = (Range<usize>, T)>,
) -> Vec<(Range<usize>, T)> {
    let mut laid = Vec::with_capacity(lower.len());
    let mut lower = lower.into_iter();
    let mut rest = lower.next();
    for (range, part) in upper {
        while let Some((below, under)) = rest.take() {
            if below.start < range.start {
                laid.push((below.start..below.end.min(range.start), under));
            }
            if below.end > range.end {
                rest = Some((below.start.max(range.end)..below.end, under));
                break;
            }
            rest = lower.next();
        }
        laid.push((range, part));
    }
    laid.extend(rest);
    laid.extend(lower);
    laid
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_laid_over_cuts_what_is_below() {
        let laid = |upper: &[Range<usize>]| -> Vec<(Range<usize>, char)> {
            let lower = vec![(0..3, 'a'), (5..6, 'b'), (6..9, 'c')];
            lay_over(lower, upper.iter().map(|range| (range.clone(), '#')))
        };
        assert_eq!(laid(&[]), [(0..3, 'a'), (5..6, 'b'), (6..9, 'c')]);
        assert_eq!(
            laid(&[1..2, 3..4, 5..6, 8..9]),
            [
                (0..1, 'a'),
                (1..2, '#'),
                (2..3, 'a'),
                (3..4, '#'),
                (5..6, '#'),
                (6..8, 'c'),
                (8..9, '#')
            ]
        );
        assert_eq!(
            laid(&[6..7, 7..8, 11..12]),
            [
                (0..3, 'a'),
                (5..6, 'b'),
                (6..7, '#'),
                (7..8, '#'),
                (8..9, 'c'),
                (11..12, '#')
            ]
        );
    }
}
