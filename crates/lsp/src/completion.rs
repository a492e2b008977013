//! What can be put in at a place of a text: `textDocument/completion` and `completionItem/resolve`
//! (LSP 3.17).

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use editor_core::{Text, word_at};
use serde_json::{Value, json};

use crate::answers::{self, MAX_MARKDOWN};
use crate::capabilities::Capabilities;
use crate::connection::Reply;
use crate::server::LanguageServer;
use crate::text_edit;
use crate::{PositionEncoding, bounded};

/// More items of one answer are not taken.
pub const MAX_ITEMS: usize = 10_000;
/// More of a label, and of what stands beside it, is cut off, in bytes.
const MAX_LABEL: usize = 500;
/// An item that puts in more than this is not taken, in bytes.
const MAX_INSERTED: usize = 64 * 1024;
/// More characters that take an item are not taken.
const MAX_CHARACTERS: usize = 100;

/// Why completions are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CompletionTrigger {
    /// Somebody types a word, or asks.
    Invoked,
    /// This was typed, which the server [names](LanguageServer::completion_triggers).
    Character(String),
    /// The last answer was incomplete, and more was typed.
    Incomplete,
}

/// What a completion stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names are those of the protocol")]
pub enum CompletionKind {
    Text,
    Method,
    Function,
    Constructor,
    Field,
    Variable,
    Class,
    Interface,
    Module,
    Property,
    Unit,
    Value,
    Enum,
    Keyword,
    Snippet,
    Color,
    File,
    Reference,
    Folder,
    EnumMember,
    Constant,
    Struct,
    Event,
    Operator,
    TypeParameter,
}

impl CompletionKind {
    const ALL: [Self; 25] = [
        Self::Text,
        Self::Method,
        Self::Function,
        Self::Constructor,
        Self::Field,
        Self::Variable,
        Self::Class,
        Self::Interface,
        Self::Module,
        Self::Property,
        Self::Unit,
        Self::Value,
        Self::Enum,
        Self::Keyword,
        Self::Snippet,
        Self::Color,
        Self::File,
        Self::Reference,
        Self::Folder,
        Self::EnumMember,
        Self::Constant,
        Self::Struct,
        Self::Event,
        Self::Operator,
        Self::TypeParameter,
    ];

    /// `CompletionItemKind`, which counts from one.
    fn of(number: &Value) -> Self {
        let index = number.as_u64().and_then(|number| number.checked_sub(1));
        let index = index.and_then(|index| usize::try_from(index).ok());
        let found = index.and_then(|index| Self::ALL.get(index));
        found.copied().unwrap_or(Self::Text)
    }
}

/// What can be put in at a place.
#[derive(Debug, Clone, Default)]
pub struct CompletionList {
    /// The version of the text that all bytes are of.
    pub version: u64,
    /// The byte that was asked about.
    pub offset: usize,
    /// Whether it is to be asked for anew when more is typed.
    pub is_incomplete: bool,
    /// What can be put in, in the server's order: by the sort texts.
    pub items: Vec<CompletionItem>,
}

impl CompletionList {
    /// Adds what another server offers at the same place of the same text; an answer about another
    /// text is dropped. No more than [`MAX_ITEMS`] are kept.
    pub fn join(&mut self, other: Self) {
        if (other.version, other.offset) != (self.version, self.offset) {
            return;
        }
        self.is_incomplete |= other.is_incomplete;
        let room = MAX_ITEMS.saturating_sub(self.items.len());
        self.items.extend(other.items.into_iter().take(room));
    }
}

/// Something that can be put in.
#[derive(Debug, Clone)]
pub struct CompletionItem {
    /// What it is called.
    pub label: Arc<str>,
    /// What stands right behind that: parameters, a type.
    pub label_detail: Option<Arc<str>>,
    /// Where it is from.
    pub description: Option<Arc<str>>,
    /// What it stands for.
    pub kind: CompletionKind,
    /// Whether it should no longer be used.
    pub deprecated: bool,
    /// Whether it is to be chosen at first.
    pub preselect: bool,
    /// What is compared with what was typed.
    pub filter_text: Arc<str>,
    /// The bytes that it is put in for.
    pub range: Range<usize>,
    /// What is put in.
    pub new_text: Arc<str>,
    /// Whether that is a snippet.
    pub is_snippet: bool,
    /// Characters that take the item when they are typed.
    pub commit_characters: Arc<[char]>,
    /// The name of the server that offers it; empty where none does.
    pub server: Arc<str>,
    /// What is known of it so far; [resolving](LanguageServer::resolve_completion) may tell more.
    pub details: CompletionDetails,
    /// As the server said it, to be resolved.
    raw: Arc<Value>,
}

