//! Putting snippets in and filling them in.

use editor_core::snippet::{Environment, LocalTime, Snippet, SnippetSession};
use editor_core::{ChangeSet, Selection, editing};
use gpui_kit::{Context, Window};
use settings::SnippetEntry;
use ui::{Severity, SnippetStore};
use workspace::Buffer;

use crate::choice_picker::{Choice, Choices};
use crate::view::EditorView;

/// The longest text before the caret that may be a prefix, in bytes.
const MAX_PREFIX: usize = 128;

impl EditorView {
    /// Puts a snippet in at every caret, over so many bytes before each.
    pub(crate) fn insert_snippet(
        &mut self,
        entry: &SnippetEntry,
        prefix: usize,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let text = self.text(cx);
        let mut environment = self.snippet_environment(cx);
        let indent = self.indent;
        let started = Snippet::parse(&entry.body).and_then(|snippet| {
            SnippetSession::start_replacing(
                &text,
                &self.selections,
                prefix,
                &snippet,
                &mut environment,
                &indent,
            )
        });
        match started {
            Ok((transaction, session)) => {
                let version = self.version;
                self.snippet = None;
                self.edit(transaction, window, cx);
                // A buffer that must not be edited refused.
                if self.version != version {
                    self.snippet = session;
                    self.snippet_version = self.version;
                    self.offer_choices_of_stop(window, cx);
                }
            }
            Err(error) => ui::notify(
                Severity::Warning,
                format!(
                    "The snippet \u{201c}{}\u{201d} cannot be used: {error}.",
                    entry.name
                ),
                window,
                cx,
            ),
        }
    }

    /// Goes to the next tab stop of the snippet being filled in, puts in the snippet whose prefix
    /// stands before the carets, or inserts a tab.
    pub(crate) fn tab(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        if self.go_to_stop(true, window, cx) || self.expand_prefix(window, cx) {
            return;
        }
        let transaction = editing::insert_tab(&self.text(cx), &self.selections, &self.indent);
        self.edit_indenting(transaction, window, cx);
    }

    /// Goes to the tab stop before, or takes a level of indentation away.
    pub(crate) fn outdent(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        if self.go_to_stop(false, window, cx) {
            return;
        }
        let indent = self.indent;
        self.edit_with(window, cx, |text, selections| {
            editing::outdent(text, selections, &indent)
        });
    }

    fn go_to_stop(&mut self, forward: bool, window: &mut Window, cx: &mut Context<Self>) -> bool {
        let Some(mut session) = self.snippet.take() else {
            return false;
        };
        match session.go(&self.text(cx), &self.selections, forward) {
            Some((transaction, over)) => {
                // The session has already followed this change.
                self.edit(transaction, window, cx);
                self.snippet = (!over).then_some(session);
                self.snippet_version = self.version;
                self.offer_choices_of_stop(window, cx);
            }
            None => self.snippet = Some(session),
        }
        true
    }

    /// Puts in the snippet with the longest prefix that stands before every caret.
    fn expand_prefix(&mut self, window: &mut Window, cx: &mut Context<Self>) -> bool {
        if !self.language_settings(cx).editor.tab_completion {
            return false;
        }
        if !self.selections.iter().all(Selection::is_empty) {
            return false;
        }
        let text = self.text(cx);
        let before = |caret: &Selection| {
            let start = text.line_start(text.row_at(caret.head));
            text.slice(start.max(caret.head.saturating_sub(MAX_PREFIX))..caret.head)
        };
        let lines: Vec<_> = self.selections.iter().map(before).collect();
        let stands_before_all = |prefix: &&String| {
            lines.iter().all(|line| {
                let rest = line.strip_suffix(prefix.as_str());
                // "if" is no prefix in "elif".
                let is_word = |character: char| character.is_alphanumeric() || character == '_';
                rest.is_some_and(|rest| !prefix.starts_with(is_word) || !rest.ends_with(is_word))
            })
        };
        let language = self.language(cx).id_str();
        let found = SnippetStore::for_language(language, cx)
            .flat_map(|entry| entry.prefixes.iter().map(move |prefix| (entry, prefix)))
            .filter(|(_, prefix)| stands_before_all(prefix))
            .max_by_key(|(_, prefix)| prefix.len())
            .map(|(entry, prefix)| (entry.clone(), prefix.len()));
        let Some((entry, prefix)) = found else {
            return false;
        };
        self.insert_snippet(&entry, prefix, window, cx);
        true
    }

