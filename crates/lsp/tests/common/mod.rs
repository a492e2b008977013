//! A server that a test plays itself: it hears each message of the client in turn, and says what it
//! likes.

#![allow(dead_code, reason = "each file of tests uses a part of it")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

use std::io::{self, BufReader, PipeReader, PipeWriter, Write as _};
use std::ops::Range;
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use editor_core::{ChangeSet, Edit, Text};
use lsp::{
    Ended, LanguageServer, Launch, Launched, Limits, Running, ServerEvent, ServerOptions,
    ServerState, read_frame, write_frame,
};
use serde_json::{Value, json};

/// The folder of the project, and the file that is open.
pub const ROOT: &str = "/project";
pub const FILE: &str = "/project/main.txt";
pub const URI: &str = "file:///project/main.txt";

/// Nothing takes so long unless it hangs.
const HANGS: Duration = Duration::from_secs(60);

type Held<T> = Arc<Mutex<Option<T>>>;

/// The server's side of a run.
pub struct Peer {
    heard: Receiver<Value>,
    output: Held<PipeWriter>,
}

struct Played {
    output: Held<PipeWriter>,
    input: Held<PipeReader>,
}

impl Running for Played {
    fn kill(&self) {
        self.output.lock().unwrap().take();
        self.input.lock().unwrap().take();
    }

    fn ended_within(&self, _: Duration) -> Option<Ended> {
        let ended = self.output.lock().unwrap().is_none();
        ended.then(|| Ended::Otherwise("ended".to_owned()))
    }
}

struct Stage {
    peers: Sender<Peer>,
    reads: bool,
}

impl Launch for Stage {
    fn launch(&self) -> io::Result<Launched> {
        let (input, to_server) = io::pipe()?;
        let (from_server, output) = io::pipe()?;
        let output = Arc::new(Mutex::new(Some(output)));
        let (sender, heard) = channel();
        let input = match self.reads {
            true => {
                thread::spawn(move || {
                    let mut input = BufReader::new(input);
                    while let Ok(Some(body)) = read_frame(&mut input) {
                        let message = serde_json::from_slice(&body).unwrap();
                        // The test is over.
                        if sender.send(message).is_err() {
                            return;
                        }
                    }
                });
                None
            }
            false => Some(input),
        };
        let peer = Peer {
            heard,
            output: output.clone(),
        };
        // The test may be over.
        self.peers.send(peer).ok();
        let input = Arc::new(Mutex::new(input));
        Ok(Launched {
            output: Box::new(from_server),
            input: Box::new(to_server),
            errors: None,
            process: Arc::new(Played { output, input }),
        })
    }
}

impl Peer {
    /// The next message of the client.
    #[track_caller]
    pub fn hear(&self) -> Value {
        let heard = self.heard.recv_timeout(HANGS);
        heard.expect("the client says nothing")
    }

    /// The next message of the client, while something is done again and again.
    #[track_caller]
    pub fn hear_while(&self, mut done: impl FnMut()) -> Value {
        let end = Instant::now() + HANGS;
        loop {
            done();
            if let Ok(heard) = self.heard.recv_timeout(Duration::from_millis(1)) {
                return heard;
            }
            assert!(Instant::now() < end, "the client says nothing");
        }
    }

    /// Whether the client says nothing more before its run is over.
    pub fn heard_all(&self) -> bool {
        self.heard.recv_timeout(HANGS).is_err()
    }

    /// The client asks this and nothing else; returns the id.
    #[track_caller]
    pub fn asked(&self, method: &str, params: Value) -> Value {
        let heard = self.hear();
        assert_eq!(heard["method"], method, "{heard}");
        assert_eq!(heard["params"], params, "{method}");
        assert!(heard["id"].is_i64(), "{method} is no question");
        heard["id"].clone()
    }

    /// The client tells this and nothing else.
    #[track_caller]
    pub fn told(&self, method: &str, params: Value) {
        let heard = self.hear();
        let wanted = json!({"jsonrpc": "2.0", "method": method, "params": params});
        assert_eq!(heard, wanted);
    }

    /// The client answers this and nothing else.
    #[track_caller]
    pub fn answered(&self, id: impl Into<Value>, result: Value) {
        let wanted = json!({"jsonrpc": "2.0", "id": id.into(), "result": result});
        assert_eq!(self.hear(), wanted);
    }

    /// The client answers with an error of this code.
    #[track_caller]
    pub fn refused(&self, id: impl Into<Value>, code: i64) {
        let heard = self.hear();
        assert_eq!(heard["id"], id.into(), "{heard}");
        assert_eq!(heard["error"]["code"], code, "{heard}");
    }

    /// Says bytes that need be no message. The client may have ended the run.
    pub fn raw(&self, bytes: &[u8]) {
        if let Some(output) = self.output.lock().unwrap().as_mut() {
            output.write_all(bytes).ok();
        }
    }

    /// Says a message. The client may have ended the run.
    pub fn say(&self, message: &Value) {
        let mut framed = Vec::new();
        write_frame(&mut framed, message.to_string().as_bytes()).unwrap();
        self.raw(&framed);
    }

    pub fn tell(&self, method: &str, params: Value) {
        self.say(&json!({"jsonrpc": "2.0", "method": method, "params": params}));
    }

