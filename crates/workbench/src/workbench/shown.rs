//! What is shown: panels, pickers, menus, the first steps; and the actions that lead there.

use super::Workbench;
use crate::actions::{
    About, BringBackDeleted, CloseGroup, CloseOtherTabs, CloseTab, DecreaseGroupHeight,
    DecreaseGroupSize, DecreaseGroupWidth, DismissNotices, EvenGroups, FocusAboveGroup,
    FocusBelowGroup, FocusEditor, FocusLeftGroup, FocusNextGroup, FocusPreviousGroup,
    FocusRightGroup, FollowSystemTheme, FontZoomIn, FontZoomOut, FontZoomReset, GoBack, GoForward,
    GoToProjectSymbol, GoToSymbol, IncreaseGroupHeight, IncreaseGroupSize, IncreaseGroupWidth,
    JoinAllGroups, KeepTab, MoveToNextGroup, MoveToPreviousGroup, NewFile, NewWindow, NextTab,
    OpenFile, OpenFolder, OpenFolderInNewWindow, OpenKeymap, OpenSettings, PreviousTab,
    QuickOpen as ShowQuickOpen, Quit, RemoveKey, RevealInFiles, RunNoticeAction, Save, SaveAll,
    SaveAs, SelectBreadcrumb, SelectTheme, SetUpModel, ShowCommandPalette, ShowFiles,
    ShowLocalHistory, ShowMenu, ShowOnboarding, ShowTabs, SplitDown, SplitRight, ToggleBottomDock,
    ToggleLeftDock, ToggleLineNumbers, ToggleMinimap, ToggleRenderWhitespace, ToggleRightDock,
    ToggleStickyScroll, ToggleVim, ZoomIn, ZoomOut, ZoomReset,
};
use crate::editor_area::{Axis, Side, Split};
use crate::key_removal::choose_key;
use crate::menu::Menu;
use crate::modal::Placement;
use crate::navigation_history::Way;
use crate::onboarding::{Onboarding, OnboardingEvent, Page};
use crate::palette::Palette;
use crate::picker::Picker;
use crate::project_symbols::ProjectSymbols;
use crate::quick_open::QuickOpen;
use crate::theme_picker::ThemePicker;
use crate::write_behind::keep_setting;
use gpui_kit::prelude::*;
use gpui_kit::{
    App, Context, Div, Focusable as _, MouseButton, NavigationDirection, Pixels, Point, Stateful,
    Window, point,
};
use std::rc::Rc;
use ui::tokens::{height, scaled};
use ui::{ActiveSettings as _, DockSide, EditorZoom, OpenTarget, SettingPlace, zoom};

/// The setting that zooming writes.
const ZOOM_LEVEL: &str = "window.zoomLevel";

impl Workbench {
    fn resize_group(
        &mut self,
        along: Option<Axis>,
        steps: f32,
        window: &Window,
        cx: &mut Context<Self>,
    ) {
        self.area.update(cx, |area, cx| {
            area.resize_active(along, steps, window, cx);
        });
    }

