//! A file that is being read: its tab is there at once, and tells how far the reading is. A large
//! one shows what it begins with meanwhile.

mod beginning;

use crate::byte_size::byte_size;
use beginning::Beginning;
use fs::LoadProgress;
use futures::future::Shared;
use gpui_kit::base::TestSupportExt as _;
use gpui_kit::prelude::*;
use gpui_kit::{
    AnyElement, App, AsyncWindowContext, Bounds, Context, Div, ElementInputHandler,
    EntityInputHandler, EventEmitter, FocusHandle, Focusable, FontWeight, KeyDownEvent, Keystroke,
    Pixels, Point, Role, SharedString, Stateful, Task, UTF16Selection, Window, canvas, div, px,
    size,
};
use std::cell::Cell;
use std::ops::Range;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;
use ui::tokens::{icon_size, scaled, space};
use ui::widgets::{Button, ProgressBar, column, row};
use ui::{
    ActiveKilnTheme as _, ComingText, Commands, Item, ItemEvent, ItemOpeners, ItemStatus,
    OpenTarget, Preview, Typography as _, icons,
};
use workspace::{EditError, ViewState};

/// Most files are there sooner; words that flash up for a moment would only disturb.
pub(crate) const QUIET: Duration = Duration::from_millis(150);
/// How often what is shown follows the reading.
const STEP: Duration = Duration::from_millis(100);

/// What is said of keys that wait.
const KEYS_WAIT: &str = "What you typed goes in then, and is not kept for a crash before.";
/// What is said of a file whose unsaved edits are not back yet.
const EDITS_COME: &str = "Your unsaved edits come with it.";
/// The command that saves.
const SAVE: &str = "workspace.save";

/// How many keys are kept for the view: more than is typed while a file is read.
const MAX_KEYS: usize = 4096;

/// The longest text of an input method that is kept as one, in bytes.
const MAX_TEXT: usize = 4096;

/// The keys that no text comes from, whatever is held with them.
const LOOKING_AROUND: [&str; 9] = [
    "left", "right", "up", "down", "home", "end", "pageup", "pagedown", "escape",
];

/// What a person did that waits for the view of the file.
pub(crate) enum Waiting {
    /// A key.
    Key(Keystroke),
    /// A command, by its id.
    Command(&'static str),
}

impl Waiting {
    /// Whether the text may be another once this is done: what would be lost without it.
    fn may_edit(&self) -> bool {
        match self {
            Self::Key(key) => !LOOKING_AROUND.contains(&key.key.as_str()),
            Self::Command(id) => *id != SAVE,
        }
    }
}

/// Brings the view of a file.
pub(crate) type Bring = Box<dyn FnOnce(&mut Window, &mut App)>;

/// What a tab shows until the view of its file is there. Closing it ends the reading.
pub(crate) struct OpeningItem {
    target: OpenTarget,
    /// The unsaved text that it is to show, of the file or of none.
    coming: Option<ComingText>,
    /// How the view of the file was left, which waits for it.
    left: Option<ViewState>,
    /// How far the reading is.
    progress: Option<Arc<LoadProgress>>,
    focus: FocusHandle,
    /// What was done meanwhile, in order: it is for the view.
    waiting: Vec<Waiting>,
    /// Brings the view of the file, which is there, if that can take what waits for it.
    held_back: Option<Bring>,
    /// What an input method is composing.
    composed: String,
    /// How high what is said below the beginning was when it was last drawn.
    strip: Rc<Cell<Pixels>>,
    /// Whether it takes so long that it is said.
    slow: bool,
    /// What a large file begins with.
    beginning: Option<Beginning>,
    _following: Task<()>,
    /// Puts the view in this one's place.
    opening: Task<()>,
    /// Brings the beginning.
    previewing: Task<()>,
}

impl OpeningItem {
    pub(crate) fn new(target: OpenTarget, cx: &mut Context<Self>) -> Self {
        let following = cx.spawn(async move |this, cx| {
            cx.background_executor().timer(QUIET).await;
            loop {
                let shown = this.update(cx, |this, cx| {
                    this.slow = true;
                    cx.notify();
                });
                if shown.is_err() {
                    return;
                }
                cx.background_executor().timer(STEP).await;
            }
        });
        Self {
            target,
            coming: None,
            left: None,
            progress: None,
            focus: cx.focus_handle(),
            waiting: Vec::new(),
            held_back: None,
            composed: String::new(),
            strip: Rc::default(),
            slow: false,
            beginning: None,
            _following: following,
            opening: Task::ready(()),
            previewing: Task::ready(()),
        }
    }

