//! Keys of several strokes, such as `Ctrl+K Ctrl+S`: what the status bar says while one waits for its
//! next stroke, and that one that is no command does nothing, as in VS Code.

use crate::workbench::Workbench;
use gpui_kit::component::kbd::Kbd;
use gpui_kit::{Context, Keystroke, KeystrokeEvent, Subscription, Task, Window};
use std::time::Duration;

/// For how long the status bar says that keys are no command.
const TOLD: Duration = Duration::from_secs(5);

/// What is told of keys of several strokes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum Told {
    #[default]
    Nothing,
    /// The strokes so far.
    Waiting(String),
    /// Strokes that are no command.
    Unknown(String),
}

/// The keys of several strokes of one window.
pub(crate) struct Chord {
    told: Told,
    /// Takes back what is told.
    forget: Task<()>,
    _subscriptions: [Subscription; 2],
}

impl Chord {
    /// Listens to the keys of the window.
    pub(crate) fn new(window: &mut Window, cx: &mut Context<Workbench>) -> Self {
        let this = cx.weak_entity();
        let handle = window.window_handle();
        let strokes = cx.intercept_keystrokes(move |event, window, cx| {
            if window.window_handle() == handle {
                // The window may be closing.
                this.update(cx, |this, cx| this.stroke(event, window, cx))
                    .ok();
            }
        });
        let waiting = cx.observe_pending_input(window, Workbench::tell_pending_keys);
        Self {
            told: Told::Nothing,
            forget: Task::ready(()),
            _subscriptions: [strokes, waiting],
        }
    }

    /// What the status bar says.
    pub(crate) fn note(&self) -> Option<String> {
        match &self.told {
            Told::Nothing => None,
            Told::Waiting(keys) => Some(format!(
                "{keys} was pressed; waiting for the next key\u{2026}"
            )),
            Told::Unknown(keys) => Some(format!("The key combination {keys} is not a command.")),
        }
    }
}

/// Strokes as a person reads them: "(Ctrl+K, M)".
fn written<'a>(strokes: impl IntoIterator<Item = &'a Keystroke>) -> String {
    let strokes: Vec<_> = strokes.into_iter().map(Kbd::format).collect();
    format!("({})", strokes.join(", "))
}

/// Whether a stroke types nothing by itself: the first of keys that wait for more.
fn begins_command(stroke: &Keystroke) -> bool {
    let held = &stroke.modifiers;
    held.control || held.alt || held.platform || held.function
}

impl Workbench {
    /// Takes a stroke that makes no command with those before it: it types nothing.
    fn stroke(&mut self, event: &KeystrokeEvent, window: &mut Window, cx: &mut Context<Self>) {
        if matches!(self.chord.told, Told::Unknown(_)) {
            self.tell_keys(Told::Nothing, cx);
        }
        let Some(pending) = window.pending_input() else {
            return;
        };
        let before = pending.keystrokes();
        if !before.first().is_some_and(begins_command) {
            return;
        }
        // One that only begins with it may still come: the stroke that Shift is held for.
        if event.keystroke.is_modifier_key() {
            cx.stop_propagation();
            return;
        }
        let stack = &event.context_stack;
        let mut strokes = before.to_vec();
        let keymap = cx.key_bindings();
        let means = |strokes: &[Keystroke]| {
            let (bindings, goes_on) = keymap.borrow().bindings_for_input(strokes, stack);
            (!bindings.is_empty(), goes_on)
        };
        // Where the strokes before are a command of their own, that is done first.
        let is_command = means(&strokes).0;
        strokes.push(event.keystroke.clone());
        if is_command || means(&strokes) != (false, false) {
            return;
        }
        cx.stop_propagation();
        // Whoever else hears this stroke is to know that it belonged to those before. What waits is
        // forgotten where the focus moves.
        window.defer(cx, |window, cx| {
            let focus = window.focused(cx);
            window.blur(cx);
            if let Some(focus) = focus {
                focus.focus(window, cx);
            }
        });
        if event.keystroke.key != "escape" {
            self.tell_keys(Told::Unknown(written(&strokes)), cx);
        }
    }

    fn tell_pending_keys(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let pending = window.pending_input().map(|pending| pending.keystrokes());
        match pending.filter(|strokes| strokes.first().is_some_and(begins_command)) {
            Some(strokes) => self.tell_keys(Told::Waiting(written(strokes)), cx),
            None if matches!(self.chord.told, Told::Waiting(_)) => {
                self.tell_keys(Told::Nothing, cx);
            }
            None => {}
        }
    }

    fn tell_keys(&mut self, told: Told, cx: &mut Context<Self>) {
        if self.chord.told == told {
            return;
        }
        self.chord.forget = match told {
            Told::Unknown(_) => cx.spawn(async move |this, cx| {
                cx.background_executor().timer(TOLD).await;
                // The window may be closed.
                this.update(cx, |this, cx| this.tell_keys(Told::Nothing, cx))
                    .ok();
            }),
            _ => Task::ready(()),
        };
        self.chord.told = told;
        cx.notify();
    }
}
