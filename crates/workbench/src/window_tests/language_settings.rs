//! What a view has written into the person's settings for one language.

use super::Scene;
use gpui_kit::TestAppContext;
use std::cell::RefCell;
use std::rc::Rc;
use ui::{ActiveSettings as _, FileAssociation, LanguageChange, LanguageSetting};

/// Has a formatter of Python written, and says what came of it.
fn keep(scene: &mut Scene, formatter: &str) -> Result<(), String> {
    let setting = LanguageSetting {
        language: "python".into(),
        key: "editor.defaultFormatter",
        value: formatter.into(),
    };
    keep_change(scene, setting)
}

fn keep_change(scene: &mut Scene, change: impl Into<LanguageChange>) -> Result<(), String> {
    let outcome = Rc::new(RefCell::new(None));
    scene.with(|window, cx| {
        let writing = ui::keep_language_setting(change, window, cx);
        let outcome = outcome.clone();
        cx.spawn(async move |_| {
            let written = writing.await.map_err(|error| format!("{error:#}"));
            *outcome.borrow_mut() = Some(written);
        })
        .detach();
    });
    scene.settle();
    outcome.take().expect("it is over")
}

#[gpui_kit::test]
fn it_is_written_into_the_block_of_the_language_and_applied(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    let path = scene.home.join("config/settings.json");
    std::fs::write(
        &path,
        "{\n  // mine\n  \"[python]\": { \"editor.tabSize\": 3 }, // odd\n}\n",
    )
    .unwrap();
    assert_eq!(keep(&mut scene, "ruff"), Ok(()));
    assert_eq!(
        std::fs::read_to_string(&path).unwrap(),
        "{\n  // mine\n  \"[python]\": { \"editor.tabSize\": 3, \"editor.defaultFormatter\": \"ruff\" }, // odd\n}\n"
    );
    let formatter = scene.with(|_, cx| {
        let python = cx.kiln_settings().of_language("python");
        python.formatting.default_formatter.clone()
    });
    assert_eq!(formatter.as_deref(), Some("ruff"));
}

#[gpui_kit::test]
fn a_malformed_file_stays_as_it_is(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    let path = scene.home.join("config/settings.json");
    std::fs::write(&path, "{ \"[python]\": ").unwrap();
    let error = keep(&mut scene, "ruff").unwrap_err();
    assert!(error.contains("nothing was changed"), "{error}");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "{ \"[python]\": ");
}

/// The languages of the files that are open, by their names.
fn languages(scene: &Scene) -> Vec<(String, &'static str)> {
    scene.model.read_with(scene.cx, |model, _| {
        let buffers = model.workspace().buffers();
        buffers
            .map(|buffer| (buffer.display_name(), buffer.language().id_str()))
            .collect()
    })
}

#[gpui_kit::test]
fn files_are_associated_with_a_language_in_the_settings_and_all_that_are_open_take_it(
    cx: &mut TestAppContext,
) {
    let mut scene = Scene::new(cx);
    let path = scene.home.join("config/settings.json");
    let before = "{\n  \"files.associations\": { \"*.x\": \"html\" } // odd\n}\n";
    std::fs::write(&path, before).unwrap();
    for file in ["src/a.inc", "src/b.inc"] {
        std::fs::write(scene.root.join(file), "text\n").unwrap();
        scene.open_file(file);
    }
    let both = |language| ["a.inc", "b.inc"].map(|name| (name.to_owned(), language));
    assert_eq!(languages(&scene), both("php"));
    let association = FileAssociation {
        pattern: "*.inc".into(),
        language: "cpp".into(),
    };
    assert_eq!(keep_change(&mut scene, association), Ok(()));
    assert_eq!(languages(&scene), both("cpp"));
    assert_eq!(
        std::fs::read_to_string(&path).unwrap(),
        "{\n  \"files.associations\": { \"*.x\": \"html\", \"*.inc\": \"cpp\" } // odd\n}\n"
    );
}
