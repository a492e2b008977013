//! Bytes to text and back, without losing one.

use std::sync::Arc;

use editor_core::{Text, stray_byte_of};

use crate::encoded_text::EncodedText;
use crate::encoding::{self, TextEncoding};
use crate::encoding_guess;
use crate::line_ending::{self, LineEnding, MixedLineEndings};
use crate::stray_bytes;

/// All that a file's bytes say besides its text: what a save needs in order to write the same
/// bytes for the same text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextFormat {
    /// The character encoding.
    pub encoding: TextEncoding,
    /// The file starts with a byte order mark.
    pub bom: bool,
    /// How lines end; in a file that mixes them, how most do, and what new lines get.
    pub line_ending: LineEnding,
    mixed: Option<Arc<MixedLineEndings>>,
    /// The characters that stand for stray bytes elsewhere are text in this file.
    literal: bool,
}

impl TextFormat {
    /// A format that ends all its lines alike.
    pub fn new(encoding: TextEncoding, bom: bool, line_ending: LineEnding) -> Self {
        Self {
            encoding,
            bom,
            line_ending,
            mixed: None,
            literal: false,
        }
    }

    pub(crate) fn with_mixed(
        encoding: TextEncoding,
        bom: bool,
        line_ending: LineEnding,
        mixed: Option<MixedLineEndings>,
    ) -> Self {
        Self {
            mixed: mixed.map(Arc::new),
            ..Self::new(encoding, bom, line_ending)
        }
    }

    pub(crate) fn mixed(&self) -> Option<&MixedLineEndings> {
        self.mixed.as_deref()
    }

    /// The file uses both LF and CRLF. Lines that are not edited keep theirs.
    pub fn has_mixed_line_endings(&self) -> bool {
        self.mixed.is_some()
    }

    /// Which lines of a file that mixes them end how, as bytes: four a line. `None` for a file that
    /// ends all its lines alike.
    pub fn mixed_line_endings(&self) -> Option<Vec<u8>> {
        self.mixed().map(MixedLineEndings::to_bytes)
    }

    /// The same format with lines that end as [`TextFormat::mixed_line_endings`] said; bytes that
    /// are none of its say nothing.
    #[must_use]
    pub fn with_mixed_line_endings(&self, bytes: &[u8]) -> Self {
        Self {
            mixed: MixedLineEndings::from_bytes(bytes).map(Arc::new),
            ..self.clone()
        }
    }

    /// The same format with lines that end as those of another, where that mixes them.
    #[must_use]
    pub fn with_mixed_line_endings_of(&self, other: &Self) -> Self {
        Self {
            mixed: other.mixed.clone(),
            ..self.clone()
        }
    }

    /// The same format with every line ended by `line_ending`.
    #[must_use]
    pub fn with_line_ending(&self, line_ending: LineEnding) -> Self {
        Self {
            line_ending,
            mixed: None,
            ..self.clone()
        }
    }

    /// Whether the characters that stand for bytes that are no UTF-8 are text in this file, since it
    /// held them as such. Otherwise they are written as these bytes.
    pub fn keeps_private_use(&self) -> bool {
        self.literal
    }

    /// The same, with [`TextFormat::keeps_private_use`] as given.
    #[must_use]
    pub fn keeping_private_use(self, literal: bool) -> Self {
        Self { literal, ..self }
    }

    /// The same with or without a byte order mark, which only Unicode has.
    #[must_use]
    pub fn with_bom(&self, bom: bool) -> Self {
        Self {
            bom: bom && self.encoding.is_unicode(),
            ..self.clone()
        }
    }

    /// What a status bar shows: "UTF-8", "UTF-8 with BOM".
    pub fn encoding_name(&self) -> String {
        let name = self.encoding.name();
        if self.bom {
            format!("{name} with BOM")
        } else {
            name.to_owned()
        }
    }

    /// What a status bar shows of the line endings: "LF", "LF, mixed".
    pub fn line_ending_name(&self) -> String {
        let name = self.line_ending.name();
        if self.has_mixed_line_endings() {
            format!("{name}, mixed")
        } else {
            name.to_owned()
        }
    }

    /// The same line endings in another encoding. A byte order mark stays only in Unicode.
    #[must_use]
    pub fn with_encoding(&self, encoding: TextEncoding) -> Self {
        Self {
            encoding,
            bom: self.bom && !encoding.mark().is_empty(),
            ..self.clone()
        }
    }
}

