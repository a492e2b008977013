//! TextMate grammars, for languages that no tree-sitter grammar is there for. All that is known of
//! the library that runs them is in this file and those below it.

mod expansion;
mod imported;
mod line_pattern;
mod patience;
mod scopes;

use std::collections::HashMap;
use std::ops::Range;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use syntaxmate::{Catalog, PreparedLanguage, Tokenizer, TokenizerOptions, TokenizerState};

use crate::highlight::HighlightId;
use crate::language::LanguageId;

pub use imported::{GrammarSource, ImportedGrammar, check_grammar, take_grammar_problems};
pub(crate) use imported::{forget_prepared, set_imported, tell_problem};
pub(crate) use line_pattern::LinePattern;
use patience::MAX_LINE_TIME;
pub(crate) use patience::Patience;
use scopes::highlight;

/// Longer lines have no highlights, as in VS Code (`editor.maxTokenizationLineLength`).
const MAX_LINE_BYTES: usize = 20_000;

/// The starts of a long line that a grammar from elsewhere is tried on first, in bytes.
const TRIED: [usize; 2] = [128, 1024];

/// What of the end of the line is put behind such a start: what a pattern wants there may be what
/// makes it try in vain.
const TRIED_END: usize = 16;

/// A longer line is read by a grammar from elsewhere in parts of so many bytes, between which it can
/// be broken off. To the grammar each part ends as the line does.
const MAX_PART: usize = 4096;

/// Lines whose tokens a text keeps, so that the same line in the same state is not matched again.
const CACHED_LINES: usize = 2_000;

/// Where a grammar comes from.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum LineGrammar {
    /// By its name in the library's catalogue.
    Catalog(&'static str),
    /// By its scope, of those that were imported.
    Imported(&'static str),
}

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

/// What reading a line gave.
pub(crate) struct LineRead {
    pub(crate) spans: Vec<LineSpan>,
    /// The parts in another language.
    pub(crate) embedded: Vec<(Range<u32>, LanguageId)>,
    pub(crate) behind: LineState,
}

impl LineRead {
    /// A line of which nothing is said.
    pub(crate) fn nothing(before: &LineState) -> Self {
        Self {
            spans: Vec::new(),
            embedded: Vec::new(),
            behind: before.clone(),
        }
    }
}

/// A part of a line with what the grammar says of it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ScopedPart {
    /// Bytes, from the start of the line.
    pub range: Range<usize>,
    /// The outermost first.
    pub scopes: Vec<String>,
}

/// The scopes of every line of a text, by the TextMate grammar of its language, to be compared with
/// those of another engine. `None` for a language without one.
pub fn line_scopes(language: LanguageId, text: &str) -> Option<Vec<Vec<ScopedPart>>> {
    let tokenizer = LineTokenizer::new(crate::language::language(language).textmate?)?;
    let mut state = tokenizer.initial().clone();
    let lines = text.lines().map(|line| {
        let (parts, behind) = tokenizer.scopes(line, &state);
        state = behind;
        parts
    });
    Some(lines.collect())
}

/// A grammar at work on one text. Clones work on it together.
#[derive(Clone, Debug)]
pub(crate) struct LineTokenizer {
    grammar: LineGrammar,
    tokenizer: Arc<Mutex<Tokenizer>>,
    /// It took too long on the text; what is read from then on has no highlights.
    is_left: Arc<AtomicBool>,
    initial: LineState,
    /// Languages by the scopes of what is written in them.
    embedded: Arc<HashMap<String, LanguageId>>,
}

