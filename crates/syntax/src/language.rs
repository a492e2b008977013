//! The languages that Kiln knows.

use editor_core::LanguageRules;
use editor_core::auto_pair::Pair;
use editor_core::brackets::BRACKETS;

use crate::grammar::GrammarId;
use crate::rules;

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

/// What Kiln knows of a language besides its grammar.
#[derive(Debug)]
pub struct Language {
    /// Its place in the registry.
    pub id: LanguageId,
    /// The name that a person reads.
    pub name: &'static str,
    /// VS Code's identifier.
    pub id_str: &'static str,
    /// Pairs that are matched at the caret.
    pub brackets: &'static [Pair],
    /// How it is typed.
    pub rules: &'static LanguageRules,
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

/// What a language is when nothing else is said of it.
const UNKNOWN: Language = Language {
    id: LanguageId::PLAIN,
    name: "Plain Text",
    id_str: "plaintext",
    brackets: BRACKETS,
    rules: &rules::PLAIN,
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
        rules: &rules::RUST,
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
        rules: &rules::PYTHON,
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
        rules: &rules::ECMA,
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
        rules: &rules::ECMA,
        extensions: &["tsx"],
        aliases: &["tsx"],
        grammar: Some(GrammarId::Tsx),
        ..UNKNOWN
    },
    Language {
        id: LanguageId(5),
        name: "JavaScript",
        id_str: "javascript",
        rules: &rules::ECMA,
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
        rules: &rules::JSON,
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
        rules: &rules::JSONC,
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
        rules: &rules::MARKDOWN,
        extensions: &["md", "markdown", "mdx", "mkd"],
        aliases: &["md"],
        grammar: Some(GrammarId::Markdown),
        ..UNKNOWN
    },
    Language {
        id: LanguageId(9),
        name: "TOML",
        id_str: "toml",
        rules: &rules::TOML,
        extensions: &["toml"],
        file_names: &["Cargo.lock", "poetry.lock", "uv.lock", "Pipfile"],
        ..UNKNOWN
    },
    Language {
        id: LanguageId(10),
        name: "YAML",
        id_str: "yaml",
        rules: &rules::YAML,
        extensions: &["yaml", "yml"],
        file_names: &[".clang-format", ".clang-tidy"],
        aliases: &["yml"],
        ..UNKNOWN
    },
    Language {
        id: LanguageId(11),
        name: "Shell",
        id_str: "shellscript",
        rules: &rules::SHELL,
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
        rules: &rules::HTML,
        extensions: &["html", "htm", "xhtml"],
        ..UNKNOWN
    },
    Language {
        id: LanguageId(13),
        name: "CSS",
        id_str: "css",
        rules: &rules::CSS,
        extensions: &["css"],
        ..UNKNOWN
    },
    Language {
        id: LanguageId(14),
        name: "Go",
        id_str: "go",
        rules: &rules::GO,
        extensions: &["go"],
        aliases: &["golang"],
        ..UNKNOWN
    },
    Language {
        id: LanguageId(15),
        name: "C",
        id_str: "c",
        rules: &rules::C_LIKE,
        extensions: &["c", "h"],
        ..UNKNOWN
    },
    Language {
        id: LanguageId(16),
        name: "C++",
        id_str: "cpp",
        rules: &rules::C_LIKE,
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
