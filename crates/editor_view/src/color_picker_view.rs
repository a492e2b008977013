//! How the colour picker is drawn: the colours and how they are written above a field of saturation
//! and value, a strip of how opaque the colour is and one of hues.

use gpui_kit::base::TestSupportExt as _;
use gpui_kit::prelude::*;
use gpui_kit::{
    AccessibleAction, App, Bounds, Context, Corners, DispatchPhase, Div, Hitbox, HitboxBehavior,
    Hsla, MouseButton, MouseDownEvent, MouseMoveEvent, MouseUpEvent, Orientation, Pixels, Point,
    Rems, Render, Rgba, Role, SharedString, Stateful, Window, black, canvas, checkerboard, div,
    fill, linear_color_stop, linear_gradient, point, px, quad, size, white,
};
use ui::tokens::{MONO_FONT, Typography as _, height, radius, scaled, space};
use ui::widgets::{text_tooltip, watch_bounds};
use ui::{ActiveKilnTheme as _, Colors};

use crate::color_picker::{
    Accept, CONTEXT, Closing, ColorPicker, Dismiss, LeapDown, LeapLeft, LeapRight, LeapUp,
    NextPart, Part, PreviousPart, StepDown, StepLeft, StepRight, StepUp, ToLeast, ToMost,
};
use crate::floating::floating;
use crate::hsva::{self, Hsva, MAX_HUE};

/// How wide the picker is.
pub(crate) const WIDEST: Rems = scaled(280.);
/// How high its field and strips are.
const FIELD_HEIGHT: Rems = scaled(150.);
/// How wide a strip is.
const STRIP: Rems = scaled(18.);
/// How wide each of the colours is that are side by side.
const SWATCH: Rems = scaled(26.);
/// The side of a square below a colour that is not opaque, in pixels.
const SQUARE: f32 = 5.;
/// The squares: grey on white, also where the theme is dark, as the colours are the document's.
const SQUARE_GREY: f32 = 0.8;
/// Between the colours of a part and the edge that says that it has the keyboard.
const PADDING: Pixels = px(2.);
/// How wide that edge is.
const BORDER: Pixels = px(1.);
/// The mark of what is picked in the field, and in a strip, in pixels.
const RING: Pixels = px(12.);
const BAR: Pixels = px(6.);

/// A colour as the toolkit has it.
fn hsla(color: Hsva) -> Hsla {
    let [r, g, b, a] = color.rgba();
    Rgba { r, g, b, a }.into()
}

/// A fraction in words.
fn percent(fraction: f32) -> String {
    format!("{:.0} %", fraction * 100.)
}

impl Render for ColorPicker {
    fn render(&mut self, window: &mut Window, cx: &mut Context<Self>) -> impl IntoElement {
        let theme = cx.kiln_theme().clone();
        let hint: SharedString = match self.answer().and_then(|answer| answer.why_none()) {
            Some(why) => format!("It cannot be changed: {why}").into(),
            None => "Enter writes it, Escape leaves the text as it is".into(),
        };
        let body = div()
            .flex()
            .gap(space::S)
            .h(FIELD_HEIGHT)
            .child(self.field(&theme, cx).flex_1())
            .child(self.alpha_strip(&theme, cx))
            .child(self.hue_strip(&theme, cx));
        self.keys(floating(&theme).id("color-picker"), window, cx)
            .test_support()
            .key_context(CONTEXT)
            .track_focus(&self.focus)
            .role(Role::Dialog)
            .aria_label("Pick a colour")
            .on_mouse_down_out(cx.listener(|picker, _, window, cx| {
                picker.close(Closing::Accept, window, cx);
            }))
            .flex_col()
            .gap(space::S)
            .w(WIDEST)
            .relative()
            .text_color(theme.text_muted)
            .child(watch_bounds({
                let area = self.area.clone();
                move |bounds| {
                    area.set(bounds);
                    false
                }
            }))
            .child(self.header(&theme, cx))
            .child(body)
            .child(div().px(space::XXS).text_caption().child(hint))
    }
}