    /// A tab that waits for an unsaved text of an earlier program.
    pub(crate) fn of_text(text: ComingText, cx: &mut Context<Self>) -> Self {
        let path = text.path.clone().unwrap_or_default();
        Self {
            coming: Some(text),
            ..Self::new(OpenTarget::new(path), cx)
        }
    }

    /// The unsaved text that it waits for.
    pub(crate) fn coming(&self) -> Option<&ComingText> {
        self.coming.as_ref()
    }

    /// Takes what opens the file, which lives as long as the tab, and how far that is.
    pub(crate) fn hold(&mut self, opening: Task<()>, progress: Option<Arc<LoadProgress>>) {
        self.opening = opening;
        self.progress = progress;
    }

    /// Shows the beginning of the file once it comes, as the file was left.
    pub(crate) fn await_preview(
        &mut self,
        preview: Task<Option<Preview>>,
        left: Shared<Task<Option<ViewState>>>,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        self.previewing = cx.spawn_in(window, async move |this, cx: &mut AsyncWindowContext| {
            let Some(preview) = preview.await else {
                return;
            };
            let left = left.await;
            // The tab may be closed.
            this.update_in(cx, |this, window, cx| {
                this.show_preview(preview, left, window, cx);
            })
            .ok();
        });
    }

    fn show_preview(
        &mut self,
        preview: Preview,
        left: Option<ViewState>,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let focused = self.focus.is_focused(window);
        let this = cx.weak_entity();
        let subscription = preview.item.subscribe(
            window,
            cx,
            Box::new(move |event, window, cx| {
                // It lives no longer than this.
                this.update(cx, |this, cx| match event {
                    ItemEvent::StatusChanged | ItemEvent::Close | ItemEvent::Discard => {
                        cx.emit(event);
                    }
                    ItemEvent::Beyond { line, column } => this.go_beyond(line, column, cx),
                    ItemEvent::EditAwaited(command) => this.keep_edit(command, window, cx),
                    _ => {}
                })
                .ok();
            }),
        );
        let this = cx.weak_entity();
        let before_keys = cx.intercept_keystrokes(move |event, window, cx| {
            // One that is gone hears nothing.
            this.update(cx, |this, cx| {
                if let Some(beginning) = &mut this.beginning {
                    beginning.note_key(&event.keystroke, window, cx);
                }
            })
            .ok();
        });
        let after_keys = cx.observe_keystrokes(|this, event, window, cx| {
            let action = event.action.as_deref();
            let beginning = this.beginning.as_mut();
            let keys = beginning.and_then(|shown| shown.take_keys_beyond(action, window, cx));
            for key in keys.into_iter().flatten() {
                this.keep(Waiting::Key(key), window, cx);
            }
        });
        // What is typed goes on being kept here.
        if focused && self.waiting.is_empty() {
            preview.item.focus_handle(cx).focus(window, cx);
        }
        let mut beginning = Beginning {
            preview,
            beyond: None,
            pressed: Vec::new(),
            before: None,
            _subscriptions: [subscription, before_keys, after_keys],
        };
        if let Some(line) = self.target.line {
            beginning.reveal(line, self.target.column.unwrap_or(1), window, cx);
        } else if let Some(left) = self.left.clone().or(left) {
            beginning.restore(&left, window, cx);
        }
        self.beginning = Some(beginning);
        cx.emit(ItemEvent::StatusChanged);
        cx.notify();
    }

    /// Ends the reading, unless another tab waits for the same text.
    pub(crate) fn give_up(&mut self, is_awaited: bool) {
        if let Some(progress) = self.progress.as_ref().filter(|_| !is_awaited) {
            progress.cancel();
        }
        self.opening = Task::ready(());
        self.previewing = Task::ready(());
        self.held_back = None;
    }

