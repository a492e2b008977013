//! The offer to install a language server. The server is the fake one of `lsp`, and a script stands
//! for npm.
#![allow(missing_docs, clippy::expect_used, clippy::unwrap_used)]
#![cfg(unix)]

mod common;

use std::cell::RefCell;
use std::os::unix::fs::PermissionsExt as _;
use std::rc::Rc;

use common::beside::beside;
use common::served::{Session, open_with};
use gpui_kit::test::{TestQueryExt as _, TestWindowExt as _};
use gpui_kit::{EntityId, TestAppContext};
use lsp::FakeServer;
use ui::Commands;
use workspace::{BufferId, WorkspaceEvent};

const CATALOGUE: &str = r#"
[[server]]
name = "fake"
languages = ["rust"]
program = "fake-server"
install = "by hand"
package = { manager = "npm", names = ["fake@1.2.3"], megabytes = 7 }
"#;

const WORKS: &str = "mkdir -p node_modules/.bin; echo > node_modules/.bin/fake-server; \
    chmod +x node_modules/.bin/fake-server";

/// A file whose server is not there, and what stands for npm.
fn open(cx: &mut TestAppContext, npm: &str) -> Session {
    let it = open_with(
        cx,
        "an error\n",
        CATALOGUE,
        &[("bin/npm", FakeServer::new(""))],
    );
    write_npm(&it, npm);
    it.until(cx, "the offer", |it, cx| {
        let model = it.editor.model.read(cx);
        model.server_offer(it.editor.buffer).is_some()
    });
    it
}

fn write_npm(it: &Session, script: &str) {
    let npm = it.scratch.path().canonicalize().unwrap().join("bin/npm");
    std::fs::write(&npm, format!("#!/bin/sh\n{script}\n")).unwrap();
    std::fs::set_permissions(&npm, std::fs::Permissions::from_mode(0o755)).unwrap();
}

fn click(it: &Session, cx: &mut TestAppContext, id: &'static str) {
    it.editor.update(cx, |window, cx| {
        window.render_frame(cx);
        window.click(id, cx);
    });
}

fn is_installing(it: &Session, cx: &gpui_kit::App) -> bool {
    let model = it.editor.model.read(cx);
    let offer = model.server_offer(it.editor.buffer);
    offer.is_some_and(|offer| offer.installing.is_some())
}

#[gpui_kit::test]
fn a_yes_installs_the_server_and_starts_it(cx: &mut TestAppContext) {
    let it = open(cx, WORKS);
    assert!(it.has(cx, "install-banner"));
    assert_eq!(it.fake.launches(), 0);
    let data = it.scratch.path().join("data");
    assert!(!data.exists(), "nothing is done before the yes");
    click(&it, cx, "install-yes");
    it.until(cx, "it runs", |it, cx| {
        it.status(cx).language_server.as_deref() == Some("fake")
    });
    it.until(cx, "what is wrong", |it, cx| {
        it.status(cx).problems == Some((1, 0))
    });
    assert!(!it.has(cx, "install-banner") && !it.has(cx, "server-banner"));

    cx.update(|cx| {
        it.editor
            .model
            .update(cx, |model, cx| model.remove_installed_server("fake", cx));
    });
    it.until(cx, "it is gone", |it, cx| {
        it.status(cx).language_server.is_none()
    });
    assert!(it.has(cx, "install-banner"), "it is offered again");
}

#[gpui_kit::test]
fn a_no_is_kept_for_the_folder_and_the_palette_installs_all_the_same(cx: &mut TestAppContext) {
    let it = open(cx, WORKS);
    click(&it, cx, "install-no");
    assert!(!it.has(cx, "install-banner"));
    cx.run_until_parked();
    let state = it.scratch.path().join("state/language_servers");
    it.until(cx, "the answer", |_, _| {
        std::fs::read_dir(&state).is_ok_and(|mut all| all.next().is_some())
    });
    it.editor.update(cx, |window, cx| {
        Commands::run("editor.installLanguageServer", window, cx);
    });
    it.until(cx, "it runs", |it, cx| {
        it.status(cx).language_server.as_deref() == Some("fake")
    });
}