    /// Handles the window's actions on its outermost element.
    pub(super) fn with_actions(
        &self,
        element: Stateful<Div>,
        cx: &mut Context<Self>,
    ) -> Stateful<Div> {
        element
            .on_action(cx.listener(|this, _: &NewFile, window, cx| this.new_file(window, cx)))
            .on_action(cx.listener(|this, _: &OpenFile, window, cx| this.choose_file(window, cx)))
            .on_action(
                cx.listener(|this, _: &OpenFolder, window, cx| this.choose_folder(window, cx)),
            )
            .on_action(cx.listener(|this, _: &NewWindow, window, cx| {
                this.open_window(None, window, cx);
            }))
            .on_action(cx.listener(|this, _: &OpenFolderInNewWindow, window, cx| {
                this.choose_folder_for_window(window, cx);
            }))
            .on_action(cx.listener(|this, _: &Save, window, cx| this.save_active(window, cx)))
            .on_action(cx.listener(|this, _: &SaveAs, window, cx| this.save_active_as(window, cx)))
            .on_action(cx.listener(|this, _: &SaveAll, window, cx| this.save_all(window, cx)))
            .on_action(cx.listener(|this, _: &ShowLocalHistory, window, cx| {
                this.show_local_history(window, cx);
            }))
            .on_action(cx.listener(|this, _: &BringBackDeleted, window, cx| {
                this.bring_back_deleted(window, cx);
            }))
            .on_action(cx.listener(|this, _: &ShowCommandPalette, window, cx| {
                this.show_modal(Placement::Top, window, cx, |window, cx| {
                    let palette = Palette::new(window, cx);
                    Picker::new(palette, window, cx)
                });
            }))
            .on_action(
                cx.listener(|this, _: &ShowQuickOpen, window, cx| this.quick_open(window, cx)),
            )
            .on_action(cx.listener(|this, _: &GoToSymbol, window, cx| {
                this.area
                    .update(cx, |area, cx| area.go_to_symbol(window, cx));
            }))
            .on_action(cx.listener(|this, _: &GoToProjectSymbol, window, cx| {
                let model = this.model.clone();
                this.show_modal(Placement::Top, window, cx, |window, cx| {
                    Picker::new(ProjectSymbols::new(model), window, cx)
                });
            }))
            .on_action(cx.listener(|this, _: &GoBack, window, cx| {
                this.navigate(Way::Back, window, cx);
            }))
            .on_action(cx.listener(|this, _: &GoForward, window, cx| {
                this.navigate(Way::Forward, window, cx);
            }))
            .on_mouse_down(
                MouseButton::Navigate(NavigationDirection::Back),
                cx.listener(|this, _, window, cx| this.navigate(Way::Back, window, cx)),
            )
            .on_mouse_down(
                MouseButton::Navigate(NavigationDirection::Forward),
                cx.listener(|this, _, window, cx| this.navigate(Way::Forward, window, cx)),
            )
            .on_action(cx.listener(|this, _: &SelectBreadcrumb, window, cx| {
                this.area
                    .update(cx, |area, cx| area.select_breadcrumb(window, cx));
            }))
            .on_action(cx.listener(|this, _: &CloseTab, window, cx| {
                this.area
                    .update(cx, |area, cx| area.close_active(window, cx));
            }))
            .on_action(cx.listener(|this, _: &CloseOtherTabs, window, cx| {
                this.area
                    .update(cx, |area, cx| area.close_others(window, cx));
            }))
            .on_action(cx.listener(|this, _: &CloseGroup, window, cx| {
                this.area
                    .update(cx, |area, cx| area.close_group(window, cx));
            }))
            .on_action(cx.listener(|this, _: &KeepTab, _, cx| {
                this.area.update(cx, |area, cx| area.keep_active(cx));
            }))
            .on_action(cx.listener(|this, _: &NextTab, window, cx| {
                this.area
                    .update(cx, |area, cx| area.step_tab(1, window, cx));
            }))
            .on_action(cx.listener(|this, _: &PreviousTab, window, cx| {
                this.area
                    .update(cx, |area, cx| area.step_tab(-1, window, cx));
            }))
            .on_action(cx.listener(|this, _: &ShowTabs, window, cx| {
                this.area
                    .update(cx, |area, cx| area.show_active_tabs(window, cx));
            }))
            .on_action(cx.listener(|this, _: &SplitRight, window, cx| {
                this.area
                    .update(cx, |area, cx| area.split_active(Split::Right, window, cx));
            }))
            .on_action(cx.listener(|this, _: &SplitDown, window, cx| {
                this.area
                    .update(cx, |area, cx| area.split_active(Split::Down, window, cx));
            }))
            .on_action(cx.listener(|this, _: &FocusNextGroup, window, cx| {
                this.area
                    .update(cx, |area, cx| area.focus_group_by(1, window, cx));
            }))
            .on_action(cx.listener(|this, _: &FocusPreviousGroup, window, cx| {
                this.area
                    .update(cx, |area, cx| area.focus_group_by(-1, window, cx));
            }))
            .on_action(cx.listener(|this, _: &FocusLeftGroup, window, cx| {
                this.focus_group(Side::Left, window, cx);
            }))
            .on_action(cx.listener(|this, _: &FocusRightGroup, window, cx| {
                this.focus_group(Side::Right, window, cx);
            }))
            .on_action(cx.listener(|this, _: &FocusAboveGroup, window, cx| {
                this.focus_group(Side::Above, window, cx);
            }))
            .on_action(cx.listener(|this, _: &FocusBelowGroup, window, cx| {
                this.focus_group(Side::Below, window, cx);
            }))
            .on_action(cx.listener(|this, _: &MoveToNextGroup, window, cx| {
                this.area
                    .update(cx, |area, cx| area.move_to_next_group(window, cx));
            }))
            .on_action(cx.listener(|this, _: &MoveToPreviousGroup, window, cx| {
                this.area
                    .update(cx, |area, cx| area.move_to_previous_group(window, cx));
            }))
            .on_action(cx.listener(|this, _: &JoinAllGroups, window, cx| {
                this.area
                    .update(cx, |area, cx| area.join_groups(window, cx));
            }))
            .on_action(cx.listener(|this, _: &EvenGroups, _, cx| {
                this.area.update(cx, |area, cx| area.even_groups(cx));
            }))
            .on_action(cx.listener(|this, _: &IncreaseGroupSize, window, cx| {
                this.resize_group(None, 1., window, cx);
            }))
            .on_action(cx.listener(|this, _: &DecreaseGroupSize, window, cx| {
                this.resize_group(None, -1., window, cx);
            }))
            .on_action(cx.listener(|this, _: &IncreaseGroupWidth, window, cx| {
                this.resize_group(Some(Axis::Row), 1., window, cx);
            }))
            .on_action(cx.listener(|this, _: &DecreaseGroupWidth, window, cx| {
                this.resize_group(Some(Axis::Row), -1., window, cx);
            }))
            .on_action(cx.listener(|this, _: &IncreaseGroupHeight, window, cx| {
                this.resize_group(Some(Axis::Column), 1., window, cx);
            }))
            .on_action(cx.listener(|this, _: &DecreaseGroupHeight, window, cx| {
                this.resize_group(Some(Axis::Column), -1., window, cx);
            }))
            .on_action(cx.listener(|this, _: &ToggleLeftDock, window, cx| {
                this.toggle_dock(DockSide::Left, window, cx);
            }))
            .on_action(cx.listener(|this, _: &ToggleRightDock, window, cx| {
                this.toggle_dock(DockSide::Right, window, cx);
            }))
            .on_action(cx.listener(|this, _: &ToggleBottomDock, window, cx| {
                this.toggle_dock(DockSide::Bottom, window, cx);
            }))
            .on_action(cx.listener(|this, _: &ShowFiles, window, cx| {
                this.reveal_panel("files", window, cx);
            }))
            .on_action(cx.listener(|this, _: &FocusEditor, window, cx| {
                this.focus_editor(window, cx);
            }))
            .on_action(cx.listener(|this, _: &RevealInFiles, window, cx| {
                this.reveal_in_files(window, cx);
            }))
            .on_action(cx.listener(|this, _: &OpenSettings, window, cx| {
                let path = this.settings.user_settings();
                this.open_settings_file(path, window, cx);
            }))
            .on_action(cx.listener(|this, _: &OpenKeymap, window, cx| {
                let path = this.settings.user_keymap();
                this.open_settings_file(path, window, cx);
            }))
            .on_action(cx.listener(|this, _: &SelectTheme, window, cx| {
                this.select_theme(window, cx);
            }))
            .on_action(cx.listener(|this, _: &ShowOnboarding, window, cx| {
                this.show_onboarding(Page::Import, window, cx);
            }))
            .on_action(cx.listener(|this, _: &SetUpModel, window, cx| {
                this.show_onboarding(Page::Model, window, cx);
            }))
            .on_action(cx.listener(|this, _: &RemoveKey, window, cx| {
                if let Some(models) = this.models.clone() {
                    choose_key(models, &this.modals, window, cx);
                }
            }))
            .on_action(cx.listener(|this, _: &ShowMenu, window, cx| {
                this.show_main_menu(None, window, cx);
            }))
            .on_action(cx.listener(|this, _: &ZoomIn, window, cx| this.zoom_by(1., window, cx)))
            .on_action(cx.listener(|this, _: &ZoomOut, window, cx| this.zoom_by(-1., window, cx)))
            .on_action(cx.listener(|this, _: &ZoomReset, window, cx| this.set_zoom(0., window, cx)))
            .on_action(cx.listener(|this, _: &ToggleMinimap, window, cx| {
                this.toggle_minimap(window, cx);
            }))
            .on_action(cx.listener(|this, _: &ToggleStickyScroll, window, cx| {
                this.toggle_sticky_scroll(window, cx);
            }))
            .on_action(cx.listener(|this, _: &ToggleRenderWhitespace, window, cx| {
                this.toggle_white_space(window, cx);
            }))
            .on_action(cx.listener(|this, _: &ToggleLineNumbers, window, cx| {
                this.toggle_line_numbers(window, cx);
            }))
            .on_action(cx.listener(|this, _: &ToggleVim, window, cx| {
                this.toggle_vim(window, cx);
            }))
            .on_action(|_: &FontZoomIn, _, cx| EditorZoom::step(1, cx))
            .on_action(|_: &FontZoomOut, _, cx| EditorZoom::step(-1, cx))
            .on_action(|_: &FontZoomReset, _, cx| EditorZoom::set_level(0, cx))
            .on_action(|_: &DismissNotices, window, cx| ui::dismiss_notices(window, cx))
            .on_action(|_: &RunNoticeAction, window, cx| ui::run_notice_action(window, cx))
            .on_action(cx.listener(|this, _: &FollowSystemTheme, window, cx| {
                this.follow_system(window, cx);
            }))
            .on_action(cx.listener(|this, _: &About, window, cx| this.about(window, cx)))
            .on_action(cx.listener(|this, _: &Quit, window, cx| this.quit(window, cx)))
    }

