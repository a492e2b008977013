//! Finding out which language a file is in.

use std::path::Path;
use std::sync::LazyLock;

use regex::Regex;

use crate::language::{Language, LanguageId, built_in, languages};
use crate::shebang::by_shebang;

/// How much of a text says which language it is in, in bytes from its start.
pub const DETECTED_BYTES: usize = 8 * 1024;

/// The longest first line that is looked at, in bytes.
const MAX_FIRST_LINE: usize = 256;

/// The language of a file, from its name, its extension, the program that its `#!` line names, or
/// what its first line looks like. `beginning` is that of its text, of which [`DETECTED_BYTES`] are
/// enough and none are needed: it tells apart the languages that share an extension, such as `.h`.
/// What nothing is known of is plain text.
pub fn detect(path: &Path, beginning: &str) -> LanguageId {
    let first_line = beginning.lines().next().unwrap_or_default();
    let first_line = &first_line[..first_line.floor_char_boundary(MAX_FIRST_LINE)];
    let name = path.file_name().and_then(|name| name.to_str());
    if let Some(name) = name {
        if let Some(found) = find(|language| language.file_names.contains(&name)) {
            return found;
        }
        if let Some(found) =
            find(|language| language.file_globs.iter().any(|glob| fits(glob, name)))
        {
            return found;
        }
        if let Some(found) = by_pattern(path, name) {
            return found;
        }
        // "Cargo.toml.orig" is still TOML to its reader.
        let mut extensions = name.split('.').skip(1).collect::<Vec<_>>();
        extensions.reverse();
        for extension in extensions.into_iter().take(2) {
            let extension = extension.to_ascii_lowercase();
            let known = |language: &Language| language.extensions.contains(&extension.as_str());
            if let Some(found) = by_content(&extension, beginning).or_else(|| find(known)) {
                return found;
            }
            if !matches!(
                extension.as_str(),
                "orig" | "bak" | "tmpl" | "example" | "dist"
            ) {
                break;
            }
        }
    }
    by_shebang(first_line)
        .or_else(|| by_first_line(first_line))
        .unwrap_or(LanguageId::PLAIN)
}

/// Whether a file name has the form of a pattern, in which `*` stands for any characters.
fn fits(glob: &str, name: &str) -> bool {
    let Some((before, after)) = glob.split_once('*') else {
        return glob == name;
    };
    let rest = name.strip_prefix(before);
    rest.is_some_and(|rest| rest.ends_with(after))
}

/// By the patterns of an imported language: those with a slash are for the whole path.
fn by_pattern(path: &Path, name: &str) -> Option<LanguageId> {
    find(|language| {
        let mut patterns = language.file_patterns.iter();
        patterns.any(|(whole, pattern)| match whole {
            true => pattern.is_match(path),
            false => pattern.is_match(name),
        })
    })
}

/// By what stands in the text, for an extension that several languages share.
fn by_content(extension: &str, beginning: &str) -> Option<LanguageId> {
    static PATTERNS: LazyLock<Vec<(&Language, Regex)>> = LazyLock::new(|| {
        let with_patterns = built_in().iter();
        with_patterns
            .filter_map(|language| {
                let pattern = in_few_classes(language.content?);
                Some((language, Regex::new(&pattern).ok()?))
            })
            .collect()
    });
    let shares = |language: &Language| language.shared_extensions.contains(&extension);
    // No pattern is made for a name alone, nor for the many files that it is not for.
    if beginning.is_empty() || !built_in().iter().any(shares) {
        return None;
    }
    let beginning = &beginning[..beginning.floor_char_boundary(DETECTED_BYTES)];
    let mut sharing = PATTERNS.iter();
    let found = sharing.find(|(language, pattern)| shares(language) && pattern.is_match(beginning));
    found.map(|(language, _)| language.id)
}

/// A pattern in which all signs beyond ASCII are signs of words, and white space is that of ASCII: the
/// classes of Unicode take many times as long to be made, which the first file waits for.
fn in_few_classes(pattern: &str) -> String {
    let words = pattern.replace(r"\w", r"[0-9A-Za-z_\u{80}-\u{10ffff}]");
    words
        .replace(r"\s", r"[ \t\r\n]")
        .replace(r"\b", r"(?-u:\b)")
}

