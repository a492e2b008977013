//! Servers that Kiln installs into its own folder, through the package managers of their languages.
//!
//! Each installation is a folder of its own, which counts once the mark beside it names it: what is
//! cut off or fails leaves what was there before. Where the package manager allows it, nothing of a
//! package is run while it is installed.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::bounded;
use crate::catalogue::ServerEntry;
use crate::launch::{environment, find_program, is_executable};
use crate::package::{Package, PackageManager};
use crate::project_programs::ProjectProgram;

/// An installation that takes longer is given up.
const LONGEST: Duration = Duration::from_secs(20 * 60);
/// How often it is looked whether somebody cancelled.
const LOOK: Duration = Duration::from_millis(100);
/// More of what a package manager says is cut off, in bytes a line.
const MAX_LINE: usize = 300;
/// So many of its last lines are told where it fails.
const TOLD: usize = 6;
/// The mark is no larger than this, in bytes.
const MAX_MARK: u64 = 16 * 1024;

/// Why a server was not installed, with what to do.
#[derive(Debug, thiserror::Error)]
pub enum InstallError {
    /// Kiln cannot install it.
    #[error("Kiln does not install {name} itself. Install it with: {how}")]
    NoPackage {
        /// The server.
        name: String,
        /// How a person does.
        how: String,
    },
    /// The package manager is not there.
    #[error("{name} needs {program}, which is not on PATH. Install {brought_by}, then try again")]
    NoManager {
        /// The server.
        name: String,
        /// Its program.
        program: &'static str,
        /// What brings it.
        brought_by: &'static str,
    },
    /// Another window or program installs it.
    #[error("{0} is being installed already, by another window or program")]
    Busy(String),
    /// Somebody cancelled.
    #[error("installing {0} was cancelled")]
    Cancelled(String),
    /// The package manager says no.
    #[error("{manager} did not install {name}: {said}")]
    Refused {
        /// The package manager.
        manager: &'static str,
        /// The server.
        name: String,
        /// The last that it said.
        said: String,
    },
    /// As the system reports.
    #[error("{name} cannot be installed: {path}: {error}")]
    Io {
        /// The server.
        name: String,
        /// What could not be written or started.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
}

/// Names the folder of the installation that counts.
#[derive(Debug, Serialize, Deserialize)]
struct Mark {
    folder: String,
    packages: Vec<String>,
}

/// The servers that Kiln installed.
#[derive(Debug, Clone)]
pub struct InstalledServers {
    folder: PathBuf,
}

impl InstalledServers {
    /// Those in a folder of Kiln's own, which need not be there.
    pub fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// The program of a server that is installed. Blocks.
    pub fn find(&self, entry: &ServerEntry) -> Option<ProjectProgram> {
        let package = entry.package.as_ref()?;
        let folder = self.current(&entry.name)?.0;
        let program = package.manager.program_in(&folder, &entry.program);
        let variables = match package.manager {
            PackageManager::Gem => ["GEM_HOME", "GEM_PATH"]
                .map(|name| (name.into(), folder.clone().into_os_string()))
                .to_vec(),
            _ => Vec::new(),
        };
        is_executable(&program).then_some(ProjectProgram { program, variables })
    }

    /// The packages that a server is installed from, and whether they are those of the catalogue. Blocks.
    pub fn installed(&self, entry: &ServerEntry) -> Option<(Vec<String>, bool)> {
        let (_, mark) = self.current(&entry.name)?;
        let package = entry.package.as_ref()?;
        let newest = mark.packages == package.names;
        Some((mark.packages, newest))
    }

    /// Those in Kiln's data folder.
    pub fn in_data_folder(data: &Path) -> Self {
        Self::new(data.join("language_servers"))
    }

