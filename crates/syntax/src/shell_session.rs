//! What a terminal showed: commands behind their prompts, and what they printed.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::grammar::GrammarId;

/// A longer text is read as nothing but commands, in bytes.
const MAX_BYTES: usize = 256 * 1024;

/// A prompt: what an environment, a user and a folder are called, and then its sign.
static PROMPT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let environment = r"(?:\([\w.-]+\)[ \t]+)?";
    let user = r"(\[?[\w.-]+@[\w.-]+(?:[:\t ][^\s$#%]*?)?\]?[ \t]?)?";
    Regex::new(&format!(r"^[ \t]*{environment}{user}([$#%❯➜])(?:[ \t]+|$)")).ok()
});

/// A text that may be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Session {
    /// It is called so.
    Named,
    /// It is called a script, and is one where no line has the prompt that no script has.
    Script,
}

impl Session {
    /// What a fence of Markdown is that names its language.
    pub(crate) fn named(language: &str, host: GrammarId) -> Option<Self> {
        if !matches!(host.name(), "markdown" | "rustdoc") {
            return None;
        }
        match &*language.to_ascii_lowercase() {
            "console" | "shellsession" | "shell-session" | "sh-session" => Some(Self::Named),
            "sh" | "bash" | "zsh" | "shell" | "shellscript" => Some(Self::Script),
            _ => None,
        }
    }

    /// The lines and parts of lines that are commands, with their line ends, in order. Nothing where
    /// the text has no prompts and is all commands.
    pub(crate) fn commands(self, text: &str) -> Option<Vec<Range<usize>>> {
        let pattern = PROMPT.as_ref().filter(|_| text.len() <= MAX_BYTES)?;
        let lines = || text.split_inclusive('\n');
        let prompt = |line: &str| {
            let found = pattern.captures(line.trim_end_matches(['\n', '\r']))?;
            let has_user = found.get(1).is_some();
            let sign = found.get(2)?.as_str();
            Some((has_user, sign == "#", found.get(0)?.end()))
        };
        // In a script, and beside other prompts, `#` begins a comment.
        let certain = |line: &str| prompt(line).is_some_and(|(user, hash, _)| user || !hash);
        let has_certain = lines().any(certain);
        let is_session =
            has_certain || (self == Self::Named && lines().any(|l| prompt(l).is_some()));
        if !is_session {
            return None;
        }
        let mut commands = Vec::new();
        let (mut at, mut goes_on) = (0, false);
        for line in lines() {
            let start = at;
            at += line.len();
            let command = match prompt(line) {
                _ if goes_on => Some(line.len() - line.strip_prefix("> ").unwrap_or(line).len()),
                Some((false, true, _)) if has_certain => Some(0),
                Some((.., end)) => Some(end),
                None => None,
            };
            goes_on = command.is_some() && line.trim_end_matches(['\n', '\r']).ends_with('\\');
            commands.extend(command.map(|from| start + from..at));
        }
        Some(commands)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn commands(session: Session, text: &str) -> Option<Vec<&str>> {
        let found = session.commands(text)?.into_iter();
        Some(found.map(|part| &text[part]).collect())
    }

    #[test]
    fn commands_stand_behind_prompts() {
        let text = "$ make \\\n> all\nmake: done\n# why\n(env) a@b:~/c$ ls -l\n$\n";
        let found = ["make \\\n", "all\n", "# why\n", "ls -l\n", "\n"];
        assert_eq!(commands(Session::Named, text).unwrap(), found);
        assert_eq!(commands(Session::Script, text).unwrap(), found);
        let root = "# apt update\nHit:1\n[root@host ~]# id\n";
        assert_eq!(
            commands(Session::Named, "# apt update\nHit:1\n").unwrap(),
            ["apt update\n"]
        );
        assert_eq!(
            commands(Session::Named, root).unwrap(),
            ["# apt update\n", "id\n"]
        );
    }

    #[test]
    fn a_text_without_prompts_is_all_commands() {
        assert_eq!(commands(Session::Script, "# why\nls $A\n"), None);
        assert_eq!(commands(Session::Named, "ls\n"), None);
        assert_eq!(commands(Session::Script, "$A b\n"), None);
    }
}
