//! The files that settings come from: `settings.json`, `keymap.json`, `themes/` and `snippets/`
//! of the person, and `.kiln/settings.json` and `.vscode/*.code-snippets` of the folder.

use crate::last_good::{LastGood, SettingsText};
use crate::write_behind::Write;
use anyhow::Context as _;
use fs::{DirEntry, Fs, FsError, KilnPaths};
use gpui_kit::{App, Priority, Task, Window};
use settings::{
    EditError, Keymap, Scope, SettingsProblem, SnippetEntry, Theme, Unapplied, parse_snippet_file,
};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};
use ui::{
    FileAssociation, LanguageChange, LanguageSetting, OpenTarget, SettingsStore, Severity,
    SnippetStore, ThemeStore, notify, notify_with_action, take_notice_back,
};

/// Settings are small; anything beyond this is not read.
const MAX_BYTES: u64 = 4 * 1024 * 1024;
/// How many theme files are read.
const MAX_THEMES: usize = 500;
/// How many problems of a file a notice tells.
const MAX_TOLD: usize = 4;
/// How many snippet files are read of the person's and of the folder's.
const MAX_SNIPPET_FILES: usize = 200;

/// By how much a time that a file system gives may be too early.
const COARSE: Duration = Duration::from_millis(20);

/// A setting and its value; none where it is to be taken out.
type Setting = (&'static str, Option<serde_json::Value>);

/// Held while a settings file is read, changed and written.
static WRITING: Mutex<()> = Mutex::new(());

const SETTINGS_HEADER: &str = "\
// Your settings. They apply to every folder; a folder's own are in .kiln/settings.json.
// Every setting is described in docs/settings.md. Saving this file applies it.
{
}
";

const KEYMAP_HEADER: &str = "\
// Your key bindings. They come after Kiln's own, so that they win:
//   { \"keys\": \"ctrl-alt-s\", \"command\": \"workspace.saveAll\" },
// A command with a minus before it takes a binding away. Saving this file applies it.
[
]
";

/// Something that is wrong with the settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsNotice {
    /// What, in a sentence.
    pub message: String,
    /// The place to mend, where it is known.
    pub place: Option<OpenTarget>,
}

impl SettingsNotice {
    fn at(problem: &SettingsProblem, path: &Path) -> Self {
        let one_based = |number: usize| u32::try_from(number).ok();
        Self {
            message: problem.to_string(),
            place: Some(OpenTarget {
                line: one_based(problem.line),
                column: one_based(problem.column),
                ..OpenTarget::new(path)
            }),
        }
    }

    /// Tells a person, with a button that leads to the place.
    pub fn show(&self, window: &mut Window, cx: &mut App) {
        let message = self.message.clone();
        let Some(place) = self.place.clone() else {
            notify(Severity::Warning, message, window, cx);
            return;
        };
        let name = place.path.file_name().unwrap_or_default();
        let label = format!("Open {}", name.to_string_lossy());
        notify_with_action(
            Severity::Warning,
            message,
            label,
            move |window, cx| ui::open_path(place.clone(), window, cx),
            window,
            cx,
        );
    }

    /// Takes the notice back, because it was mended.
    pub(crate) fn take_back(&self, window: &mut Window, cx: &mut App) {
        take_notice_back(self.message.clone(), window, cx);
    }
}

impl From<String> for SettingsNotice {
    fn from(message: String) -> Self {
        Self {
            message,
            place: None,
        }
    }
}

/// Makes one notice of all that is wrong with a file, and leads to the first of it.
fn one_a_file(problems: Vec<SettingsNotice>) -> Vec<SettingsNotice> {
    let mut files: Vec<(SettingsNotice, usize)> = Vec::new();
    for problem in problems {
        let path = |notice: &SettingsNotice| notice.place.clone().map(|place| place.path);
        let same = |(file, _): &&mut (SettingsNotice, usize)| path(file) == path(&problem);
        let Some((file, count)) = files.iter_mut().find(same) else {
            files.push((problem, 1));
            continue;
        };
        *count += 1;
        if *count <= MAX_TOLD {
            file.message.push('\n');
            file.message.push_str(&problem.message);
        }
    }
    let told = files.into_iter().map(|(mut file, count)| {
        if count > MAX_TOLD {
            let more = count - MAX_TOLD;
            file.message.push_str(&format!("\nAnd {more} more."));
        }
        file
    });
    told.collect()
}

