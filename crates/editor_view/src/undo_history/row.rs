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
const LANE: Rems = scaled(12.);

/// Across the dot of a state.
const DOT: Rems = scaled(7.);

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
        let label = label(state, &what, age.as_deref(), is_current, is_saved);
        let dot = match is_current {
            true => theme.accent,
            false => theme.text_muted,
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
            .child(lanes(graph, found.lanes, theme.text_faint, dot, cx))
            .child(
                div()
                    .flex_1()
                    .min_w_0()
                    .truncate()
                    .when(state.parent.is_some(), |this| {
                        this.font_family(ui::tokens::MONO_FONT)
                    })
                    .text_color(if is_current {
                        theme.text
                    } else {
                        theme.text_muted
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
    is_current: bool,
    is_saved: bool,
) -> SharedString {
    let place = state.parent.is_some().then(|| {
        let (added, removed, line) = (state.added, state.removed, state.row + 1);
        format!("+{added} −{removed}, line {line}")
    });
    let parts = [
        place,
        Some(what.to_owned()),
        is_current.then(|| "current".to_owned()),
        is_saved.then(|| "saved".to_owned()),
        age.map(str::to_owned),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    parts.join(", ").into()
}

/// The lines of the tree that run through a row, and the dot of its state.
fn lanes(
    row: GraphRow,
    count: usize,
    line: Hsla,
    dot: Hsla,
    cx: &gpui_kit::App,
) -> impl IntoElement {
    let (lane, across) = (zoom::pixels(LANE, cx), zoom::pixels(DOT, cx));
    let draw = move |bounds: Bounds<Pixels>, window: &mut gpui_kit::Window| {
        let middle = |lane_index: usize| bounds.left() + lane * (lane_index as f32 + 0.5);
        let center = bounds.top() + bounds.size.height / 2.;
        let stroke = px(1.5);
        let mut quad = |left: Pixels, top: Pixels, width: Pixels, high: Pixels| {
            window.paint_quad(fill(Bounds::new(point(left, top), size(width, high)), line));
        };
        let own = middle(row.lane);
        for index in 0..count {
            let x = middle(index) - stroke / 2.;
            let is_in = |set: u8| set & 1 << index != 0;
            if is_in(row.through) {
                quad(x, bounds.top(), stroke, bounds.size.height);
            }
            if is_in(row.joins) {
                quad(x, bounds.top(), stroke, center - bounds.top());
                if index != row.lane {
                    quad(own, center - stroke / 2., middle(index) - own, stroke);
                }
            }
        }
        if row.goes_down {
            quad(own - stroke / 2., center, stroke, bounds.bottom() - center);
        }
        let around = Bounds::new(
            point(own - across / 2., center - across / 2.),
            size(across, across),
        );
        window.paint_quad(fill(around, dot).corner_radii(across / 2.));
    };
    canvas(
        |_, _, _| (),
        move |bounds, (), window, _| draw(bounds, window),
    )
    .flex_none()
    .w(LANE * count as f32)
    .h_full()
}
