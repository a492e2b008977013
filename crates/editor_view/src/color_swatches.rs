//! A small swatch before each colour that is written out, as the language server knows them.

use std::collections::HashMap;

use editor_core::Bias;
use editor_core::display_map::InlayId;
use gpui_kit::base::TestSupportExt as _;
use gpui_kit::prelude::*;
use gpui_kit::{
    AccessibleAction, AnyElement, App, AvailableSpace, Bounds, Context, Entity, Hsla, Pixels, Rgba,
    Role, SharedString, Window, div, hsla, point, px, quad, size,
};
use lsp::DocumentColor;
use ui::widgets::command_tooltip;

use crate::color_change::PICK_COLOR;
use crate::color_picker::ColorPicker;
use crate::frame::Frame;
use crate::inlays::{InlayStyle, InlayText};
use crate::row_shaper::InlayPart;
use crate::server_views::Asking;
use crate::view::EditorView;
use crate::written_color::WrittenColor;

/// The room that a swatch has, in the text.
const ROOM: &str = "  ";
/// The size of a swatch beside that of the text.
const SIZE: f32 = 0.72;
/// More than so many in view have no tooltip, and are not told to assistive technology.
const MOST_TOLD: usize = 500;

/// The swatches of a view.
#[derive(Default)]
pub(crate) struct ColorSwatches {
    pub(crate) asking: Asking,
    shown: HashMap<InlayId, Swatch>,
    /// Picks another colour for one of the text, while it is open.
    pub(crate) picker: Option<Entity<ColorPicker>>,
}

/// A swatch.
#[derive(Clone, PartialEq)]
struct Swatch {
    color: Hsla,
    /// What it stands before; none where that cannot be picked anew.
    written: Option<WrittenColor>,
}

impl EditorView {
    /// The colours that have a swatch: the bytes that they stand before, in order, and the colours.
    pub fn color_swatches(&self) -> Vec<(usize, Hsla)> {
        let inlays = self.display.inlays().iter();
        let swatches = inlays.filter_map(|inlay| {
            let swatch = self.served.colors.shown.get(&inlay.id)?;
            Some((inlay.offset, swatch.color))
        });
        swatches.collect()
    }

    /// Whether an inlay is a swatch.
    pub(crate) fn has_swatch(&self, id: InlayId) -> bool {
        self.served.colors.shown.contains_key(&id)
    }

    /// What a swatch stood before when it was shown.
    pub(crate) fn written_color(&self, id: InlayId) -> Option<&WrittenColor> {
        self.served.colors.shown.get(&id)?.written.as_ref()
    }

    /// Asks for the colours where those of the text as it is are not known.
    pub(crate) fn colors_follow_text(&mut self, cx: &mut Context<Self>) {
        if self.language_settings(cx).served.color_decorators {
            self.ask_about_text(
                |view| &mut view.served.colors.asking,
                |model, buffer, cx| model.server_document_colors(buffer, cx),
                |view, found, cx| view.show_colors(found.unwrap_or_default(), cx),
                cx,
            );
        }
    }

    fn show_colors(&mut self, found: Vec<DocumentColor>, cx: &mut Context<Self>) {
        self.display(cx);
        let text = self.text(cx);
        let wanted = found.into_iter().map(|one| {
            let [r, g, b, a] = one.rgba;
            let swatch = |written| Swatch {
                color: Rgba { r, g, b, a }.into(),
                written,
            };
            (one.range.start, swatch(WrittenColor::new(one, &text)))
        });
        let mut wanted: Vec<_> = wanted.collect();
        wanted.sort_by_key(|(offset, _)| *offset);
        if self.shows_swatches(&wanted) {
            return;
        }
        let gone: Vec<_> = self.served.colors.shown.drain().map(|(id, _)| id).collect();
        let inlays = wanted.iter().map(|(offset, _)| InlayText {
            offset: *offset,
            bias: Bias::Right,
            text: ROOM.into(),
            style: InlayStyle {
                color: None,
                background: Some(hsla(0., 0., 0., 0.)),
            },
        });
        let inlays = inlays.collect();
        let ids = self.keeping_top(|view| {
            view.remove_inlays(&gone, cx);
            view.insert_inlays(inlays, cx)
        });
        let swatches = wanted.into_iter().map(|(_, swatch)| swatch);
        self.served.colors.shown = ids.into_iter().zip(swatches).collect();
    }

