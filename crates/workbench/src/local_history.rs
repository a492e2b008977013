//! Choosing among the texts that a file had.

use crate::picker::{Picker, PickerDelegate};
use chrono::{DateTime, Datelike as _, TimeZone};
use futures::StreamExt as _;
use gpui_kit::prelude::*;
use gpui_kit::{AnyElement, App, Context, SharedString, Task, Window, div};
use std::fmt::Display;
use std::rc::Rc;
use std::sync::Arc;
use ui::tokens::{Typography as _, scaled, space};
use ui::{ActiveKilnTheme as _, ago};
use workspace::{HistoryEntry, HistorySource, LineCounts, LocalHistory, line_counts};

/// What is done with the chosen entry.
pub(crate) type Chosen = Rc<dyn Fn(HistoryEntry, &mut Window, &mut App)>;

/// What the row of an entry shows besides its counts.
struct EntryRow {
    /// The time of day, with the date where that is another.
    time: SharedString,
    source: SharedString,
    age: SharedString,
}

/// How an entry differs from the one before it.
#[derive(Clone, Copy)]
enum Counted {
    /// That is not known yet.
    Waiting,
    /// Nothing is before it, or it cannot be read.
    Nothing,
    Lines(LineCounts),
}

/// The entries of one file, the newest first.
pub(crate) struct HistoryPicker {
    history: Arc<LocalHistory>,
    entries: Vec<HistoryEntry>,
    rows: Vec<EntryRow>,
    counts: Vec<Counted>,
    /// The counting, which ends with the picker.
    counting: Option<Task<()>>,
    matches: Vec<usize>,
    chosen: Chosen,
}

impl HistoryPicker {
    pub(crate) fn new<Zone: TimeZone<Offset: Display>>(
        history: Arc<LocalHistory>,
        entries: Vec<HistoryEntry>,
        now: DateTime<Zone>,
        chosen: Chosen,
    ) -> Self {
        let row = |entry: &HistoryEntry| {
            let kept = DateTime::<chrono::Utc>::from(entry.kept).with_timezone(&now.timezone());
            EntryRow {
                time: clock_time(&kept, &now).into(),
                source: source_name(entry.source).into(),
                age: ago(entry.kept, now.to_utc().into()).into(),
            }
        };
        Self {
            rows: entries.iter().map(row).collect(),
            counts: vec![Counted::Waiting; entries.len()],
            matches: (0..entries.len()).collect(),
            counting: None,
            history,
            entries,
            chosen,
        }
    }

    /// Counts the lines, off the UI thread, and shows each count once it is there.
    fn count(&mut self, window: &Window, cx: &mut Context<Picker<Self>>) {
        let (history, entries) = (self.history.clone(), self.entries.clone());
        let (sender, mut found) = futures::channel::mpsc::unbounded();
        let counting = cx.background_spawn(async move {
            for counts in line_counts(&history, &entries) {
                // Nobody waits any more.
                if sender.unbounded_send(counts).is_err() {
                    return;
                }
            }
        });
        self.counting = Some(cx.spawn_in(window, async move |picker, cx| {
            let mut at = 0;
            while let Some(counts) = found.next().await {
                let shown = picker.update(cx, |picker, cx| {
                    if let Some(counted) = picker.delegate.counts.get_mut(at) {
                        *counted = counts.map_or(Counted::Nothing, Counted::Lines);
                    }
                    cx.notify();
                });
                if shown.is_err() {
                    return;
                }
                at += 1;
            }
            counting.await;
        }));
    }

    fn label(&self, entry: usize) -> Option<SharedString> {
        let row = self.rows.get(entry)?;
        let counts = match self.counts.get(entry)? {
            Counted::Lines(LineCounts { added, removed }) => {
                format!(", +{added} \u{2212}{removed}")
            }
            Counted::Waiting | Counted::Nothing => String::new(),
        };
        let (time, source, age) = (&row.time, &row.source, &row.age);
        Some(format!("{time}, {source}{counts}, {age}").into())
    }
}

/// Why a text was kept, in words.
pub(crate) fn source_name(source: HistorySource) -> &'static str {
    match source {
        HistorySource::Saved => "Saved",
        HistorySource::SavedAfterUndo => "Saved after undo",
        HistorySource::Agent => "Saved by the agent",
        HistorySource::BeforeFirstSave => "Before the first save",
        HistorySource::BeforeRestore => "Before restoring",
        HistorySource::BeforeReload => "Before reloading from disk",
        HistorySource::BeforeDelete => "Before it was deleted",
    }
}

