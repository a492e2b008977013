//! The colours of names by what the language server says that they mean.
//!
//! They lie over the colours of the syntax, which are there at once, and are asked for when the text
//! rests. Until the answer comes, what was known moves with the text, and a name that is typed on
//! keeps its colour. What the syntax knows as well, such as keywords and numbers, is left to it.

use std::ops::Range;

use editor_core::{ChangeSet, CharClass, Growth, RangeSet, Text};
use gpui_kit::{AppContext as _, AsyncApp, Context, Task, WeakEntity};
use lsp::{RequestError, TokenMeaning};
use settings::SemanticHighlighting;
use syntax::HighlightId;
use ui::ActiveKilnTheme as _;

use crate::editor_style::{EditorStyle, RunStyle};
use crate::frame::Frame;
use crate::server_views::{REST, SCROLLED, with_margin};
use crate::view::EditorView;

/// Of a text of more bytes, what is in view is asked for alone, where the server can do that.
const LARGE: usize = 1024 * 1024;
/// More of a name is not taken to be its rest that was just typed, in bytes.
const LONGEST_NAME: usize = 200;

/// What is known of the names in a view.
#[derive(Default)]
pub(crate) struct SemanticTokens {
    shown: Option<Names>,
    /// The version of the text that was asked about last, and the part where it was not all.
    asked: Option<(u64, Option<Range<usize>>)>,
    waiting: Option<Task<()>>,
    /// Whether the server has none to give until it says otherwise.
    unserved: bool,
}

struct Names {
    places: RangeSet<u32>,
    /// The answer, without the places.
    answer: lsp::SemanticTokens,
    /// How each meaning is drawn, in one style.
    styles: Vec<Option<RunStyle>>,
    /// The generation of that style.
    generation: u64,
    /// Whether the text has changed since.
    moved: bool,
}

impl SemanticTokens {
    /// What is known is asked for anew; it stays until then.
    pub(crate) fn stale(&mut self) {
        self.asked = None;
        self.waiting = None;
        self.unserved = false;
    }

    /// Takes what is known along with a change; without one it is forgotten.
    pub(crate) fn follow(&mut self, changes: Option<&ChangeSet>) {
        match (changes, &mut self.shown) {
            (Some(changes), Some(names)) => {
                names.places.apply(changes);
                names.moved = true;
            }
            _ => self.shown = None,
        }
    }

    /// Makes the styles of the meanings where they are of another style.
    pub(crate) fn prepare(&mut self, style: &EditorStyle, language: &str) {
        if let Some(names) = &mut self.shown
            && names.generation != style.generation
        {
            let meanings = names.answer.meanings.iter();
            names.styles = meanings.map(|one| style_of(one, style, language)).collect();
            names.generation = style.generation;
        }
    }

    pub(crate) fn spans(&self) -> NameSpans<'_> {
        NameSpans(self.shown.as_ref())
    }
}

/// The places of names and how they are drawn.
#[derive(Clone, Copy)]
pub(crate) struct NameSpans<'a>(Option<&'a Names>);

impl NameSpans<'_> {
    /// Those within some bytes, relative to their start, in order and apart from each other.
    pub(crate) fn within(
        &self,
        text: &Text,
        bytes: &Range<usize>,
    ) -> Vec<(Range<usize>, RunStyle)> {
        let Some(names) = self.0 else {
            return Vec::new();
        };
        let found = names.places.touching(bytes.clone());
        let styled = found.filter_map(|(_, range, meaning)| {
            Some((range, names.styles.get(*meaning as usize).copied()??))
        });
        let mut spans: Vec<(Range<usize>, RunStyle)> = Vec::new();
        let mut styled = styled.peekable();
        while let Some((mut range, style)) = styled.next() {
            if names.moved {
                let next = styled.peek().map_or(text.len(), |(next, _)| next.start);
                range.end = typed_end(text, &range).min(next.max(range.end));
            }
            let start = range.start.max(bytes.start);
            let end = range.end.min(bytes.end);
            if start < end {
                spans.push((start - bytes.start..end - bytes.start, style));
            }
        }
        spans
    }
}

