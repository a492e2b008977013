//! What runs without asking.
//!
//! An approval is bound to what was approved: the exact command line, or one
//! file. Files that configure or start programs ask every time, whatever is
//! trusted.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What to do with a question that nobody can answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unanswered {
    /// There is a user: ask and wait.
    #[default]
    Ask,
    /// There is none (`--no-interactive`): deny, and tell the model.
    Deny,
}

/// The rules that an agent starts with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PermissionPolicy {
    trusted_tools: BTreeSet<String>,
    unanswered: Unanswered,
}

impl PermissionPolicy {
    /// Tools of these names run without asking; unknown names mean nothing.
    pub fn trusting<Name: Into<String>>(tools: impl IntoIterator<Item = Name>) -> Self {
        Self {
            trusted_tools: tools.into_iter().map(Into::into).collect(),
            unanswered: Unanswered::Ask,
        }
    }

    /// Nobody is there to answer: what would ask is denied.
    pub fn without_a_user(mut self) -> Self {
        self.unanswered = Unanswered::Deny;
        self
    }

    /// Whether anybody can be asked.
    pub fn unanswered(&self) -> Unanswered {
        self.unanswered
    }
}

/// What a tool call would do, as far as permissions care.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// Change or create this file (relative to the folder).
    Write { path: PathBuf, protected: bool },
    /// Run this command line.
    Command { command: String },
}

impl Effect {
    /// Whether it is asked about every time, whatever is trusted.
    pub fn always_asks(&self) -> bool {
        matches!(
            self,
            Self::Write {
                protected: true,
                ..
            }
        )
    }
}

/// Whether a call may go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Allow,
    Ask,
    /// It would ask, and nobody is there.
    Deny,
}

/// The rules with what the user has allowed in this session.
#[derive(Clone, Debug, Default)]
pub(crate) struct Permissions {
    policy: PermissionPolicy,
    commands: BTreeSet<String>,
    files: BTreeSet<PathBuf>,
    all_writes: bool,
}

impl Permissions {
    pub fn new(policy: PermissionPolicy) -> Self {
        Self {
            policy,
            ..Self::default()
        }
    }

    /// Forgets what was allowed in the session.
    pub fn forget(&mut self) {
        *self = Self::new(std::mem::take(&mut self.policy));
    }

    pub fn check(&self, tool: &str, effect: &Effect) -> Verdict {
        let allowed = match effect {
            Effect::Write {
                protected: true, ..
            } => false,
            Effect::Write { path, .. } => self.all_writes || self.files.contains(path),
            Effect::Command { command } => self.commands.contains(command),
        };
        if allowed || (!effect.always_asks() && self.policy.trusted_tools.contains(tool)) {
            Verdict::Allow
        } else {
            match self.policy.unanswered {
                Unanswered::Ask => Verdict::Ask,
                Unanswered::Deny => Verdict::Deny,
            }
        }
    }

    /// The user allowed exactly this for the session.
    pub fn always_allow(&mut self, effect: &Effect) {
        match effect {
            // Asked about every time, so that nothing is remembered.
            Effect::Write {
                protected: true, ..
            } => {}
            Effect::Write { path, .. } => {
                self.files.insert(path.clone());
            }
            Effect::Command { command } => {
                self.commands.insert(command.clone());
            }
        }
    }

    /// The user allowed all changes of files in the folder for the session.
    pub fn allow_all_writes(&mut self) {
        self.all_writes = true;
    }
}

/// Folders whose content configures or starts programs, at any depth.
const PROTECTED_FOLDERS: &[&str] = &[
    ".git",
    ".vscode",
    ".vscode-server",
    ".idea",
    ".zed",
    ".cursor",
    ".claude",
    ".codex",
    ".gemini",
    ".windsurf",
    ".husky",
    ".devcontainer",
    ".direnv",
    ".ssh",
    ".gnupg",
    ".aws",
    ".cargo",
    ".yarn",
    ".fleet",
    ".nova",
    ".continue",
    ".githooks",
    ".lefthook",
    ".circleci",
    ".kiln",
];

/// Folders of which only a part does.
const PROTECTED_NESTED: &[&[&str]] = &[
    &[".kiro", "settings"],
    &[".kiro", "hooks"],
    &[".kiro", "agents"],
    &[".kiro", "steering"],
    &[".kiro", "skills"],
    &[".kiro", "powers"],
    &[".github", "workflows"],
    &[".github", "actions"],
    &[".config", "git"],
];

/// Files that do, at any depth.
const PROTECTED_FILES: &[&str] = &[
    "agents.md",
    "claude.md",
    "gemini.md",
    ".cursorrules",
    ".windsurfrules",
    ".mcp.json",
    "mcp.json",
    ".envrc",
    ".gitattributes",
    ".gitmodules",
    ".gitconfig",
    ".npmrc",
    ".yarnrc",
    ".yarnrc.yml",
    ".pnpmfile.cjs",
    ".bashrc",
    ".bash_profile",
    ".bash_login",
    ".bash_logout",
    ".profile",
    ".zshrc",
    ".zshenv",
    ".zprofile",
    ".zlogin",
    ".inputrc",
    ".vimrc",
    ".exrc",
    ".nvimrc",
    ".nvim.lua",
    ".netrc",
    ".pypirc",
    ".tool-versions",
    ".mise.toml",
    "mise.toml",
    ".pre-commit-config.yaml",
    "lefthook.yml",
    "lefthook.yaml",
    ".lefthook.yml",
    ".dir-locals.el",
    ".editorconfig",
    ".kiroignore",
    // Says which documents of a spec the user has approved.
    ".config.kiro",
    ".gitlab-ci.yml",
    ".code-workspace",
    "sitecustomize.py",
    "usercustomize.py",
];

