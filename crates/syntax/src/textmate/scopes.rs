//! What the scopes of TextMate grammars are in the names of the queries.

use std::collections::HashMap;
use std::sync::LazyLock;

use syntaxmate::Scopes;

use crate::highlight::HighlightId;

/// What a scope is, by the start of its name; of several that fit the longest counts. Nothing for
/// scopes that say no more than the one around them.
const SCOPES: &[(&str, &str)] = &[
    ("comment", "comment"),
    ("comment.block.documentation", "comment.documentation"),
    ("comment.line.documentation", "comment.documentation"),
    ("constant", "constant"),
    ("constant.character.escape", "string.escape"),
    ("constant.language", "constant.builtin"),
    ("constant.language.boolean", "boolean"),
    ("constant.numeric", "number"),
    ("constant.other.symbol", "constant"),
    ("entity.name", "type"),
    ("entity.name.function", "function"),
    ("entity.name.function.macro", "function.macro"),
    ("entity.name.label", "label"),
    ("entity.name.namespace", "module"),
    ("entity.name.section", "markup.heading.1"),
    ("entity.name.tag", "tag"),
    ("entity.name.variable", "variable"),
    ("entity.other.attribute-name", "attribute"),
    ("entity.other.inherited-class", "type"),
    ("invalid", "invalid"),
    ("invalid.deprecated", "invalid.deprecated"),
    ("keyword", "keyword.control"),
    ("keyword.control.import", "keyword.import"),
    ("keyword.control.from", "keyword.import"),
    ("keyword.operator", "operator"),
    ("keyword.operator.expression", "keyword.operator"),
    ("keyword.operator.new", "keyword.operator"),
    ("keyword.operator.word", "keyword.operator"),
    ("keyword.other.unit", "number"),
    ("markup.bold", "markup.strong"),
    ("markup.changed", "markup.changed"),
    ("markup.deleted", "markup.deleted"),
    ("markup.heading", "markup.heading.1"),
    ("markup.inline.raw", "markup.raw"),
    ("markup.inserted", "markup.inserted"),
    ("markup.italic", "markup.italic"),
    ("markup.list", "markup.list"),
    ("markup.quote", "markup.quote"),
    ("markup.raw", "markup.raw"),
    ("markup.strikethrough", "markup.strikethrough"),
    ("markup.underline.link", "markup.link.url"),
    ("meta.diff.header", "markup.heading.marker"),
    ("meta.diff.range", "label"),
    ("meta.embedded", "embedded"),
    ("meta.template.expression", "embedded"),
    ("punctuation.accessor", "punctuation.delimiter"),
    (
        "punctuation.definition.template-expression",
        "punctuation.special",
    ),
    ("punctuation.section", "punctuation.bracket"),
    ("punctuation.section.embedded", "punctuation.special"),
    ("punctuation.separator", "punctuation.delimiter"),
    ("punctuation.terminator", "punctuation.delimiter"),
    ("storage", "keyword.storage"),
    ("storage.type.primitive", "type.builtin"),
    ("string", "string"),
    ("string.regexp", "string.regexp"),
    ("string.unquoted", "string"),
    ("support.class", "type"),
    ("support.constant", "constant.builtin"),
    ("support.function", "function.builtin"),
    ("support.type", "type.builtin"),
    ("support.type.property-name", "property"),
    ("support.variable", "variable.builtin"),
    ("variable", "variable"),
    ("variable.function", "function"),
    ("variable.language", "variable.builtin"),
    ("variable.other.constant", "constant"),
    ("variable.other.member", "property"),
    ("variable.other.property", "property"),
    ("variable.parameter", "variable.parameter"),
];

/// Whether some scope is of this name.
#[cfg(test)]
pub(crate) fn is_given(id: HighlightId) -> bool {
    SCOPES.iter().any(|(_, name)| *name == id.name())
}

/// What a stack of scopes, the innermost last, is in the names of the queries.
pub(super) fn highlight(scopes: Scopes<'_>) -> Option<HighlightId> {
    static KNOWN: LazyLock<HashMap<&'static str, Option<HighlightId>>> = LazyLock::new(|| {
        let scopes = SCOPES.iter();
        let known = scopes.map(|(scope, name)| (*scope, HighlightId::for_name(name)));
        known.collect()
    });
    let mut found = None;
    for scope in scopes {
        let mut prefix = Some(scope);
        while let Some(part) = prefix {
            if let Some(known) = KNOWN.get(part) {
                found = *known;
                break;
            }
            prefix = part.rsplit_once('.').map(|(shorter, _)| shorter);
        }
    }
    // Code inside a string or comment is text of neither.
    found.filter(|found| found.name() != "embedded")
}

/// Whether what stands in a stack of scopes, the innermost last, is neither a string, a comment nor a
/// regular expression, as VS Code tells them apart.
pub(super) fn is_code(scopes: Scopes<'_>) -> bool {
    let mut is_code = true;
    for scope in scopes {
        let mut before = "";
        for word in scope.split(|sign: char| !sign.is_alphanumeric() && sign != '_') {
            match word {
                "comment" | "string" | "regex" => is_code = false,
                "embedded" if before == "meta" => is_code = true,
                _ => {
                    before = word;
                    continue;
                }
            }
            break;
        }
    }
    is_code
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_have_the_names_that_queries_give() {
        for (scope, name) in SCOPES {
            assert!(HighlightId::for_name(name).is_some(), "{scope}: {name}");
        }
    }
}
