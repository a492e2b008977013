//! Typing with brackets and quotes closed, surrounded and deleted in pairs.

mod marks;

use std::ops::Range;

use crate::editing::{self, insert_text};
use crate::indentation::indent_range;
use crate::syntax_view::{Literal, for_many_carets};
use crate::tags;
use crate::transaction::{EditBuilder, Landing};
use crate::word::CharClass;
use crate::written_strings::strings_in;
use crate::{
    AutoClosed, Bias, Edit, EditIntent, IndentStyle, LanguageRules, Selection, Selections,
    SyntaxView, Text, Transaction, column_at_offset,
};

/// Two characters that go together; a quote is its own closer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    /// The character that begins it.
    pub open: char,
    /// The character that ends it.
    pub close: char,
}

impl Pair {
    /// A pair of an opening and a closing character.
    pub const fn new(open: char, close: char) -> Self {
        Self { open, close }
    }

    pub(crate) fn is_quote(self) -> bool {
        self.open == self.close
    }
}

/// The brackets and quotes of most languages.
pub const COMMON_PAIRS: &[Pair] = &[
    Pair::new('(', ')'),
    Pair::new('[', ']'),
    Pair::new('{', '}'),
    Pair::new('"', '"'),
    Pair::new('\'', '\''),
    Pair::new('`', '`'),
];

/// A pair that is closed as it is opened, and where it is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AutoPair {
    /// The two characters.
    pub pair: Pair,
    /// Where the opener is typed alone.
    pub not_in: NotIn,
}

/// Two marks of several signs that go together, such as `/**` and ` */`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AutoMarks {
    /// What begins it.
    pub open: &'static str,
    /// What ends it.
    pub close: &'static str,
    /// Where the first is typed alone.
    pub not_in: NotIn,
}

impl AutoMarks {
    /// The quote that both are made of, as those of `"""` are.
    pub(crate) fn quote(&self) -> Option<Pair> {
        let quote = self.open.chars().next()?;
        let alone = |mark: &str| mark.chars().all(|one| one == quote);
        (self.open == self.close && alone(self.open)).then(|| Pair::new(quote, quote))
    }
}

/// What was closed by itself and may be typed over or deleted as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closed {
    /// Two characters.
    Pair(Pair),
    /// Marks of several quotes.
    Marks(AutoMarks),
}

/// Where a pair is not closed by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotIn {
    /// It is closed everywhere.
    Nowhere,
    /// In strings.
    Strings,
    /// In strings and comments.
    StringsAndComments,
}

impl AutoPair {
    /// A pair that is closed everywhere but in `not_in`.
    pub const fn new(open: char, close: char, not_in: NotIn) -> Self {
        Self {
            pair: Pair::new(open, close),
            not_in,
        }
    }
}

/// When an opener brings its closer (VS Code's `editor.autoClosingBrackets` and
/// `editor.autoClosingQuotes`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AutoClosing {
    /// Whatever follows.
    Always,
    /// Where white space, punctuation or a closer follows.
    LanguageDefined,
    /// Where white space or nothing follows.
    BeforeWhitespace,
    /// Never.
    Never,
}

/// Which closers are typed over, or deleted with their opener (`editor.autoClosingOvertype` and
/// `editor.autoClosingDelete`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhichClosers {
    /// All.
    Always,
    /// Those that came by themselves.
    Auto,
    /// None.
    Never,
}

/// What is put around selected text (`editor.autoSurround`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AutoSurround {
    /// All pairs of the language.
    LanguageDefined,
    /// Quotes alone.
    Quotes,
    /// Brackets alone.
    Brackets,
    /// Nothing: what is typed takes the place of the selection.
    Never,
}

/// How pairs are typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PairSettings {
    /// When brackets are closed.
    pub brackets: AutoClosing,
    /// When quotes are closed.
    pub quotes: AutoClosing,
    /// Which closers are deleted with their opener.
    pub delete: WhichClosers,
    /// Which closers are typed over.
    pub overtype: WhichClosers,
    /// What is put around selected text.
    pub surround: AutoSurround,
    /// Whether the tag that opens an element brings the one that closes it.
    pub tags: bool,
}

impl Default for PairSettings {
    /// As in VS Code.
    fn default() -> Self {
        Self {
            brackets: AutoClosing::LanguageDefined,
            quotes: AutoClosing::LanguageDefined,
            delete: WhichClosers::Auto,
            overtype: WhichClosers::Auto,
            surround: AutoSurround::LanguageDefined,
            tags: true,
        }
    }
}

