//! Imports from folders as VS Code and its relatives leave them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on has failed"
)]

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};
use settings::{Layer, Settings, Theme, ThemeMode, parse_snippet_file};
use vscode_import::{
    Environment, ImportError, ImportReport, Installation, System, Target, apply,
    find_installations, installation_at, plan,
};

struct Machine {
    folder: tempfile::TempDir,
}

impl Machine {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    fn home(&self) -> &Path {
        self.folder.path()
    }

    fn path(&self, path: &str) -> PathBuf {
        self.home().join(path)
    }

    fn file(&self, path: &str, text: &str) -> PathBuf {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    fn environment(&self, system: System) -> Environment {
        Environment {
            system,
            home: self.home().to_path_buf(),
            config_home: None,
            app_data: None,
        }
    }

    fn target(&self) -> Target {
        Target::in_folders(&self.path("kiln"), &self.path("kiln-data"))
    }

    fn installation(&self) -> Installation {
        find_installations(&self.environment(System::Linux)).remove(0)
    }

    fn plan(&self) -> ImportReport {
        plan(&self.installation(), &self.target()).unwrap()
    }

    fn import(&self) -> ImportReport {
        let report = self.plan();
        apply(&report, &self.target()).unwrap();
        report
    }

    fn settings(&self) -> Settings {
        let text = fs::read_to_string(self.target().settings_file).unwrap();
        let (settings, problems) = Settings::from_layers(&[Layer::user("settings.json", text)]);
        assert!(problems.is_empty(), "{problems:?}");
        settings
    }

    fn themes(&self) -> Vec<Theme> {
        let Ok(entries) = fs::read_dir(self.target().themes_folder) else {
            return Vec::new();
        };
        let mut themes: Vec<Theme> = entries
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|ending| ending == "json"))
            .map(|path| fs::read_to_string(path).unwrap())
            .map(|text| Theme::from_vscode(&text).unwrap().0)
            .collect();
        themes.sort_by(|a, b| a.name.cmp(&b.name));
        themes
    }

    /// An extension with one theme.
    fn extension(&self, folder: &str, label: &str, path: &str, theme: &str) {
        let place = format!(".vscode/extensions/{folder}");
        let package = json!({
            "publisher": "Acme", "name": folder.split('-').next().unwrap(), "version": folder.rsplit('-').next().unwrap(),
            "contributes": {"themes": [{"label": label, "uiTheme": "vs-dark", "path": path}]},
        });
        self.file(&format!("{place}/package.json"), &package.to_string());
        if !theme.is_empty() {
            self.file(&format!("{place}/{}", path.trim_start_matches("./")), theme);
        }
    }
}

const DUSK: &str = r##"{ // a theme
  "colors": { "editor.background": "#101418", "editor.foreground": "#e0e4e8", },
  "tokenColors": [ { "scope": "comment", "settings": { "foreground": "#708090" } }, ] }"##;

const SETTINGS: &str = r##"{
    // My settings, in the form that people write.
    "editor.fontSize": 16,
    "editor.fontFamily": "'Fira Code', monospace",
    "editor.tabSize": 2, /* two */
    "editor.insertSpaces": true,
    "files.encoding": "windows1252",
    "editor.lineHeight": "tall",
    "workbench.tree.indent": 12,
    "workbench.colorTheme": "Dusk",
    "github.token": "ghp_secret",
    "[python]": { "editor.tabSize": 4 },
}"##;