/// Why bytes are not text that could be edited and written back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// Not text at all.
    #[error("this is a binary file, not text")]
    Binary,
    /// Text in which some bytes mean nothing. [`decode_damaged`] shows it, to be read only.
    #[error(
        "some bytes are not valid {encoding}; it can be looked at, but writing it back would change those bytes"
    )]
    Damaged {
        /// The encoding that all the other bytes have.
        encoding: TextEncoding,
    },
}

/// Why a text cannot be written in a format.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line} holds {}, which {encoding} cannot express; save as UTF-8 instead", named(*character))]
pub struct EncodeError {
    /// The encoding that lacks the character.
    pub encoding: TextEncoding,
    /// The first such character.
    pub character: char,
    /// Its byte offset in the text.
    pub offset: usize,
    /// Its line, from 1.
    pub line: usize,
}

/// A character as an error names it; for a byte that is no text, that byte.
fn named(character: char) -> String {
    match stray_byte_of(character) {
        Some(byte) => format!("the byte {byte:02X}"),
        None => format!("'{character}'"),
    }
}

/// Turns a file's bytes into text with LF line ends. Of what is UTF-8 but for some bytes, these are
/// characters of the text that are written as the bytes again.
///
/// The result is lossless: [`encode`] of the text in the format gives `bytes` again. Where that
/// cannot be promised, the bytes are not decoded.
///
/// # Errors
/// [`DecodeError::Binary`] for what is not text, [`DecodeError::Damaged`] for text with broken
/// bytes.
pub fn decode(bytes: Vec<u8>) -> Result<(String, TextFormat), DecodeError> {
    if let Some(encoding) = TextEncoding::for_mark(&bytes) {
        let content = &bytes[encoding.mark().len()..];
        return match encoding.decode(content) {
            Some(text) if encoding::looks_binary(&text) => Err(DecodeError::Binary),
            Some(text) => Ok(finish(text, encoding, true)),
            None if encoding == TextEncoding::UTF_8 && content.contains(&0) => {
                Err(DecodeError::Binary)
            }
            None if encoding == TextEncoding::UTF_8 => unless_binary(decode_stray(content, true)?),
            None => Err(DecodeError::Damaged { encoding }),
        };
    }
    let bytes = match String::from_utf8(bytes) {
        Ok(text) if !encoding::looks_binary(&text) => {
            return Ok(finish(text, TextEncoding::UTF_8, false));
        }
        Ok(text) => text.into_bytes(),
        Err(error) => error.into_bytes(),
    };
    if let Some((encoding, text)) = encoding_guess::utf16(&bytes) {
        return Ok(finish(text, encoding, false));
    }
    if bytes.contains(&0) || std::str::from_utf8(&bytes).is_ok() {
        return Err(DecodeError::Binary);
    }
    if stray_bytes::is_mostly_utf8(&bytes) {
        return unless_binary(decode_stray(&bytes, false)?);
    }
    let guess = encoding_guess::legacy(&bytes);
    // What nothing speaks for is windows-1252; that little of UTF-8, or a byte that is no character
    // there, speaks against it.
    if guess == TextEncoding::WINDOWS_1252
        && (stray_bytes::may_be_utf8(&bytes) || !encoding_guess::is_western(&bytes))
    {
        return unless_binary(decode_stray(&bytes, false)?);
    }
    // In windows-1252 every byte is a character, so a wrong guess still loses nothing.
    for encoding in [guess, TextEncoding::WINDOWS_1252] {
        let Some(text) = encoding.decode(&bytes) else {
            continue;
        };
        if encoding::looks_binary(&text) {
            return Err(DecodeError::Binary);
        }
        // Several byte sequences may stand for one character in the old Asian encodings.
        if encoding.encode(&text).is_ok_and(|again| again == bytes) {
            return Ok(finish(text, encoding, false));
        }
    }
    Err(DecodeError::Binary)
}

/// UTF-8 in which some bytes are none, with these as characters of the text.
fn decode_stray(content: &[u8], bom: bool) -> Result<(String, TextFormat), DecodeError> {
    let encoding = TextEncoding::UTF_8;
    let damaged = DecodeError::Damaged { encoding };
    let (text, _) = stray_bytes::decode(content).ok_or(damaged)?;
    let (text, format) = finish(text, encoding, bom);
    Ok((text, format.keeping_private_use(false)))
}

fn unless_binary(
    (text, format): (String, TextFormat),
) -> Result<(String, TextFormat), DecodeError> {
    match encoding::looks_binary(&text) {
        true => Err(DecodeError::Binary),
        false => Ok((text, format)),
    }
}

