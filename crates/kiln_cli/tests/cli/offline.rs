//! What needs no model: help, errors, import, settings, models.

use test_support::{Reply, left_out};

use crate::program::{Machine, Run};

#[test]
fn help_and_version_are_there_and_a_wrong_line_ends_with_2() {
    let machine = Machine::without_model();
    let help = machine.run(&["--help"]).ends_with(0);
    assert!(help.output.contains("Exit codes:") && help.output.contains("KILN_HOME"));
    for command in ["chat", "spec", "model", "import", "settings"] {
        assert!(help.output.contains(command), "{command}");
        let own = machine.run(&[command, "--help"]).ends_with(0);
        assert!(own.output.contains("Usage:"));
    }
    let version = machine.run(&["--version"]).ends_with(0);
    assert_eq!(
        version.output,
        format!("kiln-cli {}\n", env!("CARGO_PKG_VERSION"))
    );
    machine.run(&[]).ends_with(2);
    machine.run(&["dance"]).ends_with(2);
    machine.run(&["chat", "--modle", "x"]).ends_with(2);
}

#[test]
fn every_error_stands_on_standard_error_after_the_programs_name() {
    let machine = Machine::without_model();
    machine.file(
        "project/.kiro/specs/counter/requirements.md",
        "# Requirements Document\n",
    );
    for (code, line) in [
        (2, "dance"),
        (2, "chat --modle x"),
        (2, "chat --resume=nonsense hi"),
        (2, "chat --model nothing hi"),
        (2, "chat --folder nowhere hi"),
        (2, "chat"),
        (3, "chat hi"),
        (3, "chat --model nobody/nothing hi"),
        (3, "spec new something"),
        (3, "spec next counter"),
        (2, "spec show nothing"),
        (2, "spec show .."),
        (1, "spec show counter design"),
        (2, "spec show counter poem"),
        (2, "spec approve counter --sha256 1"),
        (1, "spec run counter"),
        (2, "model remove-key nobody"),
        (2, "model pull nothing"),
        (2, "import vscode nowhere"),
        (1, "import vscode"),
        (2, "settings set nothing 1"),
    ] {
        let words: Vec<&str> = line.split(' ').collect();
        let run = machine.run(&words).ends_with(code);
        let begins = run.errors.starts_with("kiln-cli: ");
        assert!(
            begins && run.output.is_empty(),
            "{line}: {} {}",
            run.errors,
            run.output
        );
        assert!(!run.errors.contains("error: "), "{line}: {}", run.errors);
    }
    let bare = machine.run(&[]).ends_with(2);
    assert!(bare.errors.contains("Usage: kiln-cli"), "{}", bare.errors);
    // What is only a warning says so.
    machine.file(
        "kiln/config/settings.json",
        "{\"editor.fontSize\": \"big\"}",
    );
    let warned = machine.run(&["model", "list"]).ends_with(0);
    assert!(
        warned.errors.starts_with("kiln-cli: warning: ")
            && warned.errors.contains("settings.json:1:"),
        "{}",
        warned.errors
    );
    machine.file("project/.kiln/settings.json", "\u{fffd}");
    std::fs::write(machine.path("project/.kiln/settings.json"), b"\xff").unwrap();
    let check = machine.run(&["settings", "check"]).ends_with(1);
    assert!(check.output.contains("is not UTF-8"), "{}", check.output);
    assert_eq!(
        check.errors,
        "kiln-cli: 2 things in the settings are not applied\n"
    );
}

#[test]
fn a_folder_that_is_not_there_or_no_folder_is_named() {
    let machine = Machine::new();
    let run = machine
        .run(&["chat", "--no-interactive", "--folder", "nowhere", "hi"])
        .ends_with(2);
    assert_eq!(run.errors, "kiln-cli: there is no folder nowhere\n");
    machine.file("project/a.txt", "");
    let run = machine
        .run(&["spec", "list", "--folder", "a.txt"])
        .ends_with(2);
    assert_eq!(
        run.errors,
        "kiln-cli: a.txt is a file; give the folder that it is in\n"
    );
}

