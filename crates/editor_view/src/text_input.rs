//! Typed text and input methods.
//!
//! The platform speaks UTF-16; it is turned into bytes here, at the boundary, and nowhere else in
//! this crate.

use std::ops::Range;

use editor_core::{
    ChangeSet, Edit, EditIntent, EditSession, Selection, Selections, Text, Transaction,
};
use gpui_kit::{
    App, Bounds, ClipboardItem, Context, EntityInputHandler, Pixels, Point, UTF16Selection, Window,
};

use crate::clipboard::PastedRows;
use crate::view::EditorView;

impl EntityInputHandler for EditorView {
    fn text_for_range(
        &mut self,
        range: Range<usize>,
        adjusted: &mut Option<Range<usize>>,
        _: &mut Window,
        cx: &mut Context<Self>,
    ) -> Option<String> {
        let text = self.text(cx);
        let range = from_utf16(&text, &range);
        *adjusted = Some(to_utf16(&text, &range));
        Some(text.slice(range).into_owned())
    }

    fn selected_text_range(
        &mut self,
        _: bool,
        _: &mut Window,
        cx: &mut Context<Self>,
    ) -> Option<UTF16Selection> {
        let text = self.text(cx);
        let primary = self.selections.primary();
        Some(UTF16Selection {
            range: to_utf16(&text, &primary.range()),
            reversed: primary.is_reversed(),
        })
    }

    fn marked_text_range(&self, _: &mut Window, cx: &mut Context<Self>) -> Option<Range<usize>> {
        let index = self.selections.primary_index();
        let range = self.marked.get(index).or(self.marked.first())?;
        Some(to_utf16(&self.text(cx), range))
    }

    fn unmark_text(&mut self, _: &mut Window, cx: &mut Context<Self>) {
        self.marked.clear();
        cx.notify();
    }

    fn paste(&mut self, item: ClipboardItem, window: &mut Window, cx: &mut Context<Self>) {
        self.paste_item(&item, PastedRows::Indented, window, cx);
    }

    fn replace_text_in_range(
        &mut self,
        range: Option<Range<usize>>,
        typed: &str,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let ends_dead_key = self.ends_dead_key(typed, cx);
        if self.vim_takes_text(typed, window, cx) {
            if ends_dead_key && self.vim_inserts() {
                self.accent_left(typed, cx);
            }
            return;
        }
        if !self.marked.is_empty() {
            self.replace(self.marked.clone(), typed, None, window, cx);
            if ends_dead_key {
                self.accent_left(typed, cx);
            }
        } else if let Some(range) = range {
            let range = from_utf16(&self.text(cx), &range);
            self.replace(vec![range], typed, None, window, cx);
        } else if !typed.is_empty() {
            self.type_text(typed, window, cx);
        }
    }

    fn replace_and_mark_text_in_range(
        &mut self,
        range: Option<Range<usize>>,
        composed: &str,
        selected: Option<Range<usize>>,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        // What is composed in normal mode is no text yet, and its end comes as keys.
        if self.vim_has_commands(cx) {
            return;
        }
        let ranges = match range {
            _ if !self.marked.is_empty() => self.marked.clone(),
            Some(range) => vec![from_utf16(&self.text(cx), &range)],
            None => self.selections.iter().map(Selection::range).collect(),
        };
        let composed_text = Text::new(composed);
        let selected = match selected {
            Some(selected) => from_utf16(&composed_text, &selected),
            None => composed.len()..composed.len(),
        };
        self.replace(ranges, composed, Some(selected), window, cx);
    }

    fn bounds_for_range(
        &mut self,
        range: Range<usize>,
        _: Bounds<Pixels>,
        _: &mut Window,
        cx: &mut Context<Self>,
    ) -> Option<Bounds<Pixels>> {
        let range = from_utf16(&self.text(cx), &range);
        let frame = self.frame.as_ref()?;
        let start = frame.caret_bounds(range.start)?;
        match frame.caret_bounds(range.end) {
            Some(end) if end.top() == start.top() && end.left() > start.left() => {
                Some(Bounds::from_corners(start.origin, end.bottom_right()))
            }
            _ => Some(start),
        }
    }

