//! Items: views that live in a tab of the editor area.

use crate::icons::{Glyph, file_icon};
use editor_core::Text;
use gpui_kit::assets::IconName;
use gpui_kit::{
    AnyView, App, Context, Entity, EntityId, EventEmitter, FocusHandle, Focusable, Pixels, Render,
    SharedString, Subscription, Task, Window, px,
};
use std::path::PathBuf;
use std::sync::Arc;
use syntax::Outline;
use workspace::{BufferId, ViewState};

/// What an item tells the tab and the status bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemEvent {
    /// The title or path changed.
    TitleChanged,
    /// The item has, or no longer has, unsaved changes.
    DirtyChanged,
    /// Something that the status bar shows changed.
    StatusChanged,
    /// What [`Item::view_state`] gives is another, and nothing else that is told here changed: the
    /// view was scrolled, or something in it folded.
    ViewMoved,
    /// A place was asked for that lies beyond the [`Preview`](crate::Preview) that the item is. Line
    /// and column count from one.
    Beyond {
        /// The line.
        line: u32,
        /// The column in characters.
        column: u32,
    },
    /// An edit was asked for that the [`Preview`](crate::Preview) that the item is cannot take: by a
    /// command, whose id this is, or by the key that was pressed last.
    EditAwaited(Option<&'static str>),
    /// What a person dragged was let go in the item, where they go on working. A window that another
    /// one covers, as it may while something is dragged, tells of no new focus.
    Dropped,
    /// The item asks to be closed.
    Close,
    /// The item asks to be closed, and what is not saved in its document to be
    /// [given up](Item::give_up). Where another tab shows the document, nothing is.
    Discard,
}

/// What the status bar shows of the active item. An absent part is not shown.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ItemStatus {
    /// "Rust".
    pub language: Option<SharedString>,
    /// "Spaces: 4".
    pub indentation: Option<SharedString>,
    /// "UTF-8".
    pub encoding: Option<SharedString>,
    /// "LF".
    pub line_ending: Option<SharedString>,
    /// "12:5", or "3 carets"; lines and columns count from one.
    pub position: Option<SharedString>,
    /// Something a person must know about the document: "Read only", "Changed on disk".
    pub note: Option<SharedString>,
    /// What keys mean at the moment, where that changes: "NORMAL", or the line being typed.
    pub mode: Option<SharedString>,
    /// Whether `mode` tells of something that failed, which is shown in the colour of errors.
    pub mode_tells_error: bool,
    /// How many errors and warnings the document has, where somebody looks for them.
    pub problems: Option<(usize, usize)>,
    /// The document's language server and how it is: "rust-analyzer", "clangd: Indexing 40%".
    pub language_server: Option<SharedString>,
}

/// What the document of an item is made of.
#[derive(Clone, Debug)]
pub struct ItemOutline {
    /// Its symbols.
    pub outline: Arc<Outline>,
    /// Where the caret is, in bytes of the document.
    pub caret: usize,
}

