//! Web addresses in a text: where they are, their underlines, and following one.

use std::ops::Range;

use editor_core::Text;
use gpui_kit::{App, Bounds, Context, Modifiers, Pixels, Point, Window, fill, point, px, size};
use settings::{MultiCursorModifier, Settings};
use ui::ActiveSettings as _;

use crate::frame::Frame;
use crate::hover::Hover;
use crate::text_place::TextPlace;
use crate::view::EditorView;

/// A longer address is none.
const LONGEST: usize = 2048;

/// The addresses in a text, in order.
fn links(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut from = 0;
    while let Some(at) = text[from..].find("://").map(|at| from + at) {
        from = at + 3;
        let Some(start) = scheme_start(text, at) else {
            continue;
        };
        let end = from + address_len(&text[from..]);
        if end > from && end - start <= LONGEST {
            found.push(start..end);
            from = end;
        }
    }
    found
}

/// Where the scheme before a colon begins; only those of the web are followed.
fn scheme_start(text: &str, colon: usize) -> Option<usize> {
    ["https", "http"].into_iter().find_map(|scheme| {
        let start = colon.checked_sub(scheme.len())?;
        let written = text.get(start..colon)?;
        let before = text[..start].chars().next_back();
        let stands_alone = before.is_none_or(|before| !before.is_alphanumeric());
        (written.eq_ignore_ascii_case(scheme) && stands_alone).then_some(start)
    })
}