/// A server that is there, and one that the settings may name.
const TWO: &str = r#"
[[server]]
name = "first"
languages = ["rust"]
program = "first-server"
install = "get first"

[[server]]
name = "fake"
languages = ["rust"]
program = "fake-server"
install = "by hand"
package = { manager = "npm", names = ["fake@1.2.3"], megabytes = 7 }
"#;

#[gpui_kit::test]
fn a_server_that_the_settings_name_is_offered_beside_one_that_is_there(cx: &mut TestAppContext) {
    let programs = ["bin/first-server", "bin/npm"].map(|name| (name, FakeServer::new("")));
    let it = open_with(cx, "an error\n", TWO, &programs);
    write_npm(&it, WORKS);
    it.until(cx, "the question", |it, cx| {
        it.status(cx).language_server.as_deref() == Some("first: not started")
    });
    click(&it, cx, "server-yes");
    it.until(cx, "the first", |it, cx| {
        it.status(cx).language_server.as_deref() == Some("first")
    });
    assert!(!it.has(cx, "install-banner"), "nobody wants another");
    it.editor.settings(
        cx,
        r#"{"editor.languageServers": {"rust": ["first", "fake"]}}"#,
    );
    it.until(cx, "the offer", |it, cx| {
        let model = it.editor.model.read(cx);
        model.server_offer(it.editor.buffer).is_some()
    });
    let banner = it.editor.update(cx, |window, cx| {
        window.render_frame(cx);
        window.find("install-banner").label().map(str::to_owned)
    });
    let banner = banner.unwrap_or_default();
    assert!(
        banner.starts_with("Your settings want fake for Rust, which is not installed."),
        "{banner}"
    );
    // The menu of the servers has it too.
    it.editor.update(cx, |window, cx| {
        Commands::run("editor.languageServer", window, cx);
    });
    it.editor
        .update(cx, |window, cx| window.input("install", cx));
    it.editor.press(cx, "enter");
    it.until(cx, "both", |it, cx| {
        it.status(cx).language_server.as_deref() == Some("first, fake")
    });
    assert!(!it.has(cx, "install-banner"));
}

/// A server that is there, and two that run beside it where the project has rules for them.
const LINTERS: &str = r#"
[[server]]
name = "first"
languages = ["rust"]
program = "first-server"
install = "get first"

[[server]]
name = "strict"
languages = ["rust"]
program = "strict-server"
companion = true
needs_marker = true
root_markers = ["strict.toml"]
install = "get strict"
package = { manager = "npm", names = ["strict@4.5.6"], megabytes = 3 }

[[server]]
name = "fake"
languages = ["rust"]
program = "fake-server"
companion = true
configuration = [{ name = "all.toml", line = "[tool.fake" }]
install = "by hand"
package = { manager = "npm", names = ["fake@1.2.3"], megabytes = 7 }
"#;

