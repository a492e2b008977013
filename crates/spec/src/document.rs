//! Which documents a spec has, and in which order they are made.

use serde::{Deserialize, Serialize};

/// One document of a spec.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Document {
    /// What is wanted, of a feature.
    Requirements,
    /// What is wrong, of a bug: takes the place of the requirements.
    Bugfix,
    /// How it is built.
    Design,
    /// In which steps.
    Tasks,
}

impl Document {
    /// The file's name in the spec's folder.
    pub const fn file_name(self) -> &'static str {
        match self {
            Self::Requirements => "requirements.md",
            Self::Bugfix => "bugfix.md",
            Self::Design => "design.md",
            Self::Tasks => "tasks.md",
        }
    }

    /// All of them.
    const ALL: [Self; 4] = [Self::Requirements, Self::Bugfix, Self::Design, Self::Tasks];

    /// The document that a file's name means.
    pub fn from_file_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|document| document.file_name() == name)
    }

    /// The document of a [`Document::key`].
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|document| document.key() == key)
    }

    /// Its name in `approvals` of `.config.kiro`.
    pub fn key(self) -> &'static str {
        match self {
            Self::Requirements => "requirements",
            Self::Bugfix => "bugfix",
            Self::Design => "design",
            Self::Tasks => "tasks",
        }
    }

    /// Its name for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Requirements => "Requirements",
            Self::Bugfix => "Bug analysis",
            Self::Design => "Design",
            Self::Tasks => "Tasks",
        }
    }
}

/// `workflowType` of `.config.kiro`: the order of the documents and whether each
/// is approved before the next.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Workflow {
    /// Requirements, design, tasks, each approved.
    #[default]
    RequirementsFirst,
    /// Design, requirements, tasks, each approved.
    DesignFirst,
    /// All three at once, without gates.
    FastTask,
}

impl Workflow {
    /// Reads `workflowType`; an unknown one is the default.
    pub fn from_config(text: &str) -> Self {
        match text {
            "design-first" => Self::DesignFirst,
            "fast-task" => Self::FastTask,
            _ => Self::RequirementsFirst,
        }
    }

    /// Its name in `.config.kiro`.
    pub fn config_name(self) -> &'static str {
        match self {
            Self::RequirementsFirst => "requirements-first",
            Self::DesignFirst => "design-first",
            Self::FastTask => "fast-task",
        }
    }
}

/// `specType` of `.config.kiro`.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum SpecType {
    /// A feature, from requirements.md.
    #[default]
    Feature,
    /// A bug, from bugfix.md.
    Bugfix,
    /// A feature without gates.
    QuickSpec,
}

impl SpecType {
    /// Reads `specType`; an unknown one is a feature.
    pub fn from_config(text: &str) -> Self {
        match text {
            "bugfix" => Self::Bugfix,
            "quick-spec" => Self::QuickSpec,
            _ => Self::Feature,
        }
    }

    /// Its name in `.config.kiro`.
    pub fn config_name(self) -> &'static str {
        match self {
            Self::Feature => "feature",
            Self::Bugfix => "bugfix",
            Self::QuickSpec => "quick-spec",
        }
    }

    /// The document that says what is wanted.
    pub fn first_document(self) -> Document {
        match self {
            Self::Bugfix => Document::Bugfix,
            Self::Feature | Self::QuickSpec => Document::Requirements,
        }
    }
}
