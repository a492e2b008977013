//! An empty conversation: what to start with in this very project.

use crate::panel::AgentPanel;
use crate::rows::{model_offers, notice_row, render_notice};
use crate::transcript::Row;
use agent::{LookReason, Mode, NoticeLevel, Operation};
use fs::Fs;
use gpui_kit::base::TestSupportExt as _;
use gpui_kit::prelude::*;
use gpui_kit::*;
use std::path::Path;
use ui::tokens::{icon_size, radius, space};
use ui::widgets::{Button, text_tooltip};
use ui::{ActiveKilnTheme as _, IconName, Typography as _};

/// What can be asked of this project.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Suggestion {
    /// Drawn before the words.
    pub icon: IconName,
    /// What it is about, in a few words.
    pub title: String,
    /// What is asked.
    pub prompt: String,
    /// Chat, or a spec.
    pub mode: Mode,
}

/// Folders looked into for what the project is made of.
const MOST_FOLDERS: usize = 24;

/// Three things to ask, from what lies in the folder. Reads two levels of it.
pub(crate) fn suggestions(root: &Path, fs: &dyn Fs) -> Vec<Suggestion> {
    let mut names = Vec::new();
    let mut folders = Vec::new();
    for entry in fs.read_dir(root).unwrap_or_default() {
        if entry.is_dir && !entry.is_ignored && !entry.name.starts_with('.') {
            folders.push((entry.name.clone(), entry.path));
        }
        names.push(entry.name);
    }
    folders.sort();
    for (folder, path) in folders.into_iter().take(MOST_FOLDERS) {
        for entry in fs.read_dir(&path).unwrap_or_default() {
            names.push(format!("{folder}/{}", entry.name));
        }
    }
    let project = root
        .file_name()
        .map_or_else(String::new, |name| name.to_string_lossy().into());
    from_names(&project, &names)
}

fn from_names(project: &str, names: &[String]) -> Vec<Suggestion> {
    let has = |wanted: &str| names.iter().any(|name| name == wanted);
    let project = if project.is_empty() {
        "this project"
    } else {
        project
    };
    // What is hidden, such as `.git`, is nothing to ask about.
    if names.iter().all(|name| name.starts_with('.')) {
        return for_an_empty_folder(project);
    }
    let source = ["src", "app", "lib", "server", "api", "crates", "packages"]
        .iter()
        .find(|folder| has(folder));
    let explain = Suggestion {
        icon: IconName::Compass,
        title: format!("Explain how {project} works"),
        prompt: match source {
            Some(folder) => format!(
                "Explain how {project} is organised: what it does, where it starts, and what \
                 each part of {folder}/ is for."
            ),
            None => format!("Explain what is in {project} and what it is for."),
        },
        mode: Mode::Chat,
    };
    let runner = [
        ("Cargo.toml", "cargo test"),
        ("package.json", "npm test"),
        ("pyproject.toml", "pytest"),
        ("go.mod", "go test ./..."),
        ("Makefile", "make test"),
    ]
    .iter()
    .find(|(file, _)| has(file))
    .map(|(_, command)| *command);
    let tested = names.iter().any(|name| {
        let last = name.rsplit('/').next().unwrap_or(name);
        matches!(
            last,
            "test" | "tests" | "spec" | "__tests__" | "Cargo.toml" | "pyproject.toml"
        ) || last.starts_with("test_")
    });
    let check = match runner {
        Some(command) => Suggestion {
            icon: IconName::FlaskConical,
            title: "Run the tests and fix what fails".to_owned(),
            prompt: format!("Run `{command}`, explain anything that fails, and fix it."),
            mode: Mode::Chat,
        },
        None if tested => Suggestion {
            icon: IconName::FlaskConical,
            title: "Run the tests and fix what fails".to_owned(),
            prompt: "Find out how the tests of each part are run, run them, explain anything \
                     that fails, and fix it."
                .to_owned(),
            mode: Mode::Chat,
        },
        None => Suggestion {
            icon: IconName::FlaskConical,
            title: "Add a first test".to_owned(),
            prompt: "Find the most important behaviour here that no test covers, and write a \
                     test for it."
                .to_owned(),
            mode: Mode::Chat,
        },
    };
    let plan = plan(format!("Plan a feature for {project} as a spec"));
    vec![explain, check, plan]
}

