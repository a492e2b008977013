//! Finding files by a part of their name.

use search::{FileList, WalkLimits};
use serde_json::{Value, json};

use super::{Output, ToolContext, arguments, cancellable, schema};
use crate::visible;

/// How many files are listed.
const MAX_FILES: usize = 50;

pub(super) fn describe() -> (&'static str, &'static str, Value) {
    (
        "Find files of the project by a part of their path, fuzzily, the best match first. Files that .gitignore excludes are left out.",
        "Find files by a part of their name.",
        schema(
            json!({
                "query": {"type": "string", "description": "A part of the path, such as usrctl for src/user_controller.rs"},
            }),
            &["query"],
        ),
    )
}

pub(super) async fn run(call: &Value, context: &ToolContext<'_>) -> Result<Output, String> {
    let query = arguments::text(call, &["query", "pattern", "name"])?;
    if query.trim().is_empty() {
        return Err("The query is empty".to_owned());
    }
    let root = context.folder.root().to_owned();
    let wanted = query.clone();
    let (found, complete) = cancellable(context.cancel, move |cancel| {
        let files = FileList::read(&root, &WalkLimits::default(), cancel);
        (
            files.find(wanted.trim(), MAX_FILES, cancel),
            files.is_complete(),
        )
    })
    .await?;
    let mut text = String::new();
    for file in &found {
        text.push_str(&visible::line(&file.path));
        text.push('\n');
    }
    if found.is_empty() {
        text = format!("No file matches `{}`.\n", visible::line(&query));
    }
    if found.len() == MAX_FILES {
        text.push_str("[there may be more; use a longer query]\n");
    }
    if !complete {
        text.push_str("[the project is too large: not all of it was searched]\n");
    }
    Ok(Output::success(
        match found.len() {
            1 => "1 file".to_owned(),
            count => format!("{count} files"),
        },
        text,
    ))
}
