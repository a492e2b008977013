//! Hovers: what is known about a place of the text, shown beside it while the pointer rests there
//! or when a command asks.
//!
//! What is said comes from [`HoverProvider`]s, which are registered once for all editors. Each is
//! asked at the same time and shown as soon as it answers, in the order of registration.

use std::ops::Range;
use std::rc::Rc;
use std::time::Duration;

use editor_core::display_map::InlayId;
use editor_core::{Text, word_at};
use gpui_kit::base::TestSupportExt as _;
use gpui_kit::component::text::TextViewState;
use gpui_kit::prelude::*;
use gpui_kit::{
    AnyElement, App, AsyncWindowContext, Context, Entity, FocusHandle, Global, KeyBinding, Pixels,
    Point, Rems, Role, ScrollHandle, SharedString, Task, WeakEntity, Window, actions, deferred,
    div, point, px,
};
use lsp::Location;
use ui::markdown::{self, LinkTarget};
use ui::tokens::{Typography as _, radius, scaled, space};
use ui::{ActiveKilnTheme as _, Colors, Severity};

use crate::floating::floating;
use crate::frame::Frame;
use crate::language_server::ServerHover;
use crate::popover::{Placed, Popover, Side};
use crate::text_place::TextPlace;
use crate::view::EditorView;
use crate::{characters, diagnostics, links};

actions!(
    hover,
    [
        /// Shows what is above.
        ScrollUp,
        /// Shows what is below.
        ScrollDown,
        /// Shows the page above.
        ScrollPageUp,
        /// Shows the page below.
        ScrollPageDown,
    ]
);

/// More of an answer is cut off.
const MAX_MARKDOWN: usize = 64 * 1024;
/// More places of one part are not listed.
const MAX_PLACES: usize = 100;
/// The size of a hover at most.
const MAX_WIDTH: Rems = scaled(560.);
const MAX_HEIGHT: Rems = scaled(320.);
/// How long a hover stays after the pointer has left it and its text, which is the time to get from
/// one to the other.
const LEAVING: Duration = Duration::from_millis(300);
/// How long an answer is waited for before it is said that it is: with the usual delay, as long after
/// the pointer came to rest as in VS Code.
const LOADING: Duration = Duration::from_millis(600);
/// What is shown where an answer takes longer than that.
const LOADING_TEXT: &str = "Loading\u{2026}";

/// What is known about a place.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Hover {
    /// The bytes that it is about; the character that was asked about where it is not known.
    pub range: Option<Range<usize>>,
    /// What is said, as Markdown. It is drawn as text that is not trusted: nothing is fetched, and
    /// links lead to the web alone. More than 64 KiB are cut off.
    pub markdown: SharedString,
    /// Places that belong to it, which are listed below it and lead there.
    pub places: Vec<HoverPlace>,
}

/// A place that a hover leads to.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct HoverPlace {
    /// What is shown of it, in one line.
    pub label: SharedString,
    /// Where it is.
    pub location: Location,
}

/// Knows something about places of texts.
pub trait HoverProvider: 'static {
    /// What is known about a place, or nothing. Slow work belongs elsewhere than on this thread; a
    /// dropped task was cancelled, and an answer about a text that has changed is dropped.
    fn hover(&self, request: TextPlace, cx: &mut App) -> Task<Option<Hover>>;
}

#[derive(Default)]
struct Providers(Vec<Rc<dyn HoverProvider>>);

impl Global for Providers {}

/// Adds a provider; its answers are shown after those of the providers before it.
pub fn register_hover_provider(provider: impl HoverProvider, cx: &mut App) {
    cx.default_global::<Providers>().0.push(Rc::new(provider));
}

/// A provider that answers at once.
struct Immediate(fn(&TextPlace, &App) -> Option<Hover>);

impl HoverProvider for Immediate {
    fn hover(&self, request: TextPlace, cx: &mut App) -> Task<Option<Hover>> {
        Task::ready((self.0)(&request, cx))
    }
}

/// Registers what this crate knows itself, and the keys of a hover that has the focus.
pub(crate) fn register(cx: &mut App) {
    // What is wrong comes first.
    register_hover_provider(Immediate(diagnostics::hover), cx);
    register_hover_provider(ServerHover, cx);
    register_hover_provider(Immediate(characters::hover), cx);
    register_hover_provider(Immediate(links::hover), cx);
    let focused = Some("EditorHover");
    ui::keys::bind_fixed(
        [
            KeyBinding::new("escape", crate::commands::Cancel, focused),
            KeyBinding::new("up", ScrollUp, focused),
            KeyBinding::new("down", ScrollDown, focused),
            KeyBinding::new("pageup", ScrollPageUp, focused),
            KeyBinding::new("pagedown", ScrollPageDown, focused),
        ],
        cx,
    );
}