    /// Whether these swatches are shown, and no others; where they stand moves with the text.
    fn shows_swatches(&self, wanted: &[(usize, Swatch)]) -> bool {
        let shown = &self.served.colors.shown;
        let inlays = self.display.inlays().iter();
        let swatches = inlays.filter_map(|inlay| Some((inlay.offset, shown.get(&inlay.id)?)));
        swatches.eq(wanted.iter().map(|(offset, swatch)| (*offset, swatch)))
    }

    /// The swatch that stands before a byte.
    pub(crate) fn swatch_before(&mut self, offset: usize, cx: &Context<Self>) -> Option<InlayId> {
        self.display(cx);
        let mut inlays = self.display.inlays().iter();
        let found = inlays.find(|one| one.offset == offset && self.has_swatch(one.id));
        found.map(|inlay| inlay.id)
    }

    /// Another colour was written behind a swatch: it has that at once, and not only once the server
    /// has said so.
    pub(crate) fn recolor_swatch(&mut self, id: InlayId, written: Option<WrittenColor>) {
        let shown = self.served.colors.shown.get_mut(&id);
        if let (Some(swatch), Some(written)) = (shown, written) {
            let [r, g, b, a] = written.color.rgba;
            swatch.color = Rgba { r, g, b, a }.into();
            swatch.written = Some(written);
        }
    }

    /// Settings may say otherwise now.
    pub(crate) fn restyle_colors(&mut self, cx: &mut Context<Self>) {
        if !self.language_settings(cx).served.color_decorators
            && self.served.colors.asking.was_asked()
        {
            self.served.colors.asking.stale();
            self.show_colors(Vec::new(), cx);
        }
    }
}

/// The swatches of the rows that were laid out, each where it is.
fn placed<'a>(
    frame: &'a Frame,
    view: &'a EditorView,
) -> impl Iterator<Item = (InlayId, Bounds<Pixels>, &'a Swatch)> {
    let shown = &view.served.colors.shown;
    let side = (frame.style.font_size * SIZE).round();
    let rows = frame.rows.iter().filter(|_| !shown.is_empty());
    rows.flat_map(move |row| {
        let top = frame.row_top(row.row) + ((frame.style.line_height - side) / 2.).round();
        let inlays = row.inlays(&frame.display).into_iter();
        inlays.filter_map(move |InlayPart { id, columns, .. }| {
            let swatch = shown.get(&id)?;
            let (left, _) = row.spans(columns).first().copied()?;
            let place = point(frame.text_area.left() + left + px(1.), top);
            Some((id, Bounds::new(place, size(side, side)), swatch))
        })
    })
}

/// Where a swatch can be pressed.
pub(crate) fn pressed(frame: &Frame, view: &EditorView) -> Vec<Bounds<Pixels>> {
    let swatches = placed(frame, view).filter(|(.., swatch)| swatch.written.is_some());
    swatches.map(|(_, bounds, _)| bounds).collect()
}

/// Lays out what says what a swatch is, to who points at it and to assistive technology; the mouse
/// presses what is below it.
pub(crate) fn prepaint(
    view: &Entity<EditorView>,
    frame: &Frame,
    window: &mut Window,
    cx: &mut App,
) -> Vec<AnyElement> {
    let shown = placed(frame, view.read(cx)).take(MOST_TOLD);
    let shown = shown.filter_map(|(id, bounds, swatch)| {
        let written = swatch.written.as_ref()?;
        Some((id, bounds, written.written.clone()))
    });
    let shown: Vec<_> = shown.collect();
    let made = shown.into_iter().map(|(id, bounds, written)| {
        let view = view.clone();
        let name = SharedString::from(format!("Colour {written}: pick another"));
        let mut element = div()
            .id(("color-swatch", id.0))
            .test_support()
            .role(Role::Button)
            .aria_label(name.clone())
            .size_full()
            .tooltip(command_tooltip(name, Some(PICK_COLOR)))
            .on_a11y_action(AccessibleAction::Click, move |_, window, cx| {
                view.update(cx, |view, cx| view.pick_color_of(id, window, cx));
            })
            .into_any_element();
        let room = bounds.size.map(AvailableSpace::Definite);
        element.layout_as_root(room, window, cx);
        element.prepaint_at(bounds.origin, window, cx);
        element
    });
    made.collect()
}

/// Draws the swatches of the rows that were laid out.
pub(crate) fn paint(frame: &Frame, view: &EditorView, window: &mut Window) {
    let border = frame.style.colors.editor_text.opacity(0.35);
    for (_, bounds, swatch) in placed(frame, view) {
        window.paint_quad(quad(
            bounds,
            px(2.),
            swatch.color,
            px(1.),
            border,
            Default::default(),
        ));
    }
}
