//! What every part of a file of each language is, as the snapshots beside this file have it.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use std::path::Path;
use std::sync::atomic::AtomicBool;

use editor_core::Text;
use syntax::SyntaxTree;

/// The highlights of a sample, one a line, and then its outline.
fn described(file: &str, source: &str) -> String {
    let text = Text::from(source);
    let never = AtomicBool::new(false);
    let language = syntax::detect(Path::new(file), source.lines().next().unwrap());
    let tree = SyntaxTree::parse(language, &text, None, &never).expect("it has a grammar");
    assert!(!tree.has_errors(), "{file} does not follow its grammar");
    let spans = tree.highlights(&text, 0..text.len()).into_iter();
    let mut lines: Vec<String> = spans
        .map(|span| format!("{:?} {}", text.slice(span.range), span.highlight.name()))
        .collect();
    let outline = tree.outline(&text, &never).unwrap();
    for (place, symbol) in outline.symbols().iter().enumerate() {
        let indent = "  ".repeat(outline.depth(place) + 1);
        lines.push(format!("{indent}{} {}", symbol.kind.word(), symbol.name));
    }
    let unpaired = tree.brackets(0..text.len()).into_iter();
    let unpaired: Vec<_> = unpaired
        .filter(|bracket| bracket.depth.is_none())
        .map(|bracket| bracket.offset)
        .collect();
    assert!(
        unpaired.is_empty(),
        "brackets without a partner in {file}: {unpaired:?}"
    );
    lines.join("\n")
}

/// As the view asks for them. A regular expression has nothing to fold.
#[test]
fn every_sample_of_a_language_with_trees_folds() {
    for (file, source) in SAMPLES {
        let text = Text::from(*source);
        let never = AtomicBool::new(false);
        let language = syntax::detect(Path::new(file), source.lines().next().unwrap());
        if !language.has_trees() || *file == "words.regex" {
            continue;
        }
        let tree = SyntaxTree::parse(language, &text, None, &never).unwrap();
        let folds = tree.fold_regions(&text, 4, &never).unwrap();
        assert!(!folds.regions.as_slice().is_empty(), "{file}");
        let brackets = tree.brackets(0..text.len());
        let twice = brackets
            .windows(2)
            .find(|pair| pair[0].offset == pair[1].offset);
        assert_eq!(twice, None, "{file}");
    }
}

macro_rules! samples {
    ($($name:ident $file:literal)*) => {
        const SAMPLES: &[(&str, &str)] =
            &[$(($file, include_str!(concat!("samples/", $file)))),*];

        $(
            #[test]
            fn $name() {
                insta::assert_snapshot!(described($file, include_str!(concat!("samples/", $file))));
            }
        )*
    };
}

samples! {
    c "store.c"
    cpp "store.cpp"
    csharp "Store.cs"
    css "style.css"
    diff "change.diff"
    dockerfile "Dockerfile"
    git_commit "COMMIT_EDITMSG"
    git_rebase "git-rebase-todo"
    go "store.go"
    hcl "job.hcl"
    html "page.html"
    java "Store.java"
    javascript "store.js"
    javascriptreact "App.jsx"
    json "project.json"
    jsonc "settings.jsonc"
    kotlin "Store.kt"
    log "server.log"
    markdown "plan.md"
    php "store.php"
    python "store.py"
    regex "words.regex"
    ruby "store.rb"
    rust "store.rs"
    scala "Store.scala"
    shell "build.sh"
    sql "store.sql"
    terraform "main.tf"
    toml "project.toml"
    typescript "store.ts"
    typescriptreact "App.tsx"
    yaml "deploy.yaml"
}

#[test]
fn every_language_that_is_highlighted_has_a_sample() {
    let sampled: Vec<&str> = SAMPLES
        .iter()
        .map(|(file, source)| {
            syntax::detect(Path::new(file), source.lines().next().unwrap()).id_str()
        })
        .collect();
    for language in syntax::languages() {
        let wanted = language.id.has_grammar();
        assert_eq!(
            sampled.contains(&language.id_str),
            wanted,
            "{}",
            language.id_str
        );
    }
}
