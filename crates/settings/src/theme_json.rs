//! Reading VS Code's theme files.

use std::collections::HashMap;

use serde_json::{Map, Value};

use crate::color::Rgba;
use crate::jsonc;
use crate::theme::{Appearance, Theme, ThemeError, ThemeWarning};
use crate::theme_colors::ThemeColors;
use crate::theme_semantic;
use crate::theme_syntax::{Rule, SyntaxTheme, selectors};

/// More rules than this are left out; the largest known themes have some 1,500.
const MAX_RULES: usize = 20_000;
/// More warnings than this are summed up in one.
const MAX_WARNINGS: usize = 100;

struct Warnings(Vec<ThemeWarning>, usize);

impl Warnings {
    fn add(&mut self, place: impl Into<String>, message: impl Into<String>) {
        if self.0.len() < MAX_WARNINGS {
            self.0.push(ThemeWarning {
                place: place.into(),
                message: message.into(),
            });
        } else {
            self.1 += 1;
        }
    }

    fn finish(mut self) -> Vec<ThemeWarning> {
        if self.1 > 0 {
            self.0.push(ThemeWarning {
                place: "theme".into(),
                message: format!("{} further problems", self.1),
            });
        }
        self.0
    }
}

fn object(json: &str) -> Result<Map<String, Value>, ThemeError> {
    match jsonc::parse(json)? {
        Some(Value::Object(object)) => Ok(object),
        Some(_) => Err(ThemeError::NotATheme("it holds no object, `{ … }`".into())),
        None => Err(ThemeError::NotATheme("the file is empty".into())),
    }
}

/// Reads a theme file.
pub(crate) fn parse(json: &str) -> Result<(Theme, Vec<ThemeWarning>), ThemeError> {
    let object = object(json)?;
    if !["colors", "tokenColors", "include", "semanticTokenColors"]
        .iter()
        .any(|key| object.contains_key(*key))
    {
        return Err(ThemeError::NotATheme(
            "it has neither `colors` nor `tokenColors`".into(),
        ));
    }
    let mut warnings = Warnings(Vec::new(), 0);
    if let Some(include) = object.get("include") {
        warnings.add(
            "include",
            format!("{include} is another file; its colours are not in this theme"),
        );
    }
    let colors = workbench_colors(object.get("colors"), &mut warnings);
    let name = match object.get("name").and_then(Value::as_str).map(str::trim) {
        Some(name) if !name.is_empty() => name.chars().take(120).collect(),
        _ => {
            warnings.add("name", "the theme has none");
            "Untitled theme".to_string()
        }
    };
    let appearance = appearance(&object, &colors, &mut warnings);
    let syntax = SyntaxTheme {
        rules: token_rules(object.get("tokenColors"), &mut warnings),
    };
    let semantic = theme_semantic::read(&object, |place, why| warnings.add(place, why));
    let theme = Theme {
        name,
        appearance,
        semantic,
        colors: ThemeColors::resolve(&colors, appearance),
        syntax,
    };
    Ok((theme, warnings.finish()))
}

fn appearance(
    object: &Map<String, Value>,
    colors: &HashMap<String, Rgba>,
    warnings: &mut Warnings,
) -> Appearance {
    if let Some(name) = object.get("type").and_then(Value::as_str) {
        match Appearance::from_vscode(name) {
            Some(appearance) => return appearance,
            None => warnings.add(
                "type",
                format!("\"{name}\" is unknown; judged by the background"),
            ),
        }
    }
    let background = colors.get("editor.background").copied();
    match background {
        Some(color) if color.luminance() > 0.35 => Appearance::Light,
        _ => Appearance::Dark,
    }
}

