//! `kill -9` at random moments of saves: the file is whole each time.

#![cfg(unix)]
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

// The crate shares its name with the standard library's module.
use ::fs::{Content, Fs, RealFs};

const MB: usize = 1024 * 1024;

/// A content that says which it is in every eight bytes, so that a mixture shows.
struct Numbered {
    number: u64,
    size: usize,
}

impl Content for Numbered {
    fn write_to(&self, sink: &mut dyn Write) -> std::io::Result<()> {
        let block = format!("{:07}\n", self.number % 10_000_000).repeat(MB / 8);
        let mut left = self.size;
        while left > 0 {
            let length = left.min(block.len());
            sink.write_all(&block.as_bytes()[..length])?;
            left -= length;
        }
        Ok(())
    }
}

/// Sizes differ from save to save, so that an old end would show too.
fn size(number: u64, size: usize) -> usize {
    (size - number as usize % 7 * (size / 16)) / 8 * 8
}

/// Whether a file is one content from start to end.
fn is_whole(path: &Path, largest: usize) -> bool {
    let bytes = fs::read(path).unwrap();
    let number: u64 = std::str::from_utf8(&bytes[..7]).unwrap().parse().unwrap();
    let mut expected = Vec::new();
    Numbered {
        number,
        size: size(number, largest),
    }
    .write_to(&mut expected)
    .unwrap();
    bytes == expected
}

/// Kills a process that saves all the time, again and again, and looks at the file each time.
fn kill_while_saving(rounds: u64, largest: usize, hard_link: bool) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.txt");
    RealFs::new()
        .write_content(
            &path,
            &Numbered {
                number: 0,
                size: size(0, largest),
            },
        )
        .unwrap();
    if hard_link {
        fs::hard_link(&path, folder.path().join("other.txt")).unwrap();
    }
    for round in 0..rounds {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "save_until_killed", "--ignored", "--nocapture"])
            .env("KILN_SAVE_TARGET", &path)
            .env("KILN_SAVE_SIZE", largest.to_string())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // It says so once it saves; then it is killed at a moment that differs each time.
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        lines.find(|line| line.as_ref().unwrap().contains("saving"));
        let scattered = round.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40;
        std::thread::sleep(Duration::from_micros(
            scattered % (1000 + largest as u64 / 500),
        ));
        child.kill().unwrap();
        child.wait().unwrap();
        if hard_link {
            RealFs::new().settle(&path).unwrap();
        }
        RealFs::new().remove_abandoned(&path);
        assert!(is_whole(&path, largest), "round {round} of {largest} bytes");
        for entry in fs::read_dir(folder.path()).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            if let Some(left) = name.strip_suffix(".kiln-tmp") {
                // Old content with its new one stays where it is not told whose the file is.
                assert!(hard_link && left.starts_with(".a.txt."), "{name}");
                fs::remove_file(folder.path().join(name)).unwrap();
            }
        }
    }
}

#[test]
fn killed_at_any_moment_a_small_file_is_whole() {
    kill_while_saving(100, 1024, false);
}

#[test]
fn killed_at_any_moment_a_file_of_a_megabyte_is_whole() {
    kill_while_saving(60, MB, false);
}

#[test]
fn killed_at_any_moment_a_file_with_several_names_is_whole() {
    kill_while_saving(40, MB / 4, true);
}

#[test]
fn killed_at_any_moment_a_file_of_100_megabytes_is_whole() {
    kill_while_saving(4, 100 * MB, false);
}

#[test]
#[ignore = "takes minutes: 2,000 kills"]
fn killed_two_thousand_times_files_of_any_size_are_whole() {
    for (rounds, size) in [
        (1000, 1024),
        (500, 64 * 1024),
        (300, MB),
        (80, 10 * MB),
        (20, 100 * MB),
    ] {
        kill_while_saving(rounds, size, false);
    }
    kill_while_saving(100, MB, true);
}

/// Not a test: what the ones above start and kill.
#[test]
#[ignore = "started by the tests that kill it"]
fn save_until_killed() {
    let Some(path) = std::env::var_os("KILN_SAVE_TARGET") else {
        return;
    };
    let largest: usize = std::env::var("KILN_SAVE_SIZE").unwrap().parse().unwrap();
    println!("saving");
    for number in 1.. {
        let content = Numbered {
            number,
            size: size(number, largest),
        };
        RealFs::new()
            .write_content(Path::new(&path), &content)
            .unwrap();
    }
}
