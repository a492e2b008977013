//! Files that are deleted for a language server: what they held is kept, so that they can be brought
//! back.

use std::collections::VecDeque;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use super::in_folder::InFolder;
use super::{ServerSays, WorkspaceModel};
use editor_core::Text;
use fs::{Content, Fs, FsError};
use gpui_kit::{AsyncApp, Context, Task, WeakEntity};
use lsp::FileEvent;
use workspace::{HistorySource, LocalHistory};

/// What has more bytes together than this is not deleted by one edit of a server: it could not be
/// brought back.
const MOST_BYTES: u64 = 64 * 1024 * 1024;
/// The same for more files.
const MOST_FILES: usize = 10_000;
/// What was deleted longest ago is forgotten where more bytes than this are kept together.
const MOST_KEPT: usize = 2 * MOST_BYTES as usize;
/// The same for more deletions.
const MOST_DELETIONS: usize = 100;
/// So many files that do not come back are named.
const NAMED: usize = 3;

/// What its owner may do with a file for as long as it is written: read and write it.
const OWNER: u32 = 0o600;

/// Why nothing comes back.
const FORGOTTEN: &str = "These files are not kept any more: they came back already, or were deleted before too many others.";

/// How much more can be kept of what an edit deletes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Room {
    bytes: u64,
    files: usize,
}

impl Default for Room {
    fn default() -> Self {
        Self {
            bytes: MOST_BYTES,
            files: MOST_FILES,
        }
    }
}

/// A file or folder that was deleted.
#[derive(Debug)]
struct Kept {
    /// Its path below the folder.
    inside: PathBuf,
    /// What may be done with it, as [`Fs::mode_beneath`] says.
    mode: Option<u32>,
    held: Held,
}

#[derive(Debug)]
enum Held {
    Folder,
    File(Vec<u8>),
}

impl Kept {
    /// What it held, if it was a file.
    fn bytes(&self) -> Option<&[u8]> {
        match &self.held {
            Held::Folder => None,
            Held::File(bytes) => Some(bytes),
        }
    }

    fn is_folder(&self) -> bool {
        matches!(self.held, Held::Folder)
    }

    /// The mode that it gets when it comes back.
    fn wanted_mode(&self) -> Option<u32> {
        // Who brings a file back owns it, which the one that it ran as may not have been.
        self.mode.map(|had| match self.is_folder() {
            true => had,
            false => had & 0o777,
        })
    }
}

impl Content for Kept {
    fn write_to(&self, sink: &mut dyn Write) -> io::Result<()> {
        sink.write_all(self.bytes().unwrap_or_default())
    }
}

/// Files and folders that were deleted, a folder before what was in it.
#[derive(Clone, Debug, Default)]
pub(super) struct DeletedFiles(Vec<Arc<Kept>>);

impl DeletedFiles {
    /// How much more the edit that deleted these may delete.
    pub(super) fn room(&self) -> Room {
        let all = Room::default();
        Room {
            bytes: all.bytes.saturating_sub(self.bytes() as u64),
            files: all.files.saturating_sub(self.0.len()),
        }
    }

    /// Reads what is about to be deleted, as far as there is room for it. Blocks.
    ///
    /// # Errors
    /// A sentence without its end, where it could not be brought back.
    pub(super) fn read(
        fs: &dyn Fs,
        folder: &InFolder,
        inside: &Path,
        room: Room,
    ) -> Result<Self, String> {
        let mut kept = Vec::new();
        walk(fs, folder, inside, room, |inside, met| {
            let mode = fs.mode_beneath(&folder.root, &inside)?;
            let held = match met {
                Met::Folder => Held::Folder,
                Met::File { room } => Held::File(fs.read_beneath(&folder.root, &inside, room)?.0),
            };
            let one = Kept { inside, mode, held };
            let size = one.bytes().map_or(0, <[u8]>::len) as u64;
            kept.push(Arc::new(one));
            Ok(size)
        })?;
        kept.sort_by(|one: &Arc<Kept>, other| one.inside.cmp(&other.inside));
        Ok(Self(kept))
    }

