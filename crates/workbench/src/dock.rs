//! A dock: the panels of one side of the window.

use crate::layout::{DockLayout, MAX_DOCK, MIN_DOCK};
use crate::workbench::Workbench;
use gpui_kit::base::TestSupportExt as _;
use gpui_kit::prelude::*;
use gpui_kit::{
    AnyElement, App, Context, CursorStyle, Empty, Entity, Pixels, Render, Role, SharedString,
    StyleRefinement, Window, div, px,
};
use ui::tokens::{height, icon_size, radius, scaled, space};
use ui::widgets::{Pill, column, command_tooltip, row};
use ui::{
    ActiveKilnTheme as _, DockSide, IconName, PanelHandle, Typography as _, ViewPart, icons, zoom,
};

/// The panels of one side, of which one is in front.
pub(crate) struct Dock {
    pub(crate) side: DockSide,
    pub(crate) panels: Vec<Box<dyn PanelHandle>>,
    pub(crate) active: usize,
    pub(crate) open: bool,
    /// In pixels at zoom level 0, so that it grows with the zoom.
    pub(crate) size: Pixels,
    part: Entity<ViewPart<Workbench, DockShown>>,
}

/// What a dock shows. What its panel shows is told by that.
#[derive(PartialEq)]
struct DockShown {
    side: DockSide,
    tabs: Vec<TabShown>,
    /// The place of the panel in front.
    active: usize,
    /// Whether the titles of several panels are written out.
    titled: bool,
    front: FrontPanel,
}

/// What the tab of a panel shows.
#[derive(PartialEq)]
struct TabShown {
    title: SharedString,
    icon: IconName,
    badge: Option<SharedString>,
    toggle_command: Option<&'static str>,
}

/// The panel in front.
struct FrontPanel(Box<dyn PanelHandle>);

impl PartialEq for FrontPanel {
    fn eq(&self, other: &Self) -> bool {
        self.0.view() == other.0.view()
    }
}

/// From which width on the titles of several panels are written out, in pixels at zoom level 0.
const TITLED: Pixels = px(230.);

/// The editors keep this width, in pixels at zoom level 0, as long as the docks can give way.
const MIN_EDITORS: f32 = 320.;

/// The widths at which the left and the right dock are drawn in a window of this width, all in
/// pixels at zoom level 0: as they were set where that leaves the editors room, else narrower. What
/// was set stays, for when the window grows again.
pub(crate) fn fitted(left: Pixels, right: Pixels, window: Pixels) -> (Pixels, Pixels) {
    let over = (left + right + px(MIN_EDITORS) - window).max(px(0.));
    // Both give way alike; what one cannot give, the other does.
    let narrower = narrowed(right, over / 2.);
    let left = narrowed(left, over - (right - narrower));
    let still_over = (left + narrower + px(MIN_EDITORS) - window).max(px(0.));
    (left, narrowed(narrower, still_over))
}

fn narrowed(size: Pixels, over: Pixels) -> Pixels {
    size - over.clamp(px(0.), (size - px(MIN_DOCK)).max(px(0.)))
}

/// The edge of a dock is being dragged.
pub(crate) struct DraggedEdge(pub(crate) DockSide);

impl Render for DraggedEdge {
    fn render(&mut self, _: &mut Window, _: &mut Context<Self>) -> impl IntoElement {
        Empty
    }
}

impl Dock {
    /// A dock as it was left.
    pub(crate) fn new(
        side: DockSide,
        panels: Vec<Box<dyn PanelHandle>>,
        layout: &DockLayout,
        cx: &mut Context<Workbench>,
    ) -> Self {
        let active = layout
            .active
            .as_deref()
            .and_then(|id| panels.iter().position(|panel| panel.id() == id))
            .unwrap_or(0);
        Self {
            side,
            panels,
            active,
            open: layout.open,
            size: px(layout.size),
            part: ViewPart::new(name(side), cx, DockShown::render),
        }
    }

    /// Whether it is drawn: shown, and not empty.
    pub(crate) fn is_visible(&self) -> bool {
        self.open && !self.panels.is_empty()
    }

