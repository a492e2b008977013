//! Where in the window a command was given by a press: what it lists to choose from opens there.

use crate::commands::Commands;
use gpui_kit::{App, Bounds, Global, Pixels, Window};

#[derive(Default)]
struct CommandPlace(Option<Bounds<Pixels>>);

impl Global for CommandPlace {}

/// Dispatches a command to the focused view, as [`Commands::run`] does, that was given by a press on
/// a part of the window. False where no such command exists.
pub fn run_command_at(
    id: &str,
    pressed: Bounds<Pixels>,
    window: &mut Window,
    cx: &mut App,
) -> bool {
    cx.set_global(CommandPlace(Some(pressed)));
    let is_known = Commands::run(id, window, cx);
    // It is dispatched once this is done, and before that.
    window.defer(cx, |_, cx| cx.set_global(CommandPlace(None)));
    is_known
}

/// The part of the window that was pressed for the command that runs; `None` where a key or the
/// palette gave it.
pub fn command_place(cx: &App) -> Option<Bounds<Pixels>> {
    cx.try_global::<CommandPlace>()?.0
}

/// Does what goes on with a command that was given at a place.
pub fn at_command_place<R>(
    place: Option<Bounds<Pixels>>,
    cx: &mut App,
    act: impl FnOnce(&mut App) -> R,
) -> R {
    cx.set_global(CommandPlace(place));
    let done = act(cx);
    cx.set_global(CommandPlace(None));
    done
}
