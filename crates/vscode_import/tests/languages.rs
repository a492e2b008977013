//! Languages and grammars of extensions, from their folders to what Kiln knows.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Mutex, MutexGuard, PoisonError};

use editor_core::Text;
use serde_json::{Value, json};
use syntax::SyntaxTree;
use vscode_import::{
    Environment, ImportReport, Installation, System, Target, apply, find_installations,
    installation_at, plan, register_languages,
};

struct Machine(
    tempfile::TempDir,
    #[expect(dead_code, reason = "held")] MutexGuard<'static, ()>,
);

impl Machine {
    /// One at a time: what is registered is known to the whole process.
    fn new() -> Self {
        static ONE: Mutex<()> = Mutex::new(());
        let alone = ONE.lock().unwrap_or_else(PoisonError::into_inner);
        Self(tempfile::tempdir().unwrap(), alone)
    }

    fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    fn file(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
    }

    fn extension(&self, name: &str, contributes: Value) {
        self.extension_of("Acme", name, contributes);
    }

    fn extension_of(&self, publisher: &str, name: &str, contributes: Value) {
        let package = json!({
            "publisher": publisher, "name": name, "version": "1.0.0", "contributes": contributes,
        });
        self.file(
            &format!("extensions/{name}/package.json"),
            &package.to_string(),
        );
    }

    fn target(&self) -> Target {
        Target::in_folders(&self.path("config"), &self.path("data"))
    }

    fn plan(&self) -> ImportReport {
        let installation = Installation {
            title: "Code".into(),
            user_folder: self.path("User"),
            extension_folders: vec![self.path("extensions")],
            built_in_folders: vec![self.path("app/extensions")],
        };
        plan(&installation, &self.target()).unwrap()
    }

    fn import(&self) -> ImportReport {
        let report = self.plan();
        apply(&report, &self.target()).unwrap();
        report
    }

    fn register(&self) -> Vec<String> {
        register_languages(&self.target().languages_folder)
    }
}

/// What is highlighted in a file of this name.
fn highlighted(file: &str, source: &str) -> Vec<String> {
    let text = Text::from(source);
    let language = syntax::detect(Path::new(file), "");
    let tree = SyntaxTree::parse(language, &text, None, &AtomicBool::new(false)).unwrap();
    let spans = tree.highlights(&text, 0..text.len()).into_iter();
    spans
        .map(|span| format!("{} {}", text.slice(span.range), span.highlight.name()))
        .collect()
}

const ANVIL: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict>
<key>scopeName</key><string>source.anvil</string>
<key>patterns</key><array>
<dict><key>match</key><string>\bforge\b</string><key>name</key><string>keyword.control.anvil</string></dict>
<dict><key>match</key><string>;.*$</string><key>name</key><string>comment.line.anvil</string></dict>
</array></dict></plist>"#;

