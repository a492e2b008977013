//! What floats beside a place of the text: the one way in which hovers are placed.
//!
//! A popover is on the side that is asked for where there is room, else on the other; where neither
//! has room it takes the larger one and its content scrolls. It follows its text when the view
//! scrolls, and is not drawn while that text is out of sight.

use std::cell::Cell;
use std::ops::Range;
use std::rc::Rc;

use gpui_kit::{
    AnyElement, App, AvailableSpace, Bounds, Element, ElementId, Entity, GlobalElementId,
    InspectorElementId, IntoElement, LayoutId, Pixels, Point, Position, Rems, Size, Style, Window,
    point, px, size,
};

use crate::frame::Frame;
use crate::view::EditorView;

/// Between a popover and the edge of what it must stay in.
const MARGIN: Pixels = px(6.);
/// Between a popover and its text.
const GAP: Pixels = px(2.);

/// Between a popover and what is beside it.
const ASIDE_GAP: Pixels = px(4.);
/// Where there is less room, nothing is beside it.
const ASIDE_MIN: Pixels = px(160.);

/// The side of its text that a popover goes to where there is room.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Side {
    Above,
    Below,
}

/// Where a popover was painted in the window, while it is.
pub(crate) type Placed = Rc<Cell<Option<Bounds<Pixels>>>>;

type Content = Box<dyn FnOnce(Size<Pixels>, &mut Window, &mut App) -> AnyElement>;

/// An element beside a range of the text of a view, which must be laid out before it.
pub(crate) struct Popover {
    view: Entity<EditorView>,
    anchor: Range<usize>,
    side: Side,
    widest: Rems,
    placed: Placed,
    content: Option<Content>,
    aside: Option<(Rems, Content)>,
    /// Where another one is painted that this one is not to cover.
    beside: Option<Placed>,
}

impl Popover {
    /// As wide as its content, from its text on, and no wider than `widest`. `content` is told how
    /// large it may be; it should cut or scroll what is more.
    pub(crate) fn new(
        view: Entity<EditorView>,
        anchor: Range<usize>,
        side: Side,
        widest: Rems,
        placed: Placed,
        content: impl FnOnce(Size<Pixels>, &mut Window, &mut App) -> AnyElement + 'static,
    ) -> Self {
        Self {
            view,
            anchor,
            side,
            widest,
            placed,
            content: Some(Box::new(content)),
            aside: None,
            beside: None,
        }
    }

    /// Where another one stands that is laid out before it, on the other side of its text; where there
    /// is no room, beyond that one.
    pub(crate) fn apart_from(self, other: Option<Placed>) -> Self {
        Self {
            beside: other,
            ..self
        }
    }

    /// With something beside it, no wider than this, where there is room for it: at the right, or at
    /// the left where more is. It begins where the popover does, and may be as high as the window.
    pub(crate) fn beside(
        self,
        widest: Rems,
        content: impl FnOnce(Size<Pixels>, &mut Window, &mut App) -> AnyElement + 'static,
    ) -> Self {
        Self {
            aside: Some((widest, Box::new(content))),
            ..self
        }
    }

    /// Lays out what is beside a popover that was placed above or below its text.
    fn place_aside(
        &mut self,
        main: Bounds<Pixels>,
        is_above: bool,
        window: &mut Window,
        cx: &mut App,
    ) -> Option<AnyElement> {
        let (widest, content) = self.aside.take()?;
        let limits = Bounds::new(Point::default(), window.viewport_size());
        let widest = widest.to_pixels(window.rem_size());
        let right = limits.right() - main.right() - ASIDE_GAP - MARGIN;
        let left = main.left() - limits.left() - ASIDE_GAP - MARGIN;
        let at_right = right >= widest.min(left);
        let width = if at_right { right } else { left }.min(widest);
        if width < ASIDE_MIN {
            return None;
        }
        let height = limits.size.height - MARGIN * 2.;
        let max = size(width, height);
        let mut element = content(max, window, cx);
        let taken = element.layout_as_root(max.map(AvailableSpace::Definite), window, cx);
        let top = match is_above {
            true => main.bottom() - taken.height,
            false => main.top(),
        };
        // What has no room there grows over the end of the popover, and beside its text.
        let top = top
            .min(limits.bottom() - MARGIN - taken.height)
            .max(limits.top() + MARGIN);
        let left = match at_right {
            true => main.right() + ASIDE_GAP,
            false => main.left() - ASIDE_GAP - taken.width,
        };
        element.prepaint_at(point(left, top), window, cx);
        Some(element)
    }

