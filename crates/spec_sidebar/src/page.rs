//! The document itself, set on one column.

use crate::activity::SpecActivity;
use crate::document::{Block, CriterionLine, RequirementBlock, TaskBlock};
use crate::inline_text::{InlineText, Keywords};
use crate::sidebar::{progress_bar, state_glyph};
use crate::task_details::TaskDetails;
use crate::view::SpecView;
use agent::Operation;
use gpui_kit::base::TestSupportExt as _;
use gpui_kit::component::ActiveTheme as _;
use gpui_kit::component::scroll::ScrollableElement as _;
use gpui_kit::component::text::TextViewState;
use gpui_kit::prelude::*;
use gpui_kit::*;
use spec::{
    Document, Phase, ProblemCount, ReviewStatus, Severity, SpecDiagnostic, TaskId, TaskState,
};
use ui::icons::sized_icon;
use ui::markdown::LinkTarget;
use ui::tokens::{icon_size, radius, scaled, space};
use ui::widgets::{Button, text_tooltip, tooltip_above};
use ui::{ActiveKilnTheme as _, Colors, IconName, Item as _, Typography as _, zoom};

/// The width of the column: some eighty characters of text.
pub(crate) const COLUMN: Rems = scaled(720.);
/// From this width on there is room for the outline beside the centred column.
const OUTLINE_FROM: Rems = scaled(1180.);
const OUTLINE: Rems = scaled(200.);

/// How much of its colour Markdown keeps where the text around it is muted.
const MUTED: f32 = 0.75;
/// How wide a digit of a criterion's id is, at zoom 1.
const ID_DIGIT: f32 = 7.5;
/// Ids that are longer are broken.
const MOST_ID_DIGITS: usize = 12;

impl SpecView {
    pub(crate) fn render_document(&mut self, cx: &mut Context<Self>) -> AnyElement {
        let view = cx.weak_entity();
        let wide = self.list.viewport_bounds().size.width >= zoom::pixels(OUTLINE_FROM, cx);
        let outline = wide.then(|| self.render_outline(cx)).flatten();
        let page = list(self.list.clone(), move |index, _, cx| {
            view.update(cx, |view, cx| view.render_block(index, cx))
                .unwrap_or_else(|_| div().into_any_element())
        })
        .size_full();
        div()
            .size_full()
            .relative()
            .child(
                div()
                    .id("spec-page")
                    .size_full()
                    .child(page)
                    .vertical_scrollbar(&self.list),
            )
            .children(outline)
            .into_any_element()
    }

    fn render_block(&mut self, index: usize, cx: &mut Context<Self>) -> AnyElement {
        let last = index == self.blocks.len();
        let content = match index.checked_sub(1) {
            None => self.render_top(cx),
            Some(at) => match self.blocks.get(at).map(|drawn| drawn.block.clone()) {
                Some(Block::Prose { source, .. }) => self.render_prose(at, &source, cx),
                Some(Block::Requirement(requirement)) => {
                    self.render_requirement(at, &requirement, cx)
                }
                Some(Block::Clauses(clauses)) => div()
                    .pt(scaled(12.))
                    .child(render_criteria(&clauses, cx))
                    .into_any_element(),
                Some(Block::Task(task)) => self.render_task(at, &task, cx),
                None => div().into_any_element(),
            },
        };
        div()
            .w_full()
            .px(space::XXL)
            .flex()
            .justify_center()
            .when(last, |this| this.pb(scaled(64.)))
            .child(div().w_full().max_w(COLUMN).child(content))
            .into_any_element()
    }

