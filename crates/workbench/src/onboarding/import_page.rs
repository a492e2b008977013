//! The first step: settings, snippets, themes and languages of VS Code and its relatives.

use super::{Onboarding, Page, after, below_title, card, card_title};
use crate::choose::{self, Wanted};
use gpui_kit::base::TestSupportExt as _;
use gpui_kit::prelude::*;
use gpui_kit::{AnyElement, App, AsyncWindowContext, Context, ElementId, Role, Task, Window, div};
use std::path::{Path, PathBuf};
use ui::tokens::{scaled, space};
use ui::widgets::{Button, Pill, PillTone, SectionHeader, StaticText as _, column, row};
use ui::{ActiveKilnTheme as _, IconName, Severity, Typography as _, icons, notify};
use vscode_import::{
    Environment, ImportReport, Installation, KEY_BINDINGS_STAY, NO_FOLDER, Target, apply,
    find_installations, installation_at, plan,
};

/// The most lines of a list that are drawn.
const MAX_LINES: usize = 200;

/// What the page knows.
#[derive(Default)]
pub(super) struct ImportState {
    /// Where programs keep what belongs to the user; `None` where there is no home folder.
    environment: Option<Environment>,
    /// The search that is under way.
    finding: Option<Task<()>>,
    /// What the last search found; `None` before the first is done.
    installs: Option<Vec<Installation>>,
    /// Where somebody begins to look for another one.
    start: PathBuf,
    chosen: Option<Installation>,
    report: Option<ImportReport>,
    busy: bool,
    /// The plan that is shown was carried out.
    done: bool,
    /// What was taken over something from.
    imported: Vec<Installation>,
    /// A theme was among it.
    themed: bool,
}

impl ImportState {
    pub(super) fn new() -> Self {
        Self {
            environment: Environment::from_process(),
            ..Self::default()
        }
    }

    pub(super) fn imported(&self) -> bool {
        !self.imported.is_empty()
    }

    /// Whether a theme was chosen by what was taken over.
    pub(super) fn chose_theme(&self) -> bool {
        self.themed
    }
}

impl Onboarding {
    /// Looks for installations; those that an earlier search found are shown meanwhile.
    pub(super) fn find_installs(&mut self, cx: &mut Context<Self>) {
        let environment = self.import.environment.clone();
        let find = cx.background_executor().spawn(async move {
            let found = environment
                .map(|environment| find_installations(&environment))
                .unwrap_or_default();
            let home = std::env::home_dir().unwrap_or_else(|| PathBuf::from("/"));
            let start = Some(home.join(".config")).filter(|folder| folder.is_dir());
            (found, start.unwrap_or(home))
        });
        // An earlier search that is still under way ends.
        self.import.finding = Some(cx.spawn(async move |this, cx| {
            let (found, start) = find.await;
            // The steps may be over.
            this.update(cx, |this, cx| {
                this.import.installs = Some(found);
                this.import.start = start;
                this.import.finding = None;
                cx.notify();
            })
            .ok();
        }));
    }

    /// Looks in these places in place of those of the process.
    #[cfg(test)]
    pub(crate) fn set_environment(&mut self, environment: Environment) {
        self.import.environment = Some(environment);
    }

    fn target(&self) -> Target {
        Target {
            settings_file: self.settings.user_settings(),
            themes_folder: self.settings.themes_folder(),
            snippets_folder: self.settings.snippets_folder(),
            languages_folder: self.settings.languages_folder(),
        }
    }

    /// Reads what an installation has, changing nothing.
    pub(crate) fn plan_import(
        &mut self,
        installation: Installation,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let target = self.target();
        self.import.chosen = Some(installation.clone());
        self.import.report = None;
        self.import.busy = true;
        self.import.done = false;
        let read = cx
            .background_executor()
            .spawn(async move { plan(&installation, &target) });
        cx.spawn_in(window, async move |this, cx: &mut AsyncWindowContext| {
            let report = read.await;
            this.update_in(cx, |this, window, cx| {
                this.import.busy = false;
                match report {
                    Ok(report) => this.import.report = Some(report),
                    Err(error) => {
                        this.import.chosen = None;
                        notify(Severity::Error, error.to_string(), window, cx);
                    }
                }
                cx.notify();
            })
        })
        .detach();
        cx.notify();
    }

