//! Unsaved texts of earlier programs that take long to come back: those that a tab or somebody else
//! waits for are read one after the other, what is in front first. Each stays where it was kept until
//! it is back.

use super::edit_paths::moved_to;
use super::reading_turns::ReadingTurns;
use super::{Awaited, WorkspaceModel};
use fs::{LoadError, LoadProgress};
use futures::FutureExt as _;
use futures::future::{Shared, WeakShared};
use gpui_kit::{AsyncApp, Context, Task, WeakEntity};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use workspace::{BufferId, ComeBackError, LargeRecovered, Loaded, Severity};

/// An unsaved text that is not back yet.
#[derive(Clone, Debug)]
pub struct ComingText {
    /// Tells it from the others of the window.
    number: usize,
    /// The file that it belonged to when it was asked for; `None` for text without one.
    pub path: Option<PathBuf>,
    /// The number in its name, where it has no file.
    pub untitled: Option<u32>,
    /// Its file's path without links, where it is known.
    real_path: Option<PathBuf>,
}

/// Whether it is the same text, also where its file was moved since.
impl PartialEq for ComingText {
    fn eq(&self, other: &Self) -> bool {
        self.number == other.number
    }
}

impl Eq for ComingText {}

impl ComingText {
    /// What its tab is called.
    pub fn title(&self) -> String {
        workspace::title_of_text(self.path.as_deref(), self.untitled)
    }

    /// Whether it belongs to the file at a path, or to what is below that; `path` is the one that
    /// somebody named or the same without links.
    fn is_below(&self, path: &Path) -> bool {
        let below = |of: &Option<PathBuf>| of.as_ref().is_some_and(|of| of.starts_with(path));
        below(&self.path) || below(&self.real_path)
    }

    /// Whether it belongs to the file at a path; as [`Self::is_below`].
    pub(super) fn is_of(&self, path: &Path) -> bool {
        let is_it = |of: &Option<PathBuf>| of.as_deref() == Some(path);
        is_it(&self.path) || is_it(&self.real_path)
    }

    /// Why an edit that was worked out for its file is not made: a sentence without its end.
    pub(super) fn not_edited(&self) -> String {
        format!(
            "your unsaved edits to {} are not back yet; open it, and ask again",
            self.title()
        )
    }
}

type Bringing = Task<Result<Vec<BufferId>, Rc<ComeBackError>>>;

/// The buffers in which an unsaved text is back; goes on for as long as somebody holds it.
pub type ComingBack = Shared<Bringing>;

/// Hears of each text that is back, which its owner forgets once it is kept anew.
type OnBack = Rc<dyn Fn(Arc<LargeRecovered>)>;

/// The texts that are not back yet.
#[derive(Default)]
pub(super) struct ComingTexts {
    all: Vec<Coming>,
    turns: ReadingTurns,
    on_back: Option<OnBack>,
}

struct Coming {
    text: ComingText,
    kept: Arc<LargeRecovered>,
    progress: Arc<LoadProgress>,
    coming: Option<WeakShared<Bringing>>,
    /// Whether somebody was told why it does not come.
    told: bool,
}

impl ComingTexts {
    fn find(&mut self, text: &ComingText) -> Option<&mut Coming> {
        self.all.iter_mut().find(|one| one.text == *text)
    }
}

impl WorkspaceModel {
    /// Takes texts over that come back when somebody opens them.
    pub(crate) fn await_texts(&mut self, kept: Vec<LargeRecovered>, on_back: OnBack) {
        let first = self.coming_texts.all.len();
        let kept = kept.into_iter().enumerate();
        self.coming_texts.all.extend(kept.map(|(at, kept)| Coming {
            text: ComingText {
                number: first + at,
                path: kept.path(),
                untitled: kept.untitled(),
                real_path: kept.real_path(),
            },
            kept: Arc::new(kept),
            progress: Arc::default(),
            coming: None,
            told: false,
        }));
        self.coming_texts.on_back = Some(on_back);
        self.keep_untitled_numbers();
    }

