//! `:s`: patterns and what takes their place.

use editor_core::Edit;

use crate::report::Substituted;
use crate::{Effect, Vim};

impl Vim {
    pub(crate) fn repeat_substitute(&mut self) {
        let Some((pattern, replacement, _)) = self.substitute.clone() else {
            return self.fail("E35: No previous regular expression");
        };
        let row = self.row(self.cursor);
        self.substitute_rows(row, row, &pattern, &replacement, "");
    }

    /// `g&`: the last substitution in all lines, with its flags and the pattern of the last search.
    pub(crate) fn repeat_substitute_everywhere(&mut self) {
        let Some((_, replacement, flags)) = self.substitute.clone() else {
            return self.fail("E35: No previous regular expression");
        };
        if let Some(pattern) = self.pattern_or_last(String::new()) {
            self.substitute_rows(0, self.rows() - 1, &pattern, &replacement, &flags);
        }
    }

    pub(crate) fn substitute_command(&mut self, first: usize, last: usize, arguments: &str) {
        let mut characters = arguments.char_indices();
        let Some((_, separator)) = characters.next() else {
            return self.repeat_substitute();
        };
        let mut parts: Vec<String> = vec![String::new()];
        let mut escaped = false;
        let mut flags = "";
        for (index, character) in characters {
            if escaped {
                if character != separator {
                    parts
                        .last_mut()
                        .map(|part| part.push('\\'))
                        .unwrap_or_default();
                }
                parts
                    .last_mut()
                    .map(|part| part.push(character))
                    .unwrap_or_default();
                escaped = false;
            } else if character == '\\' {
                escaped = true;
            } else if character == separator {
                if parts.len() == 2 {
                    flags = &arguments[index + character.len_utf8()..];
                    break;
                }
                parts.push(String::new());
            } else {
                parts
                    .last_mut()
                    .map(|part| part.push(character))
                    .unwrap_or_default();
            }
        }
        let pattern = parts.first().cloned().unwrap_or_default();
        let Some(pattern) = self.pattern_or_last(pattern) else {
            return;
        };
        let replacement = parts.get(1).cloned().unwrap_or_default();
        let flags = flags.trim();
        if flags.chars().any(|flag| !"cgiIne&".contains(flag)) {
            return self.fail("E488: Trailing characters");
        }
        self.substitute = Some((pattern.clone(), replacement.clone(), flags.to_owned()));
        self.substitute_rows(first, last, &pattern, &replacement, flags);
    }

    fn substitute_rows(
        &mut self,
        first: usize,
        last: usize,
        pattern: &str,
        replacement: &str,
        flags: &str,
    ) {
        let prefix = if flags.contains('i') {
            "\\c"
        } else if flags.contains('I') {
            "\\C"
        } else {
            ""
        };
        let regex = match self.regex(&format!("{prefix}{pattern}")) {
            Ok(regex) => regex,
            Err(words) => return self.fail(&words),
        };
        self.search = Some((pattern.to_owned(), true));
        let all = flags.contains('g') != self.options.gdefault;
        let counts_only = flags.contains('n');
        if flags.contains('c') && !counts_only {
            let asks = self.confirm_rows(first..last + 1, regex, replacement, all);
            if !asks && !flags.contains('e') {
                self.fail(&format!("E486: Pattern not found: {pattern}"));
            }
            return;
        }
        let mut edits = Vec::new();
        let mut count = 0usize;
        let (mut last_changed, mut added) = (first, 0);
        let mut lines = 0;
        for row in first..=last {
            let start = self.line_start(row);
            let line = self.text.line(row);
            let (mut out, mut copied, before) = (String::new(), 0, count);
            for captures in regex.captures_iter(&line) {
                let Some(whole) = captures.get(0) else {
                    continue;
                };
                count += 1;
                if !counts_only {
                    out.push_str(&line[copied..whole.start()]);
                    out.push_str(&expand(replacement, &captures));
                    copied = whole.end();
                }
                if !all {
                    break;
                }
            }
            if count == before {
                continue;
            }
            lines += 1;
            if counts_only {
                continue;
            }
            added += out.matches('\n').count();
            last_changed = row + added;
            out.push_str(&line[copied..]);
            edits.push(Edit::new(start..start + line.len(), out));
        }
        if count == 0 {
            if !flags.contains('e') {
                self.fail(&format!("E486: Pattern not found: {pattern}"));
            }
            return;
        }
        let found = Substituted {
            matches: count,
            lines,
        };
        if counts_only {
            return self.say(found.words("match"));
        }
        self.cursor = self.line_start(first);
        self.replace_all(edits);
        self.cursor = self.first_non_blank(last_changed.min(self.rows() - 1));
        self.want_here();
        self.effects.push(Effect::Highlight(true));
        self.report_substituted(found);
    }
}

/// The text of a replacement: `&` and `\0` to `\9`, `\r`, `\n`, `\t`, and the case changes `\u \U \l
/// \L \e`.
pub(crate) fn expand(replacement: &str, captures: &regex::Captures<'_>) -> String {
    let mut out = String::new();
    let mut once: Option<bool> = None;
    let mut mode: Option<bool> = None;
    let mut push = |piece: &str, once: &mut Option<bool>, mode: Option<bool>| {
        for character in piece.chars() {
            match once.take().or(mode) {
                Some(true) => out.extend(character.to_uppercase()),
                Some(false) => out.extend(character.to_lowercase()),
                None => out.push(character),
            }
        }
    };
    let mut characters = replacement.chars();
    while let Some(character) = characters.next() {
        match character {
            '&' => push(
                captures.get(0).map_or("", |found| found.as_str()),
                &mut once,
                mode,
            ),
            '\\' => match characters.next() {
                Some(digit @ '0'..='9') => {
                    let index = digit as usize - '0' as usize;
                    push(
                        captures.get(index).map_or("", |found| found.as_str()),
                        &mut once,
                        mode,
                    );
                }
                Some('r') => push("\n", &mut once, mode),
                Some('t') => push("\t", &mut once, mode),
                Some('u') => once = Some(true),
                Some('l') => once = Some(false),
                Some('U') => mode = Some(true),
                Some('L') => mode = Some(false),
                Some('e' | 'E') => mode = None,
                Some(other) => push(other.encode_utf8(&mut [0; 4]), &mut once, mode),
                None => {}
            },
            other => push(other.encode_utf8(&mut [0; 4]), &mut once, mode),
        }
    }
    out
}
