//! As much of HTTP/1.1 as a model client uses (RFC 9112), bounded.

use std::io::{BufRead, BufReader, Error, ErrorKind, Read as _, Result, Write};
use std::net::TcpStream;

use serde_json::Value;

/// More than any test sends.
const LONGEST_BODY: usize = 64 * 1024 * 1024;

/// A request that the server was sent.
#[derive(Clone, Debug)]
pub struct Received {
    /// `GET`, `POST`.
    pub method: String,
    /// The path with its query.
    pub path: String,
    /// Header names in lower case, with their values.
    pub headers: Vec<(String, String)>,
    /// The body; `null` where there is none or it is not JSON.
    pub body: Value,
}

impl Received {
    /// The value of a header, its name in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(other, _)| other == name)
            .map(|(_, value)| value.as_str())
    }

    /// The last thing that the user or a tool said, as text.
    #[must_use]
    pub fn last_message(&self) -> String {
        let last = self.body["messages"]
            .as_array()
            .and_then(|messages| messages.last());
        last.map(|message| text_of(&message["content"]))
            .unwrap_or_default()
    }

    /// Whether the text occurs anywhere in the request's body.
    #[must_use]
    pub fn mentions(&self, text: &str) -> bool {
        fn holds(value: &Value, text: &str) -> bool {
            match value {
                Value::String(string) => string.contains(text),
                Value::Array(values) => values.iter().any(|value| holds(value, text)),
                Value::Object(map) => map.values().any(|value| holds(value, text)),
                _ => false,
            }
        }
        holds(&self.body, text)
    }
}

/// The text in either protocol's content: a string, or a list of blocks.
fn text_of(content: &Value) -> String {
    match content {
        Value::String(text) => text.clone(),
        Value::Array(blocks) => blocks
            .iter()
            .map(|block| {
                if block["content"].is_null() {
                    block["text"].as_str().unwrap_or_default().to_owned()
                } else {
                    text_of(&block["content"])
                }
            })
            .collect::<Vec<_>>()
            .join("\n"),
        _ => String::new(),
    }
}

/// Reads one request; `None` where the client closed the connection.
pub(crate) fn read_request(stream: &mut BufReader<TcpStream>) -> Result<Option<Received>> {
    let mut line = String::new();
    if stream.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let mut words = line.split_whitespace();
    let (Some(method), Some(path)) = (words.next(), words.next()) else {
        return Err(Error::new(ErrorKind::InvalidData, "no request line"));
    };
    let (method, path) = (method.to_owned(), path.to_owned());
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let length = headers
        .iter()
        .find(|(name, _)| name == "content-length")
        .and_then(|(_, value)| value.parse().ok())
        .unwrap_or(0_usize);
    if length > LONGEST_BODY {
        return Err(Error::new(ErrorKind::InvalidData, "the body is too long"));
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body)?;
    let body = serde_json::from_slice(&body).unwrap_or(Value::Null);
    Ok(Some(Received {
        method,
        path,
        headers,
        body,
    }))
}

/// Writes a whole answer.
pub(crate) fn write_answer(
    stream: &mut impl Write,
    status: u16,
    headers: &[(String, String)],
    body: &str,
) -> Result<()> {
    write_head(stream, status, headers, "application/json")?;
    write!(stream, "Content-Length: {}\r\n\r\n{body}", body.len())?;
    stream.flush()
}

/// Writes the head of a streamed answer; chunks follow.
pub(crate) fn write_stream_head(
    stream: &mut impl Write,
    headers: &[(String, String)],
) -> Result<()> {
    write_head(stream, 200, headers, "text/event-stream")?;
    write!(stream, "Transfer-Encoding: chunked\r\n\r\n")?;
    stream.flush()
}

fn write_head(
    stream: &mut impl Write,
    status: u16,
    headers: &[(String, String)],
    content_type: &str,
) -> Result<()> {
    write!(
        stream,
        "HTTP/1.1 {status} Scripted\r\nContent-Type: {content_type}\r\n"
    )?;
    for (name, value) in headers {
        write!(stream, "{name}: {value}\r\n")?;
    }
    Ok(())
}

/// Writes one chunk (RFC 9112, section 7.1) at once; an empty one ends the answer.
pub(crate) fn write_chunk(stream: &mut impl Write, bytes: &[u8]) -> Result<()> {
    write!(stream, "{:x}\r\n", bytes.len())?;
    stream.write_all(bytes)?;
    stream.write_all(b"\r\n")?;
    stream.flush()
}
