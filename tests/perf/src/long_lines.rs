//! Files that are one line: a minified bundle, a dump without line ends.

use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result, ensure};
use editor_core::display_map::{
    DisplayMap, DisplayRow, DisplayStyle, Measure, RowText, WrapIndent, WrapRule,
};
use editor_core::{Bias, ChangeSet, EditIntent, Selections, Text, Transaction};
use fs::RealFs;
use test_support::Random;
use test_support::report::Metric;
use workspace::Workspace;

use crate::clock;

/// Rows on a screen.
const SCREEN: usize = 60;

/// What is cut at once, off the thread that draws, in bytes.
const PIECE: usize = 256 * 1024;

/// What a view has counted around the place that it shows of a line that is not wrapped, in bytes.
const AROUND: usize = 2048;

/// What is counted of such a line at a time in the background, in bytes.
const COUNTED: usize = 8 * 1024 * 1024;

/// Every character a unit wide.
pub(crate) struct Cells;

impl Measure for Cells {
    fn advance(&self, _: &str) -> f32 {
        1.0
    }

    fn cell(&self) -> f32 {
        1.0
    }
}

/// Opens a file of one line of about `bytes` bytes, shows its first rows, and types in the middle
/// of it, with its lines cut to 100 columns; then goes about in it and types with its line whole.
pub(crate) fn run(
    name: &str,
    bytes: usize,
    keys: usize,
    scratch: &Path,
    show: &mut dyn FnMut(Metric),
) -> Result<()> {
    let path = scratch.join(format!("{name}.js"));
    write_bundle(&path, bytes)?;
    let mut workspace = Workspace::new(scratch.to_path_buf(), Arc::new(RealFs::new()));
    let (id, opening) = clock::wall(|| workspace.open_blocking(&path));
    let id = id?;
    std::fs::remove_file(&path)?;
    let text = workspace.buffer(id).context("the buffer")?.text().clone();
    ensure!(text.line_count() == 1, "more than one line");

    let style = DisplayStyle {
        wrap: Some(WrapRule {
            width: 100.0,
            indent: WrapIndent::Same,
        }),
        ..DisplayStyle::default()
    };
    let (mut map, first) = test_support::cpu(|| {
        let mut map = DisplayMap::new(text, style);
        cut(&mut map);
        screen(&map, 0);
        map
    });

    let mut random = Random::new(3);
    let (mut spent, mut longest) = (0.0, 0.0_f64);
    for _ in 0..keys {
        let len = workspace.buffer(id).context("the buffer")?.text().len();
        let at = len / 2 + random.below(len / 4);
        let typed = Transaction {
            changes: ChangeSet::replacement(len, at..at, "x")?,
            selections_before: Selections::caret(at),
            selections_after: Selections::caret(at + 1),
            intent: EditIntent::Typing,
        };
        let (result, took) = test_support::cpu(|| -> Result<()> {
            let changes = typed.changes.clone();
            workspace.edit(id, typed)?;
            workspace.take_events();
            let text = workspace.buffer(id).context("the buffer")?.text().clone();
            map.sync(text, &changes);
            let place = map.snapshot().to_display_point(at + 1, Bias::Left);
            screen(&map, place.row() as usize);
            Ok(())
        });
        result?;
        let job = map.wrap_job(0, PIECE).map(|job| job.run(&Cells));
        let (_, applying) = test_support::cpu(|| job.map(|piece| map.apply_wrap(piece)));
        spent += took + applying;
        longest = longest.max(took + applying);
    }

    let text = workspace.buffer(id).context("the buffer")?.text().clone();
    let whole = Whole::measure(text, keys)?;
    let none = || Err("no peer runs without a window".to_owned());
    for (metric, ours, unit, target) in [
        ("open", opening, "ms", "no freeze"),
        ("first-rows", first, "ms of CPU", "≤ 8.3 ms"),
        ("key", spent / keys as f64, "ms of CPU", "≤ 8.3 ms"),
        ("key-longest", longest, "ms of CPU", "≤ 8.3 ms"),
        ("whole-jump-longest", whole.jump, "ms of CPU", "≤ 8.3 ms"),
        ("whole-key-longest", whole.key, "ms of CPU", "≤ 8.3 ms"),
        (
            "whole-count",
            whole.count,
            "ms of CPU, in pieces",
            "in the background",
        ),
    ] {
        show(Metric {
            name: format!("line-of-{name}-{metric}"),
            ours,
            peer: none(),
            unit,
            target,
        });
    }
    Ok(())
}