    pub(crate) fn layout(&self) -> DockLayout {
        DockLayout {
            open: self.open,
            size: self.size.into(),
            active: self
                .panels
                .get(self.active)
                .map(|panel| panel.id().to_owned()),
        }
    }

    pub(crate) fn active_panel(&self) -> Option<&dyn PanelHandle> {
        self.panels.get(self.active).map(AsRef::as_ref)
    }

    pub(crate) fn position(&self, id: &str) -> Option<usize> {
        self.panels.iter().position(|panel| panel.id() == id)
    }

    /// Takes another size, within what leaves the editors room.
    pub(crate) fn resize(&mut self, size: Pixels, available: Pixels) {
        let most = (available - px(MIN_EDITORS)).clamp(px(MIN_DOCK), px(MAX_DOCK));
        self.size = size.clamp(px(MIN_DOCK), most);
    }

    /// How much of the window it covers that notices are to leave clear, in pixels of the window: all
    /// of it where it is shown and a person is waited for in it.
    pub(crate) fn kept_clear(&self, cx: &App) -> Pixels {
        let front = self.active_panel().filter(|_| self.is_visible());
        match front.and_then(|panel| panel.waits_for(cx)) {
            Some(_) => self.size * zoom::window_factor(cx),
            None => px(0.),
        }
    }

    /// Whether the keyboard is in it.
    pub(crate) fn has_focus(&self, window: &Window, cx: &App) -> bool {
        self.active_panel()
            .is_some_and(|panel| panel.has_focus(window, cx))
    }

    /// The dock with what it shows now, so wide or high in pixels at zoom level 0.
    pub(crate) fn element(
        &self,
        size: Pixels,
        window: &Window,
        cx: &mut Context<Workbench>,
    ) -> AnyElement {
        let Some(panel) = self.active_panel() else {
            return Empty.into_any_element();
        };
        let tab = |panel: &dyn PanelHandle| TabShown {
            title: panel.title(cx),
            icon: panel.icon(cx),
            badge: panel.badge(cx),
            toggle_command: panel.toggle_command(),
        };
        let shown = DockShown {
            side: self.side,
            tabs: self
                .panels
                .iter()
                .map(|panel| tab(panel.as_ref()))
                .collect(),
            active: self.active,
            // Icons alone say more than the first letters of two titles.
            titled: self.panels.len() == 1 || self.side == DockSide::Bottom || size >= TITLED,
            front: FrontPanel(panel.boxed_clone()),
        };
        let place = StyleRefinement::default().flex_none();
        let place = match self.side {
            DockSide::Left | DockSide::Right => place.h_full().w(scaled(size.into())),
            DockSide::Bottom => place.w_full().h(scaled(size.into())),
        };
        if panel.keeps_parts() {
            ViewPart::show_always(&self.part, shown, place, cx)
        } else {
            ViewPart::show(&self.part, shown, place, window, cx)
        }
    }
}

/// What the dock of a side is called where nobody sees it.
fn name(side: DockSide) -> &'static str {
    match side {
        DockSide::Left => "left-dock",
        DockSide::Right => "right-dock",
        DockSide::Bottom => "bottom-dock",
    }
}

impl DockShown {
    /// Draws it, with the edge by which it is resized.
    fn render(&self, window: &mut Window, cx: &mut Context<Workbench>) -> AnyElement {
        let theme = cx.kiln_theme();
        let (surface, border) = (theme.surface, theme.border);
        let FrontPanel(panel) = &self.front;
        let actions = panel.header_actions(window, cx);
        let tabs: Vec<_> = (0..self.tabs.len())
            .map(|index| self.render_tab(index, cx))
            .collect();
        let header = row()
            .flex_none()
            .w_full()
            .h(height::TAB_BAR)
            .pl(space::S)
            .pr(space::S)
            .gap(space::XXS)
            .border_b_1()
            .border_color(border)
            .children(tabs)
            .child(div().flex_1())
            .children(actions.map(|actions| div().flex_none().child(actions)));
        column()
            .id(name(self.side))
            .test_support()
            .role(Role::Region)
            .aria_label(panel.title(cx))
            .relative()
            .size_full()
            .bg(surface)
            .border_color(border)
            .map(|this| match self.side {
                DockSide::Left => this.border_r_1(),
                DockSide::Right => this.border_l_1(),
                DockSide::Bottom => this.border_t_1(),
            })
            .child(header)
            .child(
                div()
                    .flex_1()
                    .min_h_0()
                    .overflow_hidden()
                    .child(panel.view()),
            )
            .child(render_edge(self.side, cx))
            .into_any_element()
    }

