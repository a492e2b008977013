//! One run of a server: what is asked, what is waited for, and until when.

use std::collections::HashMap;
use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::mpsc::{
    Receiver, RecvTimeoutError, Sender, SyncSender, TrySendError, channel, sync_channel,
};
use std::thread;
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex};
use serde_json::{Value, json};

use crate::bounded;
use crate::launch::Running;
use crate::message::{self, CONTENT_MODIFIED, ErrorAnswer, RequestId, SERVER_CANCELLED};
use crate::trace::Trace;
use crate::transport::write_frame;

/// A server that leaves more messages than this unread is given up.
const MAX_UNREAD: usize = 4_096;
/// More of what a server says instead of an answer is cut off, in bytes.
const MAX_REFUSAL: usize = 1_000;
/// More questions than this are not open at a time.
const MAX_PENDING: usize = 1_024;

/// Why a question has no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// The server is not running.
    #[error("the language server is not running")]
    NotRunning,
    /// There is none.
    #[error("this file has no language server")]
    NoServer,
    /// The user was not asked yet, or has not answered, whether it may run.
    #[error("the language server is not started; it waits for your answer")]
    Unanswered,
    /// The user said that it may not run.
    #[error(
        "the language server may not run in this folder; \"Language Server…\" in the palette starts it"
    )]
    Forbidden,
    /// It was started and has not answered yet.
    #[error("the language server is still starting")]
    Starting,
    /// It is not started again by itself.
    #[error("the language server has failed; restart it, or look at its log")]
    Failed,
    /// The server does not offer this.
    #[error("the language server does not offer this")]
    Unsupported,
    /// It took too long, and was cancelled.
    #[error("the language server did not answer in time; restart it if that goes on")]
    TimedOut,
    /// The text that it was about was closed meanwhile.
    #[error("the file was closed")]
    Closed,
    /// The text has changed since, or the server gave it up; ask again.
    #[error("the text has changed since the language server was asked")]
    Stale,
    /// The server says no.
    #[error("the language server says: {0}")]
    Refused(String),
    /// The answer is not what the protocol has there.
    #[error("the language server's answer cannot be read")]
    Unreadable,
}

impl RequestError {
    /// Whether nobody is there to answer, now and until something else becomes of the servers of the
    /// text: what was shown of an earlier answer is of a server that is gone.
    pub fn is_unserved(&self) -> bool {
        match self {
            Self::NoServer
            | Self::NotRunning
            | Self::Unanswered
            | Self::Forbidden
            | Self::Failed
            | Self::Unsupported => true,
            // It comes, or it may answer the next question.
            Self::Starting
            | Self::TimedOut
            | Self::Closed
            | Self::Stale
            | Self::Refused(_)
            | Self::Unreadable => false,
        }
    }
}

pub(crate) type Answered = Box<dyn FnOnce(Result<Value, RequestError>) + Send>;
/// Makes what is sent, where anything is.
type Message = Box<dyn FnOnce() -> Option<Value> + Send>;

/// What a server says of an error, in a line that ends a sentence.
///
/// Servers on vscode-jsonrpc put what failed before what a person wants to know: "Request
/// textDocument/prepareRename failed with message: You cannot rename this element."
fn reason(message: &str) -> String {
    let why = message
        .strip_prefix("Request ")
        .and_then(|rest| rest.split_once(" failed with message: "))
        .filter(|(method, why)| !method.contains(' ') && !why.is_empty())
        .map_or(message, |(_, why)| why);
    bounded::line(why, MAX_REFUSAL)
        .trim_end_matches('.')
        .to_owned()
}

/// One run of a server.
pub(crate) struct Connection {
    outgoing: SyncSender<Message>,
    deadlines: Sender<(Instant, i64)>,
    pending: Mutex<Pending>,
    /// Told when `pending` is closed.
    closed: Condvar,
    next_id: AtomicI64,
    process: Arc<dyn Running>,
    /// Why it was given up from this side.
    failure: Mutex<Option<String>>,
}

#[derive(Default)]
struct Pending {
    waiting: HashMap<i64, Waiting>,
    closed: bool,
}

/// A question that has no answer yet.
struct Waiting {
    answered: Answered,
    /// The address of the open text that it is about, where it is about one.
    about: Option<String>,
}

impl Connection {
    pub fn new(
        output: Box<dyn Write + Send>,
        process: Arc<dyn Running>,
        trace: Arc<Trace>,
    ) -> Arc<Self> {
        let (outgoing, messages) = sync_channel(MAX_UNREAD);
        let (deadlines, due) = channel();
        let connection = Arc::new(Self {
            outgoing,
            deadlines,
            pending: Mutex::default(),
            closed: Condvar::new(),
            next_id: AtomicI64::new(1),
            process,
            failure: Mutex::default(),
        });
        thread::spawn(move || write(&messages, output, &trace));
        let timed = Arc::downgrade(&connection);
        thread::spawn(move || {
            expire(&due, |id| {
                if let Some(connection) = timed.upgrade() {
                    connection.time_out(id);
                }
            });
        });
        connection
    }

