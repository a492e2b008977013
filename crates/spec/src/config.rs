//! `.config.kiro`.

use std::fmt;

use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, ast, parse_to_ast};

use crate::document::{Document, SpecType, Workflow};

/// A parsed `.config.kiro`, with the text that it came from. Keys that Kiln does
/// not know stay in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SpecConfig {
    source: String,
    spec_id: Option<String>,
    workflow: Option<String>,
    spec_type: Option<String>,
    approvals: Option<Vec<String>>,
    request: Option<String>,
    problem: Option<String>,
}

/// Why a `.config.kiro` was left as it is.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ConfigError {
    /// It is not a JSON object.
    #[error(".config.kiro is malformed ({0}); correct it first, nothing was changed")]
    Malformed(String),
}

fn parse_object(source: &str) -> Result<Option<ast::Object<'_>>, String> {
    let body = source.strip_prefix('\u{feff}').unwrap_or(source);
    let options = ParseOptions {
        allow_missing_commas: false,
        allow_loose_object_property_names: false,
        ..ParseOptions::default()
    };
    match parse_to_ast(body, &CollectOptions::default(), &options) {
        Ok(parsed) => match parsed.value {
            None => Ok(None),
            Some(ast::Value::Object(object)) => Ok(Some(object)),
            Some(_) => Err("it holds no object".into()),
        },
        Err(error) => Err(format!("line {}: {}", error.line_display(), error.kind())),
    }
}

impl SpecConfig {
    /// Reads a file. Never fails: see [`SpecConfig::problem`].
    pub fn parse(source: &str) -> Self {
        let mut config = Self {
            source: source.to_string(),
            ..Self::default()
        };
        match parse_object(source) {
            Ok(None) => {}
            Err(problem) => config.problem = Some(problem),
            Ok(Some(object)) => {
                let text = |key: &str| {
                    object
                        .get_string(key)
                        .map(|literal| literal.value.to_string())
                };
                config.spec_id = text("specId");
                config.workflow = text("workflowType");
                config.spec_type = text("specType");
                config.request = text("request");
                config.approvals = object.get_array("approvals").map(|list| {
                    list.elements
                        .iter()
                        .filter_map(|item| item.as_string_lit())
                        .map(|literal| literal.value.to_string())
                        .collect()
                });
            }
        }
        config
    }

    /// The file of a new spec that Kiln makes, with nothing approved yet. `spec_id`
    /// is a UUID; `request` is what the user asked for, where that is known.
    pub fn new(
        spec_id: &str,
        workflow: Workflow,
        spec_type: SpecType,
        request: Option<&str>,
    ) -> Self {
        let mut value = serde_json::json!({
            "specId": spec_id,
            "workflowType": workflow.config_name(),
            "specType": spec_type.config_name(),
            "approvals": [],
        });
        if let Some(request) = request {
            value["request"] = request.into();
        }
        Self::parse(&format!("{value}\n"))
    }

    /// The text that it was read from.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The spec's id; the folder's name is what identifies a spec.
    pub fn spec_id(&self) -> Option<&str> {
        self.spec_id.as_deref()
    }

    /// The order of the documents.
    pub fn workflow(&self) -> Workflow {
        if self.spec_type() == SpecType::QuickSpec {
            return Workflow::FastTask;
        }
        self.workflow
            .as_deref()
            .map_or(Workflow::default(), Workflow::from_config)
    }

    /// What kind of change it is.
    pub fn spec_type(&self) -> SpecType {
        self.spec_type
            .as_deref()
            .map_or(SpecType::default(), SpecType::from_config)
    }

    /// The approved documents' names; `None` in files that Kiro made.
    pub fn approvals(&self) -> Option<&[String]> {
        self.approvals.as_deref()
    }

    /// Whether a document is approved here; `None` where approvals are not kept.
    pub fn is_approved(&self, document: Document) -> Option<bool> {
        let approvals = self.approvals.as_ref()?;
        Some(approvals.iter().any(|name| name == document.key()))
    }

    /// What the user asked for, in their words; `None` in files that Kiro made.
    pub fn request(&self) -> Option<&str> {
        self.request.as_deref()
    }

    /// Why the file says nothing, where it is malformed.
    pub fn problem(&self) -> Option<&str> {
        self.problem.as_deref()
    }

