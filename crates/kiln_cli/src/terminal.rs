//! What is shown on a terminal, and what is asked there.

use std::collections::VecDeque;
use std::io::{self, BufRead, IsTerminal, Read, Write as _};

use crate::exit::UsageError;

/// The largest prompt that is read from standard input, in bytes.
const MAX_PROMPT: u64 = 1024 * 1024;

/// A text from a model, a project or a server without what a terminal would act
/// on or a reader could not see: control and escape characters, and those that
/// change a text's direction. Line feeds and tabs stay.
pub fn visible(text: &str) -> String {
    text.chars()
        .filter(|c| *c != '\r')
        .map(|c| match text_safety::deceives_in_prose(c) {
            true => '\u{fffd}',
            false => c,
        })
        .collect()
}

/// Says on standard error why something failed, after the program's name, so that it is found
/// among what other programs say there.
pub fn report_error(message: &str) {
    eprintln!("{}", error_line(message));
}

/// Says on standard error what is wrong and does not keep the program from going on.
pub fn report_warning(message: &str) {
    report_error(&format!("warning: {message}"));
}

/// The line of [`report_error`].
pub fn error_line(message: &str) -> String {
    format!("kiln-cli: {}", visible(message))
}

/// How many names are told instead of one that there is not.
pub const SUGGESTIONS: usize = 3;
/// How like a name must be to be suggested, from 0 to 1.
pub const LIKENESS: f32 = 0.6;

/// The names that come near one that there is not, best first: those that are as like it, from 0
/// to 1.
pub fn near<'a>(name: &str, names: &[&'a str], likeness: f32) -> Vec<&'a str> {
    let mut near: Vec<(f32, &str)> = names
        .iter()
        .map(|known| (alike(name, known), *known))
        .filter(|(alike, _)| *alike >= likeness)
        .collect();
    near.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    near.truncate(SUGGESTIONS);
    near.into_iter().map(|(_, known)| known).collect()
}

/// How like two names are, from 0 to 1: the part of their letters that both have in the same order.
fn alike(one: &str, other: &str) -> f32 {
    let other: Vec<char> = other.chars().collect();
    // The longest common subsequence with each beginning of the other name, a letter at a time.
    let mut common = vec![0_usize; other.len() + 1];
    let mut letters = 0;
    for letter in one.chars() {
        letters += 1;
        let mut before = 0;
        for (index, known) in other.iter().enumerate() {
            let here = match letter == *known {
                true => before + 1,
                false => common[index + 1].max(common[index]),
            };
            before = std::mem::replace(&mut common[index + 1], here);
        }
    }
    let all = letters + other.len();
    match all {
        0 => 1.,
        _ => 2. * common[other.len()] as f32 / all as f32,
    }
}

/// Asks whether one of the names that come near was meant: `did you mean a or b?`. `None` where
/// none does.
pub fn did_you_mean(name: &str, names: &[&str], likeness: f32) -> Option<String> {
    let near = near(name, names, likeness);
    (!near.is_empty()).then(|| format!("did you mean {}?", near.join(" or ")))
}

/// A word as a shell takes it: for commands that a person may copy.
pub fn shell_word(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "_-./:@%+=,".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

/// Whether somebody sits in front of the program.
pub fn is_interactive() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Whether somebody says yes to what is to be `done` to `what`; tells that it is not where they
/// say no.
///
/// # Errors
/// Where nobody is there to say so.
pub fn agrees(question: &str, what: &str, done: &str) -> anyhow::Result<bool> {
    if !is_interactive() {
        let message = format!("{what} is {done} without a yes; add --yes");
        return Err(UsageError(message).into());
    }
    let agreed = confirm(question)?;
    if !agreed {
        report_error(&format!("nothing was {done}"));
    }
    Ok(agreed)
}

/// Asks for a yes on standard error; an empty answer is a no.
fn confirm(question: &str) -> io::Result<bool> {
    let mut errors = io::stderr();
    write!(errors, "{question} [y/N] ")?;
    errors.flush()?;
    let mut answer = String::new();
    io::stdin().lock().take(1024).read_line(&mut answer)?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}

/// The whole of standard input, as a prompt.
pub fn read_prompt() -> io::Result<String> {
    let mut bytes = Vec::new();
    io::stdin()
        .lock()
        .take(MAX_PROMPT + 1)
        .read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_PROMPT {
        return Err(io::Error::other(
            "the prompt on standard input is over 1 MiB",
        ));
    }
    String::from_utf8(bytes)
        .map_err(|_| io::Error::other("the prompt on standard input is not UTF-8"))
}

/// More lines than this that nobody has asked for are left in the terminal.
const MAX_WAITING: usize = 1_000;

/// The lines of standard input, read on a thread of their own as they come.
pub struct Lines {
    read: async_channel::Receiver<String>,
    /// What was typed before a question was asked, and is no answer to it.
    early: VecDeque<String>,
}

impl Lines {
    /// Begins to read.
    pub fn read() -> Self {
        let (sender, receiver) = async_channel::bounded(MAX_WAITING);
        std::thread::spawn(move || {
            for line in io::stdin().lock().lines() {
                let Ok(line) = line else { break };
                if sender.send_blocking(line).is_err() {
                    break;
                }
            }
        });
        Self::of(receiver)
    }

    fn of(read: async_channel::Receiver<String>) -> Self {
        Self {
            read,
            early: VecDeque::new(),
        }
    }

    /// The next line; `None` at the end of the input.
    pub async fn next(&mut self) -> Option<String> {
        match self.early.pop_front() {
            Some(line) => Some(line),
            None => self.read.recv().await.ok(),
        }
    }

    /// Says that a question is shown and that what is typed from here on answers it, which the user
    /// is told next: what was typed before does not, and waits for [`Lines::next`].
    pub fn question_is_shown(&mut self) {
        while let Ok(line) = self.read.try_recv() {
            self.early.push_back(line);
        }
    }

    /// The next line that was typed since the last question; `None` at the end of the input.
    pub async fn next_answer(&mut self) -> Option<String> {
        self.read.recv().await.ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_was_typed_before_a_question_does_not_answer_it() {
        let (sender, receiver) = async_channel::bounded(8);
        let mut lines = Lines::of(receiver);
        sender.send("y".to_owned()).await.unwrap();
        lines.question_is_shown();
        sender.send("n".to_owned()).await.unwrap();
        sender.send("and then".to_owned()).await.unwrap();
        assert_eq!(lines.next_answer().await.as_deref(), Some("n"));
        assert_eq!(lines.next().await.as_deref(), Some("y"), "it is not lost");
        assert_eq!(lines.next().await.as_deref(), Some("and then"));
    }

    #[test]
    fn words_are_quoted_where_a_shell_would_split_or_read_them() {
        assert_eq!(shell_word("due-dates"), "due-dates");
        assert_eq!(shell_word("../検索"), "../検索");
        assert_eq!(shell_word("my folder"), "'my folder'");
        assert_eq!(shell_word("it's $HOME"), r"'it'\''s $HOME'");
        assert_eq!(shell_word(""), "''");
    }

    #[test]
    fn escape_sequences_and_direction_marks_are_shown_and_not_obeyed() {
        assert_eq!(
            visible("a\u{1b}[2Jb\u{202e}c\u{7}\r\n\td"),
            "a\u{fffd}[2Jb\u{fffd}c\u{fffd}\n\td"
        );
        assert_eq!(visible("Grüße 検索 👍🏽"), "Grüße 検索 👍🏽");
    }
}
