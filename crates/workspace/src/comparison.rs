//! A buffer beside another version of its file, such as the one in git's index: where the text
//! differs is found elsewhere, once a buffer, and carried along with every edit until the next
//! answer is there.

use std::ops::Range;
use std::sync::Arc;

use editor_core::{ChangeSet, Growth, Hunk, RangeSet, Text, hunks};
use fs::TextFormat;

use crate::{Buffer, BufferId, Workspace, WorkspaceEvent};

/// The version that a buffer is compared with.
#[derive(Debug)]
pub struct ComparedVersion {
    /// Its text.
    pub text: Text,
    /// How it is written.
    pub format: TextFormat,
    /// What of it is staged, where something is: it is not what was committed last.
    pub staged: Option<Staged>,
}

/// How a version in git's index differs from the last commit.
#[derive(Debug)]
pub struct Staged {
    /// The version of the last commit.
    pub committed: Arc<ComparedVersion>,
    /// Where they differ: `base_rows` are the commit's, `rows` the index's.
    hunks: Vec<Hunk>,
}

impl Staged {
    /// Finds where a text in the index differs from the committed one; `None` where it does not, or they
    /// are too large to be compared. Run it off the UI thread.
    pub fn between(committed: ComparedVersion, index: &Text) -> Option<Self> {
        let hunks = hunks(&committed.text, index)?;
        (!hunks.is_empty()).then(|| Self {
            committed: Arc::new(committed),
            hunks,
        })
    }
}

/// How a buffer differs from another version of it.
#[derive(Default)]
pub(crate) struct Comparison {
    version: Option<Arc<ComparedVersion>>,
    /// The lines of each change, with their line ends; empty where lines are gone.
    hunks: RangeSet<Hunk>,
    /// The lines of each change that is staged, in the same way.
    staged: RangeSet<Hunk>,
    /// The version that these are of: the one before for as long as they are looked for.
    found_of: Option<Arc<ComparedVersion>>,
    /// The version of the buffer that these were found in.
    found_in: Option<u64>,
}

impl Comparison {
    /// Carries the changes along with an edit.
    pub fn follow(&mut self, changes: &ChangeSet) {
        for hunks in [&mut self.hunks, &mut self.staged] {
            if !hunks.is_empty() {
                hunks.apply(changes);
            }
        }
    }
}

/// Finds where a buffer differs. Run it off the UI thread: it takes as long as the texts are long.
#[derive(Debug)]
pub struct CompareJob {
    version: Arc<ComparedVersion>,
    text: Text,
    buffer_version: u64,
}

/// Where a buffer differs, as it was at one version.
pub struct FoundHunks {
    version: Arc<ComparedVersion>,
    buffer_version: u64,
    hunks: RangeSet<Hunk>,
    staged: RangeSet<Hunk>,
}

impl CompareJob {
    /// How many bytes are compared.
    pub fn bytes(&self) -> usize {
        self.text.len() + self.version.text.len()
    }

    /// Does the work. Of texts that are too large to be compared nothing differs.
    pub fn run(self) -> FoundHunks {
        let mut found = RangeSet::default();
        let mut staged = RangeSet::default();
        if let Some(changes) = hunks(&self.version.text, &self.text) {
            for hunk in self.version.staged.iter().flat_map(|staged| &staged.hunks) {
                let rows = rows_now(&hunk.rows, &changes);
                staged.insert(bytes_of(&rows, &self.text), Growth::Outside, hunk.clone());
            }
            for hunk in changes {
                found.insert(bytes_of(&hunk.rows, &self.text), Growth::Outside, hunk);
            }
        }
        FoundHunks {
            version: self.version,
            buffer_version: self.buffer_version,
            hunks: found,
            staged,
        }
    }
}

/// The bytes of rows of the text.
fn bytes_of(rows: &Range<usize>, text: &Text) -> Range<usize> {
    text.line_start(rows.start)..text.line_start(rows.end)
}

/// Where rows of the other version are in the text, which differs from it by `changes`: those that are
/// gone are nowhere, and none between them and their neighbours are new.
fn rows_now(rows: &Range<usize>, changes: &[Hunk]) -> Range<usize> {
    let (mut start, mut end) = (rows.start, rows.end);
    for Hunk {
        base_rows: base,
        rows: new,
    } in changes
    {
        let moved = |row: usize| row - base.end + new.end;
        if base.end <= rows.start {
            start = moved(rows.start);
        } else if base.start < rows.start {
            // Of a change row by row.
            start = new.start + (rows.start - base.start).min(new.len());
        }
        // What was put in right behind them is none of them.
        if base.end <= rows.end && (base.start < rows.end || rows.is_empty()) {
            end = moved(rows.end);
        } else if base.start < rows.end {
            end = new.start + (rows.end - base.start).min(new.len());
        }
    }
    start..end.max(start)
}

impl Buffer {
    /// The version that the buffer is compared with, where there is one.
    pub fn compared_version(&self) -> Option<&Arc<ComparedVersion>> {
        self.comparison.version.as_ref()
    }

