//! The grammars and their queries, compiled once for the whole program.

use std::fmt::{self, Debug};
use std::sync::OnceLock;

use tree_sitter::{Query, QueryError};

use crate::highlight::HighlightId;
use crate::indents::IndentQuery;
use crate::language::{LanguageId, language};
use crate::lexicon::Lexicon;
use crate::locals::LocalsQuery;
use crate::outline::SymbolKind;
use crate::string_parts::StringParts;
use crate::text_objects::ObjectQuery;

/// A grammar by its place in [`GRAMMARS`]. Several languages may share one, and some are only found
/// inside others.
#[derive(Copy, Clone, PartialEq, Eq, Hash)]
pub(crate) struct GrammarId(u8);

/// A grammar's name in `crates/grammars` and its queries, each put together from files.
struct GrammarFiles {
    name: &'static str,
    highlights: &'static [&'static str],
    injections: &'static [&'static str],
    outline: &'static [&'static str],
    objects: &'static [&'static str],
    locals: &'static [&'static str],
    indents: &'static [&'static str],
}

macro_rules! query {
    ($name:literal) => {
        include_str!(concat!("../../../assets/queries/", $name, ".scm"))
    };
}

/// A grammar from its name and the names of the files of its queries.
macro_rules! grammar {
    (
        $name:literal, [$($highlights:literal),*], [$($injections:literal),*],
        [$($outline:literal),*], [$($objects:literal),*], [$($locals:literal),*],
        [$($indents:literal),*]
    ) => {
        GrammarFiles {
            name: $name,
            highlights: &[$(query!($highlights)),*],
            injections: &[$(query!($injections)),*],
            outline: &[$(query!($outline)),*],
            objects: &[$(query!($objects)),*],
            locals: &[$(query!($locals)),*],
            indents: &[$(query!($indents)),*],
        }
    };
}

#[rustfmt::skip]
const GRAMMARS: [GrammarFiles; 29] = [
    grammar!("bash", ["bash/highlights"], [], ["bash/outline"], ["bash/textobjects"], ["bash/locals"], ["bash/indents"]),
    grammar!("c", ["c/highlights", "c/typeof"], ["c/injections"], ["c/outline"], ["c/textobjects"], ["c/locals"], ["braces/indents", "c/indents"]),
    grammar!("cpp", ["c/highlights", "cpp/highlights"], ["cpp/injections"], ["c/outline", "cpp/outline"], ["c/textobjects", "cpp/textobjects"], ["c/locals", "cpp/locals"], ["braces/indents", "c/indents"]),
    grammar!("csharp", ["csharp/highlights"], [], ["csharp/outline"], ["csharp/textobjects"], ["csharp/locals"], ["csharp/indents"]),
    grammar!("css", ["css/highlights"], [], ["css/outline"], ["css/textobjects"], [], ["css/indents"]),
    grammar!("diff", ["diff/highlights"], [], ["diff/outline"], ["diff/textobjects"], [], []),
    grammar!("dockerfile", ["dockerfile/highlights"], ["dockerfile/injections"], ["dockerfile/outline"], ["dockerfile/textobjects"], ["dockerfile/locals"], []),
    grammar!("go", ["go/highlights"], ["go/injections"], ["go/outline"], ["go/textobjects"], ["go/locals"], ["go/indents"]),
    grammar!("hcl", ["hcl/highlights"], ["hcl/injections"], ["hcl/outline"], ["hcl/textobjects"], ["hcl/locals"], []),
    grammar!("html", ["html/highlights"], ["html/injections"], ["html/outline"], ["html/textobjects"], [], ["html/indents"]),
    grammar!("java", ["java/highlights"], ["java/injections"], ["java/outline"], ["java/textobjects"], ["java/locals"], ["braces/indents", "java/indents"]),
    grammar!("javascript", ["ecma/highlights", "ecma/parameters", "jsx/highlights"], ["ecma/injections"], ["ecma/outline", "ecma/fields", "jsx/outline"], ["ecma/textobjects", "jsx/textobjects"], ["ecma/locals"], ["braces/indents", "ecma/indents", "jsx/indents"]),
    grammar!("jsdoc", ["jsdoc/highlights"], ["jsdoc/injections"], [], [], [], []),
    grammar!("json", ["json/highlights"], [], ["json/outline"], ["json/textobjects"], [], []),
    grammar!("kotlin", ["kotlin/highlights"], ["kotlin/injections"], ["kotlin/outline"], ["kotlin/textobjects"], ["kotlin/locals"], ["kotlin/indents"]),
    grammar!("markdown", ["markdown/highlights"], ["markdown/injections"], ["markdown/outline"], ["markdown/textobjects"], [], []),
    grammar!("markdown_inline", ["markdown_inline/highlights"], ["markdown_inline/injections"], [], [], [], []),
    grammar!("php", ["php/highlights"], ["php/injections"], ["php/outline"], ["php/textobjects"], ["php/locals"], ["php/indents"]),
    grammar!("python", ["python/highlights"], ["python/injections"], ["python/outline"], ["python/textobjects"], ["python/locals"], []),
    grammar!("regex", ["regex/highlights"], [], [], ["regex/textobjects"], [], []),
    grammar!("ruby", ["ruby/highlights"], ["ruby/injections"], ["ruby/outline"], ["ruby/textobjects"], ["ruby/locals"], ["ruby/indents"]),
    grammar!("rust", ["rust/highlights"], ["rust/injections"], ["rust/outline"], ["rust/textobjects"], ["rust/locals"], ["rust/indents"]),
    grammar!("rustdoc", ["markdown/highlights"], ["markdown/injections", "markdown/rustdoc"], [], [], [], []),
    grammar!("scala", ["scala/highlights"], ["scala/injections"], ["scala/outline"], ["scala/textobjects"], ["scala/locals"], ["scala/indents"]),
    grammar!("sql", ["sql/highlights"], [], ["sql/outline"], ["sql/textobjects"], ["sql/locals"], ["sql/indents"]),
    grammar!("toml", ["toml/highlights"], [], ["toml/outline"], ["toml/textobjects"], [], []),
    grammar!("tsx", ["ecma/highlights", "jsx/highlights", "typescript/highlights"], ["ecma/injections", "typescript/injections"], ["ecma/outline", "jsx/outline", "typescript/outline"], ["ecma/textobjects", "jsx/textobjects", "typescript/textobjects"], ["ecma/locals", "typescript/locals"], ["braces/indents", "ecma/indents", "jsx/indents"]),
    grammar!("typescript", ["ecma/highlights", "typescript/highlights"], ["ecma/injections", "typescript/injections"], ["ecma/outline", "typescript/outline"], ["ecma/textobjects", "typescript/textobjects"], ["ecma/locals", "typescript/locals"], ["braces/indents", "ecma/indents"]),
    grammar!("yaml", ["yaml/highlights"], [], ["yaml/outline"], ["yaml/textobjects"], ["yaml/locals"], []),
];

