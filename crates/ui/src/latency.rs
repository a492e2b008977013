//! How long a key takes to the scene that shows it, measured in the running program.
//!
//! A key is stamped before anything else hears of it, and counted when the window has painted the
//! frame after it. The time includes the wait for that frame, which is up to one refresh of the
//! screen; it ends where the renderer takes over. A scene that is built on the way and not shown,
//! as gpui does before a key that follows a change, ends no key's time. A key that changes nothing
//! is not counted. The wait in the window system's queue is not in it either: gpui hands on no
//! event's own time.

use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;
use std::time::{Duration, Instant};

use gpui_kit::prelude::*;
use gpui_kit::{AnyElement, App, Global, canvas};
use hdrhistogram::Histogram;

/// What takes longer is counted as this long.
const LONGEST: Duration = Duration::from_secs(60);

/// Keys that wait for one frame; the rest of a burst is not counted.
const MAX_WAITING: usize = 256;

/// The figures of a [`InputLatency`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LatencySummary {
    /// Keys counted.
    pub count: u64,
    /// Half of the keys took no longer.
    pub p50: Duration,
    /// Nine of ten took no longer.
    pub p90: Duration,
    /// 99 of 100 took no longer.
    pub p99: Duration,
    /// The longest.
    pub max: Duration,
}

/// A key whose frame has not been shown.
struct Waiting {
    at: Instant,
    /// A scene holds what it changed, and has not been shown.
    in_scene: bool,
}

struct State {
    /// In their order.
    waiting: Vec<Waiting>,
    /// What is painted next goes to the screen.
    frame: bool,
    /// Microseconds, to three significant digits.
    counted: Histogram<u64>,
}

/// Counts how long keys take. A handle; clones count together.
#[derive(Clone)]
pub struct InputLatency(Rc<RefCell<State>>);

impl Global for InputLatency {}

impl InputLatency {
    /// Counts nothing until [`InputLatency::install`].
    ///
    /// # Errors
    /// None in practice: the bounds of the histogram are constant.
    pub fn new() -> anyhow::Result<Self> {
        let longest = u64::try_from(LONGEST.as_micros())?;
        Ok(Self(Rc::new(RefCell::new(State {
            waiting: Vec::new(),
            frame: false,
            counted: Histogram::new_with_bounds(1, longest, 3)?,
        }))))
    }

    /// Starts counting the keys of every window. Call once, at start.
    pub fn install(&self, cx: &mut App) {
        cx.set_global(self.clone());
        let latency = self.clone();
        cx.intercept_keystrokes(move |_, window, _| {
            let at = Instant::now();
            latency.key(at);
            let latency = latency.clone();
            // The first callback runs before the next frame is painted, the second after it.
            window.on_next_frame(move |window, _| {
                latency.frame_begins(Instant::now());
                window.on_next_frame(move |_, _| latency.no_frame_for(at));
            });
        })
        .detach();
    }

    /// The figures so far; `None` before the first key.
    #[must_use]
    pub fn summary(&self) -> Option<LatencySummary> {
        let state = self.0.borrow();
        let counted = &state.counted;
        let at = |part| Duration::from_micros(counted.value_at_quantile(part));
        (!counted.is_empty()).then(|| LatencySummary {
            count: counted.len(),
            p50: at(0.5),
            p90: at(0.9),
            p99: at(0.99),
            max: Duration::from_micros(counted.max()),
        })
    }

    fn key(&self, at: Instant) {
        let mut state = self.0.borrow_mut();
        state.frame = false;
        if state.waiting.len() < MAX_WAITING {
            let in_scene = false;
            state.waiting.push(Waiting { at, in_scene });
        }
    }

    /// A frame is to be shown: the keys that are in the scene already are shown with it.
    fn frame_begins(&self, now: Instant) {
        let mut state = self.0.borrow_mut();
        state.frame = true;
        state.count(now, |key| key.in_scene);
    }

    /// A scene was painted: every key that waited is in it.
    fn painted(&self, now: Instant) {
        let mut state = self.0.borrow_mut();
        if std::mem::take(&mut state.frame) {
            state.count(now, |_| true);
        } else {
            for key in &mut state.waiting {
                key.in_scene = true;
            }
        }
    }

    /// The frame after this key would have been painted by now: it changed nothing.
    fn no_frame_for(&self, key: Instant) {
        self.0
            .borrow_mut()
            .waiting
            .retain(|waiting| waiting.at > key);
    }
}

impl State {
    fn count(&mut self, now: Instant, shown: impl Fn(&Waiting) -> bool) {
        let Self {
            waiting, counted, ..
        } = self;
        waiting.retain(|key| {
            if !shown(key) {
                return true;
            }
            let micros = now.saturating_duration_since(key.at).as_micros();
            counted.saturating_record(u64::try_from(micros).unwrap_or(u64::MAX).max(1));
            false
        });
    }
}