    /// How much room is left once this is deleted, which is not read. Blocks.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub(super) fn measure(
        fs: &dyn Fs,
        folder: &InFolder,
        inside: &Path,
        room: Room,
    ) -> Result<Room, String> {
        walk(fs, folder, inside, room, |inside, met| {
            let Met::File { room: limit } = met else {
                return Ok(0);
            };
            let path = folder.root.join(inside);
            let found = fs.metadata(&path)?;
            match found.size {
                _ if !found.is_file => Err(FsError::NotAFile { path }),
                size if size > limit => Err(FsError::TooLarge { path, size, limit }),
                size => Ok(size),
            }
        })
    }

    /// Keeps the texts in the local history too, which outlives the notice. Blocks.
    pub(super) fn keep(&self, history: &LocalHistory, root: &Path) -> Result<(), FsError> {
        for one in &self.0 {
            let text = one
                .bytes()
                .and_then(|bytes| std::str::from_utf8(bytes).ok());
            let Some(text) = text else {
                continue;
            };
            let said = (&Text::new(text), HistorySource::BeforeDelete);
            history.keep(&root.join(&one.inside), said, None, SystemTime::now())?;
        }
        Ok(())
    }

    /// Those that are not there any more, of which only some could be deleted. Blocks.
    pub(super) fn gone(mut self, fs: &dyn Fs, root: &Path) -> Self {
        self.0.retain(|one| !fs.exists(&root.join(&one.inside)));
        self
    }

    /// That these were deleted, each with whether it is a folder; one that lay in another of them is
    /// told with that.
    pub(super) fn events(&self, root: &Path) -> Vec<(FileEvent, bool)> {
        let (mut events, mut last) = (Vec::new(), None::<&Path>);
        for one in &self.0 {
            if last.is_some_and(|last| one.inside.starts_with(last)) {
                continue;
            }
            last = Some(&one.inside);
            let path = root.join(&one.inside);
            events.push((FileEvent::Deleted { path }, one.is_folder()));
        }
        events
    }

    /// Takes others behind these.
    pub(super) fn append(&mut self, mut others: Self) {
        self.0.append(&mut others.0);
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many bytes they held.
    fn bytes(&self) -> usize {
        let files = self.0.iter().filter_map(|one| one.bytes());
        files.map(<[u8]>::len).sum()
    }
}

/// Which of the deletions of a window.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct DeletionId(u64);

/// What one edit of a server deleted.
#[derive(Clone, Debug)]
pub struct Deletion {
    id: DeletionId,
    deleted: SystemTime,
    files: DeletedFiles,
    /// Who took it away brings it back as well.
    untold: bool,
}

impl Deletion {
    /// Which it is.
    pub fn id(&self) -> DeletionId {
        self.id
    }

    /// When it was made.
    pub fn deleted(&self) -> SystemTime {
        self.deleted
    }

    /// What was deleted, in words: "src/a.rs and 2 others"; folders where they held no file.
    pub fn files(&self) -> String {
        let all = &self.files.0;
        let folders = all.iter().filter(|one| one.is_folder()).count();
        let is_file = |one: &&Arc<Kept>| !one.is_folder();
        let (first, count) = match all.iter().find(is_file) {
            Some(file) => (file.inside.display().to_string(), all.len() - folders),
            None => {
                let folder = all.first().map(|one| one.inside.display().to_string());
                let folder = folder.unwrap_or_default();
                (format!("the folder {folder}"), folders)
            }
        };
        match count {
            0 | 1 => first,
            2 => format!("{first} and 1 other"),
            all => format!("{first} and {} others", all - 1),
        }
    }
}

/// What servers deleted since the window was opened and can be brought back, the newest first. It
/// does not depend on whether somebody closes the notice.
#[derive(Debug, Default)]
pub(super) struct Deletions {
    kept: VecDeque<Deletion>,
    next: u64,
}

impl Deletions {
    /// Keeps what was deleted, and forgets what was deleted longest ago where that is too much.
    /// Of what is `untold` there is as much room again: it pushes nothing out that was told.
    fn keep(&mut self, files: DeletedFiles, untold: bool) -> &Deletion {
        let id = DeletionId(self.next);
        self.next += 1;
        let (mut bytes, mut count) = (files.bytes(), 1);
        let mut fits = true;
        self.kept.retain(|one| {
            if one.untold != untold {
                return true;
            }
            (bytes, count) = (bytes + one.files.bytes(), count + 1);
            fits &= bytes <= MOST_KEPT && count <= MOST_DELETIONS;
            fits
        });
        self.kept.push_front(Deletion {
            id,
            deleted: SystemTime::now(),
            files,
            untold,
        });
        &self.kept[0]
    }

