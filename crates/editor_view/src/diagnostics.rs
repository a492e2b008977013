//! What language servers say of a text: the lines under it, going from one problem to the next, and
//! what a hover says.

use std::cmp::Ordering;
use std::ops::Range;

use gpui_kit::{
    App, Context, Hsla, InteractiveElement, Pixels, UnderlineStyle, Window, actions, fill, point,
    px, size,
};
use lsp::{Diagnostic, DiagnosticSeverity, RelatedInformation, RequestError};
use ui::{Colors, CommandSpec, OpenTarget, Severity};

use crate::commands::Run;
use crate::frame::Frame;
use crate::hover::{Hover, HoverPlace};
use crate::text_place::TextPlace;
use crate::view::EditorView;

/// More lines than this are not drawn in one frame.
const MOST: usize = 1_000;
/// Thickness of a line under the text; a wave is three times as high.
const THICKNESS: Pixels = px(1.);

/// How much of a text that is not needed is hidden, as in VS Code.
const FADED: f32 = 0.4;

crate::commands::commands! {
    NextProblemInFiles "editor.action.marker.nextInFiles" "Go to Next Problem in Files" => |v, window, cx| v.go_to_problem_in_files(Ordering::Greater, window, cx);
    PreviousProblemInFiles "editor.action.marker.prevInFiles" "Go to Previous Problem in Files" => |v, window, cx| v.go_to_problem_in_files(Ordering::Less, window, cx);
    NextProblem "editor.action.marker.next" "Go to Next Problem" => |v, window, cx| v.go_to_problem(Ordering::Greater, window, cx);
    PreviousProblem "editor.action.marker.prev" "Go to Previous Problem" => |v, window, cx| v.go_to_problem(Ordering::Less, window, cx);
}

/// The colour of a severity in the text.
pub(crate) fn color(severity: DiagnosticSeverity, colors: &Colors) -> Hsla {
    match severity {
        DiagnosticSeverity::Error => colors.editor_error,
        DiagnosticSeverity::Warning => colors.editor_warning,
        DiagnosticSeverity::Information => colors.editor_info,
        DiagnosticSeverity::Hint => colors.editor_hint,
    }
}

impl EditorView {
    /// The diagnostics that overlap or touch some bytes, the gravest first.
    pub(crate) fn diagnostics_in<'a>(
        &self,
        range: Range<usize>,
        cx: &'a App,
    ) -> Vec<(Range<usize>, &'a Diagnostic)> {
        let buffer = self.model.read(cx).workspace().buffer(self.buffer);
        buffer.map_or_else(Vec::new, |buffer| buffer.diagnostics().touching(range))
    }

    /// Goes to the next problem, and behind the last of this file to the first of the next file that has
    /// some, whether it is open or not.
    fn go_to_problem_in_files(
        &mut self,
        direction: Ordering,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let from = self.selections.primary().head;
        let buffer = self.buffer_ref(cx);
        let beside = buffer.and_then(|one| one.diagnostics().problem_beside(from, direction));
        let path = buffer.and_then(|buffer| buffer.path());
        let elsewhere = path.filter(|_| beside.is_none()).and_then(|path| {
            let workspace = self.model.read(cx).workspace();
            workspace.problem_in_next_file(path, direction)
        });
        match elsewhere {
            Some(place) => {
                let (line, column) = (place.line.saturating_add(1), place.column.saturating_add(1));
                let target = OpenTarget::at(place.path, line, column);
                ui::open_path(target.telling_problem(), window, cx);
            }
            None => self.go_to_problem(direction, window, cx),
        }
    }

    /// Shows what is wrong at the caret: in a file that was just opened, once its server has said so,
    /// unless something else was done meanwhile.
    pub(crate) fn tell_problem_at_caret(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let caret = self.selections.primary().head;
        self.ask_for_hover(caret, window, cx);
        let is_known = !self.diagnostics_in(caret..caret, cx).is_empty();
        self.hovering.wanted = (!is_known).then_some(caret);
    }

    /// Other problems are known: shows the one that was waited for.
    pub(crate) fn tell_awaited_problem(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let caret = self.selections.primary().head;
        if self.hovering.wanted == Some(caret) && !self.diagnostics_in(caret..caret, cx).is_empty()
        {
            self.tell_problem_at_caret(window, cx);
        }
    }

    /// Goes to the next problem around the ends of the text, and shows what it is.
    fn go_to_problem(&mut self, direction: Ordering, window: &mut Window, cx: &mut Context<Self>) {
        let from = self.selections.primary().head;
        let next = self
            .buffer_ref(cx)
            .and_then(|buffer| buffer.diagnostics().next_problem(from, direction));
        let Some(next) = next else {
            let message = match self.model.read(cx).why_silent(self.buffer) {
                // What else looks for problems has found none.
                None | Some(RequestError::NoServer) => {
                    "No problems are known in this file.".to_owned()
                }
                Some(why) => format!("No problems are known in this file: {why}."),
            };
            return ui::notify(Severity::Info, message, window, cx);
        };
        self.go_to_offset(next.start, cx);
        self.ask_for_hover(next.start, window, cx);
    }
}

