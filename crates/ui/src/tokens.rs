//! The type scale, the spacing scale, radii and fixed heights.
//!
//! Five sizes of text and seven steps of space carry the whole interface. A view
//! that needs another number is almost always better served by the nearest step.

use gpui_kit::{FontWeight, Pixels, Styled, px};

/// Steps of space, in pixels: gaps, paddings and margins.
pub mod space {
    use gpui_kit::{Pixels, px};
    /// 2 px: between an icon and its badge.
    pub const XXS: Pixels = px(2.);
    /// 4 px: inside a compact control.
    pub const XS: Pixels = px(4.);
    /// 6 px: between an icon and its label.
    pub const S: Pixels = px(6.);
    /// 8 px: the inset of rows and bars.
    pub const M: Pixels = px(8.);
    /// 12 px: the inset of panels and cards.
    pub const L: Pixels = px(12.);
    /// 16 px: between groups.
    pub const XL: Pixels = px(16.);
    /// 24 px: between sections.
    pub const XXL: Pixels = px(24.);
}

/// Corner radii, in pixels.
pub mod radius {
    use gpui_kit::{Pixels, px};
    /// 4 px: rows, tabs, small buttons.
    pub const SMALL: Pixels = px(4.);
    /// 6 px: buttons, inputs, cards.
    pub const MEDIUM: Pixels = px(6.);
    /// 10 px: popovers, dialogs, the palette.
    pub const LARGE: Pixels = px(10.);
}

/// Sizes of icons, in pixels.
pub mod icon_size {
    use gpui_kit::{Pixels, px};
    /// 12 px: chevrons and marks beside caption text.
    pub const SMALL: Pixels = px(12.);
    /// 14 px: beside body text and in tool buttons.
    pub const MEDIUM: Pixels = px(14.);
    /// 16 px: alone in a bar.
    pub const LARGE: Pixels = px(16.);
    /// 28 px: the mark of an empty state.
    pub const HERO: Pixels = px(28.);
}

/// Fixed heights, in pixels, that line neighbouring columns up.
pub mod height {
    use gpui_kit::{Pixels, px};
    /// 36 px: the title bar.
    pub const TITLE_BAR: Pixels = px(36.);
    /// 34 px: tab bars and panel headers; they meet on one line.
    pub const TAB_BAR: Pixels = px(34.);
    /// 24 px: the status bar.
    pub const STATUS_BAR: Pixels = px(24.);
    /// 24 px: a row of a tree or list.
    pub const ROW: Pixels = px(24.);
    /// 28 px: a row of the palette and of menus.
    pub const MENU_ROW: Pixels = px(28.);
    /// 22 px: a tool button.
    pub const TOOL: Pixels = px(22.);
    /// 28 px: a button or input.
    pub const CONTROL: Pixels = px(28.);
}

/// The family of interface text; bundled, so that it is the same on every machine.
pub const UI_FONT: &str = "Inter";

/// The family of code text where settings name none; bundled.
pub const MONO_FONT: &str = "JetBrains Mono";

/// One step of the type scale: the size of the letters and of their line, in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TextStep {
    /// The font size.
    pub size: Pixels,
    /// The fixed line height.
    pub line: Pixels,
}

/// 11/16: captions, badges, key hints.
pub const CAPTION: TextStep = TextStep {
    size: px(11.),
    line: px(16.),
};
/// 12/16: bars, rows, secondary text.
pub const SMALL: TextStep = TextStep {
    size: px(12.),
    line: px(16.),
};
/// 13/20: body text, buttons, inputs.
pub const BODY: TextStep = TextStep {
    size: px(13.),
    line: px(20.),
};
/// 15/22: titles of dialogs and empty states.
pub const TITLE: TextStep = TextStep {
    size: px(15.),
    line: px(22.),
};
/// 20/28: the headline of a page.
pub const DISPLAY: TextStep = TextStep {
    size: px(20.),
    line: px(28.),
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
