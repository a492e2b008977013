//! The editor's frames, measured in the real workbench without a screen: processor time of the
//! window's thread from a key to the scene that is handed to the renderer; and the time from a key to
//! the list of a language server. `cargo xtask bench` runs this in the release profile.

mod completions;
#[path = "../../../../perf/src/instant_server.rs"]
mod instant_server;

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::{Parser, ValueEnum};
use gpui_kit::{
    App, Keystroke, Modifiers, PlatformInput, ScrollDelta, ScrollEvent, Window, point, px, size,
};
use settings::Layer;
use test_support::report::{self, Metric};
use test_support::{ModelServer, Reply, Step, cpu, samples};
use ui::SettingsStore;
use ui_tests::driver::{Driver, Setup};
use ui_tests::scene::settings_for;

#[derive(Parser)]
#[command(about = "Measures frames of the editor")]
struct Arguments {
    /// What is measured
    #[arg(value_enum, default_value = "frames")]
    group: Group,
    /// As little as shows that the benchmark works
    #[arg(long)]
    small: bool,
    /// Append the figures to this file, a JSON object a line
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Group {
    /// Typing and scrolling
    Frames,
    /// From a key to the completions of a language server that answers at once
    Completions,
    /// That server, which the window starts
    #[value(hide = true)]
    Server,
}

/// Keys between one parse that is done and the next: a fast typist's. Each parse here also finds the
/// folds and the outline of the whole file, which takes longer than all of the frames.
const KEYS_A_PARSE: usize = 5;

/// A frame at 120 Hz, in milliseconds.
const FRAME: f64 = 1000.0 / 120.0;

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    if matches!(arguments.group, Group::Server) {
        return completions::serve(arguments.small);
    }
    println!("{}", report::heading());
    let mut metrics = Vec::new();
    let mut show = |metric: Metric| {
        println!("{}", metric.line());
        metrics.push(metric);
    };
    match arguments.group {
        Group::Completions => completions::measure(arguments.small, &mut show)?,
        Group::Frames | Group::Server => frames(arguments.small, &mut show)?,
    }
    if let Some(path) = &arguments.json {
        report::append_json(path, &metrics)?;
    }
    Ok(())
}

/// Measures typing and scrolling.
fn frames(small: bool, mut show: &mut dyn FnMut(Metric)) -> Result<()> {
    let (lines, keys, frames, questions) = if small {
        (200, 20, 20, 1)
    } else {
        (10_000, 10_000, 2_000, 100)
    };
    let folder = tempfile::tempdir()?;
    std::fs::write(folder.path().join("sample.rs"), samples::rust_source(lines))?;
    let mut driver = open(folder.path(), String::new())?;
    let (strokes, late) = typing("keystroke-to-scene", &mut driver, keys, &mut show)?;
    // The count of frames, not a time.
    #[allow(clippy::cast_precision_loss)]
    let missed = strokes.iter().filter(|stroke| **stroke > FRAME).count() as f64;
    show(Metric {
        unit: "frames",
        ..own("keystrokes-over-8.3-ms".to_owned(), missed, "0")
    });
    show(own(
        "highlighted-frame-p99".to_owned(),
        report::percentile(&late, 0.99),
        "≤ 2 ms",
    ));
    drop(driver);
    let server = ModelServer::start();
    let mut driver = open(folder.path(), settings_for(&server))?;
    converse(&mut driver, &server, questions)?;
    typing(
        "keystroke-beside-conversation",
        &mut driver,
        keys / 5,
        &mut show,
    )?;
    drop(driver);
    let mut driver = open(folder.path(), String::new())?;
    scrolling(&mut driver, frames, &mut show)?;
    for one in DECORATIONS {
        decoration(&mut driver, one, frames / 10, &mut show)?;
    }
    Ok(())
}

/// The workbench on the sample, highlighted, with the caret in the editor.
fn open(folder: &Path, settings: String) -> Result<Driver> {
    open_file(folder, "sample.rs", settings)
}

/// The workbench on a file. The window is large enough for 200 columns and 60 rows of text beside both
/// docks.
fn open_file(folder: &Path, name: &str, settings: String) -> Result<Driver> {
    let mut driver = Driver::start(Setup {
        folder: Some(folder.to_path_buf()),
        settings,
        open: vec![PathBuf::from(name)],
        size: size(px(2400.), px(1400.)),
        // Glyphs are drawn for a device, as in the program.
        pictures: true,
        ..Setup::default()
    })?;
    driver.wait_for_text(name)?;
    driver.rest()?;
    driver.focus_editor()?;
    driver.rest()?;
    Ok(driver)
}

/// Asks the agent so many questions, each of which it answers with code; the caret is in the editor
/// again then.
fn converse(driver: &mut Driver, server: &ModelServer, questions: usize) -> Result<()> {
    let code = samples::rust_source(20);
    for question in 1..=questions {
        server.push(Reply::Stream(vec![
            Step::Text(format!(
                "The **sum** of item {question} is made here, and `names` is looked at once:\n\n\
                 ```rust\n{code}```\n\n- it stops at the first `None`\n- nothing is counted twice\n"
            )),
            Step::End {
                input: 1_000,
                output: 300,
            },
        ]));
        driver.ask_agent(&format!("Where is item {question} added?"))?;
        driver.wait_for("the answer", |_, _| server.replies_left() == 0)?;
        driver.wait_for_label("Send message")?;
    }
    driver.focus_editor()?;
    driver.rest()
}

