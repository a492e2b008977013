//! One line of a spec as it is set: inline Markdown resolved, EARS keywords picked out.

use gpui_kit::component::ActiveTheme as _;
use gpui_kit::*;
use std::ops::Range;
use ui::ActiveKilnTheme as _;

/// A sign that is not closed within as many bytes stays as written: each looks for its closing one, and
/// a line may be as long as a file.
const MAX_STRETCH: usize = 1000;

/// How a stretch of text is set.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum InlineStyle {
    /// An EARS keyword.
    Keyword,
    /// `code`.
    Code,
    /// **Strong**.
    Strong,
    /// *Emphasis*.
    Emphasis,
}

/// Whether EARS keywords are picked out.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Keywords {
    Marked,
    Plain,
}

/// A line ready to be drawn.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct InlineText {
    /// The words, without Markdown signs. Line ends are spaces.
    pub text: SharedString,
    /// Styled stretches, in order, not overlapping, in bytes of `text`.
    pub spans: Vec<(Range<usize>, InlineStyle)>,
}

impl InlineText {
    /// Reads inline Markdown. Anything that is not closed stays as written.
    pub fn parse(source: &str, keywords: Keywords) -> Self {
        let source = source.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut text = String::with_capacity(source.len());
        let mut spans = Vec::new();
        parse_into(&source, &mut text, &mut spans);
        if keywords == Keywords::Marked {
            spans = with_keywords(&text, spans);
        }
        Self {
            text: text.into(),
            spans,
        }
    }

    /// The text as an element of `color` and `weight`; its size comes from its surroundings.
    pub fn draw(&self, color: Hsla, weight: FontWeight, cx: &App) -> StyledText {
        let theme = cx.kiln_theme();
        let mut plain = font(cx.theme().font_family.clone());
        plain.weight = weight;
        let mut mono = font(cx.theme().mono_font_family.clone());
        mono.features = FontFeatures::disable_ligatures();
        let run = |len: usize, style: Option<InlineStyle>| {
            let mut run = TextRun {
                len,
                font: plain.clone(),
                color,
                background_color: None,
                underline: None,
                strikethrough: None,
            };
            match style {
                None => {}
                Some(InlineStyle::Keyword) => {
                    run.color = theme.accent;
                    run.font.weight = FontWeight(weight.0.max(FontWeight::MEDIUM.0));
                }
                Some(InlineStyle::Code) => {
                    run.font = mono.clone();
                    run.background_color = Some(theme.hover);
                }
                Some(InlineStyle::Strong) => run.font.weight = FontWeight::SEMIBOLD,
                Some(InlineStyle::Emphasis) => run.font.style = FontStyle::Italic,
            }
            run
        };
        let mut runs = Vec::with_capacity(self.spans.len() * 2 + 1);
        let mut at = 0;
        for (range, style) in &self.spans {
            if at < range.start {
                runs.push(run(range.start - at, None));
            }
            runs.push(run(range.len(), Some(*style)));
            at = range.end;
        }
        if at < self.text.len() {
            runs.push(run(self.text.len() - at, None));
        }
        StyledText::new(self.text.clone()).with_runs(runs)
    }
}

/// Adds the keywords; where one lies in another style, it is a keyword.
fn with_keywords(
    text: &str,
    spans: Vec<(Range<usize>, InlineStyle)>,
) -> Vec<(Range<usize>, InlineStyle)> {
    // "THE" is a keyword too; drawing it apart would only make the line restless.
    let keywords = spec::ears_keywords(text)
        .into_iter()
        .filter(|range| &text[range.clone()] != "THE");
    // Both are in order and do not overlap.
    let inside = |range: &Range<usize>| {
        let next = spans.partition_point(|(span, _)| span.end < range.end);
        spans.get(next).is_some_and(|(code, style)| {
            *style == InlineStyle::Code && code.start <= range.start && range.end <= code.end
        })
    };
    let keywords: Vec<_> = keywords.filter(|range| !inside(range)).collect();
    let mut all = Vec::with_capacity(spans.len() + keywords.len());
    for (range, style) in &spans {
        let mut start = range.start;
        let first = keywords.partition_point(|keyword| keyword.end <= range.start);
        for keyword in keywords[first..]
            .iter()
            .take_while(|keyword| keyword.start < range.end)
        {
            if start < keyword.start {
                all.push((start..keyword.start, *style));
            }
            start = keyword.end;
        }
        if start < range.end {
            all.push((start..range.end, *style));
        }
    }
    all.extend(
        keywords
            .into_iter()
            .map(|range| (range, InlineStyle::Keyword)),
    );
    all.sort_by_key(|(range, _)| range.start);
    all
}

fn parse_into(source: &str, text: &mut String, spans: &mut Vec<(Range<usize>, InlineStyle)>) {
    let mut rest = source;
    let mut before = ' ';
    while let Some(character) = rest.chars().next() {
        if let Some((inner, style, after)) = delimited(rest, before) {
            let start = text.len();
            let first = spans.len();
            if style == InlineStyle::Code {
                text.push_str(inner);
            } else {
                parse_into(inner, text, spans);
            }
            // The innermost style is drawn.
            if spans.len() == first {
                spans.push((start..text.len(), style));
            }
            before = 'x';
            rest = after;
            continue;
        }
        if let Some((label, after)) = link(rest) {
            text.push_str(label);
            before = 'x';
            rest = after;
            continue;
        }
        // A backslash before punctuation only says that it is meant literally.
        let mut characters = rest.chars();
        if character == '\\' && rest[1..].starts_with(|next: char| next.is_ascii_punctuation()) {
            characters.next();
        }
        let literal = characters.next().unwrap_or(character);
        text.push(literal);
        before = literal;
        rest = characters.as_str();
    }
}

