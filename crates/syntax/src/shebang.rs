//! The language of a script by its `#!` line.

use std::borrow::Cow;

use crate::detect::find;
use crate::language::LanguageId;

/// Programs that run another one, which they are told by their arguments; some with a word of their
/// own before that.
const RUNNERS: [(&str, Option<&str>); 15] = [
    ("bundle", Some("exec")),
    ("bunx", None),
    ("busybox", None),
    ("doas", None),
    ("mise", Some("exec")),
    ("nice", None),
    ("npm", Some("exec")),
    ("npx", None),
    ("pdm", Some("run")),
    ("pipenv", Some("run")),
    ("pnpm", Some("exec")),
    ("pnpx", None),
    ("poetry", Some("run")),
    ("rye", Some("run")),
    ("sudo", None),
];

/// Options of `env` that take the next word, where what they take is not written right behind them:
/// those of GNU (`-u`, `-C`, `-a`) and those of BSD (`-P`, `-L`, `-U`).
const ENV_TAKES_WORD: [char; 6] = ['u', 'C', 'a', 'P', 'L', 'U'];
const ENV_TAKES_WORD_LONG: [&str; 3] = ["--unset", "--chdir", "--argv0"];

/// The language whose programs the one runs that a `#!` line names, be it through `env` or a program
/// that runs another one.
pub(crate) fn by_shebang(first_line: &str) -> Option<LanguageId> {
    let command = first_line.strip_prefix("#!")?;
    let mut words: Vec<_> = command.split_ascii_whitespace().map(Cow::from).collect();
    words.reverse();
    let mut program = words.pop()?;
    if name_of(&program) == "env" {
        program = started_by_env(&mut words)?;
    }
    let name = name_of(&program);
    let argument = words.last().map(|word| word.as_ref());
    // With the word that says what a program of many uses does: `uv run`.
    let with_word = argument.map(|argument| format!("{name} {argument}"));
    if let Some(found) = with_word.and_then(|both| of_interpreter(&both)) {
        return Some(found);
    }
    let mut runners = RUNNERS.iter();
    let runs = runners
        .any(|(runner, word)| *runner == name && word.is_none_or(|word| argument == Some(word)));
    if runs {
        // Whatever options stand before it, and what these take, is no interpreter.
        let mut arguments = words.iter().rev();
        return arguments.find_map(|word| of_interpreter(name_of(word)));
    }
    of_interpreter(name)
}

/// The program that `env` starts. What it is told is the rest of a line, the last word first, of which
/// the arguments of that program stay.
///
/// See the GNU Core Utilities' manual, section 23.2 (`env`), and `env(1)` of FreeBSD.
fn started_by_env<'a>(words: &mut Vec<Cow<'a, str>>) -> Option<Cow<'a, str>> {
    while let Some(word) = words.pop() {
        if let Some(long) = word.strip_prefix("--") {
            if let Some(split) = long.strip_prefix("split-string=") {
                words.push(Cow::from(split.to_owned()));
            } else if ENV_TAKES_WORD_LONG.contains(&word.as_ref()) {
                words.pop()?;
            }
        } else if let Some(flags) = word.strip_prefix('-') {
            // Flags stand together, and what the last of them takes may follow it at once.
            let takes = |flag: char| flag == 'S' || ENV_TAKES_WORD.contains(&flag);
            let Some((at, flag)) = flags.char_indices().find(|(_, flag)| takes(*flag)) else {
                continue;
            };
            let taken = &flags[at + flag.len_utf8()..];
            match (flag, taken.is_empty()) {
                // What it splits are the words that follow.
                ('S', true) => {}
                ('S', false) => words.push(Cow::from(taken.to_owned())),
                (_, true) => {
                    words.pop()?;
                }
                (_, false) => {}
            }
        } else if !word.contains('=') {
            return Some(word);
        }
    }
    None
}

/// A program without its folders.
fn name_of(program: &str) -> &str {
    // A quote is that of what `env -S` splits.
    let program = program.trim_matches(['"', '\'']);
    let name = program.rsplit('/').next().unwrap_or(program);
    name.strip_suffix(".exe").unwrap_or(name)
}

