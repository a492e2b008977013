//! How much is wrong in each file and folder, for what lists files.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use workspace::{ProblemCounts, Workspace};

use super::WorkspaceModel;

/// How much is wrong in the files of the folder, and in the folders above them, in all of a folder's
/// files together.
#[derive(Debug, Default)]
pub struct ProblemMarks(HashMap<PathBuf, ProblemCounts>);

impl ProblemMarks {
    fn of(workspace: &Workspace) -> Self {
        let root = workspace.root();
        let mut marks: HashMap<PathBuf, ProblemCounts> = HashMap::new();
        for (path, counts) in workspace.problem_counts() {
            for folder in path.ancestors().skip(1) {
                if folder == root || !folder.starts_with(root) {
                    break;
                }
                match marks.get_mut(folder) {
                    Some(marked) => marked.join(counts),
                    None => {
                        marks.insert(folder.to_path_buf(), counts);
                    }
                }
            }
            marks.insert(path, counts);
        }
        Self(marks)
    }

    /// How much is wrong in a file, or in the files of a folder.
    pub fn at(&self, path: &Path) -> ProblemCounts {
        self.0.get(path).copied().unwrap_or_default()
    }
}

impl WorkspaceModel {
    /// How much is wrong in each file and folder. It is counted when it is asked for first after what
    /// [changes it](workspace::WorkspaceEvent::changes_problems).
    pub fn problem_marks(&self) -> Rc<ProblemMarks> {
        let mut marks = self.problem_marks.borrow_mut();
        let counted = marks.get_or_insert_with(|| Rc::new(ProblemMarks::of(&self.workspace)));
        counted.clone()
    }
}
