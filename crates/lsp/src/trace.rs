//! What a server and Kiln say to each other, kept for somebody who looks for a mistake: the newest of
//! it, as much as the user wants.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::{Duration, Instant, SystemTime};

use parking_lot::Mutex;
use serde_json::{Value, json};

use crate::bounded;
use crate::message::is_heavy;
use crate::server::LanguageServer;

/// More messages are forgotten, oldest first.
const MAX_ENTRIES: usize = 2_000;
/// Bodies of more bytes in all are forgotten with their messages, oldest first.
const MAX_BODIES: usize = 8 * 1024 * 1024;
/// More of a body is cut off, in bytes.
const MAX_BODY: usize = 64 * 1024;
/// More of a method or an id is cut off, in bytes.
const MAX_NAME: usize = 200;
/// More questions that wait for their answers are not known by their names.
const MAX_OPEN: usize = 2_000;

/// How much is kept of what a server and Kiln say to each other (LSP 3.17, `TraceValue`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TraceLevel {
    /// Nothing.
    #[default]
    Off,
    /// When what was said, how long that was, and how long an answer took.
    Messages,
    /// The messages themselves too.
    Verbose,
}

impl TraceLevel {
    const ALL: [Self; 3] = [Self::Off, Self::Messages, Self::Verbose];

    /// As the protocol and settings call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Messages => "messages",
            Self::Verbose => "verbose",
        }
    }

    /// The level of a name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.name() == name)
    }
}

/// What a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TraceSort {
    /// A question.
    Request,
    /// Something that is told.
    Notification,
    /// The answer to a question.
    Answer,
    /// That there is no answer, and why.
    Error,
    /// What would take too much memory once it is read, so that nothing is known but its size.
    Unread,
}

/// A message that was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TraceEntry {
    /// When it was sent, or arrived.
    pub at: SystemTime,
    /// Whether Kiln sent it.
    pub sent: bool,
    /// What it is.
    pub sort: TraceSort,
    /// Its method; of an answer that of the question, `?` where that was forgotten.
    pub method: Arc<str>,
    /// The id of the question, as it is written.
    pub id: Option<String>,
    /// How long an answer took.
    pub took: Option<Duration>,
    /// How long it is, in bytes.
    pub size: usize,
    /// The message in lines, where that is kept.
    pub body: Option<String>,
}

impl fmt::Display for TraceEntry {
    /// In one line, without its time and its body.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let direction = if self.sent { "→" } else { "←" };
        let sort = match self.sort {
            TraceSort::Request => "request",
            TraceSort::Notification => "notice",
            TraceSort::Answer => "answer",
            TraceSort::Error => "error",
            TraceSort::Unread => "unread",
        };
        write!(out, "{direction} {sort:<8} {}", self.method)?;
        if let Some(id) = &self.id {
            write!(out, " ({id})")?;
        }
        if let Some(took) = self.took {
            write!(out, ", {:.1} ms", took.as_secs_f64() * 1_000.)?;
        }
        write!(out, ", {} B", self.size)
    }
}

/// What is kept of a server, through all of its runs.
#[derive(Default)]
pub(crate) struct Trace {
    level: AtomicU8,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    entries: VecDeque<TraceEntry>,
    bodies: usize,
    /// Questions without an answer so far, by who asks and the id.
    open: HashMap<(bool, String), (Arc<str>, Instant)>,
}

impl Trace {
    pub fn new(level: TraceLevel) -> Self {
        let trace = Self::default();
        trace.set(level);
        trace
    }

    pub fn level(&self) -> TraceLevel {
        let level = usize::from(self.level.load(Ordering::Relaxed));
        TraceLevel::ALL.get(level).copied().unwrap_or_default()
    }

    /// Takes another level; what was kept stays. Whether it is another.
    pub fn set(&self, level: TraceLevel) -> bool {
        self.level.swap(level as u8, Ordering::Relaxed) != level as u8
    }

    pub fn entries(&self) -> Vec<TraceEntry> {
        self.kept.lock().entries.iter().cloned().collect()
    }

