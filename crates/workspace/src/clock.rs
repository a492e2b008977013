use std::time::SystemTime;

use editor_core::Moment;

/// What time it is, to a few milliseconds: grouping edits for undo and telling of them needs no
/// more, and every edit asks. The kernel's coarse clocks are read several times as fast as the fine
/// ones.
#[cfg(target_os = "linux")]
pub(crate) fn system_clock() -> impl Fn() -> Moment + Send {
    use rustix::time::{ClockId, clock_gettime};
    use std::time::Duration;
    let read = |clock| {
        let time = clock_gettime(clock);
        let seconds = u64::try_from(time.tv_sec).unwrap_or_default();
        Duration::new(seconds, u32::try_from(time.tv_nsec).unwrap_or_default())
    };
    move || Moment {
        monotonic: read(ClockId::MonotonicCoarse),
        time: SystemTime::UNIX_EPOCH.checked_add(read(ClockId::RealtimeCoarse)),
    }
}

/// What time it is.
#[cfg(not(target_os = "linux"))]
pub(crate) fn system_clock() -> impl Fn() -> Moment + Send {
    let start = std::time::Instant::now();
    move || Moment {
        monotonic: start.elapsed(),
        time: Some(SystemTime::now()),
    }
}

#[cfg(test)]
mod tests {
    use super::system_clock;

    #[test]
    fn time_goes_on_and_never_back() {
        let clock = system_clock();
        let (start, mut last) = (clock().monotonic, clock().monotonic);
        while last == start {
            let now = clock().monotonic;
            assert!(now >= last);
            last = now;
        }
        assert!(last > start);
    }
}
