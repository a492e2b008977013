use crate::DiagnosticSeverity;

/// How many diagnostics there are of each severity.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct SeverityCounts([usize; 4]);

impl SeverityCounts {
    /// How many there are of a severity.
    pub fn of(self, severity: DiagnosticSeverity) -> usize {
        self.0[place_of(severity)]
    }

    /// How many there are that are no hints.
    pub fn problems(self) -> usize {
        let [errors, warnings, information, _] = self.0;
        errors + warnings + information
    }

    /// Counts one.
    pub fn add(&mut self, severity: DiagnosticSeverity) {
        self.0[place_of(severity)] += 1;
    }

    /// Counts all that another has.
    pub fn join(&mut self, other: Self) {
        for (count, more) in self.0.iter_mut().zip(other.0) {
            *count += more;
        }
    }
}

fn place_of(severity: DiagnosticSeverity) -> usize {
    match severity {
        DiagnosticSeverity::Error => 0,
        DiagnosticSeverity::Warning => 1,
        DiagnosticSeverity::Information => 2,
        DiagnosticSeverity::Hint => 3,
    }
}
