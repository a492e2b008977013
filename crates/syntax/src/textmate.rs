//! TextMate grammars, for languages that no tree-sitter grammar is there for. All that is known of
//! the library that runs them is in this file and those below it.

mod expansion;
mod imported;
mod line_pattern;
mod patience;
mod reading;
mod scopes;
mod stopwatch;

use std::collections::HashMap;
use std::ops::Range;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::Duration;

use editor_core::auto_pair::Pair;
use syntaxmate::{
    Catalog, GrammarRegistry, PreparedLanguage, Tokenizer, TokenizerOptions, TokenizerState,
};

use crate::brackets::LineBracket;
use crate::highlight::HighlightId;
use crate::language::LanguageId;

pub use imported::{GrammarSource, ImportedGrammar, check_grammar, take_grammar_problems};
pub(crate) use imported::{forget_prepared, set_imported, tell_problem};
pub(crate) use line_pattern::LinePattern;
use patience::MAX_LINE_TIME;
pub(crate) use patience::Patience;
use reading::read_apart;
pub(crate) use reading::{GivenUp, Pulse, Unread};
#[cfg(test)]
pub(crate) use scopes::is_given;
use scopes::{highlight, is_code};
use stopwatch::Stopwatch;

/// Longer lines have no highlights, as in VS Code (`editor.maxTokenizationLineLength`).
const MAX_LINE_BYTES: usize = 20_000;

/// The starts of a long line that a grammar from elsewhere is tried on first, in bytes.
const TRIED: [usize; 4] = [64, 256, 1024, 8192];

/// A start up to this long is read with less steps than the engine has by any grammar that is worth
/// its time.
const MAX_COMPLETE: usize = 1024;

/// What of the end of the line is put behind such a start: what a pattern wants there may be what
/// makes it try in vain.
const TRIED_END: usize = 16;

/// A longer line that needs more steps than the engine has for a line is read in parts of so many
/// bytes, each of which has these steps. To the grammar each part ends as the line does.
const MAX_PART: usize = 4096;

/// How often another reading is asked whether it is done with the engine.
const LOOK: Duration = Duration::from_millis(1);

/// Lines whose tokens a text keeps, so that the same line in the same state is not matched again.
const CACHED_LINES: usize = 2_000;

/// Where a grammar comes from.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(crate) enum LineGrammar {
    /// By its name among Kiln's own, or else in the library's catalogue.
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
    /// Those in code, where they are asked for.
    pub(crate) brackets: Vec<LineBracket>,
    pub(crate) behind: LineState,
}

impl LineRead {
    /// A line of which nothing is said.
    pub(crate) fn nothing(before: &LineState) -> Self {
        Self {
            spans: Vec::new(),
            embedded: Vec::new(),
            brackets: Vec::new(),
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
    /// It was given up for all texts.
    is_given_up: Arc<AtomicBool>,
    /// The readings that were given up, of which there may be so many alone.
    readings: &'static GivenUp,
    initial: LineState,
    /// Languages by the scopes of what is written in them.
    embedded: Arc<HashMap<String, LanguageId>>,
    /// The brackets that are noted.
    brackets: &'static [Pair],
}

/// Grammars of Kiln's own, for what the library's catalogue has none or a poor one for.
const OWN: [(&str, &str); 3] = [
    (
        "git-commit",
        include_str!("../../../assets/textmate/git-commit.json"),
    ),
    (
        "git-rebase",
        include_str!("../../../assets/textmate/git-rebase.json"),
    ),
    ("log", include_str!("../../../assets/textmate/log.json")),
];

/// A grammar of Kiln's own or of the library's catalogue, made once for all texts.
fn of_catalog(name: &str) -> Option<PreparedLanguage> {
    static PREPARED: LazyLock<Mutex<HashMap<String, PreparedLanguage>>> =
        LazyLock::new(Mutex::default);
    let mut prepared = lock(&PREPARED);
    if let Some(known) = prepared.get(name) {
        return Some(known.clone());
    }
    let made = match OWN.iter().find(|(own, _)| *own == name) {
        Some((_, source)) => {
            let mut registry = GrammarRegistry::new();
            let root = registry.add_json(source).ok()?;
            PreparedLanguage::new(&registry, root).ok()?
        }
        None => PreparedLanguage::from_catalog(&Catalog::bundled(), name).ok()?,
    };
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

/// Which grammars were given up; each text that is read by one shares what is said of it here.
static GIVEN_UP: LazyLock<Mutex<HashMap<LineGrammar, Arc<AtomicBool>>>> =
    LazyLock::new(Mutex::default);

fn given_up(grammar: LineGrammar) -> Arc<AtomicBool> {
    Arc::clone(lock(&GIVEN_UP).entry(grammar).or_default())
}

/// Gives grammars that were imported anew another chance.
fn forget_given_up() {
    lock(&GIVEN_UP).retain(|grammar, _| matches!(grammar, LineGrammar::Catalog(_)));
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
            is_given_up: given_up(grammar),
            readings: GivenUp::of_program(),
            embedded,
            brackets: &[],
        })
    }