/// What a hover says of the problems at a place. The text of servers is not trusted: it is drawn as
/// code.
pub(crate) fn hover(request: &TextPlace, cx: &App) -> Option<Hover> {
    let buffer = request.model.read(cx).workspace().buffer(request.buffer)?;
    if buffer.version() != request.version {
        return None;
    }
    let at = request.offset;
    let found = buffer.diagnostics().touching(at..at);
    let found: Vec<_> = found
        .into_iter()
        .filter(|(range, _)| range.contains(&at) || range.start == at)
        .collect();
    let first = found.first()?.0.clone();
    let parts: Vec<_> = found.iter().map(|(_, one)| said(one)).collect();
    let places = found.iter().flat_map(|(_, one)| one.related.iter());
    let places = places.map(|related| HoverPlace {
        label: place_label(related).into(),
        location: related.location.clone(),
    });
    Some(Hover {
        range: (!first.is_empty()).then_some(first),
        markdown: parts.join("\n\n").into(),
        places: places.collect(),
    })
}

/// Where a place is that belongs to a diagnostic, and why: `main.rs:3: because of this`.
fn place_label(related: &RelatedInformation) -> String {
    let location = &related.location;
    let name = location.path.file_name().unwrap_or_default();
    let line = location.position.line.saturating_add(1);
    format!("{}:{line}: {}", name.to_string_lossy(), related.message)
}

/// A diagnostic as Markdown: its severity, its words as they are, and who says it.
fn said(diagnostic: &Diagnostic) -> String {
    let severity = match diagnostic.severity {
        DiagnosticSeverity::Error => "Error",
        DiagnosticSeverity::Warning => "Warning",
        DiagnosticSeverity::Information => "Information",
        DiagnosticSeverity::Hint => "Hint",
    };
    let code = diagnostic.code.as_deref().map(|code| {
        let code = escaped(code);
        match &diagnostic.code_address {
            Some(address) => format!("[{code}](<{address}>)"),
            None => code,
        }
    });
    let from = match (diagnostic.source.as_deref(), code) {
        (Some(source), Some(code)) => format!(" from {} \\({code}\\)", escaped(source)),
        (Some(source), None) => format!(" from {}", escaped(source)),
        (None, Some(code)) => format!(" {code}"),
        (None, None) => String::new(),
    };
    format!("**{severity}**{from}: {}", escaped(&diagnostic.message))
}

/// A text of a server's, as Markdown that shows it as it is, each line a paragraph.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for (index, line) in text.lines().enumerate() {
        if index > 0 {
            escaped.push_str("\n\n");
        }
        let indent = line.len() - line.trim_start().len();
        escaped.extend(std::iter::repeat_n('\u{a0}', indent));
        for character in line.trim_start().chars() {
            if character.is_ascii_punctuation() {
                escaped.push('\\');
            }
            escaped.push(character);
        }
    }
    escaped
}

