//! An edit of several files, as what takes it back together.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::deleted_files::DeletionId;
use super::edit_paths::moved_to;
use super::edit_versions::EditVersions;
use super::server_edits::Target;
use editor_core::{ChangeSet, Revision, Text};
use lsp::FileEvent;
use workspace::{Buffer, BufferId};

/// Which of the edits of a window.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct JointEditId(u64);

impl JointEditId {
    /// The one behind it.
    pub(super) fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

/// A path below the folder.
#[derive(Clone)]
pub(super) struct FilePath {
    pub path: PathBuf,
    pub inside: PathBuf,
}

impl FilePath {
    fn moved(&mut self, from: &Path, to: &Path) {
        let Some(path) = moved_to(&self.path, from, to) else {
            return;
        };
        // The path below the folder is the end of the whole one.
        let above = self.path.components().count() - self.inside.components().count();
        self.inside = path.components().skip(above).collect();
        self.path = path;
    }

    /// The name of the file.
    pub fn name(&self) -> String {
        let name = self.path.file_name().unwrap_or_default();
        name.to_string_lossy().into_owned()
    }
}

/// A file whose text the edit changes.
#[derive(Clone)]
pub(super) struct Member {
    pub file: FilePath,
    /// What takes it back, and the text that it fits.
    pub back: ChangeSet,
    pub after: Text,
    /// The buffer that was open, and its state after the edit.
    pub open: Option<(BufferId, Revision)>,
    /// How many steps of the buffer's history the edit is.
    pub steps: usize,
}

/// A file that the edit makes.
#[derive(Clone)]
pub(super) struct MadeFile {
    pub file: FilePath,
    /// What it held after the edit.
    pub held: Text,
    /// What brings it back, where the edit was taken back.
    pub deleted: Option<DeletionId>,
}

/// An edit of several files.
#[derive(Clone, Default)]
pub(super) struct JointEdit {
    /// Which it is, once it was made.
    pub id: JointEditId,
    /// What was told of it.
    pub said: String,
    pub members: Vec<Member>,
    pub made: Vec<MadeFile>,
    /// The folders that it made, each before those above it.
    pub folders: Vec<FilePath>,
}

impl JointEdit {
    /// In how many files it was made.
    pub fn files(&self) -> usize {
        self.members.len() + self.made.len()
    }

    /// How long its texts are together, in bytes.
    pub fn bytes(&self) -> usize {
        let members = self.members.iter().map(|one| one.after.len());
        let made = self.made.iter().map(|one| one.held.len());
        members.chain(made).sum()
    }

    /// Whether it can be taken back as a whole, which one asks for in one of its texts.
    pub fn can_be_taken_back(&self) -> bool {
        self.files() > 1 && self.members.iter().any(|member| member.open.is_some())
    }

    /// Whether a buffer stands right after it, in a state.
    pub fn is_right_before(&self, now: (BufferId, Revision)) -> bool {
        self.members.iter().any(|member| member.open == Some(now))
    }

    /// A file or folder has another path now.
    pub fn moved(&mut self, from: &Path, to: &Path) {
        let members = self.members.iter_mut().map(|one| &mut one.file);
        let files = members.chain(self.made.iter_mut().map(|one| &mut one.file));
        let files = files.chain(&mut self.folders);
        files.for_each(|file| file.moved(from, to));
    }

    /// A step of the edit changed the text of a file, whose buffer is now this and was in the state
    /// `before`; `back` takes that step back. A buffer that is only open for the edit is closed again.
    fn changed(
        &mut self,
        target: &Target,
        (before, back): (Revision, ChangeSet),
        buffer: &Buffer,
        is_only_for_it: bool,
    ) {
        let after = buffer.text().clone();
        let is_of = |file: &FilePath| file.path == target.path;
        if target.is_new && is_only_for_it && !self.made.iter().any(|one| is_of(&one.file)) {
            self.made.push(MadeFile {
                file: FilePath {
                    path: target.path.clone(),
                    inside: target.inside.clone(),
                },
                held: after,
                deleted: None,
            });
            return;
        }
        let mut made = self.made.iter_mut();
        if let Some(made) = made.find(|one| is_of(&one.file)).filter(|_| is_only_for_it) {
            made.held = after;
            return;
        }
        let open = (!is_only_for_it).then(|| (buffer.id(), buffer.revision()));
        let steps = usize::from(buffer.revision() != before);
        let known = self.members.iter().position(|one| is_of(&one.file));
        let Some(known) = known else {
            self.members.push(Member {
                file: FilePath {
                    path: target.path.clone(),
                    inside: target.inside.clone(),
                },
                back,
                after,
                open,
                steps,
            });
            return;
        };
        let member = self.members.swap_remove(known);
        // What does not follow on what was remembered is taken back by itself.
        let Ok(back) = back.compose(member.back) else {
            return;
        };
        let is_same = |(id, _): &(BufferId, Revision)| *id == buffer.id();
        self.members.push(Member {
            back,
            after,
            // The history of a buffer that came later does not have all of it.
            open: open.filter(|_| member.open.as_ref().is_some_and(is_same)),
            steps: member.steps + steps,
            file: member.file,
        });
    }
}

/// An edit that is being made, step by step.
#[derive(Default)]
pub(super) struct EditInProgress {
    /// The versions that the next step is made for.
    pub versions: EditVersions,
    /// When the edit was asked for, where the server may have made files for it since.
    pub since: Option<SystemTime>,
    /// What takes back what was made so far.
    pub joint: JointEdit,
    /// The names of the files and folders that it moved.
    pub moved: Vec<String>,
}

impl EditInProgress {
    /// A step did something to a file or folder below `root`.
    pub fn happened(&mut self, event: &FileEvent, root: &Path) {
        match event {
            FileEvent::Created { path } => {
                let inside = path.strip_prefix(root).unwrap_or(path).to_path_buf();
                self.joint.made.push(MadeFile {
                    file: FilePath {
                        path: path.clone(),
                        inside,
                    },
                    held: Text::new(""),
                    deleted: None,
                });
            }
            FileEvent::Renamed { from, to } => {
                self.versions.moved(from, to);
                self.joint.moved(from, to);
                let name = to.file_name().unwrap_or_default();
                self.moved.push(name.to_string_lossy().into_owned());
            }
            FileEvent::Deleted { path } => {
                let stays = |file: &FilePath| !file.path.starts_with(path);
                self.joint.members.retain(|one| stays(&one.file));
                self.joint.made.retain(|one| stays(&one.file));
                self.joint.folders.retain(stays);
            }
        }
    }

    /// A step made these folders below `root`, the deepest first.
    pub fn made_folders(&mut self, folders: &[PathBuf], root: &Path) {
        let known = self.joint.folders.iter().map(|one| one.inside.clone());
        let known: HashSet<_> = known.collect();
        let new = folders.iter().filter(|inside| !known.contains(*inside));
        let new = new.map(|inside| FilePath {
            path: root.join(inside),
            inside: inside.clone(),
        });
        // What lies in a folder that was made before comes before that.
        let new: Vec<_> = new.collect();
        self.joint.folders.splice(0..0, new);
    }

    /// A step changed a text; as [`JointEdit::changed`].
    pub fn changed(
        &mut self,
        target: &Target,
        back: (Revision, ChangeSet),
        buffer: &Buffer,
        is_only_for_it: bool,
    ) {
        self.versions.left(buffer.id(), buffer.version());
        self.joint.changed(target, back, buffer, is_only_for_it);
    }
}
