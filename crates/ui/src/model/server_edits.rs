//! Edits that language servers work out: of one text, and of several files at once.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{AskedVersions, WorkspaceModel};
use editor_core::{IndentStyle, Text};
use gpui_kit::{AsyncApp, Context, Task, WeakEntity};
use lsp::{AskedEdit, FileEdit, WorkspaceEdit};
use workspace::{Buffer, BufferId, Severity};

/// Whether all files may be changed that a server would change; why not where one may not.
fn check(root: &Path, files: &[PathBuf]) -> Result<(), String> {
    let refused = |file: &Path, why: &str| {
        let file = file.display();
        Err(format!(
            "Nothing was changed: the language server would change {file}, {why}."
        ))
    };
    let Ok(real_root) = root.canonicalize() else {
        return Err("Nothing was changed: the folder is not there any more.".into());
    };
    for file in files {
        let Ok(real) = file.canonicalize() else {
            return refused(file, "which is not there");
        };
        let Ok(inside) = real.strip_prefix(&real_root) else {
            return refused(file, "which lies outside of the folder");
        };
        if inside.components().any(|part| part.as_os_str() == ".git") {
            return refused(file, "which belongs to git");
        }
    }
    Ok(())
}

impl WorkspaceModel {
    /// Makes edits of several files, all of them or none. Files that are not open are opened for it
    /// and saved; each file has one step of undo. `asked` are the versions that the edits were worked
    /// out for. Says how many files were changed, or why none was.
    pub fn apply_server_edit(
        &mut self,
        edit: &Arc<WorkspaceEdit>,
        asked: &AskedVersions,
        cx: &mut Context<Self>,
    ) -> Task<Result<usize, String>> {
        let files: Vec<FileEdit> = edit
            .files
            .iter()
            .filter(|one| !one.is_empty())
            .cloned()
            .collect();
        let paths: Vec<PathBuf> = files.iter().map(|file| file.path.clone()).collect();
        let (root, asked) = (self.root().to_path_buf(), asked.clone());
        let checked = cx
            .background_executor()
            .spawn(async move { check(&root, &paths) });
        cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
            let gone = |_| "The window was closed.".to_owned();
            checked.await?;
            let mut opened = Vec::new();
            let mut targets = Vec::new();
            let mut failed = None;
            for file in files {
                let open = this
                    .read_with(cx, |model, _| model.workspace.buffer_for_path(&file.path))
                    .map_err(gone)?;
                let id = match open {
                    Some(id) => id,
                    None => {
                        let opening = this
                            .update(cx, |model, cx| model.open_path(file.path.clone(), cx))
                            .map_err(gone)?;
                        match opening.await {
                            Ok(id) => {
                                opened.push(id);
                                id
                            }
                            Err(error) => {
                                failed = Some(format!("Nothing was changed: {error}."));
                                break;
                            }
                        }
                    }
                };
                targets.push((id, file));
            }
            let count = targets.len();
            let applied = match failed {
                Some(message) => Err(message),
                None => this
                    .update(cx, |model, cx| model.apply_all(&targets, &asked, cx))
                    .map_err(gone)?,
            };
            for id in opened {
                let saved = match applied.is_ok() {
                    true => {
                        let saving = this
                            .update(cx, |model, cx| model.save(id, cx))
                            .map_err(gone)?;
                        saving.await.map_err(|error| error.to_string())
                    }
                    false => Ok(()),
                };
                this.update(cx, |model, cx| match saved {
                    Ok(()) => model.close_unseen(id, cx),
                    Err(message) => model.update(cx, |workspace| {
                        workspace.notice(Severity::Warning, message);
                    }),
                })
                .map_err(gone)?;
            }
            applied.map(|()| count)
        })
    }

    fn apply_all(
        &mut self,
        targets: &[(BufferId, FileEdit)],
        asked: &AskedVersions,
        cx: &mut Context<Self>,
    ) -> Result<(), String> {
        let mut changes = Vec::new();
        for (id, file) in targets {
            let refused = |why: String| {
                let name = file.path.file_name().unwrap_or_default().to_string_lossy();
                format!("Nothing was changed, because of {name}: {why}.")
            };
            let Some(buffer) = self.workspace.buffer(*id) else {
                return Err(refused("it was closed".into()));
            };
            let wanted = asked.get(&file.path).copied().or(file.version);
            if wanted.is_some_and(|version| version != buffer.version()) {
                return Err(refused(lsp::EditsError::Stale.to_string()));
            }
            let change = file.change(buffer.text());
            changes.push((*id, change.map_err(|error| refused(error.to_string()))?));
        }
        let made = self.update(cx, |workspace| workspace.edit_together(&changes));
        made.map_err(|error| format!("Nothing was changed: {error}."))
    }

    /// Closes a buffer that no view shows.
    fn close_unseen(&mut self, id: BufferId, cx: &mut Context<Self>) {
        let seen = self
            .carets
            .get(&id)
            .is_some_and(|views| views.iter().any(|view| view.strong_count() > 0));
        let dirty = self.workspace.buffer(id).is_some_and(Buffer::is_dirty);
        if !seen && !dirty {
            self.update(cx, |workspace| workspace.close(id));
        }
    }

    /// Makes the edits that a server asks for while it runs a command, and tells it so.
    pub(super) fn take_asked_edit(&mut self, asked: AskedEdit, cx: &mut Context<Self>) {
        let versions = AskedVersions::new();
        let applied = self.apply_server_edit(&asked.edit, &versions, cx);
        cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
            let made = applied.await;
            if let Err(message) = &made {
                // A closed window tells nothing.
                this.update(cx, |model, cx| {
                    model.update(cx, |workspace| {
                        workspace.notice(Severity::Warning, message.clone());
                    });
                })
                .ok();
            }
            asked.answer(made.map(|_| ()));
        })
        .detach();
    }

    /// Whether the server of a buffer lays texts out, or parts of them.
    pub fn can_format(&self, id: BufferId, part: bool) -> bool {
        let servers = self.language_servers();
        let mut serving = servers.into_iter().flat_map(|servers| servers.serving(id));
        serving.any(|(server, _)| server.formats(part))
    }

    /// Has the server of a buffer lay its text out, or some bytes of it, as one step of undo. Says
    /// why nothing was done where nothing could be.
    pub fn format_buffer(
        &mut self,
        id: BufferId,
        range: Option<Range<usize>>,
        indent: &IndentStyle,
        cx: &mut Context<Self>,
    ) -> Task<Result<(), String>> {
        let Some(buffer) = self.workspace.buffer(id) else {
            return Task::ready(Err("The file is no longer open.".into()));
        };
        if let Some(error) = buffer.refuses_edits() {
            return Task::ready(Err(error.to_string()));
        }
        let asked = self.ask_server(id, cx, |server, path| {
            server.formatting(path, range.clone(), indent)
        });
        cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
            let answer = asked.await.map_err(|error| error.to_string())?;
            let Some((version, edits)) = answer else {
                return Ok(());
            };
            let gone = |_| "The window was closed.".to_owned();
            let text = this
                .read_with(cx, |model, _| {
                    let buffer = model.workspace.buffer(id)?;
                    (buffer.version() == version).then(|| buffer.text().clone())
                })
                .map_err(gone)?;
            let stale = || lsp::EditsError::Stale.to_string();
            let text = text.ok_or_else(stale)?;
            let (change, after) = cx
                .background_executor()
                .spawn(async move {
                    let change = lsp::change_of(&text, edits)?;
                    let replaced: usize = change.edits().map(|edit| edit.old_range.len()).sum();
                    // Of a text that comes whole, what is the same stays.
                    let whole = (replaced > text.len() / 2).then(|| change.apply(&text));
                    let after = whole.transpose().map_err(lsp::EditsError::from)?;
                    Ok::<(_, Option<Text>), lsp::EditsError>((change, after))
                })
                .await
                .map_err(|error| error.to_string())?;
            if let Some(after) = after {
                let taken = this
                    .update(cx, |model, cx| {
                        let now = model.workspace.buffer(id).map(Buffer::version);
                        (now == Some(version)).then(|| model.take_text(id, after, cx))
                    })
                    .map_err(gone)?;
                let taken = taken.ok_or_else(stale)?;
                return taken.await.map_err(|error| error.to_string());
            }
            let made = this.update(cx, |model, cx| {
                model.update(cx, |workspace| workspace.edit_from_elsewhere(id, change))
            });
            made.map_err(gone)?.map_err(|error| error.to_string())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn files_outside_of_the_folder_and_those_of_git_are_refused() {
        let scratch = tempfile::tempdir().unwrap();
        let root = scratch.path().join("project");
        std::fs::create_dir_all(root.join(".git")).unwrap();
        for file in ["project/a.rs", "project/.git/config", "outside.rs"] {
            std::fs::write(scratch.path().join(file), "").unwrap();
        }
        std::os::unix::fs::symlink(scratch.path().join("outside.rs"), root.join("link.rs"))
            .unwrap();
        let says = |name: &str| check(&root, &[root.join("a.rs"), root.join(name)]);
        assert_eq!(says("a.rs"), Ok(()));
        assert!(
            says("../outside.rs")
                .unwrap_err()
                .contains("outside of the folder")
        );
        assert!(
            says("link.rs")
                .unwrap_err()
                .contains("outside of the folder")
        );
        assert!(says(".git/config").unwrap_err().contains("git"));
        assert!(says("none.rs").unwrap_err().contains("not there"));
        assert!(check(&root, &["/etc/passwd".into()]).is_err());
    }
}
