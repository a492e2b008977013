//! The pages of `docs/` that are generated from the code.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// The definition of the command line, which uses nothing but clap.
#[path = "../../kiln_cli/src/arguments.rs"]
mod kiln_cli_arguments;

/// The same of the desktop program.
#[path = "../../kiln/src/arguments.rs"]
#[allow(dead_code, reason = "the reference needs the definition alone")]
mod kiln_arguments;

/// A page and what it has to say.
struct Page {
    path: &'static str,
    text: String,
}

fn pages() -> Vec<Page> {
    vec![
        Page {
            path: "docs/settings.md",
            text: settings::reference_markdown(),
        },
        Page {
            path: "docs/languages.md",
            text: languages(),
        },
        Page {
            path: "docs/formatters.md",
            text: formatters(),
        },
        Page {
            path: "docs/keymap.md",
            text: settings::keymap_markdown(),
        },
        Page {
            path: "docs/cli.md",
            text: kiln_cli_arguments::reference_markdown(),
        },
        Page {
            path: "docs/kiln.md",
            text: kiln_arguments::reference_markdown(),
        },
    ]
}

/// The table of languages, with the servers and formatters of the catalogues.
fn languages() -> String {
    // A catalogue that cannot be read is a failure of the tests of `lsp`.
    let catalogue = lsp::Catalogue::bundled().ok();
    let formatters = lsp::Formatters::bundled().unwrap_or_default();
    syntax::reference_markdown(
        |language| {
            let entries = catalogue.iter();
            let entries = entries.flat_map(|catalogue| catalogue.of_language(language));
            entries.map(|entry| entry.name.to_string()).collect()
        },
        |language| {
            let entries = formatters.of_language(language);
            entries.map(|entry| entry.name.clone()).collect()
        },
    )
}

/// The table of the programs that lay texts out.
fn formatters() -> String {
    let mut page = String::from(
        "# Formatters\n\n\
         <!-- Generated from assets/formatters.toml by `cargo xtask docs`. -->\n\n\
         Programs that lay texts out, as Kiln knows them. Of a language the first that is found, in \
         the project or on `PATH`, is taken where no language server does it; \
         `editor.defaultFormatter` chooses another by its name or by VS Code's extension, and \
         `kiln.formatter` a program that is not listed. Those with a file of the project are taken \
         by themselves only where it is there. What was tried with each is in \
         `formatter-conformance.md`.\n\n\
         | Name | Languages | Extensions of VS Code | File of the project | Installed by |\n\
         |---|---|---|---|---|\n",
    );
    let formatters = lsp::Formatters::bundled().unwrap_or_default();
    for one in formatters.all {
        let markers = match one.needs_marker {
            true => code(&one.root_markers),
            false => String::new(),
        };
        page.push_str(&format!(
            "| {} | {} | {} | {markers} | {} |\n",
            one.name,
            code(&one.languages),
            code(&one.extensions),
            one.install,
        ));
    }
    page
}

fn code(names: &[String]) -> String {
    let names = names.iter().map(|name| format!("`{name}`"));
    names.collect::<Vec<_>>().join(", ")
}

/// Writes every page.
pub fn write(root: &Path) -> Result<()> {
    for page in pages() {
        let path = root.join(page.path);
        fs::write(&path, page.text).with_context(|| path.display().to_string())?;
        println!("{}", page.path);
    }
    Ok(())
}

/// Pages that do not say what the code says, one sentence each.
pub fn violations(root: &Path) -> Vec<String> {
    pages()
        .iter()
        .filter_map(|page| {
            violation(
                page,
                fs::read_to_string(root.join(page.path)).ok().as_deref(),
            )
        })
        .collect()
}

fn violation(page: &Page, there: Option<&str>) -> Option<String> {
    match there {
        None => Some(format!("{} is missing; run `cargo xtask docs`", page.path)),
        Some(text) if text != page.text => Some(format!(
            "{} is out of date; run `cargo xtask docs`",
            page.path
        )),
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_differs_or_is_missing_fails() {
        let page = Page {
            path: "docs/x.md",
            text: "now\n".into(),
        };
        assert_eq!(violation(&page, Some("now\n")), None);
        assert!(
            violation(&page, Some("then\n"))
                .is_some_and(|text| text.contains("docs/x.md is out of date"))
        );
        assert!(violation(&page, None).is_some_and(|text| text.contains("is missing")));
    }

    #[test]
    fn every_generated_page_says_something() {
        for page in pages() {
            assert!(
                page.text.starts_with("# ") && page.text.len() > 500,
                "{}",
                page.path
            );
        }
    }
}
