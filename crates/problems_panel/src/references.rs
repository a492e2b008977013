//! The "References" panel: places that were asked for, and edits to look at before they are made.

use std::collections::HashMap;
use std::path::Path;
use std::rc::Rc;
use std::time::Duration;

use gpui_kit::base::TestSupportExt as _;
use gpui_kit::prelude::*;
use gpui_kit::{
    AnyElement, App, AsyncApp, AsyncWindowContext, Context, Entity, FocusHandle, Focusable,
    FontWeight, HighlightStyle, Render, Role, SharedString, StyledText, Subscription, Task,
    Toggled, WeakEntity, Window, div,
};
use ui::fonts::beside_the_editor;
use ui::list_keys::Step;
use ui::tokens::{Typography as _, height, radius, scaled, space};
use ui::widgets::{Button, EmptyState, change_tooltip, command_tooltip};
use ui::{
    ActiveKilnTheme as _, DockSide, IconName, LeftOut, ListedChange, ListedPlace, OpenTarget,
    PLACES_PANEL, Panel, PlaceList, Severity, WorkspaceModel, icons,
};

use crate::commands::ToggleChange;
use crate::grouped::{CONTROL_CONTEXT, EDITS_CONTEXT, Group, Grouped, Row};
use crate::place_panel::{PlacePanel, Places, RowState, pressed, tree};

/// An Apply that is pressed sooner after a list appeared was meant for the one before it.
const ARMING: Duration = Duration::from_millis(500);

/// The "References" panel.
pub struct ReferencesPanel {
    model: Entity<WorkspaceModel>,
    shown: Option<Rc<PlaceList>>,
    /// What waits until edits of that list can be applied.
    arming: Option<Task<()>>,
    places: Places<ListedPlace>,
    /// The changes that are not to be made.
    left_out: LeftOut,
    _subscription: Subscription,
}

impl ReferencesPanel {
    /// A list of the places that `model` has to show.
    pub fn new(model: Entity<WorkspaceModel>, cx: &mut Context<Self>) -> Self {
        let subscription = cx.observe(&model, |this: &mut Self, _, cx| this.refresh(cx));
        let mut panel = Self {
            model,
            shown: None,
            arming: None,
            places: Places::new(cx),
            left_out: LeftOut::default(),
            _subscription: subscription,
        };
        panel.refresh(cx);
        panel
    }

    fn refresh(&mut self, cx: &mut Context<Self>) {
        let now = self.model.read(cx).places().cloned();
        let same = match (&now, &self.shown) {
            (Some(now), Some(shown)) => Rc::ptr_eq(now, shown),
            (None, None) => true,
            _ => false,
        };
        if same {
            return;
        }
        let mut groups: Vec<Group<ListedPlace>> = Vec::new();
        let mut of_file = HashMap::new();
        for place in now.iter().flat_map(|list| list.places.iter()) {
            let group = *of_file.entry(&place.path).or_insert_with(|| {
                groups.push(Group {
                    path: place.path.clone(),
                    items: Vec::new(),
                });
                groups.len() - 1
            });
            groups[group].items.push(place.clone());
        }
        self.shown = now;
        self.arming = Some(
            cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
                cx.background_executor().timer(ARMING).await;
                // The window may be closed meanwhile.
                this.update(cx, |this, cx| {
                    this.arming = None;
                    cx.notify();
                })
                .ok();
            }),
        );
        self.left_out.clear();
        let list = &mut self.places.list;
        *list = Grouped::default();
        list.set(groups);
        // The first place, which Enter leads to, and not the row of its file.
        list.step(Step::First);
        list.step(Step::Next);
        cx.notify();
    }

    /// Makes the edits that are shown.
    fn apply(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let Some(shown) = self.shown.clone() else {
            return;
        };
        if self.arming.is_some() {
            return;
        }
        let left_out = self.left_out.chosen();
        let applied = self.model.update(cx, |model, cx| {
            model.apply_listed_edit(&shown, left_out, cx)
        });
        cx.spawn_in(
            window,
            async move |this: WeakEntity<Self>, cx: &mut AsyncWindowContext| {
                let Err(message) = applied.await else { return };
                // The window may be closed meanwhile.
                this.update_in(cx, |_, window, cx| {
                    ui::notify(Severity::Warning, message, window, cx);
                })
                .ok();
            },
        )
        .detach();
    }

    /// The changes that a row stands for: its own, or those of its file.
    fn changes_of(&self, row: usize) -> Vec<ListedChange> {
        let list = &self.places.list;
        let Some(Row { group, item }) = list.rows().get(row).copied() else {
            return Vec::new();
        };
        let items = list.groups.get(group).map(|group| group.items.as_slice());
        let items = items.unwrap_or_default();
        let items = match item {
            Some(item) => items.get(item..=item).unwrap_or_default(),
            None => items,
        };
        items.iter().filter_map(|place| place.change).collect()
    }

    /// Leaves out what a row stands for, or takes it back where all of it is left out: what needs it
    /// goes with it, and what it needs comes back with it.
    fn toggle(&mut self, row: usize, cx: &mut Context<Self>) {
        let changes = self.changes_of(row);
        let edit = self.shown.as_ref().and_then(|shown| shown.edit.as_ref());
        let Some(edit) = edit else {
            return;
        };
        match changes.iter().all(|one| self.left_out.contains(*one)) {
            true => self.left_out.take_back(edit, changes),
            false => self.left_out.leave_out(edit, changes),
        }
        cx.notify();
    }

    /// What is said of a change that is left out because another is that it needs.
    fn why_left_out(&self, change: ListedChange) -> Option<String> {
        let needed = self.left_out.for_want_of(change)?;
        let mut places = self.shown.as_ref()?.places.iter();
        let needed = places.find(|place| place.change == Some(needed))?;
        let name = needed.path.file_name().unwrap_or_default();
        let name = name.to_string_lossy();
        Some(match needed.is_whole_file {
            true => format!("needs “{}” of {name}", needed.text),
            false => format!("needs the change of line {} of {name}", needed.line + 1),
        })
    }

    fn toggle_selected(&mut self, cx: &mut Context<Self>) {
        if let Some(row) = self.places.list.selected {
            self.toggle(row, cx);
        }
    }

    fn discard(&mut self, cx: &mut Context<Self>) {
        self.model
            .update(cx, |model, cx| model.show_places(None, cx));
    }
}

