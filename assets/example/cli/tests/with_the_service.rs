//! The command against the real service.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

/// The service on a free port, with a tasks file of its own; stopped when dropped.
struct Service {
    process: Child,
    address: String,
    folder: std::path::PathBuf,
}

impl Service {
    /// `None` where there is no Python.
    fn start(name: &str) -> Option<Self> {
        let folder = std::env::temp_dir().join(format!("todo-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let project = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let mut process = Command::new("python3")
            .current_dir(project)
            .args(["-u", "-m", "server", "--port", "0", "--file"])
            .arg(folder.join("tasks.json"))
            .stdout(Stdio::piped())
            .spawn()
            .ok()?;
        let mut line = String::new();
        BufReader::new(process.stdout.take()?)
            .read_line(&mut line)
            .unwrap();
        let address = line.split("http://").nth(1)?.split(',').next()?.to_owned();
        Some(Self {
            process,
            address,
            folder,
        })
    }

    fn todo(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_todo"))
            .args(arguments)
            .env("TODO_SERVER", &self.address)
            .output()
            .unwrap()
    }

    fn says(&self, arguments: &[&str]) -> String {
        String::from_utf8(self.todo(arguments).stdout).unwrap()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        std::fs::remove_dir_all(&self.folder).unwrap();
    }
}

#[test]
fn tasks_with_due_dates_from_the_terminal() {
    let Some(service) = Service::start("terminal") else {
        println!("left out: python3 is not installed");
        return;
    };
    assert_eq!(service.says(&["list"]), "nothing to do\n");
    assert_eq!(
        service.says(&["add", "Water the plants"]),
        "#1 Water the plants\n"
    );
    let added = service.says(&["add", "Call", "Zoë", "--due", "tomorrow"]);
    assert_eq!(added, "#2 Call Zoë  (tomorrow)\n");
    assert_eq!(
        service.says(&["due", "1", "today"]),
        "#1 Water the plants  (today)\n"
    );
    assert_eq!(
        service.says(&["list"]),
        "  #1  today        Water the plants\n  #2  tomorrow     Call Zoë\n"
    );
    assert_eq!(
        service.says(&["list", "soon"]),
        "  #2  tomorrow     Call Zoë\n"
    );
    assert_eq!(service.says(&["done", "1"]), "done: Water the plants\n");
    assert_eq!(service.says(&["remove", "1"]), "removed #1\n");
    assert_eq!(service.says(&["list"]), "  #2  tomorrow     Call Zoë\n");
}

#[test]
fn mistakes_are_explained_and_change_nothing() {
    let Some(service) = Service::start("mistakes") else {
        println!("left out: python3 is not installed");
        return;
    };
    let wrong_day = service.todo(&["add", "x", "--due", "someday"]);
    assert_eq!(wrong_day.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&wrong_day.stderr).contains("`someday` is not a day"));
    let no_task = service.todo(&["done", "7"]);
    assert_eq!(no_task.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&no_task.stderr).contains("no such task"));
    assert_eq!(service.says(&["list"]), "nothing to do\n");
}