/// The inside, style and rest of a delimited stretch at the beginning of `text`.
fn delimited(text: &str, before: char) -> Option<(&str, InlineStyle, &str)> {
    for (sign, style) in [
        ("`", InlineStyle::Code),
        ("**", InlineStyle::Strong),
        ("__", InlineStyle::Strong),
        ("*", InlineStyle::Emphasis),
        ("_", InlineStyle::Emphasis),
    ] {
        let Some(after) = text.strip_prefix(sign) else {
            continue;
        };
        // `snake_case` is a name, not emphasis.
        if sign.starts_with('_') && before.is_alphanumeric() {
            return None;
        }
        // Nor does a sign inside a name close it.
        let closes = |end: &usize| {
            !sign.starts_with('_') || !after[end + sign.len()..].starts_with(char::is_alphanumeric)
        };
        let near = &after[..after.floor_char_boundary(MAX_STRETCH)];
        let end = near.match_indices(sign).map(|(end, _)| end).find(closes)?;
        let inner = &after[..end];
        let tight = !inner.is_empty()
            && (style == InlineStyle::Code || (!inner.starts_with(' ') && !inner.ends_with(' ')));
        return tight.then(|| (inner, style, &after[end + sign.len()..]));
    }
    None
}

/// The label and rest of a link at the beginning of `text`.
fn link(text: &str) -> Option<(&str, &str)> {
    let near = |text: &str, end: char| text[..text.floor_char_boundary(MAX_STRETCH)].find(end);
    let label_on = text.strip_prefix('[')?;
    let label = &label_on[..near(label_on, ']')?];
    let target_on = label_on[label.len() + 1..].strip_prefix('(')?;
    let rest = &target_on[near(target_on, ')')? + 1..];
    (!label.is_empty()).then_some((label, rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    // The glob above brings gpui's own `test` along.
    use core::prelude::v1::test;

    fn set(source: &str) -> String {
        let line = InlineText::parse(source, Keywords::Marked);
        let mut out = String::new();
        let mut at = 0;
        for (range, style) in &line.spans {
            out.push_str(&line.text[at..range.start]);
            let sign = match style {
                InlineStyle::Keyword => "^",
                InlineStyle::Code => "`",
                InlineStyle::Strong => "*",
                InlineStyle::Emphasis => "/",
            };
            out.push_str(&format!("{sign}{}{sign}", &line.text[range.clone()]));
            at = range.end;
        }
        out.push_str(&line.text[at..]);
        out
    }

    #[test]
    fn keywords_are_picked_out_in_capitals_only() {
        assert_eq!(
            set("WHEN a task is added, THE system SHALL NOT lose it"),
            "^WHEN^ a task is added, THE system ^SHALL^ ^NOT^ lose it"
        );
        assert_eq!(set("when it shall WHENEVER"), "when it shall WHENEVER");
        assert_eq!(
            set("IF `IF` THEN it SHALL y"),
            "^IF^ `IF` ^THEN^ it ^SHALL^ y"
        );
    }

    #[test]
    fn inline_markdown_is_resolved() {
        assert_eq!(
            set("a `b*c` **d** *e* [f](http://g) snake_case_h"),
            "a `b*c` *d* /e/ f snake_case_h"
        );
        assert_eq!(set("**WHEN** x"), "^WHEN^ x");
        assert_eq!(
            set("_success_response and _a b_."),
            "/success_response and _a b/."
        );
        assert_eq!(set("1 \\* 2 * 3 ** 4"), "1 * 2 * 3 ** 4");
    }

    #[test]
    fn line_ends_are_spaces_and_nothing_is_lost_when_unclosed() {
        assert_eq!(set("a\n   b `c"), "a b `c");
        assert_eq!(set("[x] y"), "[x] y");
    }

    #[test]
    fn a_long_line_is_set_whatever_stands_in_it() {
        let near = format!("*{}* x", "a".repeat(900));
        assert_eq!(set(&near), near.replace('*', "/"));
        let far = format!("*{}* x", "a".repeat(1100));
        assert_eq!(set(&far), far);
        let link = format!("[{}](b) x", "a".repeat(1100));
        assert_eq!(set(&link), link);
        // Each of these would look through all that follows.
        for unclosed in [" _a", " [", "** x", "IF `a` ", "[a](", "\u{e4} *"] {
            let line = unclosed.repeat(30_000);
            let text = InlineText::parse(&line, Keywords::Marked).text;
            assert!(text.len() > 30_000, "{unclosed}");
        }
    }

    #[test]
    fn spans_are_ordered_and_on_boundaries() {
        for source in [
            "**a `b` WHEN ü** IF",
            "_x **y** z_ SHALL",
            "****",
            "``",
            "*WHEN `a`*",
        ] {
            let line = InlineText::parse(source, Keywords::Marked);
            let mut end = 0;
            for (range, _) in &line.spans {
                assert!(
                    range.start >= end && line.text.get(range.clone()).is_some(),
                    "{source}"
                );
                end = range.end;
            }
        }
    }
}
