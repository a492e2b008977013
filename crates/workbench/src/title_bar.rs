//! The title bar: the menu, the folder and its branch, the docks' switches, and the
//! window's own buttons where the system draws none.

use crate::actions::Quit;
use crate::workbench::Workbench;
use gpui_kit::base::TestSupportExt as _;
use gpui_kit::component::TitleBar;
use gpui_kit::prelude::*;
use gpui_kit::{
    AnyElement, ClickEvent, Context, Decorations, Entity, FontWeight, Hsla, MouseButton, Role,
    SharedString, StyleRefinement, Window, WindowControls, div,
};
use ui::tokens::{height, icon_size, radius, scaled, space};
use ui::widgets::{IconButton, command_tooltip, row};
use ui::{ActiveKilnTheme as _, DockSide, IconName, Typography as _, ViewPart, icons};

/// What the title bar shows.
#[derive(PartialEq)]
pub(crate) struct TitleShown {
    folder: SharedString,
    branch: Option<String>,
    /// The docks that have panels; none under the first steps, which stand in their place.
    docks: Vec<DockSwitch>,
    // What the window's own buttons depend on.
    decorations: Decorations,
    controls: WindowControls,
    is_maximized: bool,
    is_fullscreen: bool,
}

/// The switch of a dock.
#[derive(PartialEq)]
struct DockSwitch {
    side: DockSide,
    /// Whether the dock is shown.
    open: bool,
    /// What a panel waits for that is out of sight with its dock.
    waits: Option<SharedString>,
}

/// The title bar as a part of the window.
pub(crate) type TitleBarPart = Entity<ViewPart<Workbench, TitleShown>>;

impl Workbench {
    /// The title bar with what it shows now.
    pub(crate) fn title_bar(&self, window: &mut Window, cx: &mut Context<Self>) -> AnyElement {
        let sides = [DockSide::Left, DockSide::Bottom, DockSide::Right];
        let shown = TitleShown {
            folder: self.folder_name(cx),
            branch: self.git().branch.clone(),
            docks: sides
                .into_iter()
                .filter(|_| !self.shows_onboarding())
                .filter(|side| *side == DockSide::Left || self.has_panels(*side))
                .map(|side| self.dock_switch(side, cx))
                .collect(),
            decorations: window.window_decorations(),
            controls: window.window_controls(),
            is_maximized: window.is_maximized(),
            is_fullscreen: window.is_fullscreen(),
        };
        // Windows asks where the window is moved and closed by, which gpui tells only of what was
        // drawn in the frame.
        if cfg!(target_os = "windows") {
            return Self::render_title_bar(&shown, window, cx);
        }
        let place = StyleRefinement::default()
            .flex_none()
            .w_full()
            .h(height::TITLE_BAR);
        ViewPart::show(&self.parts().title_bar, shown, place, window, cx)
    }

