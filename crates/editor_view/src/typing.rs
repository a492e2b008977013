//! Typing: what is put in in pairs, and what commands are told of the language.

use editor_core::auto_pair::{self, PairSettings, Typing};
use editor_core::{ChangeSet, PlainSyntax, SyntaxView, editing};
use gpui_kit::{App, Context, Window};
use settings::Settings;

use crate::view::EditorView;

/// Which comments are meant.
#[derive(Clone, Copy)]
pub(crate) enum CommentMarks {
    /// Those of whole lines.
    Lines,
    /// Those with a mark at either end.
    Block,
}

impl EditorView {
    /// Asks something of the syntax, as far as it is known.
    pub(crate) fn by_syntax<R>(&self, cx: &App, ask: impl FnOnce(&dyn SyntaxView) -> R) -> R {
        match self.buffer_ref(cx).and_then(|buffer| buffer.syntax()) {
            Some(tree) => ask(tree),
            None => ask(&self.plain_syntax(cx)),
        }
    }

    /// What the language of the text says without a tree of it.
    pub(crate) fn plain_syntax(&self, cx: &App) -> PlainSyntax {
        let language = syntax::language(self.language(cx));
        PlainSyntax {
            brackets: language.brackets,
            rules: language.rules,
        }
    }

    /// How the settings want comments to be written.
    pub(crate) fn comment_style(&self, cx: &App) -> editing::CommentStyle {
        let typing = &self.language_settings(cx).typing;
        editing::CommentStyle {
            insert_space: typing.comments_insert_space,
            ignore_empty_lines: typing.comments_ignore_empty_lines,
        }
    }

    fn with_typing<R>(&self, cx: &App, run: impl FnOnce(&Typing<'_>) -> R) -> R {
        let settings = pair_settings(self.language_settings(cx));
        self.by_syntax(cx, |syntax| {
            run(&Typing {
                settings,
                syntax,
                closed: &self.auto_closed,
            })
        })
    }

    /// Types text at every caret.
    pub(crate) fn type_text(&mut self, typed: &str, window: &mut Window, cx: &mut Context<Self>) {
        self.commit_completion(typed, window, cx);
        let text = self.text(cx);
        let result = self.with_typing(cx, |typing| {
            auto_pair::insert_typed(&text, &self.selections, typed, typing)
        });
        let version = self.version;
        let changes = result.transaction.changes.clone();
        // Typing over what closed by itself changes nothing.
        let overtypes = changes.is_empty();
        self.edit_typed(result.transaction, window, cx);
        if self.version == version && !overtypes {
            return;
        }
        if !result.closed.is_empty() {
            self.auto_closed_edited(&changes, self.version);
            self.auto_closed.add(&result.closed);
        }
        self.settle_typed(typed, window, cx);
        self.complete_typed(typed, window, cx);
        self.inline_typed(window, cx);
        self.parameters_typed(typed, cx);
        self.format_typed(typed, cx);
    }

    /// Backspace.
    pub(crate) fn delete_left(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let text = self.text(cx);
        let indent = self.indent;
        let transaction = self.with_typing(cx, |typing| {
            auto_pair::delete_backward(&text, &self.selections, typing, &indent)
        });
        self.edit_typed(transaction, window, cx);
        self.complete_deleted(window, cx);
        self.inline_typed(window, cx);
    }

    /// Carries what was closed by itself over a change of this view at once: its event comes only
    /// behind all that is typed meanwhile, which may be the closer that is gone over.
    pub(crate) fn auto_closed_typed(&mut self, changes: Option<&ChangeSet>) {
        // Where the event of an earlier change is still to come, each is carried over in its turn.
        if let Some(changes) = changes
            && self.version == self.auto_closed_version + 1
        {
            self.auto_closed_edited(changes, self.version);
        }
    }

    /// Carries what was closed by itself over a change that led to a version.
    pub(crate) fn auto_closed_edited(&mut self, changes: &ChangeSet, version: u64) {
        if version > self.auto_closed_version {
            self.auto_closed_version = version;
            self.auto_closed.apply(changes);
            // The carets are those after the newest change: with older ones they do not compare.
            if version == self.version {
                self.auto_closed.keep_around(&self.selections);
            }
        }
    }

    /// Puts comments in or takes them away.
    pub(crate) fn toggle_comments(
        &mut self,
        marks: CommentMarks,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        if self.is_preview(cx) {
            // Its language is not known yet.
            return self.await_whole(cx);
        }
        let style = self.comment_style(cx);
        let text = self.text(cx);
        let (transaction, known) = self.by_syntax(cx, |syntax| {
            let rules = syntax.rules_at(&text, self.selections.primary().start());
            let selections = &self.selections;
            match marks {
                CommentMarks::Lines => (
                    editing::toggle_line_comment(&text, selections, syntax, style),
                    rules.line_comment.is_some() || rules.block_comment.is_some(),
                ),
                CommentMarks::Block => (
                    editing::toggle_block_comment(&text, selections, syntax, style),
                    rules.block_comment.is_some(),
                ),
            }
        });
        if known || !transaction.is_empty() {
            self.edit(transaction, window, cx);
            return;
        }
        let name = self.language(cx).name();
        let what = match marks {
            CommentMarks::Lines => "comments",
            CommentMarks::Block => "block comments",
        };
        // A comment in a file of JSON keeps most programs from reading it, so none is written.
        let way = match self.language(cx).id_str() {
            "json" => " JSON with Comments has: it can be chosen as the language of this file.",
            _ => "",
        };
        ui::notify(
            ui::Severity::Info,
            format!("{name} has no {what}.{way}"),
            window,
            cx,
        );
    }
}

fn pair_settings(settings: &Settings) -> PairSettings {
    let typing = &settings.typing;
    let closing = |when: settings::AutoClosing| match when {
        settings::AutoClosing::Always => auto_pair::AutoClosing::Always,
        settings::AutoClosing::LanguageDefined => auto_pair::AutoClosing::LanguageDefined,
        settings::AutoClosing::BeforeWhitespace => auto_pair::AutoClosing::BeforeWhitespace,
        settings::AutoClosing::Never => auto_pair::AutoClosing::Never,
    };
    let which = |closers: settings::WhichClosers| match closers {
        settings::WhichClosers::Always => auto_pair::WhichClosers::Always,
        settings::WhichClosers::Auto => auto_pair::WhichClosers::Auto,
        settings::WhichClosers::Never => auto_pair::WhichClosers::Never,
    };
    PairSettings {
        brackets: closing(typing.auto_closing_brackets),
        quotes: closing(typing.auto_closing_quotes),
        delete: which(typing.auto_closing_delete),
        overtype: which(typing.auto_closing_overtype),
        tags: typing.auto_closing_tags,
        surround: match typing.auto_surround {
            settings::AutoSurround::LanguageDefined => auto_pair::AutoSurround::LanguageDefined,
            settings::AutoSurround::Quotes => auto_pair::AutoSurround::Quotes,
            settings::AutoSurround::Brackets => auto_pair::AutoSurround::Brackets,
            settings::AutoSurround::Never => auto_pair::AutoSurround::Never,
        },
    }
}
