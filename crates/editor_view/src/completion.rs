//! Completions: what can be put in at the carets, from the language server and the snippets, while
//! one types or when asked; words of the open texts where no server has any.
//!
//! A list is asked for once a word and narrowed down here while the word grows; it is asked for
//! again where the server says that it was incomplete. Any edit that was not typed, and any movement
//! of the carets, closes it.

mod accept;
mod choices;
mod matching;
mod menu;
mod state;
mod words;

use std::ops::Range;
use std::time::Duration;

use editor_core::{CharClass, Literal, Text, Transaction, WordChars};
use gpui_kit::component::text::TextViewState;
use gpui_kit::{
    AppContext as _, AsyncWindowContext, Context, InteractiveElement, Task, WeakEntity, Window,
    actions,
};
use lsp::{CompletionDetails, CompletionItem, CompletionList, CompletionTrigger};
use ui::{CommandSpec, Severity, SnippetStore};
use workspace::Buffer;

use crate::commands::Run;
use crate::view::EditorView;
use menu::SHORT_DETAIL;
use state::{Asking, Menu, ROWS};

pub(crate) use state::Completing;

/// How long an item is selected before the server is asked for what it left out of it.
const REST: Duration = Duration::from_millis(40);

crate::commands::commands! {
    TriggerSuggest "editor.action.triggerSuggest" "Trigger Suggest" => |v, window, cx| v.suggest(window, cx);
    NextSuggestion "editor.selectNextSuggestion" "Select Next Suggestion" => |v, window, cx| v.step_completion(1, window, cx);
    PreviousSuggestion "editor.selectPrevSuggestion" "Select Previous Suggestion" => |v, window, cx| v.step_completion(-1, window, cx);
    NextSuggestionPage "editor.selectNextPageSuggestion" "Select Next Page of Suggestions" => |v, window, cx| v.step_completion(ROWS as isize, window, cx);
    PreviousSuggestionPage "editor.selectPrevPageSuggestion" "Select Previous Page of Suggestions" => |v, window, cx| v.step_completion(-(ROWS as isize), window, cx);
    AcceptSuggestion "editor.acceptSelectedSuggestion" "Accept Suggestion" => |v, window, cx| v.accept_selected(window, cx);
    HideSuggestions "editor.hideSuggestWidget" "Hide Suggestions" => |v, _, cx| v.close_completion(cx);
}

/// Where the word begins that ends at a byte; the byte itself where none does.
fn word_start(text: &Text, offset: usize, words: WordChars) -> usize {
    let before = text.char_before(offset);
    match before.map(|character| words.class(character)) {
        Some(CharClass::Word) => words.word_at(text, offset).start.min(offset),
        _ => offset,
    }
}

impl EditorView {
    /// The labels of the completions that are shown, in order, that of the selected one marked by
    /// a `>`; nothing while none are shown.
    pub fn completion_labels(&self) -> Vec<String> {
        let Some(menu) = &self.completing.menu else {
            return Vec::new();
        };
        let labels = menu.matches.iter().enumerate().filter_map(|(row, one)| {
            let label = &menu.list.items.get(one.index)?.label;
            let mark = if row == menu.selected { ">" } else { "" };
            Some(format!("{mark}{label}"))
        });
        labels.collect()
    }

    /// Whether completions mean anything in this view now.
    pub(crate) fn completes(&self, cx: &Context<Self>) -> bool {
        let editable = self
            .buffer_ref(cx)
            .is_some_and(|buffer| !Buffer::is_read_only(buffer));
        editable && (!self.is_vim(cx) || self.vim_inserts())
    }

    /// Makes an edit that was typed, which what is shown for typing follows.
    pub(crate) fn edit_typed(
        &mut self,
        transaction: Transaction,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        self.typing(|view| view.edit(transaction, window, cx));
    }

    /// Does something that types or deletes, which what is shown for typing follows.
    pub(crate) fn typing(&mut self, run: impl FnOnce(&mut Self)) {
        self.completing.typing = true;
        run(self);
        self.completing.typing = false;
    }

    /// Ctrl+Space.
    fn suggest(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        if self.completes(cx) {
            self.ask_for_completions(CompletionTrigger::Invoked, true, window, cx);
        }
    }

