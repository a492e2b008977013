//! What a server asks and tells by itself.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::connection::Connection;
use crate::message::{self, Incoming, METHOD_NOT_FOUND};
use crate::rename::AskedRename;
use crate::server::{AskedEdit, Inner, ServerEvent, Shared};
use crate::server_message::{ServerMessage, ServerQuestion};
use crate::shown::Shown;
use crate::text_edit::WorkspaceEdit;
use crate::{bounded, closed_files, uri, watched_files};

/// More of a method's name is cut off, in bytes.
const MAX_METHOD: usize = 200;
/// More of what it says that it could not read is cut off, in bytes.
const MAX_COMPLAINT: usize = 1_000;
/// More sections of the settings are not given in one answer.
const MAX_SECTIONS: usize = 1_000;
/// The section that typescript-language-server asks for how the text with a URI is indented: what it
/// writes into the text is indented so, too.
const FORMATTING_OPTIONS: &str = "formattingOptions";

/// Takes one message, and answers it where it is a question.
pub(crate) fn take(server: &Shared, connection: &Arc<Connection>, message: Incoming) {
    match message {
        Incoming::Response { id, result } => {
            if !connection.answered(&id, result) {
                tracing::debug!("{} answers what nobody waits for", server.options.name);
            }
        }
        Incoming::Complaint(error) => {
            let said = bounded::line(&error.message, MAX_COMPLAINT);
            server
                .log
                .push(&format!("Kiln: it could not read a message: {said}"));
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
        Incoming::Request { id, method, params } if method == "window/showMessageRequest" => {
            let answering = connection.clone();
            let answer = move |given: Value| {
                answering.send(move || message::answer(&id, Ok(given)));
            };
            match ServerQuestion::read(&params, Box::new(answer)) {
                Ok(question) => {
                    server.log.push(&question.message.text);
                    server.tell(ServerEvent::Question(question));
                }
                // Nothing can be answered.
                Err(answer) => {
                    show(server, &params);
                    answer(Value::Null);
                }
            }
        }
        Incoming::Request { id, method, params } => {
            let result = answer(server, &method, &params);
            connection.send(move || message::answer(&id, result));
        }
        Incoming::Notification { method, params } => match method.as_str() {
            "textDocument/publishDiagnostics" => server.published(&params),
            "$/progress" if params["token"] == closed_files::PARTIAL => {
                server.project_told(&params["value"]);
            }
            "$/progress" => {
                let shown = server.progress.lock().take(&params);
                if let Some(shown) = shown {
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
    let message = ServerMessage::read(params);
    server.log.push(&message.text);
    server.tell(ServerEvent::Message(message));
}

/// Passes edits on that a server asks for; a no where nobody asked it for any.
fn ask_for_edit(
    server: &Shared,
    params: &Value,
    answer: Box<dyn FnOnce(Result<(), String>) + Send>,
) {
    let (command, encoding) = {
        let inner = server.inner.lock();
        (inner.running_command(), inner.capabilities.encoding())
    };
    let Some(command) = command else {
        return answer(Err("Kiln takes no edits that nobody asked for".into()));
    };
    match WorkspaceEdit::read(&params["edit"], encoding) {
        Ok(edit) => {
            let asked = AskedEdit::new(edit, command.given, answer);
            server.tell(ServerEvent::Edit(asked));
        }
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
            let inner = server.inner.lock();
            let values = items.iter().take(MAX_SECTIONS).map(|item| {
                let scope = item["scopeUri"].as_str().and_then(uri::path);
                let settings = inner.settings.of(scope.as_deref(), &server.options.root);
                let found = section(settings, &item["section"]);
                match found.is_null() && item["section"] == FORMATTING_OPTIONS {
                    true => indentation(&inner, &item["scopeUri"]),
                    false => found,
                }
            });
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
        "window/showDocument" => Ok(json!({"success": false})),
        AskedRename::METHOD => {
            let asked = AskedRename::read(&server.inner.lock(), params);
            if let Some(asked) = asked {
                server.tell(ServerEvent::Rename(asked));
            }
            Ok(Value::Null)
        }
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
                format!("Kiln does not know {}", bounded::line(method, MAX_METHOD)),
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

/// The `FormattingOptions` of the text with a URI (LSP 3.17), null where it is not open.
fn indentation(inner: &Inner, uri: &Value) -> Value {
    let path = uri.as_str().and_then(uri::path);
    let style = path.and_then(|path| inner.indents.get(&path));
    style.map_or(
        Value::Null,
        |style| json!({"tabSize": style.tab_size, "insertSpaces": style.insert_spaces}),
    )
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
}
