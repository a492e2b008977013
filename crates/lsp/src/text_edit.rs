//! Edits of servers: of one text (`TextEdit[]`) and of several files (`WorkspaceEdit`, LSP 3.17).

use std::collections::HashMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use editor_core::editing::with_line_feeds;
use editor_core::{ChangeError, ChangeSet, Edit, Text};
use serde_json::Value;

use crate::file_operation::FileOperation;
use crate::{PositionEncoding, uri};

/// An answer with more edits than this is refused.
const MAX_EDITS: usize = 100_000;
/// An answer that changes more files than this is refused.
const MAX_FILES: usize = 10_000;

/// Why edits of a server are not made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditsError {
    /// They are not what the protocol has there.
    #[error("the language server's edits cannot be read")]
    Unreadable,
    /// They are too many.
    #[error("the language server's edits are too many: {0}")]
    TooMany(usize),
    /// One is of a place that is no file on this machine.
    #[error("the language server would change what is no file")]
    NoFile,
    /// Two of them change the same bytes.
    #[error("the language server's edits overlap each other")]
    Overlap,
    /// They are of a version of a text that is no longer the newest.
    #[error("the text has changed since the language server was asked; ask again")]
    Stale,
}

impl From<ChangeError> for EditsError {
    fn from(_: ChangeError) -> Self {
        Self::Overlap
    }
}

/// `TextEdit[]` with the bytes of a text, in order; `None` where they cannot be read.
pub(crate) fn edits(
    list: &Value,
    text: &Text,
    encoding: PositionEncoding,
) -> Option<Vec<(Range<usize>, String)>> {
    edits_of(list.as_array()?, text, encoding)
}

/// The same of its items.
fn edits_of(
    list: &[Value],
    text: &Text,
    encoding: PositionEncoding,
) -> Option<Vec<(Range<usize>, String)>> {
    let numbered = numbered_edits_of(list, text, encoding)?.into_iter();
    Some(numbered.map(|(_, range, new)| (range, new)).collect())
}

/// The same, each with its place in the list.
fn numbered_edits_of(
    list: &[Value],
    text: &Text,
    encoding: PositionEncoding,
) -> Option<Vec<(usize, Range<usize>, String)>> {
    if list.len() > MAX_EDITS {
        return None;
    }
    let read = list.iter().enumerate().map(|(number, edit)| {
        let range = serde_json::from_value(edit["range"].clone()).ok()?;
        let new_text = edit["newText"].as_str()?;
        Some((
            number,
            encoding.range(text, range),
            with_line_feeds(new_text).into_owned(),
        ))
    });
    let mut edits: Vec<_> = read.collect::<Option<_>>()?;
    // Of several insertions at one place the order is that of the list.
    edits.sort_by_key(|(_, range, _)| (range.start, range.end));
    Some(edits)
}

/// The change that some edits make of a text.
///
/// # Errors
/// [`EditsError::Overlap`].
pub fn change_of(text: &Text, edits: Vec<(Range<usize>, String)>) -> Result<ChangeSet, EditsError> {
    let mut joined: Vec<Edit> = Vec::with_capacity(edits.len());
    for (range, new_text) in edits {
        // What is inserted at one place is one insertion.
        if let Some(last) = joined.last_mut()
            && last.range == range
            && range.is_empty()
        {
            last.text.push_str(&new_text);
            continue;
        }
        if text.slice(range.clone()) != new_text.as_str() {
            joined.push(Edit::new(range, new_text));
        }
    }
    Ok(ChangeSet::from_edits(text.len(), joined)?)
}

/// What is to be changed in several files, as a server says it. The bytes are worked out with the
/// text of each, which may not be open.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WorkspaceEdit {
    /// What is to be done, in this order.
    pub steps: Vec<EditStep>,
}

impl WorkspaceEdit {
    /// The same without some of it, which is known by the number of its step and, where that changes
    /// texts, of the file in it and of [the edit in that](FileEdit::numbered_in_text).
    pub fn keeping(&self, keeps: impl Fn(usize, Option<(usize, usize)>) -> bool) -> Self {
        let steps = self.steps.iter().enumerate();
        let kept = steps.filter_map(|(step, one)| match one {
            EditStep::File(operation) => {
                keeps(step, None).then(|| EditStep::File(operation.clone()))
            }
            EditStep::Texts(files) => {
                let files = files.iter().enumerate();
                let files =
                    files.map(|(file, one)| one.keeping(|edit| keeps(step, Some((file, edit)))));
                let files: Vec<_> = files.filter(|file| !file.is_empty()).collect();
                (!files.is_empty()).then_some(EditStep::Texts(files))
            }
        });
        Self {
            steps: kept.collect(),
        }
    }
}

/// A step of a [`WorkspaceEdit`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EditStep {
    /// Texts are changed, all of them or none; each file is named once.
    Texts(Vec<FileEdit>),
    /// Something is done to a whole file or folder.
    File(FileOperation),
}

