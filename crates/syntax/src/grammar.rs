//! The grammars and their queries, compiled once for the whole program.

use std::sync::{LazyLock, OnceLock};

use tree_sitter::{Query, QueryError};

use crate::highlight::HighlightId;
use crate::language::{LanguageId, language};
use crate::outline::SymbolKind;

/// A grammar. Several languages may share one, and some are only found inside others.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum GrammarId {
    Rust,
    Python,
    TypeScript,
    Tsx,
    JavaScript,
    Json,
    Markdown,
    MarkdownInline,
}

const ALL: [GrammarId; 8] = [
    GrammarId::Rust,
    GrammarId::Python,
    GrammarId::TypeScript,
    GrammarId::Tsx,
    GrammarId::JavaScript,
    GrammarId::Json,
    GrammarId::Markdown,
    GrammarId::MarkdownInline,
];

macro_rules! query {
    ($name:literal) => {
        include_str!(concat!("../../../assets/queries/", $name, ".scm"))
    };
}

/// The grammar that a language is parsed with, its highlight query and its injection query. The
/// queries are sources, for other programs that compile their own.
pub fn grammar(id: LanguageId) -> Option<(tree_sitter::Language, &'static str, &'static str)> {
    let grammar = language(id).grammar?;
    Some((
        grammar.language(),
        grammar.highlights_source(),
        grammar.injections_source(),
    ))
}

/// A grammar ready for use.
pub(crate) struct CompiledGrammar {
    pub(crate) language: tree_sitter::Language,
    pub(crate) highlights: Query,
    /// By capture index; captures that only serve a predicate have none.
    pub(crate) capture_highlights: Vec<Option<HighlightId>>,
    pub(crate) injections: Option<InjectionQuery>,
    pub(crate) outline: Option<OutlineQuery>,
}

/// A query for the symbols of a text.
pub(crate) struct OutlineQuery {
    pub(crate) query: Query,
    /// By capture index; the captures of names have none.
    pub(crate) kinds: Vec<Option<SymbolKind>>,
}

/// A query for text in another language.
pub(crate) struct InjectionQuery {
    pub(crate) query: Query,
    pub(crate) content: u32,
    pub(crate) language: Option<u32>,
    /// By pattern.
    pub(crate) settings: Vec<InjectionSettings>,
}

/// What a pattern's `#set!` directives say.
#[derive(Clone, Default)]
pub(crate) struct InjectionSettings {
    pub(crate) language: Option<Box<str>>,
    pub(crate) overlay: bool,
}

impl GrammarId {
    /// The grammar that a name in an injection stands for.
    pub(crate) fn for_name(name: &str) -> Option<Self> {
        if name == "markdown_inline" {
            return Some(Self::MarkdownInline);
        }
        language(crate::by_name(name)?).grammar
    }

    fn language(self) -> tree_sitter::Language {
        match self {
            Self::Rust => tree_sitter_rust::LANGUAGE,
            Self::Python => tree_sitter_python::LANGUAGE,
            Self::TypeScript => tree_sitter_typescript::LANGUAGE_TYPESCRIPT,
            Self::Tsx => tree_sitter_typescript::LANGUAGE_TSX,
            Self::JavaScript => tree_sitter_javascript::LANGUAGE,
            Self::Json => tree_sitter_json::LANGUAGE,
            Self::Markdown => tree_sitter_md::LANGUAGE,
            Self::MarkdownInline => tree_sitter_md::INLINE_LANGUAGE,
        }
        .into()
    }

