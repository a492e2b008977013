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

/// The table of languages, with the servers of the catalogue.
fn languages() -> String {
    // A catalogue that cannot be read is a failure of the tests of `lsp`.
    let catalogue = lsp::Catalogue::bundled().ok();
    syntax::reference_markdown(|language| {
        let entries = catalogue.iter();
        let entries = entries.flat_map(|catalogue| catalogue.of_language(language));
        entries.map(|entry| entry.name.to_string()).collect()
    })
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