    /// What stands above the document: its problems, and for tasks how many are done.
    fn render_top(&mut self, cx: &mut Context<Self>) -> AnyElement {
        let colors = **cx.kiln_theme();
        let problems = self.problems.clone();
        let count = ProblemCount::of(problems.iter().map(|(_, found)| found));
        let progress = self
            .specs
            .read(cx)
            .get(&self.spec)
            .map(|spec| spec.spec.progress);
        let progress =
            progress.filter(|progress| self.file == Document::Tasks && progress.total > 0);
        div()
            .pt(space::XXL)
            .flex()
            .flex_col()
            .gap(space::L)
            .children(progress.map(|progress| progress_bar(progress, &colors)))
            .when(!count.is_empty(), |this| {
                let words = SharedString::from(count.to_string());
                let worst = match count.errors {
                    0 => Severity::Warning,
                    _ => Severity::Error,
                };
                this.child(
                    div()
                        .flex()
                        .flex_col()
                        .gap(space::S)
                        .child(
                            div()
                                .id("spec-problems")
                                .role(Role::Button)
                                .aria_label(words.clone())
                                .aria_expanded(self.show_diagnostics)
                                .test_support()
                                .tooltip(tooltip_above(match self.show_diagnostics {
                                    true => "Hide what is wrong with the document",
                                    false => "Show what is wrong with the document",
                                }))
                                .flex()
                                .items_center()
                                .gap(space::S)
                                .text_small()
                                .text_color(colors.text_muted)
                                .cursor_pointer()
                                .hover(|this| this.text_color(colors.text))
                                .on_click(cx.listener(|this, _, _, cx| {
                                    this.show_diagnostics = !this.show_diagnostics;
                                    this.list.remeasure_items(0..1);
                                    cx.notify();
                                }))
                                .child(severity_icon(worst, &colors))
                                .child(words)
                                .child(sized_icon(
                                    if self.show_diagnostics {
                                        IconName::ChevronDown
                                    } else {
                                        IconName::ChevronRight
                                    },
                                    icon_size::SMALL,
                                    colors.text_faint,
                                )),
                        )
                        .when(self.show_diagnostics, |this| {
                            this.pb(space::M).children(problems.iter().enumerate().map(
                                |(index, (line, found))| {
                                    self.render_problem(index, *line, found, cx)
                                },
                            ))
                        }),
                )
            })
            .into_any_element()
    }

    /// One problem: how bad it is, what it is, and the way to its line in the source.
    fn render_problem(
        &self,
        index: usize,
        line: usize,
        found: &SpecDiagnostic,
        cx: &Context<Self>,
    ) -> AnyElement {
        let colors = **cx.kiln_theme();
        // Section names stand in backticks.
        let message = InlineText::parse(&found.message, Keywords::Plain);
        let name = format!("Line {line}, {}: {}", found.severity, message.text);
        div()
            .id(("problem", index))
            .role(Role::Link)
            .aria_label(SharedString::from(name))
            .test_support()
            .px(space::S)
            .mx(-space::S)
            .py(space::XXS)
            .flex()
            .gap(space::M)
            .rounded(radius::SMALL)
            .text_small()
            .text_color(colors.text_muted)
            .cursor_pointer()
            .hover(|this| this.bg(colors.hover).text_color(colors.text))
            .tooltip(text_tooltip(format!("Show line {line} in the source")))
            .on_click(cx.listener(move |this, _, window, cx| {
                this.reveal(u32::try_from(line).unwrap_or(u32::MAX), 1, window, cx);
            }))
            .child(
                div()
                    .flex_none()
                    .h(scaled(18.))
                    .flex()
                    .items_center()
                    .child(severity_icon(found.severity, &colors)),
            )
            .child(div().flex_1().min_w_0().child(message.draw(
                colors.text_muted,
                FontWeight::NORMAL,
                cx,
            )))
            .child(
                div()
                    .flex_none()
                    .text_caption()
                    .text_color(colors.text_faint)
                    .child(format!("Line {line}")),
            )
            .into_any_element()
    }

    fn render_prose(&mut self, at: usize, source: &str, cx: &mut Context<Self>) -> AnyElement {
        let state = self.prose(at, source, cx);
        let heading = match self.blocks.get(at).map(|drawn| &drawn.block) {
            Some(Block::Prose { heading, .. }) => heading.clone(),
            _ => None,
        };
        let gap = match heading.as_ref().map(|heading| heading.level) {
            Some(1) => scaled(8.),
            Some(2) => scaled(28.),
            Some(_) => scaled(20.),
            None => scaled(12.),
        };
        div()
            .pt(gap)
            .text_size(scaled(14.))
            .line_height(scaled(23.))
            .child(self.render_markdown(&state, cx))
            .into_any_element()
    }

    fn render_markdown(&self, state: &Entity<TextViewState>, cx: &App) -> AnyElement {
        let folder = self.folder.clone();
        let root = self.model.read(cx).root().to_owned();
        let open = move |target, window: &mut Window, cx: &mut App| {
            follow(&root, &folder, target, window, cx);
        };
        ui::markdown::document(state, open, cx).into_any_element()
    }