    /// Keeps what did not come back of a deletion where it was, if anything.
    fn put_back(&mut self, left: Deletion) {
        if !left.files.is_empty() {
            let behind = self.kept.partition_point(|one| one.id.0 > left.id.0);
            self.kept.insert(behind, left);
        }
    }
}

/// What is met on the way through what is about to be deleted.
enum Met {
    Folder,
    /// A file, and for how many bytes there is room.
    File {
        room: u64,
    },
}

/// Takes each file and folder of what is about to be deleted, as far as there is room: `take` gets its
/// path below the folder and says how many bytes it takes. Says how much room is left.
fn walk(
    fs: &dyn Fs,
    folder: &InFolder,
    inside: &Path,
    mut room: Room,
    mut take: impl FnMut(PathBuf, Met) -> Result<u64, FsError>,
) -> Result<Room, String> {
    let refused = |inside: &Path, why: &str| {
        let inside = inside.display();
        format!("{inside} is not deleted, since it could not be brought back: {why}")
    };
    let root = &folder.root;
    let found = fs
        .metadata(&root.join(inside))
        .map_err(|error| error.to_string())?;
    let mut waiting = vec![(inside.to_path_buf(), found.is_dir, found.is_symlink)];
    while let Some((inside, is_dir, is_symlink)) = waiting.pop() {
        if is_symlink {
            return Err(refused(&inside, "it is a link"));
        }
        if waiting.len() >= room.files {
            return Err(refused(&inside, "there are too many files"));
        }
        let met = match is_dir {
            true => Met::Folder,
            false => Met::File { room: room.bytes },
        };
        let size =
            take(inside.clone(), met).map_err(|error| refused(&inside, &error.to_string()))?;
        room.bytes = room.bytes.saturating_sub(size);
        room.files -= 1;
        if !is_dir {
            continue;
        }
        let entries = fs.read_whole_dir_beneath(root, &inside);
        for entry in entries.map_err(|error| refused(&inside, &error.to_string()))? {
            let name = entry.path.file_name().unwrap_or_default();
            waiting.push((inside.join(name), entry.is_dir, entry.is_symlink));
        }
    }
    Ok(room)
}

impl WorkspaceModel {
    /// What was deleted for language servers and can be brought back, the newest first.
    pub fn deletions(&self) -> impl Iterator<Item = &Deletion> {
        self.deletions.kept.iter()
    }

    /// Keeps what was deleted without telling it: what deleted it brings it back.
    pub(super) fn keep_untold(&mut self, files: DeletedFiles) -> DeletionId {
        self.deletions.keep(files, true).id
    }

    /// Keeps what was deleted and has windows tell it.
    pub(super) fn keep_deleted(&mut self, files: DeletedFiles, cx: &mut Context<Self>) {
        let kept = self.deletions.keep(files, false).clone();
        cx.emit(ServerSays::Deleted(kept.id, kept.files()));
    }

    /// Puts deleted files where they were; one that is there again stays as it is, and none keeps the
    /// others from coming back. What does not come back can be brought back later. Says how many files
    /// came back; an error is a sentence that says which did not.
    pub fn bring_back(
        &mut self,
        id: DeletionId,
        cx: &Context<Self>,
    ) -> Task<Result<usize, String>> {
        let kept = &mut self.deletions.kept;
        let place = kept.iter().position(|one| one.id == id);
        let Some(deletion) = place.and_then(|place| kept.remove(place)) else {
            return Task::ready(Err(FORGOTTEN.to_owned()));
        };
        let (fs, root) = (self.workspace.fs().clone(), self.root().to_path_buf());
        let writing = cx.background_executor().spawn({
            let files = deletion.files.clone();
            async move {
                let (mut back, mut left, mut failed) = (Vec::new(), Vec::new(), Vec::new());
                for one in files.0 {
                    match put_back(fs.as_ref(), &root, &one) {
                        Ok(true) => back.push(one),
                        // A folder that is there again holds what comes back all the same.
                        Ok(false) => {}
                        Err(why) => {
                            failed.push(why);
                            left.push(one);
                        }
                    }
                }
                // At last: a folder may be one that nothing can be put into.
                for one in back.iter().rev() {
                    if let Err(why) = give_mode(fs.as_ref(), &root, one) {
                        failed.push(why);
                    }
                }
                (back, DeletedFiles(left), failed)
            }
        });
        cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
            let (back, left, failed) = writing.await;
            let count = back.iter().filter(|one| !one.is_folder()).count();
            let missing = left.0.len();
            this.update(cx, |model, cx| {
                for one in back {
                    let path = model.root().join(&one.inside);
                    model.file_event(&FileEvent::Created { path }, one.is_folder(), cx);
                }
                model.deletions.put_back(Deletion {
                    files: left,
                    ..deletion
                });
            })
            // A released model tells nobody.
            .ok();
            match failed.is_empty() {
                true => Ok(count),
                false => Err(not_back((count, missing), &failed)),
            }
        })
    }
}