    /// Whether something waits for the view of the file, to which keys go where it has the keyboard
    /// alone.
    pub(crate) fn has_waiting(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// Takes what brings the view of the file, which is there. It is tried with every frame that shows
    /// this, until the view can take what waits for it.
    pub(crate) fn hold_back(&mut self, bring: Bring) {
        self.held_back = Some(bring);
    }

    /// Whether the file is there, and its view waits until it can take what waits for it.
    pub(crate) fn is_held_back(&self) -> bool {
        self.held_back.is_some()
    }

    fn bring_held_back(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        if let Some(bring) = self.held_back.take() {
            window.defer(cx, bring);
        }
    }

    /// What has the keyboard while nothing of the file is shown.
    pub(crate) fn own_focus(&self) -> &FocusHandle {
        &self.focus
    }

    /// What was done while the view was not there, in order.
    pub(crate) fn take_waiting(&mut self) -> Vec<Waiting> {
        std::mem::take(&mut self.waiting)
    }

    /// Waits for a place that lies beyond the beginning, unless somebody looks around meanwhile.
    fn go_beyond(&mut self, line: u32, column: u32, cx: &App) {
        self.target.line = Some(line);
        self.target.column = Some(column);
        if let Some(beginning) = &mut self.beginning {
            beginning.beyond = beginning.preview.item.view_state(cx);
        }
    }

    /// Keeps what is for the view of the whole file, and all that follows it.
    fn keep(&mut self, waiting: Waiting, window: &mut Window, cx: &mut Context<Self>) {
        let was_dirty = self.is_dirty(cx);
        if self.waiting.len() < MAX_KEYS {
            self.waiting.push(waiting);
        }
        // The beginning would take keys for itself out of their order.
        self.focus.focus(window, cx);
        if self.is_dirty(cx) != was_dirty {
            cx.emit(ItemEvent::DirtyChanged);
        }
        cx.notify();
    }

    /// Keeps an edit that was asked for over the beginning: a command, or the key that was pressed.
    /// What is neither, such as a drop, is for the person to do again.
    fn keep_edit(
        &mut self,
        command: Option<&'static str>,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let keys = self.beginning.as_mut().map(|shown| {
            shown.before = None;
            std::mem::take(&mut shown.pressed)
        });
        let keys = keys.unwrap_or_default();
        if let Some(command) = command {
            self.keep(Waiting::Command(command), window, cx);
        } else if keys.is_empty() {
            let told = EditError::StillBeingRead.to_string();
            ui::notify(ui::Severity::Warning, told, window, cx);
        } else {
            for key in keys {
                self.keep(Waiting::Key(key), window, cx);
            }
        }
    }

    /// Keeps what the palette and the menus ask an editor for, once something waits for it.
    fn keep_commands(&self, item: Stateful<Div>, cx: &Context<Self>) -> Stateful<Div> {
        if self.waiting.is_empty() {
            return item;
        }
        let this = cx.weak_entity();
        let commands = Commands::all(cx).into_iter();
        let of_editor = commands.filter(|command| command.action.name().starts_with("editor::"));
        of_editor.fold(item, |item, command| {
            let this = this.clone();
            item.on_boxed_action(command.action.as_ref(), move |_, window, cx| {
                // It is drawn no longer than it is there.
                this.update(cx, |this, cx| {
                    this.keep(Waiting::Command(command.id), window, cx);
                })
                .ok();
            })
        })
    }

    /// Keeps a key for the view that nothing in the window wants; over the beginning of the file,
    /// text and whatever follows that.
    fn keep_key(&mut self, event: &KeyDownEvent, window: &mut Window, cx: &mut Context<Self>) {
        let key = &event.keystroke;
        let is_text = key.key_char.is_some() && !key.modifiers.control && !key.modifiers.platform;
        if self.beginning.is_some() && self.waiting.is_empty() && !is_text {
            return;
        }
        cx.stop_propagation();
        self.keep(Waiting::Key(key.clone()), window, cx);
    }

