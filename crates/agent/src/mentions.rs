//! Files that a prompt names, for a model too small to go and read them.
//!
//! A small model asked about `calc.py` often answers from imagination. What it
//! is given it uses, so the files that the prompt names go along with it. The
//! user's words stay as they are.

use crate::engine::Engine;
use crate::spec_flow::bounded;

/// How many files go along.
const MAX_FILES: usize = 2;
/// How much of each, in bytes.
const MAX_FILE_BYTES: usize = 5_000;
/// How many words of a prompt are looked at.
const MAX_WORDS: usize = 400;

impl Engine {
    /// The prompt with the files that it names.
    pub(crate) async fn with_named_files(&self, prompt: &str) -> String {
        let mut text = prompt.to_owned();
        let mut taken = Vec::new();
        for word in path_words(prompt) {
            if taken.len() == MAX_FILES {
                break;
            }
            let Ok(path) = self.folder.existing(word) else {
                continue;
            };
            if !path.absolute.is_file() || taken.contains(&path.relative) {
                continue;
            }
            // A binary or unreadable file is left for the tools to refuse.
            let Ok(content) = self.host.read(&path.absolute).await else {
                continue;
            };
            let shown = bounded(&content.text, MAX_FILE_BYTES);
            text.push_str(&format!(
                "\n\nThe file {} is:\n```\n{shown}\n```",
                path.shown()
            ));
            if shown.len() < content.text.trim_end().len() {
                text.push_str("\n(the rest is left out; read_file reads more)");
            }
            taken.push(path.relative);
        }
        text
    }
}

/// The words of a prompt that may be paths.
fn path_words(prompt: &str) -> impl Iterator<Item = &str> {
    prompt
        .split_whitespace()
        .take(MAX_WORDS)
        .map(|word| {
            word.trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '.' | '/' | '_' | '-'))
                .trim_end_matches('.')
        })
        .filter(|word| word.len() > 2 && word.contains(['.', '/']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_may_be_paths_are_found_without_their_punctuation() {
        let words: Vec<&str> =
            path_words("What do `src/main.rs`, (a.py) and \"b/c\" do? See .gitignore. Or x.")
                .collect();
        assert_eq!(words, ["src/main.rs", "a.py", "b/c", ".gitignore"]);
    }
}