    fn navigate(&mut self, way: Way, window: &mut Window, cx: &mut Context<Self>) {
        self.area
            .update(cx, |area, cx| area.navigate(way, window, cx));
    }

    fn quick_open(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        if !self.has_folder {
            self.choose_file(window, cx);
            return;
        }
        let mut recent = self.open_files(cx);
        recent.reverse();
        let root = self.root(cx);
        let symbols = self.area.read(cx).symbols(window, cx);
        self.show_modal(Placement::Top, window, cx, |window, cx| {
            let quick_open = QuickOpen::new(root, &recent, symbols);
            let mut picker = Picker::new(quick_open, window, cx);
            QuickOpen::load(&mut picker, window, cx);
            picker
        });
    }

    fn select_theme(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let this = cx.weak_entity();
        let chosen = Rc::new(
            move |theme: std::sync::Arc<settings::Theme>,
                  window: &mut Window,
                  cx: &mut gpui_kit::App| {
                // The window may be closing.
                this.update(cx, |this, cx| this.choose_theme(&theme, window, cx))
                    .ok();
            },
        );
        self.show_modal(Placement::Top, window, cx, |window, cx| {
            let picker = ThemePicker::new(chosen, cx);
            Picker::new(picker, window, cx)
        });
    }

    fn focus_group(&self, side: Side, window: &mut Window, cx: &mut Context<Self>) {
        self.area
            .update(cx, |area, cx| area.focus_side(side, window, cx));
    }

