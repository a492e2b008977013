//! What a text is made of: its functions, types, sections, with what stands in what.

use std::cmp::Reverse;
use std::ops::{ControlFlow, Range};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use editor_core::{Bias, ChangeSet, OffsetMap, Text};
use streaming_iterator::StreamingIterator;
use tree_sitter::{Node, QueryCursorOptions};

use crate::SyntaxTree;
use crate::layer::with_cursor;
use crate::markdown_sections::Headings;
use crate::parse_input::ParseInput;
use crate::plain_markdown::{plain, without_closing_marks, without_quote_marks};

/// The most symbols of a text; what comes after them is left out.
const MAX_SYMBOLS: usize = 20_000;

/// The longest name, in bytes; a longer one is cut.
const MAX_NAME: usize = 200;

/// What a symbol is; what a query names it comes in the same order.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum SymbolKind {
    /// A module or namespace.
    Module,
    /// A class.
    Class,
    /// A struct or union.
    Struct,
    /// An enumeration.
    Enum,
    /// A member of an enumeration.
    EnumMember,
    /// An interface or trait.
    Interface,
    /// An implementation of a type's functions.
    Implementation,
    /// A function.
    Function,
    /// A function of a type.
    Method,
    /// A field.
    Field,
    /// A property.
    Property,
    /// A constant.
    Constant,
    /// A variable.
    Variable,
    /// A name for a type.
    Type,
    /// A macro.
    Macro,
    /// A heading and what belongs to it.
    Section,
}

const KINDS: [(&str, SymbolKind); 16] = [
    ("module", SymbolKind::Module),
    ("class", SymbolKind::Class),
    ("struct", SymbolKind::Struct),
    ("enum", SymbolKind::Enum),
    ("enum_member", SymbolKind::EnumMember),
    ("interface", SymbolKind::Interface),
    ("implementation", SymbolKind::Implementation),
    ("function", SymbolKind::Function),
    ("method", SymbolKind::Method),
    ("field", SymbolKind::Field),
    ("property", SymbolKind::Property),
    ("constant", SymbolKind::Constant),
    ("variable", SymbolKind::Variable),
    ("type", SymbolKind::Type),
    ("macro", SymbolKind::Macro),
    ("section", SymbolKind::Section),
];

impl SymbolKind {
    /// What a capture of a query calls it.
    pub(crate) fn for_capture(name: &str) -> Option<Self> {
        let found = KINDS.iter().find(|(known, _)| *known == name)?;
        Some(found.1)
    }

    /// A word for a person: "enum member".
    pub fn word(self) -> &'static str {
        match KINDS.iter().find(|(_, kind)| *kind == self) {
            Some(("enum_member", _)) => "enum member",
            Some((name, _)) => name,
            None => "symbol",
        }
    }

    /// Whether functions right in it are methods.
    fn has_methods(self) -> bool {
        matches!(
            self,
            Self::Class | Self::Struct | Self::Enum | Self::Interface | Self::Implementation
        )
    }
}

/// A part of a text that has a name.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Symbol {
    /// How it is called: `parse`, `impl Display for Point`. At most 200 bytes, in one line.
    pub name: Arc<str>,
    /// What it is.
    pub kind: SymbolKind,
    /// All of it, in bytes of the text.
    pub range: Range<usize>,
    /// Its name, in bytes of the text.
    pub name_range: Range<usize>,
    /// The symbol that it stands in, by its place in the outline.
    pub parent: Option<usize>,
}

/// The symbols of a text in order, each before those in it.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Outline(Vec<Symbol>);

impl Outline {
    /// All symbols.
    pub fn symbols(&self) -> &[Symbol] {
        &self.0
    }

    /// The places in the outline of the symbols around an offset, outermost first. The end of a
    /// symbol still belongs to it. O(log n), and one step a level.
    pub fn around(&self, offset: usize) -> Vec<usize> {
        self.touching(offset..offset)
    }

    /// The places in the outline of the last symbol that begins before the end of a range and of
    /// those that it stands in, outermost first, as far as they reach into the range, ends included.
    pub fn touching(&self, range: Range<usize>) -> Vec<usize> {
        let before = self
            .0
            .partition_point(|symbol| symbol.range.start <= range.end);
        let mut around = Vec::new();
        let mut next = before.checked_sub(1);
        while let Some(place) = next {
            let symbol = &self.0[place];
            if symbol.range.end >= range.start {
                around.push(place);
            }
            next = symbol.parent;
        }
        around.reverse();
        around
    }

    /// The places of the symbols that stand beside one: in the same symbol, or in none.
    pub fn siblings(&self, of: usize) -> Vec<usize> {
        let parent = self.0.get(of).and_then(|symbol| symbol.parent);
        (0..self.0.len())
            .filter(|place| self.0[*place].parent == parent)
            .collect()
    }