impl CompletionItem {
    /// An item of no server's: a text that is put in for some bytes.
    pub fn local(label: &str, new_text: &str, range: Range<usize>) -> Self {
        Self {
            label: label.into(),
            label_detail: None,
            description: None,
            kind: CompletionKind::Text,
            deprecated: false,
            preselect: false,
            filter_text: label.into(),
            range,
            new_text: new_text.into(),
            is_snippet: false,
            commit_characters: Arc::default(),
            server: Arc::default(),
            details: CompletionDetails::default(),
            raw: Arc::default(),
        }
    }

    /// The same as a snippet, with what is said of it.
    #[must_use]
    pub fn as_snippet(self, about: &str) -> Self {
        Self {
            kind: CompletionKind::Snippet,
            is_snippet: true,
            description: Some(bounded::line(about, MAX_LABEL).into()),
            ..self
        }
    }

    /// Whether it is a mere text, of no server.
    pub fn is_word(&self) -> bool {
        self.is_local() && !self.is_snippet
    }

    /// Whether no server has more to tell of it.
    pub fn is_local(&self) -> bool {
        self.raw.is_null()
    }
}

/// What is known of an item beside its label.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CompletionDetails {
    /// Its type or signature.
    pub detail: Option<Arc<str>>,
    /// Its documentation, as Markdown that is not trusted.
    pub documentation: Option<Arc<str>>,
    /// What else is changed with it, in the bytes of the list's version: an import.
    pub additional_edits: Arc<[(Range<usize>, String)]>,
    /// A command that the editor itself is to run after it.
    pub command: Option<FollowUp>,
}

/// What an editor is to do after an item was put in, by the names that VS Code gives them and
/// servers use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FollowUp {
    /// Ask for completions again.
    Complete,
    /// Show the parameters.
    SignatureHelp,
}

impl LanguageServer {
    /// The characters that ask for completions when they are typed; `None` where it offers none.
    pub fn completion_triggers(&self) -> Option<Vec<String>> {
        let inner = self.shared().inner.lock();
        triggers(
            &inner.capabilities,
            "completionProvider",
            "textDocument/completion",
        )
    }

    /// Asks what can be put in at a byte of an open text.
    pub fn completion(
        &self,
        path: &Path,
        offset: usize,
        trigger: &CompletionTrigger,
    ) -> Reply<CompletionList> {
        let context = match trigger {
            CompletionTrigger::Invoked => json!({"triggerKind": 1}),
            CompletionTrigger::Character(typed) => {
                json!({"triggerKind": 2, "triggerCharacter": typed})
            }
            CompletionTrigger::Incomplete => json!({"triggerKind": 3}),
        };
        self.ask(
            path,
            "completionProvider",
            "textDocument/completion",
            |mut params, document, encoding, capabilities| {
                let (version, text) = document.newest();
                let text = text.clone();
                params["position"] = json!(encoding.position(&text, offset));
                params["context"] = context;
                let all_commit = characters(
                    &capabilities.option("completionProvider", "textDocument/completion")
                        ["allCommitCharacters"],
                );
                let name: Arc<str> = self.name().into();
                let read = move |answer: Value| {
                    let mut list = read_list(answer, &text, offset, encoding, &all_commit);
                    list.version = version;
                    for item in &mut list.items {
                        item.server = name.clone();
                    }
                    list
                };
                (params, read)
            },
        )
    }

    /// Asks for what was left out of an item; `text` is that of the list's version.
    pub fn resolve_completion(
        &self,
        path: &Path,
        item: &CompletionItem,
        text: &Text,
    ) -> Reply<CompletionDetails> {
        let (raw, known, text) = (item.raw.clone(), item.details.clone(), text.clone());
        self.ask_if(
            path,
            "completionItem/resolve",
            |capabilities| {
                capabilities.option("completionProvider", "textDocument/completion")
                    ["resolveProvider"]
                    == Value::Bool(true)
            },
            |_, _, encoding, _| {
                let read = move |answer: Value| {
                    let told = details(&answer, &text, encoding);
                    let edits = match told.additional_edits.is_empty() {
                        true => known.additional_edits,
                        false => told.additional_edits,
                    };
                    CompletionDetails {
                        detail: told.detail.or(known.detail),
                        documentation: told.documentation.or(known.documentation),
                        additional_edits: edits,
                        command: told.command.or(known.command),
                    }
                };
                ((*raw).clone(), read)
            },
        )
    }
}

