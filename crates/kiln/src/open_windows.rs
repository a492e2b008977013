//! The windows that are open: a start of the program finds the one that has a folder, and hands it
//! what is to be opened there instead of opening a second one. See
//! `docs/adr/0012-a-process-a-window.md`.
//!
//! Each window listens at a Unix socket of its own, in a folder that nobody else can look into. The
//! socket's name begins with what tells its project folder apart; what follows tells windows on the
//! same folder apart, so that none takes another's place.

use async_channel::Sender;
use fs::{FsError, KilnPaths, create_private};
use sha2::{Digest as _, Sha256};
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::oneshot;
use ui::OpenTarget;

/// How long a window may take to accept what it is handed, and how long one waits for the end of
/// what it is told. After that, a start opens a window of its own.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long is waited after a connection could not be accepted: too many files may be open.
const ACCEPT_AGAIN: Duration = Duration::from_secs(1);
/// The longest request, in bytes: a path of Linux (`PATH_MAX`), and what stands before it.
const LONGEST_REQUEST: u64 = 4096 + 64;
/// The first line of a request. Another version of the program may say something else, and is not
/// understood.
const HEADER: &[u8] = b"kiln-open 1";
/// The answer to a request that was accepted.
const ACCEPTED: &[u8] = b"ok\n";

/// Where the windows of this user, on this display and with these files of Kiln's own, listen.
#[derive(Clone, Debug)]
pub struct OpenWindows {
    folder: PathBuf,
    /// What tells them from the windows of another display or of another `KILN_HOME`.
    whose: OsString,
}

/// What a window was handed.
pub struct Handed {
    /// What to open; nothing where the window itself is asked for.
    pub target: Option<OpenTarget>,
    accepted: oneshot::Sender<()>,
}

impl Handed {
    /// Lets the program that handed it over end.
    pub fn accept(self) -> Option<OpenTarget> {
        // Where it no longer waits it has opened a window of its own.
        self.accepted.send(()).ok();
        self.target
    }
}

impl OpenWindows {
    /// Those below `XDG_RUNTIME_DIR`, or below Kiln's state folder where there is none.
    pub fn from_env(paths: &KilnPaths) -> Self {
        let runtime = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
        let folder = match runtime.filter(|folder| folder.is_absolute()) {
            Some(runtime) => runtime.join("kiln"),
            None => paths.state.join("windows"),
        };
        let mut whose = paths.state.clone().into_os_string();
        for display in ["WAYLAND_DISPLAY", "DISPLAY"] {
            whose.push("\0");
            whose.push(std::env::var_os(display).unwrap_or_default());
        }
        Self { folder, whose }
    }

    /// The beginning of the names of the sockets of windows on a project folder.
    fn name_of(&self, project: &Path) -> String {
        let mut hasher = Sha256::new();
        hasher.update(self.whose.as_bytes());
        hasher.update(b"\0");
        hasher.update(project.as_os_str().as_bytes());
        let digest = hasher.finalize();
        let digits = digest.iter().take(12).map(|byte| format!("{byte:02x}"));
        digits.collect::<String>() + "-"
    }

    /// The folder of the sockets, made where it is not there.
    ///
    /// # Errors
    /// Where it cannot be made, or belongs or is open to somebody else.
    fn private_folder(&self) -> Result<(), String> {
        create_private(&self.folder).map_err(|error| error.to_string())?;
        let metadata = self.folder.symlink_metadata();
        let metadata = metadata.map_err(|error| {
            FsError::from_io("look at the folder", &self.folder, error).to_string()
        })?;
        let own = metadata.is_dir()
            && metadata.uid() == rustix::process::getuid().as_raw()
            && metadata.mode() & 0o077 == 0;
        own.then_some(())
            .ok_or_else(|| format!("{} is not private", self.folder.display()))
    }

