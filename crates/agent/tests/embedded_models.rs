//! The processes of the embedded models, counted while an agent changes its model.
//!
//! This program is both sides: started again with the worker's argument it serves a scripted
//! engine. That is why it has a `main` of its own.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "this is a test; clippy looks for `#[test]`"
)]

use std::process::ExitCode;

fn main() -> ExitCode {
    if std::env::args().nth(1).as_deref() == Some(local_model::protocol::WORKER_ARGUMENT) {
        return local_model::worker::serve(
            std::io::stdin(),
            std::io::stdout(),
            local_model::fake_engine::FakeEngine::default(),
        );
    }
    #[cfg(target_os = "linux")]
    processes::another_model_takes_the_place_of_the_first();
    println!("test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out");
    ExitCode::SUCCESS
}

#[cfg(target_os = "linux")]
mod processes {
    use std::path::Path;
    use std::sync::Arc;
    use std::time::Duration;

    use agent::{
        AgentConfig, AgentEvent, AgentHandle, EndReason, Mode, ModelCatalog, Operation,
        SessionChoice, TranscriptItem, start,
    };
    use llm::{Catalog, KeyStore, ModelId};
    use local_model::{ModelStore, WorkerCommand, catalogue};
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use rustix::process::{Pid, PidfdFlags, pidfd_open};

    /// How long something may take to happen.
    const PATIENCE: Duration = Duration::from_secs(60);

    /// The workers that this program has.
    fn workers() -> Vec<i32> {
        let own = i32::try_from(std::process::id()).unwrap();
        std::fs::read_dir("/proc")
            .unwrap()
            .filter_map(|entry| {
                let id = entry.ok()?.file_name().to_str()?.parse().ok()?;
                let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
                let (_, fields) = stat.rsplit_once(')')?;
                let mut fields = fields.split_whitespace();
                let (state, parent) = (fields.next()?, fields.next()?);
                // A zombie holds no memory.
                (parent == own.to_string() && state != "Z").then_some(id)
            })
            .collect()
    }

    /// Returns when a process is gone.
    fn wait_for_end(id: i32) {
        // Where it is gone already, there is nothing to wait for.
        let Ok(process) = pidfd_open(Pid::from_raw(id).unwrap(), PidfdFlags::empty()) else {
            return;
        };
        let mut watched = [PollFd::new(&process, PollFlags::IN)];
        let timeout = Timespec {
            tv_sec: i64::try_from(PATIENCE.as_secs()).unwrap(),
            tv_nsec: 0,
        };
        let ended = poll(&mut watched, Some(&timeout)).unwrap();
        assert_eq!(ended, 1, "the worker {id} goes on");
    }

    fn next(handle: &AgentHandle, what: impl Fn(&AgentEvent) -> bool) -> AgentEvent {
        loop {
            let event = handle.events.recv_blocking().expect("the agent runs");
            if what(&event) {
                return event;
            }
        }
    }

    fn ask(handle: &AgentHandle) {
        let prompt = Operation::Prompt {
            text: "hello".into(),
            mode: Mode::Chat,
        };
        handle.operations.send_blocking(prompt).unwrap();
        let end = next(handle, |event| {
            matches!(event, AgentEvent::TurnEnded { .. })
        });
        let completed = matches!(
            end,
            AgentEvent::TurnEnded {
                reason: EndReason::Completed,
                ..
            }
        );
        assert!(completed, "{end:?}");
    }

    fn agent(folder: &Path, catalog: &Arc<ModelCatalog>, model: &ModelId) -> AgentHandle {
        // Nobody has a file open.
        let (host, requests) = async_channel::unbounded();
        std::thread::spawn(move || while requests.recv_blocking().is_ok() {});
        let sessions = folder.join("sessions");
        let mut config = AgentConfig::new(folder.to_owned(), sessions, Arc::clone(catalog));
        config.model = Some(model.clone());
        let runtime = tokio::runtime::Handle::current();
        let handle = start(config, host, &runtime);
        next(&handle, |event| {
            matches!(event, AgentEvent::ModelChanged { .. })
        });
        handle
    }