#[cfg(unix)]
#[test]
fn a_folder_without_permission_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let machine = Machine::new();
    let locked = machine.path("project/locked");
    std::fs::create_dir(&locked).unwrap();
    std::fs::set_permissions(&locked, std::fs::Permissions::from_mode(0o000)).unwrap();
    if std::fs::read_dir(&locked).is_ok() {
        left_out(
            "a_folder_without_permission_is_named",
            "the superuser may read any folder",
        );
        return;
    }
    let run = machine
        .run(&["spec", "list", "--folder", "locked"])
        .ends_with(1);
    assert!(
        run.errors
            .contains("no permission to list the folder locked"),
        "{}",
        run.errors
    );
}

#[test]
fn vscode_is_imported_after_a_dry_run_that_changes_nothing() {
    let machine = Machine::without_model();
    machine.file(
        ".config/VSCodium/User/settings.json",
        "{ // mine\n \"editor.fontSize\": 17,\n \"files.autoSave\": \"off\", }",
    );
    let dry = machine.run(&["import", "vscode", "--dry-run"]).ends_with(0);
    assert!(
        dry.output.contains("editor.fontSize = 17"),
        "{}",
        dry.output
    );
    assert!(
        dry.output
            .contains("files.autoSave: Kiln has no such setting"),
        "{}",
        dry.output
    );
    assert!(dry.output.contains("Nothing was changed"));
    assert!(!machine.path("kiln/config").exists());
    machine.run(&["import", "vscode"]).ends_with(0);
    assert_eq!(
        machine.read("kiln/config/settings.json"),
        "{\n  \"editor.fontSize\": 17\n}\n"
    );
    let path = machine.path(".config/VSCodium/User/settings.json");
    machine
        .run(&["import", "vscode", path.to_str().unwrap()])
        .ends_with(0);
}

#[test]
fn an_import_from_nowhere_says_what_to_give() {
    let machine = Machine::without_model();
    let run = machine.run(&["import", "vscode"]).ends_with(1);
    assert!(
        run.errors.contains("kiln-cli import vscode PATH"),
        "{}",
        run.errors
    );
    let run = machine.run(&["import", "vscode", "nowhere"]).ends_with(2);
    assert!(
        run.errors.contains("nowhere does not exist"),
        "{}",
        run.errors
    );
    machine.file("broken/settings.json", "{\n\"editor.fontSize\": }");
    let broken = machine.path("broken");
    let run = machine
        .run(&["import", "vscode", broken.to_str().unwrap()])
        .ends_with(1);
    assert!(run.output.contains("malformed at line 2"), "{}", run.output);

    // A theme that cannot be read is named, and the rest is taken over all the same.
    machine.file(
        ".config/VSCodium/User/settings.json",
        "{\"editor.fontSize\": 17}",
    );
    machine.file(
        ".vscode-oss/extensions/me.dusk-1.0.0/package.json",
        r#"{"name": "dusk", "publisher": "me", "version": "1.0.0", "contributes": {"themes":
            [{"label": "Dusk", "uiTheme": "vs-dark", "path": "./dusk.json"}]}}"#,
    );
    machine.file(".vscode-oss/extensions/me.dusk-1.0.0/dusk.json", "{");
    let run = machine.run(&["import", "vscode"]).ends_with(1);
    assert!(run.output.contains("Dusk"), "{}", run.output);
    assert!(
        run.errors.contains("one thing could not be taken over"),
        "{}",
        run.errors
    );
    assert!(machine.read("kiln/config/settings.json").contains("17"));
}