#[test]
fn settings_and_themes_are_taken_over_and_the_rest_is_listed() {
    let machine = Machine::new();
    machine.file(".config/Code/User/settings.json", SETTINGS);
    machine.extension("dusk-1.0.0", "Dusk", "./themes/dusk.json", DUSK);
    let report = machine.import();
    let settings = machine.settings();
    assert_eq!(settings.editor.font_size, 16.0);
    assert_eq!(settings.editor.tab_size, 2);
    assert_eq!(settings.of_language("python").editor.tab_size, 4);
    assert_eq!(settings.files.encoding, "windows1252");
    assert_eq!(settings.editor.font_families(), ["Fira Code", "monospace"]);
    assert_eq!(settings.theme.dark, "Dusk");
    assert_eq!(settings.theme.mode, ThemeMode::Dark);
    assert_eq!(machine.themes()[0].name, "Dusk");
    let left: Vec<_> = report
        .not_applied
        .iter()
        .map(|setting| setting.key.as_str())
        .collect();
    assert_eq!(
        left,
        ["editor.lineHeight", "workbench.tree.indent", "github.token",]
    );
    assert!(
        report.not_applied[0]
            .reason
            .contains("a number from 0 to 150")
    );
    let shown = report.to_string();
    assert!(
        shown.contains("editor.fontSize = 16") && shown.contains("Dusk (acme.dusk)"),
        "{shown}"
    );
    assert!(
        !shown.contains("ghp_secret"),
        "a value that is not taken over is not shown"
    );
    assert_eq!(
        report.summary(),
        "8 settings and 1 theme from Visual Studio Code; 3 settings not taken over"
    );
}

#[test]
fn a_theme_that_was_edited_since_is_kept_by_the_next_import_which_says_so() {
    let machine = Machine::new();
    machine.file(".config/Code/User/settings.json", "{}");
    machine.extension("dusk-1.0.0", "Dusk", "./themes/dusk.json", DUSK);
    let dawn = DUSK.replace("#101418", "#f0f0f0");
    machine.extension("dawn-1.0.0", "Dawn", "./themes/dawn.json", &dawn);
    assert_eq!(machine.import().edited_themes().count(), 0);
    // Again, with nothing changed anywhere.
    assert_eq!(machine.import().edited_themes().count(), 0);

    let folder = machine.target().themes_folder;
    let file = folder.join("acme-dusk-dusk.json");
    let edited = fs::read_to_string(&file)
        .unwrap()
        .replace("#101418", "#123456");
    fs::write(&file, &edited).unwrap();
    let updated = DUSK.replace("#708090", "#808080");
    machine.extension("dusk-1.0.0", "Dusk", "./themes/dusk.json", &updated);
    let updated = dawn.replace("#f0f0f0", "#ffffff");
    machine.extension("dawn-1.0.0", "Dawn", "./themes/dawn.json", &updated);
    let report = machine.import();
    assert_eq!(fs::read_to_string(&file).unwrap(), edited);
    let kept: Vec<_> = report.edited_themes().collect();
    assert!(kept.len() == 1 && kept[0].0.name == "Dusk" && kept[0].1 == file);
    let shown = report.to_string();
    assert!(shown.contains("Dawn (acme.dawn)"), "{shown}");
    let told = format!("Dusk: {}", file.display());
    assert!(
        shown.contains("kept as you edited") && shown.contains(&told),
        "{shown}"
    );
    assert_eq!(
        report.summary(),
        "0 settings and 1 theme from Visual Studio Code; 1 theme kept as you edited it"
    );
    // What nobody edited follows its extension.
    let follows = fs::read_to_string(folder.join("acme-dawn-dawn.json")).unwrap();
    assert!(follows.contains("#ffffff"), "{follows}");

    // Edited after the plan was made, and imported again once it is out of the way.
    fs::rename(&file, folder.join("my-dusk.json")).unwrap();
    let plan = machine.plan();
    assert_eq!(plan.edited_themes().count(), 0);
    fs::write(&file, "{}").unwrap();
    apply(&plan, &machine.target()).unwrap();
    assert_eq!(fs::read_to_string(&file).unwrap(), "{}");
    fs::remove_file(&file).unwrap();
    assert_eq!(machine.import().edited_themes().count(), 0);
    assert!(fs::read_to_string(&file).unwrap().contains("#808080"));
}

#[test]
fn a_plan_writes_nothing() {
    let machine = Machine::new();
    machine.file(".config/Code/User/settings.json", SETTINGS);
    machine.extension("dusk-1.0.0", "Dusk", "./themes/dusk.json", DUSK);
    assert!(!machine.plan().is_empty());
    assert!(!machine.path("kiln").exists());
}

