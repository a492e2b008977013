//! What a settings.json says for single languages and for their servers.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on has failed"
)]

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use settings::{Layer, Settings};
use vscode_import::{ImportReport, Target, apply, installation_at, plan};

/// As people write them, with what Kiln has and what it has not.
const SETTINGS: &str = r#"// Place your settings in this file to overwrite the default settings
{
    "editor.formatOnSave": false,
    "editor.tabSize": 4,

    // --- Python ---
    "[python]": {
        "editor.defaultFormatter": "charliermarsh.ruff", // not black any more
        "editor.formatOnSave": true,
        "editor.codeActionsOnSave": {
            "source.organizeImports": "explicit",
        },
        "editor.mouseWheelZoom": true,
    },
    "python.analysis.typeCheckingMode": "strict",
    "python.languageServer": "Pylance",

    /* --- Web --- */
    "[javascript][typescript][vue]": {
        "editor.defaultFormatter": "esbenp.prettier-vscode",
        "editor.tabSize": 2,
    },
    "[typescript]": { "editor.tabSize": 3, "editor.wordBasedSuggestions": "off", "editor.tabFocusMode": true },
    "[vue]": { "editor.tabSize": 8 },
    "[go]": { "editor.tabSize": "wide", "editor.insertSpaces": false, },
    "[markdown]": true,
    "gopls": { "hints": { "parameterNames": true }, "ui.semanticTokens": true },
    "rust-analyzer.check.command": "clippy",
    "intelephense.licenceKey": "00SECRET00",
    "pythonIndent.trimLinesWithOnlyWhitespace": true,
}
"#;

struct Machine(tempfile::TempDir);

impl Machine {
    fn new(settings: &str) -> Self {
        let machine = Self(tempfile::tempdir().unwrap());
        machine.file("Code/User/settings.json", settings);
        machine
    }

