//! `J` and `gJ`: lines joined to one, by the rules of `do_join` of Neovim with `j` in its option
//! `formatoptions`, which is its default: what makes the next line a comment goes where the line before
//! is one as well.

use crate::format::opens_block;
use crate::{CommentMarks, Vim};

/// What marks the lines of a comment.
struct Leaders {
    /// `//`, where comments go to the end of the line.
    line: Option<String>,
    /// Whether `/*` and `*/` enclose comments.
    in_blocks: bool,
}

impl Leaders {
    fn of(marks: &CommentMarks) -> Self {
        let open = marks.open.trim();
        Self {
            line: (marks.close.is_empty() && !open.is_empty()).then(|| open.to_owned()),
            in_blocks: matches!(open, "//" | "/*"),
        }
    }

    /// Bytes of the blanks before a mark and of the mark, also one that is longer: `///`, `//!`, `##`.
    fn of_line(&self, line: &str) -> Option<usize> {
        let mark = self.line.as_deref()?;
        let rest = line.trim_start().strip_prefix(mark)?;
        let after = match (mark, mark.chars().next_back()) {
            ("//", _) => rest.trim_start_matches('/'),
            (_, Some(last)) if !last.is_alphanumeric() => rest.trim_start_matches(last),
            _ if rest.starts_with(char::is_alphanumeric) => return None,
            _ => rest,
        };
        let after = match mark {
            "//" => after.strip_prefix('!').unwrap_or(after),
            _ => after,
        };
        Some(line.len() - after.len())
    }

    /// Whether a line is a comment, or ends with one behind code. A mark without a blank
    /// before it (`$#`, an address) or between quotes begins none.
    fn is_comment(&self, line: &str) -> bool {
        let Some(mark) = self.line.as_deref() else {
            return false;
        };
        let begins = |(at, _): (usize, &str)| {
            let code = &line[..at];
            let is_quoted = |quote: char| code.matches(quote).count() % 2 == 1;
            code.ends_with([' ', '\t']) && !['"', '\'', '`'].into_iter().any(is_quoted)
        };
        self.of_line(line).is_some() || line.match_indices(mark).any(begins)
    }

    /// What [`Leaders::of_line`] says, of the `*` of a line between `/*` and `*/`.
    fn of_middle(line: &str) -> Option<usize> {
        let rest = line.trim_start().strip_prefix('*')?;
        let ends = rest.chars().next().is_none_or(|c| matches!(c, ' ' | '\t'));
        ends.then(|| line.len() - rest.len())
    }
}

impl Vim {
    /// Joins rows `first..=last` to one line, with a blank between them where `spaces` says so.
    pub(crate) fn join(
        &mut self,
        first: usize,
        last: usize,
        spaces: bool,
        comments: Option<&CommentMarks>,
    ) {
        let leaders = comments.map(Leaders::of);
        let leaders = leaders.as_ref();
        let above = self.text.line(first).into_owned();
        let mut is_comment = leaders.is_some_and(|it| it.is_comment(&above));
        let mut in_block = leaders.is_some_and(|it| it.in_blocks)
            && opens_block(&above, self.is_in_block_comment(first));
        // The last character of the line before, as it was.
        let mut before = self.text.char_before(self.line_end(first));
        before = before.filter(|_| !self.is_empty_row(first));
        for _ in first..last {
            let end = self.line_end(first);
            let next = self.line_range(first + 1);
            let line = self.text.line(first + 1).into_owned();
            let own = leaders.and_then(|it| it.of_line(&line));
            let leader = match in_block {
                true => Leaders::of_middle(&line),
                false => own.filter(|_| is_comment),
            };
            is_comment = leaders.is_some_and(|it| it.is_comment(&line)) && !in_block;
            in_block = leaders.is_some_and(|it| it.in_blocks) && opens_block(&line, in_block);
            let content = next.start + leader.unwrap_or(0);
            if !spaces {
                self.replace(end..content, "");
                self.cursor = end;
                continue;
            }
            let blanks = self.text.chars_from(content);
            let blanks = blanks.take_while(|c| matches!(c, ' ' | '\t')).count();
            let content = (content + blanks).min(next.end);
            let begins = self.text.char_at(content).filter(|_| content < next.end);
            let glue = match (before, begins) {
                _ if end == self.line_start(first) => "",
                (_, None | Some(')')) | (Some('\t' | ' '), _) => "",
                _ => " ",
            };
            before = self
                .text
                .char_before(next.end)
                .filter(|_| content < next.end);
            self.replace(end..content, glue);
            self.cursor = end;
        }
        self.clamp_cursor();
        self.want_here();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_within_code_makes_no_comment_of_it() {
        let leaders = Leaders::of(&CommentMarks {
            open: "# ".to_owned(),
            close: String::new(),
        });
        for (line, expected) in [
            ("# note", true),
            ("  ## note", true),
            ("n=1 # note", true),
            ("n=$#", false),
            ("echo ${#a[@]} a#b", false),
            ("say 'a # b'", false),
            ("say \"a # b", false),
        ] {
            assert_eq!(leaders.is_comment(line), expected, "{line}");
        }
    }
}
