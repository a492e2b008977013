//! Line endings: LF alone in memory, what the file had on disk.

use std::collections::HashMap;
use std::fmt::{self, Display};

use editor_core::Text;

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

    /// The one with a [name](LineEnding::name).
    pub fn for_name(name: &str) -> Option<Self> {
        [Self::Lf, Self::CrLf, Self::Cr]
            .into_iter()
            .find(|ending| ending.name() == name)
    }
}

impl Display for LineEnding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// How the lines of a file end, as runs of the same ending.
#[derive(Debug, Default)]
pub(crate) struct EndingRuns {
    runs: Vec<(LineEnding, usize)>,
}

impl EndingRuns {
    /// Adds lines at the end.
    pub(crate) fn add(&mut self, ending: LineEnding, lines: usize) {
        if lines == 0 {
            return;
        }
        match self.runs.last_mut() {
            Some((last, count)) if *last == ending => *count += lines,
            _ => self.runs.push((ending, lines)),
        }
    }

    /// No line ends at all.
    pub(crate) fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// The ending of all lines, where they have one.
    pub(crate) fn only(&self) -> Option<LineEnding> {
        match self.runs[..] {
            [(ending, _)] => Some(ending),
            _ => None,
        }
    }

    /// The ending of more than half of the lines, else LF.
    pub(crate) fn dominant(&self) -> LineEnding {
        let all: usize = self.runs.iter().map(|(_, count)| count).sum();
        let pairs: usize = self
            .runs
            .iter()
            .filter(|(ending, _)| *ending == LineEnding::CrLf)
            .map(|(_, count)| count)
            .sum();
        if pairs * 2 > all {
            LineEnding::CrLf
        } else {
            LineEnding::Lf
        }
    }

    fn iter(&self) -> impl Iterator<Item = LineEnding> {
        let runs = self.runs.iter();
        runs.flat_map(|(ending, count)| std::iter::repeat_n(*ending, *count))
    }
}

/// The line endings of a file that uses both LF and CRLF, remembered so that a save changes no
/// line that the user did not change.
///
/// Lines are recognised by a hash of their text: those before the first and after the last change
/// by position, those between by searching forward. Lines between two that are recognised were edited
/// where the file had lines there, too: they keep what those had, in order. A line that stands where
/// there was none is new and gets the file's dominant ending.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct MixedLineEndings {
    lines: Vec<MixedLine>,
}

/// A line of a file: 31 bits of the hash of its text, and one for CRLF.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct MixedLine(u32);

impl MixedLine {
    const CRLF: u32 = 1 << 31;

    fn new(hash: u32, ending: LineEnding) -> Self {
        match ending {
            LineEnding::CrLf => Self(hash | Self::CRLF),
            LineEnding::Lf | LineEnding::Cr => Self(hash & !Self::CRLF),
        }
    }

    fn hash(self) -> u32 {
        self.0 & !Self::CRLF
    }

    fn ending(self) -> LineEnding {
        if self.0 & Self::CRLF == 0 {
            LineEnding::Lf
        } else {
            LineEnding::CrLf
        }
    }
}

impl MixedLineEndings {
    /// The endings that the complete lines of a text had.
    pub(crate) fn of(text: &Text, endings: &EndingRuns) -> Self {
        let lines = line_hashes(text)
            .into_iter()
            .zip(endings.iter())
            .map(|(hash, ending)| MixedLine::new(hash, ending))
            .collect();
        Self { lines }
    }

    /// Four bytes a line, for [`MixedLineEndings::from_bytes`].
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let lines = self.lines.iter();
        lines.flat_map(|line| line.0.to_le_bytes()).collect()
    }

    /// `None` for what is no whole number of lines.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (lines, rest) = bytes.as_chunks();
        let lines = lines
            .iter()
            .map(|line| MixedLine(u32::from_le_bytes(*line)));
        rest.is_empty().then(|| Self {
            lines: lines.collect(),
        })
    }

    /// Pairs up the complete lines of `text` again with the endings that they had.
    pub(crate) fn endings(&self, text: &Text, dominant: LineEnding) -> Vec<LineEnding> {
        self.endings_for(&line_hashes(text), dominant)
    }

    fn endings_for(&self, new: &[u32], dominant: LineEnding) -> Vec<LineEnding> {
        let old = &self.lines;
        let mut endings = vec![dominant; new.len()];
        let shorter = old.len().min(new.len());
        let prefix = (0..shorter)
            .take_while(|&index| old[index].hash() == new[index])
            .count();
        let suffix = (0..shorter - prefix)
            .take_while(|&back| old[old.len() - 1 - back].hash() == new[new.len() - 1 - back])
            .count();
        for index in 0..prefix {
            endings[index] = old[index].ending();
        }
        for back in 1..=suffix {
            endings[new.len() - back] = old[old.len() - back].ending();
        }
        let old_middle = prefix..old.len() - suffix;
        let mut places: HashMap<u32, Vec<usize>> = HashMap::new();
        for index in old_middle.rev() {
            places.entry(old[index].hash()).or_default().push(index);
        }
        let mut next_old = prefix;
        let mut next_new = prefix;
        for index in prefix..new.len() - suffix {
            let Some(candidates) = places.get_mut(&new[index]) else {
                continue;
            };
            // Candidates stand in falling order, so the last one is the earliest.
            while candidates.last().is_some_and(|&old| old < next_old) {
                candidates.pop();
            }
            if let Some(found) = candidates.pop() {
                keep_edited(&mut endings[next_new..index], &old[next_old..found]);
                endings[index] = old[found].ending();
                next_old = found + 1;
                next_new = index + 1;
            }
        }
        let (new_end, old_end) = (new.len() - suffix, old.len() - suffix);
        keep_edited(&mut endings[next_new..new_end], &old[next_old..old_end]);
        endings
    }
}

