//! What a server asks and tells by itself.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use serde_json::{Value, json};

use crate::connection::Connection;
use crate::message::{self, Incoming, METHOD_NOT_FOUND};
use crate::server::{AskedEdit, ServerEvent, Shared};
use crate::shown::Shown;
use crate::text_edit::WorkspaceEdit;
use crate::{bounded, watched_files};

/// More work at a time is not told.
const MAX_PROGRESS: usize = 100;
/// More of a message to the user is cut off, in bytes.
const MAX_MESSAGE: usize = 2_000;
/// More of what it works on is cut off, in bytes.
const MAX_WORK: usize = 200;
/// More sections of the settings are not given in one answer.
const MAX_SECTIONS: usize = 1_000;

/// What a server works on, by its token.
#[derive(Default)]
pub(crate) struct Progress(BTreeMap<String, Work>);

struct Work {
    title: String,
    rest: String,
}

impl Progress {
    /// Takes `$/progress`; what to show, where that changed.
    fn take(&mut self, params: &Value) -> Option<Option<String>> {
        let token = match &params["token"] {
            Value::String(token) if token.len() <= MAX_WORK => token.clone(),
            Value::Number(token) => token.to_string(),
            _ => return None,
        };
        let value = &params["value"];
        match value["kind"].as_str()? {
            "begin" if self.0.len() < MAX_PROGRESS => {
                let title = bounded::line(value["title"].as_str().unwrap_or_default(), MAX_WORK);
                let rest = rest(value);
                self.0.insert(token, Work { title, rest });
            }
            "report" => self.0.get_mut(&token)?.rest = rest(value),
            "end" => drop(self.0.remove(&token)),
            _ => return None,
        }
        let shown = self.0.values().next();
        Some(shown.map(|work| format!("{}{}", work.title, work.rest)))
    }
}

fn rest(value: &Value) -> String {
    let percentage = value["percentage"].as_u64();
    match (percentage, value["message"].as_str()) {
        (Some(percent), _) => format!(" {}%", percent.min(100)),
        (None, Some(message)) => format!(": {}", bounded::line(message, MAX_WORK)),
        (None, None) => String::new(),
    }
}

/// Takes one message, and answers it where it is a question.
pub(crate) fn take(
    server: &Shared,
    connection: &Arc<Connection>,
    message: Incoming,
    progress: &mut Progress,
) {
    match message {
        Incoming::Response { id, result } => {
            if !connection.answered(&id, result) {
                tracing::debug!("{} answers what nobody waits for", server.options.name);
            }
        }
        Incoming::Request { id, method, params } if method == "workspace/applyEdit" => {
            let answering = connection.clone();
            let answer = move |made: Result<(), String>| {
                let result = match made {
                    Ok(()) => json!({"applied": true}),
                    Err(why) => json!({"applied": false, "failureReason": why}),
                };
                answering.send(move || message::answer(&id, Ok(result)));
            };
            ask_for_edit(server, &params, Box::new(answer));
        }
        Incoming::Request { id, method, params } => {
            let result = answer(server, &method, &params);
            connection.send(move || message::answer(&id, result));
        }
        Incoming::Notification { method, params } => match method.as_str() {
            "textDocument/publishDiagnostics" => server.published(&params),
            "$/progress" => {
                if let Some(shown) = progress.take(&params) {
                    server.tell(ServerEvent::Progress(shown));
                }
            }
            "window/logMessage" | "$/logTrace" => {
                server
                    .log
                    .push(params["message"].as_str().unwrap_or_default());
            }
            "window/showMessage" => show(server, &params),
            // Others are no business of an editor, or from a newer protocol.
            _ => {}
        },
    }
}

fn show(server: &Shared, params: &Value) {
    let text = params["message"].as_str().unwrap_or_default();
    let text = bounded::text(text, MAX_MESSAGE);
    server.log.push(&text);
    let is_error = params["type"].as_u64() == Some(1);
    server.tell(ServerEvent::Message { is_error, text });
}

/// Passes edits on that a server asks for; a no where nobody asked it for any.
fn ask_for_edit(
    server: &Shared,
    params: &Value,
    answer: Box<dyn FnOnce(Result<(), String>) + Send>,
) {
    let (wanted, encoding) = {
        let inner = server.inner.lock();
        let wanted = inner
            .edits_until
            .is_some_and(|until| Instant::now() < until);
        (wanted, inner.capabilities.encoding())
    };
    if !wanted {
        return answer(Err("Kiln takes no edits that nobody asked for".into()));
    }
    match WorkspaceEdit::read(&params["edit"], encoding) {
        Ok(edit) => server.tell(ServerEvent::Edit(AskedEdit::new(edit, answer))),
        Err(error) => answer(Err(error.to_string())),
    }
}

