//! The marks of the first steps say what was done, not where a person has been.

use super::Scene;
use crate::modal::ModalLayer;
use crate::onboarding::{Onboarding, Page};
use crate::settings_files::SettingsFiles;
use fs::{KilnPaths, RealFs};
use gpui_kit::test::{TestEventExt as _, TestQueryExt as _, TestWindowExt as _};
use gpui_kit::{AppContext as _, MouseButton, TestAppContext, point, px};
use std::sync::Arc;

#[gpui_kit::test]
fn a_step_that_was_walked_past_is_not_marked(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.run("workbench.onboarding");
    scene.click("Continue");
    scene.click("Continue");
    for step in ["Bring your settings", "Choose a theme", "Choose a model"] {
        assert!(scene.shows(step), "{step}");
    }
    // A folder is open in this window.
    assert!(scene.shows("Open a folder, done"));

    scene.click("Use");
    assert!(scene.shows("Choose a model, done"));
    scene.click("Choose a theme");
    scene.click("Kiln Light");
    assert!(scene.shows("Choose a theme, done"));

    scene.click("Open a folder, done");
    let folder = scene.root.display().to_string();
    let named = scene.with(|window, _| {
        let elements = window.elements();
        let mut labels = elements.iter().filter_map(|element| element.label());
        labels.any(|label| label.contains(&folder))
    });
    assert!(named, "the folder that is open is named");
}

#[gpui_kit::test]
fn the_buttons_of_the_first_steps_are_commands_there_alone(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.press("ctrl-shift-p");
    scene.write("skip setup");
    assert!(!scene.shows("Help: Skip Setup"));
    scene.press("escape");

    scene.run("workbench.onboarding");
    let about = |scene: &mut Scene| {
        scene.with(|window, _| {
            let steps = window.find_all_by_role(gpui_kit::Role::Tab);
            let here = steps
                .iter()
                .find(|step| step.selected() == Some(true) && step.label() != Some("Files"));
            here.and_then(|step| Some(step.label()?.to_owned()))
        })
    };
    scene.run("onboarding.continue");
    assert_eq!(about(&mut scene).as_deref(), Some("Choose a theme"));
    scene.run("onboarding.back");
    assert_eq!(about(&mut scene).as_deref(), Some("Bring your settings"));
    scene.press("ctrl-shift-p");
    scene.write("skip setup");
    assert!(scene.shows("Help: Skip Setup"));
    scene.press("enter");
    assert!(!scene.shows("Set up Kiln"));
}

#[gpui_kit::test]
fn the_docks_are_left_alone_under_the_first_steps(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    let hide = "Hide left dock";
    assert!(scene.shows(hide));
    scene.run("workbench.onboarding");
    assert!(!scene.shows(hide), "there is nothing to hide");
    scene.press("ctrl-b");
    let why = "The setup stands over the docks. Leave it first, with Skip setup.";
    assert!(scene.shows(why));
    scene.run("onboarding.skip");
    assert!(!scene.shows("Set up Kiln"));
    assert!(scene.shows(hide), "it is as it was");
}

#[gpui_kit::test]
fn settings_are_marked_as_brought_when_something_was_imported(cx: &mut TestAppContext) {
    let (done, written) = import("{\"editor.fontSize\": 19}", cx);
    assert!(done);
    let written = written.unwrap();
    assert!(written.contains("19"), "{written}");
}

#[gpui_kit::test]
fn settings_that_cannot_be_read_are_not_marked_as_brought(cx: &mut TestAppContext) {
    assert_eq!(import("{\"editor.fontSize\": 19 \"x\"}", cx), (false, None));
}

/// The first steps at this page, in a window of their own, over these folders of Kiln.
fn first_steps(
    page: Page,
    paths: &KilnPaths,
    cx: &mut TestAppContext,
) -> (gpui_kit::AnyWindowHandle, gpui_kit::Entity<Onboarding>) {
    cx.update(|cx| {
        ui::init(cx);
        crate::init(cx);
        let settings = SettingsFiles::new(paths, None, Arc::new(RealFs::new()));
        gpui_kit::open_window(Default::default(), cx, |window, cx| {
            cx.new(|cx| {
                let modals = cx.new(ModalLayer::new);
                Onboarding::new(page, settings, None, modals, Vec::new(), None, window, cx)
            })
        })
        .unwrap()
    })
}