    /// Sends a message that is written out elsewhere.
    pub fn send(&self, message: impl FnOnce() -> Value + Send + 'static) {
        self.send_if(move || Some(message()));
    }

    /// Sends a message of which it is found out elsewhere whether there is one.
    pub fn send_if(&self, message: impl FnOnce() -> Option<Value> + Send + 'static) {
        match self.outgoing.try_send(Box::new(message)) {
            Ok(()) => {}
            Err(TrySendError::Full(_)) => self.fail("it does not read what it is sent"),
            // The run is over, which the reader tells.
            Err(TrySendError::Disconnected(_)) => {}
        }
    }

    pub fn notify(&self, method: &'static str, params: Value) {
        self.send(move || message::notification(method, params));
    }

    /// Asks; `answered` is called once, on another thread. Returns what [`Connection::cancel`] takes.
    pub fn request(
        &self,
        method: &'static str,
        params: Value,
        within: Duration,
        answered: Answered,
    ) -> i64 {
        let id = self.next_id.fetch_add(1, Ordering::Relaxed);
        let about = params["textDocument"]["uri"].as_str().map(str::to_owned);
        let refused = {
            let mut pending = self.pending.lock();
            match pending.closed || pending.waiting.len() >= MAX_PENDING {
                true => Some(answered),
                false => {
                    pending.waiting.insert(id, Waiting { answered, about });
                    None
                }
            }
        };
        if let Some(answered) = refused {
            answered(Err(RequestError::NotRunning));
            return id;
        }
        // Without the thread that watches them the run is over.
        self.deadlines.send((Instant::now() + within, id)).ok();
        self.send(move || message::request(id, method, params));
        id
    }

    /// Nobody waits for this any more.
    pub fn cancel(&self, id: i64) {
        if self.pending.lock().waiting.remove(&id).is_some() {
            self.notify("$/cancelRequest", json!({"id": id}));
        }
    }

    /// The text of an address is closed: what was asked about it is cancelled. Those that wait for an
    /// answer are told so by what this gives.
    #[must_use]
    pub fn cancel_about(&self, uri: &str) -> Vec<Answered> {
        let mut pending = self.pending.lock();
        let waiting = &mut pending.waiting;
        let is_about = |one: &Waiting| one.about.as_deref() == Some(uri);
        let mut over: Vec<_> = waiting.extract_if(|_, one| is_about(one)).collect();
        drop(pending);
        over.sort_by_key(|(id, _)| *id);
        let told = over.into_iter().map(|(id, one)| {
            self.notify("$/cancelRequest", json!({"id": id}));
            one.answered
        });
        told.collect()
    }

    fn time_out(&self, id: i64) {
        let waiting = self.pending.lock().waiting.remove(&id);
        if let Some(one) = waiting {
            self.notify("$/cancelRequest", json!({"id": id}));
            (one.answered)(Err(RequestError::TimedOut));
        }
    }

    /// Takes a response. Whose question was cancelled or answered before, or never asked, is dropped;
    /// says whether it was.
    pub fn answered(&self, id: &RequestId, result: Result<Value, ErrorAnswer>) -> bool {
        let RequestId::Number(id) = id else {
            return false;
        };
        let Some(waiting) = self.pending.lock().waiting.remove(id) else {
            return false;
        };
        (waiting.answered)(result.map_err(|error| match error.code {
            CONTENT_MODIFIED | SERVER_CANCELLED => RequestError::Stale,
            message::METHOD_NOT_FOUND => RequestError::Unsupported,
            _ => RequestError::Refused(reason(&error.message)),
        }));
        true
    }

    /// Gives the server up: it is killed, and its reader ends.
    pub fn fail(&self, reason: &str) {
        self.failure.lock().get_or_insert_with(|| reason.to_owned());
        self.process.kill();
    }

    /// Waits until its output has ended, for so long at most; whether it has.
    pub fn closed_within(&self, wait: Duration) -> bool {
        let until = Instant::now() + wait;
        let mut pending = self.pending.lock();
        while !pending.closed {
            if self.closed.wait_until(&mut pending, until).timed_out() {
                return pending.closed;
            }
        }
        true
    }

    /// Why it was given up from this side, if it was.
    pub fn failure(&self) -> Option<String> {
        self.failure.lock().clone()
    }

    /// The run is over: whoever waits is told so.
    pub fn close(&self) {
        let waiting = {
            let mut pending = self.pending.lock();
            pending.closed = true;
            self.closed.notify_all();
            std::mem::take(&mut pending.waiting)
        };
        for one in waiting.into_values() {
            (one.answered)(Err(RequestError::NotRunning));
        }
    }
}

