//! The code's colours: TextMate rules asked with tree-sitter's capture names.

use crate::color::Rgba;

/// How a piece of code is drawn.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct SyntaxStyle {
    /// Its colour; `None` is the editor's text colour.
    pub color: Option<Rgba>,
    /// Bold.
    pub bold: bool,
    /// Italic.
    pub italic: bool,
    /// Underlined.
    pub underline: bool,
    /// Struck through.
    pub strikethrough: bool,
}

/// One rule of `tokenColors`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Rule {
    /// The scopes that it holds for, each a dotted name: `keyword.control`.
    pub(crate) scopes: Vec<String>,
    pub(crate) color: Option<Rgba>,
    /// Bold, italic, underline, strikethrough; `None` leaves what a wider rule says.
    pub(crate) font: Option<[bool; 4]>,
}

/// The rules of a theme's `tokenColors`.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct SyntaxTheme {
    pub(crate) rules: Vec<Rule>,
}

/// For each capture, the TextMate scopes that mean the same, best first.
/// A capture without a row is looked up by its front: `string.escape` falls to
/// `string`. The scopes are those of VS Code's own grammars and its table for
/// semantic tokens, which theme authors write for.
const SCOPES: &[(&str, &[&str])] = &[
    (
        "attribute",
        &["entity.other.attribute-name", "meta.attribute"],
    ),
    (
        "boolean",
        &["constant.language.boolean", "constant.language"],
    ),
    (
        "character",
        &["constant.character", "string.quoted.single", "string"],
    ),
    ("comment", &["comment.line", "comment.block", "comment"]),
    (
        "comment.documentation",
        &["comment.block.documentation", "comment"],
    ),
    (
        "constant",
        &["variable.other.constant", "constant.other", "constant"],
    ),
    ("constant.builtin", &["constant.language", "constant"]),
    (
        "constructor",
        &[
            "entity.name.function.constructor",
            "entity.name.class",
            "entity.name.type",
            "entity.name.function",
        ],
    ),
    (
        "decorator",
        &[
            "meta.decorator",
            "entity.name.function.decorator",
            "entity.name.function",
        ],
    ),
    ("embedded", &["meta.embedded"]),
    ("emphasis", &["markup.italic"]),
    ("emphasis.strong", &["markup.bold"]),
    ("escape", &["constant.character.escape"]),
    (
        "field",
        &[
            "variable.other.property",
            "variable.other.member",
            "variable",
        ],
    ),
    ("float", &["constant.numeric.float", "constant.numeric"]),
    ("function", &["entity.name.function"]),
    (
        "function.builtin",
        &["support.function", "entity.name.function"],
    ),
    (
        "function.macro",
        &[
            "entity.name.function.macro",
            "support.function.macro",
            "entity.name.function.preprocessor",
            "entity.name.function",
        ],
    ),
    (
        "function.method",
        &["entity.name.function.member", "entity.name.function"],
    ),
    (
        "import",
        &["keyword.control.import", "keyword.control", "keyword"],
    ),
    ("invalid", &["invalid.illegal", "invalid"]),
    ("invalid.deprecated", &["invalid.deprecated", "invalid"]),
    ("keyword", &["keyword.control", "keyword"]),
    ("keyword.control", &["keyword.control", "keyword"]),
    (
        "keyword.function",
        &["storage.type.function", "storage.type", "keyword"],
    ),
    (
        "keyword.import",
        &["keyword.control.import", "keyword.control", "keyword"],
    ),
    ("keyword.modifier", &["storage.modifier", "keyword"]),
    (
        "keyword.operator",
        &["keyword.operator.expression", "keyword.operator", "keyword"],
    ),
    (
        "keyword.return",
        &["keyword.control.flow", "keyword.control", "keyword"],
    ),
    ("keyword.storage", &["storage.type", "storage", "keyword"]),
    ("keyword.type", &["storage.type", "keyword"]),
    ("label", &["entity.name.label", "keyword.control"]),
    ("link", &["markup.underline.link", "string.other.link"]),
    (
        "link_text",
        &["string.other.link.title", "markup.underline.link"],
    ),
    ("link_uri", &["markup.underline.link"]),
    ("markup", &["markup"]),
    ("markup.bold", &["markup.bold"]),
    ("markup.changed", &["markup.changed"]),
    ("markup.deleted", &["markup.deleted"]),
    ("markup.heading", &["markup.heading", "entity.name.section"]),
    ("markup.inserted", &["markup.inserted"]),
    ("markup.italic", &["markup.italic"]),
    (
        "markup.link",
        &["markup.underline.link", "string.other.link"],
    ),
    (
        "markup.link.label",
        &["string.other.link.title", "markup.underline.link"],
    ),
    ("markup.link.url", &["markup.underline.link"]),
    (
        "markup.list",
        &["punctuation.definition.list.begin.markdown", "markup.list"],
    ),
    ("markup.quote", &["markup.quote"]),
    ("markup.raw", &["markup.inline.raw", "markup.raw"]),
    ("markup.raw.block", &["markup.fenced_code", "markup.raw"]),
    ("markup.strikethrough", &["markup.strikethrough"]),
    ("markup.strong", &["markup.bold"]),
    (
        "module",
        &[
            "entity.name.namespace",
            "entity.name.module",
            "entity.name.type",
        ],
    ),
    ("namespace", &["entity.name.namespace", "entity.name.type"]),
    ("number", &["constant.numeric"]),
    ("operator", &["keyword.operator"]),
    ("parameter", &["variable.parameter", "variable"]),
    (
        "preproc",
        &[
            "meta.preprocessor",
            "keyword.control.directive",
            "keyword.control",
        ],
    ),
    (
        "property",
        &[
            "variable.other.property",
            "support.type.property-name",
            "variable.other.member",
            "variable.other.object.property",
        ],
    ),
    (
        "property.json",
        &[
            "support.type.property-name.json",
            "support.type.property-name",
        ],
    ),
    ("punctuation", &["punctuation"]),
    (
        "punctuation.bracket",
        &["punctuation.section.brackets", "meta.brace", "punctuation"],
    ),
    (
        "punctuation.delimiter",
        &[
            "punctuation.separator",
            "punctuation.terminator",
            "punctuation",
        ],
    ),
    (
        "punctuation.special",
        &[
            "punctuation.definition.template-expression",
            "punctuation.section.embedded",
            "punctuation",
        ],
    ),
    (
        "string",
        &["string.quoted.double", "string.quoted", "string"],
    ),
    (
        "string.documentation",
        &[
            "string.quoted.docstring",
            "comment.block.documentation",
            "comment",
        ],
    ),
    (
        "string.escape",
        &["constant.character.escape", "constant.character", "string"],
    ),
    ("string.regex", &["string.regexp", "string"]),
    ("string.regexp", &["string.regexp", "string"]),
    (
        "string.special",
        &["constant.other.symbol", "string.other", "string"],
    ),
    (
        "string.special.key",
        &[
            "support.type.property-name",
            "entity.name.tag",
            "variable.other.property",
        ],
    ),
    ("string.special.url", &["markup.underline.link", "string"]),
    ("strong", &["markup.bold"]),
    ("tag", &["entity.name.tag"]),
    ("text.emphasis", &["markup.italic"]),
    ("text.literal", &["markup.inline.raw", "markup.raw"]),
    (
        "text.reference",
        &["string.other.link.title", "markup.underline.link"],
    ),
    ("text.strong", &["markup.bold"]),
    ("text.title", &["markup.heading", "entity.name.section"]),
    ("text.uri", &["markup.underline.link"]),
    ("title", &["markup.heading", "entity.name.section"]),
    (
        "type",
        &["entity.name.type", "support.type", "support.class"],
    ),
    (
        "type.builtin",
        &[
            "support.type.primitive",
            "support.type",
            "storage.type",
            "keyword.type",
        ],
    ),
    ("type.definition", &["entity.name.type"]),
    (
        "type.enum.variant",
        &[
            "variable.other.enummember",
            "variable.other.constant",
            "entity.name.type",
        ],
    ),
    (
        "type.interface",
        &["entity.name.type.interface", "entity.name.type"],
    ),
    (
        "type.parameter",
        &["entity.name.type.parameter", "entity.name.type"],
    ),
    ("variable", &["variable.other.readwrite", "variable"]),
    (
        "variable.builtin",
        &["variable.language", "constant.language", "variable"],
    ),
    (
        "variable.member",
        &[
            "variable.other.property",
            "variable.other.member",
            "variable",
        ],
    ),
    ("variable.parameter", &["variable.parameter", "variable"]),
    ("variable.special", &["variable.language", "variable"]),
    (
        "variant",
        &["variable.other.enummember", "variable.other.constant"],
    ),
];

