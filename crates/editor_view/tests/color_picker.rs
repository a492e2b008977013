//! Picking another colour in the place of one that a language server knows. The server is the fake one
//! of `lsp`.
#![allow(missing_docs, clippy::expect_used, clippy::unwrap_used)]
#![cfg(unix)]

mod common;

use common::served::{Session, open_served};
use gpui_kit::test::{TestEventExt as _, TestQueryExt as _, TestWindowExt as _};
use gpui_kit::{App, MouseButton, Pixels, Point, Role, TestAppContext, point, px};
use std::time::{Duration, Instant};

const PICKER: &str = "color-picker";
const FIELD: &str = "color-picker-field";
const ALPHA: &str = "color-picker-alpha";
const HUE: &str = "color-picker-hue";
const PRESENTATION: &str = "color-picker-presentation";
const ORIGINAL: &str = "color-picker-original";
const COMMAND: &str = "editor.action.showOrFocusStandaloneColorPicker";

/// What the picker says of how the colour is written.
const WRITTEN: &str = "Written as ";

impl Session {
    /// Waits until the swatches are of these colours, in hexadecimal digits.
    #[track_caller]
    fn swatches(&self, cx: &mut TestAppContext, wanted: &[u32]) {
        let end = Instant::now() + Duration::from_secs(20);
        loop {
            self.rest(cx);
            let shown = cx.update(|cx| self.editor.view.read(cx).color_swatches());
            let colors = shown.into_iter().map(|(_, color)| {
                let color = color.to_rgb();
                let byte = |part: f32| (part * 255.).round() as u32;
                byte(color.r) << 16 | byte(color.g) << 8 | byte(color.b)
            });
            let colors: Vec<_> = colors.collect();
            if colors == wanted {
                return;
            }
            assert!(Instant::now() < end, "waited for {wanted:x?}: {colors:x?}");
            std::thread::yield_now();
        }
    }

    /// Lets the time pass after which the server is asked for the colours.
    fn rest(&self, cx: &mut TestAppContext) {
        cx.run_until_parked();
        cx.executor().advance_clock(Duration::from_millis(300));
        self.editor.frame(cx);
    }

    /// A place in the swatch of a row, of which the colour is the fourth character.
    fn swatch(&self, cx: &mut TestAppContext, row: usize) -> Point<Pixels> {
        self.editor.frame(cx);
        self.editor.place(cx, row, 3)
    }

    fn press_at(&self, cx: &mut TestAppContext, place: Point<Pixels>) {
        self.editor.update(cx, |window, cx| {
            window.pointer_down(place, MouseButton::Left, cx);
            window.pointer_up(place, MouseButton::Left, cx);
        });
        cx.run_until_parked();
    }

    /// Presses the swatch of a row, and waits until it is known how its colour is written.
    fn open_picker(&self, cx: &mut TestAppContext, row: usize) {
        let end = Instant::now() + Duration::from_secs(20);
        while !self.has(cx, PICKER) {
            // A swatch of text that is another by now opens nothing.
            let place = self.swatch(cx, row);
            self.press_at(cx, place);
            self.rest(cx);
            assert!(Instant::now() < end, "the picker does not open");
        }
        self.label_becomes(cx, |label| label.starts_with(WRITTEN));
    }

    fn label(&self, cx: &mut TestAppContext, id: &'static str) -> String {
        self.editor.update(cx, |window, cx| {
            window.render_frame(cx);
            window.find(id).label().unwrap_or_default().to_owned()
        })
    }

    /// Waits for what is said of how the colour is written.
    #[track_caller]
    fn label_becomes(&self, cx: &mut TestAppContext, holds: impl Fn(&str) -> bool) {
        let end = Instant::now() + Duration::from_secs(20);
        loop {
            cx.run_until_parked();
            let label = self.label(cx, PRESENTATION);
            if holds(&label) {
                return;
            }
            assert!(Instant::now() < end, "waited in {label:?}");
            std::thread::yield_now();
        }
    }

    #[track_caller]
    fn is_written(&self, cx: &mut TestAppContext, way: &str) {
        let wanted = format!("{WRITTEN}{way}; another way");
        self.label_becomes(cx, |label| label == wanted);
    }

    fn value(&self, cx: &mut TestAppContext, id: &'static str) -> String {
        self.editor.update(cx, |window, cx| {
            window.render_frame(cx);
            window.find(id).value().unwrap_or_default().to_owned()
        })
    }

