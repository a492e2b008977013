//! Actions that a part handles wherever the keyboard is in a window, without that window knowing the
//! part.
//!
//! A handler is called for the window in which the key was pressed or the command chosen. Which window
//! the system takes for the active one says less: without a window manager it names none.

use std::rc::Rc;

use gpui_kit::{Action, AnyWindowHandle, App, Window};

/// Handles an action in each window where nothing that has the keyboard does.
pub fn on_window_action<A: Action>(
    cx: &mut App,
    handler: impl Fn(&A, &mut Window, &mut App) + 'static,
) {
    let handler = Rc::new(handler);
    cx.on_action(move |action: &A, cx| {
        let Some(window) = window_of_action(cx) else {
            return;
        };
        let (action, handler) = (action.boxed_clone(), handler.clone());
        // The window is being updated while it dispatches.
        cx.defer(move |cx| {
            let Some(action) = action.as_any().downcast_ref::<A>() else {
                return;
            };
            // Where the window has closed meanwhile, there is nothing to do.
            window
                .update(cx, |_, window, cx| handler(action, window, cx))
                .ok();
        });
    });
}

/// The window in which an action is given: it is being updated, and no other one is. Where the action
/// is given to the program alone, as from a menu of the system, the active window, or the newest.
fn window_of_action(cx: &mut App) -> Option<AnyWindowHandle> {
    let windows = cx.windows();
    let is_updated = |window: &&AnyWindowHandle| window.update(cx, |_, _, _| ()).is_err();
    let own = windows.iter().find(is_updated).copied();
    own.or_else(|| cx.active_window())
        .or_else(|| windows.last().copied())
}
