//! Reading lines on a thread of their own.
//!
//! The engine bounds the steps of a pattern at one place of a line, looks at the time between its
//! own steps alone, and cannot be broken off within one: a grammar of many bad patterns may take
//! minutes of a short line. Who waits for a reading that shows no sign of life gives it up. Its
//! thread ends with the step that it is in, and costs a processor until then.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicIsize, AtomicU8, AtomicUsize, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use super::stopwatch::worked_by_all;

/// A reading without a sign of life for so long is given up.
const MAX_SILENCE: Duration = Duration::from_secs(2);

/// How often a sign of life is looked for.
const LOOK: Duration = Duration::from_millis(10);

/// What the time between two looks counts at most, and no more than the program worked in it: one
/// that was stopped, or that gets no processor, says nothing of the reading.
const MAX_LOOK: Duration = Duration::from_millis(50);

/// While so many readings that were given up go on, none is begun.
const MAX_GIVEN_UP: isize = 4;

/// Readings that were given up and go on.
#[derive(Debug)]
pub(crate) struct GivenUp(AtomicIsize);

impl GivenUp {
    pub(crate) const fn none() -> Self {
        Self(AtomicIsize::new(0))
    }

    /// Those of the whole program: they share its processors.
    pub(super) fn of_program() -> &'static Self {
        static ALL: GivenUp = GivenUp::none();
        &ALL
    }

    pub(crate) fn are_too_many(&self) -> bool {
        self.0.load(Ordering::Acquire) >= MAX_GIVEN_UP
    }

    pub(crate) fn add(&self) {
        self.0.fetch_add(1, Ordering::AcqRel);
    }

    pub(crate) fn remove(&self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

/// Why nothing was read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Unread {
    /// It was given up.
    Stuck,
    /// It panicked.
    Failed,
    /// Too many that were given up go on, or the system has no thread left.
    NotBegun,
}

const RUNS: u8 = 0;
const ENDED: u8 = 1;
const IS_GIVEN_UP: u8 = 2;

/// What a reading and who waits for it know of each other.
#[derive(Debug, Default)]
pub(crate) struct Pulse {
    is_stopped: AtomicBool,
    beats: AtomicUsize,
    phase: AtomicU8,
}

impl Pulse {
    /// Whether the reading is not wanted any more. To ask is a sign of life.
    pub(crate) fn is_stopped(&self) -> bool {
        self.beats.fetch_add(1, Ordering::Relaxed);
        self.is_stopped.load(Ordering::Relaxed)
    }

    /// Takes it from running to another phase, once.
    fn leaves_running_for(&self, phase: u8) -> bool {
        let order = Ordering::AcqRel;
        (self.phase)
            .compare_exchange(RUNS, phase, order, Ordering::Acquire)
            .is_ok()
    }
}

/// Tells that a reading is over, also one that panics.
struct End {
    pulse: Arc<Pulse>,
    given_up: &'static GivenUp,
}

impl Drop for End {
    fn drop(&mut self) {
        if !self.pulse.leaves_running_for(ENDED) {
            self.given_up.remove();
        }
    }
}

