//! The pixels of every scene, in light and dark: each region of the window has
//! the theme's background and a plausible amount of ink on it.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a failed step fails the test"
)]

use std::path::Path;

use image::{Rgba, RgbaImage};
use settings::{Appearance, Theme};
use ui_tests::scene::{Scene, SceneTheme, draw};

/// A rectangle in parts of the window's width and height.
type Region = (f32, f32, f32, f32);

const TREE: Region = (0.0, 0.09, 0.17, 0.5);
const MIDDLE: Region = (0.20, 0.12, 0.72, 0.9);
const AGENT: Region = (0.75, 0.08, 0.99, 0.95);

/// The share of pixels in a region that are not its most frequent colour, and
/// that colour.
fn ink(picture: &RgbaImage, region: Region) -> (f64, Rgba<u8>) {
    let (width, height) = (picture.width() as f32, picture.height() as f32);
    let mut counts = std::collections::HashMap::new();
    let mut total = 0_usize;
    for y in (region.1 * height) as u32..(region.3 * height) as u32 {
        for x in (region.0 * width) as u32..(region.2 * width) as u32 {
            *counts.entry(*picture.get_pixel(x, y)).or_insert(0_usize) += 1;
            total += 1;
        }
    }
    let (background, most) = counts
        .into_iter()
        .max_by_key(|(_, count)| *count)
        .expect("a region has pixels");
    ((total - most) as f64 / total as f64, background)
}

fn theme(appearance: Appearance) -> &'static Theme {
    Theme::bundled()
        .iter()
        .find(|theme| theme.appearance == appearance)
        .expect("a bundled theme")
}

fn example() -> tempfile::TempDir {
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/example");
    copy(&source, scratch.path());
    scratch
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("the example").flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("a copy");
        }
    }
}

fn assert_drawn(scene: Scene, regions: &[(&str, Region)]) {
    let folder = example();
    for (scene_theme, appearance) in [
        (SceneTheme::Dark, Appearance::Dark),
        (SceneTheme::Light, Appearance::Light),
    ] {
        let picture = draw(scene, folder.path(), scene_theme).expect("a picture");
        let expected = theme(appearance).colors.editor_background;
        let (_, background) = ink(&picture, MIDDLE);
        for (channel, wanted) in background
            .0
            .iter()
            .zip([expected.r, expected.g, expected.b])
        {
            assert!(
                channel.abs_diff(wanted) <= 2,
                "{scene:?} {appearance:?}: background {background:?}, theme {expected:?}"
            );
        }
        for (name, region) in regions {
            let (share, _) = ink(&picture, *region);
            assert!(
                (0.004..0.6).contains(&share),
                "{scene:?} {appearance:?}: {share:.4} of {name} is drawn"
            );
        }
    }
}

#[test]
fn the_editor_is_drawn_between_its_docks() {
    assert_drawn(
        Scene::Editor,
        &[
            ("the tree", TREE),
            ("the text", MIDDLE),
            ("the agent", AGENT),
        ],
    );
}

#[test]
fn the_conversation_is_drawn() {
    assert_drawn(Scene::Chat, &[("the text", MIDDLE), ("the agent", AGENT)]);
}

#[test]
fn a_spec_is_drawn_as_a_document() {
    assert_drawn(Scene::Spec, &[("the document", MIDDLE)]);
}

#[test]
fn the_first_start_is_drawn() {
    assert_drawn(Scene::Onboarding, &[("the page", MIDDLE)]);
}