/// Bytes of an address after its `://`: up to a blank or what encloses it, without the marks that
/// end a sentence.
fn address_len(rest: &str) -> usize {
    let mut open = Vec::new();
    let mut end = rest.len();
    for (at, character) in rest.char_indices() {
        let closes = match character {
            '(' => Some(')'),
            '[' => Some(']'),
            '{' => Some('}'),
            _ => None,
        };
        if let Some(closer) = closes {
            open.push(closer);
        }
        let unopened = matches!(character, ')' | ']' | '}') && open.pop() != Some(character);
        if unopened || ends_address(character) {
            end = at;
            break;
        }
    }
    let address = rest[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', '*', '(', '[', '{']);
    // An address has a host, which begins with a letter, a digit, or `[` of a number of IPv6.
    let hosted = address.starts_with(|first: char| first.is_alphanumeric() || first == '[');
    if hosted { address.len() } else { 0 }
}

fn ends_address(character: char) -> bool {
    character.is_whitespace()
        || text_safety::deceives(character)
        || matches!(
            character,
            '<' | '>' | '"' | '\'' | '`' | '|' | '\\' | '^' | '\u{2018}'..='\u{201f}'
                | '\u{3001}' | '\u{3002}' | '\u{3008}'..='\u{3011}' | '\u{ff08}' | '\u{ff09}'
                | '\u{ff0c}' | '\u{ff1a}' | '\u{ff1b}'
        )
}

/// The address that a byte of a text belongs to.
pub(crate) fn link_at(text: &Text, offset: usize) -> Option<Range<usize>> {
    let row = text.row_at(offset);
    let start = text.line_start(row).max(offset.saturating_sub(LONGEST));
    let start = text.ceil_char_boundary(start);
    let end = text.floor_char_boundary(text.line_end(row).min(offset + LONGEST));
    let line = text.slice(start..end.max(start));
    links(&line)
        .into_iter()
        .map(|link| start + link.start..start + link.end)
        .find(|link| link.contains(&offset))
}

/// The modifier that makes a click follow an address: the one that does not add carets.
pub(crate) fn follows(modifiers: &Modifiers, cx: &App) -> bool {
    match cx.kiln_settings().typing.multi_cursor_modifier {
        MultiCursorModifier::Alt => modifiers.secondary(cx),
        MultiCursorModifier::CtrlCmd => modifiers.alt,
    }
}

fn key_name(settings: &Settings) -> &'static str {
    match settings.typing.multi_cursor_modifier {
        MultiCursorModifier::CtrlCmd if cfg!(target_os = "macos") => "option + click",
        MultiCursorModifier::CtrlCmd => "alt + click",
        MultiCursorModifier::Alt if cfg!(target_os = "macos") => "cmd + click",
        MultiCursorModifier::Alt => "ctrl + click",
    }
}

/// What a hover says about an address.
pub(crate) fn hover(request: &TextPlace, cx: &App) -> Option<Hover> {
    let settings = cx.kiln_settings();
    if !settings.pointing.links {
        return None;
    }
    let range = link_at(&request.text, request.offset)?;
    let address = request.text.slice(range.clone()).into_owned();
    Some(Hover {
        range: Some(range),
        markdown: format!("[Follow link](<{address}>) ({})", key_name(settings)).into(),
        places: Vec::new(),
    })
}

/// Underlines the addresses of the rows that were laid out.
pub(crate) fn paint(frame: &Frame, window: &mut Window, cx: &App) {
    if !cx.kiln_settings().pointing.links {
        return;
    }
    let color = frame.style.colors.editor_text.opacity(0.45);
    let own: Vec<_> = shown(frame).collect();
    let is_own = |link: &&Range<usize>| {
        own.iter()
            .any(|own| own.start < link.end && link.start < own.end)
    };
    let served = frame.links.iter().filter(|link| !is_own(link)).cloned();
    for link in served.chain(own.iter().cloned()) {
        for span in frame.range_spans(link) {
            let top = frame.row_top(span.row) + frame.style.line_height - px(4.);
            let bounds = Bounds::new(point(span.left, top), size(span.right - span.left, px(1.)));
            window.paint_quad(fill(bounds, color));
        }
    }
}

/// Where what a click at a place would follow is drawn, an address or a part of a hint.
pub(crate) fn followed_at(
    view: &EditorView,
    frame: &Frame,
    position: Point<Pixels>,
    window: &Window,
    cx: &App,
) -> Vec<Bounds<Pixels>> {
    let keys = window.modifiers();
    let mut found = frame.link_under(position, &keys, cx);
    found.extend(view.hint_link_under(frame, position, &keys, cx));
    found
}

/// The addresses of the rows that were laid out.
fn shown(frame: &Frame) -> impl Iterator<Item = Range<usize>> + '_ {
    frame.shown.iter().flat_map(|shown| {
        let part = frame.text().slice(shown.clone());
        let found = links(&part);
        found
            .into_iter()
            .map(|link| shown.start + link.start..shown.start + link.end)
            .collect::<Vec<_>>()
    })
}

impl Frame {
    /// The place of the address that is under the pointer, while a click would follow it.
    pub(crate) fn link_under(
        &self,
        position: Point<Pixels>,
        modifiers: &Modifiers,
        cx: &App,
    ) -> Vec<Bounds<Pixels>> {
        if !cx.kiln_settings().pointing.links || !follows(modifiers, cx) {
            return Vec::new();
        }
        let link = self.character_at(position).and_then(|offset| {
            let mut served = self.links.iter();
            link_at(self.text(), offset)
                .or_else(|| served.find(|link| link.contains(&offset)).cloned())
        });
        let spans = link.map(|link| self.range_spans(link)).unwrap_or_default();
        spans
            .into_iter()
            .map(|span| self.span_bounds(span))
            .collect()
    }
}

impl EditorView {
    /// Opens the address under the pointer in the system's browser, or goes where a language server
    /// says that it leads; false where there is none, or the keys that are held do not ask for it.
    pub(crate) fn follow_link(
        &mut self,
        position: Point<Pixels>,
        modifiers: &Modifiers,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) -> bool {
        if !cx.kiln_settings().pointing.links || !follows(modifiers, cx) {
            return false;
        }
        let text = self.text(cx);
        let frame = self.frame.as_ref();
        let Some(offset) = frame.and_then(|frame| frame.character_at(position)) else {
            return false;
        };
        let Some(link) = link_at(&text, offset) else {
            return self.follow_server_link(offset, window, cx);
        };
        cx.open_url(&text.slice(link));
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text with its addresses in `⟦⟧`.
    fn marked(text: &str) -> String {
        let mut marked = String::new();
        let mut at = 0;
        for link in links(text) {
            marked.push_str(&format!(
                "{}⟦{}⟧",
                &text[at..link.start],
                &text[link.clone()]
            ));
            at = link.end;
        }
        marked + &text[at..]
    }

    #[test]
    fn addresses_end_where_a_reader_would_say() {
        let same = |wanted: &str| assert_eq!(marked(&wanted.replace(['⟦', '⟧'], "")), wanted);
        same("see ⟦https://example.org/a?b=c#d⟧.");
        same("(⟦http://example.org⟧)");
        same("[text](⟦https://en.wikipedia.org/wiki/Rust_(programming_language)⟧)");
        same("\"⟦https://a.b/c⟧\", '⟦HTTP://d.e⟧'");
        same("<⟦https://[::1]:8080/⟧> ⟦https://a.b⟧, ⟦https://c.d⟧!");
        same("⟦https://例え.jp/パス⟧。次");
    }

    #[test]
    fn what_is_no_address_of_the_web_is_left_alone() {
        for text in [
            "https://",
            "http:///path",
            "xhttp://a.b",
            "file:///etc/passwd",
            "javascript://a",
            "://",
            "https:// a.b",
        ] {
            assert_eq!(marked(text), text);
        }
    }

    #[test]
    fn the_address_at_a_place_is_found_in_its_line_alone() {
        let text = Text::new("a https://b.c d\nhttps://e.f");
        assert_eq!(link_at(&text, 1), None);
        assert_eq!(link_at(&text, 5), Some(2..13));
        assert_eq!(link_at(&text, 12), Some(2..13));
        assert_eq!(link_at(&text, 13), None);
        assert_eq!(link_at(&text, 16), Some(16..27));
    }
}