    /// What stands below a task's title.
    fn render_task_details(
        &mut self,
        at: usize,
        details: &TaskDetails,
        cx: &mut Context<Self>,
    ) -> Vec<AnyElement> {
        let colors = **cx.kiln_theme();
        match details {
            TaskDetails::Markdown(source) => {
                let state = self.prose(at, source, cx);
                // Markdown is set in the theme's own colour: this takes it back as far.
                let text = div()
                    .text_body()
                    .opacity(MUTED)
                    .child(self.render_markdown(&state, cx));
                vec![text.into_any_element()]
            }
            TaskDetails::Points(points) => points
                .iter()
                .map(|point| {
                    let bullet = div().flex_none().text_color(colors.text_faint).child("•");
                    let text = point.draw(colors.text_muted, FontWeight::NORMAL, cx);
                    div()
                        .flex()
                        .gap(space::M)
                        .text_body()
                        .text_color(colors.text_muted)
                        .child(bullet)
                        .child(div().flex_1().min_w_0().child(text))
                        .into_any_element()
                })
                .collect(),
        }
    }

    fn render_requirement(
        &mut self,
        at: usize,
        requirement: &RequirementBlock,
        cx: &mut Context<Self>,
    ) -> AnyElement {
        let colors = **cx.kiln_theme();
        let title = match requirement.title.text.is_empty() {
            true => vec![
                div()
                    .text_title()
                    .child(requirement.name())
                    .into_any_element(),
            ],
            false => {
                let number = div()
                    .flex_none()
                    .text_title()
                    .text_color(colors.text_faint)
                    .child(requirement.number.clone());
                let title = requirement
                    .title
                    .draw(colors.text, FontWeight::SEMIBOLD, cx);
                let title = div().flex_1().min_w_0().text_title().child(title);
                vec![number.into_any_element(), title.into_any_element()]
            }
        };
        let rest =
            (!requirement.rest.is_empty()).then(|| self.render_prose(at, &requirement.rest, cx));
        div()
            .pt(space::XL)
            .child(
                div()
                    .id(("requirement", at))
                    .role(Role::Article)
                    .aria_label(SharedString::from(requirement.name()))
                    .test_support()
                    .px(scaled(20.))
                    .py(space::XL)
                    .flex()
                    .flex_col()
                    .gap(space::L)
                    .rounded(radius::LARGE)
                    .border_1()
                    .border_color(colors.border)
                    .bg(colors.surface)
                    .child(div().flex().items_baseline().gap(space::M).children(title))
                    .when_some(requirement.story.as_ref(), |this, story| {
                        this.child(
                            div()
                                .pl(space::L)
                                .border_l_2()
                                .border_color(colors.accent.opacity(0.5))
                                .text_size(scaled(14.))
                                .line_height(scaled(22.))
                                .text_color(colors.text_muted)
                                .child(story.draw(colors.text_muted, FontWeight::NORMAL, cx)),
                        )
                    })
                    .when(!requirement.criteria.is_empty(), |this| {
                        this.child(render_criteria(&requirement.criteria, cx))
                    })
                    .children(rest),
            )
            .into_any_element()
    }

