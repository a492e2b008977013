//! The bundled fonts: Inter for the interface, JetBrains Mono for code (both OFL-1.1;
//! their licences lie beside them in `assets/fonts/`).

use crate::tokens::MONO_FONT;
use gpui_kit::component::ActiveTheme as _;
use gpui_kit::{App, Font, FontFeatures, TextSystem};
use settings::EditorSettings;
use std::borrow::Cow;

const FONTS: [&[u8]; 7] = [
    include_bytes!("../../../assets/fonts/Inter-Regular.ttf"),
    include_bytes!("../../../assets/fonts/Inter-Medium.ttf"),
    include_bytes!("../../../assets/fonts/Inter-SemiBold.ttf"),
    include_bytes!("../../../assets/fonts/Inter-Italic.ttf"),
    include_bytes!("../../../assets/fonts/JetBrainsMono-Regular.ttf"),
    include_bytes!("../../../assets/fonts/JetBrainsMono-Bold.ttf"),
    include_bytes!("../../../assets/fonts/JetBrainsMono-Italic.ttf"),
];

/// Hands the bundled fonts to the text system. A failure leaves the system's fonts.
pub fn load(cx: &App) {
    let fonts = FONTS.iter().map(|font| Cow::Borrowed(*font)).collect();
    if let Err(error) = cx.text_system().add_fonts(fonts) {
        tracing::warn!("the bundled fonts could not be loaded: {error:#}");
    }
}

/// The font of code that is shown beside the editor, such as in a list: that of the settings, without
/// ligatures, so that what is to be judged is drawn character by character.
pub fn beside_the_editor(cx: &App) -> Font {
    Font {
        features: FontFeatures::disable_ligatures(),
        ..gpui_kit::font(cx.theme().mono_font_family.clone())
    }
}

/// The families that code is set in: those of the settings that are installed, in their order, then
/// the bundled one and one of the system. Never empty.
pub fn of_code(settings: &EditorSettings, fonts: &TextSystem) -> Vec<String> {
    let installed = fonts.all_font_names();
    let is_installed = |family: &String| {
        installed
            .iter()
            .any(|name| name.eq_ignore_ascii_case(family))
    };
    let mut families = settings.font_families();
    families.retain(is_installed);
    families.extend([MONO_FONT, "DejaVu Sans Mono"].map(String::from));
    families
}