    pub(super) fn choose_install(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let start = self.import.start.clone();
        let chosen = choose::existing(Wanted::UserFolder, &self.modals.clone(), start, window, cx);
        cx.spawn_in(window, async move |this, cx: &mut AsyncWindowContext| {
            let Some(path) = chosen.await else {
                return Ok(());
            };
            let environment = this.read_with(cx, |this, _| this.import.environment.clone())?;
            let found = cx
                .background_spawn(async move { installation_at(&path, environment.as_ref()) })
                .await;
            this.update_in(cx, |this, window, cx| match found {
                Ok(installation) => this.plan_import(installation, window, cx),
                Err(error) => notify(Severity::Error, error.to_string(), window, cx),
            })
        })
        .detach();
    }

    /// Whether it is the next thing to do to take over what is listed.
    pub(crate) fn offers_import(&self) -> bool {
        let report = self.import.report.as_ref();
        let brings = report.is_some_and(|report| !report.is_empty());
        self.page == Page::Import && brings && !self.import.busy && !self.import.done
    }

    pub(crate) fn apply_import(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let Some(report) = self.import.report.clone() else {
            return;
        };
        let target = self.target();
        if report.is_empty() {
            return;
        }
        self.import.busy = true;
        let (from, themed) = (self.import.chosen.clone(), report.chooses_theme());
        let files = self.settings.clone();
        let write = cx.background_executor().spawn(async move {
            apply(&report, &target).map(|()| files.register_languages(files.read_all()))
        });
        cx.spawn_in(window, async move |this, cx: &mut AsyncWindowContext| {
            let written = write.await;
            this.update_in(cx, |this, window, cx| {
                this.import.busy = false;
                match written {
                    Ok(read) => {
                        this.import.done = true;
                        this.import.themed |= themed;
                        let before = &mut this.import.imported;
                        before.extend(from.filter(|from| !before.contains(from)));
                        for problem in read.apply(cx) {
                            problem.show(window, cx);
                        }
                    }
                    Err(error) => notify(Severity::Error, error.to_string(), window, cx),
                }
                cx.notify();
            })
        })
        .detach();
        cx.notify();
    }

    /// Reads what the installation has that follows the one that was read last; after the last one
    /// the first.
    pub(super) fn look_at_next(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let installs = self.import.installs.as_deref().unwrap_or_default();
        let chosen = self.import.chosen.as_ref();
        match after(installs, chosen).cloned() {
            _ if self.import.busy => {}
            Some(next) => self.plan_import(next, window, cx),
            None => self.choose_install(window, cx),
        }
    }

    /// Takes over what is listed, where something is that was not taken over yet.
    pub(super) fn import_listed(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        if self.import.report.is_none() || self.import.done {
            let message =
                "Nothing is listed that is yet to be imported. Look at an installation first.";
            notify(Severity::Info, message, window, cx);
        } else if !self.import.busy {
            self.apply_import(window, cx);
        }
    }

    pub(super) fn render_import(&self, cx: &mut Context<Self>) -> AnyElement {
        let choose_path = Button::new("import-path", "Choose a folder\u{2026}")
            .tooltip("Choose the folder that holds the settings.json to bring")
            .command("onboarding.chooseInstallation")
            .on_click(cx.listener(|this, _, window, cx| this.choose_install(window, cx)));
        let found: AnyElement = match &self.import.installs {
            None => muted("Looking for VS Code and its relatives\u{2026}", cx),
            Some(installs) if installs.is_empty() => card(cx)
                .child(card_title(
                    IconName::Search,
                    "Nothing found in the usual places",
                    "Choose the user folder of VS Code, VSCodium, Cursor or Kiro by hand, or go on.",
                    cx,
                ))
                .child(below_title().child(row().child(choose_path)))
                .into_any_element(),
            Some(installs) => {
                let rows: Vec<_> = installs
                    .iter()
                    .enumerate()
                    .map(|(index, installation)| self.render_install(index, installation, cx))
                    .collect();
                column()
                    .gap(space::M)
                    .children(rows)
                    .child(row().child(choose_path))
                    .into_any_element()
            }
        };
        column()
            .gap(space::L)
            .child(found)
            .children(
                self.import
                    .report
                    .clone()
                    .map(|report| self.render_report(&report, cx)),
            )
            .into_any_element()
    }

