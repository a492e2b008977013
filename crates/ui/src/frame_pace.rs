//! A frame now and then, however fast keys come.
//!
//! Under X11, gpui works off events until none is left and only then goes back to its event loop,
//! whose timer draws frames; and it builds a scene before each key that follows a change. Where a
//! key takes longer than keys are apart, as in a debug build on a busy machine, that timer would
//! not come until they end. What gpui does between two lots of events is to answer an Expose
//! event with a frame, so that one is asked for when a frame is overdue.

use std::cell::RefCell;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::rc::Rc;
use std::time::{Duration, Instant};

use gpui_kit::{App, Window, WindowId};

/// After a key, a frame that did not come for as long is asked for.
pub const LONGEST: Duration = Duration::from_millis(100);

/// Since when each window waits for the frame after a key, or since it was last asked for.
type Waiting = Rc<RefCell<HashMap<WindowId, Instant>>>;

/// Calls `ask` at a key whose window has had no frame for [`LONGEST`] since an earlier one, and
/// at most that often. `ask` must see to it that the window system wants the window drawn, and
/// must not wait. Call once, at start.
pub fn install(ask: impl Fn(&Window) + 'static, cx: &mut App) {
    watch(LONGEST, ask, cx);
}

fn watch(longest: Duration, ask: impl Fn(&Window) + 'static, cx: &mut App) {
    let waiting = Waiting::default();
    cx.intercept_keystrokes(move |_, window, _| {
        let id = window.window_handle().window_id();
        let now = Instant::now();
        match waiting.borrow_mut().entry(id) {
            Entry::Vacant(entry) => {
                entry.insert(now);
                let waiting = Rc::clone(&waiting);
                window.on_next_frame(move |_, _| {
                    waiting.borrow_mut().remove(&id);
                });
            }
            Entry::Occupied(mut entry) => {
                if now.saturating_duration_since(*entry.get()) >= longest {
                    entry.insert(now);
                    ask(window);
                }
            }
        }
    })
    .detach();
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use gpui_kit::TestAppContext;

    use super::*;

    #[gpui_kit::test]
    fn a_frame_that_does_not_come_between_keys_is_asked_for(cx: &mut TestAppContext) {
        let asked = Rc::new(Cell::new(0));
        let count = Rc::clone(&asked);
        cx.update(|cx| watch(Duration::ZERO, move |_| count.set(count.get() + 1), cx));
        let window = cx.add_empty_window();
        window.simulate_keystrokes("a");
        assert_eq!(asked.get(), 0, "the first key's frame may still come");
        window.simulate_keystrokes("b");
        assert_eq!(asked.get(), 1);
        window.update(|window, cx| window.simulate_next_frame(cx));
        window.simulate_keystrokes("c");
        assert_eq!(asked.get(), 1, "the frame came");
        window.simulate_keystrokes("d");
        assert_eq!(asked.get(), 2);
    }

    #[gpui_kit::test]
    fn a_frame_is_not_asked_for_at_each_key(cx: &mut TestAppContext) {
        let asked = Rc::new(Cell::new(0));
        let count = Rc::clone(&asked);
        let day = Duration::from_secs(24 * 60 * 60);
        cx.update(|cx| watch(day, move |_| count.set(count.get() + 1), cx));
        let window = cx.add_empty_window();
        window.simulate_keystrokes("a b c d");
        assert_eq!(asked.get(), 0);
    }
}
