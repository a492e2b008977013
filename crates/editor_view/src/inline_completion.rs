//! How the text may go on at the caret, as the language server has it: shown behind the caret, in the
//! text's own place but not in it, until it is taken, or something else is done than typing it.

use std::time::Duration;

use editor_core::display_map::{BlockId, BlockPlacement, InlayId};
use editor_core::{
    Bias, ChangeSet, CharClass, EditIntent, EditSession, Selection, Selections, Text, Transaction,
};
use gpui_kit::{
    AsyncWindowContext, Context, InteractiveElement, SharedString, Task, WeakEntity, Window,
    actions,
};
use lsp::InlineCompletion;
use ui::{ActiveKilnTheme as _, CommandSpec, Severity};

use crate::blocks::BlockElement;
use crate::commands::Run;
use crate::compare::rows_of_lines;
use crate::differences::shown_rows;
use crate::display_text::CellRules;
use crate::inlays::{InlayStyle, InlayText};
use crate::view::EditorView;

/// How long nothing is typed before the server is asked.
const REST: Duration = Duration::from_millis(75);

crate::commands::commands! {
    TriggerInline "editor.action.inlineSuggest.trigger" "Trigger Inline Suggestion" => |v, window, cx| v.trigger_inline(window, cx);
    CommitInline "editor.action.inlineSuggest.commit" "Accept Inline Suggestion" => |v, window, cx| v.accept_inline(window, cx);
    AcceptInlineWord "editor.action.inlineSuggest.acceptNextWord" "Accept Next Word of Inline Suggestion" => |v, window, cx| v.accept_inline_word(window, cx);
    NextInline "editor.action.inlineSuggest.showNext" "Show Next Inline Suggestion" => |v, _, cx| v.step_inline(1, cx);
    PreviousInline "editor.action.inlineSuggest.showPrevious" "Show Previous Inline Suggestion" => |v, _, cx| v.step_inline(-1, cx);
    HideInline "editor.action.inlineSuggest.hide" "Hide Inline Suggestion" => |v, _, cx| v.close_inline(cx);
}

/// What is offered at the caret of a view.
#[derive(Default)]
pub(crate) struct InlineCompleting {
    asking: Option<Task<()>>,
    offer: Option<Offer>,
    shown: Option<Shown>,
}

impl InlineCompleting {
    pub(crate) fn is_shown(&self) -> bool {
        self.shown.is_some()
    }
}

/// The ways how the text may go on.
struct Offer {
    items: Vec<InlineCompletion>,
    chosen: usize,
    /// Where the caret stood when they were asked for.
    at: usize,
    /// What stood behind it in its line.
    behind: String,
}

impl Offer {
    /// What is still to come of the chosen one behind a caret, and how many bytes behind the caret
    /// come after that which are part of it; `None` where something else was typed.
    fn rest(&self, text: &Text, caret: usize) -> Option<(String, usize)> {
        let item = self.items.get(self.chosen)?;
        let line_end = text.line_end(text.row_at(caret));
        if caret < item.range.start || text.slice(caret..line_end) != *self.behind {
            return None;
        }
        let typed = text.slice(item.range.start..caret);
        let rest = item.new_text.strip_prefix(&*typed)?;
        let over = self.behind.get(..item.range.end.checked_sub(self.at)?)?;
        let rest = rest.strip_suffix(over)?;
        (!rest.is_empty()).then(|| (rest.to_owned(), over.len()))
    }
}

/// What is shown of it, and where.
struct Shown {
    offset: usize,
    rest: String,
    inlays: Vec<InlayId>,
    blocks: Vec<BlockId>,
}

/// The first word of a text, with what stands before it.
fn first_word(text: &str) -> &str {
    let mut inside = None;
    let end = text.char_indices().find(|(_, letter)| {
        let class = CharClass::of(*letter);
        match inside {
            Some(of) => class != of,
            None => {
                inside =
                    (!matches!(class, CharClass::Space | CharClass::LineBreak)).then_some(class);
                false
            }
        }
    });
    &text[..end.map_or(text.len(), |(end, _)| end)]
}

impl EditorView {
    /// What is offered behind the caret and not in the text.
    pub fn inline_suggestion(&self) -> Option<&str> {
        Some(&self.inline.shown.as_ref()?.rest)
    }

    /// Alt+\\.
    fn trigger_inline(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        self.close_completion(cx);
        if !self.model.read(cx).completes_inline(self.buffer) {
            let message = "No language server says how this file may go on.";
            return ui::notify(Severity::Info, message, window, cx);
        }
        self.ask_inline(false, window, cx);
    }

