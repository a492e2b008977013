//! Places that somebody asked for, for the panel that lists them.

use std::collections::HashMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use std::time::SystemTime;

use super::code_actions::AfterEdit;
use super::edit_checks::{self, Foreseen};
use super::edit_paths::EditPaths;
use super::in_folder::InFolder;
use super::left_out::StepPaths;
use super::shown_texts::{ShownFor, ShownTexts};
use super::step_texts::StepTexts;
use super::whole_change::WholeChange;
use super::{ServerSays, WorkspaceModel};
use editor_core::Text;
use fs::Fs;
use gpui_kit::{App, AsyncApp, Context, SharedString, Task, WeakEntity};
use lsp::{EditStep, FileEdit, FileOperation, Location, WorkspaceEdit};
use workspace::{BufferId, Severity};

/// A file that is not open is read up to so many bytes.
const MAX_READ: u64 = 16 * 1024 * 1024;
/// More of a line is not shown, in bytes.
const MAX_LINE: usize = 300;
/// More places are not listed, and edits of more not at all: they could not be looked at.
pub(super) const MAX_PLACES: usize = 10_000;
/// What is said behind something that will not be done to a file or folder.
const THERE_ALREADY: &str = ", which is there already: nothing is done";
/// The same of something that was to be deleted.
const GONE_ALREADY: &str = ", which is not there: nothing is done";
/// What is said behind what would be refused.
const IN_THE_WAY: &str =
    ", which is there already and is not written over: nothing is changed unless this is left out";

/// The id of the panel that lists places.
pub const PLACES_PANEL: &str = "references";

/// The versions of the open texts when something was asked.
pub type AskedVersions = HashMap<PathBuf, u64>;

/// Places to be listed.
#[derive(Clone, Debug)]
pub struct PlaceList {
    /// What they are.
    pub title: SharedString,
    /// The places, those of a file together.
    pub places: Vec<ListedPlace>,
    /// The edits that they show, where they are to be looked at before they are made.
    pub edit: Option<ShownEdit>,
}

/// Edits that are looked at before they are made. Only [`WorkspaceModel::list_edit`] makes one, with
/// the list that shows it.
#[derive(Clone, Debug)]
pub struct ShownEdit {
    /// The edits.
    pub(super) edit: Arc<WorkspaceEdit>,
    /// What they were worked out for.
    pub(super) asked: AskedVersions,
    /// The paths that its steps name.
    pub(super) paths: StepPaths,
    /// The texts that the list shows.
    pub(super) texts: ShownTexts,
    /// What is to be done once they are made.
    pub(super) then: Option<AfterEdit>,
    /// When they were asked for, where the server may have made files for them since.
    pub(super) since: Option<SystemTime>,
}

/// An edit as it was read to be listed.
struct ReadEdit {
    places: Vec<ListedPlace>,
    paths: StepPaths,
    texts: ShownTexts,
}

/// For whom edits are listed.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum ListedFor {
    /// A person asked for them and waits.
    #[default]
    Person,
    /// A server chose the moment, in which the person may be typing.
    Server,
}

/// How edits are listed.
#[derive(Clone, Debug, Default)]
pub(super) struct ListedAs {
    pub by: ListedFor,
    /// What is to be done once they are made.
    pub then: Option<AfterEdit>,
    /// When they were asked for, where the server may have made files for them since.
    pub since: Option<SystemTime>,
}

/// A place in a line of a file.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ListedPlace {
    /// The file, absolute.
    pub path: PathBuf,
    /// The line, from zero.
    pub line: u32,
    /// The column in characters, from zero.
    pub column: u32,
    /// The line as it reads, without what is before its first letter.
    pub text: String,
    /// The bytes of it that are meant.
    pub marked: Range<usize>,
    /// What would stand there instead.
    pub new_text: Option<String>,
    /// All lines of a change that takes out or puts in more than the text and `new_text` show.
    pub whole: Option<WholeChange>,
    /// The text says what becomes of the whole file, and is no line of it.
    pub is_whole_file: bool,
    /// The change that it shows, which can be left out.
    pub change: Option<ListedChange>,
}

