//! A theme's `semanticTokenColors`: how names are drawn by what a language server says that they are.
//!
//! Selectors are those of VS Code: `type.modifier:language`, `*` for any type. Among the rules that
//! fit, each property comes from the most specific one.

use serde_json::{Map, Value};

use crate::color::Rgba;
use crate::theme_syntax::SyntaxStyle;

/// More rules of a theme are left out.
const MAX_RULES: usize = 2_000;
/// The longest selector that is taken, in bytes.
const MAX_SELECTOR: usize = 200;

/// How a theme draws what language servers say of names.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct SemanticTheme {
    /// Whether the theme is made for it.
    pub enabled: bool,
    rules: Vec<SemanticRule>,
}

#[derive(Clone, Debug, Eq, PartialEq)]
struct SemanticRule {
    /// None fits any.
    kind: Option<String>,
    modifiers: Vec<String>,
    language: Option<String>,
    color: Option<Rgba>,
    bold: Option<bool>,
    italic: Option<bool>,
    underline: Option<bool>,
    strikethrough: Option<bool>,
}

impl SemanticRule {
    /// How specific the rule is for a name, as VS Code counts; `None` where it does not fit.
    fn score(&self, kind: &str, modifiers: &[&str], language: &str) -> Option<usize> {
        let mut score = 0;
        if let Some(wanted) = &self.language {
            score += 10;
            if wanted != language {
                return None;
            }
        }
        if let Some(wanted) = &self.kind {
            score += 100;
            if wanted != kind {
                return None;
            }
        }
        let has = |wanted: &String| modifiers.contains(&wanted.as_str());
        let fits = self.modifiers.iter().all(has);
        fits.then_some(score + 100 * self.modifiers.len())
    }
}

impl SemanticTheme {
    /// How a name is drawn of which a language server says what it is; `None` where no rule says
    /// anything of it. Costs a walk over the rules: cache it.
    pub fn style(&self, kind: &str, modifiers: &[&str], language: &str) -> Option<SyntaxStyle> {
        let mut fitting: Vec<_> = self
            .rules
            .iter()
            .filter_map(|rule| Some((rule.score(kind, modifiers, language)?, rule)))
            .collect();
        // Later rules win among equals.
        fitting.sort_by_key(|(score, _)| *score);
        fitting.first()?;
        let best = |property: fn(&SemanticRule) -> Option<bool>| {
            let mut rules = fitting.iter().rev();
            rules.find_map(|(_, rule)| property(rule)).unwrap_or(false)
        };
        Some(SyntaxStyle {
            color: fitting.iter().rev().find_map(|(_, rule)| rule.color),
            bold: best(|rule| rule.bold),
            italic: best(|rule| rule.italic),
            underline: best(|rule| rule.underline),
            strikethrough: best(|rule| rule.strikethrough),
        })
    }
}

/// Reads `semanticHighlighting` and `semanticTokenColors`; `warn` is told what was left out, by its
/// place.
pub(crate) fn read(
    object: &Map<String, Value>,
    mut warn: impl FnMut(String, String),
) -> SemanticTheme {
    let enabled = object.get("semanticHighlighting") == Some(&Value::Bool(true));
    let mut rules = Vec::new();
    match object.get("semanticTokenColors") {
        None => {}
        Some(Value::Object(entries)) => {
            for (selector, value) in entries.iter().take(MAX_RULES) {
                match rule(selector, value) {
                    Ok(rule) => rules.push(rule),
                    Err(why) => warn(format!("semanticTokenColors.{selector}"), why),
                }
            }
        }
        Some(_) => warn(
            "semanticTokenColors".into(),
            "it is no object; left out".into(),
        ),
    }
    SemanticTheme { enabled, rules }
}

fn rule(selector: &str, value: &Value) -> Result<SemanticRule, String> {
    if selector.len() > MAX_SELECTOR {
        return Err("it is too long; left out".into());
    }
    let (names, language) = match selector.split_once(':') {
        Some((names, language)) => (names, Some(language.trim().to_owned())),
        None => (selector, None),
    };
    let mut names = names.split('.').map(str::trim);
    let kind = names.next().filter(|kind| *kind != "*").map(str::to_owned);
    let modifiers = names.map(str::to_owned).collect();
    let color = |value: &Value| match value {
        Value::String(text) => Rgba::parse(text)
            .map(Some)
            .map_err(|error| error.to_string()),
        Value::Null => Ok(None),
        _ => Err("a colour is a text".to_owned()),
    };
    let flag = |name: &str| value.get(name).and_then(Value::as_bool);
    let font = value.get("fontStyle").and_then(Value::as_str);
    let styled = |name: &str| font.map(|font| font.split_whitespace().any(|one| one == name));
    Ok(SemanticRule {
        kind,
        modifiers,
        language,
        color: match value {
            Value::Object(settings) => color(settings.get("foreground").unwrap_or(&Value::Null))?,
            other => color(other)?,
        },
        bold: flag("bold").or(styled("bold")),
        italic: flag("italic").or(styled("italic")),
        underline: flag("underline").or(styled("underline")),
        strikethrough: flag("strikethrough").or(styled("strikethrough")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn theme(colors: Value) -> (SemanticTheme, Vec<String>) {
        let object = json!({"semanticHighlighting": true, "semanticTokenColors": colors});
        let mut warned = Vec::new();
        let theme = read(object.as_object().unwrap(), |place, _| warned.push(place));
        (theme, warned)
    }

    #[test]
    fn each_property_comes_from_the_most_specific_rule_that_has_it() {
        let (theme, warned) = theme(json!({
            "*.readonly": {"fontStyle": "bold strikethrough"},
            "variable": "#111111",
            "variable.readonly:rust": {"foreground": "#222222", "underline": true},
            "variable.readonly": {"foreground": "#333333", "italic": true, "fontStyle": ""},
            "class": "no colour",
        }));
        assert!(theme.enabled);
        assert_eq!(warned, ["semanticTokenColors.class"]);
        let color = |kind: &str, modifiers: &[&str], language: &str| {
            theme
                .style(kind, modifiers, language)
                .and_then(|style| style.color)
        };
        assert_eq!(color("variable", &[], "c"), Some(Rgba::opaque(0x111111)));
        assert_eq!(
            color("variable", &["readonly"], "c"),
            Some(Rgba::opaque(0x333333))
        );
        let rust = theme.style("variable", &["readonly", "x"], "rust").unwrap();
        assert_eq!(rust.color, Some(Rgba::opaque(0x222222)));
        assert!(rust.italic && rust.underline && !rust.bold && !rust.strikethrough);
        let other = theme.style("class", &["readonly"], "c").unwrap();
        assert_eq!((other.color, other.bold), (None, true));
        assert!(other.strikethrough);
        assert_eq!(theme.style("class", &[], "c"), None);
    }
}
