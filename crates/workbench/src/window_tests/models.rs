//! The first steps' page of models: consent, progress, keys, servers.

use super::{Scene, key_provider};
use crate::model_setup::{DownloadEvent, FoundServer};
use gpui_kit::test::TestQueryExt as _;
use gpui_kit::{TestAppContext, px, size};

#[gpui_kit::test]
fn nothing_is_downloaded_without_a_yes(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.run("onboarding.model");
    scene.click("Download\u{2026}");
    assert!(scene.shows("Download Small?"));
    scene.click("Not Now");
    assert!(scene.deeds().is_empty());

    scene.click("Download\u{2026}");
    scene.click("Download");
    assert_eq!(scene.deeds(), ["download local/small"]);
    let events = scene.models.download.borrow().clone().unwrap();
    let progress = DownloadEvent::Progress {
        done: 500_000_000,
        total: 1_000_000_000,
        note: "half".into(),
    };
    events.try_send(progress).unwrap();
    scene.settle();
    events.try_send(DownloadEvent::Finished).unwrap();
    scene.settle();
    assert_eq!(
        scene.deeds(),
        ["download local/small", "choose local/small"]
    );
    let settings = std::fs::read_to_string(scene.home.join("config/settings.json")).unwrap();
    assert!(
        settings.contains("\"kiln.agent.model\": \"local/small\""),
        "{settings}"
    );
}

#[gpui_kit::test]
fn a_download_is_stopped_by_its_button(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.run("onboarding.model");
    scene.click("Download\u{2026}");
    scene.click("Download");
    scene.click("Cancel");
    assert_eq!(scene.deeds(), ["download local/small", "cancel"]);
    let events = scene.models.download.borrow().clone().unwrap();
    events.try_send(DownloadEvent::Stopped).unwrap();
    scene.settle();
    assert!(scene.shows("Download\u{2026}"), "it can be started again");
}

#[gpui_kit::test]
fn a_key_is_kept_and_never_written_to_settings(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.run("onboarding.model");
    scene.click("OpenAI API key");
    scene.write("sk-secret");
    scene.click("Save key");
    assert_eq!(scene.deeds(), ["key openai sk-secret"]);
    let settings = std::fs::read_to_string(scene.home.join("config/settings.json"));
    assert!(!settings.unwrap_or_default().contains("sk-secret"));
}

#[gpui_kit::test]
fn enter_in_the_field_of_a_key_keeps_it(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.run("onboarding.model");
    scene.click("OpenAI API key");
    scene.press("enter");
    assert!(scene.shows("Paste a key first."));
    scene.write("sk-secret");
    scene.press("enter");
    assert_eq!(scene.deeds(), ["key openai sk-secret"]);
}

#[gpui_kit::test]
fn escape_leaves_the_field_of_a_key_and_then_the_setup(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.run("onboarding.model");
    scene.click("OpenAI API key");
    scene.write("sk-secret");
    scene.press("escape");
    assert!(scene.shows("Set up Kiln"));
    scene.click("Save key");
    assert_eq!(scene.deeds(), ["key openai sk-secret"]);
    scene.press("escape");
    assert!(!scene.shows("Set up Kiln"));
}

#[gpui_kit::test]
fn a_server_on_this_machine_can_be_used(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.run("onboarding.model");
    scene.click("Use");
    assert_eq!(scene.deeds(), ["choose ollama/tiny"]);
    assert!(!scene.shows("Use"), "it is marked as the one in use");
}

#[gpui_kit::test]
fn a_saved_key_is_removed_after_a_yes(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.run("onboarding.model");
    let remove = "Remove the saved key of OpenAI";
    assert!(!scene.shows(remove), "there is none");
    scene.models.saved.borrow_mut().push("openai".into());
    scene.run("onboarding.model");
    scene.click(remove);
    assert!(scene.shows("Remove the key of OpenAI?"));
    scene.click("Cancel");
    assert!(scene.deeds().is_empty() && scene.shows(remove));
    scene.click(remove);
    scene.click("Remove Key");
    assert_eq!(scene.deeds(), ["remove openai"]);
    assert!(!scene.shows(remove), "it is gone");
}