/// A change in the edits of a list: of a text, or what is done to a whole file.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct ListedChange {
    pub(super) step: usize,
    /// The file in the step and the edit in that; `None` where the step is done to a whole file.
    pub(super) text: Option<(usize, usize)>,
}

impl ListedChange {
    /// What a step does to a whole file.
    pub(super) fn of_file(step: usize) -> Self {
        Self { step, text: None }
    }

    /// One of the changes that a step makes in the text of one of its files.
    pub(super) fn of_text(step: usize, file: usize, edit: usize) -> Self {
        Self {
            step,
            text: Some((file, edit)),
        }
    }
}

impl ListedPlace {
    /// The place of some bytes of a text, as far as they are in the first of its lines.
    pub(super) fn new(
        path: &Path,
        text: &Text,
        range: Range<usize>,
        new_text: Option<String>,
    ) -> Self {
        let row = text.row_at(range.start);
        let (start, end) = (text.line_start(row), text.line_end(row));
        let column = text.count_chars(start..range.start);
        // What is shown is cut out first: a minified file is one line, and may have many places.
        let near = text.floor_char_boundary((start + MAX_LINE).min(end));
        let head = text.slice(start..near);
        let letter = start + head.len() - head.trim_start().len();
        // A long line is shown around the place.
        let from = match near < end {
            true => range.start.saturating_sub(MAX_LINE / 2).max(letter),
            false => letter,
        };
        let from = text.floor_char_boundary(from).min(range.start);
        let to = text.floor_char_boundary((from + MAX_LINE).min(end));
        let shown = text.slice(from..to);
        let within = |offset: usize| offset.clamp(from, to) - from;
        Self {
            path: path.to_path_buf(),
            line: u32::try_from(row).unwrap_or(u32::MAX),
            column: u32::try_from(column).unwrap_or(u32::MAX),
            marked: within(range.start)..within(range.end),
            text: spaced(&shown),
            whole: new_text
                .as_deref()
                .and_then(|new_text| WholeChange::new(text, range, new_text)),
            new_text: new_text.map(|text| text.lines().next().unwrap_or_default().to_owned()),
            is_whole_file: false,
            change: None,
        }
    }

    /// What a step would do to a whole file.
    fn of_operation(step: usize, operation: &FileOperation, root: &Path) -> Self {
        let shown = |path: &Path| {
            path.strip_prefix(root)
                .unwrap_or(path)
                .display()
                .to_string()
        };
        let (path, text) = match operation {
            FileOperation::Create { path, .. } => (path, "Create this file".to_owned()),
            FileOperation::Rename { from, to, .. } => (from, format!("Move to {}", shown(to))),
            FileOperation::Delete {
                path,
                recursive: true,
                ..
            } => (path, "Delete this and all that it holds".to_owned()),
            FileOperation::Delete { path, .. } => (path, "Delete this file".to_owned()),
        };
        Self {
            path: path.clone(),
            line: 0,
            column: 0,
            text: spaced(&text),
            marked: 0..0,
            new_text: None,
            whole: None,
            is_whole_file: true,
            change: Some(ListedChange::of_file(step)),
        }
    }
}

/// A text with spaces for its control characters, as many as these have bytes, so that places in it
/// stay where they are.
pub(super) fn spaced(text: &str) -> String {
    let mut spaced = String::with_capacity(text.len());
    for character in text.chars() {
        match character.is_control() {
            true => spaced.extend(std::iter::repeat_n(' ', character.len_utf8())),
            false => spaced.push(character),
        }
    }
    spaced
}

/// Texts of files: of the open ones as they are now, of the others as they are on the disk.
struct Texts {
    open: HashMap<PathBuf, OpenText>,
    fs: Arc<dyn Fs>,
    read: HashMap<PathBuf, Text>,
}

/// The text of a buffer.
struct OpenText {
    text: Text,
    /// Of which buffer it is, and which of its versions.
    of: (BufferId, u64),
}

