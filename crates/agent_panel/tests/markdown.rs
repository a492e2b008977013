//! What a model writes is drawn without fetching anything and without obeying its HTML.
#![allow(
    clippy::unwrap_used,
    reason = "a test fails by panicking, in its helpers too"
)]

use gpui_kit::component::text::TextViewState;
use gpui_kit::prelude::*;
use gpui_kit::test::TestWindowExt as _;
use gpui_kit::{Context, Entity, TestAppContext, Window, WindowOptions, div};

struct Page {
    text: Entity<TextViewState>,
}

impl Render for Page {
    fn render(&mut self, _: &mut Window, cx: &mut Context<Self>) -> impl IntoElement {
        div()
            .size_full()
            .child(ui::markdown::document(&self.text, |_, _, _| {}, cx))
    }
}

fn drawn(source: &str, cx: &mut TestAppContext) -> String {
    let (window, page) = cx.update(|cx| {
        ui::init(cx);
        gpui_kit::open_window(WindowOptions::default(), cx, |_, cx| {
            let text = cx.new(|cx| TextViewState::markdown(source, cx));
            cx.new(|_| Page { text })
        })
        .unwrap()
    });
    for _ in 0..3 {
        cx.run_until_parked();
        cx.update_window(window, |_, window, cx| window.render_frame(cx))
            .unwrap();
    }
    cx.read(|cx| {
        let text = page.read(cx).text.read(cx).rendered_text();
        text.as_str().to_owned()
    })
}

#[gpui_kit::test]
fn an_image_is_named_and_not_loaded(cx: &mut TestAppContext) {
    let text = drawn(
        "See ![the plan](https://example.com/a.png?secret) here.",
        cx,
    );
    assert!(text.contains("the plan (image, not loaded)"), "{text}");
    assert!(!text.contains("example.com"), "{text}");
}

#[gpui_kit::test]
fn html_stays_text(cx: &mut TestAppContext) {
    let source =
        "<img src=\"https://example.com/a.png\">\n\nAnd <img src=\"http://x/b.png\"> inline.\n";
    let text = drawn(source, cx);
    assert!(
        text.contains("<img src=\"https://example.com/a.png\">"),
        "{text}"
    );
    assert!(text.contains("<img src=\"http://x/b.png\">"), "{text}");
}

#[gpui_kit::test]
fn an_image_by_reference_is_not_loaded_either(cx: &mut TestAppContext) {
    let text = drawn("![logo][1]\n\n[1]: https://example.com/logo.svg\n", cx);
    assert!(text.contains("logo (image, not loaded)"), "{text}");
}
