//! Another window: the program, started once more. See `docs/adr/0012-a-process-a-window.md`.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;

/// For how long it is looked whether the other window comes up.
const PATIENCE: Duration = Duration::from_secs(10);

/// Starts `program` with a window on `folder`, or on none. Ends when the window is there, as far as
/// can be told: the program has not ended with an error within ten seconds. It goes on when this
/// program ends.
///
/// # Errors
/// What to tell the person, as a sentence.
pub(crate) async fn open(program: PathBuf, folder: Option<PathBuf>) -> Result<(), String> {
    let mut command = Command::new(&program);
    command.arg("--new-window");
    if let Some(folder) = folder {
        command.arg("--").arg(folder);
    }
    let started = command
        // That is about this window.
        .env_remove("KILN_READY_FILE")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        // A Ctrl+C in the terminal that this one was started from is not for it.
        .process_group(0)
        .spawn();
    let mut child = match started {
        Ok(child) => child,
        Err(error) => {
            let program = program.display();
            return Err(format!("{program} cannot be started again: {error}."));
        }
    };
    match tokio::time::timeout(PATIENCE, child.wait()).await {
        Ok(Ok(status)) if !status.success() => Err(format!(
            "The new window did not open ({status}). `kiln --new-window` in a terminal says why."
        )),
        // It was closed again, or is there. Whoever waits for its end, the runtime takes note of it.
        Ok(_) | Err(_) => Ok(()),
    }
}
