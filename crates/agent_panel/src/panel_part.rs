//! The parts of the panel that are drawn apart from each other.
//!
//! A row of the conversation is up to 8 KB of Markdown, laid out anew each time it is drawn. The
//! conversation is therefore a view of its own, whose last picture stays while only the composer
//! changes. The composer with its controls is one too, for what happens beside the panel: a letter in
//! an editor draws every frame of the window.

use crate::panel::AgentPanel;
use gpui_kit::*;
use ui::ContentHeight;

/// Draws a part out of the panel's state.
type Draw = fn(&mut AgentPanel, &mut Window, &mut Context<AgentPanel>) -> AnyElement;

/// A part of the panel, drawn anew where the panel or what it alone shows has changed.
pub(crate) struct PanelPart {
    /// What it is called where it is counted how often it is drawn.
    name: &'static str,
    panel: WeakEntity<AgentPanel>,
    draw: Draw,
    /// Of a part that is as high as what it holds.
    height: Option<ContentHeight>,
    _changes: [Subscription; 2],
}

impl PanelPart {
    /// The part that `draw` draws, of `panel` and of `shown`.
    pub fn new<T: 'static>(
        name: &'static str,
        panel: &Entity<AgentPanel>,
        shown: &Entity<T>,
        draw: Draw,
        cx: &mut Context<Self>,
    ) -> Self {
        Self {
            name,
            panel: panel.downgrade(),
            draw,
            height: None,
            _changes: [
                cx.observe(panel, |this, _, cx| this.changed(cx)),
                cx.observe(shown, |this, _, cx| this.changed(cx)),
            ],
        }
    }

    /// The same, as high as what it holds; else it fills what it is in.
    pub fn with_content_height(mut self) -> Self {
        self.height = Some(ContentHeight::default());
        self
    }

    /// Has the part drawn anew.
    pub fn changed(&mut self, cx: &mut Context<Self>) {
        if let Some(height) = &self.height {
            height.forget();
        }
        cx.notify();
    }

    /// The part, as it was drawn in the frame before unless it changed.
    pub fn element(part: &Entity<Self>, window: &Window, cx: &App) -> AnyElement {
        match &part.read(cx).height {
            Some(height) => height.as_drawn(part.clone(), window),
            None => {
                let whole = StyleRefinement::default().size_full();
                ui::as_drawn(part.clone(), whole, window)
            }
        }
    }
}

impl Render for PanelPart {
    fn render(&mut self, window: &mut Window, cx: &mut Context<Self>) -> impl IntoElement {
        ui::view_part::drawn(self.name);
        let draw = self.draw;
        let drawn = self
            .panel
            .update(cx, |panel, cx| draw(panel, window, cx))
            // A part goes with its panel.
            .unwrap_or_else(|_| Empty.into_any_element());
        match &self.height {
            Some(height) => height.measured(drawn),
            None => drawn,
        }
    }
}