#[test]
fn settings_are_set_and_reset_with_their_comments_kept() {
    let machine = Machine::without_model();
    machine.file(
        "kiln/config/settings.json",
        "{\n  // big\n  \"editor.fontSize\": 20\n}\n",
    );
    machine
        .run(&["settings", "set", "kiln.theme.mode", "dark"])
        .ends_with(0);
    machine
        .run(&["settings", "set", "editor.tabSize", "2"])
        .ends_with(0);
    assert_eq!(
        machine.read("kiln/config/settings.json"),
        "{\n  // big\n  \"editor.fontSize\": 20,\n  \"kiln.theme.mode\": \"dark\",\n  \"editor.tabSize\": 2\n}\n"
    );
    machine
        .run(&["settings", "reset", "kiln.theme.mode"])
        .ends_with(0);
    assert!(!machine.read("kiln/config/settings.json").contains("mode"));
    machine.run(&["settings", "check"]).ends_with(0);
    let wrong = machine
        .run(&["settings", "set", "editor.tabSize", "many"])
        .ends_with(2);
    assert!(
        wrong.errors.contains("a whole number from 1 to 16"),
        "{}",
        wrong.errors
    );
    let near = machine
        .run(&["settings", "set", "editor.fontsize", "12"])
        .ends_with(2);
    assert_eq!(
        near.errors.lines().next(),
        Some("kiln-cli: Kiln has no setting `editor.fontsize`; did you mean editor.fontSize?")
    );
    let negative = machine
        .run(&["settings", "set", "editor.fontSize", "-1"])
        .ends_with(2);
    assert!(
        negative.errors.contains("does not take -1"),
        "{}",
        negative.errors
    );
    let unknown = machine
        .run(&["settings", "set", "editor.sparkles", "1"])
        .ends_with(2);
    assert!(
        unknown.errors.contains("editor.fontSize"),
        "{}",
        unknown.errors
    );
    machine.file(
        "project/.kiln/settings.json",
        "{\"kiln.agent.trustedTools\": [\"execute_bash\"]}",
    );
    let check = machine.run(&["settings", "check"]).ends_with(1);
    assert!(check.output.contains("not by a folder"), "{}", check.output);
}

#[test]
fn a_malformed_settings_file_is_not_written_to_and_the_reason_is_told_once() {
    let machine = Machine::without_model();
    let malformed = "{\n  \"editor.fontSize\": \n}\n";
    let path = machine.file("kiln/config/settings.json", malformed);
    for arguments in [
        &["settings", "set", "editor.tabSize", "2"][..],
        &["settings", "reset", "editor.tabSize"],
    ] {
        let run = machine.run(arguments).ends_with(1);
        let told = run.errors.trim_end();
        assert!(
            told.starts_with(&format!("kiln-cli: {}: ", path.display())),
            "{told}"
        );
        assert_eq!(told.matches("line ").count(), 1, "{told}");
        assert!(told.ends_with("nothing was changed"), "{told}");
        assert_eq!(machine.read("kiln/config/settings.json"), malformed);
    }
}

#[test]
fn models_are_listed() {
    let machine = Machine::new();
    let run = machine.run(&["model", "list", "--json"]).ends_with(0);
    let list: serde_json::Value = serde_json::from_str(&run.output).unwrap();
    assert_eq!(list["default"], "test/test-model");
    let ready = list["models"].as_array().unwrap().iter();
    assert!(
        ready
            .clone()
            .any(|model| model["id"] == "test/test-model" && model["ready"] == true)
    );
    machine.run(&["model", "list"]).ends_with(0);
}

#[test]
fn the_models_of_a_server_that_the_environment_names_are_listed_or_it_is_said_why_not() {
    let machine = Machine::without_model();
    machine.server.set_models(&["house-large", "house-small"]);
    let list = |arguments: &[&str]| {
        let mut command = machine.command(arguments);
        command.env("OPENAI_BASE_URL", machine.server.url());
        Run::from(command.output().unwrap()).ends_with(0).output
    };
    let listed = list(&["model", "list"]);
    assert!(listed.contains("openai/house-large"), "{listed}");
    assert!(!listed.contains("openai/gpt-5"), "{listed}");
    let listed: serde_json::Value =
        serde_json::from_str(&list(&["model", "list", "--json"])).unwrap();
    assert_eq!(listed["default"], "openai/house-large");
    machine
        .server
        .answer_lists_with(Reply::error(404, "no such page"));
    let listed = list(&["model", "list"]);
    let address = machine.server.url().replace("http://", "");
    assert!(
        listed.contains(&format!(
            "OpenAI at {address} does not list its models (404)."
        )),
        "{listed}"
    );
}

