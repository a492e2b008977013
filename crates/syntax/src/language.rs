//! The languages that Kiln knows.

use editor_core::auto_pair::Pair;
use editor_core::brackets::BRACKETS;

use crate::grammar::GrammarId;

/// A language by its place in the registry.
#[derive(Copy, Clone, Debug, Default, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub struct LanguageId(u16);

impl LanguageId {
    /// Text in no particular language.
    pub const PLAIN: Self = Self(0);

    /// The name that a person reads: "Rust".
    pub fn name(self) -> &'static str {
        language(self).name
    }

    /// The identifier that settings and language servers use, as in VS Code: "rust".
    pub fn id_str(self) -> &'static str {
        language(self).id_str
    }

    /// Whether texts of this language can be parsed and highlighted.
    pub fn has_grammar(self) -> bool {
        language(self).grammar.is_some()
    }
}

/// When a new line is indented by one more level than the one before.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct IndentRule {
    /// Spaces a level, where neither the file nor the settings say otherwise.
    pub width: u8,
    /// A line that ends in one of these opens a level.
    pub opens_after: &'static [char],
    /// A line that starts with one of these closes a level.
    pub closes_before: &'static [char],
}

/// What Kiln knows of a language besides its grammar.
#[derive(Debug)]
pub struct Language {
    /// Its place in the registry.
    pub id: LanguageId,
    /// The name that a person reads.
    pub name: &'static str,
    /// VS Code's identifier.
    pub id_str: &'static str,
    /// What starts a comment that ends with the line, if the language has one.
    pub line_comment: Option<&'static str>,
    /// Pairs that are closed as they are opened and matched at the caret.
    pub brackets: &'static [Pair],
    /// How new lines are indented.
    pub indent: IndentRule,
    /// File extensions, in lower case and without the dot.
    pub(crate) extensions: &'static [&'static str],
    /// Whole file names.
    pub(crate) file_names: &'static [&'static str],
    /// Programs that a `#!` line names.
    pub(crate) interpreters: &'static [&'static str],
    /// Other names, as they stand after a Markdown code fence.
    pub(crate) aliases: &'static [&'static str],
    pub(crate) grammar: Option<GrammarId>,
}

/// The language with this identifier.
pub fn language(id: LanguageId) -> &'static Language {
    LANGUAGES.get(usize::from(id.0)).unwrap_or(&LANGUAGES[0])
}

/// All languages; the first is plain text.
pub fn languages() -> &'static [Language] {
    &LANGUAGES
}

const BRACES: IndentRule = IndentRule {
    width: 4,
    opens_after: &['{', '[', '('],
    closes_before: &['}', ']', ')'],
};
const NARROW_BRACES: IndentRule = IndentRule { width: 2, ..BRACES };
const COLON: IndentRule = IndentRule {
    opens_after: &[':', '{', '[', '('],
    ..BRACES
};
const FLAT: IndentRule = IndentRule {
    width: 2,
    opens_after: &[],
    closes_before: &[],
};

/// What a language is when nothing else is said of it.
const UNKNOWN: Language = Language {
    id: LanguageId::PLAIN,
    name: "Plain Text",
    id_str: "plaintext",
    line_comment: None,
    brackets: BRACKETS,
    indent: IndentRule { width: 4, ..FLAT },
    extensions: &["txt", "text", "log"],
    file_names: &[],
    interpreters: &[],
    aliases: &[],
    grammar: None,
};

