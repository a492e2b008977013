use crate::change_builder::ChangeBuilder;
use crate::change_set::{ChangeError, ChangeSet, Operation, Operations};

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
        let mut composed = ChangeBuilder::default();
        let mut first = Steps::new(self.operations());
        let mut second = Steps::new(next.operations());
        loop {
            // What the first deletes is not there for the second to see, and what the second
            // inserts was not there for the first.
            if let Some(Operation::Delete(len)) = first.peek() {
                composed.delete(len);
                first.advance(len);
                continue;
            }
            if let Some(Operation::Insert(text)) = second.peek() {
                composed.insert(text);
                second.advance(text.len());
                continue;
            }
            let (Some(produced), Some(consumed)) = (first.peek(), second.peek()) else {
                break;
            };
            let len = produced.len().min(consumed.len());
            if let Operation::Insert(text) = produced
                && !text.is_char_boundary(len)
            {
                return Err(ChangeError::CharBoundary(composed.len_after() + len));
            }
            match (produced, consumed) {
                (Operation::Retain(_), Operation::Retain(_)) => composed.retain(len),
                (Operation::Retain(_), Operation::Delete(_)) => composed.delete(len),
                (Operation::Insert(text), Operation::Retain(_)) => composed.insert(&text[..len]),
                // Inserted and deleted again: nothing. The other pairs were dealt with above.
                _ => {}
            }
            first.advance(len);
            second.advance(len);
        }
        Ok(composed.finish())
    }

    /// Composes changes that follow one another, pairwise, so that many small ones cost
    /// O(n log n) and not O(n²). The identity over `len` bytes where there are none.
    ///
    /// # Errors
    /// As [`ChangeSet::compose`].
    pub fn compose_all(len: usize, mut changes: Vec<ChangeSet>) -> Result<Self, ChangeError> {
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

impl Operation<'_> {
    fn len(self) -> usize {
        match self {
            Self::Retain(len) | Self::Delete(len) => len,
            Self::Insert(text) => text.len(),
        }
    }

    /// What is left without the first `len` bytes of it.
    fn after(self, len: usize) -> Option<Self> {
        (len < self.len()).then(|| match self {
            Self::Retain(all) => Self::Retain(all - len),
            Self::Delete(all) => Self::Delete(all - len),
            Self::Insert(text) => Self::Insert(&text[len..]),
        })
    }
}

/// Operations that can be taken in part.
struct Steps<'a> {
    rest: Operations<'a>,
    first: Option<Operation<'a>>,
}

impl<'a> Steps<'a> {
    fn new(mut operations: Operations<'a>) -> Self {
        Self {
            first: operations.next(),
            rest: operations,
        }
    }

    fn peek(&self) -> Option<Operation<'a>> {
        self.first
    }

    fn advance(&mut self, len: usize) {
        let left = self.first.and_then(|first| first.after(len));
        self.first = left.or_else(|| self.rest.next());
    }
}