#[gpui_kit::test]
fn a_linter_that_the_project_has_a_configuration_of_is_offered_beside_the_server(
    cx: &mut TestAppContext,
) {
    let programs = ["bin/first-server", "bin/npm"].map(|name| (name, FakeServer::new("")));
    let it = open_with(cx, "an error\n", LINTERS, &programs);
    write_npm(&it, WORKS);
    it.until(cx, "the question", |it, cx| {
        it.status(cx).language_server.as_deref() == Some("first: not started")
    });
    click(&it, cx, "server-yes");
    it.until(cx, "the first", |it, cx| {
        it.status(cx).language_server.as_deref() == Some("first")
    });
    assert!(!it.has(cx, "install-banner"), "the project wants no linter");
    let offers = |it: &Session, cx: &gpui_kit::App| -> Vec<String> {
        let offers = it.editor.model.read(cx).server_offers(it.editor.buffer);
        offers.into_iter().map(|offer| offer.name).collect()
    };
    let configure = |cx: &mut TestAppContext, file: &str, text: &str, wanted: &[&str]| {
        std::fs::write(it.scratch.path().join("project").join(file), text).unwrap();
        cx.update(|cx| {
            let model = &it.editor.model;
            model.update(cx, |model, cx| model.look_for_servers(cx));
        });
        it.until(cx, file, |it, cx| offers(it, cx) == wanted);
    };
    configure(cx, "strict.toml", "", &["strict"]);
    configure(cx, "all.toml", "[tool.other]\na = 1\n", &["strict"]);
    let said = |cx: &mut TestAppContext| {
        it.editor.update(cx, |window, cx| {
            window.render_frame(cx);
            let banner = window.find("install-banner");
            banner.label().map(str::to_owned).unwrap_or_default()
        })
    };
    let asked = said(cx);
    assert!(
        asked.starts_with(
            "This project has a configuration of strict, which is not installed. Install strict 4.5.6 with npm"
        ),
        "{asked}"
    );
    click(&it, cx, "install-no");
    assert!(!it.has(cx, "install-banner"));
    // One that is not wanted hides no other.
    let section = "[tool.other]\n[tool.fake.rules]\n";
    configure(cx, "all.toml", section, &["strict", "fake"]);
    assert!(said(cx).contains("Install fake 1.2.3 with npm"));
    it.editor
        .settings(cx, r#"{"editor.offerLanguageServers": false}"#);
    assert!(!it.has(cx, "install-banner"), "no offers are wanted");
    // Of both, the second.
    it.editor.update(cx, |window, cx| {
        Commands::run("editor.installLanguageServer", window, cx);
    });
    it.shows(cx, "install-server-picker");
    it.editor.press(cx, "down enter");
    it.until(cx, "both run", |it, cx| {
        it.status(cx).language_server.as_deref() == Some("first, fake")
    });
    it.until(cx, "the other alone", |it, cx| offers(it, cx) == ["strict"]);
    it.editor.settings(cx, "{}");
    assert!(!it.has(cx, "install-banner"), "nobody wants that here");
}

#[gpui_kit::test]
fn why_a_file_has_no_server_is_told(cx: &mut TestAppContext) {
    let it = open(cx, "echo busy; sleep 600 & wait");
    let said = |cx: &mut TestAppContext| {
        it.editor.update(cx, |window, cx| {
            Commands::run("editor.showLanguageServerTrace", window, cx);
        });
        cx.run_until_parked();
        let shown = it
            .editor
            .update(cx, |window, cx| ui::shown_notices(window, cx));
        format!("{shown:?}")
    };
    let before = said(cx);
    assert!(before.contains("open the file again: by hand"), "{before}");
    click(&it, cx, "install-yes");
    it.until(cx, "what npm says", is_installing);
    let during = said(cx);
    assert!(
        during.contains("fake is being installed for this file."),
        "{during}"
    );
    click(&it, cx, "install-cancel");
    it.until(cx, "it is cancelled", |it, cx| !is_installing(it, cx));
}

#[gpui_kit::test]
fn what_fails_is_told_and_can_be_tried_again_and_cancelled(cx: &mut TestAppContext) {
    let it = open(cx, "echo 'npm error E404' >&2; exit 1");
    let notices: Rc<RefCell<Vec<String>>> = Rc::default();
    let heard = notices.clone();
    let hearing = cx.update(|cx| {
        cx.subscribe(&it.editor.model, move |_, event, _| {
            if let WorkspaceEvent::Notice { message, .. } = event {
                heard.borrow_mut().push(message.clone());
            }
        })
    });
    click(&it, cx, "install-yes");
    it.until(cx, "the notice", |_, _| !notices.borrow().is_empty());
    drop(hearing);
    let told = notices.borrow().join("\n");
    assert!(
        told.contains("npm did not install fake: npm error E404."),
        "{told}"
    );
    assert!(it.has(cx, "install-banner"), "it is offered again");

    write_npm(&it, "echo busy; sleep 600 & wait");
    click(&it, cx, "install-yes");
    it.until(cx, "what npm says", |it, cx| {
        let offer = it.editor.model.read(cx).server_offer(it.editor.buffer);
        offer.unwrap().installing.as_deref() == Some("busy")
    });
    click(&it, cx, "install-cancel");
    it.until(cx, "it is over", |it, cx| !is_installing(it, cx));
    assert!(it.has(cx, "install-yes"));
    assert_eq!(it.fake.launches(), 0);
}

#[gpui_kit::test]
fn a_newer_version_is_offered_and_installed_after_a_yes(cx: &mut TestAppContext) {
    let it = open(cx, WORKS);
    click(&it, cx, "install-yes");
    let runs =
        |it: &Session, cx: &gpui_kit::App| it.status(cx).language_server.as_deref() == Some("fake");
    it.until(cx, "it runs", runs);
    assert!(!it.has(cx, "update-banner"));
    // It was installed by a Kiln that knew an older one.
    let data = it.installed().join("fake/installed.json");
    let mark = std::fs::read_to_string(&data).unwrap();
    std::fs::write(&data, mark.replace("fake@1.2.3", "fake@1.1.0")).unwrap();
    let look_again = |cx: &mut TestAppContext| {
        cx.update(|cx| {
            let model = &it.editor.model;
            model.update(cx, |model, cx| model.look_for_servers(cx));
        });
    };
    look_again(cx);
    it.until(cx, "the offer", |it, cx| {
        let model = it.editor.model.read(cx);
        model.server_update(it.editor.buffer).is_some()
    });
    let update = cx.update(|cx| it.editor.model.read(cx).server_update(it.editor.buffer));
    let update = update.unwrap();
    assert_eq!((&*update.installed, &*update.version), ("1.1.0", "1.2.3"));
    assert!(it.has(cx, "update-banner"));
    it.editor
        .settings(cx, r#"{"editor.offerLanguageServers": false}"#);
    assert!(!it.has(cx, "update-banner"), "no offers are wanted");
    it.editor.settings(cx, "{}");
    click(&it, cx, "update-yes");
    it.until(cx, "the new one", |it, cx| {
        let model = it.editor.model.read(cx);
        model.server_update(it.editor.buffer).is_none() && runs(it, cx)
    });
    let mark = std::fs::read_to_string(&data).unwrap();
    assert!(mark.contains("fake@1.2.3"), "{mark}");

    std::fs::write(&data, mark.replace("fake@1.2.3", "fake@1.1.0")).unwrap();
    look_again(cx);
    it.until(cx, "the offer again", |it, cx| {
        let model = it.editor.model.read(cx);
        model.server_update(it.editor.buffer).is_some()
    });
    click(&it, cx, "update-no");
    assert!(!it.has(cx, "update-banner"), "it is kept");
    assert!(cx.update(|cx| runs(&it, cx)));
}

/// Has the server that is installed be of an older version, and looks for it again.
fn age(it: &Session, cx: &mut TestAppContext) {
    let file = it.installed().join("fake/installed.json");
    let mark = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, mark.replace("fake@1.2.3", "fake@1.1.0")).unwrap();
    cx.update(|cx| {
        let model = &it.editor.model;
        model.update(cx, |model, cx| model.look_for_servers(cx));
    });
    it.until(cx, "that it is old", |it, cx| {
        is_outdated(it, cx) == Some(true)
    });
}

/// Whether the server that was found is of an older version.
fn is_outdated(it: &Session, cx: &gpui_kit::App) -> Option<bool> {
    let servers = it.editor.model.read(cx).language_servers().unwrap();
    let mut found = servers.found_for(it.editor.buffer);
    Some(found.next()?.0.outdated.is_some())
}

fn is_allowed(it: &Session, cx: &gpui_kit::App) -> Option<bool> {
    let servers = it.editor.model.read(cx).language_servers().unwrap();
    let mut found = servers.found_for(it.editor.buffer);
    found.next()?.1
}

#[gpui_kit::test]
fn a_newer_version_is_not_started_where_the_server_was_refused(cx: &mut TestAppContext) {
    let it = open(cx, WORKS);
    click(&it, cx, "install-yes");
    it.until(cx, "it runs", |it, cx| {
        it.status(cx).language_server.as_deref() == Some("fake")
    });
    let launches = it.fake.launches();
    age(&it, cx);
    assert!(it.has(cx, "update-banner"));
    // The answer comes while it is being installed.
    let (model, buffer) = (it.editor.model.clone(), it.editor.buffer);
    let refuse = |cx: &mut gpui_kit::App| {
        model.update(cx, |model, cx| {
            model.answer_one_server(buffer, "fake", false, cx);
        });
    };
    it.editor.update(cx, |window, cx| {
        window.render_frame(cx);
        window.click("update-yes", cx);
        refuse(cx);
    });
    it.until(cx, "the new one", |it, cx| {
        is_outdated(it, cx) == Some(false)
    });
    assert_eq!(cx.update(|cx| is_allowed(&it, cx)), Some(false));
    assert_eq!(it.fake.launches(), launches);

    // It came before that.
    age(&it, cx);
    assert!(!it.has(cx, "update-banner"), "it is not wanted here");
    cx.update(|cx| model.update(cx, |model, cx| model.reinstall_server("fake", cx)));
    it.until(cx, "the new one again", |it, cx| {
        is_outdated(it, cx) == Some(false)
    });
    assert_eq!(cx.update(|cx| is_allowed(&it, cx)), Some(false));
    assert_eq!(it.fake.launches(), launches);
}

#[gpui_kit::test]
fn no_server_is_offered_where_no_offers_are_wanted(cx: &mut TestAppContext) {
    let it = open(cx, WORKS);
    it.editor
        .settings(cx, r#"{"editor.offerLanguageServers": false}"#);
    assert!(!it.has(cx, "install-banner"));
    it.editor.update(cx, |window, cx| {
        Commands::run("editor.installLanguageServer", window, cx);
    });
    it.until(cx, "it runs", |it, cx| {
        it.status(cx).language_server.as_deref() == Some("fake")
    });
}

#[gpui_kit::test]
fn of_two_views_that_would_offer_it_the_one_with_the_keyboard_does(cx: &mut TestAppContext) {
    let Session {
        editor, scratch, ..
    } = open(cx, WORKS);
    let (editor, right) = beside(editor, cx, None);
    let (model, buffer) = (editor.model.clone(), editor.buffer);
    let notes = scratch.path().canonicalize().unwrap();
    let notes = notes.join("project/notes.txt");
    std::fs::write(&notes, "notes\n").unwrap();
    let notes = cx.update(|cx| {
        model.update(cx, |model, cx| {
            model.update(cx, |workspace| workspace.open_blocking(&notes).unwrap())
        })
    });
    // Which of the two halves of the window have the bar.
    let offering = |cx: &mut TestAppContext, views: Vec<(EntityId, BufferId)>| -> Vec<&str> {
        cx.update(|cx| {
            model.update(cx, |model, cx| {
                model.set_in_front(views, cx);
                cx.notify();
            });
        });
        cx.run_until_parked();
        editor.update(cx, |window, cx| {
            window.render_frame(cx);
            let middle = window.viewport_size().width / 2.;
            let buttons = window.find_all_by_label("Install");
            let halves = buttons.iter().map(|one| one.bounds().left() < middle);
            halves
                .map(|left| if left { "left" } else { "right" })
                .collect()
        })
    };
    let (left, right) = (editor.view.entity_id(), right.entity_id());
    assert_eq!(offering(cx, Vec::new()), ["left", "right"], "nobody knows");
    let both = vec![(left, buffer), (right, buffer)];
    assert_eq!(offering(cx, both), ["left"]);
    let both = vec![(right, buffer), (left, buffer)];
    assert_eq!(offering(cx, both), ["right"]);
    // What is first and has another language asks nothing of this.
    let three = vec![(model.entity_id(), notes), (left, buffer), (right, buffer)];
    assert_eq!(offering(cx, three), ["left"]);
}
