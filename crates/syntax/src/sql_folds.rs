//! The blocks of procedures in SQL, by their words: `BEGIN … END`, `IF … END IF`, `LOOP … END LOOP`,
//! `CASE … END`. The grammar knows few of the statements that stand in them, so that most bodies have
//! no tree to go by.

use std::sync::atomic::{AtomicBool, Ordering};

use editor_core::Text;
use editor_core::folding::FoldRegion;

/// How much of a row is looked at, in bytes.
const MAX_ROW: usize = 1000;

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
    /// The row of an `IF` whose `THEN` has not come.
    condition: Option<usize>,
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
                let end = rest.find('\'');
                self.in_string = end.is_none();
                at = end.map_or(source.len(), |end| at + end + 1);
            } else if rest.starts_with("--") {
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
                words.push((at, &rest[..len]));
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
                        Some(";" | "transaction" | "tran" | "work" | "isolation")
                    );
                    if !is_other {
                        self.push(Word::Begin, row);
                    }
                }
                "case" => self.push(Word::Case, row),
                "loop" => self.push(Word::Loop, row),
                "if" => self.condition = Some(row),
                "then" => {
                    if let Some(row) = self.condition.take() {
                        self.push(Word::If, row);
                    }
                }
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
    fn other_uses_of_the_words_fold_nothing() {
        assert!(rows("BEGIN;\nSELECT 1;\nEND;\n").is_empty());
        assert!(rows("DROP TABLE IF EXISTS a;\nSELECT b;\nEND;\n").is_empty());
        assert!(rows("SELECT \"begin\", `case`\nEND\n").is_empty());
        assert!(rows("BEGIN TRANSACTION\nEND\n").is_empty());
    }
}
