//! What a program complains about, as a notice tells it: in words, without what a terminal makes of it.

use crate::bounded;

/// More of it is not told, in bytes and lines.
const MOST: (usize, usize) = (600, 6);
/// What programs draw around what they say, and point with.
const DRAWN: &[char] = &[
    '│', '╷', '╵', '╭', '╰', '┌', '└', '├', '─', '|', '^', '~', '>', ' ', '\t',
];

/// The lines that say what is wrong, first those from the first that calls itself an error; without
/// colours, frames, excerpts of the text, which is in sight, and where in the program it happened.
pub(crate) fn complaint(said: &[u8]) -> String {
    let said = String::from_utf8_lossy(said);
    let lines: Vec<String> = said.lines().map(without_escapes).collect();
    let ends = |line: &&String| !line.to_lowercase().starts_with("stack backtrace:");
    let plain = lines.iter().take_while(ends).map(String::as_str);
    let plain = plain.map(without_label);
    let plain = plain.filter(|line| !is_excerpt(line) && !is_call(line));
    let words: Vec<&str> = plain
        .map(|line| line.trim_matches(DRAWN))
        .map(|line| line.strip_prefix("-->").map_or(line, str::trim_start))
        .filter(|line| line.contains(char::is_alphanumeric))
        .collect();
    let first = words.iter().position(|line| after_error(line).is_some());
    let mut told = words;
    told.rotate_left(first.unwrap_or(0));
    told.dedup();
    if let Some(line) = told.first_mut() {
        *line = after_error(line).unwrap_or(line);
    }
    if told.is_empty() {
        // Better what is drawn than nothing.
        let lines = lines.iter().map(|line| line.trim_end());
        told = lines.filter(|line| !line.is_empty()).collect();
    }
    told.truncate(MOST.1);
    bounded::text(told.join("\n").trim(), MOST.0)
}

/// What follows `error: `, however it is written, or `error[E1]: `.
fn after_error(line: &str) -> Option<&str> {
    let (word, rest) = line.split_at_checked("error".len())?;
    let rest = word.eq_ignore_ascii_case("error").then_some(rest)?;
    let rest = match rest.strip_prefix('[') {
        Some(code) => code.split_once(']')?.1,
        None => rest,
    };
    let rest = rest.strip_prefix(':')?.trim_start();
    (!rest.is_empty()).then_some(rest)
}

/// A line without the level that stands before each: `[error] `.
fn without_label(line: &str) -> &str {
    line.strip_prefix("[error]").unwrap_or(line)
}

/// Whether a line is one of the text: `  2 | let x`, `> 2 │ let x`.
fn is_excerpt(line: &str) -> bool {
    let line = line.trim_start_matches([' ', '>', '\t']);
    let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
    rest.len() < line.len() && rest.trim_start().starts_with(['|', '│'])
}

/// Whether a line is a call of the program's own code: `    at main (index.js:1:2)`.
fn is_call(line: &str) -> bool {
    let line = line.trim();
    line.starts_with("at ") && line.ends_with(')') && line.contains(':')
}

/// A line without the sequences that colour it in a terminal (ECMA-48, 5.4).
fn without_escapes(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = rest.find("\u{1b}[") {
        out.push_str(&rest[..at]);
        let sequence = &rest[at + 2..];
        let end = sequence.find(|c: char| ('@'..='~').contains(&c));
        rest = end.map_or("", |end| &sequence[end + 1..]);
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn tells(said: &str, told: &str) {
        assert_eq!(complaint(said.as_bytes()), told);
    }

    #[test]
    fn what_formatters_say_is_told_in_words() {
        // ruff, black, prettier, rustfmt, taplo, terraform, shfmt.
        tells(
            "error: Failed to parse sizes.py:8:1: Expected `,`, found identifier\n",
            "Failed to parse sizes.py:8:1: Expected `,`, found identifier",
        );
        tells(
            "error: cannot parse: /p/a.py:1:4\n    def (\n       ^\nParseError: bad input\n",
            "cannot parse: /p/a.py:1:4\ndef (\nParseError: bad input",
        );
        tells(
            "[error] app.ts: SyntaxError: ':' expected. (2:10)\n[error]   1 | export {\n[error] > 2 |   return <a>;\n[error]     |          ^\n[error]   3 |\n",
            "app.ts: SyntaxError: ':' expected. (2:10)",
        );
        tells(
            "\u{1b}[31merror\u{1b}[0m[E1]: expected identifier\n --> <stdin>:1:4\n  |\n1 | fn (\n  |    ^ expected it here\n  |    - -\n  |    expected it here\n\n",
            "expected identifier\n<stdin>:1:4\nexpected it here",
        );
        tells(
            "There are some problems:\n╷\n│ Warning: Unable to open\n╵\n\u{1b}[31m╷\n│ Error: Argument required\n│ \n│   on <stdin> line 1:\n│    1: resource {{\n│ \n│ One is required here.\n╵\n",
            "Argument required\non <stdin> line 1:\n1: resource {{\nOne is required here.\nThere are some problems:\nWarning: Unable to open",
        );
        tells(
            "<standard input>:1:4: must be followed\n",
            "<standard input>:1:4: must be followed",
        );
        tells(
            "Exception in main: NoClass\n\tat com.a.B.c(B.java:3)\nError: it exited\n    at f (/a/index.js:20:10)\n",
            "it exited\nException in main: NoClass",
        );
        tells(
            "no toolchain\nStack backtrace:\n   0: anyhow::error\n   1: main\n",
            "no toolchain",
        );
    }

    #[test]
    fn what_cannot_be_told_in_words_is_told_as_it_is() {
        tells("", "");
        tells("\n  \n", "");
        tells(" 1 | x\n", "1 | x");
        tells("error:\n^\n", "error:");
        tells("\u{1b}[31", "");
    }

    #[test]
    fn no_more_is_told_than_fits_a_notice() {
        let long: String = (0..1000).map(|line| format!("words {line}\n")).collect();
        assert_eq!(complaint(long.as_bytes()).lines().count(), MOST.1);
        let wide = "word ".repeat(10_000);
        assert!(complaint(wide.as_bytes()).len() < 700);
    }

    proptest! {
        #[test]
        fn any_bytes_are_told(said in proptest::collection::vec(any::<u8>(), 0..200)) {
            prop_assert!(complaint(&said).len() <= MOST.0 + 3);
        }
    }
}
