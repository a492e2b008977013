//! The files of `assets/languages`, which are part of the program, and what they say.
//!
//! They are read once, when the first language is asked for, and kept for as long as the program
//! runs: a language is then a `&'static` table as if it had been written in code.

use std::collections::BTreeMap;

use editor_core::auto_pair::{AutoMarks, AutoPair, NotIn, Pair};
use editor_core::brackets::BRACKETS;
use editor_core::{
    BlockComment, Dedent, IndentRules, LabelPlace, LanguageRules, Short, StringMarks, TagRules,
    WordChars,
};
use serde::Deserialize;

use crate::doc_tags::DocTags;
use crate::fold_markers::FoldMarkers;
use crate::grammar::GrammarId;
use crate::highlight::HighlightId;
use crate::language::{Language, LanguageId};
use crate::lexicon::LexicalRules;
use crate::textmate::LineGrammar;

macro_rules! files {
    ($($id:literal)*) => {
        &[$(($id, include_str!(concat!("../../../assets/languages/", $id, ".toml")))),*]
    };
}

/// By VS Code's identifier. The first stands for text in no particular language.
const FILES: &[(&str, &str)] = files! {
    "plaintext" "c" "cpp" "csharp" "css" "diff" "dockerfile" "git-commit" "git-rebase" "go" "hcl"
    "html" "java" "javascript" "javascriptreact" "json" "jsonc" "kotlin" "log" "markdown" "php" "python"
    "regex" "ruby" "rust" "scala" "shellscript" "sql" "terraform" "toml" "typescript"
    "typescriptreact" "yaml"
};

/// A file of `assets/languages`; its `README.md` says what each key means.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct LanguageFile {
    name: String,
    grammar: Option<String>,
    textmate: Option<String>,
    aliases: Vec<String>,
    extensions: Vec<String>,
    file_names: Vec<String>,
    file_globs: Vec<String>,
    shared_extensions: Vec<String>,
    content: Option<String>,
    interpreters: Vec<String>,
    first_line: Option<String>,
    line_comment: Option<String>,
    block_comment: Option<[String; 2]>,
    block_comment_of_rows: bool,
    markup_comment: Option<[String; 2]>,
    surround: Option<Vec<TwoCharacters>>,
    quote_prefixes: Vec<String>,
    word_chars: String,
    word_end_chars: String,
    icon: Option<String>,
    folds_by_indentation: bool,
    fold_marks: Option<[String; 2]>,
    auto_close: BTreeMap<Place, Vec<TwoCharacters>>,
    auto_close_marks: Vec<[String; 2]>,
    auto_close_before: Option<String>,
    indent: IndentFile,
    lexical: Option<LexicalFile>,
}

