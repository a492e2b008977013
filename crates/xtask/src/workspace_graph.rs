//! The workspace and its dependencies, as `cargo metadata` tells them.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::process;

/// What the rules need to know of `cargo metadata`.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct WorkspaceGraph {
    /// Every package, the workspace's own and those from registries.
    pub packages: Vec<Package>,
    /// Ids of the workspace's own packages.
    pub workspace_members: Vec<String>,
    /// Which package uses which, with the features that are on by default.
    pub resolve: Resolve,
}

/// A package.
#[derive(Debug, Clone, Deserialize)]
pub struct Package {
    /// Cargo's id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Version.
    pub version: String,
    /// SPDX expression.
    pub license: Option<String>,
    /// What its manifest asks for, optional dependencies included.
    pub dependencies: Vec<Dependency>,
}

/// A line of a manifest.
#[derive(Debug, Clone, Deserialize)]
pub struct Dependency {
    /// The package that is asked for.
    pub name: String,
    /// `None` for a normal one, else `dev` or `build`.
    pub kind: Option<String>,
    /// The folder, for packages of this workspace.
    pub path: Option<PathBuf>,
}

/// The graph of packages.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Resolve {
    /// One node a package.
    pub nodes: Vec<Node>,
}

/// A package in the graph.
#[derive(Debug, Clone, Deserialize)]
pub struct Node {
    /// Cargo's id.
    pub id: String,
    /// The packages that it uses.
    pub deps: Vec<Arrow>,
}

/// An arrow of the graph.
#[derive(Debug, Clone, Deserialize)]
pub struct Arrow {
    /// The package that is used.
    pub pkg: String,
    /// In which ways.
    pub dep_kinds: Vec<ArrowUse>,
}

/// A way in which a package is used.
#[derive(Debug, Clone, Deserialize)]
pub struct ArrowUse {
    /// As [`Dependency::kind`].
    pub kind: Option<String>,
}

impl WorkspaceGraph {
    /// Asks cargo.
    pub fn load(root: &Path) -> Result<Self> {
        let text =
            process::output(process::cargo(root).args(["metadata", "--format-version", "1"]))?;
        serde_json::from_str(&text).context("cargo metadata has another form than expected")
    }

    /// The workspace's own packages.
    pub fn members(&self) -> impl Iterator<Item = &Package> {
        self.packages
            .iter()
            .filter(|package| self.workspace_members.contains(&package.id))
    }

    /// Names of all packages that end up in a build of `member`: normal and build dependencies,
    /// transitively. Tests' dependencies do not count.
    pub fn reached_from(&self, member: &Package) -> BTreeSet<&str> {
        let nodes: HashMap<&str, &Node> = self
            .resolve
            .nodes
            .iter()
            .map(|node| (node.id.as_str(), node))
            .collect();
        let names: HashMap<&str, &str> = self
            .packages
            .iter()
            .map(|package| (package.id.as_str(), package.name.as_str()))
            .collect();
        let mut reached = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut waiting = vec![member.id.as_str()];
        while let Some(id) = waiting.pop() {
            if !seen.insert(id) {
                continue;
            }
            reached.extend(names.get(id));
            for arrow in nodes.get(id).into_iter().flat_map(|node| &node.deps) {
                if arrow
                    .dep_kinds
                    .iter()
                    .any(|used| used.kind.as_deref() != Some("dev"))
                {
                    waiting.push(&arrow.pkg);
                }
            }
        }
        reached.remove(member.name.as_str());
        reached
    }
}