    fn file(&self, path: &str, text: &str) {
        let path = self.0.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn target(&self) -> Target {
        let place = |folder: &str| self.0.path().join(folder);
        Target::in_folders(&place("kiln"), &place("kiln-data"))
    }

    fn plan(&self) -> ImportReport {
        let installation = installation_at(&self.0.path().join("Code"), None).unwrap();
        plan(&installation, &self.target()).unwrap()
    }

    fn import(&self) -> ImportReport {
        let report = self.plan();
        apply(&report, &self.target()).unwrap();
        report
    }

    fn text(&self) -> String {
        fs::read_to_string(self.target().settings_file).unwrap()
    }

    fn settings(&self) -> Settings {
        let layer = Layer::user("settings.json", self.text());
        let (settings, problems) = Settings::from_layers(&[layer]);
        assert!(problems.is_empty(), "{problems:?}");
        settings
    }
}

fn left(report: &ImportReport) -> Vec<String> {
    let left = report.not_applied.iter();
    left.map(|setting| format!("{}: {}", setting.key, setting.reason))
        .collect()
}

#[test]
fn what_holds_for_a_language_is_taken_over_for_it() {
    let machine = Machine::new(SETTINGS);
    let report = machine.import();
    let settings = machine.settings();
    assert_eq!(settings.editor.tab_size, 4);
    assert!(!settings.files.format_on_save);
    let python = settings.of_language("python");
    assert!(python.files.format_on_save);
    let formatter = |language: &str| {
        let formatting = &settings.of_language(language).formatting;
        formatting.default_formatter.as_deref()
    };
    assert_eq!(formatter("python"), Some("charliermarsh.ruff"));
    assert_eq!(formatter("javascript"), Some("esbenp.prettier-vscode"));
    assert_eq!(formatter("typescript"), Some("esbenp.prettier-vscode"));
    assert_eq!(formatter("rust"), None);
    let size = |language: &str| settings.of_language(language).editor.tab_size;
    assert_eq!([size("javascript"), size("typescript")], [2, 3]);
    assert!(!settings.of_language("go").editor.insert_spaces);
    assert_eq!(
        left(&report),
        [
            "[python] editor.mouseWheelZoom: Kiln has it for all languages alone",
            "[vue]: Kiln has no such language, and no extension with it is installed",
            "[typescript] editor.tabFocusMode: Kiln has no such setting",
            "[vue]: Kiln has no such language, and no extension with it is installed",
            "[go] editor.tabSize: Kiln does not take its value: it takes a whole number from 1 to 16",
            "[markdown]: it holds no settings",
            "pythonIndent.trimLinesWithOnlyWhitespace: Kiln has no such setting",
        ]
    );
    let shown = report.to_string();
    for line in [
        "  [python] editor.formatOnSave = true\n",
        "  [javascript][typescript][vue] editor.tabSize = 2\n",
        "  gopls, for its language server\n",
    ] {
        assert!(shown.contains(line), "{shown}");
    }
}

#[test]
fn the_settings_of_language_servers_are_taken_over_as_they_are() {
    let machine = Machine::new(SETTINGS);
    let report = machine.import();
    let values: Vec<(String, Value)> = machine.settings().server_values.into_iter().collect();
    assert_eq!(
        values,
        [
            (
                "gopls".to_owned(),
                json!({"hints": {"parameterNames": true}, "ui.semanticTokens": true})
            ),
            ("intelephense.licenceKey".to_owned(), json!("00SECRET00")),
            (
                "python.analysis.typeCheckingMode".to_owned(),
                json!("strict")
            ),
            ("python.languageServer".to_owned(), json!("Pylance")),
            ("rust-analyzer.check.command".to_owned(), json!("clippy")),
        ]
    );
    let shown = report.to_string();
    assert!(
        shown.contains("intelephense.licenceKey, for its") && !shown.contains("SECRET"),
        "a value of a server may be a secret: {shown}"
    );
}

#[test]
fn a_second_import_finds_all_as_it_was_and_leaves_every_byte() {
    let machine = Machine::new(SETTINGS);
    machine.import();
    let before = machine.text();
    let again = machine.import();
    assert!(again.applied.iter().all(|setting| setting.unchanged));
    assert_eq!(machine.text(), before);
}

#[test]
fn kilns_own_blocks_keep_their_comments_and_what_else_they_say() {
    let machine = Machine::new(
        r#"{"[python]": {"editor.tabSize": 8, "editor.formatOnSave": true}, "gopls.hints": {}}"#,
    );
    machine.file(
        "kiln/settings.json",
        "{\n  // mine\n  \"[python]\": {\n    \"editor.tabSize\": 3, // odd\n    \"kiln.formatter\": {\"command\": \"fmt\"}\n  },\n  \"gopls.hints\": {\"a\": true}\n}\n",
    );
    machine.import();
    assert_eq!(
        machine.text(),
        "{\n  // mine\n  \"[python]\": {\n    \"editor.tabSize\": 8, // odd\n    \"kiln.formatter\": {\"command\": \"fmt\"},\n    \"editor.formatOnSave\": true\n  },\n  \"gopls.hints\": {}\n}\n"
    );
}

#[test]
fn settings_for_a_language_that_comes_along_are_taken_over() {
    let machine = Machine::new(r#"{"[vue]": {"editor.tabSize": 8}}"#);
    let extension = json!({
        "publisher": "acme", "name": "vue", "version": "1.0.0",
        "contributes": {"languages": [{"id": "vue", "extensions": [".vue"]}]},
    });
    let path = Path::new("extensions/vue-1.0.0/package.json");
    machine.file(path.to_str().unwrap(), &extension.to_string());
    let mut installation = installation_at(&machine.0.path().join("Code"), None).unwrap();
    installation.extension_folders = vec![machine.0.path().join("extensions")];
    let report = plan(&installation, &machine.target()).unwrap();
    assert_eq!(left(&report), Vec::<String>::new());
    apply(&report, &machine.target()).unwrap();
    let settings = machine.settings();
    assert_eq!(settings.of_language("vue").editor.tab_size, 8);
    assert_eq!(settings.editor.tab_size, 4, "it is for that alone");
}

#[test]
fn more_than_any_person_wrote_is_left_out_and_told_briefly() {
    let mut settings = serde_json::Map::new();
    for number in 0..1_500 {
        settings.insert(format!("gopls.a{number}"), json!(number));
        let heading = format!("[go]{}", "[c]".repeat(number % 300));
        settings.insert(format!("{heading}[{number}]"), json!({"editor.tabSize": 2}));
    }
    settings.insert("java.big".into(), json!("x".repeat(600 * 1024)));
    let machine = Machine::new(&Value::from(settings).to_string());
    let report = machine.import();
    let of_servers = report.applied.iter().filter(|setting| setting.is_of_server);
    assert_eq!(of_servers.count(), 1_000);
    assert!(report.applied.len() <= 1_200, "{}", report.applied.len());
    assert!(machine.text().len() < 512 * 1024);
    assert_eq!(left(&report).len(), 1_000);
    let large = Machine::new(&format!(
        "{{\"java.big\": \"{}\", \"java.small\": 1}}",
        "x".repeat(600 * 1024)
    ));
    assert_eq!(
        left(&large.import()),
        ["java.big: the settings of language servers are too large"]
    );
    assert_eq!(large.settings().server_values.len(), 1);
    let long = Machine::new(&format!(
        "{{\"{}\": {{\"editor.tabSize\": 2}}, \"[go\": {{}}}}",
        "[go]".repeat(300)
    ));
    let reasons = left(&long.import());
    assert!(
        reasons[0].ends_with("it names too many languages"),
        "{reasons:?}"
    );
    assert_eq!(reasons[1], "[go: it names no language");
}

#[test]
fn files_of_a_language_that_kiln_has_not_are_left_and_told() {
    let machine = Machine::new(
        r#"{"files.associations": {"*.foo": "lua", "*.bar": "rust", "*.txt": "plaintext"}}"#,
    );
    let report = machine.import();
    let written: Value = serde_json::from_str(&machine.text()).unwrap();
    assert_eq!(
        written["files.associations"],
        json!({"*.bar": "rust", "*.txt": "plaintext"})
    );
    let told = "files.associations: *.foo: Kiln has no such language, and no extension with it is installed";
    assert_eq!(left(&report), [told]);
    let report = Machine::new(r#"{"files.associations": {"*.foo": "lua"}}"#).plan();
    assert_eq!((left(&report).len(), report.applied.len()), (1, 0));
}
