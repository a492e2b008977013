//! One group of tabs: which items it holds and how its tab strip looks.

use gpui_kit::base::TestSupportExt as _;
use gpui_kit::prelude::*;
use gpui_kit::{
    AnyElement, App, Bounds, Context, Entity, EntityId, ExternalPaths, Hsla, MouseButton,
    MouseDownEvent, Pixels, Point, Render, Role, ScrollHandle, SharedString, StyleRefinement,
    Subscription, Window, canvas, div, linear_color_stop, linear_gradient, point, px,
};
use ui::icons::Glyph;
use ui::tokens::{height, icon_size, radius, scaled, space};
use ui::widgets::{DragLabel, IconButton, LeavesKeyboard as _, command_tooltip, row, tab_tooltip};
use ui::{
    ActiveKilnTheme as _, DraggedFiles, IconName, ItemHandle, ProblemMarks, Typography as _,
    ViewPart, icons, zoom,
};

use crate::breadcrumbs::{BreadcrumbsShown, CrumbBar};
use crate::editor_area::{DropPlace, EditorArea, Split};
use crate::laid_out::{LaidOut, LaidOutAt};
use crate::problem_mark;
use std::cell::Cell;
use std::path::PathBuf;
use std::rc::Rc;
use workspace::ProblemCounts;

/// One tab.
pub(crate) struct Tab {
    pub(crate) item: Box<dyn ItemHandle>,
    /// Whether the next file that is only looked at takes its place.
    pub(crate) is_preview: bool,
    pub(crate) _subscriptions: [Subscription; 3],
}

/// One group of tabs.
pub(crate) struct EditorGroup {
    /// Distinguishes the group for as long as it lives.
    pub(crate) id: u64,
    pub(crate) tabs: Vec<Tab>,
    pub(crate) active: usize,
    /// The tabs that were in front, the last one last.
    history: Vec<EntityId>,
    place: StripPlace,
    strip: Entity<ViewPart<EditorArea, StripShown>>,
    pub(crate) crumbs: CrumbBar,
    pub(crate) breadcrumbs: Entity<ViewPart<EditorArea, BreadcrumbsShown>>,
}

/// Where the tabs of a strip are.
#[derive(Clone)]
struct StripPlace {
    scroll: ScrollHandle,
    /// The tabs that did not fit when the strip was last laid out.
    hidden: Rc<Cell<Hidden>>,
    /// What the strip was when the front tab was last brought into sight.
    revealed: Rc<Cell<Option<Revealed>>>,
}

/// What the strip of a group shows.
#[derive(PartialEq)]
struct StripShown {
    /// What tells the group apart, and its place.
    group: u64,
    index: usize,
    /// Whether the group has, or last had, the keyboard.
    group_active: bool,
    tabs: Vec<TabShown>,
    /// The place of the tab in front.
    active: usize,
    hidden: Hidden,
}

/// What a tab shows.
#[derive(PartialEq)]
struct TabShown {
    item: EntityId,
    title: SharedString,
    /// The folder, where two titles would read the same.
    folder: Option<SharedString>,
    icon: Glyph,
    dirty: bool,
    read_only: bool,
    preview: bool,
    /// What is wrong in the file.
    problems: ProblemCounts,
    path: Option<PathBuf>,
}

/// How many tabs are out of sight, wholly or in part, on either side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Hidden {
    left: usize,
    right: usize,
}

/// What decides whether the front tab is in sight, but for what a person scrolls.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Revealed {
    front: EntityId,
    /// Where it is among the tabs, unscrolled.
    tab: Bounds<Pixels>,
    strip: Bounds<Pixels>,
}

/// A tab that is being dragged.
#[derive(Clone)]
pub(crate) struct DraggedTab {
    pub(crate) group: u64,
    pub(crate) item: EntityId,
    title: SharedString,
}