    /// Keeps text that an input method gave, as a key that is nothing but its text.
    fn keep_text(&mut self, text: &str, window: &mut Window, cx: &mut Context<Self>) {
        self.composed.clear();
        let mut left = text;
        while !left.is_empty() {
            let (piece, rest) = left.split_at(left.floor_char_boundary(MAX_TEXT));
            let key = Keystroke {
                key_char: Some(piece.to_owned()),
                ..Keystroke::default()
            };
            self.keep(Waiting::Key(key), window, cx);
            left = rest;
        }
    }

    /// Takes what an input method gives while this, or the beginning of the file, has the keyboard.
    fn takes_text(&self, cx: &Context<Self>) -> impl IntoElement + use<> {
        let this = cx.entity();
        let beginning = self.beginning.as_ref();
        let shown = beginning.map(|beginning| beginning.preview.item.focus_handle(cx));
        let focus = [Some(self.focus.clone()), shown];
        canvas(
            |_, _, _| {},
            move |bounds, (), window, cx| {
                for focus in focus.iter().flatten() {
                    let input = ElementInputHandler::new(bounds, this.clone());
                    window.handle_input(focus, input, cx);
                }
            },
        )
        .absolute()
        .size_full()
    }

    /// What was asked for, at the place that was asked for last.
    pub(crate) fn target(&self) -> &OpenTarget {
        &self.target
    }

    /// The place in the text that a person looks at, where the view of the whole is to show it:
    /// nothing where they still wait for one that lies beyond the beginning.
    pub(crate) fn looked_at(&self, cx: &App) -> Option<ViewState> {
        let beginning = self.beginning.as_ref()?;
        let now = beginning.preview.item.view_state(cx);
        now.filter(|now| !beginning.waits_for_rest(now))
    }

    /// How many bytes are read, of how many; nothing while that is not known, and for a file that
    /// is read in one piece.
    fn progress(&self) -> Option<(u64, u64)> {
        let progress = self.progress.as_ref()?;
        let (read, total) = (progress.read(), progress.total());
        // A file may grow meanwhile.
        (read > 0 && total > 0).then_some((read.min(total), total))
    }

    fn title(&self, cx: &App) -> SharedString {
        format!("Opening {}\u{2026}", self.tab_title(cx)).into()
    }

    /// How far the reading is in words, and as a bar where that is known.
    fn told(&self) -> (SharedString, Option<ProgressBar>) {
        let (words, bar) = match self.progress() {
            Some((read, total)) => {
                let words = format!("{} of {}", byte_size(read), byte_size(total));
                let words = SharedString::from(words);
                let bar = ProgressBar::new(words.clone(), read as f32 / total as f32);
                (words, Some(bar))
            }
            None if self.path_shown().is_none() => ("Reading the text\u{2026}".into(), None),
            None => ("Reading the file\u{2026}".into(), None),
        };
        let of_file = self.coming.as_ref().filter(|text| text.path.is_some());
        let more = [
            of_file.map(|_| EDITS_COME),
            (!self.waiting.is_empty()).then_some(KEYS_WAIT),
        ];
        let told = more.iter().flatten().fold(words.to_string(), |told, more| {
            let stop = if told.ends_with(['.', '\u{2026}']) {
                ""
            } else {
                "."
            };
            format!("{told}{stop} {more}")
        });
        (told.into(), bar)
    }

    /// The file; `None` where the text that it waits for has none.
    fn path_shown(&self) -> Option<&PathBuf> {
        let without = self.coming.as_ref().is_some_and(|text| text.path.is_none());
        (!without).then_some(&self.target.path)
    }

    fn cancel(cx: &Context<Self>) -> Button {
        Button::new("opening-cancel", "Cancel")
            .command("workbench.closeTab")
            .on_click(cx.listener(|_, _, _, cx| cx.emit(ItemEvent::Close)))
    }

