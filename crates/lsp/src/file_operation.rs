//! What servers would do to whole files (`CreateFile`, `RenameFile`, `DeleteFile` of LSP 3.17), and what
//! they are told of what becomes of files (`workspace/will…Files` and `did…Files`).

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::connection::Reply;
use crate::server::LanguageServer;
use crate::text_edit::{EditsError, WorkspaceEdit};
use crate::{glob, uri};

/// Something that a server would do to a file or a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileOperation {
    /// Makes an empty file.
    Create {
        /// The file, absolute.
        path: PathBuf,
        /// What is there already may stay; else nothing may be there.
        may_exist: bool,
    },
    /// Gives a file or folder another path.
    Rename {
        /// The path, absolute.
        from: PathBuf,
        /// Its new path, absolute.
        to: PathBuf,
        /// Where something is at the new path already, nothing is done.
        may_exist: bool,
    },
    /// Takes a file or folder away.
    Delete {
        /// The path, absolute.
        path: PathBuf,
        /// A folder goes with all that it holds.
        recursive: bool,
        /// It need not be there.
        may_be_gone: bool,
    },
}

impl FileOperation {
    /// Reads one of `documentChanges`. What would overwrite a file is read as what would not: Kiln
    /// overwrites none for a server.
    pub(crate) fn read(change: &Value) -> Result<Self, EditsError> {
        let path = |name: &str| {
            let path = change[name].as_str().and_then(uri::path);
            path.ok_or(EditsError::NoFile)
        };
        let option = |name: &str| change["options"][name] == Value::Bool(true);
        // Where both are given, overwriting is meant.
        let may_exist = option("ignoreIfExists") && !option("overwrite");
        match change["kind"].as_str() {
            Some("create") => Ok(Self::Create {
                path: path("uri")?,
                may_exist,
            }),
            Some("rename") => Ok(Self::Rename {
                from: path("oldUri")?,
                to: path("newUri")?,
                may_exist,
            }),
            Some("delete") => Ok(Self::Delete {
                path: path("uri")?,
                recursive: option("recursive"),
                may_be_gone: option("ignoreIfNotExists"),
            }),
            _ => Err(EditsError::Unreadable),
        }
    }

    /// Whether it takes something away.
    pub fn deletes(&self) -> bool {
        matches!(self, Self::Delete { .. })
    }

    /// The paths that it touches.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        let (first, second) = match self {
            Self::Create { path, .. } | Self::Delete { path, .. } => (path, None),
            Self::Rename { from, to, .. } => (from, Some(to)),
        };
        [Some(first), second]
            .into_iter()
            .flatten()
            .map(PathBuf::as_path)
    }
}

/// What becomes of files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileEvent {
    /// A file or folder is made.
    Created {
        /// Its path, absolute.
        path: PathBuf,
    },
    /// It gets another path.
    Renamed {
        /// The path, absolute.
        from: PathBuf,
        /// Its new path, absolute.
        to: PathBuf,
    },
    /// It goes.
    Deleted {
        /// Its path, absolute.
        path: PathBuf,
    },
}

impl FileEvent {
    /// The path before it.
    fn path(&self) -> &Path {
        match self {
            Self::Created { path } | Self::Deleted { path } => path,
            Self::Renamed { from, .. } => from,
        }
    }

    fn params(&self) -> Option<Value> {
        let file = match self {
            Self::Created { path } | Self::Deleted { path } => json!({"uri": uri::of(path)?}),
            Self::Renamed { from, to } => {
                json!({"oldUri": uri::of(from)?, "newUri": uri::of(to)?})
            }
        };
        Some(json!({"files": [file]}))
    }
}

impl LanguageServer {
    /// Asks what is to be changed because of what is about to become of a file or folder; `None` where
    /// the server does not care.
    pub fn before(
        &self,
        event: &FileEvent,
        is_folder: bool,
    ) -> Option<Reply<Result<WorkspaceEdit, EditsError>>> {
        let (method, feature) = match event {
            FileEvent::Created { .. } => ("workspace/willCreateFiles", "willCreate"),
            FileEvent::Renamed { .. } => ("workspace/willRenameFiles", "willRename"),
            FileEvent::Deleted { .. } => ("workspace/willDeleteFiles", "willDelete"),
        };
        let inner = self.shared().inner.lock();
        let connection = inner.ready.clone()?;
        let filters = inner.capabilities.file_operation(feature, method);
        let wanted = filters
            .iter()
            .any(|one| applies(one, event.path(), is_folder));
        let encoding = inner.capabilities.encoding();
        // An answer that comes at once must find nobody holding this.
        drop(inner);
        let params = event.params().filter(|_| wanted)?;
        let within = self.shared().options.limits.request;
        Some(Reply::ask(
            connection,
            method,
            params,
            within,
            move |answer| WorkspaceEdit::read(&answer, encoding),
        ))
    }