impl Render for DraggedTab {
    fn render(&mut self, _: &mut Window, _: &mut Context<Self>) -> impl IntoElement {
        DragLabel(self.title.clone())
    }
}

impl EditorGroup {
    pub(crate) fn new(id: u64, cx: &mut Context<EditorArea>) -> Self {
        let place = StripPlace {
            scroll: ScrollHandle::new(),
            hidden: Rc::default(),
            revealed: Rc::default(),
        };
        let crumbs = CrumbBar::default();
        Self {
            id,
            tabs: Vec::new(),
            active: 0,
            history: Vec::new(),
            strip: ViewPart::new("tab-strip", cx, {
                let place = place.clone();
                move |shown: &StripShown, _, cx| shown.render(&place, cx)
            }),
            breadcrumbs: ViewPart::new("breadcrumbs", cx, {
                let bar = crumbs.clone();
                move |shown: &BreadcrumbsShown, _, cx| shown.render(&bar, cx)
            }),
            place,
            crumbs,
        }
    }

    pub(crate) fn active_item(&self) -> Option<&dyn ItemHandle> {
        self.tabs.get(self.active).map(|tab| tab.item.as_ref())
    }

    pub(crate) fn position(&self, item: EntityId) -> Option<usize> {
        self.tabs.iter().position(|tab| tab.item.item_id() == item)
    }

    /// Brings a tab to the front.
    pub(crate) fn activate(&mut self, index: usize) {
        let Some(tab) = self.tabs.get(index) else {
            return;
        };
        let id = tab.item.item_id();
        self.active = index;
        self.history.retain(|known| *known != id);
        self.history.push(id);
    }

    /// Puts a tab behind the active one and brings it to the front.
    pub(crate) fn insert(&mut self, tab: Tab) {
        let index = if self.tabs.is_empty() {
            0
        } else {
            self.active + 1
        };
        self.tabs.insert(index, tab);
        self.activate(index);
    }

    /// Puts a tab in the place of another one.
    pub(crate) fn replace(&mut self, index: usize, tab: Tab) {
        let Some(place) = self.tabs.get_mut(index) else {
            return;
        };
        let (old, new) = (place.item.item_id(), tab.item.item_id());
        *place = tab;
        for known in self.history.iter_mut().filter(|known| **known == old) {
            *known = new;
        }
    }

    /// Takes a tab away; the one that was in front before comes to the front.
    pub(crate) fn remove(&mut self, index: usize) -> Option<Tab> {
        if index >= self.tabs.len() {
            return None;
        }
        let was_active = index == self.active;
        let tab = self.tabs.remove(index);
        let id = tab.item.item_id();
        self.history.retain(|known| *known != id);
        if was_active {
            let previous = self.history.last().and_then(|item| self.position(*item));
            self.active = previous.unwrap_or(index.min(self.tabs.len().saturating_sub(1)));
        } else if index < self.active {
            self.active -= 1;
        }
        Some(tab)
    }

    /// Moves a tab before another one.
    pub(crate) fn reorder(&mut self, from: usize, to: usize) {
        if from >= self.tabs.len() || to > self.tabs.len() || from == to {
            return;
        }
        let front = self.active_item().map(ItemHandle::item_id);
        let tab = self.tabs.remove(from);
        let to = if to > from { to - 1 } else { to };
        self.tabs.insert(to.min(self.tabs.len()), tab);
        if let Some(index) = front.and_then(|front| self.position(front)) {
            self.active = index;
        }
    }

    /// Tab titles, with the folder where two would read the same.
    pub(crate) fn titles(&self, cx: &App) -> Vec<(SharedString, Option<SharedString>)> {
        let plain: Vec<_> = self.tabs.iter().map(|tab| tab.item.tab_title(cx)).collect();
        self.tabs
            .iter()
            .zip(&plain)
            .map(|(tab, title)| {
                let twin = plain.iter().filter(|other| *other == title).count() > 1;
                let folder = tab.item.path(cx).filter(|_| twin).and_then(|path| {
                    Some(path.parent()?.file_name()?.to_string_lossy().into_owned())
                });
                (title.clone(), folder.map(SharedString::from))
            })
            .collect()
    }

