//! Rows above lines with commands of the language server, such as running a test or listing where
//! something is used.
//!
//! They are asked for when the text rests, and what is shown of them once they come into view. The
//! row of a line is kept from one answer to the next, and rows that come or go leave the caret, or
//! else the top of the view, where it is.

use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

use editor_core::Selections;
use editor_core::display_map::{BlockId, BlockPlacement};
use gpui_kit::base::TestSupportExt as _;
use gpui_kit::prelude::*;
use gpui_kit::{
    AnyElement, AsyncApp, AsyncWindowContext, Context, ElementId, Pixels, Role, SharedString, Task,
    WeakEntity, Window, actions, div, px,
};
use lsp::{CodeLens, RequestError, ServerCommand};
use ui::{ActiveKilnTheme as _, CommandSpec, Severity};

use crate::blocks::{BlockContext, BlockElement};
use crate::choice_picker::{Choice, Choices};
use crate::commands::Run;
use crate::server_views::{Asking, SCROLLED};
use crate::view::EditorView;

/// How large the text of the commands is beside that of the file.
const SIZE: f32 = 0.86;
/// More of one line are not shown.
const MOST_IN_LINE: usize = 20;

crate::commands::commands! {
    ShowLenses "editor.action.showLensesInCurrentLine" "Show Code Lens Commands for Current Line" => |v, window, cx| v.choose_lens(window, cx);
}

/// The commands above lines in a view.
#[derive(Default)]
pub(crate) struct CodeLenses {
    rows: Vec<LensRow>,
    asking: Asking,
    resolving: Option<Task<()>>,
}

impl CodeLenses {
    /// What is known is asked for anew; it stays until then.
    pub(crate) fn stale(&mut self) {
        self.asking.stale();
    }
}

/// The row above a line.
struct LensRow {
    block: BlockId,
    lenses: Vec<Lens>,
}

/// A command in a row.
#[derive(Clone)]
struct Lens {
    /// Bytes from the start of its line.
    column: usize,
    lens: CodeLens,
    /// What is shown: that of the one in its place before, until it is known.
    shown: Option<(Arc<str>, Option<ServerCommand>)>,
    /// Whether the server is still to be asked what is shown.
    unresolved: bool,
}

impl LensRow {
    fn shown(&self) -> impl Iterator<Item = (&Lens, &(Arc<str>, Option<ServerCommand>))> {
        let lenses = self.lenses.iter();
        lenses.filter_map(|lens| Some((lens, lens.shown.as_ref()?)))
    }
}

impl EditorView {
    /// The titles of the commands above lines, by line from 0, as they are known.
    pub fn code_lenses(&self) -> Vec<(usize, Vec<String>)> {
        let text = self.display.snapshot().text();
        let rows = self.served.lenses.rows.iter().filter_map(|row| {
            let offset = self.lens_offset(row.block)?;
            let titles = row
                .shown()
                .map(|(_, (title, _))| title.to_string())
                .collect();
            Some((text.row_at(offset), titles))
        });
        let mut rows: Vec<_> = rows.collect();
        rows.sort_unstable();
        rows
    }

    fn lens_offset(&self, id: BlockId) -> Option<usize> {
        let mut blocks = self.display.blocks().iter();
        blocks
            .find(|block| block.id == id)
            .map(|block| block.offset)
    }

    /// Asks for the commands where those of the text as it is are not known, and for what is shown of
    /// those in view.
    pub(crate) fn lenses_follow_view(&mut self, visible: &Range<usize>, cx: &mut Context<Self>) {
        if !self.language_settings(cx).served.code_lens {
            return;
        }
        self.ask_about_text(
            |view| &mut view.served.lenses.asking,
            |model, buffer, cx| model.server_code_lenses(buffer, cx),
            |view, found, cx| view.take_lenses(found.unwrap_or_default(), cx),
            cx,
        );
        let lenses = &mut self.served.lenses;
        if lenses.asking.is_waiting() {
            lenses.resolving = None;
        } else if lenses.resolving.is_none() {
            self.resolve_lenses(visible, cx);
        }
    }

    fn take_lenses(&mut self, found: Vec<CodeLens>, cx: &mut Context<Self>) {
        let text = self.display.snapshot().text().clone();
        let mut by_line: BTreeMap<usize, Vec<Lens>> = BTreeMap::new();
        for lens in found {
            let line = text.row_at(lens.offset);
            let lenses = by_line.entry(line).or_default();
            if lenses.len() < MOST_IN_LINE {
                lenses.push(Lens {
                    column: lens.offset - text.line_start(line),
                    shown: lens.shown.clone(),
                    unresolved: lens.shown.is_none(),
                    lens,
                });
            }
        }
        self.show_lenses(by_line, cx);
    }

