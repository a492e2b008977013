//! A change that is too large to be compared in its card: it is read in the editor.

use crate::panel::AgentPanel;
use crate::tool_card::subject;
use crate::transcript::{Row, UnkeptChange};
use crate::visible_text::{Reading, reveal};
use agent::FileDiff;
use editor_core::Text;
use gpui_kit::base::TestSupportExt as _;
use gpui_kit::prelude::*;
use gpui_kit::*;
use ui::tokens::space;
use ui::widgets::{Button, StaticText as _};
use ui::{ActiveKilnTheme as _, IconName, TextToRead, Typography as _};

/// What stands in place of the lines of the change in the row at `index`.
pub(crate) fn render(index: usize, asking: bool, cx: &Context<AgentPanel>) -> AnyElement {
    let colors = **cx.kiln_theme();
    div()
        .p(space::M)
        .flex()
        .flex_col()
        .items_start()
        .gap(space::S)
        // A question says it itself.
        .when(!asking, |this| {
            this.child(
                div()
                    .text_small()
                    .text_color(colors.text_muted)
                    .child("Too large to show line by line here."),
            )
        })
        .child(read_button(
            index,
            "Open the new text, with what it takes the place of",
            cx,
        ))
        .into_any_element()
}

/// What stands in place of the lines of a change in the row at `index` that the session does not have.
pub(crate) fn render_unkept(
    index: usize,
    unkept: &UnkeptChange,
    cx: &Context<AgentPanel>,
) -> AnyElement {
    let words = match unkept {
        UnkeptChange::Written(_) => {
            "Too large to be kept with the session, but for the text that the agent wrote."
        }
        UnkeptChange::Piece => {
            "Too large to be kept with the session. Open the file to see what it holds now."
        }
    };
    let read = matches!(unkept, UnkeptChange::Written(_)).then(|| {
        let tooltip = "Open the text that the agent wrote; what it took the place of is not known";
        read_button(index, tooltip, cx)
    });
    div()
        .p(space::M)
        .flex()
        .flex_col()
        .items_start()
        .gap(space::S)
        .child(
            div()
                .id(("unkept", index))
                .static_text(words)
                .test_support()
                .text_small()
                .text_color(cx.kiln_theme().text_muted)
                .child(words),
        )
        .children(read)
        .into_any_element()
}

/// The button that opens the change of the row at `index` in the editor.
fn read_button(index: usize, tooltip: &'static str, cx: &Context<AgentPanel>) -> Button {
    Button::new(("read-change", index), "Read it in the editor")
        .icon(IconName::FileText)
        .tooltip(tooltip)
        .on_click(cx.listener(move |panel, _, window, cx| {
            panel.read_change(index, window, cx);
        }))
}

impl AgentPanel {
    /// Shows the new text of a change in the editor, to be read, and where it differs from the one
    /// before.
    fn read_change(&mut self, index: usize, window: &mut Window, cx: &mut Context<Self>) {
        let rows = self.session.read(cx).transcript().rows();
        let Some(Row::Tool(tool)) = rows.get(index) else {
            return;
        };
        // Kept as it is: there may be another one when this is answered.
        let (change, is_whole) = match (tool.file_change(), &tool.unkept) {
            (Some(change), _) => (change.clone(), true),
            (None, Some(UnkeptChange::Written(text))) => {
                let change = FileDiff {
                    path: subject(tool).into(),
                    before: None,
                    after: text.to_string(),
                };
                (change, false)
            }
            (None, _) => return,
        };
        let root = self.session.read(cx).workspace().read(cx).root().to_owned();
        let texts = cx.background_spawn(async move {
            TextToRead {
                name: name(&change, is_whole),
                of: root.join(&change.path),
                text: Text::new(&change.after),
                before: change.before.as_deref().map(Text::new),
                at_end: false,
            }
        });
        cx.spawn_in(window, async move |_, cx| {
            let texts = texts.await;
            cx.update(|window, cx| ui::read_text(texts, window, cx))
        })
        .detach_and_log_err(cx);
    }
}

/// What the tab of a change's new text says, of a change that is known as a whole or not.
fn name(change: &FileDiff, is_whole: bool) -> String {
    let file = change.path.file_name().unwrap_or(change.path.as_os_str());
    let file = reveal(&file.to_string_lossy(), Reading::Command).text;
    match change.before {
        Some(_) => format!("{file} (change)"),
        None if !is_whole => format!("{file} (as the agent wrote it)"),
        None => format!("{file} (new file)"),
    }
}