    fn character_index_for_point(
        &mut self,
        point: Point<Pixels>,
        _: &mut Window,
        cx: &mut Context<Self>,
    ) -> Option<usize> {
        let text = self.text(cx);
        let offset = self.frame.as_ref()?.offset_at(point).min(text.len());
        Some(text.offset_to_utf16(offset))
    }

    fn set_selected_text_range(
        &mut self,
        range: Range<usize>,
        _: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let range = from_utf16(&self.text(cx), &range);
        self.select(
            Selections::single(Selection::new(range.start, range.end)),
            cx,
        );
    }

    fn text_length_utf16(&mut self, _: &mut Window, cx: &mut Context<Self>) -> Option<usize> {
        let text = self.text(cx);
        Some(text.offset_to_utf16(text.len()))
    }
}

impl EditorView {
    /// Replaces every range by the same text. With `marked` the new text is being composed, and the
    /// carets select that part of it.
    pub(crate) fn replace(
        &mut self,
        ranges: Vec<Range<usize>>,
        new_text: &str,
        marked: Option<Range<usize>>,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let intent = self.composition_intent(marked.is_some(), cx);
        let text = self.text(cx);
        let mut ranges = ranges;
        ranges.retain(|range| range.end <= text.len());
        ranges.sort_by_key(|range| range.start);
        let edits = ranges
            .iter()
            .map(|range| Edit::new(range.clone(), new_text))
            .collect();
        let Ok(changes) = ChangeSet::from_edits(text.len(), edits) else {
            // The platform composed over ranges that are gone; nothing can be put there.
            self.marked.clear();
            return;
        };
        let inside = marked.clone().unwrap_or(new_text.len()..new_text.len());
        let mut starts = Vec::with_capacity(ranges.len());
        let (mut grown, mut shrunk) = (0, 0);
        for range in &ranges {
            starts.push(range.start + grown - shrunk);
            grown += new_text.len();
            shrunk += range.len();
        }
        let after = starts
            .iter()
            .map(|start| Selection::new(start + inside.start, start + inside.end))
            .collect();
        let transaction = Transaction {
            changes,
            selections_before: self.selections.clone(),
            selections_after: Selections::new(after, self.selections.primary_index()),
            intent,
        };
        let version = self.version;
        let unchanged = transaction.is_empty();
        self.edit_typed(transaction, window, cx);
        match marked {
            None if !new_text.is_empty() => {
                self.complete_typed(new_text, window, cx);
                self.inline_typed(window, cx);
            }
            _ => self.close_suggestions(cx),
        }
        if marked.is_some() && (unchanged || self.version != version) && !new_text.is_empty() {
            self.marked = starts
                .iter()
                .map(|start| *start..start + new_text.len())
                .collect();
        }
    }

    /// What an edit is meant as that an input method makes: part of a composition, or, in Vim's
    /// insert mode, of what is typed there until Escape.
    fn composition_intent(&mut self, composes: bool, cx: &App) -> EditIntent {
        if self.is_vim(cx)
            && let Some(mode) = &mut self.vim
            && mode.mode().is_insert()
        {
            return EditIntent::Session(mode.vim.undo_session());
        }
        let goes_on = !self.marked.is_empty();
        if !composes && !goes_on {
            return EditIntent::Typing;
        }
        let session = self.composition.take().filter(|_| goes_on);
        let session = session.unwrap_or_else(EditSession::begin);
        self.composition = Some(session);
        EditIntent::Session(session)
    }
}

fn from_utf16(text: &Text, range: &Range<usize>) -> Range<usize> {
    let start = text.utf16_to_offset(range.start);
    start..text.utf16_to_offset(range.end).max(start)
}

fn to_utf16(text: &Text, range: &Range<usize>) -> Range<usize> {
    text.offset_to_utf16(range.start)..text.offset_to_utf16(range.end)
}
