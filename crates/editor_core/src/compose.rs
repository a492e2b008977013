use crate::change_set::{ChangeError, ChangeSet, Operation};

impl ChangeSet {
    /// One change with the effect of this one and then `next`. O(operations of both).
    ///
    /// # Errors
    /// [`ChangeError::Length`] where `next` does not start from the text that this one leads to.
    pub fn compose(self, next: ChangeSet) -> Result<ChangeSet, ChangeError> {
        if self.len_after() != next.len_before() {
            return Err(ChangeError::Length {
                expected: next.len_before(),
                actual: self.len_after(),
            });
        }
        if self.is_empty() {
            return Ok(next);
        }
        if next.is_empty() {
            return Ok(self);
        }
        let mut composed = ChangeSet::default();
        let mut first = Steps::new(self.operations());
        let mut second = Steps::new(next.operations());
        loop {
            // What the first deletes is not there for the second to see, and what the second
            // inserts was not there for the first.
            if let Some(Step::Delete(len)) = first.peek() {
                composed.push_delete(len);
                first.advance(len);
                continue;
            }
            if let Some(Step::Insert(text)) = second.peek() {
                composed.push_insert(text);
                second.advance(text.len());
                continue;
            }
            let (Some(produced), Some(consumed)) = (first.peek(), second.peek()) else {
                break;
            };
            let len = produced.len().min(consumed.len());
            if let Step::Insert(text) = produced
                && !text.is_char_boundary(len)
            {
                return Err(ChangeError::CharBoundary(composed.len_after() + len));
            }
            match (produced, consumed) {
                (Step::Retain(_), Step::Retain(_)) => composed.push_retain(len),
                (Step::Retain(_), Step::Delete(_)) => composed.push_delete(len),
                (Step::Insert(text), Step::Retain(_)) => composed.push_insert(&text[..len]),
                // Inserted and deleted again: nothing. The other pairs were dealt with above.
                _ => {}
            }
            first.advance(len);
            second.advance(len);
        }
        Ok(composed)
    }

    /// Composes changes that follow one another, pairwise, so that many small ones cost
    /// O(n log n) and not O(n²). The identity over `len` bytes where there are none.
    pub(crate) fn compose_all(
        len: usize,
        mut changes: Vec<ChangeSet>,
    ) -> Result<Self, ChangeError> {
        while changes.len() > 1 {
            let mut halved = Vec::with_capacity(changes.len().div_ceil(2));
            let mut pairs = changes.into_iter();
            while let Some(first) = pairs.next() {
                halved.push(match pairs.next() {
                    Some(second) => first.compose(second)?,
                    None => first,
                });
            }
            changes = halved;
        }
        Ok(changes.pop().unwrap_or_else(|| ChangeSet::identity(len)))
    }
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Retain(usize),
    Delete(usize),
    Insert(&'a str),
}

impl Step<'_> {
    fn len(self) -> usize {
        match self {
            Step::Retain(len) | Step::Delete(len) => len,
            Step::Insert(text) => text.len(),
        }
    }
}

/// Operations that can be taken in part.
struct Steps<'a> {
    operations: &'a [Operation],
    taken: usize,
}

impl<'a> Steps<'a> {
    fn new(operations: &'a [Operation]) -> Self {
        Self {
            operations,
            taken: 0,
        }
    }

    fn peek(&self) -> Option<Step<'a>> {
        Some(match self.operations.first()? {
            Operation::Retain(len) => Step::Retain(len - self.taken),
            Operation::Delete(len) => Step::Delete(len - self.taken),
            Operation::Insert(text) => Step::Insert(&text[self.taken..]),
        })
    }

    fn advance(&mut self, len: usize) {
        self.taken += len;
        let whole = match self.operations.first() {
            Some(Operation::Retain(len) | Operation::Delete(len)) => *len,
            Some(Operation::Insert(text)) => text.len(),
            None => return,
        };
        if self.taken >= whole {
            self.operations = &self.operations[1..];
            self.taken = 0;
        }
    }
}
