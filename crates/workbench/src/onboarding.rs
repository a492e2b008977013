//! The first steps: take settings over from VS Code, choose a theme, choose a model, open
//! a folder. Each can be skipped; all can be taken again from the menu.

mod folder_page;
mod import_page;
mod model_in_use;
mod model_page;
mod theme_page;

use crate::actions::{
    CancelDownload, ChooseInstallation, DownloadModel, FindServers, FollowSystemTheme,
    ImportListed, LookAtInstallation, NextStep, PreviousStep, SaveKeys, SkipSetup, UseNextModel,
};
use crate::modal::ModalLayer;
use crate::model_setup::ModelSetup;
use crate::settings_files::SettingsFiles;
use gpui_kit::base::TestSupportExt as _;
use gpui_kit::component::scroll::ScrollableElement as _;
use gpui_kit::prelude::*;
use gpui_kit::{
    AnyElement, App, Context, Entity, EventEmitter, FocusHandle, Focusable, FontWeight, Point,
    Rems, Role, ScrollHandle, SharedString, Subscription, Window, div, linear_color_stop,
    linear_gradient,
};
use import_page::ImportState;
use model_page::ModelState;
use std::path::PathBuf;
use std::rc::Rc;
use ui::tokens::{icon_size, radius, scaled, space};
use ui::widgets::{Button, ButtonStyle, StaticText as _, column, row};
use ui::{ActiveKilnTheme as _, IconName, Typography as _, icons};

/// How high the end of a page is where it fades out.
const FADE: Rems = scaled(20.);

/// One of the steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Page {
    /// Take settings and themes over from VS Code.
    Import,
    /// Choose a theme.
    Theme,
    /// Choose a model.
    Model,
    /// Open a folder.
    Folder,
}

impl Page {
    const ALL: [Self; 4] = [Self::Import, Self::Theme, Self::Model, Self::Folder];

    fn title(self) -> &'static str {
        match self {
            Self::Import => "Bring your settings",
            Self::Theme => "Choose a theme",
            Self::Model => "Choose a model",
            Self::Folder => "Open a folder",
        }
    }

    fn about(self) -> &'static str {
        match self {
            Self::Import => {
                "Take over settings, snippets, themes and languages from VS Code and its relatives; nothing changes there."
            }
            Self::Theme => {
                "You can change it at any time, and let it follow the system\u{2019}s light and dark."
            }
            Self::Model => {
                "The agent needs a model: one that Kiln runs on this machine, a server you run, \
                 or a provider with your own key."
            }
            Self::Folder => {
                "A project folder becomes the window: its files, its specs, and the agent at work in it."
            }
        }
    }

    fn icon(self) -> IconName {
        match self {
            Self::Import => IconName::Import,
            Self::Theme => IconName::Palette,
            Self::Model => IconName::Sparkles,
            Self::Folder => IconName::FolderOpen,
        }
    }

    fn index(self) -> usize {
        Self::ALL.iter().position(|page| *page == self).unwrap_or(0)
    }

    fn next(self) -> Option<Self> {
        Self::ALL.get(self.index() + 1).copied()
    }

    fn previous(self) -> Option<Self> {
        self.index()
            .checked_sub(1)
            .and_then(|index| Self::ALL.get(index))
            .copied()
    }
}

/// What the window hears.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OnboardingEvent {
    /// The steps are over.
    Finished,
    /// A folder is to be chosen and opened.
    OpenFolder,
    /// This folder is to be opened.
    Open(PathBuf),
}

/// The first steps.
pub struct Onboarding {
    page: Page,
    settings: SettingsFiles,
    models: Option<Rc<dyn ModelSetup>>,
    modals: Entity<ModalLayer>,
    recent: Vec<PathBuf>,
    /// The folder that is open.
    folder: Option<PathBuf>,
    import: ImportState,
    /// Whether a theme was chosen here.
    theme_chosen: bool,
    model: ModelState,
    focus: FocusHandle,
    scroll: ScrollHandle,
    _activation: Subscription,
}

impl EventEmitter<OnboardingEvent> for Onboarding {}

