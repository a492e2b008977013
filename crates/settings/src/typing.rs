//! The settings of how text is typed: pairs, comments, indentation.

use serde_json::Value;

use crate::schema::{Scope, SettingSpec, SettingType};

/// How text is typed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TypingSettings {
    /// When an opening bracket brings the closing one.
    pub auto_closing_brackets: AutoClosing,
    /// When an opening quote brings the closing one.
    pub auto_closing_quotes: AutoClosing,
    /// Which closers are deleted together with their openers.
    pub auto_closing_delete: WhichClosers,
    /// Which closers are typed over.
    pub auto_closing_overtype: WhichClosers,
    /// Whether tags are closed by themselves.
    pub auto_closing_tags: bool,
    /// What is put around selected text.
    pub auto_surround: AutoSurround,
    /// Whether a space goes between the mark of a comment and its text.
    pub comments_insert_space: bool,
    /// Whether toggling comments leaves empty lines alone.
    pub comments_ignore_empty_lines: bool,
    /// How much is done about the indentation of what is typed.
    pub auto_indent: AutoIndent,
    /// Whether white space that came by itself goes when the caret leaves its line.
    pub trim_auto_whitespace: bool,
    /// Whether what is pasted is moved to the indentation of its place.
    pub auto_indent_on_paste: bool,
    /// Whether a document is indented as its content is.
    pub detect_indentation: bool,
    /// Which key adds a caret with the mouse.
    pub multi_cursor_modifier: MultiCursorModifier,
    /// Whether places that the language server says belong together are edited as one.
    pub linked_editing: bool,
}

/// Which key adds a caret with the mouse.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum MultiCursorModifier {
    /// Alt.
    #[default]
    Alt,
    /// Ctrl, and Cmd on macOS.
    CtrlCmd,
}

/// How much is done about the indentation of what is typed; each does what those before it do.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum AutoIndent {
    /// Nothing.
    None,
    /// As the line before.
    Keep,
    /// By brackets.
    Brackets,
    /// By comments and blocks of the language.
    Advanced,
    /// By brackets anywhere in the line and words that end blocks.
    #[default]
    Full,
}

/// When an opener brings its closer.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum AutoClosing {
    /// Whatever follows.
    Always,
    /// Where white space, punctuation or a closer follows.
    #[default]
    LanguageDefined,
    /// Where white space or nothing follows.
    BeforeWhitespace,
    /// Never.
    Never,
}

/// Which closers something is done to.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum WhichClosers {
    /// All.
    Always,
    /// Those that came by themselves.
    #[default]
    Auto,
    /// None.
    Never,
}

/// What is put around selected text.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum AutoSurround {
    /// All pairs of the language.
    #[default]
    LanguageDefined,
    /// Quotes alone.
    Quotes,
    /// Brackets alone.
    Brackets,
    /// Nothing.
    Never,
}

impl Default for TypingSettings {
    fn default() -> Self {
        Self {
            auto_closing_brackets: AutoClosing::default(),
            auto_closing_quotes: AutoClosing::default(),
            auto_closing_delete: WhichClosers::default(),
            auto_closing_overtype: WhichClosers::default(),
            auto_closing_tags: true,
            auto_surround: AutoSurround::default(),
            comments_insert_space: true,
            comments_ignore_empty_lines: true,
            auto_indent: AutoIndent::default(),
            trim_auto_whitespace: true,
            auto_indent_on_paste: true,
            detect_indentation: true,
            multi_cursor_modifier: MultiCursorModifier::default(),
            linked_editing: false,
        }
    }
}

fn auto_closing(value: &Value) -> AutoClosing {
    match value.as_str() {
        Some("always") => AutoClosing::Always,
        Some("beforeWhitespace") => AutoClosing::BeforeWhitespace,
        Some("never") => AutoClosing::Never,
        _ => AutoClosing::LanguageDefined,
    }
}

fn which_closers(value: &Value) -> WhichClosers {
    match value.as_str() {
        Some("always") => WhichClosers::Always,
        Some("never") => WhichClosers::Never,
        _ => WhichClosers::Auto,
    }
}

const AUTO_CLOSING: SettingType =
    SettingType::OneOf(&["always", "languageDefined", "beforeWhitespace", "never"]);
