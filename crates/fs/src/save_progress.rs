//! How far a file is written, told from another thread.

use std::io::{self, Write};
use std::sync::atomic::{AtomicU64, Ordering};

use crate::encoded_text::Content;

/// Shared between the thread that writes a file and whoever shows how far it is.
#[derive(Debug, Default)]
pub struct SaveProgress {
    written: AtomicU64,
    total: AtomicU64,
}

impl SaveProgress {
    /// Bytes given to the system so far. Where they are all given, the save waits until the disk has
    /// them. A file that is written over in place is written twice, and counted anew the second time.
    pub fn written(&self) -> u64 {
        self.written.load(Ordering::Relaxed)
    }

    /// Bytes to write; 0 before that is known, and in an encoding in which it is known only at the
    /// end.
    pub fn total(&self) -> u64 {
        self.total.load(Ordering::Relaxed)
    }

    /// A save that is so far, in bytes.
    #[cfg(any(test, feature = "test-support"))]
    pub fn at(written: u64, total: u64) -> Self {
        let progress = Self::default();
        progress.expect(total);
        progress.written.store(written, Ordering::Relaxed);
        progress
    }

    pub(crate) fn expect(&self, total: u64) {
        self.total.store(total, Ordering::Relaxed);
    }
}

/// Content that tells how much of it is written: a count a block.
pub(crate) struct Counted<'a> {
    pub content: &'a dyn Content,
    pub progress: &'a SaveProgress,
}

impl Content for Counted<'_> {
    fn write_to(&self, sink: &mut dyn Write) -> io::Result<()> {
        self.progress.written.store(0, Ordering::Relaxed);
        self.content.write_to(&mut CountingSink {
            sink,
            progress: self.progress,
        })
    }
}

struct CountingSink<'a> {
    sink: &'a mut dyn Write,
    progress: &'a SaveProgress,
}

impl Write for CountingSink<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.sink.write(bytes)?;
        self.progress
            .written
            .fetch_add(written as u64, Ordering::Relaxed);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.sink.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{EncodedText, LineEnding, TextEncoding, TextFormat};
    use editor_core::Text;

    /// Takes so many bytes at once, and keeps what was told after each.
    struct Slow<'a> {
        told: Vec<(u64, u64)>,
        progress: &'a SaveProgress,
        taken: u64,
    }

    impl Write for Slow<'_> {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let progress = self.progress;
            assert_eq!(progress.written(), self.taken);
            self.told.push((progress.written(), progress.total()));
            let taken = bytes.len().min(100_000);
            self.taken += taken as u64;
            Ok(taken)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn each_block_is_counted_up_to_all_that_a_file_gets() {
        let text = Text::new(&"a line of words\n".repeat(60_000));
        let formats = [
            (TextEncoding::UTF_8, false, LineEnding::Lf, true),
            (TextEncoding::UTF_8, true, LineEnding::CrLf, true),
            (TextEncoding::UTF_16LE, true, LineEnding::Lf, false),
        ];
        for (encoding, bom, ending, is_known) in formats {
            let format = TextFormat::new(encoding, bom, ending);
            let encoded = EncodedText::new(&text, &format).unwrap();
            let progress = SaveProgress::default();
            progress.expect(encoded.known_len().unwrap_or(0));
            let content = Counted {
                content: &encoded,
                progress: &progress,
            };
            for _ in 0..2 {
                let mut sink = Slow {
                    told: Vec::new(),
                    progress: &progress,
                    taken: 0,
                };
                content.write_to(&mut sink).unwrap();
                let len = encoded.to_bytes().len() as u64;
                assert_eq!(progress.written(), len);
                assert_eq!(progress.total(), if is_known { len } else { 0 });
                assert!(
                    sink.told.len() > 9 && sink.told[0].0 == 0,
                    "{:?}",
                    sink.told
                );
            }
        }
    }
}
