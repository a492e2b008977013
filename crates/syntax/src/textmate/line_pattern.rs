//! Patterns for whole lines, as the files of VS Code's extensions have them.

use std::fmt::{self, Debug};
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use syntaxmate::{GrammarRegistry, Tokenizer, TokenizerOptions, TokenizerState};

use super::imported::tell_problem;

/// The longest pattern that is taken, in bytes.
const MAX_PATTERN: usize = 8 * 1024;

/// An answer that takes longer is slow.
const MAX_TIME: Duration = Duration::from_millis(20);

/// Slow answers before a pattern is not asked any more. One alone may be the machine's doing.
const MAX_SLOW: usize = 3;

/// A regular expression of JavaScript for lines, run by the engine of the TextMate grammars, which
/// bounds the steps of an answer: these patterns look ahead and behind, and are not Kiln's own. One
/// that once needed more steps, or is slow time and again, matches nothing from then on, which is
/// told where the pattern has an owner.
pub(crate) struct LinePattern {
    pattern: String,
    owner: Option<String>,
    slow: AtomicUsize,
    is_left: AtomicBool,
    tokenizer: Mutex<Tokenizer>,
    initial: TokenizerState,
}

impl Debug for LinePattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "LinePattern({:?})", self.pattern)
    }
}

impl LinePattern {
    /// Longer lines, in bytes, match nothing: they are asked about while a person types, and an
    /// answer cannot be broken off.
    pub(crate) const MAX_LINE: usize = 256;

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
            // What it skips would count as work that was too much.
            max_line_bytes: 2 * Self::MAX_LINE,
            line_cache_entries: 0,
        };
        let tokenizer = Tokenizer::new(&registry, root, options).ok()?;
        Some(Self {
            pattern: pattern.to_owned(),
            owner: None,
            slow: AtomicUsize::new(0),
            is_left: AtomicBool::new(false),
            initial: tokenizer.initial_state(),
            tokenizer: Mutex::new(tokenizer),
        })
    }

    /// With what it is called where a person is told of it, as the start of a sentence.
    pub(crate) fn told_as(self, owner: String) -> Self {
        let owner = Some(owner);
        Self { owner, ..self }
    }

    /// Whether it matches somewhere in a line, which has no line feed. What takes too long matches
    /// nothing.
    pub(crate) fn is_match(&self, line: &str) -> bool {
        if line.len() > Self::MAX_LINE || self.is_left.load(Ordering::Relaxed) {
            return false;
        }
        let mut state = self.initial.clone();
        let mut tokenizer = (self.tokenizer.lock()).unwrap_or_else(PoisonError::into_inner);
        let started = Instant::now();
        // A pattern from elsewhere must not end the program, whatever it makes of the library.
        let done = std::panic::catch_unwind(AssertUnwindSafe(|| {
            tokenizer.tokenize_line_with(line, &mut state, |_| {})
        }));
        let is_slow = started.elapsed() > MAX_TIME;
        let slow = is_slow && self.slow.fetch_add(1, Ordering::Relaxed) + 1 >= MAX_SLOW;
        let is_complete = matches!(done, Ok(Ok(status)) if status.is_complete());
        if slow || !is_complete {
            self.is_left.store(true, Ordering::Relaxed);
            if let Some(owner) = &self.owner {
                let problem =
                    "takes too long on a line; it is not asked again until the next start";
                tell_problem(owner, problem);
            }
        }
        is_complete && state.depth() > self.initial.depth()
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
    fn what_cannot_be_run_is_refused() {
        assert!(LinePattern::new("a)", false).is_none());
        assert!(LinePattern::new(&"(".repeat(5000), false).is_none());
    }

    /// The letter that the first half of the pattern ends with stands in the line, so that the
    /// engine does not see from afar that nothing can match.
    #[test]
    fn a_pattern_that_once_was_too_much_work_is_not_asked_again() {
        let hostile = LinePattern::new("(?:x+x+)+y|end", false).unwrap();
        assert!(hostile.is_match("end"));
        assert!(!hostile.is_match(&format!("{} y", "x".repeat(200))));
        assert!(!hostile.is_match("end"));
    }

    #[test]
    fn a_line_that_is_too_long_matches_nothing_and_leaves_the_pattern() {
        let fine = LinePattern::new("end", false).unwrap();
        let line = |bytes: usize| format!("{}end", " ".repeat(bytes - 3));
        assert!(fine.is_match(&line(LinePattern::MAX_LINE)));
        assert!(!fine.is_match(&line(LinePattern::MAX_LINE + 1)));
        assert!(!fine.is_match(&line(100 * LinePattern::MAX_LINE)));
        assert!(fine.is_match("end"));
    }
}
