//! `gq` and `gw`: lines filled to a width, by the rules of `format_lines` of Neovim's `textformat.c`
//! (`:help gq`), with the marks of comments and lists of its default `comments` option.

use crate::Vim;
use crate::operator::Region;

/// The width without the option `textwidth` (`:help gq`).
const WIDTH: usize = 79;

/// What a line begins with before its words, and how that goes on in the next line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    /// The same in every line: `//`, `#`, `>`.
    Each,
    /// In the first line alone, and blanks as wide in those after it: `-`.
    First,
    /// `/*`; ` *` goes on.
    Start,
    /// `*` between these.
    Middle,
    /// `*/`
    End,
}

/// The blanks, marks and blanks at the start of a line.
#[derive(Debug, Clone, Copy)]
struct Leader {
    len: usize,
    mark: Option<Mark>,
}

const NO_LEADER: Leader = Leader { len: 0, mark: None };

fn is_blank(character: char) -> bool {
    matches!(character, ' ' | '\t')
}

fn blanks(line: &str) -> usize {
    line.len() - line.trim_start_matches(is_blank).len()
}

/// The leader of a line; `in_block` tells whether it stands between `/*` and `*/`.
fn leader(line: &str, in_block: bool) -> Leader {
    let mut at = blanks(line);
    let mut mark = None;
    loop {
        let rest = &line[at..];
        let blank_follows = |len: usize| rest[len..].chars().next().is_none_or(is_blank);
        let (found, len, nests) = if let Some(token) = ["///", "//!", "//"]
            .into_iter()
            .find(|token| rest.starts_with(token))
        {
            (Mark::Each, token.len(), false)
        } else if rest.starts_with("/*") {
            (Mark::Start, 2, false)
        } else if rest.starts_with("*/") {
            (Mark::End, 2, false)
        } else if in_block && rest.starts_with('*') && blank_follows(1) {
            (Mark::Middle, 1, false)
        } else if rest.starts_with('%') || (rest.starts_with('#') && blank_follows(1)) {
            (Mark::Each, 1, false)
        } else if rest.starts_with('>') {
            (Mark::Each, 1, true)
        } else if rest.starts_with(['-', '*', '+']) && blank_follows(1) {
            (Mark::First, 1, false)
        } else {
            break;
        };
        mark = Some(found);
        at += len;
        at += blanks(&line[at..]);
        if !nests {
            break;
        }
    }
    match mark {
        None => NO_LEADER,
        mark => Leader { len: at, mark },
    }
}

/// Whether the leaders of two lines that follow one another belong to one paragraph.
fn same_leader(line: &str, one: Leader, next: &str, other: Leader) -> bool {
    match one.mark {
        None => other.len == 0,
        Some(Mark::First) => other.len == 0,
        Some(Mark::End) => false,
        Some(Mark::Start) => line.len() > one.len && other.mark == Some(Mark::Middle),
        Some(Mark::Each | Mark::Middle) => {
            let marks = |line: &str, leader: Leader| line[..leader.len].replace([' ', '\t'], "");
            let both_middle = other.mark == one.mark;
            both_middle && marks(line, one) == marks(next, other)
        }
    }
}

impl Vim {
    /// Fills the lines of a region. With `keep` the cursor stays on its character (`gw`), else it
    /// goes to the last line (`gq`).
    pub(crate) fn format(&mut self, region: &Region, keep: bool) {
        let (first, last) = self.rows_of(region);
        let lines: Vec<String> = (first..=last)
            .map(|row| self.text.line(row).into_owned())
            .collect();
        let mut in_block = self.is_in_block_comment(first);
        let mut leaders = Vec::with_capacity(lines.len());
        for line in &lines {
            leaders.push(leader(line, in_block));
            in_block = opens_block(line, in_block);
        }
        let filled = self.fill(&lines, &leaders);
        let start = self.line_start(first);
        let cursor = region.from.clamp(start, self.line_end(last));
        let bodies: Vec<usize> = leaders.iter().map(|leader| leader.len).collect();
        let place = keep.then(|| Place::of(&lines, &bodies, cursor - start));
        let (filled, bodies): (Vec<String>, Vec<usize>) = filled.into_iter().unzip();
        let new = filled.join("\n");
        let range = start..self.line_end(last);
        if *self.text.slice(range.clone()) != new {
            self.replace(range, &new);
        }
        let end = first + filled.len() - 1;
        self.set_change_marks(start, self.line_start(end));
        self.cursor = match place {
            Some(place) => start + place.in_lines(&filled, &bodies),
            None => {
                let further = usize::from(region.end_adjusted && end + 1 < self.rows());
                self.first_non_blank(end + further)
            }
        };
        self.clamp_cursor();
        self.want_here();
    }

    /// Whether a row begins between `/*` and `*/`, as the rows above it with `*` lead up to it.
    pub(crate) fn is_in_block_comment(&self, row: usize) -> bool {
        for above in (0..row).rev() {
            let line = self.text.line(above);
            let line = line.trim_start_matches(is_blank);
            if line.starts_with("/*") {
                return opens_block(line, false);
            }
            if !line.starts_with('*') || line.starts_with("*/") {
                return false;
            }
        }
        false
    }

