//! The editor as an item of a tab.

use std::path::PathBuf;

use anyhow::Result;
use editor_core::Text;
use gpui_kit::{App, AppContext as _, Context, SharedString, Task, Window};
use lsp::DiagnosticSeverity;
use syntax::LanguageId;
use ui::icons::{Glyph, file_icon_in, language_icon};
use ui::{FileTrouble, IconName, Item, ItemHandle, ItemOutline, ItemStatus};
use workspace::{Buffer, BufferId, SaveError, ViewState};

use crate::view::EditorView;

impl Item for EditorView {
    fn tab_title(&self, cx: &App) -> SharedString {
        self.buffer_ref(cx)
            .map(|buffer| SharedString::from(buffer.display_name().to_string()))
            .unwrap_or_else(|| "Closed".into())
    }

    fn path(&self, cx: &App) -> Option<PathBuf> {
        Some(self.buffer_ref(cx)?.path()?.to_path_buf())
    }

    fn buffer(&self, _: &App) -> Option<BufferId> {
        Some(self.buffer_id())
    }

    fn icon(&self, cx: &App) -> Glyph {
        let language = self.language(cx);
        match self.buffer_ref(cx).and_then(Buffer::path) {
            Some(path) => file_icon_in(path, language),
            None if language == LanguageId::PLAIN => IconName::File.into(),
            None => language_icon(language),
        }
    }

    fn is_dirty(&self, cx: &App) -> bool {
        self.buffer_ref(cx).is_some_and(Buffer::is_dirty)
    }

    fn is_read_only(&self, cx: &App) -> bool {
        let buffer = self.buffer_ref(cx);
        buffer.is_some_and(|buffer| buffer.is_read_only() && !buffer.is_beginning())
    }

    fn save(&mut self, window: &mut Window, cx: &mut Context<Self>) -> Task<Result<()>> {
        let buffer = self.buffer;
        // What was given up is not to be written.
        if let Some(ended) = self.model.read(cx).revert_ended(buffer) {
            let saving = cx.spawn_in(window, async move |this, cx| {
                ended.await;
                let saving = this.update_in(cx, |view, window, cx| view.save(window, cx))?;
                saving.await
            });
            return self
                .model
                .update(cx, |model, cx| model.save_within(buffer, saving, cx));
        }
        // As it is, so that the window can ask what to do about it.
        let actions = self.actions_before_save(window, cx);
        let formatting = match actions {
            // They change what is laid out.
            Some(_) => None,
            None => self.format_before_save(window, cx),
        };
        if actions.is_none() && formatting.is_none() {
            let saving = self.save_now(cx);
            return cx.spawn(async move |_, _| saving.await.map_err(anyhow::Error::from));
        }
        let saving = cx.spawn_in(window, async move |this, cx| {
            let mut formatting = formatting;
            if let Some(actions) = actions {
                actions.await;
                formatting = this.update_in(cx, Self::format_before_save)?;
            }
            if let Some(formatting) = formatting {
                formatting.await;
            }
            let saving = this.update(cx, Self::save_now)?;
            saving.await.map_err(anyhow::Error::from)
        });
        // Who closes it meanwhile waits for all of that.
        self.model
            .update(cx, |model, cx| model.save_within(buffer, saving, cx))
    }

    fn save_as(
        &mut self,
        path: PathBuf,
        _: &mut Window,
        cx: &mut Context<Self>,
    ) -> Task<Result<()>> {
        let buffer = self.buffer;
        let carets = self.selections.clone();
        let saving = self.model.update(cx, |model, cx| {
            // Whoever chose the path was asked about a file that is there.
            model.save_as_from(buffer, &carets, path, true, cx)
        });
        // As it is, so that the window can ask what to do about it.
        cx.spawn(async move |_, _| saving.await.map_err(anyhow::Error::from))
    }

    /// Takes over what the disk holds, and for a text without a file what it began with.
    fn give_up(&mut self, _: &mut Window, cx: &mut Context<Self>) -> Task<Result<()>> {
        let buffer = self.buffer;
        let given_up = match self.path(cx) {
            Some(_) => self.reverting(cx),
            None => Ok(self.model.update(cx, |model, cx| model.revert(buffer, cx))),
        };
        match given_up {
            Ok(given_up) => cx.spawn(async move |_, _| given_up.await.map_err(anyhow::Error::from)),
            // There is nothing to take over.
            Err(_) => Task::ready(Ok(())),
        }
    }

