//! Replacing a piece of a file's text.

use serde_json::{Value, json};

use super::fs_write::{check_text, normal};
use super::{PlannedWrite, ToolContext, arguments, schema};

pub(super) fn describe() -> (&'static str, &'static str, Value) {
    (
        "Replace a piece of a file. old_str must be copied exactly from the file, white space included, and must occur once; add lines around it until it does.",
        "Replace old_str, copied exactly from the file, by new_str.",
        schema(
            json!({
                "path": {"type": "string", "description": "Path relative to the project folder"},
                "old_str": {"type": "string", "description": "The exact text to replace"},
                "new_str": {"type": "string", "description": "The text to put in its place; empty removes it"},
                "replace_all": {"type": "boolean", "description": "Replace every occurrence"},
            }),
            &["path", "old_str", "new_str"],
        ),
    )
}

pub(super) async fn plan(call: &Value, context: &ToolContext<'_>) -> Result<PlannedWrite, String> {
    let named = arguments::path(call)?;
    let old = normal(&arguments::text(call, &["old_str", "old_string", "old"])?);
    let new = normal(&arguments::text(call, &["new_str", "new_string", "new"])?);
    let all = arguments::flag(call, "replace_all");
    let path = context
        .folder
        .existing(&named)
        .map_err(|error| error.to_string())?;
    if path.absolute.is_dir() {
        return Err(format!("{} is a folder, not a file", path.shown()));
    }
    let base = context
        .host
        .read(&path.absolute)
        .await
        .map_err(|error| error.to_string())?
        .text;
    let text = replace(&base, &old, &new, all, &path.shown())?;
    check_text(&text)?;
    Ok(PlannedWrite {
        path,
        named,
        base: Some(base),
        text,
        left: None,
    })
}

fn replace(base: &str, old: &str, new: &str, all: bool, shown: &str) -> Result<String, String> {
    if old.is_empty() {
        return Err("old_str is empty. Use fs_write to create a file".to_owned());
    }
    if old == new {
        return Err("old_str and new_str are the same".to_owned());
    }
    match base.matches(old).count() {
        0 => Err(not_found(base, old, shown)),
        1 => Ok(base.replacen(old, new, 1)),
        _ if all => Ok(base.replace(old, new)),
        count => Err(format!(
            "old_str occurs {count} times in {shown}. Add lines around it until it occurs once, or set replace_all"
        )),
    }
}

/// Why nothing was found, with what the file holds there where that can be
/// told: most often the white space is wrong.
fn not_found(base: &str, old: &str, shown: &str) -> String {
    let squeezed = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    let wanted: Vec<String> = old.trim_matches('\n').lines().map(squeezed).collect();
    let lines: Vec<&str> = base.lines().collect();
    let found = (!wanted.is_empty() && wanted.len() <= lines.len())
        .then(|| {
            lines.windows(wanted.len()).position(|window| {
                window
                    .iter()
                    .zip(&wanted)
                    .all(|(line, wanted)| squeezed(line) == *wanted)
            })
        })
        .flatten();
    match found {
        Some(row) => format!(
            "old_str is not in {shown}, but lines {} to {} differ from it in white space alone. They are exactly:\n{}\n",
            row + 1,
            row + wanted.len(),
            lines[row..row + wanted.len()].join("\n")
        ),
        None => format!("old_str is not in {shown}. Read the file and copy the text exactly"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_must_occur_once_or_all_are_meant() {
        let run = |old, new, all| replace("a b a\n", old, new, all, "f");
        assert_eq!(run("b", "c", false).unwrap(), "a c a\n");
        assert_eq!(run("a", "x", true).unwrap(), "x b x\n");
        assert!(run("a", "x", false).unwrap_err().contains("2 times"));
        assert!(run("", "x", false).is_err());
        assert!(run("a", "a", false).is_err());
        assert!(run("nope", "x", false).unwrap_err().contains("not in f"));
    }

    #[test]
    fn wrong_white_space_is_answered_with_the_right_one() {
        let base = "fn a() {\n\tone();\n\ttwo();\n}\n";
        let message = replace(base, "    one();\n    two();\n", "x", false, "f").unwrap_err();
        assert!(message.contains("lines 2 to 3"), "{message}");
        assert!(message.contains("\tone();\n\ttwo();"), "{message}");
    }
}
