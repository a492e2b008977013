//! When a failed request is sent again, and after how long.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::time::{Duration, SystemTime};

/// How failed requests are repeated: exponential backoff with jitter, and what
/// the server asks for in `Retry-After` where it asks.
#[derive(Clone, Debug, PartialEq)]
pub struct RetryPolicy {
    /// How often a request is sent again; 0 turns repeating off.
    pub max_retries: u32,
    /// The first delay; it doubles with each repetition.
    pub base_delay: Duration,
    /// The longest delay of the backoff.
    pub max_delay: Duration,
    /// The longest `Retry-After` that is waited for. A longer one fails at
    /// once, so that the user learns of it.
    pub max_retry_after: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_retries: 4,
            base_delay: Duration::from_millis(500),
            max_delay: Duration::from_secs(16),
            max_retry_after: Duration::from_secs(60),
        }
    }
}

impl RetryPolicy {
    /// How long to wait before repetition `attempt` (1 is the first), or `None`
    /// where the request has failed for good. `jitter` in 0.0..1.0 spreads the
    /// backoff between half of it and all of it, so that many clients do not
    /// come back together; a `Retry-After` is never undercut.
    pub fn delay(
        &self,
        attempt: u32,
        retry_after: Option<Duration>,
        jitter: f64,
    ) -> Option<Duration> {
        if attempt > self.max_retries {
            return None;
        }
        let doubled = self
            .base_delay
            .saturating_mul(
                1u32.checked_shl(attempt.saturating_sub(1))
                    .unwrap_or(u32::MAX),
            )
            .min(self.max_delay);
        let backoff = doubled.mul_f64(0.5 + jitter.clamp(0.0, 1.0) / 2.0);
        match retry_after {
            Some(wait) if wait > self.max_retry_after => None,
            Some(wait) => Some(wait.max(backoff.min(Duration::from_millis(250)))),
            None => Some(backoff),
        }
    }
}

/// A number in 0.0..1.0, good enough to spread retries.
pub(crate) fn jitter() -> f64 {
    let random = RandomState::new().build_hasher().finish();
    (random >> 11) as f64 / (1u64 << 53) as f64
}

/// Reads a `Retry-After` header: seconds or an HTTP date (RFC 9110, 10.2.3). A
/// date in the past means now.
pub(crate) fn parse_retry_after(value: &str, now: SystemTime) -> Option<Duration> {
    let value = value.trim();
    if let Ok(seconds) = value.parse::<f64>() {
        return (seconds.is_finite() && seconds >= 0.0)
            .then(|| Duration::from_secs_f64(seconds.min(1e9)));
    }
    let date = parse_http_date(value)?;
    Some(date.duration_since(now).unwrap_or(Duration::ZERO))
}

/// The preferred form of an HTTP date, `Sun, 06 Nov 1994 08:49:37 GMT`
/// (RFC 9110, 5.6.7).
fn parse_http_date(value: &str) -> Option<SystemTime> {
    let mut words = value.split([' ', ',']).filter(|word| !word.is_empty());
    let _weekday = words.next()?;
    let day: u64 = words.next()?.parse().ok()?;
    let month = words.next()?;
    let month = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    .iter()
    .position(|name| *name == month)? as u64;
    let year: u64 = words.next()?.parse().ok()?;
    let mut time = words.next()?.split(':').map(str::parse::<u64>);
    let (hour, minute, second) = (time.next()?.ok()?, time.next()?.ok()?, time.next()?.ok()?);
    if words.next()? != "GMT"
        || !(1970..=9999).contains(&year)
        || !(1..=31).contains(&day)
        || hour > 23
        || minute > 59
        || second > 60
    {
        return None;
    }
    // Days since the epoch of the proleptic Gregorian calendar, with the year
    // taken to begin in March so that the leap day comes last.
    let shifted_year = if month < 2 { year - 1 } else { year };
    let shifted_month = (month + 10) % 12;
    let days = 365 * shifted_year + shifted_year / 4 - shifted_year / 100
        + shifted_year / 400
        + (shifted_month * 306 + 5) / 10
        + day
        - 1;
    let days = days.checked_sub(719_468)?;
    SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(
        days * 86_400 + hour * 3_600 + minute * 60 + second,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_backoff_doubles_up_to_its_bound() {
        let policy = RetryPolicy {
            max_retries: 10,
            ..RetryPolicy::default()
        };
        let waits: Vec<u128> = (1..=7)
            .map(|attempt| policy.delay(attempt, None, 1.0).unwrap().as_millis())
            .collect();
        assert_eq!(waits, [500, 1000, 2000, 4000, 8000, 16000, 16000]);
        assert_eq!(policy.delay(1, None, 0.0).unwrap().as_millis(), 250);
        assert_eq!(policy.delay(11, None, 0.5), None);
    }

    #[test]
    fn retry_after_wins_over_the_backoff_and_is_bounded() {
        let policy = RetryPolicy::default();
        let seven = Duration::from_secs(7);
        assert_eq!(policy.delay(1, Some(seven), 0.5), Some(seven));
        assert_eq!(policy.delay(4, Some(seven), 0.5), Some(seven));
        assert_eq!(policy.delay(1, Some(Duration::from_secs(3600)), 0.5), None);
        assert!(policy.delay(1, Some(Duration::ZERO), 0.5).unwrap() > Duration::ZERO);
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        // 1994-11-06 08:49:37 UTC, the example of RFC 9110.
        let example = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
        let at = |value: &str, seconds_before: u64| {
            parse_retry_after(value, example - Duration::from_secs(seconds_before))
        };
        assert_eq!(at("120", 0), Some(Duration::from_secs(120)));
        assert_eq!(at(" 1.5 ", 0), Some(Duration::from_millis(1500)));
        assert_eq!(
            at("Sun, 06 Nov 1994 08:49:37 GMT", 30),
            Some(Duration::from_secs(30))
        );
        assert_eq!(
            parse_retry_after(
                "Sun, 06 Nov 1994 08:49:37 GMT",
                example + Duration::from_secs(5)
            ),
            Some(Duration::ZERO)
        );
        assert_eq!(
            parse_http_date("Thu, 29 Feb 2024 00:00:00 GMT"),
            Some(SystemTime::UNIX_EPOCH + Duration::from_secs(1_709_164_800))
        );
        for bad in ["", "-3", "soon", "nan", "Sun, 06 Foo 1994 08:49:37 GMT"] {
            assert_eq!(at(bad, 0), None, "{bad}");
        }
    }

    #[test]
    fn jitter_stays_in_its_range_and_varies() {
        let values: Vec<f64> = (0..50).map(|_| jitter()).collect();
        assert!(values.iter().all(|value| (0.0..1.0).contains(value)));
        assert!(values.windows(2).any(|pair| pair[0] != pair[1]));
    }
}