impl ColorPicker {
    fn keys(&self, element: Stateful<Div>, _: &Window, cx: &Context<Self>) -> Stateful<Div> {
        element
            .on_action(cx.listener(|it, _: &StepLeft, window, cx| it.step(-1., 0., window, cx)))
            .on_action(cx.listener(|it, _: &StepRight, window, cx| it.step(1., 0., window, cx)))
            .on_action(cx.listener(|it, _: &StepUp, window, cx| it.step(0., 1., window, cx)))
            .on_action(cx.listener(|it, _: &StepDown, window, cx| it.step(0., -1., window, cx)))
            .on_action(cx.listener(|it, _: &LeapLeft, window, cx| it.leap(-1., 0., window, cx)))
            .on_action(cx.listener(|it, _: &LeapRight, window, cx| it.leap(1., 0., window, cx)))
            .on_action(cx.listener(|it, _: &LeapUp, window, cx| it.leap(0., 1., window, cx)))
            .on_action(cx.listener(|it, _: &LeapDown, window, cx| it.leap(0., -1., window, cx)))
            .on_action(cx.listener(|it, _: &ToLeast, window, cx| it.go_to(0., window, cx)))
            .on_action(cx.listener(|it, _: &ToMost, window, cx| it.go_to(1., window, cx)))
            .on_action(cx.listener(|it, _: &NextPart, window, cx| it.focus_part(1, window, cx)))
            .on_action(cx.listener(|it, _: &PreviousPart, window, cx| {
                it.focus_part(-1, window, cx);
            }))
            .on_action(cx.listener(|it, _: &Accept, window, cx| {
                it.close(Closing::Confirm, window, cx);
            }))
            .on_action(cx.listener(|it, _: &Dismiss, window, cx| {
                it.close(Closing::Dismiss, window, cx);
            }))
    }

    /// The picked colour, the one in the text, and how the picked one is written.
    fn header(&self, theme: &Colors, cx: &Context<Self>) -> Div {
        let shown = |color: Hsva| {
            canvas(
                |_, _, _| (),
                move |bounds, (), window, _| paint_color(bounds, color, window),
            )
            .size_full()
        };
        let (picked, original) = (self.color(), self.original());
        let ring = theme.border_focused;
        let back = match self.is_new() {
            true => "Back to the first colour",
            false => "Back to the colour in the text",
        };
        let current = div()
            .id("color-picker-current")
            .test_support()
            .role(Role::Image)
            .aria_label(format!("Picked colour: {}", hsva::hex(picked.rounded())))
            .h_full()
            .w(SWATCH)
            .p(BORDER)
            .child(shown(picked));
        let original = div()
            .id("color-picker-original")
            .test_support()
            .role(Role::Button)
            .aria_label(format!("{back}: {}", hsva::hex(original.rounded())))
            .track_focus(self.focus_of(Part::Original))
            .h_full()
            .w(SWATCH)
            .border_1()
            .border_color(gpui_kit::transparent_black())
            .focus(move |style| style.border_color(ring))
            .cursor_pointer()
            .tooltip(text_tooltip(back))
            .on_click(cx.listener(|picker, _, _, cx| picker.pick_original(cx)))
            .child(shown(original));
        div()
            .flex()
            .items_center()
            .gap(space::S)
            .min_h(height::CONTROL)
            .child(
                div()
                    .flex()
                    .flex_none()
                    .h(height::CONTROL)
                    .overflow_hidden()
                    .rounded(radius::SMALL)
                    .border_1()
                    .border_color(theme.border)
                    .child(current)
                    .child(original),
            )
            .child(self.presentation(theme, cx))
    }

    /// How the picked colour is written: a press goes on to the next way.
    fn presentation(
        &self,
        theme: &Colors,
        cx: &Context<Self>,
    ) -> impl StatefulInteractiveElement + Styled + IntoElement + use<> {
        let chosen = self.presentations().and_then(|one| one.chosen());
        let label: SharedString = match chosen {
            Some((_, way)) => way.label.clone().into(),
            None => "\u{2026}".into(),
        };
        let name = match chosen {
            Some(_) => format!("Written as {label}; another way"),
            None => "Another way to write the colour".to_owned(),
        };
        let (hover, ring) = (theme.hover, theme.border_focused);
        div()
            .id("color-picker-presentation")
            .test_support()
            .role(Role::Button)
            .aria_label(name)
            .track_focus(self.focus_of(Part::Presentation))
            .flex()
            .flex_1()
            .min_w_0()
            .min_h(height::CONTROL)
            .items_center()
            .px(space::S)
            .py(space::XXS)
            .rounded(radius::SMALL)
            .border_1()
            .border_color(theme.border)
            .bg(theme.input_background)
            .text_color(theme.text)
            .font_family(MONO_FONT)
            .cursor_pointer()
            .hover(move |style| style.bg(hover))
            .focus(move |style| style.border_color(ring))
            .tooltip(text_tooltip("Write it another way (Space)"))
            .on_click(cx.listener(|picker, _, _, cx| picker.choose_next(cx)))
            // `lab(55.7% -30.2 40.5 / 0.5)` takes a second row.
            .child(div().min_w_0().whitespace_normal().child(label))
    }

