//! A keyboard that what is not drawn any more had.

use super::Scene;
use gpui_kit::test::TestEventExt as _;
use gpui_kit::{Focusable as _, MouseButton, TestAppContext, point, px};
use std::cell::Cell;
use std::rc::Rc;

impl Scene<'_> {
    /// Gives the keyboard to what is not drawn.
    fn lose_keyboard(&mut self) {
        self.with(|window, cx| cx.focus_handle().focus(window, cx));
    }

    fn letters(&mut self) -> String {
        let view = self.view();
        view.read_with(self.cx, |view, _| view.typed.clone())
    }
}

#[gpui_kit::test]
fn a_keyboard_that_is_lost_below_a_list_goes_to_the_list(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.open_file("README.md");
    scene.run("workbench.commandPalette");
    scene.lose_keyboard();
    scene.settle();
    scene.write("zzz");
    assert!(scene.shows("No command is called “zzz”."));
    scene.press("escape");
    scene.press("x");
    assert_eq!(scene.letters(), "x");
}

#[gpui_kit::test]
fn a_key_finds_out_that_nobody_has_the_keyboard(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.open_file("README.md");
    let view = scene.view();
    // Another that hears of it gives the keyboard to what is not drawn either: gpui has told that
    // it is lost by then, and tells nothing more.
    let moved = scene.with(|window, cx| {
        let lost = cx.focus_handle();
        view.update(cx, |_, cx| {
            cx.on_focus_lost(window, move |_, window, cx| lost.focus(window, cx))
        })
    });
    scene.lose_keyboard();
    scene.settle();
    drop(moved);
    // As Vim's keys are taken.
    let taken = Rc::new(Cell::new(0));
    let intercepted = scene.with(|_, cx| {
        let (focus, taken) = (view.focus_handle(cx), taken.clone());
        cx.intercept_keystrokes(move |_, window, _| {
            taken.set(taken.get() + usize::from(focus.is_focused(window)));
        })
    });
    scene.press("x");
    assert_eq!(taken.get(), 1, "the key is heard once");
    drop(intercepted);
    scene.press("y");
    assert_eq!(scene.letters(), "xy");
}

#[gpui_kit::test]
fn a_press_on_a_control_of_a_bar_leaves_the_keyboard_in_the_text(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.open_file("README.md");
    scene.click("Hide left dock");
    scene.press("x");
    assert_eq!(scene.letters(), "x");
    // A dock that is shown is there to be used; what it had goes back to the text with it.
    scene.click("Show left dock");
    scene.press("y");
    assert_eq!(scene.letters(), "x");
    scene.click("Hide left dock");
    scene.press("z");
    assert_eq!(scene.letters(), "xz");
}

#[gpui_kit::test]
fn a_press_where_nothing_takes_the_keyboard_leaves_it_in_the_text(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.open_file("README.md");
    let mut typed = String::new();
    // The title bar, the strip of tabs, the breadcrumbs and the status bar, where they are empty.
    for y in [8., 45., 75., 792.] {
        scene.with(|window, cx| {
            let at = point(px(700.), px(y));
            window.pointer_move(at, None, cx);
            window.pointer_down(at, MouseButton::Left, cx);
            window.pointer_up(at, MouseButton::Left, cx);
        });
        scene.settle();
        scene.press("x");
        typed.push('x');
        assert_eq!(scene.letters(), typed, "at {y}");
    }
}
