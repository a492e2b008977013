//! The encoding and the line endings of a file, and how they are changed.

use fs::{LineEnding, TextEncoding, TextFormat};
use gpui_kit::{Context, InteractiveElement, Window, actions};
use ui::{CommandSpec, Item as _, Severity};
use workspace::Buffer;

use crate::choice_picker::{Choice, Choices};
use crate::commands::Run;
use crate::view::EditorView;

crate::commands::commands! {
    ChangeEncoding "editor.changeEncoding" "Change File Encoding…" => |v, window, cx| v.choose_encoding_action(window, cx);
    ReopenWithEncoding "editor.reopenWithEncoding" "Reopen with Encoding…" => |v, window, cx| v.choose_encoding(EncodingFor::Reading, window, cx);
    SaveWithEncoding "editor.saveWithEncoding" "Save with Encoding…" => |v, window, cx| v.choose_encoding(EncodingFor::Writing, window, cx);
    ChangeEndOfLine "editor.changeEndOfLine" "Change End of Line Sequence…" => |v, window, cx| v.choose_line_ending(window, cx);
}

/// What an encoding is chosen for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum EncodingFor {
    Reading,
    Writing,
}

impl EditorView {
    fn choose_encoding_action(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let rows = vec![
            Choice::new(
                "Reopen with Encoding",
                "Reads the file again",
                |view, window, cx| view.choose_encoding(EncodingFor::Reading, window, cx),
            ),
            Choice::new(
                "Save with Encoding",
                "Writes the file in another encoding",
                |view, window, cx| view.choose_encoding(EncodingFor::Writing, window, cx),
            ),
        ];
        let choices = Choices {
            id: "encoding-action-picker",
            question: "Change encoding".into(),
            none: "",
            rows,
            selected: 0,
        };
        self.open_choices(choices, window, cx);
    }

    pub(crate) fn choose_encoding(
        &mut self,
        what: EncodingFor,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let Some(format) = self.buffer_ref(cx).map(|buffer| buffer.format().clone()) else {
            return;
        };
        let mut offered: Vec<(TextEncoding, bool)> = TextEncoding::all()
            .into_iter()
            .map(|encoding| (encoding, false))
            .collect();
        if what == EncodingFor::Writing {
            offered.insert(1, (TextEncoding::UTF_8, true));
        }
        let is_now = |(encoding, bom): &(TextEncoding, bool)| {
            let same_mark = what == EncodingFor::Reading
                || *encoding != TextEncoding::UTF_8
                || *bom == format.bom;
            *encoding == format.encoding && same_mark
        };
        let selected = offered.iter().position(is_now).unwrap_or(0);
        let rows = offered
            .into_iter()
            .enumerate()
            .map(|(index, (encoding, bom))| {
                let about = if index == selected { "Now" } else { "" };
                let name = TextFormat::new(encoding, bom, LineEnding::Lf).encoding_name();
                Choice::new(name, about, move |view, window, cx| match what {
                    EncodingFor::Reading => view.reopen_with(encoding, window, cx),
                    EncodingFor::Writing => view.save_with(encoding, bom, window, cx),
                })
            })
            .collect();
        let choices = Choices {
            id: "encoding-picker",
            question: match what {
                EncodingFor::Reading => "Reopen with encoding",
                EncodingFor::Writing => "Save with encoding",
            }
            .into(),
            none: "",
            rows,
            selected,
        };
        self.open_choices(choices, window, cx);
    }

    fn reopen_with(&mut self, encoding: TextEncoding, window: &mut Window, cx: &mut Context<Self>) {
        let buffer = self.buffer;
        let reading = self
            .model
            .update(cx, |model, cx| model.reread_as(buffer, encoding, cx));
        cx.spawn_in(window, async move |_, cx| {
            if let Err(error) = reading.await {
                // A closed window has nowhere to show a notice.
                cx.update(|window, cx| {
                    ui::notify(Severity::Warning, format!("{error}."), window, cx);
                })
                .ok();
            }
        })
        .detach();
    }

    fn save_with(
        &mut self,
        encoding: TextEncoding,
        bom: bool,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let Some(buffer) = self.buffer_ref(cx) else {
            return;
        };
        let before = buffer.format().clone();
        // UTF-16 without a mark would not be recognized again.
        let marked = bom || (encoding.is_unicode() && encoding != TextEncoding::UTF_8);
        let format = before.with_encoding(encoding).with_bom(marked);
        let has_file = buffer.path().is_some();
        let buffer = self.buffer;
        self.model.update(cx, |model, cx| {
            model.update(cx, |workspace| {
                workspace.choose_encoding(buffer, encoding, marked);
            });
        });
        if !has_file {
            return;
        }
        let saving = self.save(window, cx);
        cx.spawn_in(window, async move |view, cx| {
            let Err(error) = saving.await else { return };
            // A closed view keeps nothing, and a closed window has nowhere to show a notice.
            view.update_in(cx, |view, window, cx| {
                let unchanged = view
                    .buffer_ref(cx)
                    .is_some_and(|buffer| *buffer.format() == format);
                if unchanged {
                    view.set_format(before, cx);
                }
                ui::notify(Severity::Error, error.to_string(), window, cx);
            })
            .ok();
        })
        .detach();
    }

    pub(crate) fn set_format(&mut self, format: TextFormat, cx: &mut Context<Self>) {
        let buffer = self.buffer;
        self.model.update(cx, |model, cx| {
            model.update(cx, |workspace| workspace.set_format(buffer, format));
        });
    }

    fn choose_line_ending(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let Some(format) = self.buffer_ref(cx).map(Buffer::format).cloned() else {
            return;
        };
        if self.buffer_ref(cx).is_none_or(Buffer::is_read_only) {
            ui::notify(Severity::Info, "The file is read-only.", window, cx);
            return;
        }
        let offered = [LineEnding::Lf, LineEnding::CrLf];
        let selected = offered
            .iter()
            .position(|ending| *ending == format.line_ending)
            .unwrap_or(0);
        let rows = offered
            .into_iter()
            .map(|ending| {
                let about = match (
                    ending == format.line_ending,
                    format.has_mixed_line_endings(),
                ) {
                    (true, true) => "Now, in most lines",
                    (true, false) => "Now",
                    (false, _) => "",
                };
                let format = format.with_line_ending(ending);
                Choice::new(ending.name(), about, move |view, _, cx| {
                    view.set_format(format.clone(), cx);
                })
            })
            .collect();
        let choices = Choices {
            id: "line-ending-picker",
            question: "End of line sequence".into(),
            none: "",
            rows,
            selected,
        };
        self.open_choices(choices, window, cx);
    }
}
