//! Opening paths: which view shows a file, and how a view asks for one to be opened.

use crate::item::ItemHandle;
use crate::model::WorkspaceModel;
use gpui_kit::{App, Entity, Global, SharedString, Task, Window, WindowId};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// A file and, where known, a place in it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OpenTarget {
    /// The file, absolute.
    pub path: PathBuf,
    /// The line, counted from one.
    pub line: Option<u32>,
    /// The column in characters, counted from one.
    pub column: Option<u32>,
    /// Whether what is wrong at the place is told once it is shown.
    pub tells_problem: bool,
}

impl OpenTarget {
    /// A file, at the place where it was left.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            line: None,
            column: None,
            tells_problem: false,
        }
    }

    /// A file at a line.
    pub fn at(path: impl Into<PathBuf>, line: u32, column: u32) -> Self {
        Self {
            path: path.into(),
            line: Some(line),
            column: Some(column),
            tells_problem: false,
        }
    }

    /// The same, and what is wrong there is told once it is shown.
    #[must_use]
    pub fn telling_problem(self) -> Self {
        Self {
            tells_problem: true,
            ..self
        }
    }

    /// Shows the place in an item of the file.
    pub fn reveal_in(&self, item: &dyn ItemHandle, window: &mut Window, cx: &mut App) {
        let Some(line) = self.line else { return };
        item.reveal(line, self.column.unwrap_or(1), window, cx);
        if self.tells_problem {
            item.tell_problem(window, cx);
        }
    }
}

/// Whether an opener takes a path.
pub type Accepts = fn(&Path, &App) -> bool;

/// Builds the item that shows a target.
pub type Opens = fn(
    OpenTarget,
    Entity<WorkspaceModel>,
    &mut Window,
    &mut App,
) -> Task<anyhow::Result<Box<dyn ItemHandle>>>;

/// What shows the beginning of a target while the rest is being read.
pub struct Preview {
    /// The view of it, which belongs to no buffer of the model. It is gone when the target is there.
    pub item: Box<dyn ItemHandle>,
    /// How many lines it has.
    pub lines: usize,
    /// Where what is there ends, in bytes: at the start of its last line, which goes on in the file;
    /// at its end where it has no other. A caret that a key leads here is not where it would be in
    /// all of the text.
    pub end: usize,
}

/// Builds the preview of a target that takes long to open; `None` where there is to be none.
pub type Previews =
    fn(OpenTarget, Entity<WorkspaceModel>, &mut Window, &mut App) -> Task<Option<Preview>>;

/// What the tab of a path is called by who shows it; `None` where they show another.
pub type Titles = fn(&Path) -> Option<SharedString>;

#[derive(Clone, Copy)]
struct Opener {
    accepts: Accepts,
    opens: Opens,
    previews: Option<Previews>,
}

/// Who shows which files: the first registered opener that accepts a path is asked.
#[derive(Default)]
pub struct ItemOpeners {
    openers: Vec<Opener>,
    titles: Vec<Titles>,
}

impl Global for ItemOpeners {}

impl ItemOpeners {
    /// Adds an opener behind those already there.
    pub fn register(accepts: Accepts, opens: Opens, cx: &mut App) {
        let previews = None;
        cx.default_global::<Self>().openers.push(Opener {
            accepts,
            opens,
            previews,
        });
    }

    /// Adds an opener that shows the beginning of a file until it has opened it.
    pub fn register_with_preview(accepts: Accepts, opens: Opens, previews: Previews, cx: &mut App) {
        cx.default_global::<Self>().openers.push(Opener {
            accepts,
            opens,
            previews: Some(previews),
        });
    }

    /// Adds an opener that is asked before those already there.
    #[cfg(any(test, feature = "test-support"))]
    pub fn register_before(accepts: Accepts, opens: Opens, previews: Previews, cx: &mut App) {
        let opener = Opener {
            accepts,
            opens,
            previews: Some(previews),
        };
        cx.default_global::<Self>().openers.insert(0, opener);
    }

    /// Adds who knows what tabs of some paths are called before their items are there.
    pub fn register_titles(titles: Titles, cx: &mut App) {
        cx.default_global::<Self>().titles.push(titles);
    }

