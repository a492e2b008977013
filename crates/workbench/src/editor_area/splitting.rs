//! Splitting the editor area: columns side by side, and in each of them groups below each other.

use gpui_kit::prelude::*;
use gpui_kit::{AnyElement, Context, Div, Window};
use ui::widgets::column;
use ui::{ActiveKilnTheme as _, Severity, notify};

use super::EditorArea;
use crate::editor_group::EditorGroup;
use crate::layout::keep_columns;

/// Where a second view of a group's item is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Split {
    /// In a column of its own, to the right of the group's.
    Right,
    /// Below the group, in the same column.
    Down,
}

impl EditorArea {
    /// Shows the active item in a second group.
    pub fn split_active(&mut self, split: Split, window: &mut Window, cx: &mut Context<Self>) {
        self.split(self.active, split, window, cx);
    }

    /// Shows the active item of a group in a new group beside it.
    pub(crate) fn split(
        &mut self,
        group: usize,
        split: Split,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let Some(item) = self.groups.get(group).and_then(EditorGroup::active_item) else {
            return;
        };
        let Some(copy) = item.boxed_clone().split(window, cx) else {
            let message = "This view can be shown only once.";
            return notify(Severity::Info, message, window, cx);
        };
        let place = match split {
            Split::Down => group + 1,
            Split::Right => self.column_end(group),
        };
        let place = self.insert_group(place, split == Split::Down, cx);
        self.add(place, copy, true, window, cx);
    }

    /// Has columns stay as empty groups go.
    pub(super) fn keep_columns(&mut self) {
        let groups = self.groups.iter_mut();
        keep_columns(groups.map(|group| (group.tabs.is_empty(), &mut group.below)));
    }

    pub(super) fn render_columns(&self, window: &Window, cx: &mut Context<Self>) -> Vec<Div> {
        let mut columns: Vec<Vec<AnyElement>> = Vec::new();
        for (index, group) in self.groups.iter().enumerate() {
            let shown = self.render_group(index, window, cx);
            match columns.last_mut() {
                Some(column) if group.below => column.push(shown),
                _ => columns.push(vec![shown]),
            }
        }
        let border = cx.kiln_theme().border;
        let columns = columns.into_iter().enumerate().map(|(place, groups)| {
            column()
                .flex_1()
                .min_w_0()
                .h_full()
                .when(place > 0, |this| this.border_l_1().border_color(border))
                .children(groups)
        });
        columns.collect()
    }
}