#[test]
fn languages_are_taken_over_with_their_grammars_and_configuration() {
    let machine = Machine::new();
    machine.extension(
        "anvil",
        json!({
            "languages": [
                { "id": "anvil", "aliases": ["%name%"], "extensions": [".anv"],
                  "configuration": "./language-configuration.json" },
                { "id": "rust", "extensions": [".anvrs"] },
            ],
            "grammars": [
                { "language": "anvil", "scopeName": "source.anvil", "path": "./syntaxes/anvil.tmLanguage" },
                { "language": "rust", "scopeName": "source.rust", "path": "./syntaxes/rust.json" },
            ],
        }),
    );
    machine.file(
        "extensions/anvil/package.nls.json",
        r#"{ "name": "Anvil" }"#,
    );
    machine.file("extensions/anvil/syntaxes/anvil.tmLanguage", ANVIL);
    machine.file(
        "extensions/anvil/syntaxes/rust.json",
        r#"{ "patterns": [] }"#,
    );
    machine.file(
        "extensions/anvil/language-configuration.json",
        r#"{ "comments": { "lineComment": ";" }, // as people write it
             "indentationRules": { "increaseIndentPattern": "((" }, }"#,
    );
    let report = machine.import();
    assert_eq!(report.problems, Vec::<String>::new());
    let text = report.to_string();
    assert!(
        text.contains("Languages taken over:\n  Anvil (acme.anvil: *.anv)\n"),
        "{text}"
    );
    assert!(
        text.contains("increaseIndentPattern is not understood"),
        "{text}"
    );
    assert!(text.contains("rust: Kiln has Rust itself"), "{text}");
    assert_eq!(report.failures(), 0, "{text}");
    assert!(
        report.summary().contains("0 themes and 1 language from"),
        "{}",
        report.summary()
    );

    assert_eq!(machine.register(), Vec::<String>::new());
    assert_eq!(
        highlighted("a.anv", "forge x ; y"),
        ["forge keyword.control", "; y comment"]
    );
    let anvil = syntax::by_name("anvil").unwrap();
    assert_eq!(anvil.name(), "Anvil");
    assert_eq!(syntax::language(anvil).rules.line_comment, Some(";"));
    assert_eq!(
        syntax::detect(Path::new("a.anvrs"), "").id_str(),
        "plaintext"
    );
}