    fn highlights_source(self) -> &'static str {
        static TYPESCRIPT: LazyLock<String> = LazyLock::new(|| {
            [query!("ecma/highlights"), query!("typescript/highlights")].join("\n")
        });
        static TSX: LazyLock<String> = LazyLock::new(|| {
            [
                query!("ecma/highlights"),
                query!("jsx/highlights"),
                query!("typescript/highlights"),
            ]
            .join("\n")
        });
        static JAVASCRIPT: LazyLock<String> = LazyLock::new(|| {
            [
                query!("ecma/highlights"),
                query!("ecma/parameters"),
                query!("jsx/highlights"),
            ]
            .join("\n")
        });
        match self {
            Self::Rust => query!("rust/highlights"),
            Self::Python => query!("python/highlights"),
            Self::TypeScript => &TYPESCRIPT,
            Self::Tsx => &TSX,
            Self::JavaScript => &JAVASCRIPT,
            Self::Json => query!("json/highlights"),
            Self::Markdown => query!("markdown/highlights"),
            Self::MarkdownInline => query!("markdown_inline/highlights"),
        }
    }

    fn injections_source(self) -> &'static str {
        match self {
            Self::Markdown => query!("markdown/injections"),
            _ => "",
        }
    }

    fn outline_source(self) -> &'static str {
        static TYPESCRIPT: LazyLock<String> =
            LazyLock::new(|| [query!("ecma/outline"), query!("typescript/outline")].join("\n"));
        static JAVASCRIPT: LazyLock<String> =
            LazyLock::new(|| [query!("ecma/outline"), query!("ecma/fields")].join("\n"));
        match self {
            Self::Rust => query!("rust/outline"),
            Self::Python => query!("python/outline"),
            Self::TypeScript | Self::Tsx => &TYPESCRIPT,
            Self::JavaScript => &JAVASCRIPT,
            Self::Json => query!("json/outline"),
            Self::Markdown => query!("markdown/outline"),
            Self::MarkdownInline => "",
        }
    }

    /// The compiled grammar, or `None` if its query does not fit it, which a test rules out.
    pub(crate) fn compiled(self) -> Option<&'static CompiledGrammar> {
        static COMPILED: [OnceLock<Option<CompiledGrammar>>; ALL.len()] =
            [const { OnceLock::new() }; ALL.len()];
        let place = ALL.iter().position(|&grammar| grammar == self)?;
        COMPILED[place].get_or_init(|| self.compile().ok()).as_ref()
    }

    fn compile(self) -> Result<CompiledGrammar, QueryError> {
        let language = self.language();
        let highlights = Query::new(&language, self.highlights_source())?;
        let capture_highlights = highlights
            .capture_names()
            .iter()
            .map(|name| HighlightId::for_name(name))
            .collect();
        let injections = match self.injections_source() {
            "" => None,
            source => InjectionQuery::new(Query::new(&language, source)?),
        };
        let outline = match self.outline_source() {
            "" => None,
            source => Some(OutlineQuery::new(Query::new(&language, source)?)),
        };
        Ok(CompiledGrammar {
            language,
            highlights,
            capture_highlights,
            injections,
            outline,
        })
    }
}

impl OutlineQuery {
    fn new(query: Query) -> Self {
        let kinds = query.capture_names().iter();
        Self {
            kinds: kinds.map(|name| SymbolKind::for_capture(name)).collect(),
            query,
        }
    }
}

impl InjectionQuery {
    fn new(query: Query) -> Option<Self> {
        let settings = (0..query.pattern_count())
            .map(|pattern| {
                let mut settings = InjectionSettings::default();
                for property in query.property_settings(pattern) {
                    match &*property.key {
                        "injection.language" => settings.language = property.value.clone(),
                        "injection.overlay" => settings.overlay = true,
                        _ => {}
                    }
                }
                settings
            })
            .collect();
        Some(Self {
            content: query.capture_index_for_name("injection.content")?,
            language: query.capture_index_for_name("injection.language"),
            settings,
            query,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_query_fits_its_grammar_and_uses_known_names() {
        let mut wrong = Vec::new();
        for grammar in ALL {
            match grammar.compile() {
                Ok(compiled) => wrong.extend(
                    compiled
                        .highlights
                        .capture_names()
                        .iter()
                        .filter(|name| !name.starts_with('_'))
                        .filter(|name| HighlightId::for_name(name).is_none())
                        .map(|name| format!("{grammar:?} captures @{name}, which is not listed")),
                ),
                Err(error) => wrong.push(format!("{grammar:?}: {error}")),
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn outlines_name_symbols_that_are_known() {
        for grammar in ALL {
            let compiled = grammar.compiled().expect("it compiles");
            for name in compiled
                .outline
                .iter()
                .flat_map(|outline| outline.query.capture_names())
            {
                let known = *name == "name" || SymbolKind::for_capture(name).is_some();
                assert!(known, "{grammar:?} captures @{name}, which is not listed");
            }
        }
    }

    #[test]
    fn every_name_is_given_by_some_query() {
        for id in HighlightId::all() {
            let given = ALL.iter().any(|grammar| {
                let compiled = grammar.compiled().expect("it compiles");
                compiled.highlights.capture_names().contains(&id.name())
            });
            assert!(given, "no query gives {}", id.name());
        }
    }
}
