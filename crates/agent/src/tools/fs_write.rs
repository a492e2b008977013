//! Creating a file, or replacing all of its text.

use serde_json::{Value, json};

use super::{PlannedWrite, ToolContext, arguments, schema};

/// The longest text that a model may write, in bytes.
const MAX_TEXT_BYTES: usize = 4 << 20;

/// The names by which models give the text.
pub(super) const CONTENT: &[&str] = &["content", "text", "contents", "file_text"];

pub(super) fn describe() -> (&'static str, &'static str, Value) {
    (
        "Create a file, or replace the whole text of an existing one. Missing folders are created. To change a part of a file use str_replace instead.",
        "Create or replace a file.",
        schema(
            json!({
                "path": {"type": "string", "description": "Path relative to the project folder"},
                "content": {"type": "string", "description": "The complete new text of the file"},
            }),
            &["path", "content"],
        ),
    )
}

pub(super) async fn plan(call: &Value, context: &ToolContext<'_>) -> Result<PlannedWrite, String> {
    let named = arguments::path(call)?;
    let text = normal(&arguments::text(call, CONTENT)?);
    check_text(&text)?;
    let path = context
        .folder
        .writable(&named)
        .map_err(|error| error.to_string())?;
    if path.relative.as_os_str().is_empty() || path.absolute.is_dir() {
        return Err(format!("{} is a folder, not a file", path.shown()));
    }
    let base = context
        .host
        .read_if_exists(&path.absolute)
        .await
        .map_err(|error| error.to_string())?
        .map(|current| current.text);
    Ok(PlannedWrite {
        path,
        named,
        base,
        text,
        left: None,
    })
}

/// Text in memory has LF line ends; a file keeps its own when it is saved.
pub(super) fn normal(text: &str) -> String {
    text.replace("\r\n", "\n")
}

pub(super) fn check_text(text: &str) -> Result<(), String> {
    if text.len() > MAX_TEXT_BYTES {
        return Err(format!(
            "The text is longer than {} MB",
            MAX_TEXT_BYTES >> 20
        ));
    }
    if text.contains('\0') {
        return Err("The text holds a NUL character, which no text file does".to_owned());
    }
    Ok(())
}
