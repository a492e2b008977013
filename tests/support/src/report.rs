//! What a benchmark measured, as lines for people and JSON for programs.

use std::path::Path;

use serde_json::json;

/// A figure of ours, beside a peer's where there is one, measured in the same run.
#[derive(Debug, Clone, PartialEq)]
pub struct Metric {
    /// What was measured, in lower case with dashes: `edit-automerge-paper`.
    pub name: String,
    /// Kiln's figure.
    pub ours: f64,
    /// Who the peer is, and its figure; or why there is none.
    pub peer: Result<(String, f64), String>,
    /// The unit of both: `ms`, `MB`.
    pub unit: &'static str,
    /// The target of `docs/performance.md` in words, empty where there is none.
    pub target: &'static str,
}

impl Metric {
    /// Ours divided by the peer's; below 1 ours is faster, or smaller.
    #[must_use]
    pub fn ratio(&self) -> Option<f64> {
        self.peer
            .as_ref()
            .ok()
            .filter(|(_, peer)| *peer > 0.0)
            .map(|(_, peer)| self.ours / peer)
    }

    /// The line that people read: metric, ours, peer, ratio, unit.
    #[must_use]
    pub fn line(&self) -> String {
        let (peer, ratio) = match (&self.peer, self.ratio()) {
            (Ok((name, peer)), Some(ratio)) => {
                (format!("{peer:.3} ({name})"), format!("{ratio:.2}"))
            }
            (Ok((name, peer)), None) => (format!("{peer:.3} ({name})"), "-".to_owned()),
            (Err(why), _) => (format!("- ({why})"), "-".to_owned()),
        };
        let mut line = format!(
            "{:<34} {:>12.3} {:>28} {:>7} {}",
            self.name, self.ours, peer, ratio, self.unit
        );
        if !self.target.is_empty() {
            line.push_str("  target: ");
            line.push_str(self.target);
        }
        line
    }

    /// The same as a JSON object.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        json!({
            "metric": self.name,
            "ours": self.ours,
            "peer": self.peer.as_ref().ok().map(|(_, peer)| peer),
            "peer_name": self.peer.as_ref().ok().map(|(name, _)| name),
            "no_peer_because": self.peer.as_ref().err(),
            "ratio": self.ratio(),
            "unit": self.unit,
            "target": self.target,
        })
    }
}

/// The heading above the lines of [`Metric::line`].
#[must_use]
pub fn heading() -> String {
    format!(
        "{:<34} {:>12} {:>28} {:>7} unit",
        "metric", "ours", "peer", "ratio"
    )
}

/// Appends metrics to a file, a JSON object a line; the file is made where it is missing.
///
/// # Errors
/// The file cannot be written.
pub fn append_json(path: &Path, metrics: &[Metric]) -> std::io::Result<()> {
    use std::io::Write as _;

    let mut file = std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(path)?;
    for metric in metrics {
        writeln!(file, "{}", metric.json())?;
    }
    Ok(())
}

/// The value below which `part` (0 to 1) of the samples lie; 0 without samples.
#[must_use]
pub fn percentile(samples: &[f64], part: f64) -> f64 {
    let mut sorted = samples.to_vec();
    sorted.sort_by(f64::total_cmp);
    let last = sorted.len().saturating_sub(1);
    // The index is between 0 and `last`.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let index = ((last as f64) * part.clamp(0.0, 1.0)).round() as usize;
    sorted.get(index).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_tells_both_figures_and_their_ratio() {
        let metric = Metric {
            name: "open-100-mb".to_owned(),
            ours: 50.0,
            peer: Ok(("nvim".to_owned(), 200.0)),
            unit: "ms",
            target: "",
        };
        let line = metric.line();
        let words: Vec<_> = line.split_whitespace().collect();
        assert_eq!(
            words,
            ["open-100-mb", "50.000", "200.000", "(nvim)", "0.25", "ms"]
        );
    }

    #[test]
    fn a_missing_peer_says_why() {
        let metric = Metric {
            name: "find".to_owned(),
            ours: 1.0,
            peer: Err("rg is not installed".to_owned()),
            unit: "ms",
            target: "",
        };
        assert!(metric.line().contains("- (rg is not installed)"));
        assert_eq!(metric.json()["no_peer_because"], "rg is not installed");
    }

    #[test]
    fn percentiles_are_samples() {
        let samples: Vec<f64> = (0..=100).rev().map(f64::from).collect();
        assert_eq!(percentile(&samples, 0.5), 50.0);
        assert_eq!(percentile(&samples, 0.99), 99.0);
        assert_eq!(percentile(&samples, 1.0), 100.0);
        assert_eq!(percentile(&[], 0.5), 0.0);
    }
}
