//! Writing parts of what is not over yet to the session's log, beside the work and one at a time.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::task::JoinHandle;

use crate::session_log::{Record, SessionLog};

/// Hands records to the log on a thread that may wait for the disk.
pub(crate) struct PartWriter {
    log: Arc<Mutex<SessionLog>>,
    writing: Option<JoinHandle<()>>,
}

impl PartWriter {
    /// Of parts that will be in `log`.
    pub fn new(log: Arc<Mutex<SessionLog>>) -> Self {
        Self { log, writing: None }
    }

    /// Whether the last part is still on its way: where the disk is slow the parts become larger,
    /// and nothing waits for it.
    pub fn is_busy(&self) -> bool {
        self.writing
            .as_ref()
            .is_some_and(|part| !part.is_finished())
    }

    /// Writes records. Not while it [is busy](Self::is_busy), for they would not stay in order.
    pub fn write(&mut self, records: Vec<Record>) {
        let log = Arc::clone(&self.log);
        self.writing = Some(tokio::task::spawn_blocking(move || {
            let mut log = log.lock().unwrap_or_else(PoisonError::into_inner);
            for record in &records {
                // The whole is written at its end, and a failure is told then.
                if let Err(error) = log.append(record, true) {
                    tracing::warn!(%error, "a part was not kept");
                    return;
                }
            }
        }));
    }

    /// Waits until the last part is written, so that the whole comes after it.
    pub async fn finish(self) {
        if let Some(part) = self.writing
            && let Err(error) = part.await
        {
            tracing::warn!(%error, "a part was not kept");
        }
    }
}