    /// Where the list of the group's tabs opens: below the end of the strip.
    pub(crate) fn list_corner(&self, cx: &App) -> Point<Pixels> {
        let tabs = self.place.scroll.bounds();
        point(tabs.right(), tabs.bottom() + zoom::pixels(space::XS, cx))
    }

    /// The strip of tabs above the group's active item, with what it shows now.
    pub(crate) fn strip(
        &self,
        index: usize,
        group_active: bool,
        marks: &ProblemMarks,
        window: &Window,
        cx: &mut Context<EditorArea>,
    ) -> AnyElement {
        let titles = self.titles(cx).into_iter();
        let tabs = titles.zip(&self.tabs).map(|((title, folder), tab)| {
            let path = tab.item.path(cx);
            let problems = path.as_ref().map(|path| marks.at(path));
            TabShown {
                item: tab.item.item_id(),
                title,
                folder,
                icon: tab.item.icon(cx),
                dirty: EditorArea::has_unsaved_text(tab.item.as_ref(), cx),
                read_only: tab.item.is_read_only(cx),
                preview: tab.is_preview,
                problems: problems.unwrap_or_default(),
                path,
            }
        });
        let shown = StripShown {
            group: self.id,
            index,
            group_active,
            tabs: tabs.collect(),
            active: self.active,
            hidden: self.place.hidden.get(),
        };
        let place = StyleRefinement::default()
            .flex_none()
            .w_full()
            .h(height::TAB_BAR);
        ViewPart::show(&self.strip, shown, place, window, cx)
    }
}

impl StripShown {
    /// Scrolls the tab in front into sight where the strip has changed. Drawn before the tabs, which
    /// are laid out then, it has them there in the same frame.
    fn reveal_front(&self, place: &StripPlace, laid_out: LaidOutAt) -> impl IntoElement {
        let place = place.clone();
        let front = self.tabs.get(self.active).map(|tab| tab.item);
        canvas(
            move |strip, window, _| {
                let tab = laid_out.get().map(|id| window.layout_bounds(id));
                let at_front = front.zip(tab);
                let at_front = at_front.map(|(front, tab)| Revealed { front, tab, strip });
                if at_front != place.revealed.replace(at_front)
                    && let Some(Revealed { tab, .. }) = at_front
                {
                    let by = place.scroll.offset();
                    let to = in_sight(tab, strip, by.x);
                    place.scroll.set_offset(point(to, by.y));
                }
            },
            |_, (), _, _| {},
        )
        .absolute()
        .size_full()
    }

    /// Once the tabs are drawn, notices how many are out of sight, and draws the strip again where
    /// that is news.
    fn overflow_watch(&self, place: &StripPlace) -> impl IntoElement {
        let place = place.clone();
        let count = self.tabs.len();
        canvas(
            move |_, window, _| {
                let StripPlace { scroll, hidden, .. } = &place;
                let strip = scroll.bounds();
                let by = scroll.offset().x;
                let mut out_of_sight = Hidden::default();
                for tab in (0..count).filter_map(|index| scroll.bounds_for_item(index)) {
                    if tab.left() + by < strip.left() - px(1.) {
                        out_of_sight.left += 1;
                    } else if tab.right() + by > strip.right() + px(1.) {
                        out_of_sight.right += 1;
                    }
                }
                if hidden.replace(out_of_sight) != out_of_sight {
                    let part = window.current_view();
                    window.on_next_frame(move |_, cx| cx.notify(part));
                }
            },
            |_, (), _, _| {},
        )
        .absolute()
        .size_0()
    }

