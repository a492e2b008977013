//! What a server may do besides: it is tried where the server offers it.

use std::cell::Cell;
use std::ops::Range;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use editor_core::Edit;
use lsp::{ActionsAsked, Diagnostic, HierarchyKind, Reply, RequestError};

use super::case::{Outcome, Step};
use super::session::{PAUSE, Session};

/// What is empty for longer stays so.
const PATIENCE: Duration = Duration::from_secs(60);

impl Session {
    /// What came of something that servers may do or not.
    pub(super) fn feature(&mut self, step: Step) -> Result<Outcome> {
        if step == Step::CodeAction {
            return self.code_action();
        }
        let (file, server) = (self.file().to_owned(), self.server.clone());
        let all = 0..self.text.len();
        let at = match self.case.says.is_empty() && self.case.rename.0.is_empty() {
            true => 0,
            false => self.mark("use")?,
        };
        let word = self.text.slice(at..self.text.len());
        let name = word.find(|c: char| !c.is_alphanumeric()).unwrap_or(0);
        match step {
            Step::References => {
                let ask = || server.references(&file, at);
                tried(ask, |places| {
                    let mut here = places.iter().filter(|one| one.path == file);
                    let row = self.text.row_at(at);
                    here.any(|one| one.position.line as usize == row)
                })
            }
            Step::Highlights => tried(
                || server.document_highlights(&file, at),
                |found| found.is_some_and(|all| all.iter().any(|(range, _)| range.contains(&at))),
            ),
            Step::SignatureHelp => tried(
                || server.signature_help(&file, at + name + 1, Some("("), false),
                |help| help.is_some(),
            ),
            Step::InlayHints => tried(
                || server.inlay_hints(&file, all.clone()),
                |(_, hints)| !hints.is_empty(),
            ),
            Step::SemanticTokens => {
                let part = server.offers_tokens().filter(|offered| !offered.whole);
                let part = part.map(|_| all.clone());
                tried(
                    || server.semantic_tokens(&file, part.clone(), None),
                    |tokens| tokens.is_some_and(|tokens| !tokens.tokens.is_empty()),
                )
            }
            Step::CodeLens => tried(
                || server.code_lenses(&file),
                |(_, lenses)| !lenses.is_empty(),
            ),
            Step::CallHierarchy => tried(
                || server.prepare_hierarchy(&file, at, HierarchyKind::IncomingCalls),
                |items| !items.is_empty(),
            ),
            // The definitions are in the other file where there is one.
            Step::Outline | Step::Folds => self.structure(step),
            _ => bail!("{step:?} is tried elsewhere"),
        }
    }

    /// One of the files holds what has a name, or can be folded.
    fn structure(&self, step: Step) -> Result<Outcome> {
        let (files, server) = (self.open_others(), &self.server);
        let asked = Cell::new(0);
        let next = || {
            asked.set(asked.get() + 1);
            &files[asked.get() % files.len()]
        };
        let done = match step {
            Step::Outline => tried(
                || server.document_symbols(next()),
                |(_, symbols)| !symbols.is_empty(),
            ),
            _ => tried(
                || server.folding_ranges(next()),
                |(_, folds)| !folds.is_empty(),
            ),
        };
        self.close_others();
        done
    }

    /// Something can be done about the mistake, or with what is used.
    fn code_action(&mut self) -> Result<Outcome> {
        let (file, server) = (self.file().to_owned(), self.server.clone());
        let asks = |at: Range<usize>, said: &[(Range<usize>, Diagnostic)]| {
            tried(
                || server.code_actions(&file, at.clone(), said, &ActionsAsked::All),
                |actions| actions.iter().any(|action| action.disabled.is_none()),
            )
        };
        if self.case.lacks.contains(&Step::Diagnostic) {
            let at = self.mark("use")?;
            return asks(at..at, &[]);
        }
        let at = self.mark("error")?;
        self.edit(vec![Edit::new(at..at, self.case.mistake)])?;
        let said = self.said(|rows| !rows.is_empty())?;
        let place = said.first().map_or(at..at, |(range, _)| range.clone());
        let done = asks(place, &said);
        self.reset()?;
        done
    }
}

/// Asks until the answer is as it should be; one that is offered and never so is a failure.
fn tried<T>(ask: impl Fn() -> Reply<T>, is_good: impl Fn(T) -> bool) -> Result<Outcome> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let failed = match ask().wait_blocking().map(&is_good) {
            Err(RequestError::Unsupported) => return Ok(Outcome::Lacks),
            Ok(true) => return Ok(Outcome::Works),
            Ok(false) => "it is offered, and there is nothing in the answer".to_owned(),
            Err(error) => error.to_string(),
        };
        if Instant::now() > deadline {
            bail!(failed);
        }
        std::thread::sleep(PAUSE);
    }
}
