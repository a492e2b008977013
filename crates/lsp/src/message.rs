use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Names a request. Ours are numbers; a server may choose.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum RequestId {
    Number(i64),
    Text(String),
}

/// The error in a response.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct ErrorAnswer {
    #[serde(default)]
    pub code: i64,
    #[serde(default)]
    pub message: String,
}

/// What a server sends.
#[derive(Debug)]
pub(crate) enum Incoming {
    Request {
        id: RequestId,
        method: String,
        params: Value,
    },
    Notification {
        method: String,
        params: Value,
    },
    Response {
        id: RequestId,
        result: Result<Value, ErrorAnswer>,
    },
}

#[derive(Deserialize)]
struct Raw {
    id: Option<RequestId>,
    method: Option<String>,
    #[serde(default)]
    params: Value,
    #[serde(default)]
    result: Value,
    error: Option<ErrorAnswer>,
}

/// The code of JSON-RPC for a method that is not known.
pub(crate) const METHOD_NOT_FOUND: i64 = -32601;
/// What a server answers when the text has changed since it was asked (LSP 3.17, `ErrorCodes`).
pub(crate) const CONTENT_MODIFIED: i64 = -32801;

impl Incoming {
    /// Reads a message. Nesting is bounded by `serde_json` (128 levels), so that no depth ends the
    /// stack.
    pub fn parse(body: &[u8]) -> Result<Self, String> {
        let raw: Raw = serde_json::from_slice(body)
            .map_err(|error| format!("its message is not valid: {error}"))?;
        match (raw.id, raw.method) {
            (Some(id), Some(method)) => Ok(Self::Request {
                id,
                method,
                params: raw.params,
            }),
            (None, Some(method)) => Ok(Self::Notification {
                method,
                params: raw.params,
            }),
            (Some(id), None) => Ok(Self::Response {
                id,
                result: match raw.error {
                    Some(error) => Err(error),
                    None => Ok(raw.result),
                },
            }),
            (None, None) => Err("its message has neither an id nor a method".into()),
        }
    }
}

pub(crate) fn request(id: i64, method: &str, params: Value) -> Value {
    json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params})
}

pub(crate) fn notification(method: &str, params: Value) -> Value {
    json!({"jsonrpc": "2.0", "method": method, "params": params})
}

pub(crate) fn answer(id: &RequestId, result: Result<Value, (i64, String)>) -> Value {
    match result {
        Ok(result) => json!({"jsonrpc": "2.0", "id": id, "result": result}),
        Err((code, message)) => {
            json!({"jsonrpc": "2.0", "id": id, "error": {"code": code, "message": message}})
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_sorts_of_messages_are_told_apart() {
        let parse = |text: &str| Incoming::parse(text.as_bytes());
        assert!(matches!(
            parse(r#"{"id":"a","method":"m"}"#),
            Ok(Incoming::Request { id: RequestId::Text(id), .. }) if id == "a"
        ));
        assert!(matches!(
            parse(r#"{"method":"m","params":[1]}"#),
            Ok(Incoming::Notification { .. })
        ));
        assert!(matches!(
            parse(r#"{"id":1,"result":null}"#),
            Ok(Incoming::Response {
                result: Ok(Value::Null),
                ..
            })
        ));
        assert!(matches!(
            parse(r#"{"id":1,"error":{"code":-1,"message":"no"}}"#),
            Ok(Incoming::Response { result: Err(error), .. }) if error.message == "no"
        ));
    }

    #[test]
    fn nesting_without_end_is_an_error_and_no_crash() {
        let depth = 1_000_000;
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let deep = format!(
                "{{\"id\":1,\"result\":{}1{}}}",
                open.repeat(depth),
                close.repeat(depth)
            );
            assert!(
                Incoming::parse(deep.as_bytes())
                    .unwrap_err()
                    .contains("not valid")
            );
        }
        assert!(Incoming::parse(b"{}").is_err());
        assert!(Incoming::parse(b"[]").is_err());
        assert!(Incoming::parse(b"\xff").is_err());
    }
}
