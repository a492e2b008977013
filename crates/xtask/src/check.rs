//! `cargo xtask check`: what a change has to pass before it is tested.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};

use crate::workspace_graph::WorkspaceGraph;
use crate::{file_size, generated_docs, layers, licences, packages, process};

/// Runs every check. The quick rules come first, and all of their findings are shown together.
pub fn run(root: &Path) -> Result<()> {
    let graph = WorkspaceGraph::load(root)?;
    let rules = [
        ("layers", layers::violations(&graph)),
        ("800 lines a file", file_size::violations(root)?),
        ("licences", licences::violations(&graph)),
        ("generated docs", generated_docs::violations(root)),
    ];
    let mut failed = 0;
    for (name, violations) in &rules {
        println!(
            "{name}: {}",
            if violations.is_empty() {
                "ok"
            } else {
                "FAILED"
            }
        );
        for violation in violations {
            println!("  {violation}");
        }
        failed += violations.len();
    }
    if let Err(error) = process::run(&mut formatting(root)) {
        println!("formatting: FAILED\n  {error}; run `cargo fmt --all`");
        failed += 1;
    } else {
        println!("formatting: ok");
    }
    if failed > 0 {
        bail!("{failed} findings");
    }
    deny(root)?;
    packages::ensure()?;
    process::run(&mut lints(root))?;
    process::run(&mut lints_without_model(root))?;
    println!("clippy: ok");
    Ok(())
}

/// cargo-deny reads `deny.toml`; the licence rule above stands in where it is not installed.
fn deny(root: &Path) -> Result<()> {
    if !process::works("cargo-deny", &["--version"]) {
        println!("cargo-deny: left out, it is not installed (`cargo install cargo-deny`)");
        return Ok(());
    }
    // Advisories need a download of their own; CI runs without.
    process::run(process::cargo(root).args([
        "deny",
        "--offline",
        "check",
        "bans",
        "licenses",
        "sources",
    ]))
}

/// The formatter, which changes nothing and fails where it would.
fn formatting(root: &Path) -> Command {
    let mut command = process::cargo(root);
    command.args(["fmt", "--all", "--check"]);
    command
}

/// The linter over everything, tests too; a warning is an error.
fn lints(root: &Path) -> Command {
    let mut command = process::cargo(root);
    command.args([
        "clippy",
        "--workspace",
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ]);
    command
}

/// The linter over both programs without the embedded model, which is a feature of theirs.
fn lints_without_model(root: &Path) -> Command {
    let mut command = process::cargo(root);
    command.args([
        "clippy",
        "--no-default-features",
        "-p",
        "kiln",
        "-p",
        "kiln_cli",
        "--",
        "-D",
        "warnings",
    ]);
    command
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;

    use super::*;

    /// A small package of its own with this source; removed when dropped.
    struct Package(PathBuf);

    impl Package {
        fn new(name: &str, source: &str) -> Self {
            let folder =
                std::env::temp_dir().join(format!("kiln-check-{name}-{}", std::process::id()));
            fs::create_dir_all(folder.join("src")).unwrap();
            let manifest = "[package]\nname = \"sample\"\nedition = \"2024\"\n[workspace]\n";
            fs::write(folder.join("Cargo.toml"), manifest).unwrap();
            fs::write(folder.join("src/lib.rs"), source).unwrap();
            Self(folder)
        }

        /// Whether the command succeeds, with what it said.
        fn check(&self, command: fn(&Path) -> Command) -> (bool, String) {
            let mut command = command(&self.0);
            command
                .env("CARGO_TARGET_DIR", self.0.join("target"))
                .env("CARGO_NET_OFFLINE", "true");
            let output = command.output().unwrap();
            let said = [output.stdout, output.stderr].concat();
            (
                output.status.success(),
                String::from_utf8_lossy(&said).into_owned(),
            )
        }
    }

    impl Drop for Package {
        fn drop(&mut self) {
            fs::remove_dir_all(&self.0).unwrap();
        }
    }

    #[test]
    fn a_program_that_needs_the_model_fails_without_it() {
        let folder = std::env::temp_dir().join(format!("kiln-check-model-{}", std::process::id()));
        let workspace = Package(folder.clone());
        let write = |path: &str, text: &str| {
            let path = folder.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        write(
            "Cargo.toml",
            "[workspace]\nresolver = \"3\"\nmembers = [\"kiln\", \"kiln_cli\"]\n",
        );
        for name in ["kiln", "kiln_cli"] {
            let features = "[features]\ndefault = [\"model\"]\nmodel = []\n";
            write(
                &format!("{name}/Cargo.toml"),
                &format!("[package]\nname = \"{name}\"\nedition = \"2024\"\n{features}"),
            );
            write(&format!("{name}/src/lib.rs"), GOOD);
        }
        let (passes, said) = workspace.check(lints_without_model);
        assert!(passes, "{said}");
        // Compiles with the feature alone.
        write(
            "kiln_cli/src/lib.rs",
            "#[cfg(feature = \"model\")]\nmod model {\n    pub fn load() {}\n}\n/// Loads.\npub fn load() {\n    model::load();\n}\n",
        );
        let (passes, said) = workspace.check(lints);
        assert!(passes, "{said}");
        let (passes, said) = workspace.check(lints_without_model);
        assert!(!passes && said.contains("model"), "{said}");
    }

    const GOOD: &str =
        "/// Nothing in it.\npub fn is_empty(bytes: &[u8]) -> bool {\n    bytes.is_empty()\n}\n";

    #[test]
    fn unformatted_code_fails() {
        let (passes, said) = Package::new("formatted", GOOD).check(formatting);
        assert!(passes, "{said}");
        let (passes, said) = Package::new("unformatted", "pub fn  f( ) { }\n").check(formatting);
        assert!(!passes && said.contains("pub fn f() {}"), "{said}");
    }

    #[test]
    fn a_warning_of_the_linter_fails() {
        let (passes, said) = Package::new("clean", GOOD).check(lints);
        assert!(passes, "{said}");
        let warned = GOOD.replace("&[u8]", "&Vec<u8>");
        let (passes, said) = Package::new("warned", &warned).check(lints);
        assert!(!passes && said.contains("ptr_arg"), "{said}");
    }
}
