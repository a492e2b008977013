//! The bar below the tabs that says where the caret is: folders, file, symbols. Each part lists
//! what stands beside it.

use std::cell::Cell;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use gpui_kit::base::TestSupportExt as _;
use gpui_kit::prelude::*;
use gpui_kit::{
    AnyElement, App, Bounds, Context, Pixels, Rems, Role, SharedString, StyleRefinement, Window,
    div, point,
};
use syntax::SymbolKind;
use ui::icons::Glyph;
use ui::tokens::{icon_size, radius, scaled, space};
use ui::widgets::{LeavesKeyboard as _, row, text_tooltip, watch_bounds};
use ui::{
    ActiveKilnTheme as _, ActiveSettings as _, IconName, ItemHandle, Typography as _, ViewPart,
    icons, zoom,
};

use crate::editor_area::EditorArea;
use crate::folder_picker::FolderPicker;
use crate::modal::Placement;
use crate::picker::Picker;
use crate::symbol_picker::{SymbolList, SymbolPicker};

/// Height of the bar.
const HEIGHT: Rems = scaled(24.);

/// The widest that a part is drawn; as all widths here, in pixels at zoom level 0.
const WIDEST: f32 = 240.;

/// About how wide a letter of a part is, to work out how many parts fit.
const LETTER: f32 = 6.6;

/// What a part takes besides its letters: icon, chevron and spaces.
const AROUND: f32 = 38.;

/// What the mark of hidden parts takes.
const ELLIPSIS: f32 = 36.;

/// A part of the bar.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Crumb {
    name: SharedString,
    of: CrumbOf,
}

/// What a part stands for.
#[derive(Clone, Debug, PartialEq)]
enum CrumbOf {
    Folder(PathBuf),
    File(PathBuf),
    /// A symbol by its place in the outline.
    Symbol(usize, SymbolKind),
}

impl Crumb {
    /// The parts for an item in a window on the folder `root`; none where it has no file.
    fn all(item: &dyn ItemHandle, root: &Path, cx: &App) -> Vec<Self> {
        let Some(path) = item.path(cx) else {
            return Vec::new();
        };
        let mut crumbs = of_path(&path, root);
        if let Some(outlined) = item.outline(cx) {
            let symbols = outlined.outline.symbols();
            crumbs.extend(
                outlined
                    .outline
                    .around(outlined.caret)
                    .into_iter()
                    .map(|place| Self {
                        name: symbols[place].name.clone().into(),
                        of: CrumbOf::Symbol(place, symbols[place].kind),
                    }),
            );
        }
        crumbs
    }

    fn icon(&self) -> Glyph {
        match &self.of {
            CrumbOf::Folder(_) => IconName::Folder.into(),
            CrumbOf::File(path) => icons::file_icon(path),
            CrumbOf::Symbol(_, kind) => icons::symbol_icon(*kind).into(),
        }
    }

    /// What assistive technology reads.
    fn label(&self) -> SharedString {
        let word = match &self.of {
            CrumbOf::Folder(_) => "folder",
            CrumbOf::File(_) => "file",
            CrumbOf::Symbol(_, kind) => kind.word(),
        };
        format!("{}, {word}", self.name).into()
    }

    fn tooltip(&self) -> SharedString {
        match &self.of {
            CrumbOf::Folder(path) | CrumbOf::File(path) => path.display().to_string().into(),
            CrumbOf::Symbol(..) => self.label(),
        }
    }

    /// About how wide the part is drawn.
    fn width(&self) -> f32 {
        (self.name.chars().count() as f32 * LETTER + AROUND).min(WIDEST)
    }
}

/// The folders of a path below `root`, or all of them, and its file.
fn of_path(path: &Path, root: &Path) -> Vec<Crumb> {
    let (mut folder, inside) = match path.strip_prefix(root) {
        Ok(inside) => (root.to_path_buf(), inside),
        Err(_) => (PathBuf::new(), path),
    };
    let mut crumbs: Vec<Crumb> = Vec::new();
    for part in inside.components() {
        folder.push(part);
        crumbs.push(Crumb {
            name: part.as_os_str().to_string_lossy().into_owned().into(),
            of: CrumbOf::Folder(folder.clone()),
        });
    }
    if let Some(file) = crumbs.last_mut() {
        file.of = CrumbOf::File(path.to_path_buf());
    }
    crumbs
}

