//! Which problems are listed: by words, by files and by how grave they are.

use std::path::Path;

use lsp::{Diagnostic, DiagnosticSeverity};
use settings::PathGlobs;

/// More of what is typed is passed over, in bytes.
const MAX_TYPED: usize = 1_000;

/// What can be switched on and off.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Switch {
    Errors,
    Warnings,
    /// What is merely good to know.
    Infos,
    /// No file is listed but the one that the keyboard is in, or was in last.
    CurrentFile,
}

/// Which problems are listed.
#[derive(Debug)]
pub(crate) struct Filter {
    /// What a problem is to have one of; where there is nothing, it may be any.
    wanted: Vec<Term>,
    /// What a problem may have none of.
    unwanted: Vec<Term>,
    /// In the order of [`Switch`].
    switches: [bool; 4],
}

/// The switches as they are where nobody touched them.
const UNTOUCHED: [bool; 4] = [true, true, true, false];

impl Default for Filter {
    fn default() -> Self {
        Self {
            wanted: Vec::new(),
            unwanted: Vec::new(),
            switches: UNTOUCHED,
        }
    }
}

/// What is between two commas.
#[derive(Debug)]
struct Term {
    /// In lower case.
    words: String,
    /// The files, where it can be a pattern of some.
    files: Option<PathGlobs>,
}

impl Term {
    fn new(written: &str) -> Self {
        let is_pattern = written.contains(['*', '?', '[', '{']);
        let files = is_pattern.then(|| {
            // As in VS Code: `.ts` are files whose name ends so, at any depth, and what is in a
            // folder of that name.
            let ending = written.starts_with('.') && !written.starts_with("./");
            let name = written.trim_start_matches("./").trim_start_matches('/');
            let name = if ending {
                format!("*{name}")
            } else {
                name.to_owned()
            };
            PathGlobs::new(&[format!("**/{name}"), format!("**/{name}/**")])
        });
        Self {
            words: written.to_lowercase(),
            files,
        }
    }

    fn is_in(&self, text: &str) -> bool {
        contains(text, &self.words)
    }

    fn is_of_file(&self, path: &str) -> bool {
        self.is_in(path)
            || self
                .files
                .as_ref()
                .is_some_and(|files| files.is_match(path))
    }

    fn is_said(&self, said: &Diagnostic) -> bool {
        let names = [said.source.as_deref(), said.code.as_deref()];
        self.is_in(&said.message) || names.into_iter().flatten().any(|name| self.is_in(name))
    }
}

/// Whether a text has words in it that are in lower case.
fn contains(text: &str, words: &str) -> bool {
    if !words.is_ascii() {
        return text.to_lowercase().contains(words);
    }
    // Of thousands of long messages none is copied.
    let words = words.as_bytes();
    let mut places = text.as_bytes().windows(words.len().max(1));
    words.is_empty() || places.any(|place| place.eq_ignore_ascii_case(words))
}

/// What is between commas; those within braces belong to a pattern.
fn terms(typed: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0_usize;
    let parts = typed.split(move |character| {
        match character {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        character == ',' && depth == 0
    });
    parts.map(str::trim).filter(|part| !part.is_empty())
}

impl Filter {
    /// Takes what is typed: words or patterns of files with commas between them, of which a problem
    /// has one, and none of those behind a `!`.
    pub(crate) fn set_typed(&mut self, typed: &str) {
        let typed = &typed[..typed.floor_char_boundary(MAX_TYPED)];
        (self.wanted, self.unwanted) = (Vec::new(), Vec::new());
        for part in terms(typed) {
            match part.strip_prefix('!').map(str::trim) {
                // What is left out is about to be typed.
                Some("") => {}
                Some(part) => self.unwanted.push(Term::new(part)),
                None => self.wanted.push(Term::new(part)),
            }
        }
    }

    /// The switches, each as `1` or `0`, and what is typed, as they are kept between two starts.
    pub(crate) fn kept(&self, typed: &str) -> String {
        let switches = self.switches.map(|on| if on { '1' } else { '0' });
        let typed = &typed[..typed.floor_char_boundary(MAX_TYPED)];
        switches.into_iter().chain(typed.chars()).collect()
    }

    /// Takes what was [kept](Self::kept), and gives what is typed; `None` where it is no such thing,
    /// and nothing is taken.
    pub(crate) fn bring_back(&mut self, kept: &str) -> Option<String> {
        let (switches, typed) = kept.split_at_checked(UNTOUCHED.len())?;
        if !switches.chars().all(|one| matches!(one, '0' | '1')) {
            return None;
        }
        for (switch, one) in self.switches.iter_mut().zip(switches.chars()) {
            *switch = one == '1';
        }
        let typed = &typed[..typed.floor_char_boundary(MAX_TYPED)];
        // It stands in one line.
        let typed = typed.replace(['\r', '\n'], " ");
        self.set_typed(&typed);
        Some(typed)
    }

    pub(crate) fn is_on(&self, switch: Switch) -> bool {
        self.switches[switch as usize]
    }

    pub(crate) fn flip(&mut self, switch: Switch) {
        let switch = &mut self.switches[switch as usize];
        *switch = !*switch;
    }

    /// Whether there may be a problem that it hides.
    pub(crate) fn is_active(&self) -> bool {
        !self.wanted.is_empty() || !self.unwanted.is_empty() || self.switches != UNTOUCHED
    }

    /// What is listed of a file, by its path from the folder that is open; `is_current` says whether
    /// it is the one that the keyboard is in.
    pub(crate) fn in_file(&self, path: &Path, is_current: bool) -> FileFilter<'_> {
        let path = path.to_string_lossy();
        let is_of_it = |term: &Term| term.is_of_file(&path);
        let hidden =
            (self.is_on(Switch::CurrentFile) && !is_current) || self.unwanted.iter().any(is_of_it);
        FileFilter {
            filter: self,
            hidden,
            wanted: self.wanted.is_empty() || self.wanted.iter().any(is_of_it),
        }
    }
}

