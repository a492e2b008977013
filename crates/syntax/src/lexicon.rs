//! What a language's text is made of without its grammar: comments, strings, numbers and the words
//! with a meaning of their own. Where a text does not follow the grammar, that is all there is to
//! know ([`crate::broken`]).

use std::collections::HashMap;

use editor_core::{LanguageRules, StringMarks};

use crate::doc_tags::DocTags;
use crate::grammar::GrammarId;
use crate::highlight::HighlightId;
use crate::language::built_in;

/// The `[lexical]` table of a file of `assets/languages`.
#[derive(Debug, Default)]
pub(crate) struct LexicalRules {
    /// The longer ones come before those that they begin with.
    pub(crate) strings: &'static [StringMarks],
    /// What may enclose a name.
    pub(crate) quoted_names: &'static [&'static str],
    /// Words that the grammar does not know as such, by what they are.
    pub(crate) words: Vec<(HighlightId, &'static [&'static str])>,
    /// Words of the grammar that are names, too.
    pub(crate) names: &'static [&'static str],
    /// The sign between the name of a property and its value.
    pub(crate) key_mark: Option<char>,
    /// Whether that name is a string.
    pub(crate) quoted_keys: bool,
    /// How comments that document code name what they are about.
    pub(crate) doc_tags: Option<DocTags>,
    /// Whether `SELECT` and `select` are one word.
    pub(crate) ignores_case: bool,
}

/// What the words and marks of a grammar's language mean.
pub(crate) struct Lexicon {
    words: HashMap<Box<str>, HighlightId>,
    pub(crate) lexical: &'static LexicalRules,
    pub(crate) rules: &'static LanguageRules,
    pub(crate) comment: HighlightId,
    pub(crate) string: HighlightId,
    pub(crate) number: HighlightId,
    pub(crate) function: HighlightId,
    pub(crate) variable: HighlightId,
    pub(crate) property: HighlightId,
    bracket: HighlightId,
    delimiter: HighlightId,
    operator: HighlightId,
}

impl Lexicon {
    /// Of a grammar with these queries for highlights; `None` where its language says nothing of
    /// its strings.
    pub(crate) fn of(grammar: GrammarId, highlights: &[&str]) -> Option<Self> {
        let mut languages = built_in().iter();
        let language = languages
            .find(|language| language.grammar == Some(grammar) && language.lexical.is_some())?;
        let lexical = language.lexical?;
        let mut words = HashMap::new();
        let mut add = |word: &str, highlight| {
            words.insert(folded(word, lexical.ignores_case).into(), highlight);
        };
        for source in highlights {
            for (word, highlight) in words_of(source) {
                add(word, highlight);
            }
        }
        for (highlight, listed) in &lexical.words {
            for word in *listed {
                add(word, *highlight);
            }
        }
        Some(Self {
            words,
            lexical,
            rules: language.rules,
            comment: HighlightId::for_name("comment")?,
            string: HighlightId::for_name("string")?,
            number: HighlightId::for_name("number")?,
            function: HighlightId::for_name("function")?,
            variable: HighlightId::for_name("variable")?,
            property: HighlightId::for_name("property")?,
            bracket: HighlightId::for_name("punctuation.bracket")?,
            delimiter: HighlightId::for_name("punctuation.delimiter")?,
            operator: HighlightId::for_name("operator")?,
        })
    }

    /// What a word is, if it is more than a name.
    pub(crate) fn word(&self, word: &str) -> Option<HighlightId> {
        let known = match self.lexical.ignores_case {
            true => self.words.get(&*word.to_ascii_lowercase()),
            false => self.words.get(word),
        };
        known.copied()
    }

    /// What a sign is that belongs to no word, if it is anything.
    pub(crate) fn sign(&self, sign: char) -> Option<HighlightId> {
        match sign {
            '(' | ')' | '[' | ']' | '{' | '}' => Some(self.bracket),
            ',' | ';' | '.' | ':' => Some(self.delimiter),
            '=' | '+' | '-' | '*' | '/' | '<' | '>' | '!' | '&' | '|' | '%' | '^' | '~' | '?' => {
                Some(self.operator)
            }
            _ => None,
        }
    }

    /// Whether a name that this text comes after is that of a property: `color: red`, and not
    /// `a:hover` or `a == b`.
    pub(crate) fn is_key_before(&self, after: &str) -> bool {
        let value = (self.lexical.key_mark)
            .and_then(|mark| after.trim_start_matches([' ', '\t']).strip_prefix(mark));
        value.is_some_and(|value| {
            !value.starts_with(|sign: char| sign.is_alphabetic() || matches!(sign, '=' | '>' | ':'))
        })
    }

    /// Whether a word may be a name as well.
    pub(crate) fn is_name(&self, word: &str) -> bool {
        let mut names = self.lexical.names.iter();
        match self.lexical.ignores_case {
            true => names.any(|name| name.eq_ignore_ascii_case(word)),
            false => names.any(|name| *name == word),
        }
    }

