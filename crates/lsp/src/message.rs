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
    /// It could not tell what it was sent, so that it answers no question (JSON-RPC 2.0, 5).
    Complaint(ErrorAnswer),
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
/// What it answers when it gave the question up by itself, and is to be asked again (`ServerCancelled`).
pub(crate) const SERVER_CANCELLED: i64 = -32802;

/// A message that would take more memory than this once it is read is refused, in bytes, about.
const MAX_MEMORY: usize = 512 * 1024 * 1024;
/// What a value takes, and an object besides its values: a node of its map.
const VALUE: usize = 32;
const OBJECT: usize = 640;

/// Whether a message would take too much memory once it is read: of small values and objects that is
/// eighty times its bytes.
pub(crate) fn is_heavy(body: &[u8]) -> bool {
    // Three bytes are the least that an object with a comma has.
    if body.len() < MAX_MEMORY / OBJECT {
        return false;
    }
    let (mut memory, mut in_text, mut escaped) = (0_usize, false, false);
    for byte in body {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = in_text,
            b'"' => in_text = !in_text,
            _ if in_text => {}
            b',' | b'[' => memory += VALUE,
            b'{' => memory += OBJECT,
            _ => {}
        }
        if memory > MAX_MEMORY {
            return true;
        }
    }
    false
}

impl Incoming {
    /// Reads a message. Nesting is bounded by `serde_json` (128 levels), so that no depth ends the
    /// stack, and so is the memory that it takes.
    pub fn parse(body: &[u8]) -> Result<Self, String> {
        if is_heavy(body) {
            return Err("its message has too many values".into());
        }
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
            (None, None) => match raw.error {
                Some(error) => Ok(Self::Complaint(error)),
                None => Err("its message has neither an id nor a method".into()),
            },
        }
    }
}

pub(crate) fn request(id: i64, method: &str, params: Value) -> Value {
    with_params(
        json!({"jsonrpc": "2.0", "id": id, "method": method}),
        params,
    )
}

pub(crate) fn notification(method: &str, params: Value) -> Value {
    with_params(json!({"jsonrpc": "2.0", "method": method}), params)
}

/// Parameters are an object or a list, or left out (JSON-RPC 2.0, 4.2).
fn with_params(mut message: Value, params: Value) -> Value {
    if !params.is_null() {
        message["params"] = params;
    }
    message
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
        assert!(matches!(
            parse(r#"{"id":null,"error":{"code":-32700,"message":"what?"}}"#),
            Ok(Incoming::Complaint(error)) if error.message == "what?"
        ));
    }

    #[test]
    fn a_message_of_many_small_values_is_refused_before_it_is_read() {
        let of = |one: &str, count: usize| {
            format!("{{\"id\":1,\"result\":[{}0]}}", one.repeat(count)).into_bytes()
        };
        let objects = MAX_MEMORY / (OBJECT + VALUE);
        assert!(is_heavy(&of("{},", objects)));
        assert!(is_heavy(&of("[],", MAX_MEMORY / VALUE / 2)));
        let error = Incoming::parse(&of("{},", objects)).unwrap_err();
        assert!(error.contains("too many values"), "{error}");
        // What stands in texts is no value, and long texts are none.
        assert!(!is_heavy(&of(
            "\"{{{{{{{{{{[,\\\"{{{{{{{{{{\",",
            objects / 10
        )));
        assert!(!is_heavy(&of(
            "{\"range\":{\"start\":{\"line\":0}}},",
            100_000
        )));
    }

    #[test]
    fn nesting_without_end_is_an_error_and_no_crash() {
        let depth = 1_000_000;
        for (open, close, why) in [("[", "]", "not valid"), ("{\"a\":", "}", "too many values")] {
            let deep = format!(
                "{{\"id\":1,\"result\":{}1{}}}",
                open.repeat(depth),
                close.repeat(depth)
            );
            let error = Incoming::parse(deep.as_bytes()).unwrap_err();
            assert!(error.contains(why), "{error}");
        }
        assert!(Incoming::parse(b"{}").is_err());
        assert!(Incoming::parse(b"[]").is_err());
        assert!(Incoming::parse(b"\xff").is_err());
    }
}