    /// Draws the title bar.
    pub(crate) fn render_title_bar(
        shown: &TitleShown,
        _: &mut Window,
        cx: &mut Context<Self>,
    ) -> AnyElement {
        let theme = cx.kiln_theme();
        let (title_bar, border, text, muted, hover) = (
            theme.title_bar,
            theme.border,
            theme.text,
            theme.text_muted,
            theme.hover,
        );
        let folder = shown.folder.clone();
        let branch = shown.branch.clone();
        let left = row()
            .id("title-bar-left")
            .h_full()
            .min_w_0()
            .gap(space::XS)
            // A press here is for the buttons, not for moving the window.
            .on_mouse_down(MouseButton::Left, |_, _, cx| cx.stop_propagation())
            .child(
                IconButton::new("main-menu", IconName::Menu, "Menu")
                    .command("workbench.menu")
                    .leaves_keyboard()
                    .sizes(scaled(26.), icon_size::LARGE)
                    .on_click(cx.listener(|this, event: &ClickEvent, window, cx| {
                        this.show_main_menu(Some(event.position()), window, cx);
                    })),
            )
            .child(
                row()
                    .id("folder-name")
                    .test_support()
                    .role(Role::Button)
                    .aria_label(format!("Folder: {folder}"))
                    .h(scaled(26.))
                    .min_w_0()
                    .px(space::S)
                    .rounded(radius::SMALL)
                    .text_small()
                    .font_weight(FontWeight::SEMIBOLD)
                    .text_color(text)
                    .hover(move |style| style.bg(hover))
                    .tooltip(command_tooltip(
                        "Open another folder",
                        Some("workspace.openFolder"),
                    ))
                    .on_click(cx.listener(|this, _, window, cx| this.show_folder_menu(window, cx)))
                    .child(div().min_w_0().max_w(scaled(280.)).truncate().child(folder)),
            )
            .children(branch.map(|branch| {
                row()
                    .id("branch")
                    .min_w_0()
                    .gap(space::XS)
                    .text_small()
                    .text_color(muted)
                    .child(icons::sized_icon(
                        IconName::GitBranch,
                        icon_size::SMALL,
                        muted,
                    ))
                    .child(div().min_w_0().max_w(scaled(240.)).truncate().child(branch))
            }));
        let right = row()
            .id("title-bar-right")
            .h_full()
            .flex_none()
            .gap(space::XXS)
            .pr(space::S)
            .on_mouse_down(MouseButton::Left, |_, _, cx| cx.stop_propagation())
            .children(
                shown
                    .docks
                    .iter()
                    .map(|switch| Self::render_dock_switch(switch, cx)),
            );
        let bar = TitleBar::new()
            .on_close_window(|_, window, cx| window.dispatch_action(Box::new(Quit), cx))
            .h(height::TITLE_BAR)
            .pl(space::S)
            .bg(title_bar)
            .border_color(if title_bar == Hsla::transparent_black() {
                title_bar
            } else {
                border
            })
            .child(left)
            .child(right);
        div().size_full().child(bar).into_any_element()
    }

    fn dock_switch(&self, side: DockSide, cx: &Context<Self>) -> DockSwitch {
        let dock = self.dock(side);
        let open = dock.is_visible();
        let mut hidden = dock.panels.iter().filter(|_| !open);
        DockSwitch {
            side,
            open,
            waits: hidden.find_map(|panel| panel.waits_for(cx)),
        }
    }

    fn render_dock_switch(switch: &DockSwitch, cx: &Context<Self>) -> impl IntoElement {
        let (side, open) = (switch.side, switch.open);
        let (id, icon, label, command) = match (side, open) {
            (DockSide::Left, true) => (
                "toggle-left-dock",
                IconName::PanelLeft,
                "Hide left dock",
                "workbench.toggleLeftDock",
            ),
            (DockSide::Left, false) => (
                "toggle-left-dock",
                IconName::PanelLeft,
                "Show left dock",
                "workbench.toggleLeftDock",
            ),
            (DockSide::Right, true) => (
                "toggle-right-dock",
                IconName::PanelRight,
                "Hide right dock",
                "workbench.toggleRightDock",
            ),
            (DockSide::Right, false) => (
                "toggle-right-dock",
                IconName::PanelRight,
                "Show right dock",
                "workbench.toggleRightDock",
            ),
            (DockSide::Bottom, true) => (
                "toggle-bottom-dock",
                IconName::PanelBottom,
                "Hide bottom dock",
                "workbench.toggleBottomDock",
            ),
            (DockSide::Bottom, false) => (
                "toggle-bottom-dock",
                IconName::PanelBottom,
                "Show bottom dock",
                "workbench.toggleBottomDock",
            ),
        };
        let color = if open {
            cx.kiln_theme().text
        } else {
            cx.kiln_theme().text_faint
        };
        let label: SharedString = match &switch.waits {
            Some(waits) => format!("{label}: {waits}").into(),
            None => label.into(),
        };
        IconButton::new(id, icon, label)
            .command(command)
            .leaves_keyboard()
            .marked(switch.waits.is_some())
            .color(color)
            .sizes(scaled(26.), icon_size::LARGE)
            .on_click(cx.listener(move |this, _, window, cx| this.toggle_dock(side, window, cx)))
    }
}