    fn said(&self, cx: &mut TestAppContext) -> String {
        let said = self
            .editor
            .update(cx, |window, cx| ui::shown_notices(window, cx));
        format!("{said:?}")
    }

    /// Waits until something is said.
    #[track_caller]
    fn says(&self, cx: &mut TestAppContext, words: &str) {
        let end = Instant::now() + Duration::from_secs(20);
        while !self.said(cx).contains(words) {
            cx.run_until_parked();
            assert!(Instant::now() < end, "waited in {}", self.said(cx));
            std::thread::yield_now();
        }
    }

    /// A place of an element, by fractions of its size.
    fn place_in(&self, cx: &mut TestAppContext, id: &'static str, x: f32, y: f32) -> Point<Pixels> {
        let bounds = self.editor.update(cx, |window, cx| {
            window.render_frame(cx);
            window.find(id).bounds()
        });
        bounds.origin + point(bounds.size.width * x, bounds.size.height * y)
    }

    fn has_the_keyboard(&self, cx: &mut TestAppContext, id: &'static str) -> bool {
        self.editor.update(cx, |window, cx| {
            window.render_frame(cx);
            window.find(id).focused() == Some(true)
        })
    }

    fn text(&self, cx: &mut TestAppContext) -> String {
        cx.update(|cx| self.editor.view.read(cx).text(cx).to_string())
    }

    fn editor_has_the_keyboard(&self, cx: &mut TestAppContext) -> bool {
        let view = &self.editor.view;
        self.editor.update(cx, |window, cx| {
            window.render_frame(cx);
            gpui_kit::Focusable::focus_handle(view, cx).is_focused(window)
        })
    }
}

#[gpui_kit::test]
fn the_tooltip_of_a_swatch_is_not_over_its_picker(cx: &mut TestAppContext) {
    let it = open_served(cx, "a: #ff0000;\nb: #0000ff;\n", "colors");
    it.start(cx);
    it.swatches(cx, &[0xff0000, 0x0000ff]);
    let told_at = |cx: &mut TestAppContext, across: f32| {
        let place = it.swatch(cx, 1) + point(px(across), px(0.));
        it.editor.update(cx, |window, cx| {
            window.pointer_move(place, None, cx);
            window.render_frame(cx);
        });
        cx.executor().advance_clock(Duration::from_secs(2));
        cx.run_until_parked();
        it.editor.update(cx, |window, cx| {
            window.render_frame(cx);
            let tooltips = window.find_all_by_role(Role::Tooltip);
            tooltips.iter().filter(|tooltip| tooltip.visible()).count()
        })
    };
    assert_eq!(told_at(cx, 0.), 1);
    it.open_picker(cx, 1);
    assert_eq!(told_at(cx, 1.), 0);
}

#[gpui_kit::test]
fn a_press_on_a_swatch_picks_a_colour_that_is_written_as_one_step(cx: &mut TestAppContext) {
    let it = open_served(cx, "a: #ff0000;\nb: #0000ff;\n", "colors");
    it.start(cx);
    let editor = &it.editor;
    it.swatches(cx, &[0xff0000, 0x0000ff]);
    editor.set(cx, "a: #ff0000;\nb: #0000ff;\nˇ");
    it.swatches(cx, &[0xff0000, 0x0000ff]);
    it.open_picker(cx, 1);
    it.is_written(cx, "#0000ff");
    // It stands below its text, which is not changed meanwhile.
    let below = editor.place(cx, 2, 0).y - px(15.);
    let picker = editor.update(cx, |window, _| window.find(PICKER).bounds());
    assert!(
        picker.top() >= below && picker.bottom() < px(600.),
        "{picker:?}"
    );
    let (from, to) = (
        it.place_in(cx, FIELD, 0.99, 0.01),
        it.place_in(cx, FIELD, 0.99, 0.5),
    );
    editor.update(cx, |window, cx| {
        window.pointer_down(from, MouseButton::Left, cx);
        window.pointer_move(to, Some(MouseButton::Left), cx);
    });
    let dragged = it.value(cx, FIELD);
    assert!(dragged.ends_with("brightness 50 %"), "{dragged}");
    // Also outside of what it was pressed in, as far as that goes.
    let outside = to + point(px(400.), px(0.));
    editor.update(cx, |window, cx| {
        window.pointer_move(outside, Some(MouseButton::Left), cx);
        window.pointer_up(outside, MouseButton::Left, cx);
    });
    assert_eq!(it.value(cx, FIELD), "saturation 100 %, brightness 50 %");
    // Another press, which began elsewhere.
    let held = Some(MouseButton::Left);
    editor.update(cx, |window, cx| window.pointer_move(from, held, cx));
    assert_eq!(
        it.value(cx, FIELD),
        "saturation 100 %, brightness 50 %",
        "it is let go"
    );
    it.label_becomes(cx, |label| !label.contains("#0000ff"));
    assert_eq!(it.text(cx), "a: #ff0000;\nb: #0000ff;\n");
    let picked = it.label(cx, "color-picker-current");
    let picked = picked.rsplit(' ').next().unwrap().to_owned();
    it.is_written(cx, &picked);
    editor.press(cx, "enter");
    it.reads(cx, &format!("a: #ff0000;\nb: {picked};\n"));
    assert!(picked.starts_with("#0000") && picked.len() == 7, "{picked}");
    assert!(!it.has(cx, PICKER) && it.editor_has_the_keyboard(cx));
    editor.shows(cx, &format!("a: #ff0000;\nb: {picked};\nˇ"));
    editor.press(cx, "ctrl-z");
    editor.shows(cx, "a: #ff0000;\nb: #0000ff;\nˇ");
}