impl Onboarding {
    /// The steps, at a page.
    #[expect(clippy::too_many_arguments, reason = "each is one seam to the window")]
    pub fn new(
        page: Page,
        settings: SettingsFiles,
        models: Option<Rc<dyn ModelSetup>>,
        modals: Entity<ModalLayer>,
        recent: Vec<PathBuf>,
        folder: Option<PathBuf>,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) -> Self {
        // Another window or `kiln-cli` may have changed what the page shows.
        let activation = cx.observe_window_activation(window, |this: &mut Self, window, cx| {
            if window.is_window_active() && this.page == Page::Model {
                this.look_at_models(cx);
            }
        });
        let mut this = Self {
            page,
            settings,
            models,
            modals,
            recent,
            folder,
            import: ImportState::new(),
            theme_chosen: false,
            model: ModelState::default(),
            focus: cx.focus_handle(),
            scroll: ScrollHandle::new(),
            _activation: activation,
        };
        this.prepare(page, cx);
        this.start_model_page(window, cx);
        this
    }

    /// Reads anew what a page that comes up shows of the disk.
    fn prepare(&mut self, page: Page, cx: &mut Context<Self>) {
        match page {
            Page::Import => self.find_installs(cx),
            Page::Model => self.look_at_models(cx),
            Page::Theme | Page::Folder => {}
        }
    }

    fn go(&mut self, page: Page, window: &mut Window, cx: &mut Context<Self>) {
        self.page = page;
        self.prepare(page, cx);
        self.scroll.set_offset(Point::default());
        self.focus.focus(window, cx);
        cx.notify();
    }

    fn forward(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        match self.page.next() {
            Some(page) => self.go(page, window, cx),
            None => cx.emit(OnboardingEvent::Finished),
        }
    }

    /// Whether what a step is for is done, not only looked at.
    fn is_done(&self, page: Page, cx: &App) -> bool {
        match page {
            Page::Import => self.import.imported(),
            Page::Theme => self.theme_chosen || self.import.chose_theme(),
            Page::Model => self.current_model(cx).is_some(),
            Page::Folder => self.folder.is_some(),
        }
    }

    /// What the buttons of the page that is shown do, as commands.
    fn with_page_actions<E: InteractiveElement + FluentBuilder>(
        &self,
        element: E,
        cx: &Context<Self>,
    ) -> E {
        match self.page {
            Page::Import => element
                .on_action(cx.listener(|this, _: &LookAtInstallation, window, cx| {
                    this.look_at_next(window, cx);
                }))
                .on_action(cx.listener(|this, _: &ChooseInstallation, window, cx| {
                    this.choose_install(window, cx);
                }))
                .on_action(cx.listener(|this, _: &ImportListed, window, cx| {
                    this.import_listed(window, cx);
                })),
            Page::Theme => {
                element.on_action(cx.listener(|this, _: &FollowSystemTheme, window, cx| {
                    this.follow_system(window, cx);
                }))
            }
            Page::Model => element
                .on_action(cx.listener(|this, _: &DownloadModel, window, cx| {
                    this.offer_a_download(window, cx);
                }))
                .on_action(cx.listener(|this, _: &FindServers, _, cx| this.find_servers(cx)))
                .when(self.is_downloading(), |this| {
                    this.on_action(cx.listener(|this, _: &CancelDownload, _, cx| {
                        this.cancel_download(cx);
                    }))
                })
                .on_action(cx.listener(|this, _: &UseNextModel, window, cx| {
                    this.use_next_model(window, cx);
                }))
                .on_action(cx.listener(|this, _: &SaveKeys, window, cx| {
                    this.save_keys(window, cx);
                })),
            Page::Folder => element,
        }
    }

