//! TextMate grammars as they are imported, beside the engine of VS Code: `vscode-textmate` with
//! `vscode-oniguruma` reads the same real grammars and the same texts.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use syntax::{ImportedGrammar, ImportedLanguage, ScopedPart, line_scopes, register_imported};

/// A grammar of `tm-grammars` with a text in its language, of the samples of `crates/syntax`.
pub const CASES: &[(&str, &str)] = &[
    ("c", "store.c"),
    ("cpp", "store.cpp"),
    ("csharp", "Store.cs"),
    ("css", "style.css"),
    ("diff", "change.diff"),
    ("docker", "Dockerfile"),
    ("git-commit", "COMMIT_EDITMSG"),
    ("git-rebase", "git-rebase-todo"),
    ("go", "store.go"),
    ("hcl", "job.hcl"),
    ("html", "page.html"),
    ("java", "Store.java"),
    ("javascript", "store.js"),
    ("json", "project.json"),
    ("jsonc", "settings.jsonc"),
    ("jsx", "App.jsx"),
    ("kotlin", "Store.kt"),
    ("markdown", "plan.md"),
    ("php", "store.php"),
    ("python", "store.py"),
    ("ruby", "store.rb"),
    ("rust", "store.rs"),
    ("scala", "Store.scala"),
    ("shellscript", "build.sh"),
    ("sql", "store.sql"),
    ("terraform", "main.tf"),
    ("toml", "project.toml"),
    ("tsx", "App.tsx"),
    ("typescript", "store.ts"),
    ("yaml", "deploy.yaml"),
];

/// How a grammar fared.
#[derive(Debug)]
pub struct Compared {
    /// Its name.
    pub grammar: &'static str,
    /// Lines that both engines split in the same way, with the same scopes.
    pub same: usize,
    /// All lines.
    pub lines: usize,
    /// The first line that differs, with what both say of it.
    pub first_difference: Option<String>,
}

/// The folder of `node_modules` with the engine; `None` where it is not installed.
fn modules() -> Option<PathBuf> {
    let folders = std::env::var_os("KILN_TEST_LANGUAGE_SERVERS")?;
    std::env::split_paths(&folders)
        .filter_map(|bin| Some(bin.parent()?.to_path_buf()))
        .find(|modules| {
            modules.join("vscode-textmate").is_dir() && modules.join("tm-grammars").is_dir()
        })
}

/// Compares all cases; `None` where VS Code's engine is not installed.
pub fn compare() -> Result<Option<Vec<Compared>>> {
    let Some(modules) = modules() else {
        return Ok(None);
    };
    let scopes = import(&modules.join("tm-grammars/grammars"))?;
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../crates/syntax/tests/samples");
    let mut texts = Vec::new();
    for (grammar, sample) in CASES {
        let text = fs::read_to_string(samples.join(sample)).with_context(|| sample.to_string())?;
        let scope = scopes.get(*grammar).with_context(|| grammar.to_string())?;
        texts.push((*grammar, scope.clone(), text));
    }
    let told = ask(&modules, &texts)?;
    ensure!(told.len() == texts.len(), "the oracle left texts out");
    let mut compared = Vec::new();
    for ((grammar, _, text), told) in texts.iter().zip(told) {
        let language = syntax::by_name(&format!("tm-{grammar}")).context(*grammar)?;
        let found = line_scopes(language, text).context(*grammar)?;
        compared.push(beside(grammar, text, &found, &told)?);
    }
    Ok(Some(compared))
}