/// What can be asked where nothing is yet.
fn for_an_empty_folder(project: &str) -> Vec<Suggestion> {
    let start = Suggestion {
        icon: IconName::Compass,
        title: "Start a project in this folder".to_owned(),
        prompt: "This folder is empty. Ask me what I want to build and with what, then write the \
                 first files, with a test and a way to run it."
            .to_owned(),
        mode: Mode::Chat,
    };
    let readme = Suggestion {
        icon: IconName::File,
        title: "Write a README".to_owned(),
        prompt: format!(
            "This folder is empty. Ask me what {project} is to be and who it is for, then write \
             its README.md."
        ),
        mode: Mode::Chat,
    };
    vec![
        start,
        readme,
        plan("Plan what to build as a spec".to_owned()),
    ]
}

fn plan(title: String) -> Suggestion {
    Suggestion {
        icon: IconName::ListChecks,
        title,
        prompt: String::new(),
        mode: Mode::Spec,
    }
}

impl AgentPanel {
    /// Sends a suggestion, or begins a message where it has no words. A message that is being
    /// written stays: the suggestion goes below it and waits to be sent with it.
    fn take_suggestion(
        &mut self,
        prompt: &str,
        mode: Mode,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let draft = self.composer.read(cx).value();
        match (draft.trim().is_empty(), prompt.is_empty()) {
            (true, true) => self.write("", mode, window, cx),
            (true, false) => {
                self.write(prompt, mode, window, cx);
                self.submit(window, cx);
            }
            (false, true) => self.write(&draft, mode, window, cx),
            (false, false) => {
                let text = format!("{}\n\n{prompt}", draft.trim_end());
                self.write(&text, self.mode, window, cx);
            }
        }
    }