    /// How many symbols one stands in.
    pub fn depth(&self, of: usize) -> usize {
        let above = |place: &usize| self.0.get(*place)?.parent;
        std::iter::successors(Some(of), above).count() - 1
    }

    /// Carries the outline over a change. O(symbols behind and around it · log edits).
    pub fn follow(&mut self, changes: &ChangeSet) {
        let map = OffsetMap::new(changes);
        let Some(first) = map.first() else {
            return;
        };
        for symbol in self.0.iter_mut().filter(|symbol| symbol.range.end >= first) {
            for range in [&mut symbol.range, &mut symbol.name_range] {
                let start = map.map(range.start, Bias::Right);
                *range = start..map.map(range.end, Bias::Left).max(start);
            }
        }
    }

    /// The outline of symbols in any order, whoever found them: each is put into the smallest one
    /// around it. More than 20,000 are left out.
    pub fn of_symbols(mut symbols: Vec<Symbol>) -> Self {
        symbols.sort_by_key(|symbol| (symbol.range.start, Reverse(symbol.range.end)));
        symbols.truncate(MAX_SYMBOLS);
        let mut open: Vec<usize> = Vec::new();
        for place in 0..symbols.len() {
            let range = symbols[place].range.clone();
            // Two of one range stand beside one another.
            while let Some(&last) = open.last()
                && (symbols[last].range.end < range.end.max(range.start + 1)
                    || symbols[last].range == range)
            {
                open.pop();
            }
            symbols[place].parent = open.last().copied();
            open.push(place);
        }
        Self(symbols)
    }

    /// Puts what matched in order and one into the other.
    fn new(mut found: Vec<(usize, Symbol)>) -> Self {
        found.sort_by_key(|(pattern, symbol)| {
            let Range { start, end } = symbol.range;
            (start, Reverse(end), Reverse(*pattern))
        });
        // Of several names in one declaration each is a symbol.
        found.dedup_by(|next, kept| {
            let names = next.1.name_range.start.max(kept.1.name_range.start)
                < next.1.name_range.end.min(kept.1.name_range.end);
            next.1.range == kept.1.range && (next.0 != kept.0 || names)
        });
        let mut symbols: Vec<Symbol> = Vec::with_capacity(found.len());
        let mut open: Vec<usize> = Vec::new();
        for (_, mut symbol) in found {
            while let Some(&last) = open.last()
                && (symbols[last].range.end < symbol.range.end.max(symbol.range.start + 1)
                    || symbols[last].range == symbol.range)
            {
                open.pop();
            }
            symbol.parent = open.last().copied();
            if symbol.kind == SymbolKind::Function
                && symbol
                    .parent
                    .is_some_and(|parent| symbols[parent].kind.has_methods())
            {
                symbol.kind = SymbolKind::Method;
            }
            open.push(symbols.len());
            symbols.push(symbol);
        }
        Self(symbols)
    }
}

