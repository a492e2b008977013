//! The rows of a change that the agent asks for: of each of several parts its buttons in a row of their
//! own, so that they cover nothing of it, and the lines that would come.
//!
//! A part that is accepted looks as the text will: without the buttons and the colours, with what will
//! go dimmed. Of one that is refused nothing is left.

use std::ops::Range;
use std::rc::{Rc, Weak};

use editor_core::display_map::DisplayRow;
use gpui_kit::base::TestSupportExt as _;
use gpui_kit::prelude::*;
use gpui_kit::{
    AnyElement, App, AvailableSpace, Context, Entity, Pixels, Role, SharedString, WeakEntity,
    Window, div, point, px,
};
use ui::tokens::{radius, space};
use ui::widgets::IconButton;
use ui::{ActiveKilnTheme as _, IconName, PartDecision};

use crate::blocks::{BlockElement, BlockLines};
use crate::compare::{COMING, DiffPurpose, InlineDiff, beside_line, colored_lines};
use crate::frame::Frame;
use crate::proposal_controls::{is_open, rows_in_sight};
use crate::proposal_part::{Part, Parts};
use crate::view::EditorView;

/// The type of the buttons' row, and their icons, beside the height of a row.
const TYPE: f32 = 0.6;
/// See [`TYPE`].
const ICON: f32 = 0.65;

/// The name of lines that will come.
const ACCEPTED: &str = "Lines that will come";