/// The grammar that a language is parsed with, its highlight query and its injection query. The
/// queries are sources, for other programs that compile their own.
pub fn grammar(id: LanguageId) -> Option<(tree_sitter::Language, String, String)> {
    let grammar = language(id).grammar?;
    let files = grammar.files();
    Some((
        grammar.language()?,
        files.highlights.join("\n"),
        files.injections.join("\n"),
    ))
}

/// A grammar ready for use.
pub(crate) struct CompiledGrammar {
    pub(crate) language: tree_sitter::Language,
    pub(crate) highlights: Query,
    /// By capture index; captures that only serve a predicate have none.
    pub(crate) capture_highlights: Vec<Option<HighlightId>>,
    /// The captures of strings in which there are parts that are no nodes, with what these are.
    pub(crate) in_strings: Vec<(u32, StringParts, HighlightId)>,
    pub(crate) injections: Option<InjectionQuery>,
    pub(crate) outline: Option<OutlineQuery>,
    pub(crate) objects: Option<ObjectQuery>,
    pub(crate) locals: Option<LocalsQuery>,
    pub(crate) indents: Option<IndentQuery>,
    /// What its texts are made of where they do not follow it.
    pub(crate) lexicon: Option<Lexicon>,
}

/// A query for the symbols of a text.
pub(crate) struct OutlineQuery {
    pub(crate) query: Query,
    /// By capture index; the captures of names have none.
    pub(crate) kinds: Vec<Option<SymbolKind>>,
    /// The capture of what has no symbols, whatever is in it.
    pub(crate) skip: Option<u32>,
    /// By pattern, whether its symbols go on up to the next of them, as a namespace without braces
    /// does.
    pub(crate) goes_on: Vec<bool>,
}

/// A query for text in another language.
pub(crate) struct InjectionQuery {
    pub(crate) query: Query,
    pub(crate) content: u32,
    /// The escapes in a content that its pieces stand around.
    pub(crate) escape: Option<u32>,
    /// A string with its quotes, around a content in which escapes are no nodes.
    pub(crate) escaped: Option<u32>,
    pub(crate) language: Option<u32>,
    /// How many nodes stand in one another in a match at most.
    pub(crate) depth: usize,
    /// By pattern.
    pub(crate) settings: Vec<InjectionSettings>,
}