    /// Tells what became of a file or folder.
    pub fn after(&self, event: &FileEvent, is_folder: bool) {
        let (method, feature) = match event {
            FileEvent::Created { .. } => ("workspace/didCreateFiles", "didCreate"),
            FileEvent::Renamed { .. } => ("workspace/didRenameFiles", "didRename"),
            FileEvent::Deleted { .. } => ("workspace/didDeleteFiles", "didDelete"),
        };
        let inner = self.shared().inner.lock();
        let filters = inner.capabilities.file_operation(feature, method);
        let wanted = filters
            .iter()
            .any(|one| applies(one, event.path(), is_folder));
        if let (Some(connection), Some(params), true) = (&inner.ready, event.params(), wanted) {
            connection.notify(method, params);
        }
    }
}

/// Whether a `FileOperationFilter` is about a file or folder.
fn applies(filter: &Value, path: &Path, is_folder: bool) -> bool {
    let pattern = &filter["pattern"];
    let matches = match pattern["matches"].as_str() {
        Some("file") => !is_folder,
        Some("folder") => is_folder,
        _ => true,
    };
    let scheme = filter["scheme"]
        .as_str()
        .is_none_or(|scheme| scheme == "file");
    let ignore_case = pattern["options"]["ignoreCase"] == Value::Bool(true);
    let glob = pattern["glob"]
        .as_str()
        .and_then(|glob| glob::matcher(glob, ignore_case));
    matches && scheme && glob.is_some_and(|glob| glob.is_match(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_are_by_glob_sort_and_case() {
        let filter = |pattern: Value| json!({"scheme": "file", "pattern": pattern});
        let file = Path::new("/p/src/a.ts");
        let all = filter(json!({"glob": "**/*.{ts,js}"}));
        assert!(applies(&all, file, false) && applies(&all, Path::new("/p/b.js"), true));
        assert!(!applies(&all, Path::new("/p/b.rs"), false));
        let folders = filter(json!({"glob": "**/*", "matches": "folder"}));
        assert!(applies(&folders, Path::new("/p/src"), true) && !applies(&folders, file, false));
        let upper = json!({"glob": "**/*.TS", "options": {"ignoreCase": true}});
        assert!(applies(&filter(upper), file, false));
        assert!(!applies(&filter(json!({"glob": "**/*.TS"})), file, false));
        assert!(!applies(&filter(json!({"glob": "{"})), file, false));
        let other = json!({"scheme": "untitled", "pattern": {"glob": "**"}});
        assert!(!applies(&other, file, false));
    }

    #[test]
    fn operations_are_read_with_their_options() {
        let read = |change: Value| FileOperation::read(&change);
        let path = |path: &str| PathBuf::from(path);
        assert_eq!(
            read(
                json!({"kind": "create", "uri": "file:///a", "options": {"ignoreIfExists": true}})
            ),
            Ok(FileOperation::Create {
                path: path("/a"),
                may_exist: true
            })
        );
        let options = json!({"ignoreIfExists": true, "overwrite": true});
        let rename = json!({"kind": "rename", "oldUri": "file:///a", "newUri": "file:///b",
            "options": options});
        let renames = FileOperation::Rename {
            from: path("/a"),
            to: path("/b"),
            may_exist: false,
        };
        assert_eq!(read(rename), Ok(renames));
        let delete = json!({"kind": "delete", "uri": "file:///a", "options": {"recursive": true}});
        assert_eq!(
            read(delete),
            Ok(FileOperation::Delete {
                path: path("/a"),
                recursive: true,
                may_be_gone: false
            })
        );
        assert_eq!(
            read(json!({"kind": "create", "uri": "http://a"})),
            Err(EditsError::NoFile)
        );
        assert_eq!(
            read(json!({"kind": "burn", "uri": "file:///a"})),
            Err(EditsError::Unreadable)
        );
    }
}
