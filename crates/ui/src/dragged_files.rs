//! Files that are dragged: from the file tree, or from another program.

use std::path::{Path, PathBuf};

use gpui_kit::prelude::*;
use gpui_kit::{Context, Window};

use crate::widgets::DragLabel;

/// Files or folders of the window that are being dragged; what is shown is the name of the first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraggedFiles(pub Vec<PathBuf>);

impl Render for DraggedFiles {
    fn render(&mut self, _: &mut Window, _: &mut Context<Self>) -> impl IntoElement {
        let name = self.0.first().and_then(|path| path.file_name());
        let name = name.map_or(String::new(), |name| name.to_string_lossy().into_owned());
        DragLabel(name.into())
    }
}

/// A path as text to write into a document: from the folder of the window where it lies in it, with
/// `/` between its names.
pub fn path_as_text(path: &Path, root: &Path) -> String {
    match path.strip_prefix(root) {
        Ok(inside) => {
            let names = inside.iter().map(|name| name.to_string_lossy());
            names.collect::<Vec<_>>().join("/")
        }
        Err(_) => path.display().to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_in_the_folder_is_written_from_there() {
        let root = Path::new("/project");
        assert_eq!(
            path_as_text(Path::new("/project/a b/c.rs"), root),
            "a b/c.rs"
        );
        assert_eq!(path_as_text(Path::new("/other/c.rs"), root), "/other/c.rs");
    }
}
