//! From a key to the list of completions in the frame that is handed to the renderer, with a language
//! server that answers at once. It is a process of its own, which the project brings along and the
//! person allows, as a real one.

use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use gpui_kit::test::TestQueryExt as _;
use gpui_kit::{Keystroke, Role};
use test_support::cpu;
use test_support::report::{self, Metric};
use ui_tests::driver::Driver;

use crate::{instant_server, open_file, own};

/// The program that the server's script takes the place of.
const PROGRAM: &str = "node_modules/.bin/typescript-language-server";

/// How long the list is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

/// How many items the lists have, of which a dot asks for the second, and how often each is asked for.
const fn sizes(small: bool) -> ([usize; 2], usize) {
    match small {
        true => ([10, 20], 3),
        false => ([100, 10_000], 200),
    }
}

/// Is the server, on the pipes that it was started with.
pub(crate) fn serve(small: bool) -> Result<()> {
    let lists = sizes(small).0.map(instant_server::list);
    instant_server::serve(io::stdin().lock(), io::stdout(), &lists, &[])?;
    Ok(())
}

/// Measures a key for each of the lists.
pub(crate) fn measure(small: bool, show: &mut dyn FnMut(Metric)) -> Result<()> {
    let folder = tempfile::tempdir()?;
    bring_server(folder.path(), small)?;
    let text = "const value = other(1);\n".repeat(200);
    std::fs::write(folder.path().join("sample.ts"), text)?;
    let settings = r#"{"editor.languageServers": {"typescript": ["typescript-language-server"]}}"#;
    let mut driver = open_file(folder.path(), "sample.ts", settings.to_owned())?;
    driver.click("Start")?;
    driver.focus_editor()?;
    driver.press(&["ctrl-home"])?;
    let (counts, keys) = sizes(small);
    until_it_answers(&mut driver, counts[0])?;
    for (count, key) in counts.into_iter().zip(["h", "."]) {
        let (mut shown, mut frames) = (Vec::with_capacity(keys), Vec::with_capacity(keys));
        for _ in 0..keys {
            driver.press(&["escape", "enter"])?;
            shown.push(key_to_list(&mut driver, key, count)?);
            let frame = driver.with_window(|window, cx| cpu(|| window.draw(cx).clear(cx)).1)?;
            frames.push(frame);
        }
        for (name, part) in [("p50", 0.5), ("p99", 0.99)] {
            let took = report::percentile(&shown, part);
            show(own(
                format!("key-to-{count}-painted-completions-{name}"),
                took,
                "",
            ));
        }
        show(Metric {
            unit: "ms of CPU",
            ..own(
                format!("frame-with-{count}-completions-p50"),
                report::percentile(&frames, 0.5),
                "",
            )
        });
    }
    Ok(())
}

/// Puts a program into the project that is the server: this one.
fn bring_server(folder: &Path, small: bool) -> Result<()> {
    let program = folder.join(PROGRAM);
    std::fs::create_dir_all(program.parent().context("its folder")?)?;
    let small = match small {
        true => " --small",
        false => "",
    };
    let this = std::env::current_exe()?;
    let script = format!("#!/bin/sh\nexec '{}' server{small}\n", this.display());
    std::fs::write(&program, script)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755))?;
    }
    Ok(())
}

/// Types until the server, which is being started, has a list.
fn until_it_answers(driver: &mut Driver, count: usize) -> Result<()> {
    let begun = Instant::now();
    loop {
        driver.press(&["escape", "enter", "h"])?;
        driver.rest()?;
        if lists(driver, count)? {
            return Ok(());
        }
        ensure!(begun.elapsed() < PATIENCE, "the server does not answer");
    }
}

/// Presses a key; the milliseconds on the wall from then until a frame with the list was drawn.
fn key_to_list(driver: &mut Driver, key: &'static str, count: usize) -> Result<f64> {
    ensure!(!lists(driver, count)?, "the list of before is still there");
    let stroke = Keystroke::parse(key)?;
    let begun = Instant::now();
    driver.with_window(|window, cx| window.dispatch_keystroke(stroke, cx))?;
    loop {
        driver.next_frame()?;
        let drawn = begun.elapsed();
        if lists(driver, count)? {
            return Ok(drawn.as_secs_f64() * 1000.0);
        }
        ensure!(drawn < PATIENCE, "no list came");
    }
}

/// Whether the last frame shows a list of so many completions, or more: snippets may be among them.
fn lists(driver: &mut Driver, count: usize) -> Result<bool> {
    driver.with_window(|window, _| {
        let lists = window.find_all_by_role(Role::ListBox);
        lists.iter().any(|list| {
            let label = list.label().unwrap_or_default();
            let listed = label.strip_suffix(" suggestions");
            let listed = listed.and_then(|listed| listed.parse::<usize>().ok());
            list.visible() && listed.is_some_and(|listed| listed >= count)
        })
    })
}
