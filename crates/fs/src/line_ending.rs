//! Line endings: LF alone in memory, what the file had on disk.

use std::collections::{HashMap, HashSet};
use std::fmt::{self, Display};

use editor_core::Text;

use crate::line_pairing::{in_order, pair_lines};

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
/// by position, those between wherever they were moved to, and copies of them as well. Lines between
/// two that are recognised and stand in order were edited where the file had lines there that are
/// gone: they keep what those had, in order. A line that stands where none is gone is new and gets
/// the file's dominant ending; where the last line of the file, which had none, stands before another
/// now, it has the ending of that.
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
        let (lines, _) = line_hashes(text);
        let lines = lines
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
        let (lines, rest) = line_hashes(text);
        self.endings_for(&lines, rest, dominant)
    }

    fn endings_for(&self, new: &[u32], rest: Option<u32>, dominant: LineEnding) -> Vec<LineEnding> {
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
        let middle = prefix..new.len() - suffix;
        let old_middle = &old[prefix..old.len() - suffix];
        self.end_changed(&mut endings[middle.clone()], &new[middle], old_middle, rest);
        endings
    }

    /// Ends the lines between the first and the last change; `rest` is what no ending follows.
    fn end_changed(
        &self,
        endings: &mut [LineEnding],
        new: &[u32],
        old: &[MixedLine],
        rest: Option<u32>,
    ) {
        if new.is_empty() {
            return;
        }
        let said: Vec<u32> = old.iter().map(|line| line.hash()).collect();
        let pairs = pair_lines(&said, new);
        let mut gone = vec![true; old.len()];
        for (line, place) in pairs.iter().enumerate() {
            if let Some(place) = *place {
                endings[line] = old[place].ending();
                gone[place] = false;
            }
        }
        let copies = self.copies(new, &pairs);
        let unknown = |line: &usize| pairs[*line].is_none() && !copies.contains_key(&new[*line]);
        for (line, said) in new.iter().enumerate() {
            if pairs[line].is_none()
                && let Some(ending) = copies.get(said)
            {
                endings[line] = *ending;
            }
        }
        // A line that stands last now is there without its ending.
        let last = rest.and_then(|rest| {
            let last = (0..old.len()).rfind(|place| gone[*place] && said[*place] == rest)?;
            gone[last] = false;
            Some(old[last].ending())
        });
        let mut new_lines = Vec::new();
        let (mut from, mut old_from) = (0, 0);
        let known = in_order(&pairs).into_iter();
        for (to, old_to) in known.chain([(new.len(), old.len())]) {
            let edited: Vec<usize> = (from..to).filter(unknown).collect();
            let edited_from = (old_from..old_to).filter(|place| gone[*place]);
            let edited_from: Vec<MixedLine> = edited_from.map(|place| old[place]).collect();
            match edited_from.is_empty() {
                true => new_lines.extend(edited),
                false => keep_edited(endings, &edited, &edited_from),
            }
            (from, old_from) = (to + 1, old_to + 1);
        }
        // The line that was the last of the file has changed places with another.
        if let ([line], Some(ending)) = (&new_lines[..], last) {
            endings[*line] = ending;
        }
    }

    /// The endings of lines of the file that lines without a partner are copies of, by what they say.
    /// Empty lines are no copies.
    fn copies(&self, new: &[u32], pairs: &[Option<usize>]) -> HashMap<u32, LineEnding> {
        let alone = new.iter().zip(pairs).filter(|(_, place)| place.is_none());
        let wanted: HashSet<u32> = alone
            .map(|(said, _)| *said)
            .filter(|said| *said != hash_of_line(START))
            .collect();
        let mut found = HashMap::new();
        if !wanted.is_empty() {
            for line in self
                .lines
                .iter()
                .filter(|line| wanted.contains(&line.hash()))
            {
                found.entry(line.hash()).or_insert(line.ending());
            }
        }
        found
    }
}

