//! The servers that install and answer in seconds. One that is not installed is named among what was
//! left out; `cargo xtask conformance lsp` tries all.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use conformance_tests::lsp::{self, Report};

/// Tries the cases of a server.
fn works(server: &str) {
    let cases = lsp::CASES.iter().filter(|case| case.server == server);
    let mut tried = 0;
    for case in cases {
        tried += 1;
        match lsp::run(case).unwrap() {
            Some(report) => assert_eq!(Report::failures(&report), Vec::<String>::new()),
            None => {
                test_support::left_out(&format!("language server {server}"), "it is not installed");
            }
        }
    }
    assert!(tried > 0, "no case for {server}");
}

#[test]
fn pyright() {
    works("pyright");
}

#[test]
fn pyright_finds_the_packages_of_the_projects_virtual_environment() {
    if !lsp::finds_packages_of_the_environment().unwrap() {
        let what = "virtual environment in pyright";
        test_support::left_out(what, "pyright, or a Python with venv, is not installed");
    }
}

#[test]
fn pyright_finds_the_packages_of_each_of_two_projects() {
    if !lsp::each_project_has_its_own_packages().unwrap() {
        let what = "two virtual environments in pyright";
        test_support::left_out(what, "pyright, or a Python with venv, is not installed");
    }
}

#[test]
fn ty() {
    works("ty");
}

#[test]
fn clangd() {
    works("clangd");
}

#[test]
fn bash_language_server() {
    works("bash-language-server");
}

#[test]
fn typescript_language_server() {
    works("typescript-language-server");
}

#[test]
fn vscode_json_language_server() {
    works("vscode-json-language-server");
}

#[test]
fn vscode_css_language_server() {
    works("vscode-css-language-server");
}

#[test]
fn vscode_html_language_server() {
    works("vscode-html-language-server");
}

/// Has a server show hints that it shows only where the user's settings ask for them.
fn hints_come_with(server: &str, settings: &str) {
    let case = lsp::CASES.iter().find(|case| case.server == server);
    let Some(hints) = lsp::hints(case.unwrap(), settings).unwrap() else {
        let test = format!("settings of language server {server}");
        return test_support::left_out(&test, "it is not installed");
    };
    assert_eq!(hints.without, 0, "{hints:?}");
    assert!(hints.once_set > 0 && hints.from_start > 0, "{hints:?}");
}

#[test]
fn settings_of_the_user_reach_typescript_language_server() {
    hints_come_with(
        "typescript-language-server",
        r#"{ "typescript.inlayHints.parameterNames.enabled": "all" }"#,
    );
}

#[test]
fn settings_of_the_user_reach_gopls() {
    hints_come_with(
        "gopls",
        r#"{ "gopls": { "hints": { "parameterNames": true } } }"#,
    );
}

#[test]
fn colours_are_written_by_vscode_css_language_server() {
    let server = "vscode-css-language-server";
    let case = lsp::CASES.iter().find(|case| case.server == server);
    let found = lsp::colors(case.unwrap(), "  color: #ff8000;\n", "#ff8000").unwrap();
    let Some(ways) = found else {
        let test = format!("colours of language server {server}");
        return test_support::left_out(&test, "it is not installed");
    };
    let begins = |with: &str| ways.iter().any(|way| way.starts_with(with));
    assert!(begins("rgb") && begins("hsl") && begins("#"), "{ways:?}");
}
