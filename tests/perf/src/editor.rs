//! The editor's rows of `docs/performance.md` that need no window.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use anyhow::{Context as _, Result, ensure};
use editor_core::display_map::{DisplayMap, DisplayStyle, WrapIndent, WrapRule};
use editor_core::find::{Pattern, Query, Scope};
use editor_core::{ChangeSet, EditIntent, Selection, Selections, Text, Transaction, multi_caret};
use fs::RealFs;
use ropey::Rope;
use test_support::report::Metric;
use test_support::samples;
use workspace::Workspace;

use crate::clock;
use crate::long_lines::{self, Cells};
use crate::parsing;
use crate::peers::{self, Usage};
use crate::servers;
use crate::trace::{self, Trace};

/// How much is measured: everything, or as little as shows that the benchmark works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// The figures of `docs/performance.md`.
    Full,
    /// A run of a second or two, for tests.
    Small,
}

impl Size {
    fn pick<T>(self, full: T, small: T) -> T {
        match self {
            Self::Full => full,
            Self::Small => small,
        }
    }
}

/// Runs every row, or those that are asked for, and hands each to `show` as soon as it is known.
///
/// # Errors
/// A sample cannot be written, or a program that is there fails.
pub fn run(size: Size, only: Option<Row>, show: &mut dyn FnMut(Metric)) -> Result<()> {
    let scratch = tempfile::tempdir()?;
    let wanted = |row| only.is_none_or(|only| only == row);
    if wanted(Row::Replay) {
        replay(size, show)?;
    }
    if wanted(Row::Carets) {
        select_all_occurrences(size, show)?;
        parsing::many_carets(size.pick(10_000, 100), scratch.path(), show)?;
    }
    if wanted(Row::Parse) {
        let (lines, keys) = size.pick((10_000, 2_000), (200, 10));
        parsing::typing(lines, keys, scratch.path(), show)?;
    }
    if wanted(Row::Find) {
        find(size, scratch.path(), show)?;
    }
    if wanted(Row::Wrap) {
        wrap(size, show)?;
    }
    if wanted(Row::Line) {
        let sizes: &[(&str, usize)] = size.pick(
            &[("20-mb", 20_000_000), ("500-mb", 500_000_000)],
            &[("1-mb", 1_000_000)],
        );
        for (name, bytes) in sizes {
            long_lines::run(name, *bytes, size.pick(200, 5), scratch.path(), show)?;
        }
    }
    if wanted(Row::Open) {
        open(size, scratch.path(), show)?;
    }
    Ok(())
}

/// Prints the figures of each language's syntax, or of one, by its identifier.
///
/// # Errors
/// The samples cannot be read, or nothing is highlighted in one.
pub fn syntax(size: Size, only: Option<&str>, show: &mut dyn FnMut(Metric)) -> Result<()> {
    let scratch = tempfile::tempdir()?;
    let (bytes, keys) = size.pick((200_000, 400), (2_000, 4));
    parsing::languages(bytes, keys, only, scratch.path(), show)
}

/// What a language server costs that answers at once.
///
/// # Errors
/// A sample cannot be written, or the server is not started.
pub fn servers(size: Size, show: &mut dyn FnMut(Metric)) -> Result<()> {
    let scratch = tempfile::tempdir()?;
    let (much, keys) = size.pick(
        ((10_000, 10_000, 10_000_000), 200),
        ((200, 100, 1_000_000), 3),
    );
    servers::run(much, keys, scratch.path(), show)
}

/// Rows that are measured together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Row {
    /// Recordings of people writing.
    Replay,
    /// Ten thousand carets.
    Carets,
    /// Typing in a parsed file.
    Parse,
    /// Finding in a large file.
    Find,
    /// Cutting lines to the width of a view.
    Wrap,
    /// Large files that are one line.
    Line,
    /// Large files.
    Open,
}