/// What a pattern's `#set!` directives say.
#[derive(Clone, Default)]
pub(crate) struct InjectionSettings {
    pub(crate) language: Option<Box<str>>,
    pub(crate) overlay: bool,
    /// All contents in the host are one text.
    pub(crate) combined: bool,
    /// Contents that follow one another are one text.
    pub(crate) joined: bool,
    /// The contents are strings with their quotes.
    pub(crate) in_quotes: bool,
    /// The contents are no whole texts of the language.
    pub(crate) fragment: bool,
    /// The contents are what stands in a rule of CSS, of which the last declaration may have no end.
    pub(crate) declarations: bool,
    /// Of the contents, which are comments, the code of examples is meant.
    pub(crate) examples: bool,
}

impl GrammarId {
    /// The grammar with this name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        let place = GRAMMARS.iter().position(|grammar| grammar.name == name)?;
        u8::try_from(place).ok().map(Self)
    }

    /// The grammar that a name in an injection stands for.
    pub(crate) fn for_name(name: &str) -> Option<Self> {
        match crate::by_name(name) {
            Some(id) => language(id).grammar,
            None => Self::named(name),
        }
    }

    #[cfg(test)]
    fn all() -> impl Iterator<Item = Self> {
        (0..GRAMMARS.len() as u8).map(Self)
    }

    /// Its name.
    pub(crate) fn name(self) -> &'static str {
        self.files().name
    }

    fn files(self) -> &'static GrammarFiles {
        &GRAMMARS[usize::from(self.0)]
    }

    fn language(self) -> Option<tree_sitter::Language> {
        // The documentation of Rust is Markdown with other code in it.
        let name = match self.name() {
            "rustdoc" => "markdown",
            name => name,
        };
        grammars::grammar(name).map(Into::into)
    }

    /// Whether its parser can go on from the tree of an earlier text. The scanners of inline Markdown
    /// and of the shell look ahead, for the end of a code span or of a word, without the parser
    /// knowing, so that an old tree would make them keep what is not so any more. What may be read in
    /// two ways in Go and C++, such as `panic(x)` as a call or a conversion, stays read as it was in
    /// a text that was broken for a moment.
    pub(crate) fn reuses_trees(self) -> bool {
        !matches!(self.name(), "markdown_inline" | "bash" | "go" | "cpp")
    }

    /// Whether brackets in its texts nest.
    pub(crate) fn has_brackets(self) -> bool {
        !matches!(self.name(), "markdown" | "markdown_inline" | "rustdoc")
    }

    /// The compiled grammar, or `None` if its query does not fit it, which a test rules out.
    pub(crate) fn compiled(self) -> Option<&'static CompiledGrammar> {
        static COMPILED: [OnceLock<Option<CompiledGrammar>>; GRAMMARS.len()] =
            [const { OnceLock::new() }; GRAMMARS.len()];
        COMPILED[usize::from(self.0)]
            .get_or_init(|| self.compile().ok())
            .as_ref()
    }

    fn compile(self) -> Result<CompiledGrammar, CompileError> {
        let files = self.files();
        let language = self.language().ok_or(CompileError::Unknown)?;
        let query = |sources: &[&str]| match sources {
            [] => Ok(None),
            sources => Query::new(&language, &sources.join("\n")).map(Some),
        };
        let highlights = Query::new(&language, &files.highlights.join("\n"))?;
        let capture_highlights = highlights
            .capture_names()
            .iter()
            .map(|name| HighlightId::for_name(name))
            .collect();
        Ok(CompiledGrammar {
            capture_highlights,
            in_strings: StringParts::ALL
                .into_iter()
                .filter_map(|parts| {
                    let capture = highlights.capture_index_for_name(parts.capture())?;
                    Some((capture, parts, parts.highlight()?))
                })
                .collect(),
            injections: query(files.injections)?
                .and_then(|query| InjectionQuery::new(query, files.injections)),
            outline: query(files.outline)?.map(OutlineQuery::new),
            objects: query(files.objects)?.map(ObjectQuery::new),
            locals: query(files.locals)?.map(LocalsQuery::new),
            indents: query(files.indents)?.and_then(IndentQuery::new),
            lexicon: Lexicon::of(self, files.highlights),
            highlights,
            language,
        })
    }
}