/// A view that lives in a tab.
pub trait Item: Render + Focusable + EventEmitter<ItemEvent> + 'static {
    /// What the tab says; usually the file name.
    fn tab_title(&self, cx: &App) -> SharedString;

    /// The file that the item shows.
    fn path(&self, cx: &App) -> Option<PathBuf>;

    /// The buffer that the item shows, so that the last tab of a buffer closes it.
    fn buffer(&self, _cx: &App) -> Option<BufferId> {
        None
    }

    /// Whether there are unsaved changes.
    fn is_dirty(&self, cx: &App) -> bool;

    /// Whether something was written in the view that is no part of its document and goes with the
    /// view, such as an answer that is not sent.
    fn has_draft(&self, _cx: &App) -> bool {
        false
    }

    /// Whether the document cannot be changed in here, as its tab says.
    fn is_read_only(&self, _cx: &App) -> bool {
        false
    }

    /// Saves; the error says what a person can do.
    fn save(&mut self, window: &mut Window, cx: &mut Context<Self>) -> Task<anyhow::Result<()>>
    where
        Self: Sized;

    /// Saves under another path and shows that from now on.
    fn save_as(
        &mut self,
        _path: PathBuf,
        _window: &mut Window,
        _cx: &mut Context<Self>,
    ) -> Task<anyhow::Result<()>>
    where
        Self: Sized,
    {
        Task::ready(Err(anyhow::anyhow!(
            "This view cannot be saved under another name."
        )))
    }

    /// Gives up what is not saved in the document; the error says why that could not be. What cannot
    /// give up anything leaves the document as it is.
    fn give_up(&mut self, _window: &mut Window, _cx: &mut Context<Self>) -> Task<anyhow::Result<()>>
    where
        Self: Sized,
    {
        Task::ready(Ok(()))
    }

    /// What the status bar shows.
    fn status(&self, cx: &App) -> ItemStatus;

    /// The tab's icon.
    fn icon(&self, cx: &App) -> Glyph {
        let path = self.path(cx);
        path.map_or(IconName::File.into(), |path| file_icon(&path))
    }

    /// Shows a place. Lines and columns count from one; columns are characters.
    fn reveal(&mut self, _line: u32, _column: u32, _window: &mut Window, _cx: &mut Context<Self>)
    where
        Self: Sized,
    {
    }

    /// Tells what is wrong at the caret, where something is.
    fn tell_problem(&mut self, _window: &mut Window, _cx: &mut Context<Self>)
    where
        Self: Sized,
    {
    }

    /// Where the caret is, in bytes of the buffer; `None` where there is none.
    fn caret(&self, _cx: &App) -> Option<usize> {
        None
    }

    /// What the document is made of; `None` where that means nothing.
    fn outline(&self, _cx: &App) -> Option<ItemOutline> {
        None
    }

    /// Puts the caret at a byte of the document and shows it.
    fn reveal_offset(&mut self, _offset: usize, _window: &mut Window, _cx: &mut Context<Self>)
    where
        Self: Sized,
    {
    }

    /// How the view is left, to come back so; `None` where there is nothing to keep.
    fn view_state(&self, _cx: &App) -> Option<ViewState> {
        None
    }

    /// Shows the document as it was left.
    fn restore_view(&mut self, _state: &ViewState, _window: &mut Window, _cx: &mut Context<Self>)
    where
        Self: Sized,
    {
    }

    /// Shows how the document differs from another text, which is named as in "Compared with the
    /// save of 14:03"; says whether it can.
    fn compare_with(
        &mut self,
        _text: &Text,
        _name: SharedString,
        _window: &mut Window,
        _cx: &mut Context<Self>,
    ) -> bool
    where
        Self: Sized,
    {
        false
    }

    /// How high the bar of buttons at the item's bottom edge was when it was last drawn, in pixels
    /// of the window: notices stay above it.
    fn bottom_bar(&self, _cx: &App) -> Pixels {
        px(0.)
    }

    /// Another view of the same document, for a split; `None` where there can be only one.
    fn split(&self, _window: &mut Window, _cx: &mut Context<Self>) -> Option<Box<dyn ItemHandle>>
    where
        Self: Sized,
    {
        None
    }
}

/// What is called on every [`ItemEvent`].
pub type ItemCallback = Box<dyn Fn(ItemEvent, &mut Window, &mut App)>;

/// An [`Item`] whose type is forgotten.
pub trait ItemHandle: 'static {
    /// The entity's id; equal handles show the same view.
    fn item_id(&self) -> EntityId;
    /// [`Item::tab_title`].
    fn tab_title(&self, cx: &App) -> SharedString;
    /// [`Item::path`].
    fn path(&self, cx: &App) -> Option<PathBuf>;
    /// [`Item::buffer`].
    fn buffer(&self, cx: &App) -> Option<BufferId>;
    /// [`Item::is_dirty`].
    fn is_dirty(&self, cx: &App) -> bool;
    /// [`Item::has_draft`].
    fn has_draft(&self, cx: &App) -> bool;
    /// [`Item::is_read_only`].
    fn is_read_only(&self, cx: &App) -> bool;
    /// [`Item::save`].
    fn save(&self, window: &mut Window, cx: &mut App) -> Task<anyhow::Result<()>>;
    /// [`Item::save_as`].
    fn save_as(&self, path: PathBuf, window: &mut Window, cx: &mut App)
    -> Task<anyhow::Result<()>>;
    /// [`Item::give_up`].
    fn give_up(&self, window: &mut Window, cx: &mut App) -> Task<anyhow::Result<()>>;
    /// [`Item::status`].
    fn status(&self, cx: &App) -> ItemStatus;
    /// [`Item::icon`].
    fn icon(&self, cx: &App) -> Glyph;
    /// [`Item::reveal`].
    fn reveal(&self, line: u32, column: u32, window: &mut Window, cx: &mut App);
    /// [`Item::tell_problem`].
    fn tell_problem(&self, window: &mut Window, cx: &mut App);
    /// [`Item::caret`].
    fn caret(&self, cx: &App) -> Option<usize>;
    /// [`Item::outline`].
    fn outline(&self, cx: &App) -> Option<ItemOutline>;
    /// [`Item::reveal_offset`].
    fn reveal_offset(&self, offset: usize, window: &mut Window, cx: &mut App);
    /// [`Item::view_state`].
    fn view_state(&self, cx: &App) -> Option<ViewState>;
    /// [`Item::restore_view`].
    fn restore_view(&self, state: &ViewState, window: &mut Window, cx: &mut App);
    /// [`Item::compare_with`].
    fn compare_with(
        &self,
        text: &Text,
        name: SharedString,
        window: &mut Window,
        cx: &mut App,
    ) -> bool;
    /// [`Item::bottom_bar`].
    fn bottom_bar(&self, cx: &App) -> Pixels;
    /// [`Item::split`].
    fn split(&self, window: &mut Window, cx: &mut App) -> Option<Box<dyn ItemHandle>>;
    /// Calls back on every [`ItemEvent`].
    fn subscribe(&self, window: &mut Window, cx: &mut App, callback: ItemCallback) -> Subscription;
    /// The view itself.
    fn view(&self) -> AnyView;
    /// The item's focus handle.
    fn focus_handle(&self, cx: &App) -> FocusHandle;
    /// Another handle to the same item.
    fn boxed_clone(&self) -> Box<dyn ItemHandle>;
}