fn workbench_colors(value: Option<&Value>, warnings: &mut Warnings) -> HashMap<String, Rgba> {
    let mut colors = HashMap::new();
    match value {
        None => {}
        Some(Value::Object(entries)) => {
            for (key, value) in entries {
                match value {
                    // `null`, "default" and "" take a colour of the base theme back.
                    Value::Null => {}
                    Value::String(text) if text.is_empty() || text == "default" => {}
                    Value::String(text) => match Rgba::parse(text) {
                        Ok(color) => {
                            colors.insert(key.clone(), color);
                        }
                        Err(error) => warnings.add(format!("colors.{key}"), error.to_string()),
                    },
                    _ => warnings.add(format!("colors.{key}"), "a colour is a text"),
                }
            }
        }
        Some(_) => warnings.add("colors", "it is no object; left out"),
    }
    colors
}

fn token_rules(value: Option<&Value>, warnings: &mut Warnings) -> Vec<Rule> {
    let entries = match value {
        None => return Vec::new(),
        Some(Value::Array(entries)) => entries,
        Some(Value::String(path)) => {
            warnings.add(
                "tokenColors",
                format!("they are in another file, \"{path}\"; left out"),
            );
            return Vec::new();
        }
        Some(_) => {
            warnings.add("tokenColors", "it is no list; left out");
            return Vec::new();
        }
    };
    let mut rules = Vec::new();
    for (index, entry) in entries.iter().enumerate() {
        if rules.len() == MAX_RULES {
            warnings.add(
                "tokenColors",
                format!("only the first {MAX_RULES} are used"),
            );
            break;
        }
        let place = || format!("tokenColors[{index}]");
        let Some(settings) = entry.get("settings").and_then(Value::as_object) else {
            warnings.add(place(), "it has no `settings`; left out");
            continue;
        };
        let scopes: Vec<String> = match entry.get("scope") {
            // The theme's own defaults, which `colors` says better.
            None => continue,
            Some(Value::String(text)) => selectors(text),
            Some(Value::Array(list)) => list
                .iter()
                .filter_map(Value::as_str)
                .flat_map(selectors)
                .collect(),
            Some(_) => {
                warnings.add(place(), "`scope` is a text or a list of texts; left out");
                continue;
            }
        };
        let color = match settings.get("foreground") {
            Some(Value::String(text)) if text == "inherit" => None,
            Some(Value::String(text)) => match Rgba::parse(text) {
                Ok(color) => Some(color),
                Err(error) => {
                    warnings.add(place(), error.to_string());
                    None
                }
            },
            Some(Value::Null) | None => None,
            Some(_) => {
                warnings.add(place(), "`foreground` is a text");
                None
            }
        };
        let font = settings
            .get("fontStyle")
            .and_then(Value::as_str)
            .map(|style| {
                let has = |name: &str| style.split_whitespace().any(|word| word == name);
                [
                    has("bold"),
                    has("italic"),
                    has("underline"),
                    has("strikethrough"),
                ]
            });
        if !scopes.is_empty() && (color.is_some() || font.is_some()) {
            rules.push(Rule {
                scopes,
                color,
                font,
            });
        }
    }
    rules
}

