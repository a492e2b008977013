//! The paths of Vim's command line: `%` and `#` in them, and where they begin.

use std::path::{Path, PathBuf};

use fs::from_home;
use gpui_kit::App;
use ui::Item as _;

use crate::view::EditorView;

/// What is said of `%` in a text without a file.
const NO_NAME: &str = "E499: Empty file name for '%' or '#', only works with \":p:h\"";

/// What is said of `#` where there is none.
const NO_ALTERNATE: &str = "E194: No alternate file name to substitute for '#'";

impl EditorView {
    /// A path of the command line: from the folder that is open, or from the home folder behind `~/`.
    /// `%` stands for the path of the file and `#` for that of the one before, cut by the `:h`, `:t`,
    /// `:r`, `:e` and `:p` behind it; behind a backslash they are letters, as is a blank.
    ///
    /// # Errors
    /// Vim's words where there is no such file.
    pub(crate) fn vim_path(&self, path: &str, cx: &App) -> Result<PathBuf, &'static str> {
        let root = self.model.read(cx).workspace().root().to_path_buf();
        let path = expanded(path, &root, self.path(cx), self.alternate_file(cx))?;
        Ok(root.join(from_home(&path)))
    }
}

fn expanded(
    path: &str,
    root: &Path,
    own: Option<PathBuf>,
    other: Option<PathBuf>,
) -> Result<String, &'static str> {
    let mut full = String::new();
    let mut rest = path;
    while let Some(first) = rest.chars().next() {
        let behind = &rest[first.len_utf8()..];
        let (file, none) = match first {
            '%' => (&own, NO_NAME),
            '#' => (&other, NO_ALTERNATE),
            '\\' if behind.starts_with(['%', '#', ' ']) => {
                full.push_str(&behind[..1]);
                rest = &behind[1..];
                continue;
            }
            letter => {
                full.push(letter);
                rest = behind;
                continue;
            }
        };
        let file = file.as_deref().ok_or(none)?;
        let mut named = file.strip_prefix(root).unwrap_or(file).to_path_buf();
        rest = behind;
        while let Some((cut, behind)) = modified(&named, root, rest) {
            named = cut;
            rest = behind;
        }
        full.push_str(&named.to_string_lossy());
    }
    Ok(full)
}

/// What a modifier such as `:h` leaves of a path, and what stands behind it; nothing where none does.
fn modified<'a>(path: &Path, root: &Path, rest: &'a str) -> Option<(PathBuf, &'a str)> {
    let mut letters = rest.strip_prefix(':')?.chars();
    let part = |part: Option<&std::ffi::OsStr>| part.map(PathBuf::from).unwrap_or_default();
    let cut = match letters.next()? {
        'h' => match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder.to_path_buf(),
            _ => PathBuf::from("."),
        },
        't' => part(path.file_name()),
        'r' => path.with_extension(""),
        'e' => part(path.extension()),
        'p' => root.join(path),
        _ => return None,
    };
    Some((cut, letters.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(path: &str) -> Result<String, &'static str> {
        let root = Path::new("/project");
        let own = Some(PathBuf::from("/project/src/main.rs"));
        expanded(path, root, own, Some("/other/b c.txt".into()))
    }

    #[test]
    fn the_own_file_and_the_one_before_are_named_by_signs() {
        for (path, wanted) in [
            ("a.txt", "a.txt"),
            ("%", "src/main.rs"),
            ("%.bak", "src/main.rs.bak"),
            ("%:h/lib.rs", "src/lib.rs"),
            ("%:r.txt", "src/main.txt"),
            ("%:t:r", "main"),
            ("%:e", "rs"),
            ("%:p:h", "/project/src"),
            ("%:x", "src/main.rs:x"),
            ("#", "/other/b c.txt"),
            ("\\%\\ \\#", "% #"),
            ("a\\b", "a\\b"),
            ("größe", "größe"),
        ] {
            assert_eq!(written(path).unwrap(), wanted, "{path}");
        }
    }

    #[test]
    fn a_file_in_the_open_folder_itself_has_that_for_its_folder() {
        let own = Some(PathBuf::from("/project/a.rs"));
        let path = expanded("%:h/b.rs", Path::new("/project"), own, None);
        assert_eq!(path.unwrap(), "./b.rs");
    }

    #[test]
    fn without_a_file_it_says_so() {
        let root = Path::new("/project");
        assert_eq!(expanded("%", root, None, None), Err(NO_NAME));
        assert_eq!(expanded("#", root, None, None), Err(NO_ALTERNATE));
    }
}
