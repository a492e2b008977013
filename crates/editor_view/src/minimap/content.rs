//! The rows that were read for the minimap: kept until the text, its syntax, its folds or its
//! wrapping change, and read elsewhere than on the thread that draws.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use editor_core::ChangeSet;
use editor_core::display_map::DisplaySnapshot;
use gpui_kit::{AppContext as _, Context, Task};

use super::rows::{MapRow, ReadJob, Work};
use crate::view::EditorView;

/// What rows were read from.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
struct Key {
    /// The state of the display: its text, folds and wraps.
    display: u64,
    /// The parses that finished before.
    parses: u64,
    /// The cells that are drawn of a row.
    columns: u16,
}

/// Rows that are read within a frame where none of those around the view is known.
const AT_ONCE: usize = 256;

/// Rows that were read.
struct Content {
    /// Nothing where it is the text alone, without its colours.
    key: Option<Key>,
    /// The number of the first.
    first: usize,
    rows: Vec<MapRow>,
}

impl Content {
    fn numbers(&self) -> Range<usize> {
        self.first..self.first + self.rows.len()
    }

    /// Takes rows in that follow its own, or stand before them; gives those up that are not `kept`.
    fn join(self, read: Content, kept: &Range<usize>) -> Content {
        let (above, below) = match read.first < self.first {
            true => (read, self),
            false => (self, read),
        };
        let mut joined = above;
        joined.rows.extend(below.rows);
        let end = kept.end.clamp(joined.first, joined.numbers().end);
        joined.rows.truncate(end - joined.first);
        let start = kept.start.clamp(joined.first, end);
        joined.rows.drain(..start - joined.first);
        joined.first = start;
        joined
    }

    /// Moves the rows down by as many as came above them, or up; those go that would be before the
    /// first of the display.
    fn moved(&mut self, by: isize) {
        let gone = by.saturating_add_unsigned(self.first).min(0).unsigned_abs();
        self.rows.drain(..gone.min(self.rows.len()));
        self.first = self.first.saturating_add_signed(by);
    }
}

/// Rows that are being read.
struct Reading {
    /// Their numbers now.
    rows: Range<usize>,
    /// How far down they moved since they began to be read.
    moved: isize,
    cancel: Arc<AtomicBool>,
    _task: Task<()>,
}

impl Drop for Reading {
    fn drop(&mut self) {
        self.cancel.store(true, Ordering::Relaxed);
    }
}

/// The rows of a view's minimap.
#[derive(Default)]
pub(crate) struct MinimapContent {
    content: Option<Content>,
    reading: Option<Reading>,
    parses: u64,
    work: Work,
}

impl MinimapContent {
    /// A parse finished: the same text may be highlighted differently now.
    pub(crate) fn reparsed(&mut self) {
        self.parses += 1;
    }

    /// Carries the rows over a change of the text until they are read again.
    pub(crate) fn follow(&mut self, changes: &ChangeSet) {
        if let Some(content) = &mut self.content {
            follow(&mut content.rows, changes);
        }
    }

