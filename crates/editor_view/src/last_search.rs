//! How the find bar was last set in each window, so that it opens so again, in any view of the window,
//! and matches can be gone through without it.

use std::collections::HashMap;

use editor_core::find::Query;
use gpui_kit::{App, Global, Window, WindowId};

/// What was searched for last in a window, and how.
#[derive(Clone, Default)]
pub(crate) struct LastSearch {
    pub(crate) query: Query,
    /// What takes the place of a match.
    pub(crate) replacement: String,
    /// Whether it does so in the case of what it replaces.
    pub(crate) preserve_case: bool,
}

#[derive(Default)]
struct LastSearches(HashMap<WindowId, LastSearch>);

impl Global for LastSearches {}

impl LastSearch {
    /// The last search of a window; an empty one where there was none.
    pub(crate) fn of(window: &Window, cx: &App) -> Self {
        let id = window.window_handle().window_id();
        let all = cx.try_global::<LastSearches>();
        all.and_then(|all| all.0.get(&id).cloned())
            .unwrap_or_default()
    }

    /// Makes it the last search of a window. Those of windows that are closed are forgotten.
    pub(crate) fn keep(self, window: &Window, cx: &mut App) {
        let id = window.window_handle().window_id();
        let open: Vec<_> = cx.windows().iter().map(|open| open.window_id()).collect();
        let all = &mut cx.default_global::<LastSearches>().0;
        all.retain(|known, _| open.contains(known));
        all.insert(id, self);
    }
}
