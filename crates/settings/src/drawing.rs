//! The settings of what is drawn beside and between the characters of a text.

use crate::schema::{Scope, SettingSpec, SettingType, columns, whole};
use crate::values::{LineNumbers, RenderWhitespace, StickyModel};

/// The last column that a ruler may stand after.
const MAX_RULER: u32 = 10_000;

pub(crate) const ROWS: &[SettingSpec] = &[
    SettingSpec {
        key: "editor.lineNumbers",
        value_type: SettingType::OneOf(&["on", "off", "relative", "interval"]),
        default: "\"on\"",
        description: "What stands beside the lines: their numbers, nothing, how far they are from the caret's line, or the number of every tenth.",
        vscode_key: Some("editor.lineNumbers"),
        scope: Scope::Folder,
        apply: |settings, value| {
            settings.editor.line_numbers = match value.as_str() {
                Some("off") => LineNumbers::Off,
                Some("relative") => LineNumbers::Relative,
                Some("interval") => LineNumbers::Interval,
                _ => LineNumbers::On,
            };
        },
    },
    SettingSpec {
        key: "editor.rulers",
        value_type: SettingType::Columns { max: MAX_RULER },
        default: "[]",
        description: "Columns after which a thin line is drawn over the whole height of the text.",
        vscode_key: Some("editor.rulers"),
        scope: Scope::Folder,
        apply: |settings, value| {
            settings.editor.rulers = columns(value, MAX_RULER).unwrap_or_default();
        },
    },
    SettingSpec {
        key: "editor.renderWhitespace",
        value_type: SettingType::OneOf(&["none", "boundary", "selection", "trailing", "all"]),
        default: "\"selection\"",
        description: "Which white space is shown: none, all but single spaces between words, what is selected, what lines end with, or all. A dot is a space, an arrow a tab.",
        vscode_key: Some("editor.renderWhitespace"),
        scope: Scope::Folder,
        apply: |settings, value| {
            settings.editor.render_whitespace = match value.as_str() {
                Some("none") => RenderWhitespace::None,
                Some("boundary") => RenderWhitespace::Boundary,
                Some("trailing") => RenderWhitespace::Trailing,
                Some("all") => RenderWhitespace::All,
                _ => RenderWhitespace::Selection,
            };
        },
    },
    SettingSpec {
        key: "editor.bracketPairColorization.enabled",
        value_type: SettingType::Boolean,
        default: "true",
        description: "Whether brackets in code are coloured by how deep they are nested.",
        vscode_key: Some("editor.bracketPairColorization.enabled"),
        scope: Scope::Folder,
        apply: |settings, value| {
            settings.editor.bracket_pair_colorization = value.as_bool().unwrap_or(true);
        },
    },
    SettingSpec {
        key: "breadcrumbs.enabled",
        value_type: SettingType::Boolean,
        default: "true",
        description: "Whether a bar below the tabs shows the folders of the file and the symbols around the caret.",
        vscode_key: Some("breadcrumbs.enabled"),
        scope: Scope::Folder,
        apply: |settings, value| settings.editor.breadcrumbs = value.as_bool().unwrap_or(true),
    },
    SettingSpec {
        key: "workbench.editor.enablePreview",
        value_type: SettingType::Boolean,
        default: "true",
        description: "Whether a file that is only looked at, by a click in the file tree, takes the place of the one that was looked at before, unless that was edited or kept.",
        vscode_key: Some("workbench.editor.enablePreview"),
        scope: Scope::Folder,
        apply: |settings, value| settings.editor.preview_tabs = value.as_bool().unwrap_or(true),
    },
    SettingSpec {
        key: "editor.stickyScroll.enabled",
        value_type: SettingType::Boolean,
        default: "true",
        description: "Whether the first lines of the scopes that reach above the view are pinned at its top.",
        vscode_key: Some("editor.stickyScroll.enabled"),
        scope: Scope::Folder,
        apply: |settings, value| settings.editor.sticky_scroll = value.as_bool().unwrap_or(true),
    },
    SettingSpec {
        key: "editor.stickyScroll.defaultModel",
        value_type: SettingType::OneOf(&[
            "outlineModel",
            "foldingProviderModel",
            "indentationModel",
        ]),
        default: "\"outlineModel\"",
        description: "What scopes are, whose first lines are pinned at the top: the symbols of the text, and where the language has none the lines that can be folded; those lines always; or the lines that belong to a less indented one.",
        vscode_key: Some("editor.stickyScroll.defaultModel"),
        scope: Scope::Folder,
        apply: |settings, value| {
            settings.editor.sticky_scroll_model = match value.as_str() {
                Some("foldingProviderModel") => StickyModel::Folding,
                Some("indentationModel") => StickyModel::Indentation,
                _ => StickyModel::Outline,
            };
        },
    },
    SettingSpec {
        key: "editor.stickyScroll.maxLineCount",
        value_type: SettingType::Integer { min: 1, max: 20 },
        default: "5",
        description: "How many lines are pinned at the top at most; a quarter of the view is the limit in a small one.",
        vscode_key: Some("editor.stickyScroll.maxLineCount"),
        scope: Scope::Folder,
        apply: |settings, value| {
            settings.editor.sticky_scroll_lines = whole(value).unwrap_or(5);
        },
    },
];

/// A value of each that is not its default.
#[cfg(test)]
pub(crate) fn samples() -> Vec<(&'static str, serde_json::Value)> {
    use serde_json::json;
    vec![
        ("editor.lineNumbers", json!("relative")),
        (
            "editor.rulers",
            json!([100, { "column": 80, "color": "#fff" }]),
        ),
        ("editor.renderWhitespace", json!("all")),
        ("editor.bracketPairColorization.enabled", json!(false)),
        ("breadcrumbs.enabled", json!(false)),
        ("workbench.editor.enablePreview", json!(false)),
        ("editor.stickyScroll.enabled", json!(false)),
        ("editor.stickyScroll.maxLineCount", json!(2)),
        (
            "editor.stickyScroll.defaultModel",
            json!("indentationModel"),
        ),
    ]
}