#[gpui_kit::test]
fn the_palette_leads_to_the_removal_of_a_key(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.run("agent.removeKey");
    assert!(scene.shows("No key is saved. What the environment gives is removed there."));
    let others = [
        key_provider("anthropic", "Anthropic"),
        key_provider("work", "work"),
    ];
    scene.models.others.borrow_mut().extend(others);
    let saved = ["openai", "anthropic"].map(Into::into);
    scene.models.saved.borrow_mut().extend(saved);
    scene.run("agent.removeKey");
    assert!(scene.shows("OpenAI") && !scene.shows("work"));
    scene.click("Anthropic");
    assert!(scene.shows("Remove the key of Anthropic?"));
    scene.click("Remove Key");
    assert_eq!(scene.deeds(), ["remove anthropic"]);
    // The only one that is left is asked about at once.
    scene.run("agent.removeKey");
    assert!(scene.shows("Remove the key of OpenAI?"));
    scene.press("escape");
    assert_eq!(scene.deeds(), ["remove anthropic"]);
}

#[gpui_kit::test]
fn a_keyring_that_is_locked_is_told_and_read_again(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    let told = "The system's keyring is locked. Unlock it and try again.";
    *scene.models.unreadable.borrow_mut() = Some(told.into());
    scene.models.saved.borrow_mut().push("openai".into());
    scene.run("onboarding.model");
    scene.click("Try again");
    assert_eq!(scene.models.looks.get(), 2);
    assert!(!scene.shows("Try again"), "they are read");

    scene.run("onboarding.skip");
    scene.models.looks.set(0);
    *scene.models.unreadable.borrow_mut() = Some(told.into());
    scene.run("agent.removeKey");
    assert!(scene.shows(told));
    scene.click("Try again");
    assert!(scene.shows("Remove the key of OpenAI?"));
}

#[gpui_kit::test]
fn who_looks_again_is_told_what_answers_and_chooses_another_with_a_click(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    let locked = "The system's keyring is locked. Unlock it and try again.";
    *scene.models.unreadable.borrow_mut() = Some(locked.into());
    let away = "The model lab/m, which was in use last, is not there now: no server called lab is \
                set up or answers.";
    *scene.models.missing.borrow_mut() = Some(away.into());
    scene.run("onboarding.model");
    let none = format!("No model is in use. {away} Bring it back, or use another one below.");
    assert!(scene.shows(&none));
    // With the keys its provider lists its models.
    scene.models.elsewhere.borrow_mut().push(FoundServer {
        local: false,
        name: "OpenAI".into(),
        url: "https://models.example/v1".into(),
        models: vec!["openai/large".into()],
    });
    assert!(!scene.shows("openai/large"));
    scene.click("Try again");
    assert!(scene.shows("openai/large") && scene.shows(&none));
    assert!(scene.deeds().is_empty(), "nothing is used unasked");

    // One on this machine may stand in meanwhile.
    *scene.models.in_use.borrow_mut() = Some("ollama/tiny".into());
    scene.activate_again();
    assert!(scene.shows(&format!(
        "In use: ollama/tiny. {away} ollama/tiny answers until that one is back, or until you \
         choose another below."
    )));
    scene.click("Use");
    assert_eq!(scene.deeds(), ["choose openai/large"]);
    assert!(scene.shows("In use: openai/large"));
}

#[gpui_kit::test]
fn what_other_programs_do_is_seen_when_the_window_comes_back(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.run("onboarding.model");
    let remove = "Remove the saved key of OpenAI";
    assert!(scene.shows("Download\u{2026}") && !scene.shows(remove));
    scene.models.on_disk.set(true);
    let looks = scene.models.looks.get();
    scene.settle();
    assert!(
        scene.shows("Download\u{2026}"),
        "a frame does not look at the disk"
    );
    scene.models.saved.borrow_mut().push("openai".into());
    scene.activate_again();
    assert_eq!(scene.models.looks.get(), looks + 1);
    assert!(!scene.shows("Download\u{2026}") && scene.shows(remove));
}

