//! What language a text without a file looks like.

use syntax::LanguageId;

use crate::{BufferId, Workspace, WorkspaceEvent};

/// Finds out what language a text looks like, to be run off the thread that owns the workspace: the
/// first text waits for what all of them are compared with.
pub struct GuessJob {
    beginning: String,
    version: u64,
}

/// What one version of a text looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GuessedLanguage {
    /// The language; [`LanguageId::PLAIN`] where it looks like none.
    pub language: LanguageId,
    version: u64,
}

impl GuessJob {
    /// Looks at the first [`syntax::DETECTED_BYTES`] of the text.
    pub fn run(self) -> GuessedLanguage {
        GuessedLanguage {
            language: syntax::guess(&self.beginning),
            version: self.version,
        }
    }
}

impl Workspace {
    /// The work of finding out what language a text looks like; `None` for one whose path says it.
    pub fn guess_job(&self, id: BufferId) -> Option<GuessJob> {
        let buffer = self.buffers.get(&id)?;
        let is_guessed = buffer.detected_language(&self.associations).is_none();
        is_guessed.then(|| GuessJob {
            beginning: buffer.text.slice(0..syntax::DETECTED_BYTES).into_owned(),
            version: buffer.version,
        })
    }

    /// As [`Workspace::guess_job`], where [`Workspace::detect_language_of`] asked for it and nothing
    /// else has said since which language the text is in. To be asked again after each
    /// [`Workspace::language_guessed`].
    pub fn awaited_guess(&self, id: BufferId) -> Option<GuessJob> {
        let awaits = self.buffers.get(&id)?.awaits_guess;
        awaits.then(|| self.guess_job(id)).flatten()
    }

    /// Takes the language that a text was found to look like, where that is awaited. One of an earlier
    /// version of the text is dropped.
    pub fn language_guessed(&mut self, id: BufferId, guessed: GuessedLanguage) {
        let Some(buffer) = self.buffers.get_mut(&id) else {
            return;
        };
        let is_wanted = buffer.awaits_guess && buffer.version == guessed.version;
        if is_wanted && buffer.set_language(guessed.language) {
            self.emit(WorkspaceEvent::BufferReparsed(id));
        }
    }

    /// Sets the language that a text without a file was found to look like in an earlier program, by its
    /// identifier. One that is not known any more is passed over, and one that the text got since stays.
    pub fn restore_guessed_language(&mut self, id: BufferId, language: &str) {
        let known = syntax::by_name(language).filter(|known| known.id_str() == language);
        let (Some(language), Some(buffer)) = (known, self.buffers.get_mut(&id)) else {
            return;
        };
        let is_open = buffer.untitled_number().is_some() && !buffer.language_chosen;
        let is_open = is_open && buffer.language == LanguageId::PLAIN && !buffer.awaits_guess;
        if is_open && buffer.set_language(language) {
            self.emit(WorkspaceEvent::BufferReparsed(id));
        }
    }
}
