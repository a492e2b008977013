//! The settings of who lays texts out.

use serde_json::Value;

use crate::schema::{Scope, SettingSpec, SettingType};

/// A command has no more arguments than this.
const MAX_ARGUMENTS: usize = 100;

/// Who lays texts out.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct FormattingSettings {
    /// A formatter of the catalogue or a language server, by its name, or by that of the extension of
    /// VS Code that brings it. Without one it is the first that there is.
    pub default_formatter: Option<String>,
    /// A program that does it instead.
    pub external: Option<FormatterCommand>,
}

/// A program that is given a text and answers with how it is laid out.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct FormatterCommand {
    /// The program: its name, or its file as an absolute path.
    pub command: String,
    /// Its arguments; `{buffer_path}` in them is the file.
    pub arguments: Vec<String>,
}

/// `{"command": "fmt", "arguments": ["-"]}`, or `null`.
pub(crate) fn formatter_command(value: &Value) -> Option<Option<FormatterCommand>> {
    if value.is_null() {
        return Some(None);
    }
    let object = value.as_object()?;
    let known = |key: &String| key == "command" || key == "arguments";
    let command = object.get("command")?.as_str()?.trim();
    let no_arguments = Vec::new();
    let arguments = match object.get("arguments") {
        Some(list) => list.as_array()?,
        None => &no_arguments,
    };
    let fits = object.keys().all(known) && !command.is_empty() && arguments.len() <= MAX_ARGUMENTS;
    let arguments = arguments
        .iter()
        .map(|one| Some(one.as_str()?.to_owned()))
        .collect::<Option<Vec<_>>>()?;
    fits.then(|| {
        Some(FormatterCommand {
            command: command.to_owned(),
            arguments,
        })
    })
}

pub(crate) const ROWS: &[SettingSpec] = &[
    SettingSpec {
        key: "editor.defaultFormatter",
        value_type: SettingType::OptionalText,
        default: "null",
        description: "Who lays files out: a formatter or a language server by its name, such as `ruff`, `prettier` or `gopls` (`docs/formatters.md`), or by VS Code's extension of it, such as `esbenp.prettier-vscode`. `null` takes the language server where it does that, and else the first formatter of the language that is found. It is mostly set for one language: `\"[python]\": {\"editor.defaultFormatter\": \"ruff\"}`.",
        vscode_key: Some("editor.defaultFormatter"),
        scope: Scope::Folder,
        apply: |settings, value| {
            settings.formatting.default_formatter = value.as_str().map(str::to_owned);
        },
    },
    SettingSpec {
        key: "kiln.formatter",
        value_type: SettingType::FormatterCommand,
        default: "null",
        description: "A program of your own that lays files out, before all others: it gets the text and answers with the new one. It is mostly set for one language: `\"[lua]\": {\"kiln.formatter\": {\"command\": \"stylua\", \"arguments\": [\"--stdin-filepath\", \"{buffer_path}\", \"-\"]}}`. `{buffer_path}` is the file. The program is looked for in what the project installs, then on `PATH`, and runs in the project's folder once you allowed it there.",
        vscode_key: None,
        scope: Scope::User,
        apply: |settings, value| {
            settings.formatting.external = formatter_command(value).flatten();
        },
    },
];

/// A value of each that is not its default.
#[cfg(test)]
pub(crate) fn samples() -> Vec<(&'static str, Value)> {
    use serde_json::json;
    vec![
        ("editor.defaultFormatter", json!("ruff")),
        ("kiln.formatter", json!({"command": "fmt"})),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_command_is_a_program_with_arguments_and_nothing_else() {
        let read = |value: Value| formatter_command(&value);
        assert_eq!(read(json!(null)), Some(None));
        let command = read(json!({"command": " fmt ", "arguments": ["-", "{buffer_path}"]}));
        let command = command.flatten().unwrap();
        assert_eq!(command.command, "fmt");
        assert_eq!(command.arguments, ["-", "{buffer_path}"]);
        for wrong in [
            json!("fmt"),
            json!({}),
            json!({"command": " "}),
            json!({"command": "fmt", "arguments": "-"}),
            json!({"command": "fmt", "arguments": [1]}),
            json!({"command": "fmt", "args": []}),
        ] {
            assert_eq!(read(wrong.clone()), None, "{wrong}");
        }
    }
}
