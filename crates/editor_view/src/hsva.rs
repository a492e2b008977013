//! Colours by hue, saturation and value, which is how a colour picker lays them out.

/// The largest hue, in degrees; it is the same red as the smallest.
pub(crate) const MAX_HUE: f32 = 360.;

/// A colour of the sRGB space by hue, saturation and value (A. R. Smith, “Color Gamut Transform Pairs”,
/// 1978). A grey keeps the hue that it was picked with, and black its saturation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Hsva {
    /// Degrees around the circle of colours from red by green and blue, 0 to 360.
    pub(crate) hue: f32,
    /// From grey, 0, to the pure colour, 1.
    pub(crate) saturation: f32,
    /// From black, 0, to the brightest, 1.
    pub(crate) value: f32,
    /// From transparent, 0, to opaque, 1.
    pub(crate) alpha: f32,
}

impl Hsva {
    /// The colour of red, green, blue and how opaque it is, each from 0 to 1; what is beyond is brought
    /// there. A grey has the hue 0, and black the saturation 0 too.
    pub(crate) fn from_rgba(rgba: [f32; 4]) -> Self {
        let [red, green, blue, alpha] = rgba.map(|part| part.clamp(0., 1.));
        let value = red.max(green).max(blue);
        let chroma = value - red.min(green).min(blue);
        let sixths = match chroma {
            0. => 0.,
            _ if value == red => ((green - blue) / chroma).rem_euclid(6.),
            _ if value == green => (blue - red) / chroma + 2.,
            _ => (red - green) / chroma + 4.,
        };
        Self {
            hue: sixths * 60.,
            saturation: if value == 0. { 0. } else { chroma / value },
            value,
            alpha,
        }
    }

    /// Red, green, blue and how opaque it is, each from 0 to 1.
    pub(crate) fn rgba(self) -> [f32; 4] {
        let sixths = self.hue / 60.;
        let part = |turned: f32| {
            let at = (turned + sixths).rem_euclid(6.);
            let away = at.min(4. - at).clamp(0., 1.);
            self.value * (1. - self.saturation * away)
        };
        [part(5.), part(3.), part(1.), self.alpha]
    }

    /// The same as it is written out: red, green and blue in 255ths, how opaque it is in hundredths.
    pub(crate) fn rounded(self) -> [f32; 4] {
        let [red, green, blue, alpha] = self.rgba();
        let byte = |part: f32| (part * 255.).round() / 255.;
        [
            byte(red),
            byte(green),
            byte(blue),
            (alpha * 100.).round() / 100.,
        ]
    }

    /// The same hue at its purest, opaque.
    pub(crate) fn pure(self) -> Self {
        Self {
            saturation: 1.,
            value: 1.,
            alpha: 1.,
            ..self
        }
    }

    /// The same with each part brought between its bounds.
    pub(crate) fn clamped(self) -> Self {
        Self {
            hue: self.hue.clamp(0., MAX_HUE),
            saturation: self.saturation.clamp(0., 1.),
            value: self.value.clamp(0., 1.),
            alpha: self.alpha.clamp(0., 1.),
        }
    }
}

/// `#` and two hexadecimal digits for each of red, green and blue, and for how opaque it is where that
/// is not wholly.
pub(crate) fn hex(rgba: [f32; 4]) -> String {
    let [red, green, blue, alpha] = rgba.map(|part| (part.clamp(0., 1.) * 255.).round() as u8);
    match alpha {
        u8::MAX => format!("#{red:02x}{green:02x}{blue:02x}"),
        _ => format!("#{red:02x}{green:02x}{blue:02x}{alpha:02x}"),
    }
}

#[cfg(test)]
mod tests {
    use gpui_kit::{Hsla, Rgba};
    use proptest::prelude::*;

    use super::*;

    fn color(hue: f32, saturation: f32, value: f32) -> Hsva {
        Hsva {
            hue,
            saturation,
            value,
            alpha: 1.,
        }
    }

