//! `kiln-cli model`.

use std::io::{self, Write};

use fs::KilnPaths;
use serde_json::json;

use crate::arguments::ModelCommand;
use crate::exit::Exit;
use crate::project::user_settings_alone;
use crate::terminal::visible;

/// Runs the command.
pub async fn run(command: ModelCommand) -> anyhow::Result<Exit> {
    let paths = KilnPaths::from_env()?;
    match command {
        ModelCommand::List { json } => list(&paths, json).await,
        ModelCommand::RemoveKey { provider, yes } => {
            crate::key_commands::remove(&paths, &provider, yes).await
        }
        #[cfg(feature = "local-model")]
        ModelCommand::Pull { model, yes } => embedded::pull(&paths, model.as_deref(), yes).await,
        #[cfg(feature = "local-model")]
        ModelCommand::Remove { model, yes } => embedded::remove(&paths, &model, yes),
        #[cfg(not(feature = "local-model"))]
        ModelCommand::Pull { .. } | ModelCommand::Remove { .. } => {
            anyhow::bail!(
                "this build of Kiln has no embedded models; build it with the feature `local-model`"
            )
        }
    }
}

async fn list(paths: &KilnPaths, as_json: bool) -> anyhow::Result<Exit> {
    let settings = user_settings_alone(paths)?;
    let catalog = crate::models::catalog(&settings, paths)?;
    catalog.ask_servers().await;
    let looked = tokio::task::spawn_blocking({
        let catalog = catalog.clone();
        #[cfg(feature = "local-model")]
        let paths = paths.clone();
        move || {
            // What is found of the files counts for what is available.
            #[cfg(feature = "local-model")]
            let embedded = embedded::look(&paths)?;
            #[cfg(not(feature = "local-model"))]
            let embedded = Vec::new();
            std::io::Result::Ok((embedded, catalog.available()))
        }
    });
    let (embedded, available) = looked.await??;
    let agent::DefaultModel { chosen, missing } = catalog.default_model(&available);
    let default = chosen.map(|(id, _)| id);
    let entries = &available.models;
    let remote = catalog.catalog();
    let mut output = io::stdout();
    if as_json {
        #[cfg(feature = "local-model")]
        let embedded = embedded::rows(&embedded);
        #[cfg(not(feature = "local-model"))]
        let embedded: Vec<serde_json::Value> = embedded;
        let models: Vec<_> = entries
            .iter()
            .map(|entry| json!({"id": entry.id.to_string(), "ready": entry.ready, "local": entry.local}))
            .collect();
        let unlisted: Vec<_> = remote
            .unlisted()
            .map(|(server, reason)| json!({"server": server, "reason": reason}))
            .collect();
        let unreadable: Vec<_> = available
            .unreadable
            .iter()
            .map(|key| json!({"provider": key.provider.name, "reason": key.reason}))
            .collect();
        writeln!(
            output,
            "{}",
            json!({
                "models": models,
                "embedded": embedded,
                "default": default.map(|id| id.to_string()),
                "missing": missing,
                "unlisted": unlisted,
                "unreadable_keys": unreadable,
            })
        )?;
        return Ok(Exit::Done);
    }
    #[cfg(feature = "local-model")]
    embedded::print(&mut output, &embedded)?;
    writeln!(output, "Models to use with --model:")?;
    let unreadable = |name: &str| {
        let mut keys = available.unreadable.iter();
        keys.any(|key| key.provider.name == name)
    };
    for entry in entries {
        let provider = entry.id.provider();
        let missing = match entry.ready {
            true => None,
            #[cfg(feature = "local-model")]
            false if embedded.iter().any(|file| file.is_damaged(&entry.id)) => Some("damaged"),
            false if provider == agent::LOCAL_PROVIDER => Some("not downloaded"),
            false if unreadable(provider) => Some("key cannot be read"),
            false => Some("no key"),
        };
        let default = (default.as_ref() == Some(&entry.id)).then_some("the default");
        let state: Vec<&str> = default.into_iter().chain(missing).collect();
        let state = state.join(", ");
        writeln!(output, "  {:<48} {state}", visible(&entry.id.to_string()))?;
    }
    for (server, reason) in remote.unlisted() {
        writeln!(
            output,
            "\n{} {}. Any model that it has can be named all the same.",
            visible(&server),
            visible(reason)
        )?;
    }
    let unreadable_keys = available.unreadable_keys();
    let told = match entries.iter().any(|entry| entry.ready) {
        true => unreadable_keys,
        false => Some(agent::how_to_get_a_model(unreadable_keys.as_deref())),
    };
    for told in missing.into_iter().chain(told) {
        writeln!(output, "\n{}", visible(&told))?;
    }
    Ok(Exit::Done)
}