impl PlacePanel for ReferencesPanel {
    type Place = ListedPlace;

    const IDS: [&'static str; 3] = ["references", "reference-rows", "reference"];

    fn places(&self) -> &Places<ListedPlace> {
        &self.places
    }

    fn places_mut(&mut self) -> &mut Places<ListedPlace> {
        &mut self.places
    }

    fn root<'a>(&self, cx: &'a App) -> &'a Path {
        self.model.read(cx).root()
    }

    fn target(path: &Path, place: &ListedPlace) -> OpenTarget {
        let (line, column) = (place.line.saturating_add(1), place.column.saturating_add(1));
        OpenTarget::at(path, line, column)
    }

    fn context(&self) -> Option<&'static str> {
        let edit = self.shown.as_ref()?.edit.as_ref();
        edit.map(|_| EDITS_CONTEXT)
    }

    fn file_box(&self, row: usize, cx: &Context<Self>) -> Option<AnyElement> {
        let changes = self.changes_of(row);
        let out = changes.iter().filter(|one| self.left_out.contains(**one));
        let made = match out.count() {
            0 => Toggled::True,
            count if count == changes.len() => Toggled::False,
            _ => Toggled::Mixed,
        };
        (!changes.is_empty()).then(|| check_box(row, made, "All changes of this file".into(), cx))
    }

    fn render_place(&self, place: &ListedPlace, row: RowState, cx: &Context<Self>) -> AnyElement {
        let theme = cx.kiln_theme().clone();
        let marked = place.marked.clone();
        let (mut text, mut highlights) = (place.text.clone(), Vec::new());
        let strong = HighlightStyle {
            color: Some(theme.accent),
            font_weight: Some(FontWeight::BOLD),
            ..HighlightStyle::default()
        };
        match &place.new_text {
            None => highlights.push((marked, strong)),
            Some(new_text) => {
                let struck = HighlightStyle {
                    color: Some(theme.text_muted),
                    strikethrough: Some(gpui_kit::StrikethroughStyle {
                        thickness: gpui_kit::px(1.),
                        color: Some(theme.text_muted),
                    }),
                    ..HighlightStyle::default()
                };
                text.insert_str(marked.end, new_text);
                highlights.push((marked.clone(), struck));
                highlights.push((marked.end..marked.end + new_text.len(), strong));
            }
        }
        highlights.retain(|(range, _)| !range.is_empty());
        let line = (!place.is_whole_file).then(|| (place.line + 1).to_string());
        let size = place.whole.as_ref().map(|whole| whole.size());
        let spoken = match (&line, &size) {
            (Some(line), Some(size)) => SharedString::from(format!("Line {line}: {text}, {size}")),
            (Some(line), None) => SharedString::from(format!("Line {line}: {text}")),
            (None, _) => SharedString::from(text.clone()),
        };
        let made = place
            .change
            .map(|change| match self.left_out.contains(change) {
                true => Toggled::False,
                false => Toggled::True,
            });
        let why = place.change.and_then(|change| self.why_left_out(change));
        let spoken = match (made, &why) {
            (Some(Toggled::False), None) => SharedString::from(format!("{spoken}, left out")),
            (Some(Toggled::False), Some(why)) => {
                SharedString::from(format!("{spoken}, left out: {why}"))
            }
            _ => spoken,
        };
        let box_label = match place.is_whole_file {
            true => SharedString::from(place.text.clone()),
            false => "Make this change".into(),
        };
        let ring = match row.focused {
            true => theme.border_focused,
            false => gpui_kit::Hsla::transparent_black(),
        };
        let (hover, active) = (theme.hover, theme.active);
        div()
            .id(("reference", row.index))
            .test_support()
            .role(Role::TreeItem)
            .aria_label(spoken)
            .aria_selected(row.selected)
            .flex()
            .items_center()
            .gap(space::M)
            .w_full()
            .h(height::ROW)
            .pl(scaled(30.))
            .pr(space::M)
            .rounded(radius::SMALL)
            .border_1()
            .border_color(ring)
            .when(row.selected, |this| this.bg(active))
            .when(!row.selected, |this| {
                this.hover(move |style| style.bg(hover))
            })
            .on_click(pressed(row.index, cx))
            .when_some(place.whole.clone(), |this, whole| {
                this.tooltip(change_tooltip(whole, beside_the_editor(cx)))
            })
            .text_small()
            .children(made.map(|made| check_box(row.index, made, box_label, cx)))
            .child(
                div()
                    .flex_none()
                    .min_w(scaled(32.))
                    .text_color(theme.text_faint)
                    .children(line.clone()),
            )
            .child(
                div()
                    .min_w_0()
                    .truncate()
                    .when(made == Some(Toggled::False), |this| this.opacity(0.5))
                    .when(line.is_some(), |this| this.font(beside_the_editor(cx)))
                    .child(StyledText::new(SharedString::from(text)).with_highlights(highlights)),
            )
            .children(size.map(|size| {
                div()
                    .flex_none()
                    .text_color(theme.text_muted)
                    .child(SharedString::from(size))
            }))
            .children(why.map(|why| {
                div()
                    .flex_none()
                    .max_w(gpui_kit::relative(0.5))
                    .truncate()
                    .text_color(theme.text_muted)
                    .child(SharedString::from(why))
            }))
            .into_any_element()
    }
}

