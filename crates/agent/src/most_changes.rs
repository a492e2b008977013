//! How much a small model changes in a turn of conversation.
//!
//! A small model goes on to change what it has just made, and other files too. Once as many files
//! as were asked for are written it keeps only what the work on them may still take, and what it
//! tries beyond that is refused, and told to the user: half of a work is never told as all of it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::tools::{Tool, ToolSet};

/// How many pieces are replaced in a turn for each file that is written. A model that goes on has
/// lost the thread.
const MAX_PIECES: usize = 8;

/// What a turn may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct MostChanges {
    /// How many files, at least one.
    pub files: usize,
    /// Whether something is to be run, which comes after the changes.
    pub runs: bool,
}

/// What a turn has changed.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    /// Paths relative to the folder.
    written: BTreeSet<PathBuf>,
    /// How often a piece of a file was replaced.
    pieces: usize,
    /// Whether the model went too far and has been told.
    stopped: bool,
}

impl Changes {
    /// Notes that a file was written, by which tool.
    pub fn add(&mut self, path: &Path, tool: &str) {
        self.written.insert(path.to_owned());
        self.pieces += usize::from(tool == Tool::StrReplace.name());
    }

    /// The tools for the next step; `None` where nothing is left out.
    pub fn left(&self, most: MostChanges, tools: &ToolSet) -> Option<ToolSet> {
        if self.written.len() < most.files {
            return None;
        }
        let goes_on = |tool: &Tool| match tool {
            _ if self.stopped => false,
            // Who replaces pieces has more of them to replace.
            Tool::StrReplace => self.pieces > 0,
            Tool::ExecuteBash => most.runs,
            _ => false,
        };
        Some(ToolSet {
            tools: tools.tools.iter().copied().filter(goes_on).collect(),
            document: None,
        })
    }

    /// Stops the model where a change of a file, or a command where there is no path, is more than
    /// what is left, and gives what is said. `offered` tells whether its tool is among
    /// [what is left](Self::left).
    pub fn refuse(&mut self, path: Option<&Path>, offered: bool) -> Option<String> {
        let name = path.map(|path| crate::visible::line(&path.to_string_lossy()));
        let written = path.is_none_or(|path| self.written.contains(path));
        let why = match name {
            None if !offered => "was about to run a command too".to_owned(),
            Some(name) if !written => format!("was about to change {name} too"),
            Some(name) if !offered || self.pieces >= MAX_PIECES * self.written.len() => {
                format!("went on changing {name}")
            }
            _ => return None,
        };
        self.stopped = true;
        Some(format!(
            "The model {why} and was stopped: a small model makes what was asked for worse when it goes on. Read what it changed. Where something is missing, ask for it and name the files."
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_after_the_files_that_were_asked_for() {
        let tools = ToolSet::working(true);
        let most = MostChanges {
            files: 1,
            runs: false,
        };
        let runs = MostChanges { runs: true, ..most };
        let (a, b) = (Path::new("a"), Path::new("b"));
        let mut changes = Changes::default();
        assert_eq!(changes.left(most, &tools), None);
        changes.add(a, "fs_write");
        assert_eq!(changes.left(most, &tools).unwrap().tools, []);
        assert_eq!(
            changes.left(runs, &tools).unwrap().tools,
            [Tool::ExecuteBash]
        );
        for _ in 0..MAX_PIECES {
            assert_eq!(changes.refuse(Some(a), true), None);
            changes.add(a, "str_replace");
            assert_eq!(
                changes.left(most, &tools).unwrap().tools,
                [Tool::StrReplace]
            );
        }
        let why = changes.refuse(Some(a), true).unwrap();
        assert!(why.contains("went on changing a"), "{why}");
        assert_eq!(changes.left(runs, &tools).unwrap().tools, []);
        let mut changes = Changes::default();
        changes.add(a, "str_replace");
        assert_eq!(changes.refuse(None, true), None);
        for (path, offered, said) in [
            (Some(b), true, "change b too"),
            (Some(a), false, "went on changing a"),
            (None, false, "run a command"),
        ] {
            let why = changes.refuse(path, offered).unwrap();
            assert!(why.contains(said), "{why}");
        }
    }
}
