//! Calendar dates, and the words that people use for them.

use std::fmt;

/// A day of the Gregorian calendar, counted from 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date(i64);

const WEEKDAYS: [&str; 7] = [
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "monday",
    "tuesday",
    "wednesday",
];

impl Date {
    /// Reads `YYYY-MM-DD`. A day that no calendar has, such as 2026-02-30, is `None`.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
            return None;
        }
        let number = |part: &str| -> Option<i64> {
            let digits = part.bytes().all(|byte| byte.is_ascii_digit());
            digits.then(|| part.parse().ok()).flatten()
        };
        let (year, month, day) = (
            number(&text[..4])?,
            number(&text[5..7])?,
            number(&text[8..])?,
        );
        let date = (1..=12)
            .contains(&month)
            .then(|| Self::new(year, month, day))?;
        // A day that is too high would be one of the next month.
        (date.parts() == (year, month, day)).then_some(date)
    }

    /// What a person typed, on the day `today`: a date, `today`, `tomorrow`, or a weekday, which
    /// is the next one after today.
    pub fn from_words(words: &str, today: Date) -> Option<Self> {
        let words = words.to_ascii_lowercase();
        match words.as_str() {
            "today" => Some(today),
            "tomorrow" => Some(today.plus(1)),
            _ => match weekday(&words) {
                Some(weekday) => {
                    let ahead = (weekday - today.weekday() - 1).rem_euclid(7) + 1;
                    Some(today.plus(ahead))
                }
                None => Self::parse(&words),
            },
        }
    }

    /// How far away the day is, in words.
    pub fn relative_to(self, today: Date) -> String {
        match self.0 - today.0 {
            -1 => "late 1 day".to_owned(),
            days if days < 0 => format!("late {} days", -days),
            0 => "today".to_owned(),
            1 => "tomorrow".to_owned(),
            days if days <= 7 => format!("in {days} days"),
            _ => self.to_string(),
        }
    }

    fn plus(self, days: i64) -> Self {
        Self(self.0 + days)
    }

    fn weekday(self) -> i64 {
        self.0.rem_euclid(7)
    }

    /// Days since 1970-01-01. Years are counted from March, so that the leap day comes last.
    fn new(year: i64, month: i64, day: i64) -> Self {
        let year = if month <= 2 { year - 1 } else { year };
        let month = (month + 9) % 12;
        let century_cycle = year.div_euclid(400);
        let year_of_cycle = year.rem_euclid(400);
        let day_of_year = (153 * month + 2) / 5 + day - 1;
        let day_of_cycle =
            year_of_cycle * 365 + year_of_cycle / 4 - year_of_cycle / 100 + day_of_year;
        Self(century_cycle * 146_097 + day_of_cycle - 719_468)
    }

    /// Year, month and day: the inverse of [`Date::new`].
    fn parts(self) -> (i64, i64, i64) {
        let days = self.0 + 719_468;
        let century_cycle = days.div_euclid(146_097);
        let day_of_cycle = days.rem_euclid(146_097);
        let leap_corrected =
            day_of_cycle - day_of_cycle / 1_460 + day_of_cycle / 36_524 - day_of_cycle / 146_096;
        let year_of_cycle = leap_corrected / 365;
        let day_of_year =
            day_of_cycle - (365 * year_of_cycle + year_of_cycle / 4 - year_of_cycle / 100);
        let month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month + 2) / 5 + 1;
        let month = if month < 10 { month + 3 } else { month - 9 };
        let year = year_of_cycle + century_cycle * 400 + i64::from(month <= 2);
        (year, month, day)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.parts();
        write!(formatter, "{year:04}-{month:02}-{day:02}")
    }
}

/// A weekday by its name or at least three letters of it.
fn weekday(word: &str) -> Option<i64> {
    let place = (word.len() >= 3).then(|| WEEKDAYS.iter().position(|day| day.starts_with(word)));
    place.flatten().and_then(|place| i64::try_from(place).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    #[test]
    fn every_day_of_a_thousand_years_is_written_and_read_alike() {
        let first = date("1600-01-01");
        for days in 0..366_000 {
            let day = first.plus(days);
            assert_eq!(Date::parse(&day.to_string()), Some(day));
        }
    }

    #[test]
    fn days_that_no_calendar_has_are_refused() {
        for text in [
            "2026-02-30",
            "2025-02-29",
            "1900-02-29",
            "2026-13-01",
            "2026-00-10",
        ] {
            assert_eq!(Date::parse(text), None, "{text}");
        }
        for text in ["", "2026-3-14", "20260314", "+026-03-14", "2026-03-1é"] {
            assert_eq!(Date::parse(text), None, "{text}");
        }
        assert!(Date::parse("2024-02-29").is_some());
    }

    #[test]
    fn words_stand_for_days() {
        // A Saturday.
        let today = date("2026-03-14");
        let words = |words: &str| Date::from_words(words, today).map(|date| date.to_string());
        assert_eq!(words("today").unwrap(), "2026-03-14");
        assert_eq!(words("Tomorrow").unwrap(), "2026-03-15");
        assert_eq!(words("sunday").unwrap(), "2026-03-15");
        assert_eq!(words("fri").unwrap(), "2026-03-20");
        assert_eq!(words("saturday").unwrap(), "2026-03-21");
        assert_eq!(words("2026-12-24").unwrap(), "2026-12-24");
        assert_eq!(words("someday"), None);
        assert_eq!(words("s"), None);
    }

    #[test]
    fn near_days_are_said_in_words() {
        let today = date("2026-03-14");
        let said = |text: &str| date(text).relative_to(today);
        assert_eq!(said("2026-03-12"), "late 2 days");
        assert_eq!(said("2026-03-13"), "late 1 day");
        assert_eq!(said("2026-03-14"), "today");
        assert_eq!(said("2026-03-21"), "in 7 days");
        assert_eq!(said("2026-03-22"), "2026-03-22");
    }
}
