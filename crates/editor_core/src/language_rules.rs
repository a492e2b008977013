use crate::WordChars;
use crate::auto_pair::{AutoMarks, AutoPair, Pair};

/// How text of a language is typed: what goes in pairs, what a comment is, what a new line begins
/// with. The `syntax` crate has one for every language.
#[derive(Debug, PartialEq, Eq)]
pub struct LanguageRules {
    /// What is closed as it is opened.
    pub auto_close: &'static [AutoPair],
    /// What is closed as the last of its signs is typed.
    pub auto_close_marks: &'static [AutoMarks],
    /// What is put around selected text.
    pub surround: &'static [Pair],
    /// What belongs to its words.
    pub word_chars: WordChars,
    /// Letters that may stand before a quote that begins a string, such as Python's `f`.
    pub quote_prefixes: &'static [&'static str],
    /// Before which signs something is closed as it is opened (VS Code's `autoCloseBefore`); `None`
    /// for those of most languages.
    pub closes_before: Option<&'static str>,
    /// What encloses strings, the longer marks before those that they begin with. Nothing where no
    /// more is known than which quotes are closed.
    pub strings: &'static [StringMarks],
    /// What starts a comment that ends with the line.
    pub line_comment: Option<&'static str>,
    /// What encloses a comment.
    pub block_comment: Option<BlockComment>,
    /// What encloses a comment among markup, where that stands among code.
    pub markup_comment: Option<BlockComment>,
    /// How lines are indented.
    pub indent: IndentRules,
}

/// What encloses a string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StringMarks {
    /// Both at its beginning and at its end.
    pub mark: &'static str,
    /// Whether it may go on in the next row.
    pub spans_rows: bool,
    /// Whether a backslash takes its meaning from the sign after it.
    pub escapes: bool,
}

impl StringMarks {
    /// Of a string that ends with its row, in which a backslash takes the meaning from a sign.
    pub const fn of_row(mark: &'static str) -> Self {
        Self {
            mark,
            spans_rows: false,
            escapes: true,
        }
    }
}

/// The marks around a comment of any length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BlockComment {
    /// What begins it.
    pub open: &'static str,
    /// What ends it.
    pub close: &'static str,
    /// Whether its marks count at the beginning of a row alone, so that it goes around whole rows.
    pub of_rows: bool,
}

impl BlockComment {
    /// A comment between two marks.
    pub const fn new(open: &'static str, close: &'static str) -> Self {
        Self {
            open,
            close,
            of_rows: false,
        }
    }

    /// The same between marks that count at the beginning of a row alone, as Ruby's do.
    #[must_use]
    pub const fn of_rows(self) -> Self {
        Self {
            of_rows: true,
            ..self
        }
    }
}

/// How lines of a language are indented, beside what brackets say.
#[derive(Debug, PartialEq, Eq)]
pub struct IndentRules {
    /// Whether the indentation is what says which lines belong together, so that it must never be
    /// worked out from anything else.
    pub significant: bool,
    /// Whether what is pasted stays as it was copied, since the text is no code.
    pub keeps_pasted: bool,
    /// A line that ends with one of these opens a level.
    pub opens_after: &'static [char],
    /// A line that ends with one of these words opens a level.
    pub opens_after_words: &'static [&'static str],
    /// A line that ends with one of these signs opens a level.
    pub opens_after_marks: &'static [&'static str],
    /// What a call begins with that goes on with the statement of the line above, such as `.`.
    pub chain_marks: &'static [&'static str],
    /// Whether such a call stands level with the bracket that ends what it is called on, where that
    /// begins a line, as rustfmt has it, and not one level deeper.
    pub chains_level_with_ends: bool,
    /// Whether a statement ends with its line and no sign says so, so that what follows the calls
    /// that go on with it stands where it began.
    pub rows_end_statements: bool,
    /// Signs at the end of a line behind which a statement goes on: the next line is one level deeper,
    /// and those after it stand below that one.
    pub continues_after: &'static [&'static str],
    /// What an item of a list begins with whose further lines stand below what is behind it, such as
    /// the `-` of YAML.
    pub item_mark: Option<char>,
    /// A line whose first word is one of these opens a level, unless a word of `dedents` that is
    /// not among them ends it, as `end` does in Ruby.
    pub opens_with_words: &'static [&'static str],
    /// Of these words, those that do also where a value begins with them, as in `a = if b`.
    pub opens_as_value: &'static [&'static str],
    /// Words that may stand before the first word of a line, such as `private`.
    pub prefix_words: &'static [&'static str],
    /// Lines that open no level though their first word would.
    pub short: &'static [Short],
    /// A line whose first word is one of these opens a level where it ends with a colon.
    pub opens_with_colon: &'static [&'static str],
    /// A line whose first word is one of these ends a block: what follows is one level out.
    pub ends_after_words: &'static [&'static str],
    /// A line that ends with one of these ends a block: what follows is one level out.
    pub ends_after: &'static [&'static str],
    /// First words of the lines in whose blocks a line that ends with a `)` without a partner opens
    /// a level, as the patterns of `case` do in the shell.
    pub pattern_of: &'static [&'static str],
    /// A line whose first word is one of these stands where the block began that it goes on with
    /// or ends.
    pub dedents: &'static [Dedent],
    /// First words of the lines that name a part of what is in brackets, such as `case`.
    pub labels: &'static [&'static str],
    /// Where labels stand.
    pub label_place: LabelPlace,
    /// First words of such lines that stand where the line of the bracket does, wherever others
    /// stand, such as `public`.
    pub outside_labels: &'static [&'static str],
    /// First words of the lines that one statement follows, where nothing but what stands in
    /// parentheses is behind them, such as `if`.
    pub statement_follows: &'static [&'static str],
    /// Whether a line that opens an element by its tag opens a level.
    pub tags: TagRules,
    /// Whether elements between tags stand among the code.
    pub markup: bool,
    /// What begins a comment of lines that goes on with Enter, such as `///`.
    pub continued_comments: &'static [&'static str],
    /// Whether Enter before text of a line comment goes on with the comment, as VS Code's
    /// `onEnterRules` have it for the languages whose comments begin with `//`.
    pub splits_comments: bool,
    /// What only patterns say, of languages that come from elsewhere.
    pub patterns: Option<IndentPatterns>,
}