/// The settings as they were read, to be applied.
pub struct SettingsRead {
    /// When the reading began.
    begun: SystemTime,
    themes: Vec<Theme>,
    snippets: Vec<SnippetEntry>,
    /// Later ones win.
    layers: Vec<(Scope, SettingsText)>,
    keymap: Option<SettingsText>,
    problems: Vec<SettingsNotice>,
}

impl Default for SettingsRead {
    fn default() -> Self {
        Self {
            begun: SystemTime::now(),
            themes: Vec::new(),
            snippets: Vec::new(),
            layers: Vec::new(),
            keymap: None,
            problems: Vec::new(),
        }
    }
}

impl SettingsRead {
    /// When the reading began: what was written later may not be in it.
    pub fn begun(&self) -> SystemTime {
        self.begun
    }

    /// Applies what was read. Returns what a person must know.
    pub fn apply(self, cx: &mut App) -> Vec<SettingsNotice> {
        let mut problems = self.problems;
        ThemeStore::add(self.themes, cx);
        SnippetStore::set(self.snippets, cx);
        let before = LastGood::take(cx);
        let layers: Vec<_> = (self.layers.iter())
            .map(|(scope, file)| file.layer(*scope, before.of(&file.path)))
            .collect();
        let mut found = SettingsStore::set(&layers, cx);
        let mut files: Vec<_> = self.layers.into_iter().map(|(_, file)| file).collect();
        let mut keymap = Keymap::builtin();
        if let Some(file) = self.keymap {
            let before = before.of(&file.path);
            let text = file.text.as_deref().or(before).unwrap_or_default();
            let (user, wrong) = Keymap::parse_or_before(file.name, text, before);
            keymap = keymap.with_user(user);
            found.extend(wrong);
            files.push(file);
        }
        problems.extend(found.iter().map(|problem| {
            let file = files.iter().find(|file| file.name == problem.layer);
            match file {
                Some(file) => SettingsNotice::at(problem, &file.path),
                None => problem.to_string().into(),
            }
        }));
        let is_malformed = |file: &SettingsText| {
            let of_file = |it: &&SettingsProblem| it.layer == file.name;
            (found.iter().filter(of_file)).any(|it| it.unapplied == Unapplied::File)
        };
        let files = files.into_iter().map(|file| {
            let is_malformed = is_malformed(&file);
            (file, is_malformed)
        });
        before.put(files.collect(), cx);
        let unbound = SettingsStore::set_keymap(keymap.bindings, cx);
        problems.extend(unbound.into_iter().map(SettingsNotice::from));
        one_a_file(problems)
    }
}

/// Where changes of settings can be noticed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct WatchedSettings {
    /// Single files, and folders that may come: those whose own folder is there.
    pub(crate) files: Vec<PathBuf>,
    /// The folders of themes and snippets that are there, for whatever is in them.
    pub(crate) folders: Vec<PathBuf>,
}

/// Where settings come from.
#[derive(Clone)]
pub struct SettingsFiles {
    fs: Arc<dyn Fs>,
    config: PathBuf,
    data: PathBuf,
    root: Option<PathBuf>,
}

impl SettingsFiles {
    /// The files of a person and, where one is open, of a folder.
    pub fn new(paths: &KilnPaths, root: Option<PathBuf>, fs: Arc<dyn Fs>) -> Self {
        Self {
            fs,
            config: paths.config.clone(),
            data: paths.data.clone(),
            root,
        }
    }

