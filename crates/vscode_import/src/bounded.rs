//! Reading files of bounded size, inside bounds.

use std::fs::File;
use std::io::Read;
use std::path::{Component, Path, PathBuf};

use crate::error::ImportError;

/// The text of a regular file of at most `limit` MiB, without a byte order mark.
pub(crate) fn read_text(path: &Path, limit: u64) -> Result<String, ImportError> {
    let unreadable = |source| ImportError::Unreadable {
        path: path.to_path_buf(),
        source,
    };
    // A pipe or a device would never end, or never begin: ask before opening.
    let metadata = std::fs::metadata(path).map_err(unreadable)?;
    if !metadata.is_file() {
        return Err(unreadable(std::io::Error::other(
            "it is not a regular file",
        )));
    }
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(limit * 1024 * 1024 + 1).read_to_end(&mut bytes))
        .map_err(unreadable)?;
    if bytes.len() as u64 > limit * 1024 * 1024 {
        return Err(ImportError::TooLarge {
            path: path.to_path_buf(),
            limit,
        });
    }
    let text = String::from_utf8(bytes).map_err(|_| ImportError::NotText(path.to_path_buf()))?;
    Ok(match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_string(),
        None => text,
    })
}

/// The real path of `relative` (read from a file in `base`), if it stays inside
/// `root`; links are followed before the question is asked.
pub(crate) fn inside(root: &Path, base: &Path, relative: &str) -> Result<PathBuf, String> {
    // VS Code reads `/` on every system, and `\` as part of a path on Windows only.
    let path = Path::new(relative);
    let plain = relative.len() < 1024
        && !relative.contains('\0')
        && path.components().all(|component| {
            matches!(
                component,
                Component::Normal(_) | Component::CurDir | Component::ParentDir
            )
        });
    if !plain {
        return Err(format!(
            "its path `{}` is not a relative one",
            shown(relative)
        ));
    }
    let root = root
        .canonicalize()
        .map_err(|error| format!("its extension's folder cannot be read: {error}"))?;
    let out = || {
        format!(
            "its path `{}` leads out of the extension's folder",
            shown(relative)
        )
    };
    // Told from the path alone where it can be, so that nothing outside is even looked for.
    let real_base = base
        .canonicalize()
        .map_err(|error| format!("its folder cannot be read: {error}"))?;
    let below = real_base.strip_prefix(&root).map_err(|_| out())?;
    let mut depth = below.components().count();
    for component in path.components() {
        depth = match component {
            Component::Normal(_) => depth + 1,
            Component::ParentDir => depth.checked_sub(1).ok_or_else(out)?,
            _ => depth,
        };
    }
    let real = real_base
        .join(path)
        .canonicalize()
        .map_err(|error| format!("`{}` cannot be read: {error}", shown(relative)))?;
    real.starts_with(&root).then_some(real).ok_or_else(out)
}

/// A text from a file, short and without characters that could deceive.
pub(crate) fn shown(text: &str) -> String {
    text.chars()
        .map(|c| match text_safety::deceives(c) {
            true => '\u{fffd}',
            false => c,
        })
        .take(120)
        .collect()
}