    pub(crate) fn render_welcome(&self, cx: &mut Context<Self>) -> impl IntoElement {
        let colors = **cx.kiln_theme();
        let session = self.session.read(cx);
        let no_model = session.no_model().cloned();
        // What the agent had to say before anything was asked.
        let notices: Vec<_> = session
            .transcript()
            .rows()
            .iter()
            .enumerate()
            .filter_map(|(at, row)| match row {
                Row::Notice { level, message } => Some(notice_row(at, *level, message, cx)),
                _ => None,
            })
            .collect();
        let rows: Vec<_> = self
            .suggestions
            .iter()
            .enumerate()
            .map(|(index, suggestion)| {
                let Suggestion {
                    icon,
                    title,
                    prompt,
                    mode,
                } = suggestion.clone();
                div()
                    .id(("suggestion", index))
                    .role(Role::Button)
                    .aria_label(SharedString::from(title.clone()))
                    .test_support()
                    .tooltip(text_tooltip(match prompt.is_empty() {
                        true => "Begin a message to the agent",
                        false => "Send this to the agent",
                    }))
                    .px(space::L)
                    .py(space::M)
                    .flex()
                    .items_center()
                    .gap(space::M)
                    .rounded(radius::MEDIUM)
                    .border_1()
                    .border_color(colors.border)
                    .text_body()
                    .cursor_pointer()
                    .tab_index(0)
                    .hover(|this| this.bg(colors.hover))
                    .focus_visible(|this| this.border_color(colors.border_focused))
                    .on_click(cx.listener(move |this, _, window, cx| {
                        this.take_suggestion(&prompt, mode, window, cx);
                    }))
                    .child(ui::icon(icon, colors.text_muted))
                    .child(div().flex_1().min_w_0().child(title))
                    .child(ui::icons::sized_icon(
                        IconName::ArrowRight,
                        icon_size::SMALL,
                        colors.text_faint,
                    ))
            })
            .collect();
        div()
            .id("agent-welcome")
            .size_full()
            .overflow_y_scroll()
            .px(space::L)
            .flex()
            .flex_col()
            .gap(space::L)
            .pb(space::L)
            // At the bottom, and scrolled from the top where the panel is low.
            .child(div().flex_1())
            .children(notices)
            .child(
                div()
                    .flex_none()
                    .flex()
                    .flex_col()
                    .gap(space::XS)
                    .child(div().text_title().child("What should we work on?"))
                    .child(div().text_small().text_color(colors.text_muted).child(
                        "It reads the folder freely, and asks before it changes a file or runs a \
                         command.",
                    )),
            )
            .map(|this| match no_model {
                Some(none) => this.child({
                    let title = match none.missing {
                        Some(_) => "Choose another model, or bring that one back",
                        None => "First, choose a model",
                    };
                    div()
                        .flex_none()
                        .p(space::L)
                        .flex()
                        .flex_col()
                        .gap(space::M)
                        .rounded(radius::MEDIUM)
                        .border_1()
                        .border_color(colors.border)
                        .children(none.missing.map(|told| {
                            div()
                                .id("missing-model")
                                .test_support()
                                .role(Role::Alert)
                                .aria_label(told.clone())
                                .child(render_notice(NoticeLevel::Warning, &told, cx))
                        }))
                        .children(none.unreadable_keys.map(|told| {
                            div()
                                .id("unreadable-keys")
                                .test_support()
                                .role(Role::Alert)
                                .aria_label(told.clone())
                                .flex()
                                .flex_col()
                                .gap(space::M)
                                .child(render_notice(NoticeLevel::Warning, &told, cx))
                                .child(
                                    div().flex().child(
                                        Button::new("read-keys-again", "Try again")
                                            .icon(IconName::RotateCw)
                                            .tooltip("Read the keys again")
                                            .on_click(cx.listener(|this, _, _, cx| {
                                                this.session.update(cx, |session, cx| {
                                                    // Who looks again has chosen none.
                                                    let look =
                                                        Operation::FindModel(LookReason::Changed);
                                                    session.send(look, cx);
                                                });
                                            })),
                                    ),
                                )
                        }))
                        .child(
                            div()
                                .text_body()
                                .font_weight(FontWeight::MEDIUM)
                                .child(title),
                        )
                        .child(div().text_small().text_color(colors.text_muted).child(
                            "The embedded one runs on this machine and sends nothing anywhere. \
                                 You can also use your own key, or a model server on this machine \
                                 such as Ollama.",
                        ))
                        .child(
                            div()
                                .flex()
                                .flex_wrap()
                                .gap(space::M)
                                .children(model_offers()),
                        )
                }),
                None => this.child(
                    div()
                        .flex_none()
                        .flex()
                        .flex_col()
                        .gap(space::S)
                        .children(rows),
                ),
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    // The glob above brings gpui's own `test` along.
    use core::prelude::v1::test;

    #[test]
    fn suggestions_name_the_project_and_its_own_test_command() {
        let names = ["Cargo.toml", "src"].map(str::to_owned);
        let found = from_names("todo", &names);
        assert_eq!(found.len(), 3);
        assert_eq!(found[0].title, "Explain how todo works");
        assert!(found[0].prompt.contains("src/"));
        assert!(found[1].prompt.contains("`cargo test`"));
        assert_eq!(found[2].mode, Mode::Spec);
    }

    #[test]
    fn tests_of_a_part_are_found_too() {
        let names = ["server", "server/tests", "README.md"].map(str::to_owned);
        let found = from_names("todo", &names);
        assert_eq!(found[1].title, "Run the tests and fix what fails");
        assert!(found[0].prompt.contains("server/"));
    }

    #[test]
    fn an_empty_folder_gets_suggestions_too() {
        let hidden = [".git", ".kiln"].map(str::to_owned);
        for names in [&[][..], &hidden] {
            let found = from_names("", names);
            let titles: Vec<_> = found.iter().map(|one| one.title.as_str()).collect();
            let expected = [
                "Start a project in this folder",
                "Write a README",
                "Plan what to build as a spec",
            ];
            assert_eq!(titles, expected);
            assert!(found[1].prompt.contains("this project"));
        }
        // One file is something to explain.
        let found = from_names("", &["notes.txt".to_owned()]);
        assert_eq!(found[0].title, "Explain how this project works");
    }
}