#[cfg(feature = "local-model")]
mod embedded {
    use std::io::{self, IsTerminal, Write};
    use std::ops::ControlFlow;
    use std::time::{Duration, Instant};

    use anyhow::bail;
    use fs::KilnPaths;
    use local_model::memory::{self, readable};
    use local_model::{
        FileState, LocalModelSpec, ModelStore, Progress, PullError, Stage, catalogue,
    };
    use serde_json::{Value, json};
    use tokio_util::sync::CancellationToken;

    use crate::exit::{Exit, UsageError};
    use crate::terminal::{self, visible};

    fn store(paths: &KilnPaths) -> ModelStore {
        ModelStore::new(paths.data.join("models"))
    }

    /// A model of the catalogue, and what is here of it.
    pub struct File {
        spec: &'static LocalModelSpec,
        state: FileState,
        partial_bytes: u64,
    }

    impl File {
        /// Whether the file of this model is not the published one.
        pub fn is_damaged(&self, id: &llm::ModelId) -> bool {
            id.provider() == agent::LOCAL_PROVIDER
                && id.model() == self.spec.id
                && matches!(self.state, FileState::Damaged(_))
        }
    }

    /// Looks at the files. One whose hash is not known is read, which takes seconds.
    pub fn look(paths: &KilnPaths) -> io::Result<Vec<File>> {
        let store = store(paths);
        let looked = catalogue().iter().map(|spec| {
            Ok(File {
                spec,
                state: check(&store, spec)?,
                partial_bytes: store.partial_bytes(spec),
            })
        });
        looked.collect()
    }

    /// Whether a model's file is the published one.
    fn check(store: &ModelStore, spec: &LocalModelSpec) -> io::Result<FileState> {
        let mut shown = ProgressLine::new();
        // Ctrl-C ends the program.
        let checked = store.check(spec, |done| {
            let percent = done * 100 / spec.bytes.max(1);
            shown.tell(Stage::Checking, || {
                format!("Checking the file of {}: {percent} %", spec.id)
            });
            ControlFlow::Continue(())
        })?;
        shown.clear();
        Ok(checked.unwrap_or(FileState::Unchecked))
    }

    pub fn rows(files: &[File]) -> Vec<Value> {
        let row = |file: &File| {
            json!({
                "id": file.spec.id,
                "bytes": file.spec.bytes,
                "licence": file.spec.licence,
                "installed": file.state.is_usable(),
                "damaged": match &file.state {
                    FileState::Damaged(why) => Some(why),
                    _ => None,
                },
                "partial_bytes": file.partial_bytes,
            })
        };
        files.iter().map(row).collect()
    }

    pub fn print(output: &mut impl Write, files: &[File]) -> io::Result<()> {
        writeln!(output, "Embedded models:")?;
        for file in files {
            let spec = file.spec;
            let state = match (&file.state, file.partial_bytes) {
                (FileState::Installed | FileState::Unchecked, _) => "installed".to_string(),
                (FileState::Damaged(_), _) => format!("damaged: kiln-cli model pull {}", spec.id),
                (FileState::Missing, 0) => format!("kiln-cli model pull {}", spec.id),
                (FileState::Missing, part) => format!("{} of it downloaded", readable(part)),
            };
            writeln!(
                output,
                "  {:<32} {:>8}  {:<12} {state}",
                spec.id,
                readable(spec.bytes),
                spec.licence
            )?;
        }
        writeln!(output)
    }