#[test]
fn an_import_of_nothing_writes_nothing() {
    let machine = Machine::new();
    let settings = r#"{ "editor.fontSize": "large", "editor.tabSize": true }"#;
    machine.file(".config/Code/User/settings.json", settings);
    let report = machine.import();
    assert!(report.to_string().contains("Nothing to take over."));
    assert!(!machine.path("kiln").exists());
    // What is there already stays as it is, too.
    let own = machine.file("kiln/settings.json", "");
    machine.import();
    assert_eq!(fs::read_to_string(own).unwrap(), "");
}

#[test]
fn key_bindings_are_said_to_stay_where_they_are() {
    let machine = Machine::new();
    machine.file(".config/Code/User/settings.json", SETTINGS);
    let told = "not taken over. Kiln's commands are others";
    let report = machine.plan();
    assert!(!report.to_string().contains(told));
    assert!(!report.summary().contains("key bindings"));
    let file = machine.file(".config/Code/User/keybindings.json", "[]");
    let report = machine.plan();
    assert_eq!(report.key_bindings.as_deref(), Some(file.as_path()));
    assert!(report.to_string().contains(told), "{report}");
    let summary = report.summary();
    assert!(
        summary.ends_with("; key bindings not taken over"),
        "{summary}"
    );
}

#[test]
fn kilns_own_settings_keep_their_comments_and_values() {
    let machine = Machine::new();
    machine.file(".config/Code/User/settings.json", "{\"editor.tabSize\": 8}");
    machine.file(
        "kiln/settings.json",
        "{\n  // mine\n  \"editor.fontSize\": 20, // big\n  \"editor.tabSize\": 3\n}\n",
    );
    machine.import();
    assert_eq!(
        fs::read_to_string(machine.target().settings_file).unwrap(),
        "{\n  // mine\n  \"editor.fontSize\": 20, // big\n  \"editor.tabSize\": 8\n}\n"
    );
    assert!(
        machine.plan().applied[0].unchanged,
        "a second import finds it done"
    );
}

#[test]
fn malformed_settings_of_kilns_own_stop_the_import_before_anything_is_written() {
    let machine = Machine::new();
    machine.file(".config/Code/User/settings.json", SETTINGS);
    machine.extension("dusk-1.0.0", "Dusk", "./themes/dusk.json", DUSK);
    machine.file("kiln/settings.json", "{ \"editor.fontSize\": ");
    let error = plan(&machine.installation(), &machine.target()).unwrap_err();
    assert!(matches!(error, ImportError::OwnSettings { .. }));
    assert!(error.to_string().contains("nothing was changed"), "{error}");
    assert!(!machine.path("kiln/themes").exists());
}

#[test]
fn a_malformed_settings_file_is_named_with_its_place_and_themes_still_come() {
    let machine = Machine::new();
    machine.file(
        ".config/Code/User/settings.json",
        "{\n  \"editor.fontSize\": oops\n}",
    );
    machine.extension("dusk-1.0.0", "Dusk", "./themes/dusk.json", DUSK);
    let report = machine.import();
    assert!(
        report.problems[0].contains("malformed at line 2, column 22"),
        "{:?}",
        report.problems
    );
    assert_eq!(report.themes.len(), 1);
}

#[test]
fn every_program_is_found_where_it_keeps_its_things() {
    for (system, folder) in [
        (System::Linux, ".config"),
        (System::MacOs, "Library/Application Support"),
        (System::Windows, "AppData/Roaming"),
    ] {
        let machine = Machine::new();
        for product in ["Code", "Code - OSS", "VSCodium", "Cursor", "Kiro"] {
            machine.file(&format!("{folder}/{product}/User/settings.json"), "{}");
        }
        let titles: Vec<_> = find_installations(&machine.environment(system))
            .into_iter()
            .map(|installation| installation.title)
            .collect();
        assert_eq!(
            titles,
            [
                "Visual Studio Code",
                "Code - OSS",
                "VSCodium",
                "Cursor",
                "Kiro"
            ],
            "{system:?}"
        );
    }
    let machine = Machine::new();
    machine.file("elsewhere/Cursor/User/settings.json", "{}");
    let mut environment = machine.environment(System::Linux);
    environment.config_home = Some(machine.path("elsewhere"));
    assert_eq!(find_installations(&environment)[0].title, "Cursor");
    assert!(find_installations(&machine.environment(System::Linux)).is_empty());
}

