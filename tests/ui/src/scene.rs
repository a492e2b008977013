//! What a picture shows, brought about as a person would.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde_json::json;
use settings::Appearance;
use test_support::{ModelServer, Reply, Step};

use crate::driver::{Driver, Setup};

/// One of the screens that are looked at.
#[derive(Clone, Copy, Debug, Eq, PartialEq, clap::ValueEnum)]
pub enum Scene {
    /// A project with a source file open.
    Editor,
    /// A conversation with a tool call and code in the answer.
    Chat,
    /// A spec's requirements as a document.
    Spec,
    /// The first start.
    Onboarding,
}

/// Light or dark.
#[derive(Clone, Copy, Debug, Eq, PartialEq, clap::ValueEnum)]
pub enum SceneTheme {
    /// Kiln Light.
    Light,
    /// Kiln Dark.
    Dark,
}

impl From<SceneTheme> for Appearance {
    fn from(theme: SceneTheme) -> Self {
        match theme {
            SceneTheme::Light => Self::Light,
            SceneTheme::Dark => Self::Dark,
        }
    }
}

/// Settings that make the scripted server the model of the conversation.
#[must_use]
pub fn settings_for(server: &ModelServer) -> String {
    server.settings().to_string()
}

/// Draws a scene over the folder.
///
/// # Errors
/// The folder has nothing to show for the scene, or there is no renderer.
pub fn draw(scene: Scene, folder: &Path, theme: SceneTheme) -> Result<image::RgbaImage> {
    let source = source_file(folder);
    let server = ModelServer::start();
    server.script(conversation(folder, source.as_deref()));
    let setup = Setup {
        folder: Some(folder.to_path_buf()),
        appearance: theme.into(),
        settings: settings_for(&server),
        scale: 2.0,
        pictures: true,
        ..Setup::default()
    };
    let mut driver = match scene {
        Scene::Editor | Scene::Chat => Driver::start(Setup {
            open: source.into_iter().collect(),
            ..setup
        })?,
        Scene::Spec => Driver::start(Setup {
            open: vec![first_spec(folder)?],
            ..setup
        })?,
        Scene::Onboarding => Driver::start(Setup {
            folder: None,
            onboarding: true,
            ..setup
        })?,
    };
    if scene == Scene::Chat {
        driver.ask_agent("Where is a due date checked?")?;
        driver.wait_for("the end of the turn", |_, _| server.requests().len() >= 2)?;
        driver.wait_for_label("Try again")?;
    }
    driver.rest()?;
    driver.picture()
}

/// The file that the editor scene opens: the one that the scripted conversation is about in the
/// example project; elsewhere code, not prose, the largest there is.
fn source_file(folder: &Path) -> Option<PathBuf> {
    let told_about = folder.join("server/due.py");
    if told_about.is_file() {
        return Some(told_about);
    }
    let mut best: Option<(u64, PathBuf)> = None;
    let mut waiting = vec![folder.to_path_buf()];
    let mut seen = 0;
    while let Some(place) = waiting.pop() {
        for entry in std::fs::read_dir(place).into_iter().flatten().flatten() {
            seen += 1;
            if seen > 5_000 {
                break;
            }
            let path = entry.path();
            let name = entry.file_name();
            let name = name.to_string_lossy();
            if path.is_dir() && !name.starts_with('.') && name != "target" && name != "node_modules"
            {
                waiting.push(path);
                continue;
            }
            let code = [".rs", ".py", ".ts"]
                .iter()
                .any(|ending| name.ends_with(ending));
            let length = entry.metadata().map_or(0, |metadata| metadata.len());
            if code
                && !name.contains("test")
                && best.as_ref().is_none_or(|(size, _)| length > *size)
            {
                best = Some((length, path));
            }
        }
    }
    best.map(|(_, path)| path)
}

fn first_spec(folder: &Path) -> Result<PathBuf> {
    let specs = folder.join(".kiro/specs");
    std::fs::read_dir(&specs)
        .with_context(|| format!("{} holds no spec", folder.display()))?
        .flatten()
        .map(|entry| entry.path().join("requirements.md"))
        .filter(|path| path.is_file())
        .min()
        .with_context(|| format!("no spec under {} has requirements", specs.display()))
}

fn conversation(folder: &Path, source: Option<&Path>) -> Vec<Reply> {
    let path = source
        .and_then(|source| source.strip_prefix(folder).ok())
        .unwrap_or(Path::new("README.md"));
    let answer = "A due date is **optional**, and it is checked where it is read, so the store \
         never sees a bad one:\n\n```python\nif not isinstance(value, str) or not DATE.fullmatch(value):\n    \
         raise DueDateError(problem)\ntry:\n    return date.fromisoformat(value)\n\
         except ValueError:\n    raise DueDateError(problem) from None\n```\n\n\
         - `null` stays `None`: a task without a date\n\
         - `20260314` is a date to Python, but not here: it would not come back as it was sent\n";
    vec![
        Reply::Stream(vec![
            Step::Text("I'll look at where the date is read.".to_owned()),
            Step::ToolCall {
                id: "call_1".to_owned(),
                name: "read_file".to_owned(),
                arguments: json!({"path": path}).to_string(),
            },
            Step::End {
                input: 1_240,
                output: 38,
            },
        ]),
        Reply::Stream(vec![
            Step::Text(answer.to_owned()),
            Step::End {
                input: 2_480,
                output: 164,
            },
        ]),
    ]
}