impl Texts {
    fn get(&mut self, path: &Path) -> &Text {
        if let Some(open) = self.open.get(path) {
            return &open.text;
        }
        self.read.entry(path.to_path_buf()).or_insert_with(|| {
            // What cannot be read has no lines to show; whoever opens it says what is wrong.
            let bytes = self.fs.read(path, MAX_READ).unwrap_or_default();
            let text = String::from_utf8_lossy(&bytes);
            Text::new(&text.replace("\r\n", "\n"))
        })
    }
}

/// Whether all that edits would change can be listed, what they do to whole files counted too.
///
/// # Errors
/// A sentence that says how many places are too many.
pub(super) fn fits_list(edit: &WorkspaceEdit, root: &Path) -> Result<(), String> {
    // Neither is ever made, so nobody is to be asked.
    let paths = edit.operations().flat_map(FileOperation::paths);
    if paths.into_iter().any(|path| root.starts_with(path)) {
        return Err(
            "The language server would move, delete or make the open folder itself, which Kiln does not do; nothing was changed."
                .to_owned(),
        );
    }
    let places = edit.files().map(FileEdit::len).sum::<usize>() + edit.operations().count();
    match places > MAX_PLACES {
        true => Err(format!(
            "This changes {places} places, more than the {MAX_PLACES} that can be shown; nothing was changed."
        )),
        false => Ok(()),
    }
}

impl WorkspaceModel {
    /// The places that are listed.
    pub fn places(&self) -> Option<&Rc<PlaceList>> {
        self.places.as_ref()
    }

    /// Whether edits are listed that can be applied, or are about to be.
    pub(super) fn lists_edit(&self) -> bool {
        let listed = self.places.as_ref();
        self.listing.is_some() || listed.is_some_and(|list| list.edit.is_some())
    }

    /// Lists other places, or none.
    pub fn show_places(&mut self, places: Option<PlaceList>, cx: &mut Context<Self>) {
        self.places = places.map(Rc::new);
        cx.notify();
    }

    /// The versions of the open texts.
    pub fn versions(&self) -> AskedVersions {
        let buffers = self.workspace.buffers();
        let versions = buffers.filter_map(|buffer| {
            let path = buffer.path()?.to_path_buf();
            Some((path, buffer.version()))
        });
        versions.collect()
    }

    fn texts(&self) -> Texts {
        let buffers = self.workspace.buffers();
        let open = buffers.filter_map(|buffer| {
            let open = OpenText {
                text: buffer.text().clone(),
                of: (buffer.id(), buffer.version()),
            };
            Some((buffer.path()?.to_path_buf(), open))
        });
        Texts {
            open: open.collect(),
            fs: self.workspace.fs().clone(),
            read: HashMap::new(),
        }
    }

    /// Reads the lines of places, off the UI thread; those of a file come together and in order.
    pub fn read_places(
        &self,
        mut locations: Vec<Location>,
        cx: &Context<Self>,
    ) -> Task<Vec<ListedPlace>> {
        let mut texts = self.texts();
        cx.background_executor().spawn(async move {
            locations.sort_by(|a, b| {
                let place = |one: &Location| (one.position.line, one.position.character);
                a.path.cmp(&b.path).then(place(a).cmp(&place(b)))
            });
            locations.dedup();
            let places = locations.iter().take(MAX_PLACES).map(|location| {
                let text = texts.get(&location.path);
                let start = location.encoding.offset(text, location.position);
                let end = location.encoding.offset(text, location.end).max(start);
                ListedPlace::new(&location.path, text, start..end, None)
            });
            places.collect()
        })
    }

    /// Lists what edits would change, files that they would delete before the rest; nothing is changed
    /// until [`Self::apply_listed_edit`]. Windows are told once the list is there. Edits of more places
    /// than a list has are not listed, which a notice says.
    pub fn list_edit(
        &mut self,
        title: impl Into<SharedString>,
        edit: Arc<WorkspaceEdit>,
        asked: AskedVersions,
        cx: &mut Context<Self>,
    ) {
        self.list_edit_as(title, edit, asked, ListedAs::default(), cx);
    }