    /// What is said where there is nothing else to see.
    fn render_alone(&self, cx: &Context<Self>) -> AnyElement {
        let theme = cx.kiln_theme();
        let (words, bar) = self.told();
        let title = self.title(cx);
        column()
            .id("opening")
            .test_support()
            .role(Role::Status)
            .aria_label(title.clone())
            .w(scaled(320.))
            .max_w_full()
            .items_center()
            .gap(space::M)
            .child(icons::sized_icon(
                self.icon(cx),
                icon_size::HERO,
                theme.text_faint,
            ))
            .child(
                div()
                    .max_w_full()
                    .truncate()
                    .text_body()
                    .font_weight(FontWeight::MEDIUM)
                    .text_color(theme.text)
                    .child(title),
            )
            .children(bar)
            .child(div().text_small().text_color(theme.text_muted).child(words))
            .child(div().pt(space::M).child(Self::cancel(cx)))
            .into_any_element()
    }

    /// What is said below the beginning of the file, whose rows stay where they are.
    fn render_below(&self, cx: &Context<Self>) -> AnyElement {
        let theme = cx.kiln_theme();
        let (words, bar) = self.told();
        let title = self.title(cx);
        row()
            .id("opening")
            .test_support()
            .role(Role::Status)
            .aria_label(title.clone())
            .flex_none()
            .flex_wrap()
            .gap(space::M)
            .relative()
            .px(space::L)
            .py(space::S)
            .border_t_1()
            .border_color(theme.border)
            .text_small()
            .text_color(theme.text)
            .child(div().min_w_0().truncate().child(title))
            .children(bar.map(|bar| div().flex_1().min_w(scaled(80.)).child(bar)))
            .child(div().flex_none().text_color(theme.text_muted).child(words))
            .child(Self::cancel(cx))
            .child(self.measured())
            .into_any_element()
    }

    /// Remembers how high the strip is that it is in.
    fn measured(&self) -> impl IntoElement + use<> {
        let strip = self.strip.clone();
        canvas(
            move |bounds, _, _| strip.set(bounds.size.height),
            |_, (), _, _| {},
        )
        .absolute()
        .top(px(0.))
        .left(px(0.))
        .size_full()
    }
}

impl EntityInputHandler for OpeningItem {
    fn text_for_range(
        &mut self,
        _: Range<usize>,
        _: &mut Option<Range<usize>>,
        _: &mut Window,
        _: &mut Context<Self>,
    ) -> Option<String> {
        None
    }

    fn selected_text_range(
        &mut self,
        _: bool,
        _: &mut Window,
        _: &mut Context<Self>,
    ) -> Option<UTF16Selection> {
        let end = self.composed.encode_utf16().count();
        Some(UTF16Selection {
            range: end..end,
            reversed: false,
        })
    }

    fn marked_text_range(&self, _: &mut Window, _: &mut Context<Self>) -> Option<Range<usize>> {
        let end = self.composed.encode_utf16().count();
        (end > 0).then_some(0..end)
    }

    fn unmark_text(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let composed = std::mem::take(&mut self.composed);
        self.keep_text(&composed, window, cx);
    }

    fn replace_text_in_range(
        &mut self,
        _: Option<Range<usize>>,
        text: &str,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        self.keep_text(text, window, cx);
    }

    fn replace_and_mark_text_in_range(
        &mut self,
        _: Option<Range<usize>>,
        composed: &str,
        _: Option<Range<usize>>,
        _: &mut Window,
        _: &mut Context<Self>,
    ) {
        let end = composed.floor_char_boundary(MAX_TEXT);
        composed[..end].clone_into(&mut self.composed);
    }

    fn bounds_for_range(
        &mut self,
        _: Range<usize>,
        bounds: Bounds<Pixels>,
        _: &mut Window,
        _: &mut Context<Self>,
    ) -> Option<Bounds<Pixels>> {
        Some(Bounds::new(bounds.center(), size(px(0.), px(0.))))
    }

    fn character_index_for_point(
        &mut self,
        _: Point<Pixels>,
        _: &mut Window,
        _: &mut Context<Self>,
    ) -> Option<usize> {
        None
    }
}

impl EventEmitter<ItemEvent> for OpeningItem {}

