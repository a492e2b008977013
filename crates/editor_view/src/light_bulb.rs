//! A light bulb beside the line of the caret, where the language server has a quick fix for it. The
//! server is asked once the caret rests.

use std::ops::Range;

use gpui_kit::prelude::*;
use gpui_kit::{
    AnyElement, App, AsyncApp, AvailableSpace, Context, Entity, Task, WeakEntity, Window, div,
    point, px,
};
use lsp::ActionsAsked;
use settings::LightBulbMode;
use ui::tokens::{icon_size, scaled};
use ui::widgets::IconButton;
use ui::{ActiveKilnTheme as _, IconName};

use crate::frame::Frame;
use crate::server_views::REST;
use crate::view::EditorView;

/// What is looked for, and once it is known whether it is there.
#[derive(Default)]
pub(crate) struct LightBulb {
    asked: Option<Asked>,
    /// Whether the bytes that were asked about have a quick fix.
    found: bool,
    waiting: Option<Task<()>>,
}

/// Where a quick fix was looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Asked {
    version: u64,
    range: Range<usize>,
}

impl EditorView {
    /// A frame was laid out: asks about where the caret is now, once it rests there.
    pub(crate) fn light_bulb_follows(&mut self, window: &Window, cx: &mut Context<Self>) {
        let range = self.fixed_range(cx);
        if !self.wants_light_bulb(&range, window, cx) {
            self.served.bulb = LightBulb::default();
            return;
        }
        let version = self.version;
        let now = Asked { version, range };
        if self.served.bulb.asked.as_ref() == Some(&now) {
            return;
        }
        let found = self.served.bulb.found && self.served.bulb.asked.is_none();
        // A question that is dropped is cancelled.
        self.served.bulb = LightBulb {
            asked: Some(now.clone()),
            found,
            waiting: Some(
                cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
                    cx.background_executor().timer(REST).await;
                    let wanted = ActionsAsked::Unasked("quickfix".into());
                    let asked =
                        this.update(cx, |view, cx| view.ask_actions(now.range, &wanted, cx));
                    // A view that is gone shows nothing.
                    let Ok(asked) = asked else { return };
                    // Where the server cannot say, there is nothing to press.
                    let found = asked.await.unwrap_or_default();
                    this.update(cx, |view, cx| {
                        let bulb = &mut view.served.bulb;
                        bulb.found = found.iter().any(|action| action.disabled.is_none());
                        bulb.waiting = None;
                        cx.notify();
                    })
                    .ok();
                }),
            ),
        };
    }

    /// What is wrong with the text is something else now: it is asked anew, and shows what it showed
    /// until then.
    pub(crate) fn light_bulb_stale(&mut self) {
        self.served.bulb.asked = None;
    }

    /// A server is there that was not, or is at work on something else, which is no reason to ask one
    /// again that is asked or has answered.
    pub(crate) fn light_bulb_servers_changed(&mut self) {
        if self.served.bulb.waiting.is_none() && !self.served.bulb.found {
            self.served.bulb.asked = None;
        }
    }

    fn wants_light_bulb(&self, range: &Range<usize>, window: &Window, cx: &App) -> bool {
        let mode = self.language_settings(cx).served.light_bulb;
        let servers = self.model.read(cx).language_servers();
        let served = servers.is_some_and(|servers| servers.of_buffer(self.buffer).is_some());
        let writable = self
            .buffer_ref(cx)
            .is_some_and(|buffer| !buffer.is_read_only());
        let at_code = || {
            let text = self.text(cx);
            let code = |found: Option<char>| found.is_some_and(|found| !found.is_whitespace());
            !range.is_empty()
                || code(text.chars_from(range.start).next())
                || code(text.chars_before(range.start).next())
        };
        served
            && writable
            && self.focus.contains_focused(window, cx)
            && match mode {
                LightBulbMode::Off => false,
                LightBulbMode::OnCode => at_code(),
                LightBulbMode::On => true,
            }
    }
}

/// Makes and lays out the light bulb of a frame: between the line number and the text where the line
/// cannot be folded, else before the number.
pub(crate) fn prepaint(
    view: &Entity<EditorView>,
    frame: &Frame,
    window: &mut Window,
    cx: &mut App,
) -> Option<AnyElement> {
    let shown = view.read(cx);
    if !shown.served.bulb.found {
        return None;
    }
    let text = frame.text();
    let caret = shown.selections.primary().head.min(text.len());
    let row = frame.display.row_of(text.line_start(text.row_at(caret)));
    let top = frame.row_top(row);
    let pinned = frame.style.line_height * frame.sticky.len() as f32;
    if top < frame.bounds.top() + pinned || top >= frame.bounds.bottom() {
        return None;
    }
    let color = cx.kiln_theme().warning;
    let pressed = view.clone();
    let button = IconButton::new("light-bulb", IconName::Lightbulb, "Show code actions")
        .command("editor.action.quickFix")
        .color(color)
        .sizes(scaled(16.), icon_size::SMALL)
        .on_click(move |_, window, cx| {
            pressed.update(cx, |view, cx| {
                window.focus(&view.focus, cx);
                view.find_actions(ActionsAsked::All, window, cx);
            });
        });
    let mut element = div().occlude().child(button).into_any_element();
    let size = element.layout_as_root(AvailableSpace::min_size(), window, cx);
    let foldable = frame.fold_marks.iter().any(|mark| mark.row == row);
    let left = match foldable {
        true => frame.gutter.left(),
        false => frame.chevrons().center().x - size.width / 2.,
    };
    let middle = (frame.style.line_height - size.height) / 2.;
    element.prepaint_at(point(left, top + middle.max(px(0.))), window, cx);
    Some(element)
}