    fn field(
        &self,
        theme: &Colors,
        cx: &Context<Self>,
    ) -> impl StatefulInteractiveElement + Styled + IntoElement + use<> {
        let color = self.color();
        let said = format!(
            "saturation {}, brightness {}",
            percent(color.saturation),
            percent(color.value)
        );
        self.surface(Part::Field, "color-picker-field", paint_field, theme, cx)
            .aria_label("Saturation and brightness")
            .aria_value(said)
    }

    fn alpha_strip(
        &self,
        theme: &Colors,
        cx: &Context<Self>,
    ) -> impl StatefulInteractiveElement + Styled + IntoElement + use<> {
        let alpha = self.color().alpha;
        self.surface(Part::Alpha, "color-picker-alpha", paint_alpha, theme, cx)
            .w(STRIP)
            .aria_label("Opacity")
            .aria_value(percent(alpha))
            .aria_numeric_value(f64::from(alpha) * 100.)
            .aria_min_numeric_value(0.)
            .aria_max_numeric_value(100.)
    }

    fn hue_strip(
        &self,
        theme: &Colors,
        cx: &Context<Self>,
    ) -> impl StatefulInteractiveElement + Styled + IntoElement + use<> {
        let hue = self.color().hue;
        self.surface(Part::Hue, "color-picker-hue", paint_hue, theme, cx)
            .w(STRIP)
            .aria_label("Hue")
            .aria_value(format!("{hue:.0}°"))
            .aria_numeric_value(f64::from(hue))
            .aria_min_numeric_value(0.)
            .aria_max_numeric_value(f64::from(MAX_HUE))
    }

    /// A part in which the pointer picks by where it is.
    fn surface(
        &self,
        part: Part,
        id: &'static str,
        paint: fn(Bounds<Pixels>, Hsva, &mut Window),
        theme: &Colors,
        cx: &Context<Self>,
    ) -> impl StatefulInteractiveElement + Styled + IntoElement + use<> {
        let (picker, color) = (cx.entity(), self.color());
        let ring = theme.border_focused;
        let painted = canvas(
            |bounds, window, _| {
                // At its edge the pointer picks the most and the least.
                let around = bounds.dilate(PADDING + BORDER);
                window.insert_hitbox(around, HitboxBehavior::Normal)
            },
            move |bounds, hitbox, window, _| {
                paint(bounds, color, window);
                listen(&picker, part, bounds, hitbox, window);
            },
        );
        let step = |up: f32| {
            let picker = cx.entity();
            move |cx: &mut App| picker.update(cx, |picker, cx| picker.step_in(part, 0., up, cx))
        };
        let (more, less) = (step(1.), step(-1.));
        div()
            .id(id)
            .test_support()
            .role(Role::Slider)
            .aria_orientation(Orientation::Vertical)
            .on_a11y_action(AccessibleAction::Increment, move |_, _, cx| more(cx))
            .on_a11y_action(AccessibleAction::Decrement, move |_, _, cx| less(cx))
            .track_focus(self.focus_of(part))
            .h_full()
            .p(PADDING)
            .rounded(radius::SMALL)
            .border_1()
            .border_color(gpui_kit::transparent_black())
            .focus(move |style| style.border_color(ring))
            .cursor_crosshair()
            .child(painted.size_full())
    }
}

/// Has the pointer pick in a part while its button is held, also outside of it.
fn listen(
    picker: &gpui_kit::Entity<ColorPicker>,
    part: Part,
    bounds: Bounds<Pixels>,
    hitbox: Hitbox,
    window: &mut Window,
) {
    let place = move |position: Point<Pixels>| {
        let from = position - bounds.origin;
        let fraction = |at: Pixels, of: Pixels| (at / of.max(px(1.))).clamp(0., 1.);
        point(
            fraction(from.x, bounds.size.width),
            fraction(from.y, bounds.size.height),
        )
    };
    let target = picker.clone();
    window.on_mouse_event(move |event: &MouseDownEvent, phase, window, cx| {
        let is_press = phase == DispatchPhase::Bubble && event.button == MouseButton::Left;
        if is_press && hitbox.is_hovered(window) {
            target.update(cx, |picker, cx| {
                picker.press(part, place(event.position), window, cx);
            });
            // What is around must not take the focus for this press.
            window.prevent_default();
        }
    });
    let target = picker.clone();
    window.on_mouse_event(move |event: &MouseMoveEvent, phase, _, cx| {
        if phase != DispatchPhase::Bubble {
            return;
        }
        target.update(cx, |picker, cx| match event.pressed_button {
            Some(MouseButton::Left) => picker.drag(part, place(event.position), cx),
            _ => picker.release(),
        });
    });
    let target = picker.clone();
    window.on_mouse_event(move |event: &MouseUpEvent, phase, _, cx| {
        if phase == DispatchPhase::Bubble && event.button == MouseButton::Left {
            target.update(cx, |picker, _| picker.release());
        }
    });
}

