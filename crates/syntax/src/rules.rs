//! How each language is typed: what goes in pairs, what a comment is, what a new line begins with.

use editor_core::auto_pair::{AutoPair, NotIn, Pair};
use editor_core::{BlockComment, Dedent, IndentRules, LabelPlace, LanguageRules};

const ROUND: AutoPair = AutoPair::new('(', ')', NotIn::Nowhere);
const SQUARE: AutoPair = AutoPair::new('[', ']', NotIn::Nowhere);
const CURLY: AutoPair = AutoPair::new('{', '}', NotIn::Nowhere);
const DOUBLE: AutoPair = AutoPair::new('"', '"', NotIn::Strings);
const SINGLE: AutoPair = AutoPair::new('\'', '\'', NotIn::StringsAndComments);
const BACKTICK: AutoPair = AutoPair::new('`', '`', NotIn::StringsAndComments);
const C_COMMENT: Option<BlockComment> = Some(BlockComment::new("/*", "*/"));
const HTML_COMMENT: Option<BlockComment> = Some(BlockComment::new("<!--", "-->"));

/// Text in no language: nothing is closed by itself.
pub(crate) static PLAIN: LanguageRules = LanguageRules {
    indent: SIGNIFICANT,
    ..LanguageRules::PLAIN
};

/// Nothing but the text says how it is indented.
const SIGNIFICANT: IndentRules = IndentRules {
    significant: true,
    ..IndentRules::PLAIN
};

/// `switch` with its cases inside.
const CASES: IndentRules = IndentRules {
    labels: &["case", "default"],
    splits_comments: true,
    ..IndentRules::PLAIN
};

pub(crate) static RUST: LanguageRules = LanguageRules {
    // An apostrophe begins a lifetime as often as a character.
    auto_close: &[ROUND, SQUARE, CURLY, DOUBLE],
    quote_prefixes: &["b", "c", "r", "br", "cr"],
    line_comment: Some("//"),
    block_comment: C_COMMENT,
    surround: &[
        Pair::new('(', ')'),
        Pair::new('[', ']'),
        Pair::new('{', '}'),
        Pair::new('<', '>'),
        Pair::new('"', '"'),
        Pair::new('`', '`'),
    ],
    indent: IndentRules {
        continued_comments: &["///", "//!"],
        splits_comments: true,
        ..IndentRules::PLAIN
    },
};

pub(crate) static PYTHON: LanguageRules = LanguageRules {
    auto_close: &[ROUND, SQUARE, CURLY, DOUBLE, SINGLE, BACKTICK],
    quote_prefixes: &["b", "f", "r", "u", "br", "fr", "rb", "rf", "t"],
    line_comment: Some("#"),
    block_comment: Some(BlockComment::new("\"\"\"", "\"\"\"")),
    indent: IndentRules {
        significant: true,
        opens_after: &[':'],
        ends_after_words: &["return", "pass", "break", "continue", "raise"],
        dedents: &[
            Dedent {
                word: "else",
                belongs_to: &["if", "elif", "for", "while", "except", "try"],
                ends_with: Some(':'),
            },
            Dedent {
                word: "elif",
                belongs_to: &["if", "elif"],
                ends_with: Some(':'),
            },
            Dedent {
                word: "except",
                belongs_to: &["try", "except"],
                ends_with: Some(':'),
            },
            Dedent {
                word: "finally",
                belongs_to: &["try", "except", "else"],
                ends_with: Some(':'),
            },
        ],
        ..IndentRules::PLAIN
    },
    ..LanguageRules::PLAIN
};

/// TypeScript, JavaScript and their kin.
pub(crate) static ECMA: LanguageRules = LanguageRules {
    auto_close: &[ROUND, SQUARE, CURLY, DOUBLE, SINGLE, BACKTICK],
    line_comment: Some("//"),
    block_comment: C_COMMENT,
    surround: &[
        Pair::new('(', ')'),
        Pair::new('[', ']'),
        Pair::new('{', '}'),
        Pair::new('<', '>'),
        Pair::new('"', '"'),
        Pair::new('\'', '\''),
        Pair::new('`', '`'),
    ],
    indent: IndentRules {
        markup: true,
        ..CASES
    },
    ..LanguageRules::PLAIN
};