#[gpui_kit::test]
fn a_press_on_how_it_is_written_writes_it_another_way(cx: &mut TestAppContext) {
    let it = open_served(cx, "a: red;\n", "colors");
    it.start(cx);
    let editor = &it.editor;
    it.swatches(cx, &[0xff0000]);
    it.open_picker(cx, 0);
    it.is_written(cx, "rgb(255, 0, 0)");
    editor.update(cx, |window, cx| window.click(PRESENTATION, cx));
    it.is_written(cx, "#ff0000");
    editor.update(cx, |window, cx| window.click(PRESENTATION, cx));
    it.is_written(cx, "tint(#ff0000)");
    editor.press(cx, "enter");
    // With what it needs elsewhere, in one step.
    it.reads(cx, "use tint;\na: tint(#ff0000);\n");
    editor.press(cx, "ctrl-z");
    it.reads(cx, "a: red;\n");
    // It stays the same way when the colour is another.
    it.swatches(cx, &[0xff0000]);
    it.open_picker(cx, 0);
    editor.press(cx, "shift-tab");
    assert!(it.has_the_keyboard(cx, PRESENTATION));
    editor.press(cx, "space space space");
    it.is_written(cx, "rgb(255, 0, 0)");
    editor.press(cx, "space tab tab tab end");
    assert!(it.has_the_keyboard(cx, HUE));
    editor.press(cx, "pagedown pagedown");
    it.is_written(cx, "#ff0055");
    editor.press(cx, "enter");
    it.reads(cx, "a: #ff0055;\n");
}

#[gpui_kit::test]
fn escape_leaves_the_text_and_a_press_elsewhere_writes(cx: &mut TestAppContext) {
    let it = open_served(cx, "a: #ff0000;\nb: #0000ff;\n\n\n", "colors");
    it.start(cx);
    let editor = &it.editor;
    it.swatches(cx, &[0xff0000, 0x0000ff]);
    it.open_picker(cx, 0);
    editor.press(cx, "left");
    it.is_written(cx, "#ff0303");
    editor.press(cx, "escape");
    assert!(!it.has(cx, PICKER) && it.editor_has_the_keyboard(cx));
    assert_eq!(it.text(cx), "a: #ff0000;\nb: #0000ff;\n\n\n");

    it.open_picker(cx, 0);
    editor.press(cx, "left");
    it.is_written(cx, "#ff0303");
    let elsewhere = editor.place(cx, 0, 2);
    it.press_at(cx, elsewhere);
    it.reads(cx, "a: #ff0303;\nb: #0000ff;\n\n\n");
    assert!(!it.has(cx, PICKER) && it.editor_has_the_keyboard(cx));
    editor.shows(cx, "a:ˇ #ff0303;\nb: #0000ff;\n\n\n");

    // On another swatch it goes on there.
    it.swatches(cx, &[0xff0303, 0x0000ff]);
    it.open_picker(cx, 1);
    editor.press(cx, "down");
    let first = it.swatch(cx, 0);
    it.press_at(cx, first);
    it.reads(cx, "a: #ff0303;\nb: #0000fc;\n\n\n");
    it.label_becomes(cx, |label| label.contains("#ff0303"));

    // What is picked as it was is no change.
    editor.press(cx, "enter");
    cx.run_until_parked();
    assert_eq!(it.text(cx), "a: #ff0303;\nb: #0000fc;\n\n\n");
    editor.press(cx, "ctrl-z");
    it.reads(cx, "a: #ff0303;\nb: #0000ff;\n\n\n");
}

