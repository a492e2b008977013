//! The notices of a window: a list in its corner, the newest first. It scrolls where it is higher
//! than half of the window, so that each can be read.

use crate::icons::icon;
use crate::inline_code::InlineCode;
use crate::notify::{NoticeAction, RUN_ACTION, Severity};
use crate::theme::ActiveKilnTheme as _;
use crate::tokens::{BODY, Typography as _, height, radius, scaled, space};
use crate::widgets::{Button, IconButton, Pill, StaticText as _, divider, row};
use gpui_kit::assets::IconName;
use gpui_kit::base::TestSupportExt as _;
use gpui_kit::component::scroll::ScrollableElement as _;
use gpui_kit::prelude::*;
use gpui_kit::{
    App, Context, ElementId, Empty, Entity, FontWeight, Global, Pixels, Rems, Role, ScrollHandle,
    SharedString, Task, Window, WindowId, div, point, px,
};
use std::collections::HashMap;
use std::time::Duration;

/// How wide the list is.
const WIDTH: Rems = scaled(360.);
/// How much of the window's height it covers at most.
const MOST_HEIGHT: f32 = 0.5;
/// It has so much room however much is to stay clear below it.
const LEAST_HEIGHT: Rems = scaled(120.);
/// More lines of one notice are scrolled.
const MOST_LINES: f32 = 8.;

/// How many are kept; what is older goes.
const MOST: usize = 100;

/// How long a notice that goes by itself stays at least.
const SHORTEST: Duration = Duration::from_secs(5);
/// How long it stays for each letter: some 17 a second are read with ease, as subtitles have it.
const FOR_A_LETTER: Duration = Duration::from_millis(60);

/// One notice.
pub(crate) struct Notice {
    pub(crate) severity: Severity,
    /// What it says, which tells it from the others.
    pub(crate) message: SharedString,
    /// Its buttons, and what they lead to; the first is the one that the command presses.
    pub(crate) actions: Vec<(SharedString, NoticeAction)>,
}

impl Notice {
    /// How long it is shown in a window that is in use; until it is closed where a person has to do something about it.
    fn time(&self) -> Option<Duration> {
        let stays = self.severity == Severity::Error || !self.actions.is_empty();
        let letters = u32::try_from(self.message.chars().count()).unwrap_or(u32::MAX);
        (!stays).then(|| SHORTEST.max(FOR_A_LETTER.saturating_mul(letters)))
    }
}

struct Shown {
    id: u64,
    notice: Notice,
    /// How often it was told.
    times: usize,
    /// What takes it away.
    _leaving: Task<()>,
}

/// The notices of one window.
pub(crate) struct Notices {
    /// The newest first.
    shown: Vec<Shown>,
    /// The pointer is over them: whoever reads is given time.
    hovered: bool,
    /// The window is the one that is in use: what is told in another may not be seen before the
    /// person comes to it, as where two windows were opened, and waits for that.
    attended: bool,
    scroll: ScrollHandle,
    next: u64,
}

/// The notices of each window.
#[derive(Default)]
struct OfWindows(HashMap<WindowId, Entity<Notices>>);

impl Global for OfWindows {}

impl Notices {
    /// Those of a window.
    pub(crate) fn of(window: &Window, cx: &mut App) -> Entity<Self> {
        let id = window.window_handle().window_id();
        // A look that could change them would have the window drawn for ever.
        let known = cx.try_global::<OfWindows>();
        if let Some(known) = known.and_then(|all| all.0.get(&id)) {
            return known.clone();
        }
        let open: Vec<_> = cx.windows().iter().map(|open| open.window_id()).collect();
        let new = cx.new(|_| Self {
            shown: Vec::new(),
            hovered: false,
            attended: false,
            scroll: ScrollHandle::new(),
            next: 0,
        });
        let all = &mut cx.default_global::<OfWindows>().0;
        all.retain(|id, _| open.contains(id));
        all.insert(id, new.clone());
        new
    }

    /// Shows a notice before the others. One that says the same is not shown twice: it comes to the
    /// front and tells how often it was told.
    pub(crate) fn push(&mut self, notice: Notice, cx: &mut Context<Self>) {
        let same = |shown: &Shown| shown.notice.message == notice.message;
        let known = self.shown.iter().position(same);
        let times = known.map_or(0, |known| self.shown.remove(known).times);
        let id = self.next;
        self.next += 1;
        let leaving = self.leave_later(id, &notice, cx);
        let shown = Shown {
            id,
            notice,
            times: times + 1,
            _leaving: leaving,
        };
        self.shown.insert(0, shown);
        self.shown.truncate(MOST);
        if !self.hovered {
            self.scroll.set_offset(point(px(0.), px(0.)));
        }
        cx.notify();
    }