/// One theme file out of two: `json`, and `included`, the text of the file that its
/// `include` names. The including file wins; its rules come last. The `include` of
/// the included file stays, so that a chain can be followed.
pub fn merge_include(json: &str, included: &str) -> Result<String, ThemeError> {
    let mut merged = object(included)?;
    let over = object(json)?;
    let next = merged.get("include").cloned();
    for (key, value) in over {
        match (key.as_str(), merged.get_mut(&key), value) {
            (
                "colors" | "semanticTokenColors",
                Some(Value::Object(below)),
                Value::Object(above),
            ) => {
                below.extend(above);
            }
            ("tokenColors", Some(Value::Array(below)), Value::Array(above)) => below.extend(above),
            (_, _, value) => {
                merged.insert(key, value);
            }
        }
    }
    match next {
        Some(next) => merged.insert("include".into(), next),
        None => merged.shift_remove("include"),
    };
    serde_json::to_string_pretty(&Value::Object(merged))
        .map_err(|error| ThemeError::NotATheme(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_theme_as_people_write_them() {
        let (theme, warnings) = Theme::from_vscode(
            r##"{
              // A theme with comments, and trailing commas.
              "name": "Dusk",
              "colors": { "editor.background": "#101010", "editor.foreground": "#eee", },
              "tokenColors": [
                { "settings": { "foreground": "#eeeeee" } },
                { "name": "Comments", "scope": ["comment", "punctuation.definition.comment"],
                  "settings": { "foreground": "#888888", "fontStyle": "italic" } },
                { "scope": "markup.strikethrough", "settings": { "fontStyle": "strikethrough" } },
              ],
            }"##,
        )
        .unwrap();
        assert!(warnings.is_empty(), "{warnings:?}");
        assert_eq!(theme.name, "Dusk");
        assert_eq!(
            theme.appearance,
            Appearance::Dark,
            "judged by its background"
        );
        assert_eq!(theme.colors.editor_text, Rgba::opaque(0xeeeeee));
        let comment = theme.syntax_style("comment");
        assert_eq!(comment.color, Some(Rgba::opaque(0x888888)));
        assert!(comment.italic && !comment.bold && !comment.strikethrough);
        let struck = theme.syntax_style("markup.strikethrough");
        assert!(struck.strikethrough && !struck.underline);
    }

    #[test]
    fn what_cannot_be_used_is_listed_and_the_rest_works() {
        let (theme, warnings) = Theme::from_vscode(
            r##"{ "include": "./base.json", "type": "sepia",
                 "colors": { "editor.background": "white", "foreground": "#222" },
                 "tokenColors": [ { "scope": "string" }, { "scope": 3, "settings": {} },
                                  { "scope": "string", "settings": { "foreground": "#12" } },
                                  { "scope": "string", "settings": { "foreground": "#123" } } ] }"##,
        )
        .unwrap();
        let places: Vec<_> = warnings
            .iter()
            .map(|warning| warning.place.as_str())
            .collect();
        assert_eq!(
            places,
            [
                "include",
                "colors.editor.background",
                "name",
                "type",
                "tokenColors[0]",
                "tokenColors[1]",
                "tokenColors[2]"
            ]
        );
        assert_eq!(
            theme.syntax_style("string").color,
            Some(Rgba::opaque(0x112233))
        );
    }

    #[test]
    fn what_is_no_theme_is_refused_with_a_reason() {
        for (text, reason) in [
            ("", "the file is empty"),
            ("[]", "no object"),
            (
                "{\"name\": \"settings\"}",
                "neither `colors` nor `tokenColors`",
            ),
            ("{\"colors\": {", "malformed at line 1"),
        ] {
            let message = Theme::from_vscode(text).unwrap_err().to_string();
            assert!(message.contains(reason), "{message}");
        }
    }

    #[test]
    fn an_include_is_merged_below() {
        let merged = merge_include(
            r##"{"name": "Top", "include": "./a.json", "colors": {"foreground": "#111"},
                "tokenColors": [{"scope": "string", "settings": {"foreground": "#333"}}]}"##,
            r##"{"name": "Base", "type": "light", "colors": {"foreground": "#999", "editor.background": "#fff"},
                "tokenColors": [{"scope": "string", "settings": {"foreground": "#444"}}]}"##,
        )
        .unwrap();
        let (theme, warnings) = Theme::from_vscode(&merged).unwrap();
        assert!(warnings.is_empty(), "{warnings:?}");
        assert_eq!(
            (theme.name.as_str(), theme.appearance),
            ("Top", Appearance::Light)
        );
        assert_eq!(theme.colors.text, Rgba::opaque(0x111111));
        assert_eq!(theme.colors.editor_background, Rgba::opaque(0xffffff));
        assert_eq!(
            theme.syntax_style("string").color,
            Some(Rgba::opaque(0x333333))
        );
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "\\PC*") {
            let _outcome = Theme::from_vscode(&text).is_ok();
        }
    }
}
