//! What `kiln` understands on its command line. Uses nothing but clap, so that the
//! reference page can be made without building the program.

use std::path::{Path, PathBuf};

use clap::{CommandFactory, Parser};

const EXIT_CODES: &str = "\
Exit codes:
  0  the window was closed, or one that is open was handed what to open
  1  it failed; the reason is on standard error
  2  the command line is wrong, or what it names cannot be opened
  3  there is no display to open a window on
  4  there is no GPU, not even a software one, to draw with

KILN_HOME puts all of Kiln's own files into one folder. KILN_LOG sets what is
logged to standard error, such as `info` or `agent=debug`.";

/// Kiln: an IDE that turns a prompt into a reviewed spec, and the spec into code.
#[derive(Debug, Parser)]
#[command(name = "kiln", version, after_help = EXIT_CODES, max_term_width = 100)]
pub struct Arguments {
    /// A folder to open, or a file, with a place in it: src/main.rs:12:4.
    /// Without it, the folder of last time is opened. Where a window has the
    /// folder open already, that one comes to the front and opens the file.
    #[arg(value_name = "FOLDER|FILE[:LINE[:COLUMN]]")]
    pub target: Option<PathBuf>,
    /// Open beside the windows that are there, also where one has the folder
    /// open already. Without a folder or file, no folder is opened.
    #[arg(short, long)]
    pub new_window: bool,
    /// Measure how long keys take to the scene that shows them, in a window of
    /// its own; print a histogram when it was closed.
    #[arg(long)]
    pub latency: bool,
}

/// A path and the place behind it.
#[derive(Debug, PartialEq, Eq)]
pub struct Place {
    /// The path.
    pub path: PathBuf,
    /// The line, counted from one.
    pub line: Option<u32>,
    /// The column, counted from one.
    pub column: Option<u32>,
}

impl Place {
    /// Reads "path", "path:line" or "path:line:column". A path that exists as written is
    /// taken as it is, colons and all.
    pub fn parse(text: &Path, exists: impl Fn(&Path) -> bool) -> Self {
        let whole = Self {
            path: text.to_path_buf(),
            line: None,
            column: None,
        };
        let Some(written) = text.to_str().filter(|_| !exists(text)) else {
            return whole;
        };
        let (rest, last) = match split_number(written) {
            Some(parts) => parts,
            None => return whole,
        };
        match split_number(rest) {
            Some((path, line)) => Self {
                path: path.into(),
                line: Some(line),
                column: Some(last),
            },
            None => Self {
                path: rest.into(),
                line: Some(last),
                column: None,
            },
        }
    }
}

fn split_number(text: &str) -> Option<(&str, u32)> {
    let (rest, number) = text.rsplit_once(':')?;
    let number = number.parse().ok().filter(|number| *number > 0)?;
    (!rest.is_empty()).then_some((rest, number))
}

/// The page about the command line.
pub fn reference_markdown() -> String {
    let help = Arguments::command()
        .term_width(100)
        .render_long_help()
        .to_string();
    let help: Vec<_> = help.lines().map(str::trim_end).collect();
    format!(
        "# kiln\n\n<!-- Generated from crates/kiln/src/arguments.rs by `cargo xtask docs`. -->\n\n\
         ```text\n{}\n```\n",
        help.join("\n").trim_end()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(text: &str) -> (String, Option<u32>, Option<u32>) {
        let place = Place::parse(Path::new(text), |path| path == Path::new("odd:7"));
        (place.path.display().to_string(), place.line, place.column)
    }

    #[test]
    fn a_place_follows_the_path() {
        assert_eq!(place("src/main.rs"), ("src/main.rs".into(), None, None));
        assert_eq!(
            place("src/main.rs:12"),
            ("src/main.rs".into(), Some(12), None)
        );
        assert_eq!(
            place("src/main.rs:12:4"),
            ("src/main.rs".into(), Some(12), Some(4))
        );
    }

    #[test]
    fn what_is_no_place_belongs_to_the_path() {
        assert_eq!(place("a:b"), ("a:b".into(), None, None));
        assert_eq!(place("a:0"), ("a:0".into(), None, None));
        assert_eq!(place(":3"), (":3".into(), None, None));
        assert_eq!(place("odd:7"), ("odd:7".into(), None, None));
    }

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
        assert!(reference_markdown().contains("FOLDER|FILE[:LINE[:COLUMN]]"));
    }
}