    fn leave_later(&self, id: u64, notice: &Notice, cx: &Context<Self>) -> Task<()> {
        let runs = self.attended && !self.hovered;
        let Some(time) = notice.time().filter(|_| runs) else {
            return Task::ready(());
        };
        cx.spawn(async move |this, cx| {
            cx.background_executor().timer(time).await;
            // The window may be closed.
            this.update(cx, |this, cx| this.remove(|shown| shown.id == id, cx))
                .ok();
        })
    }

    fn remove(&mut self, is_gone: impl Fn(&Shown) -> bool, cx: &mut Context<Self>) {
        self.shown.retain(|shown| !is_gone(shown));
        if self.shown.is_empty() {
            // What is not there is not left by the pointer.
            self.hovered = false;
        }
        cx.notify();
    }

    /// Takes the notice away that says this.
    pub(crate) fn take_back(&mut self, message: &str, cx: &mut Context<Self>) {
        self.remove(|shown| shown.notice.message == message, cx);
    }

    /// Takes all of them away.
    pub(crate) fn clear(&mut self, cx: &mut Context<Self>) {
        self.remove(|_| true, cx);
    }

    /// Takes the newest away that has a button, and gives what the first of its leads to.
    pub(crate) fn take_action(&mut self, cx: &mut Context<Self>) -> Option<NoticeAction> {
        let mut with_button = self.shown.iter().filter_map(|shown| {
            let (_, action) = shown.notice.actions.first()?;
            Some((shown.id, action.clone()))
        });
        let (id, action) = with_button.next()?;
        self.remove(|shown| shown.id == id, cx);
        Some(action)
    }

    /// What they say, the newest first.
    pub(crate) fn messages(&self) -> Vec<SharedString> {
        let shown = self.shown.iter();
        shown.map(|shown| shown.notice.message.clone()).collect()
    }

    fn hover(&mut self, hovered: bool, cx: &mut Context<Self>) {
        if std::mem::replace(&mut self.hovered, hovered) != hovered {
            self.time_anew(cx);
        }
    }

    /// Takes in whether the window is in use; it is drawn anew where that changes.
    fn attend(&mut self, attended: bool, cx: &mut Context<Self>) {
        if std::mem::replace(&mut self.attended, attended) != attended {
            self.time_anew(cx);
        }
    }

    fn time_anew(&mut self, cx: &mut Context<Self>) {
        for index in 0..self.shown.len() {
            let shown = &self.shown[index];
            let leaving = self.leave_later(shown.id, &shown.notice, cx);
            self.shown[index]._leaving = leaving;
        }
    }

    fn render_header(&self) -> impl IntoElement {
        let count = SharedString::from(format!("{} notices", self.shown.len()));
        row()
            .flex_none()
            .justify_between()
            .gap(space::M)
            .pl(space::L)
            .pr(space::S)
            .py(space::XS)
            .child(
                div()
                    .id("notices-count")
                    .test_support()
                    .static_text(count.clone())
                    .text_small()
                    .font_weight(FontWeight::MEDIUM)
                    .child(count),
            )
            .child(
                Button::new("dismiss-notices", "Dismiss all")
                    .quiet()
                    .command("workbench.dismissNotices"),
            )
    }