impl SyntaxTree {
    /// The outline of the text that the tree is of, in its own language. Empty for languages that
    /// have no query for it.
    ///
    /// Takes up to some hundreds of milliseconds; call it off the UI thread. `None` soon after
    /// `cancel` is set.
    pub fn outline(&self, text: &Text, cancel: &AtomicBool) -> Option<Outline> {
        let Some(root) = self.root() else {
            return Some(Outline::default());
        };
        let query = root.place.grammar.compiled();
        let Some(query) = query.and_then(|grammar| grammar.outline.as_ref()) else {
            return Some(Outline::default());
        };
        if !root.can_be_queried() {
            return Some(Outline::default());
        }
        let input = ParseInput::new(text, root.place.range.clone());
        let mut found = Vec::new();
        let mut skipped: Vec<Range<usize>> = Vec::new();
        let mut headings = (root.place.grammar.name() == "markdown").then(Headings::default);
        with_cursor(|cursor| {
            let mut progress = |_: &tree_sitter::QueryCursorState| {
                if cancel.load(Ordering::Relaxed) {
                    ControlFlow::Break(())
                } else {
                    ControlFlow::Continue(())
                }
            };
            let mut matches = cursor.matches_with_options(
                &query.query,
                root.tree.root_node(),
                &input,
                QueryCursorOptions::new().progress_callback(&mut progress),
            );
            while let Some(matched) = matches.next() {
                if found.len() >= MAX_SYMBOLS {
                    break;
                }
                let mut name: Option<Range<usize>> = None;
                let mut item = None;
                let mut heading = None;
                let mut told_by = String::new();
                for capture in matched.captures {
                    let range = capture.node.byte_range();
                    if Some(capture.index) == query.skip {
                        skipped.push(range);
                        continue;
                    }
                    if capture.node.kind() == "tag_name" {
                        told_by = id_and_classes(&capture.node, &input);
                    }
                    match query.kinds.get(capture.index as usize) {
                        Some(Some(kind)) => {
                            item = Some((*kind, range));
                            heading = Some(capture.node);
                        }
                        _ => {
                            name = Some(match name {
                                Some(name) => name.start.min(range.start)..name.end.max(range.end),
                                None => range,
                            });
                        }
                    }
                }
                if let (Some((kind, range)), Some(name_range)) = (item, name) {
                    let mut name = one_line(text, &name_range) + &told_by;
                    if let (Some(headings), Some(node)) = (&mut headings, &heading) {
                        let written = match node.kind() {
                            "section" => without_closing_marks(&name).to_owned(),
                            _ => without_quote_marks(&start_of(text, &name_range)),
                        };
                        name = plain(&written);
                        headings.push(node);
                    }
                    name.truncate(name.floor_char_boundary(MAX_NAME));
                    let symbol = Symbol {
                        name: name.into(),
                        kind,
                        range,
                        name_range,
                        parent: None,
                    };
                    found.push((matched.pattern_index, symbol));
                }
            }
        });
        if let Some(headings) = headings {
            let ends = headings.ends();
            for ((_, symbol), end) in found.iter_mut().zip(ends) {
                symbol.range.end = end;
            }
        }
        go_on(&mut found, &query.goes_on, root.place.range.end);
        leave_out(&mut found, skipped);
        (!cancel.load(Ordering::Relaxed)).then(|| Outline::new(found))
    }
}

/// Has the symbols of patterns that say so go on up to the next of them, the last to the end of the
/// text.
fn go_on(found: &mut [(usize, Symbol)], patterns: &[bool], text_end: usize) {
    let going_on = found.iter_mut();
    let going_on = going_on.filter(|(pattern, _)| patterns.get(*pattern) == Some(&true));
    let mut going_on: Vec<&mut Symbol> = going_on.map(|(_, symbol)| symbol).collect();
    going_on.sort_by_key(|symbol| symbol.range.start);
    let mut end = text_end;
    for symbol in going_on.into_iter().rev() {
        symbol.range.end = end;
        end = symbol.range.start;
    }
}

/// Without the symbols in ranges.
fn leave_out(found: &mut Vec<(usize, Symbol)>, mut ranges: Vec<Range<usize>>) {
    ranges.sort_by_key(|range| (range.start, Reverse(range.end)));
    // Those in others say nothing more.
    let mut end = 0;
    ranges.retain(|range| {
        let is_outer = range.start >= end;
        end = end.max(range.end);
        is_outer
    });
    found.retain(|(_, symbol)| {
        let next = ranges.partition_point(|range| range.end <= symbol.range.start);
        (ranges.get(next)).is_none_or(|range| symbol.range.start < range.start)
    });
}

/// What tells an element of HTML from others of its name, as a selector of CSS has it:
/// `#page.wide.dark`. Nothing for a tag name of another language.
fn id_and_classes(tag_name: &Node<'_>, input: &ParseInput<'_>) -> String {
    let (mut id, mut classes) = (String::new(), String::new());
    let mut next = tag_name.next_named_sibling();
    while let Some(attribute) = next.filter(|_| id.len() + classes.len() < MAX_NAME) {
        next = attribute.next_named_sibling();
        let name = attribute
            .child(0)
            .filter(|name| name.kind() == "attribute_name");
        let value = attribute.child(2).and_then(|value| match value.kind() {
            "quoted_attribute_value" => value.named_child(0),
            _ => Some(value),
        });
        let (Some(name), Some(value)) = (name, value) else {
            continue;
        };
        let (told, mark) = match input.short_text(&name).as_deref() {
            Some("id") => (&mut id, '#'),
            Some("class") => (&mut classes, '.'),
            _ => continue,
        };
        let value = input.text(value.byte_range());
        let value = &value[..value.floor_char_boundary(MAX_NAME)];
        for word in value.split_whitespace() {
            told.push(mark);
            told.push_str(word);
        }
    }
    id + &classes
}

/// A name without the line ends in it.
fn one_line(text: &Text, range: &Range<usize>) -> String {
    let written = start_of(text, range);
    written.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// As much of what a range holds as a name may have.
fn start_of(text: &Text, range: &Range<usize>) -> String {
    let end = range.end.min(text.len());
    let start = range.start.min(end);
    let end = text.floor_char_boundary(end.min(start + MAX_NAME));
    text.slice(start..end.max(start)).to_string()
}
