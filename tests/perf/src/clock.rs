//! Time of the wall, and runs that take turns.

use std::time::{Duration, Instant};

/// Runs `body`; returns what it gave and the milliseconds it took on the wall.
pub fn wall<R>(body: impl FnOnce() -> R) -> (R, f64) {
    let start = Instant::now();
    let result = body();
    (result, milliseconds(start.elapsed()))
}

/// A duration in milliseconds.
#[must_use]
pub fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

/// The least of several runs of two bodies, run in turn so that both see the same machine. A body
/// returns the milliseconds that count.
///
/// # Errors
/// The first error of a body.
pub fn least_of<E>(
    rounds: usize,
    mut ours: impl FnMut() -> Result<f64, E>,
    mut peer: impl FnMut() -> Result<f64, E>,
) -> Result<(f64, f64), E> {
    let (mut least_ours, mut least_peer) = (f64::INFINITY, f64::INFINITY);
    for _ in 0..rounds.max(1) {
        least_ours = least_ours.min(ours()?);
        least_peer = least_peer.min(peer()?);
    }
    Ok((least_ours, least_peer))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_take_turns_and_the_least_counts() {
        let order = std::cell::RefCell::new(Vec::new());
        let next = |name: &'static str, values: &mut Vec<f64>| {
            order.borrow_mut().push(name);
            Ok::<_, ()>(values.remove(0))
        };
        let (mut a, mut b) = (vec![3.0, 2.0], vec![5.0, 7.0]);
        let least = least_of(2, || next("a", &mut a), || next("b", &mut b));
        assert_eq!(least, Ok((2.0, 5.0)));
        assert_eq!(*order.borrow(), ["a", "b", "a", "b"]);
    }
}
