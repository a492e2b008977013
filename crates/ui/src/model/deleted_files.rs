//! Files that are deleted for a language server: what they held is kept, so that they can be brought
//! back.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use super::WorkspaceModel;
use super::in_folder::InFolder;
use editor_core::Text;
use fs::{Content, Fs};
use gpui_kit::{AsyncApp, Context, Task, WeakEntity};
use lsp::FileEvent;
use workspace::{HistorySource, LocalHistory};

/// What has more bytes together than this is not deleted for a server: it could not be brought back.
const MOST_BYTES: u64 = 64 * 1024 * 1024;
/// The same for a folder of more files.
const MOST_FILES: usize = 10_000;

/// What a file held.
#[derive(Debug)]
struct Kept {
    /// Its path below the folder.
    inside: PathBuf,
    bytes: Vec<u8>,
}

impl Content for Kept {
    fn write_to(&self, sink: &mut dyn Write) -> io::Result<()> {
        sink.write_all(&self.bytes)
    }
}

/// Files that were deleted, with what they held.
#[derive(Clone, Debug, Default)]
pub struct DeletedFiles(Vec<Arc<Kept>>);

impl DeletedFiles {
    /// Reads what is about to be deleted. Blocks.
    ///
    /// # Errors
    /// A sentence without its end, where it could not be brought back.
    pub(super) fn read(fs: &dyn Fs, folder: &InFolder, inside: &Path) -> Result<Self, String> {
        let refused = |inside: &Path, why: &str| {
            let inside = inside.display();
            format!("{inside} is not deleted, since it could not be brought back: {why}")
        };
        let root = &folder.root;
        let found = fs
            .metadata(&root.join(inside))
            .map_err(|error| error.to_string())?;
        let mut waiting = vec![(inside.to_path_buf(), found.is_dir, found.is_symlink)];
        let mut kept = Vec::new();
        let mut left = MOST_BYTES;
        while let Some((inside, is_dir, is_symlink)) = waiting.pop() {
            let failed = |error: fs::FsError| refused(&inside, &error.to_string());
            if is_symlink {
                return Err(refused(&inside, "it is a link"));
            }
            if !is_dir {
                let (bytes, _) = fs.read_beneath(root, &inside, left).map_err(failed)?;
                left = left.saturating_sub(bytes.len() as u64);
                kept.push(Arc::new(Kept { inside, bytes }));
                continue;
            }
            for entry in fs.read_dir_beneath(root, &inside).map_err(failed)? {
                let name = entry.path.file_name().unwrap_or_default();
                waiting.push((inside.join(name), entry.is_dir, entry.is_symlink));
            }
            if kept.len() + waiting.len() > MOST_FILES {
                return Err(refused(&inside, "it holds too many files"));
            }
        }
        Ok(Self(kept))
    }

    /// Keeps the texts in the local history too, which outlives the notice. Blocks.
    pub(super) fn keep(&self, history: &LocalHistory, root: &Path) -> Result<(), fs::FsError> {
        for one in &self.0 {
            let Ok(text) = std::str::from_utf8(&one.bytes) else {
                continue;
            };
            let said = (&Text::new(text), HistorySource::BeforeDelete);
            history.keep(&root.join(&one.inside), said, None, SystemTime::now())?;
        }
        Ok(())
    }

    /// Takes others behind these.
    pub(super) fn append(&mut self, mut others: Self) {
        self.0.append(&mut others.0);
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What became of them, in words.
    pub fn told(&self) -> String {
        match &*self.0 {
            [one] => format!("Deleted {}.", one.inside.display()),
            all => format!("Deleted {} files.", all.len()),
        }
    }
}

impl WorkspaceModel {
    /// Puts deleted files where they were; one that is there again stays as it is. Says how many came
    /// back; an error is a sentence that says which did not.
    pub fn bring_back(
        &self,
        deleted: &DeletedFiles,
        cx: &Context<Self>,
    ) -> Task<Result<usize, String>> {
        let (fs, root) = (self.workspace.fs().clone(), self.root().to_path_buf());
        let files = deleted.0.clone();
        let writing = cx.background_executor().spawn({
            let root = root.clone();
            async move {
                let mut back = Vec::new();
                for one in &files {
                    let written = fs
                        .create_file_beneath(&root, &one.inside)
                        .and_then(|()| fs.write_beneath(&root, &one.inside, one.as_ref()));
                    if let Err(error) = written {
                        return (back, Some(format!("Not all came back: {error}")));
                    }
                    back.push(root.join(&one.inside));
                }
                (back, None)
            }
        });
        cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
            let (back, failed) = writing.await;
            let count = back.len();
            this.update(cx, |model, cx| {
                for path in back {
                    model.file_event(&FileEvent::Created { path }, false, cx);
                }
            })
            // A released model tells nobody.
            .ok();
            failed.map_or(Ok(count), Err)
        })
    }
}