/// How many bytes of a text that was decoded as UTF-8 were none.
pub(crate) fn count_stray(text: &Text, format: &TextFormat) -> usize {
    if format.literal || format.encoding != TextEncoding::UTF_8 {
        return 0;
    }
    let chunks = text.chunks(0..text.len());
    let of_chunk = |chunk: &str| match stray_bytes::holds_one(chunk) {
        true => chunk.chars().filter_map(stray_byte_of).count(),
        false => 0,
    };
    chunks.map(of_chunk).sum()
}

/// The text of a file that [`decode`] found to be [`DecodeError::Damaged`], with U+FFFD in place
/// of the broken bytes. It must not be written back.
pub fn decode_damaged(bytes: &[u8], encoding: TextEncoding) -> (String, TextFormat) {
    let mark = encoding.mark();
    let bom = !mark.is_empty() && bytes.starts_with(mark);
    let content = if bom { &bytes[mark.len()..] } else { bytes };
    finish(encoding.decode_with_replacement(content), encoding, bom)
}

/// Turns bytes into text in an encoding that somebody chose, whatever they look like. A byte order
/// mark of that encoding is none of the text.
///
/// # Errors
/// [`DecodeError::Damaged`] where the text would not give the same bytes again.
pub fn decode_as(
    bytes: &[u8],
    encoding: TextEncoding,
) -> Result<(String, TextFormat), DecodeError> {
    let mark = encoding.mark();
    let bom = !mark.is_empty() && bytes.starts_with(mark);
    let content = if bom { &bytes[mark.len()..] } else { bytes };
    let text = encoding.decode(content).filter(|text| {
        // Several byte sequences may stand for one character in the old Asian encodings.
        encoding.is_unicode() || encoding.encode(text).is_ok_and(|again| again == content)
    });
    match text {
        Some(text) => Ok(finish(text, encoding, bom)),
        None if encoding == TextEncoding::UTF_8 => decode_stray(content, bom),
        None => Err(DecodeError::Damaged { encoding }),
    }
}

/// Turns text with LF line ends into the bytes of a file.
///
/// # Errors
/// [`EncodeError`] names the first character that the encoding lacks; nothing is replaced.
pub fn encode(text: &str, format: &TextFormat) -> Result<Vec<u8>, EncodeError> {
    Ok(EncodedText::new(&Text::new(text), format)?.to_bytes())
}

