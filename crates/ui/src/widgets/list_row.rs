//! One row of a list or tree.

use crate::theme::ActiveKilnTheme as _;
use crate::tokens::{Typography as _, height, radius, space};
use gpui_kit::base::TestSupportExt as _;
use gpui_kit::prelude::*;
use gpui_kit::{
    AnyElement, App, ClickEvent, ElementId, Hsla, MouseButton, MouseDownEvent, Rems, Role,
    SharedString, Window, div,
};

type ClickHandler = Box<dyn Fn(&ClickEvent, &mut Window, &mut App)>;
type MouseHandler = Box<dyn Fn(&MouseDownEvent, &mut Window, &mut App)>;

/// One row of a list or tree: something before, a label that may be cut, something after.
#[derive(IntoElement)]
pub struct ListRow {
    id: ElementId,
    label: SharedString,
    role: Role,
    start: Vec<AnyElement>,
    end: Vec<AnyElement>,
    detail: Option<SharedString>,
    description: Option<SharedString>,
    color: Option<Hsla>,
    indent: Rems,
    height: Rems,
    selected: bool,
    focused: bool,
    expanded: Option<bool>,
    tooltip: Option<SharedString>,
    on_click: Option<ClickHandler>,
    on_secondary: Option<MouseHandler>,
}

impl ListRow {
    /// A row of 24 px. `label` is also its accessible name.
    pub fn new(id: impl Into<ElementId>, label: impl Into<SharedString>) -> Self {
        Self {
            id: id.into(),
            label: label.into(),
            role: Role::ListItem,
            start: Vec::new(),
            end: Vec::new(),
            detail: None,
            description: None,
            color: None,
            indent: Rems::ZERO,
            height: height::ROW,
            selected: false,
            focused: false,
            expanded: None,
            tooltip: None,
            on_click: None,
            on_secondary: None,
        }
    }

    /// Its accessible role; a list item otherwise.
    pub fn role(mut self, role: Role) -> Self {
        self.role = role;
        self
    }

    /// Something before the label.
    pub fn start(mut self, element: impl IntoElement) -> Self {
        self.start.push(element.into_any_element());
        self
    }

    /// Something at the right end.
    pub fn end(mut self, element: impl IntoElement) -> Self {
        self.end.push(element.into_any_element());
        self
    }

    /// Quieter text behind the label; assistive technology reads it after that.
    pub fn detail(mut self, detail: impl Into<SharedString>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// What assistive technology reads behind the label, in place of the detail.
    pub fn description(mut self, description: impl Into<SharedString>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// The label's colour; main text otherwise.
    pub fn color(mut self, color: Hsla) -> Self {
        self.color = Some(color);
        self
    }

    /// Space before everything, for trees.
    pub fn indent(mut self, indent: Rems) -> Self {
        self.indent = indent;
        self
    }

    /// Its height.
    pub fn height(mut self, height: Rems) -> Self {
        self.height = height;
        self
    }

    /// Whether it is the selected row.
    pub fn selected(mut self, selected: bool) -> Self {
        self.selected = selected;
        self
    }

    /// Whether the keyboard is on it: draws the focus line.
    pub fn focused(mut self, focused: bool) -> Self {
        self.focused = focused;
        self
    }

    /// Whether its children are shown, for trees.
    pub fn expanded(mut self, expanded: bool) -> Self {
        self.expanded = Some(expanded);
        self
    }

    /// What its tooltip says, such as the whole path.
    pub fn tooltip(mut self, text: impl Into<SharedString>) -> Self {
        self.tooltip = Some(text.into());
        self
    }

    /// What a press does.
    pub fn on_click(
        mut self,
        handler: impl Fn(&ClickEvent, &mut Window, &mut App) + 'static,
    ) -> Self {
        self.on_click = Some(Box::new(handler));
        self
    }

    /// What a press with the right button does.
    pub fn on_secondary(
        mut self,
        handler: impl Fn(&MouseDownEvent, &mut Window, &mut App) + 'static,
    ) -> Self {
        self.on_secondary = Some(Box::new(handler));
        self
    }
}

impl RenderOnce for ListRow {
    fn render(self, _: &mut Window, cx: &mut App) -> impl IntoElement {
        let theme = cx.kiln_theme();
        let color = self.color.unwrap_or(theme.text);
        let (hover, active) = (theme.hover, theme.active);
        let ring = if self.focused {
            theme.border_focused
        } else {
            Hsla::transparent_black()
        };
        div()
            .id(self.id)
            .test_support()
            .role(self.role)
            .aria_label(self.label.clone())
            .aria_selected(self.selected)
            .when_some(self.expanded, |this, expanded| this.aria_expanded(expanded))
            .when_some(
                self.description
                    .or_else(|| self.detail.clone())
                    .filter(|said| !said.is_empty()),
                |this, said| this.aria_description(said),
            )
            .flex()
            .items_center()
            .gap(space::S)
            .w_full()
            .h(self.height)
            .pl(space::M + self.indent)
            .pr(space::M)
            .rounded(radius::SMALL)
            .border_1()
            .border_color(ring)
            .text_small()
            .text_color(color)
            .when(self.selected, |this| this.bg(active))
            .when(!self.selected, |this| {
                this.hover(move |style| style.bg(hover))
            })
            .children(self.start)
            .child(
                div()
                    .flex()
                    .flex_1()
                    .min_w_0()
                    .gap(space::S)
                    .child(div().min_w_0().truncate().child(self.label))
                    .children(self.detail.map(|detail| {
                        div()
                            .flex_1()
                            .min_w_0()
                            .truncate()
                            .text_color(theme.text_muted)
                            .child(detail)
                    })),
            )
            .children(self.end)
            .when_some(self.on_click, |this, handler| this.on_click(handler))
            .when_some(self.on_secondary, |this, handler| {
                this.on_mouse_down(MouseButton::Right, handler)
            })
            .when_some(self.tooltip, |this, text| {
                this.tooltip(super::tooltip::text_tooltip(text))
            })
    }
}
