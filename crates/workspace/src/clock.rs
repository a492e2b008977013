use std::time::Duration;

/// Monotonic time since some moment of its own, to a few milliseconds: grouping edits for undo
/// needs no more, and every edit asks. The kernel's coarse clock is read several times as fast as
/// the fine one.
#[cfg(target_os = "linux")]
pub(crate) fn monotonic() -> impl Fn() -> Duration + Send {
    use rustix::time::{ClockId, clock_gettime};
    || {
        let time = clock_gettime(ClockId::MonotonicCoarse);
        let seconds = u64::try_from(time.tv_sec).unwrap_or_default();
        Duration::new(seconds, u32::try_from(time.tv_nsec).unwrap_or_default())
    }
}

/// Monotonic time since some moment of its own.
#[cfg(not(target_os = "linux"))]
pub(crate) fn monotonic() -> impl Fn() -> Duration + Send {
    let start = std::time::Instant::now();
    move || start.elapsed()
}

#[cfg(test)]
mod tests {
    use super::monotonic;

    #[test]
    fn time_goes_on_and_never_back() {
        let clock = monotonic();
        let (start, mut last) = (clock(), clock());
        while last == start {
            let now = clock();
            assert!(now >= last);
            last = now;
        }
        assert!(last > start);
    }
}