    /// Gives the keyboard to the active editor.
    pub(crate) fn focus_editor(&self, window: &mut Window, cx: &mut gpui_kit::App) {
        // The first steps stand over the editors.
        let focus = match &self.onboarding {
            Some(onboarding) => onboarding.read(cx).focus_handle(cx),
            None => self.area.read(cx).focus_handle(cx),
        };
        focus.focus(window, cx);
    }

    /// Shows or hides a dock. A dock that hides gives the keyboard to the editor; one that
    /// is shown takes it.
    pub(crate) fn toggle_dock(
        &mut self,
        side: DockSide,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        if self.shows_onboarding() {
            let message = "The setup stands over the docks. Leave it first, with Skip setup.";
            ui::notify(ui::Severity::Info, message, window, cx);
            return;
        }
        if !self.has_panels(side) {
            let message = match side {
                DockSide::Left => "There is no panel at the left.",
                DockSide::Right => "There is no panel at the right.",
                DockSide::Bottom => "There is no panel at the bottom.",
            };
            ui::notify(ui::Severity::Info, message, window, cx);
            return;
        }
        let had_focus = self.dock(side).has_focus(window, cx);
        let open = !self.dock(side).open;
        self.dock_mut(side).open = open;
        if open {
            if let Some(panel) = self.dock(side).active_panel() {
                panel.focus_handle(cx).focus(window, cx);
            }
        } else if had_focus {
            self.focus_editor(window, cx);
        }
        self.save_layout_soon(window, cx);
        cx.notify();
    }

