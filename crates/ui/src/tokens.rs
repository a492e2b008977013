//! The type scale, the spacing scale, radii and fixed heights.
//!
//! Five sizes of text and seven steps of space carry the whole interface. A view
//! that needs another number is almost always better served by the nearest step.
//!
//! All of them are in rems, so that they grow with `window.zoomLevel`; their pixels are
//! those of zoom level 0. What is given in bare pixels does not grow: hairlines, and what
//! the person sized.

use gpui_kit::{FontWeight, Pixels, Rems, Styled, px};

/// The size of a rem at zoom level 0, which is that of body text.
pub const REM: Pixels = px(BODY_PIXELS);
const BODY_PIXELS: f32 = 13.;

/// A length that is so many pixels at zoom level 0, and grows with the zoom.
#[must_use]
pub const fn scaled(pixels: f32) -> Rems {
    Rems(pixels / BODY_PIXELS)
}

/// Steps of space, in pixels at zoom level 0: gaps, paddings and margins.
pub mod space {
    use super::scaled;
    use gpui_kit::Rems;
    /// 2 px: between an icon and its badge.
    pub const XXS: Rems = scaled(2.);
    /// 4 px: inside a compact control.
    pub const XS: Rems = scaled(4.);
    /// 6 px: between an icon and its label.
    pub const S: Rems = scaled(6.);
    /// 8 px: the inset of rows and bars.
    pub const M: Rems = scaled(8.);
    /// 12 px: the inset of panels and cards.
    pub const L: Rems = scaled(12.);
    /// 16 px: between groups.
    pub const XL: Rems = scaled(16.);
    /// 24 px: between sections.
    pub const XXL: Rems = scaled(24.);
}

/// Corner radii, in pixels at zoom level 0.
pub mod radius {
    use super::scaled;
    use gpui_kit::Rems;
    /// 4 px: rows, tabs, small buttons.
    pub const SMALL: Rems = scaled(4.);
    /// 6 px: buttons, inputs, cards.
    pub const MEDIUM: Rems = scaled(6.);
    /// 10 px: popovers, dialogs, the palette.
    pub const LARGE: Rems = scaled(10.);
}

/// Sizes of icons, in pixels at zoom level 0.
pub mod icon_size {
    use super::scaled;
    use gpui_kit::Rems;
    /// 12 px: chevrons and marks beside caption text.
    pub const SMALL: Rems = scaled(12.);
    /// 14 px: beside body text and in tool buttons.
    pub const MEDIUM: Rems = scaled(14.);
    /// 16 px: alone in a bar.
    pub const LARGE: Rems = scaled(16.);
    /// 28 px: the mark of an empty state.
    pub const HERO: Rems = scaled(28.);
}

/// Fixed heights, in pixels at zoom level 0, that line neighbouring columns up.
pub mod height {
    use super::scaled;
    use gpui_kit::Rems;
    /// 36 px: the title bar.
    pub const TITLE_BAR: Rems = scaled(36.);
    /// 34 px: tab bars and panel headers; they meet on one line.
    pub const TAB_BAR: Rems = scaled(34.);
    /// 24 px: the status bar.
    pub const STATUS_BAR: Rems = scaled(24.);
    /// 24 px: a row of a tree or list.
    pub const ROW: Rems = scaled(24.);
    /// 28 px: a row of the palette and of menus.
    pub const MENU_ROW: Rems = scaled(28.);
    /// 22 px: a tool button.
    pub const TOOL: Rems = scaled(22.);
    /// 28 px: a button or input.
    pub const CONTROL: Rems = scaled(28.);
}

/// The family of interface text; bundled, so that it is the same on every machine.
pub const UI_FONT: &str = "Inter";

/// The family of code text where settings name none; bundled.
pub const MONO_FONT: &str = "JetBrains Mono";

/// One step of the type scale: the size of the letters and of their line, in pixels at zoom level 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TextStep {
    /// The font size.
    pub size: Rems,
    /// The fixed line height.
    pub line: Rems,
}

/// 11/16: captions, badges, key hints.
pub const CAPTION: TextStep = TextStep {
    size: scaled(11.),
    line: scaled(16.),
};
/// 12/16: bars, rows, secondary text.
pub const SMALL: TextStep = TextStep {
    size: scaled(12.),
    line: scaled(16.),
};
/// 13/20: body text, buttons, inputs.
pub const BODY: TextStep = TextStep {
    size: scaled(BODY_PIXELS),
    line: scaled(20.),
};
/// 15/22: titles of dialogs and empty states.
pub const TITLE: TextStep = TextStep {
    size: scaled(15.),
    line: scaled(22.),
};
/// 20/28: the headline of a page.
pub const DISPLAY: TextStep = TextStep {
    size: scaled(20.),
    line: scaled(28.),
};

/// Sets text by its step of the scale.
pub trait Typography: Styled + Sized {
    /// Sets size and line height together.
    fn text_step(self, step: TextStep) -> Self {
        self.text_size(step.size).line_height(step.line)
    }
    /// 11/16, for captions.
    fn text_caption(self) -> Self {
        self.text_step(CAPTION)
    }
    /// 12/16, for bars and rows.
    fn text_small(self) -> Self {
        self.text_step(SMALL)
    }
    /// 13/20, for body text.
    fn text_body(self) -> Self {
        self.text_step(BODY)
    }
    /// 15/22 semibold, for titles.
    fn text_title(self) -> Self {
        self.text_step(TITLE).font_weight(FontWeight::SEMIBOLD)
    }
    /// 20/28 semibold, for headlines.
    fn text_display(self) -> Self {
        self.text_step(DISPLAY).font_weight(FontWeight::SEMIBOLD)
    }
}

impl<T: Styled + Sized> Typography for T {}

/// How carets blink, in files and in single inputs alike.
pub mod caret {
    use std::time::Duration;

    const MILLIS: u64 = 530;

    /// How long a caret is shown, and then hidden.
    pub const INTERVAL: Duration = Duration::from_millis(MILLIS);

    /// After so many blinks without a key, a movement or the focus, a caret stays on: a window in
    /// which nothing happens is not drawn anew for ever.
    pub const BLINKS: u64 = 20;

    /// How long those blinks last.
    pub const BLINKS_FOR: Duration = Duration::from_millis(2 * MILLIS * BLINKS);
}
