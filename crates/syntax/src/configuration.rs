//! How a language is typed, as the `language-configuration.json` of a VS Code extension says
//! (<https://code.visualstudio.com/api/language-extensions/language-configuration-guide>).

use std::borrow::Cow;

use editor_core::auto_pair::{AutoMarks, AutoPair, NotIn, Pair};
use editor_core::brackets::BRACKETS;
use editor_core::{
    BlockComment, EnterAction, IndentPatterns, IndentRules, LanguageRules, LinePatterns, WordChars,
};
use serde_json::Value;

use crate::enter_rules::EnterRules;
use crate::fold_markers::FoldMarkers;
use crate::language_files::{list, word};
use crate::textmate::LinePattern;

/// More pairs than these of one kind are left out.
const MAX_PAIRS: usize = 50;

/// The longest mark of a comment, in bytes.
const MAX_MARK: usize = 40;

/// More signs before which pairs are closed are not taken, in bytes.
const MAX_SIGNS: usize = 200;

/// What a language's configuration says, as far as Kiln has it: the marks of comments, brackets,
/// pairs that are closed or put around a selection, the patterns of indentation, the rules for Enter,
/// the marks of folds, and whether blocks end with their indentation.
#[derive(Debug, Default)]
pub struct LanguageConfiguration {
    brackets: Option<Vec<Pair>>,
    colored: Option<Vec<Pair>>,
    auto_close: Option<Vec<AutoPair>>,
    auto_close_marks: Vec<Marks>,
    auto_close_before: Option<String>,
    surround: Option<Vec<Pair>>,
    line_comment: Option<String>,
    block_comment: Option<[String; 2]>,
    typing: TypingPatterns,
    fold_markers: Option<FoldMarkers>,
    off_side: bool,
    word_chars: Vec<char>,
}

/// Two marks that go together, at least one of them of several signs, and where they are not closed.
type Marks = (String, String, NotIn);

/// What is asked of the lines of a keystroke.
#[derive(Debug, Default)]
struct TypingPatterns {
    increase: Option<LinePattern>,
    decrease: Option<LinePattern>,
    enter: Option<EnterRules>,
}

impl LinePatterns for TypingPatterns {
    fn opens(&self, line: &str) -> bool {
        (self.increase.as_ref()).is_some_and(|pattern| pattern.is_match(line))
    }

    fn closes(&self, line: &str) -> bool {
        (self.decrease.as_ref()).is_some_and(|pattern| pattern.is_match(line))
    }

    fn on_enter(&self, above: &str, before: &str, after: &str) -> Option<EnterAction> {
        self.enter.as_ref()?.action(above, before, after)
    }
}

impl TypingPatterns {
    fn is_empty(&self) -> bool {
        self.increase.is_none() && self.decrease.is_none() && self.enter.is_none()
    }
}

impl LanguageConfiguration {
    /// Reads the configuration of a language with this name. What is wrong in it is left out and
    /// told, in the second value; a pattern that turns out to be too much work is told later, with
    /// [`take_grammar_problems`](crate::take_grammar_problems).
    pub fn read(language: &str, value: &Value) -> (Self, Vec<String>) {
        let mut problems = Vec::new();
        let comments = value.get("comments");
        let brackets = value.get("brackets").map(pairs);
        let closing = value.get("autoClosingPairs");
        let auto_close = closing.map(auto_pairs);
        let surround = value.get("surroundingPairs").map(pairs);
        let indentation = value.get("indentationRules");
        let mut indent = |key| pattern(language, indentation?, key, &mut problems);
        let mut typing = TypingPatterns {
            increase: indent("increaseIndentPattern"),
            decrease: indent("decreaseIndentPattern"),
            enter: None,
        };
        typing.enter = (value.get("onEnterRules"))
            .map(|rules| EnterRules::read(language, rules, &mut problems))
            .filter(|rules| !rules.is_empty());
        let fold_markers = (value.pointer("/folding/markers"))
            .and_then(|markers| FoldMarkers::read(language, markers, &mut problems));
        let made = Self {
            // Pairs are closed, and selections surrounded, with the brackets where nothing else is
            // said.
            surround: surround
                .or_else(|| Some(auto_close.as_ref()?.iter().map(|auto| auto.pair).collect())),
            auto_close: auto_close.or_else(|| {
                let brackets = brackets.as_ref()?.iter();
                Some(brackets.map(|pair| closed(*pair, NotIn::Nowhere)).collect())
            }),
            brackets,
            colored: value.get("colorizedBracketPairs").map(pairs),
            auto_close_marks: closing.map(auto_marks).unwrap_or_default(),
            auto_close_before: (value.get("autoCloseBefore").and_then(Value::as_str))
                .filter(|signs| signs.len() <= MAX_SIGNS)
                .map(str::to_owned),
            line_comment: comments.and_then(line_comment),
            block_comment: comments.and_then(block_comment),
            typing,
            fold_markers,
            word_chars: word_chars(value, &mut problems),
            off_side: value.pointer("/folding/offSide").and_then(Value::as_bool) == Some(true),
        };
        (made, problems)
    }