/// "14:32:05" of today, "27 Nov 14:32:05" of this year, "27 Nov 2025 14:32:05": two saves of one
/// minute are told apart.
pub(crate) fn clock_time<Zone: TimeZone<Offset: Display>>(
    kept: &DateTime<Zone>,
    now: &DateTime<Zone>,
) -> String {
    let form = if kept.date_naive() == now.date_naive() {
        "%H:%M:%S"
    } else if kept.year() == now.year() {
        "%-d %b %H:%M:%S"
    } else {
        "%-d %b %Y %H:%M:%S"
    };
    kept.format(form).to_string()
}

impl PickerDelegate for HistoryPicker {
    fn name(&self) -> SharedString {
        "Local history".into()
    }

    fn placeholder(&self) -> SharedString {
        "Select a save".into()
    }

    fn nothing(&self, query: &str) -> SharedString {
        if query.is_empty() {
            "No save of this file is kept yet.".into()
        } else {
            "No save fits that.".into()
        }
    }

    fn len(&self) -> usize {
        self.matches.len()
    }

    fn search(&mut self, query: &str, window: &mut Window, cx: &mut Context<Picker<Self>>) {
        if self.counting.is_none() {
            self.count(window, cx);
        }
        let query = query.to_lowercase();
        let fits = |entry: &usize| {
            let label = self.label(*entry).unwrap_or_default();
            label.to_lowercase().contains(&query)
        };
        self.matches = (0..self.entries.len()).filter(fits).collect();
        cx.notify();
    }

    fn row_label(&self, index: usize) -> SharedString {
        let entry = self.matches.get(index);
        entry
            .and_then(|entry| self.label(*entry))
            .unwrap_or_default()
    }

    fn row(&self, index: usize, _: bool, cx: &App) -> AnyElement {
        let entry = self.matches.get(index).copied().unwrap_or_default();
        let (Some(row), Some(counted)) = (self.rows.get(entry), self.counts.get(entry)) else {
            return div().into_any_element();
        };
        let theme = cx.kiln_theme();
        let count = |sign: char, lines: usize, color| {
            div()
                .flex_none()
                .w(scaled(44.))
                .text_right()
                .text_small()
                .text_color(color)
                .children((lines > 0).then(|| format!("{sign}{lines}")))
        };
        let (added, removed) = match counted {
            Counted::Lines(LineCounts { added, removed }) => (*added, *removed),
            Counted::Waiting | Counted::Nothing => (0, 0),
        };
        div()
            .flex()
            .flex_1()
            .items_center()
            .gap(space::M)
            .whitespace_nowrap()
            .child(div().flex_none().min_w(scaled(60.)).child(row.time.clone()))
            .child(
                div()
                    .flex_1()
                    .min_w_0()
                    .truncate()
                    .text_color(theme.text_muted)
                    .child(row.source.clone()),
            )
            .child(count('+', added, theme.success))
            .child(count('\u{2212}', removed, theme.error))
            .child(
                div()
                    .flex_none()
                    .w(scaled(84.))
                    .text_right()
                    .text_small()
                    .text_color(theme.text_faint)
                    .child(row.age.clone()),
            )
            .into_any_element()
    }

    fn confirm(&mut self, index: usize, window: &mut Window, cx: &mut Context<Picker<Self>>) {
        let entry = self.matches.get(index).and_then(|at| self.entries.get(*at));
        if let Some(entry) = entry.cloned() {
            (self.chosen)(entry, window, cx);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{FixedOffset, NaiveDate};

    #[test]
    fn times_say_the_second_and_the_date_where_it_is_another() {
        let zone = FixedOffset::east_opt(2 * 3600).unwrap();
        let at = |year, month, day| {
            let date = NaiveDate::from_ymd_opt(year, month, day).unwrap();
            zone.from_local_datetime(&date.and_hms_opt(14, 2, 59).unwrap())
                .unwrap()
        };
        let now = at(2026, 11, 29);
        assert_eq!(clock_time(&at(2026, 11, 29), &now), "14:02:59");
        assert_eq!(clock_time(&at(2026, 11, 7), &now), "7 Nov 14:02:59");
        assert_eq!(clock_time(&at(2025, 11, 29), &now), "29 Nov 2025 14:02:59");
    }
}