    /// The lines as they are filled, each with the length of its leader.
    fn fill(&self, lines: &[String], leaders: &[Leader]) -> Vec<(String, usize)> {
        let parts = |at: usize| {
            lines[at][leaders[at].len..]
                .trim_matches(is_blank)
                .is_empty()
        };
        let mut filled = Vec::with_capacity(lines.len());
        let mut at = 0;
        while at < lines.len() {
            if parts(at) || leaders[at].mark == Some(Mark::End) {
                filled.push((lines[at].clone(), leaders[at].len));
                at += 1;
                continue;
            }
            let (mut paragraph, lead) = (lines[at].clone(), leaders[at]);
            while at + 1 < lines.len()
                && !parts(at + 1)
                && leaders[at + 1].mark != Some(Mark::End)
                && same_leader(&lines[at], leaders[at], &lines[at + 1], leaders[at + 1])
            {
                at += 1;
                let next = lines[at][leaders[at].len..].trim_start_matches(is_blank);
                if !paragraph.ends_with(is_blank) && !next.starts_with(')') {
                    paragraph.push(' ');
                }
                paragraph.push_str(next);
            }
            at += 1;
            self.wrap(&paragraph, lead, &mut filled);
        }
        filled
    }

    /// Breaks a paragraph of one line at blanks, so that each line fits where it can.
    fn wrap(&self, paragraph: &str, lead: Leader, into: &mut Vec<(String, usize)>) {
        let width = match self.options.textwidth as usize {
            0 => WIDTH,
            width => width,
        };
        let cells = |line: &str| {
            line.chars()
                .fold(0, |cell, character| cell + self.cells(character, cell))
        };
        let content = blanks(paragraph);
        let indent = self.indent_of(cells(&paragraph[..content]));
        let mut line = format!("{indent}{}", &paragraph[content..]);
        let mut before = match lead.mark {
            None => NO_LEADER,
            mark => Leader {
                len: indent.len() + lead.len - content,
                mark,
            },
        };
        loop {
            let words = line.trim_end_matches(is_blank).len();
            let Some(at) = break_at(&line[..words], before.len, |head| cells(head) <= width) else {
                break;
            };
            let rest = line[at..].trim_start_matches(is_blank).to_owned();
            let indent = &line[..blanks(&line)];
            let head = match before.mark {
                None if self.options.autoindent => indent.to_owned(),
                None => String::new(),
                Some(Mark::First) => " ".repeat(cells(&line[..before.len])),
                Some(Mark::Start) => format!("{indent} * "),
                Some(_) => line[..before.len].to_owned(),
            };
            line.truncate(at);
            into.push((line, before.len));
            before = match before.mark {
                None | Some(Mark::First) => NO_LEADER,
                Some(Mark::Start) => Leader {
                    len: head.len(),
                    mark: Some(Mark::Middle),
                },
                mark => Leader {
                    len: head.len(),
                    mark,
                },
            };
            line = head + &rest;
        }
        into.push((line, before.len));
    }
}

/// Whether a block comment is open behind a line.
pub(crate) fn opens_block(line: &str, mut open: bool) -> bool {
    let mut rest = line;
    while let Some(at) = rest.find(if open { "*/" } else { "/*" }) {
        open = !open;
        rest = &rest[at + 2..];
    }
    open
}

/// Where a line that does not fit is broken: at the last blanks up to which it fits, else at the
/// first ones of all. `None` where it fits, or has none behind its leader.
fn break_at(line: &str, leader: usize, fits: impl Fn(&str) -> bool) -> Option<usize> {
    if fits(line) {
        return None;
    }
    let mut found = None;
    let mut end = line.len();
    while let Some(blank) = line[..end].rfind(is_blank) {
        let start = line[..=blank].trim_end_matches(is_blank).len();
        if start == 0 || start <= leader {
            break;
        }
        found = Some(start);
        if fits(&line[..start]) {
            break;
        }
        end = start;
    }
    found
}

/// A place among the characters behind the leaders that are not blank, which filling does not change.
struct Place {
    /// How many of them come before it.
    passed: usize,
    /// Where it is on a blank: how many bytes behind the last of them.
    blanks: Option<usize>,
}

/// The characters behind leaders that are not blank, with their places in the lines as one text.
fn solid<'a>(
    lines: &'a [String],
    leaders: &'a [usize],
) -> impl Iterator<Item = (usize, char)> + 'a {
    let starts = lines.iter().scan(0, |start, line| {
        let at = *start;
        *start += line.len() + 1;
        Some(at)
    });
    let lines = lines.iter().zip(leaders).zip(starts);
    lines.flat_map(|((line, leader), start)| {
        let body = line[*leader..].char_indices();
        body.filter(|(_, c)| !is_blank(*c))
            .map(move |(at, c)| (start + leader + at, c))
    })
}

impl Place {
    fn of(lines: &[String], leaders: &[usize], at: usize) -> Self {
        let before = solid(lines, leaders).take_while(|(place, _)| *place < at);
        let (passed, end) = before.fold((0, 0), |(count, _), (place, c)| {
            (count + 1, place + c.len_utf8())
        });
        let next = solid(lines, leaders).nth(passed);
        let on_blank = next.is_none_or(|(place, _)| place > at);
        Self {
            passed,
            blanks: on_blank.then(|| at - end),
        }
    }

    fn in_lines(&self, lines: &[String], leaders: &[usize]) -> usize {
        let end = lines.iter().map(|line| line.len() + 1).sum::<usize>() - 1;
        let mut solid = solid(lines, leaders);
        let behind = match self.passed.checked_sub(1) {
            None => 0,
            Some(last) => solid.nth(last).map_or(end, |(at, c)| at + c.len_utf8()),
        };
        let next = solid.next().map_or(end, |(at, _)| at);
        self.blanks
            .map_or(next, |blanks| (behind + blanks).min(next))
    }
}