#[gpui_kit::test]
fn keys_reach_all_of_the_picker_and_its_parts_have_names(cx: &mut TestAppContext) {
    let it = open_served(cx, "a: #804020;\n", "colors");
    it.start(cx);
    let editor = &it.editor;
    it.swatches(cx, &[0x804020]);
    it.open_picker(cx, 0);
    let parts = [FIELD, ALPHA, HUE, ORIGINAL, PRESENTATION];
    for part in parts {
        assert!(it.has_the_keyboard(cx, part), "{part}");
        editor.press(cx, "tab");
    }
    assert!(it.has_the_keyboard(cx, FIELD));
    for part in parts.iter().rev() {
        editor.press(cx, "shift-tab");
        assert!(it.has_the_keyboard(cx, part), "{part}");
    }
    let names = editor.update(cx, |window, _| {
        [PICKER, FIELD, ALPHA, HUE, ORIGINAL, PRESENTATION].map(|id| {
            let found = window.find(id);
            (found.role().unwrap(), found.label().unwrap().to_owned())
        })
    });
    let names = names.each_ref().map(|(role, name)| (*role, name.as_str()));
    assert_eq!(
        names,
        [
            (Role::Dialog, "Pick a colour"),
            (Role::Slider, "Saturation and brightness"),
            (Role::Slider, "Opacity"),
            (Role::Slider, "Hue"),
            (Role::Button, "Back to the colour in the text: #804020"),
            (Role::Button, "Written as #804020; another way"),
        ]
    );
    let values = |cx: &mut TestAppContext| [FIELD, ALPHA, HUE].map(|id| it.value(cx, id));
    assert_eq!(
        values(cx),
        ["saturation 75 %, brightness 50 %", "100 %", "20°"]
    );
    for (keys, wanted) in [
        ("right up", "saturation 76 %, brightness 51 %"),
        ("shift-left shift-down", "saturation 66 %, brightness 41 %"),
        ("left down", "saturation 65 %, brightness 40 %"),
        ("end", "saturation 100 %, brightness 40 %"),
        ("right pageup", "saturation 100 %, brightness 50 %"),
        ("home left", "saturation 0 %, brightness 50 %"),
    ] {
        editor.press(cx, keys);
        assert_eq!(values(cx)[0], wanted, "{keys}");
    }
    editor.press(cx, "tab pagedown down left up");
    assert_eq!(values(cx)[1], "89 %");
    editor.press(cx, "tab pageup up");
    // A grey keeps its hue, and so its colour comes back.
    assert_eq!(values(cx)[2], "31°");
    editor.press(cx, "end up");
    assert_eq!(values(cx)[2], "360°");
    it.label_becomes(cx, |label| label.contains("#808080"));
    editor.press(cx, "tab space");
    assert_eq!(
        values(cx),
        ["saturation 75 %, brightness 50 %", "100 %", "20°"]
    );
    it.is_written(cx, "#804020");
    editor.press(cx, "enter");
    assert_eq!(it.text(cx), "a: #804020;\n");
}

fn run(it: &Session, cx: &mut TestAppContext, command: &str) {
    it.editor.update(cx, |window, cx| {
        assert!(ui::Commands::run(command, window, cx))
    });
    cx.run_until_parked();
}