    /// Where the text differs from [the other version](Buffer::compared_version): the lines of each
    /// change, with their line ends; an empty range where lines are gone. As they were found last,
    /// carried along with every edit since.
    pub fn hunks(&self) -> &RangeSet<Hunk> {
        &self.comparison.hunks
    }

    /// What of the [other version](Buffer::found_version) is [staged](ComparedVersion::staged), at its places in
    /// the text, as [`Buffer::hunks`] are: each with its rows in the commit and in the index.
    pub fn staged(&self) -> &RangeSet<Hunk> {
        &self.comparison.staged
    }

    /// The version that [`Buffer::hunks`] and [`Buffer::staged`] are of. It is the one before the
    /// [version that the buffer is compared with](Buffer::compared_version) for as long as that is new.
    pub fn found_version(&self) -> Option<&Arc<ComparedVersion>> {
        self.comparison.found_of.as_ref()
    }

    /// Whether it is known where the text differs from [the other version](Buffer::compared_version).
    pub fn knows_hunks(&self) -> bool {
        self.comparison.found_in.is_some()
    }
}

impl Workspace {
    /// Sets the version that a buffer is compared with; `None` where there is none any more.
    pub fn set_compared_version(&mut self, id: BufferId, version: Option<ComparedVersion>) {
        let Some(buffer) = self.buffers.get_mut(&id) else {
            return;
        };
        let comparison = &mut buffer.comparison;
        comparison.found_in = None;
        comparison.version = version.map(Arc::new);
        let any = !comparison.hunks.is_empty() || !comparison.staged.is_empty();
        if comparison.version.is_none() && any {
            comparison.hunks = RangeSet::default();
            comparison.staged = RangeSet::default();
            comparison.found_of = None;
            self.emit(WorkspaceEvent::BufferHunksChanged(id));
        }
    }

    /// The comparison that a buffer needs; `None` where its changes are known, or there is nothing
    /// to compare it with.
    pub fn compare_job(&self, id: BufferId) -> Option<CompareJob> {
        let buffer = self.buffers.get(&id)?;
        let version = buffer.comparison.version.clone()?;
        let needed = buffer.comparison.found_in != Some(buffer.version);
        needed.then(|| CompareJob {
            version,
            text: buffer.text.clone(),
            buffer_version: buffer.version,
        })
    }

