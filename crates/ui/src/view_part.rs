//! Parts of a view that are drawn apart from the rest of it.
//!
//! A frame builds every view anew that has changed, with all that is around it: for a letter in the
//! editor that is the whole window. What shows the same as in the frame before is therefore a part
//! of its own, which is handed on from there as it was drawn. gpui draws such a part again where it
//! was notified, or a view in it was; where its place, its size or the text style around it is
//! another; and where the window is refreshed, as after another focus, theme, setting or key.

use std::cell::Cell;
#[cfg(feature = "test-support")]
use std::cell::RefCell;
use std::rc::Rc;

use gpui_kit::prelude::*;
use gpui_kit::{
    AnyElement, AnyView, App, Context, Empty, Entity, Pixels, StyleRefinement, WeakEntity, Window,
    div,
};

use crate::widgets::watch_bounds;

/// Draws a part from what it shows. It does not see the view, whose state may have changed without
/// the part being drawn again; the context is there for listeners.
type Draw<V, S> = Box<dyn Fn(&S, &mut Window, &mut Context<V>) -> AnyElement>;

/// A part of a view `V` that is drawn again only where it shows something else. What it shows is a
/// value `S`: whatever it is drawn from is in it.
pub struct ViewPart<V: 'static, S: 'static> {
    name: &'static str,
    view: WeakEntity<V>,
    shown: Option<S>,
    draw: Draw<V, S>,
}

impl<V: 'static, S: PartialEq + 'static> ViewPart<V, S> {
    /// A part of the view whose context this is. `name` is what [`times_drawn`] counts it by.
    pub fn new(
        name: &'static str,
        cx: &mut Context<V>,
        draw: impl Fn(&S, &mut Window, &mut Context<V>) -> AnyElement + 'static,
    ) -> Entity<Self> {
        let view = cx.weak_entity();
        cx.new(|_| Self {
            name,
            view,
            shown: None,
            draw: Box::new(draw),
        })
    }

    /// The part with what it shows in this frame. Its size is that of `style`, not that of what it
    /// holds.
    pub fn show(
        part: &Entity<Self>,
        shown: S,
        style: StyleRefinement,
        window: &Window,
        cx: &mut App,
    ) -> AnyElement {
        let same = part.update(cx, |part, _| {
            let same = part.shown.as_ref() == Some(&shown);
            part.shown = Some(shown);
            same
        });
        if same {
            as_drawn(part.clone(), style, window)
        } else {
            drawn_anew(part.clone(), style)
        }
    }
}

impl<V: 'static, S: 'static> ViewPart<V, S> {
    /// The part, drawn with every frame: it holds parts of its own. gpui draws all of a part anew
    /// in which a view was notified, also the parts in it, so that these would be drawn with each
    /// letter and each step of an animation beside them.
    pub fn show_always(
        part: &Entity<Self>,
        shown: S,
        style: StyleRefinement,
        cx: &mut App,
    ) -> AnyElement {
        part.update(cx, |part, _| part.shown = Some(shown));
        drawn_anew(part.clone(), style)
    }
}

impl<V: 'static, S: 'static> Render for ViewPart<V, S> {
    fn render(&mut self, window: &mut Window, cx: &mut Context<Self>) -> impl IntoElement {
        drawn(self.name);
        let (Some(shown), draw) = (&self.shown, &self.draw) else {
            return Empty.into_any_element();
        };
        self.view
            .update(cx, |_, cx| draw(shown, window, cx))
            // A part goes with its view.
            .unwrap_or_else(|_| Empty.into_any_element())
    }
}

/// A view, as it was drawn in the frame before unless it was notified since. It reads nothing that
/// changes without notifying it, and holds no view that is drawn in this way: see
/// [`ViewPart::show_always`]. Its size is that of `style`; for one that is as high as what it holds
/// see [`ContentHeight`].
pub fn as_drawn(view: impl Into<AnyView>, style: StyleRefinement, window: &Window) -> AnyElement {
    // Assistive technology is told of a frame only what was drawn in it.
    if window.is_a11y_active() {
        drawn_anew(view, style)
    } else {
        view.into().cached(style).into_any_element()
    }
}

/// How high a view is drawn that is as high as what it holds, and can be handed on from the frame
/// before even so: it is known from when it was drawn last.
#[derive(Clone, Debug, Default)]
pub struct ContentHeight(Rc<Cell<Option<Pixels>>>);

impl ContentHeight {
    /// The view may be another height when it is drawn next. Where that is not said before, it is a
    /// frame late.
    pub fn forget(&self) {
        self.0.set(None);
    }

    /// The view, as wide as what it is in and as high as what it holds; as it was drawn in the frame
    /// before, unless it was notified since.
    pub fn as_drawn(&self, view: impl Into<AnyView>, window: &Window) -> AnyElement {
        let place = StyleRefinement::default().flex_none().w_full();
        match self.0.get() {
            Some(height) => as_drawn(view, place.h(height), window),
            None => drawn_anew(view, place),
        }
    }

    /// What the view holds, which tells its height when it is drawn.
    pub fn measured(&self, content: impl IntoElement) -> AnyElement {
        let known = self.0.clone();
        div()
            .relative()
            .w_full()
            .child(content)
            .child(watch_bounds(move |bounds| {
                let height = bounds.size.height;
                let before = known.replace(Some(height));
                before.is_some_and(|before| before != height)
            }))
            .into_any_element()
    }
}

fn drawn_anew(view: impl Into<AnyView>, style: StyleRefinement) -> AnyElement {
    let mut around = div();
    *around.style() = style;
    around.child(view.into()).into_any_element()
}

#[cfg(feature = "test-support")]
thread_local! {
    static DRAWN: RefCell<Vec<(&'static str, u64)>> = const { RefCell::new(Vec::new()) };
}

/// Says that a part of a name is being drawn, for the trace and for [`times_drawn`].
pub fn drawn(name: &'static str) {
    tracing::trace!("drawn: {name}");
    #[cfg(feature = "test-support")]
    DRAWN.with_borrow_mut(
        |drawn| match drawn.iter_mut().find(|(known, _)| *known == name) {
            Some((_, times)) => *times += 1,
            None => drawn.push((name, 1)),
        },
    );
}

/// How often the parts of a name were drawn by this thread, for tests.
#[cfg(feature = "test-support")]
#[must_use]
pub fn times_drawn(name: &str) -> u64 {
    DRAWN.with_borrow(|drawn| {
        let known = drawn.iter().find(|(known, _)| *known == name);
        known.map_or(0, |(_, times)| *times)
    })
}
