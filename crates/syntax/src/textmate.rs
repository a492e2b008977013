//! TextMate grammars, for languages that no tree-sitter grammar is there for. All that is known of
//! the library that runs them is in this file.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use syntaxmate::{Catalog, PreparedLanguage, Scopes, Tokenizer, TokenizerOptions, TokenizerState};

use crate::highlight::HighlightId;

/// Longer lines have no highlights, as in VS Code (`editor.maxTokenizationLineLength`).
const MAX_LINE_BYTES: usize = 20_000;

/// How long one line may take; one that takes longer has no highlights.
const MAX_LINE_TIME: Duration = Duration::from_millis(200);

/// Lines whose tokens a text keeps, so that the same line in the same state is not matched again.
const CACHED_LINES: usize = 2_000;

/// What goes on from one line to the next.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct LineState(TokenizerState);

/// A highlighted part of a line: its bytes, from the start of the line.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct LineSpan {
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) highlight: HighlightId,
}

/// A grammar at work on one text. Clones work on it together.
#[derive(Clone, Debug)]
pub(crate) struct LineTokenizer {
    tokenizer: Arc<Mutex<Tokenizer>>,
    initial: LineState,
}

/// The grammar of a language of the library's catalogue, made once for all texts.
fn prepared(name: &str) -> Option<PreparedLanguage> {
    static PREPARED: LazyLock<Mutex<HashMap<String, PreparedLanguage>>> =
        LazyLock::new(Mutex::default);
    let mut prepared = lock(&PREPARED);
    if let Some(known) = prepared.get(name) {
        return Some(known.clone());
    }
    let made = PreparedLanguage::from_catalog(&Catalog::bundled(), name).ok()?;
    prepared.insert(name.to_owned(), made.clone());
    Some(made)
}

/// A panic in another thread leaves nothing half done that a line depends on.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl LineTokenizer {
    /// For a text in a language of the catalogue; `None` where there is none of this name.
    pub(crate) fn new(name: &str) -> Option<Self> {
        let options = TokenizerOptions {
            max_line_bytes: MAX_LINE_BYTES,
            line_cache_entries: CACHED_LINES,
        };
        let tokenizer = prepared(name)?.tokenizer(options);
        Some(Self {
            initial: LineState(tokenizer.initial_state()),
            tokenizer: Arc::new(Mutex::new(tokenizer)),
        })
    }

    /// The state before the first line.
    pub(crate) fn initial(&self) -> &LineState {
        &self.initial
    }

    /// The highlights of a line, without its line feed, and the state behind it. `None` where
    /// `cancelled` says so.
    pub(crate) fn line(
        &self,
        line: &str,
        before: &LineState,
        cancelled: impl Fn() -> bool,
    ) -> Option<(Vec<LineSpan>, LineState)> {
        let mut spans: Vec<LineSpan> = Vec::new();
        let mut state = before.clone();
        let started = Instant::now();
        let done = lock(&self.tokenizer).tokenize_line_with_interrupt(
            line,
            &mut state.0,
            |token| {
                let range = token.range();
                let ends = (u32::try_from(range.start), u32::try_from(range.end));
                let (Some(highlight), (Ok(start), Ok(end))) = (highlight(token.scopes()), ends)
                else {
                    return;
                };
                match spans.last_mut() {
                    Some(last) if last.end == start && last.highlight == highlight => {
                        last.end = end;
                    }
                    _ => spans.push(LineSpan {
                        start,
                        end,
                        highlight,
                    }),
                }
            },
            || cancelled() || started.elapsed() > MAX_LINE_TIME,
        );
        match done {
            Ok(_) => Some((spans, state)),
            Err(_) if cancelled() => None,
            // A line that takes too long is left out.
            Err(_) => Some((Vec::new(), before.clone())),
        }
    }
}

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
    ("keyword", "keyword.control"),
    ("keyword.control.import", "keyword.import"),
    ("keyword.control.from", "keyword.import"),
    ("keyword.operator", "operator"),
    ("keyword.operator.expression", "keyword.operator"),
    ("keyword.operator.new", "keyword.operator"),
    ("keyword.operator.word", "keyword.operator"),
    ("keyword.other.unit", "number"),
    ("markup.bold", "markup.strong"),
    ("markup.changed", "label"),
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

/// What a stack of scopes, the innermost last, is in the names of the queries.
fn highlight(scopes: Scopes<'_>) -> Option<HighlightId> {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn described(name: &str, text: &str) -> Vec<String> {
        let tokenizer = LineTokenizer::new(name).unwrap();
        let mut state = tokenizer.initial().clone();
        let mut found = Vec::new();
        for line in text.lines() {
            let (spans, next) = tokenizer.line(line, &state, || false).unwrap();
            state = next;
            found.extend(spans.iter().map(|span| {
                let part = &line[span.start as usize..span.end as usize];
                format!("{part:?} {}", span.highlight.name())
            }));
        }
        found
    }

    #[test]
    fn scopes_have_the_names_that_queries_give() {
        for (scope, name) in SCOPES {
            assert!(HighlightId::for_name(name).is_some(), "{scope}: {name}");
        }
        let found = described("lua", "local a = 'b' -- c\nfunction f() return 1 end");
        for expected in [
            "\"local\" keyword.control",
            "\"'b' \" string",
            "\"-- c\" comment",
            "\"f\" function",
            "\"1\" number",
        ] {
            assert!(
                found.contains(&expected.to_owned()),
                "{expected} in {found:?}"
            );
        }
    }

    #[test]
    fn what_a_line_leaves_open_goes_on_in_the_next() {
        let found = described("lua", "--[[ a\nb ]] c");
        assert!(found.contains(&"\"b ]]\" comment".to_owned()), "{found:?}");
    }

    #[test]
    fn a_cancelled_or_very_long_line_is_left() {
        let tokenizer = LineTokenizer::new("lua").unwrap();
        let state = tokenizer.initial().clone();
        let long = "a = 1 ".repeat(MAX_LINE_BYTES);
        let (spans, after) = tokenizer.line(&long, &state, || false).unwrap();
        assert!(spans.is_empty());
        let (spans, _) = tokenizer.line("local a", &after, || false).unwrap();
        assert!(!spans.is_empty());
        assert!(
            tokenizer
                .line(&"a = 1 ".repeat(2000), &state, || true)
                .is_none()
        );
        assert!(LineTokenizer::new("klingon").is_none());
    }
}
