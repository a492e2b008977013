//! How completions are shown: a list below the word, and beside it what is known of the selected one.

use gpui_kit::base::TestSupportExt as _;
use gpui_kit::prelude::*;
use gpui_kit::{
    AnyElement, Context, FontWeight, HighlightStyle, Hsla, Pixels, Rems, Role, ScrollEvent,
    SharedString, StyledText, Window, deferred, div, px,
};
use lsp::CompletionKind;
use ui::tokens::{radius, scaled, space};
use ui::{ActiveKilnTheme as _, IconName, KilnTheme, icons, markdown};

use super::matching::positions_in_label;
use super::state::{Completing, Menu, ROWS};
use crate::floating::floating;
use crate::hover::follow_web;
use crate::popover::{Popover, Side};
use crate::view::EditorView;

/// A detail of more bytes is shown beside the list too.
pub(super) const SHORT_DETAIL: usize = 40;
/// The height of a row.
const ROW: Rems = scaled(24.);
/// The width of the list, and of what is beside it.
const LIST_MIN: f32 = 220.;
const LIST_MAX: f32 = 540.;
const ASIDE_MAX: Rems = scaled(420.);
/// For more characters of what is told beside a label the list is not widened.
const MOST_BESIDE: usize = 48;
/// About how wide a character of a row is.
const CHARACTER: f32 = 7.8;

/// The icon of a kind, and the capture whose colour it has.
fn kind_icon(kind: CompletionKind) -> (IconName, &'static str) {
    match kind {
        CompletionKind::Text => (IconName::CaseSensitive, "string"),
        CompletionKind::Method => (IconName::Box, "function.method"),
        CompletionKind::Function | CompletionKind::Constructor => {
            (IconName::SquareFunction, "function")
        }
        CompletionKind::Field | CompletionKind::Property => (IconName::Braces, "property"),
        CompletionKind::Variable => (IconName::Variable, "variable"),
        CompletionKind::Class | CompletionKind::Struct => (IconName::Boxes, "type"),
        CompletionKind::Interface => (IconName::Component, "type"),
        CompletionKind::Module => (IconName::Package, "namespace"),
        CompletionKind::Unit => (IconName::Ruler, "number"),
        CompletionKind::Value => (IconName::Hash, "number"),
        CompletionKind::Enum => (IconName::List, "type"),
        CompletionKind::Keyword => (IconName::Key, "keyword"),
        CompletionKind::Snippet => (IconName::Scissors, "string"),
        CompletionKind::Color => (IconName::Palette, "string"),
        CompletionKind::File => (IconName::File, "string"),
        CompletionKind::Reference => (IconName::Link, "string"),
        CompletionKind::Folder => (IconName::Folder, "string"),
        CompletionKind::EnumMember => (IconName::Tag, "constant"),
        CompletionKind::Constant => (IconName::Pi, "constant"),
        CompletionKind::Event => (IconName::Zap, "function"),
        CompletionKind::Operator => (IconName::Plus, "operator"),
        CompletionKind::TypeParameter => (IconName::Type, "type"),
    }
}

/// The word for a kind, for assistive technology.
fn kind_word(kind: CompletionKind) -> &'static str {
    match kind {
        CompletionKind::Text => "text",
        CompletionKind::Method => "method",
        CompletionKind::Function => "function",
        CompletionKind::Constructor => "constructor",
        CompletionKind::Field => "field",
        CompletionKind::Variable => "variable",
        CompletionKind::Class => "class",
        CompletionKind::Interface => "interface",
        CompletionKind::Module => "module",
        CompletionKind::Property => "property",
        CompletionKind::Unit => "unit",
        CompletionKind::Value => "value",
        CompletionKind::Enum => "enumeration",
        CompletionKind::Keyword => "keyword",
        CompletionKind::Snippet => "snippet",
        CompletionKind::Color => "colour",
        CompletionKind::File => "file",
        CompletionKind::Reference => "reference",
        CompletionKind::Folder => "folder",
        CompletionKind::EnumMember => "member of an enumeration",
        CompletionKind::Constant => "constant",
        CompletionKind::Struct => "struct",
        CompletionKind::Event => "event",
        CompletionKind::Operator => "operator",
        CompletionKind::TypeParameter => "type parameter",
    }
}

