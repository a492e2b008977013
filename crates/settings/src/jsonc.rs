//! JSON with comments and trailing commas, as VS Code's files are written.

use jsonc_parser::ast;
use jsonc_parser::{CollectOptions, CommentCollectionStrategy, ParseOptions};

/// The largest settings, keymap or theme text that is read, in bytes.
pub const MAX_TEXT: usize = 8 * 1024 * 1024;

/// Where and why a text is not JSON with comments.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("line {line}, column {column}: {message}")]
pub struct JsoncError {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// What is wrong there.
    pub message: String,
}

fn options() -> ParseOptions {
    ParseOptions {
        allow_comments: true,
        allow_trailing_commas: true,
        allow_loose_object_property_names: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    }
}

/// The number of bytes that a byte order mark takes at the start of `text`.
pub(crate) fn bom_len(text: &str) -> usize {
    if text.starts_with('\u{feff}') { 3 } else { 0 }
}

/// Parses the text after its byte order mark; ranges count from there.
pub(crate) fn parse_ast(text: &str) -> Result<Option<ast::Value<'_>>, JsoncError> {
    if text.len() > MAX_TEXT {
        return Err(JsoncError {
            line: 1,
            column: 1,
            message: format!("the file is over {} MiB", MAX_TEXT / (1024 * 1024)),
        });
    }
    let body = &text[bom_len(text)..];
    let collect = CollectOptions {
        comments: CommentCollectionStrategy::Off,
        tokens: false,
    };
    jsonc_parser::parse_to_ast(body, &collect, &options())
        .map(|result| result.value)
        .map_err(|error| {
            let (line, column) = line_column(body, error.range().start);
            JsoncError {
                line,
                column,
                message: error.kind().to_string(),
            }
        })
}

/// Line and column (both from 1, the column in characters) of a byte offset.
/// An offset past the end or inside a character counts as the place before it.
pub fn line_column(text: &str, offset: usize) -> (usize, usize) {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    let before = &text[..offset];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    (line, before[line_start..].chars().count() + 1)
}

/// [`line_column`] of one offset after the other, each no smaller than the one before it: together
/// they take as long as the text is long.
pub(crate) struct Places<'a> {
    text: &'a str,
    at: usize,
    line: usize,
    column: usize,
}

impl<'a> Places<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            line: 1,
            column: 1,
        }
    }

    /// The line and the column of an offset; of one before the last, those of the last.
    pub(crate) fn of(&mut self, offset: usize) -> (usize, usize) {
        if let Some(between) = self.text.get(self.at..offset) {
            if let Some(newline) = between.rfind('\n') {
                self.line += between.bytes().filter(|byte| *byte == b'\n').count();
                self.column = between[newline + 1..].chars().count() + 1;
            } else {
                self.column += between.chars().count();
            }
            self.at = offset;
        }
        (self.line, self.column)
    }
}

/// Reads a text with comments and trailing commas into a plain JSON value.
/// An empty text, or one of comments alone, is `None`.
pub fn parse(text: &str) -> Result<Option<serde_json::Value>, JsoncError> {
    Ok(parse_ast(text)?.map(serde_json::Value::from))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn comments_trailing_commas_and_a_byte_order_mark_are_fine() {
        let value = parse("\u{feff}// top\n{ \"a\": [1, 2,], /* b */ }")
            .unwrap()
            .unwrap();
        assert_eq!(value, serde_json::json!({"a": [1, 2]}));
        assert_eq!(parse("  // nothing\n").unwrap(), None);
    }

    #[test]
    fn an_error_names_its_line_and_column() {
        let error = parse("{\n  \"é\": oops\n}").unwrap_err();
        assert_eq!((error.line, error.column), (2, 8));
    }

    #[test]
    fn places_one_after_the_other_are_those_of_each() {
        let text = "{\n  \"é\": 1,\n\n\"b\": 2}\n";
        let mut places = Places::new(text);
        for (offset, _) in text.char_indices() {
            assert_eq!(places.of(offset), line_column(text, offset), "{offset}");
        }
    }

    #[test]
    fn a_million_brackets_is_an_error_and_no_crash() {
        assert!(parse(&"[".repeat(1_000_000)).is_err());
        assert!(parse(&"{\"a\":".repeat(200_000)).is_err());
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "\\PC*") {
            let _outcome = parse(&text).is_ok();
        }

        #[test]
        fn plain_json_reads_as_serde_reads_it(value in proptest::collection::vec(any::<i32>(), 0..20)) {
            let json = serde_json::to_string(&value).unwrap();
            prop_assert_eq!(parse(&json).unwrap().unwrap(), serde_json::json!(value));
        }
    }
}