#[test]
fn a_model_that_its_server_does_not_list_is_refused_with_those_that_come_near() {
    let machine = Machine::without_model();
    machine
        .server
        .set_models(&["house-large", "house-small", "night"]);
    let ask = |model: &str, code: i32| {
        let mut command = machine.command(&["chat", "--no-interactive", "--model", model, "hi"]);
        command.env("OPENAI_BASE_URL", machine.server.url());
        Run::from(command.output().unwrap()).ends_with(code)
    };
    let errors = ask("openai/huose-large", 3).errors;
    assert!(
        errors.contains("does not list it. Did you mean openai/house-large"),
        "{errors}"
    );
    let errors = ask("openai/gpt-5", 3).errors;
    assert!(
        errors.contains("It has openai/house-large, openai/house-small, openai/night."),
        "{errors}"
    );
    assert!(machine.server.requests().is_empty(), "nothing was asked");
    machine
        .server
        .answer_lists_with(Reply::error(404, "no such page"));
    machine.server.push(Reply::text("Hello."));
    assert_eq!(ask("openai/unheard-of", 0).output, "Hello.\n");
}

#[test]
fn a_saved_key_is_removed_after_a_yes_and_what_cannot_be_is_told() {
    let machine = Machine::without_model();
    let saved = "{\"openai\": \"sk-canary\", \"former\": \"k\"}";
    machine.file("kiln/config/keys.json", saved);
    let ready = || {
        let run = machine.run(&["model", "list", "--json"]).ends_with(0);
        let list: serde_json::Value = serde_json::from_str(&run.output).unwrap();
        let models = list["models"].as_array().unwrap().clone();
        let openai = models.iter().find(|model| model["id"] == "openai/gpt-5");
        openai.unwrap()["ready"].clone()
    };
    assert_eq!(ready(), true);
    let remove = |provider| ["model", "remove-key", provider, "--yes"];
    let run = machine.run(&remove("openai")[..3]).ends_with(2);
    assert!(run.errors.contains("--yes"), "{}", run.errors);
    assert_eq!(machine.read("kiln/config/keys.json"), saved);
    let run = machine.run(&remove("openai")).ends_with(0);
    assert!(
        run.output.contains("The saved key of OpenAI is removed."),
        "{}",
        run.output
    );
    assert!(!machine.read("kiln/config/keys.json").contains("canary"));
    assert_eq!(ready(), false);
    let chat = ["chat", "--no-interactive", "--model", "openai/gpt-5", "hi"];
    let run = machine.run(&chat).ends_with(3);
    assert!(
        run.errors.contains("no API key for OpenAI"),
        "{}",
        run.errors
    );

    let run = machine.run(&remove("openai")).ends_with(1);
    assert!(
        run.errors.contains("no key of OpenAI is saved"),
        "{}",
        run.errors
    );
    let mut command = machine.command(&remove("openai"));
    let run = Run::from(command.env("OPENAI_API_KEY", "k").output().unwrap()).ends_with(1);
    assert!(
        run.errors.contains("variable OPENAI_API_KEY"),
        "{}",
        run.errors
    );
    // One that the settings do not name any more.
    machine.run(&remove("former")).ends_with(0);
    let run = machine.run(&remove("former")).ends_with(2);
    assert!(
        run.errors.contains("there are: anthropic, openai"),
        "{}",
        run.errors
    );
}

