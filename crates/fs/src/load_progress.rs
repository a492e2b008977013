//! How far a file is read, told from another thread, and the way to end it.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Shared between the thread that reads a file and whoever shows how far it is.
#[derive(Debug, Default)]
pub struct LoadProgress {
    read: AtomicU64,
    total: AtomicU64,
    cancelled: AtomicBool,
}

impl LoadProgress {
    /// Bytes read so far.
    pub fn read(&self) -> u64 {
        self.read.load(Ordering::Relaxed)
    }

    /// Bytes to read, as the file's size says; 0 before that is known.
    pub fn total(&self) -> u64 {
        self.total.load(Ordering::Relaxed)
    }

    /// Ends the reading at its next step; it then gives [`LoadError::Cancelled`](crate::LoadError).
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }

    /// Whether the reading was ended.
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    /// A reading that is so far, in bytes.
    #[cfg(any(test, feature = "test-support"))]
    pub fn at(read: u64, total: u64) -> Self {
        let progress = Self::default();
        progress.expect(total);
        progress.set(read);
        progress
    }

    pub(crate) fn expect(&self, total: u64) {
        self.total.store(total, Ordering::Relaxed);
    }

    pub(crate) fn set(&self, read: u64) {
        self.read.store(read, Ordering::Relaxed);
    }
}