/// The grammar of a language of the library's catalogue, made once for all texts.
fn of_catalog(name: &str) -> Option<PreparedLanguage> {
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

/// The grammar of the library's catalogue for a language, by VS Code's identifier.
pub(crate) fn catalog_name(language: &str) -> Option<LineGrammar> {
    let catalog = Catalog::bundled();
    let name = catalog.canonical_language(language)?;
    Some(LineGrammar::Catalog(Box::leak(
        name.to_owned().into_boxed_str(),
    )))
}

/// A panic in another thread leaves nothing half done that a line depends on.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl LineTokenizer {
    /// For a text in a language; `None` where the catalogue has none of this name. An imported
    /// grammar that cannot be used leaves texts without highlights, and is told as a problem.
    pub(crate) fn new(grammar: LineGrammar) -> Option<Self> {
        let options = TokenizerOptions {
            max_line_bytes: MAX_LINE_BYTES,
            line_cache_entries: CACHED_LINES,
        };
        let (prepared, embedded) = match grammar {
            LineGrammar::Catalog(name) => (of_catalog(name)?, Arc::default()),
            LineGrammar::Imported(scope) => imported::prepared(scope)?,
        };
        let tokenizer = prepared.tokenizer(options);
        Some(Self {
            grammar,
            initial: LineState(tokenizer.initial_state()),
            tokenizer: Arc::new(Mutex::new(tokenizer)),
            is_left: Arc::default(),
            embedded,
        })
    }

    /// The state before the first line.
    pub(crate) fn initial(&self) -> &LineState {
        &self.initial
    }

    fn tell(&self, problem: &str) {
        match self.grammar {
            LineGrammar::Imported(scope) => imported::tell(scope, problem),
            LineGrammar::Catalog(_) => {}
        }
    }

    /// Whether the grammar is up to a line. The engine bounds the steps of a pattern at each place of
    /// a line, and looks at the time only between matches: what a hostile pattern costs grows with
    /// the line at least, and cannot be broken off. So a long line is first tried with starts of it,
    /// and left where one is slow or needs more steps than there are.
    fn bears(
        &self,
        tokenizer: &mut Tokenizer,
        line: &str,
        before: &LineState,
        cancelled: &impl Fn() -> bool,
    ) -> bool {
        let is_own = matches!(self.grammar, LineGrammar::Catalog(_));
        if is_own || line.len() >= MAX_LINE_BYTES {
            return true;
        }
        // Half as much again is not worth a try of its own.
        let tried = TRIED.into_iter().filter(|tried| line.len() >= 2 * tried);
        tried.into_iter().all(|tried| {
            let started = Instant::now();
            let start = &line[..line.floor_char_boundary(tried)];
            let end = &line[line.ceil_char_boundary(line.len() - TRIED_END)..];
            let done = tokenizer.tokenize_line_with_interrupt(
                &format!("{start}{end}"),
                &mut before.0.clone(),
                |_| {},
                || cancelled() || started.elapsed() > MAX_LINE_TIME,
            );
            let is_complete = matches!(done, Ok(status) if status.is_complete());
            is_complete && started.elapsed() <= MAX_LINE_TIME
        })
    }

    /// The parts that a line is read in.
    fn parts(&self, line: &str) -> Vec<Range<usize>> {
        let is_own = matches!(self.grammar, LineGrammar::Catalog(_));
        let most = match is_own || line.len() >= MAX_LINE_BYTES {
            true => usize::MAX,
            false => MAX_PART,
        };
        let mut parts = Vec::new();
        let mut start = 0;
        while line.len() - start > most {
            let end = line.floor_char_boundary(start + most);
            parts.push(start..end);
            start = end;
        }
        parts.push(start..line.len());
        parts
    }

    /// The highlights of a line, without its line feed, and the state behind it. `None` where
    /// `cancelled` says so. Where the line is more than `patience` has time for, the grammar is not
    /// asked again about this text, and that is told.
    pub(crate) fn line(
        &self,
        line: &str,
        before: &LineState,
        patience: &mut Patience,
        cancelled: impl Fn() -> bool,
    ) -> Option<LineRead> {
        let mut read = LineRead::nothing(before);
        let (spans, embedded) = (&mut read.spans, &mut read.embedded);
        let state = &mut read.behind.0;
        let mut tokenizer = lock(&self.tokenizer);
        // Another reading may have held it for long.
        if cancelled() {
            return None;
        }
        if self.is_left.load(Ordering::Relaxed) {
            return Some(read);
        }
        let started = Instant::now();
        // A grammar from elsewhere must not end the program, whatever it makes of the library.
        let done = std::panic::catch_unwind(AssertUnwindSafe(|| {
            if !self.bears(&mut tokenizer, line, before, &cancelled) {
                return Err(syntaxmate::Error::Interrupted);
            }
            for part in self.parts(line) {
                if cancelled() || started.elapsed() > MAX_LINE_TIME {
                    return Err(syntaxmate::Error::Interrupted);
                }
                tokenizer.tokenize_line_with_interrupt(
                    &line[part.clone()],
                    state,
                    |token| {
                        let range = token.range();
                        let (start, end) = (part.start + range.start, part.start + range.end);
                        let ends = (u32::try_from(start), u32::try_from(end));
                        let (Ok(start), Ok(end)) = ends else { return };
                        if let Some(language) = self.embedded_in(token.scopes()) {
                            match embedded.last_mut() {
                                Some((last, known)) if last.end == start && *known == language => {
                                    last.end = end;
                                }
                                _ => embedded.push((start..end, language)),
                            }
                        }
                        let Some(highlight) = highlight(token.scopes()) else {
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
                )?;
            }
            Ok(())
        }));
        // Also for a line that was read to its end, or whose reading is not wanted any more.
        patience.spend(started.elapsed());
        if patience.is_over() {
            self.is_left.store(true, Ordering::Relaxed);
            self.tell("takes too long on a file; the rest of it is shown without colours");
        }
        match done {
            Ok(Ok(())) => Some(read),
            Ok(Err(_)) if cancelled() => None,
            // A line that takes too long is left out.
            Ok(Err(_)) => Some(LineRead::nothing(before)),
            Err(_) => {
                self.tell("makes the engine fail on a line, which is shown without colours");
                Some(LineRead::nothing(before))
            }
        }
    }

    /// The scopes of the parts of a line, the outermost first, and the state behind it; nothing for
    /// a line that takes too long.
    pub(crate) fn scopes(&self, line: &str, before: &LineState) -> (Vec<ScopedPart>, LineState) {
        let mut state = before.clone();
        let mut parts = Vec::new();
        let started = Instant::now();
        let done = lock(&self.tokenizer).tokenize_line_with_interrupt(
            line,
            &mut state.0,
            |token| {
                let scopes = token.scopes().map(str::to_owned);
                parts.push(ScopedPart {
                    range: token.range(),
                    scopes: scopes.collect(),
                });
            },
            || started.elapsed() > MAX_LINE_TIME,
        );
        match done {
            Ok(_) => (parts, state),
            Err(_) => (Vec::new(), before.clone()),
        }
    }

    /// The language of the innermost scope that stands for one.
    fn embedded_in(&self, scopes: syntaxmate::Scopes<'_>) -> Option<LanguageId> {
        if self.embedded.is_empty() {
            return None;
        }
        let mut found = None;
        for scope in scopes {
            found = self.embedded.get(scope).copied().or(found);
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn described(name: &'static str, text: &str) -> Vec<String> {
        let tokenizer = LineTokenizer::new(LineGrammar::Catalog(name)).unwrap();
        let mut state = tokenizer.initial().clone();
        let mut found = Vec::new();
        for line in text.lines() {
            let read = tokenizer
                .line(line, &state, &mut Patience::default(), || false)
                .unwrap();
            state = read.behind;
            found.extend(read.spans.iter().map(|span| {
                let part = &line[span.start as usize..span.end as usize];
                format!("{part:?} {}", span.highlight.name())
            }));
        }
        found
    }

    #[test]
    fn scopes_have_highlights() {
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
        let tokenizer = LineTokenizer::new(LineGrammar::Catalog("lua")).unwrap();
        let state = tokenizer.initial().clone();
        let long = "a = 1 ".repeat(MAX_LINE_BYTES);
        let read = tokenizer
            .line(&long, &state, &mut Patience::default(), || false)
            .unwrap();
        assert!(read.spans.is_empty());
        let read = tokenizer
            .line("local a", &read.behind, &mut Patience::default(), || false)
            .unwrap();
        assert!(!read.spans.is_empty());
        assert!(
            tokenizer
                .line(
                    &"a = 1 ".repeat(2000),
                    &state,
                    &mut Patience::default(),
                    || true
                )
                .is_none()
        );
        assert!(LineTokenizer::new(LineGrammar::Catalog("klingon")).is_none());
    }
}