    /// The text with these approvals and no other byte changed. Names that are not
    /// documents of Kiln's stay.
    pub fn with_approvals(&self, approved: &[Document]) -> Result<String, ConfigError> {
        let mut names: Vec<&str> = approved.iter().map(|document| document.key()).collect();
        let unknown = |name: &&str| Document::from_key(name).is_none();
        names.extend(
            self.approvals
                .iter()
                .flatten()
                .map(String::as_str)
                .filter(unknown),
        );
        let list = serde_json::Value::from(names).to_string();
        let offset = self.source.len() - self.source.trim_start_matches('\u{feff}').len();
        let mut text = self.source.clone();
        match parse_object(&self.source).map_err(ConfigError::Malformed)? {
            None => {
                // What is there may be a comment, which goes to the end of its line.
                let last_line = text.rsplit('\n').next().unwrap_or_default();
                if !last_line.trim_start_matches('\u{feff}').trim().is_empty() {
                    text.push('\n');
                }
                text.push_str(&format!("{{\"approvals\": {list}}}\n"));
            }
            Some(object) => {
                if let Some(property) = object
                    .properties
                    .iter()
                    .rev()
                    .find(|property| property.name.as_str() == "approvals")
                {
                    let range = property.value.range();
                    text.replace_range(offset + range.start..offset + range.end, &list);
                } else if let Some(last) = object.properties.last() {
                    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
                    let end = offset + last.range.end;
                    let start = offset + last.range.start;
                    let line = text[..start].rfind('\n').map(|at| at + 1);
                    let separator = match line {
                        Some(line) if text[line..start].trim().is_empty() => {
                            format!(",{newline}{}", &text[line..start])
                        }
                        _ => ", ".to_string(),
                    };
                    text.insert_str(end, &format!("{separator}\"approvals\": {list}"));
                } else {
                    text.insert_str(
                        offset + object.range.start + 1,
                        &format!("\"approvals\": {list}"),
                    );
                }
            }
        }
        Ok(text)
    }
}

impl fmt::Display for SpecConfig {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.source)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn approvals_are_added_without_touching_the_rest() {
        let config = SpecConfig::parse(
            "{\"specId\": \"a\", \"workflowType\": \"design-first\", \"specType\": \"bugfix\", \"x\": [1]}",
        );
        assert_eq!(config.workflow(), Workflow::DesignFirst);
        assert_eq!(config.spec_type(), SpecType::Bugfix);
        assert_eq!(config.approvals(), None);
        assert_eq!(
            config.with_approvals(&[Document::Design]).unwrap(),
            "{\"specId\": \"a\", \"workflowType\": \"design-first\", \"specType\": \"bugfix\", \"x\": [1], \"approvals\": [\"design\"]}"
        );
    }

    #[test]
    fn a_file_over_several_lines_keeps_its_form() {
        let text = "{\r\n    \"specType\": \"feature\"\r\n}\r\n";
        let changed = SpecConfig::parse(text)
            .with_approvals(&[Document::Requirements])
            .unwrap();
        assert_eq!(
            changed,
            "{\r\n    \"specType\": \"feature\",\r\n    \"approvals\": [\"requirements\"]\r\n}\r\n"
        );
        let again = SpecConfig::parse(&changed).with_approvals(&[]).unwrap();
        assert_eq!(again, changed.replace("[\"requirements\"]", "[]"));
    }

    #[test]
    fn unknown_approvals_stay_and_a_malformed_file_is_left_alone() {
        let changed = SpecConfig::parse("{\"approvals\": [\"security\", \"design\"]}")
            .with_approvals(&[Document::Tasks])
            .unwrap();
        assert_eq!(changed, "{\"approvals\": [\"tasks\",\"security\"]}");
        let broken = SpecConfig::parse("{\"specId\": ");
        assert!(broken.problem().is_some());
        assert!(
            broken
                .with_approvals(&[])
                .unwrap_err()
                .to_string()
                .contains("nothing was changed")
        );
        assert_eq!(broken.to_string(), "{\"specId\": ");
    }

    #[test]
    fn a_new_one_has_nothing_approved() {
        let asked = "Labels, \"colours\"\nand more";
        let config = SpecConfig::new(
            "id",
            Workflow::RequirementsFirst,
            SpecType::Feature,
            Some(asked),
        );
        assert_eq!(config.request(), Some(asked));
        let approved = config.with_approvals(&[Document::Design]).unwrap();
        assert_eq!(SpecConfig::parse(&approved).request(), Some(asked));
        assert_eq!(config.approvals(), Some(&[][..]));
        assert_eq!(config.is_approved(Document::Design), Some(false));
    }

    #[test]
    fn approvals_stand_below_a_comment() {
        let approved = SpecConfig::parse("// ours").with_approvals(&[Document::Design]);
        assert_eq!(
            approved.unwrap(),
            "// ours\n{\"approvals\": [\"design\"]}\n"
        );
    }

    proptest! {
        #[test]
        fn any_text_is_kept(text in "\\PC*") {
            let config = SpecConfig::parse(&text);
            prop_assert_eq!(config.to_string(), text);
            if let Ok(changed) = config.with_approvals(&[Document::Design]) {
                prop_assert_eq!(SpecConfig::parse(&changed).is_approved(Document::Design), Some(true));
            }
        }
    }
}