/// Underlines what is wrong in the rows that were laid out, the gravest on top.
pub(crate) fn paint(frame: &Frame, view: &EditorView, window: &mut Window, cx: &App) {
    let mut found: Vec<_> = frame
        .shown
        .iter()
        .flat_map(|shown| view.diagnostics_in(shown.clone(), cx))
        .take(MOST)
        .collect();
    found.sort_by_key(|(_, one)| std::cmp::Reverse(one.severity));
    for (range, diagnostic) in found {
        if diagnostic.unnecessary || diagnostic.deprecated {
            paint_tagged(frame, range.clone(), diagnostic, window);
            // A hint that says no more than that needs no line of its own.
            if diagnostic.severity == DiagnosticSeverity::Hint {
                continue;
            }
        }
        let color = color(diagnostic.severity, &frame.style.colors);
        let faint = diagnostic.severity == DiagnosticSeverity::Hint;
        for span in frame.range_spans(visible_range(frame, range)) {
            let height = THICKNESS * 3.;
            let top = frame.row_top(span.row) + frame.style.line_height - height - px(1.);
            let width = span.right - span.left;
            if faint {
                let bounds = gpui_kit::Bounds::new(
                    point(span.left, top + THICKNESS),
                    size(width, THICKNESS),
                );
                window.paint_quad(fill(bounds, color.opacity(0.6)));
                continue;
            }
            let line = UnderlineStyle {
                thickness: THICKNESS,
                color: Some(color),
                wavy: true,
            };
            window.paint_underline(point(span.left, top), width, &line);
        }
    }
}

/// Fades a text that is not needed, and strikes one out that should no longer be used.
fn paint_tagged(frame: &Frame, range: Range<usize>, diagnostic: &Diagnostic, window: &mut Window) {
    let colors = &frame.style.colors;
    for span in frame.range_spans(range) {
        let (top, width) = (frame.row_top(span.row), span.right - span.left);
        if diagnostic.unnecessary {
            let place = point(span.left, top);
            let bounds = gpui_kit::Bounds::new(place, size(width, frame.style.line_height));
            window.paint_quad(fill(bounds, colors.editor_background.opacity(FADED)));
        }
        if diagnostic.deprecated {
            let place = point(span.left, top + frame.style.line_height / 2.);
            let bounds = gpui_kit::Bounds::new(place, size(width, THICKNESS));
            window.paint_quad(fill(bounds, colors.editor_text.opacity(0.7)));
        }
    }
}

/// The bytes that are underlined: of a place without bytes the character there, or the one before the
/// end of its line.
fn visible_range(frame: &Frame, range: Range<usize>) -> Range<usize> {
    if !range.is_empty() {
        return range;
    }
    let text = frame.text();
    let at = text.floor_char_boundary(range.start);
    match text.char_at(at) {
        Some(character) if character != '\n' => at..text.next_grapheme(at),
        _ => text.prev_grapheme(at).max(text.line_start(text.row_at(at)))..at,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_server_says_is_shown_as_it_is() {
        let message = "expected `a`\n  found ![x](http://a.b) <b>";
        let mut diagnostic = Diagnostic::new(DiagnosticSeverity::Error, message);
        diagnostic.source = Some("rustc".into());
        diagnostic.code = Some("E0308".into());
        assert_eq!(
            said(&diagnostic),
            "**Error** from rustc \\(E0308\\): expected \\`a\\`\n\n\u{a0}\u{a0}found \
             \\!\\[x\\]\\(http\\:\\/\\/a\\.b\\) \\<b\\>"
        );
        diagnostic.code_address = Some("https://a.b/E0308".into());
        let said = said(&diagnostic);
        assert!(
            said.starts_with("**Error** from rustc \\([E0308](<https://a.b/E0308>)\\): expected"),
            "{said}"
        );
    }
}
