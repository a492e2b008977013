//! Reading a file, or some of its lines.

use serde_json::{Value, json};

use super::{Output, ToolContext, arguments, schema};

/// Larger files are not read whole, in bytes.
const MAX_FILE_BYTES: u64 = 32 << 20;

pub(super) fn describe() -> (&'static str, &'static str, Value) {
    (
        "Read a text file of the project. Returns its exact text. Give start_line and end_line for a part of a long file.",
        "Read a file.",
        schema(
            json!({
                "path": {"type": "string", "description": "Path relative to the project folder"},
                "start_line": {"type": "integer", "description": "First line to read, counted from 1"},
                "end_line": {"type": "integer", "description": "Last line to read, inclusive"},
            }),
            &["path"],
        ),
    )
}

pub(super) async fn run(call: &Value, context: &ToolContext<'_>) -> Result<Output, String> {
    let path = context
        .folder
        .existing(&arguments::path(call)?)
        .map_err(|error| error.to_string())?;
    let start = arguments::number(call, "start_line")?.unwrap_or(1).max(1);
    let end = arguments::number(call, "end_line")?.unwrap_or(u64::MAX);
    if end < start {
        return Err(format!("end_line {end} comes before start_line {start}"));
    }
    let shown = path.shown();
    if let Ok(metadata) = context.host.fs().metadata(&path.absolute)
        && metadata.size > MAX_FILE_BYTES
    {
        return Err(format!(
            "{shown} has {} MB, more than the {} MB that can be read. Search in it with grep_search",
            metadata.size.div_ceil(1 << 20),
            MAX_FILE_BYTES >> 20
        ));
    }
    let text = context
        .host
        .read(&path.absolute)
        .await
        .map_err(|error| error.to_string())?
        .text;
    if text.is_empty() {
        return Ok(Output::success("Empty", format!("{shown} is empty.")));
    }
    Ok(excerpt(
        &shown,
        &text,
        start,
        end,
        context.limits.output_bytes,
    ))
}

/// The lines `start..=end` of a text, as many as fit.
fn excerpt(shown: &str, text: &str, start: u64, end: u64, limit: usize) -> Output {
    let total = text.lines().count() as u64;
    if start > total {
        return Output::error(format!("{shown} has only {total} lines"));
    }
    let mut out = String::new();
    let mut last = start - 1;
    let mut cut_line = false;
    for line in text
        .split_inclusive('\n')
        .skip(usize::try_from(start - 1).unwrap_or(usize::MAX))
        .take(usize::try_from(end.saturating_sub(start).saturating_add(1)).unwrap_or(usize::MAX))
    {
        if out.len() + line.len() > limit {
            if out.is_empty() {
                let mut cut = limit.min(line.len());
                while !line.is_char_boundary(cut) {
                    cut -= 1;
                }
                out.push_str(&line[..cut]);
                last += 1;
                cut_line = true;
            }
            break;
        }
        out.push_str(line);
        last += 1;
    }
    let whole = start == 1 && last == total && !cut_line;
    let mut answer = if whole {
        format!("{shown}, all {total} lines:\n")
    } else {
        format!("{shown}, lines {start} to {last} of {total}:\n")
    };
    answer.push_str(&out);
    if !answer.ends_with('\n') {
        answer.push('\n');
    }
    if cut_line {
        answer.push_str("[the line is longer than this]\n");
    }
    if last < end.min(total) {
        answer.push_str(&format!("[more from line {}]\n", last + 1));
    }
    let summary = if whole {
        format!("{total} lines")
    } else {
        format!("Lines {start}–{last} of {total}")
    };
    Output::success(summary, answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_inclusive_and_say_what_is_left() {
        let text = "one\ntwo\nthree";
        let read = |start, end, limit| excerpt("a", text, start, end, limit).text;
        assert_eq!(read(1, u64::MAX, 100), "a, all 3 lines:\none\ntwo\nthree\n");
        assert_eq!(read(2, 2, 100), "a, lines 2 to 2 of 3:\ntwo\n");
        assert_eq!(
            read(1, u64::MAX, 9),
            "a, lines 1 to 2 of 3:\none\ntwo\n[more from line 3]\n"
        );
        assert_eq!(
            read(3, u64::MAX, 2),
            "a, lines 3 to 3 of 3:\nth\n[the line is longer than this]\n"
        );
        assert!(!excerpt("a", text, 4, 9, 100).ok);
    }
}
