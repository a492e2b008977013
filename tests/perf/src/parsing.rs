//! What typing in a parsed file costs: the thread that draws, which carries the tree over, and the
//! one that parses.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use anyhow::{Context as _, Result, ensure};
use editor_core::{Selection, Selections, editing};
use fs::RealFs;
use test_support::report::{self, Metric};
use test_support::samples;
use workspace::{BufferId, Workspace};

/// Rows of the viewport that is highlighted.
const ROWS: usize = 60;

/// How long keys are typed into one file, in milliseconds of CPU: slow ones are fewer.
const MAX_TYPING: f64 = 3_000.0;

/// But never fewer than these.
const MIN_KEYS: usize = 30;

/// What the lines begin with that stand at the start of a file alone, in some languages: in the middle
/// of one, all of it would be one error.
const HEADS: [&str; 3] = ["package ", "import ", "@file:"];

/// A sample over and over until it has so many bytes, with one start.
fn repeated(sample: &str, bytes: usize) -> String {
    let lines = sample.split_inclusive('\n');
    let body: String = lines
        .filter(|line| !HEADS.iter().any(|head| line.starts_with(head)))
        .collect();
    let more = bytes.saturating_sub(sample.len());
    format!("{sample}{}", body.repeat(more.div_ceil(body.len().max(1))))
}

/// A file, parsed.
struct Parsed {
    workspace: Workspace,
    id: BufferId,
}

impl Parsed {
    /// A Rust file of so many lines.
    fn rust(lines: usize, scratch: &Path) -> Result<Self> {
        Ok(Self::open("sample.rs", &samples::rust_source(lines), scratch)?.0)
    }

    /// A file, and the milliseconds of its first parse.
    fn open(name: &str, source: &str, scratch: &Path) -> Result<(Self, f64)> {
        let path = scratch.join(name);
        std::fs::write(&path, source)?;
        let mut workspace = Workspace::new(scratch.to_path_buf(), Arc::new(RealFs::new()));
        let id = workspace.open_blocking(&path)?;
        let mut parsed = Self { workspace, id };
        let (parsing, _) = parsed.parse()?;
        Ok((parsed, parsing))
    }

    /// Parses what was edited; gives the milliseconds of the parse and those of taking it.
    fn parse(&mut self) -> Result<(f64, f64)> {
        let job = self
            .workspace
            .parse_job(self.id)
            .context("nothing to parse")?;
        let (parsed, parsing) = test_support::cpu(|| job.run(&AtomicBool::new(false)));
        let parsed = parsed.context("nobody cancels it")?;
        let workspace = &mut self.workspace;
        let ((), taking) = test_support::cpu(|| workspace.parse_finished(self.id, parsed));
        workspace.take_events();
        Ok((parsing, taking))
    }

    /// Types at carets, as the view does.
    fn type_at(&mut self, carets: &Selections, typed: &str) -> Result<(Selections, f64)> {
        let buffer = self.workspace.buffer(self.id).context("the buffer")?;
        let text = buffer.text().clone();
        let (result, took) = test_support::cpu(|| {
            let transaction = editing::insert_text(&text, carets, typed);
            let after = transaction.selections_after.clone();
            drop(text);
            self.workspace.edit(self.id, transaction).map(|()| after)
        });
        self.workspace.take_events();
        Ok((result?, took))
    }

    /// The highlights of the rows from one on.
    fn highlight(&self, row: usize) -> Result<f64> {
        let buffer = self.workspace.buffer(self.id).context("the buffer")?;
        let (text, tree) = (buffer.text(), buffer.syntax().context("a tree")?);
        let last = (row + ROWS).min(text.line_count() - 1);
        let rows = text.line_start(row)..text.line_end(last);
        let (spans, took) = test_support::cpu(|| tree.highlights(text, rows));
        // What is typed may leave a language without any sense.
        ensure!(
            tree.has_errors() || !spans.is_empty(),
            "nothing is highlighted"
        );
        Ok(took)
    }

