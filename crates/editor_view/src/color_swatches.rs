//! A small swatch before each colour that is written out, as the language server knows them.

use std::collections::HashMap;

use editor_core::Bias;
use editor_core::display_map::InlayId;
use gpui_kit::{Bounds, Context, Hsla, Rgba, Window, hsla, point, px, quad, size};
use lsp::DocumentColor;

use crate::frame::Frame;
use crate::inlays::{InlayStyle, InlayText};
use crate::server_views::Asking;
use crate::view::EditorView;

/// The room that a swatch has, in the text.
const ROOM: &str = "  ";
/// The size of a swatch beside that of the text.
const SIZE: f32 = 0.72;

/// The swatches of a view.
#[derive(Default)]
pub(crate) struct ColorSwatches {
    pub(crate) asking: Asking,
    shown: HashMap<InlayId, Hsla>,
}

impl EditorView {
    /// The colours that have a swatch: the bytes that they stand before, in order, and the colours.
    pub fn color_swatches(&self) -> Vec<(usize, Hsla)> {
        let inlays = self.display.inlays().iter();
        let swatches = inlays.filter_map(|inlay| {
            let color = self.served.colors.shown.get(&inlay.id)?;
            Some((inlay.offset, *color))
        });
        swatches.collect()
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
        let wanted = found.into_iter().map(|one| {
            let [r, g, b, a] = one.rgba;
            (one.range.start, Hsla::from(Rgba { r, g, b, a }))
        });
        let mut wanted: Vec<_> = wanted.collect();
        wanted.sort_by_key(|(offset, _)| *offset);
        if self.color_swatches() == wanted {
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
        let colors = wanted.into_iter().map(|(_, color)| color);
        self.served.colors.shown = ids.into_iter().zip(colors).collect();
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

/// Draws the swatches of the rows that were laid out.
pub(crate) fn paint(frame: &Frame, view: &EditorView, window: &mut Window) {
    let shown = &view.served.colors.shown;
    if shown.is_empty() {
        return;
    }
    let side = (frame.style.font_size * SIZE).round();
    let border = frame.style.colors.editor_text.opacity(0.35);
    for row in &frame.rows {
        for (columns, id) in row.inlays(&frame.display) {
            let (Some(color), Some((left, _))) =
                (shown.get(&id), row.spans(columns).first().copied())
            else {
                continue;
            };
            let top = frame.row_top(row.row) + ((frame.style.line_height - side) / 2.).round();
            let place = point(frame.text_area.left() + left + px(1.), top);
            let bounds = Bounds::new(place, size(side, side));
            window.paint_quad(quad(
                bounds,
                px(2.),
                *color,
                px(1.),
                border,
                Default::default(),
            ));
        }
    }
}
