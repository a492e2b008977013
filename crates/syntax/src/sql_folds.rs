//! The blocks of procedures in SQL, by their words: `BEGIN … END`, `IF … END IF`, `LOOP … END LOOP`,
//! `WHILE … END WHILE`, `REPEAT … END REPEAT`, `CASE … END`. The grammar knows few of the statements that stand in them, so that most bodies have
//! no tree to go by.

use std::sync::atomic::{AtomicBool, Ordering};

use editor_core::Text;
use editor_core::folding::FoldRegion;

use crate::sql_dialects::is_comment;

/// How much of a row is looked at, in bytes: strings go on behind the end of a row, so that those of
/// the longest row of a dump count.
const MAX_ROW: usize = 1024 * 1024;

/// Blocks are not nested deeper.
const MAX_DEPTH: usize = 200;

/// A word that an `END` belongs to, with its row.
struct Open {
    word: Word,
    row: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Word {
    Begin,
    Case,
    If,
    Loop,
}

/// Where a text is between two rows.
#[derive(Default)]
struct Reader {
    open: Vec<Open>,
    /// The `IF` whose `THEN`, or the `WHILE` or `FOR` whose `DO`, has not come, with how many blocks
    /// are open around it.
    condition: Option<(Open, usize)>,
    in_comment: bool,
    in_string: bool,
    found: Vec<FoldRegion>,
}

/// The blocks of a text that span rows; the row of an `END` that begins it stays. `None` soon after
/// `cancel` is set.
pub(crate) fn blocks(text: &Text, cancel: &AtomicBool) -> Option<Vec<FoldRegion>> {
    let mut reader = Reader::default();
    for row in 0..text.line_count() {
        if row.is_multiple_of(1024) && cancel.load(Ordering::Relaxed) {
            return None;
        }
        let start = text.line_start(row);
        let end = text.line_end(row);
        let shown = text
            .floor_char_boundary(end.min(start + MAX_ROW))
            .max(start);
        reader.row(&text.slice(start..shown), row);
    }
    Some(reader.found)
}

impl Reader {
    fn row(&mut self, source: &str, row: usize) {
        let mut words: Vec<(usize, &str)> = Vec::new();
        let mut at = 0;
        let bytes = source.as_bytes();
        while let Some(byte) = bytes.get(at) {
            let rest = &source[at..];
            if self.in_comment {
                let end = rest.find("*/");
                self.in_comment = end.is_none();
                at = end.map_or(source.len(), |end| at + end + 2);
            } else if self.in_string {
                let end = string_end(rest);
                self.in_string = end.is_none();
                at = end.map_or(source.len(), |end| at + end);
            } else if rest.starts_with("--") || (*byte == b'#' && is_comment(source, at)) {
                break;
            } else if rest.starts_with("/*") {
                self.in_comment = true;
                at += 2;
            } else if *byte == b'\'' {
                self.in_string = true;
                at += 1;
            } else if matches!(byte, b'"' | b'`') {
                let end = rest[1..].find(char::from(*byte));
                at += end.map_or(1, |end| end + 2);
            } else if is_of_word(*byte) {
                let len = rest.bytes().take_while(|byte| is_of_word(*byte)).count();
                let (mark, word) = without_dollar_quotes(&rest[..len]);
                words.push((at + mark, word));
                at += len;
            } else {
                if *byte == b';' {
                    words.push((at, ";"));
                }
                at += rest.chars().next().map_or(1, char::len_utf8);
            }
        }
        let indent = source.len() - source.trim_start().len();
        let mut words = words.into_iter().peekable();
        while let Some((at, word)) = words.next() {
            let next = words.peek().map(|(_, word)| word.to_ascii_lowercase());
            match &*word.to_ascii_lowercase() {
                "begin" => {
                    // What begins a transaction has no end of its own.
                    let is_other = matches!(
                        next.as_deref(),
                        Some(";" | "transaction" | "tran" | "distributed" | "work" | "isolation")
                    );
                    if !is_other {
                        self.condition = None;
                        self.push(Word::Begin, row);
                    }
                }
                "case" => self.push(Word::Case, row),
                "loop" => self.begin_loop(row),
                // The other is a function.
                "repeat" if !source[at + word.len()..].trim_start().starts_with('(') => {
                    self.push(Word::Loop, row);
                }
                "if" => self.expect(Word::If, row),
                "while" | "for" => self.expect(Word::Loop, row),
                "then" => self.begin_expected(Word::If),
                "do" => self.begin_expected(Word::Loop),
                ";" => self.condition = None,
                "end" => {
                    let word = match next.as_deref() {
                        Some("if") => Some(Word::If),
                        Some("loop" | "while" | "for" | "repeat") => Some(Word::Loop),
                        Some("case") => Some(Word::Case),
                        _ => None,
                    };
                    if word.is_some() {
                        words.next();
                    }
                    self.close(word, row, at == indent);
                }
                _ => {}
            }
        }
    }

    /// Takes the word of a condition in, behind which a block begins.
    fn expect(&mut self, word: Word, row: usize) {
        self.condition = Some((Open { word, row }, self.open.len()));
    }

    /// Begins the block of a condition behind it. In a `CASE` that is part of one nothing begins.
    fn begin_expected(&mut self, word: Word) {
        let depth = self.open.len();
        let is_meant = |(open, around): &(Open, usize)| open.word == word && *around == depth;
        if let Some((open, _)) = self.condition.take_if(|condition| is_meant(condition)) {
            self.push(word, open.row);
        }
    }