    fn find(name: &str) -> anyhow::Result<&'static LocalModelSpec> {
        catalogue::find(name).ok_or_else(|| {
            let names: Vec<&str> = catalogue().iter().map(|spec| spec.id.as_str()).collect();
            UsageError(format!(
                "there is no embedded model {}; there are: {}",
                visible(name),
                names.join(", ")
            ))
            .into()
        })
    }

    /// Downloads a model after a yes, with its progress on standard error.
    pub async fn pull(paths: &KilnPaths, name: Option<&str>, yes: bool) -> anyhow::Result<Exit> {
        let spec = match name {
            Some(name) => find(name)?,
            None => match catalogue::recommended(memory::available_bytes()) {
                Some(spec) => spec,
                None => bail!("the catalogue is empty"),
            },
        };
        let store = store(paths);
        match check(&store, spec)? {
            FileState::Installed | FileState::Unchecked => {
                println!(
                    "{} is installed already: {}",
                    spec.id,
                    visible(&store.path(spec).display().to_string())
                );
                return Ok(Exit::Done);
            }
            FileState::Damaged(why) => {
                terminal::report_warning(&format!("the file of {} {why}; it is replaced", spec.id));
            }
            FileState::Missing => {}
        }
        let left = spec.bytes.saturating_sub(store.partial_bytes(spec));
        eprintln!(
            "{} ({}, {}) from {}",
            spec.id,
            readable(spec.bytes),
            spec.licence,
            spec.source
        );
        let question = format!("Download {} now?", readable(left));
        if !yes && !terminal::agrees(&question, "nothing", "downloaded")? {
            return Ok(Exit::Failed);
        }
        let cancel = CancellationToken::new();
        let mut shown = ProgressLine::new();
        let download = store.pull(spec, |progress| shown.show(&progress), &cancel);
        tokio::pin!(download);
        let result = loop {
            tokio::select! {
                result = &mut download => break result,
                stop = tokio::signal::ctrl_c(), if !cancel.is_cancelled() => {
                    stop?;
                    cancel.cancel();
                }
            }
        };
        if io::stderr().is_terminal() {
            eprintln!();
        }
        match result {
            Ok(path) => {
                println!(
                    "{} is installed: {}",
                    spec.id,
                    visible(&path.display().to_string())
                );
                Ok(Exit::Done)
            }
            Err(PullError::Cancelled) => {
                terminal::report_error(&PullError::Cancelled.to_string());
                Ok(Exit::Stopped)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Progress on standard error: one line that changes on a terminal, a line every
    /// few seconds elsewhere.
    struct ProgressLine {
        last: Option<Instant>,
        stage: Option<Stage>,
    }

    impl ProgressLine {
        fn new() -> Self {
            Self {
                last: None,
                stage: None,
            }
        }

        fn show(&mut self, progress: &Progress) {
            let percent = progress.done * 100 / progress.total.max(1);
            self.tell(progress.stage, || match progress.stage {
                Stage::Connecting => format!("Connecting to {}", visible(&progress.source)),
                Stage::Downloading => format!(
                    "{percent:>3} %  {} of {}  {}/s  {}",
                    readable(progress.done),
                    readable(progress.total),
                    readable(progress.bytes_per_second),
                    visible(&progress.source)
                ),
                Stage::Checking => format!("Checking the hash: {percent} %"),
            });
        }

        /// Says what is done, unless that was said of this stage a moment ago.
        fn tell(&mut self, stage: Stage, line: impl FnOnce() -> String) {
            let terminal = io::stderr().is_terminal();
            let pause = Duration::from_millis(if terminal { 200 } else { 5_000 });
            let soon = self.last.is_some_and(|last| last.elapsed() < pause);
            if soon && self.stage == Some(stage) {
                return;
            }
            self.last = Some(Instant::now());
            self.stage = Some(stage);
            if terminal {
                eprint!("\r\u{1b}[2K{}", line());
            } else {
                eprintln!("{}", line());
            }
        }

        /// Takes the line that changes away again.
        fn clear(&self) {
            if self.last.is_some() && io::stderr().is_terminal() {
                eprint!("\r\u{1b}[2K");
            }
        }
    }

    /// Deletes a model after a yes.
    pub fn remove(paths: &KilnPaths, name: &str, yes: bool) -> anyhow::Result<Exit> {
        let spec = find(name)?;
        let store = store(paths);
        let there = store.state(spec) != FileState::Missing || store.partial_bytes(spec) > 0;
        let question = format!("Delete {}?", store.path(spec).display());
        if there && !yes && !terminal::agrees(&question, "nothing", "deleted")? {
            return Ok(Exit::Failed);
        }
        if store.remove(spec)? {
            println!("{} is deleted.", spec.id);
        } else {
            println!("{} is not on this machine.", spec.id);
        }
        Ok(Exit::Done)
    }
}
