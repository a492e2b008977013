//! Go to Symbol: what a file is made of, by name. The chosen place is shown while choosing.

use std::sync::Arc;

use gpui_kit::prelude::*;
use gpui_kit::{AnyElement, AnyWindowHandle, App, Context, SharedString, Window, div};
use syntax::{Outline, Symbol};
use ui::tokens::space;
use ui::widgets::row;
use ui::{ActiveKilnTheme as _, ItemHandle, Typography as _, icons};
use workspace::ViewState;

use crate::fuzzy::{self, Match};
use crate::picker::{Picker, PickerDelegate, highlighted};

/// The most rows that are shown.
const MAX_ROWS: usize = 1000;

/// Symbols of an item, those that match what is typed, and how the item was left.
pub struct SymbolList {
    item: Box<dyn ItemHandle>,
    window: AnyWindowHandle,
    outline: Arc<Outline>,
    /// Those that are offered, by their place in the outline.
    places: Vec<usize>,
    /// The one of them that the caret is in.
    here: usize,
    /// How deep the shallowest of them stands.
    depth: usize,
    before: Option<ViewState>,
    query: String,
    matches: Vec<Match>,
}

impl SymbolList {
    /// Every symbol of an item; nothing where it has none to speak of.
    pub fn all(item: &dyn ItemHandle, window: &Window, cx: &App) -> Option<Self> {
        let outlined = item.outline(cx)?;
        let places = (0..outlined.outline.symbols().len()).collect();
        let here = outlined.outline.around(outlined.caret).last().copied();
        Some(Self::new(item, outlined.outline, places, here, window, cx))
    }

    /// The symbols beside one of an item.
    pub fn beside(item: &dyn ItemHandle, place: usize, window: &Window, cx: &App) -> Option<Self> {
        let outline = item.outline(cx)?.outline;
        let places = outline.siblings(place);
        Some(Self::new(item, outline, places, Some(place), window, cx))
    }

    fn new(
        item: &dyn ItemHandle,
        outline: Arc<Outline>,
        places: Vec<usize>,
        here: Option<usize>,
        window: &Window,
        cx: &App,
    ) -> Self {
        let here = here.and_then(|here| places.binary_search(&here).ok());
        let mut list = Self {
            item: item.boxed_clone(),
            window: window.window_handle(),
            here: here.unwrap_or(0),
            depth: places.first().map_or(0, |place| outline.depth(*place)),
            before: item.view_state(cx),
            outline,
            places,
            query: String::new(),
            matches: Vec::new(),
        };
        list.search("");
        list
    }

    fn symbol(&self, row: usize) -> Option<(usize, &Symbol)> {
        let place = *self.places.get(self.matches.get(row)?.index)?;
        Some((place, self.outline.symbols().get(place)?))
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.matches.len()
    }

    /// The row of the symbol that the caret is in, while nothing is typed.
    pub fn here(&self) -> usize {
        self.here
    }

    /// Finds the rows for what is typed.
    pub fn search(&mut self, query: &str) {
        query.clone_into(&mut self.query);
        let symbols = self.outline.symbols();
        let names = self.places.iter().map(|place| &*symbols[*place].name);
        self.matches = fuzzy::find(query, names, MAX_ROWS);
    }

    /// What is shown where nothing matches.
    pub fn nothing(&self) -> SharedString {
        if self.places.is_empty() {
            return "This file has no symbols.".into();
        }
        format!("No symbol matches \u{201c}{}\u{201d}.", self.query).into()
    }

    /// A row's accessible name: "parse, function".
    pub fn label(&self, row: usize) -> SharedString {
        let label = self
            .symbol(row)
            .map(|(_, symbol)| format!("{}, {}", symbol.name, symbol.kind.word()));
        label.unwrap_or_default().into()
    }

    /// A row, indented by what the symbol stands in while nothing is typed.
    pub fn row(&self, index: usize, cx: &App) -> AnyElement {
        let Some((place, symbol)) = self.symbol(index) else {
            return div().into_any_element();
        };
        let theme = cx.kiln_theme();
        let depth = match self.query.is_empty() {
            true => self.outline.depth(place).saturating_sub(self.depth),
            false => 0,
        };
        let positions = fuzzy::positions(&self.query, &symbol.name);
        row()
            .w_full()
            .gap(space::M)
            .pl(space::XL * depth.min(12) as f32)
            .child(icons::icon(
                icons::symbol_icon(symbol.kind),
                theme.text_muted,
            ))
            .child(div().flex_1().min_w_0().truncate().child(highlighted(
                &symbol.name,
                &positions,
                cx,
            )))
            .child(
                div()
                    .flex_none()
                    .text_caption()
                    .text_color(theme.text_muted)
                    .child(symbol.kind.word()),
            )
            .into_any_element()
    }

    /// Shows a row's symbol in the item.
    pub fn reveal(&self, row: usize, window: &mut Window, cx: &mut App) {
        if let Some((_, symbol)) = self.symbol(row) {
            let offset = symbol.name_range.start;
            self.item.reveal_offset(offset, window, cx);
        }
    }

    /// Shows the item as it was before, once what is going on is done.
    pub fn go_back(&mut self, cx: &mut App) {
        let Some(before) = self.before.clone() else {
            return;
        };
        let (item, window) = (self.item.boxed_clone(), self.window);
        cx.defer(move |cx| {
            let restored = window.update(cx, |_, window, cx| {
                item.restore_view(&before, window, cx);
            });
            if let Err(error) = restored {
                // The window is gone, and the view with it.
                tracing::debug!("{error}");
            }
        });
    }
}

/// A picker of symbols.
pub struct SymbolPicker(SymbolList);

impl SymbolPicker {
    /// A picker of a list.
    pub fn new(symbols: SymbolList) -> Self {
        Self(symbols)
    }
}

impl PickerDelegate for SymbolPicker {
    fn name(&self) -> SharedString {
        "Go to symbol".into()
    }

    fn placeholder(&self) -> SharedString {
        "Go to symbol in this file".into()
    }

    fn nothing(&self, _: &str) -> SharedString {
        self.0.nothing()
    }

    fn len(&self) -> usize {
        self.0.len()
    }

    fn search(&mut self, query: &str, _: &mut Window, cx: &mut Context<Picker<Self>>) {
        self.0.search(query.trim_start_matches('@'));
        cx.notify();
    }

    fn row_label(&self, index: usize) -> SharedString {
        self.0.label(index)
    }

    fn row(&self, index: usize, _: bool, cx: &App) -> AnyElement {
        self.0.row(index, cx)
    }

    fn initial(&self) -> usize {
        self.0.here()
    }

    fn selected(&mut self, index: usize, window: &mut Window, cx: &mut Context<Picker<Self>>) {
        self.0.reveal(index, window, cx);
    }

    fn confirm(&mut self, index: usize, window: &mut Window, cx: &mut Context<Picker<Self>>) {
        self.0.reveal(index, window, cx);
    }

    fn cancelled(&mut self, cx: &mut App) {
        self.0.go_back(cx);
    }
}
