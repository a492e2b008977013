//! The settings of how files are read and written.

use crate::action_kinds::action_kinds;
use crate::path_globs::patterns;
use crate::schema::{Scope, SettingSpec, SettingType, text_map};

/// How files are read and written. An `.editorconfig` file wins over each of these.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct FilesSettings {
    /// Whether a save takes white space at the ends of lines away.
    pub trim_trailing_whitespace: bool,
    /// Whether a save ends the file with a line feed.
    pub insert_final_newline: bool,
    /// Whether a save leaves one line feed at the end.
    pub trim_final_newlines: bool,
    /// Whether a save lays the text out as the language server does it.
    pub format_on_save: bool,
    /// Whether what is typed is laid out by the language server.
    pub format_on_type: bool,
    /// The kinds of code actions that a save takes before that, in order.
    pub code_actions_on_save: Vec<String>,
    /// How the lines of new files end.
    pub eol: Eol,
    /// The encoding that is tried first, by VS Code's name.
    pub encoding: String,
    /// Whether an encoding that is not Unicode is guessed.
    pub auto_guess_encoding: bool,
    /// Patterns for files, and the identifiers of the languages that they are in.
    pub associations: Vec<(String, String)>,
    /// Patterns of the files that are not to be edited.
    pub read_only_include: Vec<String>,
    /// Patterns of those that may be nevertheless.
    pub read_only_exclude: Vec<String>,
}

/// How lines end.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Eol {
    /// As is usual on this system.
    #[default]
    Auto,
    /// LF.
    Lf,
    /// CRLF.
    CrLf,
}

impl Default for FilesSettings {
    fn default() -> Self {
        Self {
            trim_trailing_whitespace: false,
            insert_final_newline: false,
            trim_final_newlines: false,
            format_on_save: false,
            format_on_type: false,
            code_actions_on_save: Vec::new(),
            eol: Eol::default(),
            encoding: "utf8".to_owned(),
            auto_guess_encoding: true,
            associations: Vec::new(),
            read_only_include: Vec::new(),
            read_only_exclude: Vec::new(),
        }
    }
}

/// VS Code's names of the encodings that Kiln has.
const ENCODINGS: &[&str] = &[
    "utf8",
    "utf8bom",
    "utf16le",
    "utf16be",
    "windows1252",
    "iso88591",
    "iso88593",
    "iso885915",
    "macroman",
    "windows1256",
    "iso88596",
    "windows1257",
    "iso88594",
    "iso885914",
    "windows1250",
    "iso88592",
    "windows1251",
    "cp866",
    "iso88595",
    "koi8r",
    "koi8u",
    "iso885913",
    "windows1253",
    "iso88597",
    "windows1255",
    "iso88598",
    "iso885910",
    "iso885916",
    "windows1254",
    "iso88599",
    "windows1258",
    "gbk",
    "gb18030",
    "cp950",
    "big5hkscs",
    "shiftjis",
    "eucjp",
    "euckr",
    "windows874",
    "iso885911",
    "gb2312",
];

