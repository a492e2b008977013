//! Line endings: LF alone in memory, what the file had on disk.

use std::collections::HashMap;
use std::fmt::{self, Display};
use std::hash::{DefaultHasher, Hash, Hasher};

/// How a file ends its lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum LineEnding {
    /// `\n`: Unix and macOS.
    #[default]
    Lf,
    /// `\r\n`: Windows.
    CrLf,
    /// `\r` alone: classic Mac OS.
    Cr,
}

impl LineEnding {
    /// The characters that end a line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Lf => "\n",
            Self::CrLf => "\r\n",
            Self::Cr => "\r",
        }
    }

    /// The short name that a status bar shows.
    pub fn name(self) -> &'static str {
        match self {
            Self::Lf => "LF",
            Self::CrLf => "CRLF",
            Self::Cr => "CR",
        }
    }
}

impl Display for LineEnding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// The line endings of a file that uses both LF and CRLF, remembered so that a save changes no
/// line that the user did not change.
///
/// Lines are recognised by a hash of their text: those before the first and after the last change
/// by position, those between by searching forward. A line that is not recognised is new and gets
/// the file's dominant ending.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct MixedLineEndings {
    lines: Vec<MixedLine>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct MixedLine {
    hash: u64,
    ending: LineEnding,
}

impl MixedLineEndings {
    /// Pairs up the lines of `text` again with the endings that they had.
    pub(crate) fn restore(&self, text: &str, dominant: LineEnding) -> String {
        let new: Vec<&str> = complete_lines(text).collect();
        let new_hashes: Vec<u64> = new.iter().map(|line| hash(line)).collect();
        let endings = self.endings_for(&new_hashes, dominant);
        let mut restored = String::with_capacity(text.len() + new.len());
        let mut consumed = 0;
        for (line, ending) in new.iter().zip(endings) {
            restored.push_str(line);
            restored.push_str(ending.as_str());
            consumed += line.len() + 1;
        }
        restored.push_str(&text[consumed..]);
        restored
    }

    fn endings_for(&self, new: &[u64], dominant: LineEnding) -> Vec<LineEnding> {
        let old = &self.lines;
        let mut endings = vec![dominant; new.len()];
        let shorter = old.len().min(new.len());
        let prefix = (0..shorter)
            .take_while(|&index| old[index].hash == new[index])
            .count();
        let suffix = (0..shorter - prefix)
            .take_while(|&back| old[old.len() - 1 - back].hash == new[new.len() - 1 - back])
            .count();
        for index in 0..prefix {
            endings[index] = old[index].ending;
        }
        for back in 1..=suffix {
            endings[new.len() - back] = old[old.len() - back].ending;
        }
        let old_middle = prefix..old.len() - suffix;
        let mut places: HashMap<u64, Vec<usize>> = HashMap::new();
        for index in old_middle.rev() {
            places.entry(old[index].hash).or_default().push(index);
        }
        let mut next_old = prefix;
        for index in prefix..new.len() - suffix {
            let Some(candidates) = places.get_mut(&new[index]) else {
                continue;
            };
            // Candidates stand in falling order, so the last one is the earliest.
            while candidates.last().is_some_and(|&old| old < next_old) {
                candidates.pop();
            }
            if let Some(found) = candidates.pop() {
                endings[index] = old[found].ending;
                next_old = found + 1;
            }
        }
        endings
    }
}

/// A text with LF ends alone, and what is needed to write it back.
pub(crate) struct Normalized {
    pub(crate) text: String,
    pub(crate) ending: LineEnding,
    pub(crate) mixed: Option<MixedLineEndings>,
}

/// Takes the line endings out of `text`. A lone CR in a file that also has LFs is a character
/// like any other and stays.
pub(crate) fn normalize(text: String) -> Normalized {
    if !text.contains('\r') {
        return Normalized {
            text,
            ending: LineEnding::Lf,
            mixed: None,
        };
    }
    let line_feeds = text.bytes().filter(|&byte| byte == b'\n').count();
    let pairs = text.matches("\r\n").count();
    if line_feeds == 0 {
        return Normalized {
            text: text.replace('\r', "\n"),
            ending: LineEnding::Cr,
            mixed: None,
        };
    }
    if pairs == 0 {
        return Normalized {
            text,
            ending: LineEnding::Lf,
            mixed: None,
        };
    }
    if pairs == line_feeds {
        return Normalized {
            text: text.replace("\r\n", "\n"),
            ending: LineEnding::CrLf,
            mixed: None,
        };
    }
    let lines = complete_lines(&text)
        .map(|line| match line.strip_suffix('\r') {
            Some(line) => MixedLine {
                hash: hash(line),
                ending: LineEnding::CrLf,
            },
            None => MixedLine {
                hash: hash(line),
                ending: LineEnding::Lf,
            },
        })
        .collect();
    Normalized {
        text: text.replace("\r\n", "\n"),
        ending: if pairs * 2 > line_feeds {
            LineEnding::CrLf
        } else {
            LineEnding::Lf
        },
        mixed: Some(MixedLineEndings { lines }),
    }
}

/// The lines that a LF ends, without it; what follows the last LF is not a complete line.
fn complete_lines(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive('\n')
        .filter_map(|line| line.strip_suffix('\n'))
}

fn hash(line: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    line.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn restored(before: &str, edit: impl Fn(&str) -> String) -> String {
        let normalized = normalize(before.to_owned());
        let mixed = normalized.mixed.expect("the file mixes its line endings");
        mixed.restore(&edit(&normalized.text), normalized.ending)
    }

    #[test]
    fn an_untouched_mixed_file_comes_back_byte_for_byte() {
        for text in [
            "a\r\nb\nc\r\n",
            "\n\r\n",
            "a\nb\r\nc",
            "a\rb\r\n\n",
            "\r\r\n\n\r",
        ] {
            assert_eq!(restored(text, str::to_owned), text);
        }
    }

    #[test]
    fn only_changed_lines_take_the_dominant_ending() {
        let before = "one\r\ntwo\nthree\r\nfour\r\nfive\n";
        let edited = restored(before, |text| text.replace("three\n", "3\nand a half\n"));
        assert_eq!(edited, "one\r\ntwo\n3\r\nand a half\r\nfour\r\nfive\n");
    }

    #[test]
    fn lines_between_two_changes_are_recognised() {
        let before = "a\nb\r\nc\nd\r\ne\r\n";
        let edited = restored(before, |text| text.replace('a', "A").replace('e', "E"));
        assert_eq!(edited, "A\r\nb\r\nc\nd\r\nE\r\n");
    }
}