/// What is seen through a colour that is not opaque.
fn paint_squares(bounds: Bounds<Pixels>, window: &mut Window) {
    window.paint_quad(fill(bounds, white()));
    let grey = gpui_kit::hsla(0., 0., SQUARE_GREY, 1.);
    window.paint_quad(fill(bounds, checkerboard(grey, SQUARE)));
}

fn paint_color(bounds: Bounds<Pixels>, color: Hsva, window: &mut Window) {
    if color.alpha < 1. {
        paint_squares(bounds, window);
    }
    window.paint_quad(fill(bounds, hsla(color)));
}

fn paint_field(bounds: Bounds<Pixels>, color: Hsva, window: &mut Window) {
    window.paint_quad(fill(bounds, hsla(color.pure())));
    let rightward = linear_gradient(
        90.,
        linear_color_stop(white(), 0.),
        linear_color_stop(white().opacity(0.), 1.),
    );
    window.paint_quad(fill(bounds, rightward));
    let downward = linear_gradient(
        180.,
        linear_color_stop(black().opacity(0.), 0.),
        linear_color_stop(black(), 1.),
    );
    window.paint_quad(fill(bounds, downward));
    let picked = point(
        bounds.left() + bounds.size.width * color.saturation,
        bounds.top() + bounds.size.height * (1. - color.value),
    );
    paint_mark(Bounds::centered_at(picked, size(RING, RING)), color, window);
}

fn paint_alpha(bounds: Bounds<Pixels>, color: Hsva, window: &mut Window) {
    paint_squares(bounds, window);
    let opaque = hsla(Hsva { alpha: 1., ..color });
    let downward = linear_gradient(
        180.,
        linear_color_stop(opaque, 0.),
        linear_color_stop(opaque.opacity(0.), 1.),
    );
    window.paint_quad(fill(bounds, downward));
    paint_bar(bounds, color.alpha, color, window);
}

fn paint_hue(bounds: Bounds<Pixels>, color: Hsva, window: &mut Window) {
    /// Between these a colour changes evenly in one of its parts.
    const SIXTHS: usize = 6;
    let pure = |sixth: usize| {
        let hue = MAX_HUE * (SIXTHS - sixth) as f32 / SIXTHS as f32;
        hsla(Hsva { hue, ..color }.pure())
    };
    let step = bounds.size.height / SIXTHS as f32;
    for sixth in 0..SIXTHS {
        let top = bounds.top() + step * sixth as f32;
        let part = Bounds::new(point(bounds.left(), top), size(bounds.size.width, step));
        let downward = linear_gradient(
            180.,
            linear_color_stop(pure(sixth), 0.),
            linear_color_stop(pure(sixth + 1), 1.),
        );
        window.paint_quad(fill(part, downward));
    }
    paint_bar(bounds, color.hue / MAX_HUE, color.pure(), window);
}

/// The mark across a strip, so far up.
fn paint_bar(bounds: Bounds<Pixels>, up: f32, color: Hsva, window: &mut Window) {
    let middle = bounds.top() + bounds.size.height * (1. - up);
    let across = size(bounds.size.width + PADDING * 2., BAR);
    let center = point(bounds.center().x, middle);
    paint_mark(Bounds::centered_at(center, across), color, window);
}

/// A mark in a colour that is seen on every other: white in black.
fn paint_mark(bounds: Bounds<Pixels>, color: Hsva, window: &mut Window) {
    let opaque = hsla(Hsva { alpha: 1., ..color });
    let corners = Corners::all(bounds.size.height.min(bounds.size.width) / 2.);
    let rings = [
        (bounds, black().opacity(0.6)),
        (bounds.dilate(px(-1.)), white()),
    ];
    for (ring, edge) in rings {
        let width = if edge == white() { px(2.) } else { px(1.) };
        let style = Default::default();
        window.paint_quad(quad(ring, corners, opaque, width, edge, style));
    }
}
