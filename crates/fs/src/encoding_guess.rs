//! The encoding of text that does not say which one it has.

use std::collections::BTreeSet;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{UTF_16BE, UTF_16LE};

use crate::encoding::{TextEncoding, looks_binary};

/// How much of a file a guess looks at, in bytes.
const SAMPLE: usize = 256 * 1024;

/// How many letters of words another Latin alphabet than the Western one has to explain.
const LATIN_LETTERS: usize = 3;
/// How many different ones of them.
const LATIN_ALPHABET: usize = 2;
/// How many letters in a row make a word of another script.
const WORD: usize = 4;

/// UTF-16 without a mark, with its text. Its spaces and line ends have a zero byte each, always on
/// the same side, and what it says is mostly letters: binary formats have zeros everywhere.
pub(crate) fn utf16(bytes: &[u8]) -> Option<(TextEncoding, String)> {
    if bytes.len() < 4 || !bytes.len().is_multiple_of(2) {
        return None;
    }
    let encoding = begins_like_utf16(bytes)?;
    let text = encoding.decode(bytes)?;
    let written = |character: &char| {
        character.is_alphanumeric()
            || character.is_whitespace()
            || character.is_ascii()
            // General, and that of Chinese and Japanese (Unicode 16, Blocks.txt).
            || matches!(character, '\u{A0}'..='\u{BF}' | '\u{2000}'..='\u{206F}' | '\u{3000}'..='\u{303F}' | '\u{FF00}'..='\u{FF65}')
    };
    let (mut all, mut understood) = (0_usize, 0_usize);
    for character in text.chars() {
        all += 1;
        understood += usize::from(written(&character));
    }
    (understood * 10 >= all * 9 && !looks_binary(&text)).then_some((encoding, text))
}

/// The UTF-16 that the zeros in the first 256 KiB are those of. Without it the whole is no UTF-16.
pub(crate) fn begins_like_utf16(bytes: &[u8]) -> Option<TextEncoding> {
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    let zeros = |offset: usize| {
        let side = sample.iter().skip(offset).step_by(2);
        side.filter(|&&byte| byte == 0).count()
    };
    let (encoding, zeros) = match (zeros(0), zeros(1)) {
        (first, second) if second > 0 && first * 20 <= second => (UTF_16LE, second),
        (first, second) if first > 0 && second * 20 <= first => (UTF_16BE, first),
        _ => return None,
    };
    // Where most characters have a zero they are Latin. Other text with a zero here and there is not
    // to be read as Chinese, which two letters of ASCII make.
    let ascii = |byte: &&u8| matches!(byte, b'\t' | b'\n' | b'\r' | b' '..=b'~');
    let is_latin = zeros * 6 >= sample.len();
    if !is_latin && sample.iter().filter(ascii).count() * 4 >= (sample.len() - zeros) * 3 {
        return None;
    }
    Some(TextEncoding::of_raw(encoding))
}

/// The most likely encoding of text that is not Unicode. Where little speaks for another one, that
/// is windows-1252, which most such text is in and in which every byte means something.
pub(crate) fn legacy(bytes: &[u8]) -> TextEncoding {
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    // Where the sample is cut, the last character may be, too.
    detector.feed(sample, sample.len() == bytes.len());
    let guess = TextEncoding::of_raw(detector.guess(None, Utf8Detection::Deny));
    match is_supported(guess, sample) {
        true => guess,
        false => TextEncoding::WINDOWS_1252,
    }
}

/// Whether every byte is a character of windows-1252; it leaves five of them out.
pub(crate) fn is_western(bytes: &[u8]) -> bool {
    let left_out = |byte: &u8| matches!(byte, 0x81 | 0x8D | 0x8F | 0x90 | 0x9D);
    !bytes.iter().any(left_out)
}

/// Whether enough of the text speaks for an encoding. The guess takes a single sign such as the one
/// of a micrometre for a letter of Chinese, Cyrillic or Polish.
fn is_supported(encoding: TextEncoding, sample: &[u8]) -> bool {
    if encoding == TextEncoding::WINDOWS_1252 {
        return true;
    }
    let text = encoding.decode_with_replacement(sample);
    match encoding.name() {
        "windows-1250" | "windows-1254" | "windows-1257" | "windows-1258" | "ISO-8859-2"
        | "ISO-8859-4" | "ISO-8859-13" => has_words_of_another_latin(&text, sample),
        "GBK" | "gb18030" | "Big5" | "EUC-JP" | "EUC-KR" | "Shift_JIS" => has_run(&text, 2),
        _ => has_run(&text, WORD),
    }
}

/// Whether as many characters beyond ASCII that can be in a word stand side by side.
fn has_run(text: &str, length: usize) -> bool {
    let mut run = 0;
    text.chars().any(|character| {
        run = match !character.is_ascii() && character.is_alphabetic() {
            true => run + 1,
            false => 0,
        };
        run >= length
    })
}

/// Whether the bytes that mean something else in windows-1252 are letters of words. Guillemets stand
/// beside letters, too.
fn has_words_of_another_latin(text: &str, sample: &[u8]) -> bool {
    let western = TextEncoding::WINDOWS_1252.decode_with_replacement(sample);
    let (mut letters, mut alphabet) = (0, BTreeSet::new());
    let mut before = ' ';
    let mut rest = text.chars().zip(western.chars()).peekable();
    while let Some((here, western)) = rest.next() {
        let after = rest.peek().map_or(' ', |(character, _)| *character);
        if here != western
            && here.is_alphabetic()
            && !matches!(western, '\u{AB}' | '\u{BB}')
            && (before.is_alphabetic() || after.is_alphabetic())
        {
            letters += 1;
            alphabet.insert(here);
        }
        before = here;
    }
    letters >= LATIN_LETTERS && alphabet.len() >= LATIN_ALPHABET
}