    /// What the tab of a path is called whose item is not there yet: as then, else like the file.
    pub fn tab_title(path: &Path, cx: &App) -> SharedString {
        let known = cx.try_global::<Self>();
        let mut titles = known.into_iter().flat_map(|known| &known.titles);
        if let Some(title) = titles.find_map(|title| title(path)) {
            return title;
        }
        let name = path.file_name();
        name.map_or_else(
            || path.display().to_string(),
            |name| name.to_string_lossy().into_owned(),
        )
        .into()
    }

    fn of(path: &Path, cx: &App) -> Option<Opener> {
        let registry = cx.try_global::<Self>()?;
        let mut openers = registry.openers.iter();
        openers.find(|opener| (opener.accepts)(path, cx)).copied()
    }

    /// Builds the item for a target; fails where nothing can show it.
    pub fn open(
        target: OpenTarget,
        model: Entity<WorkspaceModel>,
        window: &mut Window,
        cx: &mut App,
    ) -> Task<anyhow::Result<Box<dyn ItemHandle>>> {
        match Self::of(&target.path, cx) {
            Some(opener) => (opener.opens)(target, model, window, cx),
            None => Task::ready(Err(anyhow::anyhow!(
                "Nothing here can show {}.",
                target.path.display()
            ))),
        }
    }

    /// Builds what is shown of a target until the item that [`Self::open`] builds is there.
    pub fn preview(
        target: OpenTarget,
        model: Entity<WorkspaceModel>,
        window: &mut Window,
        cx: &mut App,
    ) -> Task<Option<Preview>> {
        match Self::of(&target.path, cx).and_then(|opener| opener.previews) {
            Some(previews) => previews(target, model, window, cx),
            None => Task::ready(None),
        }
    }
}

type OpenHandler = Rc<dyn Fn(OpenTarget, &mut Window, &mut App)>;

/// The workbench of each window, as far as opening goes.
#[derive(Default)]
struct OpenHandlers(HashMap<WindowId, OpenHandler>);

impl Global for OpenHandlers {}

pub(crate) fn init(cx: &mut App) {
    cx.default_global::<ItemOpeners>();
    cx.default_global::<OpenHandlers>();
}

/// Makes `handler` the one that [`open_path`] calls in this window.
pub fn set_open_handler(
    window: &Window,
    cx: &mut App,
    handler: impl Fn(OpenTarget, &mut Window, &mut App) + 'static,
) {
    let id = window.window_handle().window_id();
    cx.default_global::<OpenHandlers>()
        .0
        .insert(id, Rc::new(handler));
}

type RevealHandler = Rc<dyn Fn(&str, &mut Window, &mut App)>;

/// The workbench of each window, as far as panels go.
#[derive(Default)]
struct RevealHandlers(HashMap<WindowId, RevealHandler>);

impl Global for RevealHandlers {}

/// Makes `handler` the one that [`reveal_panel`] calls in this window.
pub fn set_reveal_handler(
    window: &Window,
    cx: &mut App,
    handler: impl Fn(&str, &mut Window, &mut App) + 'static,
) {
    let id = window.window_handle().window_id();
    cx.default_global::<RevealHandlers>()
        .0
        .insert(id, Rc::new(handler));
}

/// Asks the window's workbench to show the panel of an id and to give it the keyboard.
/// Deferred, because the panel that asks is often being updated itself.
pub fn reveal_panel(id: &'static str, window: &mut Window, cx: &mut App) {
    let window_id = window.window_handle().window_id();
    let handler = cx
        .try_global::<RevealHandlers>()
        .and_then(|handlers| handlers.0.get(&window_id).cloned());
    if let Some(handler) = handler {
        window.defer(cx, move |window, cx| handler(id, window, cx));
    }
}

/// Asks the window's workbench to open a target in the active editor group. Deferred, as
/// [`reveal_panel`] is.
pub fn open_path(target: OpenTarget, window: &mut Window, cx: &mut App) {
    let id = window.window_handle().window_id();
    let handler = cx
        .try_global::<OpenHandlers>()
        .and_then(|handlers| handlers.0.get(&id).cloned());
    match handler {
        Some(handler) => window.defer(cx, move |window, cx| handler(target, window, cx)),
        None => tracing::warn!("no workbench to open {}", target.path.display()),
    }
}