    /// Hands a target to a window on the folder that it is in, the nearest one above it first. A
    /// folder is one that a window has open as its own. False where no window accepts it.
    pub async fn hand_over(&self, project: &Path, target: Option<&OpenTarget>) -> bool {
        // Nobody else's window may be asked.
        if !self.folder.exists() || self.private_folder().is_err() {
            return false;
        }
        let mut projects = vec![project];
        projects.extend(target.into_iter().flat_map(|target| {
            let above = target.path.ancestors().skip(1);
            above.filter(|folder| *folder != project)
        }));
        for project in projects {
            for socket in self.sockets(project) {
                if hand_to(&socket, target).await {
                    return true;
                }
            }
        }
        false
    }

    /// The sockets of windows on a project folder, the newest first.
    fn sockets(&self, project: &Path) -> Vec<PathBuf> {
        let start = self.name_of(project);
        let listed = std::fs::read_dir(&self.folder).into_iter().flatten();
        let mut found: Vec<_> = listed
            .flatten()
            .map(|entry| entry.file_name())
            .filter(|name| name.as_bytes().starts_with(start.as_bytes()))
            .collect();
        // What follows is the time.
        found.sort_unstable_by(|one, other| other.cmp(one));
        found.iter().map(|name| self.folder.join(name)).collect()
    }

    /// Takes what is for a window on this project folder, until it is dropped.
    ///
    /// # Errors
    /// Why it cannot; the window then is not found by others.
    pub async fn serve(self, project: PathBuf, requests: Sender<Handed>) -> Result<(), String> {
        self.private_folder()?;
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        let since = since.unwrap_or_default().as_nanos();
        let name = format!(
            "{}{since:020}-{}",
            self.name_of(&project),
            std::process::id()
        );
        let socket = Socket(self.folder.join(name));
        // What is bound and does not listen yet looks like one that was left behind.
        let new = Socket(
            self.folder
                .join(format!("new-{since}-{}", std::process::id())),
        );
        let listener = UnixListener::bind(&new.0)
            .and_then(|listener| std::fs::rename(&new.0, &socket.0).map(|()| listener))
            .map_err(|error| format!("{}: {error}", socket.0.display()))?;
        loop {
            match listener.accept().await {
                Ok((stream, _)) => {
                    let taken = tokio::time::timeout(PATIENCE, take(stream, &requests)).await;
                    match taken {
                        Ok(Ok(())) => {}
                        Ok(Err(problem)) => tracing::warn!("{problem}"),
                        Err(_) => tracing::warn!("what another start of Kiln asked for took long"),
                    }
                    if requests.is_closed() {
                        return Ok(());
                    }
                }
                Err(error) => {
                    tracing::warn!("nothing can be handed to this window: {error}");
                    tokio::time::sleep(ACCEPT_AGAIN).await;
                }
            }
        }
    }
}

/// A socket's path, which goes with it.
struct Socket(PathBuf);

impl Drop for Socket {
    fn drop(&mut self) {
        match std::fs::remove_file(&self.0) {
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => tracing::warn!("{}: {error}", self.0.display()),
        }
    }
}

/// Hands a target to the window behind a socket. False where there is none that accepts it; a
/// socket that was left behind is removed.
async fn hand_to(socket: &Path, target: Option<&OpenTarget>) -> bool {
    let handed = async {
        let mut stream = UnixStream::connect(socket).await?;
        check_peer(&stream)?;
        stream.write_all(&written(target)).await?;
        stream.shutdown().await?;
        let mut answer = Vec::new();
        let most = ACCEPTED.len() as u64;
        stream.take(most).read_to_end(&mut answer).await?;
        std::io::Result::Ok(answer == ACCEPTED)
    };
    match tokio::time::timeout(PATIENCE, handed).await {
        Ok(Ok(accepted)) => accepted,
        Ok(Err(error)) => {
            if error.kind() == std::io::ErrorKind::ConnectionRefused {
                drop(Socket(socket.to_path_buf()));
            }
            tracing::info!("{}: {error}", socket.display());
            false
        }
        Err(_) => {
            tracing::warn!("the window that is open does not answer");
            false
        }
    }
}