/// The histogram as a table: one row for each doubling of the time from the shortest on, and the
/// figures below it.
impl fmt::Display for InputLatency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const BAR: u64 = 40;
        let Some(summary) = self.summary() else {
            return write!(f, "input to scene: no key was pressed");
        };
        writeln!(f, "input to scene, {} keys", summary.count)?;
        let state = self.0.borrow();
        let rows: Vec<(u64, u64)> = state
            .counted
            .iter_log(250, 2.0)
            .map(|step| (step.value_iterated_to(), step.count_since_last_iteration()))
            .skip_while(|(_, count)| *count == 0)
            .collect();
        let most = rows.iter().map(|(_, count)| *count).max().unwrap_or(1);
        for (upto, count) in rows {
            let length = usize::try_from((count * BAR).div_ceil(most.max(1))).unwrap_or(0);
            // The iterator gives the last value inside a row.
            let upto = Duration::from_micros(upto + 1);
            writeln!(
                f,
                "  < {:>9} {count:>8} {}",
                shown(upto),
                "█".repeat(length)
            )?;
        }
        write!(
            f,
            "  p50 {}, p90 {}, p99 {}, longest {}",
            shown(summary.p50),
            shown(summary.p90),
            shown(summary.p99),
            shown(summary.max)
        )
    }
}

/// Milliseconds with two digits, as in "3.25 ms".
fn shown(duration: Duration) -> String {
    format!("{:.2} ms", duration.as_secs_f64() * 1e3)
}

/// Marks the end of a window's scene; the last child of its root. Takes no room.
#[must_use]
pub fn end_of_scene() -> AnyElement {
    canvas(
        |_, _, _| (),
        |_, (), _, cx: &mut App| {
            if let Some(latency) = cx.try_global::<InputLatency>() {
                latency.painted(Instant::now());
            }
        },
    )
    .absolute()
    .size_0()
    .into_any_element()
}

/// The figure of the status bar's item, which is as wide whatever it is, and what it says in full:
/// "Input   3.2 ms", "Input to scene: half within 3.2 ms, 99 % within 8.1 ms". `None` before the first
/// key, and where nothing is counted.
#[must_use]
pub fn status(cx: &App) -> Option<(String, String)> {
    let summary = cx.try_global::<InputLatency>()?.summary()?;
    let ms = |duration: Duration| duration.as_secs_f64() * 1e3;
    let (half, most) = (ms(summary.p50), ms(summary.p99));
    let whole = format!("Input to scene: half within {half:.1} ms, 99 % within {most:.1} ms");
    // A figure space is as wide as a digit.
    let figure = format!("{half:.1}");
    Some((format!("Input {figure:\u{2007}>5} ms"), whole))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(milliseconds: u64) -> Duration {
        Duration::from_millis(milliseconds)
    }

    fn frame(latency: &InputLatency, at: Instant) {
        latency.frame_begins(at);
        latency.painted(at);
    }

    #[test]
    fn every_key_of_a_burst_is_counted_from_its_own_time() {
        let latency = InputLatency::new().unwrap();
        let start = Instant::now();
        latency.key(start);
        latency.key(start + ms(6));
        frame(&latency, start + ms(10));
        let summary = latency.summary().unwrap();
        assert_eq!(summary.count, 2);
        let near = |is: Duration, should: Duration| is.abs_diff(should) < Duration::from_micros(20);
        assert!(near(summary.p50, ms(4)), "{summary:?}");
        assert!(near(summary.max, ms(10)), "{summary:?}");
    }

    #[test]
    fn a_scene_that_is_not_shown_ends_no_time() {
        let latency = InputLatency::new().unwrap();
        let start = Instant::now();
        latency.key(start);
        // Before the next key.
        latency.painted(start + ms(5));
        latency.key(start + ms(6));
        assert_eq!(latency.summary(), None);
        latency.frame_begins(start + ms(300));
        let first = latency.summary().unwrap();
        assert_eq!(first.count, 1, "the second key is in no scene yet");
        assert!(first.max >= ms(299), "{first:?}");
        latency.painted(start + ms(310));
        assert_eq!(latency.summary().map(|summary| summary.count), Some(2));
    }

    #[test]
    fn a_key_that_changes_nothing_is_not_charged_to_a_later_frame() {
        let latency = InputLatency::new().unwrap();
        let start = Instant::now();
        latency.key(start);
        latency.key(start + ms(20));
        latency.no_frame_for(start);
        frame(&latency, start + ms(5000));
        assert_eq!(latency.summary().map(|summary| summary.count), Some(1));
        frame(&latency, start + ms(9000));
        assert_eq!(latency.summary().map(|summary| summary.count), Some(1));
    }

    #[test]
    fn the_table_has_a_row_for_each_doubling() {
        let latency = InputLatency::new().unwrap();
        assert_eq!(latency.to_string(), "input to scene: no key was pressed");
        let start = Instant::now();
        for took in [1, 1, 1, 3] {
            latency.key(start);
            frame(&latency, start + ms(took));
        }
        let table = latency.to_string();
        let rows: Vec<&str> = table.lines().collect();
        assert_eq!(rows[0], "input to scene, 4 keys");
        let counts: Vec<u64> = rows[1..rows.len() - 1]
            .iter()
            .map(|row| row.split_whitespace().nth(3).unwrap().parse().unwrap())
            .collect();
        assert_eq!(counts, [3, 1], "{table}");
        assert!(rows.last().unwrap().contains("longest 3.0"), "{table}");
    }
}