    /// Shows commands by line in place of those before.
    fn show_lenses(&mut self, mut by_line: BTreeMap<usize, Vec<Lens>>, cx: &mut Context<Self>) {
        let text = self.display(cx).text().clone();
        let mut stay = Vec::new();
        let mut go = Vec::new();
        for row in std::mem::take(&mut self.served.lenses.rows) {
            let line = self
                .lens_offset(row.block)
                .map(|offset| text.row_at(offset));
            match line.and_then(|line| by_line.remove(&line)) {
                // Until it is known what is shown of the new ones, that of the old ones is.
                Some(lenses) => stay.push(LensRow {
                    block: row.block,
                    lenses: carried(lenses, row.lenses),
                }),
                None => go.push(row.block),
            }
        }
        self.served.lenses.rows = stay;
        self.keeping_caret(|view| {
            if !go.is_empty() {
                view.remove_blocks(&go, cx);
            }
            if !by_line.is_empty() {
                let blocks = by_line
                    .keys()
                    .map(|line| view.lens_block(text.line_start(*line), cx));
                let ids = view.insert_blocks(blocks.collect::<Vec<_>>(), cx);
                let rows = ids.into_iter().zip(by_line.into_values());
                view.served
                    .lenses
                    .rows
                    .extend(rows.map(|(block, lenses)| LensRow { block, lenses }));
            }
        });
        cx.notify();
    }

    /// Changes the rows, and leaves the caret where it is in the view, or else the top of it.
    fn keeping_caret(&mut self, change: impl FnOnce(&mut Self)) {
        let head = self.selections.primary().head;
        let row = |view: &Self| view.display.snapshot().row_of(head) as f64;
        let before = row(self);
        let rows = self.page_rows() as f64;
        let top = self.scroll.top;
        change(self);
        let in_view = top <= before && before < top + rows;
        if in_view && top >= 1. && self.scroll_motion.is_none() {
            self.scroll.top = (top + row(self) - before).max(0.);
        }
    }

    fn lens_block(&self, offset: usize, cx: &Context<Self>) -> BlockElement {
        let view = cx.weak_entity();
        BlockElement {
            offset,
            placement: BlockPlacement::Above,
            rows: 1,
            render: Rc::new(move |context, _, cx| {
                let drawn = view.update(cx, |view, cx| view.render_lenses(context, cx));
                // A view that is gone draws nothing.
                drawn.unwrap_or_else(|_| div().into_any_element())
            }),
        }
    }

    fn render_lenses(&self, context: &BlockContext, cx: &mut Context<Self>) -> AnyElement {
        let rows = &self.served.lenses.rows;
        let Some(row) = rows.iter().find(|row| row.block == context.id) else {
            return div().into_any_element();
        };
        let indent = self
            .lens_offset(row.block)
            .map_or(px(0.), |offset| self.indentation_width(offset, context));
        let theme = cx.kiln_theme().clone();
        let buttons = row
            .shown()
            .enumerate()
            .map(|(index, (lens, (title, command)))| {
                let id = format!("code-lens-{}-{index}", row.block.0);
                let title = SharedString::from(title.to_string());
                let line = div()
                    .id(ElementId::Name(id.into()))
                    .test_support()
                    .aria_label(title.clone())
                    .flex_none()
                    .child(title.clone());
                match command.clone() {
                    None => line,
                    Some(command) => {
                        let (column, server) = (lens.column, lens.lens.server.clone());
                        let block = row.block;
                        line.role(Role::Button)
                            .occlude()
                            .cursor_pointer()
                            .hover(|this| this.text_color(theme.text).underline())
                            .on_click(cx.listener(move |view, _, window, cx| {
                                if let Some(start) = view.lens_offset(block) {
                                    view.run_lens(
                                        start + column,
                                        &server,
                                        (&*title, &command),
                                        window,
                                        cx,
                                    );
                                }
                            }))
                    }
                }
            });
        let buttons: Vec<_> = buttons.collect();
        div()
            .size_full()
            .flex()
            .items_end()
            .gap(context.font_size)
            .pl(indent)
            .overflow_hidden()
            .whitespace_nowrap()
            .text_size(context.font_size * SIZE)
            .text_color(theme.code_lens)
            .children(buttons)
            .into_any_element()
    }

    /// Pixels of the blanks that a line begins with.
    fn indentation_width(&self, offset: usize, context: &BlockContext) -> Pixels {
        let text = self.display.snapshot().text();
        let start = text.line_start(text.row_at(offset));
        let tab = self.indent.tab_size.max(1);
        let mut cells = 0;
        for character in text.chars_from(start).take(1_000) {
            cells += match character {
                ' ' => 1,
                '\t' => tab - cells % tab,
                _ => break,
            };
        }
        context.cell_width * cells as f32
    }