/// The hover of a view: what is waited for and what is shown.
#[derive(Default)]
pub(crate) struct Hovering {
    /// The character under the pointer that something may be said about.
    at: Option<usize>,
    /// The hint under the pointer that something may be said about.
    hint: Option<InlayId>,
    waiting: Option<Task<()>>,
    asking: Vec<Task<()>>,
    /// How many of those have not answered.
    awaited: usize,
    /// What says after a while that they are waited for.
    loading: Option<Task<()>>,
    leaving: Option<Task<()>>,
    card: Option<HoverCard>,
    /// Where it is to say what is wrong, once that is known.
    pub(crate) wanted: Option<usize>,
}

struct HoverCard {
    range: Range<usize>,
    /// Whether it says that there may be more to come.
    loading: bool,
    answers: Vec<Option<Answer>>,
    focus: FocusHandle,
    scroll: ScrollHandle,
    placed: Placed,
}

impl Hovering {
    /// The card, made where there is none.
    fn card(&mut self, range: Range<usize>, cx: &App) -> &mut HoverCard {
        self.card.get_or_insert_with(|| HoverCard {
            range,
            loading: false,
            answers: Vec::new(),
            focus: cx.focus_handle(),
            scroll: ScrollHandle::new(),
            placed: Placed::default(),
        })
    }
}

struct Answer {
    markdown: SharedString,
    places: Vec<HoverPlace>,
    document: Entity<TextViewState>,
}

impl HoverCard {
    /// Whether the pointer is on the card, or on its way from the text to it.
    fn holds(&self, position: Point<Pixels>) -> bool {
        self.placed
            .get()
            .is_some_and(|bounds| bounds.dilate(px(4.)).contains(&position))
    }
}

/// The character that a caret is at: the one before it where it stands right behind a word.
fn place_of(caret: usize, text: &Text) -> usize {
    let is_word = |character: Option<char>| character.is_some_and(|c| !c.is_whitespace());
    if is_word(text.char_before(caret)) && !is_word(text.char_at(caret)) {
        text.prev_grapheme(caret)
    } else {
        caret
    }
}

impl EditorView {
    /// What the hover says, as Markdown, its parts in order; nothing while there is none.
    pub fn hover_text(&self) -> Option<String> {
        let card = self.hovering.card.as_ref()?;
        let mut parts: Vec<_> = card
            .answers
            .iter()
            .flatten()
            .map(|answer| {
                let places = answer
                    .places
                    .iter()
                    .map(|place| format!("\n\n{}", place.label));
                format!("{}{}", answer.markdown, places.collect::<String>())
            })
            .collect();
        if card.loading {
            parts.push(LOADING_TEXT.to_owned());
        }
        (!parts.is_empty()).then(|| parts.join("\n\n---\n\n"))
    }

    /// The pointer moved with no button held; `over_text` says whether it is on the text itself.
    pub(crate) fn hover_moved(
        &mut self,
        position: Point<Pixels>,
        over_text: bool,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let Some(frame) = self.frame.clone() else {
            return;
        };
        if !self.language_settings(cx).pointing.hover {
            return;
        }
        let offset = if over_text {
            frame.character_at(position)
        } else {
            None
        };
        let hint = match over_text && offset.is_none() {
            true => frame.inlay_at(position),
            false => None,
        };
        if let Some(card) = &self.hovering.card {
            let about_it = offset.is_some_and(|offset| card.range.contains(&offset))
                || (hint.is_some() && hint == self.hovering.hint);
            if about_it || card.holds(position) {
                self.hovering.leaving = None;
                self.hovering.waiting = None;
                self.hovering.at = offset.filter(|_| about_it);
                return;
            }
            // One that has the focus stays until it is closed.
            if card.focus.contains_focused(window, cx) {
                return;
            }
            if self.hovering.leaving.is_none() {
                self.hovering.leaving = Some(after(LEAVING, window, cx, Self::close_hover));
            }
        }
        if self.hovering.at != offset || self.hovering.hint != hint {
            (self.hovering.at, self.hovering.hint) = (offset, hint);
            if self.hovering.card.is_none() {
                // What was asked about is left before anything was shown of it.
                self.nothing_asked();
            }
            let delay =
                Duration::from_millis(u64::from(self.language_settings(cx).pointing.hover_delay));
            self.hovering.waiting = match (offset, hint) {
                (Some(offset), _) => Some(after(delay, window, cx, move |view, window, cx| {
                    view.ask_for_hover(offset, window, cx);
                })),
                (None, Some(hint)) => Some(after(delay, window, cx, move |view, window, cx| {
                    view.ask_about_hint(hint, window, cx);
                })),
                (None, None) => None,
            };
        }
    }

