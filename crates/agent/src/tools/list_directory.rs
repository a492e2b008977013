//! Listing a folder.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{Output, ToolContext, arguments, schema};
use crate::host::blocking;
use crate::visible;

/// How many entries are listed.
const MAX_ENTRIES: usize = 400;

pub(super) fn describe() -> (&'static str, &'static str, Value) {
    (
        "List the files and folders in a folder of the project. Folders end with a slash. Files that .gitignore excludes are marked.",
        "List a folder.",
        schema(
            json!({
                "path": {"type": "string", "description": "Path relative to the project folder; . is the project folder itself"},
            }),
            &["path"],
        ),
    )
}

pub(super) async fn run(call: &Value, context: &ToolContext<'_>) -> Result<Output, String> {
    let named = arguments::path(call).unwrap_or_else(|_| ".".to_owned());
    let named = if named.trim().is_empty() {
        ".".to_owned()
    } else {
        named
    };
    let path = context
        .folder
        .existing(&named)
        .map_err(|error| error.to_string())?;
    let fs = Arc::clone(context.host.fs());
    let (root, relative) = (context.folder.root().to_owned(), path.relative.clone());
    let entries = blocking(move || fs.read_dir_beneath(&root, &relative))
        .await
        .map_err(|error| error.to_string())?
        .map_err(|error| error.to_string())?;
    let total = entries.len();
    let mut text = format!("{}:\n", path.shown());
    for entry in entries.iter().take(MAX_ENTRIES) {
        text.push_str(&visible::line(&entry.name));
        if entry.is_dir {
            text.push('/');
        }
        if entry.is_symlink {
            text.push_str(" (link)");
        }
        if entry.is_ignored {
            text.push_str(" (ignored)");
        }
        text.push('\n');
    }
    if total == 0 {
        text.push_str("(empty)\n");
    }
    if total > MAX_ENTRIES {
        text.push_str(&format!("[{} more]\n", total - MAX_ENTRIES));
    }
    Ok(Output::success(
        match total {
            1 => "1 entry".to_owned(),
            _ => format!("{total} entries"),
        },
        text,
    ))
}