/// Whether a file of the folder (its path relative to the folder) configures
/// or starts programs, so that a change of it is always asked about. Case and
/// what file systems ignore do not matter, and the file need not exist.
pub(crate) fn is_protected(relative: &Path) -> bool {
    let parts: Vec<String> = relative
        .components()
        .map(|part| {
            part.as_os_str()
                .to_string_lossy()
                .chars()
                .filter(|c| !text_safety::is_invisible(*c))
                .flat_map(char::to_lowercase)
                .collect::<String>()
                .trim_end_matches(['.', ' '])
                .to_owned()
        })
        .collect();
    if parts
        .iter()
        .any(|part| PROTECTED_FOLDERS.contains(&part.as_str()))
    {
        return true;
    }
    if PROTECTED_NESTED.iter().any(|nested| {
        parts
            .windows(nested.len())
            .any(|window| window.iter().zip(*nested).all(|(part, name)| part == name))
    }) {
        return true;
    }
    parts.last().is_some_and(|name| {
        PROTECTED_FILES.contains(&name.as_str()) || name.ends_with(".code-workspace")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(path: &str) -> Effect {
        Effect::Write {
            path: path.into(),
            protected: is_protected(Path::new(path)),
        }
    }

    fn command(command: &str) -> Effect {
        Effect::Command {
            command: command.into(),
        }
    }

    #[test]
    fn an_approval_covers_exactly_what_was_approved() {
        let mut permissions = Permissions::default();
        permissions.always_allow(&command("cargo test"));
        permissions.always_allow(&write("src/a.rs"));
        let check = |effect| permissions.check("tool", &effect);
        assert_eq!(check(command("cargo test")), Verdict::Allow);
        for other in [
            "cargo test ",
            "cargo test; rm -rf ~",
            "cargo  test",
            "Cargo test",
        ] {
            assert_eq!(check(command(other)), Verdict::Ask, "{other}");
        }
        assert_eq!(check(write("src/a.rs")), Verdict::Allow);
        assert_eq!(check(write("src/b.rs")), Verdict::Ask);
    }

    #[test]
    fn trusted_tools_still_ask_for_what_starts_programs() {
        let mut permissions =
            Permissions::new(PermissionPolicy::trusting(["fs_write", "execute_bash"]));
        permissions.allow_all_writes();
        assert_eq!(
            permissions.check("fs_write", &write("src/a.rs")),
            Verdict::Allow
        );
        assert_eq!(
            permissions.check("execute_bash", &command("ls")),
            Verdict::Allow
        );
        for path in [
            ".git/hooks/pre-commit",
            ".git/config",
            "vendor/x/.git/config",
            ".GIT/config",
            ".git./config",
            ".g\u{200c}it/config",
            ".kiro/settings/mcp.json",
            ".kiro/hooks/a.kiro.hook",
            ".kiro/steering/product.md",
            ".vscode/tasks.json",
            "AGENTS.md",
            "sub/Agents.MD",
            ".envrc",
            ".kiro/specs/x/.config.kiro",
            ".kiln/settings.json",
            ".github/workflows/ci.yml",
            ".cargo/config.toml",
            "x.code-workspace",
            ".bashrc",
        ] {
            permissions.always_allow(&write(path));
            assert_eq!(
                permissions.check("fs_write", &write(path)),
                Verdict::Ask,
                "{path}"
            );
        }
        for path in [
            ".kiro/specs/x/tasks.md",
            "src/git.rs",
            ".github/ISSUE_TEMPLATE.md",
            "digit/a",
            ".gitignore",
        ] {
            assert_eq!(
                permissions.check("fs_write", &write(path)),
                Verdict::Allow,
                "{path}"
            );
        }
    }

    #[test]
    fn without_a_user_nothing_waits_for_an_answer() {
        let permissions =
            Permissions::new(PermissionPolicy::trusting(["fs_write"]).without_a_user());
        assert_eq!(permissions.check("fs_write", &write("a")), Verdict::Allow);
        assert_eq!(
            permissions.check("fs_write", &write(".envrc")),
            Verdict::Deny
        );
        assert_eq!(
            permissions.check("execute_bash", &command("ls")),
            Verdict::Deny
        );
    }

    #[test]
    fn a_new_session_forgets_what_the_last_one_allowed() {
        let mut permissions = Permissions::new(PermissionPolicy::trusting(["t"]));
        permissions.allow_all_writes();
        permissions.forget();
        assert_eq!(permissions.check("fs_write", &write("a")), Verdict::Ask);
        assert_eq!(permissions.check("t", &write("a")), Verdict::Allow);
    }
}