    fn of_server(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// The folder of the installation that counts.
    fn current(&self, name: &str) -> Option<(PathBuf, Mark)> {
        let of_server = self.of_server(name);
        let mut text = String::new();
        let file = File::open(of_server.join("installed.json")).ok()?;
        file.take(MAX_MARK).read_to_string(&mut text).ok()?;
        let mark: Mark = serde_json::from_str(&text).ok()?;
        let is_number = mark.folder.chars().all(|c| c.is_ascii_digit()) && !mark.folder.is_empty();
        is_number.then(|| (of_server.join(&mark.folder), mark))
    }

    /// Installs a server in the version of the catalogue, in place of what was there; `said` gets what
    /// the package manager says. Blocks, until `cancelled` at most.
    ///
    /// # Errors
    /// [`InstallError`]; what was installed before is as it was then.
    pub fn install(
        &self,
        entry: &ServerEntry,
        search_path: &OsStr,
        cancelled: &AtomicBool,
        said: &mut dyn FnMut(&str),
    ) -> Result<(), InstallError> {
        let name = &entry.name;
        let Some(package) = &entry.package else {
            return Err(InstallError::NoPackage {
                name: name.clone(),
                how: entry.install.clone(),
            });
        };
        let of_server = self.of_server(name);
        let io_error = |path: &Path| {
            let path = path.to_path_buf();
            move |error| InstallError::Io {
                name: name.clone(),
                path,
                error,
            }
        };
        fs::create_dir_all(&of_server).map_err(io_error(&of_server))?;
        let program = find_program(package.manager.program(), search_path, &self.folder);
        let Some(program) = program else {
            return Err(InstallError::NoManager {
                name: name.clone(),
                program: package.manager.program(),
                brought_by: package.manager.brought_by(),
            });
        };
        let _lock = self.lock(name)?;
        let before = self.current(name).map(|(folder, _)| folder);
        remove_all_but(&of_server, before.as_deref()).map_err(io_error(&of_server))?;
        let number = before
            .as_ref()
            .and_then(|folder| folder.file_name()?.to_str()?.parse::<u64>().ok())
            .map_or(1, |number| number.wrapping_add(1));
        let folder = of_server.join(number.to_string());
        fs::create_dir(&folder).map_err(io_error(&folder))?;

        let installed = self.fill(entry, package, (&program, &folder), cancelled, said);
        let marked = installed.and_then(|()| {
            let mark = Mark {
                folder: number.to_string(),
                packages: package.names.clone(),
            };
            let path = of_server.join("installed.json");
            write_mark(&path, &mark).map_err(io_error(&path))
        });
        let kept = match &marked {
            Ok(()) => Some(folder.as_path()),
            Err(_) => before.as_deref(),
        };
        if let Err(error) = remove_all_but(&of_server, kept) {
            tracing::warn!("{}: {error}", of_server.display());
        }
        marked
    }

    /// Removes a server that was installed; whether one was. Blocks.
    ///
    /// # Errors
    /// [`InstallError`].
    pub fn remove(&self, name: &str) -> Result<bool, InstallError> {
        if self.current(name).is_none() {
            return Ok(false);
        }
        let _lock = self.lock(name)?;
        let of_server = self.of_server(name);
        let removed = fs::remove_file(of_server.join("installed.json"))
            .and_then(|()| remove_all_but(&of_server, None));
        removed.map_err(|error| InstallError::Io {
            name: name.to_owned(),
            path: of_server,
            error,
        })?;
        Ok(true)
    }

    /// Keeps others from installing the same.
    fn lock(&self, name: &str) -> Result<File, InstallError> {
        let path = self.of_server(name).join("lock");
        let opened = File::create(&path).map_err(|error| InstallError::Io {
            name: name.to_owned(),
            path,
            error,
        })?;
        match opened.try_lock() {
            Ok(()) => Ok(opened),
            Err(_) => Err(InstallError::Busy(name.to_owned())),
        }
    }

    /// Has the package manager fill a folder, and looks whether the server is there then.
    fn fill(
        &self,
        entry: &ServerEntry,
        package: &Package,
        (program, folder): (&Path, &Path),
        cancelled: &AtomicBool,
        said: &mut dyn FnMut(&str),
    ) -> Result<(), InstallError> {
        let refused = |said: String| InstallError::Refused {
            manager: package.manager.name(),
            name: entry.name.clone(),
            said,
        };
        for step in steps(package, program, folder) {
            if let Some(doing) = step.doing {
                said(doing);
            }
            let mut command = Command::new(&step.program);
            command
                .args(&step.arguments)
                .current_dir(folder)
                .env_clear()
                .envs(environment(std::env::vars_os(), folder))
                .envs(step.variables);
            match run(command, cancelled, said) {
                Ok(Ended::Well) => {}
                Ok(Ended::Badly(last)) => return Err(refused(last)),
                Ok(Ended::Cancelled) => return Err(InstallError::Cancelled(entry.name.clone())),
                Err(error) => {
                    return Err(InstallError::Io {
                        name: entry.name.clone(),
                        path: step.program,
                        error,
                    });
                }
            }
        }
        let server = package.manager.program_in(folder, &entry.program);
        match is_executable(&server) {
            true => Ok(()),
            false => Err(refused(format!(
                "the packages have no program {}",
                entry.program
            ))),
        }
    }
}

/// A program that is run for an installation.
struct Step {
    program: PathBuf,
    arguments: Vec<OsString>,
    variables: Vec<(OsString, OsString)>,
    /// What it does, where it does not say so itself.
    doing: Option<&'static str>,
}

fn steps(package: &Package, program: &Path, folder: &Path) -> Vec<Step> {
    let step = |program: &Path, options: &[&str], rest: Vec<OsString>| Step {
        program: program.to_path_buf(),
        arguments: options.iter().map(OsString::from).chain(rest).collect(),
        variables: Vec::new(),
        doing: None,
    };
    let names = || package.names.iter().map(OsString::from).collect::<Vec<_>>();
    let in_folder = || folder.as_os_str().to_owned();
    match package.manager {
        PackageManager::Npm => {
            let options = [
                "install",
                "--no-audit",
                "--no-fund",
                "--no-update-notifier",
                // Of the packages nothing is run.
                "--ignore-scripts",
                // Else it says nothing before its end.
                "--loglevel=http",
                "--prefix",
            ];
            vec![step(
                program,
                &options,
                [vec![in_folder()], names()].concat(),
            )]
        }
        PackageManager::Pip => {
            let python = PackageManager::Pip.program_in(folder, "python");
            let options = [
                "-m",
                "pip",
                "install",
                "--disable-pip-version-check",
                "--no-input",
                // A source distribution would run code of its own.
                "--only-binary=:all:",
            ];
            vec![
                Step {
                    doing: Some("makes an environment of its own"),
                    ..step(program, &["-m", "venv"], vec![in_folder()])
                },
                step(&python, &options, names()),
            ]
        }
        PackageManager::Go => {
            let all = package.names.iter().map(|name| {
                let mut step = step(program, &["install"], vec![name.into()]);
                let bin = folder.join("bin").into_os_string();
                step.variables = vec![("GOBIN".into(), bin)];
                let settings = [
                    ("GOFLAGS", ""),
                    ("GO111MODULE", "on"),
                    ("GOWORK", "off"),
                    // A package could have a C compiler run with options of its own.
                    ("CGO_ENABLED", "0"),
                ];
                let settings = settings.map(|(name, value)| (name.into(), value.into()));
                step.variables.extend(settings);
                step
            });
            all.collect()
        }
        PackageManager::Gem => {
            let bin = folder.join("bin").into_os_string();
            let options = ["install", "--no-document", "--install-dir"];
            let rest = vec![in_folder(), "--bindir".into(), bin];
            vec![step(program, &options, [rest, names()].concat())]
        }
    }
}

/// How far npm is with what it fetches, by its log of requests.
#[derive(Default)]
struct Fetched {
    packages: usize,
}

impl Fetched {
    /// Takes a line; how far it is, where the line is about a request that was answered.
    fn hear(&mut self, line: &str) -> Option<String> {
        let request = line.strip_prefix("npm http fetch GET 200 ")?;
        let address = request.split(' ').next()?;
        let name = address.rsplit('/').next()?;
        Some(match name.strip_suffix(".tgz") {
            Some(package) => {
                self.packages += 1;
                format!("fetched {package} ({})", self.packages)
            }
            None => format!("looked up {}", name.replace("%2f", "/")),
        })
    }
}

/// How a program ended.
enum Ended {
    Well,
    /// With the last that it said.
    Badly(String),
    Cancelled,
}

/// Runs a program to its end, or until somebody cancels; what it started ends with it.
fn run(
    mut command: Command,
    cancelled: &AtomicBool,
    said: &mut dyn FnMut(&str),
) -> io::Result<Ended> {
    if cancelled.load(Ordering::Relaxed) {
        return Ok(Ended::Cancelled);
    }
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let mut child = command.spawn()?;
    let (lines, heard) = channel();
    let outputs: [Option<Box<dyn Read + Send>>; 2] = [
        child.stdout.take().map(|output| Box::new(output) as _),
        child.stderr.take().map(|output| Box::new(output) as _),
    ];
    for output in outputs.into_iter().flatten() {
        let lines = lines.clone();
        thread::spawn(move || {
            let mut output = BufReader::new(output);
            let mut line = Vec::new();
            // A line that never ends is heard in parts.
            while matches!(
                output.by_ref().take(64 * 1024).read_until(b'\n', &mut line),
                Ok(1..)
            ) {
                let text = String::from_utf8_lossy(&line);
                if lines.send(bounded::line(text.trim(), MAX_LINE)).is_err() {
                    return;
                }
                line.clear();
            }
        });
    }
    drop(lines);
    let until = Instant::now() + LONGEST;
    let mut last = Vec::new();
    let mut fetched = Fetched::default();
    let mut hear = |line: String| {
        if let Some(far) = fetched.hear(&line) {
            said(&far);
        } else if line.starts_with("npm http ") {
            // What npm asks for is no reason why it fails.
            said(&line);
        } else if !line.is_empty() {
            said(&line);
            if last.len() == TOLD {
                last.remove(0);
            }
            last.push(line);
        }
    };
    let given_up = loop {
        match heard.recv_timeout(LOOK) {
            Ok(line) => hear(line),
            Err(RecvTimeoutError::Disconnected) => break None,
            Err(RecvTimeoutError::Timeout) => {}
        }
        if cancelled.load(Ordering::Relaxed) {
            break Some(Ended::Cancelled);
        }
        if Instant::now() > until {
            break Some(Ended::Badly("it took more than 20 minutes".into()));
        }
    };
    if let Some(ended) = given_up {
        kill(&mut child);
        child.wait()?;
        return Ok(ended);
    }
    let status = child.wait()?;
    Ok(match status.success() {
        true => Ended::Well,
        false if last.is_empty() => Ended::Badly(status.to_string()),
        false => Ended::Badly(last.join(" · ")),
    })
}

#[cfg(unix)]
fn kill(child: &mut std::process::Child) {
    let group = i32::try_from(child.id()).ok();
    if let Some(group) = group.and_then(rustix::process::Pid::from_raw) {
        // Nobody of it may be there any more.
        rustix::process::kill_process_group(group, rustix::process::Signal::KILL).ok();
    }
}

#[cfg(not(unix))]
fn kill(child: &mut std::process::Child) {
    // It may have ended.
    child.kill().ok();
}

/// Removes the installations that do not count.
fn remove_all_but(of_server: &Path, kept: Option<&Path>) -> io::Result<()> {
    for entry in fs::read_dir(of_server)? {
        let path = entry?.path();
        let is_folder = path.symlink_metadata()?.is_dir();
        if is_folder && Some(path.as_path()) != kept {
            fs::remove_dir_all(&path)?;
        }
    }
    Ok(())
}

/// Writes the mark whole or not at all.
fn write_mark(path: &Path, mark: &Mark) -> io::Result<()> {
    let next = path.with_extension("next");
    fs::write(&next, serde_json::to_vec(mark)?)?;
    File::open(&next)?.sync_all()?;
    fs::rename(next, path)
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use crate::Catalogue;
    use std::env;
    use std::os::unix::fs::PermissionsExt as _;

    struct Place {
        scratch: tempfile::TempDir,
        servers: InstalledServers,
    }

    impl Place {
        /// With a program that stands for npm.
        fn new(npm: &str) -> Self {
            let scratch = tempfile::tempdir().unwrap();
            let bin = scratch.path().join("bin");
            fs::create_dir(&bin).unwrap();
            let servers = InstalledServers::new(scratch.path().join("data/language_servers"));
            let place = Self { scratch, servers };
            place.npm(npm);
            place
        }

        fn npm(&self, script: &str) {
            let npm = self.scratch.path().join("bin/npm");
            fs::write(&npm, format!("#!/bin/sh\n{script}\n")).unwrap();
            fs::set_permissions(&npm, fs::Permissions::from_mode(0o755)).unwrap();
        }

        fn install(&self, version: &str) -> Result<Vec<String>, String> {
            self.install_unless(version, &AtomicBool::new(false))
        }

        fn install_unless(
            &self,
            version: &str,
            cancelled: &AtomicBool,
        ) -> Result<Vec<String>, String> {
            let mut lines = Vec::new();
            let path = self.scratch.path().join("bin");
            let mut said = |line: &str| lines.push(line.to_owned());
            let installed =
                self.servers
                    .install(&entry(version), path.as_os_str(), cancelled, &mut said);
            installed.map(|()| lines).map_err(|error| error.to_string())
        }

        fn folders(&self) -> Vec<String> {
            let all = fs::read_dir(self.servers.folder.join("srv")).unwrap();
            let names = all.map(|one| one.unwrap().file_name().into_string().unwrap());
            let mut names: Vec<_> = names.collect();
            names.sort();
            names
        }

        fn found(&self, version: &str) -> Option<PathBuf> {
            self.servers
                .find(&entry(version))
                .map(|found| found.program)
        }
    }

    fn entry(version: &str) -> ServerEntry {
        let text = format!(
            "[[server]]\nname = \"srv\"\nprogram = \"srv\"\nlanguages = [\"x\"]\ninstall = \"-\"\n\
             package = {{ manager = \"npm\", names = [\"srv@{version}\"], megabytes = 1 }}"
        );
        Catalogue::parse(&text).unwrap().servers.remove(0)
    }

    /// Puts the program where npm does; what it was told stands in it.
    const WORKS: &str = "echo \"added 1 package\"; mkdir -p node_modules/.bin; \
        echo \"$@\" > node_modules/.bin/srv; chmod +x node_modules/.bin/srv";

    #[test]
    fn a_server_is_installed_updated_and_removed() {
        let place = Place::new(WORKS);
        assert_eq!(place.found("1.0"), None);
        assert_eq!(place.install("1.0").unwrap(), ["added 1 package"]);
        let program = place.found("1.0").unwrap();
        let told = fs::read_to_string(&program).unwrap();
        assert!(
            told.contains("--ignore-scripts") && told.contains("srv@1.0"),
            "{told}"
        );
        let entry = entry("2.0");
        let (packages, newest) = place.servers.installed(&entry).unwrap();
        assert_eq!((packages, newest), (vec!["srv@1.0".to_owned()], false));

        place.install("2.0").unwrap();
        assert_ne!(place.found("2.0").unwrap(), program);
        assert!(place.servers.installed(&entry).unwrap().1);
        assert_eq!(
            place.folders(),
            ["2", "installed.json", "lock"],
            "the old one is gone"
        );

        assert!(place.servers.remove("srv").unwrap());
        assert_eq!(place.found("2.0"), None);
        assert!(!place.servers.remove("srv").unwrap());
    }

    #[test]
    fn what_fails_says_why_and_leaves_what_was_there() {
        let place = Place::new(WORKS);
        place.install("1.0").unwrap();
        let before = place.found("1.0").unwrap();
        place.npm("echo trying; echo 'npm error 404 no such package' >&2; exit 1");
        let error = place.install("2.0").unwrap_err();
        assert!(error.contains("npm did not install srv"), "{error}");
        assert!(error.contains("404 no such package"), "{error}");
        assert_eq!(place.found("1.0").unwrap(), before);
        place.npm("true");
        let error = place.install("2.0").unwrap_err();
        assert!(error.contains("no program srv"), "{error}");
        assert_eq!(place.folders(), ["1", "installed.json", "lock"]);

        fs::remove_file(place.scratch.path().join("bin/npm")).unwrap();
        let error = place.install("2.0").unwrap_err();
        assert_eq!(
            error,
            "srv needs npm, which is not on PATH. Install Node.js, then try again"
        );
    }

    #[test]
    fn how_far_npm_is_is_told_and_hides_no_error() {
        let registry = "npm http fetch GET 200 https://registry.npmjs.org";
        let place = Place::new(&format!(
            "echo '{registry}/@a%2fb 9ms (cache miss)'; for n in 1 2 3 4 5 6 7; do \
             echo \"{registry}/yaml/-/yaml-2.$n.0.tgz 12ms (cache miss)\"; done; \
             echo 'npm error 404 no such package'; \
             for n in 1 2 3 4 5 6 7; do echo \"npm http cache z$n 3ms\"; done; echo '{registry}/x/-/x-1.tgz 1ms'; exit 1"
        ));
        let mut lines = Vec::new();
        let path = place.scratch.path().join("bin");
        let never = AtomicBool::new(false);
        let mut said = |line: &str| lines.push(line.to_owned());
        let error = place
            .servers
            .install(&entry("1.0"), path.as_os_str(), &never, &mut said)
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            "npm did not install srv: npm error 404 no such package"
        );
        assert_eq!(lines[..2], ["looked up @a/b", "fetched yaml-2.1.0 (1)"]);
        assert_eq!(lines.last().map(String::as_str), Some("fetched x-1 (8)"));
    }

