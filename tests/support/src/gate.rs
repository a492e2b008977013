//! Holding a reply back until the test says so.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

/// A gate in the middle of a reply. The server arrives and waits; the test
/// waits for the arrival, looks at what the program shows, and opens.
#[derive(Clone, Default)]
pub struct Gate(Arc<(Mutex<State>, Condvar)>);

#[derive(Default)]
struct State {
    reached: bool,
    open: bool,
}

impl Gate {
    /// A closed gate.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Lets the server go on.
    pub fn open(&self) {
        let mut state = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.open = true;
        self.0.1.notify_all();
    }

    /// Whether the server stands at the gate, or has passed it.
    #[must_use]
    pub fn reached(&self) -> bool {
        self.0
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .reached
    }

    /// Waits until the server stands at the gate; false after a minute.
    #[must_use]
    pub fn wait_until_reached(&self) -> bool {
        self.wait(|state| state.reached)
    }

    pub(crate) fn arrive(&self) {
        {
            let mut state = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
            state.reached = true;
            self.0.1.notify_all();
        }
        // A test that forgot to open must not hang for ever.
        self.wait(|state| state.open);
    }

    fn wait(&self, condition: impl Fn(&State) -> bool) -> bool {
        let state = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (_guard, timeout) = self
            .0
            .1
            .wait_timeout_while(state, Duration::from_secs(60), |state| !condition(state))
            .unwrap_or_else(PoisonError::into_inner);
        !timeout.timed_out()
    }
}
