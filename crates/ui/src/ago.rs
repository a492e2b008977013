//! How long ago something was, in words.

use std::time::SystemTime;

/// How long before `now` something was, in one unit: "2 min ago".
pub fn ago(then: SystemTime, now: SystemTime) -> String {
    let minutes = now.duration_since(then).unwrap_or_default().as_secs() / 60;
    match minutes {
        0 => "just now".to_owned(),
        1..=59 => format!("{minutes} min ago"),
        60..=1439 => format!("{} h ago", minutes / 60),
        1440..=2879 => "yesterday".to_owned(),
        _ => format!("{} days ago", minutes / 1440),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn times_are_told_in_one_unit() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(10_000_000);
        let told = [20, 90, 7_300, 100_000, 400_000, 0]
            .map(|seconds| ago(now - Duration::from_secs(seconds), now));
        assert_eq!(
            told,
            [
                "just now",
                "1 min ago",
                "2 h ago",
                "yesterday",
                "4 days ago",
                "just now"
            ]
        );
        assert_eq!(ago(now + Duration::from_secs(99), now), "just now");
    }
}
