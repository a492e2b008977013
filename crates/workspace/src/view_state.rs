use std::ops::Range;
use std::path::{Path, PathBuf};

use editor_core::{Selection, Selections, Text};
use fs::{FsError, PrivateFolder};
use serde::{Deserialize, Serialize};

use crate::file_path;

/// What is kept of one view, at most, in bytes.
const MAX_STATE: usize = 1024 * 1024;

/// What is kept of all files together, in bytes; what was written longest ago goes first.
const MAX_ALL: u64 = 16 * 1024 * 1024;

/// How a view of a text was left: its carets, what it showed and what was folded away. Offsets are
/// bytes; rows count from zero.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ViewState {
    /// Anchor and head of each selection, in order.
    pub selections: Vec<(usize, usize)>,
    /// The index of the primary one.
    pub primary: usize,
    /// The row at the top of the view, with the part of it that is scrolled away.
    pub top: f64,
    /// Bytes of that row, a line, before what is at the top where it is wrapped.
    pub top_column: usize,
    /// Pixels that are scrolled away on the left.
    pub left: f64,
    /// What is folded away, in order.
    pub folds: Vec<Range<usize>>,
    /// What the user made foldable, in order, whether it is folded or not.
    pub fold_regions: Vec<Range<usize>>,
    /// The rows that are marked, in order.
    pub bookmarks: Vec<usize>,
    /// Whether all changes since git's version stand open, but for those in `toggled_changes`.
    pub all_changes: bool,
    /// The places of the changes that stand open, or, where all others do, are closed.
    pub toggled_changes: Vec<Range<usize>>,
    /// Of the text that this was of, in bytes.
    pub text_len: usize,
    /// Whether lines are wrapped in this view, where the user has it other than the settings.
    pub wraps: Option<bool>,
    /// The identifier of the text's language, where it was chosen by hand. Comes back with the tab, and
    /// not where the file is closed and opened again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The identifier of the language that a text without a file was found to look like. Comes back with
    /// the tab.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guessed_language: Option<String>,
}

impl ViewState {
    /// No more carets, folds and regions than these come back, of each. Where there are more carets,
    /// keep the primary one alone.
    pub const MAX_KEPT: usize = 10_000;

    /// The carets, inside `text` and between characters. `None` where there are none, as in a state
    /// from a newer or an older version.
    pub fn selections_in(&self, text: &Text) -> Option<Selections> {
        let place = |offset: usize| text.floor_char_boundary(offset);
        let selections: Vec<_> = self
            .selections
            .iter()
            .take(Self::MAX_KEPT)
            .map(|(anchor, head)| Selection::new(place(*anchor), place(*head)))
            .collect();
        (!selections.is_empty()).then(|| Selections::new(selections, self.primary))
    }

    /// The folds, where the text has the length that they were made for: in another one they would
    /// hide what they were not made for. Sorted; those that are empty or not in the text are left
    /// out.
    pub fn folds_in(&self, text: &Text) -> Vec<Range<usize>> {
        self.ranges_in(&self.folds, text)
    }

    /// What the user made foldable, as [`ViewState::folds_in`].
    pub fn fold_regions_in(&self, text: &Text) -> Vec<Range<usize>> {
        self.ranges_in(&self.fold_regions, text)
    }

    /// The places of changes that were toggled, as [`ViewState::folds_in`], but that some may be
    /// empty: lines are gone there.
    pub fn toggled_changes_in(&self, text: &Text) -> Vec<Range<usize>> {
        self.places_in(&self.toggled_changes, text)
    }

    fn ranges_in(&self, ranges: &[Range<usize>], text: &Text) -> Vec<Range<usize>> {
        let mut ranges = self.places_in(ranges, text);
        ranges.retain(|range| !range.is_empty());
        ranges
    }

    fn places_in(&self, ranges: &[Range<usize>], text: &Text) -> Vec<Range<usize>> {
        if text.len() != self.text_len {
            return Vec::new();
        }
        let mut sound: Vec<_> = ranges
            .iter()
            .take(Self::MAX_KEPT)
            .filter(|range| range.start <= range.end && text.is_char_boundary(range.start))
            .filter(|range| text.is_char_boundary(range.end))
            .cloned()
            .collect();
        sound.sort_by_key(|range| (range.start, range.end));
        sound
    }

    /// The row at the top, in `text`.
    pub fn top_in(&self, text: &Text) -> f64 {
        if self.top.is_finite() {
            self.top.clamp(0.0, (text.line_count() - 1) as f64)
        } else {
            0.0
        }
    }

    /// The byte of `text` at the top: the start of its line, but in the text that this is of, where it
    /// may be within a wrapped line.
    pub fn top_offset_in(&self, text: &Text) -> usize {
        let row = self.top_in(text) as usize;
        let (start, end) = (text.line_start(row), text.line_end(row));
        match text.len() == self.text_len {
            true => text.floor_char_boundary(start.saturating_add(self.top_column).min(end)),
            false => start,
        }
    }
}

/// Where the states of views outlive the program: one a file, in a folder of Kiln's own outside
/// the project. The state of the view that was closed or left last counts. All calls block.
#[derive(Debug)]
pub struct ViewStates {
    folder: PrivateFolder,
}