    /// The brackets that are matched.
    pub(crate) fn bracket_pairs(&self) -> &'static [Pair] {
        match &self.brackets {
            Some(brackets) if !brackets.is_empty() => list(brackets.iter().copied()),
            _ => BRACKETS,
        }
    }

    /// The brackets that are coloured by their depth. `<` and `>` are not unless that is said, since
    /// they mostly compare.
    pub(crate) fn colored_pairs(&self) -> &'static [Pair] {
        match &self.colored {
            Some(colored) => list(colored.iter().copied()),
            None => {
                let pairs = self.bracket_pairs().iter().copied();
                list(pairs.filter(|pair| pair.open != '<'))
            }
        }
    }

    pub(crate) fn folds_by_indentation(&self) -> bool {
        self.off_side
    }

    /// What marks folds, if anything does.
    pub(crate) fn take_fold_markers(&mut self) -> Option<&'static FoldMarkers> {
        let markers = self.fold_markers.take()?;
        Some(Box::leak(Box::new(markers)))
    }

    /// The rules of typing.
    pub(crate) fn rules(self) -> &'static LanguageRules {
        let plain = LanguageRules::PLAIN;
        let leaked = |text: String| word(text);
        Box::leak(Box::new(LanguageRules {
            auto_close: self.auto_close.map_or(plain.auto_close, list),
            auto_close_marks: list(self.auto_close_marks.into_iter().map(
                |(open, close, not_in)| AutoMarks {
                    open: word(open),
                    close: word(close),
                    not_in,
                },
            )),
            closes_before: self.auto_close_before.map(leaked),
            surround: self.surround.map_or(plain.surround, list),
            word_chars: WordChars {
                anywhere: list(self.word_chars),
                at_end: &[],
            },
            line_comment: self.line_comment.map(leaked),
            block_comment: self
                .block_comment
                .map(|[open, close]| BlockComment::new(leaked(open), leaked(close))),
            indent: IndentRules {
                significant: self.off_side,
                // How its lines are indented is not known: tabs may mean something, as in a Makefile.
                keeps_pasted: self.typing.is_empty(),
                patterns: (!self.typing.is_empty())
                    .then(|| IndentPatterns(Box::leak(Box::new(self.typing)))),
                ..plain.indent
            },
            ..plain
        }))
    }
}

/// The pattern under a key: a text, or an object with its flags.
pub(crate) fn pattern(
    language: &str,
    rules: &Value,
    key: &str,
    problems: &mut Vec<String>,
) -> Option<LinePattern> {
    let value = rules.get(key)?;
    let text = value.as_str().or_else(|| value.get("pattern")?.as_str());
    let flags = value.get("flags").and_then(Value::as_str);
    let ignore_case = flags.is_some_and(|flags| flags.contains('i'));
    let made = text.and_then(|text| LinePattern::new(text, ignore_case));
    if made.is_none() {
        problems.push(format!("its {key} is not understood and is left out"));
    }
    let owner = format!("The pattern {key} of the imported language {language}");
    made.map(|made| made.told_as(owner))
}

/// The signs that the pattern of words takes in the middle of one, and at its start.
fn word_chars(value: &Value, problems: &mut Vec<String>) -> Vec<char> {
    let Some(pattern) = value.get("wordPattern") else {
        return Vec::new();
    };
    let text = pattern
        .as_str()
        .or_else(|| pattern.get("pattern")?.as_str());
    let whole = text.and_then(|text| LinePattern::new(&format!("^(?:{text})$"), false));
    let Some(whole) = whole else {
        problems.push("its wordPattern is not understood and is left out".to_owned());
        return Vec::new();
    };
    let signs = "!#$%&'*+-./:;<=>?@^`|~".chars();
    let taken = signs.filter(|sign| {
        whole.is_match(&format!("a{sign}b")) && whole.is_match(&format!("{sign}ab"))
    });
    taken.collect()
}

/// Pairs of single characters; those of words are not known to Kiln.
fn pairs(value: &Value) -> Vec<Pair> {
    let items = value.as_array().into_iter().flatten().take(MAX_PAIRS);
    items.filter_map(|item| pair(&item[0], &item[1])).collect()
}

fn auto_pairs(value: &Value) -> Vec<AutoPair> {
    let items = value.as_array().into_iter().flatten().take(MAX_PAIRS);
    let made = items.filter_map(|item| {
        let (open, close, not_in) = closing_pair(item);
        Some(closed(pair(open, close)?, not_in))
    });
    made.collect()
}

/// The pairs of which a part has several signs.
fn auto_marks(value: &Value) -> Vec<Marks> {
    let items = value.as_array().into_iter().flatten().take(MAX_PAIRS);
    let made = items.filter_map(|item| {
        let (open, close, not_in) = closing_pair(item);
        if pair(open, close).is_some() {
            return None;
        }
        // The space before the end of a comment is part of it.
        let kept = |value: &Value| mark(value).and(value.as_str()).map(str::to_owned);
        Some((kept(open)?, kept(close)?, not_in))
    });
    made.collect()
}

