//! The fake server as a program: its scenario is its argument.

mod script;

use lsp::{read_frame, write_frame};

fn main() {
    let scenario = std::env::args().nth(1).unwrap_or_default();
    let status = script::serve(&scenario, std::io::stdin().lock(), std::io::stdout().lock());
    std::process::exit(status);
}