/// The answer to what a server asks. Nothing here opens, edits or starts anything.
fn answer(server: &Shared, method: &str, params: &Value) -> Result<Value, (i64, String)> {
    match method {
        "workspace/configuration" => {
            let items = params["items"]
                .as_array()
                .map(Vec::as_slice)
                .unwrap_or_default();
            let values = items
                .iter()
                .take(MAX_SECTIONS)
                .map(|item| section(&server.options.settings, &item["section"]));
            Ok(values.collect())
        }
        "workspace/workspaceFolders" => Ok(server.folders()),
        "client/registerCapability" => {
            server.inner.lock().capabilities.register(params);
            let all = params["registrations"].as_array();
            let pulls = |one: &Value| one["method"] == "textDocument/diagnostic";
            if all.is_some_and(|all| all.iter().any(pulls)) {
                server.tell(ServerEvent::DiagnosticsStale);
            }
            tell_registered(server, &params["registrations"]);
            let watches = |one: &Value| one["method"] == watched_files::METHOD;
            if all.is_some_and(|all| all.iter().any(watches)) {
                server.tell(ServerEvent::WatchesFiles);
            }
            Ok(Value::Null)
        }
        "client/unregisterCapability" => {
            server.inner.lock().capabilities.unregister(params);
            tell_registered(server, &params["unregisterations"]);
            Ok(Value::Null)
        }
        "window/workDoneProgress/create" => Ok(Value::Null),
        "window/showMessageRequest" => {
            show(server, params);
            Ok(Value::Null)
        }
        "window/showDocument" => Ok(json!({"success": false})),
        "workspace/diagnostic/refresh" => {
            server.tell(ServerEvent::DiagnosticsStale);
            Ok(Value::Null)
        }
        _ => match Shown::of_refresh(method) {
            Some(shown) => {
                server.tell(ServerEvent::Stale(shown));
                Ok(Value::Null)
            }
            None => Err((
                METHOD_NOT_FOUND,
                format!("Kiln does not know {}", bounded::line(method, MAX_WORK)),
            )),
        },
    }
}

/// Tells what may be shown in texts from now on, or no longer, once each.
fn tell_registered(server: &Shared, list: &Value) {
    let list = list.as_array().map(Vec::as_slice).unwrap_or_default();
    let mut told = Vec::new();
    for one in list.iter().take(MAX_SECTIONS) {
        let shown = one["method"].as_str().and_then(Shown::of_registration);
        if let Some(shown) = shown.filter(|shown| !told.contains(shown)) {
            told.push(shown);
            server.tell(ServerEvent::Stale(shown));
        }
    }
}

/// A section of the settings, `a.b`; all of them without a name, null where there is none.
fn section(settings: &Value, name: &Value) -> Value {
    let name = name.as_str().unwrap_or_default();
    let parts = name.split('.').filter(|part| !part.is_empty());
    let found = parts
        .into_iter()
        .try_fold(settings, |value, part| value.get(part));
    found.cloned().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_found_by_their_section() {
        let settings = json!({"python": {"analysis": {"mode": "strict"}}});
        let of = |name: &str| section(&settings, &json!(name));
        assert_eq!(of("python.analysis"), json!({"mode": "strict"}));
        assert_eq!(of(""), settings);
        assert_eq!(of("ruby.x"), Value::Null);
    }

    #[test]
    fn progress_is_told_until_it_ends() {
        let mut progress = Progress::default();
        let mut take = |value: Value| progress.take(&json!({"token": 7, "value": value}));
        let begun = take(json!({"kind": "begin", "title": "Indexing", "percentage": 0}));
        assert_eq!(begun, Some(Some("Indexing 0%".into())));
        let report = take(json!({"kind": "report", "message": "a.rs"}));
        assert_eq!(report, Some(Some("Indexing: a.rs".into())));
        assert_eq!(take(json!({"kind": "end"})), Some(None));
        assert_eq!(
            take(json!({"kind": "report", "percentage": 5})),
            None,
            "late"
        );
        assert_eq!(take(json!(3)), None);
    }
}