    fn render(&self, place: &StripPlace, cx: &mut Context<EditorArea>) -> AnyElement {
        let front = LaidOutAt::default();
        let tabs: Vec<_> = (0..self.tabs.len())
            .map(|tab| {
                let element = self.render_tab(tab, cx);
                match tab == self.active {
                    true => LaidOut::new(element, front.clone()).into_any_element(),
                    false => element,
                }
            })
            .collect();
        let index = self.index;
        let theme = **cx.kiln_theme();
        let group = self.group;
        let (out_of_sight, strip_hover) = (self.hidden, theme.hover);
        let hidden = out_of_sight.left + out_of_sight.right;
        row()
            .id(("tab-strip", group))
            .relative()
            .size_full()
            .bg(theme.tab_inactive)
            .child(
                div()
                    .relative()
                    .h_full()
                    .min_w_0()
                    .child(self.reveal_front(place, front))
                    .child(
                        row()
                            .id(("tabs", group))
                            .h_full()
                            .overflow_x_scroll()
                            .track_scroll(&place.scroll)
                            .children(tabs),
                    )
                    .when(out_of_sight.left > 0, |this| {
                        this.child(fading_end(End::Left, theme.tab_inactive))
                    })
                    .when(out_of_sight.right > 0, |this| {
                        this.child(fading_end(End::Right, theme.tab_inactive))
                    }),
            )
            .child(self.overflow_watch(place))
            .child(
                // Behind the last tab: the line below the strip goes on, and a dragged tab
                // can be dropped at the end.
                EditorArea::takes_files(
                    div().id(("tab-strip-end", group)),
                    group,
                    DropPlace::Tab(usize::MAX),
                    cx,
                )
                .flex_1()
                .when(hidden == 0, |this| this.min_w(scaled(24.)))
                .h_full()
                .border_b_1()
                .border_color(theme.border)
                .on_drop(cx.listener(
                    move |area, dragged: &DraggedTab, window, cx| {
                        area.drop_tab(dragged, group, usize::MAX, window, cx);
                    },
                )),
            )
            .child(
                row()
                    .h_full()
                    .px(space::XS)
                    .border_b_1()
                    .border_color(theme.border)
                    .gap(space::XXS)
                    .when(hidden > 0, |this| {
                        this.border_l_1().child(
                            row()
                                .id(("all-tabs", group))
                                .test_support()
                                .role(Role::Button)
                                .aria_label(SharedString::from(format!(
                                    "Show all tabs, {hidden} out of sight"
                                )))
                                .flex_none()
                                .h(height::TOOL)
                                .px(space::XS)
                                .gap(space::XXS)
                                .rounded(radius::SMALL)
                                .text_caption()
                                .text_color(theme.text_muted)
                                .tab_index(0)
                                .leaves_keyboard()
                                .hover(move |style| style.bg(strip_hover))
                                .focus_visible(move |style| style.bg(strip_hover))
                                .tooltip(command_tooltip(
                                    "Show all tabs",
                                    Some("workbench.showTabs"),
                                ))
                                .on_click(cx.listener(move |area, _, window, cx| {
                                    area.show_tabs(index, window, cx);
                                }))
                                .child(SharedString::from(format!("+{hidden}")))
                                .child(icons::sized_icon(
                                    IconName::ChevronDown,
                                    icon_size::SMALL,
                                    theme.text_muted,
                                )),
                        )
                    })
                    .child(
                        IconButton::new(("split-right", group), IconName::Columns2, "Split right")
                            .command("workbench.splitRight")
                            .leaves_keyboard()
                            .on_click(cx.listener(move |area, _, window, cx| {
                                area.split(index, Split::Right, window, cx);
                            })),
                    ),
            )
            .into_any_element()
    }

