//! The table of languages in the docs.

use crate::language::{Language, built_in};

/// Languages with trees in which a name means the same everywhere, so that there are no scopes to
/// know: what they name is a selector, a key or a heading, or they have no names at all.
const WITHOUT_LOCAL_NAMES: &[&str] = &[
    "css", "diff", "html", "json", "jsonc", "markdown", "regex", "toml",
];

/// The page `docs/languages.md`. `servers` and `formatters` give the names of the language servers and
/// of the programs that lay texts out that are known for a language's identifier.
pub fn reference_markdown(
    servers: impl Fn(&str) -> Vec<String>,
    formatters: impl Fn(&str) -> Vec<String>,
) -> String {
    let mut page = String::from(
        "# Languages\n\n\
         <!-- Generated from assets/languages, assets/queries, assets/language_servers.toml and \
         assets/formatters.toml by \
         `cargo xtask docs`. -->\n\n\
         What Kiln has for each language. All that are highlighted by a tree also have folds, \
         matching brackets, and a selection that grows along the syntax; those that are by their \
         lines fold by indentation. Parts are what is selected and gone to as a whole: functions, \
         classes, parameters, comments, blocks, entries of lists. Where scopes are known, a local \
         name at the caret is marked in its scope alone; in some languages no name is local. Signs that \
         belong to words are what a double click, `Ctrl+Left` and completion take with them. Where \
         broken lines are known, `Enter` in the middle of a statement or an element goes one level \
         deeper. `files.associations` puts files in \
         a language by their names; the language at the right of the status bar changes it for one \
         file.\n\n\
         | Language | Identifier | Files | Highlighted | Symbols | Parts | Scopes | Inside it | In words | Broken lines | Servers | Formatters |\n\
         |---|---|---|---|---|---|---|---|---|---|---|---|\n",
    );
    let mut sorted: Vec<&Language> = built_in().iter().collect();
    sorted.sort_by_key(|language| language.name.to_lowercase());
    for language in sorted {
        let grammar = language.grammar.and_then(|grammar| grammar.compiled());
        let yes = |has: bool| if has { "yes" } else { "" };
        let injections = grammar.and_then(|grammar| grammar.injections.as_ref());
        let inside = injections.map(|query| query.names()).unwrap_or_default();
        let highlighted = match (grammar, language.textmate) {
            (Some(_), _) => "by a tree",
            (None, Some(_)) => "by its lines",
            (None, None) => "",
        };
        let objects = grammar.and_then(|grammar| grammar.objects.as_ref());
        let parts = objects.map(|query| query.kinds()).unwrap_or_default();
        page.push_str(&format!(
            "| {} | `{}` | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} |\n",
            language.name,
            language.id_str,
            files(language),
            highlighted,
            yes(grammar.is_some_and(|grammar| grammar.outline.is_some())),
            parts.join(", "),
            match WITHOUT_LOCAL_NAMES.contains(&language.id_str) {
                true => "no local names",
                false => yes(grammar.is_some_and(|grammar| grammar.locals.is_some())),
            },
            inside.join(", "),
            in_words(language),
            yes(grammar.is_some_and(|grammar| grammar.indents.is_some())),
            servers(language.id_str).join(", "),
            formatters(language.id_str).join(", "),
        ));
    }
    page
}

/// The signs that belong to words, as code.
fn in_words(language: &Language) -> String {
    let words = language.rules.word_chars;
    let anywhere = words.anywhere.iter().map(|sign| format!("`{sign}`"));
    let at_end = words.at_end.iter();
    let at_end = at_end.map(|sign| format!("`{sign}` at the end"));
    anywhere.chain(at_end).collect::<Vec<_>>().join(" ")
}

/// The names of a language's files, as code.
fn files(language: &Language) -> String {
    let extensions = language.extensions.iter();
    let extensions = extensions.map(|extension| format!("`.{extension}`"));
    let names = language.file_names.iter().chain(language.file_globs);
    let names = names.map(|name| format!("`{name}`"));
    extensions.chain(names).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_known_wherever_names_have_them() {
        for language in built_in() {
            let Some(grammar) = language.grammar.and_then(|grammar| grammar.compiled()) else {
                continue;
            };
            let without = WITHOUT_LOCAL_NAMES.contains(&language.id_str);
            assert_ne!(grammar.locals.is_some(), without, "{}", language.id_str);
        }
    }

    #[test]
    fn a_row_says_what_a_language_has() {
        let only = |wanted: &'static str, name: &'static str| {
            move |language: &str| match language == wanted {
                true => vec![name.to_owned()],
                false => Vec::new(),
            }
        };
        let page = reference_markdown(only("php", "intelephense"), only("php", "phpcbf"));
        let row = |name: &str| {
            let start = format!("| {name} |");
            let row = page.lines().find(|line| line.starts_with(&start));
            row.unwrap_or_else(|| panic!("{name} is missing"))
                .to_owned()
        };
        assert!(
            row("PHP").contains("| by a tree | yes | function, class, "),
            "{}",
            row("PHP")
        );
        assert!(row("PHP").contains("html, regex"), "{}", row("PHP"));
        assert!(
            row("PHP").ends_with("| intelephense | phpcbf |"),
            "{}",
            row("PHP")
        );
        assert!(
            row("Plain Text").contains("|  |  |"),
            "{}",
            row("Plain Text")
        );
        assert_eq!(
            page.lines().filter(|line| line.starts_with("| ")).count(),
            built_in().len() + 1
        );
    }
}