/// Where a pair is closed as it is opened. In the order in which [`LanguageRules`] has them.
#[derive(Clone, Copy, Deserialize, Eq, Ord, PartialEq, PartialOrd)]
#[serde(rename_all = "snake_case")]
enum Place {
    Everywhere,
    OutsideStrings,
    InCode,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct IndentFile {
    significant: bool,
    keeps_pasted: bool,
    opens_after: Vec<char>,
    opens_after_words: Vec<String>,
    opens_after_marks: Vec<String>,
    chain_marks: Vec<String>,
    chains_level_with_ends: bool,
    rows_end_statements: bool,
    continues_after: Vec<String>,
    item_mark: Option<char>,
    opens_with_words: Vec<String>,
    opens_as_value: Vec<String>,
    prefix_words: Vec<String>,
    short: Vec<ShortFile>,
    opens_with_colon: Vec<String>,
    ends_after_words: Vec<String>,
    ends_after: Vec<String>,
    pattern_of: Vec<String>,
    dedents: Vec<DedentFile>,
    labels: Vec<String>,
    label_place: LabelPlaceFile,
    outside_labels: Vec<String>,
    statement_follows: Vec<String>,
    tags: TagsFile,
    markup: bool,
    continued_comments: Vec<String>,
    splits_comments: bool,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum LabelPlaceFile {
    #[default]
    Inside,
    Outside,
}

/// See [`TagRules`].
#[derive(Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum TagsFile {
    #[default]
    None,
    Html,
    InCode,
}

/// See [`LexicalRules`].
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct LexicalFile {
    row_strings: Vec<String>,
    text_strings: Vec<String>,
    verbatim: Vec<String>,
    names: Vec<String>,
    quoted_names: Vec<String>,
    key_mark: Option<char>,
    quoted_keys: bool,
    ignores_case: bool,
    doc_tags: Option<String>,
    words: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DedentFile {
    word: String,
    belongs_to: Vec<String>,
    #[serde(default)]
    stays_in: Vec<String>,
    ends_with: Option<char>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ShortFile {
    word: String,
    mark: String,
}

/// "()"
#[derive(Clone, Copy, Deserialize)]
#[serde(try_from = "String")]
struct TwoCharacters(Pair);

impl TryFrom<String> for TwoCharacters {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let mut characters = text.chars();
        match (characters.next(), characters.next(), characters.next()) {
            (Some(open), Some(close), None) => Ok(Self(Pair::new(open, close))),
            _ => Err(format!("{text:?} is not two characters")),
        }
    }
}

/// All languages. A file that says something wrong, which a test rules out, is a language of which
/// only the identifier is known.
pub(crate) fn read() -> Vec<Language> {
    FILES
        .iter()
        .enumerate()
        .map(|(place, (id, source))| {
            let file = toml::from_str(source).unwrap_or_else(|_| LanguageFile {
                name: (*id).to_owned(),
                ..LanguageFile::default()
            });
            file.language(LanguageId::at(place), id)
        })
        .collect()
}

impl LanguageFile {
    fn language(self, id: LanguageId, id_str: &'static str) -> Language {
        let lexical = self.lexical.map(LexicalFile::rules);
        let rules = LanguageRules {
            auto_close: list(self.auto_close.into_iter().flat_map(|(place, pairs)| {
                let not_in = match place {
                    Place::Everywhere => NotIn::Nowhere,
                    Place::OutsideStrings => NotIn::Strings,
                    Place::InCode => NotIn::StringsAndComments,
                };
                let pairs = pairs.into_iter();
                pairs.map(move |TwoCharacters(pair)| AutoPair { pair, not_in })
            })),
            auto_close_marks: list(self.auto_close_marks.into_iter().map(|[open, close]| {
                AutoMarks {
                    open: word(open),
                    close: word(close),
                    not_in: NotIn::StringsAndComments,
                }
            })),
            surround: match self.surround {
                Some(pairs) => list(pairs.into_iter().map(|TwoCharacters(pair)| pair)),
                None => LanguageRules::PLAIN.surround,
            },
            word_chars: WordChars {
                anywhere: list(self.word_chars.chars()),
                at_end: list(self.word_end_chars.chars()),
            },
            quote_prefixes: words(self.quote_prefixes),
            closes_before: self.auto_close_before.map(word),
            strings: (lexical.as_ref()).map_or(LanguageRules::PLAIN.strings, |file| file.strings),
            line_comment: self.line_comment.map(word),
            block_comment: self
                .block_comment
                .map(|[open, close]| BlockComment::new(word(open), word(close)))
                .map(|marks| match self.block_comment_of_rows {
                    true => marks.of_rows(),
                    false => marks,
                }),
            markup_comment: self
                .markup_comment
                .map(|[open, close]| BlockComment::new(word(open), word(close))),
            indent: self.indent.rules(),
        };
        Language {
            id,
            name: word(self.name),
            id_str,
            icon: self.icon.map(word),
            aliases: words(self.aliases),
            brackets: BRACKETS,
            colored_brackets: &[],
            rules: Box::leak(Box::new(rules)),
            extensions: words(self.extensions),
            file_names: words(self.file_names),
            file_globs: words(self.file_globs),
            file_patterns: &[],
            shared_extensions: words(self.shared_extensions),
            content: self.content.map(word),
            interpreters: words(self.interpreters),
            first_line: self.first_line.map(word),
            first_line_pattern: None,
            folds_by_indentation: self.folds_by_indentation,
            fold_markers: self.fold_marks.map(|[start, end]| {
                &*Box::leak(Box::new(FoldMarkers::own(word(start), word(end))))
            }),
            lexical: lexical.map(|rules| &*Box::leak(Box::new(rules))),
            grammar: self.grammar.as_deref().and_then(GrammarId::named),
            textmate: self.textmate.map(word).map(LineGrammar::Catalog),
        }
    }
}

impl IndentFile {
    fn rules(self) -> IndentRules {
        IndentRules {
            significant: self.significant,
            keeps_pasted: self.keeps_pasted,
            opens_after: list(self.opens_after),
            opens_after_words: words(self.opens_after_words),
            opens_after_marks: words(self.opens_after_marks),
            chain_marks: words(self.chain_marks),
            chains_level_with_ends: self.chains_level_with_ends,
            rows_end_statements: self.rows_end_statements,
            continues_after: words(self.continues_after),
            item_mark: self.item_mark,
            opens_with_words: words(self.opens_with_words),
            opens_as_value: words(self.opens_as_value),
            prefix_words: words(self.prefix_words),
            short: list(self.short.into_iter().map(|short| Short {
                word: word(short.word),
                mark: word(short.mark),
            })),
            opens_with_colon: words(self.opens_with_colon),
            ends_after_words: words(self.ends_after_words),
            ends_after: words(self.ends_after),
            pattern_of: words(self.pattern_of),
            dedents: list(self.dedents.into_iter().map(|dedent| Dedent {
                word: word(dedent.word),
                belongs_to: words(dedent.belongs_to),
                stays_in: words(dedent.stays_in),
                ends_with: dedent.ends_with,
            })),
            labels: words(self.labels),
            label_place: match self.label_place {
                LabelPlaceFile::Inside => LabelPlace::Inside,
                LabelPlaceFile::Outside => LabelPlace::Outside,
            },
            outside_labels: words(self.outside_labels),
            statement_follows: words(self.statement_follows),
            tags: match self.tags {
                TagsFile::None => TagRules::None,
                TagsFile::Html => TagRules::Html,
                TagsFile::InCode => TagRules::InCode,
            },
            markup: self.markup,
            continued_comments: words(self.continued_comments),
            splits_comments: self.splits_comments,
            patterns: None,
        }
    }
}

impl LexicalFile {
    fn rules(self) -> LexicalRules {
        let Self {
            row_strings,
            text_strings,
            verbatim,
            ..
        } = self;
        let strings = |marks: Vec<String>, spans_rows| {
            let escapes = |mark: &String| !verbatim.contains(mark);
            let made = marks.into_iter().map(|mark| StringMarks {
                escapes: escapes(&mark),
                mark: word(mark),
                spans_rows,
            });
            made.collect::<Vec<_>>()
        };
        let mut strings = [strings(row_strings, false), strings(text_strings, true)].concat();
        strings.sort_by_key(|marks| std::cmp::Reverse(marks.mark.len()));
        let listed = self.words.into_iter();
        LexicalRules {
            strings: list(strings),
            words: listed
                .filter_map(|(name, listed)| Some((HighlightId::for_name(&name)?, words(listed))))
                .collect(),
            names: words(self.names),
            quoted_names: words(self.quoted_names),
            doc_tags: self.doc_tags.as_deref().and_then(DocTags::named),
            key_mark: self.key_mark,
            quoted_keys: self.quoted_keys,
            ignores_case: self.ignores_case,
        }
    }
}

pub(crate) fn list<T>(items: impl IntoIterator<Item = T>) -> &'static [T] {
    Box::leak(items.into_iter().collect())
}

pub(crate) fn words(words: Vec<String>) -> &'static [&'static str] {
    list(words.into_iter().map(word))
}