/// Gives lines the endings of those in whose place they stand. Of a line that was split both parts have
/// its ending; of lines that were joined the one has that of the last, which ends it.
fn keep_edited(endings: &mut [LineEnding], old: &[MixedLine]) {
    let Some(last) = old.last() else {
        return;
    };
    let joined = old.len().saturating_sub(endings.len());
    let kept = old[joined..].iter().chain(std::iter::repeat(last));
    for (ending, line) in endings.iter_mut().zip(kept) {
        *ending = line.ending();
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
    let mut runs = EndingRuns::default();
    for line in text.split_inclusive('\n') {
        if line.ends_with("\r\n") {
            runs.add(LineEnding::CrLf, 1);
        } else if line.ends_with('\n') {
            runs.add(LineEnding::Lf, 1);
        }
    }
    if runs.is_empty() {
        return Normalized {
            text: text.replace('\r', "\n"),
            ending: LineEnding::Cr,
            mixed: None,
        };
    }
    if runs.only() == Some(LineEnding::Lf) {
        return Normalized {
            text,
            ending: LineEnding::Lf,
            mixed: None,
        };
    }
    let text = text.replace("\r\n", "\n");
    match runs.only() {
        Some(ending) => Normalized {
            text,
            ending,
            mixed: None,
        },
        None => Normalized {
            mixed: Some(MixedLineEndings::of(&Text::new(&text), &runs)),
            ending: runs.dominant(),
            text,
        },
    }
}

/// A hash of each line that a LF ends; what follows the last LF is not a complete line. FNV-1a
/// (<http://www.isthe.com/chongo/tech/comp/fnv/>), folded to 31 bits.
fn line_hashes(text: &Text) -> Vec<u32> {
    const START: u64 = 0xcbf2_9ce4_8422_2325;
    let mut hashes = Vec::with_capacity(text.line_count());
    let mut hash = START;
    for chunk in text.chunks(0..text.len()) {
        for byte in chunk.bytes() {
            if byte == b'\n' {
                let folded = (hash ^ (hash >> 32)) as u32;
                hashes.push(folded & !MixedLine::CRLF);
                hash = START;
            } else {
                hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
            }
        }
    }
    hashes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn restored(before: &str, edit: impl Fn(&str) -> String) -> String {
        let normalized = normalize(before.to_owned());
        let mixed = normalized.mixed.expect("the file mixes its line endings");
        let edited = edit(&normalized.text);
        let endings = mixed.endings(&Text::new(&edited), normalized.ending);
        let mut lines = edited.split('\n');
        let mut restored = String::new();
        for ending in endings {
            restored.push_str(lines.next().expect("an ending has a line"));
            restored.push_str(ending.as_str());
        }
        restored + lines.next().expect("what follows the last line end")
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
    fn a_line_that_is_edited_split_or_joined_keeps_its_ending() {
        let before = "a lf\nbb crlf\r\ncc crlf\r\ndd lf\nee lf\nff lf\n";
        let replaced = |from: &str, to: &str| restored(before, |text| text.replace(from, to));
        let typed = replaced("bb", "bbZ");
        assert_eq!(typed, before.replace("bb", "bbZ"));
        assert_eq!(replaced("dd", "DD"), before.replace("dd", "DD"));
        let split = replaced("bb crlf", "bb\ncrlf");
        assert_eq!(split, before.replace("bb crlf", "bb\r\ncrlf"));
        let joined = replaced("a lf\nbb", "a lf bb");
        assert_eq!(joined, before.replace("a lf\nbb", "a lf bb"));
        let joined = replaced("crlf\ndd", "crlf dd");
        assert_eq!(joined, before.replace("crlf\r\ndd", "crlf dd"));
        // Both of two that are edited together.
        let both = replaced("bb crlf\ncc crlf", "1\n2");
        assert_eq!(both, before.replace("bb crlf\r\ncc crlf", "1\r\n2"));
        let new = replaced("bb crlf\n", "bb crlf\nnew\n");
        assert_eq!(new, before.replace("cc", "new\ncc"), "as most lines end");
    }

    #[test]
    fn lines_in_the_place_of_another_have_its_ending() {
        let before = "one\r\ntwo\nthree\r\nfour\r\nfive\n";
        let edited = restored(before, |text| text.replace("three\n", "3\nand a half\n"));
        assert_eq!(edited, "one\r\ntwo\n3\r\nand a half\r\nfour\r\nfive\n");
    }

    #[test]
    fn lines_between_two_changes_are_recognised() {
        let before = "a\nb\r\nc\nd\r\ne\r\n";
        let edited = restored(before, |text| text.replace('a', "A").replace('e', "E"));
        assert_eq!(edited, "A\nb\r\nc\nd\r\nE\r\n");
    }
}
