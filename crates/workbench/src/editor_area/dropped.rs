//! Files that are dropped on a group of tabs: they are opened in it, at the place of the drop.

use std::path::{Path, PathBuf};

use gpui_kit::prelude::*;
use gpui_kit::{Context, ExternalPaths, Hsla, Window};
use ui::{DraggedFiles, OpenTarget};

use super::preview_tab::ShownAs;
use super::{EditorArea, EditorAreaEvent};

/// Where in a group a file is dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DropPlace {
    /// On what the group shows: a file that has no tab yet comes behind the front one.
    Group,
    /// Before the tab of this place; behind all where there is none.
    Tab(usize),
}

impl EditorArea {
    /// Lets an element of a group take files, from the tree and from outside.
    pub(crate) fn takes_files<E: InteractiveElement>(
        element: E,
        group: u64,
        place: DropPlace,
        cx: &mut Context<Self>,
    ) -> E {
        element
            .on_drop(cx.listener(move |area, files: &DraggedFiles, window, cx| {
                area.drop_files(&files.0, group, place, window, cx);
            }))
            .on_drop(cx.listener(move |area, files: &ExternalPaths, window, cx| {
                area.drop_files(files.paths(), group, place, window, cx);
            }))
    }

    /// Shows where files that are dragged would be opened.
    pub(crate) fn shows_drop<E: InteractiveElement>(element: E, color: Hsla) -> E {
        element
            .drag_over::<DraggedFiles>(move |style, _, _, _| style.bg(color))
            .drag_over::<ExternalPaths>(move |style, _, _, _| style.bg(color))
    }

    fn drop_files(
        &mut self,
        paths: &[PathBuf],
        group: u64,
        place: DropPlace,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let Some(group) = self.groups.iter().position(|known| known.id == group) else {
            return;
        };
        self.active = group;
        // On the screen that offers to open something, folders are meant as well.
        if self.groups[group].tabs.is_empty() {
            for path in paths {
                ui::open_path(OpenTarget::new(path), window, cx);
            }
            return;
        }
        let mut next = match place {
            DropPlace::Group => None,
            DropPlace::Tab(tab) => Some(tab.min(self.groups[group].tabs.len())),
        };
        for path in paths {
            let count = self.groups[group].tabs.len();
            self.show_in(group, path, window, cx);
            let tabs = &mut self.groups[group];
            let front = tabs.active;
            if let Some(at) = &mut next {
                // A new tab before the place has moved that on.
                let moved = tabs.tabs.len() > count && front <= *at;
                tabs.reorder(front, *at + usize::from(moved));
                *at = tabs.active + 1;
            }
        }
        self.focus_active(window, cx);
        cx.emit(EditorAreaEvent::TabsChanged);
        cx.emit(EditorAreaEvent::ActiveChanged);
        cx.notify();
    }

    /// Brings a file to the front in a group; one that only another group shows is shown in both.
    fn show_in(&mut self, group: usize, path: &Path, window: &mut Window, cx: &mut Context<Self>) {
        let turn = self.turn();
        self.active = group;
        if let Some(tab) = self.tab_of(group, path, cx) {
            self.activate(group, tab, window, cx);
            return;
        }
        let elsewhere = self.find(path, cx).and_then(|(group, tab)| {
            let item = self.groups[group].tabs[tab].item.boxed_clone();
            item.split(window, cx)
        });
        match elsewhere {
            Some(copy) => self.add(group, copy, true, window, cx),
            None => {
                let target = OpenTarget::new(path);
                self.open_in(group, target, Some(turn), ShownAs::Tab, window, cx);
            }
        }
    }
}
