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
    /// Whether a language server wrote it.
    is_documentation: bool,
}

impl Render for Page {
    fn render(&mut self, _: &mut Window, cx: &mut Context<Self>) -> impl IntoElement {
        let text = match self.is_documentation {
            true => ui::markdown::documentation(&self.text, |_, _, _| {}, cx),
            false => ui::markdown::document(&self.text, |_, _, _| {}, cx),
        };
        div().size_full().child(text)
    }
}

fn drawn(source: &str, cx: &mut TestAppContext) -> String {
    drawn_as(source, false, cx)
}

fn drawn_as(source: &str, is_documentation: bool, cx: &mut TestAppContext) -> String {
    let (window, page) = cx.update(|cx| {
        ui::init(cx);
        gpui_kit::open_window(WindowOptions::default(), cx, |_, cx| {
            let text = cx.new(|cx| TextViewState::markdown(source, cx));
            cx.new(|_| Page {
                text,
                is_documentation,
            })
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
fn an_icon_in_the_documentation_of_a_server_is_left_out(cx: &mut TestAppContext) {
    let source = "![Baseline icon](data:image/svg+xml;base64,PHN2Zy8+) _Widely available_\n\nand ![a plan](https://example.com/a.png)\n";
    let text = drawn_as(source, true, cx);
    assert!(text.contains("Widely available"), "{text}");
    assert!(
        !text.contains("Baseline") && !text.contains("data:"),
        "{text}"
    );
    assert!(text.contains("a plan (image, not loaded)"), "{text}");
    // In what a model writes it is named, since it may be all that there is.
    let text = drawn(source, cx);
    assert!(text.contains("Baseline icon (image, not loaded)"), "{text}");
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