    /// The person's settings.
    pub fn user_settings(&self) -> PathBuf {
        self.config.join("settings.json")
    }

    /// The person's key bindings.
    pub fn user_keymap(&self) -> PathBuf {
        self.config.join("keymap.json")
    }

    /// Where the person's themes are.
    pub fn themes_folder(&self) -> PathBuf {
        self.config.join("themes")
    }

    /// Where the languages are that were imported.
    pub fn languages_folder(&self) -> PathBuf {
        vscode_import::languages_folder(&self.data)
    }

    /// Has Kiln know the languages that were imported; what a person must know goes with the
    /// settings that were read. Blocks until the disk has answered.
    #[must_use]
    pub fn register_languages(&self, mut read: SettingsRead) -> SettingsRead {
        let problems = vscode_import::register_languages(&self.languages_folder());
        read.problems.extend(problems.into_iter().map(Into::into));
        read
    }

    /// Where the person's snippets are.
    pub fn snippets_folder(&self) -> PathBuf {
        self.config.join("snippets")
    }

    /// Where VS Code keeps the folder's snippets.
    fn folder_snippets(&self) -> Option<PathBuf> {
        Some(self.root.as_ref()?.join(".vscode"))
    }

    /// The folder's settings.
    pub fn folder_settings(&self) -> Option<PathBuf> {
        Some(self.root.as_ref()?.join(".kiln").join("settings.json"))
    }

    /// Whether a file is one of those that settings come from.
    pub fn concerns(&self, path: &Path) -> bool {
        path == self.user_settings()
            || path == self.user_keymap()
            || Some(path) == self.folder_settings().as_deref()
            || self.is_theme_file(path)
            || self.is_snippet_file(path)
            || self.folders().any(|folder| path == folder)
    }

    fn is_theme_file(&self, path: &Path) -> bool {
        path.parent() == Some(self.themes_folder().as_path())
            && path
                .extension()
                .is_some_and(|extension| extension == "json")
    }

    fn is_snippet_file(&self, path: &Path) -> bool {
        let extension = path.extension().and_then(|extension| extension.to_str());
        let folder = path.parent();
        match extension {
            Some("json") => folder == Some(self.snippets_folder().as_path()),
            Some("code-snippets") => {
                folder == Some(self.snippets_folder().as_path())
                    || folder == self.folder_snippets().as_deref()
            }
            _ => false,
        }
    }

    /// The folders of themes and snippets.
    fn folders(&self) -> impl Iterator<Item = PathBuf> {
        [self.themes_folder(), self.snippets_folder()]
            .into_iter()
            .chain(self.folder_snippets())
    }

    /// Where changes of settings can be noticed now.
    pub(crate) fn watchable(&self) -> WatchedSettings {
        let files = [self.user_settings(), self.user_keymap()]
            .into_iter()
            .chain(self.folder_settings())
            .chain(self.folders());
        WatchedSettings {
            files: files
                .filter(|path| path.parent().is_some_and(|folder| self.fs.exists(folder)))
                .collect(),
            folders: self.folders().filter(|path| self.fs.exists(path)).collect(),
        }
    }

    /// The files of a folder, as far as it is there: most people and most folders have no themes
    /// and no snippets of their own.
    fn files_in(&self, folder: &Path) -> Vec<DirEntry> {
        let mut entries = self.fs.read_dir(folder).unwrap_or_default();
        entries.retain(|entry| !entry.is_dir);
        entries
    }

    /// The person's theme files.
    fn themes(&self) -> Vec<PathBuf> {
        let files = self.files_in(&self.themes_folder()).into_iter();
        let themes = files.map(|entry| entry.path);
        themes
            .filter(|path| self.is_theme_file(path))
            .take(MAX_THEMES)
            .collect()
    }

