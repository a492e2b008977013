//! Markdown from a model or a project, drawn without trusting it.
//!
//! Nothing is fetched to draw it: an image becomes a label that says so, and HTML stays text (but
//! for a pair of inline tags such as `<b>`, which only sets what is between them). A
//! link opens only when it is clicked, and only over http or https, or as a file.

use crate::tokens::scaled;
use gpui_kit::base::text::markdown_ast::Node;
use gpui_kit::component::clipboard::Clipboard;
use gpui_kit::component::text::{
    InlineElement, InlineRenderContext, MarkdownExtensions, MarkdownNode, MarkdownParseContext,
    MarkdownPlugin, TextView, TextViewState, TextViewStyle,
};
use gpui_kit::component::{ActiveTheme as _, Sizable as _};
use gpui_kit::*;
use std::sync::LazyLock;

/// Alternative texts are labels, not documents.
const LONGEST_IMAGE_LABEL: usize = 120;

static EXTENSIONS: LazyLock<MarkdownExtensions> = LazyLock::new(|| extensions(Embedded::Named));
static DOCUMENTATION: LazyLock<MarkdownExtensions> =
    LazyLock::new(|| extensions(Embedded::LeftOut));

fn extensions(embedded: Embedded) -> MarkdownExtensions {
    MarkdownExtensions::default()
        .plugin(UnfetchedImage { embedded })
        .plugin(LiteralHtml { block: true })
        .plugin(LiteralHtml { block: false })
}

/// What becomes of an image that the text itself holds (`data:`).
#[derive(Clone, Copy, Eq, PartialEq)]
enum Embedded {
    /// It is named, as any other.
    Named,
    /// It is left out.
    LeftOut,
}

/// Where a clicked link leads.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum LinkTarget {
    /// A web address, for the system's browser.
    Web(String),
    /// A file of the project, as written: relative, and not yet checked against the folder.
    File(String),
    /// Anything else (`javascript:`, `file:`, `mailto:` …): not followed.
    Refused,
}

impl LinkTarget {
    /// Reads the target of a link in untrusted Markdown.
    pub fn parse(target: &str) -> Self {
        let lower = target.trim().to_ascii_lowercase();
        if lower.starts_with("https://") || lower.starts_with("http://") {
            return Self::Web(target.trim().to_owned());
        }
        let scheme = lower
            .split_once(':')
            .is_some_and(|(head, _)| !head.contains('/') && !head.contains('.'));
        if scheme || lower.is_empty() || lower.starts_with('#') || lower.starts_with("//") {
            return Self::Refused;
        }
        Self::File(target.trim().to_owned())
    }
}

/// Draws `state` as a document: selectable, with a copy button on each block of code.
///
/// The text size is inherited from the surrounding element; the colour is the theme's.
/// `open_link` is called for clicked links that may be followed.
pub fn document(
    state: &Entity<TextViewState>,
    open_link: impl Fn(LinkTarget, &mut Window, &mut App) + Send + Sync + 'static,
    cx: &App,
) -> TextView {
    let mut code_block = StyleRefinement::default()
        .pl(scaled(12.))
        // The copy button stands here, beside the code.
        .pr(scaled(36.))
        .pt(scaled(10.))
        .pb(scaled(10.))
        .rounded(scaled(6.))
        .text_size(scaled(12.))
        .bg(cx.theme().muted);
    code_block.border_color = Some(cx.theme().border);
    code_block.text.font_features = Some(FontFeatures::disable_ligatures());
    let style = TextViewStyle::default()
        .paragraph_gap(rems(0.6))
        .heading_font_size(heading_size)
        .code_block(code_block);
    TextView::new(state)
        .style(style)
        .selectable(true)
        .markdown_extensions(EXTENSIONS.clone())
        // The last guard: an image that no plugin claimed still has no source to load.
        .image_source(|_| ImageSource::Custom(std::sync::Arc::new(|_, _| None)))
        .code_block_actions(|block, _, _| {
            let code = block.code();
            Clipboard::new("copy-code")
                .xsmall()
                .tooltip("Copy code")
                .accessibility_label("Copy code")
                .value(code)
        })
        .on_link_click(move |target, _, window, cx| {
            open_link(LinkTarget::parse(target), window, cx);
        })
}