/// Whether a change is made, or those of a file; a press leaves them out, or takes them back.
fn check_box(
    row: usize,
    made: Toggled,
    label: SharedString,
    cx: &Context<ReferencesPanel>,
) -> AnyElement {
    let theme = cx.kiln_theme();
    let (icon, color) = match made {
        Toggled::True => (IconName::SquareCheck, theme.accent),
        Toggled::Mixed => (IconName::SquareMinus, theme.accent),
        Toggled::False => (IconName::Square, theme.text_faint),
    };
    let ring = theme.border_focused;
    div()
        .id(("change-box", row))
        .test_support()
        .role(Role::CheckBox)
        .aria_label(label.clone())
        .aria_toggled(made)
        .flex_none()
        .rounded(radius::SMALL)
        .key_context(CONTROL_CONTEXT)
        .tab_index(0)
        .focus_visible(move |style| style.border_1().border_color(ring))
        .tooltip(command_tooltip(label, Some("references.toggleChange")))
        .on_click(cx.listener(move |this: &mut ReferencesPanel, _, _, cx| {
            cx.stop_propagation();
            this.toggle(row, cx);
        }))
        .child(icons::icon(icon, color))
        .into_any_element()
}

impl Focusable for ReferencesPanel {
    fn focus_handle(&self, _: &App) -> FocusHandle {
        self.places.focus.clone()
    }
}

impl Panel for ReferencesPanel {
    const ID: &'static str = PLACES_PANEL;
    const TOGGLE_COMMAND: Option<&'static str> = Some("references.focus");

    fn side() -> DockSide {
        DockSide::Bottom
    }

    fn title(&self, _: &App) -> SharedString {
        let title = self.shown.as_ref().map(|shown| shown.title.clone());
        title.unwrap_or_else(|| "References".into())
    }

    fn icon(&self) -> IconName {
        IconName::ListTree
    }

    fn waits_for(&self, _: &App) -> Option<SharedString> {
        let edit = self.shown.as_ref()?.edit.as_ref();
        edit.map(|_| "Changes wait to be applied or discarded".into())
    }

    fn badge(&self, _: &App) -> Option<SharedString> {
        let count = self.shown.as_ref()?.places.len();
        Some(count.to_string().into())
    }

    fn header_actions(&mut self, _: &mut Window, cx: &mut Context<Self>) -> Option<AnyElement> {
        self.shown.as_ref()?.edit.as_ref()?;
        let actions = div()
            .flex()
            .gap(space::S)
            .child(
                Button::new("discard-edits", "Discard")
                    .quiet()
                    .on_click(cx.listener(|this, _, _, cx| this.discard(cx))),
            )
            .child(
                Button::new("apply-edits", "Apply")
                    .primary()
                    .disabled(self.arming.is_some())
                    .on_click(cx.listener(|this, _, window, cx| this.apply(window, cx))),
            );
        Some(actions.into_any_element())
    }
}

impl Render for ReferencesPanel {
    fn render(&mut self, window: &mut Window, cx: &mut Context<Self>) -> impl IntoElement {
        let empty = EmptyState::new(IconName::ListTree, "No references yet")
            .body("Put the caret on a name and press Shift+F12.");
        let list = tree(self, "References", empty, window, cx);
        div()
            .size_full()
            .when(self.context().is_some(), |this| {
                this.on_action(cx.listener(|this, _: &ToggleChange, _, cx| {
                    this.toggle_selected(cx);
                }))
            })
            .child(list)
    }
}