/// Takes one request and answers it once it is accepted.
async fn take(mut stream: UnixStream, requests: &Sender<Handed>) -> Result<(), String> {
    check_peer(&stream).map_err(|error| error.to_string())?;
    let mut request = Vec::new();
    (&mut stream)
        .take(LONGEST_REQUEST + 1)
        .read_to_end(&mut request)
        .await
        .map_err(|error| error.to_string())?;
    let target = read(&request).ok_or("what another start of Kiln asked for is not understood")?;
    let (accepted, waiting) = oneshot::channel();
    let handed = Handed { target, accepted };
    if requests.send(handed).await.is_err() || waiting.await.is_err() {
        return Err("the window is closing".to_owned());
    }
    let answered = stream.write_all(ACCEPTED).await;
    answered.map_err(|error| error.to_string())
}

/// Refuses a program of another user.
fn check_peer(stream: &UnixStream) -> std::io::Result<()> {
    let peer = stream.peer_cred()?.uid();
    if peer == rustix::process::getuid().as_raw() {
        return Ok(());
    }
    let message = format!("user {peer} is another than this one");
    Err(std::io::Error::new(
        std::io::ErrorKind::PermissionDenied,
        message,
    ))
}

/// A request: a header, line and column where they are known, and the path, which may hold any byte
/// and therefore goes to the end.
fn written(target: Option<&OpenTarget>) -> Vec<u8> {
    let number = |number: Option<u32>| number.map(|number| number.to_string()).unwrap_or_default();
    let line = number(target.and_then(|target| target.line));
    let column = number(target.and_then(|target| target.column));
    let path = target.map_or(OsStr::new(""), |target| target.path.as_os_str());
    let head = [HEADER, line.as_bytes(), column.as_bytes()];
    let mut request = head.join(&b'\n');
    request.push(b'\n');
    request.extend(path.as_bytes());
    request
}