/// The same for what a language server writes: icons that it puts into the text itself, of which
/// nothing can be read, are left out.
pub fn documentation(
    state: &Entity<TextViewState>,
    open_link: impl Fn(LinkTarget, &mut Window, &mut App) + Send + Sync + 'static,
    cx: &App,
) -> TextView {
    document(state, open_link, cx).markdown_extensions(DOCUMENTATION.clone())
}

/// Headings step gently: the levels are told apart by weight and space more than by size.
fn heading_size(level: u8, base: Pixels) -> Pixels {
    base * match level {
        1 => 1.36,
        2 => 1.18,
        3 => 1.06,
        _ => 1.,
    }
}

/// An image is named, never loaded: its address would tell a server that it was read.
struct UnfetchedImage {
    embedded: Embedded,
}

impl MarkdownPlugin for UnfetchedImage {
    fn name(&self) -> &str {
        "unfetched-image"
    }

    fn parse(&self, node: &Node, cx: &MarkdownParseContext<'_>) -> Option<MarkdownNode> {
        let alternative = match node {
            Node::Image(image) => image.alt.as_str(),
            Node::ImageReference(image) => image.alt.as_str(),
            _ => return None,
        };
        let is_embedded = matches!(node, Node::Image(image) if image.url.starts_with("data:"));
        if is_embedded && self.embedded == Embedded::LeftOut {
            // What has no text at all is shown as it was written.
            return Some(MarkdownNode::new(self.name().to_owned(), ()).text(" "));
        }
        let name: String = alternative.chars().take(LONGEST_IMAGE_LABEL).collect();
        let label = if name.trim().is_empty() {
            "Image, not loaded".to_owned()
        } else {
            format!("{} (image, not loaded)", name.trim())
        };
        Some(
            MarkdownNode::new(self.name().to_owned(), ())
                .text(label)
                .markdown(cx.node_source(node).unwrap_or_default().to_owned()),
        )
    }

    fn render_inline(
        &self,
        node: &MarkdownNode,
        context: &InlineRenderContext,
        _window: &mut Window,
        cx: &mut App,
    ) -> Option<InlineElement> {
        if node.as_text().trim().is_empty() {
            return Some(InlineElement::new(div()));
        }
        Some(InlineElement::new(
            div()
                .px(scaled(6.))
                .rounded(scaled(4.))
                .border_1()
                .border_color(cx.theme().border)
                .text_color(cx.theme().muted_foreground)
                .text_size(context.font_size() * 0.9)
                .child(node.as_text().to_owned()),
        ))
    }
}

/// HTML stays what it is: text.
struct LiteralHtml {
    block: bool,
}

impl MarkdownPlugin for LiteralHtml {
    fn is_block(&self) -> bool {
        self.block
    }

    fn name(&self) -> &str {
        if self.block {
            "literal-html-block"
        } else {
            "literal-html"
        }
    }

    fn parse(&self, node: &Node, _cx: &MarkdownParseContext<'_>) -> Option<MarkdownNode> {
        let Node::Html(html) = node else {
            return None;
        };
        Some(
            MarkdownNode::new(self.name().to_owned(), ())
                .text(html.value.clone())
                .markdown(html.value.clone()),
        )
    }

    fn render(&self, node: &MarkdownNode, _window: &mut Window, cx: &mut App) -> impl IntoElement {
        div()
            .font_family(cx.theme().mono_font_family.clone())
            .text_color(cx.theme().muted_foreground)
            .text_size(scaled(12.))
            .child(node.as_text().to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    // The glob above brings gpui's own `test` along.
    use core::prelude::v1::test;

    #[test]
    fn only_web_addresses_and_project_files_are_followed() {
        let cases = [
            (
                "https://example.com/a",
                LinkTarget::Web("https://example.com/a".into()),
            ),
            (
                "HTTP://example.com",
                LinkTarget::Web("HTTP://example.com".into()),
            ),
            ("src/main.rs", LinkTarget::File("src/main.rs".into())),
            ("./a.md:12", LinkTarget::File("./a.md:12".into())),
            ("javascript:alert(1)", LinkTarget::Refused),
            ("file:///etc/passwd", LinkTarget::Refused),
            ("mailto:a@b.c", LinkTarget::Refused),
            ("//host/share", LinkTarget::Refused),
            ("#heading", LinkTarget::Refused),
            ("", LinkTarget::Refused),
        ];
        for (written, expected) in cases {
            assert_eq!(LinkTarget::parse(written), expected, "{written}");
        }
    }
}