impl<T: Item> ItemHandle for Entity<T> {
    fn item_id(&self) -> EntityId {
        self.entity_id()
    }
    fn tab_title(&self, cx: &App) -> SharedString {
        self.read(cx).tab_title(cx)
    }
    fn path(&self, cx: &App) -> Option<PathBuf> {
        self.read(cx).path(cx)
    }
    fn buffer(&self, cx: &App) -> Option<BufferId> {
        self.read(cx).buffer(cx)
    }
    fn is_dirty(&self, cx: &App) -> bool {
        self.read(cx).is_dirty(cx)
    }
    fn has_draft(&self, cx: &App) -> bool {
        self.read(cx).has_draft(cx)
    }
    fn is_read_only(&self, cx: &App) -> bool {
        self.read(cx).is_read_only(cx)
    }
    fn save(&self, window: &mut Window, cx: &mut App) -> Task<anyhow::Result<()>> {
        self.update(cx, |item, cx| item.save(window, cx))
    }
    fn save_as(
        &self,
        path: PathBuf,
        window: &mut Window,
        cx: &mut App,
    ) -> Task<anyhow::Result<()>> {
        self.update(cx, |item, cx| item.save_as(path, window, cx))
    }
    fn give_up(&self, window: &mut Window, cx: &mut App) -> Task<anyhow::Result<()>> {
        self.update(cx, |item, cx| item.give_up(window, cx))
    }
    fn status(&self, cx: &App) -> ItemStatus {
        self.read(cx).status(cx)
    }
    fn icon(&self, cx: &App) -> Glyph {
        self.read(cx).icon(cx)
    }
    fn reveal(&self, line: u32, column: u32, window: &mut Window, cx: &mut App) {
        self.update(cx, |item, cx| item.reveal(line, column, window, cx));
    }
    fn tell_problem(&self, window: &mut Window, cx: &mut App) {
        self.update(cx, |item, cx| item.tell_problem(window, cx));
    }
    fn caret(&self, cx: &App) -> Option<usize> {
        self.read(cx).caret(cx)
    }
    fn outline(&self, cx: &App) -> Option<ItemOutline> {
        self.read(cx).outline(cx)
    }
    fn reveal_offset(&self, offset: usize, window: &mut Window, cx: &mut App) {
        self.update(cx, |item, cx| item.reveal_offset(offset, window, cx));
    }
    fn view_state(&self, cx: &App) -> Option<ViewState> {
        self.read(cx).view_state(cx)
    }
    fn restore_view(&self, state: &ViewState, window: &mut Window, cx: &mut App) {
        self.update(cx, |item, cx| item.restore_view(state, window, cx));
    }
    fn compare_with(
        &self,
        text: &Text,
        name: SharedString,
        window: &mut Window,
        cx: &mut App,
    ) -> bool {
        self.update(cx, |item, cx| item.compare_with(text, name, window, cx))
    }
    fn bottom_bar(&self, cx: &App) -> Pixels {
        self.read(cx).bottom_bar(cx)
    }
    fn split(&self, window: &mut Window, cx: &mut App) -> Option<Box<dyn ItemHandle>> {
        self.update(cx, |item, cx| item.split(window, cx))
    }
    fn subscribe(&self, window: &mut Window, cx: &mut App, callback: ItemCallback) -> Subscription {
        window.subscribe(self, cx, move |_, event: &ItemEvent, window, cx| {
            callback(*event, window, cx);
        })
    }
    fn view(&self) -> AnyView {
        self.clone().into()
    }
    fn focus_handle(&self, cx: &App) -> FocusHandle {
        Focusable::focus_handle(self, cx)
    }
    fn boxed_clone(&self) -> Box<dyn ItemHandle> {
        Box::new(self.clone())
    }
}