/// The characters that ask for something when they are typed; `None` where it is not offered.
pub(crate) fn triggers(has: &Capabilities, provider: &str, method: &str) -> Option<Vec<String>> {
    has.offers(provider, method).then(|| {
        let named = has.option(provider, method)["triggerCharacters"].as_array();
        let named = named.map(Vec::as_slice).unwrap_or_default().iter();
        let short = named.filter_map(Value::as_str).filter(|one| one.len() <= 8);
        short.take(MAX_CHARACTERS).map(str::to_owned).collect()
    })
}

fn characters(list: &Value) -> Arc<[char]> {
    let list = list.as_array().map(Vec::as_slice).unwrap_or_default();
    let first = |one: &Value| one.as_str()?.chars().next();
    list.iter().filter_map(first).take(MAX_CHARACTERS).collect()
}

/// `CompletionItem[]`, `CompletionList` or null.
fn read_list(
    answer: Value,
    text: &Text,
    offset: usize,
    encoding: PositionEncoding,
    all_commit: &Arc<[char]>,
) -> CompletionList {
    let is_incomplete = answer["isIncomplete"] == Value::Bool(true);
    let (items, defaults) = match answer {
        Value::Array(items) => (items, Value::Null),
        Value::Object(mut list) => {
            let defaults = list.remove("itemDefaults").unwrap_or_default();
            match list.remove("items") {
                Some(Value::Array(items)) => (items, defaults),
                _ => (Vec::new(), defaults),
            }
        }
        _ => (Vec::new(), Value::Null),
    };
    let reader = Reader {
        text,
        encoding,
        word: word_before(text, offset),
        default_range: ranges(&defaults["editRange"], text, encoding),
        default_commit: match defaults["commitCharacters"].is_array() {
            true => characters(&defaults["commitCharacters"]),
            false => all_commit.clone(),
        },
        defaults,
        offset,
    };
    let mut sorted: Vec<(String, CompletionItem)> = items
        .into_iter()
        .filter_map(|item| reader.item(item))
        .take(MAX_ITEMS)
        .collect();
    // As VS Code has it: by the sort texts without their case, and by the labels among equals.
    sorted.sort_by(|(a, one), (b, other)| a.cmp(b).then_with(|| one.label.cmp(&other.label)));
    CompletionList {
        version: 0,
        offset,
        is_incomplete,
        items: sorted.into_iter().map(|(_, item)| item).collect(),
    }
}

/// The word that ends at a byte.
fn word_before(text: &Text, offset: usize) -> Range<usize> {
    let word = word_at(text, offset);
    let is_word = text
        .char_before(offset)
        .is_some_and(|character| character.is_alphanumeric() || character == '_');
    match is_word {
        true => word.start.min(offset)..offset,
        false => offset..offset,
    }
}

/// The bytes of a `Range`, or those that `insert` names.
fn ranges(value: &Value, text: &Text, encoding: PositionEncoding) -> Option<Range<usize>> {
    let range = value.get("insert").unwrap_or(value);
    let range = serde_json::from_value(range.clone()).ok()?;
    Some(encoding.range(text, range))
}

struct Reader<'a> {
    text: &'a Text,
    encoding: PositionEncoding,
    offset: usize,
    word: Range<usize>,
    defaults: Value,
    default_range: Option<Range<usize>>,
    default_commit: Arc<[char]>,
}

