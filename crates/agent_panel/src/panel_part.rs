//! The parts of the panel that are drawn apart from each other.
//!
//! A row of the conversation is up to 8 KB of Markdown, laid out anew each time it is drawn. The
//! conversation is therefore a view of its own, whose last picture stays while only the composer
//! changes.

use crate::panel::AgentPanel;
use gpui_kit::*;

/// Draws a part out of the panel's state.
type Draw = fn(&mut AgentPanel, &mut Window, &mut Context<AgentPanel>) -> AnyElement;

/// A part of the panel, drawn anew where the panel or what it alone shows has changed.
pub(crate) struct PanelPart {
    panel: WeakEntity<AgentPanel>,
    draw: Draw,
    _changes: [Subscription; 2],
}

impl PanelPart {
    /// The part that `draw` draws, of `panel` and of `shown`.
    pub fn new<T: 'static>(
        panel: &Entity<AgentPanel>,
        shown: &Entity<T>,
        draw: Draw,
        cx: &mut Context<Self>,
    ) -> Self {
        Self {
            panel: panel.downgrade(),
            draw,
            _changes: [
                cx.observe(panel, |_, _, cx| cx.notify()),
                cx.observe(shown, |_, _, cx| cx.notify()),
            ],
        }
    }
}

impl Render for PanelPart {
    fn render(&mut self, window: &mut Window, cx: &mut Context<Self>) -> impl IntoElement {
        let draw = self.draw;
        self.panel
            .update(cx, |panel, cx| draw(panel, window, cx))
            // A part goes with its panel.
            .unwrap_or_else(|_| Empty.into_any_element())
    }
}
