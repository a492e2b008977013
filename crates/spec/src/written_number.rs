//! Numbers of JSON as they are written: the task number `1.10` is not the number 1.1.

use std::borrow::Cow;

/// `json` with every number made a string of the characters that it is written with, so that
/// nothing of them is lost in parsing. Only what is a number by RFC 8259, section 6, is changed:
/// what is no JSON stays none.
pub(crate) fn numbers_as_text(json: &str) -> Cow<'_, str> {
    let bytes = json.as_bytes();
    let mut out = String::new();
    // Where what is not in `out` yet begins.
    let mut kept = 0;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' => at = end_of_string(bytes, at),
            b'-' | b'0'..=b'9' => {
                let end = end_of_word(bytes, at);
                let word = &json[at..end];
                if is_number(word) {
                    out.push_str(&json[kept..at]);
                    out.push('"');
                    out.push_str(word);
                    out.push('"');
                    kept = end;
                }
                at = end;
            }
            // A word that is none of JSON's: not a number in the middle of it.
            _ if is_word(byte) => at = end_of_word(bytes, at),
            _ => at += 1,
        }
    }
    if kept == 0 {
        return Cow::Borrowed(json);
    }
    out.push_str(&json[kept..]);
    Cow::Owned(out)
}

/// Behind the string whose opening quote is at `start`.
fn end_of_string(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.' | b'_') || byte >= 0x80
}

fn end_of_word(bytes: &[u8], start: usize) -> usize {
    let rest = &bytes[start..];
    let length = rest.iter().position(|byte| !is_word(*byte));
    start + length.unwrap_or(rest.len())
}

/// RFC 8259, section 6.
fn is_number(word: &str) -> bool {
    let word = word.strip_prefix('-').unwrap_or(word);
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (mantissa, exponent) = match word.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (word, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    digits(whole)
        && (whole.len() == 1 || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(|text| digits(text.strip_prefix(['+', '-']).unwrap_or(text)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::Value;

    #[test]
    fn numbers_keep_how_they_are_written_and_nothing_else_changes() {
        assert_eq!(
            numbers_as_text(r#"{"a": [1.10, -2e+3 , "1.10\" 7", true], "ä": 0}"#),
            r#"{"a": ["1.10", "-2e+3" , "1.10\" 7", true], "ä": "0"}"#
        );
        for same in [
            "", "[01]", "[1.]", "[-]", "[x1.10]", "[1.1.1]", "\"1", "\"\\", "1.10é",
        ] {
            assert_eq!(numbers_as_text(same), same);
        }
    }

    /// Every number of a value, as a text.
    fn as_text(value: Value) -> Value {
        match value {
            Value::Number(number) => Value::String(number.to_string()),
            Value::Array(values) => values.into_iter().map(as_text).collect(),
            Value::Object(fields) => {
                let fields = fields
                    .into_iter()
                    .map(|(name, value)| (name, as_text(value)));
                Value::Object(fields.collect())
            }
            other => other,
        }
    }

    fn json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::Bool),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            "[a-z0-9.\"\\\\ ä-]{0,8}".prop_map(Value::String),
        ];
        leaf.prop_recursive(3, 24, 4, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
                proptest::collection::vec(("[a-z0-9\"]{0,4}", inner), 0..4)
                    .prop_map(|fields| Value::Object(fields.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn all_but_the_numbers_reads_alike(value in json()) {
            let text = serde_json::to_string_pretty(&value).unwrap();
            let read: Value = serde_json::from_str(&numbers_as_text(&text)).unwrap();
            prop_assert_eq!(read, as_text(value));
        }

        #[test]
        fn what_is_no_json_stays_none(text in "[\\[\\]{}:,\"0-9.eE+\\- a-zä\\\\]{0,24}") {
            let is_json = |text: &str| serde_json::from_str::<Value>(text).is_ok();
            let readable = is_json(&numbers_as_text(&text));
            let too_large = serde_json::from_str::<Value>(&text)
                .is_err_and(|error| error.to_string().contains("out of range"));
            prop_assert!(readable == is_json(&text) || too_large, "{}", text);
        }
    }
}