impl Reader<'_> {
    /// An item with its sort text.
    fn item(&self, mut raw: Value) -> Option<(String, CompletionItem)> {
        if let (Some(data), Some(item)) = (self.defaults.get("data"), raw.as_object_mut())
            && !item.contains_key("data")
        {
            item.insert("data".into(), data.clone());
        }
        let label = raw["label"].as_str()?;
        let edit = &raw["textEdit"];
        let (new_text, range) = match edit.get("newText").and_then(Value::as_str) {
            Some(new_text) => {
                let range = match edit.get("insert") {
                    Some(_) => edit,
                    None => &edit["range"],
                };
                (new_text, ranges(range, self.text, self.encoding)?)
            }
            None => {
                let in_range = self.default_range.as_ref();
                let text = in_range.and_then(|_| raw["textEditText"].as_str());
                let text = text.or(raw["insertText"].as_str()).unwrap_or(label);
                (text, in_range.unwrap_or(&self.word).clone())
            }
        };
        // A range has to be around the place, in one line (`CompletionItem.textEdit`).
        let around = range.start <= self.offset && self.offset <= range.end;
        let row = self.text.row_at(self.offset);
        let in_line = self.text.row_at(range.start) == row && self.text.row_at(range.end) == row;
        if !around || !in_line || new_text.len() > MAX_INSERTED {
            return None;
        }
        let format = raw.get("insertTextFormat");
        let format = format.unwrap_or(&self.defaults["insertTextFormat"]);
        let short = |value: &Value| -> Option<Arc<str>> {
            let text = bounded::line(value.as_str()?, MAX_LABEL);
            (!text.is_empty()).then(|| text.into())
        };
        let own = raw.get("filterText").and_then(Value::as_str);
        let shown = bounded::line(label, MAX_LABEL);
        let filter_text = own.map_or_else(|| shown.clone(), |own| bounded::line(own, MAX_LABEL));
        let sort_text = raw["sortText"].as_str().unwrap_or(label);
        let sort_text = bounded::line(sort_text, MAX_LABEL).to_lowercase();
        let details = details(&raw, self.text, self.encoding);
        let tagged = raw["tags"].as_array();
        let tagged = tagged.is_some_and(|tags| tags.contains(&json!(1)));
        let item = CompletionItem {
            label: shown.into(),
            label_detail: short(&raw["labelDetails"]["detail"]),
            description: short(&raw["labelDetails"]["description"])
                .or_else(|| short(&raw["detail"])),
            kind: CompletionKind::of(&raw["kind"]),
            deprecated: tagged || raw["deprecated"] == Value::Bool(true),
            preselect: raw["preselect"] == Value::Bool(true),
            filter_text: filter_text.into(),
            range,
            new_text: new_text.into(),
            is_snippet: format.as_u64() == Some(2),
            commit_characters: match raw["commitCharacters"].is_array() {
                true => characters(&raw["commitCharacters"]),
                false => self.default_commit.clone(),
            },
            server: Arc::default(),
            details,
            raw: Arc::new(Value::Null),
        };
        Some((
            sort_text,
            CompletionItem {
                raw: Arc::new(raw),
                ..item
            },
        ))
    }
}