    /// Numbers the rows anew after others came or went above what is in view, with the row of a byte
    /// that is in view where it is shown now. Lines are cut into rows in many pieces: what is known
    /// stands in its place until it is read again, and what is being read is not given up for each.
    pub(crate) fn renumber(&mut self, in_view: usize, display: &DisplaySnapshot) {
        let Some(content) = &mut self.content else {
            return;
        };
        let behind = content
            .rows
            .partition_point(|row| row.bytes.start <= in_view);
        let Some(index) = behind.checked_sub(1) else {
            return;
        };
        let row = display.row_of(content.rows[index].bytes.start);
        let by = row.wrapping_sub(content.first + index).cast_signed();
        content.moved(by);
        if let Some(reading) = &mut self.reading {
            let rows = &mut reading.rows;
            *rows = rows.start.saturating_add_signed(by)..rows.end.saturating_add_signed(by);
            reading.moved += by;
        }
    }

    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        self.content = None;
        self.reading = None;
    }

    /// The rows that were read, and the number of the first.
    pub(crate) fn rows(&self) -> (usize, &[MapRow]) {
        match &self.content {
            Some(content) => (content.first, &content.rows),
            None => (0, &[]),
        }
    }

    /// How much was read, ever.
    pub(crate) fn work(&self) -> Work {
        self.work
    }

    /// What is to be read so that `shown` is there, with some rows around it that are soon seen;
    /// nothing where it is there, or on its way.
    fn missing(&mut self, shown: &Range<usize>, count: usize, key: Key) -> Option<Range<usize>> {
        let around = |rows: usize| {
            let end = (shown.end + rows).min(count);
            shown.start.saturating_sub(rows).min(end)..end
        };
        let margin = shown.len() / 4;
        let (soon, wanted) = (around(margin / 2), around(margin));
        let known = self.content.as_ref();
        let known = known.filter(|content| content.key == Some(key));
        let known = known.map_or(0..0, Content::numbers);
        if covers(&known, &soon) {
            return None;
        }
        if let Some(reading) = &self.reading {
            // What is no longer looked at is not waited for.
            let is_seen = reading.rows.start < shown.end && shown.start < reading.rows.end;
            if is_seen || covers(&known, shown) {
                return None;
            }
        }
        Some(if known.contains(&wanted.start) {
            known.end..wanted.end
        } else if wanted.start < known.start && known.start <= wanted.end && !known.is_empty() {
            // Where rows are missing at both ends, those below come next.
            wanted.start..known.start
        } else {
            wanted
        })
    }

    /// Whether all of what is shown is there, if only as it was before what was typed last.
    fn is_there(&self, shown: &Range<usize>, count: usize, columns: u16) -> bool {
        let known = self.content.as_ref();
        let known = known.filter(|content| content.key.is_some_and(|key| key.columns == columns));
        let known = known.map_or(0..0, Content::numbers);
        // Rows that were typed at the end of the text come with the others.
        covers(
            &known,
            &(shown.start..shown.end.min(count.saturating_sub(1))),
        )
    }

    /// The rows around the middle of the view that are to be read within a frame: those that the
    /// map would otherwise be blank in.
    fn blank(&self, shown: &Range<usize>, middle: usize) -> Option<Range<usize>> {
        let start = middle.saturating_sub(AT_ONCE / 2).max(shown.start);
        let rows = start..(start + AT_ONCE).min(shown.end);
        let known = self.content.as_ref().map_or(0..0, Content::numbers);
        let is_known = known.start < rows.end && rows.start < known.end;
        (!is_known && !rows.is_empty()).then_some(rows)
    }

    fn take(&mut self, read: Content, shown: &Range<usize>) {
        let known = self.content.take().filter(|known| {
            let (known, new) = (known.numbers(), read.numbers());
            known.end == new.start || new.end == known.start
        });
        let kept = shown.start.saturating_sub(shown.len())..shown.end + shown.len();
        self.content = Some(match known.filter(|known| known.key == read.key) {
            Some(known) => known.join(read, &kept),
            None => read,
        });
    }
}

fn covers(all: &Range<usize>, part: &Range<usize>) -> bool {
    all.start <= part.start && part.end <= all.end
}

fn follow(rows: &mut [MapRow], changes: &ChangeSet) {
    let mut edits = changes.edits();
    let Some(first) = edits.next() else {
        return;
    };
    let from = rows.partition_point(|row| row.bytes.end < first.old_range.start);
    let moved = &mut rows[from..];
    if edits.next().is_none() {
        // One edit, as of a key: what is behind it moves as far.
        let (old, new) = (first.old_range, first.new_range);
        let map = |offset: usize| match offset {
            _ if offset < old.start => offset,
            _ if offset < old.end => new.start,
            _ => offset - old.end + new.end,
        };
        for row in moved {
            row.bytes = map(row.bytes.start)..map(row.bytes.end);
        }
        return;
    }
    let ends = moved
        .iter()
        .flat_map(|row| [row.bytes.start, row.bytes.end]);
    let ends = changes.map_sorted(ends.map(|end| (end, editor_core::Bias::Right)));
    for (row, ends) in moved.iter_mut().zip(ends.chunks_exact(2)) {
        row.bytes = ends[0]..ends[1];
    }
}

