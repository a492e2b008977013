//! The row above the list of problems: what is typed to narrow it down, and what is switched off.

use gpui_kit::base::TestSupportExt as _;
use gpui_kit::component::Sizable as _;
use gpui_kit::component::input::Input;
use gpui_kit::prelude::*;
use gpui_kit::{AnyElement, Context, Focusable as _, Role, SharedString, Window, div};
use ui::tokens::{Typography as _, height, radius, scaled, space};
use ui::widgets::{IconButton, column, row};
use ui::{ActiveKilnTheme as _, IconName};

use crate::ProblemsPanel;
use crate::commands::{
    CLEAR_FILTER, ClearFilter, FILTER_CONTEXT, FocusFilter, FocusList, LeaveFilter,
    ToggleCurrentFile, ToggleErrors, ToggleInfos, ToggleWarnings,
};
use crate::filter::Switch;

/// The key context of the panel.
const PANEL_CONTEXT: &str = "ProblemsPanel";

impl ProblemsPanel {
    /// The row of the filter.
    pub(crate) fn render_filter(&self, window: &Window, cx: &mut Context<Self>) -> AnyElement {
        let theme = cx.kiln_theme().clone();
        let input = self.filter_input().clone();
        let focused = input.read(cx).focus_handle(cx).is_focused(window);
        let field = div()
            .flex_1()
            .min_w(scaled(64.))
            .max_w(scaled(360.))
            .rounded(radius::SMALL)
            .bg(theme.input_background)
            .border_1()
            .border_color(match focused {
                true => theme.border_focused,
                false => theme.border,
            })
            .child(
                Input::new(&input)
                    .id("problems-filter-input")
                    .aria_label("Filter problems by text or files; ! leaves out")
                    .appearance(false)
                    .small()
                    .text_small(),
            );
        let switch = |switch: Switch,
                      id: &'static str,
                      icon: IconName,
                      label: &'static str,
                      command: &'static str| {
            IconButton::new(id, icon, label)
                .command(command)
                .toggled(self.filter().is_on(switch))
                .on_click(cx.listener(move |this: &mut Self, _, _, cx| this.flip(switch, cx)))
        };
        let switches = [
            switch(
                Switch::Errors,
                "problems-errors",
                IconName::CircleX,
                "Show errors",
                "problems.toggleErrors",
            ),
            switch(
                Switch::Warnings,
                "problems-warnings",
                IconName::TriangleAlert,
                "Show warnings",
                "problems.toggleWarnings",
            ),
            switch(
                Switch::Infos,
                "problems-infos",
                IconName::Info,
                "Show notes",
                "problems.toggleInfos",
            ),
            switch(
                Switch::CurrentFile,
                "problems-current-file",
                IconName::FileText,
                "Show the current file only",
                "problems.toggleCurrentFile",
            ),
        ];
        let clear = self.filter().is_active().then(|| {
            IconButton::new("problems-clear-filter", IconName::FunnelX, "Clear filter")
                .command(CLEAR_FILTER)
                .on_click(cx.listener(|this, _, window, cx| this.clear_filter(window, cx)))
        });
        let told = self.shown_of_all().map(|told| {
            let told = SharedString::from(told);
            div()
                .id("problems-shown")
                .test_support()
                .role(Role::Status)
                .aria_label(told.clone())
                .min_w_0()
                .truncate()
                .px(space::XS)
                .text_color(theme.text_muted)
                .child(told)
        });
        row()
            .id("problems-filter")
            .test_support()
            .role(Role::Search)
            .aria_label("Filter problems")
            .key_context(FILTER_CONTEXT)
            .on_action(cx.listener(|this, _: &LeaveFilter, window, cx| {
                this.leave_filter(window, cx);
            }))
            .on_action(cx.listener(|this, _: &FocusList, window, cx| {
                this.focus_list(window, cx);
            }))
            .flex_none()
            .w_full()
            .h(height::TAB_BAR)
            .px(space::M)
            .gap(space::XS)
            .text_small()
            .child(field)
            .children(switches)
            .children(clear)
            .children(told)
            .into_any_element()
    }

    /// The panel: the row of the filter above the list, with the commands of both.
    pub(crate) fn with_filter_actions(
        &self,
        bar: AnyElement,
        list: AnyElement,
        cx: &mut Context<Self>,
    ) -> AnyElement {
        let colors = **cx.kiln_theme();
        column()
            .key_context(PANEL_CONTEXT)
            .on_action(cx.listener(|this, _: &FocusFilter, window, cx| {
                this.focus_filter(window, cx);
            }))
            .on_action(cx.listener(|this, _: &ClearFilter, window, cx| {
                this.clear_filter(window, cx);
            }))
            .on_action(cx.listener(|this, _: &ToggleErrors, _, cx| this.flip(Switch::Errors, cx)))
            .on_action(cx.listener(|this, _: &ToggleWarnings, _, cx| {
                this.flip(Switch::Warnings, cx);
            }))
            .on_action(cx.listener(|this, _: &ToggleInfos, _, cx| this.flip(Switch::Infos, cx)))
            .on_action(cx.listener(|this, _: &ToggleCurrentFile, _, cx| {
                this.flip(Switch::CurrentFile, cx);
            }))
            .size_full()
            .bg(colors.surface)
            .text_color(colors.text)
            .child(bar)
            .child(div().flex_1().min_h_0().child(list))
            .into_any_element()
    }
}