#[test]
fn a_path_may_be_the_file_its_folder_or_the_one_above() {
    let machine = Machine::new();
    let file = machine.file("copy/Code/User/settings.json", "{}");
    let environment = machine.environment(System::Linux);
    for path in [
        file.as_path(),
        &machine.path("copy/Code/User"),
        &machine.path("copy/Code"),
    ] {
        let installation = installation_at(path, Some(&environment)).unwrap();
        assert_eq!(installation.settings_file(), file);
        assert_eq!(installation.title, "Visual Studio Code");
        assert_eq!(
            installation.extension_folders,
            [machine.path(".vscode/extensions")]
        );
    }
    let error = installation_at(&machine.path("nowhere"), None).unwrap_err();
    assert!(error.to_string().contains("does not exist"), "{error}");
    let error = installation_at(machine.home(), None).unwrap_err();
    assert!(error.to_string().contains("no settings.json"), "{error}");
    let error = installation_at(&machine.file("passwd", "root"), None).unwrap_err();
    assert!(error.to_string().contains("is no settings.json"), "{error}");
    // A portable installation keeps its extensions beside its user data.
    machine.file("portable/data/user-data/User/settings.json", "{}");
    fs::create_dir_all(machine.path("portable/data/extensions")).unwrap();
    let portable = installation_at(&machine.path("portable"), None).unwrap();
    assert_eq!(
        portable.extension_folders,
        [machine.path("portable/data/extensions")]
    );
}

#[test]
fn a_path_in_another_home_folder_brings_the_extensions_of_that_home() {
    let machine = Machine::new();
    let user = "mnt/.config/Code/User";
    machine.file(&format!("{user}/settings.json"), "{}");
    fs::create_dir_all(machine.path("mnt/.vscode/extensions")).unwrap();
    fs::create_dir_all(machine.path("mnt/.cursor/extensions")).unwrap();
    let environment = Environment {
        home: machine.path("me"),
        ..machine.environment(System::Linux)
    };
    let found = installation_at(&machine.path(user), Some(&environment)).unwrap();
    assert_eq!(
        found.extension_folders,
        [
            machine.path("mnt/.vscode/extensions"),
            machine.path("me/.vscode/extensions"),
        ]
    );
}

#[test]
fn themes_that_lead_out_of_their_extension_are_refused() {
    let machine = Machine::new();
    machine.file(".config/Code/User/settings.json", "{}");
    let secret = machine.file("secret.json", DUSK);
    machine.extension("up-1.0.0", "Up", "../../../secret.json", "");
    machine.extension("far-1.0.0", "Far", "../../../../../no/such/file.json", "");
    machine.extension("root-1.0.0", "Root", secret.to_str().unwrap(), "");
    machine.extension(
        "include-1.0.0",
        "Include",
        "./a.json",
        r##"{"include": "../../../secret.json", "colors": {}}"##,
    );
    #[cfg(unix)]
    {
        machine.extension("link-1.0.0", "Link", "./link.json", "");
        std::os::unix::fs::symlink(
            &secret,
            machine.path(".vscode/extensions/link-1.0.0/link.json"),
        )
        .unwrap();
    }
    let report = machine.import();
    assert!(report.themes.is_empty());
    assert!(machine.themes().is_empty());
    let refused = report.themes_not_imported.len();
    assert_eq!(refused, if cfg!(unix) { 5 } else { 4 });
    for theme in &report.themes_not_imported {
        assert!(
            theme.reason.contains("leads out") || theme.reason.contains("not a relative one"),
            "{theme:?}"
        );
    }
}