impl ViewStates {
    /// The states under Kiln's `state` folder.
    pub fn new(state: &Path) -> Self {
        let folder: PathBuf = state.join("views");
        Self {
            folder: PrivateFolder::new(folder, MAX_ALL),
        }
    }

    /// How the view of a file was left; `None` where that is not known, or cannot be read: a view
    /// begins at the top then.
    pub fn find(&self, path: &Path) -> Option<ViewState> {
        let bytes = self.folder.read(&name(path), MAX_STATE as u64).ok()??;
        serde_json::from_slice(&bytes).ok()
    }

    /// Keeps how the view of a file is left. One with more than it can keep is kept without its
    /// folds and with its primary caret alone.
    ///
    /// # Errors
    /// As the system reports.
    pub fn keep(&self, path: &Path, state: &ViewState) -> Result<(), FsError> {
        let state = &ViewState {
            language: None,
            ..state.clone()
        };
        // Numbers alone, which JSON can always hold but for a scroll position that is none.
        let mut bytes = serde_json::to_vec(state).unwrap_or_default();
        if bytes.len() > MAX_STATE {
            let primary = state.selections.get(state.primary).copied();
            let small = ViewState {
                selections: primary.into_iter().collect(),
                primary: 0,
                folds: Vec::new(),
                fold_regions: Vec::new(),
                toggled_changes: Vec::new(),
                ..state.clone()
            };
            bytes = serde_json::to_vec(&small).unwrap_or_default();
        }
        self.folder.write(&name(path), &bytes)
    }
}

fn name(path: &Path) -> String {
    format!("{}.json", file_path::hash(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_comes_back_as_it_was_left_and_inside_a_text_that_changed() {
        let state = tempfile::tempdir().unwrap();
        let views = ViewStates::new(state.path());
        let file = Path::new("/p/ä.txt");
        assert_eq!(views.find(file), None);
        let text = Text::new("fn ä() {\n    1\n}\n");
        let left = ViewState {
            selections: vec![(3, 5), (16, 16)],
            primary: 1,
            top: 1.5,
            top_column: 4,
            left: 12.0,
            folds: vec![5..7, 8..15],
            fold_regions: vec![0..7, 8..15],
            bookmarks: vec![2],
            all_changes: true,
            toggled_changes: vec![0..7, 8..8],
            text_len: text.len(),
            wraps: Some(true),
            language: None,
            guessed_language: None,
        };
        views.keep(file, &left).unwrap();
        let found = views.find(file).unwrap();
        assert_eq!(found, left);
        assert_eq!(found.folds_in(&text), [5..7, 8..15]);
        assert_eq!(found.fold_regions_in(&text), [0..7, 8..15]);
        assert_eq!(found.toggled_changes_in(&text), [0..7, 8..8]);
        assert_eq!(found.top_in(&text), 1.5);
        assert_eq!(found.top_offset_in(&text), 14);
        let carets = found.selections_in(&text).unwrap();
        assert_eq!((carets.len(), carets.primary().head), (2, 16));

        let shorter = Text::new("ä");
        assert!(found.folds_in(&shorter).is_empty());
        assert!(found.toggled_changes_in(&shorter).is_empty());
        assert_eq!(found.top_in(&shorter), 0.0);
        assert_eq!(found.top_offset_in(&shorter), 0);
        let carets = found.selections_in(&shorter).unwrap();
        assert!(carets.iter().all(|one| one.end() <= shorter.len()));
        assert_eq!(views.find(Path::new("/p/other.txt")), None);
    }

    #[test]
    fn what_is_no_state_is_as_none() {
        let state = tempfile::tempdir().unwrap();
        let views = ViewStates::new(state.path());
        let file = Path::new("/p/a.txt");
        views.keep(file, &ViewState::default()).unwrap();
        assert_eq!(
            views.find(file).unwrap().selections_in(&Text::new("a")),
            None
        );
        for damaged in ["", "{\"selections\": 7}", "{\"folds\": [[3, -1]]}"] {
            std::fs::write(state.path().join("views").join(name(file)), damaged).unwrap();
            assert_eq!(views.find(file), None);
        }
        let wild = r#"{"selections":[[99999999999,4]],"top":1e308,"top_column":99999999999,"text_len":2,"folds":[{"start":9,"end":2}]}"#;
        std::fs::write(state.path().join("views").join(name(file)), wild).unwrap();
        let found = views.find(file).unwrap();
        let text = Text::new("ab");
        assert_eq!(found.selections_in(&text).unwrap().primary().range(), 2..2);
        assert_eq!(found.top_in(&text), 0.0);
        assert_eq!(found.top_offset_in(&text), 2);
        assert!(found.folds_in(&text).is_empty());
    }

    #[test]
    fn a_state_that_is_too_large_is_kept_in_part() {
        let state = tempfile::tempdir().unwrap();
        let views = ViewStates::new(state.path());
        let file = Path::new("/p/a.txt");
        let many = ViewState {
            selections: (0..200_000).map(|at| (at, at)).collect(),
            primary: 7,
            ..ViewState::default()
        };
        views.keep(file, &many).unwrap();
        assert_eq!(views.find(file).unwrap().selections, [(7, 7)]);
    }
}