    fn render_task(&mut self, at: usize, task: &TaskBlock, cx: &mut Context<Self>) -> AnyElement {
        let colors = **cx.kiln_theme();
        let running = SpecActivity::global(cx)
            .is_some_and(|activity| activity.read(cx).is_task_running(&self.spec, &task.id));
        let done = task.state == TaskState::Done;
        let approved = self.status_of(Phase::Tasks, cx) == ReviewStatus::Approved;
        let hindrance = SpecActivity::hindrance(approved, SpecActivity::readiness(cx));
        let startable = approved && !task.is_group && !done && !running;
        let next = startable && self.next_task().is_some_and(|(next, _)| next == at);
        let state = match task.state {
            _ if running => "running",
            TaskState::NotStarted => "not started",
            TaskState::Queued => "queued",
            TaskState::Running => "started",
            TaskState::Done => "done",
        };
        let group = SharedString::from(format!("task-{at}"));
        let operation = Operation::RunTask {
            spec: self.spec.clone(),
            task: task.id.clone(),
        };
        let start = startable.then(|| {
            let label = if task.state == TaskState::Running {
                "Start again"
            } else {
                "Start"
            };
            let button = Button::new(("start-task", at), label)
                .icon(IconName::Play)
                .map(|this| match (hindrance, next) {
                    (Some(why), _) => this.tooltip(why),
                    (None, true) => this.command("specs.startNextTask"),
                    (None, false) => this.tooltip(format!("Have the agent do task {}", task.id)),
                })
                .disabled(hindrance.is_some())
                .on_click(move |_, window, cx| {
                    SpecActivity::ask(operation.clone(), window, cx);
                });
            let button = if next { button.primary() } else { button };
            div()
                .id(("start", at))
                .role(Role::Group)
                .aria_label(SharedString::from(format!("Start task {}", task.id)))
                .test_support()
                .flex_none()
                .when(!next, |this| {
                    this.invisible()
                        .group_hover(group.clone(), |this| this.visible())
                })
                .child(button)
        });
        let heading = task.level == 0;
        let details = self.render_task_details(at, &task.details, cx);
        div()
            .pl(scaled(26.) * task.level as f32)
            .pt(if heading { space::L } else { space::XXS })
            .child(
                div()
                    .id(("task", at))
                    .group(group)
                    .role(Role::ListItem)
                    .aria_label(SharedString::from(task.label()))
                    .aria_value(state)
                    .test_support()
                    .mx(-space::M)
                    .px(space::M)
                    .py(scaled(7.))
                    .flex()
                    .items_start()
                    .gap(space::M)
                    .rounded(radius::MEDIUM)
                    .when(running, |this| this.bg(colors.accent.opacity(0.07)))
                    .when(!running, |this| this.hover(|this| this.bg(colors.hover)))
                    .child(
                        div()
                            .flex_none()
                            .h(scaled(22.))
                            .flex()
                            .items_center()
                            .child(state_glyph(task.state, running, &colors)),
                    )
                    .child(
                        div()
                            .flex_1()
                            .min_w_0()
                            .flex()
                            .flex_col()
                            .gap(space::XS)
                            .child(
                                div()
                                    .flex()
                                    .gap(space::M)
                                    .text_size(scaled(14.))
                                    .line_height(scaled(22.))
                                    .children(task.number().map(|number| {
                                        div()
                                            .flex_none()
                                            .text_color(colors.text_faint)
                                            .child(number.to_owned())
                                    }))
                                    .child(div().flex_1().min_w_0().child(task.title.draw(
                                        match task.has_text {
                                            false => colors.text_faint,
                                            true if done => colors.text_muted,
                                            true => colors.text,
                                        },
                                        if heading {
                                            FontWeight::MEDIUM
                                        } else {
                                            FontWeight::NORMAL
                                        },
                                        cx,
                                    ))),
                            )
                            .children(details)
                            .when(!task.requirements.is_empty() || task.optional, |this| {
                                this.child(self.render_task_marks(at, task, cx))
                            }),
                    )
                    .children(start),
            )
            .into_any_element()
    }

    fn render_task_marks(&self, at: usize, task: &TaskBlock, cx: &mut Context<Self>) -> AnyElement {
        let colors = **cx.kiln_theme();
        let requirements = self.folder.join(Document::Requirements.file_name());
        div()
            .flex()
            .flex_wrap()
            .items_center()
            .gap(space::XS)
            .text_caption()
            .text_color(colors.text_faint)
            .when(task.optional, |this| {
                this.child(div().pr(space::S).child("Optional"))
            })
            .when(!task.requirements.is_empty(), |this| {
                this.child(div().pr(space::XXS).child("Requirements"))
            })
            .children(task.requirements.iter().enumerate().map(|(index, id)| {
                let path = requirements.clone();
                div()
                    .id(SharedString::from(format!("task-{at}-requirement-{index}")))
                    .role(Role::Link)
                    .aria_label(SharedString::from(format!("Requirement {id}")))
                    .test_support()
                    .px(scaled(5.))
                    .rounded(radius::SMALL)
                    .border_1()
                    .border_color(colors.border)
                    .text_color(colors.text_muted)
                    .cursor_pointer()
                    .hover(|this| this.bg(colors.hover).text_color(colors.text))
                    .on_click(move |_, window, cx| {
                        ui::open_path(ui::OpenTarget::new(path.clone()), window, cx);
                    })
                    .child(id.clone())
            }))
            .into_any_element()
    }

    /// The first task that can be started: where it is drawn, and what it is called in the file.
    pub(crate) fn next_task(&self) -> Option<(usize, &TaskId)> {
        let mut blocks = self.blocks.iter().enumerate();
        blocks.find_map(|(at, drawn)| match &drawn.block {
            Block::Task(task) if task.is_next() => Some((at, &task.id)),
            _ => None,
        })
    }