/// Which parts are left out in the middle, so that the rest fits: never the first or the last one.
fn left_out(widths: &[f32], room: f32) -> Range<usize> {
    let mut taken: f32 = widths.iter().sum();
    let mut end = 1;
    while taken > room && end + 1 < widths.len() {
        taken -= widths[end];
        if end == 1 {
            taken += ELLIPSIS;
        }
        end += 1;
    }
    1..end
}

/// What the bar of a group shows.
#[derive(PartialEq)]
pub(crate) struct BreadcrumbsShown {
    /// What tells the group apart, and its place.
    id: u64,
    group: usize,
    crumbs: Vec<Crumb>,
    /// Their icons: that of a file goes by the settings.
    icons: Vec<Glyph>,
    /// The parts that are left out.
    hidden: Range<usize>,
}

/// Where the bar of a group was drawn last.
#[derive(Clone, Debug, Default)]
pub(crate) struct CrumbBar(Rc<Cell<Bounds<Pixels>>>);

impl CrumbBar {
    /// Notices where the bar is drawn, and has it drawn again where its width changed.
    fn watch(&self) -> impl IntoElement {
        let known = self.0.clone();
        watch_bounds(move |bounds| known.replace(bounds).size.width != bounds.size.width)
    }

    /// How much room the bar has for its parts, in pixels at zoom level 0.
    fn room(&self, cx: &App) -> f32 {
        let inside = self.0.get().size.width - zoom::pixels(space::L, cx) * 2.;
        f32::from(inside) / zoom::window_factor(cx)
    }

    /// Where the list of a part opens: below the bar, at its left edge and `along` it.
    fn below(&self, along: Pixels) -> Placement {
        let bounds = self.0.get();
        Placement::At(point(
            bounds.left() + along.min(bounds.size.width),
            bounds.bottom(),
        ))
    }
}

impl EditorArea {
    /// The bar of a group with what it shows now; nothing where the settings want none or the item
    /// has no file.
    pub(crate) fn breadcrumbs(
        &self,
        group: usize,
        window: &Window,
        cx: &mut Context<Self>,
    ) -> Option<AnyElement> {
        if !cx.kiln_settings().editor.breadcrumbs {
            return None;
        }
        let (bar, crumbs) = self.crumbs(group, cx)?;
        let part = self.breadcrumbs_part(group)?;
        let room = bar.room(cx);
        let widths: Vec<f32> = crumbs.iter().map(Crumb::width).collect();
        let shown = BreadcrumbsShown {
            id: self.group_id(group)?,
            group,
            icons: crumbs.iter().map(Crumb::icon).collect(),
            crumbs,
            hidden: match room > 0. {
                true => left_out(&widths, room),
                false => 1..1,
            },
        };
        let place = StyleRefinement::default().flex_none().w_full().h(HEIGHT);
        Some(ViewPart::show(part, shown, place, window, cx))
    }

    /// The bar of a group and its parts; nothing where there are none.
    fn crumbs(&self, group: usize, cx: &App) -> Option<(CrumbBar, Vec<Crumb>)> {
        let (item, bar) = self.item_and_bar(group)?;
        let crumbs = Crumb::all(item, self.root(cx), cx);
        (!crumbs.is_empty()).then_some((bar, crumbs))
    }