    /// Whether something that settings come from was written since, as far as the coarse clock of
    /// the file system tells.
    pub(crate) fn written_since(&self, time: SystemTime, watched: &WatchedSettings) -> bool {
        let since = time.checked_sub(COARSE).unwrap_or(time);
        let inside = watched.folders.iter().flat_map(|it| self.files_in(it));
        let modified = (watched.files.iter().cloned())
            .chain(inside.map(|entry| entry.path))
            .filter_map(|path| self.fs.metadata(&path).ok()?.modified);
        modified.max().is_some_and(|newest| newest >= since)
    }

    /// Makes the person's folder where it is missing, so that files that other programs
    /// put there are noticed.
    ///
    /// # Errors
    /// Where it cannot be made.
    pub(crate) fn create_folder(&self) -> Result<(), FsError> {
        self.fs.create_dir_all(&self.config)
    }

    fn read(&self, path: &Path) -> Result<Option<String>, String> {
        match self.fs.read(path, MAX_BYTES) {
            Ok(bytes) => String::from_utf8(bytes)
                .map(Some)
                .map_err(|_| format!("{} is not UTF-8 and is not applied.", path.display())),
            Err(FsError::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.to_string()),
        }
    }

    /// Reads everything, which takes a moment: off the UI thread where a window is shown.
    pub fn read_all(&self) -> SettingsRead {
        let mut read = SettingsRead::default();
        self.read_themes(&mut read);
        self.read_snippets(&mut read);
        let user = self.read_file("settings.json", self.user_settings(), &mut read);
        read.layers.extend(user.map(|file| (Scope::User, file)));
        if let Some(path) = self.folder_settings() {
            let folder = self.read_file(".kiln/settings.json", path, &mut read);
            read.layers.extend(folder.map(|file| (Scope::Folder, file)));
        }
        read.keymap = self.read_file("keymap.json", self.user_keymap(), &mut read);
        read
    }

    /// A settings file, if it is there; what is wrong with reading it goes to the problems.
    fn read_file(
        &self,
        name: &'static str,
        path: PathBuf,
        read: &mut SettingsRead,
    ) -> Option<SettingsText> {
        let text = match self.read(&path) {
            Ok(text) => Some(text?),
            Err(problem) => {
                read.problems.push(problem.into());
                None
            }
        };
        Some(SettingsText { name, path, text })
    }

    /// The text of a file that is there; what is wrong with one goes to the problems.
    fn read_into(&self, path: &Path, read: &mut SettingsRead) -> Option<String> {
        self.read(path).unwrap_or_else(|problem| {
            read.problems.push(problem.into());
            None
        })
    }

    fn read_themes(&self, read: &mut SettingsRead) {
        for path in self.themes() {
            let Some(text) = self.read_into(&path, read) else {
                continue;
            };
            match Theme::from_vscode(&text) {
                Ok((theme, _)) => read.themes.push(theme),
                Err(error) => {
                    let name = path.file_name().unwrap_or_default().to_string_lossy();
                    read.problems.push(SettingsNotice {
                        message: format!("themes/{name}: {error}."),
                        place: Some(OpenTarget::new(path)),
                    });
                }
            }
        }
    }

    fn read_snippets(&self, read: &mut SettingsRead) {
        let folders = std::iter::once(self.snippets_folder()).chain(self.folder_snippets());
        for folder in folders {
            let files = self.files_in(&folder).into_iter();
            let files = files.filter(|entry| self.is_snippet_file(&entry.path));
            for file in files.take(MAX_SNIPPET_FILES) {
                if let Some(text) = self.read_into(&file.path, read) {
                    let (found, wrong) = parse_snippet_file(&file.name, &text);
                    read.snippets.extend(found);
                    let at = |problem| SettingsNotice::at(problem, &file.path);
                    read.problems.extend(wrong.iter().map(at));
                }
            }
        }
    }

