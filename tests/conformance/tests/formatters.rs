//! The formatters that install and answer in seconds. One that is not installed is named among what was
//! left out; `cargo xtask conformance formatters` tries all.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use conformance_tests::formatters::{self, Report};

/// Tries the cases of a formatter.
fn works(formatter: &str) {
    let cases = formatters::CASES.iter();
    let mut tried = 0;
    for case in cases.filter(|case| case.formatter == formatter) {
        tried += 1;
        match formatters::run(case).unwrap() {
            Some(report) => assert_eq!(Report::failures(&report), Vec::<String>::new()),
            None => {
                test_support::left_out(&format!("formatter {formatter}"), "it is not installed")
            }
        }
    }
    assert!(tried > 0, "no case for {formatter}");
}

#[test]
fn rustfmt() {
    works("rustfmt");
}

#[test]
fn gofmt() {
    works("gofmt");
}

#[test]
fn ruff() {
    works("ruff");
}

#[test]
fn black() {
    works("black");
}

#[test]
fn prettier() {
    works("prettier");
}

#[test]
fn shfmt() {
    works("shfmt");
}

#[test]
fn clang_format() {
    works("clang-format");
}

#[test]
fn every_formatter_of_the_catalogue_is_tried() {
    for entry in lsp::Formatters::bundled().unwrap().all {
        let mut cases = formatters::CASES.iter();
        assert!(
            cases.any(|case| case.formatter == entry.name),
            "{}",
            entry.name
        );
    }
}
