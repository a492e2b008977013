//! Talking to the service.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use crate::command::Failure;
use crate::json::Value;

const PATIENCE: Duration = Duration::from_secs(10);

/// The most of an answer that is read, in bytes.
const MAX_ANSWER: u64 = 16 * 1024 * 1024;

pub struct Client {
    server: String,
}

impl Client {
    pub fn new(server: String) -> Self {
        Self { server }
    }

    /// Sends a request and returns the answer. HTTP/1.0 (RFC 1945), so that it ends where the
    /// connection does.
    pub fn call(&self, method: &str, path: &str, body: &str) -> Result<Value, Failure> {
        let answer = self.exchange(method, path, body).map_err(|error| {
            Failure::Service(format!(
                "no answer from {}: {error}; is the service running? (python3 -m server)",
                self.server
            ))
        })?;
        read_answer(&answer)
    }

    fn exchange(&self, method: &str, path: &str, body: &str) -> std::io::Result<String> {
        let mut stream = TcpStream::connect(&self.server)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        let length = body.len();
        write!(
            stream,
            "{method} {path} HTTP/1.0\r\nHost: {}\r\nContent-Length: {length}\r\n\r\n{body}",
            self.server
        )?;
        let mut answer = String::new();
        stream.take(MAX_ANSWER).read_to_string(&mut answer)?;
        Ok(answer)
    }
}

fn read_answer(answer: &str) -> Result<Value, Failure> {
    let unexpected = || Failure::Service("the answer is not one of a to-do service".to_owned());
    let (head, body) = answer.split_once("\r\n\r\n").ok_or_else(unexpected)?;
    let status = head.split(' ').nth(1).ok_or_else(unexpected)?;
    if status == "204" {
        return Ok(Value::Null);
    }
    let value = Value::parse(body).ok_or_else(unexpected)?;
    if status.starts_with('2') {
        return Ok(value);
    }
    let message = value.get("error").and_then(Value::text);
    Err(Failure::Service(message.unwrap_or(status).to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_and_errors_are_told_apart() {
        let value = read_answer("HTTP/1.0 200 OK\r\nA: b\r\n\r\n{\"today\": \"x\"}").unwrap();
        assert_eq!(value.get("today").and_then(Value::text), Some("x"));
        assert_eq!(
            read_answer("HTTP/1.0 204 No Content\r\n\r\n").unwrap(),
            Value::Null
        );
        let error = read_answer("HTTP/1.0 400 Bad Request\r\n\r\n{\"error\": \"due must be\"}");
        assert_eq!(error, Err(Failure::Service("due must be".to_owned())));
        assert!(read_answer("SSH-2.0-OpenSSH_9.2\r\n").is_err());
    }
}