/// The names of the buttons' bar and of each of them.
type BarIds = [&'static str; 3];

/// In the row of their own.
const IN_ROW: BarIds = ["proposal-part", "part-accept", "part-refuse"];
/// Beside a later row of the part. Both may be laid out at once.
const PINNED: BarIds = ["pinned-part", "pinned-accept", "pinned-refuse"];

/// The buttons of one part.
struct PartBar {
    ids: BarIds,
    view: WeakEntity<EditorView>,
    /// From 0, of `count`.
    number: usize,
    count: usize,
}

impl PartBar {
    /// As high as a row of the text.
    fn render(
        &self,
        row_height: Pixels,
        window: &Window,
        cx: &App,
    ) -> impl IntoElement + Styled + use<> {
        let Self { number, count, .. } = *self;
        let [bar, accept, refuse] = self.ids;
        let title = SharedString::from(format!("Part {} of {count}", number + 1));
        let rem = window.rem_size();
        let button = |id: &'static str, icon, label: &'static str, command, decides| {
            let view = self.view.clone();
            let side = (row_height - px(2.)) / rem;
            IconButton::new((id, number), icon, label)
                .command(command)
                .sizes(gpui_kit::rems(side), gpui_kit::rems(side * ICON))
                .on_click(move |_, window, cx| {
                    let decided = view.update(cx, |view, cx| {
                        view.decide_part(number, decides, window, cx);
                        window.focus(&view.focus, cx);
                    });
                    // A view that is gone shows no buttons.
                    decided.ok();
                })
        };
        let theme = cx.kiln_theme();
        div()
            .id((bar, number))
            .test_support()
            .role(Role::Toolbar)
            .aria_label(title.clone())
            .occlude()
            .flex()
            .flex_none()
            .items_center()
            .h(row_height)
            .gap(space::XXS)
            .font_family(ui::tokens::UI_FONT)
            .text_size(row_height * TYPE)
            .text_color(theme.text_muted)
            .whitespace_nowrap()
            .child(div().pr(space::XS).child(title))
            .child(button(
                accept,
                IconName::Check,
                "Accept this part",
                "chatEditor.action.acceptHunk",
                PartDecision::Accepted,
            ))
            .child(button(
                refuse,
                IconName::X,
                "Refuse this part",
                "chatEditor.action.undoHunk",
                PartDecision::Refused,
            ))
    }
}

/// The rows that a part has in the text, beside its own lines.
fn rows_of_part(
    parts: &Parts,
    number: usize,
    view: &WeakEntity<EditorView>,
) -> Option<(BlockElement, Option<BlockLines>)> {
    let part = parts.all.get(number)?;
    let (count, decision) = (parts.all.len(), part.decision);
    let bar = (count > 1 && decision.is_none()).then(|| PartBar {
        ids: IN_ROW,
        view: view.clone(),
        number,
        count,
    });
    let difference = part.difference();
    let lines: Rc<[SharedString]> = match decision {
        Some(PartDecision::Refused) => Rc::default(),
        _ => difference
            .other_lines()
            .iter()
            .map(SharedString::from)
            .collect(),
    };
    let rows = lines.len() + usize::from(bar.is_some());
    if rows == 0 {
        return None;
    }
    let styles = difference.other_styles().clone();
    let offset = part.place().start;
    let all = lines.clone();
    let render = Rc::new(
        move |context: &crate::blocks::BlockContext, window: &mut Window, cx: &mut App| {
            let theme = cx.kiln_theme();
            let (label, colors) = match decision {
                None => (COMING, (theme.diff_added_background, theme.diff_added_word)),
                Some(_) => (ACCEPTED, (theme.editor_background, theme.editor_background)),
            };
            let id = ("removed-lines", number);
            let coming = (!lines.is_empty())
                .then(|| colored_lines(id, label, colors, &lines, &styles, context, cx));
            let bar = bar.as_ref();
            let bar = bar.map(|bar| bar.render(context.row_height, window, cx));
            div()
                .size_full()
                .flex()
                .flex_col()
                // It stays where it is while the text is scrolled aside.
                .children(
                    bar.map(|bar| div().flex().flex_none().pl(context.hidden_left).child(bar)),
                )
                .children(coming.map(|coming| div().flex_1().min_h_0().child(coming)))
                .into_any_element()
        },
    );
    let block = BlockElement {
        offset,
        placement: beside_line(parts.text(), offset),
        rows: rows as u32,
        render,
    };
    Some((block, Some(Rc::new(move || all.clone()))))
}

impl EditorView {
    /// Shows all parts of the change in the text, with nothing of them seen.
    pub(crate) fn show_parts(&mut self, cx: &mut Context<Self>) {
        self.close_compare(cx);
        self.display(cx);
        let Some(parts) = self.proposed_parts() else {
            return;
        };
        let count = parts.all.len();
        let places: Vec<_> = parts.all.iter().map(Part::place).collect();
        self.unfold_places(&places, cx);
        self.compare = Some(InlineDiff::new(DiffPurpose::Proposal));
        self.insert_parts(0..count, cx);
        self.update_inline_hunks(cx);
    }

    /// Shows a part anew, as it is decided on now.
    pub(crate) fn show_part(&mut self, number: usize, cx: &mut Context<Self>) {
        if !self.shows_proposal() {
            return;
        }
        self.insert_parts(number..number + 1, cx);
        if let Some(proposal) = &mut self.proposal {
            // What is drawn was laid out with other rows.
            proposal.before = self.frame.as_ref().map_or_else(Weak::new, Rc::downgrade);
        }
    }

    /// Puts the rows of some parts in the place of those that they have.
    fn insert_parts(&mut self, numbers: Range<usize>, cx: &mut Context<Self>) {
        let view = cx.weak_entity();
        let Some(parts) = self.proposed_parts() else {
            return;
        };
        let rows: Vec<_> = numbers
            .clone()
            .map(|number| rows_of_part(parts, number, &view))
            .collect();
        let placements: Vec<_> = rows
            .iter()
            .map(|rows| rows.as_ref().map(|(rows, _)| rows.placement))
            .collect();
        let new = self.insert_line_blocks(rows.into_iter().flatten().collect(), cx);
        let parts = self.proposal.as_mut().and_then(|it| it.parts_mut());
        let (Some(parts), Some(shown)) = (parts, &mut self.compare) else {
            return;
        };
        let mut blocks = new.iter().copied();
        let mut gone = Vec::new();
        for (part, placement) in parts.all[numbers].iter_mut().zip(placements) {
            let rows = placement.and_then(|placement| Some((blocks.next()?, placement)));
            gone.extend(part.shown_in(rows).map(|(block, _)| block));
        }
        shown.replace_blocks(&gone, &new);
        let settled = parts.places(Some(PartDecision::Accepted));
        shown.mark((parts.places(None), parts.words_that_go()), settled);
        self.remove_blocks(&gone, cx);
    }
}

/// Makes and lays out the buttons of a part whose first row is above the view, beside a row that ends
/// before them. Where all of its rows reach under them there are none: it is decided on with the keys.
pub(crate) fn prepaint_pinned(
    view: &Entity<EditorView>,
    frame: &Frame,
    window: &mut Window,
    cx: &mut App,
) -> Vec<AnyElement> {
    let this = view.read(cx);
    let parts = this.proposed_parts();
    let parts = parts.filter(|parts| this.shows_proposal() && parts.all.len() > 1);
    let sight = rows_in_sight(frame);
    let Some((number, rows, cells, count)) = parts.and_then(|parts| {
        let mut all = parts.all.iter().enumerate();
        all.find_map(|(number, part)| {
            let rows = (is_open(part) && part.may_be_in(frame)).then(|| part.rows(&frame.display));
            let rows = rows.flatten()?;
            let is_cut = rows.start < sight.start && sight.start < rows.end;
            is_cut.then(|| (number, rows, part.cells(), parts.all.len()))
        })
    }) else {
        return Vec::new();
    };
    let bar = PartBar {
        ids: PINNED,
        view: view.downgrade(),
        number,
        count,
    };
    let bar = bar.render(frame.style.line_height, window, cx);
    let theme = cx.kiln_theme();
    let mut bar = bar
        .px(space::XS)
        .rounded(radius::SMALL)
        .bg(theme.elevated)
        .into_any_element();
    let size = bar.layout_as_root(AvailableSpace::min_size(), window, cx);
    let left = frame.text_area.right() - frame.covered - frame.style.scaled(px(8.)) - size.width;
    let ends_before = |row: &usize| {
        let right = match frame.display.row(*row) {
            DisplayRow::Block(..) => frame.x_of(f64::from(cells)),
            DisplayRow::Text(_) => {
                let known = frame.rows.binary_search_by_key(row, |row| row.row);
                let Some(known) = known.ok().and_then(|at| frame.rows.get(at)) else {
                    return false;
                };
                frame.text_left() + px(known.width as f32)
            }
        };
        right <= left
    };
    let mut shown = sight.start..rows.end.min(sight.end);
    let Some(row) = shown.find(ends_before) else {
        return Vec::new();
    };
    bar.prepaint_at(point(left, frame.row_top(row)), window, cx);
    vec![bar]
}
