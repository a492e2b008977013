//! The server.

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde_json::json;
use tokio::io::AsyncReadExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

use crate::http::{begin_stream, end_stream, read_request, send_chunk, send_response};
use crate::reply::StreamWriter;
use crate::{RecordedRequest, Reply, Step};

type Responder = Box<dyn Fn(&RecordedRequest) -> Option<Reply> + Send>;

#[derive(Default)]
struct State {
    replies: VecDeque<Reply>,
    responder: Option<Responder>,
    requests: Vec<RecordedRequest>,
    models: Vec<String>,
    /// What is answered instead of a list of models.
    no_list: Option<Reply>,
    /// Answers during which the client went away.
    disconnects: usize,
}

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A model server on loopback, on a thread of its own, so that tests with and
/// without a runtime can use it. It answers with the replies that were pushed,
/// in order, whatever is asked; then with what `respond_with` says; then with
/// an error that names the test's mistake.
pub struct ModelServer {
    address: SocketAddr,
    shared: Arc<Shared>,
    _stop: oneshot::Sender<()>,
}

impl ModelServer {
    /// Starts a server on a free port.
    ///
    /// # Panics
    /// Where the machine has no loopback.
    #[allow(clippy::expect_used, reason = "a test cannot go on without its server")]
    pub fn start() -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port on loopback");
        let address = listener.local_addr().expect("the port's number");
        listener
            .set_nonblocking(true)
            .expect("a listener for the runtime");
        let shared = Arc::new(Shared {
            state: Mutex::new(State {
                models: vec!["test-model".to_owned()],
                ..State::default()
            }),
            changed: Condvar::new(),
        });
        let (stop, stopped) = oneshot::channel::<()>();
        let serving = Arc::clone(&shared);
        std::thread::Builder::new()
            .name("model-server".to_owned())
            .spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread()
                    .enable_all()
                    .build()
                    .expect("a runtime for the server");
                runtime.block_on(async move {
                    let listener = TcpListener::from_std(listener).expect("the listener");
                    tokio::select! {
                        _ = stopped => {}
                        () = accept(listener, serving) => {}
                    }
                });
            })
            .expect("a thread for the server");
        Self {
            address,
            shared,
            _stop: stop,
        }
    }

    /// Its address, `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Kiln's settings that make it the model of conversations.
    pub fn settings(&self) -> serde_json::Value {
        serde_json::json!({
            "kiln.models": [{
                "name": "loopback",
                "protocol": "openai",
                "baseUrl": self.url(),
                "models": ["scripted"],
            }],
            "kiln.agent.model": "loopback/scripted",
        })
    }

    /// Adds an answer.
    pub fn push(&self, reply: Reply) {
        self.shared.lock().replies.push_back(reply);
    }

    /// Adds answers.
    pub fn script(&self, replies: impl IntoIterator<Item = Reply>) {
        self.shared.lock().replies.extend(replies);
    }

    /// Answers what no pushed answer is left for.
    pub fn respond_with(
        &self,
        responder: impl Fn(&RecordedRequest) -> Option<Reply> + Send + 'static,
    ) {
        self.shared.lock().responder = Some(Box::new(responder));
    }

    /// Lists these models under `/v1/models` instead of `test-model`.
    pub fn set_models(&self, models: &[&str]) {
        self.shared.lock().models = models.iter().map(|name| (*name).to_owned()).collect();
    }

    /// Answers so where its models are asked for.
    pub fn answer_lists_with(&self, reply: Reply) {
        self.shared.lock().no_list = Some(reply);
    }

    /// The requests for answers so far, oldest first (lists of models are not
    /// among them).
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.shared
            .lock()
            .requests
            .iter()
            .filter(|request| request.protocol.is_some())
            .cloned()
            .collect()
    }

    /// Answers that were pushed and not given yet.
    pub fn replies_left(&self) -> usize {
        self.shared.lock().replies.len()
    }

    /// Waits until this many requests for answers have come; false after 20 s.
    pub fn wait_for_requests(&self, count: usize) -> bool {
        self.wait_until(|state| {
            state
                .requests
                .iter()
                .filter(|request| request.protocol.is_some())
                .count()
                >= count
        })
    }

    /// Waits until clients went away during this many answers; false after 20 s.
    pub fn wait_for_disconnects(&self, count: usize) -> bool {
        self.wait_until(|state| state.disconnects >= count)
    }

    fn wait_until(&self, condition: impl Fn(&State) -> bool) -> bool {
        let deadline = Instant::now() + Duration::from_secs(20);
        let mut state = self.shared.lock();
        while !condition(&state) {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            state = self
                .shared
                .changed
                .wait_timeout(state, left)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
        true
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    while let Ok((stream, _)) = listener.accept().await {
        let shared = Arc::clone(&shared);
        tokio::spawn(async move {
            // The client went away: that is noted where it matters.
            if let Err(error) = serve(stream, &shared).await {
                shared.lock().disconnects += 1;
                shared.changed.notify_all();
                drop(error);
            }
        });
    }
}

async fn serve(mut stream: TcpStream, shared: &Shared) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let Some(request) = read_request(&mut stream).await? else {
        return Ok(());
    };
    let reply = {
        let mut state = shared.lock();
        state.requests.push(request.clone());
        if request.protocol.is_none() {
            state.no_list.clone().unwrap_or_else(|| {
                let data: Vec<_> = state
                    .models
                    .iter()
                    .map(|id| json!({"id": id, "object": "model"}))
                    .collect();
                Reply::Response {
                    status: if request.path.contains("/models") {
                        200
                    } else {
                        404
                    },
                    headers: vec![("content-type".into(), "application/json".into())],
                    body: json!({"object": "list", "data": data}).to_string(),
                }
            })
        } else {
            let pushed = state.replies.pop_front();
            pushed
                .or_else(|| {
                    state
                        .responder
                        .as_ref()
                        .and_then(|respond| respond(&request))
                })
                .unwrap_or_else(|| Reply::error(400, "the test's script has no more answers"))
        }
    };
    shared.changed.notify_all();
    match reply {
        Reply::Refuse => Ok(()),
        Reply::Response {
            status,
            headers,
            body,
        } => send_response(&mut stream, status, &headers, &body).await,
        Reply::Stream(steps) => {
            begin_stream(&mut stream).await?;
            let protocol = request.protocol.unwrap_or(crate::WireProtocol::OpenAiChat);
            let mut writer = StreamWriter::new(protocol);
            for step in &steps {
                match step {
                    Step::Cut => return Ok(()),
                    Step::Pause(duration) => {
                        connected(&mut stream, tokio::time::sleep(*duration)).await?;
                    }
                    Step::Hold(gate) => connected(&mut stream, gate.passed()).await?,
                    step => send_chunk(&mut stream, &writer.write(step)).await?,
                }
            }
            end_stream(&mut stream).await
        }
    }
}

/// Waits for something while the client stays connected.
async fn connected(stream: &mut TcpStream, wait: impl Future<Output = ()>) -> io::Result<()> {
    let mut byte = [0];
    tokio::select! {
        () = wait => Ok(()),
        read = stream.read(&mut byte) => match read {
            Ok(0) | Err(_) => Err(io::Error::from(io::ErrorKind::ConnectionReset)),
            Ok(_) => Ok(()),
        },
    }
}