    fn render_notice(shown: &Shown, cx: &Context<Self>) -> impl IntoElement + use<> {
        let Shown {
            id, notice, times, ..
        } = shown;
        let id = *id;
        let (name, color) = notice.severity.icon(cx);
        let message = InlineCode::of(&notice.message);
        let spoken = message.text.clone();
        let told_again = (*times > 1).then(|| Pill::new(format!("\u{d7}{times}")));
        let buttons = notice.actions.iter().enumerate();
        let buttons = buttons.map(|(place, (label, action))| {
            let action = action.clone();
            let press = cx.listener(move |this: &mut Self, _, window: &mut Window, cx| {
                this.remove(|shown| shown.id == id, cx);
                let action = action.clone();
                window.defer(cx, move |window, cx| action(window, cx));
            });
            let id = match place {
                0 => "notice-action".into(),
                _ => ElementId::from(("notice-action", place)),
            };
            let button = Button::new(id, label.clone()).tooltip(label.clone());
            let button = match place {
                0 => button.command(RUN_ACTION),
                _ => button,
            };
            button.on_click(press)
        });
        let buttons: Vec<_> = buttons.collect();
        let buttons = (!buttons.is_empty()).then(|| {
            let row = div().flex().flex_wrap().justify_end().gap(space::S);
            row.pr(space::M).children(buttons)
        });
        let dismiss = IconButton::new("dismiss-notice", IconName::X, "Dismiss")
            .on_click(cx.listener(move |this, _, _, cx| this.remove(|shown| shown.id == id, cx)));
        // On the first line of the words.
        let beside = || div().flex_none().h(BODY.line).flex().items_center();
        div()
            .id(("notice-row", id))
            .flex()
            .flex_col()
            .flex_none()
            .gap(space::S)
            .py(space::M)
            .pl(space::L)
            .pr(space::S)
            .child(
                div()
                    .id("notice")
                    .test_support()
                    .role(Role::Status)
                    .aria_label(spoken)
                    .flex()
                    .items_start()
                    .gap(space::M)
                    .text_body()
                    .child(
                        beside()
                            .id("notice-icon")
                            .test_support()
                            .child(icon(name, color)),
                    )
                    .child(
                        div()
                            .id("notice-text")
                            .test_support()
                            .flex_1()
                            .min_w_0()
                            // Below it are the buttons, which no length of it is to push out of sight.
                            .max_h(BODY.line * MOST_LINES)
                            .overflow_y_scroll()
                            .child(message.styled(cx)),
                    )
                    .children(told_again.map(|pill| {
                        beside()
                            .id("notice-times")
                            .test_support()
                            .static_text(format!("Told {times} times"))
                            .child(pill)
                    }))
                    .child(beside().child(dismiss)),
            )
            .children(buttons)
    }
}

impl Render for Notices {
    /// As high as it needs, and no higher than where it is put.
    fn render(&mut self, window: &mut Window, cx: &mut Context<Self>) -> impl IntoElement {
        self.attend(window.is_window_active(), cx);
        if self.shown.is_empty() {
            return Empty.into_any_element();
        }
        let theme = cx.kiln_theme();
        let (background, border, text) = (theme.elevated, theme.border, theme.text);
        let mut list = div()
            .id("notices-list")
            .flex()
            .flex_col()
            .min_h_0()
            .overflow_y_scroll()
            .track_scroll(&self.scroll);
        for (index, shown) in self.shown.iter().enumerate() {
            list = list
                .when(index > 0, |list| {
                    list.child(div().flex_none().child(divider(cx)))
                })
                .child(Self::render_notice(shown, cx));
        }
        let header = (self.shown.len() > 1).then(|| {
            let header = div().flex_none().child(self.render_header());
            header.child(divider(cx))
        });
        div()
            .id("notices")
            .test_support()
            .w_full()
            .max_h_full()
            .flex()
            .flex_col()
            .overflow_hidden()
            .occlude()
            .on_hover(cx.listener(|this, hovered: &bool, _, cx| this.hover(*hovered, cx)))
            .bg(background)
            .border_1()
            .border_color(border)
            .rounded(radius::LARGE)
            .shadow_lg()
            .text_color(text)
            .children(header)
            .child(
                div()
                    .relative()
                    .flex()
                    .flex_col()
                    .min_h_0()
                    .child(list)
                    .vertical_scrollbar(&self.scroll),
            )
            .into_any_element()
    }
}

/// The notices of a window, to be drawn in its corner above the rest of it: the corner that covers
/// least, clear of tabs, carets and the composer. They stand on the status bar, and on what is to stay
/// clear above that and is so many pixels high, such as a bar of buttons.
pub fn notices_layer(clear: Pixels, window: &Window, cx: &mut App) -> impl IntoElement + use<> {
    let bottom = crate::zoom::pixels(ABOVE, cx);
    let all = window.viewport_size().height;
    let above = all - bottom - crate::zoom::pixels(height::TITLE_BAR, cx);
    let least = crate::zoom::pixels(LEAST_HEIGHT, cx);
    let clear = clear.min(above - least).max(px(0.));
    let high = (above - clear).min(all * MOST_HEIGHT);
    let bottom = bottom + clear;
    let room = window.viewport_size().width - crate::zoom::pixels(space::L, cx) * 2.;
    let width = crate::zoom::pixels(WIDTH, cx).min(room.max(px(0.)));
    div()
        .absolute()
        .left(space::L)
        .bottom(bottom)
        .w(width)
        .h(high)
        .flex()
        .flex_col()
        .justify_end()
        .child(Notices::of(window, cx))
}

/// How far above the window's bottom edge notices stand: clear of the status bar.
const ABOVE: Rems = Rems(height::STATUS_BAR.0 + space::L.0);
