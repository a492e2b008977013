//! One machine: a home folder, a project, a model server, and the program.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use test_support::ModelServer;

pub struct Machine {
    folder: tempfile::TempDir,
    pub server: ModelServer,
}

pub struct Run {
    pub code: i32,
    pub output: String,
    pub errors: String,
}

impl Run {
    /// The lines of `--json`.
    pub fn events(&self) -> Vec<Value> {
        self.output
            .lines()
            .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}")))
            .collect()
    }

    #[track_caller]
    pub fn ends_with(self, code: i32) -> Self {
        assert_eq!(
            self.code, code,
            "output: {}\nerrors: {}",
            self.output, self.errors
        );
        self
    }
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            output: String::from_utf8(output.stdout).unwrap(),
            errors: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Machine {
    /// With a model.
    pub fn new() -> Self {
        let machine = Self::without_model();
        let settings = json!({
            "kiln.models": [{"name": "test", "baseUrl": machine.server.url(), "models": ["test-model"]}],
            "kiln.agent.model": "test/test-model",
        });
        machine.file("kiln/config/settings.json", &settings.to_string());
        machine
    }

    /// Without any.
    pub fn without_model() -> Self {
        let machine = Self {
            folder: tempfile::tempdir().unwrap(),
            server: ModelServer::start(),
        };
        fs::create_dir_all(machine.project()).unwrap();
        machine
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub fn project(&self) -> PathBuf {
        self.path("project")
    }

    pub fn file(&self, path: &str, text: &str) -> PathBuf {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    /// The program, with nothing of the real machine's settings in reach.
    pub fn command(&self, arguments: &[&str]) -> Command {
        self.command_of(env!("CARGO_BIN_EXE_kiln-cli"), arguments)
    }

    /// Another program in the same surroundings.
    pub fn command_of(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command
            .args(arguments)
            .current_dir(self.project())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.folder.path())
            .env("KILN_HOME", self.path("kiln"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Run {
        self.command(arguments).output().unwrap().into()
    }

    /// With standard input.
    pub fn run_with_input(&self, arguments: &[&str], input: &str) -> Run {
        let file = self.file("input", input);
        let mut command = self.command(arguments);
        command.stdin(fs::File::open(file).unwrap());
        command.output().unwrap().into()
    }
}
