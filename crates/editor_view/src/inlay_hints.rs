//! The hints of a language server between the text: types, names of parameters.
//!
//! They are asked for where the view is, with a margin, and kept while the text stays as it is. After
//! an edit they move with the text until the server was asked again; only those that differ are then
//! put in anew, so that nothing flickers.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use editor_core::Bias;
use editor_core::display_map::InlayId;
use gpui_kit::{AsyncApp, Context, Task, WeakEntity, Window};
use lsp::{InlayHint, InlayHintKind, RequestError};
use settings::InlayHintsMode;
use ui::{ActiveKilnTheme as _, Colors};

use crate::frame::Frame;
use crate::inlays::{InlayStyle, InlayText};
use crate::server_views::{Known, REST, SCROLLED, with_margin};
use crate::view::EditorView;

/// Where more hints than this are kept, those out of view go.
const MOST: usize = 10_000;

/// The hints of a view.
#[derive(Default)]
pub(crate) struct InlayHints {
    shown: HashMap<InlayId, InlayHint>,
    /// The version of the text that `known` and `waiting` are of.
    version: u64,
    known: Known,
    waiting: Option<(Range<usize>, Task<()>)>,
    /// Whether the server has none to give until it says otherwise.
    unserved: bool,
}

impl InlayHints {
    /// A hint that is shown.
    pub(crate) fn get(&self, id: InlayId) -> Option<&InlayHint> {
        self.shown.get(&id)
    }

    /// What is known is asked for anew; it stays until then.
    pub(crate) fn stale(&mut self) {
        self.known.clear();
        self.waiting = None;
        self.unserved = false;
    }
}

/// What is shown of a hint: its label, no longer than wished, apart from what is beside it.
fn shown_text(hint: &InlayHint, longest: usize) -> Arc<str> {
    let mut text = String::new();
    if hint.space_before {
        text.push(' ');
    }
    match hint.label.char_indices().nth(longest) {
        Some((end, _)) if longest > 0 => {
            text.push_str(&hint.label[..end]);
            text.push('…');
        }
        _ => text.push_str(&hint.label),
    }
    if hint.space_after {
        text.push(' ');
    }
    text.into()
}

fn style_of(hint: &InlayHint, colors: &Colors) -> InlayStyle {
    let (color, background) = match hint.kind {
        None => (colors.inlay_hint, colors.inlay_hint_background),
        Some(InlayHintKind::Type) => (colors.inlay_hint_type, colors.inlay_hint_type_background),
        Some(InlayHintKind::Parameter) => (
            colors.inlay_hint_parameter,
            colors.inlay_hint_parameter_background,
        ),
    };
    InlayStyle {
        color: Some(color),
        background: Some(background),
    }
}

/// What is typed where a parameter's name stands is typed behind it, and before a type.
fn bias_of(hint: &InlayHint) -> Bias {
    match hint.kind {
        Some(InlayHintKind::Parameter) => Bias::Left,
        _ => Bias::Right,
    }
}

