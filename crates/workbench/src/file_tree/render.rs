//! How the file tree looks.

use super::inline_edit::Purpose;
use super::rows::Row;
use super::{
    CancelCopying, CancelEdit, CollapseAll, Delete, FileTree, NewFile, NewFolder, Opens, Preview,
    Rename,
};
use crate::git_state::letter;
use crate::problem_mark;
use fs::FsError;
use git::FileStatus;
use gpui_kit::assets::IconName;
use gpui_kit::component::Sizable as _;
use gpui_kit::component::input::Input;
use gpui_kit::component::scroll::ScrollableElement as _;
use gpui_kit::prelude::*;
use gpui_kit::{
    AnyElement, ClickEvent, Context, ExternalPaths, Hsla, MouseButton, MouseDownEvent, Role,
    Window, deferred, div, px, uniform_list,
};
use std::ops::Range;
use ui::list_keys::{
    Collapse, Expand, Open, SelectFirst, SelectLast, SelectNext, SelectPrevious, Step,
};
use ui::tokens::{height, icon_size, scaled, space};
use ui::widgets::{Button, EmptyState, ListRow, column, row};
use ui::{ActiveKilnTheme as _, DraggedFiles, Typography as _, icons};

/// How far one level is indented, in pixels at zoom level 0.
const INDENT: f32 = 14.;

enum Shown {
    Entry(Row),
    Edit { depth: usize },
}

impl FileTree {
    /// The rows with the one in which a name is written.
    fn shown(&self, index: usize) -> Option<Shown> {
        let rows = self.tree_rows();
        let Some((at, depth, replaces)) = self.edit_place() else {
            return rows.get(index).cloned().map(Shown::Entry);
        };
        if index == at {
            return Some(Shown::Edit { depth });
        }
        let index = if index > at && !replaces {
            index - 1
        } else {
            index
        };
        rows.get(index).cloned().map(Shown::Entry)
    }

    fn shown_count(&self) -> usize {
        let extra = self.edit_place().is_some_and(|(_, _, replaces)| !replaces);
        self.tree_rows().len() + usize::from(extra)
    }

    /// Where the row for a name stands, how deep, and whether it stands for a row.
    fn edit_place(&self) -> Option<(usize, usize, bool)> {
        match &self.edit.as_ref()?.purpose {
            Purpose::Rename(path) => {
                let index = self.tree.position(path)?;
                Some((index, self.tree_rows()[index].depth, true))
            }
            Purpose::NewFile(folder) | Purpose::NewFolder(folder) => {
                match self.tree.position(folder) {
                    Some(index) => Some((index + 1, self.tree_rows()[index].depth + 1, false)),
                    None => Some((0, 0, false)),
                }
            }
        }
    }

    fn tree_rows(&self) -> &[Row] {
        self.tree.rows()
    }

    fn render_rows(
        &mut self,
        range: Range<usize>,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) -> Vec<AnyElement> {
        let focused = self.focus.is_focused(window) && window.last_input_was_keyboard();
        range
            .filter_map(|index| match self.shown(index)? {
                Shown::Entry(row) => Some(self.render_row(index, row, focused, cx)),
                Shown::Edit { depth } => self.render_edit(depth, cx),
            })
            .collect()
    }

