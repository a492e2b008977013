use crate::word::CharClass;
use crate::{Selection, Text, word_at};

/// What the variables of a snippet are taken from, besides the text and the carets.
#[derive(Debug, Clone, Default)]
pub struct Environment {
    /// The file's absolute path, with `/` or `\` between its parts.
    pub file_path: Option<String>,
    /// The opened folder's absolute path.
    pub workspace_folder: Option<String>,
    /// What the clipboard holds.
    pub clipboard: Option<String>,
    /// The time now; without it the variables of date and time have no value.
    pub now: Option<LocalTime>,
    /// Where the random numbers begin; take it from the system.
    pub seed: u64,
    /// What begins a comment to the end of the line, in the language at the caret.
    pub line_comment: Option<String>,
    /// What begins and ends a comment of several lines.
    pub block_comment: Option<(String, String)>,
}

/// A time on the wall.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LocalTime {
    /// The year, such as 2026.
    pub year: i32,
    /// The month, from 1.
    pub month: u32,
    /// The day of the month, from 1.
    pub day: u32,
    /// The day of the week, from 0 for Sunday.
    pub weekday: u32,
    /// The hour, from 0 to 23.
    pub hour: u32,
    /// The minute.
    pub minute: u32,
    /// The second.
    pub second: u32,
    /// Seconds since 1970-01-01 in UTC.
    pub unix_seconds: i64,
    /// Minutes that the clock here is ahead of UTC.
    pub offset_minutes: i32,
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

const DAYS: [&str; 7] = [
    "Sunday",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
];

/// A name that a snippet uses.
pub(super) enum Variable {
    /// A variable, with its value if it has one here.
    Known(Option<String>),
    /// No variable.
    Unknown,
}

/// Where a snippet is put in.
pub(super) struct Place<'a> {
    pub text: &'a Text,
    pub selection: &'a Selection,
    /// Which of the carets, from 0, and how many there are.
    pub caret: usize,
    pub carets: usize,
}

impl Environment {
    /// The value of a variable (VS Code's list, which includes TextMate's) for one caret.
    pub(super) fn resolve(&mut self, name: &str, place: &Place<'_>) -> Variable {
        if let Some(value) = self.of_time(name) {
            return Variable::Known(self.now.and(value));
        }
        let Place {
            text, selection, ..
        } = place;
        let row = text.row_at(selection.head);
        let path = self.file_path.as_deref();
        let value = match name {
            "TM_SELECTED_TEXT" => {
                let selected = text.slice(selection.range());
                (!selected.is_empty()).then(|| selected.into_owned())
            }
            "TM_CURRENT_LINE" => Some(text.line(row).into_owned()),
            "TM_CURRENT_WORD" => {
                let word = text.slice(word_at(text, selection.head));
                let is_word = word
                    .chars()
                    .any(|character| CharClass::of(character) == CharClass::Word);
                is_word.then(|| word.into_owned())
            }
            "TM_LINE_INDEX" => Some(row.to_string()),
            "TM_LINE_NUMBER" => Some((row + 1).to_string()),
            "CURSOR_INDEX" => Some(place.caret.to_string()),
            "CURSOR_NUMBER" => Some((place.caret + 1).to_string()),
            "TM_FILENAME" => path.map(|path| file_name(path).to_owned()),
            "TM_FILENAME_BASE" => path.map(|path| {
                let name = file_name(path);
                match name.rsplit_once('.') {
                    Some((base, _)) if !base.is_empty() => base.to_owned(),
                    _ => name.to_owned(),
                }
            }),
            "TM_DIRECTORY" => path.map(|path| parent(path).to_owned()),
            "TM_DIRECTORY_BASE" => path.map(|path| file_name(parent(path)).to_owned()),
            "TM_FILEPATH" => path.map(str::to_owned),
            "RELATIVE_FILEPATH" => path.map(|path| {
                self.workspace_folder
                    .as_deref()
                    .and_then(|folder| path.strip_prefix(folder))
                    .and_then(|path| path.strip_prefix(SEPARATORS))
                    .unwrap_or(path)
                    .to_owned()
            }),
            "WORKSPACE_NAME" => {
                let folder = self.workspace_folder.as_deref();
                folder.map(|folder| file_name(folder).to_owned())
            }
            "WORKSPACE_FOLDER" => self.workspace_folder.clone(),
            "CLIPBOARD" => self.clipboard_for(place),
            "LINE_COMMENT" => self.line_comment.clone(),
            "BLOCK_COMMENT_START" => self.block_comment.as_ref().map(|(start, _)| start.clone()),
            "BLOCK_COMMENT_END" => self.block_comment.as_ref().map(|(_, end)| end.clone()),
            "RANDOM" => Some(format!("{:06}", self.random() % 1_000_000)),
            "RANDOM_HEX" => Some(format!("{:06x}", self.random() & 0xff_ffff)),
            "UUID" => Some(self.uuid()),
            _ => return Variable::Unknown,
        };
        Variable::Known(value)
    }

