//! Where a spec stands, and how it goes on.

use crate::document::{Document, SpecType, Workflow};

/// The phases of a spec.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Phase {
    /// What is wanted (for a bug: what is wrong).
    Requirements,
    /// How it is built.
    Design,
    /// In which steps.
    Tasks,
    /// The tasks are worked on.
    Implementation,
}

impl Phase {
    /// The document of the phase; the implementation has none.
    pub fn document(self, spec_type: SpecType) -> Option<Document> {
        match self {
            Self::Requirements => Some(spec_type.first_document()),
            Self::Design => Some(Document::Design),
            Self::Tasks => Some(Document::Tasks),
            Self::Implementation => None,
        }
    }

    /// The phase of a document.
    pub fn of(document: Document) -> Self {
        match document {
            Document::Requirements | Document::Bugfix => Self::Requirements,
            Document::Design => Self::Design,
            Document::Tasks => Self::Tasks,
        }
    }

    /// Its name for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Requirements => "Requirements",
            Self::Design => "Design",
            Self::Tasks => "Tasks",
            Self::Implementation => "Implementation",
        }
    }

    /// The phases with documents, in a workflow's order.
    pub fn order(workflow: Workflow) -> [Self; 3] {
        match workflow {
            Workflow::DesignFirst => [Self::Design, Self::Requirements, Self::Tasks],
            Workflow::RequirementsFirst | Workflow::FastTask => {
                [Self::Requirements, Self::Design, Self::Tasks]
            }
        }
    }

    fn next(self, workflow: Workflow) -> Self {
        let order = Self::order(workflow);
        order
            .iter()
            .position(|phase| *phase == self)
            .and_then(|index| order.get(index + 1).copied())
            .unwrap_or(Self::Implementation)
    }
}

/// What is to be done with a phase's document.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ReviewStatus {
    /// It has to be written.
    Missing,
    /// It is written and waits for a decision.
    AwaitingReview,
    /// It is approved; in the implementation, every document is.
    Approved,
}

/// One document's state.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct DocumentState {
    /// Whether the file exists (and says something).
    pub exists: bool,
    /// Whether `.config.kiro` says that it is approved; `None` where it keeps none.
    pub approved: Option<bool>,
}

/// Which documents exist and which are approved.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct SpecState {
    /// requirements.md or bugfix.md.
    pub requirements: DocumentState,
    /// design.md.
    pub design: DocumentState,
    /// tasks.md.
    pub tasks: DocumentState,
    /// The order of the documents.
    pub workflow: Workflow,
}

impl SpecState {
    fn document(&self, phase: Phase) -> DocumentState {
        match phase {
            Phase::Requirements => self.requirements,
            Phase::Design => self.design,
            Phase::Tasks | Phase::Implementation => self.tasks,
        }
    }

    /// What is to be done with one phase's document. Where approvals are not kept
    /// (projects that Kiro made), a document counts as approved when a later one
    /// exists, and the tasks when they exist.
    pub fn status(&self, phase: Phase) -> ReviewStatus {
        if phase == Phase::Implementation {
            return self::phase(self).status;
        }
        let state = self.document(phase);
        if !state.exists {
            return ReviewStatus::Missing;
        }
        let order = Phase::order(self.workflow);
        let later = order
            .iter()
            .skip_while(|other| **other != phase)
            .skip(1)
            .any(|other| self.document(*other).exists);
        let approved = self.workflow == Workflow::FastTask
            || state.approved.unwrap_or(later || phase == Phase::Tasks);
        if approved {
            ReviewStatus::Approved
        } else {
            ReviewStatus::AwaitingReview
        }
    }
}

/// Where a spec stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct PhaseStatus {
    /// The first phase that is not approved, or the implementation.
    pub phase: Phase,
    /// What is to be done there.
    pub status: ReviewStatus,
}

/// A step that a spec cannot take from where it stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum PhaseError {
    /// There is nothing to decide on yet.
    #[error("the {} document is not written yet; have it written first", .0.title().to_lowercase())]
    NotWritten(Phase),
    /// Everything is approved.
    #[error("every document is approved already; run its tasks")]
    AllApproved,
}

/// Where a spec stands.
pub fn phase(state: &SpecState) -> PhaseStatus {
    for phase in Phase::order(state.workflow) {
        let status = state.status(phase);
        if status != ReviewStatus::Approved {
            return PhaseStatus { phase, status };
        }
    }
    PhaseStatus {
        phase: Phase::Implementation,
        status: ReviewStatus::Approved,
    }
}

