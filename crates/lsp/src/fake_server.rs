//! A server inside the program, for tests of what uses this crate.

use std::io::{self, BufReader};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use parking_lot::Mutex;

use crate::launch::{Ended, Launch, Launched, Running};
use crate::transport::{read_frame, write_frame};

#[path = "../fake_server/script.rs"]
mod script;

/// A server of a scenario, which each launch runs on a thread of its own over pipes.
#[derive(Debug, Clone)]
pub struct FakeServer {
    scenario: String,
    launches: Arc<Mutex<usize>>,
}

impl FakeServer {
    /// A server of a scenario: words of `fake_server/script.rs`. Behind ` then ` stand those of its next
    /// run; the last are those of all that follow.
    pub fn new(scenario: &str) -> Self {
        Self {
            scenario: scenario.to_owned(),
            launches: Arc::default(),
        }
    }

    /// How often it was started.
    pub fn launches(&self) -> usize {
        *self.launches.lock()
    }
}

struct Served(Mutex<Option<JoinHandle<i32>>>);

impl Running for Served {
    // It ends with its input, which is closed when nobody writes to it.
    fn kill(&self) {}

    fn ended_within(&self, _: Duration) -> Option<Ended> {
        let mut thread = self.0.lock();
        let ended = thread.as_ref().is_none_or(JoinHandle::is_finished);
        ended.then(|| match thread.take().map(JoinHandle::join) {
            Some(Ok(status)) => Ended::Exited(status),
            _ => Ended::Otherwise("ended".to_owned()),
        })
    }
}

impl Launch for FakeServer {
    fn launch(&self) -> io::Result<Launched> {
        let before = {
            let mut launches = self.launches.lock();
            *launches += 1;
            *launches - 1
        };
        let (server_input, input) = io::pipe()?;
        let (output, server_output) = io::pipe()?;
        let runs: Vec<_> = self.scenario.split(" then ").collect();
        let scenario = runs.get(before).or(runs.last());
        let scenario = scenario.map_or_else(String::new, |one| (*one).to_owned());
        let serving = thread::spawn(move || {
            script::serve(&scenario, BufReader::new(server_input), server_output)
        });
        Ok(Launched {
            output: Box::new(output),
            input: Box::new(input),
            errors: None,
            process: Arc::new(Served(Mutex::new(Some(serving)))),
        })
    }
}