/// Gives edited lines the endings of those in whose place they stand. Of a line that was split both
/// parts have its ending; of lines that were joined the one has that of the last, which ends it.
fn keep_edited(endings: &mut [LineEnding], edited: &[usize], old: &[MixedLine]) {
    let Some(last) = old.last() else {
        return;
    };
    let joined = old.len().saturating_sub(edited.len());
    let kept = old[joined..].iter().chain(std::iter::repeat(last));
    for (line, kept) in edited.iter().zip(kept) {
        endings[*line] = kept.ending();
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

/// The hash that a line begins with.
const START: u64 = 0xcbf2_9ce4_8422_2325;

/// A hash of each line that a LF ends, and of what follows the last LF, if anything does. FNV-1a
/// (<http://www.isthe.com/chongo/tech/comp/fnv/>), folded to 31 bits.
fn line_hashes(text: &Text) -> (Vec<u32>, Option<u32>) {
    let mut hashes = Vec::with_capacity(text.line_count());
    let mut hash = START;
    for chunk in text.chunks(0..text.len()) {
        for byte in chunk.bytes() {
            if byte == b'\n' {
                hashes.push(hash_of_line(hash));
                hash = START;
            } else {
                hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
            }
        }
    }
    (hashes, (hash != START).then(|| hash_of_line(hash)))
}

fn hash_of_line(hash: u64) -> u32 {
    (hash ^ (hash >> 32)) as u32 & !MixedLine::CRLF
}

#[cfg(test)]
mod tests {
    use editor_core::{Selection, Selections, Transaction, editing};

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

    #[test]
    fn moved_and_copied_lines_keep_their_endings() {
        let before = "one\r\nnew\r\ntwo\nfour\nfive\r\nlast\r\nx";
        let changed = |lines: &str| restored(before, |_| lines.replace(' ', "\n"));
        assert_eq!(
            changed("one new four two five last x"),
            "one\r\nnew\r\nfour\ntwo\nfive\r\nlast\r\nx"
        );
        assert_eq!(
            changed("one new two four four five last x"),
            "one\r\nnew\r\ntwo\nfour\nfour\nfive\r\nlast\r\nx"
        );
        assert_eq!(
            changed("x last five four two new one"),
            "x\r\nlast\r\nfive\r\nfour\ntwo\nnew\r\none"
        );
        // Beside a line that is edited, one that is new, and one that is gone.
        assert_eq!(
            restored("one\r\ntwo\nthree\r\nfour\nfive\r\n", |_| {
                "one!\nnew\nfour\ntwo\nfive\n".to_owned()
            }),
            "one!\r\nnew\r\nfour\ntwo\nfive\r\n"
        );
        // Lines that are alike, of which none was touched.
        assert_eq!(
            restored("a\r\n\nb\r\n\r\nc\n\nd\r\n", |_| "A\n\nb\n\nc\n\nD\n"
                .to_owned()),
            "A\r\n\nb\r\n\r\nc\n\nD\r\n"
        );
    }

    /// The commands that move, copy, sort, reverse and delete lines.
    fn command(which: usize, text: &Text, carets: &Selections) -> Transaction {
        match which {
            0 => editing::move_line_up(text, carets),
            1 => editing::move_line_down(text, carets),
            2 => editing::duplicate_line(text, carets),
            3 => editing::duplicate_line_up(text, carets),
            4 => editing::reverse_lines(text, carets),
            5 => editing::sort_lines_ascending(text, carets),
            6 => editing::sort_lines_descending(text, carets),
            _ => editing::delete_line(text, carets),
        }
    }

    #[test]
    fn every_line_keeps_its_ending_through_commands_on_lines() {
        let mut state = 7_u64;
        let mut below = |limit: usize| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state % limit as u64) as usize
        };
        for _ in 0..3000 {
            let mut file = String::new();
            let mut known = HashMap::new();
            let count = 2 + below(8);
            let ends = below(2) == 0;
            for line in 0..count {
                let ending = [LineEnding::Lf, LineEnding::CrLf][below(2)];
                let said = format!("{}{line}", below(9));
                file.push_str(&said);
                if ends || line + 1 < count {
                    file.push_str(ending.as_str());
                    known.insert(said, ending);
                }
            }
            let normalized = normalize(file.clone());
            let Some(mixed) = normalized.mixed else {
                continue;
            };
            let mut text = Text::new(&normalized.text);
            let mut made = Vec::new();
            for _ in 0..=below(5) {
                let (anchor, head) = (below(text.len() + 1), below(text.len() + 1));
                let carets = match below(2) {
                    0 => Selections::caret(head),
                    _ => Selections::single(Selection::new(anchor, head)),
                };
                let which = below(8);
                made.push((which, text.row_at(anchor), text.row_at(head)));
                text = command(which, &text, &carets)
                    .changes
                    .apply(&text)
                    .expect("it fits");
            }
            let whole = text.slice(0..text.len()).into_owned();
            let mut lines: Vec<&str> = whole.split('\n').collect();
            let last = lines.pop();
            let endings = mixed.endings(&text, normalized.ending);
            assert_eq!(endings.len(), lines.len());
            let formerly_last = |said: &&str| !said.is_empty() && !known.contains_key(*said);
            let moved = lines.iter().filter(|said| formerly_last(said)).count();
            // Beside lines that are gone, it may be one of these that was edited.
            let is_gone = |said: &&String| !lines.contains(&said.as_str());
            let all_are_there = known.keys().filter(is_gone).count() <= 1;
            for (said, ending) in lines.iter().zip(&endings) {
                let wanted = match known.get(*said) {
                    Some(wanted) => *wanted,
                    // The last line has changed places with the one that is the last now.
                    None if formerly_last(said) && moved == 1 && all_are_there => {
                        let Some(wanted) = last.and_then(|last| known.get(last)) else {
                            continue;
                        };
                        if last.is_some_and(|last| lines.contains(&last)) {
                            continue;
                        }
                        *wanted
                    }
                    None => continue,
                };
                assert_eq!(
                    *ending, wanted,
                    "{said} of {file:?} after {made:?}: {whole:?}"
                );
            }
        }
    }
}
