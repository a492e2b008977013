//! Names of specs: their folders.

/// Words that say nothing about what is wanted.
const FILLERS: &[&str] = &[
    "a",
    "an",
    "and",
    "app",
    "application",
    "as",
    "be",
    "build",
    "can",
    "could",
    "create",
    "feature",
    "for",
    "from",
    "i",
    "implement",
    "in",
    "into",
    "is",
    "it",
    "like",
    "make",
    "me",
    "my",
    "need",
    "new",
    "of",
    "on",
    "or",
    "our",
    "please",
    "should",
    "so",
    "some",
    "spec",
    "support",
    "that",
    "the",
    "their",
    "them",
    "there",
    "this",
    "to",
    "us",
    "users",
    "user",
    "want",
    "we",
    "which",
    "with",
    "would",
    "write",
    "you",
    "your",
    "add",
];

/// File names that Windows keeps for devices.
const RESERVED: &[&str] = &["aux", "con", "nul", "prn"];

/// More specs of a folder than this are not listed.
pub const MAX_SPECS: usize = 2_000;

const MAX_WORDS: usize = 5;
const MAX_CHARACTERS: usize = 48;

/// A folder's name for what a prompt asks for: `Add dark mode, please` gives
/// `dark-mode`. Always a name that [`is_valid_spec_name`] takes.
pub fn spec_name(prompt: &str) -> String {
    let words: Vec<String> = prompt
        .chars()
        .take(600)
        .collect::<String>()
        .to_lowercase()
        .replace(['\'', '’'], "")
        .split(|c: char| !c.is_alphanumeric() && c != '-')
        .map(compound)
        .filter(|word| !word.is_empty())
        .collect();
    let telling: Vec<&str> = words
        .iter()
        .map(String::as_str)
        .filter(|word| !FILLERS.contains(word))
        .collect();
    let chosen = if telling.is_empty() {
        words.iter().map(String::as_str).collect()
    } else {
        telling
    };
    let mut name = String::new();
    for word in chosen.into_iter().take(MAX_WORDS) {
        let length = name.chars().count();
        if length > 0 && length + 1 + word.chars().count() > MAX_CHARACTERS {
            break;
        }
        if length > 0 {
            name.push('-');
        }
        name.extend(word.chars().take(MAX_CHARACTERS));
    }
    let device = RESERVED.contains(&name.as_str())
        || ["com", "lpt"].iter().any(|port| {
            name.strip_prefix(port).is_some_and(|rest| {
                rest.len() == 1 && rest.bytes().all(|byte| byte.is_ascii_digit())
            })
        });
    match name {
        name if name.is_empty() => "spec".into(),
        name if device => format!("{name}-spec"),
        name => name,
    }
}

/// A word with its inner hyphens, each once, and none at its ends: `to-dos` is one word, of which
/// the first half is no filler.
fn compound(word: &str) -> String {
    let parts: Vec<&str> = word.split('-').filter(|part| !part.is_empty()).collect();
    parts.join("-")
}

/// [`spec_name`], with a number behind it where the name is taken.
pub fn unique_spec_name(prompt: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let name = spec_name(prompt);
    if !is_taken(&name) {
        return name;
    }
    (2..=10_000)
        .map(|number| format!("{name}-{number}"))
        .find(|candidate| !is_taken(candidate))
        .unwrap_or(name)
}

/// Whether a name is one folder's name and nothing else: no separators, no way up,
/// no control or invisible direction characters, nor the one that stands for what is no text.
pub fn is_valid_spec_name(name: &str) -> bool {
    let deceives = |c: char| text_safety::deceives(c) || c == '\u{fffd}';
    !name.is_empty()
        && name.len() <= 200
        && name == name.trim()
        && !name.starts_with(['.', '-'])
        && !name.ends_with('.')
        && !name.contains(['/', '\\', ':', '*', '?', '"', '<', '>', '|'])
        && !name.chars().any(deceives)
}

/// The specs among the folders of `.kiro/specs`, sorted: those with a [valid
/// name](is_valid_spec_name), [`MAX_SPECS`] at most.
pub fn spec_names(folders: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut names: Vec<String> = folders
        .into_iter()
        .filter(|name| is_valid_spec_name(name))
        .collect();
    names.sort();
    names.truncate(MAX_SPECS);
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_telling_words_name_the_spec() {
        assert_eq!(spec_name("Add dark mode, please"), "dark-mode");
        assert_eq!(
            spec_name("I want users to be able to reset their password by e-mail"),
            "able-reset-password-by-e-mail"
        );
        assert_eq!(
            spec_name("Export the to-dos -- as CSV -"),
            "export-to-dos-csv"
        );
        assert_eq!(spec_name("Add the app"), "add-the-app");
        assert_eq!(spec_name("検索機能を追加"), "検索機能を追加");
        assert_eq!(spec_name("../../etc/passwd"), "etc-passwd");
        assert_eq!(spec_name("…"), "spec");
        assert_eq!(spec_name("NUL"), "nul-spec");
        assert_eq!(spec_name("Don't crash"), "dont-crash");
    }

    #[test]
    fn a_taken_name_gets_a_number() {
        let taken = ["dark-mode", "dark-mode-2"];
        assert_eq!(
            unique_spec_name("dark mode", |name| taken.contains(&name)),
            "dark-mode-3"
        );
    }

    #[test]
    fn names_that_leave_the_folder_are_refused() {
        for name in [
            "",
            "..",
            "a/b",
            "a\\b",
            ".hidden",
            "-rf",
            "a\nb",
            "x\u{202e}y",
            "x\u{fffd}y",
            "a:b",
            " a",
            "a.",
        ] {
            assert!(!is_valid_spec_name(name), "{name:?}");
        }
        for name in ["dark-mode", "検索", "a.b", "A1"] {
            assert!(is_valid_spec_name(name), "{name:?}");
        }
    }

    #[test]
    fn the_specs_are_the_folders_with_a_valid_name_in_order() {
        let folders = ["b", ".hidden", "x\u{202e}y", "a-2", "a"].map(str::to_owned);
        assert_eq!(spec_names(folders), ["a", "a-2", "b"]);
        // In whatever order the disk gives them, the same ones are left out.
        let many = (0..MAX_SPECS + 10)
            .rev()
            .map(|number| format!("{number:05}"));
        let names = spec_names(many);
        assert_eq!(names.len(), MAX_SPECS);
        assert_eq!(names[0], "00000");
    }

    proptest! {
        #[test]
        fn every_prompt_gives_a_valid_name(prompt in "\\PC{0,300}|[\\x00-\\x7f]{0,80}") {
            let name = spec_name(&prompt);
            prop_assert!(is_valid_spec_name(&name), "{:?}", name);
            prop_assert!(name.chars().count() <= MAX_CHARACTERS + 5);
        }
    }
}