    fn render_install(
        &self,
        index: usize,
        installation: &Installation,
        cx: &mut Context<Self>,
    ) -> AnyElement {
        let chosen = self.import.chosen.as_ref() == Some(installation);
        let theme = cx.kiln_theme();
        let clicked = installation.clone();
        let empty = self
            .import
            .report
            .as_ref()
            .is_some_and(ImportReport::is_empty);
        // Where there is nothing to bring, one may look again, once a file was put right.
        let brings = chosen && (self.import.busy || !empty);
        let imported = self.import.imported.contains(installation);
        let action = match (brings, self.import.busy, self.import.done) {
            (true, true, _) => muted("Reading\u{2026}", cx),
            (true, false, true) => div().into_any_element(),
            (true, false, false) => Button::new(("import-apply", index), "Import")
                .tooltip("Write what is listed into your settings of Kiln")
                .primary()
                .command("onboarding.import")
                .on_click(cx.listener(|this, _, window, cx| this.apply_import(window, cx)))
                .into_any_element(),
            (false, busy, _) => Button::new(("import-look", index), "Look")
                .tooltip("See what would be brought; nothing is written yet")
                .disabled(busy)
                .command("onboarding.look")
                .on_click(cx.listener(move |this, _, window, cx| {
                    this.plan_import(clicked.clone(), window, cx);
                }))
                .into_any_element(),
        };
        card(cx)
            .border_color(if chosen {
                theme.border_focused
            } else {
                theme.border
            })
            .child(
                row()
                    .gap(space::M)
                    .child(div().flex_1().min_w_0().child(card_title(
                        IconName::Blocks,
                        installation.title.clone(),
                        installation.settings_file().display().to_string(),
                        cx,
                    )))
                    .when(imported, |this| {
                        this.child(
                            div()
                                .id(("imported", index))
                                .test_support()
                                .static_text("Imported")
                                .child(Pill::new("Imported").tone(PillTone::Success)),
                        )
                    })
                    .child(action),
            )
            .into_any_element()
    }

    fn render_report(&self, report: &ImportReport, cx: &mut Context<Self>) -> AnyElement {
        let theme = cx.kiln_theme();
        let (success, faint, warning) = (theme.success, theme.text_faint, theme.warning);
        let applied = report.applied.iter().map(|setting| {
            let value = setting.shown_value();
            let detail = value.as_deref().unwrap_or("for its language server");
            line(IconName::Check, success, &setting.shown_key(), detail)
        });
        let taken = report.themes.iter().filter(|theme| theme.edited.is_none());
        let themes =
            taken.map(|theme| line(IconName::Palette, success, &theme.name, &theme.extension));
        let edited = report
            .edited_themes()
            .map(|(theme, file)| line(IconName::Palette, faint, &theme.name, &stays(file)));
        let added = report.added_files.iter().map(|files| {
            let as_what = format!("{} ({})", files.language_name, files.extension);
            line(IconName::FileCode, success, &files.pattern, &as_what)
        });
        let snippets = report.taken_snippets().flat_map(|file| {
            let taken = line(IconName::Scissors, success, &file.name, &file.counted());
            let warnings = file.warnings.iter();
            let warnings = warnings.map(|told| line(IconName::TriangleAlert, warning, "", told));
            std::iter::once(taken).chain(warnings).collect::<Vec<_>>()
        });
        let edited_snippets = report.edited_snippets();
        let edited_snippets = edited_snippets
            .map(|(file, path)| line(IconName::Scissors, faint, &file.name, &stays(path)));
        let looked_in = report.looked_in.iter().map(|looked| {
            let folder = looked.folder.display().to_string();
            line(IconName::Folder, faint, &folder, &looked.found())
        });
        let languages = report.languages.iter().flat_map(|language| {
            let taken = line(
                IconName::FileCode,
                success,
                &language.name,
                &language.origin(),
            );
            let warnings = language.warnings.iter();
            let warnings = warnings.map(|told| line(IconName::TriangleAlert, warning, "", told));
            std::iter::once(taken).chain(warnings).collect::<Vec<_>>()
        });
        let included = report.included_grammars.iter().map(|grammar| {
            line(
                IconName::FileCode,
                success,
                &grammar.scope,
                &grammar.extension,
            )
        });
        let left = report
            .not_applied
            .iter()
            .map(|setting| line(IconName::Minus, faint, &setting.key, &setting.reason))
            .chain(
                report
                    .themes_not_imported
                    .iter()
                    .map(|theme| line(IconName::Minus, faint, &theme.name, &theme.reason)),
            )
            .chain(
                report
                    .languages_not_imported
                    .iter()
                    .map(|language| line(IconName::Minus, faint, &language.name, &language.reason)),
            )
            .chain(
                report
                    .snippets_not_imported
                    .iter()
                    .map(|file| line(IconName::Minus, faint, &file.name, &file.reason)),
            );
        // The first, as there may be more of the others than are drawn.
        let keys = report.key_bindings.iter();
        let keys = keys.map(|_| line(IconName::Minus, faint, "Key bindings", KEY_BINDINGS_STAY));
        let left = keys.chain(left);
        let problems = report
            .problems
            .iter()
            .map(|problem| line(IconName::TriangleAlert, warning, "", problem));
        let (applied, themes): (Vec<_>, Vec<_>) = (
            applied.take(MAX_LINES).collect(),
            themes.take(MAX_LINES).collect(),
        );
        let edited: Vec<_> = edited.take(MAX_LINES).collect();
        let languages: Vec<_> = languages.take(MAX_LINES).collect();
        let included: Vec<_> = included.take(MAX_LINES).collect();
        let added: Vec<_> = added.take(MAX_LINES).collect();
        let snippets: Vec<_> = snippets.take(MAX_LINES).collect();
        let edited_snippets: Vec<_> = edited_snippets.take(MAX_LINES).collect();
        let mut looked_in: Vec<_> = looked_in.collect();
        if looked_in.is_empty() {
            looked_in.push(line(IconName::Folder, faint, "", NO_FOLDER));
        }
        let (left, problems): (Vec<_>, Vec<_>) = (
            left.take(MAX_LINES).collect(),
            problems.take(MAX_LINES).collect(),
        );
        let nothing = report.is_empty() && problems.is_empty();
        let listed = |title: &'static str, lines: Vec<Line>| {
            let lines = lines.into_iter().enumerate();
            let lines = lines.map(|(index, line)| line.render((title, index).into(), cx));
            column()
                .id(title)
                .test_support()
                .role(Role::List)
                .aria_label(title)
                .children(lines)
        };
        let group = |title: &'static str, lines: Vec<Line>| {
            (!lines.is_empty()).then(|| {
                let header = format!("{title} \u{00b7} {}", lines.len());
                column()
                    .child(SectionHeader::new(header))
                    .child(listed(title, lines))
            })
        };
        column()
            .gap(space::M)
            .when(!problems.is_empty(), |this| {
                this.child(listed("What could not be read", problems))
            })
            .children(group("Settings that Kiln takes over", applied))
            .children(group("Themes that Kiln takes over", themes))
            .children(group("Themes that stay as you edited them", edited))
            .children(group("Languages that Kiln takes over", languages))
            .children(group("Grammars that these languages include", included))
            .children(group("Files that open as languages that Kiln has", added))
            .children(group("Snippets that Kiln takes over", snippets))
            .children(group("Snippets that stay as they are", edited_snippets))
            .children(group("Not taken over", left))
            .children(group("Where extensions were looked for", looked_in))
            .when(nothing, |this| {
                this.child(muted(
                    "There is nothing here that Kiln could take over.",
                    cx,
                ))
            })
            .into_any_element()
    }
}