impl EditorView {
    /// Has the rows read that the minimap shows and that are not known yet. After a jump, those
    /// around the middle of the view are there at once, in one colour.
    pub(crate) fn read_minimap(
        &mut self,
        shown: Range<usize>,
        middle: usize,
        columns: u16,
        cx: &mut Context<Self>,
    ) {
        if let Some(rows) = self.minimap.blank(&shown, middle) {
            let first = rows.start;
            let job = ReadJob {
                display: self.display.snapshot().clone(),
                syntax: None,
                rows,
                columns,
            };
            if let Some((rows, work)) = job.run(&AtomicBool::new(false)) {
                self.minimap.work += work;
                self.minimap.content = Some(Content {
                    key: None,
                    first,
                    rows,
                });
            }
        }
        let key = Key {
            display: self.display.stamp(),
            parses: self.minimap.parses,
            columns,
        };
        let display = self.display.snapshot();
        let count = display.row_count();
        let parses = self.model.read(cx).is_parsing(self.buffer);
        if parses && self.minimap.is_there(&shown, count, columns) {
            // The parse has all of them read again.
            return;
        }
        let Some(rows) = self.minimap.missing(&shown, count, key) else {
            return;
        };
        let job = ReadJob {
            display: display.clone(),
            syntax: self
                .buffer_ref(cx)
                .and_then(|buffer| buffer.syntax().cloned()),
            rows: rows.clone(),
            columns,
        };
        let version = self.display.version();
        let cancel = Arc::new(AtomicBool::new(false));
        let read = cx.background_spawn({
            let cancel = cancel.clone();
            async move { job.run(&cancel) }
        });
        let first = rows.start;
        let task = cx.spawn(async move |this, cx| {
            let read = read.await;
            // The view may be closed by now.
            this.update(cx, |view, cx| {
                let reading = view.minimap.reading.take();
                if let Some((rows, work)) = read {
                    view.minimap.work += work;
                    let mut content = Content {
                        key: Some(key),
                        first,
                        rows,
                    };
                    let moved = reading.map_or(0, |reading| reading.moved);
                    content.moved(moved);
                    let end = shown.end.saturating_add_signed(moved);
                    let shown = shown.start.saturating_add_signed(moved)..end;
                    view.take_minimap(content, &shown, version, cx);
                }
                cx.notify();
            })
            .ok();
        });
        self.minimap.reading = Some(Reading {
            rows,
            moved: 0,
            cancel,
            _task: task,
        });
    }

