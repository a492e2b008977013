//! A large file takes little more memory than its text. Alone in its program, since memory is
//! counted for the program as a whole.

#![cfg(target_os = "linux")]
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use std::io::Write;
use std::path::Path;
use std::time::Instant;

// The crate shares its name with the standard library's module.
use ::fs::{RealFs, load, save};

/// Memory in bytes from `/proc/self/status` (`proc(5)`), by the name of its line.
fn memory(name: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with(name)).unwrap();
    let kilobytes = line.split_whitespace().nth(1).unwrap();
    kilobytes.parse::<u64>().unwrap() * 1024
}

fn write_lines(path: &Path, size: usize) {
    let block: String = (0..16_384)
        .map(|row| format!("{row:06} a line of a log, as long as they are in most of them\n"))
        .collect();
    let mut file = std::fs::File::create(path).unwrap();
    let mut left = size;
    while left > 0 {
        let length = left.min(block.len());
        file.write_all(&block.as_bytes()[..length]).unwrap();
        left -= length;
    }
}

/// Opens and saves a file of `size` bytes. Open it takes at most 1.15 times its size in memory, and
/// at no moment more than 1.2 times.
fn check(size: usize) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("large.log");
    write_lines(&path, size);
    let before = memory("VmRSS");
    let started = Instant::now();
    let file = load(&RealFs::new(), &path).unwrap();
    let opened = started.elapsed();
    let after = memory("VmRSS") - before;
    let started = Instant::now();
    save(&RealFs::new(), &path, &file.text, &file.format).unwrap();
    let saved = started.elapsed();
    let peak = memory("VmHWM") - before;
    println!(
        "{size} bytes: opened in {opened:.2?}, {after} bytes of memory ({:.3} of the size); saved in {saved:.2?}, {peak} bytes at most ({:.3})",
        after as f64 / size as f64,
        peak as f64 / size as f64
    );
    assert_eq!(file.text.len(), size);
    assert!(after * 100 <= size as u64 * 115, "{after}");
    assert!(peak * 100 <= size as u64 * 120, "{peak}");
}

#[test]
fn opening_and_saving_64_megabytes_takes_little_more_memory_than_that() {
    check(64_000_000);
}

#[test]
#[ignore = "writes 2 GB"]
fn opening_and_saving_a_gigabyte_takes_little_more_memory_than_that() {
    check(1_000_000_000);
}