    /// Brings a panel to the front of its dock and gives it the keyboard.
    pub(crate) fn show_panel(
        &mut self,
        side: DockSide,
        index: usize,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let dock = self.dock_mut(side);
        dock.open = true;
        dock.active = index;
        if let Some(panel) = self.dock(side).active_panel() {
            panel.focus_handle(cx).focus(window, cx);
        }
        self.save_layout_soon(window, cx);
        cx.notify();
    }

    /// Shows the panel of an id, leaving the first steps if they are shown.
    pub(crate) fn reveal_panel(&mut self, id: &str, window: &mut Window, cx: &mut Context<Self>) {
        if let Some((side, index)) = self.place_of_panel(id) {
            self.onboarding = None;
            self.show_panel(side, index, window, cx);
        }
    }

    /// Brings the panel of an id to the front of its dock and leaves the keyboard where it is: nobody
    /// asked for the panel. One that has the keyboard stays in front of it.
    pub(crate) fn present_panel(&mut self, id: &str, window: &mut Window, cx: &mut Context<Self>) {
        let Some((side, index)) = self.place_of_panel(id) else {
            return;
        };
        let dock = self.dock(side);
        if dock.open && dock.has_focus(window, cx) {
            return;
        }
        let dock = self.dock_mut(side);
        dock.open = true;
        dock.active = index;
        self.save_layout_soon(window, cx);
        cx.notify();
    }

    fn place_of_panel(&self, id: &str) -> Option<(DockSide, usize)> {
        let mut sides = [DockSide::Left, DockSide::Right, DockSide::Bottom].into_iter();
        sides.find_map(|side| Some((side, self.dock(side).position(id)?)))
    }

    fn reveal_in_files(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let path = self
            .area
            .read(cx)
            .active_item()
            .and_then(|item| item.path(cx));
        if let Some(path) = path {
            self.reveal_panel("files", window, cx);
            self.files
                .update(cx, |files, cx| files.select_path(&path, cx));
        }
    }

    /// Makes everything larger or smaller by levels, and writes that into the settings.
    fn zoom_by(&mut self, levels: f32, window: &mut Window, cx: &mut Context<Self>) {
        let (least, most) = (*zoom::WINDOW_LEVELS.start(), *zoom::WINDOW_LEVELS.end());
        let level = cx.kiln_settings().window.zoom_level;
        let wanted = (level + levels).clamp(least, most);
        if wanted != level {
            self.set_zoom(wanted, window, cx);
        }
    }

    /// Writes a level of the zoom into the settings.
    fn set_zoom(&mut self, level: f32, window: &mut Window, cx: &mut Context<Self>) {
        // The usual size needs no setting, and a whole level is written as one.
        let value = (level != 0.).then(|| match level.fract() == 0. {
            true => (level as i64).into(),
            false => level.into(),
        });
        let place = SettingPlace::everywhere(ZOOM_LEVEL);
        keep_setting(&self.settings, place, value, window, cx);
    }

    /// The menu below the button at the left of the title bar.
    pub(crate) fn show_main_menu(
        &mut self,
        _pressed: Option<Point<Pixels>>,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        self.show_modal(
            Placement::At(below_title_bar(8., cx)),
            window,
            cx,
            |_, cx| {
                let mut menu = Menu::new(cx);
                for section in MAIN_MENU {
                    for (id, label) in *section {
                        menu = match label {
                            Some(label) => menu.command_as(*label, id, cx),
                            None => menu.command(id, cx),
                        };
                    }
                    menu = menu.separator();
                }
                menu
            },
        );
    }

    /// The folders that were open before, below the folder's name.
    pub(crate) fn show_folder_menu(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let here = self.root(cx);
        let mut recent = self.recent.clone();
        recent.retain(|folder| *folder != here);
        let this = cx.weak_entity();
        self.show_modal(
            Placement::At(below_title_bar(40., cx)),
            window,
            cx,
            |_, cx| {
                let mut menu = Menu::new(cx)
                    .command("workspace.openFolder", cx)
                    .command("workbench.openFolderInNewWindow", cx)
                    .separator();
                for folder in recent.into_iter().take(8) {
                    let this = this.clone();
                    menu = menu.deed(shortened(&folder), move |window, cx| {
                        // The window may be closing.
                        this.update(cx, |this, cx| {
                            this.switch_folder(folder.clone(), window, cx)
                        })
                        .ok();
                    });
                }
                menu
            },
        );
    }