    /// Something was typed or deleted: what is offered becomes shorter or longer, or is asked for.
    pub(crate) fn inline_typed(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        self.show_inline(cx);
        if self.inline.shown.is_some() {
            return;
        }
        self.inline.offer = None;
        self.inline.asking = None;
        if self.language_settings(cx).completion.inline_suggest
            && self.model.read(cx).completes_inline(self.buffer)
        {
            self.ask_inline(true, window, cx);
        }
    }

    fn ask_inline(&mut self, by_itself: bool, window: &mut Window, cx: &mut Context<Self>) {
        if self.selections.len() > 1 || !self.completes(cx) {
            return;
        }
        self.inline.asking = Some(cx.spawn_in(
            window,
            async move |this: WeakEntity<Self>, cx: &mut AsyncWindowContext| {
                if by_itself {
                    cx.background_executor().timer(REST).await;
                }
                let asked = this.update(cx, |view, cx| {
                    let (buffer, at) = (view.buffer, view.selections.primary().head);
                    let answer = view.model.update(cx, |model, cx| {
                        model.server_inline_completions(buffer, at, by_itself, cx)
                    });
                    (answer, at, view.text(cx))
                });
                // A view that is gone shows nothing.
                let Ok((answer, at, text)) = asked else {
                    return;
                };
                let answer = answer.await;
                this.update_in(cx, |view, window, cx| {
                    view.inline.asking = None;
                    let items = match answer {
                        Ok(items) => items,
                        Err(error) if !by_itself => {
                            let message = format!("Nothing is suggested: {error}.");
                            return ui::notify(Severity::Info, message, window, cx);
                        }
                        // What nobody asked for is left out.
                        Err(_) => return,
                    };
                    if items.is_empty() && !by_itself {
                        let message = "There is no inline suggestion here.";
                        ui::notify(Severity::Info, message, window, cx);
                    }
                    let line_end = text.line_end(text.row_at(at));
                    view.inline.offer = Some(Offer {
                        items,
                        chosen: 0,
                        at,
                        behind: text.slice(at..line_end).into_owned(),
                    });
                    if view.focus.is_focused(window) {
                        view.show_inline(cx);
                    } else {
                        view.close_inline(cx);
                    }
                })
                .ok();
            },
        ));
    }

    /// Takes away what is offered, with what is waited for.
    pub(crate) fn close_inline(&mut self, cx: &mut Context<Self>) {
        self.inline.asking = None;
        self.inline.offer = None;
        self.show_inline(cx);
    }

    /// Brings what is shown in step with what is offered. While completions are listed nothing is.
    pub(crate) fn show_inline(&mut self, cx: &mut Context<Self>) {
        if self.inline.offer.is_none() && self.inline.shown.is_none() {
            return;
        }
        let text = self.text(cx);
        let caret = self.selections.primary().head;
        let wanted = match &self.inline.offer {
            Some(offer) if !self.completing.is_shown() && self.selections.len() == 1 => {
                offer.rest(&text, caret).map(|(rest, _)| rest)
            }
            _ => None,
        };
        let same = match (&wanted, &self.inline.shown) {
            (Some(rest), Some(shown)) => shown.offset == caret && shown.rest == *rest,
            (None, None) => true,
            _ => false,
        };
        if same {
            return;
        }
        if let Some(shown) = self.inline.shown.take() {
            self.remove_inlays(&shown.inlays, cx);
            self.remove_blocks(&shown.blocks, cx);
        }
        self.inline.shown = wanted.map(|rest| self.insert_inline(caret, rest, cx));
    }

    /// Shows a text behind the caret: its first line there, the others below.
    fn insert_inline(&mut self, offset: usize, rest: String, cx: &mut Context<Self>) -> Shown {
        let color = cx.kiln_theme().ghost_text;
        let lines = Text::new(&rest);
        let rules = CellRules::of_settings(self.language_settings(cx));
        let mut rows: Vec<SharedString> = shown_rows(&lines, 0..lines.line_count(), rules)
            .into_iter()
            .map(|line| SharedString::from(line.text))
            .collect();
        let first = rows.remove(0);
        let style = InlayStyle {
            color: Some(color),
            // As the lines below it.
            background: Some(gpui_kit::transparent_black()),
        };
        let inlays = match first.is_empty() {
            true => Vec::new(),
            false => vec![InlayText {
                offset,
                bias: Bias::Right,
                text: first.as_ref().into(),
                style,
            }],
        };
        let inlays = self.insert_inlays(inlays, cx);
        let blocks = match rows.is_empty() {
            true => Vec::new(),
            false => vec![BlockElement {
                offset,
                placement: BlockPlacement::Below,
                rows: rows.len() as u32,
                render: std::rc::Rc::new(move |context, _, cx| {
                    let (id, label) = ("inline-suggestion", "Inline suggestion");
                    let (color, none) = (cx.kiln_theme().ghost_text, gpui_kit::transparent_black());
                    rows_of_lines(id, label, color, none, &rows, |_| Vec::new(), context)
                }),
            }],
        };
        let blocks = self.insert_blocks(blocks, cx);
        Shown {
            offset,
            rest,
            inlays,
            blocks,
        }
    }

