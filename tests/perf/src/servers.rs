//! What a language server that answers at once costs: from a key to the list of completions, the
//! narrowing down of a long one, and how long the window's thread takes what is wrong in a file.

use std::io::{self, BufReader};
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use async_channel::Receiver;
use editor_core::{ChangeSet, Edit};
use fs::RealFs;
use lsp::{
    Catalogue, CompletionItem, CompletionList, CompletionTrigger, Ended, Launch, Launched, Running,
    ServerEvent, ServerState,
};
use serde_json::json;
use test_support::report::{self, Metric};
use workspace::{BufferId, LanguageServers, ServerConsent, ServerKey, Workspace};

use crate::clock;
use crate::instant_server::{list, serve};

#[allow(dead_code, reason = "the view uses all of it")]
#[path = "../../../crates/editor_view/src/completion/matching.rs"]
mod matching;

const CATALOGUE: &str = r#"
[[server]]
name = "instant"
languages = ["rust"]
program = "instant"
install = "it comes with the benchmark"
"#;

/// What the server says of one place, about; the whole is some times as long as the limit of one file.
const PLACES: usize = 10_000;

/// A server on a thread of its own, whose answers are made before anybody asks.
struct Instant {
    /// The results of completions: a short list, and a long one that a dot asks for.
    lists: Arc<[String; 2]>,
    /// What it says once the text is saved, each a message.
    floods: Arc<Vec<String>>,
}

struct Served;

impl Running for Served {
    // It ends with its input.
    fn kill(&self) {}

    fn ended_within(&self, _: Duration) -> Option<Ended> {
        Some(Ended::Exited(0))
    }
}

impl Launch for Instant {
    fn launch(&self) -> io::Result<Launched> {
        let (from_client, input) = io::pipe()?;
        let (output, to_client) = io::pipe()?;
        let (lists, floods) = (self.lists.clone(), self.floods.clone());
        thread::spawn(move || {
            // Its end is that of the benchmark.
            serve(BufReader::new(from_client), to_client, &lists, &floods).ok();
        });
        Ok(Launched {
            output: Box::new(output),
            input: Box::new(input),
            errors: None,
            process: Arc::new(Served),
        })
    }
}

/// What is wrong in a file, in so many lines, as one message.
fn flood(uri: &str, lines: usize) -> String {
    let said = (0..lines).map(|line| {
        let place = |character: usize| json!({"line": line, "character": character});
        json!({
            "range": {"start": place(4), "end": place(9)}, "severity": 1 + line % 2,
            "source": "instant", "code": format!("E{line:04}"),
            "message": format!("mismatched types: expected `u32`, found `&str` in line {line} of this file"),
        })
    });
    let said: Vec<_> = said.collect();
    let params = json!({"uri": uri, "diagnostics": said});
    json!({"jsonrpc": "2.0", "method": "textDocument/publishDiagnostics", "params": params})
        .to_string()
}

/// A file with its server, as the window has them.
struct Session {
    workspace: Workspace,
    servers: LanguageServers,
    file: BufferId,
    events: Receiver<ServerEvent>,
    key: ServerKey,
}

impl Session {
    fn start(scratch: &Path, items: usize, lines: usize, bytes: usize) -> Result<Self> {
        let root = scratch.canonicalize()?;
        let (project, bin) = (root.join("project"), root.join("bin"));
        std::fs::create_dir_all(&project)?;
        std::fs::create_dir_all(&bin)?;
        let program = bin.join("instant");
        std::fs::write(&program, "")?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755))?;
        }
        let path = project.join("main.rs");
        std::fs::write(&path, "let value = other;\n".repeat(lines))?;
        let one = flood(&format!("file://{}", path.display()), lines);
        let floods = vec![one.clone(); bytes.div_ceil(one.len())];
        let launch = Instant {
            lists: Arc::new([list(100.min(items)), list(items)]),
            floods: Arc::new(floods),
        };
        let launch = Arc::new(launch);
        let mut servers = LanguageServers::with_launcher(
            Catalogue::parse(CATALOGUE)?,
            ServerConsent::read(&root.join("state"), &project),
            bin.into(),
            Box::new(move |_| launch.clone()),
        );
        let mut workspace = Workspace::new(project, Arc::new(RealFs::new()));
        let file = workspace.open_blocking(&path)?;
        let job = servers.find_job(&workspace, file).context("no server")?;
        servers.found(&mut workspace, file, job.run());
        let kept = servers.answer(&mut workspace, file, "instant", true);
        kept.context("nobody was asked")?.run()?;
        let started = servers.take_started().pop();
        let (key, events) = started.context("it was not started")?;
        let mut session = Self {
            workspace,
            servers,
            file,
            events,
            key,
        };
        session.pass_on();
        session.until(|event| matches!(event, ServerEvent::StateChanged(ServerState::Running)))?;
        Ok(session)
    }

    /// Tells the servers what happened, as the window does.
    fn pass_on(&mut self) {
        for event in self.workspace.take_events() {
            self.servers.workspace_event(&mut self.workspace, &event);
        }
    }

    /// Takes what the server tells until something comes; the longest that the window's thread took for
    /// one of it, in milliseconds.
    fn until(&mut self, wanted: impl Fn(&ServerEvent) -> bool) -> Result<f64> {
        let mut longest = 0.0_f64;
        loop {
            let event = self.events.recv_blocking()?;
            let is_wanted = wanted(&event);
            let (_, took) = test_support::cpu(|| {
                let workspace = &mut self.workspace;
                self.servers.server_event(workspace, &self.key, event);
                workspace.take_events()
            });
            longest = longest.max(took);
            if is_wanted {
                return Ok(longest);
            }
        }
    }

    /// Types a letter at the start, and has the server asked; the milliseconds on the wall from the key
    /// until the list is read.
    fn complete(&mut self, trigger: &CompletionTrigger) -> Result<(CompletionList, f64)> {
        let (answer, took) = clock::wall(|| {
            let buffer = self.workspace.buffer(self.file).context("the buffer")?;
            let edit = vec![Edit::new(0..0, "h")];
            let changes = ChangeSet::from_edits(buffer.text().len(), edit)?;
            self.workspace.edit_from_elsewhere(self.file, changes)?;
            self.pass_on();
            let serving = self.servers.serving(self.file).next();
            let (server, path) = serving.context("it does not know the file")?;
            let list = server.completion(path, 1, trigger).wait_blocking()?;
            Ok::<_, anyhow::Error>(list)
        });
        Ok((answer?, took))
    }
}