    /// One line a caret where there are as many as carets, else all of it.
    fn clipboard_for(&self, place: &Place<'_>) -> Option<String> {
        let clipboard = self.clipboard.as_deref().filter(|text| !text.is_empty())?;
        let lines: Vec<&str> = clipboard.lines().collect();
        if place.carets > 1 && lines.len() == place.carets {
            return lines.get(place.caret).map(|line| (*line).to_owned());
        }
        Some(clipboard.to_owned())
    }

    /// The value of a variable of date or time; an inner `None` where there is no such time.
    fn of_time(&self, name: &str) -> Option<Option<String>> {
        let now = self.now.unwrap_or(LocalTime {
            year: 1970,
            month: 1,
            day: 1,
            weekday: 4,
            hour: 0,
            minute: 0,
            second: 0,
            unix_seconds: 0,
            offset_minutes: 0,
        });
        let of = |names: &[&str], index: usize, len: usize| {
            let name = names.get(index)?;
            name.get(..len.min(name.len())).map(str::to_owned)
        };
        let month = (now.month as usize).wrapping_sub(1);
        Some(match name {
            "CURRENT_YEAR" => Some(now.year.to_string()),
            "CURRENT_YEAR_SHORT" => Some(format!("{:02}", now.year.rem_euclid(100))),
            "CURRENT_MONTH" => Some(format!("{:02}", now.month)),
            "CURRENT_MONTH_NAME" => of(&MONTHS, month, usize::MAX),
            "CURRENT_MONTH_NAME_SHORT" => of(&MONTHS, month, 3),
            "CURRENT_DATE" => Some(format!("{:02}", now.day)),
            "CURRENT_DAY_NAME" => of(&DAYS, now.weekday as usize, usize::MAX),
            "CURRENT_DAY_NAME_SHORT" => of(&DAYS, now.weekday as usize, 3),
            "CURRENT_HOUR" => Some(format!("{:02}", now.hour)),
            "CURRENT_MINUTE" => Some(format!("{:02}", now.minute)),
            "CURRENT_SECOND" => Some(format!("{:02}", now.second)),
            "CURRENT_SECONDS_UNIX" => Some(now.unix_seconds.to_string()),
            "CURRENT_TIMEZONE_OFFSET" => {
                let sign = if now.offset_minutes < 0 { '-' } else { '+' };
                let minutes = now.offset_minutes.unsigned_abs();
                Some(format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60))
            }
            _ => return None,
        })
    }

    /// The next random number, by SplitMix64.
    fn random(&mut self) -> u64 {
        self.seed = self.seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.seed;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A random UUID (RFC 9562, version 4).
    fn uuid(&mut self) -> String {
        let (high, low) = (self.random(), self.random());
        let high = (high & !0xf000) | 0x4000;
        let low = (low & !(0b11 << 62)) | (0b10 << 62);
        format!(
            "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
            high >> 32,
            (high >> 16) & 0xffff,
            high & 0xffff,
            low >> 48,
            low & 0xffff_ffff_ffff
        )
    }
}

const SEPARATORS: [char; 2] = ['/', '\\'];

fn file_name(path: &str) -> &str {
    path.rsplit(SEPARATORS).next().unwrap_or(path)
}

fn parent(path: &str) -> &str {
    path.rsplit_once(SEPARATORS)
        .map_or("", |(parent, _)| parent)
}
