//! What a server can do at a place: `textDocument/codeAction`, `codeAction/resolve` and
//! `workspace/executeCommand` (LSP 3.17).

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use serde_json::{Value, json};

use crate::capabilities::Capabilities;
use crate::connection::Reply;
use crate::diagnostic::Diagnostic;
use crate::server::{GivenCommand, LanguageServer};
use crate::text_edit::{EditsError, WorkspaceEdit};
use crate::{PositionEncoding, bounded};

/// More of a title is cut off, in bytes.
const MAX_TITLE: usize = 500;
/// More actions of one answer are not taken.
const MAX_ACTIONS: usize = 200;
/// Of more diagnostics no actions are asked for.
const MAX_CONTEXT: usize = 100;

/// Something that a server can do at a place.
#[derive(Debug, Clone)]
pub struct CodeAction {
    /// What it does.
    pub title: Arc<str>,
    /// Of which sort: `quickfix`, `refactor.extract`.
    pub kind: Option<Arc<str>>,
    /// Whether it is what is most likely wanted.
    pub is_preferred: bool,
    /// Why it cannot be done now.
    pub disabled: Option<Arc<str>>,
    /// The name of the server that offers it.
    pub server: Arc<str>,
    raw: Arc<Value>,
}

impl CodeAction {
    /// A sentence without its end that says why it cannot be done now, where it cannot.
    pub fn why_disabled(&self) -> Option<String> {
        let why = self.disabled.as_ref()?;
        Some(format!("{}: {why}", self.title))
    }
}

/// What an action does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActionEffect {
    /// The edits to make first.
    pub edit: WorkspaceEdit,
    /// The command to have the server run then.
    pub command: Option<ServerCommand>,
}

/// A command of a server's own, which it runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerCommand {
    name: Arc<str>,
    arguments: Arc<Value>,
}

impl ServerCommand {
    /// Its name, as the server calls it.
    pub fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn arguments(&self) -> &Value {
        &self.arguments
    }

    pub(crate) fn read(value: &Value) -> Option<Self> {
        let name = value["command"].as_str()?;
        Some(Self {
            name: name.into(),
            arguments: Arc::new(value["arguments"].clone()),
        })
    }
}

/// Which actions are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ActionsAsked {
    /// All that can be done there, by somebody who chooses.
    All,
    /// Those of a kind, such as `source.organizeImports`, and of the kinds below it.
    OfKind(Arc<str>),
    /// Those of a kind, where nobody asks for them: before a save, or to say that there are some.
    Unasked(Arc<str>),
}

impl ActionsAsked {
    fn kind(&self) -> Option<&str> {
        match self {
            Self::All => None,
            Self::OfKind(kind) | Self::Unasked(kind) => Some(kind),
        }
    }

    /// Whether what is asked for is done with a whole file: `source` of LSP 3.17, and below it.
    fn is_of_source(&self) -> bool {
        let first = self.kind().and_then(|kind| kind.split('.').next());
        first == Some("source")
    }

    /// `CodeActionContext.only` is a wish; some servers answer with all that they have.
    fn takes(&self, action: &CodeAction) -> bool {
        let Some(wanted) = self.kind() else {
            return true;
        };
        let kind = action.kind.as_deref();
        kind.is_some_and(|kind| is_below(kind, wanted))
    }
}