/// Imports this settings.json: whether the step is marked as done, and what Kiln's settings are then.
fn import(settings_json: &str, cx: &mut TestAppContext) -> (bool, Option<String>) {
    let folder = tempfile::tempdir().unwrap();
    let user = folder.path().join("Code/User");
    std::fs::create_dir_all(&user).unwrap();
    std::fs::write(user.join("settings.json"), settings_json).unwrap();
    let paths = KilnPaths::under(&folder.path().join("home"));
    let (window, onboarding) = first_steps(Page::Import, &paths, cx);
    let installation = vscode_import::installation_at(&user, None).unwrap();
    cx.update_window(window, |_, window, cx| {
        onboarding.update(cx, |this, cx| this.plan_import(installation, window, cx));
    })
    .unwrap();
    let shows = |label: &str, cx: &mut TestAppContext| {
        cx.run_until_parked();
        cx.update_window(window, |_, window, cx| {
            window.render_frame(cx);
            !window.find_all_by_label(label).is_empty()
        })
        .unwrap()
    };
    assert!(shows("Bring your settings", cx), "a plan changes nothing");
    cx.update_window(window, |_, window, cx| {
        onboarding.update(cx, |this, cx| this.apply_import(window, cx));
    })
    .unwrap();
    let done = shows("Bring your settings, done", cx);
    (
        done,
        std::fs::read_to_string(paths.config.join("settings.json")).ok(),
    )
}

#[gpui_kit::test]
fn assistive_technology_reads_what_is_imported_and_what_is_not(cx: &mut TestAppContext) {
    let folder = tempfile::tempdir().unwrap();
    let user = folder.path().join("Code/User");
    std::fs::create_dir_all(&user).unwrap();
    let settings = "{\"editor.fontSize\": 19, \"files.autoSave\": \"off\"}";
    std::fs::write(user.join("settings.json"), settings).unwrap();
    std::fs::write(user.join("keybindings.json"), "[]").unwrap();
    let paths = KilnPaths::under(&folder.path().join("home"));
    let (window, onboarding) = first_steps(Page::Import, &paths, cx);
    let installation = vscode_import::installation_at(&user, None).unwrap();
    cx.update_window(window, |_, window, cx| {
        onboarding.update(cx, |this, cx| this.plan_import(installation, window, cx));
    })
    .unwrap();
    cx.run_until_parked();
    cx.update_window(window, |_, window, cx| {
        window.render_frame(cx);
        for list in ["Settings that Kiln takes over", "Not taken over"] {
            let found = window.find_all_by_label(list);
            assert_eq!(found[0].role(), Some(gpui_kit::Role::List), "{list}");
        }
        let items = window.find_all_by_role(gpui_kit::Role::ListItem);
        let named = |start: &str| {
            let mut labels = items.iter().filter_map(|item| item.label());
            labels.any(|label| label.starts_with(start))
        };
        for start in [
            "editor.fontSize: 19",
            "files.autoSave: ",
            "Key bindings: not",
        ] {
            assert!(named(start), "{start}: {items:?}");
        }
        // Of a label the systems read the value.
        let labels = window.find_all_by_role(gpui_kit::Role::Label);
        assert!(labels.iter().all(|label| label.value().is_some()));
    })
    .unwrap();
}

#[gpui_kit::test]
fn what_was_imported_stays_marked_with_the_theme_that_it_chose(cx: &mut TestAppContext) {
    let folder = tempfile::tempdir().unwrap();
    let paths = KilnPaths::under(&folder.path().join("home"));
    let (window, onboarding) = first_steps(Page::Theme, &paths, cx);
    onboarding.update(cx, |this, _| {
        this.set_environment(vscode_import::Environment {
            system: vscode_import::System::Linux,
            home: folder.path().to_owned(),
            config_home: None,
            app_data: None,
        });
    });
    for (program, settings) in [
        (
            "Code",
            "{\"workbench.colorTheme\": \"Default Light Modern\"}",
        ),
        ("VSCodium", "{\"editor.fontSize\": 19}"),
    ] {
        let user = folder.path().join(".config").join(program).join("User");
        std::fs::create_dir_all(&user).unwrap();
        std::fs::write(user.join("settings.json"), settings).unwrap();
    }
    let run = |command: &str, cx: &mut TestAppContext| {
        cx.update_window(window, |_, window, cx| {
            window.render_frame(cx);
            assert!(ui::Commands::run(command, window, cx), "{command}");
        })
        .unwrap();
        cx.run_until_parked();
    };
    let count = |label: &str, cx: &mut TestAppContext| {
        cx.update_window(window, |_, window, cx| {
            window.render_frame(cx);
            window.find_all_by_label(label).len()
        })
        .unwrap()
    };
    cx.update_window(window, |_, window, cx| {
        window.render_frame(cx);
        gpui_kit::Focusable::focus_handle(&onboarding, cx).focus(window, cx);
    })
    .unwrap();
    let offers = |cx: &mut TestAppContext| onboarding.update(cx, |this, _| this.offers_import());
    run("onboarding.back", cx);
    assert!(!offers(cx), "going on is the next thing to do");
    run("onboarding.look", cx);
    assert!(offers(cx));
    assert_eq!(count("Choose a theme, done", cx), 0);
    run("onboarding.import", cx);
    assert!(!offers(cx));
    assert_eq!(count("Imported", cx), 1);
    assert_eq!(count("Choose a theme, done", cx), 1);

    // Another one is looked at.
    run("onboarding.look", cx);
    assert_eq!((count("Imported", cx), count("Import", cx)), (1, 1));
    run("onboarding.import", cx);
    assert_eq!(count("Imported", cx), 2);
}