pub(crate) static JSON: LanguageRules = LanguageRules {
    auto_close: &[ROUND, SQUARE, CURLY, DOUBLE],
    ..LanguageRules::PLAIN
};

pub(crate) static JSONC: LanguageRules = LanguageRules {
    auto_close: &[ROUND, SQUARE, CURLY, DOUBLE],
    line_comment: Some("//"),
    block_comment: C_COMMENT,
    indent: IndentRules {
        splits_comments: true,
        ..IndentRules::PLAIN
    },
    ..LanguageRules::PLAIN
};

pub(crate) static MARKDOWN: LanguageRules = LanguageRules {
    auto_close: &[ROUND, SQUARE, CURLY],
    surround: &[
        Pair::new('(', ')'),
        Pair::new('[', ']'),
        Pair::new('{', '}'),
        Pair::new('<', '>'),
        Pair::new('"', '"'),
        Pair::new('\'', '\''),
        Pair::new('`', '`'),
        Pair::new('_', '_'),
        Pair::new('*', '*'),
        Pair::new('~', '~'),
    ],
    block_comment: HTML_COMMENT,
    indent: SIGNIFICANT,
    ..LanguageRules::PLAIN
};

pub(crate) static TOML: LanguageRules = LanguageRules {
    auto_close: &[ROUND, SQUARE, CURLY, DOUBLE, SINGLE],
    line_comment: Some("#"),
    indent: SIGNIFICANT,
    ..LanguageRules::PLAIN
};

pub(crate) static YAML: LanguageRules = LanguageRules {
    auto_close: &[ROUND, SQUARE, CURLY, DOUBLE, SINGLE],
    line_comment: Some("#"),
    indent: IndentRules {
        opens_after: &[':'],
        ..SIGNIFICANT
    },
    ..LanguageRules::PLAIN
};

pub(crate) static SHELL: LanguageRules = LanguageRules {
    auto_close: &[ROUND, SQUARE, CURLY, DOUBLE, SINGLE, BACKTICK],
    line_comment: Some("#"),
    indent: IndentRules {
        opens_after_words: &["then", "do", "else"],
        dedents: &[
            Dedent {
                word: "fi",
                belongs_to: &["if", "elif", "else"],
                ends_with: None,
            },
            Dedent {
                word: "else",
                belongs_to: &["if", "elif"],
                ends_with: None,
            },
            Dedent {
                word: "elif",
                belongs_to: &["if", "elif"],
                ends_with: None,
            },
            Dedent {
                word: "done",
                belongs_to: &["for", "while", "until", "select"],
                ends_with: None,
            },
        ],
        ..SIGNIFICANT
    },
    ..LanguageRules::PLAIN
};

pub(crate) static HTML: LanguageRules = LanguageRules {
    auto_close: &[ROUND, SQUARE, CURLY, DOUBLE, SINGLE],
    surround: &[
        Pair::new('(', ')'),
        Pair::new('[', ']'),
        Pair::new('{', '}'),
        Pair::new('<', '>'),
        Pair::new('"', '"'),
        Pair::new('\'', '\''),
    ],
    block_comment: HTML_COMMENT,
    indent: SIGNIFICANT,
    ..LanguageRules::PLAIN
};

pub(crate) static CSS: LanguageRules = LanguageRules {
    auto_close: &[ROUND, SQUARE, CURLY, DOUBLE, SINGLE],
    block_comment: C_COMMENT,
    ..LanguageRules::PLAIN
};

/// C and C++.
pub(crate) static C_LIKE: LanguageRules = LanguageRules {
    indent: CASES,
    auto_close: &[ROUND, SQUARE, CURLY, DOUBLE, SINGLE],
    line_comment: Some("//"),
    block_comment: C_COMMENT,
    ..LanguageRules::PLAIN
};

pub(crate) static GO: LanguageRules = LanguageRules {
    indent: IndentRules {
        label_place: LabelPlace::Outside,
        ..CASES
    },
    auto_close: &[ROUND, SQUARE, CURLY, DOUBLE, SINGLE, BACKTICK],
    line_comment: Some("//"),
    block_comment: C_COMMENT,
    ..LanguageRules::PLAIN
};
