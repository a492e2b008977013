//! Files that nobody but their owner reads.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::path::Path;

/// Opens a file, which only its owner may read where it is made here, in a folder that is made where
/// it is not there, and that its owner alone may enter then.
///
/// # Errors
/// The system's, where the folder cannot be made or the file not be opened as `options` say.
pub(crate) fn open_private(path: &Path, options: &mut OpenOptions) -> io::Result<File> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
        options.mode(0o600);
        builder.mode(0o700);
    }
    if let Some(folder) = path.parent() {
        builder.create(folder)?;
    }
    options.open(path)
}