/// What is to be changed in one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileEdit {
    /// The file, absolute.
    pub path: PathBuf,
    /// The version of the open text that the places are of, where the server says.
    pub version: Option<u64>,
    /// Shared, since whoever makes the edits keeps some of them.
    edits: Arc<Vec<Value>>,
    encoding: PositionEncoding,
}

impl FileEdit {
    /// How many places are changed.
    pub fn len(&self) -> usize {
        self.edits.len()
    }

    /// Whether nothing is changed.
    pub fn is_empty(&self) -> bool {
        self.edits.is_empty()
    }

    /// The edits with the bytes of the file's text, in order.
    ///
    /// # Errors
    /// [`EditsError::Unreadable`].
    pub fn in_text(&self, text: &Text) -> Result<Vec<(Range<usize>, String)>, EditsError> {
        edits_of(&self.edits, text, self.encoding).ok_or(EditsError::Unreadable)
    }

    /// The same, each with the number by which [`WorkspaceEdit::keeping`] knows it.
    ///
    /// # Errors
    /// [`EditsError::Unreadable`].
    pub fn numbered_in_text(
        &self,
        text: &Text,
    ) -> Result<Vec<(usize, Range<usize>, String)>, EditsError> {
        numbered_edits_of(&self.edits, text, self.encoding).ok_or(EditsError::Unreadable)
    }

    fn keeping(&self, keeps: impl Fn(usize) -> bool) -> Self {
        let kept = self.edits.iter().enumerate();
        let kept = kept.filter(|(number, _)| keeps(*number));
        Self {
            edits: Arc::new(kept.map(|(_, edit)| edit.clone()).collect()),
            ..self.clone()
        }
    }

    /// The change of the file's text.
    ///
    /// # Errors
    /// [`EditsError`].
    pub fn change(&self, text: &Text) -> Result<ChangeSet, EditsError> {
        change_of(text, self.in_text(text)?)
    }
}

/// What was read of an edit of files so far.
#[derive(Default)]
struct Known {
    /// Where the files of the last step are in it.
    in_step: HashMap<PathBuf, usize>,
    files: usize,
    edits: usize,
}

impl Known {
    fn count(&mut self, files: usize, edits: usize) -> Result<(), EditsError> {
        self.files += files;
        self.edits += edits;
        match (self.files > MAX_FILES, self.edits > MAX_EDITS) {
            (true, _) => Err(EditsError::TooMany(self.files)),
            (_, true) => Err(EditsError::TooMany(self.edits)),
            _ => Ok(()),
        }
    }
}

impl WorkspaceEdit {
    /// Reads `WorkspaceEdit`; empty where it is null.
    ///
    /// # Errors
    /// [`EditsError::Unreadable`], [`EditsError::NoFile`] and [`EditsError::TooMany`].
    pub fn read(edit: &Value, encoding: PositionEncoding) -> Result<Self, EditsError> {
        let (mut read, mut known) = (Self::default(), Known::default());
        if let Some(changes) = edit["documentChanges"].as_array() {
            for change in changes {
                if change.get("kind").is_some() {
                    let operation = FileOperation::read(change)?;
                    read.steps.push(EditStep::File(operation));
                    known.in_step.clear();
                    known.count(1, 0)?;
                    continue;
                }
                let document = &change["textDocument"];
                let edits = change["edits"].as_array().ok_or(EditsError::Unreadable)?;
                let version = document["version"].as_u64();
                read.add(&mut known, &document["uri"], version, edits, encoding)?;
            }
        } else if let Some(changes) = edit["changes"].as_object() {
            for (uri, edits) in changes {
                let edits = edits.as_array().ok_or(EditsError::Unreadable)?;
                let uri = Value::String(uri.clone());
                read.add(&mut known, &uri, None, edits, encoding)?;
            }
        } else if !edit.is_null() && !edit.as_object().is_some_and(serde_json::Map::is_empty) {
            return Err(EditsError::Unreadable);
        }
        Ok(read)
    }

    fn add(
        &mut self,
        known: &mut Known,
        uri: &Value,
        version: Option<u64>,
        edits: &[Value],
        encoding: PositionEncoding,
    ) -> Result<(), EditsError> {
        let path = uri.as_str().and_then(uri::path).ok_or(EditsError::NoFile)?;
        if !matches!(self.steps.last(), Some(EditStep::Texts(_))) {
            self.steps.push(EditStep::Texts(Vec::new()));
        }
        let Some(EditStep::Texts(files)) = self.steps.last_mut() else {
            return Err(EditsError::Unreadable);
        };
        match known.in_step.get(&path).and_then(|at| files.get_mut(*at)) {
            Some(file) => {
                Arc::make_mut(&mut file.edits).extend_from_slice(edits);
                file.version = file.version.or(version);
                known.count(0, edits.len())
            }
            None => {
                known.in_step.insert(path.clone(), files.len());
                files.push(FileEdit {
                    path,
                    version,
                    edits: Arc::new(edits.to_vec()),
                    encoding,
                });
                known.count(1, edits.len())
            }
        }
    }