    pub fn methods(&self) -> BTreeMap<Arc<str>, usize> {
        let mut counts = BTreeMap::new();
        for entry in &self.kept.lock().entries {
            *counts.entry(Arc::clone(&entry.method)).or_default() += 1;
        }
        counts
    }

    /// A run is over: what is open will not be answered.
    pub fn run_ended(&self) {
        self.kept.lock().open.clear();
    }

    /// Keeps a message that was sent, or has arrived. What is no JSON is left to whom it concerns, and
    /// what would take too much memory is kept by its size alone.
    pub fn keep(&self, sent: bool, body: &[u8]) {
        let level = self.level();
        if level == TraceLevel::Off {
            return;
        }
        if is_heavy(body) {
            return self.kept.lock().push(TraceEntry {
                at: SystemTime::now(),
                sent,
                sort: TraceSort::Unread,
                method: "?".into(),
                id: None,
                took: None,
                size: body.len(),
                body: None,
            });
        }
        let Ok(message) = serde_json::from_slice::<Value>(body) else {
            return;
        };
        let id = match &message["id"] {
            Value::Null => None,
            id => Some(bounded::line(&id.to_string(), MAX_NAME)),
        };
        let method = message["method"].as_str();
        let sort = match (method, &id, message.get("error")) {
            (Some(_), Some(_), _) => TraceSort::Request,
            (Some(_), None, _) => TraceSort::Notification,
            (None, _, Some(_)) => TraceSort::Error,
            (None, ..) => TraceSort::Answer,
        };
        let method = method.map(|method| Arc::from(bounded::line(method, MAX_NAME)));
        let text = (level == TraceLevel::Verbose).then(|| in_lines(&message));
        let mut kept = self.kept.lock();
        let (method, took) = match (method, &id) {
            (Some(method), Some(id)) => {
                if kept.open.len() < MAX_OPEN {
                    let asked = (Arc::clone(&method), Instant::now());
                    kept.open.insert((sent, id.clone()), asked);
                }
                (method, None)
            }
            (Some(method), None) => (method, None),
            (None, id) => {
                let asked = id
                    .as_ref()
                    .and_then(|id| kept.open.remove(&(!sent, id.clone())));
                match asked {
                    Some((method, asked)) => (method, Some(asked.elapsed())),
                    None => ("?".into(), None),
                }
            }
        };
        kept.push(TraceEntry {
            at: SystemTime::now(),
            sent,
            sort,
            method,
            id,
            took,
            size: body.len(),
            body: text,
        });
    }
}

impl Kept {
    fn push(&mut self, entry: TraceEntry) {
        self.bodies += entry.body.as_ref().map_or(0, String::len);
        self.entries.push_back(entry);
        while self.entries.len() > MAX_ENTRIES || self.bodies > MAX_BODIES {
            let Some(oldest) = self.entries.pop_front() else {
                break;
            };
            self.bodies -= oldest.body.map_or(0, |body| body.len());
        }
    }
}

/// A message in lines, cut off after [`MAX_BODY`]. No more of it is written than is kept.
fn in_lines(message: &Value) -> String {
    // Room for one character more, by which it is told that something is cut off.
    let mut lines = vec![0; MAX_BODY + char::MAX_LEN_UTF8];
    let mut room = lines.as_mut_slice();
    // It fails where there is no more room.
    serde_json::to_writer_pretty(&mut room, message).ok();
    let left = room.len();
    lines.truncate(lines.len() - left);
    bounded::text(&String::from_utf8_lossy(&lines), MAX_BODY)
}

impl LanguageServer {
    /// How much is kept of what is said.
    pub fn trace_level(&self) -> TraceLevel {
        self.shared().trace.level()
    }

    /// Keeps more or less from now on, and tells the server, which may write more to its log then.
    pub fn set_trace_level(&self, level: TraceLevel) {
        if !self.shared().trace.set(level) {
            return;
        }
        let ready = self.shared().inner.lock().ready.clone();
        if let Some(connection) = ready {
            connection.notify("$/setTrace", json!({"value": level.name()}));
        }
    }