/// What is said of a file that is kept as it is.
fn stays(file: &Path) -> String {
    format!("rename or remove {} to import it again", file.display())
}

fn muted(text: &'static str, cx: &App) -> AnyElement {
    div()
        .id(text)
        .test_support()
        .static_text(text)
        .text_small()
        .text_color(cx.kiln_theme().text_muted)
        .child(text)
        .into_any_element()
}

/// One thing that is taken over, or is not.
struct Line {
    icon: IconName,
    color: gpui_kit::Hsla,
    what: String,
    detail: String,
}

fn line(icon: IconName, color: gpui_kit::Hsla, what: &str, detail: &str) -> Line {
    Line {
        icon,
        color,
        what: what.to_owned(),
        detail: detail.to_owned(),
    }
}

impl Line {
    fn render(self, id: ElementId, cx: &App) -> AnyElement {
        let name = match self.what.as_str() {
            "" => self.detail.clone(),
            what => format!("{what}: {}", self.detail),
        };
        row()
            .id(id)
            .test_support()
            .role(Role::ListItem)
            .aria_label(name)
            .min_h(scaled(24.))
            .px(space::L)
            .gap(space::M)
            .items_start()
            .text_small()
            .child(div().pt(scaled(2.)).child(icons::sized_icon(
                self.icon,
                scaled(12.),
                self.color,
            )))
            .when(!self.what.is_empty(), |row| {
                row.child(
                    div()
                        .flex_none()
                        .max_w(scaled(280.))
                        .truncate()
                        .child(self.what),
                )
            })
            .child(
                div()
                    .flex_1()
                    .min_w_0()
                    .text_color(cx.kiln_theme().text_muted)
                    .child(self.detail),
            )
            .into_any_element()
    }
}