fn write(messages: &Receiver<Message>, mut output: Box<dyn Write + Send>, trace: &Trace) {
    for message in messages {
        let Some(message) = message() else { continue };
        // Values are always JSON.
        let body = serde_json::to_vec(&message).unwrap_or_default();
        trace.keep(true, &body);
        // The reader tells why a server reads no more.
        if write_frame(&mut output, &body).is_err() {
            return;
        }
    }
}

/// Calls `expired` for each id at its time, until nobody sends any more.
fn expire(due: &Receiver<(Instant, i64)>, expired: impl Fn(i64)) {
    let mut waiting: Vec<(Instant, i64)> = Vec::new();
    loop {
        let next = waiting.iter().map(|(at, _)| *at).min();
        let received = match next {
            None => due.recv().map_err(|_| RecvTimeoutError::Disconnected),
            Some(at) => due.recv_timeout(at.saturating_duration_since(Instant::now())),
        };
        match received {
            Ok(deadline) => waiting.push(deadline),
            Err(RecvTimeoutError::Timeout) => {
                let now = Instant::now();
                for (_, id) in waiting.extract_if(.., |(at, _)| *at <= now) {
                    expired(id);
                }
            }
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

/// An answer that is waited for. Dropped, the question is cancelled.
pub struct Reply<T> {
    answer: async_channel::Receiver<Result<Value, RequestError>>,
    read: Option<Box<dyn FnOnce(Value) -> T + Send>>,
    asked: Option<(Arc<Connection>, i64)>,
    offered: bool,
    /// What is done where nobody waits for the answer any more.
    given_up: Option<Box<dyn FnOnce() + Send>>,
}

impl<T> Reply<T> {
    /// The same with what is done where it is dropped before the answer comes.
    pub(crate) fn if_given_up(mut self, given_up: impl FnOnce() + Send + 'static) -> Self {
        self.given_up = Some(Box::new(given_up));
        self
    }

    pub(crate) fn ask(
        connection: Arc<Connection>,
        method: &'static str,
        params: Value,
        within: Duration,
        read: impl FnOnce(Value) -> T + Send + 'static,
    ) -> Self {
        Self::ask_and_hear(connection, method, params, within, |_| {}, read)
    }

    /// The same with what is done with an answer where it arrives, which is not told to who waits.
    pub(crate) fn ask_and_hear(
        connection: Arc<Connection>,
        method: &'static str,
        params: Value,
        within: Duration,
        heard: impl FnOnce(&Value) + Send + 'static,
        read: impl FnOnce(Value) -> T + Send + 'static,
    ) -> Self {
        let (sender, answer) = async_channel::bounded(1);
        let answered = Box::new(move |result: Result<Value, RequestError>| {
            if let Ok(answer) = &result {
                heard(answer);
            }
            // Nobody waits any more.
            sender.try_send(result).ok();
        });
        let id = connection.request(method, params, within, answered);
        Self {
            answer,
            read: Some(Box::new(read)),
            asked: Some((connection, id)),
            offered: true,
            given_up: None,
        }
    }

    /// An answer that is known.
    pub(crate) fn known(answer: T) -> Self
    where
        T: Send + 'static,
    {
        let (sender, received) = async_channel::bounded(1);
        // There is room for one.
        sender.try_send(Ok(Value::Null)).ok();
        Self {
            answer: received,
            read: Some(Box::new(move |_| answer)),
            asked: None,
            offered: true,
            given_up: None,
        }
    }

    /// A question that has no answer.
    pub(crate) fn none(error: RequestError) -> Self {
        let (sender, answer) = async_channel::bounded(1);
        let offered = error != RequestError::Unsupported;
        // There is room for one.
        sender.try_send(Err(error)).ok();
        Self {
            answer,
            read: None,
            asked: None,
            offered,
            given_up: None,
        }
    }

    /// Whether the server said that it does such things; where it did not, it was not asked.
    pub fn is_offered(&self) -> bool {
        self.offered
    }

    /// Waits for the answer.
    ///
    /// # Errors
    /// [`RequestError`].
    pub async fn wait(mut self) -> Result<T, RequestError> {
        let answer = self.answer.recv().await;
        self.take(answer)
    }

    /// Waits for the answer and blocks meanwhile: for programs without a window, and tests.
    ///
    /// # Errors
    /// [`RequestError`].
    pub fn wait_blocking(mut self) -> Result<T, RequestError> {
        let answer = self.answer.recv_blocking();
        self.take(answer)
    }

    fn take(
        &mut self,
        answer: Result<Result<Value, RequestError>, async_channel::RecvError>,
    ) -> Result<T, RequestError> {
        self.asked = None;
        let value = answer.map_err(|_| RequestError::NotRunning)??;
        let read = self.read.take().ok_or(RequestError::Unreadable)?;
        Ok(read(value))
    }
}

impl<T> Drop for Reply<T> {
    fn drop(&mut self) {
        if let Some((connection, id)) = self.asked.take() {
            connection.cancel(id);
            if let Some(given_up) = self.given_up.take() {
                given_up();
            }
        }
    }
}