static LANGUAGES: [Language; 17] = [
    UNKNOWN,
    Language {
        id: LanguageId(1),
        name: "Rust",
        id_str: "rust",
        line_comment: Some("//"),
        indent: BRACES,
        extensions: &["rs"],
        interpreters: &["rust-script"],
        aliases: &["rs", "rust,no_run", "rust,ignore"],
        grammar: Some(GrammarId::Rust),
        ..UNKNOWN
    },
    Language {
        id: LanguageId(2),
        name: "Python",
        id_str: "python",
        line_comment: Some("#"),
        indent: COLON,
        extensions: &["py", "pyi", "pyw"],
        file_names: &["SConstruct", "SConscript", "wscript"],
        interpreters: &["python", "python2", "python3", "pypy", "pypy3"],
        aliases: &["py", "python3", "py3"],
        grammar: Some(GrammarId::Python),
        ..UNKNOWN
    },
    Language {
        id: LanguageId(3),
        name: "TypeScript",
        id_str: "typescript",
        line_comment: Some("//"),
        indent: NARROW_BRACES,
        extensions: &["ts", "mts", "cts"],
        interpreters: &["ts-node", "tsx", "deno", "bun"],
        aliases: &["ts"],
        grammar: Some(GrammarId::TypeScript),
        ..UNKNOWN
    },
    Language {
        id: LanguageId(4),
        name: "TypeScript JSX",
        id_str: "typescriptreact",
        line_comment: Some("//"),
        indent: NARROW_BRACES,
        extensions: &["tsx"],
        aliases: &["tsx"],
        grammar: Some(GrammarId::Tsx),
        ..UNKNOWN
    },
    Language {
        id: LanguageId(5),
        name: "JavaScript",
        id_str: "javascript",
        line_comment: Some("//"),
        indent: NARROW_BRACES,
        extensions: &["js", "mjs", "cjs", "jsx"],
        file_names: &["Jakefile"],
        interpreters: &["node", "nodejs"],
        aliases: &["js", "jsx", "mjs", "node"],
        grammar: Some(GrammarId::JavaScript),
        ..UNKNOWN
    },
    Language {
        id: LanguageId(6),
        name: "JSON",
        id_str: "json",
        indent: NARROW_BRACES,
        extensions: &["json", "webmanifest", "ipynb", "geojson", "har"],
        file_names: &[
            ".prettierrc",
            ".watchmanconfig",
            "composer.lock",
            ".config.kiro",
        ],
        grammar: Some(GrammarId::Json),
        ..UNKNOWN
    },
    Language {
        id: LanguageId(7),
        name: "JSON with Comments",
        id_str: "jsonc",
        line_comment: Some("//"),
        indent: NARROW_BRACES,
        extensions: &["jsonc", "code-workspace", "code-snippets"],
        file_names: &[
            "tsconfig.json",
            "jsconfig.json",
            "settings.json",
            "keybindings.json",
            "launch.json",
            "tasks.json",
            "extensions.json",
            ".eslintrc",
            ".eslintrc.json",
            ".babelrc",
            ".swcrc",
        ],
        aliases: &["json5"],
        grammar: Some(GrammarId::Json),
        ..UNKNOWN
    },
    Language {
        id: LanguageId(8),
        name: "Markdown",
        id_str: "markdown",
        indent: FLAT,
        extensions: &["md", "markdown", "mdx", "mkd"],
        aliases: &["md"],
        grammar: Some(GrammarId::Markdown),
        ..UNKNOWN
    },
    Language {
        id: LanguageId(9),
        name: "TOML",
        id_str: "toml",
        line_comment: Some("#"),
        extensions: &["toml"],
        file_names: &["Cargo.lock", "poetry.lock", "uv.lock", "Pipfile"],
        ..UNKNOWN
    },
    Language {
        id: LanguageId(10),
        name: "YAML",
        id_str: "yaml",
        line_comment: Some("#"),
        indent: IndentRule {
            opens_after: &[':', '{', '['],
            closes_before: &['}', ']'],
            ..FLAT
        },
        extensions: &["yaml", "yml"],
        file_names: &[".clang-format", ".clang-tidy"],
        aliases: &["yml"],
        ..UNKNOWN
    },
    Language {
        id: LanguageId(11),
        name: "Shell",
        id_str: "shellscript",
        line_comment: Some("#"),
        indent: NARROW_BRACES,
        extensions: &["sh", "bash", "zsh", "ksh"],
        file_names: &[".bashrc", ".bash_profile", ".profile", ".zshrc", ".envrc"],
        interpreters: &["sh", "bash", "zsh", "dash", "ksh", "ash"],
        aliases: &["sh", "bash", "zsh", "shell", "console"],
        ..UNKNOWN
    },
    Language {
        id: LanguageId(12),
        name: "HTML",
        id_str: "html",
        indent: NARROW_BRACES,
        extensions: &["html", "htm", "xhtml"],
        ..UNKNOWN
    },
    Language {
        id: LanguageId(13),
        name: "CSS",
        id_str: "css",
        indent: NARROW_BRACES,
        extensions: &["css"],
        ..UNKNOWN
    },
    Language {
        id: LanguageId(14),
        name: "Go",
        id_str: "go",
        line_comment: Some("//"),
        indent: BRACES,
        extensions: &["go"],
        aliases: &["golang"],
        ..UNKNOWN
    },
    Language {
        id: LanguageId(15),
        name: "C",
        id_str: "c",
        line_comment: Some("//"),
        indent: BRACES,
        extensions: &["c", "h"],
        ..UNKNOWN
    },
    Language {
        id: LanguageId(16),
        name: "C++",
        id_str: "cpp",
        line_comment: Some("//"),
        indent: BRACES,
        extensions: &["cpp", "cc", "cxx", "hpp", "hh", "hxx"],
        aliases: &["c++"],
        ..UNKNOWN
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_language_stands_at_its_own_place_and_owns_its_names() {
        let mut seen = HashSet::new();
        for (place, language) in languages().iter().enumerate() {
            assert_eq!(usize::from(language.id.0), place, "{}", language.name);
            if place > 0 {
                assert_ne!(language.id_str, "plaintext");
                assert_ne!(language.extensions, UNKNOWN.extensions, "{}", language.name);
            }
            for extension in language.extensions {
                assert!(seen.insert(format!(".{extension}")), "{extension} is taken");
            }
            for name in language.file_names {
                assert!(seen.insert((*name).to_owned()), "{name} is taken");
            }
        }
    }
}