    fn place(
        &mut self,
        window: &mut Window,
        cx: &mut App,
    ) -> Option<(AnyElement, Option<AnyElement>)> {
        let frame = self.view.read(cx).frame.clone()?;
        let anchor = anchor_bounds(&frame, &self.anchor)?;
        let limits = Bounds::new(Point::default(), window.viewport_size());
        let room = Room::new(anchor, limits);
        // Text is laid out for the room that is given, and not for that which is then taken.
        let width = (limits.size.width - MARGIN * 2.).min(self.widest.to_pixels(window.rem_size()));
        let max = size(width.max(px(0.)), room.above.max(room.below));
        let content = self.content.take()?;
        let mut element = content(max, window, cx);
        let taken = element.layout_as_root(max.map(AvailableSpace::Definite), window, cx);
        let other = self.beside.as_ref().and_then(|other| other.get());
        let top = match other {
            Some(other) => room.top_apart(other, self.side, taken.height),
            None => room.top(self.side, taken.height),
        };
        let left = anchor
            .left()
            .min(limits.right() - MARGIN - taken.width)
            .max(limits.left() + MARGIN);
        element.prepaint_at(point(left, top), window, cx);
        let bounds = Bounds::new(point(left, top), taken);
        self.placed.set(Some(bounds));
        let aside = self.place_aside(bounds, top < anchor.top(), window, cx);
        Some((element, aside))
    }
}

/// The rows that a range is in, as far as they are in sight.
fn anchor_bounds(frame: &Frame, range: &Range<usize>) -> Option<Bounds<Pixels>> {
    let text = frame.text();
    let place = |offset: usize| {
        let bounds = frame.caret_bounds(text.floor_char_boundary(offset.min(text.len())))?;
        let in_sight = bounds.bottom() > frame.bounds.top() && bounds.top() < frame.bounds.bottom();
        in_sight.then_some(bounds)
    };
    let (first, last) = (place(range.start), place(range.end));
    let (from, to) = (first.or(last)?, last.or(first)?);
    let left = from.left().max(frame.text_area.left());
    let top = from.top().min(to.top()).max(frame.bounds.top());
    let bottom = to.bottom().max(from.bottom()).min(frame.bounds.bottom());
    (left <= frame.text_area.right())
        .then(|| Bounds::from_corners(point(left, top), point(left.max(to.left()), bottom)))
}

/// The heights that are free above and below an anchor.
#[derive(Clone, Copy, Debug)]
struct Room {
    anchor: Bounds<Pixels>,
    above: Pixels,
    below: Pixels,
}

impl Room {
    fn new(anchor: Bounds<Pixels>, limits: Bounds<Pixels>) -> Self {
        let free = |space: Pixels| (space - GAP - MARGIN).max(px(0.));
        Self {
            anchor,
            above: free(anchor.top() - limits.top()),
            below: free(limits.bottom() - anchor.bottom()),
        }
    }

    /// The same where something else stands above or below the anchor.
    fn top_apart(&self, other: Bounds<Pixels>, side: Side, height: Pixels) -> Pixels {
        let over = self.anchor.top() - GAP - height;
        let under = self.anchor.bottom() + GAP;
        let is_above = other.top() < self.anchor.top();
        // Beyond the other one there is what that leaves.
        let left = self.anchor.top() - other.top() + height;
        let left_below = other.bottom() - self.anchor.bottom() + height;
        match is_above {
            true if height <= self.below => under,
            true if left <= self.above => other.top() - GAP - height,
            false if height <= self.above => over,
            false if left_below <= self.below => other.bottom() + GAP,
            _ => self.top(side, height),
        }
    }