/// The rows of the schema; all mean what they mean in VS Code.
pub(crate) static ROWS: &[SettingSpec] = &[
    SettingSpec {
        key: "files.trimTrailingWhitespace",
        value_type: SettingType::Boolean,
        default: "false",
        description: "Whether saving takes white space at the ends of lines away. What stands before a caret stays.",
        vscode_key: Some("files.trimTrailingWhitespace"),
        scope: Scope::Folder,
        apply: |settings, value| {
            settings.files.trim_trailing_whitespace = value.as_bool().unwrap_or(false);
        },
    },
    SettingSpec {
        key: "files.insertFinalNewline",
        value_type: SettingType::Boolean,
        default: "false",
        description: "Whether saving ends the file with a line break.",
        vscode_key: Some("files.insertFinalNewline"),
        scope: Scope::Folder,
        apply: |settings, value| {
            settings.files.insert_final_newline = value.as_bool().unwrap_or(false);
        },
    },
    SettingSpec {
        key: "files.trimFinalNewlines",
        value_type: SettingType::Boolean,
        default: "false",
        description: "Whether saving takes all line breaks at the end of the file away but the first.",
        vscode_key: Some("files.trimFinalNewlines"),
        scope: Scope::Folder,
        apply: |settings, value| {
            settings.files.trim_final_newlines = value.as_bool().unwrap_or(false);
        },
    },
    SettingSpec {
        key: "editor.formatOnSave",
        value_type: SettingType::Boolean,
        default: "false",
        description: "Whether saving lays the file out, as its language server or a formatter does it (`editor.defaultFormatter`).",
        vscode_key: Some("editor.formatOnSave"),
        scope: Scope::Folder,
        apply: |settings, value| {
            settings.files.format_on_save = value.as_bool().unwrap_or(false);
        },
    },
    SettingSpec {
        key: "editor.formatOnType",
        value_type: SettingType::Boolean,
        default: "false",
        description: "Whether the language server lays out what is typed, at the characters that it names, such as `;` and the end of a line.",
        vscode_key: Some("editor.formatOnType"),
        scope: Scope::Folder,
        apply: |settings, value| {
            settings.files.format_on_type = value.as_bool().unwrap_or(false);
        },
    },
    SettingSpec {
        key: "editor.codeActionsOnSave",
        value_type: SettingType::ActionKinds,
        default: "{}",
        description: "What the language server does to the file before it is saved, and before it is laid out: \
            kinds of code actions, such as `source.organizeImports` and `source.fixAll`.",
        vscode_key: Some("editor.codeActionsOnSave"),
        scope: Scope::Folder,
        apply: |settings, value| {
            settings.files.code_actions_on_save = action_kinds(value).unwrap_or_default();
        },
    },
    SettingSpec {
        key: "files.eol",
        value_type: SettingType::OneOf(&["auto", "\n", "\r\n"]),
        default: "\"auto\"",
        description: "How the lines of new files end: `\\n`, `\\r\\n`, or as is usual on this system.",
        vscode_key: Some("files.eol"),
        scope: Scope::Folder,
        apply: |settings, value| {
            settings.files.eol = match value.as_str() {
                Some("\n") => Eol::Lf,
                Some("\r\n") => Eol::CrLf,
                _ => Eol::Auto,
            };
        },
    },
    SettingSpec {
        key: "files.encoding",
        value_type: SettingType::OneOf(ENCODINGS),
        default: "\"utf8\"",
        description: "The encoding of new files, and the one that files without a byte order mark are read in where their bytes allow it.",
        vscode_key: Some("files.encoding"),
        scope: Scope::Folder,
        apply: |settings, value| {
            settings.files.encoding = value.as_str().unwrap_or("utf8").to_owned();
        },
    },
    SettingSpec {
        key: "files.autoGuessEncoding",
        value_type: SettingType::Boolean,
        default: "true",
        description: "Whether the encoding of a file is guessed that is neither Unicode nor in `files.encoding`. Otherwise it opens in that one: what is no UTF-8 is shown by its bytes, which a save keeps; in another encoding such a file is read-only.",
        vscode_key: Some("files.autoGuessEncoding"),
        scope: Scope::Folder,
        apply: |settings, value| {
            settings.files.auto_guess_encoding = value.as_bool().unwrap_or(true);
        },
    },
    SettingSpec {
        key: "files.associations",
        value_type: SettingType::TextMap,
        default: "{}",
        description: "Which languages files are in, by patterns: `{\"*.inc\": \"php\"}`. A pattern with a slash is for the whole path, any other for the file's name; the longest that fits counts, before everything that Kiln knows itself. The languages and their identifiers are in `docs/languages.md`.",
        vscode_key: Some("files.associations"),
        scope: Scope::Folder,
        apply: |settings, value| {
            settings.files.associations = text_map(value).unwrap_or_default();
        },
    },
    SettingSpec {
        key: "files.readonlyInclude",
        value_type: SettingType::PathGlobs,
        default: "{}",
        description: "Patterns of files that open read-only, from the folder that is open or absolute: `{\"**/vendor/**\": true}`. `*` stays within a folder, `**` goes through folders.",
        vscode_key: Some("files.readonlyInclude"),
        scope: Scope::Folder,
        apply: |settings, value| settings.files.read_only_include = patterns(value),
    },
    SettingSpec {
        key: "files.readonlyExclude",
        value_type: SettingType::PathGlobs,
        default: "{}",
        description: "Patterns of files that `files.readonlyInclude` leaves writable.",
        vscode_key: Some("files.readonlyExclude"),
        scope: Scope::Folder,
        apply: |settings, value| settings.files.read_only_exclude = patterns(value),
    },
];

/// A value other than the default for each row, for the test of the whole table.
#[cfg(test)]
pub(crate) fn samples() -> Vec<(&'static str, serde_json::Value)> {
    use serde_json::json;
    vec![
        ("files.trimTrailingWhitespace", json!(true)),
        ("files.insertFinalNewline", json!(true)),
        ("files.trimFinalNewlines", json!(true)),
        ("editor.formatOnSave", json!(true)),
        ("editor.formatOnType", json!(true)),
        (
            "editor.codeActionsOnSave",
            json!({"source.organizeImports": "explicit"}),
        ),
        ("files.eol", json!("\r\n")),
        ("files.encoding", json!("windows1252")),
        ("files.autoGuessEncoding", json!(false)),
        ("files.associations", json!({"*.inc": "php"})),
        ("files.readonlyInclude", json!({"**/*.lock": true})),
        ("files.readonlyExclude", json!({"a.lock": true})),
    ]
}