    /// Asks what is shown of the commands in view.
    fn resolve_lenses(&mut self, visible: &Range<usize>, cx: &mut Context<Self>) {
        let text = self.display.snapshot().text();
        let first = text.line_start(text.row_at(visible.start));
        let in_view = |offset: usize| first <= offset && offset <= visible.end;
        let unresolved = |row: &&LensRow| row.lenses.iter().any(|lens| lens.unresolved);
        let waits = self.served.lenses.rows.iter().filter(unresolved);
        let waits = waits.filter(|row| self.lens_offset(row.block).is_some_and(in_view));
        let waits: Vec<_> = waits.map(|row| (row.block, row.lenses.clone())).collect();
        if waits.is_empty() {
            return;
        }
        self.served.lenses.resolving = Some(cx.spawn(
            async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
                cx.background_executor().timer(SCROLLED).await;
                for (block, mut lenses) in waits {
                    for one in lenses.iter_mut().filter(|one| one.unresolved) {
                        let asked = this.update(cx, |view, cx| {
                            let buffer = view.buffer;
                            view.model.update(cx, |model, cx| {
                                model.server_resolve_lens(buffer, &one.lens, cx)
                            })
                        });
                        // A view that is gone shows nothing.
                        let Ok(asked) = asked else { return };
                        // What cannot be resolved is not shown.
                        one.shown = asked.await.ok().flatten();
                        one.unresolved = false;
                    }
                    this.update(cx, |view, cx| view.lenses_resolved(block, lenses, cx))
                        .ok();
                }
                this.update(cx, |view, cx| {
                    view.served.lenses.resolving = None;
                    cx.notify();
                })
                .ok();
            },
        ));
    }

    fn lenses_resolved(&mut self, block: BlockId, lenses: Vec<Lens>, cx: &mut Context<Self>) {
        let rows = &mut self.served.lenses.rows;
        let Some(at) = rows.iter().position(|row| row.block == block) else {
            return;
        };
        rows[at].lenses = lenses;
        if rows[at].shown().next().is_none() {
            rows.remove(at);
            self.keeping_caret(|view| view.remove_blocks(&[block], cx));
        }
        cx.notify();
    }

    /// Settings may say otherwise now.
    pub(crate) fn restyle_lenses(&mut self, cx: &mut Context<Self>) {
        if !self.language_settings(cx).served.code_lens && self.served.lenses.asking.was_asked() {
            self.served.lenses.stale();
            self.show_lenses(BTreeMap::new(), cx);
        }
    }

    fn run_lens(
        &mut self,
        offset: usize,
        server: &str,
        (title, command): (&str, &ServerCommand),
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        if command.shows_places() {
            return self.peek_places(offset, server, (title, command), window, cx);
        }
        let buffer = self.buffer;
        let running = self.model.update(cx, |model, cx| {
            model.named_server_execute(buffer, server, command, cx)
        });
        cx.spawn_in(
            window,
            async move |_: WeakEntity<Self>, cx: &mut AsyncWindowContext| {
                let Err(error) = running.await else { return };
                let message = match error {
                    RequestError::Unsupported => {
                        "Kiln cannot run this: it is a command of another editor's extension."
                            .into()
                    }
                    error => format!("Not done: {error}."),
                };
                // The window may be closed meanwhile.
                cx.update(|window, cx| ui::notify(Severity::Warning, message, window, cx))
                    .ok();
            },
        )
        .detach();
    }

    /// Shows the places that a command has shown below its line; where it does not name them, those
    /// where its name is used.
    fn peek_places(
        &mut self,
        offset: usize,
        server: &str,
        (title, command): (&str, &ServerCommand),
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let title = match title.contains("implementation") {
            true => "Implementations",
            false => "References",
        };
        self.select_in_place(Selections::caret(offset), cx);
        let servers = self.model.read(cx).language_servers().into_iter();
        let serving = servers.flat_map(|servers| servers.serving(self.buffer));
        let named = serving.filter(|(one, _)| one.name() == server);
        let places = named.flat_map(|(one, _)| one.places_of(command)).collect();
        self.peek_at(title, places, offset, window, cx);
    }

    /// Offers the commands above the line of the caret.
    fn choose_lens(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let text = self.text(cx);
        let line = text.row_at(self.selections.primary().head.min(text.len()));
        let start = text.line_start(line);
        let is_here = |row: &&LensRow| {
            self.lens_offset(row.block)
                .is_some_and(|offset| text.row_at(offset) == line)
        };
        let rows = self.served.lenses.rows.iter().filter(is_here);
        let commands = rows.flat_map(LensRow::shown);
        let commands = commands.filter_map(|(lens, (title, command))| {
            let server = lens.lens.server.clone();
            Some((start + lens.column, server, title.clone(), command.clone()?))
        });
        let rows: Vec<_> = commands
            .map(|(offset, server, title, command)| {
                Choice::new(title.to_string(), "", move |view, window, cx| {
                    view.run_lens(offset, &server, (&*title, &command), window, cx);
                })
            })
            .collect();
        if rows.is_empty() {
            let message = "There are no code lens commands above this line.";
            return ui::notify(Severity::Info, message, window, cx);
        }
        let choices = Choices {
            id: "code-lens-picker",
            question: "Code lens".into(),
            none: "",
            rows,
            selected: 0,
        };
        self.open_choices(choices, window, cx);
    }
}

/// New commands of a line; what is not known of one is shown as of the one in its place before.
fn carried(mut new: Vec<Lens>, old: Vec<Lens>) -> Vec<Lens> {
    for (new, old) in new.iter_mut().zip(old) {
        new.shown = new.shown.take().or(old.shown);
    }
    new
}