    #[test]
    fn go_installs_into_the_folder_and_runs_no_compiler_of_c() {
        let place = Place::new("");
        let go = place.scratch.path().join("bin/go");
        let script = "#!/bin/sh\necho \"$@ $CGO_ENABLED $GOWORK\"; mkdir -p \"$GOBIN\"; \
            echo > \"$GOBIN/srv\"; chmod +x \"$GOBIN/srv\"\n";
        fs::write(&go, script).unwrap();
        fs::set_permissions(&go, fs::Permissions::from_mode(0o755)).unwrap();
        let text = "[[server]]\nname = \"srv\"\nprogram = \"srv\"\nlanguages = [\"x\"]\n\
            install = \"-\"\npackage = { manager = \"go\", names = [\"a.b/srv@v1.2.3\"], megabytes = 1 }";
        let entry = Catalogue::parse(text).unwrap().servers.remove(0);
        assert_eq!(entry.package.as_ref().unwrap().version(), "v1.2.3");
        let mut lines = Vec::new();
        let path = place.scratch.path().join("bin");
        let path = env::join_paths([path, "/bin".into(), "/usr/bin".into()]).unwrap();
        let never = AtomicBool::new(false);
        let mut said = |line: &str| lines.push(line.to_owned());
        place
            .servers
            .install(&entry, &path, &never, &mut said)
            .unwrap();
        assert_eq!(lines, ["install a.b/srv@v1.2.3 0 off"]);
        let found = place.servers.find(&entry).unwrap().program;
        assert!(found.ends_with("srv/1/bin/srv"), "{}", found.display());
    }

