use std::sync::atomic::AtomicBool;
use std::time::Duration;

use editor_core::Text;
use syntax::{LanguageId, MAX_PARSED_BYTES, OldPoints, SyntaxTree};

use crate::{BufferId, Severity, Workspace, WorkspaceEvent};

/// How long parts in imported languages are read before what was read is shown.
const PARTS_TIME: Duration = Duration::from_millis(100);

/// A parse of one version of a buffer, to be run off the thread that owns the workspace.
pub struct ParseJob {
    text: Text,
    version: u64,
    language: LanguageId,
    previous: Option<SyntaxTree>,
    /// Whether the previous tree is of this version, and parts of it are still to be read.
    goes_on: bool,
}

/// The syntax of one version of a buffer.
pub struct ParsedTree {
    version: u64,
    /// The text of that version.
    text: Text,
    language: LanguageId,
    tree: SyntaxTree,
}

impl ParseJob {
    /// Parses, reusing what is known of the text before. `None` where `cancel` became true.
    ///
    /// Parts whose grammars may take long are left for the job after this one, so that the rest is
    /// shown at once.
    pub fn run(&self, cancel: &AtomicBool) -> Option<ParsedTree> {
        let previous = self.previous.as_ref();
        let tree = match previous.filter(|_| self.goes_on) {
            Some(unfinished) => unfinished.parse_more(PARTS_TIME, cancel),
            None => SyntaxTree::parse_first(self.language, &self.text, previous, cancel)?,
        };
        Some(ParsedTree {
            version: self.version,
            text: self.text.clone(),
            language: self.language,
            tree,
        })
    }
}

impl Workspace {
    /// The parse that a buffer needs; `None` where its syntax is known, its language has no
    /// grammar, or it is too large to be parsed. To be asked again after each
    /// [`WorkspaceEvent::BufferReparsed`].
    pub fn parse_job(&self, id: BufferId) -> Option<ParseJob> {
        let buffer = self.buffers.get(&id)?;
        let is_current = buffer.parsed_version == Some(buffer.version);
        let goes_on = is_current && (buffer.tree.as_ref()).is_some_and(|tree| !tree.is_whole());
        let needed = (goes_on || !is_current)
            && buffer.language.has_grammar()
            && buffer.text.len() <= MAX_PARSED_BYTES;
        needed.then(|| ParseJob {
            goes_on,
            text: buffer.text.clone(),
            version: buffer.version,
            language: buffer.language,
            previous: buffer.tree.clone(),
        })
    }

    /// Tells what went wrong since the last call with languages and grammars that were imported.
    pub fn tell_language_problems(&mut self) {
        for problem in syntax::take_grammar_problems() {
            self.notice(Severity::Warning, problem);
        }
    }

    /// Takes the result of a parse. One that was overtaken by edits is carried over them; one that
    /// is older than what is known, or too old to be carried, is dropped.
    pub fn parse_finished(&mut self, id: BufferId, parsed: ParsedTree) {
        self.tell_language_problems();
        let Some(buffer) = self.buffers.get_mut(&id) else {
            return;
        };
        let newer = buffer
            .parsed_version
            .is_none_or(|known| parsed.version >= known);
        if parsed.language != buffer.language || !newer {
            return;
        }
        let Some(later) = buffer.changes_after(parsed.version) else {
            return;
        };
        let (mut tree, mut text) = (parsed.tree, parsed.text);
        for made in later {
            let changes = &made.changes;
            let old = OldPoints::of(changes, &text);
            if changes.apply_in_place(&mut text).is_err() {
                return;
            }
            tree.carry(changes, &old, &text);
        }
        buffer.tree = Some(tree);
        buffer.parsed_version = Some(parsed.version);
        self.emit(WorkspaceEvent::BufferReparsed(id));
    }
}