/// A row of the list, ready to be drawn.
#[derive(Clone)]
struct Row {
    index: usize,
    kind: CompletionKind,
    label: SharedString,
    /// The bytes of the label that match what was typed.
    matched: Vec<std::ops::Range<usize>>,
    detail: SharedString,
    description: SharedString,
    deprecated: bool,
    selected: bool,
}

impl Row {
    fn new(menu: &Menu, row: usize) -> Option<Self> {
        let one = menu.matches.get(row)?;
        let item = menu.list.items.get(one.index)?;
        let positions = positions_in_label(menu.word_of(item), item);
        let bytes = item.label.char_indices().enumerate();
        let matched = bytes.filter(|(place, _)| positions.binary_search(place).is_ok());
        let selected = row == menu.selected;
        let described = menu
            .details(one.index)
            .and_then(|known| known.detail.clone());
        let description = item.description.clone().or(described.filter(|_| selected));
        Some(Self {
            index: row,
            kind: item.kind,
            label: shared(&item.label),
            matched: matched
                .map(|(_, (at, character))| at..at + character.len_utf8())
                .collect(),
            detail: item.label_detail.as_deref().map(shared).unwrap_or_default(),
            description: description.as_deref().map(one_line).unwrap_or_default(),
            deprecated: item.deprecated,
            selected,
        })
    }

    /// About how many characters wide it is, with what is known of it by now.
    fn width(menu: &Menu, index: usize) -> Option<usize> {
        let item = menu.list.items.get(index)?;
        let known = menu
            .details(index)
            .and_then(|known| known.detail.as_deref());
        let beside =
            |text: Option<&str>| text.map_or(0, |text| text.chars().take(MOST_BESIDE).count() + 2);
        Some(
            item.label.chars().count()
                + beside(item.label_detail.as_deref())
                + beside(item.description.as_deref().or(known)),
        )
    }

    fn draw(self, theme: &KilnTheme, cx: &mut Context<EditorView>) -> AnyElement {
        let (icon, capture) = kind_icon(self.kind);
        let tint = theme
            .syntax_style(capture)
            .color
            .unwrap_or(theme.text_muted);
        let spoken = match self.deprecated {
            true => format!("{}, {}, deprecated", self.label, kind_word(self.kind)),
            false => format!("{}, {}", self.label, kind_word(self.kind)),
        };
        let strong = HighlightStyle {
            color: Some(theme.accent),
            font_weight: Some(FontWeight::BOLD),
            ..HighlightStyle::default()
        };
        let highlights = self.matched.into_iter().map(|range| (range, strong));
        let label = StyledText::new(self.label).with_highlights(highlights);
        let index = self.index;
        div()
            .id(("completion", index))
            .test_support()
            .role(Role::ListBoxOption)
            .aria_label(spoken)
            .aria_selected(self.selected)
            .flex()
            .items_center()
            .gap(space::S)
            .h(ROW)
            .px(space::S)
            .rounded(radius::SMALL)
            .when(self.selected, |this| this.bg(theme.active))
            .when(!self.selected, |this| {
                let hover: Hsla = theme.hover;
                this.hover(move |style| style.bg(hover))
            })
            .on_click(cx.listener(move |view, _, window, cx| view.accept_row(index, window, cx)))
            .child(icons::icon(icon, tint).flex_none())
            .child(
                div()
                    .flex_none()
                    .max_w_full()
                    .truncate()
                    .text_color(theme.text)
                    .when(self.deprecated, |this| {
                        this.line_through().text_color(theme.text_muted)
                    })
                    .child(label),
            )
            .child(
                div()
                    .flex_1()
                    .min_w_0()
                    .truncate()
                    .text_color(theme.text_muted)
                    .child(self.detail),
            )
            .child(
                div()
                    .min_w_0()
                    .truncate()
                    .pl(space::M)
                    .text_color(theme.text_muted)
                    .child(self.description),
            )
            .into_any_element()
    }
}