    /// Lists what is in a folder, beside a file, or beside a symbol.
    fn list_beside(
        &mut self,
        group: usize,
        index: usize,
        crumb: &Crumb,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let Some((bar, crumbs)) = self.crumbs(group, cx) else {
            return;
        };
        // Parts are left out of the middle, so the way there is no longer than what is shown.
        let widths: Vec<f32> = crumbs.iter().map(Crumb::width).collect();
        let hidden = left_out(&widths, bar.room(cx));
        let shown = (0..index.min(crumbs.len())).filter(|index| !hidden.contains(index));
        let mut along: f32 = shown.map(|index| widths[index]).sum();
        if !hidden.is_empty() && index >= hidden.end {
            along += ELLIPSIS;
        }
        let placement = bar.below(zoom::pixels(scaled(along), cx) + zoom::pixels(space::M, cx));
        match &crumb.of {
            CrumbOf::Folder(folder) => {
                let next = crumbs.get(index + 1).map(|next| &next.of);
                let here = match next {
                    Some(CrumbOf::Folder(path) | CrumbOf::File(path)) => path.clone(),
                    _ => folder.clone(),
                };
                self.show_folder(folder, &here, placement, window, cx);
            }
            CrumbOf::File(file) => {
                let folder = file.parent().unwrap_or(file).to_path_buf();
                self.show_folder(&folder, file, placement, window, cx);
            }
            CrumbOf::Symbol(place, _) => {
                let item = self.item_and_bar(group).map(|(item, _)| item);
                let list = item.and_then(|item| SymbolList::beside(item, *place, window, cx));
                if let Some(list) = list {
                    self.show_symbols(list, placement, window, cx);
                }
            }
        }
    }

    fn show_folder(
        &self,
        folder: &Path,
        here: &Path,
        placement: Placement,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let (model, modals) = self.model_and_modals();
        FolderPicker::show(folder, here, model, modals, placement, window, cx);
    }

    fn show_symbols(
        &self,
        list: SymbolList,
        placement: Placement,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let width = match placement {
            Placement::At(_) => scaled(360.),
            _ => scaled(600.),
        };
        let picker =
            cx.new(|cx| Picker::new(SymbolPicker::new(list), window, cx).with_width(width));
        let (_, modals) = self.model_and_modals();
        modals.update(cx, |modals, cx| modals.show(picker, placement, window, cx));
    }

    /// Lists what stands beside the last part of the active group's bar.
    pub(crate) fn select_breadcrumb(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let group = self.active_group();
        let Some((_, crumbs)) = self.crumbs(group, cx) else {
            return;
        };
        if let Some(last) = crumbs.last() {
            self.list_beside(group, crumbs.len() - 1, last, window, cx);
        }
    }

    /// The symbols of the active item.
    pub(crate) fn symbols(&self, window: &Window, cx: &App) -> Option<SymbolList> {
        SymbolList::all(self.active_item()?, window, cx)
    }

    /// Lists the symbols of the active item.
    pub(crate) fn go_to_symbol(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        if let Some(list) = self.symbols(window, cx) {
            self.show_symbols(list, Placement::Top, window, cx);
        }
    }
}

impl BreadcrumbsShown {
    /// Draws the bar.
    pub(crate) fn render(&self, bar: &CrumbBar, cx: &mut Context<EditorArea>) -> AnyElement {
        let hidden = &self.hidden;
        let theme = **cx.kiln_theme();
        let mut parts = Vec::new();
        for (index, crumb) in self.crumbs.iter().enumerate() {
            if hidden.contains(&index) && index > hidden.start {
                continue;
            }
            if index > 0 {
                parts.push(
                    icons::sized_icon(IconName::ChevronRight, icon_size::SMALL, theme.text_faint)
                        .into_any_element(),
                );
            }
            parts.push(if hidden.contains(&index) {
                self.render_hidden(cx)
            } else {
                self.render_crumb(index, crumb, cx)
            });
        }
        row()
            .id(("breadcrumbs", self.id))
            .test_support()
            .role(Role::Navigation)
            .aria_label("Breadcrumbs")
            .relative()
            .size_full()
            .px(space::L)
            .gap(space::XXS)
            .overflow_hidden()
            .bg(theme.editor_background)
            .text_small()
            .text_color(theme.text_muted)
            .child(bar.watch())
            .children(parts)
            .into_any_element()
    }

