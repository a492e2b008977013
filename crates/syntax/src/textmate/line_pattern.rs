//! Patterns for whole lines, as the files of VS Code's extensions have them.

use std::fmt::{self, Debug};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use syntaxmate::{GrammarRegistry, Tokenizer, TokenizerOptions, TokenizerState};

/// The longest pattern that is taken, in bytes.
const MAX_PATTERN: usize = 8 * 1024;

/// Longer lines match nothing.
const MAX_LINE: usize = 4 * 1024;

/// How long one question may take.
const MAX_TIME: Duration = Duration::from_millis(20);

/// A regular expression of JavaScript for lines, run by the engine of the TextMate grammars, whose
/// work is bounded: these patterns look ahead and behind, and are not Kiln's own.
pub(crate) struct LinePattern {
    pattern: String,
    tokenizer: Mutex<Tokenizer>,
    initial: TokenizerState,
}

impl Debug for LinePattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "LinePattern({:?})", self.pattern)
    }
}

impl LinePattern {
    /// `None` for a pattern that is too long or that the engine does not understand.
    pub(crate) fn new(pattern: &str, ignore_case: bool) -> Option<Self> {
        if pattern.is_empty() || pattern.len() > MAX_PATTERN || !super::imported::is_flat(pattern) {
            return None;
        }
        let case = if ignore_case { "(?i)" } else { "" };
        let engine = format!("{case}(?:{})", in_engine(pattern));
        let grammar = serde_json::json!({
            "scopeName": "source.pattern",
            // A match opens something that never ends, so that one of nothing is noticed, too.
            "patterns": [{ "begin": engine, "end": "(?!)" }],
        });
        let mut registry = GrammarRegistry::new();
        let root = registry.add_json(&grammar.to_string()).ok()?;
        registry.validate_regexes().ok()?;
        let options = TokenizerOptions {
            max_line_bytes: MAX_LINE,
            line_cache_entries: 0,
        };
        let tokenizer = Tokenizer::new(&registry, root, options).ok()?;
        Some(Self {
            pattern: pattern.to_owned(),
            initial: tokenizer.initial_state(),
            tokenizer: Mutex::new(tokenizer),
        })
    }

    /// Whether it matches somewhere in a line, which has no line feed. What takes too long matches
    /// nothing.
    pub(crate) fn is_match(&self, line: &str) -> bool {
        let mut state = self.initial.clone();
        let started = Instant::now();
        let mut tokenizer = (self.tokenizer.lock()).unwrap_or_else(PoisonError::into_inner);
        let done = tokenizer.tokenize_line_with_interrupt(
            line,
            &mut state,
            |_| {},
            || started.elapsed() > MAX_TIME,
        );
        done.is_ok() && state.depth() > self.initial.depth()
    }
}

/// A pattern of JavaScript as the engine reads it: brackets and ampersands in a class stand for
/// themselves there, and characters have another form.
fn in_engine(pattern: &str) -> String {
    let mut made = String::with_capacity(pattern.len());
    let mut in_class = false;
    let mut rest = pattern.chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            '\\' => match rest.next() {
                Some('u') if rest.peek() != Some(&'{') => made.push_str(&code(&mut rest)),
                Some('u') => made.push_str("\\x"),
                Some('/') => made.push('/'),
                Some(escaped) => made.extend(['\\', escaped]),
                None => made.push('\\'),
            },
            '[' if in_class => made.push_str("\\["),
            '&' if in_class => made.push_str("\\&"),
            '[' => {
                in_class = true;
                made.push('[');
            }
            ']' => {
                in_class = false;
                made.push(']');
            }
            other => made.push(other),
        }
    }
    made
}

/// The four digits of a code unit.
fn code(rest: &mut std::iter::Peekable<std::str::Chars<'_>>) -> String {
    let mut digits = String::new();
    while digits.len() < 4
        && let Some(digit) = rest.next_if(char::is_ascii_hexdigit)
    {
        digits.push(digit);
    }
    match digits.len() {
        4 => format!("\\x{{{digits}}}"),
        _ => format!("u{digits}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_of_extensions_match_as_in_javascript() {
        let cases = [
            (r#"^.*\{[^}\"']*$"#, "if x {", true),
            (r#"^.*\{[^}\"']*$"#, "if x {}", false),
            (r"^((?!.*?\/\*).*\*\/)?\s*[\}\]].*$", "  }", true),
            (r"^((?!.*?\/\*).*\*\/)?\s*[\}\]].*$", "  x }", false),
            (r"[^[&]x", "[x", false),
            (r"[^[&]x", "ax", true),
            (r"^\s*$", "", true),
            (r"^\s*$", "a", false),
            (r"(?<!a)b\u0041", "cbA", true),
            (r"(?<!a)b\u0041", "abA", false),
            (r"\bend\b", "  end", true),
            (r"\bend\b", "bend", false),
        ];
        for (pattern, line, expected) in cases {
            let made = LinePattern::new(pattern, false).unwrap();
            assert_eq!(made.is_match(line), expected, "{pattern} in {line:?}");
        }
        assert!(LinePattern::new("END", true).unwrap().is_match("end"));
        assert!(!LinePattern::new("END", false).unwrap().is_match("end"));
    }

    #[test]
    fn what_cannot_be_run_is_refused_and_what_never_ends_is_left() {
        assert!(LinePattern::new("a)", false).is_none());
        assert!(LinePattern::new(&"(".repeat(5000), false).is_none());
        let hostile = LinePattern::new("(x+x+)+y", false).unwrap();
        assert!(!hostile.is_match(&"x".repeat(4000)));
    }
}