/// Where a name ends whose end may have been typed since its place was known.
fn typed_end(text: &Text, range: &Range<usize>) -> usize {
    let in_word = |character: &char| CharClass::of(*character) == CharClass::Word;
    if !text.char_before(range.end).as_ref().is_some_and(in_word) {
        return range.end;
    }
    let mut end = range.end;
    for character in text
        .chars_from(range.end)
        .take(LONGEST_NAME)
        .take_while(in_word)
    {
        end += character.len_utf8();
    }
    end
}

/// How a name is drawn: as the theme has what it means, else as the syntax would draw such a name.
fn style_of(meaning: &TokenMeaning, style: &EditorStyle, language: &str) -> Option<RunStyle> {
    let modifiers: Vec<&str> = meaning.modifiers.iter().map(|one| &**one).collect();
    let usual = highlight_of(&meaning.kind, &modifiers).map(|highlight| style.syntax(highlight));
    style.meaning(&meaning.kind, &modifiers, language, usual)
}

/// The highlight of the syntax for what a server says of a name; none for what the syntax tells as
/// well. The kinds are those of the protocol, and of rust-analyzer and clangd beside them.
fn highlight_of(kind: &str, modifiers: &[&str]) -> Option<HighlightId> {
    let has = |modifier: &str| modifiers.contains(&modifier);
    HighlightId::for_name(match kind {
        "namespace" | "module" => "module",
        "type" | "class" | "struct" | "enum" | "interface" | "union" | "typeAlias" | "concept" => {
            "type"
        }
        "builtinType" => "type.builtin",
        "typeParameter" => "type.parameter",
        "enumMember" | "const" | "constParameter" => "constant",
        "function" => "function",
        "method" | "member" => "function.method",
        "macro" | "procMacro" => "function.macro",
        "variable" if has("readonly") && !has("defaultLibrary") => "constant",
        "variable" if has("defaultLibrary") => "variable.builtin",
        "variable" | "event" => "variable",
        "static" => "constant",
        "parameter" => "variable.parameter",
        "property" | "field" => "property",
        "decorator" | "attribute" | "derive" | "builtinAttribute" => "attribute",
        "lifetime" | "label" => "label",
        "escapeSequence" => "string.escape",
        "formatSpecifier" => "punctuation.special",
        // Code that is not compiled, as clangd tells it; comments themselves are known.
        "comment" if !has("documentation") && !has("injected") => "comment",
        _ => return None,
    })
}

impl EditorView {
    /// What the server says of names: their places in order, each with the kind of thing and the
    /// modifiers, parted by dots.
    pub fn semantic_names(&self) -> Vec<(Range<usize>, String)> {
        let Some(names) = &self.served.tokens.shown else {
            return Vec::new();
        };
        let places = names.places.iter().filter_map(|(_, range, meaning)| {
            let meaning = names.answer.meanings.get(*meaning as usize)?;
            let words = std::iter::once(&meaning.kind).chain(&meaning.modifiers);
            let words: Vec<&str> = words.map(|word| &**word).collect();
            Some((range, words.join(".")))
        });
        places.collect()
    }

    fn colors_names(&self, cx: &Context<Self>) -> bool {
        match self.language_settings(cx).served.semantic_highlighting {
            SemanticHighlighting::On => true,
            SemanticHighlighting::Off => false,
            SemanticHighlighting::ByTheme => cx.kiln_theme().source().semantic.enabled,
        }
    }

    /// Settings or the theme may say otherwise now.
    pub(crate) fn restyle_names(&mut self, cx: &mut Context<Self>) {
        if !self.colors_names(cx) {
            self.served.tokens = SemanticTokens::default();
        }
    }