    fn near(one: [f32; 4], other: [f32; 4]) -> bool {
        one.iter()
            .zip(other)
            .all(|(one, other)| (one - other).abs() < 1e-4)
    }

    #[test]
    fn the_corners_of_the_circle_are_the_primary_colours_and_their_mixtures() {
        let corners = [
            (0., [1., 0., 0., 1.]),
            (60., [1., 1., 0., 1.]),
            (120., [0., 1., 0., 1.]),
            (180., [0., 1., 1., 1.]),
            (240., [0., 0., 1., 1.]),
            (300., [1., 0., 1., 1.]),
        ];
        for (hue, rgba) in corners {
            assert_eq!(color(hue, 1., 1.).rgba(), rgba, "{hue}");
            assert_eq!(Hsva::from_rgba(rgba), color(hue, 1., 1.));
        }
        assert_eq!(color(MAX_HUE, 1., 1.).rgba(), [1., 0., 0., 1.]);
        assert_eq!(color(30., 0., 0.5).rgba(), [0.5, 0.5, 0.5, 1.]);
        assert_eq!(color(30., 1., 0.).rgba(), [0., 0., 0., 1.]);
    }

    #[test]
    fn what_is_beyond_the_bounds_is_brought_there() {
        assert_eq!(
            Hsva::from_rgba([2., -1., 0., 9.]),
            Hsva::from_rgba([1., 0., 0., 1.])
        );
        let beyond = Hsva {
            alpha: -1.,
            ..color(400., 2., -0.5)
        };
        let within = Hsva {
            alpha: 0.,
            ..color(360., 1., 0.)
        };
        assert_eq!(beyond.clamped(), within);
    }

    #[test]
    fn digits_name_how_opaque_a_colour_is_where_it_is_not_wholly() {
        assert_eq!(hex([1., 0.5, 0., 1.]), "#ff8000");
        assert_eq!(hex([0., 0., 1., 0.5]), "#0000ff80");
    }

    proptest! {
        #[test]
        fn every_colour_of_bytes_comes_back_as_it_was(bytes: [u8; 3], hundredths in 0..=100_u8) {
            let [red, green, blue] = bytes.map(|byte| f32::from(byte) / 255.);
            let rgba = [red, green, blue, f32::from(hundredths) / 100.];
            prop_assert_eq!(Hsva::from_rgba(rgba).rounded(), rgba);
        }

        #[test]
        fn a_colour_that_is_no_grey_comes_back_by_its_parts(
            hue in 0_f32..359.9, saturation in 0.05_f32..=1., value in 0.05_f32..=1.,
        ) {
            let back = Hsva::from_rgba(color(hue, saturation, value).rgba());
            let turned = (back.hue - hue).abs();
            prop_assert!(turned.min(MAX_HUE - turned) < 0.05, "{back:?}");
            prop_assert!((back.saturation - saturation).abs() < 1e-4, "{back:?}");
            prop_assert!((back.value - value).abs() < 1e-4, "{back:?}");
        }

        #[test]
        fn the_parts_of_a_colour_are_within_their_bounds(rgba in prop::array::uniform4(-1_f32..2.)) {
            let read = Hsva::from_rgba(rgba);
            prop_assert_eq!(read, read.clamped());
            prop_assert!(read.rgba().iter().all(|part| (0. ..=1.).contains(part)));
        }

        /// By hue, saturation and lightness, as the toolkit has it: the lightness is
        /// `value × (1 − saturation / 2)`.
        #[test]
        fn it_is_the_colour_that_the_toolkit_has(
            hue in 0_f32..=360., saturation in 0_f32..=1., value in 0_f32..=1.,
        ) {
            let lightness = value * (1. - saturation / 2.);
            let room = lightness.min(1. - lightness);
            let toolkit = Hsla {
                h: hue / MAX_HUE,
                s: if room == 0. { 0. } else { (value - lightness) / room },
                l: lightness,
                a: 1.,
            };
            let Rgba { r, g, b, a } = Rgba::from(toolkit);
            prop_assert!(near(color(hue, saturation, value).rgba(), [r, g, b, a]));
        }
    }
}
