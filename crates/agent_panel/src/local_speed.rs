//! How a model that runs on this machine is doing.

use crate::wording;

/// The speed and the memory of a local model.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LocalSpeed {
    /// Generated tokens a second; 0 where none were generated.
    pub tokens_per_second: f64,
    /// Memory held by its process, in bytes; 0 where the system does not tell.
    pub memory_bytes: u64,
}

impl From<agent::Speed> for LocalSpeed {
    fn from(speed: agent::Speed) -> Self {
        Self {
            tokens_per_second: speed.tokens_per_second,
            memory_bytes: speed.memory_bytes,
        }
    }
}

impl LocalSpeed {
    /// `14 tok/s`, `2.4 tok/s`.
    pub fn rate(self) -> Option<String> {
        match self.tokens_per_second {
            none if none <= 0. => None,
            slow if slow < 9.95 => Some(format!("{slow:.1} tok/s")),
            fast => Some(format!("{fast:.0} tok/s")),
        }
    }

    /// `14 tok/s`, `620 MB`: what is known.
    pub fn parts(self) -> impl Iterator<Item = String> {
        let memory = (self.memory_bytes > 0).then(|| wording::memory(self.memory_bytes));
        self.rate().into_iter().chain(memory)
    }

    /// `14 tok/s · 620 MB`.
    pub fn words(self) -> String {
        self.parts().collect::<Vec<_>>().join(" · ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_is_not_told() {
        let told = [
            (14.2, 620_000_000),
            (2.44, 1_400_000_000),
            (0., 1),
            (9.96, 0),
        ]
        .map(|(tokens_per_second, memory_bytes)| {
            let speed = LocalSpeed {
                tokens_per_second,
                memory_bytes,
            };
            speed.words()
        });
        assert_eq!(
            told,
            [
                "14 tok/s · 620 MB",
                "2.4 tok/s · 1.4 GB",
                "1 MB",
                "10 tok/s"
            ]
        );
    }
}