#[gpui_kit::test]
fn a_command_picks_the_colour_at_the_caret(cx: &mut TestAppContext) {
    let it = open_served(cx, "a: #ff0000#0000ff;\n", "colors");
    it.start(cx);
    let editor = &it.editor;
    // Also where no swatches are shown.
    editor.settings(cx, r#"{"editor.colorDecorators": false}"#);
    editor.set(cx, "a: #ff0000ˇ#0000ff;\n");
    run(&it, cx, COMMAND);
    it.shows(cx, PICKER);
    it.is_written(cx, "#0000ff");
    editor.press(cx, "escape home right right right right");
    run(&it, cx, COMMAND);
    it.shows(cx, PICKER);
    editor.press(cx, "left enter");
    it.reads(cx, "a: #ff0303#0000ff;\n");
}

#[gpui_kit::test]
fn a_command_writes_a_colour_where_there_is_none(cx: &mut TestAppContext) {
    let it = open_served(cx, "a: ;\n", "colors");
    it.start(cx);
    let editor = &it.editor;
    editor.set(cx, "a: ˇ;\n");
    for leaves in ["escape", "shift-tab"] {
        run(&it, cx, COMMAND);
        it.shows(cx, PICKER);
        it.is_written(cx, "rgb(0, 0, 0)");
        // Escape and a press elsewhere leave the text as it is.
        match leaves {
            "escape" => {
                editor.press(cx, "escape");
            }
            _ => {
                let elsewhere = editor.place(cx, 1, 0);
                it.press_at(cx, elsewhere);
                editor.set(cx, "a: ˇ;\n");
            }
        }
        assert!(!it.has(cx, PICKER));
        assert_eq!(it.text(cx), "a: ;\n");
    }
    run(&it, cx, COMMAND);
    it.shows(cx, PICKER);
    it.is_written(cx, "rgb(0, 0, 0)");
    editor.update(cx, |window, cx| window.click(PRESENTATION, cx));
    it.is_written(cx, "#000000");
    editor.press(cx, "enter");
    it.reads(cx, "a: #000000;\n");
    it.swatches(cx, &[0]);
    editor.press(cx, "ctrl-z");
    it.reads(cx, "a: ;\n");
}

#[gpui_kit::test]
fn a_swatch_has_the_colour_that_is_written_and_stays_before_it(cx: &mut TestAppContext) {
    let it = open_served(cx, "a: red;\n", "colors");
    it.start(cx);
    let editor = &it.editor;
    it.swatches(cx, &[0xff0000]);
    it.open_picker(cx, 0);
    editor.press(cx, "left");
    it.is_written(cx, "rgb(255, 3, 3)");
    editor.press(cx, "enter");
    // No time has passed: the server was not asked.
    assert_eq!(it.text(cx), "a: rgb(255, 3, 3);\n");
    let shown = cx.update(|cx| editor.view.read(cx).color_swatches());
    let [(place, color)] = shown[..] else {
        panic!("{shown:?}");
    };
    let color = color.to_rgb();
    assert_eq!((place, (color.g * 255.).round()), (3, 3.));
    // Typing over it keeps the swatch before it, too.
    editor.set(cx, "a: «redˇ»;\n");
    it.swatches(cx, &[0xff0000]);
    editor.input(cx, "b");
    let shown = cx.update(|cx| editor.view.read(cx).color_swatches());
    assert_eq!(shown.iter().map(|one| one.0).collect::<Vec<_>>(), [3]);
}

#[gpui_kit::test]
fn a_swatch_says_what_it_is(cx: &mut TestAppContext) {
    let it = open_served(cx, "a: red;\nb: #0000ff;\n", "colors");
    it.start(cx);
    it.swatches(cx, &[0xff0000, 0x0000ff]);
    for (row, name) in [
        (0, "Colour red: pick another"),
        (1, "Colour #0000ff: pick another"),
    ] {
        let place = it.swatch(cx, row);
        let bounds = it.editor.update(cx, |window, cx| {
            window.render_frame(cx);
            let swatch = window.find_by_label(name);
            assert_eq!(swatch.role(), Some(Role::Button));
            swatch.bounds()
        });
        assert!(bounds.contains(&place), "{bounds:?} {place:?}");
    }
    // The mouse presses what is below it.
    it.open_picker(cx, 1);
    it.is_written(cx, "#0000ff");
}

#[gpui_kit::test]
fn a_command_says_why_no_colour_can_be_picked(cx: &mut TestAppContext) {
    let it = open_served(cx, "a: red;\n", "");
    it.start(cx);
    run(&it, cx, COMMAND);
    it.says(cx, "No colour can be picked here: ");
}

#[gpui_kit::test]
fn what_is_picked_before_the_server_has_answered_is_written_then(cx: &mut TestAppContext) {
    let it = open_served(cx, "a: #ff0000;\n", "colors");
    it.start(cx);
    let editor = &it.editor;
    it.swatches(cx, &[0xff0000]);
    it.open_picker(cx, 0);
    // The text changes elsewhere before it is answered.
    editor.press(cx, "left enter");
    assert_eq!(it.text(cx), "a: #ff0000;\n");
    editor.press(cx, "ctrl-home");
    editor.input(cx, "é: ");
    it.reads(cx, "é: a: #ff0303;\n");
    editor.shows(cx, "é: ˇa: #ff0303;\n");
    editor.press(cx, "ctrl-z");
    editor.shows(cx, "é: ˇa: #ff0000;\n");
}

#[gpui_kit::test]
fn a_colour_is_written_only_where_it_stands(cx: &mut TestAppContext) {
    let it = open_served(cx, "a: #ff0000;\n", "colors");
    it.start(cx);
    let editor = &it.editor;
    it.swatches(cx, &[0xff0000]);
    let edit = |cx: &mut TestAppContext, text: &str| {
        let (model, buffer) = (editor.model.clone(), editor.buffer);
        cx.update(|cx| {
            model.update(cx, |model, cx| {
                let replaced = model.update(cx, |workspace| workspace.replace_text(buffer, text));
                replaced.unwrap();
            });
        });
        cx.run_until_parked();
    };
    // Somebody else edits the text before it.
    it.open_picker(cx, 0);
    editor.press(cx, "left");
    edit(cx, "// é\na: #ff0000;\n");
    assert!(it.has(cx, PICKER), "the colour stands there still");
    editor.press(cx, "enter");
    it.reads(cx, "// é\na: #ff0303;\n");

    // Somebody else writes another colour.
    it.swatches(cx, &[0xff0303]);
    it.open_picker(cx, 1);
    editor.press(cx, "left");
    edit(cx, "// é\na: #00ff00;\n");
    assert!(!it.has(cx, PICKER) && it.editor_has_the_keyboard(cx));
    assert_eq!(it.text(cx), "// é\na: #00ff00;\n");

    // And before the answer is there.
    it.swatches(cx, &[0x00ff00]);
    it.open_picker(cx, 1);
    editor.press(cx, "left enter");
    edit(cx, "// é\na: #0000ff;\n");
    it.says(
        cx,
        "The colour was not changed: another text stands there now.",
    );
    assert_eq!(it.text(cx), "// é\na: #0000ff;\n");
}

#[gpui_kit::test]
fn a_server_cannot_write_elsewhere(cx: &mut TestAppContext) {
    let it = open_served(cx, "a: #ff0000;\n", "colors");
    it.start(cx);
    let editor = &it.editor;
    it.swatches(cx, &[0xff0000]);
    it.open_picker(cx, 0);
    // Of this colour the only way is one that would take all of the text away.
    editor.press(cx, "tab home");
    it.label_becomes(cx, |label| !label.contains(WRITTEN));
    editor.press(cx, "enter");
    it.says(
        cx,
        "The colour was not changed: the language server says of no way",
    );
    assert_eq!(it.text(cx), "a: #ff0000;\n");
}

#[gpui_kit::test]
fn nothing_is_picked_where_the_text_is_read_only(cx: &mut TestAppContext) {
    let it = open_served(cx, "a: #ff0000;\n", "colors");
    it.start(cx);
    it.swatches(cx, &[0xff0000]);
    run(
        &it,
        cx,
        "workbench.action.files.setActiveEditorReadonlyInSession",
    );
    let place = it.swatch(cx, 0);
    it.press_at(cx, place);
    assert!(!it.has(cx, PICKER) && it.editor_has_the_keyboard(cx));
    it.says(cx, "Cannot edit in a read-only editor.");
}

#[gpui_kit::test]
fn the_server_is_asked_once_at_a_time(cx: &mut TestAppContext) {
    let it = open_served(cx, "a: #ff0000;\n", "colors");
    it.start(cx);
    let editor = &it.editor;
    it.swatches(cx, &[0xff0000]);
    it.open_picker(cx, 0);
    let asked = |cx: &App| {
        let servers = editor.model.read(cx).language_servers();
        let log = servers.unwrap().server(editor.buffer).unwrap().log();
        log.iter().filter(|line| line.contains("presents ")).count()
    };
    let before = cx.update(|cx| asked(cx));
    for _ in 0..40 {
        editor.press(cx, "left");
    }
    // The first step and the last one.
    it.is_written(cx, "#ff6666");
    assert_eq!(cx.update(|cx| asked(cx)) - before, 2);
}