    fn render_row(
        &self,
        index: usize,
        entry: Row,
        tree_focused: bool,
        cx: &mut Context<Self>,
    ) -> AnyElement {
        let theme = cx.kiln_theme();
        let selected = self.selected.as_deref() == Some(entry.path.as_path());
        let change = self.git.change(&entry.path, entry.is_dir);
        let problems = self.model.read(cx).problem_marks().at(&entry.path);
        let wrong = problem_mark::color(problems, theme);
        let color = match change {
            _ if wrong.is_some() => wrong.unwrap_or(theme.text),
            _ if entry.is_ignored => theme.text_faint,
            Some(change) => change_color(change, cx),
            None => theme.text,
        };
        let icon_color = if entry.is_ignored {
            theme.text_faint
        } else {
            theme.text_muted
        };
        let chevron: AnyElement = if entry.is_dir {
            let name = if entry.expanded {
                IconName::ChevronDown
            } else {
                IconName::ChevronRight
            };
            icons::sized_icon(name, icon_size::SMALL, theme.text_faint).into_any_element()
        } else {
            div().flex_none().w(icon_size::SMALL).into_any_element()
        };
        let icon = match (entry.is_dir, entry.expanded, entry.is_symlink) {
            (true, true, _) => IconName::FolderOpen.into(),
            (true, false, _) => IconName::Folder.into(),
            (false, _, true) => IconName::FileSymlink.into(),
            (false, _, false) => icons::file_icon(&entry.path),
        };
        let mark = match change {
            Some(change) if !entry.is_dir => Some(
                div()
                    .flex_none()
                    .w(scaled(12.))
                    .text_caption()
                    .text_center()
                    .text_color(color)
                    .child(letter(change))
                    .into_any_element(),
            ),
            Some(_) => Some(
                row()
                    .flex_none()
                    .w(scaled(12.))
                    .justify_center()
                    .child(
                        div()
                            .size(scaled(5.))
                            .rounded(scaled(3.))
                            .bg(color.opacity(0.8)),
                    )
                    .into_any_element(),
            ),
            None => None,
        };
        let wrong = wrong.filter(|_| !entry.is_dir).map(|color| {
            div()
                .flex_none()
                .text_caption()
                .text_color(color)
                .child(problem_mark::count(problems))
        });
        let (path, menu_path) = (entry.path.clone(), entry.path.clone());
        let is_dir = entry.is_dir;
        let mut line = ListRow::new(("file", index), entry.name.clone())
            .role(Role::TreeItem)
            .indent(scaled(-4.))
            .start(guides(entry.depth, theme.indent_guide))
            .start(chevron)
            .start(icons::icon(icon, icon_color))
            .color(color)
            .selected(selected)
            .focused(selected && tree_focused)
            .on_click(cx.listener(move |this, event: &ClickEvent, window, cx| {
                this.focus.focus(window, cx);
                let opens = match event.click_count() {
                    2 => Opens::Editor,
                    _ => Opens::Preview,
                };
                // Who presses a folder twice does what each press does.
                if is_dir || event.click_count() <= 2 {
                    this.open_row(&path, is_dir, opens, window, cx);
                }
            }))
            .on_secondary(
                cx.listener(move |this, event: &MouseDownEvent, window, cx| {
                    cx.stop_propagation();
                    this.selected = Some(menu_path.clone());
                    this.show_menu(event.position, window, cx);
                }),
            );
        if is_dir {
            line = line.expanded(entry.expanded);
        }
        if let Some(said) = problem_mark::said(problems) {
            line = line.tooltip(format!("{}: {said}", entry.name));
        }
        if let Some(wrong) = wrong {
            line = line.end(wrong);
        }
        if let Some(mark) = mark {
            line = line.end(mark);
        }
        let over = theme.hover;
        let (folder, dragged) = (self.folder_of(&entry), DraggedFiles(vec![entry.path]));
        div()
            .id(("file-place", index))
            .px(space::XS)
            .on_drag(dragged, |dragged, _, _, cx| cx.new(|_| dragged.clone()))
            .drag_over::<ExternalPaths>(move |style, _, _, _| style.bg(over))
            .on_drop(cx.listener(move |tree, files: &ExternalPaths, window, cx| {
                tree.copy_in(files.paths(), folder.clone(), window, cx);
            }))
            .child(line)
            .into_any_element()
    }

    fn render_edit(&self, depth: usize, cx: &mut Context<Self>) -> Option<AnyElement> {
        let edit = self.edit.as_ref()?;
        let theme = cx.kiln_theme();
        let icon = match &edit.purpose {
            Purpose::NewFolder(_) => IconName::Folder.into(),
            Purpose::NewFile(_) => IconName::File.into(),
            Purpose::Rename(path) => match self.tree.position(path) {
                Some(index) if self.tree_rows()[index].is_dir => IconName::Folder.into(),
                _ => icons::file_icon(path),
            },
        };
        let border = if edit.problem.is_some() {
            theme.error
        } else {
            theme.border_focused
        };
        Some(
            row()
                .w_full()
                .px(space::XS)
                .h(height::ROW)
                .child(
                    row()
                        .w_full()
                        .h_full()
                        .pl(space::M)
                        .gap(space::S)
                        .child(guides(depth, theme.indent_guide))
                        .child(div().flex_none().w(icon_size::SMALL))
                        .child(icons::icon(icon, theme.text_muted))
                        .child(
                            div()
                                .relative()
                                .flex_1()
                                .min_w_0()
                                .text_small()
                                .border_1()
                                .border_color(border)
                                .rounded(scaled(3.))
                                .bg(theme.input_background)
                                .child(
                                    Input::new(&edit.input)
                                        .id("file-name")
                                        .aria_label("Name")
                                        .appearance(false)
                                        .xsmall(),
                                )
                                // Over the rows below, where the eyes are.
                                .children(edit.problem.clone().map(|problem| {
                                    deferred(
                                        div()
                                            .absolute()
                                            .top(height::ROW)
                                            .left(px(-1.))
                                            .right(px(-1.))
                                            .px(space::S)
                                            .py(space::XS)
                                            .bg(theme.elevated)
                                            .border_1()
                                            .border_color(theme.error)
                                            .rounded(scaled(3.))
                                            .text_small()
                                            .text_color(theme.error)
                                            .child(problem),
                                    )
                                })),
                        ),
                )
                .into_any_element(),
        )
    }
}

/// The vertical lines that lead from a row up to its folders.
fn guides(depth: usize, color: Hsla) -> impl IntoElement {
    row()
        .flex_none()
        .h_full()
        .children((0..depth).map(move |_| {
            div()
                .w(scaled(INDENT))
                .h(height::ROW)
                .child(div().ml(scaled(5.)).w(px(1.)).h_full().bg(color))
        }))
}

