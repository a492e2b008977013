//! A monkey at the editor: random commands, keys, typing and mouse over random texts in two views
//! of one buffer, while the text is compared with a plain string, the carets and the display map
//! are checked after every step, and a watchdog looks for a command that hangs.
//!
//! `KILN_MONKEY_SEED` and `KILN_MONKEY_STEPS` run one session that failed once more.
#![allow(missing_docs, clippy::expect_used, clippy::unwrap_used)]

#[path = "../common/mod.rs"]
mod common;
mod invariants;
mod random;
mod session;
mod watchdog;

use std::io::Write as _;
use std::rc::Rc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use gpui_kit::TestAppContext;

use session::Session;
use test_support::Random;
use watchdog::Watchdog;

/// No step may take longer, in a build without optimisation: one is up to a hundred keys, with a frame
/// for each, and what the program does on other threads is done on this one here. The bound of a
/// single key is the [watchdog's](watchdog).
const BOUND: Duration = Duration::from_secs(8);
/// Steps over one text.
const SESSION: usize = 100;

fn number(variable: &str) -> Option<u64> {
    let value = std::env::var(variable).ok()?;
    Some(value.parse().expect("a number"))
}

/// Runs sessions of [`SESSION`] steps, each with the seed after that of the one before.
fn run(cx: &mut TestAppContext, seed: u64, steps: usize) {
    let seed = number("KILN_MONKEY_SEED").unwrap_or(seed);
    let steps = number("KILN_MONKEY_STEPS").map_or(steps, |steps| steps as usize);
    let began = Instant::now();
    cx.update(common::init);
    let mut slowest = (Duration::ZERO, String::new());
    for (session, first) in (0..steps).step_by(SESSION).enumerate() {
        let seed = seed.wrapping_add(session as u64);
        let context = format!("KILN_MONKEY_SEED={seed}");
        if steps > SESSION {
            // Not by a macro, whose words a test keeps until it ends: a crash tells nothing more.
            let told = format!("monkey: {context}\n");
            std::io::stderr().write_all(told.as_bytes()).ok();
        }
        let watchdog = Rc::new(Watchdog::new(BOUND, context.clone()));
        let mut session = Session::new(seed, watchdog, cx);
        for step in 0..SESSION.min(steps - first) {
            let _told = Told(format!("{context}, step {step}"));
            let (what, taken) = session.step(cx);
            if taken > slowest.0 {
                slowest = (taken, what);
            }
        }
        let _told = Told(format!("{context}, at its end"));
        session.finish(cx);
    }
    println!(
        "monkey: seed {seed}, {steps} steps in {:?}; the slowest was {} with {:?}",
        began.elapsed(),
        slowest.1,
        slowest.0
    );
}

/// Says where a run was when it failed.
struct Told(String);

impl Drop for Told {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the monkey failed; {}", self.0);
        }
    }
}

#[gpui_kit::test]
fn known_sessions_keep_text_carets_and_rows_right(cx: &mut TestAppContext) {
    run(cx, 1, 300);
}

#[gpui_kit::test]
fn a_session_that_nobody_knows_keeps_text_carets_and_rows_right(cx: &mut TestAppContext) {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let seed = Random::new(now.as_nanos() as u64).next_u64() % 1_000_000_000;
    run(cx, seed, 100);
}

#[gpui_kit::test]
#[ignore = "long; cargo xtask test --long"]
fn ten_thousand_steps_keep_text_carets_and_rows_right(cx: &mut TestAppContext) {
    run(cx, 1000, 10_000);
}