    /// The texts that are changed; a file may come more than once.
    pub fn files(&self) -> impl Iterator<Item = &FileEdit> {
        let texts = self.steps.iter().filter_map(|step| match step {
            EditStep::Texts(files) => Some(files),
            EditStep::File(_) => None,
        });
        texts.flatten()
    }

    /// What is done to whole files and folders.
    pub fn operations(&self) -> impl Iterator<Item = &FileOperation> {
        self.steps.iter().filter_map(|step| match step {
            EditStep::Texts(_) => None,
            EditStep::File(operation) => Some(operation),
        })
    }

    /// The same after something else got another path: what is to be changed there is changed at the
    /// new one.
    #[must_use]
    pub fn after_rename(mut self, from: &Path, to: &Path) -> Self {
        for step in &mut self.steps {
            let EditStep::Texts(files) = step else {
                continue;
            };
            for file in files {
                if let Ok(rest) = file.path.strip_prefix(from) {
                    // Joined to nothing, a path would end with a slash.
                    file.path = match rest.as_os_str().is_empty() {
                        true => to.to_path_buf(),
                        false => to.join(rest),
                    };
                }
            }
        }
        self
    }

    /// Whether nothing is changed.
    pub fn is_empty(&self) -> bool {
        self.files().all(FileEdit::is_empty) && self.operations().next().is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn edit(from: (u64, u64), to: (u64, u64), text: &str) -> Value {
        json!({"range": {
            "start": {"line": from.0, "character": from.1},
            "end": {"line": to.0, "character": to.1},
        }, "newText": text})
    }

    #[test]
    fn edits_are_of_the_text_before_them_whatever_their_order() {
        let text = Text::new("ä one\ntwo\n");
        let list = json!([
            edit((1, 0), (1, 3), "2"),
            edit((0, 0), (0, 0), "a\r\n"),
            edit((0, 0), (0, 0), "b "),
            edit((0, 2), (0, 5), "one"),
        ]);
        let edits = edits(&list, &text, PositionEncoding::Utf16).unwrap();
        let change = change_of(&text, edits).unwrap();
        assert_eq!(change.edits().count(), 2, "what stays is not touched");
        assert_eq!(change.apply(&text).unwrap(), *"a\nb ä one\n2\n");
        let overlapping = json!([edit((0, 0), (0, 3), "x"), edit((0, 1), (0, 4), "y")]);
        let edits = super::edits(&overlapping, &text, PositionEncoding::Utf16).unwrap();
        assert_eq!(change_of(&text, edits), Err(EditsError::Overlap));
    }

    #[test]
    fn an_edit_of_files_is_read_in_both_forms_or_refused() {
        let encoding = PositionEncoding::Utf8;
        let one = edit((0, 0), (0, 1), "x");
        let plain = json!({"changes": {"file:///a": [one], "file:///b": []}});
        let read = WorkspaceEdit::read(&plain, encoding).unwrap();
        let lens: Vec<_> = read.files().map(FileEdit::len).collect();
        assert_eq!(lens, [1, 0]);
        let versioned =
            |uri: &str| json!({"textDocument": {"uri": uri, "version": 3}, "edits": [one]});
        let twice = json!({"documentChanges": [versioned("file:///a"), versioned("file:///a")]});
        let read = WorkspaceEdit::read(&twice, encoding).unwrap();
        let versions: Vec<_> = read.files().map(|file| file.version).collect();
        assert_eq!(versions, [Some(3)]);
        let refused = |edit: Value| WorkspaceEdit::read(&edit, encoding).unwrap_err();
        let create = json!({"kind": "create", "uri": "file:///b"});
        let mixed = json!({"documentChanges": [versioned("file:///a"), create,
            versioned("file:///b"), versioned("file:///a")]});
        let read = WorkspaceEdit::read(&mixed, encoding).unwrap();
        assert_eq!(
            read.steps.len(),
            3,
            "what comes after a file is made is done after"
        );
        let moved = read.after_rename(Path::new("/a"), Path::new("/c/d"));
        let paths: Vec<_> = moved
            .files()
            .map(|file| file.path.to_str().unwrap())
            .collect();
        assert_eq!(paths, ["/c/d", "/b", "/c/d"]);
        let web = json!({"documentChanges": [versioned("https://a.b/c")]});
        assert_eq!(refused(web), EditsError::NoFile);
        assert_eq!(
            refused(json!({"changes": {"file:///a": 3}})),
            EditsError::Unreadable
        );
        assert_eq!(refused(json!(3)), EditsError::Unreadable);
        let many = json!({"changes": {"file:///a": vec![one; MAX_EDITS + 1]}});
        assert!(matches!(refused(many), EditsError::TooMany(_)));
        assert!(
            WorkspaceEdit::read(&Value::Null, encoding)
                .unwrap()
                .is_empty()
        );
    }
}
