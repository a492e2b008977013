//! Commands that turn what every editor shows on and off, and write that into the settings.

use super::Workbench;
use crate::write_behind::keep_setting;
use gpui_kit::{App, Context, Global, Window};
use serde_json::Value;
use settings::{LineNumbers, RenderWhitespace};
use std::collections::HashMap;
use ui::ActiveSettings as _;

const MINIMAP: &str = "editor.minimap.enabled";
const STICKY_SCROLL: &str = "editor.stickyScroll.enabled";
const RENDER_WHITESPACE: &str = "editor.renderWhitespace";
const LINE_NUMBERS: &str = "editor.lineNumbers";

/// What settings said before a command set them; none where they were as by default.
#[derive(Default)]
struct Before(HashMap<&'static str, Option<&'static str>>);

impl Global for Before {}

/// The value that a command writes: its own where the setting has another one, which is kept, else
/// the one before.
fn toggled(
    key: &'static str,
    to: &'static str,
    before: Option<Option<&'static str>>,
    cx: &mut App,
) -> Option<Value> {
    let kept = &mut cx.default_global::<Before>().0;
    let value = match before {
        Some(before) => {
            kept.insert(key, before);
            Some(to)
        }
        None => kept.remove(key).flatten(),
    };
    value.map(Value::from)
}

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

    /// Shows all white space, or what was shown of it before.
    pub(super) fn toggle_white_space(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let shown = cx.kiln_settings().editor.render_whitespace;
        let before = match shown {
            RenderWhitespace::None => Some("none"),
            RenderWhitespace::Boundary => Some("boundary"),
            RenderWhitespace::Trailing => Some("trailing"),
            RenderWhitespace::Selection | RenderWhitespace::All => None,
        };
        let before = (shown != RenderWhitespace::All).then_some(before);
        let value = toggled(RENDER_WHITESPACE, "all", before, cx);
        keep_setting(&self.settings, RENDER_WHITESPACE, value, window, cx);
    }

    /// Takes the line numbers away, or shows those again that were shown before.
    pub(super) fn toggle_line_numbers(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let shown = cx.kiln_settings().editor.line_numbers;
        let before = match shown {
            LineNumbers::Relative => Some("relative"),
            LineNumbers::Interval => Some("interval"),
            LineNumbers::On | LineNumbers::Off => None,
        };
        let before = (shown != LineNumbers::Off).then_some(before);
        let value = toggled(LINE_NUMBERS, "off", before, cx);
        keep_setting(&self.settings, LINE_NUMBERS, value, window, cx);
    }
}