/// Says of whole lines whether they open or close a block, as VS Code's `indentationRules` do, and
/// what Enter does in them, as its `onEnterRules` do. Only the lines of one keystroke are asked about,
/// and each answer is bounded in time.
#[derive(Clone, Copy)]
pub struct IndentPatterns(pub &'static dyn LinePatterns);

/// See [`IndentPatterns`].
pub trait LinePatterns: Send + Sync {
    /// Whether what follows a line is one level deeper.
    fn opens(&self, line: &str) -> bool;

    /// Whether a line is one level out.
    fn closes(&self, line: &str) -> bool;

    /// What Enter does between two parts of a line, below the line `above`, which is empty where
    /// there is none. Nothing where the language has no rule for it.
    fn on_enter(&self, above: &str, before: &str, after: &str) -> Option<EnterAction>;
}

/// What Enter does by a rule of a language: an `action` of VS Code's `onEnterRules`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EnterAction {
    /// Where the new line stands.
    pub indent: EnterIndent,
    /// What it begins with behind its indentation.
    pub append: &'static str,
    /// How many of the last characters of the broken line's indentation it does not take over.
    pub remove: usize,
}

/// Where the line that Enter makes stands, as seen from the one that it breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EnterIndent {
    /// Where that one does.
    Same,
    /// One level in.
    Deeper,
    /// One level out.
    Shallower,
    /// One level in, or behind what it begins with where it begins with something; what stands
    /// behind the caret goes to another line, which stands where the broken one does.
    Split,
}

impl std::fmt::Debug for IndentPatterns {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("IndentPatterns")
    }
}

impl PartialEq for IndentPatterns {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::addr_eq(self.0, other.0)
    }
}

impl Eq for IndentPatterns {}

/// Which tags open elements.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum TagRules {
    /// None: there is no markup.
    #[default]
    None,
    /// All but those of elements that have no end in HTML.
    Html,
    /// Those that stand among code, as in JSX, where `<` compares and names types too.
    InCode,
}

/// Where the lines of labels stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LabelPlace {
    /// One level inside the brackets, and what follows another.
    Inside,
    /// Where the line of the bracket does.
    Outside,
}

/// A first word that closes what others opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dedent {
    /// The word.
    pub word: &'static str,
    /// The first and the last words of the lines that it may belong to.
    pub belongs_to: &'static [&'static str],
    /// Those of the lines in which it is one of several, and stays where it is typed as the first.
    pub stays_in: &'static [&'static str],
    /// The line must end with this character, such as Python's colon, before it moves. A space must
    /// follow the word at once.
    pub ends_with: Option<char>,
}

/// What says that a line opens no level though its first word would.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Short {
    /// The word.
    pub word: &'static str,
    /// What then stands in the line outside of brackets with something behind it, as ` = ` does in
    /// Ruby's `def a(b) = c`.
    pub mark: &'static str,
}

impl LanguageRules {
    /// A text in no language.
    pub const PLAIN: Self = Self {
        auto_close: &[],
        auto_close_marks: &[],
        surround: crate::auto_pair::COMMON_PAIRS,
        word_chars: WordChars::NONE,
        quote_prefixes: &[],
        closes_before: None,
        strings: &[],
        line_comment: None,
        block_comment: None,
        markup_comment: None,
        indent: IndentRules::PLAIN,
    };
}

impl IndentRules {
    /// Brackets alone.
    pub const PLAIN: Self = Self {
        significant: false,
        keeps_pasted: false,
        opens_after: &[],
        opens_after_words: &[],
        opens_after_marks: &[],
        chain_marks: &[],
        chains_level_with_ends: false,
        rows_end_statements: false,
        continues_after: &[],
        item_mark: None,
        opens_with_words: &[],
        opens_as_value: &[],
        prefix_words: &[],
        short: &[],
        opens_with_colon: &[],
        ends_after_words: &[],
        ends_after: &[],
        pattern_of: &[],
        dedents: &[],
        labels: &[],
        outside_labels: &[],
        statement_follows: &[],
        tags: TagRules::None,
        label_place: LabelPlace::Inside,
        markup: false,
        continued_comments: &[],
        splits_comments: false,
        patterns: None,
    };
}