    /// Types at the end of a row, with a parse and the highlights of a viewport after each key: the
    /// milliseconds that the window waits, and those of the parse with the highlights.
    fn type_keys(
        &mut self,
        row: usize,
        typed: &[&str],
        keys: usize,
    ) -> Result<(Vec<f64>, Vec<f64>)> {
        let buffer = self.workspace.buffer(self.id).context("the buffer")?;
        let mut carets = Selections::caret(buffer.text().line_end(row));
        let (mut waits, mut elsewhere) = (Vec::new(), Vec::new());
        let mut spent = 0.0;
        for typed in typed.iter().cycle().take(keys) {
            if spent > MAX_TYPING && elsewhere.len() >= MIN_KEYS {
                break;
            }
            let (after, typing) = self.type_at(&carets, typed)?;
            carets = after;
            let (parsing, taking) = self.parse()?;
            let highlighting = self.highlight(row.saturating_sub(ROWS / 2))?;
            waits.push(typing.max(taking + highlighting));
            elsewhere.push(parsing + highlighting);
            spent += typing + parsing + taking + highlighting;
        }
        Ok((waits, elsewhere))
    }
}

/// Types in the middle of a Rust file, with a parse and the highlights of a viewport after each key.
pub(crate) fn typing(
    lines: usize,
    keys: usize,
    scratch: &Path,
    show: &mut dyn FnMut(Metric),
) -> Result<()> {
    let mut file = Parsed::rust(lines, scratch)?;
    let row = lines / 2 + 2;
    let typed = ["l", "e", "t", " ", "x", " ", "=", " ", "1", ";", "\n"];
    let (waits, elsewhere) = file.type_keys(row, &typed, keys)?;
    for (name, samples, part, target) in [
        ("parse-and-highlight-p50", &elsewhere, 0.5, "≤ 0.3 ms"),
        ("parse-and-highlight-p99", &elsewhere, 0.99, "≤ 2 ms"),
        ("parse-wait-of-the-window-p99", &waits, 0.99, "≤ 1 ms"),
    ] {
        show(own(
            name.to_owned(),
            report::percentile(samples, part),
            target,
        ));
    }
    Ok(())
}

/// Types a letter at a caret in each line of a Rust file: the text, its history, the tree and its
/// brackets.
pub(crate) fn many_carets(
    lines: usize,
    scratch: &Path,
    show: &mut dyn FnMut(Metric),
) -> Result<()> {
    let mut least = f64::INFINITY;
    for _ in 0..3 {
        let mut file = Parsed::rust(lines, scratch)?;
        let buffer = file.workspace.buffer(file.id).context("the buffer")?;
        let ends = (0..lines).map(|row| Selection::caret(buffer.text().line_end(row)));
        let carets = Selections::new(ends.collect(), 0);
        ensure!(carets.len() == lines, "{} carets", carets.len());
        // The second letter finds the text as typing leaves it.
        let (carets, _) = file.type_at(&carets, "x")?;
        least = least.min(file.type_at(&carets, "y")?.1);
    }
    show(own(
        format!("type-at-{lines}-carets-in-rust"),
        least,
        "≤ 16 ms",
    ));
    Ok(())
}

/// For each language, its sample of the tests over and over until it has so many bytes: the first
/// parse, and a key in the middle, with the parse and the highlights of a viewport that follow it.
/// Or for one language alone.
pub(crate) fn languages(
    bytes: usize,
    keys: usize,
    only: Option<&str>,
    scratch: &Path,
    show: &mut dyn FnMut(Metric),
) -> Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../crates/syntax/tests/samples");
    let mut samples = Vec::new();
    for entry in std::fs::read_dir(&folder)? {
        let path = entry?.path();
        let name = path.file_name().context("a name")?.to_string_lossy();
        samples.push((name.into_owned(), std::fs::read_to_string(&path)?));
    }
    samples.sort();
    for (name, source) in samples {
        if let Some(only) = only {
            let (file, _) = Parsed::open(&name, &source, scratch)?;
            let buffer = file.workspace.buffer(file.id).context("the buffer")?;
            if buffer.language().id_str() != only {
                continue;
            }
        }
        let source = repeated(&source, bytes);
        let (mut file, parsing) = Parsed::open(&name, &source, scratch)?;
        let buffer = file.workspace.buffer(file.id).context("the buffer")?;
        let language = buffer.language().id_str();
        let row = buffer.text().line_count() / 2;
        let (_, elsewhere) = file.type_keys(row, &["x", " ", "1", " "], keys)?;
        for (row, took) in [
            ("parse", parsing),
            ("key-p50", report::percentile(&elsewhere, 0.5)),
            ("key-p99", report::percentile(&elsewhere, 0.99)),
        ] {
            show(own(format!("{language}-{row}"), took, ""));
        }
    }
    Ok(())
}

fn own(name: String, ours: f64, target: &'static str) -> Metric {
    Metric {
        name,
        ours,
        peer: Err("no peer runs without a window".to_owned()),
        unit: "ms of CPU",
        target,
    }
}
