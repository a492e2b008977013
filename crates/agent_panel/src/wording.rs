//! Numbers as people read them: durations, token counts, memory.

use std::time::Duration;

/// `0.4s`, `12s`, `3m 05s`, `1h 02m`.
pub fn duration(elapsed: Duration) -> String {
    let seconds = elapsed.as_secs();
    match seconds {
        0..=9 => format!("{:.1}s", elapsed.as_millis() as f64 / 1000.0),
        10..=59 => format!("{seconds}s"),
        60..=3599 => format!("{}m {:02}s", seconds / 60, seconds % 60),
        _ => format!("{}h {:02}m", seconds / 3600, seconds / 60 % 60),
    }
}

/// A duration that still grows and is drawn anew every second: `4s`, then as [`duration`].
pub fn running(elapsed: Duration) -> String {
    match elapsed.as_secs() {
        seconds @ 0..=9 => format!("{seconds}s"),
        _ => duration(elapsed),
    }
}

/// A time that is waited, never told shorter than it is: `1s`, then as [`duration`].
pub fn wait(delay: Duration) -> String {
    running(Duration::from_secs(
        u64::try_from(delay.as_millis().div_ceil(1000)).unwrap_or(u64::MAX),
    ))
}

/// `999`, `1.2k`, `34k`, `1.5M`.
pub fn tokens(count: u64) -> String {
    match count {
        0..=999 => count.to_string(),
        1_000..=9_949 => format!("{:.1}k", count as f64 / 1_000.0),
        9_950..=999_499 => format!("{:.0}k", count as f64 / 1_000.0),
        _ => format!("{:.1}M", count as f64 / 1_000_000.0),
    }
}

/// `850 MB`, `1.4 GB` (decimal units).
pub fn memory(bytes: u64) -> String {
    if bytes < 1_000_000_000 {
        format!("{} MB", bytes.div_ceil(1_000_000))
    } else {
        format!("{:.1} GB", bytes as f64 / 1e9)
    }
}

/// `1 line`, `12 lines`.
pub fn counted(count: usize, singular: &str, plural: &str) -> String {
    format!("{count} {}", if count == 1 { singular } else { plural })
}

/// Words of an error, which end without a full stop, since they are quoted inside others: with one.
pub(crate) fn ended(words: &str) -> String {
    let stop = if words.ends_with(['.', '!', '?', ':', '…']) {
        ""
    } else {
        "."
    };
    format!("{words}{stop}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_keep_to_two_units() {
        let written = [400, 9_960, 12_000, 185_000, 3_720_000]
            .map(|milliseconds| duration(Duration::from_millis(milliseconds)));
        assert_eq!(written, ["0.4s", "10.0s", "12s", "3m 05s", "1h 02m"]);
    }

    #[test]
    fn tokens_keep_to_two_digits() {
        assert_eq!(
            [0, 999, 1_240, 34_400, 999_400, 1_500_000].map(tokens),
            ["0", "999", "1.2k", "34k", "999k", "1.5M"]
        );
    }

    #[test]
    fn memory_is_never_zero_when_used() {
        assert_eq!(
            [1, 850_000_000, 1_400_000_000].map(memory),
            ["1 MB", "850 MB", "1.4 GB"]
        );
    }

    #[test]
    fn what_an_error_says_ends_once() {
        assert_eq!(ended("What came is kept"), "What came is kept.");
        assert_eq!(ended("Try again."), "Try again.");
    }
}