    /// Something was typed: narrows the list down, or asks for one.
    pub(crate) fn complete_typed(
        &mut self,
        typed: &str,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        if !self.completes(cx) {
            return self.close_completion(cx);
        }
        let text = self.text(cx);
        let caret = self.selections.primary().head;
        let trigger = self.completion_trigger(typed, cx);
        if let Some(menu) = &mut self.completing.menu {
            if menu.filter(&text, caret) {
                cx.notify();
                let is_incomplete = menu.list.is_incomplete;
                let is_asked = menu.is_asked;
                self.selection_settled(window, cx);
                if is_incomplete {
                    let trigger = CompletionTrigger::Incomplete;
                    self.ask_for_completions(trigger, is_asked, window, cx);
                }
                if trigger.is_none() {
                    return;
                }
            }
            self.close_completion(cx);
        }
        let start = word_start(&text, caret, self.word_chars(caret, cx));
        match trigger {
            Some(trigger) => self.ask_for_completions(trigger, false, window, cx),
            // The answer that is waited for is about this word too.
            None if self
                .completing
                .asking
                .as_ref()
                .is_some_and(|asking| asking.word_start == start && start < caret) => {}
            None if self.suggests_words(typed, &text, caret, cx) => {
                self.ask_for_completions(CompletionTrigger::Invoked, false, window, cx);
            }
            None => self.completing.asking = None,
        }
    }

    /// Something was deleted from a word: widens the list, or closes it.
    pub(crate) fn complete_deleted(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let text = self.text(cx);
        let caret = self.selections.primary().head;
        let Some(menu) = &mut self.completing.menu else {
            self.completing.asking = None;
            return;
        };
        let empty = caret <= menu.anchor && !menu.is_asked;
        if empty || !menu.filter(&text, caret) {
            return self.close_completion(cx);
        }
        let (is_incomplete, is_asked) = (menu.list.is_incomplete, menu.is_asked);
        self.selection_settled(window, cx);
        if is_incomplete {
            self.ask_for_completions(CompletionTrigger::Incomplete, is_asked, window, cx);
        }
        cx.notify();
    }

    /// Whether the server wants to be asked because of what was typed.
    fn completion_trigger(&self, typed: &str, cx: &Context<Self>) -> Option<CompletionTrigger> {
        if !self.language_settings(cx).completion.on_trigger_characters {
            return None;
        }
        let servers = self.model.read(cx).language_servers()?;
        let triggers = servers
            .serving(self.buffer)
            .filter_map(|(server, _)| server.completion_triggers());
        let named = triggers.flatten().any(|one| one == typed);
        named.then(|| CompletionTrigger::Character(typed.to_owned()))
    }

    /// Whether a list comes by itself with the word at the caret.
    fn suggests_words(&self, typed: &str, text: &Text, caret: usize, cx: &Context<Self>) -> bool {
        if !self.language_settings(cx).completion.quick_suggestions {
            return false;
        }
        let ends_word = typed.chars().last().map(CharClass::of) == Some(CharClass::Word);
        let start = word_start(text, caret, self.word_chars(caret, cx));
        // Numbers are no words.
        let begins = text.char_at(start).is_some_and(|first| !first.is_numeric());
        let in_code = || {
            let literal = self.by_syntax(cx, |syntax| syntax.literal_at(text, start));
            !matches!(literal, Some(Literal::String | Literal::Comment))
        };
        ends_word && begins && in_code()
    }

    fn ask_for_completions(
        &mut self,
        trigger: CompletionTrigger,
        is_asked: bool,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let (buffer, version, text) = (self.buffer, self.version, self.text(cx));
        let at = self.selections.primary().head;
        let word = word_start(&text, at, self.word_chars(at, cx))..at;
        let (snippets, words) = match trigger {
            CompletionTrigger::Character(_) => (Vec::new(), Task::ready(Vec::new())),
            _ => (
                self.snippet_items(word.clone(), cx),
                self.words_near(&text, word.clone(), is_asked, cx),
            ),
        };
        let asked = self.model.update(cx, |model, cx| {
            let servers = model.language_servers()?;
            servers.of_buffer(buffer)?;
            Some(model.server_completion(buffer, at, &trigger, cx))
        });
        let task = cx.spawn_in(
            window,
            async move |this: WeakEntity<Self>, cx: &mut AsyncWindowContext| {
                let answer = match asked {
                    Some(asked) => asked.await.ok(),
                    None => None,
                };
                let mut list = answer.unwrap_or_else(|| CompletionList {
                    version,
                    offset: at,
                    ..CompletionList::default()
                });
                if list.items.is_empty() {
                    list.items = words.await;
                }
                list.items.extend(snippets);
                // A view that is gone shows nothing.
                this.update_in(cx, |view, window, cx| {
                    view.completions_arrived(list, text, is_asked, window, cx);
                })
                .ok();
            },
        );
        self.completing.asking = Some(Asking {
            word_start: word.start,
            _task: task,
        });
    }

    /// The snippets of the language, as items for a word.
    fn snippet_items(&self, word: Range<usize>, cx: &Context<Self>) -> Vec<CompletionItem> {
        let language = self.language(cx).id_str();
        let entries = SnippetStore::for_language(language, cx);
        let named = entries.flat_map(|entry| entry.prefixes.iter().map(move |one| (entry, one)));
        let items = named.map(|(entry, prefix)| {
            let about = entry.description.as_ref().unwrap_or(&entry.name);
            CompletionItem::local(prefix, &entry.body, word.clone())
                .as_snippet(&about.replace('\n', " "))
        });
        items.collect()
    }

