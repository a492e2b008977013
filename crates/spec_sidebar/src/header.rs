//! The line above a spec's document: which spec, how far it is, and the way to the source.

use crate::activity::SpecActivity;
use crate::view::SpecView;
use gpui_kit::base::TestSupportExt as _;
use gpui_kit::component::Sizable as _;
use gpui_kit::component::spinner::Spinner;
use gpui_kit::prelude::*;
use gpui_kit::*;
use spec::{Document, Phase, ReviewStatus};
use ui::icons::sized_icon;
use ui::tokens::{icon_size, radius, scaled, space};
use ui::widgets::{IconButton, Pill, PillTone, text_tooltip};
use ui::{ActiveKilnTheme as _, IconName, OpenTarget, Typography as _};

impl SpecView {
    pub(crate) fn render_header(&self, cx: &mut Context<Self>) -> AnyElement {
        let colors = **cx.kiln_theme();
        let steps = self.order(cx).map(|phase| match phase {
            Phase::Requirements if self.folder_has(Document::Bugfix, cx) => Document::Bugfix,
            Phase::Requirements => Document::Requirements,
            Phase::Design => Document::Design,
            Phase::Tasks | Phase::Implementation => Document::Tasks,
        });
        // Where there is no room beside the title the steps stand below it, and where there is
        // none for all three, below one another: no step is ever cut off.
        let mut stepper = div()
            .max_w_full()
            .flex()
            .flex_wrap()
            .items_center()
            .gap(space::XS);
        let last = steps.len() - 1;
        for (index, file) in steps.into_iter().enumerate() {
            stepper = stepper.child(
                div()
                    .flex_none()
                    .flex()
                    .items_center()
                    .gap(space::XS)
                    .child(self.render_step(index, file, cx))
                    .when(index < last, |this| {
                        this.child(div().w(scaled(16.)).h(px(1.)).bg(colors.border))
                    }),
            );
        }
        let encoding = self.unusual_encoding(cx).map(|encoding| {
            let words =
                format!("This file is {encoding}. Other programs that read specs expect UTF-8.");
            div()
                .id("spec-encoding")
                .role(Role::Status)
                .aria_label(SharedString::from(words.clone()))
                .test_support()
                .flex_none()
                .tooltip(text_tooltip(words))
                .child(Pill::new(encoding).tone(PillTone::Warning))
        });
        div()
            .flex_none()
            .min_h(scaled(44.))
            .px(space::XL)
            .py(space::S)
            .flex()
            .items_center()
            .gap(space::M)
            .border_b_1()
            .border_color(colors.border)
            .child(
                div()
                    .flex_1()
                    .min_w_0()
                    .flex()
                    .flex_wrap()
                    .items_center()
                    .gap_x(space::L)
                    .gap_y(space::XS)
                    .child(
                        div()
                            .flex_1()
                            .min_w(scaled(96.))
                            .flex()
                            .items_center()
                            .gap(space::M)
                            .child(
                                div()
                                    .min_w_0()
                                    .truncate()
                                    .text_body()
                                    .font_weight(FontWeight::MEDIUM)
                                    .child(self.spec.clone()),
                            )
                            .children(encoding),
                    )
                    .child(stepper)
                    // Keeps the steps in the middle where all is on one line.
                    .child(div().flex_1().min_w_0()),
            )
            .child(
                div().flex_none().child(
                    IconButton::new(
                        "spec-source",
                        IconName::CodeXml,
                        if self.source.is_some() {
                            "Show document"
                        } else {
                            "Show source"
                        },
                    )
                    .command("specs.openSource")
                    .toggled(self.source.is_some())
                    .on_click(cx.listener(|this, _, window, cx| {
                        this.toggle_source(&crate::commands::OpenSource, window, cx);
                    })),
                ),
            )
            .into_any_element()
    }

    fn folder_has(&self, file: Document, cx: &App) -> bool {
        self.file == file
            || self
                .specs
                .read(cx)
                .get(&self.spec)
                .is_some_and(|spec| spec.spec.documents.contains(&file))
    }

    fn render_step(&self, index: usize, file: Document, cx: &App) -> AnyElement {
        let colors = **cx.kiln_theme();
        let status = self.status_of(Phase::of(file), cx);
        let here = self.file == file;
        let exists = self.folder_has(file, cx);
        let writing = status == ReviewStatus::Missing
            && self.is_next(Phase::of(file), cx)
            && SpecActivity::global(cx)
                .is_some_and(|activity| activity.read(cx).is_writing(&self.spec));
        let state = match status {
            _ if writing => "being written",
            ReviewStatus::Missing if self.is_unreadable(file, cx) => "cannot be read",
            ReviewStatus::Missing => "not written yet",
            ReviewStatus::AwaitingReview => "waits for your review",
            ReviewStatus::Approved => "approved",
        };
        let mark = div()
            .size(scaled(16.))
            .flex()
            .items_center()
            .justify_center()
            .map(|this| {
                if writing {
                    return this.child(Spinner::new().xsmall().color(colors.accent));
                }
                match status {
                    ReviewStatus::Approved => this.child(sized_icon(
                        IconName::CircleCheck,
                        icon_size::LARGE,
                        colors.success,
                    )),
                    ReviewStatus::AwaitingReview => this.child(sized_icon(
                        IconName::CircleDot,
                        icon_size::LARGE,
                        colors.warning,
                    )),
                    ReviewStatus::Missing => this
                        .rounded_full()
                        .border_1()
                        .border_color(colors.text_faint)
                        .text_size(scaled(9.))
                        .text_color(colors.text_faint)
                        .child((index + 1).to_string()),
                }
            });
        let path = self.folder.join(file.file_name());
        div()
            .id(("step", index))
            .role(Role::Tab)
            .aria_label(SharedString::from(format!("{}, {state}", file.title())))
            .aria_selected(here)
            .test_support()
            .h(scaled(26.))
            .px(space::M)
            .flex()
            .items_center()
            .gap(space::S)
            .rounded(radius::MEDIUM)
            .text_small()
            .font_weight(if here {
                FontWeight::MEDIUM
            } else {
                FontWeight::NORMAL
            })
            .text_color(if here {
                colors.text
            } else if exists {
                colors.text_muted
            } else {
                colors.text_faint
            })
            .when(here, |this| this.bg(colors.active))
            .when(exists && !here, |this| {
                this.cursor_pointer()
                    .tab_index(0)
                    .focus_visible(|this| this.bg(colors.hover))
                    .hover(|this| this.bg(colors.hover))
                    .on_click(move |_, window, cx| {
                        ui::open_path(OpenTarget::new(path.clone()), window, cx);
                    })
            })
            .tooltip(text_tooltip(format!("{}: {state}", file.title())))
            .child(mark)
            .child(file.title())
            .into_any_element()
    }

    /// Whether the document of `phase` is the one to be written next.
    pub(crate) fn is_next(&self, phase: Phase, cx: &App) -> bool {
        self.order(cx)
            .into_iter()
            .find(|phase| self.status_of(*phase, cx) != ReviewStatus::Approved)
            == Some(phase)
    }
}
