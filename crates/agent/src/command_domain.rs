//! Keeps commands out of the processes that they did not start.
//!
//! Whatever runs with the rights of a user may look into everything else of that user: the
//! environment that a program was started with (`/proc/PID/environ`) and its memory, with the keys
//! of models in both. A process in a Landlock domain may not, unless the other one is in the same
//! domain (Linux, `Documentation/userspace-api/landlock.rst`, "Ptrace restrictions"). See
//! `docs/adr/0011-commands-in-a-landlock-domain.md`.

use landlock::{
    AccessFs, CompatLevel, Compatible, PathBeneath, PathFd, Ruleset, RulesetAttr,
    RulesetCreatedAttr, RulesetError,
};

/// Why a domain was not entered.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DomainError {
    /// The kernel has no Landlock, or one that is too old (before Linux 5.19).
    #[error("{0}")]
    Landlock(#[from] RulesetError),
    /// The root folder cannot be opened.
    #[error("{0}")]
    Root(#[from] landlock::PathFdError),
}

/// Puts this thread, and what it starts from now on, into a domain of its own. Programs keep from
/// then on the rights that they are started with (`PR_SET_NO_NEW_PRIVS`): `sudo` does nothing.
///
/// # Errors
/// [`DomainError`]; everything is then as it was.
pub(crate) fn enter() -> Result<(), DomainError> {
    // A domain has to restrict something of files, and this restricts nothing. Moving files
    // between folders is forbidden in one that does not speak of it, so it has to be allowed.
    let moving = AccessFs::Refer;
    Ruleset::default()
        .set_compatibility(CompatLevel::HardRequirement)
        .handle_access(moving)?
        .create()?
        .add_rule(PathBeneath::new(PathFd::new("/")?, moving))?
        .restrict_self()?;
    Ok(())
}