#[test]
fn a_key_that_cannot_be_read_is_not_called_missing() {
    let machine = Machine::without_model();
    machine.file("kiln/config/keys.json", "{");
    let told = "The keys of Anthropic and OpenAI cannot be read. The key file ";
    let run = machine.run(&["model", "list"]).ends_with(0);
    assert!(run.output.contains(told), "{}", run.output);
    assert!(!run.output.contains("no key"), "{}", run.output);
    let line = run
        .output
        .lines()
        .find(|line| line.contains("openai/gpt-5 "));
    assert!(line.unwrap().ends_with("key cannot be read"));
    let run = machine.run(&["model", "list", "--json"]).ends_with(0);
    let list: serde_json::Value = serde_json::from_str(&run.output).unwrap();
    assert_eq!(list["unreadable_keys"][1]["provider"], "openai");

    let run = machine
        .run(&["chat", "--no-interactive", "hi"])
        .ends_with(3);
    assert!(run.errors.contains(told), "{}", run.errors);
    let chat = ["chat", "--no-interactive", "--model", "openai/gpt-5", "hi"];
    let run = machine.run(&chat).ends_with(3);
    let told = "The key of OpenAI cannot be read. The key file ";
    assert!(run.errors.contains(told), "{}", run.errors);
    let remove = ["model", "remove-key", "openai", "--yes"];
    let run = machine.run(&remove).ends_with(1);
    assert!(run.errors.contains("is damaged"), "{}", run.errors);
}

#[cfg(feature = "local-model")]
#[test]
fn no_model_is_downloaded_or_deleted_without_a_yes() {
    let machine = Machine::without_model();
    let run = machine.run(&["model", "pull"]).ends_with(2);
    assert!(run.errors.contains("--yes"), "{}", run.errors);
    assert!(!machine.path("kiln/data").exists());
    let run = machine
        .run(&["model", "pull", "--yes", "gpt-17"])
        .ends_with(2);
    assert!(run.errors.contains("there are: qwen"), "{}", run.errors);
    let list = machine.run(&["model", "list", "--json"]).ends_with(0);
    let list: serde_json::Value = serde_json::from_str(&list.output).unwrap();
    let id = list["embedded"][0]["id"].as_str().unwrap();
    let run = machine.run(&["model", "remove", id]).ends_with(0);
    assert!(
        run.output.contains("is not on this machine"),
        "{}",
        run.output
    );
}

#[cfg(feature = "local-model")]
#[test]
fn a_damaged_model_is_told_and_one_that_is_downloaded_is_not_removed() {
    let machine = Machine::without_model();
    let id = "qwen2.5-coder-0.5b";
    let name = "kiln/data/models/qwen2.5-coder-0.5b-instruct-q4_k_m.gguf";
    machine.file(name, "half");
    let run = machine.run(&["model", "list"]).ends_with(0);
    let says = |start: &str, end: &str| {
        let mut lines = run.output.lines();
        let line = lines.find(|line| line.trim_start().starts_with(start));
        assert!(line.unwrap().ends_with(end), "{}", run.output);
    };
    says(id, &format!("damaged: kiln-cli model pull {id}"));
    says(&format!("local/{id}"), "damaged");
    let model = format!("local/{id}");
    let chat = ["chat", "--no-interactive", "--model", &model, "hi"];
    let run = machine.run(&chat).ends_with(1);
    assert!(
        run.errors.contains("its file has 4 bytes instead of")
            && run.errors.contains(&format!("kiln-cli model pull {id}")),
        "{}",
        run.errors
    );
    let run = machine.run(&["model", "pull", id]).ends_with(2);
    assert!(run.errors.contains("it is replaced"), "{}", run.errors);

    // Another process holds the lock for as long as it downloads.
    let part = format!("{name}.partial");
    machine.file(&part, "the beginning");
    let lock = std::fs::File::create(machine.path(&format!("{name}.lock"))).unwrap();
    lock.lock().unwrap();
    let remove = ["model", "remove", id, "--yes"];
    let run = machine.run(&remove).ends_with(1);
    assert!(
        run.errors.contains("a download of this model runs"),
        "{}",
        run.errors
    );
    assert_eq!(machine.read(&part), "the beginning");
    drop(lock);
    machine.run(&remove).ends_with(0);
    assert!(!machine.path(&part).exists() && !machine.path(name).exists());
}