#[test]
fn what_is_wrong_with_a_grammar_is_said_and_the_rest_is_taken() {
    let machine = Machine::new();
    let grammars = [
        ("broken.json", "{ \"patterns\": "),
        ("odd.tmLanguage", "<plist><dict><key>a</key></dict></plist>"),
        ("list.json", "{ \"patterns\": { \"match\": [] } }"),
        (
            "fine.json",
            "{ \"patterns\": [{ \"match\": \"x\", \"name\": \"keyword\" }] }",
        ),
    ];
    let mut declared: Vec<Value> = grammars
        .iter()
        .map(|(file, _)| json!({ "scopeName": format!("source.{file}"), "path": file, "language": "bellows" }))
        .collect();
    for path in ["../../secret.json", "/etc/passwd", "gone.json"] {
        declared.push(json!({ "scopeName": format!("source.{path}"), "path": path }));
    }
    machine.extension(
        "bellows",
        json!({ "languages": [{ "id": "bellows", "extensions": [".bel"] }], "grammars": declared }),
    );
    for (file, text) in grammars {
        machine.file(&format!("extensions/bellows/{file}"), text);
    }
    machine.file("secret.json", r#"{ "patterns": [] }"#);
    let report = machine.import();
    assert_eq!(report.failures(), 6, "{report}");
    let text = report.to_string();
    for told in [
        "source.broken.json: it is malformed at line 1",
        "source.odd.tmLanguage: it cannot be used",
        "source.list.json: it cannot be used",
        "source.../../secret.json: its path `../../secret.json` leads out of the extension's folder",
        "source./etc/passwd: its path `/etc/passwd` is not a relative one",
        "source.gone.json: `gone.json` cannot be read",
    ] {
        assert!(text.contains(told), "{told}: {text}");
    }
    assert_eq!(report.languages.len(), 1);
}

#[test]
fn a_list_that_was_damaged_is_told_and_names_no_file_elsewhere() {
    let machine = Machine::new();
    machine.file("data/languages/a/languages.json", "{");
    machine.file(
        "data/languages/b/languages.json",
        &json!({
            "version": 1, "extension": "b",
            "languages": [{ "id": "crucible", "extensions": [".cru"] }],
            "grammars": [{ "scopeName": "source.crucible", "language": "crucible", "file": "../a/languages.json" }],
        })
        .to_string(),
    );
    let problems = machine.register();
    assert_eq!(problems.len(), 1);
    assert!(problems[0].contains("it is malformed"), "{problems:?}");
    assert_eq!(highlighted("a.cru", "x"), Vec::<String>::new());
    let problems = syntax::take_grammar_problems();
    assert!(problems[0].contains("leads out of"), "{problems:?}");
}

#[test]
fn an_import_that_stops_halfway_leaves_the_one_before_as_it_was() {
    let machine = Machine::new();
    let grammar =
        |word: &str| format!(r#"{{ "patterns": [{{ "match": "{word}", "name": "keyword" }}] }}"#);
    let extension = |files: &[&str]| {
        let declared = |file: &&str| json!({ "scopeName": format!("source.{file}"), "language": file, "path": file });
        let languages = |id: &&str| json!({ "id": id, "extensions": [format!(".{id}")] });
        let contributes = json!({
            "languages": files.iter().map(languages).collect::<Vec<_>>(),
            "grammars": files.iter().map(declared).collect::<Vec<_>>(),
        });
        machine.extension("halves", contributes);
    };
    machine.file("extensions/halves/tongs", &grammar("tong"));
    machine.file("extensions/halves/flux", &grammar("flux"));
    extension(&["tongs", "flux"]);
    machine.import();
    let folder = machine.path("data/languages/acme-halves");
    let grammars = || {
        let names = fs::read_dir(&folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name());
        names.filter(|name| name != "languages.json").count()
    };
    assert_eq!(grammars(), 2);
    let list = fs::read_to_string(folder.join("languages.json")).unwrap();

    // The other way round, and one has changed. What the next import writes, but for the list.
    machine.file("extensions/halves/flux", &grammar("borax"));
    extension(&["flux", "tongs"]);
    machine.import();
    fs::write(folder.join("languages.json"), &list).unwrap();
    assert_eq!(machine.register(), Vec::<String>::new());
    assert_eq!(
        highlighted("a.tongs", "tong flux"),
        ["tong keyword.control"]
    );
    assert_eq!(
        highlighted("a.flux", "tong flux borax"),
        ["flux keyword.control"]
    );

    // Whole, the new ones are there; those of the list before stay for windows that are open.
    machine.import();
    machine.register();
    assert_eq!(
        highlighted("a.flux", "tong flux borax"),
        ["borax keyword.control"]
    );
    assert_eq!(grammars(), 3);
    machine.import();
    assert_eq!(grammars(), 2);
    assert_eq!(syntax::take_grammar_problems(), Vec::<String>::new());
}

#[test]
fn extensions_whose_names_differ_in_signs_alone_keep_their_languages_apart() {
    let machine = Machine::new();
    let contributed = |id: &str| {
        json!({
            "languages": [{ "id": id, "extensions": [format!(".{id}")] }],
            "grammars": [{ "scopeName": format!("source.{id}"), "language": id, "path": "words" }],
        })
    };
    let words =
        |word: &str| format!(r#"{{ "patterns": [{{ "match": "{word}", "name": "keyword" }}] }}"#);
    machine.extension_of("acme", "rail-way", contributed("railway"));
    machine.file("extensions/rail-way/words", &words("rail"));
    machine.extension_of("acme-rail", "way", contributed("acmeway"));
    machine.file("extensions/way/words", &words("way"));
    for _ in 0..2 {
        machine.import();
        assert_eq!(machine.register(), Vec::<String>::new());
        assert_eq!(
            highlighted("a.railway", "rail way"),
            ["rail keyword.control"]
        );
        assert_eq!(
            highlighted("a.acmeway", "rail way"),
            ["way keyword.control"]
        );
        assert_eq!(
            fs::read_dir(machine.path("data/languages"))
                .unwrap()
                .count(),
            2
        );
    }
    // The one with the short name is gone: the other stays where it is.
    fs::remove_dir_all(machine.path("extensions/way")).unwrap();
    fs::remove_dir_all(machine.path("data/languages/acme-rail-way")).unwrap();
    machine.import();
    assert_eq!(
        fs::read_dir(machine.path("data/languages"))
            .unwrap()
            .count(),
        1
    );
}

#[test]
fn a_grammar_includes_those_that_come_with_the_program() {
    let machine = Machine::new();
    machine.extension(
        "sheets",
        json!({
            "languages": [{ "id": "sheets", "extensions": [".sheets"] }],
            "grammars": [{ "scopeName": "source.sheets", "language": "sheets", "path": "grammar" }],
        }),
    );
    let grammar = |scopes: &[&str], word: &str| {
        let mut patterns = vec![json!({ "match": word, "name": "keyword" })];
        patterns.extend(scopes.iter().map(|scope| json!({ "include": scope })));
        json!({ "patterns": patterns }).to_string()
    };
    let built_in = |name: &str, scope: &str, text: &str| {
        let package = json!({ "publisher": "vscode", "name": name, "contributes": {
            "languages": [{ "id": name, "extensions": [format!(".{name}")] }],
            "grammars": [{ "scopeName": scope, "language": name, "path": "grammar" }],
        } });
        machine.file(
            &format!("app/extensions/{name}/package.json"),
            &package.to_string(),
        );
        machine.file(&format!("app/extensions/{name}/grammar"), text);
    };
    machine.file(
        "extensions/sheets/grammar",
        &grammar(&["source.css#rules", "source.nowhere"], "sheet"),
    );
    let css = json!({
        "patterns": [], "repository": { "rules": { "patterns": [
            { "match": "color", "name": "support.type.property-name" }, { "include": "source.inner" },
        ] } },
    });
    built_in("css", "source.css", &css.to_string());
    built_in("inner", "source.inner", &grammar(&["source.css"], "deep"));
    built_in("other", "source.other", &grammar(&[], "other"));
    let report = machine.import();
    assert_eq!(report.failures(), 0, "{report}");
    assert_eq!(report.languages.len(), 1);
    let said = report.to_string();
    let heading = format!(
        "Grammars of {} itself, which these languages include:\n",
        report.source
    );
    let named = said.split_once(&heading).expect("they are named").1;
    assert!(
        named.starts_with("  source.css (vscode.css)\n  source.inner (vscode.inner)\n"),
        "{said}"
    );
    assert!(!said.contains("source.other"), "{said}");
    assert_eq!(machine.register(), Vec::<String>::new());
    assert_eq!(
        highlighted("a.sheets", "sheet color deep other"),
        [
            "sheet keyword.control",
            "color property",
            "deep keyword.control"
        ]
    );
    assert_eq!(
        syntax::detect(Path::new("a.inner"), "").id_str(),
        "plaintext"
    );
    let mut kept: Vec<_> = fs::read_dir(machine.path("data/languages"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    kept.sort();
    assert_eq!(kept, ["acme-sheets", "vscode-css", "vscode-inner"]);
    assert_eq!(syntax::take_grammar_problems(), Vec::<String>::new());
}

#[test]
fn extensions_that_come_with_the_program_are_found_where_it_is_installed() {
    for (system, user, program) in [
        (
            System::Linux,
            ".config/VSCodium/User",
            ".local/share/flatpak/app/com.vscodium.codium/current/active/files/share/codium/resources/app/extensions",
        ),
        (
            System::MacOs,
            "Library/Application Support/Code/User",
            "Applications/Visual Studio Code.app/Contents/Resources/app/extensions",
        ),
        (
            System::Windows,
            "AppData/Roaming/Code/User",
            "AppData/Local/Programs/Microsoft VS Code/resources/app/extensions",
        ),
    ] {
        let machine = Machine::new();
        machine.file(&format!("{user}/settings.json"), "{}");
        machine.file(&format!("{program}/css/package.json"), "{}");
        let environment = Environment {
            system,
            home: machine.path(""),
            config_home: None,
            app_data: None,
        };
        let wanted = machine.path(program);
        let found = find_installations(&environment);
        assert!(found[0].built_in_folders.contains(&wanted), "{found:?}");
        let found = installation_at(&machine.path(user), Some(&environment)).unwrap();
        assert!(found.built_in_folders.contains(&wanted), "{found:?}");
    }
}