/// Puts a deleted file or folder where it was; a file that is there again stays as it is. Whether it
/// was put there: a folder may be there again. Blocks.
fn put_back(fs: &dyn Fs, root: &Path, one: &Kept) -> Result<bool, String> {
    let inside = &one.inside;
    if one.is_folder() {
        return match fs.create_dir_beneath(root, inside) {
            Ok(()) => Ok(true),
            Err(FsError::AlreadyExists { .. }) if is_folder(fs, &root.join(inside)) => Ok(false),
            Err(error) => Err(error.to_string()),
        };
    }
    write_back(fs, root, (inside, one.wanted_mode()), one).map(|()| true)
}

fn is_folder(fs: &dyn Fs, path: &Path) -> bool {
    fs.metadata(path)
        .is_ok_and(|found| found.is_dir && !found.is_symlink)
}

/// Writes a deleted file where it was, which is to get a mode: nobody who may not read it then reads it
/// before. Blocks.
fn write_back(
    fs: &dyn Fs,
    root: &Path,
    (inside, mode): (&Path, Option<u32>),
    content: &dyn Content,
) -> Result<(), String> {
    fs.create_file_beneath(root, inside)
        .map_err(|error| error.to_string())?;
    if let Some(mode) = mode
        && let Err(error) = fs.set_mode_beneath(root, inside, mode | OWNER)
    {
        // Where there are no modes, none keeps it from coming back; in the end it is told.
        tracing::debug!("{} keeps its first mode: {error}", inside.display());
    }
    let Err(error) = fs.write_beneath(root, inside, content) else {
        return Ok(());
    };
    // It was made just now; what another program wrote to it since stays.
    let found = fs.metadata(&root.join(inside));
    if found.is_ok_and(|found| found.size == 0)
        && let Err(why) = fs.remove_beneath(root, inside, false)
    {
        return Err(format!("{error}; it is there, but empty: {why}"));
    }
    Err(error.to_string())
}

/// Gives what was put back the mode that it had. Blocks.
fn give_mode(fs: &dyn Fs, root: &Path, one: &Kept) -> Result<(), String> {
    let Some(wanted) = one.wanted_mode() else {
        return Ok(());
    };
    let has = fs.mode_beneath(root, &one.inside);
    if has.is_ok_and(|has| has == Some(wanted)) {
        return Ok(());
    }
    fs.set_mode_beneath(root, &one.inside, wanted)
        .map_err(|error| {
            let inside = one.inside.display();
            format!("{inside} is there, but without its permissions: {error}")
        })
}

