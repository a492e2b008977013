//! The documents of a spec in `.kiro/specs/<name>/`: read without loss, changed
//! byte by byte, judged, and taken through their phases.
//!
//! Each document keeps the text that it was parsed from: [`std::fmt::Display`]
//! gives it back byte for byte, and every part carries its byte range in it.
//! Parsing never fails; what is wrong with a document is in its `diagnostics`.
//!
//! ```
//! use spec::{TaskState, TasksDoc};
//!
//! let source = "# Implementation Plan\n\n- [ ] 1. Store\n  - [ ] 1.1 Save\n";
//! let document = TasksDoc::parse(source);
//! let (range, mark) = document.set_state(&"1.1".into(), TaskState::Done)?;
//! let mut changed = source.to_string();
//! changed.replace_range(range, &mark);
//! assert_eq!(changed, "# Implementation Plan\n\n- [ ] 1. Store\n  - [x] 1.1 Save\n");
//! # Ok::<(), spec::TaskError>(())
//! ```

mod bugfix;
mod config;
mod coverage;
mod design;
mod diagnostic;
mod document;
mod ears;
mod folder;
mod graph;
mod lines;
mod name;
mod phase;
mod reference;
mod requirements;
mod tasks;
mod tasks_diagnostics;
mod written_number;

pub use bugfix::{BugClauses, BugfixDoc};
pub use config::{ConfigError, SpecConfig};
pub use coverage::{Coverage, coverage};
pub use design::{DesignDoc, Property, Section};
pub use diagnostic::{ProblemCount, Severity, SpecDiagnostic};
pub use document::{Document, SpecType, Workflow};
pub use ears::{EarsPattern, ears_keywords, ears_pattern};
pub use folder::{SpecFiles, SpecFolder};
pub use graph::{GraphError, TaskGraph, Wave};
pub use name::{MAX_SPECS, is_valid_spec_name, spec_name, spec_names, unique_spec_name};
pub use phase::{DocumentState, Phase, PhaseError, PhaseStatus, ReviewStatus, SpecState, phase};
pub use reference::names_requirements;
pub use requirements::{Criterion, GlossaryTerm, Requirement, RequirementsDoc};
pub use tasks::{
    DetailLine, Progress, Task, TaskError, TaskGroup, TaskId, TaskState, TasksDoc, detail_lines,
};
