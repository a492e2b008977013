//! The bundled fonts: Inter for the interface, JetBrains Mono for code (both OFL-1.1;
//! their licences lie beside them in `assets/fonts/`).

use gpui_kit::App;
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