impl PhaseStatus {
    /// The phase's document was written (again): it waits for a decision.
    pub fn written(self) -> Self {
        match self.phase {
            Phase::Implementation => self,
            _ => Self {
                status: ReviewStatus::AwaitingReview,
                ..self
            },
        }
    }

    /// The user approves: on to the next phase.
    pub fn approve(self, workflow: Workflow) -> Result<Self, PhaseError> {
        match (self.phase, self.status) {
            (Phase::Implementation, _) => Err(PhaseError::AllApproved),
            (phase, ReviewStatus::Missing) => Err(PhaseError::NotWritten(phase)),
            (phase, ReviewStatus::AwaitingReview | ReviewStatus::Approved) => {
                let next = phase.next(workflow);
                Ok(Self {
                    phase: next,
                    status: if next == Phase::Implementation {
                        ReviewStatus::Approved
                    } else {
                        ReviewStatus::Missing
                    },
                })
            }
        }
    }

    /// The user wants it otherwise: the same phase, to be written again. From the
    /// implementation that means the tasks.
    pub fn request_changes(self) -> Result<Self, PhaseError> {
        match (self.phase, self.status) {
            (Phase::Implementation, _) => Ok(Self {
                phase: Phase::Tasks,
                status: ReviewStatus::AwaitingReview,
            }),
            (phase, ReviewStatus::Missing) => Err(PhaseError::NotWritten(phase)),
            (phase, _) => Ok(Self {
                phase,
                status: ReviewStatus::AwaitingReview,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(exists: [bool; 3], approved: Option<[bool; 3]>) -> SpecState {
        let document = |index: usize| DocumentState {
            exists: exists[index],
            approved: approved.map(|approved| approved[index]),
        };
        SpecState {
            requirements: document(0),
            design: document(1),
            tasks: document(2),
            workflow: Workflow::RequirementsFirst,
        }
    }

    fn stands(state: &SpecState) -> (Phase, ReviewStatus) {
        let PhaseStatus { phase, status } = phase(state);
        (phase, status)
    }

    #[test]
    fn kiros_projects_count_as_approved_up_to_their_last_document() {
        use {Phase::*, ReviewStatus::*};
        assert_eq!(stands(&state([false; 3], None)), (Requirements, Missing));
        assert_eq!(
            stands(&state([true, false, false], None)),
            (Requirements, AwaitingReview)
        );
        assert_eq!(
            stands(&state([true, true, false], None)),
            (Design, AwaitingReview)
        );
        assert_eq!(stands(&state([true; 3], None)), (Implementation, Approved));
        assert_eq!(
            stands(&state([false, false, true], None)),
            (Requirements, Missing)
        );
    }

    #[test]
    fn kilns_projects_go_by_their_approvals() {
        use {Phase::*, ReviewStatus::*};
        let none = Some([false; 3]);
        assert_eq!(
            stands(&state([true; 3], none)),
            (Requirements, AwaitingReview)
        );
        assert_eq!(
            stands(&state([true, false, false], Some([true, false, false]))),
            (Design, Missing)
        );
        assert_eq!(
            stands(&state([true; 3], Some([true, true, false]))),
            (Tasks, AwaitingReview)
        );
        assert_eq!(
            stands(&state([true; 3], Some([true; 3]))),
            (Implementation, Approved)
        );
    }

    #[test]
    fn design_first_and_quick_specs_have_their_own_order() {
        let mut spec = state([false, true, false], None);
        spec.workflow = Workflow::DesignFirst;
        assert_eq!(phase(&spec).phase, Phase::Design);
        spec.workflow = Workflow::FastTask;
        spec.requirements.exists = true;
        assert_eq!(stands(&spec), (Phase::Tasks, ReviewStatus::Missing));
    }

    #[test]
    fn each_phase_is_approved_before_the_next() {
        let mut status = phase(&SpecState::default());
        for expected in [Phase::Requirements, Phase::Design, Phase::Tasks] {
            assert_eq!(status.phase, expected);
            assert_eq!(
                status.approve(Workflow::RequirementsFirst),
                Err(PhaseError::NotWritten(expected))
            );
            status = status.written();
            assert_eq!(status.request_changes(), Ok(status));
            status = status.approve(Workflow::RequirementsFirst).unwrap();
        }
        assert_eq!(status.phase, Phase::Implementation);
        assert_eq!(
            status.approve(Workflow::RequirementsFirst),
            Err(PhaseError::AllApproved)
        );
    }
}