/// Captures that every theme is asked for in tests and galleries.
#[cfg(test)]
pub(crate) const CAPTURES: &[&str] = &[
    "attribute",
    "boolean",
    "comment",
    "constant",
    "constructor",
    "decorator",
    "function",
    "function.macro",
    "function.method",
    "keyword",
    "keyword.control",
    "label",
    "markup.heading",
    "markup.link",
    "markup.raw",
    "module",
    "number",
    "operator",
    "property",
    "punctuation.bracket",
    "punctuation.delimiter",
    "string",
    "string.escape",
    "string.regex",
    "tag",
    "type",
    "type.builtin",
    "variable",
    "variable.builtin",
    "variable.parameter",
];

impl SyntaxTheme {
    /// How a capture is drawn. Costs a walk over the rules: cache it per capture.
    pub fn style(&self, capture: &str) -> SyntaxStyle {
        let capture = capture.trim_start_matches('@');
        // Words that stand out in what stands out: a heading's with italic letters are still its.
        if let Some((front, last)) = capture.rsplit_once('.')
            && front.contains('.')
            && matches!(last, "italic" | "strikethrough" | "strong")
        {
            let (around, own) = (self.style(front), self.style(&format!("markup.{last}")));
            return SyntaxStyle {
                color: own.color.or(around.color),
                bold: around.bold || own.bold,
                italic: around.italic || own.italic,
                underline: around.underline || own.underline,
                strikethrough: around.strikethrough || own.strikethrough,
            };
        }
        let mut front = capture;
        loop {
            if let Ok(row) = SCOPES.binary_search_by_key(&front, |(name, _)| name) {
                let found = SCOPES[row]
                    .1
                    .iter()
                    .find_map(|scope| self.scope_style(scope));
                if let Some(style) = found {
                    return style;
                }
            }
            match front.rfind('.') {
                Some(dot) => front = &front[..dot],
                None => break,
            }
        }
        // A theme may name the capture itself.
        self.scope_style(capture).unwrap_or_default()
    }