impl EditorView {
    /// Asks for the hints that are in view and not known, or takes all away where none are wanted.
    pub(crate) fn hints_follow_view(
        &mut self,
        frame: &Frame,
        visible: Range<usize>,
        window: &Window,
        cx: &mut Context<Self>,
    ) {
        let keys = window.modifiers();
        let pressed = keys.control && keys.alt;
        let wanted = match self.language_settings(cx).served.inlay_hints {
            InlayHintsMode::On => true,
            InlayHintsMode::OnUnlessPressed => !pressed,
            InlayHintsMode::OffUnlessPressed => pressed,
            InlayHintsMode::Off => false,
        };
        if !wanted {
            self.served.hints.stale();
            if !self.served.hints.shown.is_empty() {
                let this = cx.weak_entity();
                // Once the frame is laid out, so that another one follows.
                cx.defer(move |cx| {
                    // A view that is gone shows nothing.
                    this.update(cx, |view, cx| view.remove_hints(cx)).ok();
                });
            }
            return;
        }
        let version = self.display.version();
        let hints = &mut self.served.hints;
        let edited = hints.version != version;
        if edited {
            hints.version = version;
            hints.known.clear();
            hints.waiting = None;
        }
        let covers = |(waiting, _): &(Range<usize>, Task<()>)| {
            waiting.start <= visible.start && visible.end <= waiting.end
        };
        if hints.unserved
            || hints.known.covers(&visible)
            || hints.waiting.as_ref().is_some_and(covers)
        {
            return;
        }
        let delay = if edited { REST } else { SCROLLED };
        let range = with_margin(frame, &visible);
        let asked = range.clone();
        let asking = cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
            cx.background_executor().timer(delay).await;
            let answer = this.update(cx, |view, cx| {
                let buffer = view.buffer;
                view.model.update(cx, |model, cx| {
                    model.server_inlay_hints(buffer, asked.clone(), cx)
                })
            });
            // A view that is gone shows nothing.
            let Ok(answer) = answer else { return };
            let answer = answer.await;
            this.update(cx, |view, cx| view.take_hints(asked, answer, cx))
                .ok();
        });
        hints.waiting = Some((range, asking));
    }

    fn take_hints(
        &mut self,
        asked: Range<usize>,
        answer: Result<(u64, Vec<InlayHint>), RequestError>,
        cx: &mut Context<Self>,
    ) {
        self.display(cx);
        let hints = &mut self.served.hints;
        hints.waiting = None;
        let (version, found) = match answer {
            Ok(answer) => answer,
            Err(error) if error.is_unserved() => {
                hints.unserved = true;
                return self.remove_hints(cx);
            }
            // What fails is asked again after the next edit, or when the server says so.
            Err(_) => return hints.known.add(asked),
        };
        // The next frame asks about the text as it is now.
        if version != self.display.version() || version != hints.version {
            return cx.notify();
        }
        hints.known.add(asked.clone());
        self.show_hints(&asked, found, cx);
    }

    /// Shows hints in place of those in some bytes, and leaves those that are the same.
    fn show_hints(&mut self, range: &Range<usize>, found: Vec<InlayHint>, cx: &mut Context<Self>) {
        let longest = self.language_settings(cx).served.inlay_hint_length;
        let mut new: HashMap<_, Vec<InlayHint>> = HashMap::new();
        let mut order = Vec::with_capacity(found.len());
        let within = |hint: &InlayHint| range.start <= hint.offset && hint.offset <= range.end;
        for hint in found.into_iter().filter(within) {
            let before = bias_of(&hint) == Bias::Left;
            let shown = (hint.offset, before, shown_text(&hint, longest));
            order.push(shown.clone());
            new.entry(shown).or_default().push(hint);
        }
        let crowded = self.served.hints.shown.len() + order.len() > MOST;
        // Those inside deleted text are gone already.
        let mut lost = std::mem::take(&mut self.served.hints.shown);
        let mut gone = Vec::new();
        for inlay in self.display.inlays() {
            let Some(known) = lost.remove(&inlay.id) else {
                continue;
            };
            let same = (inlay.offset, inlay.bias == Bias::Left, inlay.text.clone());
            let kept = match range.start <= inlay.offset && inlay.offset <= range.end {
                true => new.get_mut(&same).and_then(Vec::pop),
                false => (!crowded).then_some(known),
            };
            match kept {
                Some(hint) => drop(self.served.hints.shown.insert(inlay.id, hint)),
                None => gone.push(inlay.id),
            }
        }
        gone.extend(lost.into_keys());
        if crowded {
            self.served.hints.known.clear();
            self.served.hints.known.add(range.clone());
        }
        let colors = **cx.kiln_theme();
        let mut hints = Vec::new();
        let mut inlays = Vec::new();
        for shown in order {
            if let Some(hint) = new.get_mut(&shown).and_then(Vec::pop) {
                let (offset, _, text) = shown;
                inlays.push(InlayText {
                    offset,
                    bias: bias_of(&hint),
                    text,
                    style: style_of(&hint, &colors),
                });
                hints.push(hint);
            }
        }
        if gone.is_empty() && inlays.is_empty() {
            return;
        }
        let ids = self.keeping_top(|view| {
            view.remove_inlays(&gone, cx);
            view.insert_inlays(inlays, cx)
        });
        self.served.hints.shown.extend(ids.into_iter().zip(hints));
    }

    /// A hint that is shown, and where it stands now.
    pub(crate) fn hint_at(&self, id: InlayId) -> Option<(InlayHint, usize)> {
        let hint = self.served.hints.shown.get(&id)?;
        let mut inlays = self.display.inlays().iter();
        let inlay = inlays.find(|inlay| inlay.id == id)?;
        Some((hint.clone(), inlay.offset))
    }

    fn remove_hints(&mut self, cx: &mut Context<Self>) {
        self.display(cx);
        let ids: Vec<_> = self.served.hints.shown.drain().map(|(id, _)| id).collect();
        if !ids.is_empty() {
            self.keeping_top(|view| view.remove_inlays(&ids, cx));
        }
    }

    /// Draws the hints as another theme has them, and asks for them anew where settings may have
    /// changed what is shown of them.
    pub(crate) fn restyle_hints(&mut self, cx: &mut Context<Self>) {
        let colors = **cx.kiln_theme();
        for (id, hint) in &self.served.hints.shown {
            self.inlays.restyle(*id, style_of(hint, &colors));
        }
        self.served.hints.stale();
    }
}