/// What a request asks for: a target, or with `Some(None)` nothing but the window; `None` where it
/// is not understood.
fn read(request: &[u8]) -> Option<Option<OpenTarget>> {
    if request.len() as u64 > LONGEST_REQUEST {
        return None;
    }
    let mut parts = request.splitn(4, |byte| *byte == b'\n');
    if parts.next()? != HEADER {
        return None;
    }
    let mut number = || {
        let text = std::str::from_utf8(parts.next()?).ok()?;
        match text.is_empty() {
            true => Some(None),
            false => text.parse().ok().filter(|number| *number > 0).map(Some),
        }
    };
    let (line, column): (Option<u32>, Option<u32>) = (number()?, number()?);
    let path = parts.next()?;
    if path.is_empty() {
        return Some(None);
    }
    let path = PathBuf::from(OsString::from_vec(path.to_vec()));
    let is_sound = path.is_absolute() && !path.as_os_str().as_bytes().contains(&0);
    is_sound.then(|| {
        Some(OpenTarget {
            line,
            column,
            ..OpenTarget::new(path)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    fn windows(folder: &Path) -> OpenWindows {
        OpenWindows {
            folder: folder.join("windows"),
            whose: "me".into(),
        }
    }

    /// Waits until a window on the folder can be found.
    async fn listening(windows: &OpenWindows, project: &str) {
        while windows.sockets(Path::new(project)).is_empty() {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn the_nearest_window_above_a_file_is_handed_it() {
        let scratch = tempfile::tempdir().unwrap();
        let windows = windows(scratch.path());
        let file = OpenTarget::at("/work/shop/web/a\nb.ts", 12, 4);
        assert!(
            !windows
                .hand_over(Path::new("/work/shop"), Some(&file))
                .await
        );

        let (sender, of_shop) = async_channel::unbounded();
        let shop = tokio::spawn(windows.clone().serve("/work/shop".into(), sender));
        let (sender, of_work) = async_channel::unbounded();
        let work = tokio::spawn(windows.clone().serve("/work".into(), sender));
        listening(&windows, "/work/shop").await;
        listening(&windows, "/work").await;

        let accept = async |requests: &async_channel::Receiver<Handed>| {
            requests.recv().await.unwrap().accept()
        };
        // The window decides which folder a file is in; its repository is asked first.
        let project = Path::new("/work/shop/web");
        let (handed, opened) =
            tokio::join!(windows.hand_over(project, Some(&file)), accept(&of_shop));
        assert!(handed && opened == Some(file.clone()));
        let project = Path::new("/work/shop");
        let (handed, opened) = tokio::join!(windows.hand_over(project, None), accept(&of_shop));
        assert!(handed && opened.is_none(), "the window itself");

        // A window that is gone leaves nothing behind, and the next one above is asked.
        shop.abort();
        assert!(shop.await.is_err());
        assert!(windows.sockets(project).is_empty());
        let (handed, opened) =
            tokio::join!(windows.hand_over(project, Some(&file)), accept(&of_work));
        assert!(handed && opened == Some(file));
        work.abort();
    }

    #[tokio::test]
    async fn what_a_killed_window_left_is_cleared_away() {
        let scratch = tempfile::tempdir().unwrap();
        let windows = windows(scratch.path());
        windows.private_folder().unwrap();
        let project = Path::new("/work/shop");
        let left = windows.folder.join(windows.name_of(project) + "1-1");
        drop(UnixListener::bind(&left).unwrap());
        assert!(left.exists());
        assert!(!windows.hand_over(project, None).await);
        assert!(!left.exists());
    }

    #[tokio::test]
    async fn a_window_that_is_closing_is_not_waited_for() {
        let scratch = tempfile::tempdir().unwrap();
        let windows = windows(scratch.path());
        let (sender, requests) = async_channel::unbounded();
        let window = tokio::spawn(windows.clone().serve("/work/shop".into(), sender));
        listening(&windows, "/work/shop").await;
        drop(requests);
        assert!(!windows.hand_over(Path::new("/work/shop"), None).await);
        assert_eq!(window.await.unwrap(), Ok(()));
    }

    #[tokio::test]
    async fn a_folder_that_others_can_look_into_is_not_used() {
        let scratch = tempfile::tempdir().unwrap();
        let windows = windows(scratch.path());
        std::fs::create_dir(&windows.folder).unwrap();
        let open = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(&windows.folder, open).unwrap();
        let (sender, _requests) = async_channel::unbounded();
        let problem = windows.clone().serve("/work/shop".into(), sender).await;
        assert!(problem.unwrap_err().ends_with("is not private"));
        std::fs::remove_dir(&windows.folder).unwrap();
        windows.private_folder().unwrap();
        let mode = std::fs::metadata(&windows.folder).unwrap().mode();
        assert_eq!(mode & 0o777, 0o700);
    }

    #[test]
    fn a_request_comes_back_as_it_was_written_and_others_are_refused() {
        let odd = PathBuf::from(OsString::from_vec(b"/a\xff\n1".to_vec()));
        for target in [
            None,
            Some(OpenTarget::new("/a b")),
            Some(OpenTarget::at("/a", 3, 1)),
            Some(OpenTarget::new(odd)),
        ] {
            assert_eq!(read(&written(target.as_ref())), Some(target));
        }
        let long = [b"kiln-open 1\n\n\n/".as_slice(), &[b'a'; 5000]].concat();
        for request in [
            b"".as_slice(),
            b"kiln-open 1",
            b"kiln-open 1\n1\n",
            b"kiln-open 2\n\n\n/a",
            b"kiln-open 1\n0\n\n/a",
            b"kiln-open 1\n-1\n\n/a",
            b"kiln-open 1\n99999999999\n\n/a",
            b"kiln-open 1\n\n\nrelative",
            b"kiln-open 1\n\n\n/a\0b",
            &long,
        ] {
            assert_eq!(read(request), None);
        }
    }
}