    /// What was kept of what was said, oldest first.
    pub fn trace(&self) -> Vec<TraceEntry> {
        self.shared().trace.entries()
    }

    /// How many messages are kept of each method.
    pub fn trace_methods(&self) -> BTreeMap<Arc<str>, usize> {
        self.shared().trace.methods()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_named_by_their_questions_whoever_asked() {
        let trace = Trace::new(TraceLevel::Messages);
        let keep = |sent, message: Value| trace.keep(sent, message.to_string().as_bytes());
        keep(
            true,
            json!({"id": 1, "method": "textDocument/hover", "params": {}}),
        );
        keep(false, json!({"id": 1, "method": "workspace/configuration"}));
        keep(true, json!({"id": 1, "result": []}));
        keep(
            false,
            json!({"id": 1, "error": {"code": 1, "message": "no"}}),
        );
        keep(false, json!({"id": "1", "result": null}));
        keep(false, json!({"method": "$/a\u{202e}b", "params": {}}));
        let lines: Vec<_> = trace.entries().iter().map(ToString::to_string).collect();
        assert!(
            lines[0].starts_with("→ request  textDocument/hover (1), 5"),
            "{lines:?}"
        );
        assert!(lines[1].starts_with("← request  workspace/configuration (1), "));
        assert!(lines[2].starts_with("→ answer   workspace/configuration (1), "));
        assert!(lines[2].contains(" ms, ") && lines[2].ends_with(" B"));
        assert!(lines[3].starts_with("← error    textDocument/hover (1), "));
        assert!(
            lines[4].starts_with("← answer   ? (\"1\"), "),
            "{}",
            lines[4]
        );
        assert!(lines[5].starts_with("← notice   $/a\u{fffd}b, "));
        assert!(trace.entries().iter().all(|entry| entry.body.is_none()));
    }

    #[test]
    fn nothing_is_kept_unless_it_is_wanted_and_the_newest_of_it() {
        let trace = Trace::default();
        trace.keep(true, b"{\"method\":\"a\"}");
        assert_eq!(trace.entries(), []);
        assert!(trace.set(TraceLevel::Verbose) && !trace.set(TraceLevel::Verbose));
        trace.keep(true, b"no json");
        trace.keep(true, b"{\"method\":\"a\",\"params\":{\"b\":[1]}}");
        let body = trace.entries().remove(0).body.unwrap();
        assert_eq!(body.lines().count(), 8, "{body}");
        for character in ["x", "ä", "👩"] {
            let long = json!({"method": "long", "params": [character.repeat(10 * MAX_BODY)]});
            trace.keep(false, long.to_string().as_bytes());
            let body = trace.entries().pop().unwrap().body.unwrap();
            let whole = serde_json::to_string_pretty(&long).unwrap();
            assert_eq!(body, bounded::text(&whole, MAX_BODY));
            assert!(body.ends_with(&format!("{character}…")));
        }
        let long = json!({"method": "long", "params": "x".repeat(10 * MAX_BODY)}).to_string();
        for _ in 0..2 * MAX_BODIES / MAX_BODY {
            trace.keep(false, long.as_bytes());
        }
        let bodies = trace.entries().into_iter().filter_map(|entry| entry.body);
        let bodies: usize = bodies.map(|body| body.len()).sum();
        assert!(bodies <= MAX_BODIES && bodies > MAX_BODIES / 2, "{bodies}");
        assert!(trace.set(TraceLevel::Messages));
        for number in 0..MAX_ENTRIES + 5 {
            let asked = json!({"id": number, "method": "m"});
            trace.keep(false, asked.to_string().as_bytes());
        }
        let entries = trace.entries();
        assert_eq!(entries.len(), MAX_ENTRIES);
        assert_eq!(entries[0].id.as_deref(), Some("5"));
        assert!(trace.kept.lock().open.len() <= MAX_OPEN);
        trace.run_ended();
        assert!(trace.kept.lock().open.is_empty());
    }
}