    /// Whether a sign is part of words, at their beginning or later.
    pub(crate) fn is_of_word(&self, sign: char) -> bool {
        // What a sign stands before is a name, or a word such as `@media` that is listed with it.
        sign.is_alphanumeric()
            || matches!(sign, '_' | '@' | '$')
            || self.rules.word_chars.anywhere.contains(&sign)
    }
}

fn folded(word: &str, ignores_case: bool) -> String {
    match ignores_case {
        true => word.to_ascii_lowercase(),
        false => word.to_owned(),
    }
}

/// The words that a query for highlights names by themselves, wherever they stand:
/// `"if" @keyword.control`, a list of such, and nodes that are named after the word that they are,
/// as `(keyword_select)` and `(true)`. The last name of a word is what a query gives it.
fn words_of(source: &str) -> Vec<(&str, HighlightId)> {
    let mut found = Vec::new();
    // Those that wait for the name behind them, and how deep in lists and nodes the text is.
    let mut waiting: Vec<&str> = Vec::new();
    let mut open: Vec<char> = Vec::new();
    let mut rest = source;
    while let Some(sign) = rest.chars().next() {
        let mut len = sign.len_utf8();
        match sign {
            ';' => len = rest.find('\n').unwrap_or(rest.len()),
            '"' => {
                let end = closing_quote(rest);
                let word = rest[1..end].trim_end_matches('"');
                if is_word(word) && matches!(open[..], [] | ['[']) {
                    waiting.push(word);
                }
                len = end + 1;
            }
            '(' | '[' => {
                // What belongs to a node is in its place alone, and so is what comes after a
                // list that was not named.
                if open.is_empty() {
                    waiting.clear();
                }
                open.push(sign);
            }
            ')' | ']' => {
                open.pop();
            }
            '@' => {
                let end = rest[1..].find(|sign: char| !is_of_name(sign));
                len = end.map_or(rest.len(), |end| end + 1);
                if open.is_empty()
                    && let Some(highlight) = HighlightId::for_name(&rest[1..len])
                {
                    found.extend(waiting.drain(..).map(|word| (word, highlight)));
                }
            }
            _ if is_of_name(sign) => {
                let end = rest.find(|sign: char| !is_of_name(sign));
                len = end.unwrap_or(rest.len());
                let alone = rest[len..].starts_with(')');
                let direct = matches!(open[..], ['('] | ['[', '(']);
                if alone
                    && direct
                    && let Some(word) = word_of_node(&rest[..len])
                {
                    waiting.push(word);
                }
            }
            _ => {}
        }
        rest = rest.get(len..).unwrap_or_default();
    }
    found
}

/// Where the string ends that a text begins with: at its closing quote or with the text.
fn closing_quote(text: &str) -> usize {
    let mut escaped = false;
    let end = text.char_indices().skip(1).find(|(_, sign)| {
        let ends = *sign == '"' && !escaped;
        escaped = *sign == '\\' && !escaped;
        ends
    });
    end.map_or(text.len(), |(end, _)| end)
}

/// The word that a node is always made of.
fn word_of_node(kind: &str) -> Option<&str> {
    let is_itself = matches!(
        kind,
        "true" | "false" | "null" | "nil" | "this" | "self" | "super" | "undefined"
    );
    kind.strip_prefix("keyword_").or(is_itself.then_some(kind))
}

fn is_of_name(sign: char) -> bool {
    sign.is_ascii_alphanumeric() || matches!(sign, '_' | '.' | '-')
}

fn is_word(word: &str) -> bool {
    let rest = word.strip_prefix('@').unwrap_or(word);
    rest.starts_with(|sign: char| sign.is_ascii_alphabetic() || sign == '_')
        && rest.chars().all(is_of_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_a_query_are_those_that_it_names_wherever_they_stand() {
        let source = "; \"comment\" @string\n\"if\" @keyword.control\n[\n  \"let\"\n  (keyword_by)\n  \
                      (true) \"+\" \"\\\"\"\n] @keyword.storage\n\
                      (call \"new\" @keyword.operator (this))\n((a) @type (#eq? @type \"var\"))\n\
                      (null) @constant.builtin\n(self (x)) @type\n";
        let found = words_of(source).into_iter();
        let found: Vec<_> = found.map(|(word, is)| (word, is.name())).collect();
        assert_eq!(
            found,
            [
                ("if", "keyword.control"),
                ("let", "keyword.storage"),
                ("by", "keyword.storage"),
                ("true", "keyword.storage"),
                ("null", "constant.builtin"),
            ]
        );
    }

    #[test]
    fn every_language_with_strings_has_words() {
        for language in built_in() {
            let Some(grammar) = language.grammar.filter(|_| language.lexical.is_some()) else {
                continue;
            };
            let lexicon = grammar.compiled().and_then(|made| made.lexicon.as_ref());
            let lexicon = lexicon.unwrap_or_else(|| panic!("{} has none", language.id_str));
            assert!(!lexicon.words.is_empty(), "{}", language.id_str);
            for name in lexicon.lexical.names {
                let known = lexicon.word(name).is_some();
                assert!(known, "{}: {name} means nothing", language.id_str);
            }
        }
    }
}
