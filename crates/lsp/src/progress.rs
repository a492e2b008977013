//! What a server works on for long: `$/progress` and `window/workDoneProgress` (LSP 3.17).

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::bounded;
use crate::server::LanguageServer;

/// More work at a time is not told.
const MAX_PROGRESS: usize = 100;
/// More of what it works on is cut off, in bytes, and a longer token is none.
const MAX_WORK: usize = 200;

/// What a server works on, by its token.
#[derive(Default)]
pub(crate) struct Progress {
    works: BTreeMap<String, Work>,
    /// What was shown last.
    shown: Option<String>,
}

struct Work {
    /// As the server says it.
    token: Value,
    title: String,
    rest: String,
    cancellable: bool,
}

impl Progress {
    /// Takes `$/progress`; what to show, where that changed.
    pub fn take(&mut self, params: &Value) -> Option<Option<String>> {
        let token = match &params["token"] {
            Value::String(token) if token.len() <= MAX_WORK => format!("\"{token}"),
            Value::Number(token) => token.to_string(),
            _ => return None,
        };
        let value = &params["value"];
        let cancellable = value["cancellable"].as_bool();
        match value["kind"].as_str()? {
            "begin" if self.works.len() < MAX_PROGRESS => {
                let title = bounded::line(value["title"].as_str().unwrap_or_default(), MAX_WORK);
                let work = Work {
                    token: params["token"].clone(),
                    title,
                    rest: rest(value),
                    cancellable: cancellable.unwrap_or(false),
                };
                self.works.insert(token, work);
            }
            "report" => {
                let work = self.works.get_mut(&token)?;
                work.rest = rest(value);
                work.cancellable = cancellable.unwrap_or(work.cancellable);
            }
            "end" => drop(self.works.remove(&token)),
            _ => return None,
        }
        let shown = self.works.values().next();
        let shown = shown.map(|work| format!("{}{}", work.title, work.rest));
        (shown != self.shown).then(|| {
            self.shown = shown.clone();
            shown
        })
    }

    /// The run is over.
    pub fn clear(&mut self) {
        *self = Self::default();
    }
}

fn rest(value: &Value) -> String {
    let percentage = value["percentage"].as_u64();
    match (percentage, value["message"].as_str()) {
        (Some(percent), _) => format!(" {}%", percent.min(100)),
        (None, Some(message)) => format!(": {}", bounded::line(message, MAX_WORK)),
        (None, None) => String::new(),
    }
}

impl LanguageServer {
    /// Whether it works on something that it lets be cancelled.
    pub fn can_cancel_work(&self) -> bool {
        let progress = self.shared().progress.lock();
        progress.works.values().any(|work| work.cancellable)
    }

    /// Has it cancel all that it works on and lets be cancelled; it says itself what came of that.
    pub fn cancel_work(&self) {
        let progress = self.shared().progress.lock();
        let works = progress.works.values().filter(|work| work.cancellable);
        let tokens: Vec<_> = works.map(|work| work.token.clone()).collect();
        drop(progress);
        let ready = self.shared().inner.lock().ready.clone();
        let Some(connection) = ready else { return };
        for token in tokens {
            connection.notify("window/workDoneProgress/cancel", json!({"token": token}));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_is_told_until_it_ends_and_once_where_it_is_the_same() {
        let mut progress = Progress::default();
        let mut take = |value: Value| progress.take(&json!({"token": 7, "value": value}));
        let begun = take(json!({"kind": "begin", "title": "Indexing", "percentage": 0}));
        assert_eq!(begun, Some(Some("Indexing 0%".into())));
        let report = take(json!({"kind": "report", "message": "a.rs"}));
        assert_eq!(report, Some(Some("Indexing: a.rs".into())));
        let again = take(json!({"kind": "report", "message": "a.rs"}));
        assert_eq!(again, None);
        assert_eq!(take(json!({"kind": "end"})), Some(None));
        assert_eq!(
            take(json!({"kind": "report", "percentage": 5})),
            None,
            "late"
        );
        assert_eq!(take(json!(3)), None);
    }

    #[test]
    fn a_flood_of_work_is_bounded_and_a_number_is_no_text() {
        let mut progress = Progress::default();
        for token in 0..10 * MAX_PROGRESS {
            let begin = json!({"kind": "begin", "title": "x".repeat(10_000)});
            progress.take(&json!({"token": token, "value": begin}));
        }
        assert_eq!(progress.works.len(), MAX_PROGRESS);
        assert!(
            progress
                .works
                .values()
                .all(|work| work.title.len() < 2 * MAX_WORK)
        );
        let end = json!({"kind": "end"});
        progress.take(&json!({"token": "7", "value": end}));
        assert_eq!(progress.works.len(), MAX_PROGRESS);
        progress.take(&json!({"token": 7, "value": end}));
        assert_eq!(progress.works.len(), MAX_PROGRESS - 1);
    }
}