    /// Begins a loop, whose first row is that of its condition if it has one.
    fn begin_loop(&mut self, row: usize) {
        match &self.condition {
            Some((open, _)) if open.word == Word::Loop => self.begin_expected(Word::Loop),
            _ => self.push(Word::Loop, row),
        }
    }

    fn push(&mut self, word: Word, row: usize) {
        if self.open.len() < MAX_DEPTH {
            self.open.push(Open { word, row });
        }
    }

    /// Closes the innermost block of a word, or of any that an `END` alone may belong to.
    fn close(&mut self, word: Option<Word>, row: usize, begins_row: bool) {
        let is_meant = |open: &Open| match word {
            Some(word) => open.word == word,
            None => matches!(open.word, Word::Begin | Word::Case),
        };
        let Some(place) = self.open.iter().rposition(is_meant) else {
            return;
        };
        let first = self.open[place].row;
        self.open.truncate(place);
        let last = if begins_row {
            row.saturating_sub(1)
        } else {
            row
        };
        if first < last {
            self.found.push(FoldRegion { first, last });
        }
    }
}

/// Where a string ends that goes on at the start of a row. Before a backslash it goes on for MySQL and
/// ends for others, so that what follows tells.
fn string_end(row: &str) -> Option<usize> {
    let bytes = row.as_bytes();
    let ends = |at: usize| {
        let is_escaped = at > 0 && bytes[at - 1] == b'\\';
        let next = bytes.get(at + 1).copied().unwrap_or(b' ');
        !is_escaped || !(is_of_word(next) || next == b'\'')
    };
    let mut marks = row.match_indices('\'').map(|(at, _)| at);
    marks.find(|at| ends(*at)).map(|at| at + 1)
}

/// A word without the dollar quotes of PostgreSQL, or the `$$` that MySQL's statements are made to
/// end with, that stand right at it (`$$BEGIN`, `END$$`), and how long those before it are. A `$` in
/// a word is a part of it.
fn without_dollar_quotes(word: &str) -> (usize, &str) {
    let mark = match word.strip_prefix('$') {
        Some(rest) => rest.find('$').map_or(0, |end| end + 2),
        None => 0,
    };
    let rest = &word[mark..];
    let end = match rest.ends_with('$') {
        true => rest.find('$').unwrap_or(rest.len()),
        false => rest.len(),
    };
    (mark, &rest[..end])
}

fn is_of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$' || !byte.is_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(source: &str) -> Vec<(usize, usize)> {
        let found = blocks(&Text::from(source), &AtomicBool::new(false)).unwrap();
        let mut rows: Vec<_> = found.iter().map(|one| (one.first, one.last)).collect();
        rows.sort_unstable();
        rows
    }

    #[test]
    fn blocks_of_procedures_fold_up_to_their_end() {
        let source = "CREATE PROCEDURE a() AS $$\nBEGIN\n  IF EXISTS (SELECT 1) THEN\n    b := CASE c\n      WHEN 1 THEN 2\n    END;\n  ELSE\n    FOR d IN e LOOP\n      PERFORM f();\n    END LOOP;\n  END IF;\nEND;\n$$;\n";
        assert_eq!(rows(source), [(1, 10), (2, 9), (3, 4), (7, 8)]);
        let source = "create procedure a as\nbegin\n  update b set c = 'begin\n  case';\n  -- begin\n  /* case\n  */\nend\ngo\n";
        assert_eq!(rows(source), [(1, 6)]);
    }

    #[test]
    fn dollars_right_at_a_word_are_no_part_of_it() {
        let source =
            "DELIMITER $$\nBEGIN\n  IF a THEN\n    SET b = 0;\n  END IF;\nEND$$\nDELIMITER ;\n";
        assert_eq!(rows(source), [(1, 4), (2, 3)]);
        assert_eq!(rows("DO $$BEGIN\n  a;\nEND$$;\n"), [(0, 1)]);
        assert_eq!(rows("DO $b$BEGIN\n  a;\nEND$b$;\n"), [(0, 1)]);
        assert_eq!(rows("BEGIN\n  a := end$b;\nEND;\n"), [(0, 1)]);
    }

    #[test]
    fn quotes_in_comments_and_behind_backslashes_end_no_block() {
        let source =
            "BEGIN\n  # don't\n  SET a = 'it\\'s';\n  SET b = 'c:\\';\n  SET d = e # f;\nEND\n";
        assert_eq!(rows(source), [(0, 4)]);
    }

    #[test]
    fn a_condition_with_a_case_in_it_begins_one_block() {
        let source = "BEGIN\n  IF CASE WHEN a THEN b END = c THEN\n    d;\n  END IF;\nEND;\n";
        assert_eq!(rows(source), [(0, 3), (1, 2)]);
    }

    #[test]
    fn other_uses_of_the_words_fold_nothing() {
        assert!(rows("BEGIN;\nSELECT 1;\nEND;\n").is_empty());
        assert!(rows("DROP TABLE IF EXISTS a;\nSELECT b;\nEND;\n").is_empty());
        assert!(rows("SELECT \"begin\", `case`\nEND\n").is_empty());
        assert!(rows("SELECT REPEAT('a',\n 3);\nEND REPEAT\n").is_empty());
        assert!(rows("BEGIN TRANSACTION\nEND\n").is_empty());
    }
}