    /// Shows what is known about the place of the caret; where that is shown already, gives it the
    /// focus, so that keys scroll it.
    pub(crate) fn show_hover(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        if let Some(card) = &self.hovering.card {
            window.focus(&card.focus, cx);
            cx.notify();
            return;
        }
        let place = place_of(self.selections.primary().head, &self.text(cx));
        if self.ask_for_hover(place, window, cx) == 0 {
            let message = "Nothing is known about the place of the caret.";
            ui::notify(Severity::Info, message, window, cx);
        }
    }

    /// Asks every provider about a place; says how many have or may still have something to say.
    pub(crate) fn ask_for_hover(
        &mut self,
        offset: usize,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) -> usize {
        self.close_hover(window, cx);
        self.hovering.at = Some(offset);
        let text = self.text(cx);
        if offset > text.len() {
            return 0;
        }
        let request = self.place(text, offset);
        let providers = cx.default_global::<Providers>().0.clone();
        let count = providers.len();
        let mut hopeful = 0;
        for (index, provider) in providers.iter().enumerate() {
            let answer = provider.hover(request.clone(), cx);
            let request = request.clone();
            if answer.is_ready() {
                // Known at once: shown in this frame.
                let answer = cx.foreground_executor().block_on(answer);
                hopeful += usize::from(answer.is_some());
                self.take_answer(&request, index, count, answer, cx);
                continue;
            }
            hopeful += 1;
            self.hovering.awaited += 1;
            let arriving = cx.spawn_in(
                window,
                async move |this: WeakEntity<Self>, cx: &mut AsyncWindowContext| {
                    let answer = answer.await;
                    // A view that is gone shows nothing.
                    this.update_in(cx, |view, window, cx| {
                        view.take_answer(&request, index, count, answer, cx);
                        view.answered(window, cx);
                    })
                    .ok();
                },
            );
            self.hovering.asking.push(arriving);
        }
        self.say_soon_that_it_loads(offset, window, cx);
        hopeful
    }

    /// Says after a while that answers about a place are waited for.
    fn say_soon_that_it_loads(
        &mut self,
        offset: usize,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        if self.hovering.awaited == 0 {
            return;
        }
        let text = self.text(cx);
        let word = word_at(&text, offset);
        let range = match word.contains(&offset) {
            true => word,
            false => offset..text.next_grapheme(offset),
        };
        self.hovering.loading = Some(after(LOADING, window, cx, move |view, _, cx| {
            view.hovering.card(range, cx).loading = true;
            cx.notify();
        }));
    }

    /// One of those that were asked has answered.
    fn answered(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        self.hovering.awaited = self.hovering.awaited.saturating_sub(1);
        if self.hovering.awaited > 0 {
            return;
        }
        self.hovering.loading = None;
        let Some(card) = self.hovering.card.as_mut().filter(|card| card.loading) else {
            return;
        };
        card.loading = false;
        match card.answers.iter().any(Option::is_some) {
            true => cx.notify(),
            // There is nothing to say.
            false => self.close_hover(window, cx),
        }
    }

    /// Nobody waits any more for what was asked.
    fn nothing_asked(&mut self) {
        self.hovering.asking.clear();
        self.hovering.awaited = 0;
        self.hovering.loading = None;
    }

    /// Shows what the server says of a hint that is under the pointer.
    fn ask_about_hint(&mut self, id: InlayId, window: &mut Window, cx: &mut Context<Self>) {
        let Some((hint, offset)) = self.hint_at(id) else {
            return;
        };
        self.close_hover(window, cx);
        self.hovering.hint = Some(id);
        let request = self.place(self.text(cx), offset);
        let buffer = self.buffer;
        let asked = self
            .model
            .update(cx, |model, cx| model.server_resolve_hint(buffer, &hint, cx));
        self.hovering.awaited = 1;
        let arriving = cx.spawn_in(
            window,
            async move |this: WeakEntity<Self>, cx: &mut AsyncWindowContext| {
                // Nothing is said of many hints.
                let said = asked.await.ok().flatten();
                let answer = said.map(|markdown| Hover {
                    range: Some(offset..offset),
                    markdown: markdown.into(),
                    places: Vec::new(),
                });
                // A view that is gone shows nothing.
                this.update_in(cx, |view, window, cx| {
                    view.take_answer(&request, 0, 1, answer, cx);
                    view.answered(window, cx);
                })
                .ok();
            },
        );
        self.hovering.asking.push(arriving);
    }