    /// Takes where a buffer differs. What was found for another version to compare with, or too
    /// long ago to be carried over the edits since, is dropped.
    pub fn compared(&mut self, id: BufferId, mut found: FoundHunks) {
        let Some(buffer) = self.buffers.get_mut(&id) else {
            return;
        };
        let is_current = |version: &Arc<ComparedVersion>| Arc::ptr_eq(version, &found.version);
        if !buffer.comparison.version.as_ref().is_some_and(is_current) {
            return;
        }
        let Some(since) = buffer.changes_since(found.buffer_version) else {
            return;
        };
        found.hunks.apply(&since);
        found.staged.apply(&since);
        let comparison = &mut buffer.comparison;
        comparison.found_in = Some(found.buffer_version);
        let places = |hunks: &RangeSet<Hunk>, other: &RangeSet<Hunk>| {
            let parts =
                |(_, range, hunk): (_, _, &Hunk)| (range, hunk.base_rows.clone(), hunk.kind());
            hunks.iter().map(parts).eq(other.iter().map(parts))
        };
        let is_other =
            !places(&found.hunks, &comparison.hunks) || !places(&found.staged, &comparison.staged);
        // Their rows in the other version, or its lines, may be others where their places are the same.
        let before = comparison.found_of.replace(found.version.clone());
        let is_other_version = before.is_none_or(|before| !Arc::ptr_eq(&before, &found.version));
        let any = !found.hunks.is_empty() || !found.staged.is_empty();
        comparison.hunks = found.hunks;
        comparison.staged = found.staged;
        if is_other || (any && is_other_version) {
            self.emit(WorkspaceEvent::BufferHunksChanged(id));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn version(text: &str) -> ComparedVersion {
        ComparedVersion {
            text: Text::new(text),
            format: TextFormat::default(),
            staged: None,
        }
    }

    /// The lines here of each staged change.
    fn staged(committed: &str, index: &str, text: &str) -> Vec<String> {
        let mut indexed = version(index);
        indexed.staged = Staged::between(version(committed), &indexed.text);
        let text = Text::new(text);
        let job = CompareJob {
            version: Arc::new(indexed),
            text: text.clone(),
            buffer_version: 0,
        };
        let staged = job.run().staged;
        let lines = staged
            .iter()
            .map(|(_, range, _)| text.slice(range).into_owned());
        lines.collect()
    }

    #[test]
    fn staged_lines_are_where_the_text_has_them_now() {
        let (committed, index) = ("a\nb\nc\nd\n", "a\nB\nB2\nc\n");
        let here = |text: &str| staged(committed, index, text);
        assert_eq!(here(index), ["B\nB2\n", ""]);
        assert_eq!(here("new\na\nB\nB2\nc\n"), ["B\nB2\n", ""]);
        // What was put in beside them is none of them.
        assert_eq!(here("a\nnew\nB\nB2\nnew\nc\n"), ["B\nB2\n", ""]);
        assert_eq!(here("a\nB\nnew\nB2\nc\n"), ["B\nnew\nB2\n", ""]);
        assert_eq!(here("a\nB\nc\n"), ["B\n", ""]);
        assert_eq!(here("x\nB2\nc\n"), ["B2\n", ""]);
        assert_eq!(here("a\nc\n"), ["", ""]);
        assert!(staged(index, index, "a\n").is_empty());
        // Edited here too, in one change with lines beside it.
        assert_eq!(here("A\nBx\nB2x\nC\n")[0], "Bx\nB2x\n");
        assert_eq!(here("a\nBx\nB2x\nC\n")[0], "Bx\nB2x\n");
    }

    #[test]
    fn what_was_found_is_of_the_version_before_until_a_new_one_was_compared() {
        let folder = tempfile::tempdir().unwrap();
        let fs = Arc::new(fs::RealFs::new());
        let path = folder.path().join("a.txt");
        std::fs::write(&path, "above\na\nB\n").unwrap();
        let mut workspace = Workspace::new(folder.path().to_path_buf(), fs);
        let id = workspace.open_blocking(&path).unwrap();
        let indexed = |index: &str| {
            let mut indexed = version(index);
            indexed.staged = Staged::between(version("a\nb\n"), &indexed.text);
            indexed
        };
        let rows = |workspace: &Workspace| {
            let buffer = workspace.buffer(id).unwrap();
            let rows = buffer.staged().iter().map(|(_, _, hunk)| hunk.rows.clone());
            let of = buffer.found_version().map(|of| of.text.to_string());
            (of.unwrap_or_default(), rows.collect::<Vec<_>>())
        };
        for (index, staged) in [("a\nB\n", 1..2), ("above\na\nB\n", 2..3)] {
            let before = rows(&workspace);
            workspace.set_compared_version(id, Some(indexed(index)));
            assert_eq!(rows(&workspace), before);
            let found = workspace.compare_job(id).unwrap().run();
            workspace.compared(id, found);
            let (of, rows) = rows(&workspace);
            assert_eq!((of.as_str(), rows.last()), (index, Some(&staged)));
        }
    }

    #[test]
    fn it_is_told_that_other_lines_stand_in_the_version_at_the_same_places() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        std::fs::write(&path, "a\nhere\n").unwrap();
        let fs = Arc::new(fs::RealFs::new());
        let mut workspace = Workspace::new(folder.path().to_path_buf(), fs);
        let id = workspace.open_blocking(&path).unwrap();
        let is_told = |workspace: &mut Workspace| {
            let found = workspace.compare_job(id).unwrap().run();
            workspace.take_events();
            workspace.compared(id, found);
            let mut events = workspace.take_events().into_iter();
            events.any(|event| matches!(event, WorkspaceEvent::BufferHunksChanged(_)))
        };
        for index in ["a\none\n", "a\nother\n"] {
            workspace.set_compared_version(id, Some(version(index)));
            assert!(is_told(&mut workspace), "{index:?}");
        }
        workspace.replace_text(id, "a\nhere now\n").unwrap();
        assert!(!is_told(&mut workspace), "nothing else is shown of it");
        workspace.set_compared_version(id, Some(version("a\nhere now\n")));
        assert!(is_told(&mut workspace), "the change is gone");
        workspace.set_compared_version(id, Some(version("a\nhere now\n")));
        assert!(!is_told(&mut workspace), "there is none");
    }

    proptest! {
        #[test]
        fn a_staged_line_that_is_still_there_is_in_its_change(
            committed in "([ab]{0,2}\n){0,8}", index in "([ab]{0,2}\n){0,8}", text in "([ab]{0,2}\n){0,8}",
        ) {
            let (index, text) = (Text::new(&index), Text::new(&text));
            let changes = hunks(&index, &text).unwrap();
            for staged in hunks(&Text::new(&committed), &index).unwrap() {
                let rows = rows_now(&staged.rows, &changes);
                prop_assert!(rows.start <= rows.end && rows.end <= text.line_count());
                let mut row_here = 0;
                let mut row = 0;
                for change in changes.iter().chain([&Hunk {
                    base_rows: index.line_count()..index.line_count(),
                    rows: text.line_count()..text.line_count(),
                }]) {
                    while row < change.base_rows.start {
                        let inside = staged.rows.contains(&row);
                        prop_assert_eq!(rows.contains(&row_here), inside, "row {}", row);
                        (row, row_here) = (row + 1, row_here + 1);
                    }
                    (row, row_here) = (change.base_rows.end, change.rows.end);
                }
            }
        }
    }
}