    /// [`Self::list_edit`], for whoever it is.
    pub(super) fn list_edit_as(
        &mut self,
        title: impl Into<SharedString>,
        edit: Arc<WorkspaceEdit>,
        asked: AskedVersions,
        ListedAs { by, then, since }: ListedAs,
        cx: &mut Context<Self>,
    ) {
        let fits = fits_list(&edit, self.root());
        let changing = self.make_files_later(edit, since, cx);
        if let Err(why) = fits {
            self.update(cx, |workspace| workspace.notice(Severity::Warning, why));
            return;
        }
        // What is typed from now on is not what the edits are of.
        let texts = self.texts();
        let title = title.into();
        self.listing = Some(
            cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
                // A released model lists nothing.
                let Ok(edit) = changing.await else { return };
                let reading =
                    this.read_with(cx, |model, cx| model.read_edits(texts, edit.clone(), cx));
                let Ok(reading) = reading else { return };
                let ReadEdit {
                    places,
                    paths,
                    texts,
                } = reading.await;
                let list = PlaceList {
                    title,
                    places,
                    edit: Some(ShownEdit {
                        edit,
                        asked,
                        paths,
                        texts,
                        then,
                        since,
                    }),
                };
                this.update(cx, |model, cx| {
                    model.listing = None;
                    model.show_places(Some(list), cx);
                    cx.emit(ServerSays::EditsListed(by));
                })
                .ok();
            }),
        );
    }

    /// Reads the lines of `texts` that edits would change, off the UI thread, and remembers which texts that
    /// were.
    fn read_edits(&self, mut texts: Texts, edit: Arc<WorkspaceEdit>, cx: &App) -> Task<ReadEdit> {
        let root = self.root().to_path_buf();
        cx.background_executor().spawn(async move {
            let (mut deleting, mut places) = (Vec::new(), Vec::new());
            // Without the folder nothing is changed in it.
            let folder = InFolder::new(&root).ok();
            let lies = |path: &Path| {
                let folder = folder.as_ref();
                folder.map_or_else(|| path.to_path_buf(), |folder| folder.path(path))
            };
            let paths = StepPaths::of(&edit, lies);
            let (mut passed, mut shown) = (EditPaths::default(), ShownTexts::default());
            let mut between = StepTexts::of(&edit);
            for (step_number, step) in edit.steps.iter().enumerate() {
                let files = match step {
                    EditStep::Texts(files) => files,
                    EditStep::File(operation) => {
                        let mut place = ListedPlace::of_operation(step_number, operation, &root);
                        let fs = texts.fs.as_ref();
                        let foreseen = edit_checks::foresee(fs, &passed, operation, lies);
                        place.text += match foreseen {
                            Foreseen::Done => "",
                            Foreseen::Nothing if operation.deletes() => GONE_ALREADY,
                            Foreseen::Nothing => THERE_ALREADY,
                            Foreseen::InTheWay => IN_THE_WAY,
                        };
                        if foreseen != Foreseen::Nothing {
                            passed.pass(operation, lies);
                            between.pass(operation, lies);
                        }
                        match operation.deletes() {
                            true => deleting.push(place),
                            false => places.push(place),
                        }
                        continue;
                    }
                };
                let files = files.iter().enumerate();
                for (file_number, file) in files.filter(|(_, file)| !file.is_empty()) {
                    let now = lies(&file.path);
                    let new = Text::new("");
                    let (path, text) = match passed.before(&now) {
                        Some(path) => {
                            let of = ShownFor {
                                step: step_number,
                                file: file_number,
                            };
                            match (texts.open.get(&path), &folder) {
                                (Some(open), _) => shown.add_open(of, &path, open.of),
                                (None, Some(folder)) => {
                                    shown.add_closed(of, texts.fs.as_ref(), folder, &path);
                                }
                                (None, None) => {}
                            }
                            let text = texts.get(&path);
                            (path, text)
                        }
                        // What an earlier step makes is empty.
                        None => (now.clone(), &new),
                    };
                    let text = between.get(&now).unwrap_or(text).clone();
                    let edits = file.numbered_in_text(&text).unwrap_or_default();
                    places.extend(edits.into_iter().map(|(edit, range, new_text)| {
                        let change = ListedChange::of_text(step_number, file_number, edit);
                        ListedPlace {
                            change: Some(change),
                            ..ListedPlace::new(&path, &text, range, Some(new_text))
                        }
                    }));
                    between.change(now, file, &text);
                }
            }
            // First, so that no length of the rest hides it.
            deleting.extend(places);
            ReadEdit {
                places: deleting,
                paths,
                texts: shown,
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[gpui_kit::test]
    fn edits_wait_to_be_applied_from_when_their_list_is_begun(cx: &mut gpui_kit::TestAppContext) {
        use gpui_kit::AppContext as _;
        let fs = Arc::new(fs::FakeFs::with_files([("/p/a.rs", "a")]));
        let model = cx.update(|cx| {
            crate::init(cx);
            cx.new(|cx| WorkspaceModel::new(workspace::Workspace::new("/p".into(), fs), cx))
        });
        let step = EditStep::File(FileOperation::Create {
            path: "/p/b.rs".into(),
            may_exist: false,
        });
        let edit = Arc::new(WorkspaceEdit { steps: vec![step] });
        let waits =
            |cx: &gpui_kit::TestAppContext| model.read_with(cx, |model, _| model.lists_edit());
        assert!(!waits(cx));
        model.update(cx, |model, cx| {
            model.list_edit("Edits", edit, AskedVersions::new(), cx);
            assert!(model.places().is_none());
            assert!(model.lists_edit(), "it is being read");
        });
        cx.run_until_parked();
        assert!(model.read_with(cx, |model, _| model.places().is_some()));
        assert!(waits(cx));
        model.update(cx, |model, cx| model.show_places(None, cx));
        assert!(!waits(cx));
    }

    #[test]
    fn a_place_is_shown_in_its_line() {
        let text = Text::new("one\n    let ä = size(1);\n");
        let place = ListedPlace::new(Path::new("/a"), &text, 17..21, Some("len".into()));
        assert_eq!((place.line, place.column), (1, 12));
        assert_eq!(place.text, "let ä = size(1);");
        assert_eq!(&place.text[place.marked], "size");
        let long = Text::new(&format!(
            "{} here {}",
            "x ".repeat(1_000),
            "y".repeat(1_000)
        ));
        let place = ListedPlace::new(Path::new("/a"), &long, 2_001..2_005, None);
        assert_eq!(&place.text[place.marked.clone()], "here");
        assert!(place.text.len() <= MAX_LINE);
        let place = ListedPlace::new(Path::new("/a"), &long, 0..1, None);
        assert_eq!(&place.text[place.marked.clone()], "x");
        let place = ListedPlace::new(Path::new("/a"), &long, long.len()..long.len(), None);
        assert_eq!((place.text.len(), place.marked), (MAX_LINE / 2, 150..150));
        let lines = ListedPlace::new(Path::new("/a"), &text, 0..8, None);
        assert_eq!(&lines.text[lines.marked], "one");
    }

    #[test]
    fn places_in_a_minified_file_do_not_copy_it_each() {
        // Ten thousand copies of it would be 40 GB.
        let text = Text::new(&"a(b);é".repeat(600_000));
        let places: Vec<_> = (0..MAX_PLACES)
            .map(|index| index * 59 * 7)
            .map(|at| ListedPlace::new(Path::new("/a"), &text, at..at + 1, None))
            .collect();
        assert!(places.iter().all(|place| place.text.len() <= MAX_LINE));
        assert!(
            places
                .iter()
                .all(|place| &place.text[place.marked.clone()] == "a")
        );
        assert_eq!(places[9].column, 9 * 59 * 6);
    }

    #[test]
    fn what_is_meant_of_a_line_stays_meant_behind_control_characters() {
        let text = Text::new("  a\u{85}\u{7f}\u{90}größe\u{85}(1)");
        let at = text.to_string().find("größe").unwrap();
        let place = ListedPlace::new(Path::new("/a"), &text, at..at + "größe".len(), None);
        assert_eq!(&place.text[place.marked.clone()], "größe");
        assert!(!place.text.contains(char::is_control));
        let behind = text.len()..text.len();
        let place = ListedPlace::new(Path::new("/a"), &text, behind, Some("x".into()));
        assert_eq!(place.marked.end, place.text.len());
    }
}
