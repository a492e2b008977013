//! Where HEAD points.

use std::fmt::{self, Display};
use std::path::PathBuf;

use git2::{ErrorCode, Repository};

/// How many characters of a branch's name are kept.
const MAX_NAME: usize = 120;

/// How many hexadecimal digits of a commit are shown, as git does in a small repository.
const SHORT_ID: usize = 7;

/// What is checked out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Head {
    /// A branch.
    Branch {
        /// Its name without `refs/heads/`, safe to show.
        name: String,
        /// It has no commit yet.
        is_unborn: bool,
    },
    /// A commit without a branch.
    Detached {
        /// The first seven digits of its id.
        commit: String,
    },
}

impl Display for Head {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Branch { name, .. } => formatter.write_str(name),
            Self::Detached { commit } => formatter.write_str(commit),
        }
    }
}

impl Head {
    pub(crate) fn read(repository: &Repository) -> Result<Self, git2::Error> {
        match repository.head() {
            Ok(head) if head.is_branch() => Ok(Self::branch(head.shorthand_bytes(), false)),
            Ok(head) => {
                let id = head.peel(git2::ObjectType::Any)?.id().to_string();
                Ok(Self::Detached {
                    commit: id.chars().take(SHORT_ID).collect(),
                })
            }
            Err(error) if error.code() == ErrorCode::UnbornBranch => {
                let head = repository.find_reference("HEAD")?;
                let target = head.symbolic_target_bytes().unwrap_or_default();
                let name = target.strip_prefix(b"refs/heads/").unwrap_or(target);
                Ok(Self::branch(name, true))
            }
            Err(error) => Err(error),
        }
    }

    /// The file that says which commit the branch is at; `None` without a branch, and where that
    /// stands among packed references.
    pub(crate) fn reference(repository: &Repository) -> Option<PathBuf> {
        Self::branch_file(repository).filter(|file| file.is_file())
    }

    /// The same, though it may not be there: a branch that is packed, or has no commit yet, gets one
    /// with the next commit. In a linked work tree it lies with the main one.
    pub(crate) fn branch_file(repository: &Repository) -> Option<PathBuf> {
        let head = repository.find_reference("HEAD").ok()?;
        Some(repository.commondir().join(head.symbolic_target().ok()??))
    }

    fn branch(name: &[u8], is_unborn: bool) -> Self {
        Self::Branch {
            name: printable(&String::from_utf8_lossy(name)),
            is_unborn,
        }
    }
}

/// A name that can be shown: whoever made the repository chose it, and may have put in characters
/// that turn the rest of a line around or are not seen (Unicode UAX #9).
fn printable(name: &str) -> String {
    let shown = name.chars().take(MAX_NAME).map(|character| {
        if text_safety::deceives(character) {
            char::REPLACEMENT_CHARACTER
        } else {
            character
        }
    });
    let mut shown: String = shown.collect();
    if name.chars().nth(MAX_NAME).is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_deceive_are_made_visible() {
        assert_eq!(printable("feature/due-dates"), "feature/due-dates");
        assert_eq!(printable("main\u{202E}gnp"), "main\u{FFFD}gnp");
        assert_eq!(
            printable("ma\u{200B}in\u{1B}[2J"),
            "ma\u{FFFD}in\u{FFFD}[2J"
        );
        assert_eq!(printable(&"x".repeat(500)).chars().count(), MAX_NAME + 1);
    }
}