    /// Tells the snippet being filled in of a change of the text.
    pub(crate) fn snippet_edited(&mut self, changes: &ChangeSet, version: u64) {
        if version <= self.snippet_version {
            return;
        }
        self.snippet_version = version;
        if let Some(session) = &mut self.snippet
            // The carets are those after the newest change: with older ones they do not compare.
            && !(session.edited(changes)
                && (version < self.version || session.carets_moved(&self.selections)))
        {
            self.snippet = None;
        }
    }

    /// Tells the snippet being filled in of the carets.
    pub(crate) fn snippet_carets_moved(&mut self) {
        if let Some(session) = &mut self.snippet
            && !session.carets_moved(&self.selections)
        {
            self.snippet = None;
        }
    }

    /// Lists the snippets for the language of the text, to put one in.
    pub(crate) fn open_snippet_picker(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let language = self.language(cx).id_str();
        let mut all: Vec<SnippetEntry> =
            SnippetStore::for_language(language, cx).cloned().collect();
        all.sort_by(|one, other| one.name.cmp(&other.name));
        let rows = all
            .into_iter()
            .map(|entry| {
                let prefix = entry.prefixes.join(", ");
                let about = entry.description.as_ref().unwrap_or(&entry.name);
                let about = about.replace('\n', " ");
                let label = format!("{}: {prefix}", entry.name);
                let choice = Choice::new(prefix, about, move |view, window, cx| {
                    view.insert_snippet(&entry, 0, window, cx);
                });
                choice.labelled(label)
            })
            .collect();
        let choices = Choices {
            id: "snippet-picker",
            question: "Insert snippet".into(),
            none: "No snippets for this language. Put files into the snippets folder beside settings.json.",
            rows,
            selected: 0,
        };
        self.open_choices(choices, window, cx);
    }

    pub(crate) fn snippet_environment(&self, cx: &mut Context<Self>) -> Environment {
        let clipboard = cx.read_from_clipboard().and_then(|item| item.text());
        let now = chrono::Local::now();
        let text = self.text(cx);
        let at = self.selections.primary().head;
        let rules = self.by_syntax(cx, |syntax| syntax.rules_at(&text, at));
        let root = self.model.read(cx).root().to_path_buf();
        let path = self.buffer_ref(cx).and_then(Buffer::path);
        Environment {
            file_path: path.map(|path| path.to_string_lossy().into_owned()),
            workspace_folder: Some(root.to_string_lossy().into_owned()),
            clipboard,
            now: Some(local_time(&now)),
            seed: now.timestamp_nanos_opt().unwrap_or_default().unsigned_abs(),
            line_comment: rules.line_comment.map(str::to_owned),
            block_comment: rules
                .block_comment
                .map(|marks| (marks.open.to_owned(), marks.close.to_owned())),
        }
    }
}

fn local_time(now: &chrono::DateTime<chrono::Local>) -> LocalTime {
    use chrono::{Datelike as _, Timelike as _};
    LocalTime {
        year: now.year(),
        month: now.month(),
        day: now.day(),
        weekday: now.weekday().num_days_from_sunday(),
        hour: now.hour(),
        minute: now.minute(),
        second: now.second(),
        unix_seconds: now.timestamp(),
        offset_minutes: now.offset().local_minus_utc() / 60,
    }
}