impl Debug for GrammarId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// Why a grammar is not ready for use.
#[derive(Debug, thiserror::Error)]
enum CompileError {
    #[error("no grammar of this name is part of the program")]
    Unknown,
    #[error(transparent)]
    Query(#[from] QueryError),
}

impl OutlineQuery {
    fn new(query: Query) -> Self {
        let kinds = query.capture_names().iter();
        let goes_on = |pattern: usize| {
            let mut properties = query.property_settings(pattern).iter();
            properties.any(|property| &*property.key == "outline.goes_on")
        };
        Self {
            kinds: kinds.map(|name| SymbolKind::for_capture(name)).collect(),
            skip: query.capture_index_for_name("skip"),
            goes_on: (0..query.pattern_count()).map(goes_on).collect(),
            query,
        }
    }
}

impl InjectionQuery {
    /// The names of the languages that its patterns say, sorted; those that a text names itself are
    /// "by name".
    pub(crate) fn names(&self) -> Vec<&str> {
        // The body of a macro is in the language itself.
        let is_other = |settings: &&InjectionSettings| {
            !settings.fragment || matches!(settings.language.as_deref(), Some("regex" | "html"))
        };
        let said = self.settings.iter().filter(is_other);
        let said = said.map(|settings| match settings.language.as_deref() {
            Some("rustdoc") => "markdown",
            Some(name) => name,
            None => "by name",
        });
        // What is between the blocks of Markdown is Markdown to a reader.
        let mut names: Vec<&str> = said.filter(|name| *name != "markdown_inline").collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    fn new(query: Query, sources: &[&str]) -> Option<Self> {
        let settings = (0..query.pattern_count())
            .map(|pattern| {
                let mut settings = InjectionSettings::default();
                for property in query.property_settings(pattern) {
                    match &*property.key {
                        "injection.language" => settings.language = property.value.clone(),
                        "injection.overlay" => settings.overlay = true,
                        "injection.combined" => settings.combined = true,
                        "injection.joined" => settings.joined = true,
                        "injection.in_quotes" => settings.in_quotes = true,
                        "injection.fragment" => settings.fragment = true,
                        "injection.declarations" => settings.declarations = true,
                        "injection.examples" => settings.examples = true,
                        _ => {}
                    }
                }
                settings
            })
            .collect();
        Some(Self {
            content: query.capture_index_for_name("injection.content")?,
            escape: query.capture_index_for_name("injection.escape"),
            escaped: query.capture_index_for_name("injection.escaped"),
            language: query.capture_index_for_name("injection.language"),
            settings,
            depth: sources.iter().map(|source| depth(source)).max()?,
            query,
        })
    }
}

/// How deep parentheses nest in the source of a query, which is at least as deep as its nodes do.
fn depth(source: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    let mut characters = source.chars();
    while let Some(character) = characters.next() {
        match character {
            '(' => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            ')' => depth = depth.saturating_sub(1),
            ';' => {
                characters.by_ref().find(|next| *next == '\n');
            }
            '"' => {
                while let Some(next) = characters.next() {
                    match next {
                        '\\' => {
                            characters.next();
                        }
                        '"' => break,
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_query_fits_its_grammar_and_uses_known_names() {
        let mut wrong = Vec::new();
        for grammar in GrammarId::all() {
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
        for grammar in GrammarId::all() {
            let compiled = grammar.compiled().expect("it compiles");
            for name in compiled
                .outline
                .iter()
                .flat_map(|outline| outline.query.capture_names())
            {
                let known =
                    matches!(*name, "name" | "skip") || SymbolKind::for_capture(name).is_some();
                assert!(known, "{grammar:?} captures @{name}, which is not listed");
            }
        }
    }

    #[test]
    fn text_objects_are_of_kinds_that_are_known() {
        for grammar in GrammarId::all() {
            let compiled = grammar.compiled().expect("it compiles");
            for name in compiled
                .objects
                .iter()
                .flat_map(|objects| objects.query.capture_names())
            {
                let kind = name.strip_suffix(".inside").unwrap_or(name);
                let known = crate::text_objects::kind_named(kind).is_some();
                assert!(known, "{grammar:?} captures @{name}, which is not listed");
            }
        }
    }

    #[test]
    fn locals_say_what_is_known() {
        for grammar in GrammarId::all() {
            let compiled = grammar.compiled().expect("it compiles");
            let whole = compiled.locals.as_ref().is_none_or(LocalsQuery::is_whole);
            assert!(whole, "{grammar:?} captures something else");
        }
    }

    #[test]
    fn every_name_is_given_by_some_query() {
        for id in HighlightId::all() {
            let given = GrammarId::all().any(|grammar| {
                let compiled = grammar.compiled().expect("it compiles");
                compiled.highlights.capture_names().contains(&id.name())
            });
            let given = given || crate::textmate::is_given(id) || crate::emphasis::is_given(id);
            assert!(given, "nothing gives {}", id.name());
        }
    }
}