    fn take_answer(
        &mut self,
        request: &TextPlace,
        index: usize,
        count: usize,
        answer: Option<Hover>,
        cx: &mut Context<Self>,
    ) {
        let Some(answer) = answer.filter(|answer| !answer.markdown.trim().is_empty()) else {
            return;
        };
        if self.version != request.version {
            return;
        }
        let text = &request.text;
        let range = answer.range.map_or_else(
            || request.offset..text.next_grapheme(request.offset),
            |range| {
                let end = text.floor_char_boundary(range.end);
                text.floor_char_boundary(range.start).min(end)..end
            },
        );
        let mut markdown = answer.markdown;
        if markdown.len() > MAX_MARKDOWN {
            let end = markdown.floor_char_boundary(MAX_MARKDOWN);
            markdown = format!("{}\n\n…", &markdown[..end]).into();
        }
        let document = cx.new(|cx| TextViewState::markdown(&markdown, cx));
        let card = self.hovering.card(range.clone(), cx);
        if !card.answers.iter().any(Option::is_some) {
            // Where it is known what it is about, it is not the word that was pointed at.
            card.range = range;
        }
        card.answers.resize_with(count, || None);
        card.answers[index] = Some(Answer {
            markdown,
            places: answer.places,
            document,
        });
        cx.notify();
    }

    /// Whether a hover is shown.
    pub(crate) fn has_hover(&self) -> bool {
        self.hovering.card.is_some()
    }

    /// Takes the hover away, with what is waited for.
    pub(crate) fn close_hover(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        if self.is_in_hover(window, cx) {
            window.focus(&self.focus, cx);
        }
        self.forget_hover(cx);
    }

    /// Whether the hover has the focus.
    fn is_in_hover(&self, window: &Window, cx: &App) -> bool {
        let card = self.hovering.card.as_ref();
        card.is_some_and(|card| card.focus.contains_focused(window, cx))
    }

    /// The text lost the focus: to the hover, or to what has nothing to do with it.
    pub(crate) fn left_for_hover(&mut self, window: &Window, cx: &mut Context<Self>) {
        if !self.is_in_hover(window, cx) {
            self.forget_hover(cx);
        }
    }

    /// Takes the hover away where it cannot have the focus: the text or the carets changed.
    pub(crate) fn forget_hover(&mut self, cx: &mut Context<Self>) {
        let shown = self.hovering.card.is_some();
        // What the pointer rests on is not asked about again until it moves to another character.
        let (at, hint) = (self.hovering.at, self.hovering.hint);
        self.hovering = Hovering {
            at,
            hint,
            ..Hovering::default()
        };
        if shown {
            cx.notify();
        }
    }

    pub(crate) fn render_hover(&self, cx: &Context<Self>) -> Option<AnyElement> {
        let card = self.hovering.card.as_ref()?;
        let parts: Vec<_> = card
            .answers
            .iter()
            .flatten()
            .map(|answer| (answer.document.clone(), answer.places.clone()))
            .collect();
        let loading = card.loading;
        let view = cx.weak_entity();
        let label = SharedString::from(self.hover_text()?);
        let (focus, scroll) = (card.focus.clone(), card.scroll.clone());
        let popover = Popover::new(
            cx.entity(),
            card.range.clone(),
            Side::Above,
            MAX_WIDTH,
            card.placed.clone(),
            move |max, window, cx| {
                let theme = cx.kiln_theme().clone();
                let rem = window.rem_size();
                let parts: Vec<_> = parts
                    .iter()
                    .enumerate()
                    .map(|(index, (part, places))| {
                        div()
                            .px(space::S)
                            .py(space::XS)
                            .when(index > 0, |this| {
                                this.border_t_1().border_color(theme.border)
                            })
                            .child(markdown::documentation(part, follow_web, cx))
                            .children(place_rows(index, places, &view, &theme))
                    })
                    .collect();
                let step = |by: f32| {
                    let scroll = scroll.clone();
                    move |window: &mut Window| {
                        scroll_by(&scroll, by, window);
                        window.refresh();
                    }
                };
                let (up, down) = (step(-1.), step(1.));
                let (page_up, page_down) = (step(-8.), step(8.));
                floating(&theme)
                    .id("editor-hover")
                    .test_support()
                    .role(Role::Tooltip)
                    .aria_label(label)
                    .key_context("EditorHover")
                    .track_focus(&focus)
                    .on_action(move |_: &ScrollUp, window, _| up(window))
                    .on_action(move |_: &ScrollDown, window, _| down(window))
                    .on_action(move |_: &ScrollPageUp, window, _| page_up(window))
                    .on_action(move |_: &ScrollPageDown, window, _| page_down(window))
                    .p(space::XXS)
                    .flex_col()
                    .max_w(max.width)
                    .max_h(MAX_HEIGHT.to_pixels(rem).min(max.height))
                    .overflow_y_scroll()
                    .track_scroll(&scroll)
                    .text_color(theme.text)
                    .children(parts)
                    .when(loading, |this| {
                        this.child(
                            div()
                                .px(space::S)
                                .py(space::XS)
                                .text_color(theme.text_muted)
                                .child(LOADING_TEXT),
                        )
                    })
                    .into_any_element()
            },
        );
        Some(deferred(popover).into_any_element())
    }
}

