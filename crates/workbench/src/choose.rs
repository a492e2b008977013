//! Choosing files and folders: the system's dialog where there is one, else a line to
//! write the path in.

use crate::dialog::{LineQuestion, ask_line};
use crate::modal::ModalLayer;
use futures::channel::oneshot;
use gpui_kit::{App, AsyncWindowContext, Entity, PathPromptOptions, Task, Window};
use std::path::{Path, PathBuf};

/// What is to be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// A folder to open.
    Folder,
    /// The folder where another editor keeps what is a person's own.
    UserFolder,
    /// A file to open.
    File,
}

impl Wanted {
    /// The words of the dialog: title, button, and what a path looks like.
    fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Folder => ("Open Folder", "Open", "/path/to/project"),
            Self::UserFolder => ("Import from a Folder", "Look", "~/.config/Code/User"),
            Self::File => ("Open File", "Open", "/path/to/file"),
        }
    }
}

/// Lets a person choose something that exists. `None` where nothing was chosen.
pub fn existing(
    wanted: Wanted,
    modals: &Entity<ModalLayer>,
    start: PathBuf,
    window: &mut Window,
    cx: &mut App,
) -> Task<Option<PathBuf>> {
    let folder = wanted != Wanted::File;
    let title = wanted.words().0;
    let system = cx.prompt_for_paths(PathPromptOptions {
        files: !folder,
        directories: folder,
        multiple: false,
        prompt: Some(title.into()),
    });
    let modals = modals.clone();
    window.spawn(cx, async move |cx: &mut AsyncWindowContext| {
        if let Ok(Ok(chosen)) = system.await {
            return chosen.and_then(|paths| paths.into_iter().next());
        }
        let answer = cx
            .update(|window, cx| write_existing(wanted, &modals, &start, window, cx))
            .ok()?;
        answer.await.ok().map(|text| expand(&text))
    })
}

/// Asks for the path of something that exists, in one line.
pub(crate) fn write_existing(
    wanted: Wanted,
    modals: &Entity<ModalLayer>,
    start: &Path,
    window: &mut Window,
    cx: &mut App,
) -> oneshot::Receiver<String> {
    let folder = wanted != Wanted::File;
    let (title, confirm, placeholder) = wanted.words();
    let value = format!("{}/", start.display());
    let question = LineQuestion {
        title: title.into(),
        body: "".into(),
        // What is typed goes on with the path.
        selected: value.len()..value.len(),
        value: value.into(),
        placeholder: placeholder.into(),
        confirm: confirm.into(),
    };
    let check = move |text: &str| {
        let path = expand(text);
        match (folder, path.is_dir(), path.is_file()) {
            (true, true, _) | (false, _, true) => None,
            (true, _, true) => Some("This is a file; write the path of a folder.".into()),
            (false, true, _) => Some("This is a folder; write the path of a file.".into()),
            _ => Some("Nothing exists at this path.".into()),
        }
    };
    ask_line(modals, question, Box::new(check), window, cx)
}

/// Lets a person name a new file. `None` where nothing was chosen.
pub fn new_path(
    modals: &Entity<ModalLayer>,
    folder: PathBuf,
    name: String,
    window: &mut Window,
    cx: &mut App,
) -> Task<Option<PathBuf>> {
    let system = cx.prompt_for_new_path(&folder, Some(&name));
    let modals = modals.clone();
    window.spawn(cx, async move |cx: &mut AsyncWindowContext| {
        if let Ok(Ok(chosen)) = system.await {
            return chosen;
        }
        let answer = cx
            .update(|window, cx| write_new_path(&modals, &folder, &name, window, cx))
            .ok()?;
        answer.await.ok().map(|text| expand(&text))
    })
}

/// Asks for the path of a new file, in one line.
pub(crate) fn write_new_path(
    modals: &Entity<ModalLayer>,
    folder: &Path,
    name: &str,
    window: &mut Window,
    cx: &mut App,
) -> oneshot::Receiver<String> {
    let value = folder.join(name).display().to_string();
    let question = LineQuestion {
        title: "Save As".into(),
        body: "".into(),
        // What is typed is another name in the same folder.
        selected: value.len().saturating_sub(name.len())..value.len(),
        value: value.into(),
        placeholder: "/path/to/file".into(),
        confirm: "Save".into(),
    };
    let check = |text: &str| {
        let path = expand(text);
        if path.is_dir() {
            return Some("A folder has this name; write the path of a file.".into());
        }
        if path.exists() {
            return Some("A file has this name already; write another one.".into());
        }
        match path.parent() {
            Some(parent) if parent.is_dir() => None,
            _ => Some("The folder of this path does not exist.".into()),
        }
    };
    ask_line(modals, question, Box::new(check), window, cx)
}

/// A path as a person writes it: `~` is the home folder; a trailing slash means nothing.
fn expand(text: &str) -> PathBuf {
    fs::from_home(text.trim()).components().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_written_path_is_read_as_a_shell_would() {
        let home = std::env::home_dir().unwrap();
        assert_eq!(expand("~/work/"), home.join("work"));
        assert_eq!(expand(" /tmp/x/ "), Path::new("/tmp/x"));
        assert_eq!(expand("~"), home);
    }
}