fn finish(text: String, encoding: TextEncoding, bom: bool) -> (String, TextFormat) {
    // Written as bytes, it would be another text.
    let literal = stray_bytes::holds_one(&text);
    let normalized = line_ending::normalize(text);
    let format = TextFormat {
        encoding,
        bom,
        line_ending: normalized.ending,
        mixed: normalized.mixed.map(Arc::new),
        literal,
    };
    (normalized.text, format)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn decoded(bytes: &[u8]) -> (String, TextFormat) {
        decode(bytes.to_vec()).expect("the bytes are text")
    }

    #[track_caller]
    fn round_trips(bytes: &[u8]) -> (String, TextFormat) {
        let (text, format) = decoded(bytes);
        assert_eq!(encode(&text, &format).expect("it was decoded"), bytes);
        (text, format)
    }

    #[test]
    fn plain_utf8_has_no_mark_and_lf() {
        let (text, format) = round_trips("grüße\n".as_bytes());
        assert_eq!(text, "grüße\n");
        assert_eq!(format, TextFormat::default());
    }

    #[test]
    fn an_empty_file_is_utf8() {
        assert_eq!(round_trips(b""), (String::new(), TextFormat::default()));
    }

    #[test]
    fn marks_are_kept_and_are_no_part_of_the_text() {
        let (text, format) = round_trips(b"\xEF\xBB\xBFhello\r\n");
        assert_eq!(text, "hello\n");
        assert!(format.bom);
        assert_eq!(format.line_ending, LineEnding::CrLf);
        let (text, format) = round_trips(b"\xFF\xFEh\0i\0\r\0\n\0");
        assert_eq!(
            (text.as_str(), format.encoding),
            ("hi\n", TextEncoding::UTF_16LE)
        );
        let (text, format) = round_trips(b"\xFE\xFF\0h\0i");
        assert_eq!(
            (text.as_str(), format.encoding),
            ("hi", TextEncoding::UTF_16BE)
        );
    }

    #[test]
    fn utf16_without_a_mark_is_recognised() {
        let bytes: Vec<u8> = "fn main() {}\r\n"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let (text, format) = round_trips(&bytes);
        assert_eq!(text, "fn main() {}\n");
        assert_eq!(
            (format.encoding, format.bom),
            (TextEncoding::UTF_16LE, false)
        );
        let bytes: Vec<u8> = "naïve plan\n"
            .encode_utf16()
            .flat_map(u16::to_be_bytes)
            .collect();
        assert_eq!(round_trips(&bytes).1.encoding, TextEncoding::UTF_16BE);
    }

    #[test]
    fn old_encodings_are_guessed() {
        let (text, format) = round_trips(b"Die Stra\xDFe ist f\xFCr Fu\xDFg\xE4nger gesperrt.\r\n");
        assert_eq!(text, "Die Straße ist für Fußgänger gesperrt.\n");
        assert_eq!(format.encoding.name(), "windows-1252");
        let japanese = "日本語のテキストを編集する。文字コードは何ですか。\n";
        let bytes = TextEncoding::for_label("shift_jis")
            .unwrap()
            .encode(japanese)
            .unwrap();
        let (text, format) = round_trips(&bytes);
        assert_eq!(
            (text.as_str(), format.encoding.name()),
            (japanese, "Shift_JIS")
        );
        let russian = "Сохранение файла не должно ничего терять.\n";
        let bytes = TextEncoding::for_label("windows-1251")
            .unwrap()
            .encode(russian)
            .unwrap();
        assert_eq!(round_trips(&bytes).0, russian);
    }

    #[test]
    fn binary_files_are_told_from_text() {
        for bytes in [
            &b"\x7FELF\x02\x01\x01\0\0\0\0\0\0\0\0\0"[..],
            b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0",
            b"text with a \0 in it",
            b"\xEF\xBB\xBFmark and \0",
            b"\x01\x02\x03\x04\x05\x06\x07",
            b"\x1F\x8B\x08\0\0\0\0\0\0\x03\xCB\x48",
        ] {
            assert_eq!(
                decode(bytes.to_vec()),
                Err(DecodeError::Binary),
                "{bytes:?}"
            );
        }
    }

    #[test]
    fn a_log_with_ansi_colours_is_text() {
        round_trips(b"\x1B[32mok\x1B[0m 12 tests\n");
    }

    #[test]
    fn utf8_with_broken_bytes_is_edited_and_keeps_them() {
        let mut bytes = "Grüße aus Köln\r\n".as_bytes().to_vec();
        bytes.extend(b"\xFF\xC3 and \xE2\x82\r\n");
        let (text, format) = round_trips(&bytes);
        assert_eq!(
            text,
            "Grüße aus Köln\n\u{10FFFF}\u{10FFC3} and \u{10FFE2}\u{10FF82}\n"
        );
        assert_eq!(format.encoding, TextEncoding::UTF_8);
        assert_eq!(count_stray(&Text::new(&text), &format), 4);
        let edited = encode(&text.replace("Köln", "Bonn"), &format).unwrap();
        let expected = [
            "Grüße aus Bonn\r\n".as_bytes(),
            b"\xFF\xC3 and \xE2\x82\r\n",
        ]
        .concat();
        assert_eq!(edited, expected);
        assert_eq!(round_trips(b"\xEF\xBB\xBFa\xFFb").0, "a\u{10FFFF}b");
    }

    #[test]
    fn what_little_speaks_for_utf8_is_enough_where_nothing_speaks_for_another() {
        for bytes in [
            &b"na\xC3\xAFve \xFF"[..],
            b"log \x81\x90 of bytes",
            b"cut off \xE2\x9D",
        ] {
            assert_eq!(round_trips(bytes).1.encoding, TextEncoding::UTF_8);
        }
        assert_eq!(round_trips(b"caf\xE9\n").1.encoding.name(), "windows-1252");
    }

    #[test]
    fn private_characters_of_a_file_stay_what_they_are() {
        let (text, format) = round_trips("icons \u{10FFE9}\n".as_bytes());
        assert_eq!(text, "icons \u{10FFE9}\n");
        assert!(format.keeps_private_use());
        // Both at once would not come back.
        let both = ["Grüße \u{10FFE9} ".as_bytes(), b"\xFF"].concat();
        let encoding = TextEncoding::UTF_8;
        assert_eq!(decode(both), Err(DecodeError::Damaged { encoding }));
    }

    #[test]
    fn a_byte_that_is_no_text_is_not_written_in_another_encoding() {
        let (text, format) = decoded(b"Gr\xC3\xBC\xC3\x9Fe\n\xFF");
        for other in ["utf-16le", "gb18030", "windows-1252"] {
            let other = TextEncoding::for_label(other).unwrap();
            let error = encode(&text, &format.with_encoding(other)).unwrap_err();
            assert!(
                error.to_string().contains("line 2 holds the byte FF"),
                "{error}"
            );
        }
    }

    #[test]
    fn utf16_with_a_lone_surrogate_is_damaged() {
        let encoding = TextEncoding::UTF_16LE;
        let error = decode(b"\xFF\xFEa\0\x00\xD8b\0".to_vec());
        assert_eq!(error, Err(DecodeError::Damaged { encoding }));
        let error = decode(b"\xFF\xFEa\0b".to_vec());
        assert_eq!(error, Err(DecodeError::Damaged { encoding }));
    }

    #[test]
    fn a_character_that_the_encoding_lacks_is_named_with_its_line() {
        let format = TextFormat::new(TextEncoding::WINDOWS_1252, false, LineEnding::CrLf);
        let error = encode("caf\u{E9}\nsnow \u{2603}\n", &format).unwrap_err();
        assert_eq!((error.line, error.character, error.offset), (2, '☃', 11));
        assert!(error.to_string().contains("save as UTF-8"));
    }

    #[test]
    fn classic_mac_files_and_stray_carriage_returns_keep_their_bytes() {
        let (text, format) = round_trips(b"one\rtwo\r");
        assert_eq!(
            (text.as_str(), format.line_ending),
            ("one\ntwo\n", LineEnding::Cr)
        );
        let (text, format) = round_trips(b"10%\r20%\rdone\n");
        assert_eq!(
            (text.as_str(), format.line_ending),
            ("10%\r20%\rdone\n", LineEnding::Lf)
        );
        round_trips(b"a\r\r\nb\r\n");
    }

    #[test]
    fn mixed_line_endings_are_noticed_and_kept() {
        let (text, format) = round_trips(b"a\r\nb\nc\r\n");
        assert_eq!(text, "a\nb\nc\n");
        assert!(format.has_mixed_line_endings());
        assert_eq!(format.line_ending, LineEnding::CrLf);
        let edited = encode("a\nB\nc\nd\n", &format).unwrap();
        assert_eq!(edited, b"a\r\nB\nc\r\nd\r\n");
        let unified = format.with_line_ending(LineEnding::Lf);
        assert_eq!(encode(&text, &unified).unwrap(), b"a\nb\nc\n");
    }

    fn encodings() -> impl Strategy<Value = TextEncoding> {
        prop::sample::select(vec![
            "utf-8",
            "utf-16le",
            "utf-16be",
            "windows-1252",
            "windows-1251",
            "iso-8859-15",
            "shift_jis",
            "euc-jp",
            "gbk",
            "big5",
            "euc-kr",
            "koi8-r",
        ])
        .prop_map(|label| TextEncoding::for_label(label).expect("a known label"))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn whatever_decodes_encodes_to_the_same_bytes(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            if let Ok((text, format)) = decode(bytes.clone()) {
                prop_assert_eq!(encode(&text, &format).unwrap(), bytes);
            }
        }

        #[test]
        fn text_in_any_encoding_survives(
            text in r"([a-zé日я ,.\t]{0,30}(\r|\n|\r\n)?){0,6}",
            encoding in encodings(),
            mark in any::<bool>(),
        ) {
            if let Ok(content) = encoding.encode(&text) {
                let mut bytes = if mark { encoding.mark().to_vec() } else { Vec::new() };
                bytes.extend(content);
                if let Ok((text, format)) = decode(bytes.clone()) {
                    prop_assert_eq!(encode(&text, &format).unwrap(), bytes);
                }
            }
        }

        #[test]
        fn any_text_with_lf_ends_survives_every_unicode_format(
            // Without the characters that stand for bytes.
            text in r"[^\x00-\x08\x0B\r\x0E-\x1F\x7F\u{10FF80}-\u{10FFFF}]{0,60}",
            encoding in prop::sample::select(vec![
                TextEncoding::UTF_8, TextEncoding::UTF_16LE, TextEncoding::UTF_16BE,
            ]),
            line_ending in prop::sample::select(vec![LineEnding::Lf, LineEnding::CrLf]),
        ) {
            let format = TextFormat::new(encoding, true, line_ending);
            let (again, _) = decode(encode(&text, &format).unwrap()).unwrap();
            prop_assert_eq!(again, text);
        }
    }
}
