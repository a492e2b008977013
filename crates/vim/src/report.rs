//! What is said of the lines that a command changed (`:help 'report'`).

use crate::operator::{Extent, Region};
use crate::{Effect, Message, Vim};

/// Over so many lines or fewer no word is lost: the option's default.
const REPORT: usize = 2;

/// What was replaced by `:s`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Substituted {
    pub matches: usize,
    pub lines: usize,
}

impl Substituted {
    /// "4 substitutions on 3 lines".
    pub fn words(self, what: &str) -> String {
        let Self { matches, lines } = self;
        let many = |count| if count == 1 { "" } else { "s" };
        let (of, on) = match what {
            "match" if matches != 1 => ("es", many(lines)),
            "match" => ("", many(lines)),
            _ => (many(matches), many(lines)),
        };
        format!("{matches} {what}{of} on {lines} line{on}")
    }
}

impl Vim {
    /// Something to say once the key is done. A `:g` that runs sums up at its end.
    fn report(&mut self, words: String) {
        if self.global.is_none() {
            self.report = Some(words);
        }
    }

    /// Says how many lines came or went since there were `before`.
    pub(crate) fn report_rows(&mut self, before: usize) {
        let (now, changed) = (self.rows(), self.rows().abs_diff(before));
        if self.lost_all_lines {
            self.report("--No lines in buffer--".to_owned());
        } else if changed > REPORT {
            let more = if now > before { "more" } else { "fewer" };
            self.report(format!("{changed} {more} lines"));
        }
    }

    /// Says what became of so many lines: "5 lines moved".
    pub(crate) fn report_lines(&mut self, count: usize, what: &str) {
        if count > REPORT {
            self.report(format!("{count} lines {what}"));
        }
    }

    /// The same of `>` and `<`.
    pub(crate) fn report_shift(&mut self, count: usize, right: bool, times: usize) {
        let sign = if right { '>' } else { '<' };
        let plural = if times == 1 { "" } else { "s" };
        self.report_lines(count, &format!("{sign}ed {times} time{plural}"));
    }

    /// The same of what a register took.
    pub(crate) fn report_yank(&mut self, region: &Region, register: Option<char>) {
        let (first, last) = self.rows_of(region);
        let count = last - first + 1;
        if count <= REPORT {
            return;
        }
        let block = match region.extent {
            Extent::Block(..) => "block of ",
            _ => "",
        };
        let into = register.map_or(String::new(), |name| format!(" into \"{name}"));
        self.report(format!("{block}{count} lines yanked{into}"));
    }

    /// The same of `:s`, which `:g` sums up.
    pub(crate) fn report_substituted(&mut self, found: Substituted) {
        if let Some(global) = &mut self.global {
            global.substituted.matches += found.matches;
            global.substituted.lines += found.lines;
        } else if found.matches > REPORT {
            self.report(found.words("substitution"));
        }
    }

    /// Puts what is to be said behind all that was done, unless something failed.
    pub(crate) fn tell_report(&mut self) {
        let Some(text) = self.report.take() else {
            return;
        };
        let failed = |effect: &Effect| matches!(effect, Effect::Message(it) if it.is_error);
        if !self.effects.iter().any(failed) {
            self.effects.push(Effect::Message(Message {
                text,
                is_error: false,
            }));
        }
    }
}