/// The rows of the places that belong to a part of a hover.
fn place_rows(
    part: usize,
    places: &[HoverPlace],
    view: &WeakEntity<EditorView>,
    colors: &Colors,
) -> Vec<AnyElement> {
    let rows = places.iter().enumerate().map(|(index, place)| {
        let (view, location) = (view.clone(), place.location.clone());
        let hovered = colors.hover;
        div()
            .id(("hover-place", part * MAX_PLACES + index))
            .test_support()
            .role(Role::Link)
            .aria_label(place.label.clone())
            .px(space::XS)
            .rounded(radius::SMALL)
            .cursor_pointer()
            .text_small()
            .text_color(colors.accent)
            .hover(move |style| style.bg(hovered))
            .child(place.label.clone())
            .on_click(move |_, window, cx| {
                let location = location.clone();
                // A view that is gone leads nowhere.
                view.update(cx, |view, cx| {
                    view.close_hover(window, cx);
                    window.focus(&view.focus, cx);
                    view.go_to_location(location, window, cx);
                })
                .ok();
            })
            .into_any_element()
    });
    rows.take(MAX_PLACES).collect()
}

/// Lines by which keys scroll, of a hover's own.
const LINE: Rems = scaled(20.);

fn scroll_by(scroll: &ScrollHandle, lines: f32, window: &Window) {
    let furthest = scroll.max_offset().y;
    let top = (scroll.offset().y - LINE.to_pixels(window.rem_size()) * lines)
        .max(-furthest)
        .min(px(0.));
    scroll.set_offset(point(scroll.offset().x, top));
}

/// Follows a link of a text that is not trusted: to the web alone.
pub(crate) fn follow_web(target: LinkTarget, window: &mut Window, cx: &mut App) {
    match target {
        LinkTarget::Web(address) => cx.open_url(&address),
        LinkTarget::File(_) | LinkTarget::Refused => {
            let message = "Only links to the web are followed from here.";
            ui::notify(Severity::Info, message, window, cx);
        }
    }
}

/// Does something to the view when a time has passed.
fn after(
    delay: Duration,
    window: &mut Window,
    cx: &mut Context<EditorView>,
    act: impl FnOnce(&mut EditorView, &mut Window, &mut Context<EditorView>) + 'static,
) -> Task<()> {
    cx.spawn_in(window, async move |this, cx| {
        cx.background_executor().timer(delay).await;
        // A view that is gone has no hover.
        this.update_in(cx, |view, window, cx| {
            act(view, window, cx);
        })
        .ok();
    })
}

impl Frame {
    /// The byte at which the character under a place in the window begins.
    pub(crate) fn character_at(&self, position: Point<Pixels>) -> Option<usize> {
        if !self.text_area.contains(&position) {
            return None;
        }
        let near = self.offset_at(position);
        let text = self.text();
        [near, text.prev_grapheme(near)].into_iter().find(|start| {
            let end = text.next_grapheme(*start);
            text.char_at(*start)
                .is_some_and(|character| !matches!(character, '\n'))
                && self
                    .range_spans(*start..end)
                    .iter()
                    .any(|span| self.span_bounds(*span).contains(&position))
        })
    }
}