/// Registers every grammar as an import would, with its scope by its name.
fn import(folder: &Path) -> Result<BTreeMap<String, String>> {
    let (mut languages, mut grammars) = (Vec::new(), Vec::new());
    let mut scopes = BTreeMap::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let text = fs::read_to_string(&path)?;
        let (Some(name), Ok(value)) = (
            path.file_stem().and_then(|name| name.to_str()),
            serde_json::from_str::<Value>(&text),
        ) else {
            continue;
        };
        let Some(scope) = value["scopeName"].as_str() else {
            continue;
        };
        scopes.insert(name.to_owned(), scope.to_owned());
        languages.push(ImportedLanguage {
            id: format!("tm-{name}"),
            ..ImportedLanguage::default()
        });
        grammars.push(ImportedGrammar {
            scope: scope.to_owned(),
            language: Some(format!("tm-{name}")),
            // The grammars of this package that are put into others say so in themselves, which
            // counts for VS Code's engine only where it is told.
            inject_to: Vec::new(),
            embedded: BTreeMap::new(),
            source: Arc::new(move || Ok(text.clone())),
        });
    }
    register_imported(languages, grammars);
    Ok(scopes)
}

/// What VS Code's engine says.
fn ask(modules: &Path, texts: &[(&str, String, String)]) -> Result<Vec<Value>> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/textmate_oracle.mjs");
    let mut node = Command::new("node")
        .arg(script)
        .arg(modules)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("node")?;
    let input: String = texts
        .iter()
        .map(|(_, scope, text)| format!("{}\n", json!({ "scope": scope, "text": text })))
        .collect();
    let mut stdin = node.stdin.take().context("no input")?;
    let writing = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = node.wait_with_output()?;
    ensure!(
        output.status.success(),
        "the oracle failed: {}",
        output.status
    );
    writing.join().ok().context("the input was not written")??;
    let lines = String::from_utf8(output.stdout)?;
    let answers = lines.lines().map(|line| Ok(serde_json::from_str(line)?));
    answers.collect()
}

fn beside(
    grammar: &'static str,
    text: &str,
    found: &[Vec<ScopedPart>],
    told: &Value,
) -> Result<Compared> {
    let mut compared = Compared {
        grammar,
        same: 0,
        lines: 0,
        first_difference: None,
    };
    for (row, line) in text.lines().enumerate() {
        let expected = parts(line, &told[row])?;
        let ours = joined(found.get(row).map_or(&[][..], Vec::as_slice));
        compared.lines += 1;
        if ours == expected {
            compared.same += 1;
        } else if compared.first_difference.is_none() {
            let at = expected
                .iter()
                .zip(&ours)
                .position(|(one, other)| one != other);
            let at = at.unwrap_or(expected.len().min(ours.len()));
            compared.first_difference = Some(format!(
                "{grammar}:{}: {line:?}\n  VS Code {:?}\n  Kiln    {:?}",
                row + 1,
                expected.get(at),
                ours.get(at)
            ));
        }
    }
    Ok(compared)
}

/// The parts of a line as the oracle has them, in bytes.
fn parts(line: &str, told: &Value) -> Result<Vec<ScopedPart>> {
    let mut parts = Vec::new();
    for token in told.as_array().context("a line is missing")? {
        let at = |place: usize| {
            let units = token[place].as_u64().unwrap_or_default();
            let mut left = units;
            let before = line.chars().take_while(|character| {
                let fits = left > 0;
                left = left.saturating_sub(character.len_utf16() as u64);
                fits
            });
            before.map(char::len_utf8).sum::<usize>()
        };
        let scopes = token[2].as_array().context("a part has no scopes")?;
        let scopes = scopes.iter().filter_map(Value::as_str).map(str::to_owned);
        parts.push(ScopedPart {
            range: at(0)..at(1),
            scopes: scopes.collect(),
        });
    }
    Ok(joined(&parts))
}

/// Parts that follow one another with the same scopes as one: where a line is cut without a
/// difference is nobody's business.
fn joined(parts: &[ScopedPart]) -> Vec<ScopedPart> {
    let mut made: Vec<ScopedPart> = Vec::new();
    for part in parts.iter().filter(|part| !part.range.is_empty()) {
        match made.last_mut() {
            Some(last) if last.range.end == part.range.start && last.scopes == part.scopes => {
                last.range.end = part.range.end;
            }
            _ => made.push(part.clone()),
        }
    }
    made
}
