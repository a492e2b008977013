//! Commands that turn what every editor shows on and off, and write that into the settings.

use super::Workbench;
use crate::write_behind::keep_setting;
use gpui_kit::{Context, Window};
use settings::{LineNumbers, RenderWhitespace};
use ui::ActiveSettings as _;

const MINIMAP: &str = "editor.minimap.enabled";
const STICKY_SCROLL: &str = "editor.stickyScroll.enabled";
const RENDER_WHITESPACE: &str = "editor.renderWhitespace";
const LINE_NUMBERS: &str = "editor.lineNumbers";

// What is the default needs no setting.
impl Workbench {
    pub(super) fn toggle_minimap(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let shown = cx.kiln_settings().minimap.enabled;
        let value = shown.then(|| false.into());
        keep_setting(&self.settings, MINIMAP, value, window, cx);
    }

    pub(super) fn toggle_sticky_scroll(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let shown = cx.kiln_settings().editor.sticky_scroll;
        let value = shown.then(|| false.into());
        keep_setting(&self.settings, STICKY_SCROLL, value, window, cx);
    }

    /// Shows all white space, or what is shown of it by default.
    pub(super) fn toggle_white_space(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let shown = cx.kiln_settings().editor.render_whitespace;
        let value = (shown != RenderWhitespace::All).then(|| "all".into());
        keep_setting(&self.settings, RENDER_WHITESPACE, value, window, cx);
    }

    pub(super) fn toggle_line_numbers(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let shown = cx.kiln_settings().editor.line_numbers;
        let value = (shown != LineNumbers::Off).then(|| "off".into());
        keep_setting(&self.settings, LINE_NUMBERS, value, window, cx);
    }
}
