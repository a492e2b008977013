//! Bookmarks in a view: their marks in the gutter, and the commands that set them and go to them.

use gpui_kit::{
    App, Bounds, Context, Entity, InteractiveElement, Pixels, Window, actions, fill, point, px,
    size,
};
use ui::{CommandSpec, Severity};
use workspace::Buffer;

use crate::choice_picker::{Choice, Choices};
use crate::commands::Run;
use crate::frame::Frame;
use crate::view::EditorView;

/// The key context of a text that has bookmarks.
pub(crate) const CONTEXT: &str = "Bookmarked";

/// The command that has nothing to do elsewhere.
pub(crate) const CLEAR: &str = "editor.clearBookmarks";

/// Where a mark begins in the gutter, beside those of git's changes, and how wide it is.
const LEFT: Pixels = px(7.);
const WIDTH: Pixels = px(5.);

/// Of a line in the list, so many bytes are shown.
const MAX_LINE: usize = 200;

crate::commands::commands! {
    in "Bookmarks";
    ToggleBookmark "editor.toggleBookmark" "Toggle Bookmark" => |v, _, cx| v.toggle_bookmarks(cx);
    NextBookmark "editor.nextBookmark" "Go to Next Bookmark" => |v, window, cx| v.go_to_bookmark(true, window, cx);
    PreviousBookmark "editor.previousBookmark" "Go to Previous Bookmark" => |v, window, cx| v.go_to_bookmark(false, window, cx);
    ListBookmarks "editor.listBookmarks" "List Bookmarks of This File" => |v, window, cx| v.list_bookmarks(window, cx);
    ClearBookmarks "editor.clearBookmarks" "Clear Bookmarks of This File" => |v, _, cx| v.set_bookmarks(Vec::new(), cx);
}

impl EditorView {
    /// Marks the lines of the carets, or takes their marks away.
    fn toggle_bookmarks(&mut self, cx: &mut Context<Self>) {
        let text = self.text(cx);
        let mut rows: Vec<usize> = Vec::new();
        for selection in self.selections.iter() {
            rows.extend(text.row_at(selection.start())..=text.row_at(selection.end()));
        }
        let buffer = self.buffer;
        self.model.update(cx, |model, cx| {
            model.update(cx, |workspace| workspace.toggle_bookmarks(buffer, &rows));
        });
    }

    /// Marks these rows and no others.
    pub(crate) fn set_bookmarks(&mut self, rows: Vec<usize>, cx: &mut Context<Self>) {
        let buffer = self.buffer;
        self.model.update(cx, |model, cx| {
            model.update(cx, |workspace| workspace.set_bookmarks(buffer, rows));
        });
    }

    /// Goes to the next bookmark, or to the one before; around the end of the text to the other.
    fn go_to_bookmark(&mut self, after: bool, window: &mut Window, cx: &mut Context<Self>) {
        let text = self.text(cx);
        let here = text.row_at(self.selections.primary().head.min(text.len()));
        let rows = self.buffer_ref(cx).map(Buffer::bookmarks);
        let rows = rows.unwrap_or_default();
        let found = match after {
            true => rows.iter().find(|row| **row > here).or(rows.first()),
            false => rows.iter().rfind(|row| **row < here).or(rows.last()),
        };
        match found {
            Some(row) => self.go_to(*row, 0, cx),
            None => no_bookmarks(window, cx),
        }
    }

    /// Lists the bookmarks, to go to one.
    fn list_bookmarks(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let text = self.text(cx);
        let rows = self.buffer_ref(cx).map(Buffer::bookmarks);
        let rows = rows.unwrap_or_default();
        if rows.is_empty() {
            return no_bookmarks(window, cx);
        }
        let here = text.row_at(self.selections.primary().head.min(text.len()));
        let selected = rows.partition_point(|row| *row < here).min(rows.len() - 1);
        let choice = |row: usize| {
            let start = text.line_start(row);
            let end = text.floor_char_boundary(text.line_end(row).min(start + MAX_LINE));
            let line = text.slice(start..end.max(start)).trim().to_owned();
            let number = format!("Line {}", row + 1);
            let label = format!("{number}: {line}");
            let name = if line.is_empty() {
                "(empty line)".to_owned()
            } else {
                line
            };
            Choice::new(name, number, move |view, _, cx| view.go_to(row, 0, cx)).labelled(label)
        };
        let choices = Choices {
            id: "bookmark-picker",
            question: "Go to bookmark".into(),
            none: "No bookmark fits that.",
            rows: rows.into_iter().map(choice).collect(),
            selected,
        };
        self.open_choices(choices, window, cx);
    }
}

fn no_bookmarks(window: &mut Window, cx: &mut Context<EditorView>) {
    let message = "This file has no bookmarks. \u{201c}Toggle Bookmark\u{201d} sets one.";
    ui::notify(Severity::Info, message, window, cx);
}

/// Paints the marks of the rows that were laid out.
pub(crate) fn paint(view: &Entity<EditorView>, frame: &Frame, window: &mut Window, cx: &App) {
    let Some(buffer) = view.read(cx).buffer_ref(cx) else {
        return;
    };
    let marked = buffer.bookmarks();
    if marked.is_empty() {
        return;
    }
    let (line, width) = (frame.style.line_height, frame.style.scaled(WIDTH));
    let left = frame.gutter.left() + frame.style.scaled(LEFT);
    for row in frame.rows.iter().filter(|row| !row.text.continues) {
        if marked.binary_search(&row.text.line).is_ok() {
            let height = (line * 0.6).round();
            let top = frame.row_top(row.row) + ((line - height) / 2.).round();
            let bounds = Bounds::new(point(left, top), size(width, height));
            window.paint_quad(fill(bounds, frame.style.colors.accent).corner_radii(px(1.5)));
        }
    }
}