/// What typing in pairs looks at beside the text.
#[derive(Clone, Copy)]
pub struct Typing<'a> {
    /// What the user wants.
    pub settings: PairSettings,
    /// What the text is.
    pub syntax: &'a dyn SyntaxView,
    /// What was closed so far.
    pub closed: &'a AutoClosed,
}

/// What came of typing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typed {
    /// The edit.
    pub transaction: Transaction,
    /// What was closed, by what stands between what opens and what closes after the edit, which is empty
    /// but where it was selected; for [`AutoClosed::add`].
    pub closed: Vec<(Range<usize>, Closed)>,
}

/// Characters before which a bracket is closed at once, as in VS Code.
const BRACKET_CLOSES_BEFORE: &str = "'\"`;:.,=}])> \n\t";

/// Characters before which a quote is closed at once, as in VS Code.
const QUOTE_CLOSES_BEFORE: &str = ";:.,=}])> \n\t";

/// Rows longer than this are not looked through for the quotes in them.
const MAX_ROW: usize = 4096;

/// Letters of the longest prefix of a string, such as `br`.
const MAX_PREFIX: usize = 2;

/// Types text at every caret. A single opening character surrounds what is selected, or brings its
/// closer along; a closing one goes over the closer that is there.
pub fn insert_typed(
    text: &Text,
    selections: &Selections,
    typed: &str,
    typing: &Typing<'_>,
) -> Typed {
    let mut characters = typed.chars();
    let character = match (characters.next(), characters.next()) {
        (Some(character), None) if !character.is_alphanumeric() => character,
        _ => return plain(insert_text(text, selections, typed)),
    };
    let many = for_many_carets(typing.syntax, text, selections);
    let typing = &match &many {
        Some(plain) => Typing {
            syntax: plain,
            ..*typing
        },
        None => *typing,
    };
    let mut builder = EditBuilder::new(text, selections);
    // Where each opener is put, with the bytes that it is put around.
    let mut openers: Vec<(usize, usize, Closed)> = Vec::new();
    let mut open = marks::OpenMarks::new(text, selections);
    for selection in selections.iter() {
        let at = selection.head;
        let rules = typing.syntax.rules_at(text, at);
        if let Some(pair) = surrounding(text, selection, character, rules, typing.settings) {
            let (edit, landing) = surround(text, selection, pair);
            builder.push(edit, landing);
            // What is typed next takes the place of what is selected, and its closer that of this one.
            let inside = selection.range();
            openers.push((inside.start, inside.len(), Closed::Pair(pair)));
        } else if selection.is_empty() && goes_over(text, at, character, rules, typing) {
            let after = at + character.len_utf8();
            builder.push(Edit::new(after..after, ""), Landing::Inside(0));
        } else if let Some(close) = closing_tag(text, selection, character, rules, typing) {
            let landing = match character {
                '/' => typed.len() + close.len(),
                _ => typed.len(),
            };
            builder.push(
                Edit::new(at..at, format!("{character}{close}")),
                Landing::Inside(landing),
            );
        } else if let Some((marks, close)) =
            marks::closing(text, selection, character, rules, typing, &mut open)
        {
            builder.push(
                Edit::new(at..at, format!("{character}{close}")),
                Landing::Inside(typed.len()),
            );
            if marks.quote().is_some() {
                openers.push((at, 0, Closed::Marks(marks)));
            }
        } else if let Some(over) = marks::over(text, selection, character, rules, typing) {
            builder.push(Edit::new(at..over, typed), Landing::Inside(typed.len()));
        } else if let Some(pair) = closing(text, selection, character, rules, typing) {
            let both = format!("{}{}", pair.open, pair.close);
            builder.push(Edit::new(at..at, both), Landing::Inside(typed.len()));
            openers.push((at, 0, Closed::Pair(pair)));
        } else {
            let edit = Edit::new(selection.range(), typed);
            builder.push(edit, Landing::Inside(typed.len()));
        }
    }
    let transaction = builder.finish(EditIntent::Typing);
    let places = openers.iter().map(|(at, ..)| (*at, Bias::Left));
    let mapped = transaction.changes.map_sorted(places);
    let closed = mapped
        .iter()
        .zip(&openers)
        .map(|(at, (_, len, closed))| {
            let inside = at + typed.len();
            (inside..inside + len, *closed)
        })
        .collect();
    Typed {
        transaction,
        closed,
    }
}

/// What the typed sign brings so that an element has an end.
fn closing_tag(
    text: &Text,
    selection: &Selection,
    typed: char,
    rules: &LanguageRules,
    typing: &Typing<'_>,
) -> Option<String> {
    if !selection.is_empty() || !typing.settings.tags {
        return None;
    }
    tags::closing(
        text,
        selection.head,
        typed,
        rules.indent.tags,
        typing.syntax,
    )
}

