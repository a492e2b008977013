//! Putting a completion in.

use std::ops::Range;

use editor_core::snippet::{Snippet, SnippetSession};
use editor_core::{
    Bias, ChangeSet, EditIntent, EditSession, Selection, Selections, Text, Transaction,
};
use gpui_kit::{AsyncWindowContext, Context, WeakEntity, Window};
use lsp::{CompletionDetails, CompletionItem, CompletionTrigger, FollowUp};
use ui::Severity;

use super::state::Menu;
use crate::view::EditorView;

/// What an item replaces at every caret: so many bytes before it and behind it, where the same stands
/// there as at the primary one.
fn replaced(text: &Text, carets: &Selections, before: usize, behind: usize) -> Selections {
    let at = carets.primary().start();
    let line_end = text.line_end(text.row_at(at));
    let word = text.slice(at - before..at).into_owned();
    let rest = text.slice(at..(at + behind).min(line_end)).into_owned();
    let selections = carets.iter().map(|caret| {
        let (start, end) = (caret.start(), caret.end());
        let same = |range: Range<usize>, other: &str| {
            range.end <= text.len()
                && text.is_char_boundary(range.start)
                && text.is_char_boundary(range.end)
                && text.slice(range) == other
        };
        let start = match start.checked_sub(word.len()) {
            Some(from) if same(from..start, &word) => from,
            _ => start,
        };
        let end = match same(end..end + rest.len(), &rest) {
            true => end + rest.len(),
            false => end,
        };
        Selection::new(start, end)
    });
    Selections::new(selections.collect(), carets.primary_index())
}

/// Edits of an earlier version, in the text as it is now; those whose place has changed are left out.
fn carried(edits: &[(Range<usize>, String)], since: &ChangeSet, text: &Text) -> Option<ChangeSet> {
    let carried = edits.iter().filter_map(|(range, new_text)| {
        // What goes in where a word was typed since, or replaced, goes before it.
        let (start, end) = match range.is_empty() {
            true => {
                let at = since.map_offset(range.start, Bias::Left);
                (at, at)
            }
            false => (
                since.map_offset(range.start, Bias::Right),
                since.map_offset(range.end, Bias::Left),
            ),
        };
        (start <= end && end - start == range.len()).then(|| (start..end, new_text.clone()))
    });
    let change = lsp::change_of(text, carried.collect()).ok()?;
    (!change.is_empty()).then_some(change)
}

/// Whether changes put in what stands there.
fn says_the_same(changes: &ChangeSet, text: &Text) -> bool {
    let mut edits = changes.edits();
    edits.all(|edit| text.slice(edit.old_range.clone()) == edit.text)
}

impl EditorView {
    /// Enter and Tab. Where they would put in what stands there, they mean what they mean without a
    /// list.
    pub(super) fn accept_selected(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let Some(menu) = self.completing.menu.take() else {
            return;
        };
        self.completing.asking = None;
        if menu.is_written() && !menu.is_asked {
            cx.notify();
            return cx.propagate();
        }
        self.accept(&menu, window, cx);
        cx.notify();
    }

    /// Takes the row that was pressed.
    pub(super) fn accept_row(&mut self, row: usize, window: &mut Window, cx: &mut Context<Self>) {
        if let Some(menu) = &mut self.completing.menu {
            menu.selected = row;
            self.accept_selected(window, cx);
        }
    }

    /// Takes the selected item where what is typed next does so.
    pub(crate) fn commit_completion(
        &mut self,
        typed: &str,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        if !self
            .language_settings(cx)
            .completion
            .accept_on_commit_character
        {
            return;
        }
        let mut characters = typed.chars();
        let (Some(character), None) = (characters.next(), characters.next()) else {
            return;
        };
        let commits = self.completing.menu.as_ref().is_some_and(|menu| {
            menu.selected_item().is_some_and(|(_, item)| {
                item.commit_characters.contains(&character) && !menu.word_of(item).is_empty()
            })
        });
        if commits {
            self.accept_selected(window, cx);
        }
    }

    fn accept(&mut self, menu: &Menu, window: &mut Window, cx: &mut Context<Self>) {
        let Some((index, item)) = menu.selected_item() else {
            return;
        };
        let details = menu.details(index).cloned().unwrap_or_default();
        let is_whole = menu.resolved.contains_key(&index) || item.is_local();
        let text = self.text(cx);
        // What is selected, as at a tab stop, is taken away too.
        let caret = self.selections.primary().start();
        let start = text.floor_char_boundary(menu.start_of(item.range.start).min(caret));
        let behind = item.range.end.saturating_sub(menu.list.offset);
        let over = replaced(&text, &self.selections, caret - start, behind);
        let since = self
            .buffer_ref(cx)
            .and_then(|buffer| buffer.changes_since(menu.list.version));
        let beside = since.and_then(|since| carried(&details.additional_edits, &since, &text));
        // What it puts in and what it changes elsewhere are undone together.
        let session = EditSession::begin();
        let version = self.version;
        let before = self.selections.clone();
        let mut over = over;
        if let Some(changes) = beside.filter(|changes| is_apart(changes, &over)) {
            over = over.map(&changes);
            let transaction = Transaction {
                changes,
                selections_before: before,
                selections_after: over.clone(),
                intent: EditIntent::Session(session),
            };
            self.edit(transaction, window, cx);
            if self.version == version {
                return;
            }
        }
        self.put_item_in(item, &over, session, window, cx);
        self.follow_up(&details, window, cx);
        if !is_whole {
            self.resolve_accepted(menu, item.clone(), window, cx);
        }
    }