/// Replays recordings through the whole path of a buffer, beside the bare rope.
fn replay(size: Size, show: &mut dyn FnMut(Metric)) -> Result<()> {
    let mut traces = match size {
        Size::Full => trace::real_traces()?,
        Size::Small => Vec::new(),
    };
    if traces.is_empty() {
        traces.push(Trace::generated(size.pick(200_000, 2_000)));
    }
    for trace in &traces {
        let (ours, ropey) = clock::least_of(
            size.pick(5, 1),
            || replay_in_workspace(trace),
            || replay_in_ropey(trace),
        )?;
        show(Metric {
            name: format!("edit-{}", trace.name),
            ours,
            peer: Ok(("ropey".to_owned(), ropey)),
            unit: "ms of CPU",
            target: "ratio ≤ 2",
        });
    }
    Ok(())
}

/// Text, line index, undo, dirty state and events: what every keystroke in the program goes
/// through, with the carets that the view hands over.
fn replay_in_workspace(trace: &Trace) -> Result<f64> {
    let mut workspace = Workspace::new(std::env::temp_dir(), Arc::new(RealFs::new()));
    let id = workspace.new_untitled();
    workspace.replace_text(id, &trace.start)?;
    let (result, took) = test_support::cpu(|| -> Result<()> {
        let mut length = trace.start.len();
        for patch in &trace.patches {
            let range = patch.at..patch.at + patch.removed;
            let changes = ChangeSet::replacement(length, range, patch.inserted.as_str())?;
            length = changes.len_after();
            let typed = Transaction {
                changes,
                selections_before: Selections::caret(patch.at + patch.removed),
                selections_after: Selections::caret(patch.at + patch.inserted.len()),
                intent: if patch.inserted.is_empty() {
                    EditIntent::Deleting
                } else {
                    EditIntent::Typing
                },
            };
            workspace.edit(id, typed)?;
            workspace.take_events();
        }
        Ok(())
    });
    result?;
    let text = workspace.buffer(id).context("the buffer")?.text();
    ensure!(
        *text == Text::new(&trace.end),
        "the replay of {} differs",
        trace.name
    );
    Ok(took)
}

fn replay_in_ropey(trace: &Trace) -> Result<f64> {
    let mut rope = Rope::from_str(&trace.start);
    let ((), took) = test_support::cpu(|| {
        for patch in &trace.patches {
            if patch.removed > 0 {
                rope.remove(patch.at..patch.at + patch.removed);
            }
            if !patch.inserted.is_empty() {
                rope.insert(patch.at, &patch.inserted);
            }
        }
    });
    ensure!(
        rope == trace.end.as_str(),
        "ropey's replay of {} differs",
        trace.name
    );
    Ok(took)
}

/// Every occurrence of a word becomes a caret, and a letter is typed at all of them.
fn select_all_occurrences(size: Size, show: &mut dyn FnMut(Metric)) -> Result<()> {
    let matches: usize = size.pick(10_000, 100);
    let line = "let value = compute(other_value) + offset;\n";
    let text = Text::new(&line.repeat(matches));
    let at = line.find("compute").unwrap_or(0);
    let word = Selections::single(Selection::new(at, at + "compute".len()));
    let rule = multi_caret::OccurrenceRule::WORD;
    let mut least = (f64::INFINITY, f64::INFINITY);
    for _ in 0..size.pick(5, 1) {
        let (found, selecting) = test_support::cpu(|| {
            multi_caret::select_all_occurrences(&text, &word, rule, &AtomicBool::new(false))
        });
        let carets = found.context("nobody cancels it")?.selections;
        ensure!(carets.len() == matches, "{} carets", carets.len());
        let (after, typing) = test_support::cpu(|| {
            let typed = editor_core::editing::insert_text(&text, &carets, "x");
            typed.changes.apply(&text)
        });
        ensure!(
            after?.len() == text.len() - 6 * matches,
            "what was typed differs"
        );
        least = (least.0.min(selecting), least.1.min(typing));
    }
    for (name, ours) in [
        (format!("select-all-occurrences-{matches}"), least.0),
        (format!("type-at-{matches}-carets"), least.1),
    ] {
        show(Metric {
            name,
            ours,
            peer: Err("no peer runs without a window".to_owned()),
            unit: "ms of CPU",
            target: "≤ 16 ms",
        });
    }
    Ok(())
}

