//! What a prompt is about, for a model too small to go and read it.
//!
//! A small model asked about `calc.py` often answers from imagination. What it
//! is given it uses, so the files that the prompt names go along with it, and
//! what the project is where it asks about that. The user's words stay as they are.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use fs::Fs;

use crate::engine::Engine;
use crate::host::blocking;
use crate::plain_question::About;
use crate::spec_flow::bounded;
use crate::visible;

/// How many files go along.
const MAX_FILES: usize = 2;
/// How much of each, in bytes.
const MAX_FILE_BYTES: usize = 5_000;
/// How many words of a prompt are looked at.
const MAX_WORDS: usize = 400;
/// How many names of files and folders go along.
const MAX_NAMES: usize = 30;
/// How much of the project's readme goes along, in bytes.
const MAX_README_BYTES: usize = 1_000;
/// What a small model reads.
pub(crate) struct Message {
    /// The prompt, with what goes along with it.
    pub text: String,
    /// Whether the model may need tools for its answer.
    pub tools: bool,
}

impl Engine {
    /// The prompt with the files that it names, or with what there is in the project. Tools are left
    /// out only where nothing is asked for, or where all that is asked for goes along.
    pub(crate) async fn with_what_it_is_about(&self, prompt: &str, about: About) -> Message {
        match about {
            About::Nothing => Message {
                text: prompt.to_owned(),
                tools: false,
            },
            About::Work => Message {
                text: self.with_named_files(prompt).await,
                tools: true,
            },
            About::Files => self.with_the_project(prompt, false).await,
            About::Project => self.with_the_project(prompt, true).await,
        }
    }

    /// The names of what is in the project folder, and the beginning of its readme.
    async fn with_the_project(&self, prompt: &str, readme: bool) -> Message {
        let (fs, root) = (Arc::clone(self.host.fs()), self.folder.root().to_owned());
        // What cannot be listed is left for the tools to refuse.
        let names = blocking(move || names_beneath(fs.as_ref(), &root)).await;
        let (names, mut all) = names.unwrap_or_default();
        let mut text = String::new();
        if !names.is_empty() {
            text.push_str(&format!(
                "In the project folder are:\n{}\n\n",
                names.join("\n")
            ));
        }
        if readme {
            let path = names
                .iter()
                .find(|name| name.to_lowercase().starts_with("readme"))
                .and_then(|name| self.folder.existing(name).ok());
            let content = match &path {
                Some(path) => self.host.read(&path.absolute).await.ok(),
                None => None,
            };
            // Without it the answer is in the files.
            all = content
                .as_ref()
                .is_some_and(|content| !content.text.trim().is_empty());
            if let (Some(path), Some(content)) = (path, content) {
                text.push_str(&format!(
                    "The file {} begins:\n```\n{}\n```\n\n",
                    path.shown(),
                    bounded(&content.text, MAX_README_BYTES)
                ));
            }
        }
        // The question comes last: it is what a small model goes by.
        text.push_str(prompt);
        Message { text, tools: !all }
    }

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

/// How many files and folders a prompt names, whether they exist or not.
pub(crate) fn named_paths(prompt: &str) -> usize {
    path_words(prompt).collect::<BTreeSet<_>>().len()
}

/// Words that ask for a command.
const RUN_WORDS: [&str; 16] = [
    "run", "runs", "execute", "start", "launch", "test", "tests", "build", "compile", "install",
    "check", "verify", "lint", "format", "commit", "command",
];

/// Whether a prompt may ask to run something.
pub(crate) fn asks_to_run(prompt: &str) -> bool {
    let mut words = prompt.split(|c: char| !c.is_alphanumeric()).take(MAX_WORDS);
    words.any(|word| RUN_WORDS.contains(&word.to_lowercase().as_str()))
}

/// The names in a folder and in the folders in it, as far as version control keeps them, and whether
/// these are all of its files. The files come first, and a folder ends with a slash.
fn names_beneath(fs: &dyn Fs, root: &Path) -> (Vec<String>, bool) {
    let mut all = true;
    let mut list = |folder: &Path| {
        let mut entries = fs.read_dir_beneath(root, folder).unwrap_or_else(|_| {
            all = false;
            Vec::new()
        });
        entries.retain(|entry| !entry.is_ignored && !entry.name.starts_with('.'));
        entries.sort_by(|one, other| (one.is_dir, &one.name).cmp(&(other.is_dir, &other.name)));
        entries
    };
    let mut names = Vec::new();
    let mut deeper = false;
    for entry in list(Path::new("")) {
        let name = visible::line(&entry.name);
        if !entry.is_dir {
            names.push(name);
            continue;
        }
        names.push(format!("{name}/"));
        for inner in list(Path::new(&entry.name)) {
            deeper |= inner.is_dir;
            let slash = if inner.is_dir { "/" } else { "" };
            names.push(format!("{name}/{}{slash}", visible::line(&inner.name)));
        }
        if names.len() > MAX_NAMES {
            break;
        }
    }
    if names.len() > MAX_NAMES {
        names.truncate(MAX_NAMES);
        names.push("(and more)".to_owned());
        all = false;
    }
    (names, all && !deeper)
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
