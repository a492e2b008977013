//! Texts to measure with, the same on every machine.

use std::fmt::Write as _;
use std::io::{BufWriter, Write as _};
use std::path::Path;

use crate::Random;

/// Rust source of about this many lines.
#[must_use]
pub fn rust_source(lines: usize) -> String {
    let mut text = String::new();
    let mut row = 0;
    while row < lines {
        // Writing into a string does not fail.
        if write!(
            text,
            "/// Adds what item {row} costs to the sum, in cents.\n\
             pub fn add_item_{row}(sum: &mut u64, names: &[String]) -> Option<u64> {{\n\
             \x20   let name = names.get({row})?; // the {row}th\n\
             \x20   if name.starts_with(\"item-\") && *sum < {row} {{\n\
             \x20       *sum = sum.checked_add(name.len() as u64 * {row})?;\n\
             \x20       return Some(*sum);\n\
             \x20   }}\n\
             \x20   None\n\
             }}\n\n"
        )
        .is_err()
        {
            break;
        }
        row += 10;
    }
    text
}

/// Writes a log file of at least `bytes` bytes, in lines of about 90; every 1,000th holds
/// `needle-NUMBER`.
///
/// # Errors
/// The file cannot be written.
pub fn write_log(path: &Path, bytes: u64) -> std::io::Result<()> {
    let mut file = BufWriter::new(std::fs::File::create(path)?);
    let mut random = Random::new(5);
    let (mut written, mut row) = (0, 0_u64);
    while written < bytes {
        let line = format!(
            "2026-01-01T00:{:02}:{:02}.{:03}Z INFO server: request {row} took {} us for /api/items/{}{}\n",
            (row / 60) % 60,
            row % 60,
            random.below(1000),
            random.below(100_000),
            random.below(10_000),
            if row.is_multiple_of(1000) {
                format!(" needle-{row}")
            } else {
                String::new()
            },
        );
        written += line.len() as u64;
        file.write_all(line.as_bytes())?;
        row += 1;
    }
    file.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_have_the_size_asked_for() {
        assert_eq!(rust_source(100).lines().count(), 100);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.log");
        write_log(&path, 10_000).unwrap();
        let written = std::fs::metadata(&path).unwrap().len();
        assert!((10_000..10_200).contains(&written), "{written}");
    }
}