    pub fn ask(&self, id: impl Into<Value>, method: &str, params: Value) {
        self.say(&json!({"jsonrpc": "2.0", "id": id.into(), "method": method, "params": params}));
    }

    pub fn answer(&self, id: impl Into<Value>, result: Value) {
        self.say(&json!({"jsonrpc": "2.0", "id": id.into(), "result": result}));
    }

    /// Ends the run.
    pub fn crash(&self) {
        self.output.lock().unwrap().take();
    }
}

/// The client's side, with one file open.
pub struct Session {
    pub server: LanguageServer,
    pub events: Receiver<ServerEvent>,
    pub peers: Receiver<Peer>,
    pub text: Text,
    pub version: u64,
}

impl Session {
    /// Starts a client whose server reads what it is sent, or not.
    pub fn start(reads: bool, limits: Limits) -> Self {
        let (sender, peers) = channel();
        let options = ServerOptions {
            name: "played".into(),
            root: ROOT.into(),
            initialization_options: json!({"at": "start"}),
            settings: json!({"played": {"mode": "strict", "deep": {"er": 1}}}),
            limits,
            trace: lsp::TraceLevel::Messages,
        };
        let stage = Stage {
            peers: sender,
            reads,
        };
        let (server, told) = LanguageServer::start(options, Arc::new(stage));
        let (sender, events) = channel();
        thread::spawn(move || {
            while let Ok(event) = told.recv_blocking() {
                // The test is over.
                if sender.send(event).is_err() {
                    return;
                }
            }
        });
        Self {
            server,
            events,
            peers,
            text: Text::default(),
            version: 0,
        }
    }

    /// A client and the server that it has begun to run, which offers this.
    #[track_caller]
    pub fn run(capabilities: Value) -> (Self, Peer) {
        let limits = Limits {
            backoff: Duration::from_millis(1),
            shutdown: Duration::from_millis(50),
            ..Limits::default()
        };
        let session = Self::start(true, limits);
        let peer = session.handshake(capabilities);
        (session, peer)
    }

    /// Takes the next run through its start.
    #[track_caller]
    pub fn handshake(&self, capabilities: Value) -> Peer {
        let peer = self.peers.recv_timeout(HANGS).expect("it is not started");
        let asked = peer.hear();
        assert_eq!(asked["method"], "initialize");
        peer.answer(asked["id"].clone(), json!({"capabilities": capabilities}));
        peer.told("initialized", json!({}));
        let settings = json!({"played": {"mode": "strict", "deep": {"er": 1}}});
        peer.told(
            "workspace/didChangeConfiguration",
            json!({"settings": settings}),
        );
        self.until_state(|state| *state == ServerState::Running);
        peer
    }

    /// The same with the file open.
    #[track_caller]
    pub fn open(capabilities: Value, text: &str) -> (Self, Peer) {
        let (mut session, peer) = Self::run(capabilities);
        session.text = Text::new(text);
        let file = Path::new(FILE);
        session.server.open(file, "plaintext", 0, &session.text);
        let item = json!({"uri": URI, "languageId": "plaintext", "version": 0, "text": text});
        peer.told("textDocument/didOpen", json!({"textDocument": item}));
        (session, peer)
    }

    pub fn edit(&mut self, edits: &[(Range<usize>, &str)]) {
        let edits = edits.iter();
        let edits = edits.map(|(range, text)| Edit::new(range.clone(), *text));
        let changes = ChangeSet::from_edits(self.text.len(), edits.collect()).unwrap();
        self.text = changes.apply(&self.text).unwrap();
        self.version += 1;
        let file = Path::new(FILE);
        self.server.edited(file, &changes, self.version, &self.text);
    }

    /// The next event that is wanted; others are passed over.
    #[track_caller]
    pub fn until<T>(&self, wanted: impl Fn(ServerEvent) -> Option<T>) -> T {
        loop {
            let event = self.events.recv_timeout(HANGS);
            if let Some(found) = wanted(event.expect("nothing more happens")) {
                return found;
            }
        }
    }

    #[track_caller]
    pub fn until_state(&self, wanted: impl Fn(&ServerState) -> bool) -> ServerState {
        self.until(|event| match event {
            ServerEvent::StateChanged(state) if wanted(&state) => Some(state),
            _ => None,
        })
    }

    /// Why the run ended, and that another begins.
    #[track_caller]
    pub fn ended(&self) -> String {
        self.until(|event| match event {
            ServerEvent::StateChanged(ServerState::Restarting { reason }) => Some(reason),
            _ => None,
        })
    }

    /// The server is asked what is at the start, and answers: the run goes on.
    #[track_caller]
    pub fn goes_on(&self, peer: &Peer) {
        let reply = self.server.hover(Path::new(FILE), 0);
        let id = peer.asked("textDocument/hover", at(0, 0));
        peer.answer(id, json!({"contents": "it goes on"}));
        let hover = reply.wait_blocking().unwrap().unwrap();
        assert_eq!(hover.markdown, "it goes on");
    }
}

/// A place of the file, as questions have it.
pub fn at(line: u32, character: u32) -> Value {
    json!({"textDocument": {"uri": URI}, "position": {"line": line, "character": character}})
}

/// A range within a line.
pub fn range(line: u32, from: u32, to: u32) -> Value {
    json!({"start": {"line": line, "character": from}, "end": {"line": line, "character": to}})
}