    /// Asks what the names mean where that is not known of the text as it is.
    pub(crate) fn names_follow_view(
        &mut self,
        frame: &Frame,
        visible: &Range<usize>,
        cx: &mut Context<Self>,
    ) {
        if self.served.tokens.unserved || !self.colors_names(cx) {
            return;
        }
        let Some(offered) = self.model.read(cx).offers_tokens(self.buffer) else {
            self.served.tokens.unserved = true;
            self.served.tokens.shown = None;
            return;
        };
        let version = self.display.version();
        let whole = offered.whole && (frame.text().len() <= LARGE || !offered.part);
        let tokens = &mut self.served.tokens;
        let known = tokens.asked.as_ref().filter(|(asked, _)| *asked == version);
        let covers = |(_, part): &(u64, Option<Range<usize>>)| {
            part.as_ref()
                .is_none_or(|part| part.start <= visible.start && visible.end <= part.end)
        };
        if known.is_some_and(covers) {
            return;
        }
        let delay = match known.is_some() || tokens.shown.is_none() {
            true => SCROLLED,
            false => REST,
        };
        let part = (!whole).then(|| with_margin(frame, visible));
        tokens.asked = Some((version, part.clone()));
        tokens.waiting = Some(
            cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
                cx.background_executor().timer(delay).await;
                let asked = this.update(cx, |view, cx| {
                    let buffer = view.buffer;
                    let before = view.served.tokens.shown.as_ref();
                    let before = before.map(|names| &names.answer);
                    view.model.update(cx, |model, cx| {
                        model.server_semantic_tokens(buffer, part, before, cx)
                    })
                });
                // A view that is gone shows nothing.
                let Ok(asked) = asked else { return };
                let answer = asked.await;
                let placed = cx
                    .background_spawn(async move { answer.map(|answer| answer.map(place_names)) });
                let placed = placed.await;
                this.update(cx, |view, cx| view.take_names(placed, cx)).ok();
            }),
        );
    }

    fn take_names(
        &mut self,
        answer: Result<Option<(lsp::SemanticTokens, RangeSet<u32>)>, RequestError>,
        cx: &mut Context<Self>,
    ) {
        self.display(cx);
        let version = self.display.version();
        let buffer = self.model.read(cx).workspace().buffer(self.buffer);
        let since = |of: u64| buffer.and_then(|buffer| buffer.changes_since(of));
        let tokens = &mut self.served.tokens;
        tokens.waiting = None;
        tokens.shown = match answer {
            Ok(Some((answer, mut places))) => since(answer.version).map(|changes| {
                places.apply(&changes);
                Names {
                    places,
                    moved: answer.version != version,
                    answer,
                    styles: Vec::new(),
                    generation: 0,
                }
            }),
            Ok(None) => None,
            Err(error) if error.is_unserved() => {
                tokens.unserved = true;
                None
            }
            // What fails is asked again after the next edit, or when the server says so.
            Err(_) => return,
        };
        cx.notify();
    }
}

/// The places of names, as they can move with the text.
fn place_names(mut answer: lsp::SemanticTokens) -> (lsp::SemanticTokens, RangeSet<u32>) {
    let mut places = RangeSet::new();
    for (range, meaning) in std::mem::take(&mut answer.tokens) {
        places.insert(range, Growth::Inside, meaning);
    }
    (answer, places)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_syntax_tells_as_well_is_left_to_it() {
        let name = |kind: &str, modifiers: &[&str]| {
            highlight_of(kind, modifiers).map(|highlight| highlight.name())
        };
        assert_eq!(name("keyword", &[]), None);
        assert_eq!(name("variable", &["readonly"]), Some("constant"));
        assert_eq!(
            name("variable", &["readonly", "defaultLibrary"]),
            Some("variable.builtin")
        );
        assert_eq!(name("comment", &[]), Some("comment"));
        assert_eq!(name("comment", &["documentation"]), None);
        let all = [
            "namespace",
            "type",
            "builtinType",
            "typeParameter",
            "enumMember",
            "function",
            "method",
            "macro",
            "variable",
            "parameter",
            "property",
            "decorator",
            "lifetime",
            "escapeSequence",
            "formatSpecifier",
        ];
        for kind in all {
            assert!(name(kind, &[]).is_some(), "{kind}");
        }
    }
}