#[test]
fn bad_themes_and_packages_are_listed_and_the_others_come() {
    let machine = Machine::new();
    machine.file(".config/Code/User/settings.json", "{}");
    machine.extension("good-1.0.0", "Good", "./t.json", DUSK);
    machine.extension("broken-1.0.0", "Broken", "./t.json", "{ \"colors\": {");
    machine.extension("text-1.0.0", "Textmate", "./t.tmTheme", "<plist/>");
    machine.extension("gone-1.0.0", "Gone", "./t.json", "");
    machine.extension(
        "huge-1.0.0",
        "Huge",
        "./t.json",
        &" ".repeat(5 * 1024 * 1024),
    );
    machine.extension(
        "loop-1.0.0",
        "Loop",
        "./t.json",
        r##"{"include": "./t.json"}"##,
    );
    machine.file(".vscode/extensions/sick-1.0.0/package.json", "{{{");
    machine.file(
        ".vscode/extensions/plain-1.0.0/package.json",
        "{\"name\": \"plain\"}",
    );
    let report = machine.import();
    assert_eq!(report.themes.len(), 1);
    let mut reasons: Vec<_> = report
        .themes_not_imported
        .iter()
        .map(|theme| format!("{}: {}", theme.name, theme.reason))
        .collect();
    reasons.sort();
    for (reason, expected) in reasons.iter().zip([
        "Broken: it is malformed at line 1",
        "Gone: `./t.json` cannot be read",
        "Huge: ",
        "Loop: it includes more than 8 files",
        "Textmate: it is a TextMate theme",
        "sick-1.0.0: its package.json is malformed",
    ]) {
        assert!(reason.starts_with(expected), "{reason}");
    }
    assert_eq!(reasons.len(), 6);
}

#[test]
fn of_two_versions_the_newest_counts_and_equal_names_stay_apart() {
    let machine = Machine::new();
    machine.file(".config/Code/User/settings.json", "{}");
    machine.extension("dusk-1.9.0", "Dusk", "./t.json", DUSK);
    machine.extension(
        "dusk-1.10.0",
        "Dusk",
        "./t.json",
        &DUSK.replace("#101418", "#202428"),
    );
    machine.extension(
        "dusk-2.0.0",
        "Dusk",
        "./t.json",
        &DUSK.replace("#101418", "#303438"),
    );
    machine.file(".vscode/extensions/.obsolete", "{\"dusk-2.0.0\": true}");
    machine.extension("other-1.0.0", "Dusk", "./t.json", DUSK);
    machine.extension("mine-1.0.0", "Kiln Dark", "./t.json", DUSK);
    machine.import();
    let themes = machine.themes();
    let names: Vec<_> = themes.iter().map(|theme| theme.name.as_str()).collect();
    assert_eq!(
        names,
        ["Dusk", "Dusk (acme.other)", "Kiln Dark (acme.mine)"]
    );
    assert_eq!(themes[0].colors.editor_background.to_string(), "#202428");
}

#[test]
fn includes_and_translated_labels_are_followed() {
    let machine = Machine::new();
    machine.file(".config/Code/User/settings.json", r##"{"workbench.preferredLightColorTheme": "dawn-id", "window.autoDetectColorScheme": true}"##);
    let place = ".vscode/extensions/dawn-1.0.0";
    machine.file(
        &format!("{place}/package.json"),
        r##"{"publisher": "acme", "name": "dawn", "version": "1.0.0", "contributes": {"themes":
            [{"id": "dawn-id", "label": "%label%", "uiTheme": "vs", "path": "themes/top.json"}]}}"##,
    );
    machine.file(
        &format!("{place}/package.nls.json"),
        r##"{"label": "Dawn"}"##,
    );
    machine.file(
        &format!("{place}/themes/top.json"),
        r##"{"include": "../base/base.json", "colors": {"foreground": "#123456"}}"##,
    );
    machine.file(
        &format!("{place}/base/base.json"),
        r##"{"colors": {"editor.background": "#ffffff"}}"##,
    );
    machine.import();
    let themes = machine.themes();
    assert_eq!(themes[0].name, "Dawn");
    assert_eq!(themes[0].colors.text.to_string(), "#123456");
    assert_eq!(themes[0].colors.editor_background.to_string(), "#ffffff");
    let settings = machine.settings();
    assert_eq!(
        settings.theme.light, "Dawn",
        "the settings hold the id, Kiln the name"
    );
    assert_eq!(settings.theme.mode, ThemeMode::System);
}

