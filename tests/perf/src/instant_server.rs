//! A language server whose answers are made before anybody asks.

use std::io::{self, BufRead, Write};

use lsp::{read_frame, write_frame};
use serde_json::{Value, json};

/// Answers until its input ends: completions with one of two lists, the second of which a dot asks for,
/// and that the text is saved with `floods`, each a message.
///
/// # Errors
/// What is read is no protocol, or nobody reads the answers.
pub fn serve(
    mut input: impl BufRead,
    mut output: impl Write,
    lists: &[String; 2],
    floods: &[String],
) -> io::Result<()> {
    while let Ok(Some(body)) = read_frame(&mut input) {
        let message: Value = serde_json::from_slice(&body)?;
        let result = match message["method"].as_str() {
            Some("initialize") => json!({"capabilities": {
                "textDocumentSync": {"openClose": true, "change": 2, "save": true},
                "completionProvider": {"triggerCharacters": ["."]},
            }})
            .to_string(),
            Some("textDocument/completion") => {
                let long = message["params"]["context"]["triggerCharacter"] == ".";
                lists[usize::from(long)].clone()
            }
            Some("textDocument/didSave") => {
                for flood in floods {
                    write_frame(&mut output, flood.as_bytes())?;
                }
                continue;
            }
            _ if message["id"].is_null() => continue,
            _ => "null".to_owned(),
        };
        let id = &message["id"];
        let answer = format!("{{\"jsonrpc\":\"2.0\",\"id\":{id},\"result\":{result}}}");
        write_frame(&mut output, answer.as_bytes())?;
    }
    Ok(())
}

/// So many completions as servers of large projects send them, about 200 bytes each.
#[must_use]
pub fn list(count: usize) -> String {
    let items = (0..count).map(|number| {
        json!({
            "label": format!("handle_request_of_client_{number}"), "kind": 3,
            "detail": format!("fn(&mut self, request: Request<{number}>) -> Response"),
            "sortText": format!("{:08x}", number * 7919 % 100_000),
            "filterText": format!("handle_request_of_client_{number}"),
            "insertTextFormat": 1, "data": {"id": number, "uri": "file:///p/main.rs"},
        })
    });
    Value::Array(items.collect()).to_string()
}