/// The two parts of a pair that is closed, and where it is not.
fn closing_pair(item: &Value) -> (&Value, &Value, NotIn) {
    if item.is_array() {
        return (&item[0], &item[1], NotIn::Nowhere);
    }
    let named = |name: &str| {
        let places = item.get("notIn").and_then(Value::as_array);
        (places.into_iter().flatten()).any(|place| place.as_str() == Some(name))
    };
    let not_in = match (named("string"), named("comment")) {
        (true, true) => NotIn::StringsAndComments,
        (true, false) => NotIn::Strings,
        _ => NotIn::Nowhere,
    };
    (&item["open"], &item["close"], not_in)
}

fn closed(pair: Pair, not_in: NotIn) -> AutoPair {
    AutoPair { pair, not_in }
}

fn pair(open: &Value, close: &Value) -> Option<Pair> {
    let one = |value: &Value| {
        let mut characters = value.as_str()?.chars();
        let first = characters.next()?;
        characters.next().is_none().then_some(first)
    };
    Some(Pair::new(one(open)?, one(close)?))
}

fn line_comment(comments: &Value) -> Option<String> {
    let value = comments.get("lineComment")?;
    mark(value).or_else(|| mark(value.get("comment")?))
}

fn block_comment(comments: &Value) -> Option<[String; 2]> {
    let value = comments.get("blockComment")?;
    Some([mark(value.get(0)?)?, mark(value.get(1)?)?])
}

fn mark(value: &Value) -> Option<String> {
    let text = Cow::from(value.as_str()?.trim());
    let plain = !text.is_empty() && text.len() <= MAX_MARK && !text.chars().any(char::is_control);
    plain.then(|| text.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_configuration_is_read_as_vs_code_reads_it() {
        let (made, problems) = LanguageConfiguration::read(
            "own",
            &json!({
                "comments": { "lineComment": { "comment": "--", "noIndent": true }, "blockComment": ["--[[", "]]"] },
                "brackets": [["{", "}"], ["begin", "end"], ["(", ")"]],
                "autoClosingPairs": [["(", ")"], { "open": "'", "close": "'", "notIn": ["string", "comment"] }, { "open": "/*", "close": "*/" }],
                "indentationRules": { "increaseIndentPattern": "^\\s*do$", "decreaseIndentPattern": { "pattern": "^\\s*END", "flags": "i" } },
                "folding": { "offSide": true }, "autoCloseBefore": ";) \n",
                "wordPattern": "(-?\\d*\\.\\d\\w*)|([^\\`\\~\\!\\@\\%\\^\\&\\*\\(\\)\\=\\+\\[\\{\\]\\}\\|\\;\\:\\'\\\"\\,\\.\\<\\>\\/\\?\\s]+)",
            }),
        );
        assert!(problems.is_empty(), "{problems:?}");
        assert_eq!(
            made.bracket_pairs(),
            [Pair::new('{', '}'), Pair::new('(', ')')]
        );
        assert_eq!(made.colored_pairs(), made.bracket_pairs());
        assert!(made.folds_by_indentation());
        let rules = made.rules();
        assert_eq!(rules.word_chars.anywhere, ['#', '$', '-']);
        assert_eq!(rules.closes_before, Some(";) \n"));
        assert_eq!(rules.line_comment, Some("--"));
        assert_eq!(rules.block_comment, Some(BlockComment::new("--[[", "]]")));
        assert_eq!(
            rules.auto_close,
            [
                closed(Pair::new('(', ')'), NotIn::Nowhere),
                closed(Pair::new('\'', '\''), NotIn::StringsAndComments)
            ]
        );
        let [comment] = rules.auto_close_marks else {
            panic!("{:?}", rules.auto_close_marks);
        };
        assert_eq!((comment.open, comment.close), ("/*", "*/"));
        assert_eq!(rules.surround, [Pair::new('(', ')'), Pair::new('\'', '\'')]);
        let IndentPatterns(patterns) = rules.indent.patterns.unwrap();
        assert!(patterns.opens("  do") && !patterns.opens("done"));
        assert!(patterns.closes("  end"));
    }

    #[test]
    fn what_is_wrong_is_left_out() {
        let (made, problems) = LanguageConfiguration::read(
            "own",
            &json!({
                "comments": "//", "brackets": [1, ["a"]], "autoClosingPairs": { "open": "(" },
                "indentationRules": { "increaseIndentPattern": "(((" },
            }),
        );
        assert_eq!(problems.len(), 1);
        assert!(
            problems[0].contains("increaseIndentPattern"),
            "{problems:?}"
        );
        assert_eq!(made.bracket_pairs(), BRACKETS);
        assert_eq!(made.rules().indent.patterns, None);
    }
}
