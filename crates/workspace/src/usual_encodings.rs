//! What files are read in where neither their `.editorconfig` nor anybody says more.

use std::collections::BTreeMap;
use std::path::Path;

use fs::EncodingChoice;
use syntax::Associations;

/// The encodings that the settings name, for all files and for those in some languages.
#[derive(Clone, Debug, Default)]
pub struct UsualEncodings {
    everywhere: EncodingChoice,
    /// By the language's identifier.
    by_language: BTreeMap<String, EncodingChoice>,
    associations: Associations,
}

impl UsualEncodings {
    /// One for all files but those in some languages, by their identifiers.
    pub fn new(everywhere: EncodingChoice, by_language: BTreeMap<String, EncodingChoice>) -> Self {
        Self {
            everywhere,
            by_language,
            associations: Associations::default(),
        }
    }

    /// The same where the user's patterns say which languages files are in.
    #[must_use]
    pub(crate) fn with_associations(&self, associations: &Associations) -> Self {
        Self {
            associations: associations.clone(),
            ..self.clone()
        }
    }

    /// What a file is read in. Its language is known by its name alone, before it is read.
    pub fn of(&self, path: &Path) -> EncodingChoice {
        if self.by_language.is_empty() {
            return self.everywhere;
        }
        let associated = self.associations.language(path);
        let language = associated.unwrap_or_else(|| syntax::detect(path, ""));
        let own = self.by_language.get(language.id_str());
        own.copied().unwrap_or(self.everywhere)
    }
}