fn by_first_line(first_line: &str) -> Option<LanguageId> {
    static PATTERNS: LazyLock<Vec<(LanguageId, Regex)>> = LazyLock::new(|| {
        let with_patterns = built_in().iter();
        with_patterns
            .filter_map(|language| {
                let pattern = in_few_classes(language.first_line?);
                Some((language.id, Regex::new(&pattern).ok()?))
            })
            .collect()
    });
    if first_line.is_empty() {
        return None;
    }
    let found = PATTERNS.iter().find(|(_, line)| line.is_match(first_line));
    let imported = |language: &Language| {
        let pattern = language.first_line_pattern;
        pattern.is_some_and(|pattern| pattern.is_match(first_line))
    };
    found.map(|(id, _)| *id).or_else(|| find(imported))
}

/// The language that a name stands for: an identifier ("rust"), a display name ("Rust"), an
/// extension ("rs") or an alias ("py3"), without regard to case. As after a Markdown code fence,
/// what follows the first comma, space or brace is ignored.
pub fn by_name(name: &str) -> Option<LanguageId> {
    let name = name
        .trim_start_matches(['{', '.'])
        .split([',', ' ', '\t', '{', '}', ':'])
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    if name.is_empty() {
        return None;
    }
    let name = name.as_str();
    find(|language| language.id_str == name || language.aliases.contains(&name))
        .or_else(|| find(|language| language.extensions.contains(&name)))
        .or_else(|| find(|language| language.name.eq_ignore_ascii_case(name)))
}