    #[test]
    fn cancelling_ends_the_package_manager() {
        let place = Place::new("echo $$ > ../../pid; echo started; sleep 600 & wait");
        let cancelled = AtomicBool::new(false);
        thread::scope(|scope| {
            let installing = scope.spawn(|| place.install_unless("1.0", &cancelled));
            let pid = place.servers.folder.join("pid");
            while !fs::read_to_string(&pid).is_ok_and(|text| text.ends_with('\n')) {
                thread::yield_now();
            }
            let other = place.install("1.0").unwrap_err();
            assert!(other.contains("being installed already"), "{other}");
            cancelled.store(true, Ordering::Relaxed);
            let error = installing.join().unwrap().unwrap_err();
            assert_eq!(error, "installing srv was cancelled");
        });
        assert_eq!(place.folders(), ["lock"], "nothing is left of it");
    }

    #[test]
    fn a_mark_that_leads_elsewhere_counts_for_nothing() {
        let place = Place::new(WORKS);
        place.install("1.0").unwrap();
        let mark = place.servers.folder.join("srv/installed.json");
        for folder in ["../..", "", "/", "1/.."] {
            let text = serde_json::json!({"folder": folder, "packages": []}).to_string();
            fs::write(&mark, text).unwrap();
            assert_eq!(place.found("1.0"), None, "{folder}");
        }
    }
}
