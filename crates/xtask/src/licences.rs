//! Nothing under the GPL, and nothing without a licence.

use crate::workspace_graph::WorkspaceGraph;

/// Packages that can only be used under a licence that Kiln cannot ship, one sentence each.
pub fn violations(graph: &WorkspaceGraph) -> Vec<String> {
    graph
        .packages
        .iter()
        .filter_map(|package| {
            let name = format!("{} {}", package.name, package.version);
            match package.license.as_deref() {
                None => Some(format!("{name} names no licence")),
                Some(expression) if is_copyleft(expression) => Some(format!(
                    "{name} is under {expression}, which Kiln cannot link"
                )),
                Some(_) => None,
            }
        })
        .collect()
}

/// Whether every choice of an SPDX expression includes a licence of the GPL family.
///
/// `OR` binds weaker than `AND` (SPDX specification, annex D); old manifests write `/` for `OR`.
fn is_copyleft(expression: &str) -> bool {
    let spaced = expression
        .replace('(', " ( ")
        .replace(')', " ) ")
        .replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    any_of(&mut words.as_slice())
}

fn any_of(words: &mut &[&str]) -> bool {
    let mut copyleft = all_of(words);
    while let [first, rest @ ..] = words
        && first.eq_ignore_ascii_case("or")
    {
        *words = rest;
        // Both sides have to be read; one free side is enough.
        let right = all_of(words);
        copyleft = copyleft && right;
    }
    copyleft
}

fn all_of(words: &mut &[&str]) -> bool {
    let mut copyleft = one(words);
    while let [first, rest @ ..] = words
        && first.eq_ignore_ascii_case("and")
    {
        *words = rest;
        let right = one(words);
        copyleft = copyleft || right;
    }
    copyleft
}

fn one(words: &mut &[&str]) -> bool {
    let [first, rest @ ..] = words else {
        return false;
    };
    *words = rest;
    if *first == "(" {
        let copyleft = any_of(words);
        if let [")", rest @ ..] = words {
            *words = rest;
        }
        return copyleft;
    }
    if let [with, _, rest @ ..] = words
        && with.eq_ignore_ascii_case("with")
    {
        *words = rest;
    }
    first.contains("GPL")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace_graph::Package;

    #[test]
    fn a_choice_without_gpl_is_free() {
        for free in [
            "MIT",
            "MIT OR Apache-2.0",
            "MIT/Apache-2.0",
            "Apache-2.0 OR GPL-2.0-only",
            "MIT OR Apache-2.0 OR LGPL-2.1-or-later",
            "(MIT OR GPL-3.0) AND Unicode-3.0",
            "Apache-2.0 WITH LLVM-exception OR GPL-2.0",
        ] {
            assert!(!is_copyleft(free), "{free}");
        }
    }

    #[test]
    fn gpl_without_a_choice_fails() {
        for copyleft in [
            "GPL-3.0-or-later",
            "AGPL-3.0",
            "MIT AND GPL-2.0",
            "(GPL-2.0 OR LGPL-3.0) AND MIT",
            "GPL-2.0 WITH Classpath-exception-2.0",
        ] {
            assert!(is_copyleft(copyleft), "{copyleft}");
        }
    }

    #[test]
    fn the_package_is_named() {
        let package = |name: &str, license: Option<&str>| Package {
            id: name.into(),
            name: name.into(),
            version: "1.2.3".into(),
            license: license.map(str::to_owned),
            dependencies: Vec::new(),
        };
        let graph = WorkspaceGraph {
            packages: vec![
                package("good", Some("MIT")),
                package("bad", Some("GPL-3.0")),
                package("silent", None),
            ],
            ..WorkspaceGraph::default()
        };
        let found = violations(&graph).join("\n");
        assert!(
            found.contains("bad 1.2.3 is under GPL-3.0")
                && found.contains("silent 1.2.3 names no licence")
        );
        assert!(!found.contains("good"));
    }
}