    /// Takes rows that were read from the text at `version`.
    fn take_minimap(
        &mut self,
        mut content: Content,
        shown: &Range<usize>,
        version: u64,
        cx: &mut Context<Self>,
    ) {
        // What is known follows the text first, so that both are of one version.
        self.display(cx);
        let since = self
            .buffer_ref(cx)
            .and_then(|buffer| buffer.changes_since(version));
        let Some(changes) = since else {
            return;
        };
        follow(&mut content.rows, &changes);
        self.minimap.take(content, shown);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use editor_core::{Bias, Edit};

    const KEY: Key = Key {
        display: 1,
        parses: 1,
        columns: 80,
    };

    fn content(rows: Range<usize>) -> Content {
        let row = |number: usize| MapRow::plain(number * 10..number * 10 + 9);
        Content {
            key: Some(KEY),
            first: rows.start,
            rows: rows.map(row).collect(),
        }
    }

    fn known(rows: Range<usize>) -> MinimapContent {
        MinimapContent {
            content: Some(content(rows)),
            ..MinimapContent::default()
        }
    }

    #[test]
    fn only_what_is_missing_is_read() {
        let shown = 1000..1400;
        let missing = |mut known: MinimapContent| known.missing(&shown, 10_000, KEY);
        assert_eq!(missing(MinimapContent::default()), Some(900..1500));
        assert_eq!(missing(known(900..1500)), None);
        assert_eq!(missing(known(940..1460)), None, "some more is there");
        assert_eq!(missing(known(900..1440)), Some(1440..1500));
        assert_eq!(missing(known(960..1500)), Some(900..960));
        assert_eq!(missing(known(0..500)), Some(900..1500));
        let mut short = known(0..300);
        assert_eq!(short.missing(&(0..300), 300, KEY), None);
        let other = Key { parses: 2, ..KEY };
        assert_eq!(short.missing(&(0..300), 300, other), Some(0..300));
    }

    #[test]
    fn a_map_without_rows_is_read_around_the_view_at_once() {
        let shown = 1000..1700;
        let blank = |known: MinimapContent, middle| known.blank(&shown, middle);
        assert_eq!(blank(MinimapContent::default(), 1300), Some(1172..1428));
        assert_eq!(blank(MinimapContent::default(), 1010), Some(1000..1256));
        assert_eq!(blank(MinimapContent::default(), 1690), Some(1562..1700));
        assert_eq!(blank(known(0..1100), 1300), Some(1172..1428));
        assert_eq!(blank(known(0..1200), 1300), None, "the rest comes soon");
        assert_eq!(MinimapContent::default().blank(&(0..0), 0), None);
    }

    #[test]
    fn what_was_read_joins_what_is_known() {
        let shown = 1000..1400;
        let mut rows = known(800..1440);
        rows.take(content(1440..1500), &shown);
        let (first, all) = rows.rows();
        assert_eq!((first, all.len()), (800, 700));
        assert!(
            all.iter()
                .enumerate()
                .all(|(at, row)| row.bytes.start == (800 + at) * 10)
        );
        rows.take(content(1500..3000), &(1600..2000));
        assert_eq!(
            (rows.rows().0, rows.rows().1.len()),
            (1200, 1200),
            "far rows go"
        );
        rows.take(content(1000..1200), &(1000..1400));
        assert_eq!((rows.rows().0, rows.rows().1.len()), (1000, 800));
        rows.take(content(5..9), &(5..9));
        assert_eq!((rows.rows().0, rows.rows().1.len()), (5, 4));
    }

    #[test]
    fn rows_that_would_be_before_the_first_go() {
        let mut rows = content(20..60);
        rows.moved(100);
        assert_eq!(rows.numbers(), 120..160);
        rows.moved(-130);
        assert_eq!(rows.numbers(), 0..30);
        assert_eq!(rows.rows[0].bytes.start, 300);
        rows.moved(-50);
        assert_eq!(rows.numbers(), 0..0);
    }

    #[test]
    fn rows_follow_the_text_as_any_offset_does() {
        let edits: [&[(Range<usize>, &str)]; 4] = [
            &[(55..55, "x")],
            &[(105..123, "")],
            &[(0..10, "")],
            &[(5..5, "ab"), (205..208, ""), (309..310, "")],
        ];
        for edits in edits {
            let replaced = edits
                .iter()
                .map(|(range, with)| Edit::new(range.clone(), *with));
            let changes = ChangeSet::from_edits(1000, replaced.collect()).unwrap();
            let mut followed = content(0..100).rows;
            follow(&mut followed, &changes);
            for (row, before) in followed.iter().zip(content(0..100).rows) {
                let inside = edits.iter().any(|(range, _)| {
                    range.contains(&before.bytes.start) || range.contains(&before.bytes.end)
                });
                let map = |offset| changes.map_offset(offset, Bias::Right);
                let expected = map(before.bytes.start)..map(before.bytes.end);
                assert!(inside || row.bytes == expected, "{row:?} {expected:?}");
                assert!(row.bytes.start <= row.bytes.end);
            }
        }
    }
}
