//! Growing selections along what the language server says is around them; where none says it, or has
//! not yet, along the syntax.

use std::ops::Range;

use editor_core::auto_pair::Pair;
use editor_core::{LanguageRules, Literal, Selections, SyntaxView, Text};
use gpui_kit::{AsyncApp, Context, Task, WeakEntity};

use crate::view::EditorView;

/// What a server said of the carets as they were.
#[derive(Default)]
pub(crate) struct ServedSelections {
    /// The ranges around each caret; none where the server said nothing, or has not yet.
    around: Vec<Vec<Range<usize>>>,
    /// The text and the carets that it goes on from.
    stands: Option<(u64, Selections)>,
    waiting: Option<Task<()>>,
}

impl ServedSelections {
    fn is_of(&self, version: u64, selections: &Selections) -> bool {
        let stands = self.stands.as_ref();
        stands.is_some_and(|(of, carets)| *of == version && carets.same_places(selections))
    }
}

/// A syntax that knows what is around places from a server.
struct Served<'a> {
    syntax: &'a dyn SyntaxView,
    around: &'a [Vec<Range<usize>>],
}

impl SyntaxView for Served<'_> {
    fn literals(&self, text: &Text, range: Range<usize>) -> Vec<Range<usize>> {
        self.syntax.literals(text, range)
    }

    fn literal_at(&self, text: &Text, offset: usize) -> Option<Literal> {
        self.syntax.literal_at(text, offset)
    }

    fn enclosing(&self, range: Range<usize>) -> Option<Range<usize>> {
        let all = self.around.iter().flatten();
        let holds = |one: &&Range<usize>| {
            one.start <= range.start && one.end >= range.end && one.len() > range.len()
        };
        all.filter(holds).min_by_key(|one| one.len()).cloned()
    }

    fn brackets(&self) -> &'static [Pair] {
        self.syntax.brackets()
    }

    fn rules_at(&self, text: &Text, offset: usize) -> &'static LanguageRules {
        self.syntax.rules_at(text, offset)
    }

    fn has_tree(&self) -> bool {
        true
    }
}

impl EditorView {
    /// Grows every selection to the next larger thing around it, at once: what comes next is meant for
    /// what is selected then. What the server says of the carets is asked for meanwhile, and counts
    /// from the press on that comes after its answer.
    pub(crate) fn expand_selection(&mut self, cx: &mut Context<Self>) {
        if !(self.served.selections).is_of(self.version, &self.selections) {
            self.ask_what_is_around(cx);
        }
        self.grow_selections(cx);
    }

    fn ask_what_is_around(&mut self, cx: &mut Context<Self>) {
        let (buffer, version) = (self.buffer, self.version);
        let carets = self.selections.iter().map(|one| one.head);
        let carets: Vec<_> = carets.collect();
        let asked = self.model.update(cx, |model, cx| {
            model.server_selection_ranges(buffer, &carets, cx)
        });
        let Some(asked) = asked else {
            self.served.selections = ServedSelections::default();
            return;
        };
        let stands = Some((version, self.selections.clone()));
        // Dropped with its place once others are asked about.
        let waiting = cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
            let answer = asked.await.ok().filter(|(of, _)| *of == version);
            // A view that is gone grows nothing.
            this.update(cx, |view, _| {
                let served = &mut view.served.selections;
                served.waiting = None;
                served.around = answer.map(|(_, around)| around).unwrap_or_default();
            })
            .ok();
        });
        self.served.selections = ServedSelections {
            around: Vec::new(),
            stands,
            waiting: Some(waiting),
        };
    }

    /// Whether nothing is asked any more about what is around the carets.
    pub fn knows_what_is_around(&self) -> bool {
        self.served.selections.waiting.is_none()
    }

    fn grow_selections(&mut self, cx: &mut Context<Self>) {
        let text = self.text(cx);
        let mut growing = std::mem::take(&mut self.growing);
        let around = std::mem::take(&mut self.served.selections.around);
        let grown = self.by_syntax(cx, |syntax| {
            let served = Served {
                syntax,
                around: &around,
            };
            let known = around.iter().any(|ranges| !ranges.is_empty());
            let syntax = if known { &served } else { syntax };
            growing.expand(&text, &self.selections, syntax)
        });
        self.growing = growing;
        self.served.selections.around = around;
        self.select_in_place(grown, cx);
        self.grown_selections_stand();
    }

    /// Gives every selection back what it was before it grew last.
    pub(crate) fn shrink_selection(&mut self, cx: &mut Context<Self>) {
        let stood = (self.served.selections).is_of(self.version, &self.selections);
        let before = self.growing.shrink(&self.selections);
        self.select(before, cx);
        if stood {
            self.grown_selections_stand();
        }
    }

    /// What the server said goes on from the carets as they are now.
    fn grown_selections_stand(&mut self) {
        let stands = (self.version, self.selections.clone());
        if self.served.selections.stands.is_some() {
            self.served.selections.stands = Some(stands);
        }
    }
}