/// The processor time, in milliseconds, from an event to the scene. When the update ends, what the
/// event changed is told to whoever hears of it, and the window is drawn where that is needed.
fn scene_after(driver: &mut Driver, event: impl FnOnce(&mut Window, &mut App)) -> Result<f64> {
    let (done, took) = cpu(|| driver.with_window(event));
    done?;
    Ok(took)
}

/// Types words and lines at the start of the file's second half. Gives how long each key took, and
/// the frame after each parse.
fn typing(
    row: &str,
    driver: &mut Driver,
    keys: usize,
    show: &mut dyn FnMut(Metric),
) -> Result<(Vec<f64>, Vec<f64>)> {
    let typed = [
        "l", "e", "t", "space", "x", "space", "=", "space", "1", ";", "enter",
    ];
    let mut samples = Vec::with_capacity(keys);
    let mut late = Vec::with_capacity(keys);
    for (index, key) in typed.iter().cycle().take(keys).enumerate() {
        let stroke = Keystroke::parse(key)?;
        samples.push(scene_after(driver, |window, cx| {
            window.dispatch_keystroke(stroke, cx);
        })?);
        if index % KEYS_A_PARSE != 0 {
            continue;
        }
        // Parsing belongs to other threads in the program; the frame that shows its result is
        // the window's again.
        driver.run_ready();
        late.push(driver.with_window(|window, cx| cpu(|| window.draw(cx).clear(cx)).1)?);
    }
    for (name, part, target) in [
        ("p50", 0.5, "≤ 1 ms"),
        ("p99", 0.99, "≤ 3 ms"),
        ("max", 1.0, "≤ 8.3 ms"),
    ] {
        show(own(
            format!("{row}-{name}"),
            report::percentile(&samples, part),
            target,
        ));
    }
    Ok((samples, late))
}

/// What a notch of the wheel over the text takes, which turns it by some rows.
fn notch(driver: &mut Driver, rows: f32) -> Result<f64> {
    let event = PlatformInput::Scroll(ScrollEvent {
        position: point(px(1000.), px(600.)),
        delta: ScrollDelta::Lines(point(0., rows)),
        modifiers: Modifiers::default(),
        ..Default::default()
    });
    let took = scene_after(driver, |window, cx| {
        window.dispatch_event(event, cx);
    })?;
    driver.run_ready();
    Ok(took)
}

/// Turns the wheel over the text, three rows a notch, down and up again.
fn scrolling(driver: &mut Driver, frames: usize, show: &mut dyn FnMut(Metric)) -> Result<()> {
    let mut samples = Vec::with_capacity(frames);
    for frame in 0..frames {
        let rows = if (frame / 500) % 2 == 0 { -3. } else { 3. };
        samples.push(notch(driver, rows)?);
    }
    for (name, part, target) in [
        ("p50", 0.5, ""),
        ("p99", 0.99, "≤ 2 ms"),
        ("max", 1.0, "≤ 8.3 ms"),
    ] {
        show(own(
            format!("scroll-frame-{name}"),
            report::percentile(&samples, part),
            target,
        ));
    }
    Ok(())
}

/// What is drawn only where a setting says so.
struct Decoration {
    key: &'static str,
    on: &'static str,
    off: &'static str,
    /// The rows of its figures, with it and without it.
    names: [&'static str; 2],
}

const DECORATIONS: &[Decoration] = &[
    Decoration {
        key: "editor.minimap.enabled",
        on: "true",
        off: "false",
        names: ["", "-without-minimap"],
    },
    Decoration {
        key: "editor.guides.bracketPairs",
        on: "true",
        off: "false",
        names: ["-with-bracket-guides", "-without-bracket-guides"],
    },
];

/// Draws what is there and what a notch of the wheel shows, with a decoration and without it in
/// turns.
fn decoration(
    driver: &mut Driver,
    decoration: &Decoration,
    frames: usize,
    show: &mut dyn FnMut(Metric),
) -> Result<()> {
    let mut still = [Vec::new(), Vec::new()];
    let mut scrolled = [Vec::new(), Vec::new()];
    for _ in 0..5 {
        for (turn, value) in [decoration.on, decoration.off].into_iter().enumerate() {
            driver.with_window(|_, cx| {
                let text = format!("{{\"{}\": {value}}}", decoration.key);
                let problems = SettingsStore::set(&[Layer::user("settings.json", text)], cx);
                anyhow::ensure!(problems.is_empty(), "{problems:?}");
                Ok(())
            })??;
            driver.rest()?;
            for _ in 0..frames {
                let drawn = driver.with_window(|window, cx| cpu(|| window.draw(cx).clear(cx)).1)?;
                still[turn].push(drawn);
            }
            for rows in [-3., 3.] {
                for _ in 0..frames / 2 {
                    scrolled[turn].push(notch(driver, rows)?);
                }
            }
        }
    }
    for (sort, samples) in [("still", &still), ("scrolled", &scrolled)] {
        for (name, samples) in decoration.names.into_iter().zip(samples) {
            let median = report::percentile(samples, 0.5);
            show(own(format!("{sort}-frame{name}-p50"), median, ""));
        }
    }
    Ok(())
}

fn own(name: String, ours: f64, target: &'static str) -> Metric {
    Metric {
        name,
        ours,
        peer: Err("no peer runs without a window".to_owned()),
        unit: "ms",
        target,
    }
}