/// Finds a word in a large text that is open, beside ripgrep, which reads the file first.
fn find(size: Size, scratch: &Path, show: &mut dyn FnMut(Metric)) -> Result<()> {
    let (name, bytes) = size.pick(("100-mb", 100_000_000), ("1-mb", 1_000_000));
    let path = scratch.join("find.log");
    samples::write_log(&path, bytes)?;
    let text = fs::load(&RealFs::new(), &path)?.text;
    let ripgrep = peers::is_installed("rg");
    for (sort, query) in [
        ("literal", Query::literal("needle-").case_sensitive(true)),
        (
            "regex",
            Query::regex(r"items/\d+ needle-\d+").case_sensitive(true),
        ),
    ] {
        let pattern = Pattern::new(&query)?;
        let cancel = AtomicBool::new(false);
        let (mut ours, mut peer) = (f64::INFINITY, f64::INFINITY);
        for _ in 0..size.pick(5, 1) {
            let (found, wall) =
                clock::wall(|| pattern.search(&text, &Scope::whole(), &cancel).count());
            ours = ours.min(wall);
            if ripgrep {
                let mut command = Command::new("rg");
                command.args(["--no-config", "--count-matches", "--regexp"]);
                command.arg(&query.text).arg(&path);
                let (output, wall) = peers::run(&mut command)?;
                let counted = String::from_utf8_lossy(&output.stdout);
                ensure!(
                    counted.trim().parse() == Ok(found),
                    "rg finds {counted}, not {found}"
                );
                peer = peer.min(wall);
            }
        }
        show(Metric {
            name: format!("find-{sort}-{name}"),
            ours,
            peer: if ripgrep {
                Ok(("rg".to_owned(), peer))
            } else {
                Err("rg is not installed".to_owned())
            },
            unit: "ms",
            target: "beside rg",
        });
    }
    std::fs::remove_file(&path)?;
    Ok(())
}

/// Cuts the lines of a source file to 60 columns, a piece after the other as the view does: all of
/// it, and the longest that the thread that draws waits for a piece.
fn wrap(size: Size, show: &mut dyn FnMut(Metric)) -> Result<()> {
    const PIECE: usize = 256 * 1024;
    let lines: usize = size.pick(100_000, 1_000);
    let text = Text::new(&samples::rust_source(lines));
    let style = DisplayStyle {
        wrap: Some(WrapRule {
            width: 60.0,
            indent: WrapIndent::Same,
        }),
        ..DisplayStyle::default()
    };
    let (mut all, mut longest) = (f64::INFINITY, f64::INFINITY);
    for _ in 0..size.pick(3, 1) {
        let mut map = DisplayMap::new(text.clone(), style);
        let (mut spent, mut worst) = (0.0, 0.0_f64);
        while let Some(job) = map.wrap_job(0, PIECE) {
            let (piece, took) = test_support::cpu(|| job.run(&Cells));
            let (applied, applying) = test_support::cpu(|| map.apply_wrap(piece));
            ensure!(applied, "a piece was refused");
            spent += took + applying;
            worst = worst.max(applying);
        }
        ensure!(
            map.snapshot().row_count() > text.line_count(),
            "no line was cut"
        );
        (all, longest) = (all.min(spent), longest.min(worst));
    }
    for (name, ours, target) in [
        (format!("wrap-{lines}-lines"), all, "in the background"),
        (
            format!("wrap-{lines}-lines-longest-wait"),
            longest,
            "≤ 8.3 ms",
        ),
    ] {
        show(Metric {
            name,
            ours,
            peer: Err("no peer runs without a window".to_owned()),
            unit: "ms of CPU",
            target,
        });
    }
    Ok(())
}

