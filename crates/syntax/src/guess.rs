//! What language a text without a name looks like.

use std::path::Path;
use std::sync::LazyLock;

use regex::Regex;

use crate::detect::{DETECTED_BYTES, detect};
use crate::language::{LanguageId, built_in};

/// More places of one pattern say no more.
const MOST_PLACES: usize = 5;
/// A text with less than this of a language is in none.
const ENOUGH: usize = 4;

/// A pattern, and what each place of it is worth.
type Sign = (&'static str, usize);

/// Languages, by VS Code's identifiers, in which some patterns are found.
type SignsOf = (&'static [&'static str], &'static [Sign]);

/// What languages look like. Of those that have as much of it, the one that was named first is it.
const SIGNS: &[SignsOf] = &[
    (
        &["html"],
        &[(r"(?i)\A\s*<(!doctype html|html|head|body|div)\b", 8)],
    ),
    (&["php"], &[(r"<\?php\b", 8)]),
    (
        &["diff"],
        &[
            (r"(?m)^@@ -\d+(,\d+)? \+\d+(,\d+)? @@", 8),
            (r"(?m)^(---|\+\+\+) [ab]/", 4),
        ],
    ),
    (
        &["json"],
        &[
            (r#"\A\s*\{\s*"[^"\n]*"\s*:"#, 8),
            (r"\A\s*\[\s*[\[{]", 4),
            (r#"(?m)^\s*"[^"\n]*"\s*:\s"#, 2),
        ],
    ),
    (
        &["python"],
        &[
            (r"(?m)^\s*(async )?def \w+\(.*\).*:\s*$", 4),
            (r"(?m)^\s*class \w+(\(.*\))?:\s*$", 4),
            (r"(?m)^from [\w.]+ import ", 4),
            (r"(?m)^import [\w.]+( as \w+)?\s*$", 1),
            (r"\bif __name__ == ", 5),
            (
                r"(?m)^\s*(if|elif|else|for|while|with|try|except)\b.*:\s*$",
                2,
            ),
            (r"(?m)^\s*print\(", 1),
            (r"\bself\.\w", 1),
        ],
    ),
    (
        &["rust"],
        &[
            (r"\bfn \w+", 3),
            (r"(?m)^\s*(pub )?use \w+(::|;)", 4),
            (r"\blet mut ", 4),
            (r"(?m)^impl\b", 3),
            (r"\b(println|vec|format|assert_eq|write)!", 4),
            (r"(?m)^\s*#!?\[\w", 3),
            (r"-> (Result|Option|Self|&|u\d|i\d|String|bool)", 2),
        ],
    ),
    (
        &["go"],
        &[
            (r"(?m)^package \w+\s*$", 4),
            (r"(?m)^func (\(.*\) )?\w+\(", 4),
            (r"(?m)^import \(", 4),
            (r"\w := ", 2),
            (r"\bfmt\.[A-Z]", 2),
        ],
    ),
    (
        &["java"],
        &[
            (r"(?m)^package [\w.]+;", 4),
            (r"(?m)^import (static )?[\w.*]+;", 4),
            (
                r"\bpublic (static |final |abstract )*(class|interface|enum|record) ",
                3,
            ),
            (r"\bpublic static void main\b", 5),
            (r"\bSystem\.(out|err)\.", 4),
            (r"@Override\b", 3),
        ],
    ),
    (
        &["csharp"],
        &[
            (r"(?m)^using [\w.]+;", 5),
            (r"(?m)^namespace [\w.]+[;\s]", 3),
            (r"\bConsole\.(Write|Read)", 4),
            (
                r"\bpublic (static |sealed |partial |abstract )*(class|interface|record|struct) ",
                2,
            ),
            (r"\{ get; ", 4),
            (r"\bstatic (async )?(void|int|Task) Main\b", 4),
        ],
    ),
    (
        &["c", "cpp"],
        &[
            (r#"(?m)^\s*#\s*include\s*[<"]"#, 4),
            (r"(?m)^\s*#\s*(define|ifdef|ifndef|endif)\b", 3),
            (r"\bint main\(", 4),
            (r"\bprintf\(", 1),
            (r"(?m)^typedef ", 3),
            (
                r"(?m)^(static )?(int|void|char|double|struct \w+) \*?\w+\([^;]*\)\s*\{?\s*$",
                2,
            ),
        ],
    ),
    (
        &["cpp"],
        &[
            (r"\bstd::\w", 4),
            (
                r"(?m)^\s*#include <(iostream|vector|string|map|memory|algorithm)>",
                3,
            ),
            (
                r"(?m)^\s*(template ?<|namespace \w+ ?\{|using namespace )",
                4,
            ),
            (r"\bcout ?<<", 3),
        ],
    ),
    (
        &["javascript", "typescript"],
        &[
            (r"(?m)^\s*(const|let|var) [\w{\[].*=", 2),
            (r"\bfunction\b ?\w*\(", 2),
            (r"=> ", 1),
            (r"\bconsole\.\w+\(", 3),
            (r#"(?m)^import .* from ['"]"#, 4),
            (r#"\brequire\(['"]"#, 4),
            (r"(?m)^export (default|const|function|class)\b", 4),
            (r"\bmodule\.exports\b", 4),
            (r"===", 2),
        ],
    ),
    (
        &["typescript"],
        &[
            (r"(?m)^\s*(export )?interface \w+.*\{", 3),
            (r"(?m)^\s*(export )?type \w+.* = ", 3),
            (
                r"\w\??: (string|number|boolean|unknown|any)\b(\[\])?[,;)\s=]",
                3,
            ),
            (r"(?m)^import type ", 4),
        ],
    ),
    (
        &["ruby"],
        &[
            (r"(?m)^\s*def \w+[?!]?(\(.*\))?\s*$", 3),
            (r"(?m)^\s*end\s*$", 2),
            (r#"(?m)^require(_relative)? ['"]"#, 4),
            (r"\bdo \|\w+(, \w+)*\|", 4),
            (r"(?m)^\s*puts ", 3),
            (r"\battr_\w+ :", 4),
        ],
    ),
    (
        &["kotlin"],
        &[
            (r"(?m)^\s*(\w+ )*fun (<.*> )?[\w.]+\(", 4),
            (r"(?m)^\s*va[lr] \w+(: \w+)? = ", 2),
            (r"\bdata class ", 4),
            (r"\bprintln\(", 1),
            (r"\bwhen ?(\(.*\) )?\{", 2),
        ],
    ),
    (
        &["scala"],
        &[
            (r"(?m)^\s*(object|trait) \w+", 4),
            (r"(?m)^\s*def \w+.*=\s*\{?$", 3),
            (r"(?m)^\s*va[lr] \w+(: \w+)? = ", 2),
            (r"\bcase class ", 4),
            (r"\bextends App\b", 4),
            (r"\bimport [\w.]+\.(_|\{)", 3),
        ],
    ),
    (
        &["shellscript"],
        &[
            (r"(?m)^\s*(if \[|fi$|esac$|done$|then$)", 3),
            (r"(?m)^\s*(export )?[A-Z_]+=\S*$", 1),
            (
                r"(?m)^(sudo|cd|echo|apt|apt-get|mkdir|curl|git|npm|cargo|grep|ls|rm|cp|mv) ",
                2,
            ),
            (r#""\$\{?\w+"#, 2),
        ],
    ),
    (
        &["sql"],
        &[
            (
                r"(?im)^\s*(select\b|insert into |update \w+\s+set |delete from |create (or replace )?(table|view|index) |alter table |drop table )",
                4,
            ),
            (
                r"(?im)^\s*(from|where|group by|order by|left join|inner join|join) ",
                2,
            ),
        ],
    ),
    (
        &["dockerfile"],
        &[
            (r"(?m)^FROM [\w./:-]+( AS \w+)?\s*$", 4),
            (r"(?m)^(RUN|COPY|WORKDIR|CMD|ENTRYPOINT|EXPOSE|ENV|ADD) ", 3),
        ],
    ),
    (
        &["terraform"],
        &[(
            r#"(?m)^(resource|data|module|variable|provider|output|terraform|locals)( "[\w-]+")* \{"#,
            5,
        )],
    ),
    (
        &["toml"],
        &[
            (r"(?m)^\[\[?[\w.-]+\]\]?\s*$", 3),
            (r#"(?m)^[\w.-]+ = ("|\d|true|false|\[|\{)"#, 2),
        ],
    ),
    (
        &["css"],
        &[
            (r"(?m)^[.#@:]?[\w-]+([ ,.:>#\[][^{;\n]*)?\{\s*$", 1),
            (r"(?m)^\s+-{0,2}[a-z-]+:\s?[^;{\n]+;\s*$", 2),
            (r"@(media|import|keyframes)\b", 3),
        ],
    ),
    (
        &["markdown"],
        &[
            (r"(?m)^#{1,6} \S", 2),
            (r"(?m)^```", 3),
            (r"(?m)^\s*[-*] \[[ x]\] ", 3),
            (r"\[[^\]\n]+\]\([^)\s]+\)", 3),
            (r"(?m)^[-*] \S", 1),
            (r"\*\*\w[^*\n]*\*\*", 2),
        ],
    ),
    (
        &["yaml"],
        &[
            (r"\A---\s*\n", 4),
            (r"(?m)^[ ]*(- )?[\w./-]+:([ ]+[^;{\s][^;{\n]*)?$", 1),
            (r"(?m)^\s*- \S", 1),
        ],
    ),
];

/// A pattern whose words, digits and ends of words are those of ASCII: keywords are, and those of all
/// of Unicode take many times as long to be made, which the first text waits for.
fn of_ascii(pattern: &str) -> String {
    let words = pattern.replace(r"\w", "[0-9A-Za-z_]");
    words.replace(r"\d", "[0-9]").replace(r"\b", r"(?-u:\b)")
}

/// A language with the patterns that are found in it.
struct Signs {
    language: LanguageId,
    patterns: Vec<(Regex, usize)>,
}

/// The languages that are told by what they look like.
fn signs() -> &'static [Signs] {
    static ALL: LazyLock<Vec<Signs>> = LazyLock::new(|| {
        let mut all: Vec<Signs> = Vec::new();
        for (names, patterns) in SIGNS {
            let compiled = patterns.iter();
            // `every_sign_is_a_pattern_of_a_language` shows that all are.
            let compiled: Vec<_> = compiled
                .filter_map(|(text, worth)| Some((Regex::new(&of_ascii(text)).ok()?, *worth)))
                .collect();
            for name in *names {
                let Some(language) = built_in().iter().find(|it| it.id_str == *name) else {
                    continue;
                };
                let more = compiled.iter().cloned();
                match all.iter_mut().find(|signs| signs.language == language.id) {
                    Some(signs) => signs.patterns.extend(more),
                    None => all.push(Signs {
                        language: language.id,
                        patterns: more.collect(),
                    }),
                }
            }
        }
        all
    });
    &ALL
}

/// The language of a text that has no name: by the program that its `#!` line names or what its first
/// line looks like, else by what stands in its beginning, of which [`DETECTED_BYTES`] are looked at.
/// What looks like none is plain text.
pub fn guess(beginning: &str) -> LanguageId {
    // Nothing is made for the many texts that are still empty.
    if beginning.trim().is_empty() {
        return LanguageId::PLAIN;
    }
    let by_first_line = detect(Path::new(""), beginning);
    if by_first_line != LanguageId::PLAIN {
        return by_first_line;
    }
    let beginning = &beginning[..beginning.floor_char_boundary(DETECTED_BYTES)];
    let worth = |signs: &Signs| {
        let patterns = signs.patterns.iter();
        let each = patterns
            .map(|(pattern, worth)| pattern.find_iter(beginning).take(MOST_PLACES).count() * worth);
        each.sum::<usize>()
    };
    let mut best = (ENOUGH - 1, LanguageId::PLAIN);
    for signs in signs() {
        let worth = worth(signs);
        if worth > best.0 {
            best = (worth, signs.language);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::languages;

    #[test]
    fn every_sign_is_a_pattern_of_a_language() {
        for (names, patterns) in SIGNS {
            for name in *names {
                let known = languages().iter().any(|language| language.id_str == *name);
                assert!(known, "{name}");
            }
            for (pattern, worth) in *patterns {
                assert!(
                    Regex::new(&of_ascii(pattern)).is_ok() && *worth > 0,
                    "{pattern}"
                );
            }
        }
    }

    #[test]
    fn a_text_without_a_name_is_told_by_what_it_looks_like() {
        for (language, text) in [
            (
                "python",
                "import os\n\ndef main():\n    print(os.getcwd())\n",
            ),
            (
                "python",
                "for x in range(3):\n    print(x)\nelse:\n    pass\n",
            ),
            ("rust", "use std::fs;\n\nfn main() {\n    let x = 1;\n}\n"),
            ("go", "package main\n\nfunc main() {\n\tx := 1\n}\n"),
            ("java", "package a.b;\n\npublic class A {\n}\n"),
            (
                "csharp",
                "using System;\n\nnamespace A;\n\npublic class B { }\n",
            ),
            (
                "c",
                "#include <stdio.h>\n\nint main(void) {\n  return 0;\n}\n",
            ),
            ("cpp", "#include <vector>\n\nstd::vector<int> all();\n"),
            (
                "javascript",
                "const a = require('fs');\na.on('x', () => {});\n",
            ),
            (
                "typescript",
                "interface A {\n  name: string;\n}\nconst a: A = { name: 'x' };\n",
            ),
            ("ruby", "require 'set'\n\ndef a\n  puts 1\nend\n"),
            ("kotlin", "fun main() {\n    val x = 1\n    println(x)\n}\n"),
            ("scala", "object Main extends App {\n  val x = 1\n}\n"),
            ("shellscript", "cd /tmp\nif [ -e a ]; then\n  rm a\nfi\n"),
            ("shellscript", "#!/bin/sh\necho 1\n"),
            ("sql", "SELECT a, b\nFROM c\nWHERE a = 1;\n"),
            ("json", "{\n  \"a\": 1,\n  \"b\": [2]\n}\n"),
            (
                "yaml",
                "name: build\non:\n  - push\njobs:\n  test:\n    steps: 3\n",
            ),
            ("toml", "[package]\nname = \"a\"\nversion = \"1\"\n"),
            (
                "terraform",
                "resource \"aws_instance\" \"a\" {\n  ami = \"x\"\n}\n",
            ),
            (
                "markdown",
                "# Title\n\nSee [this](https://a.example) and **that**.\n",
            ),
            ("html", "<!DOCTYPE html>\n<html></html>\n"),
            ("html", "<div class=\"a\">\n</div>\n"),
            ("css", ".a {\n  color: red;\n  margin: 0;\n}\n"),
            ("dockerfile", "FROM rust:1 AS build\nRUN cargo build\n"),
            ("diff", "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n"),
            ("php", "<?php\necho 1;\n"),
            (
                "plaintext",
                "Dear all,\n\nthe meeting is on Monday: at nine.\n",
            ),
            ("plaintext", ""),
        ] {
            assert_eq!(guess(text).id_str(), language, "{text}");
        }
    }

    #[test]
    fn a_long_text_is_looked_at_from_its_start_alone() {
        let late = format!("{}fn main() {{}}\nuse a::b;\n", "words\n".repeat(2000));
        assert_eq!(guess(&late), LanguageId::PLAIN);
    }
}
