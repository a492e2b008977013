//! Which crate may use which: the layers of `docs/architecture.md`.

use crate::workspace_graph::{Dependency, Package, WorkspaceGraph};

/// Every crate of the workspace and its layer. Arrows point to strictly lower layers.
const LAYERS: &[(u8, &[&str])] = &[
    // Ground: rules about characters, with no dependency, which all layers may use.
    (0, &["text_safety"]),
    // Core: pure; no I/O, no async runtime, no gpui.
    (
        1,
        &[
            "editor_core",
            "grammars",
            "syntax",
            "settings",
            "spec",
            "credits",
            "vim",
        ],
    ),
    // Services: tokio or threads, never gpui, never each other.
    (
        2,
        &[
            "fs",
            "git",
            "search",
            "lsp",
            "terminal",
            "llm",
            "local_model",
            "mcp",
            "sandbox",
            "vscode_import",
        ],
    ),
    // The model: the shared workspace and the agent.
    (3, &["workspace", "agent", "acp"]),
    // The user interface: the only layer that may use gpui.
    (
        4,
        &[
            "ui",
            "editor_view",
            "agent_panel",
            "problems_panel",
            "spec_sidebar",
            "terminal_view",
            "workbench",
        ],
    ),
    // Programs.
    (5, &["kiln", "kiln_cli", "xtask"]),
    // Tests across crates.
    (
        6,
        &[
            "headless_tests",
            "ui_tests",
            "conformance_tests",
            "perf_tests",
            "test_support",
        ],
    ),
];

/// Arrows inside a layer that are allowed.
const ARROWS_INSIDE_A_LAYER: &[(&str, &str)] = &[
    ("syntax", "editor_core"),
    ("syntax", "grammars"),
    ("syntax", "spec"),
    ("vim", "editor_core"),
    ("agent", "workspace"),
    ("acp", "agent"),
    ("editor_view", "ui"),
    ("agent_panel", "ui"),
    ("problems_panel", "ui"),
    ("spec_sidebar", "ui"),
    ("terminal_view", "ui"),
    ("workbench", "ui"),
];

/// The first layer that may use gpui, directly or through others.
const FIRST_LAYER_WITH_GPUI: u8 = 4;

/// The programs' layer; above it are tests alone.
const PROGRAMS: u8 = 5;

/// Programs above that layer that still must not link it.
const PROGRAMS_WITHOUT_GPUI: &[&str] = &["kiln_cli", "xtask"];

/// What core crates must not use: runtimes, clients, windows.
const FORBIDDEN_IN_CORE: &[&str] = &["tokio", "async-std", "smol", "reqwest", "hyper", "notify"];

/// Where tests live that cross crates; every crate's own tests may use it.
const TEST_SUPPORT: &str = "test_support";

/// Everything that breaks a rule, one sentence each.
pub fn violations(graph: &WorkspaceGraph) -> Vec<String> {
    let mut found = Vec::new();
    for member in graph.members() {
        let Some(layer) = layer(&member.name) else {
            found.push(format!(
                "{} has no layer; add it to the table in crates/xtask/src/layers.rs",
                member.name
            ));
            continue;
        };
        for dependency in member
            .dependencies
            .iter()
            .filter(|dependency| dependency.path.is_some())
        {
            found.extend(arrow_violation(&member.name, layer, dependency));
        }
        found.extend(reach_violations(graph, member, layer));
    }
    found
}

fn arrow_violation(from: &str, layer_of_from: u8, dependency: &Dependency) -> Option<String> {
    let to = dependency.name.as_str();
    let layer_of_to = layer(to)?;
    let is_test = dependency.kind.as_deref() == Some("dev");
    let allowed = layer_of_to < layer_of_from
        || ARROWS_INSIDE_A_LAYER.contains(&(from, to))
        // Tests may use their own crate with its fakes, a sibling's fakes, and the shared support.
        || (is_test && (layer_of_to == layer_of_from || to == TEST_SUPPORT))
        || (to == TEST_SUPPORT && layer_of_from == layer_of_to);
    (!allowed).then(|| {
        format!("{from} (layer {layer_of_from}) must not use {to} (layer {layer_of_to}): arrows point to lower layers")
    })
}

fn reach_violations(graph: &WorkspaceGraph, member: &Package, layer: u8) -> Vec<String> {
    let mut found = Vec::new();
    let reached = graph.reached_from(member);
    let may_draw =
        layer >= FIRST_LAYER_WITH_GPUI && !PROGRAMS_WITHOUT_GPUI.contains(&member.name.as_str());
    if !may_draw
        && layer <= PROGRAMS
        && let Some(package) = reached.iter().find(|name| name.starts_with("gpui"))
    {
        found.push(format!(
            "{} reaches {package}, which only the user interface may use",
            member.name
        ));
    }
    if layer <= 1
        && let Some(package) = reached.iter().find(|name| FORBIDDEN_IN_CORE.contains(name))
    {
        found.push(format!("{} is pure and reaches {package}", member.name));
    }
    found
}