    /// How a TextMate scope is drawn; `None` where no rule says anything of it.
    /// The longest matching scope wins, the later rule among equals; colour and
    /// font style are looked up apart, as TextMate does.
    pub fn scope_style(&self, scope: &str) -> Option<SyntaxStyle> {
        let mut color: Option<(usize, Rgba)> = None;
        let mut font: Option<(usize, [bool; 4])> = None;
        for rule in &self.rules {
            let length = rule
                .scopes
                .iter()
                .filter(|selector| covers(selector, scope))
                .map(String::len)
                .max();
            let Some(length) = length else { continue };
            if let Some(value) = rule.color
                && color.is_none_or(|(best, _)| length >= best)
            {
                color = Some((length, value));
            }
            if let Some(value) = rule.font
                && font.is_none_or(|(best, _)| length >= best)
            {
                font = Some((length, value));
            }
        }
        if color.is_none() && font.is_none() {
            return None;
        }
        let [bold, italic, underline, strikethrough] = font.map_or([false; 4], |(_, font)| font);
        Some(SyntaxStyle {
            color: color.map(|(_, color)| color),
            bold,
            italic,
            underline,
            strikethrough,
        })
    }
}

/// Whether a selector's dotted name is the scope or the front of it.
fn covers(selector: &str, scope: &str) -> bool {
    scope
        .strip_prefix(selector)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// The selectors of one `scope` text that hold wherever the code stands. One that
/// asks for a surrounding scope (`source.js keyword`) is for one language or place
/// and has no counterpart in a capture; exclusions (`- string`) cut the rest off.
pub(crate) fn selectors(text: &str) -> Vec<String> {
    text.split([',', '\n'])
        .filter_map(|selector| {
            let mut parts = selector.split_whitespace().take_while(|part| *part != "-");
            let name = parts
                .next()?
                .trim_start_matches(['L', 'R'])
                .trim_start_matches(':');
            // `L:`/`R:` prefixes belong to injections; anything else keeps its name.
            let name = if selector.trim_start().starts_with("L:")
                || selector.trim_start().starts_with("R:")
            {
                name
            } else {
                selector.split_whitespace().next()?
            };
            match parts.next() {
                None => Some(name.to_string()),
                Some(_) => None,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rule(scope: &str, color: u32, font: Option<[bool; 4]>) -> Rule {
        Rule {
            scopes: selectors(scope),
            color: Some(Rgba::opaque(color)),
            font,
        }
    }

    #[test]
    fn the_table_is_sorted_for_the_search() {
        assert!(SCOPES.windows(2).all(|rows| rows[0].0 < rows[1].0));
    }

    #[test]
    fn the_longest_scope_wins_and_the_later_among_equals() {
        let theme = SyntaxTheme {
            rules: vec![
                rule("keyword.control", 0x111111, None),
                rule("keyword", 0x222222, Some([true, false, false, false])),
                rule("comment, string", 0x333333, None),
                rule("string", 0x444444, None),
            ],
        };
        let keyword = theme.style("keyword.control");
        assert_eq!(keyword.color, Some(Rgba::opaque(0x111111)));
        assert!(keyword.bold, "the font style comes from the wider rule");
        assert_eq!(theme.style("string").color, Some(Rgba::opaque(0x444444)));
        assert_eq!(theme.style("comment").color, Some(Rgba::opaque(0x333333)));
        assert_eq!(theme.style("keywords").color, None, "a front, not a prefix");
    }

    #[test]
    fn words_that_stand_out_in_a_heading_stay_of_it() {
        let theme = SyntaxTheme {
            rules: vec![
                rule(
                    "markup.heading",
                    0x111111,
                    Some([true, false, false, false]),
                ),
                rule("markup.italic", 0x222222, Some([false, true, false, false])),
                Rule {
                    color: None,
                    ..rule("markup.bold", 0, Some([true, false, false, false]))
                },
            ],
        };
        let italic = theme.style("markup.heading.italic");
        assert!(italic.bold && italic.italic);
        assert_eq!(italic.color, Some(Rgba::opaque(0x222222)));
        let strong = theme.style("markup.heading.strong");
        assert!(strong.bold && !strong.italic);
        assert_eq!(strong.color, Some(Rgba::opaque(0x111111)));
        let both = theme.style("markup.strong.italic");
        assert!(both.bold && both.italic);
    }

    #[test]
    fn a_capture_falls_back_by_its_front() {
        let theme = SyntaxTheme {
            rules: vec![rule("entity.name.function", 0x111111, None)],
        };
        for capture in [
            "function",
            "function.method",
            "function.method.call",
            "@function",
        ] {
            assert_eq!(
                theme.style(capture).color,
                Some(Rgba::opaque(0x111111)),
                "{capture}"
            );
        }
        assert_eq!(theme.style("variable"), SyntaxStyle::default());
    }

    #[test]
    fn selectors_of_one_place_are_left_out() {
        assert_eq!(
            selectors(
                "keyword, source.js string, comment - comment.doc, L:markup.bold, \n, Library"
            ),
            ["keyword", "comment", "markup.bold", "Library"]
        );
    }

    proptest! {
        #[test]
        fn any_selector_and_capture_is_taken(scope in "\\PC{0,40}", capture in "\\PC{0,40}") {
            let theme = SyntaxTheme { rules: vec![rule(&scope, 1, None)] };
            theme.style(&capture);
        }
    }
}