    fn render_steps(&self, cx: &mut Context<Self>) -> impl IntoElement {
        column()
            .flex_none()
            .w(scaled(220.))
            .gap(space::XXS)
            .children(Page::ALL.map(|page| {
                let theme = cx.kiln_theme();
                let here = page == self.page;
                let done = self.is_done(page, cx);
                let color = if here { theme.text } else { theme.text_muted };
                let (active, hover) = (theme.active, theme.hover);
                let mark = if done {
                    icons::sized_icon(IconName::CircleCheck, icon_size::MEDIUM, theme.success)
                } else {
                    icons::sized_icon(
                        page.icon(),
                        icon_size::MEDIUM,
                        if here { theme.accent } else { theme.text_muted },
                    )
                };
                row()
                    .id(("onboarding-step", page.index()))
                    .test_support()
                    .role(Role::Tab)
                    .aria_label(if done {
                        format!("{}, done", page.title()).into()
                    } else {
                        SharedString::from(page.title())
                    })
                    .aria_selected(here)
                    .h(scaled(32.))
                    .px(space::M)
                    .gap(space::M)
                    .rounded(radius::MEDIUM)
                    .when(here, |this| this.bg(active))
                    .when(!here, |this| this.hover(move |style| style.bg(hover)))
                    .text_body()
                    .when(here, |this| this.font_weight(FontWeight::MEDIUM))
                    .text_color(color)
                    .on_click(cx.listener(move |this, _, window, cx| this.go(page, window, cx)))
                    .child(mark)
                    .child(page.title())
            }))
    }

    fn render_footer(&self, cx: &mut Context<Self>) -> impl IntoElement {
        let last = self.page.next().is_none();
        // A tooltip that is shown keeps its words as long as its button is the same one.
        let step = self.page.index();
        row()
            .flex_none()
            .pt(space::XL)
            .gap(space::M)
            // Its words, not its frame, which is seen under the pointer alone, are on the
            // page's edge.
            .child(
                div().ml(-space::L).child(
                    Button::new("onboarding-skip", "Skip setup")
                        .quiet()
                        .command("onboarding.skip")
                        .tooltip("Leave the setup; the menu leads back to it")
                        .on_click(cx.listener(|_, _, _, cx| cx.emit(OnboardingEvent::Finished))),
                ),
            )
            .child(div().flex_1())
            .children(self.page.previous().map(|page| {
                Button::new(("onboarding-back", step), "Back")
                    .command("onboarding.back")
                    .tooltip(format!("Go back to \u{201c}{}\u{201d}", page.title()))
                    .on_click(cx.listener(move |this, _, window, cx| this.go(page, window, cx)))
            }))
            .child(
                Button::new(
                    ("onboarding-next", step),
                    if last { "Finish" } else { "Continue" },
                )
                // One button of a page is the next thing to do.
                .style(match self.offers_import() {
                    true => ButtonStyle::Secondary,
                    false => ButtonStyle::Primary,
                })
                .command("onboarding.continue")
                .tooltip(match self.page.next() {
                    Some(next) => format!("Go on to \u{201c}{}\u{201d}", next.title()),
                    None => "End the setup".to_owned(),
                })
                .on_click(cx.listener(|this, _, window, cx| this.forward(window, cx))),
            )
    }
}

impl Focusable for Onboarding {
    fn focus_handle(&self, _: &App) -> FocusHandle {
        self.focus.clone()
    }
}