    fn render_crumb(
        &self,
        index: usize,
        crumb: &Crumb,
        cx: &mut Context<EditorArea>,
    ) -> AnyElement {
        let theme = **cx.kiln_theme();
        let (id, group) = (self.id, self.group);
        let last = index + 1 == self.crumbs.len();
        let with_icon = !matches!(crumb.of, CrumbOf::Folder(_));
        let chosen = crumb.clone();
        row()
            .id(SharedString::from(format!("crumb-{id}-{index}")))
            .test_support()
            .role(Role::Button)
            .aria_label(crumb.label())
            .when(last, |this| this.min_w(scaled(40.)))
            .when(!last, |this| this.flex_none())
            .max_w(scaled(WIDEST))
            .h(scaled(20.))
            .px(space::XS)
            .gap(space::XS)
            .rounded(radius::SMALL)
            .when(last, |this| this.text_color(theme.text))
            .tab_index(0)
            .leaves_keyboard()
            .hover(move |style| style.bg(theme.hover).text_color(theme.text))
            .focus_visible(move |style| style.bg(theme.hover).text_color(theme.text))
            .tooltip(text_tooltip(crumb.tooltip()))
            .on_click(cx.listener(move |area, _, window, cx| {
                area.list_beside(group, index, &chosen, window, cx);
            }))
            .when(with_icon, |this| {
                this.child(icons::sized_icon(
                    crumb.icon(),
                    icon_size::SMALL,
                    theme.text_muted,
                ))
            })
            .child(div().min_w_0().truncate().child(crumb.name.clone()))
            .into_any_element()
    }

    /// The mark of the parts that have no room; it lists what stands beside the first of them.
    fn render_hidden(&self, cx: &mut Context<EditorArea>) -> AnyElement {
        let theme = **cx.kiln_theme();
        let (id, group) = (self.id, self.group);
        let hidden = &self.crumbs[self.hidden.clone()];
        let names: Vec<_> = hidden.iter().map(|crumb| crumb.name.to_string()).collect();
        let names = names.join(" \u{203a} ");
        let chosen = hidden.last().cloned();
        let index = hidden.len();
        row()
            .id(("crumbs-left-out", id))
            .test_support()
            .role(Role::Button)
            .aria_label(SharedString::from(format!("Left out: {names}")))
            .flex_none()
            .h(scaled(20.))
            .px(space::XS)
            .rounded(radius::SMALL)
            .tab_index(0)
            .leaves_keyboard()
            .hover(move |style| style.bg(theme.hover).text_color(theme.text))
            .focus_visible(move |style| style.bg(theme.hover).text_color(theme.text))
            .tooltip(text_tooltip(names))
            .on_click(cx.listener(move |area, _, window, cx| {
                if let Some(chosen) = &chosen {
                    area.list_beside(group, index, chosen, window, cx);
                }
            }))
            .child(icons::sized_icon(
                IconName::Ellipsis,
                icon_size::SMALL,
                theme.text_muted,
            ))
            .into_any_element()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_told_from_the_folder_of_the_window_on() {
        let names = |path: &str| -> Vec<String> {
            let crumbs = of_path(Path::new(path), Path::new("/work/kiln"));
            crumbs
                .iter()
                .map(|crumb| crumb.label().to_string())
                .collect()
        };
        assert_eq!(names("/work/kiln/src/a.rs"), ["src, folder", "a.rs, file"]);
        assert_eq!(
            names("/etc/hosts"),
            ["/, folder", "etc, folder", "hosts, file"]
        );
    }

    #[test]
    fn the_middle_gives_way_first() {
        let widths = [100., 100., 100., 100.];
        assert!(left_out(&widths, 400.).is_empty());
        assert_eq!(left_out(&widths, 399.), 1..2);
        assert_eq!(left_out(&widths, 250.), 1..3);
        assert_eq!(left_out(&widths, 10.), 1..3, "the ends stay");
        assert!(left_out(&[100.], 10.).is_empty());
        assert!(left_out(&[], 10.).is_empty());
    }
}