#[test]
fn vscodes_own_themes_give_their_appearance() {
    for (theme, mode, dark) in [
        ("Default Light Modern", ThemeMode::Light, "Kiln Dark"),
        ("Default Dark+", ThemeMode::Dark, "Kiln Dark"),
        (
            "Default High Contrast",
            ThemeMode::Dark,
            "Kiln High Contrast",
        ),
    ] {
        let machine = Machine::new();
        machine.file(
            ".config/VSCodium/User/settings.json",
            &json!({"workbench.colorTheme": theme}).to_string(),
        );
        machine.import();
        assert_eq!(machine.settings().theme.mode, mode, "{theme}");
        assert_eq!(machine.settings().theme.dark, dark, "{theme}");
    }
    let machine = Machine::new();
    machine.file(
        ".config/Code/User/settings.json",
        r##"{"workbench.colorTheme": "Unheard Of"}"##,
    );
    let report = machine.import();
    assert!(
        report.not_applied[0]
            .reason
            .contains("not among the installed extensions")
    );
}

/// Real themes where a folder of them is given: VS Code's format in `*.json`.
#[test]
fn real_themes_are_read_where_they_are_at_hand() {
    let Some(folder) = std::env::var_os("KILN_VSCODE_THEMES") else {
        println!(
            "real_themes_are_read_where_they_are_at_hand: left out: KILN_VSCODE_THEMES names no folder"
        );
        return;
    };
    let mut count = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let (theme, warnings) =
            Theme::from_vscode(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        println!(
            "{}: {} warnings, text {:.1}, comment {:?}",
            theme.name,
            warnings.len(),
            theme.colors.text.contrast(theme.colors.surface),
            theme.syntax_style("comment").color
        );
        for warning in &warnings {
            println!("    {warning}");
        }
        let coloured = [
            "comment", "string", "keyword", "function", "number", "type", "property", "tag",
        ]
        .iter()
        .filter(|capture| theme.syntax_style(capture).color.is_some())
        .count();
        assert!(
            coloured >= 5,
            "{}: only {coloured} captures have a colour",
            theme.name
        );
        assert!(
            theme.colors.text.contrast(theme.colors.surface) >= 3.0,
            "{}",
            theme.name
        );
        count += 1;
    }
    assert!(count > 0);
}

impl Machine {
    /// An extension with whatever it contributes.
    fn contributing(&self, name: &str, contributes: &serde_json::Value) {
        let package = json!({"publisher": "acme", "name": name, "version": "1.0.0",
            "contributes": contributes});
        let path = format!(".vscode/extensions/acme.{name}-1.0.0/package.json");
        self.file(&path, &package.to_string());
    }

    /// Kiln's snippets after an import, with the languages of each.
    fn snippets(&self) -> Vec<String> {
        let Ok(entries) = fs::read_dir(self.target().snippets_folder) else {
            return Vec::new();
        };
        let mut found = Vec::new();
        for path in entries.map(|entry| entry.unwrap().path()) {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            if name == ".imported" {
                continue;
            }
            let (entries, problems) =
                parse_snippet_file(&name, &fs::read_to_string(&path).unwrap());
            assert_eq!(problems, []);
            found.extend(entries.into_iter().map(|one| {
                let languages = one.languages.join(" ");
                format!("{name}: {} = {} [{languages}]", one.name, one.body)
            }));
        }
        found.sort();
        found
    }
}