    fn render_tab(&self, index: usize, cx: &mut Context<Workbench>) -> AnyElement {
        let tab = &self.tabs[index];
        let theme = cx.kiln_theme();
        let alone = self.tabs.len() == 1;
        let front = index == self.active;
        let (title, side) = (tab.title.clone(), self.side);
        let color = if front { theme.text } else { theme.text_muted };
        let (hover, active) = (theme.hover, theme.active);
        row()
            .id(("panel-tab", index + 100 * side as usize))
            .test_support()
            .role(Role::Tab)
            .aria_label(title.clone())
            .aria_selected(front)
            .min_w_0()
            .h(height::TOOL)
            .px(space::S)
            .gap(space::S)
            .rounded(radius::SMALL)
            .text_small()
            .font_weight(gpui_kit::FontWeight::MEDIUM)
            .text_color(color)
            .when(!alone, |this| {
                this.when(front, |this| this.bg(active))
                    .when(!front, |this| this.hover(move |style| style.bg(hover)))
                    .on_click(cx.listener(move |workbench, _, window, cx| {
                        workbench.show_panel(side, index, window, cx);
                    }))
                    .tooltip(command_tooltip(title.clone(), tab.toggle_command))
            })
            .child(icons::sized_icon(tab.icon, icon_size::MEDIUM, color))
            .when(self.titled, |this| {
                this.child(div().min_w_0().truncate().child(title))
            })
            .children(tab.badge.clone().map(Pill::new))
            .into_any_element()
    }
}

fn render_edge(side: DockSide, cx: &mut Context<Workbench>) -> impl IntoElement {
    let accent = cx.kiln_theme().border_focused;
    let (id, label) = match side {
        DockSide::Left => ("left-dock-edge", "Resize left dock"),
        DockSide::Right => ("right-dock-edge", "Resize right dock"),
        DockSide::Bottom => ("bottom-dock-edge", "Resize bottom dock"),
    };
    div()
        .id(id)
        .test_support()
        .role(Role::Splitter)
        .aria_label(label)
        .absolute()
        .occlude()
        .map(|this| match side {
            DockSide::Left => this.top_0().bottom_0().right(scaled(-3.)).w(scaled(6.)),
            DockSide::Right => this.top_0().bottom_0().left(scaled(-3.)).w(scaled(6.)),
            DockSide::Bottom => this.left_0().right_0().top(scaled(-3.)).h(scaled(6.)),
        })
        .cursor(match side {
            DockSide::Bottom => CursorStyle::ResizeRow,
            _ => CursorStyle::ResizeColumn,
        })
        .hover(move |style| style.bg(accent.opacity(0.4)))
        .on_drag(DraggedEdge(side), |edge, _, _, cx| {
            cx.stop_propagation();
            cx.new(|_| DraggedEdge(edge.0))
        })
        .on_click(
            cx.listener(move |workbench, event: &gpui_kit::ClickEvent, window, cx| {
                if event.click_count() == 2 {
                    workbench.reset_dock_size(side, window, cx);
                }
            }),
        )
}

#[cfg(test)]
mod tests {
    use super::*;
    // The glob above brings gpui's own `test` along.
    use core::prelude::v1::test;

    #[test]
    fn docks_give_way_to_the_editors_and_keep_their_size_otherwise() {
        let at = |left: f32, right: f32, window: f32| {
            let (left, right) = fitted(px(left), px(right), px(window));
            (f32::from(left), f32::from(right))
        };
        assert_eq!(at(240., 380., 1280.), (240., 380.));
        assert_eq!(at(240., 380., 900.), (220., 360.));
        // A hidden dock has nothing to give.
        assert_eq!(at(0., 380., 640.), (0., 320.));
        let (left, right) = at(240., 380., 300.);
        assert_eq!((left, right), (MIN_DOCK, MIN_DOCK));
    }
}