    fn put_item_in(
        &mut self,
        item: &CompletionItem,
        over: &Selections,
        session: EditSession,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let text = self.text(cx);
        let mut environment = self.snippet_environment(cx);
        let indent = self.indent;
        let snippet = match item.is_snippet {
            true => Snippet::parse(&item.new_text),
            false => Ok(Snippet::plain(&item.new_text)),
        };
        let started = snippet.and_then(|snippet| {
            SnippetSession::start_over(&text, over, &snippet, &mut environment, &indent)
        });
        match started {
            // What stands there already, as a choice that was typed, is no step of undo.
            Ok((transaction, None)) if says_the_same(&transaction.changes, &text) => {
                self.select(transaction.selections_after, cx);
            }
            Ok((mut transaction, filled)) => {
                transaction.intent = EditIntent::Session(session);
                // Undo leads back to the carets, not to what was replaced around them.
                transaction.selections_before = self.selections.clone();
                // In a snippet that is being filled in, what is put in belongs to its tab stop.
                let outer = self.snippet.take().filter(|_| filled.is_none());
                let version = self.version;
                let changes = transaction.changes.clone();
                self.edit(transaction, window, cx);
                if self.version != version {
                    self.snippet = filled.or(outer);
                    match self.snippet.is_some() && item.is_snippet {
                        true => self.snippet_version = self.version,
                        false => self.snippet_edited(&changes, self.version),
                    }
                    if item.is_snippet {
                        self.offer_choices_of_stop(window, cx);
                    }
                }
            }
            Err(error) => {
                let message = format!("\u{201c}{}\u{201d} cannot be put in: {error}.", item.label);
                ui::notify(Severity::Warning, message, window, cx);
            }
        }
    }

    fn follow_up(
        &mut self,
        details: &CompletionDetails,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        match details.command {
            Some(FollowUp::Complete) => {
                self.ask_for_completions(CompletionTrigger::Invoked, false, window, cx);
            }
            Some(FollowUp::SignatureHelp) => self.parameters_wanted(cx),
            // Behind what opens a call its parameters are of interest.
            None => {
                let text = self.text(cx);
                if let Some(before) = text.char_before(self.selections.primary().start()) {
                    self.parameters_typed(before.encode_utf8(&mut [0; 4]), cx);
                }
            }
        }
    }

    /// Asks for what an item changes elsewhere, where that was not known when it was put in.
    fn resolve_accepted(
        &mut self,
        menu: &Menu,
        item: CompletionItem,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let (buffer, version) = (self.buffer, menu.list.version);
        let known = item.details.additional_edits.clone();
        let asked = self.model.update(cx, |model, cx| {
            model.server_resolve_completion(buffer, &item, &menu.text, cx)
        });
        cx.spawn_in(
            window,
            async move |this: WeakEntity<Self>, cx: &mut AsyncWindowContext| {
                // What the server has no answer to is left out.
                let Ok(details) = asked.await else { return };
                if details.additional_edits == known {
                    return;
                }
                // A view that is gone changes nothing.
                this.update_in(cx, |view, window, cx| {
                    let since = view
                        .buffer_ref(cx)
                        .and_then(|buffer| buffer.changes_since(version));
                    let text = view.text(cx);
                    let changes =
                        since.and_then(|since| carried(&details.additional_edits, &since, &text));
                    if let Some(changes) = changes {
                        let transaction = Transaction::from_changes(changes, &view.selections);
                        view.edit(transaction, window, cx);
                    }
                })
                .ok();
            },
        )
        .detach();
    }
}

/// Whether a change touches nothing of what is replaced.
fn is_apart(changes: &ChangeSet, over: &Selections) -> bool {
    changes.edits().all(|edit| {
        over.iter().all(|selection| {
            edit.old_range.end <= selection.start() || selection.end() <= edit.old_range.start
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_replaced_at_each_caret_where_it_stands() {
        let text = Text::new("pri; pri; xx");
        let carets = [
            Selection::caret(3),
            Selection::caret(8),
            Selection::caret(12),
        ];
        let carets = Selections::new(carets.to_vec(), 0);
        let ranges: Vec<_> = replaced(&text, &carets, 3, 1)
            .iter()
            .map(Selection::range)
            .collect();
        assert_eq!(ranges, [0..4, 5..9, 12..12]);
    }

    #[test]
    fn edits_elsewhere_are_carried_over_what_was_typed_since() {
        let then = Text::new("a\npr");
        let typed = ChangeSet::replacement(then.len(), 4..4, "i").unwrap();
        let now = typed.apply(&then).unwrap();
        let edits = [(0..0, "use x;\n".to_owned()), (3..4, "lost".to_owned())];
        let typed_over = ChangeSet::replacement(then.len(), 3..4, "").unwrap();
        let change = carried(&edits, &typed, &now).unwrap();
        assert_eq!(change.edits().count(), 2);
        let now = typed_over.apply(&then).unwrap();
        let change = carried(&edits, &typed_over, &now).unwrap();
        assert_eq!(change.apply(&now).unwrap(), *"use x;\na\np");
        let then = Text::new("l\n");
        let taken = ChangeSet::replacement(then.len(), 0..1, "lazily").unwrap();
        let now = taken.apply(&then).unwrap();
        let change = carried(&edits[..1], &taken, &now).unwrap();
        assert_eq!(change.apply(&now).unwrap(), *"use x;\nlazily\n");
    }
}
