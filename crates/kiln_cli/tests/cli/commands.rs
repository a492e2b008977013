//! Commands of the agent end with the program, however that ends.

use std::fs::File;
use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use test_support::{Reply, make_pipe};

use crate::program::Machine;

/// How long something may take to happen.
const PATIENCE: Duration = Duration::from_secs(30);

/// A chat that runs a command, and the pipe that everything started by the command holds open.
struct Running {
    _machine: Machine,
    program: Child,
    pipe: mpsc::Receiver<Vec<u8>>,
}

/// Starts a chat whose model runs `command`; it has begun when this returns. The command finds the
/// pipe as descriptor 9.
fn start(command: &str) -> Running {
    let machine = Machine::new();
    let fifo = machine.path("fifo");
    make_pipe(&fifo);
    let command = format!("exec 9>'{}'; {command}", fifo.display());
    let arguments = serde_json::json!({ "command": command }).to_string();
    machine
        .server
        .push(Reply::tool_call("call_1", "execute_bash", &arguments));
    let program = machine
        .command(&[
            "chat",
            "--no-interactive",
            "--trust-tools=execute_bash",
            "Wait",
        ])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let (sender, pipe) = mpsc::channel();
    std::thread::spawn(move || {
        // Waits for the command to open the other end.
        let mut file = File::open(fifo).unwrap();
        loop {
            let mut bytes = vec![0; 64];
            let length = file.read(&mut bytes).unwrap();
            bytes.truncate(length);
            // An empty piece: nobody holds the other end any more.
            if sender.send(bytes).is_err() || length == 0 {
                return;
            }
        }
    });
    let begun = pipe.recv_timeout(PATIENCE).expect("the command begins");
    assert_eq!(begun, b"begun\n");
    Running {
        _machine: machine,
        program,
        pipe,
    }
}

impl Running {
    fn signal(&self, signal: &str) {
        let sent = Command::new("kill")
            .args([signal, &self.program.id().to_string()])
            .status()
            .unwrap();
        assert!(sent.success());
    }

    #[track_caller]
    fn ends(mut self) {
        let end = self.pipe.recv_timeout(PATIENCE);
        assert_eq!(end.expect("the command is gone"), b"");
        self.program.wait().unwrap();
    }
}

#[test]
fn a_command_is_gone_when_the_program_was_killed() {
    for signal in ["-KILL", "-TERM"] {
        let running = start("echo begun >&9; sleep 1000");
        running.signal(signal);
        running.ends();
    }
}

#[test]
fn a_command_that_ignores_signals_is_gone_too() {
    let running = start("trap '' TERM HUP INT; echo begun >&9; sleep 1000; sleep 1000");
    running.signal("-KILL");
    running.ends();
}

#[cfg(target_os = "linux")]
#[test]
fn what_a_command_puts_into_another_session_is_gone_too() {
    // Once with the shell still there, once adopted after its end.
    for command in [
        "setsid sleep 1000 & echo begun >&9; wait",
        "setsid sh -c 'setsid sleep 1000 & echo begun >&9' ; sleep 1000",
    ] {
        let running = start(command);
        running.signal("-KILL");
        running.ends();
    }
}

#[cfg(target_os = "linux")]
#[test]
fn what_a_command_leaves_running_ends_with_it() {
    let mut running = start("setsid sleep 1000 & sleep 1000 & echo begun >&9");
    let end = running.pipe.recv_timeout(PATIENCE);
    assert_eq!(end.expect("what was left is gone"), b"");
    running.program.kill().unwrap();
    running.program.wait().unwrap();
}

#[test]
fn a_command_that_kills_its_supervisor_ends_too() {
    let mut running = start("echo begun >&9; kill -9 $PPID; sleep 1000");
    let end = running.pipe.recv_timeout(PATIENCE);
    assert_eq!(end.expect("the command is gone"), b"");
    running.program.kill().unwrap();
    running.program.wait().unwrap();
}