    /// Whether the first steps are shown.
    pub(crate) fn shows_onboarding(&self) -> bool {
        self.onboarding.is_some()
    }

    /// Shows the first steps at a page.
    pub(crate) fn show_onboarding(
        &mut self,
        page: Page,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let (settings, models) = (self.settings.clone(), self.models.clone());
        let (recent, modals) = (self.recent.clone(), self.modals.clone());
        let folder = self.has_folder.then(|| self.root(cx));
        let onboarding = cx
            .new(|cx| Onboarding::new(page, settings, models, modals, recent, folder, window, cx));
        cx.subscribe_in(
            &onboarding,
            window,
            |this, _, event, window, cx| match event {
                OnboardingEvent::Finished => this.leave_onboarding(window, cx),
                OnboardingEvent::OpenFolder => {
                    this.leave_onboarding(window, cx);
                    this.choose_folder(window, cx);
                }
                OnboardingEvent::Open(folder) => {
                    this.leave_onboarding(window, cx);
                    this.switch_folder(folder.clone(), window, cx);
                }
            },
        )
        .detach();
        onboarding.read(cx).focus_handle(cx).focus(window, cx);
        self.onboarding = Some(onboarding);
        cx.notify();
    }

    fn leave_onboarding(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let store = self.store.clone();
        cx.background_spawn(async move {
            if let Err(error) = store.set_onboarded() {
                tracing::warn!("{error}");
            }
        })
        .detach();
        self.onboarding = None;
        self.focus_editor(window, cx);
        cx.notify();
    }

    /// Opens a file at a place, for tests and programs.
    pub fn open_target(&mut self, target: OpenTarget, window: &mut Window, cx: &mut Context<Self>) {
        self.open(target, window, cx);
    }

    /// Whether a tab of last time, or a target that was asked for, is not shown yet, for
    /// programs.
    pub fn is_opening(&self, cx: &App) -> bool {
        !self.restored || self.area.read(cx).is_opening()
    }

    /// Shows an item in a tab of the active group, for programs.
    pub fn show_item(
        &mut self,
        item: Box<dyn ui::ItemHandle>,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        self.area.update(cx, |area, cx| area.show(item, window, cx));
    }

    /// Shows the first steps from the beginning, for programs.
    pub fn show_first_steps(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        self.show_onboarding(Page::Import, window, cx);
    }

    /// Leaves the first steps, for programs that draw another scene.
    pub fn skip_onboarding(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        if self.onboarding.is_some() {
            self.leave_onboarding(window, cx);
        }
    }
}

type Section = &'static [(&'static str, Option<&'static str>)];

/// A place below the title bar, so many pixels of zoom level 0 from the left.
fn below_title_bar(left: f32, cx: &App) -> Point<Pixels> {
    let corner = point(scaled(left), height::TITLE_BAR);
    corner.map(|length| zoom::pixels(length, cx))
}

const MAIN_MENU: &[Section] = &[
    &[
        ("workspace.newFile", None),
        ("workspace.openFile", None),
        ("workspace.openFolder", None),
    ],
    &[
        ("workbench.newWindow", None),
        ("workbench.openFolderInNewWindow", None),
    ],
    &[
        ("workspace.save", None),
        ("workspace.saveAs", None),
        ("workspace.saveAll", None),
    ],
    &[
        ("workbench.commandPalette", Some("Command Palette\u{2026}")),
        ("workbench.action.quickOpen", Some("Go to File\u{2026}")),
        ("workbench.action.navigateBack", None),
        ("workbench.action.navigateForward", None),
    ],
    &[("editor.action.toggleMinimap", None)],
    &[
        ("workbench.action.openSettings", Some("Settings")),
        ("workbench.openKeymap", Some("Key Bindings")),
        ("workbench.action.selectTheme", Some("Theme\u{2026}")),
        ("onboarding.model", Some("Model\u{2026}")),
        ("workbench.onboarding", None),
    ],
    &[("workbench.about", None), ("workbench.action.quit", None)],
];

/// A path with the home folder as `~`.
fn shortened(path: &std::path::Path) -> String {
    match std::env::home_dir()
        .and_then(|home| path.strip_prefix(home).ok().map(|rest| rest.to_path_buf()))
    {
        Some(rest) => format!("~/{}", rest.display()),
        None => path.display().to_string(),
    }
}