    fn status(&self, cx: &App) -> ItemStatus {
        let Some(buffer) = self.buffer_ref(cx) else {
            return ItemStatus::default();
        };
        ItemStatus {
            language: Some(buffer.language().name().into()),
            indentation: Some(self.indentation_label()),
            encoding: Some(buffer.format().encoding_name().into()),
            line_ending: Some(buffer.format().line_ending_name().into()),
            position: Some(self.position(buffer)),
            mode: self.vim_status(cx),
            mode_tells_error: self.vim_tells_error(cx),
            problems: self.problems(buffer, cx),
            language_server: self.server_status(cx),
            note: FileTrouble::of(buffer).map(|trouble| trouble.note().into()),
        }
    }

    fn reveal(&mut self, line: u32, column: u32, _: &mut Window, cx: &mut Context<Self>) {
        let (row, column) = (line.saturating_sub(1), column.saturating_sub(1));
        self.go_to(row as usize, column as usize, cx);
    }

    fn tell_problem(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        self.tell_problem_at_caret(window, cx);
    }

    fn caret(&self, _: &App) -> Option<usize> {
        Some(self.selections.primary().head)
    }

    fn outline(&self, cx: &App) -> Option<ItemOutline> {
        Some(ItemOutline {
            outline: self.buffer_ref(cx)?.outline().clone(),
            caret: self.selections.primary().head,
        })
    }

    fn reveal_offset(&mut self, offset: usize, _: &mut Window, cx: &mut Context<Self>) {
        self.go_to_offset(offset, cx);
    }

    fn view_state(&self, cx: &App) -> Option<ViewState> {
        Some(self.left_view(cx))
    }

    fn restore_view(&mut self, state: &ViewState, _: &mut Window, cx: &mut Context<Self>) {
        self.show_left_view(state, cx);
    }

    fn compare_with(
        &mut self,
        text: &Text,
        name: SharedString,
        _: &mut Window,
        cx: &mut Context<Self>,
    ) -> bool {
        self.show_difference(text.clone(), name, cx);
        true
    }

    fn split(&self, window: &mut Window, cx: &mut Context<Self>) -> Option<Box<dyn ItemHandle>> {
        let (buffer, model) = (self.buffer, self.model.clone());
        let (selections, scroll) = (self.selections.clone(), self.scroll_target());
        let (display, word_wrap) = (self.display.of_text_alone(), self.word_wrap_here);
        let view = cx.new(|cx| {
            let mut view = EditorView::new(buffer, model, window, cx);
            view.set_carets(selections);
            view.scroll = scroll;
            view.display = display;
            view.find_folds(cx);
            view.word_wrap_here = word_wrap;
            view
        });
        Some(Box::new(view))
    }
}

impl EditorView {
    fn save_now(&mut self, cx: &mut Context<Self>) -> Task<Result<(), SaveError>> {
        let (buffer, carets) = (self.buffer, self.selections.clone());
        self.model
            .update(cx, |model, cx| model.save_from(buffer, &carets, cx))
    }

    /// How many errors and warnings there are, where a server runs or said something.
    fn problems(&self, buffer: &Buffer, cx: &App) -> Option<(usize, usize)> {
        let servers = self.model.read(cx).language_servers();
        let served =
            servers.is_some_and(|servers| servers.started_for(self.buffer).next().is_some());
        let said = buffer.diagnostics();
        let count = |severity| said.count(severity);
        (served || !said.is_empty()).then(|| {
            let errors = count(DiagnosticSeverity::Error);
            (errors, count(DiagnosticSeverity::Warning))
        })
    }

    /// "Ln 12, Col 5", with the number of selections where there are several and of characters where
    /// one is selected.
    fn position(&self, buffer: &Buffer) -> SharedString {
        let text = buffer.text();
        let primary = self.selections.primary();
        let head = primary.head.min(text.len());
        let row = text.row_at(head);
        let column = text.count_chars(text.line_start(row)..head);
        let mut position = format!("Ln {}, Col {}", row + 1, column + 1);
        let count = self.selections.len();
        if count > 1 {
            position.push_str(&format!(" ({count} selections)"));
        } else if !primary.is_empty() {
            let range = primary.start().min(text.len())..primary.end().min(text.len());
            let selected = text.count_chars(range);
            position.push_str(&format!(" ({selected} selected)"));
        }
        position.into()
    }

    /// Saves, and says in a notice what went wrong if something did.
    pub(crate) fn save_and_report(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let saving = self.save(window, cx);
        ui::notify_failure(saving, window, cx);
    }
}