/// The same for one file.
pub(crate) struct FileFilter<'a> {
    filter: &'a Filter,
    /// None of its problems is listed.
    hidden: bool,
    /// What is wanted is the file, or anything.
    wanted: bool,
}

impl FileFilter<'_> {
    /// Whether a problem is listed.
    pub(crate) fn shows(&self, said: &Diagnostic) -> bool {
        let switch = match said.severity {
            DiagnosticSeverity::Error => Switch::Errors,
            DiagnosticSeverity::Warning => Switch::Warnings,
            DiagnosticSeverity::Information => Switch::Infos,
            // Hints are for who looks at the text.
            DiagnosticSeverity::Hint => return false,
        };
        let is_said = |term: &Term| term.is_said(said);
        !self.hidden
            && self.filter.is_on(switch)
            && (self.wanted || self.filter.wanted.iter().any(is_said))
            && !self.filter.unwanted.iter().any(is_said)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(severity: DiagnosticSeverity, message: &str, code: &str) -> Diagnostic {
        let mut said = Diagnostic::new(severity, message);
        said.source = Some("rustc".into());
        said.code = Some(code.into());
        said
    }

    fn shows(typed: &str, path: &str) -> bool {
        let mut filter = Filter::default();
        filter.set_typed(typed);
        let one = said(DiagnosticSeverity::Error, "Unused import: `Ärger`", "E0433");
        filter.in_file(Path::new(path), false).shows(&one)
    }

    #[test]
    fn what_is_typed_is_looked_for_in_words_names_and_paths() {
        for (typed, expected) in [
            ("", true),
            (" , ", true),
            ("unused IMPORT", true),
            ("ärger", true),
            ("e0433", true),
            ("RustC", true),
            ("src/ma", true),
            ("main.rs", true),
            ("nothing", false),
            ("nothing, unused", true),
            ("!", true),
            ("!nothing", true),
            ("!unused", false),
            ("!e0433", false),
            ("!rustc", false),
            ("!src", false),
            ("unused, !main", false),
            ("*.rs", true),
            ("!*.rs", false),
            ("*.{ts,rs}", true),
            ("*.{ts,tsx}", false),
            ("*.{ts,tsx}, unused", true),
            (".r?", true),
            ("s*", true),
            ("src/*.rs", true),
            ("./src/**", true),
            ("docs/**", false),
            ("!{docs,src}/**", false),
            ("[", false),
        ] {
            assert_eq!(shows(typed, "src/main.rs"), expected, "{typed}");
        }
        assert!(!shows("src/*.rs", "src/deep/main.rs"), "within a folder");
        assert!(shows("**/deep/*.rs", "src/deep/main.rs"));
        let long = format!("unused{}", "ä".repeat(MAX_TYPED));
        assert!(!shows(&long, "a"), "it is cut, and is not in the words");
    }

    #[test]
    fn switches_leave_out_what_is_so_grave_and_other_files() {
        let mut filter = Filter::default();
        let all = [
            DiagnosticSeverity::Error,
            DiagnosticSeverity::Warning,
            DiagnosticSeverity::Information,
            DiagnosticSeverity::Hint,
        ];
        let shown = |filter: &Filter, is_current: bool| {
            let file = filter.in_file(Path::new("a.rs"), is_current);
            all.map(|severity| file.shows(&said(severity, "m", "c")))
        };
        assert_eq!(shown(&filter, false), [true, true, true, false]);
        assert!(!filter.is_active());
        filter.flip(Switch::Errors);
        filter.flip(Switch::Infos);
        assert!(filter.is_active());
        assert_eq!(shown(&filter, false), [false, true, false, false]);
        filter.flip(Switch::CurrentFile);
        assert_eq!(shown(&filter, false), [false; 4]);
        assert_eq!(shown(&filter, true), [false, true, false, false]);
        for switch in [Switch::Errors, Switch::Infos, Switch::CurrentFile] {
            filter.flip(switch);
        }
        assert!(!filter.is_active());
        filter.set_typed("!x");
        assert!(filter.is_active());
    }
}