    fn completions_arrived(
        &mut self,
        mut list: CompletionList,
        then: Text,
        is_asked: bool,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        self.completing.asking = None;
        let since = self
            .buffer_ref(cx)
            .and_then(|buffer| buffer.changes_since(list.version));
        let caret = self.selections.primary().head;
        let focused = self.focus.is_focused(window);
        // Told now and not when they were asked for: more may have been typed meanwhile.
        if !is_asked && self.typed_letters(cx) < words::LEAST_TYPED {
            let before = list.items.len();
            list.items.retain(|item| !item.is_word());
            list.is_incomplete |= list.items.len() < before;
        }
        let menu = since
            .filter(|_| focused)
            .and_then(|since| Menu::new(list, then, &since, is_asked, &self.text(cx), caret));
        if menu.is_none() && is_asked && self.completing.menu.is_none() && focused {
            ui::notify(Severity::Info, "There are no suggestions here.", window, cx);
        }
        self.completing.menu = menu;
        self.show_inline(cx);
        self.forget_hover(cx);
        self.selection_settled(window, cx);
        cx.notify();
    }

    /// Characters of the word before the caret.
    fn typed_letters(&self, cx: &Context<Self>) -> usize {
        let text = self.text(cx);
        let caret = self.selections.primary().head;
        text.count_chars(word_start(&text, caret, self.word_chars(caret, cx))..caret)
    }

    /// Closes the list, with what is waited for.
    pub(crate) fn close_completion(&mut self, cx: &mut Context<Self>) {
        self.completing.asking = None;
        if self.completing.menu.take().is_some() {
            self.show_inline(cx);
            cx.notify();
        }
    }

    /// Closes all that is offered to be put in.
    pub(crate) fn close_suggestions(&mut self, cx: &mut Context<Self>) {
        self.close_completion(cx);
        self.close_inline(cx);
    }

    fn step_completion(&mut self, rows: isize, window: &mut Window, cx: &mut Context<Self>) {
        if let Some(menu) = &mut self.completing.menu {
            menu.step(rows);
            self.selection_settled(window, cx);
            cx.notify();
        }
    }

    /// Shows what is known of the selected item, and asks for the rest once it rests there.
    fn selection_settled(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let buffer = self.buffer;
        let Some(menu) = &mut self.completing.menu else {
            return;
        };
        menu.resolving = None;
        let Some((index, item)) = menu.selected_item() else {
            return;
        };
        let (item, text) = (item.clone(), menu.text.clone());
        if menu
            .document
            .as_ref()
            .is_none_or(|(shown, _)| *shown != index)
        {
            menu.document = None;
            let details = menu.details(index).cloned().unwrap_or_default();
            self.document_item(index, &details, cx);
        }
        let Some(menu) = &mut self.completing.menu else {
            return;
        };
        if menu.resolved.contains_key(&index) || item.is_local() {
            return;
        }
        menu.resolving = Some(cx.spawn_in(
            window,
            async move |this: WeakEntity<Self>, cx: &mut AsyncWindowContext| {
                cx.background_executor().timer(REST).await;
                let asked = this.update(cx, |view, cx| {
                    view.model.update(cx, |model, cx| {
                        model.server_resolve_completion(buffer, &item, &text, cx)
                    })
                });
                // A view that is gone shows nothing, and what the server has no answer to is left out.
                let Ok(asked) = asked else { return };
                let Ok(details) = asked.await else { return };
                this.update(cx, |view, cx| {
                    view.document_item(index, &details, cx);
                    if let Some(menu) = &mut view.completing.menu {
                        menu.resolved.insert(index, details);
                        cx.notify();
                    }
                })
                .ok();
            },
        ));
    }

    /// Shows what is known of an item beside the list.
    fn document_item(&mut self, index: usize, details: &CompletionDetails, cx: &mut Context<Self>) {
        let language = self.language(cx).id_str();
        let Some(menu) = &mut self.completing.menu else {
            return;
        };
        let Some(item) = menu.list.items.get(index) else {
            return;
        };
        let mut parts = Vec::new();
        if let Some(detail) = &details.detail
            && (detail.len() > SHORT_DETAIL || item.description.as_ref() != Some(detail))
        {
            parts.push(lsp::fenced(language, detail));
        }
        if let Some(documentation) = &details.documentation {
            parts.push(documentation.to_string());
        }
        // What is no more than its name, as a choice of a snippet, is read in the list.
        if parts.is_empty() && item.is_local() && item.new_text != item.label {
            parts.push(lsp::fenced(language, &item.new_text));
        }
        let markdown = parts.join("\n\n");
        menu.document = (!markdown.is_empty())
            .then(|| (index, cx.new(|cx| TextViewState::markdown(&markdown, cx))));
    }
}
