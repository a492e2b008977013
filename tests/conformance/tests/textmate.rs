//! Imported grammars give what VS Code's own engine gives.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use conformance_tests::textmate;

#[test]
fn every_line_of_every_sample_has_the_scopes_of_vs_code() {
    let Some(compared) = textmate::compare().unwrap() else {
        test_support::left_out("vscode-textmate", "it is not installed");
        return;
    };
    let (mut same, mut lines) = (0, 0);
    let mut differences = Vec::new();
    for grammar in compared {
        same += grammar.same;
        lines += grammar.lines;
        println!("{}: {} of {}", grammar.grammar, grammar.same, grammar.lines);
        differences.extend(grammar.first_difference);
    }
    println!("{same} of {lines} lines agree");
    assert!(lines > 1_000, "{lines}");
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}
