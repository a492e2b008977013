//! What is tried with a server, and what came of it.

use std::time::Duration;

/// A project, and what its server has to make of it. Places are marks in the texts.
pub struct Case {
    /// Its name in the catalogue.
    pub server: &'static str,
    /// The language, as the table names it.
    pub language: &'static str,
    /// The language's id in the protocol.
    pub language_id: &'static str,
    /// The files, the first of which is opened and edited.
    ///
    /// In it `error` is where the mistake goes, `complete` where is typed, `use` what is explained,
    /// renamed and defined at `defined` (of any file), `format` where the layout is spoilt.
    pub files: &'static [(&'static str, &'static str)],
    /// What is wrong, at `error`.
    pub mistake: &'static str,
    /// What is typed at `complete`, and what is to be offered there.
    pub completion: (&'static str, &'static str),
    /// What the explanation of `use` has in it.
    pub says: &'static str,
    /// The new name, and how often it stands in all files after that.
    pub rename: (&'static str, usize),
    /// What spoils the layout of the line at `format`; formatting takes it away.
    pub spoilt: &'static str,
    /// The cells of a level of the layout.
    pub tab_size: u32,
    /// What this server does not do.
    pub lacks: &'static [Step],
}

impl Case {
    /// Of which a case says what is other.
    pub const EMPTY: Self = Self {
        server: "",
        language: "",
        language_id: "",
        files: &[],
        mistake: "",
        completion: ("", ""),
        says: "",
        rename: ("", 0),
        spoilt: "",
        tab_size: 4,
        lacks: &[],
    };
}

/// What is tried, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// A mistake is marked, its mark follows an edit above it, and goes with the mistake.
    Diagnostic,
    /// What is typed is completed.
    Completion,
    /// A name is explained.
    Hover,
    /// Its definition is found, in the other file where there is one.
    Definition,
    /// It gets another name everywhere.
    Rename,
    /// A spoilt layout is mended.
    Format,
    /// The places where a name is used are found.
    References,
    /// … and marked in the file.
    Highlights,
    /// Something can be done about a mistake.
    CodeAction,
    /// The parameters of a call are told.
    SignatureHelp,
    /// Types or names of parameters stand between the text.
    InlayHints,
    /// It is told what names mean.
    SemanticTokens,
    /// Commands stand above lines.
    CodeLens,
    /// It is told what calls a function.
    CallHierarchy,
    /// It is told what the file holds.
    Outline,
    /// … and what of it can be folded.
    Folds,
}

impl Step {
    /// All of them.
    pub const ALL: [Self; 16] = [
        Self::Diagnostic,
        Self::Completion,
        Self::Hover,
        Self::Definition,
        Self::Rename,
        Self::Format,
        Self::References,
        Self::Highlights,
        Self::CodeAction,
        Self::SignatureHelp,
        Self::InlayHints,
        Self::SemanticTokens,
        Self::CodeLens,
        Self::CallHierarchy,
        Self::Outline,
        Self::Folds,
    ];

    /// The column's title.
    pub fn title(self) -> &'static str {
        match self {
            Self::Diagnostic => "diagnostics",
            Self::Completion => "completion",
            Self::Hover => "hover",
            Self::Definition => "definition",
            Self::Rename => "rename",
            Self::Format => "format",
            Self::References => "references",
            Self::Highlights => "highlights",
            Self::CodeAction => "code actions",
            Self::SignatureHelp => "parameters",
            Self::InlayHints => "hints",
            Self::SemanticTokens => "meanings",
            Self::CodeLens => "lenses",
            Self::CallHierarchy => "calls",
            Self::Outline => "outline",
            Self::Folds => "folds",
        }
    }
}

/// What came of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It did what the case says.
    Works,
    /// The case says that this server does not.
    Lacks,
    /// It did not, and why.
    Failed(String),
}

/// What came of a server.
pub struct Report {
    /// The case.
    pub case: &'static Case,
    /// From its start until it ran.
    pub start: Duration,
    /// What came of each step, in the order of [`Step::ALL`].
    pub outcomes: Vec<Outcome>,
}

impl Report {
    /// The steps that failed, as lines.
    pub fn failures(&self) -> Vec<String> {
        let steps = Step::ALL.iter().zip(&self.outcomes);
        let failed = steps.filter_map(|(step, outcome)| match outcome {
            Outcome::Failed(why) => Some(format!("{}, {}: {why}", self.case.server, step.title())),
            Outcome::Works | Outcome::Lacks => None,
        });
        failed.collect()
    }
}