impl Render for Onboarding {
    fn render(&mut self, window: &mut Window, cx: &mut Context<Self>) -> impl IntoElement {
        let content = match self.page {
            Page::Import => self.render_import(cx),
            Page::Theme => self.render_themes(cx),
            Page::Model => self.render_models(window, cx),
            Page::Folder => self.render_folder(cx),
        };
        let steps = self.render_steps(cx).into_any_element();
        let footer = self.render_footer(cx).into_any_element();
        let theme = cx.kiln_theme();
        div()
            .id("onboarding")
            .test_support()
            .role(Role::Main)
            .aria_label("Set up Kiln")
            .track_focus(&self.focus)
            .key_context("Onboarding")
            .on_action(cx.listener(|_, _: &SkipSetup, _, cx| cx.emit(OnboardingEvent::Finished)))
            .on_action(cx.listener(|this, _: &PreviousStep, window, cx| {
                if let Some(page) = this.page.previous() {
                    this.go(page, window, cx);
                }
            }))
            .on_action(cx.listener(|this, _: &NextStep, window, cx| this.forward(window, cx)))
            .map(|this| self.with_page_actions(this, cx))
            .size_full()
            .bg(theme.editor_background)
            .flex()
            .justify_center()
            .items_center()
            .p(space::XXL)
            .child(
                row()
                    .w_full()
                    .max_w(scaled(900.))
                    .h_full()
                    .max_h(scaled(760.))
                    .items_start()
                    .gap(scaled(40.))
                    .child(
                        column()
                            .h_full()
                            .flex_none()
                            .gap(space::XXL)
                            .child(
                                row()
                                    .px(space::M)
                                    .gap(space::M)
                                    .child(icons::sized_icon(
                                        IconName::FlameKindling,
                                        scaled(22.),
                                        theme.accent,
                                    ))
                                    .child(div().text_title().child("Welcome to Kiln")),
                            )
                            .child(steps),
                    )
                    .child(
                        column()
                            .flex_1()
                            .min_w_0()
                            .h_full()
                            .child(div().text_display().child(self.page.title()))
                            .child(
                                div()
                                    .pt(space::XS)
                                    .pb(space::XL)
                                    .max_w(scaled(560.))
                                    .text_body()
                                    .text_color(theme.text_muted)
                                    .child(self.page.about()),
                            )
                            .child(
                                div()
                                    .relative()
                                    .flex_1()
                                    .min_h_0()
                                    // The scroll bar is beside the content, whose edge is that of
                                    // the buttons below.
                                    .mr(-space::L)
                                    .child(
                                        column()
                                            .id("onboarding-page")
                                            .size_full()
                                            .overflow_y_scroll()
                                            .track_scroll(&self.scroll)
                                            .pr(space::L)
                                            .pb(FADE)
                                            .gap(space::L)
                                            .child(content),
                                    )
                                    .child(
                                        // What goes on below fades out; the end stands above it.
                                        div().absolute().bottom_0().left_0().right_0().h(FADE).bg(
                                            linear_gradient(
                                                180.,
                                                linear_color_stop(
                                                    theme.editor_background.opacity(0.),
                                                    0.,
                                                ),
                                                linear_color_stop(theme.editor_background, 1.),
                                            ),
                                        ),
                                    )
                                    .vertical_scrollbar(&self.scroll),
                            )
                            .child(footer),
                    ),
            )
    }
}

/// A framed area for one choice.
fn card(cx: &App) -> gpui_kit::Div {
    let theme = cx.kiln_theme();
    column()
        .w_full()
        .p(space::L)
        .gap(space::M)
        .rounded(radius::MEDIUM)
        .border_1()
        .border_color(theme.border)
        .bg(theme.surface)
}

/// A column inside a card whose left edge is that of the title's words.
fn below_title() -> gpui_kit::Div {
    column().pl(icon_size::MEDIUM + space::M).gap(space::M)
}

/// What follows `one` in a list; the first after the last one, and where `one` is not in it.
fn after<'a, T: PartialEq>(list: &'a [T], one: Option<&T>) -> Option<&'a T> {
    let at = one.and_then(|one| list.iter().position(|other| other == one));
    at.and_then(|at| list.get(at + 1)).or(list.first())
}

/// The title of a card, with one line that says more.
fn card_title(
    icon: IconName,
    title: impl Into<SharedString>,
    about: impl Into<SharedString>,
    cx: &App,
) -> AnyElement {
    let theme = cx.kiln_theme();
    let (title, about) = (title.into(), about.into());
    row()
        .items_start()
        .gap(space::M)
        .child(
            div()
                .pt(scaled(2.))
                .child(icons::icon(icon, theme.text_muted)),
        )
        .child(
            column()
                .flex_1()
                .min_w_0()
                .child(
                    div()
                        .id(title.clone())
                        .test_support()
                        .role(Role::Heading)
                        .aria_label(title.clone())
                        .text_body()
                        .font_weight(FontWeight::MEDIUM)
                        .child(title.clone()),
                )
                .child(
                    div()
                        .id(SharedString::from(format!("about {title}")))
                        .test_support()
                        .static_text(about.clone())
                        .text_small()
                        .text_color(theme.text_muted)
                        .child(about),
                ),
        )
        .into_any_element()
}
