//! Reading and writing a spec's files through the open buffers.

use std::path::Path;

use spec::{Document, SpecConfig, SpecFiles, SpecFolder, SpecState, is_valid_spec_name};

use crate::engine::Engine;
use crate::host::TextError;
use crate::project_path::ProjectPath;

/// The folder of a project's specs.
const SPECS: &str = ".kiro/specs";

/// A spec as it stands.
pub(crate) struct LoadedSpec {
    pub name: String,
    pub files: SpecFiles,
    pub folder: SpecFolder,
    /// `.config.kiro`; a new one where there is none.
    pub config: SpecConfig,
}

impl LoadedSpec {
    pub fn state(&self) -> &SpecState {
        &self.folder.state
    }
}

/// The path of a file of a spec, relative to the project folder.
pub(crate) fn relative(spec: &str, file: &str) -> String {
    format!("{SPECS}/{spec}/{file}")
}

impl Engine {
    /// Whether a spec's folder is there.
    pub fn spec_exists(&self, name: &str) -> bool {
        self.folder.root().join(SPECS).join(name).exists()
    }

    /// Resolves a file of a spec, which need not exist.
    pub fn spec_path(&self, spec: &str, file: &str) -> Result<ProjectPath, String> {
        if !is_valid_spec_name(spec) {
            return Err(format!(
                "`{}` is not the name of a spec",
                crate::visible::shorten(&crate::visible::line(spec), 60)
            ));
        }
        let named = relative(spec, file);
        let path = self
            .folder
            .writable(&named)
            .map_err(|error| error.to_string())?;
        // A document is written without a question, so it must be no other file of the project.
        if path.relative != Path::new(&named) {
            return Err(format!(
                "`{named}` leads to {} through a link. Replace the link by the file itself",
                path.shown()
            ));
        }
        Ok(path)
    }

    /// A file's text; `None` where it does not exist.
    pub async fn read_spec_file(&self, spec: &str, file: &str) -> Result<Option<String>, String> {
        let path = self.spec_path(spec, file)?;
        let text = self
            .host
            .read_if_exists(&path.absolute)
            .await
            .map_err(|error| error.to_string())?;
        Ok(text.map(|text| text.text))
    }

    /// Replaces a file's text, which must be `base`.
    pub async fn write_spec_file(
        &self,
        spec: &str,
        file: &str,
        base: Option<&str>,
        text: &str,
    ) -> Result<(), String> {
        if base == Some(text) {
            return Ok(());
        }
        let path = self.spec_path(spec, file)?;
        self.host
            .write(&path.absolute, base, text)
            .await
            .map_err(|error| error.to_string())
    }

    /// Makes sure that a file holds `text`, which was read and approved: saves it where it is open
    /// with unsaved changes, and leaves it alone otherwise. The error names the buttons of the strip
    /// that the document then has.
    pub async fn save_read_file(&self, spec: &str, file: &str, text: &str) -> Result<(), String> {
        let path = self.spec_path(spec, file)?;
        let saved = self.host.save_read(&path.absolute, text).await;
        saved.map_err(|error| match error {
            TextError::Conflict(_) => {
                format!("{file} is not the text that you read any more. Read it again")
            }
            TextError::ChangedOnDisk(_) => format!(
                "{file} changed on disk. Choose Reload or Keep mine at its top, then approve it again"
            ),
            error => error.to_string(),
        })
    }

    /// Reads all of a spec.
    pub async fn load_spec(&self, name: &str) -> Result<LoadedSpec, String> {
        let mut texts: Vec<(&str, String)> = Vec::new();
        for file in SpecFiles::NAMES {
            if let Some(text) = self.read_spec_file(name, file).await? {
                texts.push((file, text));
            }
        }
        if texts.is_empty() && !self.spec_exists(name) {
            return Err(format!("There is no spec `{}`", crate::visible::line(name)));
        }
        let files = SpecFiles::from_files(texts);
        let folder = SpecFolder::summarize(name, &files);
        let config = match &files.config {
            Some(text) => SpecConfig::parse(text),
            None => SpecConfig::new(
                &uuid::Uuid::now_v7().to_string(),
                folder.state.workflow,
                folder.spec_type,
                None,
            ),
        };
        Ok(LoadedSpec {
            name: name.to_owned(),
            files,
            folder,
            config,
        })
    }

    /// Keeps which documents are approved.
    pub async fn write_approvals(
        &self,
        spec: &LoadedSpec,
        approved: &[Document],
    ) -> Result<(), String> {
        let text = spec
            .config
            .with_approvals(approved)
            .map_err(|error| error.to_string())?;
        self.write_spec_file(
            &spec.name,
            SpecFiles::CONFIG,
            spec.files.config.as_deref(),
            &text,
        )
        .await
    }
}