    /// Changes the person's settings file, and reads everything again. Blocks: see
    /// [`change`](Self::change).
    fn rewrite(
        &self,
        edit: impl Fn(&str) -> Result<String, EditError>,
    ) -> anyhow::Result<SettingsRead> {
        // What one writes, another does not overwrite with what it read before.
        let _one_at_a_time = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
        let path = self.user_settings();
        let before = self
            .read(&path)
            .map_err(anyhow::Error::msg)?
            .unwrap_or_else(|| SETTINGS_HEADER.to_owned());
        let text = edit(&before).with_context(|| format!("{} was not changed", path.display()))?;
        if text != before {
            self.write(&path, &text)?;
        }
        Ok(self.read_all())
    }

    /// Writes settings of the person's off the UI thread, or takes those without a value out,
    /// keeping comments, and applies that.
    ///
    /// # Errors
    /// Where the file is malformed or cannot be written; it is then as before.
    pub(crate) fn change(&self, values: Vec<Setting>, cx: &App) -> Task<anyhow::Result<()>> {
        self.change_by(cx, move |text| {
            let mut text = text.to_owned();
            for (key, value) in &values {
                text = match value {
                    Some(value) => settings::set_value(&text, key, value.clone())?,
                    None => settings::remove_value(&text, key)?,
                };
            }
            Ok(text)
        })
    }

    /// Writes a setting of the person's for one language, or which files are in it: see
    /// [`change`](Self::change).
    pub(crate) fn change_for_language(
        &self,
        change: LanguageChange,
        cx: &App,
    ) -> Task<anyhow::Result<()>> {
        self.change_by(cx, move |text| match &change {
            LanguageChange::Setting(LanguageSetting {
                language,
                key,
                value,
            }) => settings::set_language_value(text, language, key, value.clone()),
            LanguageChange::Association(FileAssociation { pattern, language }) => {
                let language = language.as_str().into();
                settings::set_entry(text, "files.associations", pattern, language)
            }
        })
    }

    fn change_by(
        &self,
        cx: &App,
        edit: impl Fn(&str) -> Result<String, EditError> + Send + 'static,
    ) -> Task<anyhow::Result<()>> {
        let files = self.clone();
        let write = Write::begin(cx);
        let written = soon(cx, async move {
            let _write = write;
            files.rewrite(edit)
        });
        cx.spawn(async move |cx| {
            let read = written.await?;
            cx.update(|cx| read.apply(cx));
            Ok(())
        })
    }

    /// Gives settings of the person's other values: see [`change`](Self::change).
    ///
    /// # Errors
    /// As there.
    pub fn set(
        &self,
        values: Vec<(&'static str, serde_json::Value)>,
        cx: &App,
    ) -> Task<anyhow::Result<()>> {
        let values = values.into_iter().map(|(key, value)| (key, Some(value)));
        self.change(values.collect(), cx)
    }

    /// Writes the theme that was chosen: for the system's light or dark, whichever the
    /// theme is made for, and that alone where the choice no longer follows the system.
    ///
    /// # Errors
    /// As [`set`](Self::set).
    pub fn set_theme(&self, theme: &Theme, cx: &App) -> Task<anyhow::Result<()>> {
        let dark = theme.appearance.is_dark();
        let key = if dark {
            "workbench.preferredDarkColorTheme"
        } else {
            "workbench.preferredLightColorTheme"
        };
        let mut values = vec![(key, theme.name.clone().into())];
        if dark != ThemeStore::system_is_dark(cx) || !follows_system(cx) {
            let mode = if dark { "dark" } else { "light" };
            values.push(("kiln.theme.mode", mode.into()));
        }
        self.set(values, cx)
    }

    /// Writes that the theme follows the system's light or dark.
    ///
    /// # Errors
    /// As [`set`](Self::set).
    pub fn follow_system(&self, cx: &App) -> Task<anyhow::Result<()>> {
        self.set(vec![("kiln.theme.mode", "system".into())], cx)
    }

    /// Makes a settings file where there is none, with a comment that says what it is. Blocks.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn ensure(&self, path: &Path) -> anyhow::Result<()> {
        if self.fs.exists(path) {
            return Ok(());
        }
        let header = if path == self.user_keymap() {
            KEYMAP_HEADER
        } else {
            SETTINGS_HEADER
        };
        self.write(path, header)
    }