impl Focusable for OpeningItem {
    fn focus_handle(&self, cx: &App) -> FocusHandle {
        match &self.beginning {
            Some(beginning) if self.waiting.is_empty() => beginning.preview.item.focus_handle(cx),
            _ => self.focus.clone(),
        }
    }
}

impl Render for OpeningItem {
    fn render(&mut self, window: &mut Window, cx: &mut Context<Self>) -> impl IntoElement {
        self.bring_held_back(window, cx);
        let background = cx.kiln_theme().editor_background;
        let item = column()
            .id("opening-item")
            .relative()
            .track_focus(&self.focus)
            .on_key_down(cx.listener(Self::keep_key))
            .capture_any_mouse_down(cx.listener(|this, _, _, _| {
                if let Some(beginning) = &mut this.beginning {
                    beginning.forget_keys();
                }
            }))
            .size_full()
            .items_stretch()
            .bg(background);
        let item = self.keep_commands(item, cx);
        match &self.beginning {
            Some(beginning) => item
                .child(
                    div()
                        .flex_1()
                        .min_h_0()
                        .child(beginning.preview.item.view()),
                )
                .children(self.slow.then(|| self.render_below(cx)))
                .child(self.takes_text(cx)),
            None => item
                .items_center()
                .justify_center()
                .p(space::XXL)
                .children(self.slow.then(|| self.render_alone(cx)))
                .child(self.takes_text(cx)),
        }
    }
}

impl Item for OpeningItem {
    fn tab_title(&self, cx: &App) -> SharedString {
        match (self.path_shown(), &self.coming) {
            (None, Some(text)) => text.title().into(),
            _ => ItemOpeners::tab_title(&self.target.path, cx),
        }
    }

    fn path(&self, _: &App) -> Option<PathBuf> {
        self.path_shown().cloned()
    }

    fn bottom_bar(&self, _: &App) -> Pixels {
        match (&self.beginning, self.slow) {
            (Some(_), true) => self.strip.get(),
            _ => px(0.),
        }
    }

    fn view_state(&self, _: &App) -> Option<ViewState> {
        self.left.clone()
    }

    fn restore_view(&mut self, state: &ViewState, _: &mut Window, _: &mut Context<Self>) {
        self.left = Some(state.clone());
    }

    fn is_dirty(&self, _: &App) -> bool {
        self.waiting.iter().any(Waiting::may_edit)
    }

    fn save(&mut self, window: &mut Window, cx: &mut Context<Self>) -> Task<anyhow::Result<()>> {
        if self.waiting.is_empty() {
            let name = self.tab_title(cx);
            let told = format!("{name} is still being read: there is nothing to save yet.");
            ui::notify(ui::Severity::Info, told, window, cx);
        } else {
            // What was typed is saved once it is in.
            let in_front = self.focus.is_focused(window) || self.focus.contains_focused(window, cx);
            if in_front {
                self.keep(Waiting::Command(SAVE), window, cx);
            } else {
                // Saved along with others, it leaves the keyboard where that is.
                if self.waiting.len() < MAX_KEYS {
                    self.waiting.push(Waiting::Command(SAVE));
                }
                let name = self.tab_title(cx);
                let told = format!(
                    "{name} is not saved yet: what you typed goes in, and is saved, once its file \
                     is read and you go to its tab."
                );
                ui::notify(ui::Severity::Info, told, window, cx);
            }
        }
        Task::ready(Ok(()))
    }

    fn status(&self, cx: &App) -> ItemStatus {
        let beginning = self.beginning.as_ref();
        let status = beginning.map(|beginning| beginning.preview.item.status(cx));
        // What the file is made of is known when it is there.
        status.map_or_else(ItemStatus::default, |status| ItemStatus {
            position: status.position,
            mode: status.mode,
            mode_tells_error: status.mode_tells_error,
            note: Some("Still being read".into()),
            ..ItemStatus::default()
        })
    }

    fn reveal(&mut self, line: u32, column: u32, window: &mut Window, cx: &mut Context<Self>) {
        self.target.line = Some(line);
        self.target.column = Some(column);
        if let Some(beginning) = &mut self.beginning {
            beginning.reveal(line, column, window, cx);
        }
    }
}