    /// The top of what has this height.
    fn top(&self, side: Side, height: Pixels) -> Pixels {
        let fits = |side| match side {
            Side::Above => height <= self.above,
            Side::Below => height <= self.below,
        };
        let other = match side {
            Side::Above => Side::Below,
            Side::Below => Side::Above,
        };
        let chosen = match (fits(side), fits(other)) {
            (true, _) => side,
            (false, true) => other,
            (false, false) if self.above > self.below => Side::Above,
            (false, false) => Side::Below,
        };
        match chosen {
            Side::Above => self.anchor.top() - GAP - height,
            Side::Below => self.anchor.bottom() + GAP,
        }
    }
}

impl IntoElement for Popover {
    type Element = Self;

    fn into_element(self) -> Self {
        self
    }
}

impl Element for Popover {
    type RequestLayoutState = ();
    type PrepaintState = Option<(AnyElement, Option<AnyElement>)>;

    fn id(&self) -> Option<ElementId> {
        None
    }

    fn source_location(&self) -> Option<&'static std::panic::Location<'static>> {
        None
    }

    fn request_layout(
        &mut self,
        _: Option<&GlobalElementId>,
        _: Option<&InspectorElementId>,
        window: &mut Window,
        cx: &mut App,
    ) -> (LayoutId, ()) {
        let style = Style {
            position: Position::Absolute,
            ..Style::default()
        };
        (window.request_layout(style, None, cx), ())
    }

    fn prepaint(
        &mut self,
        _: Option<&GlobalElementId>,
        _: Option<&InspectorElementId>,
        _: Bounds<Pixels>,
        _: &mut (),
        window: &mut Window,
        cx: &mut App,
    ) -> Self::PrepaintState {
        self.placed.set(None);
        self.place(window, cx)
    }

    fn paint(
        &mut self,
        _: Option<&GlobalElementId>,
        _: Option<&InspectorElementId>,
        _: Bounds<Pixels>,
        _: &mut (),
        placed: &mut Self::PrepaintState,
        window: &mut Window,
        cx: &mut App,
    ) {
        if let Some((element, aside)) = placed {
            element.paint(window, cx);
            if let Some(aside) = aside {
                aside.paint(window, cx);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn room(top: f32, bottom: f32) -> Room {
        let anchor = Bounds::from_corners(point(px(10.), px(top)), point(px(20.), px(bottom)));
        Room::new(
            anchor,
            Bounds::new(Point::default(), size(px(400.), px(300.))),
        )
    }

    #[test]
    fn the_side_that_is_asked_for_is_taken_where_there_is_room() {
        assert_eq!(room(100., 120.).top(Side::Above, px(50.)), px(48.));
        assert_eq!(room(100., 120.).top(Side::Below, px(50.)), px(122.));
    }

    #[test]
    fn what_stands_there_is_not_covered() {
        let other = |top: f32, bottom: f32| {
            Bounds::from_corners(point(px(10.), px(top)), point(px(90.), px(bottom)))
        };
        let middle = room(150., 170.);
        // Below what stands above, and above what stands below.
        let below = middle.top_apart(other(60., 148.), Side::Above, px(50.));
        assert_eq!(below, px(172.));
        let above = middle.top_apart(other(172., 290.), Side::Below, px(50.));
        assert_eq!(above, px(98.));
        // Beyond it where there is no room on the other side.
        let low = room(250., 270.);
        let beyond = low.top_apart(other(160., 248.), Side::Above, px(50.));
        assert_eq!(beyond, px(108.));
        let high = room(20., 40.);
        let beyond = high.top_apart(other(42., 130.), Side::Above, px(50.));
        assert_eq!(beyond, px(132.));
        // Where there is none anywhere, as without it.
        let full = low.top_apart(other(10., 248.), Side::Above, px(50.));
        assert_eq!(full, low.top(Side::Above, px(50.)));
    }

    #[test]
    fn the_other_side_is_taken_where_there_is_none() {
        assert_eq!(room(40., 60.).top(Side::Above, px(50.)), px(62.));
        assert_eq!(room(260., 280.).top(Side::Below, px(50.)), px(208.));
    }

    #[test]
    fn the_larger_side_is_taken_where_neither_has_room() {
        let room = room(100., 120.);
        assert_eq!(room.above.max(room.below), px(172.));
        assert_eq!(room.top(Side::Above, px(200.)), px(122.));
    }
}