fn plain(transaction: Transaction) -> Typed {
    Typed {
        transaction,
        closed: Vec::new(),
    }
}

/// Backspace: deletes what is selected, both of an empty pair around the caret, the spaces back to
/// the last tab stop in a row's indentation, or one grapheme.
pub fn delete_backward(
    text: &Text,
    selections: &Selections,
    typing: &Typing<'_>,
    style: &IndentStyle,
) -> Transaction {
    editing::delete(text, selections, |caret| {
        let start = text.prev_grapheme(caret);
        if in_empty_pair(text, caret, typing) {
            return start..text.next_grapheme(caret);
        }
        let indent = indent_range(text, text.row_at(caret));
        if style.insert_spaces && caret > indent.start && caret <= indent.end {
            let column = column_at_offset(text, caret, style.tab_size) as usize;
            let stop = style.stop() as usize;
            let back = column - (column - 1) / stop * stop;
            let spaces = text
                .chars_before(caret)
                .take(back)
                .take_while(|character| *character == ' ')
                .count();
            if spaces == back {
                return caret - back..caret;
            }
        }
        start..caret
    })
}

/// Whether the caret stands between an opener and its closer, and they are deleted together.
fn in_empty_pair(text: &Text, caret: usize, typing: &Typing<'_>) -> bool {
    let (Some(open), Some(close)) = (text.char_before(caret), text.char_at(caret)) else {
        return false;
    };
    if typing.settings.delete == WhichClosers::Never || open.is_alphanumeric() {
        return false;
    }
    let pair = Pair::new(open, close);
    let rules = typing.syntax.rules_at(text, caret);
    let known = rules.auto_close.iter().any(|known| known.pair == pair);
    match typing.settings.delete {
        WhichClosers::Always => known,
        WhichClosers::Auto => {
            let alone = known && typing.closed.opened_before(text, caret, pair) == Some(caret);
            // Of marks of several quotes, one goes with one.
            let of_marks = || {
                let mut marks = rules.auto_close_marks.iter();
                marks.any(|marks| {
                    let inside = typing.closed.marked_before(caret, *marks);
                    marks.quote() == Some(pair) && inside == Some(caret)
                })
            };
            alone || of_marks()
        }
        WhichClosers::Never => false,
    }
}

/// The pair that the typed character puts around what is selected.
fn surrounding(
    text: &Text,
    selection: &Selection,
    typed: char,
    rules: &LanguageRules,
    settings: PairSettings,
) -> Option<Pair> {
    if selection.is_empty() {
        return None;
    }
    let pair = *rules.surround.iter().find(|pair| pair.open == typed)?;
    let wanted = match settings.surround {
        AutoSurround::LanguageDefined => true,
        AutoSurround::Quotes => pair.is_quote(),
        AutoSurround::Brackets => !pair.is_quote(),
        AutoSurround::Never => false,
    };
    // White space is replaced.
    let mut selected = text.chunks(selection.range()).flat_map(str::chars);
    if selected.all(char::is_whitespace) {
        return None;
    }
    // A quote typed over a quote is there to replace it.
    let other_quote = selection.range().len() == 1
        && pair.is_quote()
        && text
            .char_at(selection.start())
            .is_some_and(|selected| matches!(selected, '"' | '\'' | '`'));
    (wanted && !other_quote).then_some(pair)
}

fn surround(text: &Text, selection: &Selection, pair: Pair) -> (Edit, Landing) {
    let inner = text.slice(selection.range());
    let (start, end) = (
        pair.open.len_utf8(),
        pair.open.len_utf8() + selection.range().len(),
    );
    let edit = Edit::new(
        selection.range(),
        format!("{}{inner}{}", pair.open, pair.close),
    );
    let landing = if selection.is_reversed() {
        Landing::Over(end, start)
    } else {
        Landing::Over(start, end)
    };
    (edit, landing)
}

/// Whether what is typed is the closer that follows the caret.
fn goes_over(
    text: &Text,
    at: usize,
    typed: char,
    rules: &LanguageRules,
    typing: &Typing<'_>,
) -> bool {
    if text.char_at(at) != Some(typed) {
        return false;
    }
    let Some(known) = rules.auto_close.iter().find(|one| one.pair.close == typed) else {
        return false;
    };
    // A quote after a backslash is part of the string.
    if known.pair.is_quote() && text.char_before(at) == Some('\\') {
        return false;
    }
    match typing.settings.overtype {
        WhichClosers::Always => true,
        WhichClosers::Auto => typing.closed.opened_before(text, at, known.pair).is_some(),
        WhichClosers::Never => false,
    }
}