pub(crate) fn find(predicate: impl Fn(&Language) -> bool) -> Option<LanguageId> {
    languages()
        .iter()
        .find(|language| predicate(language))
        .map(|language| language.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detected(path: &str, first_line: &str) -> &'static str {
        detect(Path::new(path), first_line).id_str()
    }

    #[test]
    fn by_extension_in_any_case() {
        assert_eq!(detected("src/main.rs", ""), "rust");
        assert_eq!(detected("TOOL.PY", ""), "python");
        assert_eq!(detected("a.d.ts", ""), "typescript");
        assert_eq!(detected("App.tsx", ""), "typescriptreact");
        assert_eq!(detected("README.md", ""), "markdown");
        assert_eq!(detected("photo.jpeg", ""), "plaintext");
        assert_eq!(detected(".rs", ""), "rust");
        assert_eq!(detected("noextension", ""), "plaintext");
    }

    #[test]
    fn by_name_before_extension() {
        assert_eq!(detected("web/tsconfig.json", ""), "jsonc");
        assert_eq!(detected("package.json", ""), "json");
        assert_eq!(detected("Cargo.lock", ""), "toml");
        assert_eq!(detected(".kiro/specs/a/.config.kiro", ""), "json");
        assert_eq!(detected("Cargo.toml.orig", ""), "toml");
        assert_eq!(detected("web/tsconfig.build.json", ""), "jsonc");
        assert_eq!(detected("tsconfig.js", ""), "javascript");
        assert_eq!(detected("app.js.map", ""), "json");
        assert_eq!(detected(".eslintrc", ""), "jsonc");
        assert_eq!(detected("Dockerfile", ""), "dockerfile");
        assert_eq!(detected("Dockerfile.dev", ""), "dockerfile");
        assert_eq!(detected("web.dockerfile", ""), "dockerfile");
        assert_eq!(detected("Gemfile", ""), "ruby");
        assert_eq!(detected("main.tf", ""), "terraform");
        assert_eq!(detected(".terraform.lock.hcl", ""), "terraform");
        assert_eq!(detected("pack.pkr.hcl", ""), "hcl");
        assert_eq!(detected(".git/COMMIT_EDITMSG", ""), "git-commit");
    }

    #[test]
    fn by_content_where_languages_share_an_extension() {
        for beginning in [
            "#pragma once\n\nnamespace shop {\n",
            "class Vec {\n",
            "template <typename T>\n",
            "struct A {\n public:\n",
            "#include <vector>\n",
            "using namespace std;\n",
        ] {
            assert_eq!(detected("a.h", beginning), "cpp", "{beginning}");
        }
        for beginning in [
            "",
            "#include <stdio.h>\nstruct a { int class_of; };\n",
            "/* The class of it. */\nint f(void);\n",
            "extern \"C\" {\n",
        ] {
            assert_eq!(detected("a.h", beginning), "c", "{beginning}");
        }
        let late = format!("{}class A {{\n", "int x;\n".repeat(2000));
        assert_eq!(detected("a.h", &late), "c");
        assert_eq!(detected("a.c", "class A {\n"), "c");
    }

    #[test]
    fn by_rarer_names() {
        let expected = [
            ("html", "a.html.erb a.erb"),
            ("cpp", "a.ino a.cppm a.ixx a.tpp a.txx a.ii"),
            ("c", "a.i"),
            ("php", "a.php4 a.php5"),
            ("markdown", "a.mdwn a.markdn a.mdtxt a.workbook"),
            ("dockerfile", "a.containerfile"),
            ("shellscript", ".zlogout"),
            (
                "jsonc",
                "jsconfig.app.json babel.config.json mcp.json .jsfmtrc my.color-theme.json",
            ),
        ];
        for (language, names) in expected {
            for name in names.split(' ') {
                assert_eq!(detected(name, ""), language, "{name}");
            }
        }
    }

    #[test]
    fn by_the_first_line_where_nothing_else_says_it() {
        assert_eq!(detected("page", "<!DOCTYPE HTML>"), "html");
        assert_eq!(
            detected("hooks", "# -*- mode: shell-script -*-"),
            "shellscript"
        );
        assert_eq!(detected("vector", "// vector -*- C++ -*-"), "cpp");
        assert_eq!(detected("values", "%YAML 1.2"), "yaml");
        assert_eq!(detected("page.md", "<!DOCTYPE HTML>"), "markdown");
        assert_eq!(detected("page", "<?php echo 1;"), "php");
        assert_eq!(detected("change", "diff --git a/b b/b"), "diff");
        assert_eq!(
            detected("build", "# syntax=docker/dockerfile:1"),
            "dockerfile"
        );
        assert_eq!(detected("note", "%YAMLish"), "plaintext");
    }

    #[test]
    fn by_interpreter_where_the_name_says_nothing() {
        assert_eq!(detected("tool", "#!/usr/bin/env python3"), "python");
        assert_eq!(detected("tool", "#!/usr/bin/python3.12 -u"), "python");
        assert_eq!(
            detected("tool", "#!/usr/bin/env -S FOO=1 node --test"),
            "javascript"
        );
        assert_eq!(detected("tool", "#! /bin/sh"), "shellscript");
        assert_eq!(detected("tool", "#!/usr/bin/env ruby"), "ruby");
        assert_eq!(detected("tool", "#!/usr/bin/php -q"), "php");
        assert_eq!(
            detected("tool", "#!/usr/bin/env -S scala-cli shebang"),
            "scala"
        );
        assert_eq!(
            detected("tool", "#!/usr/bin/env -S uv run --script"),
            "python"
        );
        assert_eq!(detected("tool", "#!"), "plaintext");
        assert_eq!(detected("tool.rs", "#!/bin/sh"), "rust");
    }

    #[test]
    fn code_fence_names() {
        let name = |name: &str| by_name(name).map(LanguageId::id_str);
        assert_eq!(name("rs"), Some("rust"));
        assert_eq!(name("Rust"), Some("rust"));
        assert_eq!(name("rust,no_run"), Some("rust"));
        assert_eq!(name("ts"), Some("typescript"));
        assert_eq!(name("{.python}"), Some("python"));
        assert_eq!(name("c++"), Some("cpp"));
        assert_eq!(name("mermaid"), None);
        assert_eq!(name(""), None);
    }
}