/// Whether a kind is another, or one below it.
fn is_below(kind: &str, wanted: &str) -> bool {
    let rest = kind.strip_prefix(wanted);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

impl LanguageServer {
    /// Whether it says that it has actions of a kind, or of kinds below it.
    pub fn names_actions(&self, kind: &str) -> bool {
        let inner = self.shared().inner.lock();
        let has = &inner.capabilities;
        let named = &has.option("codeActionProvider", "textDocument/codeAction")["codeActionKinds"];
        let mut named = named.as_array().into_iter().flatten();
        inner.ready.is_some()
            && named.any(|one| one.as_str().is_some_and(|one| is_below(one, kind)))
    }

    /// Asks what can be done with some bytes of an open text, and about what is said of them; the
    /// bytes of the diagnostics are those of the text as it is now. Servers are told nothing of these
    /// where only what is done with a whole file is asked for.
    pub fn code_actions(
        &self,
        path: &Path,
        range: Range<usize>,
        diagnostics: &[(Range<usize>, Diagnostic)],
        asked: &ActionsAsked,
    ) -> Reply<Vec<CodeAction>> {
        let asked = asked.clone();
        self.ask(
            path,
            "codeActionProvider",
            "textDocument/codeAction",
            |mut params, document, encoding, _| {
                let text = document.newest().1;
                let place = |range: &Range<usize>| {
                    json!({
                        "start": encoding.position(text, range.start),
                        "end": encoding.position(text, range.end),
                    })
                };
                // What is done with a whole file does not stand on what is said of it, and some servers do
                // less where something is: typescript-language-server then keeps unused imports.
                let told = if asked.is_of_source() {
                    &[]
                } else {
                    diagnostics
                };
                let known = told.iter().take(MAX_CONTEXT);
                let known: Vec<_> = known
                    .map(|(range, one)| one.to_protocol(place(range)))
                    .collect();
                params["range"] = place(&range);
                // `CodeActionTriggerKind`: 1 for somebody who asks, 2 for what happens by itself.
                let by_itself = matches!(asked, ActionsAsked::Unasked(_));
                params["context"] = json!({
                    "diagnostics": known,
                    "triggerKind": if by_itself { 2 } else { 1 },
                });
                if let Some(kind) = asked.kind() {
                    params["context"]["only"] = json!([kind]);
                }
                let server: Arc<str> = self.name().into();
                (params, move |answer: Value| {
                    actions(answer, &asked, &server)
                })
            },
        )
    }

    /// Asks what an action does; it may be known already.
    pub fn resolve_action(
        &self,
        path: &Path,
        action: &CodeAction,
    ) -> Reply<Result<ActionEffect, EditsError>> {
        let raw = action.raw.clone();
        let known = raw.get("edit").is_some() || raw["command"].is_string();
        let resolves = |has: &Capabilities| {
            has.option("codeActionProvider", "textDocument/codeAction")["resolveProvider"]
                == Value::Bool(true)
        };
        let needs = {
            let inner = self.shared().inner.lock();
            !known && resolves(&inner.capabilities)
        };
        if !needs {
            let encoding = self.shared().inner.lock().capabilities.encoding();
            return Reply::known(effect(&raw, encoding));
        }
        self.ask_if(path, "codeAction/resolve", resolves, |_, _, encoding, _| {
            let read = move |answer: Value| effect(&answer, encoding);
            ((*raw).clone(), read)
        })
    }

    /// Has the server run a command of its own. Edits that it asks for meanwhile are
    /// [told](crate::ServerEvent::Edit), until nobody waits for the answer any more.
    pub fn execute(&self, path: &Path, command: &ServerCommand) -> Reply<()> {
        let offered = |has: &Capabilities| {
            let named =
                has.option("executeCommandProvider", "workspace/executeCommand")["commands"]
                    .as_array();
            named.is_some_and(|all| all.iter().any(|one| *one == *command.name))
        };
        let command_given = GivenCommand::now(self.shared().options.limits.request);
        {
            let mut inner = self.shared().inner.lock();
            // What is not run asks for no edits.
            if offered(&inner.capabilities) {
                inner.command = Some(command_given);
            }
        }
        let asked = self.ask_if(path, "workspace/executeCommand", offered, |_, _, _, _| {
            let params = json!({"command": &*command.name, "arguments": &*command.arguments});
            (params, |_| ())
        });
        let shared = self.shared().clone();
        asked.if_given_up(move || {
            let mut inner = shared.inner.lock();
            let is_it = inner
                .command
                .is_some_and(|one| one.given == command_given.given);
            if is_it {
                inner.command = None;
            }
        })
    }
}

/// `(Command | CodeAction)[]` or null.
fn actions(answer: Value, asked: &ActionsAsked, server: &Arc<str>) -> Vec<CodeAction> {
    let Value::Array(all) = answer else {
        return Vec::new();
    };
    let read = all.into_iter().filter_map(|raw| {
        let title = bounded::line(raw["title"].as_str()?, MAX_TITLE);
        let short = |value: &Value| -> Option<Arc<str>> {
            Some(bounded::line(value.as_str()?, MAX_TITLE).into())
        };
        (!title.is_empty()).then(|| CodeAction {
            title: title.into(),
            kind: short(&raw["kind"]),
            is_preferred: raw["isPreferred"] == Value::Bool(true),
            disabled: short(&raw["disabled"]["reason"]),
            server: server.clone(),
            raw: Arc::new(raw),
        })
    });
    read.filter(|action| asked.takes(action))
        .take(MAX_ACTIONS)
        .collect()
}

fn effect(raw: &Value, encoding: PositionEncoding) -> Result<ActionEffect, EditsError> {
    // A command alone has its name there, and an action has a command.
    let command = match raw["command"].is_string() {
        true => ServerCommand::read(raw),
        false => ServerCommand::read(&raw["command"]),
    };
    Ok(ActionEffect {
        edit: WorkspaceEdit::read(&raw["edit"], encoding)?,
        command,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_and_actions_are_told_apart() {
        let all = actions(
            json!([
                {"title": "Run", "command": "do.it", "arguments": [1]},
                {"title": "Fix\nit", "kind": "quickfix", "isPreferred": true, "edit": {},
                    "command": {"title": "t", "command": "then", "arguments": [2]}},
                {"title": "Not now", "disabled": {"reason": "no"}},
                {"title": 3}, 7,
            ]),
            &ActionsAsked::All,
            &"a".into(),
        );
        let titles: Vec<_> = all.iter().map(|one| &*one.title).collect();
        assert_eq!(titles, ["Run", "Fix it", "Not now"]);
        assert_eq!(
            (all[1].kind.as_deref(), all[1].is_preferred),
            (Some("quickfix"), true)
        );
        assert_eq!(all[2].disabled.as_deref(), Some("no"));
        assert_eq!(all[2].why_disabled().as_deref(), Some("Not now: no"));
        assert_eq!(all[1].why_disabled(), None);
        let command = |action: &CodeAction| {
            let effect = effect(&action.raw, PositionEncoding::Utf8).unwrap();
            assert!(effect.edit.is_empty());
            effect.command.map(|command| command.name.to_string())
        };
        assert_eq!(command(&all[0]).as_deref(), Some("do.it"));
        assert_eq!(command(&all[1]).as_deref(), Some("then"));
        assert_eq!(command(&all[2]), None);
        assert!(actions(Value::Null, &ActionsAsked::All, &"a".into()).is_empty());
    }

    #[test]
    fn of_what_was_not_asked_for_nothing_is_taken() {
        let kinds = [
            "source.organizeImports",
            "source.organizeImports.ts",
            "source.organizeImportsX",
            "source",
            "quickfix",
        ];
        let all = kinds.map(|kind| json!({"title": kind, "kind": kind}));
        let mut all = all.to_vec();
        all.push(json!({"title": "a command", "command": "c"}));
        let asked = ActionsAsked::OfKind("source.organizeImports".into());
        let taken = actions(Value::Array(all), &asked, &"a".into());
        let titles: Vec<_> = taken.iter().map(|one| &*one.title).collect();
        assert_eq!(titles, kinds[..2]);
    }
}