    fn render_tab(&self, index: usize, cx: &mut Context<EditorArea>) -> AnyElement {
        let tab = &self.tabs[index];
        let (id, group, group_index) = (tab.item, self.group, self.index);
        let (title, folder) = (tab.title.clone(), tab.folder.clone());
        let (dirty, icon) = (tab.dirty, tab.icon);
        let front = index == self.active;
        let whole = tab.path.as_ref().map(|path| path.display().to_string());
        let read_only = tab.read_only;
        let preview = tab.preview;
        let said = [
            (preview, ", preview"),
            (read_only, ", read-only"),
            (dirty, ", unsaved changes"),
        ];
        let said = said
            .iter()
            .filter(|(holds, _)| *holds)
            .map(|(_, said)| *said);
        let problems = problem_mark::said(tab.problems);
        let wrong = problems.as_ref().map(|said| format!(", {said}"));
        let label = SharedString::from(format!(
            "{title}{}{}",
            said.collect::<String>(),
            wrong.unwrap_or_default()
        ));
        let whole = whole.map(|path| match problems {
            Some(said) => format!("{path}\n{said}"),
            None => path,
        });
        let theme = cx.kiln_theme();
        let wrong = problem_mark::color(tab.problems, theme);
        let (border, muted, text, hover) =
            (theme.border, theme.text_muted, theme.text, theme.hover);
        let (background, color) = match (front, self.group_active) {
            (true, true) => (theme.tab_active, text),
            (true, false) => (theme.tab_active, muted),
            (false, _) => (theme.tab_inactive, muted),
        };
        let hover_group: SharedString = format!("tab-{group}-{}", id.as_u64()).into();
        let dragged = DraggedTab {
            group,
            item: id,
            title: title.clone(),
        };
        let accent = theme.accent;
        let place = row().id(("tab", id.as_u64() as usize));
        EditorArea::takes_files(place, group, DropPlace::Tab(index), cx)
            .test_support()
            .role(Role::Tab)
            .aria_label(label)
            .aria_selected(front)
            .group(hover_group.clone())
            .relative()
            .map(|this| match self.tabs.len() {
                // Rather a part of its name than a tab that is cut, without its close button.
                1 => this.flex_initial().min_w_0(),
                _ => this.flex_none(),
            })
            .h_full()
            .max_w(scaled(220.))
            .gap(space::S)
            .pl(space::L)
            .pr(space::XS)
            .bg(background)
            .border_r_1()
            .border_b_1()
            .border_color(border)
            .when(front, |this| this.border_b_0())
            .when(!front, |this| {
                this.hover(move |style| style.bg(background.blend(hover)))
            })
            .text_small()
            .text_color(color)
            .on_mouse_down(
                MouseButton::Left,
                cx.listener(move |area, event: &MouseDownEvent, window, cx| {
                    area.activate(group_index, index, window, cx);
                    if event.click_count == 2 {
                        area.keep_tab(id, cx);
                    }
                    // The item keeps the keyboard; the area behind the tab would take it.
                    window.prevent_default();
                }),
            )
            .on_mouse_down(
                MouseButton::Middle,
                cx.listener(move |area, _, window, cx| area.close_item(id, window, cx)),
            )
            .on_drag(dragged, |dragged, _, _, cx| cx.new(|_| dragged.clone()))
            .drag_over::<DraggedTab>(move |style, _, _, _| style.border_color(accent))
            .drag_over::<DraggedFiles>(move |style, _, _, _| style.border_color(accent))
            .drag_over::<ExternalPaths>(move |style, _, _, _| style.border_color(accent))
            .on_drop(cx.listener(move |area, dragged: &DraggedTab, window, cx| {
                area.drop_tab(dragged, group, index, window, cx);
            }))
            .when_some(whole, |this, path| this.tooltip(tab_tooltip(path)))
            .child(icons::sized_icon(
                icon,
                icon_size::MEDIUM,
                if front { text } else { muted },
            ))
            .child(
                div()
                    .min_w_0()
                    .truncate()
                    .when(preview, |this| this.italic())
                    .when_some(wrong, |this, color| this.text_color(color))
                    .child(title),
            )
            .children(folder.map(|folder| {
                div()
                    .flex_none()
                    .max_w(scaled(80.))
                    .truncate()
                    .text_caption()
                    .text_color(muted)
                    .child(folder)
            }))
            .when(read_only, |this| {
                this.child(icons::sized_icon(IconName::Lock, icon_size::SMALL, muted))
            })
            .child(close_mark(id, dirty, front, hover_group, cx))
            .into_any_element()
    }
}