fn shared(text: &str) -> SharedString {
    SharedString::from(text.to_owned())
}

fn one_line(text: &str) -> SharedString {
    SharedString::from(text.replace('\n', " "))
}

impl EditorView {
    pub(crate) fn render_completions(
        &mut self,
        window: &Window,
        cx: &mut Context<Self>,
    ) -> Option<AnyElement> {
        // Whoever types elsewhere has no use for it.
        if !self.focus.is_focused(window) {
            self.completing = Completing::default();
        }
        let menu = self.completing.menu.as_ref()?;
        let theme = cx.kiln_theme().clone();
        let first = menu.matches.iter().take(200);
        let widest = first.filter_map(|one| Row::width(menu, one.index));
        let widest = widest.max().unwrap_or(0) as f32 * CHARACTER + 48.;
        let width: Rems = scaled_width(widest);
        let rows: Vec<_> = menu
            .in_sight()
            .filter_map(|row| Row::new(menu, row))
            .collect();
        let count = menu.matches.len();
        let thumb = (count > ROWS).then(|| {
            let all = count as f32;
            (menu.first as f32 / all, ROWS as f32 / all)
        });
        let rows: Vec<_> = rows.into_iter().map(|row| row.draw(&theme, cx)).collect();
        let label: SharedString = match count {
            1 => "1 suggestion".into(),
            _ => format!("{count} suggestions").into(),
        };
        let row_height = ROW.to_pixels(window.rem_size());
        let scrolled = cx.listener(move |view: &mut EditorView, event: &ScrollEvent, _, cx| {
            let rows = event.delta.pixel_delta(row_height).y / row_height;
            if let Some(menu) = &mut view.completing.menu {
                menu.scroll(-rows.round() as isize);
                cx.notify();
            }
            cx.stop_propagation();
        });
        let height = row_height * rows.len() as f32;
        let anchor = self.selections.primary().head;
        let anchor = menu.anchor.min(anchor)..anchor;
        let list_theme = theme.clone();
        let popover = Popover::new(
            cx.entity(),
            anchor,
            Side::Below,
            scaled(LIST_MAX),
            menu.placed.clone(),
            move |max, window, _| {
                let width = width.to_pixels(window.rem_size()).min(max.width);
                floating(&list_theme)
                    .id("completions")
                    .test_support()
                    .role(Role::ListBox)
                    .aria_label(label)
                    .relative()
                    .flex_col()
                    .p(space::XXS)
                    .w(width)
                    .max_h(max.height)
                    .overflow_hidden()
                    .on_scroll(scrolled)
                    .children(rows)
                    .children(thumb.map(|(top, size)| scroll_thumb(top, size, height, &list_theme)))
                    .into_any_element()
            },
        );
        let document = menu.document.as_ref().filter(|(index, _)| {
            menu.selected_item()
                .is_some_and(|(selected, _)| selected == *index)
        });
        let popover = match document.map(|(_, document)| document.clone()) {
            None => popover,
            Some(document) => popover.beside(ASIDE_MAX, move |max, _, cx| {
                floating(&theme)
                    .id("completion-documentation")
                    .test_support()
                    .role(Role::Tooltip)
                    .flex_col()
                    .px(space::M)
                    .py(space::S)
                    .max_w(max.width)
                    .max_h(max.height.min(px(320.)))
                    .overflow_y_scroll()
                    .text_color(theme.text)
                    .child(markdown::documentation(&document, follow_web, cx))
                    .into_any_element()
            }),
        };
        Some(deferred(popover).into_any_element())
    }
}

/// A width of so many pixels at the usual size, within what a list may have.
fn scaled_width(pixels: f32) -> Rems {
    scaled(pixels.clamp(LIST_MIN, LIST_MAX))
}

/// Where in the list the rows in sight are.
fn scroll_thumb(top: f32, size: f32, height: Pixels, theme: &KilnTheme) -> AnyElement {
    div()
        .absolute()
        .right(px(2.))
        .top(px(2.) + height * top)
        .w(px(3.))
        .h((height * size).max(px(12.)))
        .rounded_full()
        .bg(theme.text_faint.opacity(0.5))
        .into_any_element()
}