/// Measures all of it; `keys` is how often something is typed.
pub(crate) fn run(
    (items, lines, bytes): (usize, usize, usize),
    keys: usize,
    scratch: &Path,
    show: &mut dyn FnMut(Metric),
) -> Result<()> {
    let mut session = Session::start(scratch, items, lines.min(PLACES), bytes)?;
    let lists = [
        (100.min(items), CompletionTrigger::Invoked),
        (items, CompletionTrigger::Character(".".into())),
    ];
    let mut long = Vec::new();
    for (count, trigger) in lists {
        let mut samples = Vec::with_capacity(keys);
        for _ in 0..keys {
            let (list, took) = session.complete(&trigger)?;
            ensure!(list.items.len() == count, "{} items", list.items.len());
            samples.push(took);
            long = list.items;
        }
        for (name, part) in [("p50", 0.5), ("p99", 0.99)] {
            let took = report::percentile(&samples, part);
            show(own(
                format!("key-to-{count}-completions-{name}"),
                took,
                "ms",
            ));
        }
    }
    filter(&long, keys, show)?;
    let (stall, took) = clock::wall(|| flooded(&mut session));
    let megabytes = bytes / 1_000_000;
    show(own(
        format!("diagnostics-{megabytes}-mb-longest-wait"),
        stall?,
        "ms of CPU",
    ));
    show(own(format!("diagnostics-{megabytes}-mb"), took, "ms"));
    Ok(())
}

/// What a key narrows the list down to: each word letter by letter.
fn filter(items: &[CompletionItem], keys: usize, show: &mut dyn FnMut(Metric)) -> Result<()> {
    let mut samples = Vec::new();
    for number in 0..keys {
        let word = format!("hrc{number}");
        for end in 1..=word.len() {
            let typed = &word[..end];
            let all = 0..items.len();
            let (found, took) =
                test_support::cpu(|| matching::rank(items, all, |_| typed.to_owned()));
            ensure!(end > 3 || found.len() == items.len(), "{typed} fits all");
            samples.push(took);
        }
    }
    for (name, part) in [("p50", 0.5), ("p99", 0.99)] {
        let took = report::percentile(&samples, part);
        show(own(
            format!("filter-{}-completions-{name}", items.len()),
            took,
            "ms of CPU",
        ));
    }
    Ok(())
}

/// Saves, and hears all that the server says of that; the longest wait of the window's thread.
fn flooded(session: &mut Session) -> Result<f64> {
    let serving = session.servers.serving(session.file).next();
    let (server, path) = serving.context("it does not know the file")?;
    server.saved(path);
    // It answers in turn: what it said before is there by then.
    let asked = server.completion(path, 0, &CompletionTrigger::Invoked);
    let mut longest = 0.0_f64;
    let done = thread::spawn(move || asked.wait_blocking().map(|_| ()));
    while !done.is_finished() || !session.events.is_empty() {
        if session.events.is_empty() {
            thread::yield_now();
            continue;
        }
        longest = longest.max(session.until(|_| true)?);
    }
    ensure!(longest > 0.0, "nothing was said");
    Ok(longest)
}

fn own(name: String, ours: f64, unit: &'static str) -> Metric {
    Metric {
        name,
        ours,
        peer: Err("no peer runs without a window".to_owned()),
        unit,
        target: "",
    }
}