const WHICH_CLOSERS: SettingType = SettingType::OneOf(&["always", "auto", "never"]);

/// The rows of the schema; all mean what they mean in VS Code.
pub(crate) static ROWS: &[SettingSpec] = &[
    SettingSpec {
        key: "editor.linkedEditing",
        value_type: SettingType::Boolean,
        default: "false",
        description: "Whether places that the language server says belong together, such as the names at both ends of an element, are edited as one.",
        vscode_key: Some("editor.linkedEditing"),
        scope: Scope::Folder,
        apply: |settings, value| {
            settings.typing.linked_editing = value.as_bool().unwrap_or(false);
        },
    },
    SettingSpec {
        key: "editor.autoClosingBrackets",
        value_type: AUTO_CLOSING,
        default: "\"languageDefined\"",
        description: "When typing an opening bracket brings the closing one: always, where the language says so (before white space, punctuation and closing brackets), before white space alone, or never.",
        vscode_key: Some("editor.autoClosingBrackets"),
        scope: Scope::Folder,
        apply: |settings, value| settings.typing.auto_closing_brackets = auto_closing(value),
    },
    SettingSpec {
        key: "editor.autoClosingQuotes",
        value_type: AUTO_CLOSING,
        default: "\"languageDefined\"",
        description: "When typing a quote brings the closing one. A quote after a word, or inside a string, never does.",
        vscode_key: Some("editor.autoClosingQuotes"),
        scope: Scope::Folder,
        apply: |settings, value| settings.typing.auto_closing_quotes = auto_closing(value),
    },
    SettingSpec {
        key: "editor.autoClosingTags",
        value_type: SettingType::Boolean,
        default: "true",
        description: "Whether the end of a tag in HTML, JSX or TSX brings the tag that closes its element, where nothing closes it yet; in HTML `</` brings the name of the element that is open.",
        vscode_key: None,
        scope: Scope::Folder,
        apply: |settings, value| {
            settings.typing.auto_closing_tags = value.as_bool().unwrap_or(true);
        },
    },
    SettingSpec {
        key: "editor.autoClosingDelete",
        value_type: WHICH_CLOSERS,
        default: "\"auto\"",
        description: "Whether deleting an opening bracket or quote deletes the closing one right after it: always, where Kiln put it in, or never.",
        vscode_key: Some("editor.autoClosingDelete"),
        scope: Scope::Folder,
        apply: |settings, value| settings.typing.auto_closing_delete = which_closers(value),
    },
    SettingSpec {
        key: "editor.autoClosingOvertype",
        value_type: WHICH_CLOSERS,
        default: "\"auto\"",
        description: "Whether typing a closing bracket or quote goes over the one that is there: always, where Kiln put it in, or never.",
        vscode_key: Some("editor.autoClosingOvertype"),
        scope: Scope::Folder,
        apply: |settings, value| settings.typing.auto_closing_overtype = which_closers(value),
    },
    SettingSpec {
        key: "editor.autoSurround",
        value_type: SettingType::OneOf(&["languageDefined", "quotes", "brackets", "never"]),
        default: "\"languageDefined\"",
        description: "What typing a quote or a bracket puts around selected text: what the language says, quotes or brackets alone, or nothing.",
        vscode_key: Some("editor.autoSurround"),
        scope: Scope::Folder,
        apply: |settings, value| {
            settings.typing.auto_surround = match value.as_str() {
                Some("quotes") => AutoSurround::Quotes,
                Some("brackets") => AutoSurround::Brackets,
                Some("never") => AutoSurround::Never,
                _ => AutoSurround::LanguageDefined,
            };
        },
    },
    SettingSpec {
        key: "editor.comments.insertSpace",
        value_type: SettingType::Boolean,
        default: "true",
        description: "Whether commenting puts a space between the mark of the comment and the text.",
        vscode_key: Some("editor.comments.insertSpace"),
        scope: Scope::Folder,
        apply: |settings, value| {
            settings.typing.comments_insert_space = value.as_bool().unwrap_or(true);
        },
    },
    SettingSpec {
        key: "editor.comments.ignoreEmptyLines",
        value_type: SettingType::Boolean,
        default: "true",
        description: "Whether toggling line comments leaves empty lines alone.",
        vscode_key: Some("editor.comments.ignoreEmptyLines"),
        scope: Scope::Folder,
        apply: |settings, value| {
            settings.typing.comments_ignore_empty_lines = value.as_bool().unwrap_or(true);
        },
    },
    SettingSpec {
        key: "editor.autoIndent",
        value_type: SettingType::OneOf(&["none", "keep", "brackets", "advanced", "full"]),
        default: "\"full\"",
        description: "How a new line is indented: not at all, as the line before, deeper after an opening bracket, also by comments and blocks of the language, or also by brackets that are open anywhere in the line and words such as `else`.",
        vscode_key: Some("editor.autoIndent"),
        scope: Scope::Folder,
        apply: |settings, value| {
            settings.typing.auto_indent = match value.as_str() {
                Some("none") => AutoIndent::None,
                Some("keep") => AutoIndent::Keep,
                Some("brackets") => AutoIndent::Brackets,
                Some("advanced") => AutoIndent::Advanced,
                _ => AutoIndent::Full,
            };
        },
    },
    SettingSpec {
        key: "editor.trimAutoWhitespace",
        value_type: SettingType::Boolean,
        default: "true",
        description: "Whether the white space that Enter or Tab put on an empty line is taken away when the caret leaves the line with nothing typed on it, as one step of undo with what put it there.",
        vscode_key: Some("editor.trimAutoWhitespace"),
        scope: Scope::Folder,
        apply: |settings, value| {
            settings.typing.trim_auto_whitespace = value.as_bool().unwrap_or(true);
        },
    },
    SettingSpec {
        key: "editor.autoIndentOnPaste",
        value_type: SettingType::Boolean,
        default: "true",
        description: "Whether pasted lines are moved, as they stand to one another, to where they are pasted, and indented as the file is. In plain text and Markdown, in strings and comments, and with `editor.autoIndent` set to `none`, they are not. Paste Without Indenting pastes text as it was copied.",
        vscode_key: Some("editor.autoIndentOnPaste"),
        scope: Scope::Folder,
        apply: |settings, value| {
            settings.typing.auto_indent_on_paste = value.as_bool().unwrap_or(true);
        },
    },
    SettingSpec {
        key: "editor.detectIndentation",
        value_type: SettingType::Boolean,
        default: "true",
        description: "Whether a file is indented as its content is, whatever `editor.tabSize` and `editor.insertSpaces` say.",
        vscode_key: Some("editor.detectIndentation"),
        scope: Scope::Folder,
        apply: |settings, value| {
            settings.typing.detect_indentation = value.as_bool().unwrap_or(true);
        },
    },
    SettingSpec {
        key: "editor.multiCursorModifier",
        value_type: SettingType::OneOf(&["alt", "ctrlCmd"]),
        default: "\"alt\"",
        description: "Which key adds a caret with a click: `alt`, or `ctrlCmd` for Ctrl (Cmd on macOS).",
        vscode_key: Some("editor.multiCursorModifier"),
        scope: Scope::Folder,
        apply: |settings, value| {
            settings.typing.multi_cursor_modifier = match value.as_str() {
                Some("ctrlCmd") => MultiCursorModifier::CtrlCmd,
                _ => MultiCursorModifier::Alt,
            };
        },
    },
];

/// A value other than the default for each row, for the test of the whole table.
#[cfg(test)]
pub(crate) fn samples() -> Vec<(&'static str, Value)> {
    use serde_json::json;
    vec![
        ("editor.linkedEditing", json!(true)),
        ("editor.autoClosingBrackets", json!("never")),
        ("editor.autoClosingQuotes", json!("beforeWhitespace")),
        ("editor.autoClosingTags", json!(false)),
        ("editor.autoClosingDelete", json!("always")),
        ("editor.autoClosingOvertype", json!("never")),
        ("editor.autoSurround", json!("quotes")),
        ("editor.comments.insertSpace", json!(false)),
        ("editor.comments.ignoreEmptyLines", json!(false)),
        ("editor.autoIndent", json!("keep")),
        ("editor.trimAutoWhitespace", json!(false)),
        ("editor.autoIndentOnPaste", json!(false)),
        ("editor.detectIndentation", json!(false)),
        ("editor.multiCursorModifier", json!("ctrlCmd")),
    ]
}