fn change_color(change: FileStatus, cx: &gpui_kit::App) -> Hsla {
    let theme = cx.kiln_theme();
    match change {
        FileStatus::Added | FileStatus::Untracked => theme.added,
        FileStatus::Modified => theme.modified,
        FileStatus::Deleted => theme.removed,
        FileStatus::Conflicted => theme.error,
        FileStatus::Ignored => theme.text_faint,
    }
}

impl Render for FileTree {
    fn render(&mut self, _: &mut Window, cx: &mut Context<Self>) -> impl IntoElement {
        let content = if !self.has_folder {
            EmptyState::new(IconName::FolderOpen, "No folder is open")
                .body("Open a project folder to see its files here.")
                .action(
                    Button::new("files-open-folder", "Open Folder\u{2026}")
                        .command("workspace.openFolder"),
                )
                .into_any_element()
        } else if let Some(trouble) = &self.trouble {
            match trouble {
                FsError::NotFound { .. } => {
                    EmptyState::new(IconName::FolderX, "This folder is gone")
                        .body("It was deleted or moved. Its files show here again once it is back.")
                }
                other => EmptyState::new(IconName::FolderX, "This folder cannot be listed")
                    .body(other.to_string()),
            }
            .into_any_element()
        } else if self.tree.is_loaded() && self.shown_count() == 0 {
            EmptyState::new(IconName::FolderPlus, "This folder is empty")
                .body("Make the first file, or ask the agent to.")
                .action(
                    Button::new("files-first-file", "New File")
                        .command("files.newFile")
                        .on_click(cx.listener(|this, _, window, cx| {
                            this.new_entry(false, window, cx);
                        })),
                )
                .into_any_element()
        } else {
            uniform_list(
                "file-rows",
                self.shown_count(),
                cx.processor(|this, range: Range<usize>, window, cx| {
                    this.render_rows(range, window, cx)
                }),
            )
            .track_scroll(&self.scroll)
            .size_full()
            .py(space::XS)
            .into_any_element()
        };
        let copying = self.render_copying(cx);
        let tree = div()
            .id("file-tree")
            .role(Role::Tree)
            .aria_label("Files")
            .track_focus(&self.focus)
            .key_context("FileTree")
            .relative()
            .flex_1()
            .min_h_0()
            .w_full()
            .when(!self.copying.is_empty(), |this| {
                this.on_action(cx.listener(|this, _: &CancelCopying, _, cx| {
                    this.cancel_copying(cx);
                }))
            })
            .on_action(cx.listener(|this, _: &SelectNext, _, cx| this.step(Step::Next, cx)))
            .on_action(cx.listener(|this, _: &SelectPrevious, _, cx| this.step(Step::Previous, cx)))
            .on_action(cx.listener(|this, _: &SelectFirst, _, cx| this.step(Step::First, cx)))
            .on_action(cx.listener(|this, _: &SelectLast, _, cx| this.step(Step::Last, cx)))
            .on_action(cx.listener(|this, _: &Expand, _, cx| this.expand_selected(cx)))
            .on_action(cx.listener(|this, _: &Collapse, _, cx| this.collapse_selected(cx)))
            .on_action(cx.listener(|this, _: &Open, window, cx| {
                this.open_selected(Opens::Editor, window, cx);
            }))
            .on_action(cx.listener(|this, _: &Preview, window, cx| {
                this.open_selected(Opens::Preview, window, cx);
            }))
            .on_action(
                cx.listener(|this, _: &NewFile, window, cx| this.new_entry(false, window, cx)),
            )
            .on_action(
                cx.listener(|this, _: &NewFolder, window, cx| this.new_entry(true, window, cx)),
            )
            .on_action(cx.listener(|this, _: &Rename, window, cx| this.rename_selected(window, cx)))
            .on_action(cx.listener(|this, _: &Delete, window, cx| this.delete_selected(window, cx)))
            .on_action(cx.listener(|this, _: &CancelEdit, window, cx| this.cancel_edit(window, cx)))
            .on_action(cx.listener(|this, _: &CollapseAll, _, cx| {
                this.tree.collapse_all();
                this.watch_shown(cx);
                cx.notify();
            }))
            .on_mouse_down(
                MouseButton::Right,
                cx.listener(|this, event: &MouseDownEvent, window, cx| {
                    if this.has_folder {
                        this.selected = None;
                        this.show_menu(event.position, window, cx);
                    }
                }),
            )
            .on_drop(cx.listener(|tree, files: &ExternalPaths, window, cx| {
                let root = tree.tree.root().to_path_buf();
                tree.copy_in(files.paths(), root, window, cx);
            }))
            .child(content)
            .vertical_scrollbar(&self.scroll);
        column().size_full().child(tree).children(copying)
    }
}
