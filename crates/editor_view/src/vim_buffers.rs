//! Vim's `:b` and `CTRL-^`: from one open file to another.

use std::collections::HashMap;
use std::path::PathBuf;

use gpui_kit::{BorrowAppContext as _, Context, EntityId, Global, Window};
use ui::{Item as _, OpenTarget};
use workspace::Buffer;

use crate::view::EditorView;
use crate::vim_commands::failed;
use crate::vim_mode::VimMode;

/// The file in which Vim had the last key, and the one before it, of each workspace.
#[derive(Default)]
struct ShownFiles(HashMap<EntityId, [Option<PathBuf>; 2]>);

impl Global for ShownFiles {}

impl EditorView {
    /// Notes that Vim has a key in the file that is shown.
    pub(crate) fn note_shown_file(&self, cx: &mut Context<Self>) {
        let (model, path) = (self.model.entity_id(), self.path(cx));
        if path.is_none() {
            return;
        }
        cx.update_default_global::<ShownFiles, _>(|shown, _| {
            let [now, before] = shown.0.entry(model).or_default();
            if *now != path {
                *before = std::mem::replace(now, path);
            }
        });
    }

    /// Shows the open file whose path has a name in it, or for `#` the one that was shown before.
    pub(crate) fn vim_go_to_buffer(
        &mut self,
        name: &str,
        mode: &mut VimMode,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let found = match name {
            "#" => self
                .alternate_file(cx)
                .ok_or("E23: No alternate file".to_owned()),
            name => self.open_file_named(name, cx),
        };
        match found {
            Ok(path) => ui::open_path(OpenTarget::new(path), window, cx),
            Err(words) => mode.message = Some(failed(&words)),
        }
    }

    /// The file that was shown before.
    pub(crate) fn alternate_file(&self, cx: &gpui_kit::App) -> Option<PathBuf> {
        let shown = cx
            .try_global::<ShownFiles>()?
            .0
            .get(&self.model.entity_id())?;
        let [now, before] = shown;
        match *now == self.path(cx) {
            true => before.clone(),
            // From a text without a file.
            false => now.clone(),
        }
    }

    fn open_file_named(&self, name: &str, cx: &gpui_kit::App) -> Result<PathBuf, String> {
        if name.chars().all(|c| c.is_ascii_digit()) {
            return Err("E86: Kiln's buffers have no numbers: give a part of the name".to_owned());
        }
        let workspace = self.model.read(cx).workspace();
        let root = workspace.root();
        let paths: Vec<PathBuf> = workspace
            .buffers()
            .filter_map(Buffer::path)
            .filter(|path| {
                let shown = path.strip_prefix(root).unwrap_or(path);
                shown.to_string_lossy().contains(name)
            })
            .map(PathBuf::from)
            .collect();
        let is_named = |path: &&PathBuf| path.file_name().is_some_and(|own| own == name);
        let mut named = paths.iter().filter(is_named);
        match (paths.as_slice(), named.next(), named.next()) {
            ([], ..) => Err(format!("E94: No matching buffer for {name}")),
            ([path], ..) | (_, Some(path), None) => Ok(path.clone()),
            _ => Err(format!("E93: More than one match for {name}")),
        }
    }
}