    /// What is new gets no name of a text that is still to come.
    fn keep_untitled_numbers(&mut self) {
        let numbers = self.coming_texts.all.iter();
        let numbers = numbers.filter_map(|one| one.text.untitled);
        self.workspace.keep_untitled_numbers(numbers);
    }

    /// The unsaved texts that are not back yet.
    pub fn coming_texts(&self) -> impl Iterator<Item = &ComingText> {
        self.coming_texts.all.iter().map(|one| &one.text)
    }

    /// The unsaved text of a file that is not back yet.
    /// By the path that it was opened with, or the one that this leads to through links.
    pub fn coming_text_of(&self, path: &Path) -> Option<&ComingText> {
        self.coming_texts().find(|text| text.is_of(path))
    }

    /// The first unsaved text that is not back yet of a file at one of these paths or below it.
    pub(super) fn coming_below(&self, paths: [&Path; 2]) -> Option<&ComingText> {
        let is_below = |text: &&ComingText| paths.iter().any(|path| text.is_below(path));
        self.coming_texts().find(is_below)
    }

    /// A file or folder has another path now: unsaved texts that are not back yet come back there, also
    /// at the next start.
    pub(super) fn coming_texts_moved(&mut self, from: &Path, to: &Path, cx: &mut Context<Self>) {
        if self.coming_texts.all.is_empty() {
            return;
        }
        let fs = self.workspace.fs();
        // Where it is gone from by now, by the folder that it was in.
        let real_from = from.parent().zip(from.file_name());
        let real_from =
            real_from.and_then(|(folder, name)| Some(fs.canonicalize(folder).ok()?.join(name)));
        for coming in &mut self.coming_texts.all {
            let text = &mut coming.text;
            let by_name = text.path.as_deref().and_then(|of| moved_to(of, from, to));
            let by_place = || moved_to(text.real_path.as_deref()?, real_from.as_deref()?, to);
            let Some(path) = by_name.or_else(by_place) else {
                continue;
            };
            coming.kept.moved(&path);
            text.real_path = fs.canonicalize(&path).ok();
            text.path = Some(path);
            let (kept, title) = (coming.kept.clone(), coming.text.title());
            let fs = fs.clone();
            let keeping = cx
                .background_executor()
                .spawn(async move { kept.keep_path(fs.as_ref()) });
            cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
                let Err(error) = keeping.await else { return };
                let message = format!(
                    "{title} was moved, and its unsaved edits would not be found after a crash: \
                     {error}. Open it to have them back now."
                );
                // A released model tells nobody.
                this.update(cx, |model, cx| {
                    model.update(cx, |workspace| {
                        workspace.notice(Severity::Warning, message);
                    });
                })
                .ok();
            })
            .detach();
        }
    }

    /// How far a text is read that is [coming back](Self::restore_text).
    pub fn coming_progress(&self, text: &ComingText) -> Option<Arc<LoadProgress>> {
        let mut all = self.coming_texts.all.iter();
        let found = all.find(|one| one.text == *text)?;
        Some(found.progress.clone())
    }

    /// Tells which unsaved texts are waited for in front, the one of the view with the keyboard first:
    /// they are read before the others that are waited for.
    pub fn read_first(&mut self, in_front: &[ComingText]) {
        let numbers = in_front.iter().map(|text| text.number).collect();
        self.coming_texts.turns.prefer(numbers);
    }

    /// Brings an unsaved text back, as [`Workspace::restore`](workspace::Workspace::restore) does,
    /// reading it off the UI thread, one text after the other. It is read once, whoever waits for it; where nobody does any
    /// more, or its [progress](Self::coming_progress) is cancelled, the reading ends, and the text
    /// stays where it is kept. A failure is told once.
    pub fn restore_text(&mut self, text: &ComingText, cx: &mut Context<Self>) -> ComingBack {
        let fs = self.workspace.fs().clone();
        let encodings = self.workspace.usual_encodings();
        let turns = self.coming_texts.turns.clone();
        let Some(found) = self.coming_texts.find(text) else {
            return Task::ready(Ok(Vec::new())).shared();
        };
        let coming = found.coming.as_ref().and_then(WeakShared::upgrade);
        if let Some(coming) = coming.filter(|_| !found.progress.is_cancelled()) {
            return coming;
        }
        let awaited = Awaited(Arc::default());
        found.progress = awaited.0.clone();
        let (kept, progress) = (found.kept.clone(), awaited.0.clone());
        let turn = turns.line_up(text.number);
        let text = text.clone();
        let coming = cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
            let turn = turn.await;
            let load = cx
                .background_executor()
                .spawn(async move { kept.load(fs.as_ref(), &encodings, &progress) });
            let loaded = load.await;
            drop(turn);
            let loaded = match loaded {
                Ok(_) if awaited.0.is_cancelled() => Err(ComeBackError::Cancelled),
                loaded => loaded,
            };
            // A released model leaves it where it is kept.
            this.update(cx, |model, cx| model.text_loaded(&text, loaded, cx))
                .unwrap_or_else(|_| Err(Rc::new(ComeBackError::Cancelled)))
        });
        let coming = coming.shared();
        found.coming = coming.downgrade();
        coming
    }

    fn text_loaded(
        &mut self,
        text: &ComingText,
        loaded: Result<Loaded, ComeBackError>,
        cx: &mut Context<Self>,
    ) -> Result<Vec<BufferId>, Rc<ComeBackError>> {
        let loaded = match loaded {
            Ok((mut recovered, mut file)) => {
                // It may have been moved since it was read.
                let now = self.coming_texts.find(text);
                let now = now.and_then(|found| found.text.path.clone());
                if let Some(path) = now.filter(|_| recovered.path.is_some()) {
                    recovered.path = Some(path.clone());
                    if let Some(file) = &mut file {
                        file.path = path;
                    }
                }
                (recovered, file)
            }
            Err(error) => {
                let cancelled = matches!(error, ComeBackError::Cancelled);
                let found = self.coming_texts.find(text).filter(|_| !cancelled);
                if found.is_some_and(|found| !std::mem::replace(&mut found.told, true)) {
                    let told = error.to_string();
                    self.update(cx, |workspace| workspace.notice(Severity::Warning, told));
                }
                return Err(Rc::new(error));
            }
        };
        let buffers = self.update(cx, |workspace| workspace.restore([loaded]));
        let all = &mut self.coming_texts.all;
        if let Some(index) = all.iter().position(|one| one.text == *text) {
            let kept = all.remove(index).kept;
            if let Some(on_back) = &self.coming_texts.on_back {
                on_back(kept);
            }
            self.keep_untitled_numbers();
        }
        Ok(buffers)
    }

    /// Opens a file whose unsaved text is not back yet with that.
    pub(super) fn open_with_text(
        &mut self,
        path: PathBuf,
        text: &ComingText,
        cx: &mut Context<Self>,
    ) -> Task<Result<BufferId, LoadError>> {
        let coming = self.restore_text(text, cx);
        if let Some(progress) = self.coming_progress(text) {
            self.opening.insert(path.clone(), Arc::downgrade(&progress));
        }
        cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
            let back = coming.await;
            let back = match back {
                Err(error) if matches!(*error, ComeBackError::Cancelled) => {
                    return Err(LoadError::Cancelled { path });
                }
                back => back.unwrap_or_default(),
            };
            let gone = path.clone();
            // What it is read for again says what is wrong with the file, if anything is.
            let open = this.update(cx, |model, cx| {
                let buffers = &model.workspace;
                // Where its file was moved meanwhile.
                let is_of_file = |id: &BufferId| {
                    let buffer = buffers.buffer(*id);
                    buffer.is_some_and(|one| one.path().is_some())
                };
                let moved = || back.first().copied().filter(is_of_file);
                match buffers.buffer_for_path(&path).or_else(moved) {
                    Some(id) => Task::ready(Ok(id)),
                    None => model.load_path(path, cx),
                }
            });
            // Without the model nobody waits for the file.
            open.map_err(|_| LoadError::NotFound { path: gone })?.await
        })
    }
}
