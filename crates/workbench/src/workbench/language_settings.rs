//! Settings for one language, and which files are in it, that a view changes.

use super::Workbench;
use gpui_kit::{Context, Window};

impl Workbench {
    /// Makes the window the one that `ui::keep_language_setting` reaches.
    pub(super) fn take_language_settings(&self, window: &Window, cx: &mut Context<Self>) {
        let files = self.settings.clone();
        ui::set_language_setting_handler(window, cx, move |change, _, cx| {
            files.change_for_language(change, cx)
        });
    }
}
