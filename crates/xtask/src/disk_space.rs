//! Room on the disk, asked for before a build fills it.
//!
//! A linker maps the program that it writes into memory: on a full disk it does not fail with an
//! error but dies by a bus error, which says nothing to whoever reads it.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process;

/// What the programs take from nothing, in GiB, with some to spare.
pub const PROGRAMS: u64 = 10;
/// What the programs and every test take from nothing, in GiB, with some to spare.
pub const TESTS: u64 = 20;
/// What a build on top of an earlier one may still take, in GiB.
const NEXT_BUILD: u64 = 5;

/// Fails where the disk that `target` is on has too little room for a build that takes
/// `from_nothing` GiB.
pub fn ensure(target: &Path, from_nothing: u64) -> Result<()> {
    let needed = if target.join("debug/deps").is_dir() {
        NEXT_BUILD
    } else {
        from_nothing
    };
    let Some(existing) = target.ancestors().find(|folder| folder.is_dir()) else {
        return Ok(());
    };
    if !process::works("df", &["-Pk", "/"]) {
        return Ok(());
    }
    let table = process::output(Command::new("df").arg("-Pk").arg(existing))?;
    let free = free_kib(&table).context("`df -Pk` printed something unknown")?;
    enough(free, needed, target)
}

fn enough(free_kib: u64, needed_gib: u64, target: &Path) -> Result<()> {
    let free = free_kib / (1024 * 1024);
    if free < needed_gib {
        bail!(
            "{free} GiB are free where {} is, and this build takes up to {needed_gib}; \
             make room (`cargo clean`), or set CARGO_TARGET_DIR to another disk",
            target.display()
        );
    }
    Ok(())
}

/// The fourth column of the last row of `df -Pk` (POSIX).
fn free_kib(table: &str) -> Option<u64> {
    let row = table.lines().skip(1).last()?;
    row.split_whitespace().nth(3)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_named_before_the_build() {
        let table = "Filesystem 1024-blocks Used Available Capacity Mounted on\n\
                     /dev/vda 263174212 11953452 2097152 13% /\n";
        let free = free_kib(table).unwrap();
        assert_eq!(free, 2_097_152);
        let error = enough(free, 6, Path::new("/t")).unwrap_err().to_string();
        assert!(error.starts_with("2 GiB are free where /t is"), "{error}");
        enough(free, 2, Path::new("/t")).unwrap();
        assert_eq!(free_kib("df: no such file"), None);
    }

    #[test]
    fn this_disk_is_asked() {
        let here = std::env::temp_dir();
        let table = process::output(Command::new("df").arg("-Pk").arg(here)).unwrap();
        assert!(free_kib(&table).is_some(), "{table}");
    }
}
