//! What is tried with a formatter, and what came of it.

use std::time::Duration;

/// A file, and how its formatter is run on it.
pub struct Case {
    /// Its name in the catalogue.
    pub formatter: &'static str,
    /// The language, as the table names it.
    pub language: &'static str,
    /// The file's place in its project.
    pub file: &'static str,
    /// What stands in it, badly laid out.
    pub text: &'static str,
    /// Arguments by which it writes a file anew, before the file.
    pub by_hand: &'static [&'static str],
    /// Files that the project needs for it.
    pub needs: &'static [(&'static str, &'static str)],
    /// A file of the project by which the layout becomes another.
    pub settings: Option<(&'static str, &'static str)>,
    /// A text that it does not read.
    pub broken: Option<&'static str>,
}

impl Case {
    /// Of which a case says what is other.
    pub const EMPTY: Self = Self {
        formatter: "",
        language: "",
        file: "",
        text: "",
        by_hand: &[],
        needs: &[],
        settings: None,
        broken: None,
    };
}

/// What came of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It is so.
    Yes,
    /// The case does not ask it.
    NotAsked,
    /// It is not, and why.
    No(String),
}

/// What came of a formatter.
pub struct Report {
    /// The case.
    pub case: &'static Case,
    /// Whether Kiln makes of a text what the formatter makes of the file, and leaves that.
    pub as_by_hand: Answer,
    /// The same with the settings of a project.
    pub follows_settings: Answer,
    /// Whether it is said why a text is not laid out.
    pub refuses: Answer,
    /// How long the first took.
    pub took: Duration,
}

impl Report {
    /// What is not as it should be, as lines.
    pub fn failures(&self) -> Vec<String> {
        let answers = [
            ("as by hand", &self.as_by_hand),
            ("the project's settings", &self.follows_settings),
            ("mistakes", &self.refuses),
        ];
        let failed = answers
            .into_iter()
            .filter_map(|(what, answer)| match answer {
                Answer::No(why) => Some(format!("{}, {what}: {why}", self.case.formatter)),
                Answer::Yes | Answer::NotAsked => None,
            });
        failed.collect()
    }
}
