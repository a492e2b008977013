//! One state in the list.

use editor_core::StateSummary;
use gpui_kit::base::TestSupportExt as _;
use gpui_kit::prelude::*;
use gpui_kit::{
    AnyElement, Bounds, ClickEvent, Context, Hsla, Pixels, Rems, Role, SharedString, canvas, div,
    fill, point, px, size,
};
use ui::ActiveKilnTheme as _;
use ui::tokens::{Typography as _, height, radius, scaled, space};
use ui::{ago, zoom};

use super::graph::GraphRow;
use super::{ROWS, UndoHistory};

/// Between two lanes.
const LANE: Rems = scaled(14.);

/// Across the dot of a state.
const DOT: Rems = scaled(8.);

impl UndoHistory {
    /// The row of a state; nothing for one that is not there.
    pub(super) fn render_row(&self, index: usize, cx: &mut Context<Self>) -> Option<AnyElement> {
        let found = self.found.as_ref()?;
        let state = found.summaries.get(index)?;
        let graph = *found.graph.get(index)?;
        let theme = cx.kiln_theme().clone();
        let workspace = self.model.read(cx).workspace();
        let buffer = workspace.buffer(self.buffer)?;
        let now = workspace.now().time;
        let age = state.made_at.zip(now).map(|(made, now)| ago(made, now));
        let is_current = state.id == found.states.current();
        let is_saved = buffer.saved_state() == Some(state.id);
        let selected = state.id == self.selected;
        let what: SharedString = match (state.parent, state.line.is_empty()) {
            (None, _) if state.id.as_u64() == 0 => "The text as it was opened".into(),
            (None, _) => "The oldest state that is kept".into(),
            (_, true) => "An empty line".into(),
            (_, false) => state.line.clone().into(),
        };
        let notes = [
            (is_current, "current"),
            (is_saved, "saved"),
            (!graph.is_here, "on another branch"),
        ];
        let label = label(state, &what, age.as_deref(), &notes);
        let colors = Colors {
            here: theme.accent,
            elsewhere: theme.text_faint,
            ground: theme.elevated,
        };
        let badge = |name: &'static str, color: Hsla| {
            div()
                .flex_none()
                .text_caption()
                .text_color(color)
                .child(name)
        };
        let count = |sign: char, lines: usize, color: Hsla| {
            let shown = (lines > 0).then(|| format!("{sign}{lines}"));
            div()
                .flex_none()
                .text_caption()
                .text_color(color)
                .children(shown)
        };
        let row = div()
            .id(("undo-state", state.id.as_u64()))
            .test_support()
            .role(Role::ListBoxOption)
            .aria_label(label)
            .aria_selected(selected)
            .flex()
            .items_center()
            .gap(space::S)
            .w_full()
            .h(height::ROW)
            .px(space::S)
            // The scrollbar is over the rows.
            .when(found.summaries.len() > ROWS, |this| this.pr(scaled(16.)))
            .rounded(radius::SMALL)
            .whitespace_nowrap()
            .when(selected, |this| this.bg(theme.active))
            .when(!selected, |this| this.hover(|style| style.bg(theme.hover)))
            .on_click(cx.listener(move |list, event: &ClickEvent, window, cx| {
                list.select_row(index, cx);
                if event.click_count() > 1 {
                    list.open(window, cx);
                }
            }))
            .child(lanes(graph, is_current, colors, cx))
            .child(
                div()
                    .flex_1()
                    .min_w_0()
                    .truncate()
                    .when(state.parent.is_some(), |this| {
                        this.font(ui::fonts::beside_the_editor(cx))
                    })
                    .text_color(match graph.is_here {
                        true => theme.text,
                        false => theme.text_faint,
                    })
                    .child(what),
            )
            .child(count('+', state.added, theme.success))
            .child(count('−', state.removed, theme.error))
            .when(is_current, |this| {
                this.child(badge("current", theme.accent))
            })
            .when(is_saved, |this| this.child(badge("saved", theme.text)))
            .child(
                div()
                    .flex_none()
                    .w(scaled(76.))
                    .text_right()
                    .text_caption()
                    .text_color(theme.text_faint)
                    .children(age),
            );
        Some(row.into_any_element())
    }
}

/// What assistive technology reads of a state.
fn label(
    state: &StateSummary,
    what: &str,
    age: Option<&str>,
    notes: &[(bool, &str)],
) -> SharedString {
    let place = state.parent.is_some().then(|| {
        let (added, removed, line) = (state.added, state.removed, state.row + 1);
        format!("+{added} −{removed}, line {line}")
    });
    let notes = notes.iter().filter(|(holds, _)| *holds);
    let parts: Vec<String> = place
        .into_iter()
        .chain([what.to_owned()])
        .chain(notes.map(|(_, note)| (*note).to_owned()))
        .chain(age.map(str::to_owned))
        .collect();
    parts.join(", ").into()
}

/// What the tree is drawn in.
#[derive(Debug, Clone, Copy)]
struct Colors {
    /// The way to and from the current state.
    here: Hsla,
    /// Other branches.
    elsewhere: Hsla,
    /// What is behind it.
    ground: Hsla,
}

/// The lines of the tree that run through a row, and the dot of its state: filled for the current
/// one, else a ring.
fn lanes(row: GraphRow, is_current: bool, colors: Colors, cx: &gpui_kit::App) -> impl IntoElement {
    let (lane, across) = (zoom::pixels(LANE, cx), zoom::pixels(DOT, cx));
    let count = row.lanes();
    let color = move |is_here: bool| match is_here {
        true => colors.here,
        false => colors.elsewhere,
    };
    let draw = move |bounds: Bounds<Pixels>, window: &mut gpui_kit::Window| {
        let middle = |lane_index: usize| bounds.left() + lane * (lane_index as f32 + 0.5);
        let center = bounds.top() + bounds.size.height / 2.;
        let stroke = px(1.5);
        let mut quad = |left: Pixels, top: Pixels, right: Pixels, bottom: Pixels, is_here: bool| {
            let bounds = Bounds::from_corners(point(left, top), point(right, bottom));
            window.paint_quad(fill(bounds, color(is_here)));
        };
        let own = middle(row.lane);
        // What is on the current branch is drawn over the others.
        for is_here in [false, true] {
            for index in (0..count).filter(|index| (row.here & 1 << index != 0) == is_here) {
                let x = middle(index) - stroke / 2.;
                if row.through & 1 << index != 0 {
                    quad(x, bounds.top(), x + stroke, bounds.bottom(), is_here);
                }
                if row.joins & 1 << index != 0 {
                    let bottom = center + stroke / 2.;
                    quad(x, bounds.top(), x + stroke, bottom, is_here);
                    if index != row.lane {
                        quad(own, center - stroke / 2., x + stroke, bottom, is_here);
                    }
                }
            }
        }
        if row.goes_down {
            let x = own - stroke / 2.;
            quad(x, center, x + stroke, bounds.bottom(), row.is_here);
        }
        let around = |across: Pixels| {
            let corner = point(own - across / 2., center - across / 2.);
            Bounds::new(corner, size(across, across))
        };
        let dot = fill(around(across), color(row.is_here)).corner_radii(across / 2.);
        window.paint_quad(dot);
        if !is_current {
            let inner = across - stroke * 2.;
            window.paint_quad(fill(around(inner), colors.ground).corner_radii(inner / 2.));
        }
    };
    canvas(
        |_, _, _| (),
        move |bounds, (), window, _| draw(bounds, window),
    )
    .flex_none()
    .w(LANE * count as f32)
    .h_full()
}