/// What is said where some files came back and others did not, or all of them without what they had,
/// for these reasons.
fn not_back((count, missing): (usize, usize), failed: &[String]) -> String {
    let mut why = failed[..failed.len().min(NAMED)].join("; ");
    if let Some(more @ 1..) = failed.len().checked_sub(NAMED) {
        why += &format!("; and {more} more");
    }
    match (count, missing) {
        (_, 0) => format!("All came back, but not as it was: {why}"),
        (0, _) => format!("No file came back: {why}"),
        _ => format!("Only {count} of {} files came back: {why}", count + missing),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fs::FakeFs;

    /// Content that cannot be written.
    struct Unwritten;

    impl Content for Unwritten {
        fn write_to(&self, _: &mut dyn Write) -> io::Result<()> {
            Err(io::ErrorKind::StorageFull.into())
        }
    }

    #[test]
    fn nothing_is_left_of_a_file_that_cannot_be_written() {
        let fs = FakeFs::with_files([("/p/other.rs", "other")]);
        let (root, inside) = (Path::new("/p"), Path::new("gone.rs"));
        let refused = write_back(&fs, root, (inside, None), &Unwritten).unwrap_err();
        assert!(refused.contains("no space left"), "{refused}");
        assert_eq!(fs.files(), [Path::new("/p/other.rs")]);
    }

    /// Content that says what may be done with a file while it is written.
    #[cfg(unix)]
    struct Seen {
        file: PathBuf,
        modes: std::sync::Mutex<Vec<u32>>,
    }

    #[cfg(unix)]
    impl Content for Seen {
        fn write_to(&self, sink: &mut dyn Write) -> io::Result<()> {
            use std::os::unix::fs::PermissionsExt as _;
            let now = std::fs::metadata(&self.file)?.permissions();
            self.modes.lock().unwrap().push(now.mode() & 0o777);
            sink.write_all(b"secret")
        }
    }

    #[cfg(unix)]
    #[test]
    fn nobody_reads_what_comes_back_who_may_not_read_it_then() {
        let temp = tempfile::tempdir().unwrap();
        for (name, mode, while_written) in [("own", 0o600, 0o600), ("kept", 0o440, 0o640)] {
            let seen = Seen {
                file: temp.path().join(name),
                modes: Vec::new().into(),
            };
            let at = (Path::new(name), Some(mode));
            write_back(&fs::RealFs::new(), temp.path(), at, &seen).unwrap();
            assert_eq!(*seen.modes.lock().unwrap(), [while_written], "{name}");
            assert_eq!(std::fs::read(&seen.file).unwrap(), b"secret");
        }
    }

    fn deletion_of(sizes: &[usize]) -> DeletedFiles {
        let files = sizes.iter().enumerate().map(|(index, size)| {
            Arc::new(Kept {
                inside: format!("{index}").into(),
                mode: None,
                held: Held::File(vec![0; *size]),
            })
        });
        DeletedFiles(files.collect())
    }

    #[test]
    fn what_was_deleted_longest_ago_is_forgotten_where_too_much_is_kept() {
        let mut deletions = Deletions::default();
        let ids = |deletions: &Deletions| {
            let ids = deletions.kept.iter().map(|one| one.id.0);
            ids.collect::<Vec<_>>()
        };
        for sizes in [vec![1], vec![MOST_KEPT / 2, 5], vec![MOST_KEPT / 2 - 5]] {
            deletions.keep(deletion_of(&sizes), false);
        }
        assert_eq!(ids(&deletions), [2, 1]);
        deletions.keep(deletion_of(&[MOST_KEPT + 1]), false);
        assert_eq!(ids(&deletions), [3], "the newest is kept in any case");
        for _ in 0..2 * MOST_DELETIONS {
            deletions.keep(deletion_of(&[1]), false);
        }
        assert_eq!(deletions.kept.len(), MOST_DELETIONS);
        // What goes with an edit that is taken back pushes none of these out.
        for _ in 0..2 * MOST_DELETIONS {
            deletions.keep(deletion_of(&[MOST_KEPT / 2]), true);
        }
        let told = deletions.kept.iter().filter(|one| !one.untold);
        assert_eq!(told.count(), MOST_DELETIONS);
        assert_eq!(deletions.kept.len(), MOST_DELETIONS + 2);
    }

    #[test]
    fn what_does_not_come_back_stays_in_its_place() {
        let mut deletions = Deletions::default();
        for _ in 0..3 {
            deletions.keep(deletion_of(&[1, 1]), false);
        }
        let taken = deletions.kept.remove(1).unwrap();
        deletions.put_back(Deletion {
            files: deletion_of(&[1]),
            ..taken
        });
        let kept = deletions.kept.iter();
        let kept: Vec<_> = kept.map(|one| (one.id.0, one.files())).collect();
        let whole = || "0 and 1 other".to_owned();
        assert_eq!(kept, [(2, whole()), (1, "0".to_owned()), (0, whole())]);
    }

    #[test]
    fn a_few_of_many_failures_are_named() {
        let failed: Vec<_> = ["a", "b", "c", "d", "e"].map(String::from).to_vec();
        assert_eq!(
            not_back((2, 5), &failed),
            "Only 2 of 7 files came back: a; b; c; and 2 more"
        );
        assert_eq!(not_back((0, 3), &failed[..3]), "No file came back: a; b; c");
        // The file is there, but for its permissions.
        assert_eq!(
            not_back((1, 0), &failed[..1]),
            "All came back, but not as it was: a"
        );
    }
}