fn layer(name: &str) -> Option<u8> {
    LAYERS
        .iter()
        .find(|(_, names)| names.contains(&name))
        .map(|(layer, _)| *layer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace_graph::{Arrow, ArrowUse, Node, Resolve};

    /// A workspace in which `(from, to, kind)` are the arrows; names in the layer table are
    /// members, others come from a registry.
    fn graph(arrows: &[(&str, &str, Option<&str>)]) -> WorkspaceGraph {
        let mut names: Vec<&str> = arrows
            .iter()
            .flat_map(|(from, to, _)| [*from, *to])
            .collect();
        names.sort_unstable();
        names.dedup();
        let is_member = |name: &str| layer(name).is_some() || name.starts_with("new_");
        let from = |name: &str| {
            arrows
                .iter()
                .filter(move |(from, ..)| *from == name)
                .collect::<Vec<_>>()
        };
        WorkspaceGraph {
            packages: names
                .iter()
                .map(|name| Package {
                    id: (*name).into(),
                    name: (*name).into(),
                    version: "1.0.0".into(),
                    license: Some("MIT".into()),
                    dependencies: from(name)
                        .iter()
                        .map(|(_, to, kind)| Dependency {
                            name: (*to).into(),
                            kind: kind.map(str::to_owned),
                            path: is_member(to).then(|| (*to).into()),
                        })
                        .collect(),
                })
                .collect(),
            workspace_members: names
                .iter()
                .filter(|name| is_member(name))
                .map(|name| (*name).into())
                .collect(),
            resolve: Resolve {
                nodes: names
                    .iter()
                    .map(|name| Node {
                        id: (*name).into(),
                        deps: from(name)
                            .iter()
                            .map(|(_, to, kind)| Arrow {
                                pkg: (*to).into(),
                                dep_kinds: vec![ArrowUse {
                                    kind: kind.map(str::to_owned),
                                }],
                            })
                            .collect(),
                    })
                    .collect(),
            },
        }
    }

    fn found(arrows: &[(&str, &str, Option<&str>)]) -> String {
        violations(&graph(arrows)).join("\n")
    }

    #[test]
    fn arrows_to_lower_layers_and_the_named_ones_inside_a_layer_pass() {
        let arrows = [
            ("syntax", "editor_core", None),
            ("syntax", "grammars", None),
            ("syntax", "spec", None),
            ("agent", "workspace", None),
            ("agent", "llm", None),
            ("workbench", "ui", None),
            ("kiln", "workbench", None),
            ("ui", "gpui-kit", None),
            ("llm", "tokio", None),
            ("ui_tests", "kiln", None),
        ];
        assert_eq!(found(&arrows), "");
    }

    #[test]
    fn arrows_up_and_between_siblings_fail() {
        assert!(
            found(&[("editor_core", "fs", None)]).contains("editor_core (layer 1) must not use fs")
        );
        assert!(found(&[("agent", "llm", None), ("llm", "agent", None)]).contains("llm (layer 2)"));
        assert!(found(&[("llm", "fs", None)]).contains("llm (layer 2) must not use fs (layer 2)"));
        assert!(found(&[("editor_core", "syntax", None)]).contains("must not use syntax"));
        assert!(found(&[("agent_panel", "workbench", None)]).contains("must not use workbench"));
        assert!(found(&[("workspace", "agent", None)]).contains("must not use agent"));
        assert!(found(&[("kiln", "xtask", Some("build"))]).contains("must not use xtask"));
    }

    #[test]
    fn tests_may_use_siblings_but_not_what_is_above() {
        assert_eq!(
            found(&[
                ("local_model", "llm", Some("dev")),
                ("agent", "test_support", Some("dev"))
            ]),
            ""
        );
        assert!(found(&[("llm", "agent", Some("dev"))]).contains("must not use agent"));
    }

    #[test]
    fn gpui_below_the_user_interface_fails_also_through_others() {
        assert!(found(&[("workspace", "gpui-kit", None)]).contains("workspace reaches gpui-kit"));
        assert!(
            found(&[("fs", "innocent", None), ("innocent", "gpui-pre", None)])
                .contains("fs reaches gpui-pre")
        );
        assert!(
            found(&[("kiln_cli", "agent", None), ("agent", "gpui-kit", None)])
                .contains("kiln_cli reaches gpui-kit")
        );
        assert!(
            found(&[("settings", "x", Some("build")), ("x", "gpui", None)])
                .contains("settings reaches gpui")
        );
        // A test's window does not end up in the crate.
        assert_eq!(found(&[("workspace", "gpui-kit", Some("dev"))]), "");
    }

    #[test]
    fn a_runtime_in_the_core_fails() {
        assert!(
            found(&[("spec", "innocent", None), ("innocent", "tokio", None)])
                .contains("spec is pure and reaches tokio")
        );
    }

    #[test]
    fn a_crate_without_layer_fails() {
        assert!(found(&[("new_crate", "serde", None)]).contains("new_crate has no layer"));
    }
}
