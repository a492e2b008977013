//! Colours as themes write them: sRGB with eight bits a channel.

use std::fmt;

/// An sRGB colour with straight (not premultiplied) alpha; every channel is 0 to 255.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Rgba {
    /// Red.
    pub r: u8,
    /// Green.
    pub g: u8,
    /// Blue.
    pub b: u8,
    /// Opacity: 255 is opaque.
    pub a: u8,
}

/// A text that is not a colour.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("`{0}` is not a colour: write #rgb, #rgba, #rrggbb or #rrggbbaa")]
pub struct ColorError(pub String);

impl Rgba {
    /// An opaque colour from `0xrrggbb`.
    pub const fn opaque(rgb: u32) -> Self {
        Self {
            r: (rgb >> 16) as u8,
            g: (rgb >> 8) as u8,
            b: rgb as u8,
            a: 255,
        }
    }

    /// The same colour with another opacity (0 to 255).
    pub const fn with_alpha(self, a: u8) -> Self {
        Self { a, ..self }
    }

    /// Reads `#rgb`, `#rgba`, `#rrggbb` or `#rrggbbaa`, the forms of VS Code's themes.
    pub fn parse(text: &str) -> Result<Self, ColorError> {
        let error = || ColorError(text.chars().take(40).collect());
        let digits = text.trim().strip_prefix('#').ok_or_else(error)?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(error());
        }
        let value = u32::from_str_radix(digits, 16).map_err(|_| error())?;
        let nibble = |shift: u32| (((value >> shift) & 0xf) * 0x11) as u8;
        let byte = |shift: u32| (value >> shift) as u8;
        match digits.len() {
            3 => Ok(Self {
                r: nibble(8),
                g: nibble(4),
                b: nibble(0),
                a: 255,
            }),
            4 => Ok(Self {
                r: nibble(12),
                g: nibble(8),
                b: nibble(4),
                a: nibble(0),
            }),
            6 => Ok(Self::opaque(value)),
            8 => Ok(Self {
                r: byte(24),
                g: byte(16),
                b: byte(8),
                a: byte(0),
            }),
            _ => Err(error()),
        }
    }

    /// This colour painted over an opaque one: the opaque result.
    pub fn over(self, below: Self) -> Self {
        let mix = |above: u8, below: u8| {
            let alpha = u32::from(self.a);
            ((u32::from(above) * alpha + u32::from(below) * (255 - alpha) + 127) / 255) as u8
        };
        Self {
            r: mix(self.r, below.r),
            g: mix(self.g, below.g),
            b: mix(self.b, below.b),
            a: 255,
        }
    }

    /// A step from this colour towards another: 0.0 is this one, 1.0 the other.
    pub fn mix(self, other: Self, amount: f32) -> Self {
        let amount = amount.clamp(0.0, 1.0);
        let step = |from: u8, to: u8| {
            (f32::from(from) + (f32::from(to) - f32::from(from)) * amount).round() as u8
        };
        Self {
            r: step(self.r, other.r),
            g: step(self.g, other.g),
            b: step(self.b, other.b),
            a: step(self.a, other.a),
        }
    }

    /// Relative luminance, 0.0 (black) to 1.0 (white), as WCAG 2.2 defines it.
    pub fn luminance(self) -> f64 {
        let channel = |value: u8| {
            let value = f64::from(value) / 255.0;
            if value <= 0.04045 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * channel(self.r) + 0.7152 * channel(self.g) + 0.0722 * channel(self.b)
    }

    /// WCAG 2.2 contrast ratio of two opaque colours, 1.0 to 21.0.
    pub fn contrast(self, other: Self) -> f64 {
        let (first, second) = (self.luminance(), other.luminance());
        (first.max(second) + 0.05) / (first.min(second) + 0.05)
    }

    /// Red, green, blue and alpha as fractions of one, for graphics code.
    pub fn components(self) -> [f32; 4] {
        [self.r, self.g, self.b, self.a].map(|channel| f32::from(channel) / 255.0)
    }
}

impl fmt::Display for Rgba {
    /// `#rrggbb`, or `#rrggbbaa` where the colour is not opaque.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "#{:02x}{:02x}{:02x}", self.r, self.g, self.b)?;
        if self.a != 255 {
            write!(formatter, "{:02x}", self.a)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_every_form_that_vscode_writes() {
        assert_eq!(Rgba::parse("#fff").unwrap(), Rgba::opaque(0xffffff));
        assert_eq!(Rgba::parse("#1a2b3c").unwrap(), Rgba::opaque(0x1a2b3c));
        assert_eq!(
            Rgba::parse("#1a2b3c80").unwrap(),
            Rgba::opaque(0x1a2b3c).with_alpha(0x80)
        );
        assert_eq!(
            Rgba::parse("#f008").unwrap(),
            Rgba::opaque(0xff0000).with_alpha(0x88)
        );
    }

    #[test]
    fn refuses_what_is_no_colour_and_says_how_one_looks() {
        for text in [
            "",
            "red",
            "#",
            "#12",
            "#12345",
            "#gggggg",
            "#+12345",
            "#ééé",
            "#1234567890",
        ] {
            let message = Rgba::parse(text).unwrap_err().to_string();
            assert!(message.contains("#rrggbb"), "{message}");
        }
    }

    #[test]
    fn contrast_is_what_wcag_says() {
        let white = Rgba::opaque(0xffffff);
        assert!((white.contrast(Rgba::opaque(0)) - 21.0).abs() < 0.01);
        // The well-known lightest grey that passes AA on white.
        assert!((white.contrast(Rgba::opaque(0x767676)) - 4.54).abs() < 0.01);
    }

    proptest! {
        #[test]
        fn display_and_parse_are_inverse(r: u8, g: u8, b: u8, a: u8) {
            let color = Rgba { r, g, b, a };
            prop_assert_eq!(Rgba::parse(&color.to_string()).unwrap(), color);
        }
    }
}