    fn step_inline(&mut self, by: isize, cx: &mut Context<Self>) {
        let (text, caret) = (self.text(cx), self.selections.primary().head);
        let Some(offer) = &mut self.inline.offer else {
            return;
        };
        // Those that fit what was typed since.
        for _ in 0..offer.items.len() {
            let next = offer.chosen as isize + by;
            offer.chosen = next.rem_euclid(offer.items.len() as isize) as usize;
            if offer.rest(&text, caret).is_some() {
                break;
            }
        }
        self.show_inline(cx);
    }

    /// Tab.
    fn accept_inline(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let (text, caret) = (self.text(cx), self.selections.primary().head);
        let Some(offer) = self.inline.offer.take() else {
            return;
        };
        if let Some((rest, over)) = offer.rest(&text, caret) {
            let version = self.version;
            self.put_inline_in(&text, caret, &rest, over, window, cx);
            let command = offer.items.get(offer.chosen);
            let command = command.and_then(|item| item.command.clone());
            if let Some(command) = command.filter(|_| self.version != version) {
                let buffer = self.buffer;
                let running = self
                    .model
                    .update(cx, |model, cx| model.server_execute(buffer, &command, cx));
                cx.background_executor()
                    .spawn(async move {
                        if let Err(error) = running.await {
                            tracing::debug!("what follows a suggestion was not done: {error}");
                        }
                    })
                    .detach();
            }
        }
        self.close_inline(cx);
    }

    fn accept_inline_word(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let (text, caret) = (self.text(cx), self.selections.primary().head);
        let offer = self.inline.offer.as_ref();
        let Some((rest, over)) = offer.and_then(|offer| offer.rest(&text, caret)) else {
            return;
        };
        let word = first_word(&rest);
        let over = if word.len() == rest.len() { over } else { 0 };
        self.typing(|view| view.put_inline_in(&text, caret, word, over, window, cx));
        if over > 0 || word.len() == rest.len() {
            return self.close_inline(cx);
        }
        self.show_inline(cx);
    }

    /// Puts a text in at the caret, and the caret behind it and the `over` bytes that follow.
    fn put_inline_in(
        &mut self,
        text: &Text,
        caret: usize,
        new_text: &str,
        over: usize,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let Ok(changes) = ChangeSet::replacement(text.len(), caret..caret, new_text) else {
            return;
        };
        let transaction = Transaction {
            changes,
            selections_before: self.selections.clone(),
            selections_after: Selections::single(Selection::caret(caret + new_text.len() + over)),
            intent: EditIntent::Session(EditSession::begin()),
        };
        self.edit(transaction, window, cx);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offer(text: &str, at: usize, range: std::ops::Range<usize>, new_text: &str) -> Offer {
        let text = Text::new(text);
        Offer {
            items: vec![InlineCompletion {
                range,
                new_text: new_text.into(),
                command: None,
            }],
            chosen: 0,
            at,
            behind: text.slice(at..text.line_end(text.row_at(at))).into_owned(),
        }
    }

    #[test]
    fn what_is_offered_is_what_was_not_typed_yet() {
        let one = offer("x = fo)\n", 6, 4..7, "foo(1)");
        let rest = |text: &str, caret: usize| one.rest(&Text::new(text), caret);
        assert_eq!(rest("x = fo)\n", 6), Some(("o(1".to_owned(), 1)));
        assert_eq!(rest("x = foo)\n", 7), Some(("(1".to_owned(), 1)));
        assert_eq!(rest("x = f)\n", 5), Some(("oo(1".to_owned(), 1)));
        assert_eq!(rest("x = foo(1)\n", 9), None, "all of it was typed");
        assert_eq!(rest("x = fox)\n", 7), None, "something else was typed");
        assert_eq!(rest("x = fo))\n", 6), None, "what follows is another");
        assert_eq!(rest("x = \n", 3), None, "before it");
    }

    #[test]
    fn a_word_goes_with_what_stands_before_it() {
        for (text, word) in [
            ("foo bar", "foo"),
            ("  foo(", "  foo"),
            ("(a", "("),
            ("\n  x.y", "\n  x"),
            ("ä", "ä"),
            (" ", " "),
        ] {
            assert_eq!(first_word(text), word);
        }
    }
}