/// The language of an interpreter, also by its name with a version: `python3.12`, `ruby2.7`.
fn of_interpreter(name: &str) -> Option<LanguageId> {
    let of = |name: &str| find(|language| language.interpreters.contains(&name));
    let is_version = |sign: char| sign.is_ascii_digit() || matches!(sign, '.' | '-');
    of(name).or_else(|| of(name.trim_end_matches(is_version)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(line: &str) -> &'static str {
        by_shebang(line).map_or("none", LanguageId::id_str)
    }

    #[test]
    fn by_the_program_whatever_its_folder_and_version() {
        for (line, language) in [
            ("#!/bin/sh", "shellscript"),
            ("#! /bin/bash -eu", "shellscript"),
            ("#!/usr/bin/env python3", "python"),
            ("#!/usr/bin/python3.12 -u", "python"),
            ("#!/opt/pypy3.10/bin/pypy3.10", "python"),
            ("#!C:/Python/python.exe", "python"),
            ("#!/usr/bin/ruby2.7", "ruby"),
            ("#!/usr/bin/php8.3 -q", "php"),
            ("#!/usr/bin/env node", "javascript"),
            ("#!/usr/bin/env zx", "javascript"),
            ("#!/usr/bin/env tsx", "typescript"),
            ("#!/usr/bin/env bun", "typescript"),
            ("#!/usr/bin/env rust-script", "rust"),
            ("#!/usr/bin/env dotnet", "csharp"),
            ("#!/usr/bin/java --source 21", "java"),
            ("#!/usr/bin/env scala-cli shebang", "scala"),
            ("#!/usr/bin/awk -f", "none"),
            ("#!/usr/bin/pythonic", "none"),
            ("#!/usr/bin/env", "none"),
            ("#!", "none"),
            ("/bin/sh", "none"),
        ] {
            assert_eq!(of(line), language, "{line}");
        }
    }

    #[test]
    fn by_what_env_starts_whatever_it_is_told_before_that() {
        for (line, language) in [
            ("#!/usr/bin/env -S VAR=x python3 -u", "python"),
            ("#!/usr/bin/env -SVAR=x python3 -u", "python"),
            ("#!/usr/bin/env -Spython3 -u", "python"),
            ("#!/usr/bin/env --split-string=node --test", "javascript"),
            ("#!/usr/bin/env --split-string node --test", "javascript"),
            ("#!/usr/bin/env -vS FOO=1 node --test", "javascript"),
            ("#!/usr/bin/env -iS bash", "shellscript"),
            ("#!/usr/bin/env -u FOO bash", "shellscript"),
            ("#!/usr/bin/env -uFOO bash", "shellscript"),
            ("#!/usr/bin/env -S -u node bash", "shellscript"),
            ("#!/usr/bin/env -iu node bash", "shellscript"),
            ("#!/usr/bin/env --unset node bash", "shellscript"),
            ("#!/usr/bin/env --unset=node bash", "shellscript"),
            ("#!/usr/bin/env -C /node -S ruby -w", "ruby"),
            ("#!/usr/bin/env -P /usr/local/bin bash", "shellscript"),
            ("#!/usr/bin/env - PATH=/bin bash", "shellscript"),
            ("#!/usr/bin/env -S \"python3\" -u", "python"),
            ("#!/usr/bin/env -u", "none"),
            ("#!/usr/bin/env -S", "none"),
            ("#!/usr/bin/env tool python", "none"),
        ] {
            assert_eq!(of(line), language, "{line}");
        }
    }

    #[test]
    fn by_what_a_program_runs_that_runs_others() {
        for (line, language) in [
            ("#!/usr/bin/env -S uv run --script", "python"),
            ("#!/usr/bin/env -S uv run --with rich --script", "python"),
            ("#!/usr/bin/env -S uv pip", "none"),
            ("#!/usr/bin/env -S pipx run", "python"),
            ("#!/usr/bin/env -S deno run --allow-read", "typescript"),
            ("#!/usr/bin/env -S bun run", "typescript"),
            ("#!/usr/bin/env -S dotnet run", "csharp"),
            ("#!/usr/bin/env -S go run", "go"),
            ("#!/usr/bin/env -S npx -y tsx", "typescript"),
            ("#!/usr/bin/env -S npx --package=zx zx", "javascript"),
            ("#!/usr/bin/env -S pnpm exec ts-node", "typescript"),
            ("#!/usr/bin/env -S bundle exec ruby -w", "ruby"),
            ("#!/usr/bin/env -S poetry run python3.12", "python"),
            ("#!/usr/bin/sudo -u root /bin/bash", "shellscript"),
            ("#!/bin/busybox sh", "shellscript"),
            ("#!/usr/bin/env -S npm install node", "none"),
        ] {
            assert_eq!(of(line), language, "{line}");
        }
    }
}
