//! Time of the processor, which other programs on the machine do not add to.

use rustix::time::{ClockId, clock_gettime};

/// Runs `body`, which does all of its work on this thread; returns what it gave and the milliseconds
/// of processor time that it took. Other programs that run on the machine do not count.
pub fn cpu<R>(body: impl FnOnce() -> R) -> (R, f64) {
    let start = thread_time();
    let result = body();
    (result, thread_time() - start)
}

fn thread_time() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    // A thread's milliseconds fit a double.
    #[allow(clippy::cast_precision_loss)]
    let milliseconds = time.tv_sec as f64 * 1e3 + time.tv_nsec as f64 / 1e6;
    milliseconds
}
