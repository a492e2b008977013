//! Finding lines by what is in them.

use std::io;
use std::sync::Arc;

use search::{TextLimits, TextQuery, TextSearch};
use serde_json::{Value, json};

use super::{Output, ToolContext, arguments, cancellable, schema};
use crate::visible;

/// How many lines are listed.
const MAX_LINES: usize = 200;
/// How many lines of one file are listed.
const MAX_LINES_A_FILE: usize = 40;
/// How much of a line is shown, in characters.
const MAX_LINE_CHARACTERS: usize = 240;

pub(super) fn describe() -> (&'static str, &'static str, Value) {
    (
        "Search the project's files for a regular expression (Rust syntax). Lists path, line number and line. Files that .gitignore excludes are left out.",
        "Search files for a regular expression.",
        schema(
            json!({
                "pattern": {"type": "string", "description": "The regular expression"},
                "include": {"type": "string", "description": "Only files whose path matches this glob, such as src/**/*.rs"},
                "literal": {"type": "boolean", "description": "Take the pattern as plain text"},
            }),
            &["pattern"],
        ),
    )
}

pub(super) async fn run(call: &Value, context: &ToolContext<'_>) -> Result<Output, String> {
    let pattern = arguments::text(call, &["pattern", "query", "regex"])?;
    if pattern.is_empty() {
        return Err("The pattern is empty".to_owned());
    }
    let mut query = if arguments::flag(call, "literal") {
        TextQuery::literal(pattern.clone())
    } else {
        TextQuery::regex(pattern.clone())
    };
    if let Ok(include) = arguments::text(call, &["include", "path", "glob"])
        && !matches!(include.trim(), "" | "." | "./" | "*" | "**")
    {
        query.include = vec![include.trim().trim_start_matches("./").to_owned()];
    }
    let search = TextSearch::new(&query).map_err(|error| error.to_string())?;
    let limits = TextLimits {
        lines: MAX_LINES,
        lines_a_file: MAX_LINES_A_FILE,
        ..TextLimits::default()
    };
    let root = context.folder.root().to_owned();
    let fs = Arc::clone(context.host.fs());
    let unsaved = context
        .host
        .unsaved()
        .await
        .map_err(|error| error.to_string())?;
    let found = cancellable(context.cancel, move |cancel| {
        // What the user sees counts, not what the disk has.
        let texts = unsaved
            .into_iter()
            .filter_map(|(path, text)| {
                let path = path.strip_prefix(&root).ok()?.to_str()?.to_owned();
                Some((path, text))
            })
            .collect();
        let folder = root.clone();
        let search = search
            .with_texts(texts)
            .with_opener(move |path| fs.open_beneath(&folder, path).map_err(io::Error::other));
        search.search_folder(&root, &limits, cancel)
    })
    .await?;
    let mut text = String::new();
    for file in &found.files {
        for line in &file.lines {
            text.push_str(&format!(
                "{}:{}: {}\n",
                visible::line(&file.path),
                line.line,
                visible::shorten(&visible::line(line.text.trim_end()), MAX_LINE_CHARACTERS)
            ));
        }
        if file.has_more {
            text.push_str(&format!("[more in {}]\n", visible::line(&file.path)));
        }
    }
    let lines = found.line_count();
    if lines == 0 {
        text = format!(
            "Nothing matches `{}` in {} files.\n",
            visible::line(&pattern),
            found.searched
        );
    }
    if !found.is_complete {
        text.push_str("[there is more; narrow the search]\n");
    }
    Ok(Output::success(
        match lines {
            1 => "1 line".to_owned(),
            _ => format!("{lines} lines in {} files", found.files.len()),
        },
        text,
    ))
}