#[gpui_kit::test]
fn a_model_whose_key_was_removed_elsewhere_is_not_called_in_use(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.run("onboarding.model");
    scene.click("Use");
    assert!(scene.shows("In use: ollama/tiny"));
    *scene.models.lacking.borrow_mut() = Some("OpenAI".into());
    scene.activate_again();
    assert!(!scene.shows("In use: ollama/tiny"));
    let told =
        "Chosen: ollama/tiny. Its key is missing: add one for OpenAI below, or use another model.";
    assert!(scene.shows(told));
}

#[gpui_kit::test]
fn a_server_elsewhere_is_not_called_one_of_this_machine(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.run("onboarding.model");
    let top = |scene: &mut Scene, label: &str| {
        scene.with(|window, _| {
            let found = window.find_all_by_label(label);
            found.first().map(|element| element.bounds().top())
        })
    };
    assert_eq!(top(&mut scene, "A server elsewhere"), None);
    scene.models.elsewhere.borrow_mut().push(FoundServer {
        local: false,
        name: "work".into(),
        url: "https://models.example/v1".into(),
        models: vec!["work/big".into()],
    });
    scene.run("onboarding.model");
    let order = [
        "A server on this machine",
        "ollama/tiny",
        "A server elsewhere",
        "work/big",
    ];
    let tops = order.map(|label| top(&mut scene, label).unwrap());
    assert!(tops.is_sorted(), "{tops:?}");
}

#[gpui_kit::test]
fn the_name_of_a_provider_with_a_key_is_seen_whole(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    let long = "OpenAI at models.house.example:8443";
    let mut provider = key_provider("other", long);
    provider.variable = Some("OPENAI_API_KEY".into());
    scene.models.others.borrow_mut().push(provider);
    for width in [720., 1100., 1600.] {
        let size = size(px(width), px(800.));
        scene.cx.simulate_window_resize(scene.window, size);
        scene.run("onboarding.model");
        let input = format!("{long} API key");
        let (name, field) = scene.with(|window, _| {
            let bounds = |label: &str| window.find_by_label(label).bounds();
            (bounds(long), bounds(&input))
        });
        assert!(
            name.bottom() <= field.top() && name.size.width >= px(200.),
            "{name:?}"
        );
    }
}

#[gpui_kit::test]
fn a_damaged_file_is_told_and_downloaded_again(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    *scene.models.damaged.borrow_mut() = Some("has 4 bytes instead of 1 GB".into());
    scene.run("onboarding.model");
    assert!(scene.shows("Its file has 4 bytes instead of 1 GB. Download it again."));
    scene.click("Download\u{2026}");
    scene.click("Download");
    assert_eq!(scene.deeds(), ["download local/small"]);
}

#[gpui_kit::test]
fn the_buttons_of_the_page_are_commands_too(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.run("onboarding.model");
    scene.run("onboarding.useModel");
    assert_eq!(scene.deeds(), ["choose ollama/tiny"]);
    scene.run("onboarding.saveKey");
    assert!(scene.shows("Paste a key first."));
    scene.click("OpenAI API key");
    scene.write("sk-secret");
    scene.run("onboarding.saveKey");
    assert_eq!(scene.deeds()[1..], ["key openai sk-secret"]);
    scene.run("onboarding.downloadModel");
    assert!(scene.shows("Download Small?"));
    scene.press("escape");
    // They are for this page alone.
    scene.run("onboarding.continue");
    scene.press("ctrl-shift-p");
    scene.write("typed keys");
    assert!(!scene.shows("Agent: Save the Typed Keys"));
}