/// The pair whose closer the typed opener brings along.
fn closing(
    text: &Text,
    selection: &Selection,
    typed: char,
    rules: &LanguageRules,
    typing: &Typing<'_>,
) -> Option<Pair> {
    if !selection.is_empty() {
        return None;
    }
    let at = selection.head;
    let known = rules.auto_close.iter().find(|one| one.pair.open == typed)?;
    let pair = known.pair;
    let is_quote = pair.is_quote();
    if !closes_before(text, at, is_quote, rules, typing.settings) {
        return None;
    }
    if is_quote && !quote_begins(text, at, pair, rules, typing.syntax) {
        return None;
    }
    let allowed = known.not_in.allows(text, at, typing.syntax);
    allowed.then_some(pair)
}

impl NotIn {
    /// Whether something is closed at an offset.
    fn allows(self, text: &Text, at: usize, syntax: &dyn SyntaxView) -> bool {
        match self {
            Self::Nowhere => true,
            Self::Strings => syntax.literal_at(text, at) != Some(Literal::String),
            Self::StringsAndComments => syntax.literal_at(text, at).is_none(),
        }
    }
}

/// Whether a quote, or a bracket, is closed before what follows an offset.
fn closes_before(
    text: &Text,
    at: usize,
    is_quote: bool,
    rules: &LanguageRules,
    settings: PairSettings,
) -> bool {
    let (wanted, most) = match is_quote {
        true => (settings.quotes, QUOTE_CLOSES_BEFORE),
        false => (settings.brackets, BRACKET_CLOSES_BEFORE),
    };
    let next = text.char_at(at);
    match wanted {
        AutoClosing::Always => true,
        AutoClosing::LanguageDefined => {
            let before = rules.closes_before.unwrap_or(most);
            next.is_none_or(|next| before.contains(next)) || marks::ends_at(text, at, rules)
        }
        AutoClosing::BeforeWhitespace => next.is_none_or(char::is_whitespace),
        AutoClosing::Never => false,
    }
}

/// Whether a quote typed at an offset would begin a string: not after a word, such as the
/// apostrophe of one, and not where the row has a string open, before the offset or in all. While one
/// types faster than the text is parsed, this alone tells that the offset is inside a string.
fn quote_begins(
    text: &Text,
    at: usize,
    pair: Pair,
    rules: &LanguageRules,
    syntax: &dyn SyntaxView,
) -> bool {
    let Some(before) = text.char_before(at) else {
        return true;
    };
    if before == pair.open || before == '\\' {
        return false;
    }
    let prefix = word_before(text, at);
    if !prefix.is_empty() && !rules.quote_prefixes.contains(&prefix.as_str()) {
        return false;
    }
    let row = text.row_at(at);
    let start = text.floor_char_boundary(text.line_start(row).max(at.saturating_sub(MAX_ROW)));
    let end = text.floor_char_boundary(text.line_end(row).min(at + MAX_ROW));
    let before = text.slice(start..at);
    let is_open = |code: &str| {
        let strings = strings_in(code, rules);
        let mut open = strings.iter().filter(|string| !string.is_closed);
        open.any(|string| string.marks.mark.starts_with(pair.open))
    };
    // A comment or a regular expression that has its end may hold a quote.
    let opens = is_open(&before) && is_open(&without_ended(text, start, &before, syntax));
    !opens && !is_open(&text.slice(at..end))
}

/// The last letters of the word before an offset, in lower case: enough to tell whether all of it is
/// a prefix of strings.
fn word_before(text: &Text, at: usize) -> String {
    let letters = text.chars_before(at).take(MAX_PREFIX + 1);
    let word: Vec<char> = letters
        .take_while(|one| CharClass::of(*one) == CharClass::Word)
        .collect();
    word.iter()
        .rev()
        .flat_map(|one| one.to_lowercase())
        .collect()
}

/// Some code that begins at an offset, with white space in the place of the comments and strings
/// that end in it: those that begin with a quote with the same.
fn without_ended(text: &Text, start: usize, code: &str, syntax: &dyn SyntaxView) -> String {
    let mut left = code.to_owned();
    let end = start + code.len();
    for literal in syntax.literals(text, start..end) {
        let within = literal.start.saturating_sub(start)..literal.end.saturating_sub(start);
        let Some(written) = code.get(within.clone()) else {
            continue;
        };
        let quote = written.chars().next();
        let is_quoted =
            start <= literal.start && quote.is_some_and(|one| matches!(one, '"' | '\'' | '`'));
        if !is_quoted || (written.len() > 1 && written.chars().next_back() == quote) {
            left.replace_range(within, &" ".repeat(written.len()));
        }
    }
    left
}