/// What it takes to place what is shown of a line that is not wrapped.
struct Whole {
    /// The longest of many jumps far out, the first look at the line with it.
    jump: f64,
    /// The longest of many letters typed there.
    key: f64,
    /// Counting all of it.
    count: f64,
}

impl Whole {
    fn measure(text: Text, times: usize) -> Result<Self> {
        let mut random = Random::new(5);
        let len = text.len();
        let mut map = DisplayMap::new(text.clone(), DisplayStyle::default());
        let of = |map: &DisplayMap| match map.snapshot().row(0) {
            DisplayRow::Text(row) => Ok(RowText::new(&map.snapshot(), &row)),
            DisplayRow::Block(..) => Err(anyhow::anyhow!("no row of text")),
        };
        let row = of(&map)?;
        let (mut counts, mut jump) = test_support::cpu(|| row.uncounted());
        for _ in 0..times {
            let at = random.below(len);
            let (_, took) = test_support::cpu(|| {
                row.count_within(&mut counts, at.saturating_sub(AROUND)..at + AROUND);
                counts.cell_at(at)
            });
            jump = jump.max(took);
        }
        let (mut text, mut key) = (text, 0.0_f64);
        for _ in 0..times {
            let at = len / 2 + random.below(len / 4);
            let changes = ChangeSet::replacement(text.len(), at..at, "x")?;
            text = changes.apply(&text)?;
            map.sync(text.clone(), &changes);
            let row = of(&map)?;
            let (_, took) = test_support::cpu(|| {
                counts.edit(at..at, 1);
                row.count_edited(&mut counts);
                row.count_within(&mut counts, at.saturating_sub(AROUND)..at + AROUND);
                counts.cell_at(at)
            });
            key = key.max(took);
        }
        let row = of(&map)?;
        let (_, count) = test_support::cpu(|| {
            while let Some(job) = row.job(&counts, 0, COUNTED) {
                counts.take(&job.run());
            }
        });
        ensure!(counts.is_counted(), "not all was counted");
        Ok(Self { jump, key, count })
    }
}

/// Cuts one more piece.
fn cut(map: &mut DisplayMap) {
    if let Some(job) = map.wrap_job(0, PIECE) {
        let piece = job.run(&Cells);
        map.apply_wrap(piece);
    }
}

/// Reads what a screen shows from a row on, of a row that is not cut yet as much as a view does.
fn screen(map: &DisplayMap, from: usize) -> usize {
    const SHAPED: usize = 4096;
    let snapshot = map.snapshot();
    let rows = from..(from + SCREEN).min(snapshot.row_count());
    snapshot
        .text_rows(rows)
        .map(|(_, row)| {
            let end = row.range.end.min(row.range.start + SHAPED);
            snapshot.text().slice(row.range.start..end).len()
        })
        .sum()
}

fn write_bundle(path: &Path, bytes: usize) -> std::io::Result<()> {
    let mut file = BufWriter::new(std::fs::File::create(path)?);
    let (mut written, mut number) = (0, 0_u64);
    while written < bytes {
        let piece = format!("function f{number}(a,b){{return a+b*{number}}};");
        file.write_all(piece.as_bytes())?;
        written += piece.len();
        number += 1;
    }
    file.flush()
}
