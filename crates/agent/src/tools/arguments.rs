//! Reading a call's arguments. Models write numbers as text and use other
//! names for a path; what is meant is clear then, so it is taken.

use serde_json::Value;

/// A text argument under the first of these names that is there.
pub(super) fn text(arguments: &Value, names: &[&str]) -> Result<String, String> {
    names
        .iter()
        .find_map(|name| arguments.get(name))
        .ok_or_else(|| format!("The argument `{}` is missing", names[0]))
        .and_then(|value| match value {
            Value::String(text) => Ok(text.clone()),
            Value::Number(number) => Ok(number.to_string()),
            _ => Err(format!("The argument `{}` must be a text", names[0])),
        })
}

/// The path argument.
pub(super) fn path(arguments: &Value) -> Result<String, String> {
    text(
        arguments,
        &["path", "file_path", "file", "filename", "directory", "dir"],
    )
}

/// An optional positive whole number.
pub(super) fn number(arguments: &Value, name: &str) -> Result<Option<u64>, String> {
    match arguments.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => value
            .as_u64()
            .or_else(|| value.as_str().and_then(|text| text.trim().parse().ok()))
            .or_else(|| {
                value
                    .as_f64()
                    .filter(|number| *number >= 0.0 && number.fract() == 0.0)
                    .map(|number| number as u64)
            })
            .map(Some)
            .ok_or_else(|| format!("The argument `{name}` must be a positive whole number")),
    }
}

/// An optional yes or no; no where it is missing.
pub(super) fn flag(arguments: &Value, name: &str) -> bool {
    match arguments.get(name) {
        Some(Value::Bool(value)) => *value,
        Some(Value::String(text)) => text.eq_ignore_ascii_case("true"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_meant_is_taken() {
        let arguments = json!({"file_path": "a", "n": "12", "f": 3.0, "yes": "True", "bad": []});
        assert_eq!(path(&arguments).unwrap(), "a");
        assert_eq!(number(&arguments, "n").unwrap(), Some(12));
        assert_eq!(number(&arguments, "f").unwrap(), Some(3));
        assert_eq!(number(&arguments, "none").unwrap(), None);
        assert!(flag(&arguments, "yes"));
        assert!(number(&arguments, "bad").is_err());
        assert!(text(&arguments, &["bad"]).unwrap_err().contains("bad"));
        assert!(path(&json!({})).unwrap_err().contains("`path` is missing"));
    }
}