    fn write(&self, path: &Path, text: &str) -> anyhow::Result<()> {
        if let Some(folder) = path.parent() {
            self.fs.create_dir_all(folder)?;
        }
        self.fs.write_atomic(path, text.as_bytes())?;
        Ok(())
    }
}

/// Runs what a change of settings waits for before what else waits for a thread in the background:
/// there are as many as processors, and each may be reading a large file for seconds.
pub(crate) fn soon<T: Send + 'static>(
    cx: &App,
    work: impl Future<Output = T> + Send + 'static,
) -> Task<T> {
    cx.background_executor()
        .spawn_with_priority(Priority::High, work)
}

fn follows_system(cx: &App) -> bool {
    use ui::settings_store::ActiveSettings as _;
    cx.kiln_settings().theme.mode == settings::ThemeMode::System
}

#[cfg(test)]
mod tests {
    use super::*;
    use fs::FakeFs;
    use settings::Scope;

    #[test]
    fn a_folders_settings_are_read_as_the_folders() {
        let fs = Arc::new(FakeFs::new());
        let paths = KilnPaths::under(Path::new("/home"));
        let files = SettingsFiles::new(&paths, Some(PathBuf::from("/project")), fs.clone());
        let text = "{ \"editor.fontSize\": 20 }";
        files.write(&files.user_settings(), text).unwrap();
        files
            .write(Path::new("/project/.kiln/settings.json"), text)
            .unwrap();
        let layers: Vec<_> = files
            .read_all()
            .layers
            .into_iter()
            .map(|(scope, file)| (scope, file.path))
            .collect();
        assert_eq!(
            layers,
            [
                (Scope::User, files.user_settings()),
                (Scope::Folder, PathBuf::from("/project/.kiln/settings.json")),
            ]
        );
    }

    #[test]
    fn a_malformed_theme_is_told_with_the_file_to_mend() {
        let fs = Arc::new(FakeFs::new());
        let files = SettingsFiles::new(&KilnPaths::under(Path::new("/home")), None, fs);
        let bad = files.themes_folder().join("bad.json");
        files.write(&bad, "{ broken").unwrap();
        let problems = files.read_all().problems;
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(
            problems[0]
                .message
                .starts_with("themes/bad.json: the theme is malformed")
        );
        assert_eq!(problems[0].place, Some(OpenTarget::new(bad)));
    }

    #[test]
    fn what_is_wrong_with_a_file_is_one_notice() {
        let at = |message: &str, path: &str| SettingsNotice {
            message: message.to_owned(),
            place: Some(OpenTarget::new(PathBuf::from(path))),
        };
        let many = (1..=6).map(|number| at(&format!("a:{number}: Wrong."), "/a"));
        let told = one_a_file(many.chain([at("b:1: Wrong.", "/b")]).collect());
        let messages: Vec<_> = told.iter().map(|notice| &*notice.message).collect();
        let of_a = "a:1: Wrong.\na:2: Wrong.\na:3: Wrong.\na:4: Wrong.\nAnd 2 more.";
        assert_eq!(messages, [of_a, "b:1: Wrong."]);
        assert_eq!(told[0].place, Some(OpenTarget::new(PathBuf::from("/a"))));
    }

    #[test]
    fn a_folder_of_themes_is_noticed_when_it_comes_and_whatever_comes_into_it() {
        let fs = Arc::new(FakeFs::new());
        let files = SettingsFiles::new(&KilnPaths::under(Path::new("/home")), None, fs);
        files.create_folder().unwrap();
        let themes = files.themes_folder();
        let before = files.watchable();
        assert!(before.files.contains(&themes), "{before:?}");
        assert!(before.folders.is_empty(), "{before:?}");
        assert!(files.concerns(&themes));
        files.write(&themes.join("mine.json"), "{}").unwrap();
        assert_eq!(files.watchable().folders, [themes]);
    }
}