    /// As it is, noting these brackets.
    pub(crate) fn noting(self, brackets: &'static [Pair]) -> Self {
        Self { brackets, ..self }
    }

    /// Whether it notes any brackets.
    pub(crate) fn notes_brackets(&self) -> bool {
        !self.brackets.is_empty()
    }

    /// With the readings of a test's own that were given up.
    #[cfg(test)]
    pub(crate) fn beside(self, readings: &'static GivenUp) -> Self {
        Self { readings, ..self }
    }

    /// The state before the first line.
    pub(crate) fn initial(&self) -> &LineState {
        &self.initial
    }

    /// Tells a problem of the grammar, once.
    fn tell(&self, problem: &str) {
        match self.grammar {
            LineGrammar::Imported(scope) => imported::tell(scope, problem),
            LineGrammar::Catalog(name) => tell_problem(&format!("Kiln's grammar {name}"), problem),
        }
    }

    /// Whether nothing more is read of the text.
    pub(crate) fn is_over(&self) -> bool {
        self.is_left.load(Ordering::Relaxed) || self.is_given_up.load(Ordering::Relaxed)
    }

    /// Has lines read on a thread of their own.
    ///
    /// # Errors
    /// Where nothing was read, which is told. A grammar that shows no sign of life within a line is
    /// not used again.
    pub(crate) fn apart<T: Send + 'static>(
        &self,
        cancel: &AtomicBool,
        read: impl FnOnce(&Pulse) -> T + Send + 'static,
    ) -> Result<T, Unread> {
        let read = read_apart(self.readings, cancel, read);
        match &read {
            Ok(_) => {}
            Err(Unread::Stuck) => {
                self.is_given_up.store(true, Ordering::Relaxed);
                self.tell(
                    "takes too long on a line; it is not used again until the next start, and \
                      its files are shown without colours",
                );
            }
            Err(Unread::Failed) => {
                self.tell("makes the engine fail on a text, which is shown without colours");
            }
            Err(Unread::NotBegun) => tell_problem(
                "Lines that some grammars take too long on",
                "are still being read; until that ends, texts in languages without a grammar for \
                 trees get no new colours, and after it they get them with their next change",
            ),
        }
        read
    }

    /// The engine, once no other reading of the text has it. `None` where `cancelled` says so, or
    /// where it will not be needed.
    fn engine(&self, cancelled: &impl Fn() -> bool) -> Option<MutexGuard<'_, Tokenizer>> {
        loop {
            if cancelled() || self.is_over() {
                return None;
            }
            match self.tokenizer.try_lock() {
                Ok(tokenizer) => return Some(tokenizer),
                Err(TryLockError::Poisoned(poisoned)) => return Some(poisoned.into_inner()),
                // A reading that is not wanted any more is in its last step.
                Err(TryLockError::WouldBlock) => std::thread::sleep(LOOK),
            }
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
            let watch = Stopwatch::start();
            let start = &line[..line.floor_char_boundary(tried)];
            let end = &line[line.ceil_char_boundary(line.len() - TRIED_END)..];
            let done = tokenizer.tokenize_line_with_interrupt(
                &format!("{start}{end}"),
                &mut before.0.clone(),
                |_| {},
                || cancelled() || watch.is_past(MAX_LINE_TIME),
            );
            let is_read = done.is_ok_and(|done| done.is_complete() || tried > MAX_COMPLETE);
            is_read && !watch.is_past(MAX_LINE_TIME)
        })
    }

    /// Reads a part of a line, and says whether the engine had enough steps for it.
    fn read_part(
        &self,
        tokenizer: &mut Tokenizer,
        line: &str,
        part: &Range<usize>,
        read: &mut LineRead,
        interrupted: &impl Fn() -> bool,
    ) -> Result<bool, syntaxmate::Error> {
        if interrupted() {
            return Err(syntaxmate::Error::Interrupted);
        }
        let (spans, embedded) = (&mut read.spans, &mut read.embedded);
        let brackets = &mut read.brackets;
        let done = tokenizer.tokenize_line_with_interrupt(
            &line[part.clone()],
            &mut read.behind.0,
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
                let marks = line.as_bytes()[start as usize..end as usize].iter();
                let known = brackets.len();
                brackets.extend(
                    (start..)
                        .zip(marks)
                        .filter_map(|(at, byte)| LineBracket::of(*byte, at, self.brackets)),
                );
                if brackets.len() > known && !is_code(token.scopes()) {
                    brackets.truncate(known);
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
            interrupted,
        )?;
        Ok(done.is_complete())
    }

    /// Reads a line as a whole, or in parts where the engine has not enough steps for that.
    fn read_line(
        &self,
        tokenizer: &mut Tokenizer,
        line: &str,
        before: &LineState,
        cancelled: &impl Fn() -> bool,
    ) -> Result<LineRead, syntaxmate::Error> {
        if !self.bears(tokenizer, line, before, cancelled) {
            return Err(syntaxmate::Error::Interrupted);
        }
        let watch = Stopwatch::start();
        let interrupted = || cancelled() || watch.is_past(MAX_LINE_TIME);
        let mut read = LineRead::nothing(before);
        let whole = 0..line.len();
        let is_whole = self.read_part(tokenizer, line, &whole, &mut read, &interrupted)?;
        if is_whole || line.len() <= MAX_PART || line.len() >= MAX_LINE_BYTES {
            return Ok(read);
        }
        let mut read = LineRead::nothing(before);
        let mut start = 0;
        while start < line.len() {
            let end = line.floor_char_boundary(start + MAX_PART);
            self.read_part(tokenizer, line, &(start..end), &mut read, &interrupted)?;
            start = end;
        }
        Ok(read)
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
        let Some(mut tokenizer) = self.engine(&cancelled) else {
            return (!cancelled()).then(|| LineRead::nothing(before));
        };
        let watch = Stopwatch::start();
        // A grammar from elsewhere must not end the program, whatever it makes of the library.
        let done = std::panic::catch_unwind(AssertUnwindSafe(|| {
            self.read_line(&mut tokenizer, line, before, &cancelled)
        }));
        // Also for a line that was read to its end, or whose reading is not wanted any more.
        patience.spend(watch.worked());
        if patience.is_over() {
            self.is_left.store(true, Ordering::Relaxed);
            // Of a grammar that was given up within this line all was said.
            if !self.is_given_up.load(Ordering::Relaxed) {
                self.tell("takes too long on a file; the rest of it is shown without colours");
            }
        }
        match done {
            Ok(Ok(read)) => Some(read),
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
        let watch = Stopwatch::start();
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
            || watch.is_past(MAX_LINE_TIME),
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

    /// A program may write anything into its log: no pattern looks at the rest of the line again and
    /// again.
    #[test]
    fn long_lines_of_a_log_are_no_slow_ones_whatever_they_hold() {
        let tokenizer = LineTokenizer::new(LineGrammar::Catalog("log")).unwrap();
        let parts = [
            r#"\"a\":\"b\","#,
            r#"""#,
            r#""a": "#,
            r"\",
            "'",
            "' ",
            "a.",
            "a-b.c_",
            "a=b ",
            "aError",
            "Error: ",
            "0123456789abcdef-",
            "abcdef01-",
            "1.",
            "1 ",
            "2026-",
            "12:",
            "[e",
            "x://",
            "at ",
            "\u{e9}",
        ];
        for part in parts {
            let line = part.repeat((MAX_LINE_BYTES - 1) / part.len());
            let patience = &mut Patience::default();
            let watch = Stopwatch::start();
            let read = tokenizer.line(&line, tokenizer.initial(), patience, || false);
            let worked = watch.worked();
            assert!(
                read.is_some() && worked < MAX_LINE_TIME / 2,
                "{part} {worked:?}"
            );
        }
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
