//! Telling the few questions that a small model answers without tools from everything else.
//!
//! A model without tools can look nothing up and change nothing, so that a request is told from such
//! a question by its whole sentence, never by a word in it. What is not known here may be work.

use crate::mentions::named_paths;
use crate::small_talk::is_small_talk;

/// What a prompt of a small model's user is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum About {
    /// Nothing: a greeting, thanks.
    Nothing,
    /// What files there are.
    Files,
    /// What the project as a whole is.
    Project,
    /// Anything else, which may take tools.
    Work,
}

/// What may stand before a question.
const BEFORE: [&str; 15] = [
    "please",
    "hello",
    "hi",
    "hey",
    "kiln",
    "ok",
    "okay",
    "so",
    "can you",
    "could you",
    "would you",
    "will you",
    "just",
    "briefly",
    "quickly",
];
/// What may stand after one.
const AFTER: [&str; 16] = [
    "please",
    "answer",
    "reply",
    "answer me",
    "in a sentence",
    "in two sentences",
    "thanks",
    "thank you",
    "briefly",
    "quickly",
    "to me",
    "for me",
    "in short",
    "in brief",
    "in one sentence",
    "in a few words",
];
/// What asks about a thing that is named next.
const ASKING: [&str; 20] = [
    "what is",
    "what s",
    "whats",
    "what does",
    "what are",
    "what",
    "explain",
    "explain what",
    "describe",
    "describe what",
    "summarize",
    "summarise",
    "tell me about",
    "tell me what",
    "tell me more about",
    "give me an overview of",
    "give me a summary of",
    "an overview of",
    "overview of",
    "summary of",
];
/// The project as a whole.
const PROJECT: [&str; 8] = [
    "project",
    "repo",
    "repository",
    "codebase",
    "app",
    "application",
    "program",
    "package",
];
/// What points at it.
const THIS: [&str; 8] = [
    "this",
    "the",
    "my",
    "our",
    "this whole",
    "the whole",
    "this entire",
    "the entire",
];
/// How a question about the project ends.
const PROJECT_ENDS: [&str; 12] = [
    "",
    "do",
    "does",
    "is",
    "about",
    "is about",
    "all about",
    "is all about",
    "for",
    "is for",
    "good for",
    "is doing",
];
/// What asks how a thing is made that is named next.
const ASKING_HOW: [&str; 6] = [
    "how does",
    "how is",
    "explain how",
    "explain to me how",
    "describe how",
    "tell me how",
];
/// How such a question ends.
const HOW_ENDS: [&str; 8] = [
    "work",
    "works",
    "organised",
    "is organised",
    "organized",
    "is organized",
    "structured",
    "is structured",
];
/// What the panel suggests, around the project's name and a folder of sources.
const SUGGESTED: [&str; 3] = [
    "explain how",
    "is organised what it does where it starts and what each part of",
    "is for",
];
/// What it suggests where no such folder is known, around the project's name.
const SUGGESTED_WITHOUT: [&str; 2] = ["explain what is in", "and what it is for"];
/// What asks to name files.
const FILES: [&str; 14] = [
    "list files",
    "list the files",
    "list all files",
    "list all the files",
    "list my files",
    "show files",
    "show the files",
    "show me the files",
    "show me all files",
    "show all files",
    "what files are there",
    "which files are there",
    "what are the files",
    "what files do you see",
];
/// What does so where a place follows.
const FILES_IN: [&str; 5] = [
    "what files are",
    "which files are",
    "what is",
    "what s",
    "whats",
];
/// Where the files are.
const PLACES: [&str; 6] = [
    "folder",
    "directory",
    "project",
    "repo",
    "repository",
    "codebase",
];

impl About {
    /// What a prompt seems to be about in a project of this name; where that is not clear,
    /// [`About::Work`].
    pub fn of(prompt: &str, project: &str) -> Self {
        if is_small_talk(prompt) {
            return Self::Nothing;
        }
        let (sentence, project) = (words_of(prompt), words_of(project));
        let mut question = sentence.as_str();
        while let Some(rest) = BEFORE.iter().find_map(|words| after(question, words)) {
            question = rest;
        }
        while let Some(rest) = AFTER.iter().find_map(|words| before(question, words)) {
            question = rest;
        }
        if asks_what_the_panel_suggests(question, &project) {
            return Self::Project;
        }
        if named_paths(prompt) > 0 {
            return Self::Work;
        }
        if asks_about_the_project(question, &project) {
            Self::Project
        } else if asks_for_files(question) {
            Self::Files
        } else {
            Self::Work
        }
    }
}

/// The words of a text, in lower case, with a space between them.
fn words_of(text: &str) -> String {
    let words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    words.join(" ")
}

/// Whether a question is one that the panel suggests for a project, which may name a folder of it.
fn asks_what_the_panel_suggests(question: &str, project: &str) -> bool {
    let [begin, end] = SUGGESTED_WITHOUT;
    let about = after(question, begin).and_then(|rest| before(rest, end));
    if about.is_some_and(|name| behind_the_project(name, project).any(str::is_empty)) {
        return true;
    }
    let [begin, middle, end] = SUGGESTED;
    after(question, begin).is_some_and(|rest| {
        behind_the_project(rest, project).any(|rest| {
            let folder = after(rest, middle).and_then(|rest| before(rest, end));
            folder.is_some_and(|folder| !folder.contains(' '))
        })
    })
}

fn asks_about_the_project(question: &str, project: &str) -> bool {
    let asked = |words: &'static [&str], ends: &'static [&str]| {
        words
            .iter()
            .filter_map(|words| after(question, words))
            .flat_map(|rest| behind_the_project(rest, project))
            .any(|end| ends.contains(&end))
    };
    asked(&ASKING, &PROJECT_ENDS) || asked(&ASKING_HOW, &HOW_ENDS)
}