#[test]
fn snippets_of_the_person_and_of_extensions_are_taken_over_once() {
    let machine = Machine::new();
    let own = r#"{ "Main": { "prefix": "main", "body": "fn main() {}" }, }"#;
    machine.file(".config/Code/User/snippets/rust.json", own);
    machine.file(".config/Code/User/snippets/team.code-snippets", "{ broken");
    let contributed = json!({"snippets": [
        {"language": "javascript", "path": "./snippets/js.json"},
        {"language": "typescript", "path": "./snippets/js.json"},
        {"language": "css", "path": "snippets/css.json"},
        {"language": "css", "path": "../../out.json"},
        {"path": "none.json"},
        {"path": "all.code-snippets"},
    ]});
    machine.contributing("snips", &contributed);
    let folder = ".vscode/extensions/acme.snips-1.0.0";
    let log = r#"{ "Log": { "prefix": "log", "body": ["log($1)", "$0"] } }"#;
    machine.file(&format!("{folder}/snippets/js.json"), log);
    let log = r#"{ "Log": { "prefix": "log", "body": "x" } }"#;
    machine.file(&format!("{folder}/snippets/css.json"), log);
    let any = r#"{ "Any": { "body": "y" }, "Php": { "scope": "php", "body": "z" } }"#;
    machine.file(&format!("{folder}/all.code-snippets"), any);

    let report = machine.import();
    let all = [
        "acme-snips.code-snippets: Any = y []",
        "acme-snips.code-snippets: Log (2) = x [css]",
        "acme-snips.code-snippets: Log = log($1)\n$0 [javascript typescript]",
        "acme-snips.code-snippets: Php = z [php]",
        "rust.json: Main = fn main() {} [rust]",
    ];
    assert_eq!(machine.snippets(), all);
    let left: Vec<_> = report.snippets_not_imported.iter().collect();
    let [broken, outside, none] = &left[..] else {
        panic!("{left:?}");
    };
    assert_eq!(broken.name, "team.code-snippets");
    assert!(outside.reason.contains("leads out"), "{outside:?}");
    assert_eq!(none.reason, "it is for no language");
    assert!(
        report.summary().contains(" and 5 snippets from "),
        "{}",
        report.summary()
    );

    // What was edited since stays, and the rest is written anew.
    let mine = machine.target().snippets_folder.join("rust.json");
    fs::write(&mine, "{}").unwrap();
    let report = machine.import();
    assert_eq!(fs::read_to_string(&mine).unwrap(), "{}");
    let edited: Vec<_> = report
        .edited_snippets()
        .map(|(file, _)| &*file.name)
        .collect();
    assert_eq!(edited, ["rust.json"]);
    assert_eq!(machine.snippets(), all[..4]);
}

