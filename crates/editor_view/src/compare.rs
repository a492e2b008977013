//! The difference between the text here and the text on the disk, shown in the place of the text
//! until the user has decided.

use std::time::Duration;

use gpui_kit::base::TestSupportExt as _;
use gpui_kit::component::diff::{Diff, DiffFile, DiffState};
use gpui_kit::prelude::*;
use gpui_kit::{AnyElement, Context, Window, div};
use similar::{Algorithm, TextDiff};
use ui::{ActiveKilnTheme as _, Severity};

use crate::view::EditorView;

/// Texts of more bytes than this are not compared.
const MAX_COMPARED: usize = 8 * 1024 * 1024;

/// A comparison that takes longer is cut short and shown less finely.
const LIMIT: Duration = Duration::from_secs(2);

/// The changes from the disk's text to the one here, as a unified diff.
fn patch(disk: &str, mine: &str) -> String {
    TextDiff::configure()
        .algorithm(Algorithm::Patience)
        .timeout(LIMIT)
        .diff_lines(disk, mine)
        .unified_diff()
        .context_radius(3)
        .header("a/disk", "b/editor")
        .to_string()
}

impl EditorView {
    /// Shows the difference, or the text again.
    pub(crate) fn toggle_compare(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        if self.compare.take().is_some() {
            window.focus(&self.focus, cx);
            cx.notify();
            return;
        }
        let Some(buffer) = self.buffer_ref(cx) else {
            return;
        };
        let Some(disk) = buffer.text_on_disk().cloned() else {
            return;
        };
        let text = buffer.text().clone();
        let language = buffer.language().id_str();
        if disk.len().max(text.len()) > MAX_COMPARED {
            let message = "The two texts are too large to be compared here.";
            ui::notify(Severity::Info, message, window, cx);
            return;
        }
        let files = cx.background_spawn(async move {
            DiffFile::parse(&patch(&disk.to_string(), &text.to_string()))
        });
        cx.spawn_in(window, async move |this, cx| {
            let files = files.await;
            // The view may be closed by now.
            this.update_in(cx, |view, window, cx| match files {
                Ok(files) => {
                    let files = files.into_iter().map(|file| file.with_language(language));
                    view.compare = Some(cx.new(|cx| DiffState::new(files, cx)));
                    cx.notify();
                }
                Err(error) => {
                    let message = format!("The two texts could not be compared: {error}");
                    ui::notify(Severity::Warning, message, window, cx);
                }
            })
            .ok();
        })
        .detach();
    }

    pub(crate) fn render_compare(&self, cx: &Context<Self>) -> Option<AnyElement> {
        let state = self.compare.as_ref()?;
        let theme = cx.kiln_theme();
        Some(
            div()
                .id("editor-compare")
                .test_support()
                .absolute()
                .inset_0()
                .occlude()
                .bg(theme.editor_background)
                .child(Diff::new(state).header_visible(false).size_full())
                .into_any_element(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_difference_reads_from_the_disk_to_the_editor() {
        let patch = patch("one\ntwo\nthree\n", "one\n2\nthree\n");
        let files = DiffFile::parse(&patch).unwrap();
        assert_eq!((files[0].additions(), files[0].deletions()), (1, 1));
        assert!(patch.contains("-two\n+2\n"));
    }

    #[test]
    fn a_missing_last_line_end_is_a_difference() {
        let files = DiffFile::parse(&patch("one", "one\n")).unwrap();
        assert!(files[0].has_changes());
    }
}