pub(crate) fn word(word: String) -> &'static str {
    Box::leak(word.into_boxed_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::textmate::LineTokenizer;
    use std::path::Path;

    #[test]
    fn every_file_is_right_and_its_grammar_and_patterns_exist() {
        for (id, source) in FILES {
            let file: LanguageFile =
                toml::from_str(source).unwrap_or_else(|error| panic!("{id}.toml: {error}"));
            assert!(!file.name.is_empty(), "{id} has no name");
            if let Some(grammar) = &file.grammar {
                assert!(GrammarId::named(grammar).is_some(), "{id}: {grammar}");
            }
            if let Some(name) = &file.textmate {
                assert!(file.grammar.is_none(), "{id} has two grammars");
                let grammar = LineGrammar::Catalog(word(name.clone()));
                assert!(LineTokenizer::new(grammar).is_some(), "{id}: {name}");
            }
            if let Some(first_line) = &file.first_line {
                assert!(regex::Regex::new(first_line).is_ok(), "{id}: {first_line}");
            }
            if let Some(content) = &file.content {
                assert!(regex::Regex::new(content).is_ok(), "{id}: {content}");
            }
            for mark in file.fold_marks.iter().flatten() {
                assert!(regex::Regex::new(mark).is_ok(), "{id}: {mark}");
            }
            if let Some(lexical) = &file.lexical {
                for name in lexical.words.keys() {
                    assert!(HighlightId::for_name(name).is_some(), "{id}: {name}");
                }
                let strings: Vec<&String> = lexical
                    .row_strings
                    .iter()
                    .chain(&lexical.text_strings)
                    .collect();
                assert!(!strings.is_empty(), "{id} has no strings");
                if let Some(name) = &lexical.doc_tags {
                    assert!(DocTags::named(name).is_some(), "{id}: {name}");
                }
                for mark in &lexical.verbatim {
                    assert!(strings.contains(&mark), "{id}: {mark}");
                }
            }
            for glob in &file.file_globs {
                assert_eq!(glob.matches('*').count(), 1, "{id}: {glob}");
            }
        }
    }

    #[test]
    fn every_file_of_the_folder_is_part_of_the_program() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/languages");
        let mut found: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter_map(|name| name.strip_suffix(".toml").map(str::to_owned))
            .collect();
        let mut known: Vec<&str> = FILES.iter().map(|(id, _)| *id).collect();
        found.sort();
        known.sort_unstable();
        assert_eq!(found, known);
    }

    #[test]
    fn a_wrong_key_or_pair_is_told() {
        let error = |source: &str| {
            toml::from_str::<LanguageFile>(source)
                .err()
                .unwrap()
                .to_string()
        };
        assert!(error("colour = \"red\"").contains("colour"));
        assert!(error("surround = [\"(((\"]").contains("is not two characters"));
    }
}
