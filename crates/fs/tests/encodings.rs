//! Which encoding a file that names none is read in.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use fs::{DecodeError, TextEncoding, decode, encode};

/// The bytes of a text in an encoding, without a mark.
fn bytes(label: &str, text: &str) -> Vec<u8> {
    match label {
        "utf-16le" => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        "utf-16be" => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        _ => {
            let encoding = encoding_rs::Encoding::for_label(label.as_bytes()).unwrap();
            let (bytes, _, lacks) = encoding.encode(text);
            assert!(!lacks, "{label} lacks something of {text:?}");
            bytes.into_owned()
        }
    }
}

/// Reads bytes, and makes sure that they would be written back as they are.
fn read(bytes: Vec<u8>) -> Result<(String, &'static str), DecodeError> {
    let (text, format) = decode(bytes.clone())?;
    assert_eq!(encode(&text, &format).unwrap(), bytes, "{text:?}");
    Ok((text, format.encoding.name()))
}

#[test]
fn a_few_western_characters_are_read_as_windows_1252() {
    for text in [
        "café",
        "naïve",
        "Müller",
        "façade",
        "señor, ¿qué?",
        "Straße",
        "ÄÖÜ",
        "Île",
        "œuvre",
        "Þór",
        "São Paulo",
        "L’été",
        "“quoted”",
        "it’s",
        "a — b",
        "…",
        "• item",
        "€",
        "50 €",
        "£5",
        "¥100",
        "© 2024",
        "® Foo",
        "™",
        "25 °C",
        "§ 5",
        "±0.5",
        "±0.5 ±0.6 ±0.7 ±0.8",
        "µm",
        "naïve 5 µm",
        "5 µm, 6 µm, 7 µm",
        "10 µs ± 2",
        "½ cup",
        "x²",
        "¹²³",
        "1º 2ª",
        "x ÷ y × z",
        "«citation»",
        "‹a›",
        "¡",
        "¿",
        "¬",
        "·",
        "TÜV",
        "# Größe\nkey=1\n",
        "// the naïve way is naïve\n",
    ] {
        let read = read(bytes("windows-1252", text)).unwrap();
        assert_eq!(read, (text.to_owned(), "windows-1252"));
    }
    // No byte is without a meaning, whatever they are.
    for odd in [&b"\xFF"[..], b"\x9B", b"\xDC\xDC", b"\xB6\xC5"] {
        assert_eq!(read(odd.to_vec()).unwrap().1, "windows-1252", "{odd:?}");
    }
    // These are no characters there, which speaks for bytes that are no text.
    for odd in [&b"a \x81 b"[..], b"x \x90\x9D y"] {
        assert_eq!(read(odd.to_vec()).unwrap().1, "UTF-8", "{odd:?}");
    }
}

#[test]
fn words_of_another_script_name_its_encoding() {
    for (label, name, text) in [
        ("windows-1251", "windows-1251", "Привет"),
        ("windows-1251", "windows-1251", "// Сохранить файл\n"),
        ("koi8-u", "KOI8-U", "Привет, мир"),
        ("ibm866", "IBM866", "Ошибка при чтении файла\n"),
        ("iso-8859-5", "ISO-8859-5", "Привет, мир"),
        ("windows-1253", "windows-1253", "Καλημέρα κόσμε"),
        ("windows-1255", "windows-1255", "שלום עולם"),
        ("windows-1256", "windows-1256", "مرحبا بالعالم"),
        ("windows-1250", "windows-1250", "Příliš žluťoučký kůň"),
        ("windows-1250", "windows-1250", "zażółć"),
        ("iso-8859-2", "ISO-8859-2", "Łódź jest piękna"),
        ("windows-1254", "windows-1254", "ağaç, iş, kapı"),
        ("windows-1257", "windows-1257", "Ąžuolas šlama"),
        ("shift_jis", "Shift_JIS", "日本"),
        ("shift_jis", "Shift_JIS", "// テスト\nint a;\n"),
        ("euc-jp", "EUC-JP", "日本語"),
        ("gbk", "GBK", "中文"),
        ("gbk", "GBK", "// 初始化\nint a;\n"),
        ("big5", "Big5", "這是一個測試文件，請不要刪除。\n"),
        ("euc-kr", "EUC-KR", "한국어"),
    ] {
        let read = read(bytes(label, text)).unwrap();
        assert_eq!(read, (text.to_owned(), name));
    }
}

#[test]
fn utf16_without_a_mark_is_read_in_every_script() {
    for text in [
        "café",
        "fn main() {}\n",
        "Привет, мир\n",
        "שלום עולם",
        "日本語のテキスト\n",
        "中文，测试。\n",
        "한국어 문장\n",
    ] {
        for (label, name) in [("utf-16le", "UTF-16LE"), ("utf-16be", "UTF-16BE")] {
            let read = read(bytes(label, text)).unwrap();
            assert_eq!(read, (text.to_owned(), name));
        }
    }
}

#[test]
fn binary_data_is_no_text() {
    // Text with zeros in it, of which every two bytes could be a Chinese character.
    for text in [&b"text and \0 "[..], b"caf\xE9 and \0 "] {
        let text = text.repeat(20);
        assert_eq!(decode(text.clone()), Err(DecodeError::Binary), "{text:?}");
    }
    // Counters of two bytes, samples of sound, and noise, all with zeros.
    let counters: Vec<u8> = (0..512_u16).flat_map(u16::to_le_bytes).collect();
    let samples = (0..512_i16).map(|at| (at % 9) - 4);
    let samples: Vec<u8> = samples.flat_map(i16::to_le_bytes).collect();
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let noise: Vec<u8> = (0..4096)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 32) as u8
        })
        .collect();
    for (name, bytes) in [
        ("counters", counters),
        ("samples", samples),
        ("noise", noise),
    ] {
        assert_eq!(decode(bytes), Err(DecodeError::Binary), "{name}");
    }
}

/// The guess looks at the beginning alone, which may end within a character.
#[test]
fn a_large_text_is_read_as_a_small_one() {
    let encoding = TextEncoding::for_label("shift_jis").unwrap();
    for start in ["", "a"] {
        let text = format!("{start}{}", "日本語のテキストを編集する。\n".repeat(12_000));
        let read = read(bytes("shift_jis", &text)).unwrap();
        assert_eq!(read.1, encoding.name());
        assert!(read.0 == text);
    }
}