/// Runs a reading on a thread of its own and waits for it. `cancel` is handed on to it. Where it is
/// given up it counts among `given_up` until it ends.
///
/// # Errors
/// Where it is given up, panics or cannot be begun.
pub(super) fn read_apart<T: Send + 'static>(
    given_up: &'static GivenUp,
    cancel: &AtomicBool,
    read: impl FnOnce(&Pulse) -> T + Send + 'static,
) -> Result<T, Unread> {
    if given_up.are_too_many() {
        return Err(Unread::NotBegun);
    }
    let pulse = Arc::new(Pulse::default());
    let (sender, receiver) = mpsc::sync_channel(1);
    let thread = std::thread::Builder::new().name("grammar".into());
    let end = End {
        pulse: Arc::clone(&pulse),
        given_up,
    };
    let begun = thread.spawn(move || {
        let read = read(&end.pulse);
        drop(end);
        // Nobody hears it where it was given up.
        sender.send(read).ok();
    });
    if begun.is_err() {
        return Err(Unread::NotBegun);
    }
    let (mut silence, mut beats) = (Duration::ZERO, 0);
    loop {
        let (looked, worked) = (Instant::now(), worked_by_all());
        match receiver.recv_timeout(LOOK) {
            Ok(read) => return Ok(read),
            Err(RecvTimeoutError::Disconnected) => return Err(Unread::Failed),
            Err(RecvTimeoutError::Timeout) => {}
        }
        if cancel.load(Ordering::Relaxed) {
            pulse.is_stopped.store(true, Ordering::Relaxed);
        }
        let now = pulse.beats.load(Ordering::Relaxed);
        silence = match now == beats {
            true => {
                let worked = worked_by_all().saturating_sub(worked);
                silence + looked.elapsed().min(worked).min(MAX_LOOK)
            }
            false => Duration::ZERO,
        };
        beats = now;
        if silence >= MAX_SILENCE && pulse.leaves_running_for(IS_GIVEN_UP) {
            given_up.add();
            pulse.is_stopped.store(true, Ordering::Relaxed);
            return Err(Unread::Stuck);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{TryRecvError, channel};

    use super::*;

    #[test]
    fn what_shows_no_sign_of_life_is_given_up_and_so_many_at_once_alone() {
        // Its own, since other tests of this program read meanwhile.
        static OWN: GivenUp = GivenUp::none();
        let never = AtomicBool::new(false);
        assert_eq!(read_apart(&OWN, &never, |_| 1), Ok(1));
        let waiting: Vec<_> = (0..MAX_GIVEN_UP)
            .map(|_| {
                std::thread::spawn(|| {
                    let (end, ended) = channel::<()>();
                    let never = AtomicBool::new(false);
                    let read = read_apart(&OWN, &never, move |_| {
                        // As an engine that is in a step, and waits for nothing.
                        while ended.try_recv() == Err(TryRecvError::Empty) {
                            std::hint::spin_loop();
                        }
                    });
                    (read, end)
                })
            })
            .collect();
        let stuck: Vec<_> = waiting.into_iter().map(|one| one.join().unwrap()).collect();
        assert!(stuck.iter().all(|(read, _)| *read == Err(Unread::Stuck)));
        assert_eq!(read_apart(&OWN, &never, |_| 1), Err(Unread::NotBegun));
        // One that comes to its end makes room.
        drop(stuck);
        while OWN.are_too_many() {
            std::thread::yield_now();
        }
        assert_eq!(read_apart(&OWN, &never, |_| 1), Ok(1));
    }

    #[test]
    fn a_reading_that_panics_is_not_one_that_could_not_begin() {
        static OWN: GivenUp = GivenUp::none();
        let never = AtomicBool::new(false);
        let read = read_apart(&OWN, &never, |_| panic!("as it should"));
        assert_eq!(read, Err::<(), _>(Unread::Failed));
        assert_eq!(read_apart(&OWN, &never, |_| 1), Ok(1));
    }

    #[test]
    fn what_shows_signs_of_life_may_take_long_and_hears_that_it_is_cancelled() {
        let cancel = AtomicBool::new(false);
        let started = Instant::now();
        let read = read_apart(GivenUp::of_program(), &cancel, move |pulse| {
            while started.elapsed() < MAX_SILENCE + 5 * LOOK {
                pulse.is_stopped();
                std::thread::yield_now();
            }
            1
        });
        assert_eq!(read, Ok(1));
        let cancelled = AtomicBool::new(true);
        let read = read_apart(GivenUp::of_program(), &cancelled, |pulse| {
            while !pulse.is_stopped() {
                std::thread::yield_now();
            }
            2
        });
        assert_eq!(read, Ok(2));
    }
}
