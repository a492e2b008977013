//! The listener, its journal, and the writing of replies.

use std::collections::VecDeque;
use std::io::{BufReader, Result, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use serde_json::json;

use crate::http::{Received, read_request, write_answer, write_chunk, write_stream_head};
use crate::reply::{Piece, Reply};
use crate::wire::{Encoder, Wire};

type Respond = dyn FnMut(&Received) -> Reply + Send;

/// A model server on loopback. It ends with the test.
pub struct ModelServer {
    address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    journal: Mutex<Vec<Received>>,
    arrived: Condvar,
    respond: Mutex<Box<Respond>>,
}

impl ModelServer {
    /// Answers the first request with the first reply, and so on; a request
    /// beyond the script gets status 500, which a test notices.
    #[must_use]
    pub fn scripted(replies: impl IntoIterator<Item = Reply>) -> Self {
        let mut replies: VecDeque<Reply> = replies.into_iter().collect();
        Self::responding(move |_| {
            replies
                .pop_front()
                .unwrap_or_else(|| Reply::error(500, "the script has no further reply"))
        })
    }

    /// Answers each request with what the closure makes of it.
    ///
    /// # Panics
    /// No port is free on loopback.
    #[must_use]
    pub fn responding(respond: impl FnMut(&Received) -> Reply + Send + 'static) -> Self {
        #[allow(clippy::expect_used, reason = "a test without loopback cannot go on")]
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port on loopback");
        #[allow(clippy::expect_used, reason = "a bound listener has an address")]
        let address = listener.local_addr().expect("an address");
        let shared = Arc::new(Shared {
            journal: Mutex::default(),
            arrived: Condvar::new(),
            respond: Mutex::new(Box::new(respond)),
        });
        let accepting = Arc::clone(&shared);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = Arc::clone(&accepting);
                // A client that goes away is part of what tests try.
                thread::spawn(move || drop(shared.serve(stream)));
            }
        });
        Self { address, shared }
    }

    /// The base URL of both protocols, with `/v1`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// The base URL without a path.
    #[must_use]
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The requests for an answer so far, in order.
    #[must_use]
    pub fn requests(&self) -> Vec<Received> {
        self.shared
            .journal
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Waits until this many requests have come; false after a minute.
    #[must_use]
    pub fn wait_for_requests(&self, count: usize) -> bool {
        let journal = self
            .shared
            .journal
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let (_guard, timeout) = self
            .shared
            .arrived
            .wait_timeout_while(journal, Duration::from_secs(60), |journal| {
                journal.len() < count
            })
            .unwrap_or_else(PoisonError::into_inner);
        !timeout.timed_out()
    }
}

impl Shared {
    fn serve(&self, stream: TcpStream) -> Result<()> {
        stream.set_nodelay(true)?;
        let mut writer = stream.try_clone()?;
        let mut reader = BufReader::new(stream);
        while let Some(request) = read_request(&mut reader)? {
            let Some(wire) = Wire::of_path(&request.path) else {
                self.list_models(&request, &mut writer)?;
                continue;
            };
            let reply = {
                let mut respond = self.respond.lock().unwrap_or_else(PoisonError::into_inner);
                respond(&request)
            };
            self.journal
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(request);
            self.arrived.notify_all();
            if !answer(&mut writer, wire, &reply)? {
                return writer.shutdown(Shutdown::Both);
            }
        }
        Ok(())
    }

    fn list_models(&self, request: &Received, writer: &mut TcpStream) -> Result<()> {
        if request.method == "GET" && request.path.ends_with("/models") {
            let models = json!({"object": "list", "data": [
                {"id": "scripted", "object": "model", "owned_by": "tests"}]});
            return write_answer(writer, 200, &[], &models.to_string());
        }
        write_answer(writer, 404, &[], r#"{"error":{"message":"no such path"}}"#)
    }
}

/// Writes a reply; false where the connection is to be cut.
fn answer(writer: &mut TcpStream, wire: Wire, reply: &Reply) -> Result<bool> {
    if let Some(body) = &reply.body {
        write_answer(writer, reply.status, &reply.headers, body)?;
        return Ok(true);
    }
    write_stream_head(writer, &reply.headers)?;
    let mut encoder = Encoder::new(wire);
    write_chunk(writer, encoder.start(reply.usage.0).as_bytes())?;
    for piece in &reply.pieces {
        match piece {
            Piece::Text(text) => write_chunk(writer, encoder.text(text).as_bytes())?,
            Piece::ToolCall {
                id,
                name,
                arguments,
            } => {
                write_chunk(writer, encoder.call(id, name, arguments).as_bytes())?;
            }
            Piece::HalfToolCall { name, arguments } => {
                write_chunk(
                    writer,
                    encoder.open_call("call_half", name, arguments).as_bytes(),
                )?;
            }
            Piece::Raw(bytes) => write_chunk(writer, bytes)?,
            Piece::Hold(gate) => gate.arrive(),
            Piece::Pause(duration) => thread::park_timeout(*duration),
            Piece::Cut => {
                writer.flush()?;
                return Ok(false);
            }
        }
    }
    write_chunk(
        writer,
        encoder.end(reply.calls_tools(), reply.usage).as_bytes(),
    )?;
    write_chunk(writer, b"")?;
    Ok(true)
}