#[test]
fn as_many_snippets_of_an_extension_are_taken_over_as_kiln_reads_and_the_report_says_it() {
    let machine = Machine::new();
    let folder = ".vscode/extensions/acme.many-1.0.0";
    let for_languages = |path: &str| {
        let languages = (0..100).map(|number| format!("language-{number}-{}", "x".repeat(40)));
        let contributed = languages.map(|language| json!({"language": language, "path": path}));
        contributed.collect::<Vec<_>>()
    };
    machine.contributing("many", &json!({"snippets": for_languages("many.json")}));
    // Each has a scope of some 5 KB.
    let many: Map<String, Value> = (0..10_000)
        .map(|number| (format!("a{number}"), json!({"body": "x"})))
        .collect();
    machine.file(&format!("{folder}/many.json"), &json!(many).to_string());

    // What is nested deeply is far longer as it is written.
    let nested = format!(
        "{}{}{}",
        "[".repeat(100),
        "0,".repeat(100_000),
        "]".repeat(100)
    );
    let deep = format!(r#"{{"Deep": {{"body": "x", "x": {nested}}}, "Plain": {{"body": "y"}}}}"#);
    let contributed = json!({"snippets": [
        {"language": "css", "path": "deep.json"},
        {"language": "x".repeat(65), "path": "other.code-snippets"},
    ]});
    machine.contributing("deep", &contributed);
    let folder = ".vscode/extensions/acme.deep-1.0.0";
    machine.file(&format!("{folder}/deep.json"), &deep);
    let other = r#"{"Other": {"body": "z"}}"#;
    machine.file(&format!("{folder}/other.code-snippets"), other);
    let long = json!({"Long": {"body": "x".repeat(70_000)}}).to_string();
    machine.file(".config/Code/User/snippets/css.json", &long);

    let report = machine.import();
    let file = machine
        .target()
        .snippets_folder
        .join("acme-many.code-snippets");
    let size = fs::metadata(&file).unwrap().len();
    assert!((3_900_000..4 * 1024 * 1024).contains(&size), "{size}");
    let found = machine.snippets();
    let of = |name: &str| found.iter().filter(|one| one.starts_with(name)).count();
    let taken = of("acme-many");
    assert_eq!(
        report
            .taken_snippets()
            .map(|file| file.snippets)
            .collect::<Vec<_>>(),
        [1, taken]
    );
    assert_eq!(found[0], "acme-deep.code-snippets: Plain = y [css]");
    let left: Vec<_> = report
        .snippets_not_imported
        .iter()
        .map(|left| format!("{}: {}", left.name, left.reason))
        .collect();
    let beyond = "Kiln reads 2000 and 4 MiB of an extension";
    assert_eq!(
        left,
        [
            "css.json: The snippet \"Long\" is left out: `body` is over 64 KiB.".to_owned(),
            "acme.deep (other.code-snippets): the name of its language is empty or over 64 bytes"
                .into(),
            format!("acme.deep (deep.json): 1 of its snippets are left out: {beyond}"),
            format!(
                "acme.many (many.json): {} of its snippets are left out: {beyond}",
                10_000 - taken
            ),
        ]
    );

    // Where there is room, the count is what ends it.
    machine.contributing(
        "many",
        &json!({"snippets": [{"language": "css", "path": "many.json"}]}),
    );
    let report = machine.import();
    let counted: Vec<_> = report.taken_snippets().map(|file| file.snippets).collect();
    assert_eq!(counted, [1, 2_000]);
}

#[test]
fn files_that_an_extension_adds_to_a_language_of_kilns_open_as_that() {
    let machine = Machine::new();
    machine.file(
        ".config/Code/User/settings.json",
        r#"{ "files.associations": { "*.cfgy": "toml", "*.mine": "rust" } }"#,
    );
    let contributed = json!({"languages": [
        {"id": "yaml", "extensions": [".yaml", ".yamlish", ".cfgy", ".rs"], "filenames": [".condarc"]},
        {"id": "toy", "aliases": ["Toy"], "extensions": [".toy"], "filenamePatterns": ["Toy*"]},
    ]});
    machine.contributing("files", &contributed);
    let report = machine.import();
    let added: Vec<_> = report
        .added_files
        .iter()
        .map(|files| &*files.pattern)
        .collect();
    assert_eq!(added, ["*.yamlish", "*.cfgy", ".condarc"]);
    let text = fs::read_to_string(machine.target().settings_file).unwrap();
    let settings: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        settings["files.associations"],
        json!({"*.cfgy": "toml", "*.mine": "rust", "*.yamlish": "yaml", ".condarc": "yaml"}),
        "what the person says of the same files stays"
    );
    let left = &report.languages_not_imported;
    let rust = left.iter().find(|left| left.name == "*.rs");
    assert!(
        rust.is_some_and(|left| left.reason.ends_with("in Kiln they are Rust")),
        "{left:?}"
    );
    assert_eq!(report.languages[0].origin(), "acme.files: *.toy, Toy*");
    let written = report.to_string();
    assert!(
        written.contains("*.yamlish as YAML (acme.files)"),
        "{written}"
    );
    // Once more it is all there.
    let again = machine.import();
    assert!(again.applied.iter().all(|setting| setting.unchanged));
}

#[test]
fn the_report_says_where_extensions_were_looked_for() {
    let machine = Machine::new();
    machine.file(".config/Code/User/settings.json", "{}");
    let folder = machine.path(".vscode/extensions");
    let said = |machine: &Machine| {
        let written = machine.plan().to_string();
        let lines = written.lines().map(str::trim);
        let said = lines.filter(|line| line.starts_with(&*folder.to_string_lossy()));
        said.map(|line| line.rsplit(": ").next().unwrap_or_default().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(said(&machine), ["not there"]);
    fs::create_dir_all(&folder).unwrap();
    assert_eq!(said(&machine), ["no extensions"]);
    machine.contributing("one", &json!({}));
    assert_eq!(said(&machine), ["1 extension"]);
    // Settings somewhere else are of no known program.
    let elsewhere = machine.file("elsewhere/settings.json", "{}");
    let installation = installation_at(&elsewhere, None).unwrap();
    let report = plan(&installation, &machine.target()).unwrap();
    assert!(
        report
            .to_string()
            .contains("no folder of extensions is known"),
        "{report}"
    );
}