fn details(raw: &Value, text: &Text, encoding: PositionEncoding) -> CompletionDetails {
    let detail = raw["detail"].as_str().filter(|detail| !detail.is_empty());
    let documentation = answers::markup(&raw["documentation"]);
    let edits = text_edit::edits(&raw["additionalTextEdits"], text, encoding);
    CompletionDetails {
        detail: detail.map(|detail| bounded::text(detail, MAX_MARKDOWN).into()),
        documentation: documentation
            .filter(|markdown| !markdown.trim().is_empty())
            .map(|markdown| bounded::text(&markdown, MAX_MARKDOWN).into()),
        additional_edits: edits.unwrap_or_default().into(),
        command: match raw["command"]["command"].as_str() {
            Some("editor.action.triggerSuggest") => Some(FollowUp::Complete),
            Some("editor.action.triggerParameterHints") => Some(FollowUp::SignatureHelp),
            _ => None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(answer: Value, text: &str, offset: usize) -> CompletionList {
        read_list(
            answer,
            &Text::new(text),
            offset,
            PositionEncoding::Utf16,
            &Arc::from(['.']),
        )
    }

    fn range(from: u64, to: u64) -> Value {
        json!({"start": {"line": 0, "character": from}, "end": {"line": 0, "character": to}})
    }

    fn shown(list: &CompletionList) -> Vec<(&str, &str, Range<usize>)> {
        let items = list.items.iter();
        items
            .map(|one| (&*one.label, &*one.new_text, one.range.clone()))
            .collect()
    }

    #[test]
    fn items_come_in_any_of_their_forms_and_in_the_servers_order() {
        let list = read(
            json!([
                {"label": "prune"},
                {"label": "Print", "sortText": "0"},
                {"label": "private", "insertText": "private:"},
                {"label": "edit", "sortText": "1", "textEdit": {"range": range(3, 7), "newText": "e"}},
                {"label": "both", "sortText": "2", "textEdit":
                    {"insert": range(3, 5), "replace": range(3, 7), "newText": "b"}},
                7, {"kind": 3}
            ]),
            "ä, prxx",
            6,
        );
        assert!(!list.is_incomplete);
        assert_eq!(
            shown(&list),
            [
                ("Print", "Print", 4..6),
                ("edit", "e", 4..8),
                ("both", "b", 4..6),
                ("private", "private:", 4..6),
                ("prune", "prune", 4..6),
            ]
        );
    }

    #[test]
    fn what_a_list_says_for_all_holds_for_those_that_say_nothing() {
        let list = read(
            json!({
                "isIncomplete": true,
                "itemDefaults": {
                    "editRange": {"insert": range(0, 1), "replace": range(0, 2)},
                    "insertTextFormat": 2, "commitCharacters": ["(", ""], "data": 5,
                },
                "items": [
                    {"label": "a", "textEditText": "a($0)"},
                    {"label": "b", "insertTextFormat": 1, "commitCharacters": [], "data": 6},
                ],
            }),
            "xy",
            1,
        );
        assert!(list.is_incomplete);
        assert_eq!(shown(&list), [("a", "a($0)", 0..1), ("b", "b", 0..1)]);
        let [a, b] = &list.items[..] else { panic!() };
        assert_eq!((a.is_snippet, b.is_snippet), (true, false));
        assert_eq!(
            (&*a.commit_characters, &*b.commit_characters),
            (&['('][..], &[][..])
        );
        assert_eq!((&a.raw["data"], &b.raw["data"]), (&json!(5), &json!(6)));
    }

    #[test]
    fn ranges_that_cannot_be_and_floods_are_left_out() {
        let two_lines =
            json!({"start": {"line": 0, "character": 0}, "end": {"line": 1, "character": 0}});
        let list = read(
            json!([
                {"label": "after", "textEdit": {"range": range(2, 3), "newText": "x"}},
                {"label": "lines", "textEdit": {"range": two_lines, "newText": "x"}},
                {"label": "long", "insertText": "x".repeat(MAX_INSERTED + 1)},
                {"label": "\u{202e}evil\n".repeat(1_000)},
            ]),
            "abc\n",
            1,
        );
        let [only] = &list.items[..] else {
            panic!("{list:?}")
        };
        assert!(only.label.len() < 2_000 && !only.label.contains(['\u{202e}', '\n']));
        let many = read(json!(vec![json!({"label": "x"}); MAX_ITEMS + 9]), "", 0);
        assert_eq!(many.items.len(), MAX_ITEMS);
        for nothing in [json!(null), json!(3), json!({"items": 3}), json!({})] {
            assert!(read(nothing, "", 0).items.is_empty());
        }
    }

    #[test]
    fn details_and_tags_are_read() {
        let list = read(
            json!([{
                "label": "f", "kind": 3, "tags": [1], "preselect": true, "detail": "fn f()",
                "labelDetails": {"detail": "()", "description": "std"},
                "documentation": {"kind": "markdown", "value": "*Says.*"},
                "additionalTextEdits": [{"range": range(0, 0), "newText": "use f;\n"}],
                "command": {"command": "editor.action.triggerParameterHints"},
            }]),
            "x f",
            3,
        );
        let item = &list.items[0];
        assert_eq!(
            (item.kind, item.deprecated, item.preselect),
            (CompletionKind::Function, true, true)
        );
        assert_eq!(item.label_detail.as_deref(), Some("()"));
        assert_eq!(item.description.as_deref(), Some("std"));
        let details = &item.details;
        assert_eq!(details.detail.as_deref(), Some("fn f()"));
        assert_eq!(details.documentation.as_deref(), Some("*Says.*"));
        assert_eq!(&*details.additional_edits, [(0..0, "use f;\n".to_owned())]);
        assert_eq!(details.command, Some(FollowUp::SignatureHelp));
        assert_eq!(&*item.commit_characters, ['.']);
    }
}