#[gpui_kit::test]
fn the_tooltip_of_the_button_that_goes_on_is_that_of_the_step(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.run("workbench.onboarding");
    let tooltip = |scene: &mut Scene| {
        scene.settle();
        scene.with(|window, _| {
            let tooltips = window.find_all_by_role(gpui_kit::Role::Tooltip);
            let shown = tooltips.iter().find(|tooltip| tooltip.visible());
            shown.and_then(|tooltip| Some(tooltip.label()?.to_owned()))
        })
    };
    let at = scene.with(|window, _| window.find_all_by_label("Continue")[0].bounds().center());
    scene.with(|window, cx| window.pointer_move(at, None, cx));
    let words = tooltip(&mut scene).unwrap();
    assert!(words.contains("Choose a theme"), "{words}");

    // A step that goes on by its command leaves no old tooltip over the button.
    scene.run("onboarding.continue");
    assert_eq!(tooltip(&mut scene), None);
    scene.with(|window, cx| window.pointer_move(at, None, cx));
    let words = tooltip(&mut scene).unwrap();
    assert!(words.contains("Choose a model"), "{words}");

    for title in ["Open a folder", "End the setup"] {
        scene.with(|window, cx| {
            window.pointer_down(at, MouseButton::Left, cx);
            window.pointer_up(at, MouseButton::Left, cx);
            window.pointer_move(at + point(px(1.), px(0.)), None, cx);
        });
        let words = tooltip(&mut scene).unwrap();
        assert!(words.contains(title), "{words}");
    }
}

#[gpui_kit::test]
fn a_program_that_was_set_up_meanwhile_is_found_when_its_page_is_shown_again(
    cx: &mut TestAppContext,
) {
    let folder = tempfile::tempdir().unwrap();
    let paths = KilnPaths::under(&folder.path().join("home"));
    let (window, onboarding) = first_steps(Page::Theme, &paths, cx);
    onboarding.update(cx, |this, _| {
        this.set_environment(vscode_import::Environment {
            system: vscode_import::System::Linux,
            home: folder.path().to_owned(),
            config_home: None,
            app_data: None,
        });
    });
    let press = |label: &str, cx: &mut TestAppContext| {
        cx.update_window(window, |_, window, cx| {
            window.render_frame(cx);
            let at = window.find_all_by_label(label)[0].bounds().center();
            window.pointer_move(at, None, cx);
            window.pointer_down(at, MouseButton::Left, cx);
            window.pointer_up(at, MouseButton::Left, cx);
        })
        .unwrap();
        cx.run_until_parked();
    };
    let looks = |cx: &mut TestAppContext| {
        cx.update_window(window, |_, window, cx| {
            window.render_frame(cx);
            window.find_all_by_label("Look").len()
        })
        .unwrap()
    };
    press("Back", cx);
    assert_eq!(looks(cx), 0);
    let user = folder.path().join(".config/Code/User");
    std::fs::create_dir_all(&user).unwrap();
    std::fs::write(user.join("settings.json"), "{\"editor.fontSize\": 19}").unwrap();
    press("Continue", cx);
    press("Back", cx);
    assert_eq!(looks(cx), 1);

    // The page's buttons are commands.
    let run = |command: &str, cx: &mut TestAppContext| {
        cx.update_window(window, |_, window, cx| {
            window.render_frame(cx);
            assert!(ui::Commands::run(command, window, cx), "{command}");
        })
        .unwrap();
        cx.run_until_parked();
    };
    run("onboarding.import", cx);
    let settings = paths.config.join("settings.json");
    assert!(!settings.exists(), "nothing is listed yet");
    run("onboarding.look", cx);
    assert_eq!(looks(cx), 0, "it is listed");
    run("onboarding.import", cx);
    let written = std::fs::read_to_string(settings).unwrap();
    assert!(written.contains("19"), "{written}");
}

#[gpui_kit::test]
fn the_theme_follows_the_system_again_by_a_command(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    let settings = scene.home.join("config/settings.json");
    std::fs::create_dir_all(scene.home.join("config")).unwrap();
    for setup in [false, true] {
        std::fs::write(&settings, "{ \"kiln.theme.mode\": \"light\" }").unwrap();
        if setup {
            scene.run("workbench.onboarding");
            scene.run("onboarding.continue");
        }
        scene.run("workbench.followSystemTheme");
        let written = std::fs::read_to_string(&settings).unwrap();
        assert!(
            written.contains("\"kiln.theme.mode\": \"system\""),
            "{written}"
        );
    }
    assert!(scene.shows("Choose a theme, done"));
}
