//! Keys of several strokes.

use super::Scene;
use gpui_kit::TestAppContext;

const WAITS: &str = "(Ctrl+K) was pressed; waiting for the next key\u{2026}";
const NO_COMMAND: &str = "The key combination (Ctrl+K, Q) is not a command.";

impl Scene<'_> {
    /// What was typed in the view in front.
    fn typed(&mut self) -> String {
        let view = self.view();
        view.read_with(self.cx, |view, _| view.typed.clone())
    }
}

#[gpui_kit::test]
fn a_chord_that_is_no_command_types_nothing_and_is_told(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.open_file("README.md");
    scene.press("ctrl-k");
    assert!(scene.shows(WAITS));
    scene.press("q");
    assert!(scene.shows(NO_COMMAND) && !scene.shows(WAITS));
    assert_eq!(scene.typed(), "");
    // What follows is typed again, and nothing waits any more.
    scene.press("x");
    assert!(!scene.shows(NO_COMMAND));
    assert_eq!(scene.typed(), "x");
    scene.press("ctrl-k q");
    assert!(scene.shows(NO_COMMAND));
    // After some seconds nobody wants to know it.
    scene.settle();
    scene.settle();
    assert!(!scene.shows(NO_COMMAND));
    assert_eq!(scene.typed(), "x");
}

#[gpui_kit::test]
fn escape_ends_a_chord_and_one_that_is_a_command_runs(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.open_file("README.md");
    scene.open_file("src/main.rs");
    scene.press("ctrl-k escape");
    assert!(!scene.shows(WAITS));
    assert!(!scene.shows("The key combination (Ctrl+K, Escape) is not a command."));
    scene.press("o");
    assert_eq!(scene.typed(), "o", "no chord is left that it could end");
    scene.press("ctrl-k o");
    assert_eq!(scene.tabs(), ["main.rs*"]);
    assert_eq!(scene.typed(), "o");
}