    pub fn another_model_takes_the_place_of_the_first() {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let _entered = runtime.enter();
        let folder = tempfile::tempdir().unwrap();
        let store = ModelStore::new(folder.path().join("models"));
        std::fs::create_dir(store.folder()).unwrap();
        for spec in catalogue() {
            // As large as the published one, without taking its place on the disk.
            let file = std::fs::File::create(store.path(spec)).unwrap();
            file.set_len(spec.bytes).unwrap();
            store.keep_hash(spec, &spec.sha256);
        }
        let worker = WorkerCommand::current_executable().unwrap();
        let catalog = Catalog::new(Vec::new(), KeyStore::nothing());
        let damaged = store.clone();
        let catalog = Arc::new(ModelCatalog::new(catalog, None).with_local(store, worker));
        let ids: Vec<ModelId> = catalog
            .entries()
            .into_iter()
            .map(|entry| entry.id)
            .collect();
        let [first, second, ..] = ids.as_slice() else {
            panic!("{ids:?}");
        };

        let one = agent(folder.path(), &catalog, first);
        assert!(
            workers().is_empty(),
            "nothing is loaded before it is needed"
        );
        ask(&one);
        let [loaded] = workers()[..] else {
            panic!("{:?}", workers());
        };
        // A second window uses the process of the first.
        let two = agent(folder.path(), &catalog, first);
        ask(&two);
        assert_eq!(workers(), [loaded]);

        for handle in [&one, &two] {
            assert!(workers().contains(&loaded), "somebody uses it");
            let choice = Operation::SelectModel(second.clone());
            handle.operations.send_blocking(choice).unwrap();
            next(
                handle,
                |event| matches!(event, AgentEvent::ModelChanged { id, .. } if id == second),
            );
        }
        wait_for_end(loaded);
        assert!(workers().is_empty());
        ask(&one);
        let after = workers();
        assert!(after.len() == 1 && after[0] != loaded, "{after:?}");

        // How it did is still known after a restart.
        one.operations.close();
        while one.events.recv_blocking().is_ok() {}
        let (host, _requests) = async_channel::bounded(1);
        let sessions = folder.path().join("sessions");
        let mut config = AgentConfig::new(folder.path().to_owned(), sessions, catalog);
        config.session = SessionChoice::ResumeLast;
        let again = start(config, host, runtime.handle());
        let opened = next(&again, |event| {
            matches!(event, AgentEvent::SessionOpened { .. })
        });
        let AgentEvent::SessionOpened { transcript, .. } = opened else {
            panic!("{opened:?}");
        };
        let Some(TranscriptItem::TurnEnded {
            speed: Some(speed), ..
        }) = transcript.last()
        else {
            panic!("{transcript:?}");
        };
        assert!(speed.tokens_per_second > 0., "{speed:?}");
        next(&again, |event| {
            matches!(event, AgentEvent::ModelChanged { .. })
        });

        // One that nobody has looked at is read before it is used, and stopping stops that.
        for spec in catalogue() {
            let file = std::fs::File::options()
                .write(true)
                .open(damaged.path(spec));
            file.unwrap()
                .set_modified(std::time::SystemTime::now())
                .unwrap();
        }
        let prompt = Operation::Prompt {
            text: "hello".into(),
            mode: Mode::Chat,
        };
        again.operations.send_blocking(prompt.clone()).unwrap();
        next(
            &again,
            |event| matches!(event, AgentEvent::Loading { note } if note.starts_with("Checking the model's file: ") && note.ends_with(" %")),
        );
        again.operations.send_blocking(Operation::Cancel).unwrap();
        let end = next(&again, |event| {
            matches!(event, AgentEvent::TurnEnded { .. })
        });
        let cancelled = matches!(
            end,
            AgentEvent::TurnEnded {
                reason: EndReason::Cancelled,
                ..
            }
        );
        assert!(cancelled, "{end:?}");

        // A file that is not the published one is not loaded.
        for spec in catalogue() {
            std::fs::write(damaged.path(spec), "half").unwrap();
        }
        let choice = Operation::SelectModel(first.clone());
        again.operations.send_blocking(choice).unwrap();
        again.operations.send_blocking(prompt).unwrap();
        let end = next(&again, |event| {
            matches!(event, AgentEvent::TurnEnded { .. })
        });
        let AgentEvent::TurnEnded {
            reason: EndReason::Failed(message),
            ..
        } = end
        else {
            panic!("{end:?}");
        };
        let pull = format!("`kiln-cli model pull {}`", first.model());
        assert!(
            message.contains("its file has 4 bytes instead of") && message.contains(&pull),
            "{message}"
        );
    }
}
