//! The tree-sitter grammars that Kiln is built with, by name.
//!
//! They are millions of lines of generated C. In a crate of their own, which nothing of Kiln's
//! stands below, they are built once and not again when a query or the parsing changes.

mod bounded_scanners;

pub use tree_sitter_language::LanguageFn;

/// Every grammar with its name, sorted by it. A name is that of a folder of `assets/queries`, but
/// for the dialects of one grammar that share queries.
const GRAMMARS: [(&str, LanguageFn); 28] = [
    ("bash", tree_sitter_bash::LANGUAGE),
    ("c", tree_sitter_c::LANGUAGE),
    ("cpp", tree_sitter_cpp::LANGUAGE),
    ("csharp", tree_sitter_c_sharp::LANGUAGE),
    ("css", tree_sitter_css::LANGUAGE),
    ("diff", tree_sitter_diff::LANGUAGE),
    ("dockerfile", tree_sitter_containerfile::LANGUAGE),
    ("go", tree_sitter_go::LANGUAGE),
    ("hcl", tree_sitter_hcl::LANGUAGE),
    ("html", tree_sitter_html::LANGUAGE),
    ("java", tree_sitter_java::LANGUAGE),
    ("javascript", tree_sitter_javascript::LANGUAGE),
    ("jsdoc", tree_sitter_jsdoc::LANGUAGE),
    ("json", tree_sitter_json::LANGUAGE),
    ("kotlin", bounded_scanners::KOTLIN),
    ("markdown", tree_sitter_md::LANGUAGE),
    ("markdown_inline", tree_sitter_md::INLINE_LANGUAGE),
    ("php", tree_sitter_php::LANGUAGE_PHP),
    ("python", tree_sitter_python::LANGUAGE),
    ("regex", tree_sitter_regex::LANGUAGE),
    ("ruby", bounded_scanners::RUBY),
    ("rust", tree_sitter_rust::LANGUAGE),
    ("scala", tree_sitter_scala::LANGUAGE),
    ("sql", arborium_sql::language()),
    ("toml", tree_sitter_toml_ng::LANGUAGE),
    ("tsx", tree_sitter_typescript::LANGUAGE_TSX),
    ("typescript", tree_sitter_typescript::LANGUAGE_TYPESCRIPT),
    ("yaml", bounded_scanners::YAML),
];

/// The grammar with this name.
pub fn grammar(name: &str) -> Option<LanguageFn> {
    let place = GRAMMARS
        .binary_search_by_key(&name, |(name, _)| *name)
        .ok()?;
    Some(GRAMMARS[place].1)
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_grammar_is_found_by_its_name() {
        let names = super::GRAMMARS.map(|(name, _)| name);
        assert!(names.is_sorted());
        for name in names {
            assert!(super::grammar(name).is_some(), "{name}");
        }
        assert!(super::grammar("klingon").is_none());
    }
}