/// Opens large files in a process of its own, beside Neovim.
fn open(size: Size, scratch: &Path, show: &mut dyn FnMut(Metric)) -> Result<()> {
    let sizes: &[(&str, u64)] = size.pick(
        &[("100-mb", 100_000_000), ("1-gb", 1_000_000_000)],
        &[("5-mb", 5_000_000)],
    );
    for (name, bytes) in sizes {
        let path = scratch.join(format!("{name}.log"));
        samples::write_log(&path, *bytes)?;
        let neovim = peers::is_installed("nvim");
        let (mut ours, mut peer): (Option<Usage>, Option<Usage>) = (None, None);
        let rounds = if *bytes > 100_000_000 { 2 } else { 5 };
        for _ in 0..size.pick(rounds, 1) {
            ours = Some(least(ours, open_in_child(&path)?));
            if neovim {
                peer = Some(least(peer, peers::neovim_opens(&path)?));
            }
        }
        let ours = ours.context("no run")?;
        let missing = || Err("nvim is not installed".to_owned());
        let peer_figure = |figure: fn(&Usage) -> f64| {
            peer.as_ref()
                .map_or_else(missing, |peer| Ok(("nvim".to_owned(), figure(peer))))
        };
        show(Metric {
            name: format!("open-{name}"),
            ours: ours.wall,
            peer: peer_figure(|usage| usage.wall),
            unit: "ms",
            target: "line index ≤ nvim's open",
        });
        show(Metric {
            name: format!("open-{name}-memory"),
            ours: ours.peak,
            peer: peer_figure(|usage| usage.peak),
            unit: "MB",
            target: "≤ 1.15 × file",
        });
        first_lines(name, &path, show)?;
        std::fs::remove_file(&path)?;
    }
    Ok(())
}

/// What a large file begins with, read while another thread reads all of it: what stands between a
/// press on its name and the frame that shows its first lines.
fn first_lines(name: &str, path: &Path, show: &mut dyn FnMut(Metric)) -> Result<()> {
    let progress = fs::LoadProgress::default();
    let options = fs::LoadOptions {
        progress: Some(&progress),
        ..fs::LoadOptions::default()
    };
    let mut least = f64::INFINITY;
    std::thread::scope(|scope| -> Result<()> {
        let reading = scope.spawn(|| fs::load_with(&RealFs::new(), path, &options).is_ok());
        for _ in 0..5 {
            let encoding = fs::EncodingChoice::default();
            let (found, took) = clock::wall(|| fs::read_beginning(&RealFs::new(), path, encoding));
            ensure!(found?.is_some(), "no beginning");
            least = least.min(took);
        }
        progress.cancel();
        // Cancelled, or there already.
        ensure!(reading.join().is_ok(), "the reading failed");
        Ok(())
    })?;
    show(Metric {
        name: format!("open-{name}-first-lines"),
        ours: least,
        peer: Err("no peer shows a part".to_owned()),
        unit: "ms",
        target: "≤ 80 ms of 100 MB, ≤ 150 ms of 1 GB, with a frame",
    });
    Ok(())
}

fn least(best: Option<Usage>, next: Usage) -> Usage {
    best.map_or(next, |best| Usage {
        wall: best.wall.min(next.wall),
        peak: best.peak.min(next.peak),
    })
}

/// Memory is a process's: this program runs itself with [`OPEN_ONLY`].
fn open_in_child(path: &Path) -> Result<Usage> {
    let (output, wall) = peers::run(
        Command::new(std::env::current_exe()?)
            .arg(OPEN_ONLY)
            .arg(path),
    )?;
    let said = String::from_utf8_lossy(&output.stdout);
    let peak = said
        .trim()
        .parse()
        .with_context(|| format!("{said:?} is no number"))?;
    Ok(Usage { wall, peak })
}

/// The argument with which the program opens one file, prints the memory it took, and ends.
pub const OPEN_ONLY: &str = "--open-only";

/// What the child does: opens the file as a buffer, line index and all.
///
/// # Errors
/// The file cannot be opened, or the system does not tell the memory.
pub fn open_only(path: &Path) -> Result<()> {
    let mut workspace = Workspace::new(std::env::temp_dir(), Arc::new(RealFs::new()));
    let id = workspace.open_blocking(path)?;
    let text = workspace.buffer(id).context("the buffer")?.text();
    ensure!(text.line_count() > 1, "the lines were not counted");
    println!("{}", peers::own_peak().context("no /proc/self/status")?);
    Ok(())
}
