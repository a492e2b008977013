//! Snippet files in VS Code's format.
//!
//! A file is an object of snippets by name. `rust.json` holds those of one language, by its
//! identifier; a `*.code-snippets` file holds those of the languages that each one's `scope` names,
//! or of all.

use serde_json::Value;

use crate::jsonc;
use crate::layers::{SettingsProblem, Unapplied};

/// Snippets read from one file at most.
const MAX_SNIPPETS: usize = 2000;

/// The longest body, in bytes.
const MAX_BODY: usize = 64 * 1024;

/// The longest prefix, in bytes.
const MAX_PREFIX: usize = 128;

/// One snippet of a file. Its body is not yet parsed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SnippetEntry {
    /// Its name, the key in the file.
    pub name: String,
    /// What is typed to get it; none where it is only inserted by name.
    pub prefixes: Vec<String>,
    /// The text in the snippet grammar, with line feeds.
    pub body: String,
    /// What it is for.
    pub description: Option<String>,
    /// The identifiers of the languages that it is for; all where it is empty.
    pub languages: Vec<String>,
}

impl SnippetEntry {
    /// Whether it is offered in a language.
    pub fn is_for(&self, language: &str) -> bool {
        self.languages.is_empty() || self.languages.iter().any(|known| known == language)
    }
}

/// Reads a snippet file; `file_name` says whose it is, as in VS Code. What makes no sense is listed
/// and left out.
pub fn parse_snippet_file(
    file_name: &str,
    text: &str,
) -> (Vec<SnippetEntry>, Vec<SettingsProblem>) {
    let mut problems = Vec::new();
    let mut problem = |line, column, unapplied, message: String| {
        problems.push(SettingsProblem {
            layer: file_name.to_string(),
            line,
            column,
            unapplied,
            message,
        });
    };
    let language = file_name.strip_suffix(".json");
    let mut entries = Vec::new();
    match jsonc::parse(text) {
        Ok(None) => {}
        Ok(Some(Value::Object(object))) => {
            if object.len() > MAX_SNIPPETS {
                let message = format!("Only the first {MAX_SNIPPETS} snippets are read.");
                problem(1, 1, Unapplied::Entry, message);
            }
            for (name, value) in object.iter().take(MAX_SNIPPETS) {
                match entry(name, value, language) {
                    Ok(entry) => entries.push(entry),
                    Err(reason) => {
                        let key = Value::from(name.as_str()).to_string();
                        let place = text.find(&key).unwrap_or(0);
                        let (line, column) = jsonc::line_column(text, place);
                        let message = format!("The snippet {key} is left out: {reason}.");
                        problem(line, column, Unapplied::Entry, message);
                    }
                }
            }
        }
        Ok(Some(_)) => problem(
            1,
            1,
            Unapplied::File,
            "A snippet file is an object, `{ … }`. None of it is read.".into(),
        ),
        Err(error) => problem(
            error.line,
            error.column,
            Unapplied::File,
            format!("{}. None of this file is read.", error.message),
        ),
    }
    (entries, problems)
}

fn entry(name: &str, value: &Value, language: Option<&str>) -> Result<SnippetEntry, String> {
    let lines = |key: &str| match value.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(vec![text.clone()])),
        Some(Value::Array(lines)) => lines
            .iter()
            .map(|line| line.as_str().map(str::to_string))
            .collect::<Option<Vec<_>>>()
            .map(Some)
            .ok_or_else(|| format!("`{key}` is a text or a list of texts")),
        Some(_) => Err(format!("`{key}` is a text or a list of texts")),
    };
    let body = lines("body")?.ok_or("`body` is missing")?.join("\n");
    if body.len() > MAX_BODY {
        return Err(format!("`body` is over {} KiB", MAX_BODY / 1024));
    }
    let mut prefixes = lines("prefix")?.unwrap_or_default();
    prefixes.retain(|prefix| !prefix.is_empty());
    if prefixes.iter().any(|prefix| prefix.len() > MAX_PREFIX) {
        return Err(format!("`prefix` is over {MAX_PREFIX} bytes"));
    }
    let languages = match (language, value.get("scope").and_then(Value::as_str)) {
        (Some(language), _) => vec![language.to_string()],
        (None, Some(scope)) => scope
            .split(',')
            .map(|language| language.trim().to_string())
            .filter(|language| !language.is_empty())
            .collect(),
        (None, None) => Vec::new(),
    };
    Ok(SnippetEntry {
        name: name.to_string(),
        prefixes,
        body: body.replace("\r\n", "\n"),
        description: lines("description")?.map(|lines| lines.join("\n")),
        languages,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_file_holds_the_snippets_of_its_language() {
        let text = r#"{
            // A comment, as VS Code writes one.
            "Print": {
                "prefix": "log",
                "body": ["console.log('$1');", "$2"],
                "description": "Log output",
            },
        }"#;
        let (entries, problems) = parse_snippet_file("javascript.json", text);
        assert_eq!(problems, []);
        assert_eq!(
            entries,
            [SnippetEntry {
                name: "Print".into(),
                prefixes: vec!["log".into()],
                body: "console.log('$1');\n$2".into(),
                description: Some("Log output".into()),
                languages: vec!["javascript".into()],
            }]
        );
        assert!(entries[0].is_for("javascript"));
        assert!(!entries[0].is_for("rust"));
    }

    #[test]
    fn a_shared_file_says_for_which_languages() {
        let text = r#"{
            "one": {"scope": "javascript, typescript", "prefix": ["a", "b"], "body": "x"},
            "two": {"body": "y"}
        }"#;
        let (entries, problems) = parse_snippet_file("team.code-snippets", text);
        assert_eq!(problems, []);
        assert_eq!(entries[0].languages, ["javascript", "typescript"]);
        assert_eq!(entries[0].prefixes, ["a", "b"]);
        assert!(entries[1].is_for("anything"));
        assert!(entries[1].prefixes.is_empty());
    }

    #[test]
    fn what_makes_no_sense_is_told_and_left_out() {
        let text = "{\n  \"good\": {\"body\": \"x\"},\n  \"bad\": {\"prefix\": \"p\"},\n  \"odd\": {\"body\": 3}\n}";
        let (entries, problems) = parse_snippet_file("rust.json", text);
        assert_eq!(entries.len(), 1);
        let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(problems[0].line, 3);
        assert!(told[0].contains("`body` is missing"), "{told:?}");
        assert!(told[1].contains("a text or a list of texts"), "{told:?}");
        for broken in ["[]", "{", "3", "{\"a\": }"] {
            let (entries, problems) = parse_snippet_file("rust.json", broken);
            assert!(entries.is_empty());
            assert_eq!(problems.len(), 1, "{broken}");
        }
        let long = format!("{{\"a\": {{\"body\": \"{}\"}}}}", "x".repeat(MAX_BODY + 1));
        assert_eq!(parse_snippet_file("rust.json", &long).1.len(), 1);
    }
}