/// How far the tabs have to be scrolled for one of them to be in sight, as little as possible from
/// where they are: its end, and where it is wider than the strip its beginning.
fn in_sight(tab: Bounds<Pixels>, strip: Bounds<Pixels>, by: Pixels) -> Pixels {
    let by = by.min(strip.right() - tab.right());
    by.max(strip.left() - tab.left())
}

/// An end of the strip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Left,
    Right,
}

/// What shows that the tabs go on past an end of the strip: they fade out there.
fn fading_end(end: End, background: Hsla) -> impl IntoElement {
    let (angle, clear) = (
        if end == End::Right { 90. } else { 270. },
        background.opacity(0.),
    );
    div()
        .absolute()
        .top_0()
        .bottom(px(1.))
        .w(scaled(20.))
        .map(|this| match end {
            End::Left => this.left_0(),
            End::Right => this.right_0(),
        })
        .bg(linear_gradient(
            angle,
            linear_color_stop(clear, 0.),
            linear_color_stop(background, 1.),
        ))
}

/// The dot of unsaved changes, which becomes the close button under the pointer.
fn close_mark(
    id: EntityId,
    dirty: bool,
    front: bool,
    hover_group: SharedString,
    cx: &mut Context<EditorArea>,
) -> impl IntoElement {
    let theme = cx.kiln_theme();
    let size = scaled(20.);
    let show_close = front && !dirty;
    div()
        .relative()
        .flex_none()
        .size(size)
        .when(dirty, |this| {
            this.child(
                row()
                    .absolute()
                    .inset_0()
                    .justify_center()
                    .group_hover(hover_group.clone(), |style| style.invisible())
                    .child(
                        div()
                            .size(scaled(7.))
                            .rounded(scaled(4.))
                            .bg(theme.modified),
                    ),
            )
        })
        .child(
            div()
                .absolute()
                .inset_0()
                .when(!show_close, |this| {
                    this.invisible()
                        .group_hover(hover_group, |style| style.visible())
                })
                .child(
                    IconButton::new(
                        ("close-tab", id.as_u64() as usize),
                        IconName::X,
                        "Close tab",
                    )
                    .command("workbench.closeTab")
                    .sizes(size, icon_size::SMALL)
                    .on_click(cx.listener(move |area, _, window, cx| {
                        area.close_item(id, window, cx);
                    })),
                ),
        )
}

/// Whether two handles show the same buffer or the same file.
pub(crate) fn same_document(a: &dyn ItemHandle, b: &dyn ItemHandle, cx: &App) -> bool {
    match (a.buffer(cx), b.buffer(cx)) {
        (Some(a), Some(b)) => a == b,
        _ => a.path(cx).is_some() && a.path(cx) == b.path(cx),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gpui_kit::size;

    #[test]
    fn a_tab_is_brought_into_sight_and_no_further() {
        let at =
            |left: f32, width: f32| Bounds::new(point(px(left), px(0.)), size(px(width), px(34.)));
        let strip = at(100., 300.);
        let by = |tab, by: f32| f32::from(in_sight(tab, strip, px(by)));
        assert_eq!(by(at(150., 100.), 0.), 0., "in sight already");
        assert_eq!(by(at(350., 100.), 0.), -50., "its end is cut off");
        assert_eq!(by(at(100., 100.), -200.), 0., "it is before the strip");
        assert_eq!(
            by(at(600., 100.), -300.),
            -300.,
            "in sight where it is scrolled to"
        );
        assert_eq!(
            by(at(500., 400.), 0.),
            -400.,
            "wider than the strip: its beginning"
        );
    }
}