/// What follows words that point at the project, or its name, at the beginning of a text.
fn behind_the_project<'a>(text: &'a str, project: &'a str) -> impl Iterator<Item = &'a str> {
    let rest = |text: &'a str, word: &str| match text == word {
        true => Some(""),
        false => after(text, word),
    };
    let pointed = THIS.iter().filter_map(move |words| after(text, words));
    let kinds =
        pointed.flat_map(move |text| PROJECT.iter().filter_map(move |word| rest(text, word)));
    let named = Some(project).filter(|name| !name.is_empty());
    kinds.chain(named.and_then(|name| rest(text, name)))
}

fn asks_for_files(question: &str) -> bool {
    let mut placed = FILES.iter().chain(&FILES_IN);
    FILES.contains(&question) || placed.any(|words| after(question, words).is_some_and(is_a_place))
}

/// Whether words say where files are: "here", "in this folder".
fn is_a_place(words: &str) -> bool {
    if matches!(words, "here" | "in here" | "there") {
        return true;
    }
    let Some(rest) = after(words, "in") else {
        return false;
    };
    let mut pointed = THIS.iter().filter_map(|words| after(rest, words));
    pointed.any(|place| PLACES.contains(&place.strip_prefix("project ").unwrap_or(place)))
}

/// What follows some words at the beginning of a text.
fn after<'a>(text: &'a str, words: &str) -> Option<&'a str> {
    text.strip_prefix(words)?.strip_prefix(' ')
}

/// What stands before some words at the end of a text.
fn before<'a>(text: &'a str, words: &str) -> Option<&'a str> {
    text.strip_suffix(words)?.strip_suffix(' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_project_is_known_by_its_name() {
        for prompt in [
            "Explain how todo-service works",
            "What is Todo Service?",
            "Please tell me what todo-service does. Answer in one sentence.",
            "Explain how todo-service is organised: what it does, where it starts, and what each \
             part of server/ is for.",
            "Explain what is in todo-service and what it is for.",
        ] {
            assert_eq!(
                About::of(prompt, "todo-service"),
                About::Project,
                "{prompt}"
            );
            assert_eq!(About::of(prompt, "shop"), About::Work, "{prompt}");
        }
        for prompt in [
            "Explain how todo-service parses dates",
            "What is todo-service missing?",
            "Explain what is in server/main.rs and what it is for.",
            "Explain how todo-service is organised: what it does, where it starts, and what each \
             part of server/ is for, and write that to the readme.",
        ] {
            assert_eq!(About::of(prompt, "todo-service"), About::Work, "{prompt}");
        }
        assert_eq!(About::of("What is ?", ""), About::Work);
    }

    #[test]
    fn nothing_but_whole_questions_goes_without_tools() {
        use About::{Files, Nothing, Project, Work};
        for (about, prompts) in [
            (
                Nothing,
                &[
                    "hello",
                    "Hello!",
                    "Hi Kiln",
                    "good morning",
                    "hey, how are you?",
                    "thank you very much",
                    "what can you do?",
                    "who are you",
                ][..],
            ),
            (
                Project,
                &[
                    "what does this project do?",
                    "What is this project?",
                    "What's this project about?",
                    "what is this app for",
                    "Explain this codebase",
                    "explain the project to me, please",
                    "Can you summarize this repository?",
                    "Please describe the program in a few words",
                    "hi, tell me about this project",
                    "Tell me what this app does",
                    "Give me an overview of the codebase",
                    "What does this project do? Answer in one sentence.",
                    "How does this app work?",
                    "Explain how the project is organized",
                ],
            ),
            (
                Files,
                &[
                    "list the files",
                    "Please list all files in this folder.",
                    "Which files are in this folder?",
                    "what files are there?",
                    "what's in this directory",
                    "What is in the project folder?",
                    "show me the files here",
                ],
            ),
            (
                Work,
                &[
                    "",
                    "?",
                    "yes",
                    "go on",
                    "do it again",
                    "test",
                    "run the tests",
                    "fix it",
                    "Rename the project",
                    "Add a license header to the files",
                    "Show a spinner when the app loads",
                    "Which function in this project parses dates?",
                    "What is wrong with this app?",
                    "What does this project need to compile?",
                    "what does this project use for logging",
                    "Explain the app folder",
                    "Explain how this project parses dates",
                    "Describe the project in the readme",
                    "Summarize the project in README.md",
                    "Summarise this project and write it down",
                    "List the files in src",
                    "List the files that import os",
                    "List all files and delete the empty ones",
                    "show me the files that check when something is due",
                    "Show the files sorted by date in the app",
                    "Show the version of the app",
                    "List users in the app",
                    "list the project dependencies",
                    "What is in this function?",
                    "what files are too long",
                    "which files are in src",
                    "what is the program counter",
                    "What does src/main.rs do in this project?",
                    "What version is this package?",
                    "Tell me which file starts the app",
                    "Tell me about this project's tests",
                    "Overview of the errors in the app",
                    "describe this package in its manifest",
                    "Explain the program's main loop",
                    "hello world program in python please",
                    "hi, add a greeting to the app",
                    "hello, fix the app",
                    "thanks, now commit it",
                    "great, what does the parser do?",
                    "good, now list the files of the app in a table in the readme",
                    "can you help me with this bug",
                    "what can you do about the failing test?",
                    "Who are you in AUTHORS?",
                    "make the app say hello",
                    "print the package name at start",
                    "create a file hello.txt with hi",
                    "What files do I need to change for a new command?",
                    "Was macht dieses Projekt?",
                ],
            ),
        ] {
            for prompt in prompts {
                assert_eq!(About::of(prompt, "shop"), about, "{prompt}");
            }
        }
    }
}