    fn render_outline(&self, cx: &mut Context<Self>) -> Option<AnyElement> {
        let colors = **cx.kiln_theme();
        let top = self.list.logical_scroll_top().item_ix;
        let entries: Vec<(usize, usize, SharedString)> = self
            .blocks
            .iter()
            .enumerate()
            .filter_map(|(at, drawn)| match &drawn.block {
                Block::Prose {
                    heading: Some(heading),
                    ..
                } if (2..=3).contains(&heading.level) => {
                    Some((at, heading.level - 2, heading.text.clone().into()))
                }
                Block::Requirement(requirement) => Some((at, 1, requirement.short_name().into())),
                _ => None,
            })
            .collect();
        if entries.len() < 3 {
            return None;
        }
        let current = entries
            .iter()
            .rposition(|(at, ..)| *at < top.max(1))
            .unwrap_or(0);
        Some(
            div()
                .id("spec-outline")
                .role(Role::Navigation)
                .aria_label("Outline")
                .absolute()
                .top_0()
                .right(space::L)
                .w(OUTLINE)
                .max_h_full()
                .overflow_y_scroll()
                .py(scaled(36.))
                .flex()
                .flex_col()
                .gap(px(1.))
                .children(
                    entries
                        .into_iter()
                        .enumerate()
                        .map(|(index, (at, level, text))| {
                            let here = index == current;
                            div()
                                .id(("outline", index))
                                .role(Role::Link)
                                .aria_label(text.clone())
                                .test_support()
                                .py(scaled(3.))
                                .pl(space::M + space::L * level as f32)
                                .border_l_1()
                                .border_color(if here { colors.accent } else { colors.border })
                                .text_small()
                                .text_color(if here { colors.text } else { colors.text_muted })
                                .cursor_pointer()
                                .hover(|this| this.text_color(colors.text))
                                .on_click(cx.listener(move |this, _, _, cx| {
                                    this.list.scroll_to(ListOffset {
                                        item_ix: at + 1,
                                        offset_in_item: px(0.),
                                    });
                                    cx.notify();
                                }))
                                .child(div().truncate().child(text))
                        }),
                )
                .into_any_element(),
        )
    }
}

/// Criteria below each other, beside their ids.
fn render_criteria(criteria: &[CriterionLine], cx: &App) -> AnyElement {
    let colors = **cx.kiln_theme();
    // In digits of the code font, of which none is wider than these.
    let digits = criteria.iter().map(|line| line.id.len()).max();
    let ids = (digits.unwrap_or(0).min(MOST_ID_DIGITS) as f32 * ID_DIGIT).max(32.);
    let rows = criteria.iter().map(|criterion| {
        let id = div()
            .flex_none()
            .w(scaled(ids))
            .text_size(scaled(12.))
            .font_family(cx.theme().mono_font_family.clone())
            .text_color(colors.text_faint)
            .child(criterion.id.clone());
        let text = criterion.text.draw(colors.text, FontWeight::NORMAL, cx);
        div()
            .flex()
            .gap(space::L)
            .text_size(scaled(14.))
            .line_height(scaled(22.))
            .child(id)
            .child(div().flex_1().min_w_0().child(text))
    });
    div()
        .flex()
        .flex_col()
        .gap(space::M)
        .children(rows)
        .into_any_element()
}

/// The mark of a severity, as in the window's other lists of problems.
fn severity_icon(severity: Severity, colors: &Colors) -> AnyElement {
    let (icon, color) = match severity {
        Severity::Error => (IconName::CircleAlert, colors.error),
        Severity::Warning => (IconName::TriangleAlert, colors.warning),
    };
    sized_icon(icon, icon_size::SMALL, color).into_any_element()
}

/// Opens a link of a document: a web address, or a file of the project, relative to the project
/// or to the spec's own folder.
fn follow(
    root: &std::path::Path,
    folder: &std::path::Path,
    target: LinkTarget,
    window: &mut Window,
    cx: &mut App,
) {
    match target {
        LinkTarget::Web(address) => cx.open_url(&address),
        LinkTarget::File(written) => {
            let relative = std::path::Path::new(&written);
            let plain = relative.components().all(|part| {
                matches!(
                    part,
                    std::path::Component::Normal(_) | std::path::Component::CurDir
                )
            });
            let base = if Document::from_file_name(&written).is_some() {
                folder
            } else {
                root
            };
            if plain {
                ui::open_path(ui::OpenTarget::new(base.join(relative)), window, cx);
            } else {
                refuse(window, cx);
            }
        }
        LinkTarget::Refused => refuse(window, cx),
    }
}

fn refuse(window: &mut Window, cx: &mut App) {
    ui::notify(
        ui::Severity::Warning,
        "Only web addresses and files of the project can be opened from here.",
        window,
        cx,
    );
}
